//! The pop: one request, a dozen short queries by index on one connection.

use crate::permissions::POP;
use crate::{Pop, store};
use directory::{Match, PhoneMatch};
use kernel::{AccountId, CallId, Error, Result, Tx};
use telephony::{CallView, Filter};

/// Readings of the household's meters that are shown.
const READINGS: i64 = 6;
/// Earlier calls and orders that are shown.
const PAST: i64 = 10;

/// Everything about who may be calling.
pub async fn pop(tx: &mut Tx, id: CallId) -> Result<Pop> {
    tx.require(POP)?;
    let call = telephony::call(tx, id).await?;
    let line = store::on_the_line(tx, id).await?;
    let who = directory::by_phone(tx, &line.number).await?;
    let only = match &who.accounts[..] {
        [only] => Some(only.hit.account_id),
        _ => None,
    };
    let mut pop = match line.account_id.or(only) {
        Some(account) => household(tx, account, who).await?,
        None => empty(who),
    };
    pop.past_calls = past_calls(tx, pop.account.as_ref().map(|a| a.id), &line.number).await?;
    pop.past_calls.retain(|past| past.id != call.id);
    pop.call = Some(call);
    Ok(pop)
}

/// The same screen, opened for a household without a call.
pub async fn pop_of_household(tx: &mut Tx, account: AccountId) -> Result<Pop> {
    tx.require(POP)?;
    let who = PhoneMatch { matched: Match::One, accounts: Vec::new() };
    let mut pop = household(tx, account, who).await?;
    if pop.account.is_none() {
        return Err(Error::NotFound("household"));
    }
    pop.past_calls = past_calls(tx, Some(account), "").await?;
    Ok(pop)
}

async fn household(tx: &mut Tx, id: AccountId, who: PhoneMatch) -> Result<Pop> {
    let Some(account) = shown(directory::account(tx, id).await)? else { return Ok(empty(who)) };
    let station = match account.station_node_id {
        Some(node) => shown(notices::station(tx, node).await)?.flatten(),
        None => None,
    };
    let newest = shown(orders::of_household(tx, id, PAST).await)?.unwrap_or_default();
    let past_orders = newest.into_iter().filter(|o| o.closed_at.is_some()).collect();
    Ok(Pop {
        past_orders,
        open_orders: shown(orders::open_of_household(tx, id).await)?.unwrap_or_default(),
        same_unit: shown(orders::same_unit(tx, id).await)?.unwrap_or_default(),
        same_riser: shown(orders::same_riser(tx, id).await)?.unwrap_or_default(),
        balance: shown(ledger::balance(tx, id).await)?,
        utilities: shown(directory::utilities_of(tx, id).await)?.unwrap_or_default(),
        readings: billing::readings_of(tx, id, READINGS).await?,
        notices: shown(notices::concerns(tx, id).await)?.unwrap_or_default(),
        station,
        account: Some(account),
        ..empty(who)
    })
}

/// Calls of the household and of the number, newest first, each once.
async fn past_calls(
    tx: &mut Tx,
    account: Option<AccountId>,
    number: &str,
) -> Result<Vec<CallView>> {
    let mut calls = Vec::new();
    // One more than is shown: the present call is among them.
    let limit = Some(PAST + 1);
    if account.is_some() {
        let filter = Filter { account, limit, ..Filter::default() };
        calls = shown(telephony::calls(tx, &filter).await)?.map(|p| p.items).unwrap_or_default();
    }
    if !number.is_empty() {
        let filter = Filter { number: Some(number.to_owned()), limit, ..Filter::default() };
        calls.extend(shown(telephony::calls(tx, &filter).await)?.into_iter().flat_map(|p| p.items));
    }
    calls.sort_by_key(|c| std::cmp::Reverse((c.arrived_at, c.id)));
    calls.dedup_by_key(|c| c.id);
    calls.truncate(usize::try_from(PAST).unwrap_or(usize::MAX) + 1);
    Ok(calls)
}

/// A part of the screen for which the reader lacks the key, or which lies out of his sight,
/// stays empty; the rest is shown.
pub(super) fn shown<T>(part: Result<T>) -> Result<Option<T>> {
    match part {
        Ok(part) => Ok(Some(part)),
        Err(Error::Forbidden(_) | Error::NotFound(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

fn empty(who: PhoneMatch) -> Pop {
    Pop {
        call: None,
        matched: who.matched,
        candidates: who.accounts,
        account: None,
        balance: None,
        utilities: Vec::new(),
        readings: Vec::new(),
        past_calls: Vec::new(),
        past_orders: Vec::new(),
        open_orders: Vec::new(),
        same_unit: Vec::new(),
        same_riser: Vec::new(),
        station: None,
        notices: Vec::new(),
    }
}
