//! How accounts stand, and what a payment writes into the ledger.

use super::rules;
use crate::event::{What, tell};
use crate::{Accrued, Order, PaymentRule, Standing, store};
use billing::{ActiveHold, HoldKind, HoldReason};
use chrono::NaiveDate;
use kernel::{AccountId, Fen, PostingId, Result, Scope, Tx, clock::local_date};
use ledger::{Ledger, Line, Posting};
use std::collections::BTreeMap;
use std::sync::Arc;
use tariff::Pack;

/// The rules and the standing of some accounts, read once.
pub(crate) struct Book {
    pub pack: Arc<Pack>,
    pub current: i32,
    pub on: NaiveDate,
    pub standings: BTreeMap<AccountId, Standing>,
    pub holds: Vec<ActiveHold>,
}

impl Book {
    pub fn order(&self) -> Order<'_> {
        Order { pack: &self.pack, current: self.current }
    }

    /// Whether no money may be taken, and what the customer is told.
    pub fn blocked(&self, account: AccountId) -> Option<&ActiveHold> {
        self.holds.iter().find(|h| h.account_id == account && h.kind == HoldKind::BlockAll)
    }

    /// Whether a cheque of theirs bounced and nobody has released it.
    pub fn bounced(&self, account: AccountId) -> Option<&ActiveHold> {
        let bounced = |h: &&ActiveHold| h.reason_class == HoldReason::BouncedCheque;
        self.holds.iter().filter(|h| h.account_id == account).find(bounced)
    }
}

/// Reads how these accounts stand; four questions, however many accounts.
pub(crate) async fn read(tx: &mut Tx, org_path: &str, accounts: &[AccountId]) -> Result<Book> {
    let on = local_date(tx.now());
    let (_, pack) = billing::pack_on(tx, on, org_path).await?;
    let current = store::current_season(tx).await?;
    let holds = billing::holds(tx, accounts, on).await?;
    let mut standings: BTreeMap<AccountId, Standing> =
        accounts.iter().map(|id| (*id, blank(*id))).collect();
    for item in ledger::open_items(tx, accounts).await? {
        if let Some(s) = standings.get_mut(&item.account_id) {
            s.items.push(item);
        }
    }
    for late in rules::late_fees(tx, accounts, on).await? {
        if let Some(s) = standings.get_mut(&late.account_id) {
            // Its figure stands where the debt that grew stands.
            let grew = s.items.iter().find(|i| i.season_id == late.season_id);
            let segment_id = grew.and_then(|i| i.segment_id);
            s.accrued.push(Accrued { segment_id, ..late });
        }
    }
    for (account, credit) in ledger::advances(tx, accounts).await? {
        if let Some(s) = standings.get_mut(&account) {
            s.credit = credit;
        }
    }
    for hold in holds.iter().filter(|h| h.kind == HoldKind::BlockCurrent) {
        if let Some(s) = standings.get_mut(&hold.account_id) {
            s.arrears_only = true;
        }
    }
    Ok(Book { pack, current, on, standings, holds })
}

fn blank(account_id: AccountId) -> Standing {
    Standing {
        account_id,
        items: Vec::new(),
        accrued: Vec::new(),
        credit: Fen::ZERO,
        arrears_only: false,
    }
}

/// Money as the ledger sees it.
pub(crate) struct Money<'a> {
    /// What caused it; the pair posts once.
    pub source: (&'a str, String),
    pub memo: String,
    pub channel: &'a str,
    /// What came in, where, and what rounding gave.
    pub came: &'a [(Ledger, Fen)],
    pub rounding: Fen,
}

/// Writes late fees that are paid, and the money with what it pays. Two postings: a charge is a
/// charge and a payment a payment, to whoever reads the book.
pub(crate) async fn post(
    tx: &mut Tx,
    book: &Book,
    shares: &BTreeMap<AccountId, Fen>,
    money: Money<'_>,
) -> Result<(PostingId, Option<PostingId>)> {
    let (mut lines, mut late) = (Vec::new(), Vec::new());
    for (account, amount) in shares {
        let standing = book.standings.get(account).ok_or(PaymentRule::NothingToPay)?;
        let spread = standing.pay(book.order(), *amount)?;
        lines.extend(spread.lines);
        late.extend(spread.late);
    }
    let Money { source: (source, source_id), memo, channel, came, rounding } = money;
    let late = if late.is_empty() {
        None
    } else {
        let posting = Posting {
            source: format!("{source}_late_fee"),
            source_id: source_id.clone(),
            corrects_id: None,
            memo: "滞纳金".to_owned(),
            channel: None,
            valid_on: book.on,
            lines: merged(late),
        };
        Some(ledger::post(tx, posting).await?)
    };
    for (ledger, amount) in came.iter().chain([&(Ledger::Rounding, rounding)]) {
        if *amount != Fen::ZERO {
            lines.push(Line::house(*ledger, "payment", *amount));
        }
    }
    let posting = Posting {
        source: source.to_owned(),
        source_id,
        corrects_id: None,
        memo,
        channel: Some(channel.to_owned()),
        valid_on: book.on,
        lines,
    };
    Ok((ledger::post(tx, posting).await?, late))
}

/// The house's lines of one season, item and segment as one: 400 flats need no 400 lines of
/// revenue.
fn merged(lines: Vec<Line>) -> Vec<Line> {
    let mut sums: BTreeMap<_, usize> = BTreeMap::new();
    let mut merged: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let key =
            (line.ledger, line.account_id, line.season_id, line.segment_id, line.item.clone());
        match sums.get(&key).and_then(|n| merged.get_mut(*n)) {
            Some(before) => {
                before.amount = Fen::new(before.amount.get().saturating_add(line.amount.get()));
            }
            None => {
                sums.insert(key, merged.len());
                merged.push(line);
            }
        }
    }
    merged
}

/// Lets what these accounts have paid ahead pay what is open: after charges were booked. Run
/// twice, it does nothing the second time.
pub async fn apply_credit(tx: &mut Tx, cause: &str, accounts: &[AccountId]) -> Result<usize> {
    tx.require(ledger::permissions::POST)?;
    store::lock_accounts(tx, accounts).await?;
    let with_credit: Vec<_> =
        ledger::advances(tx, accounts).await?.into_iter().map(|(account, _)| account).collect();
    let mut applied = Vec::new();
    for row in store::accounts(tx, &Scope::all(), &with_credit).await? {
        let book = read(tx, &row.org_path, &[row.id]).await?;
        let Some(standing) = book.standings.get(&row.id) else { continue };
        if standing.pay(book.order(), Fen::ZERO)?.lines.is_empty() {
            continue;
        }
        let shares = BTreeMap::from([(row.id, Fen::ZERO)]);
        let money = Money {
            source: ("credit", format!("{cause}:{}", row.id)),
            memo: "预存抵扣".to_owned(),
            channel: "credit",
            came: &[],
            rounding: Fen::ZERO,
        };
        post(tx, &book, &shares, money).await?;
        applied.push(row.id);
    }
    let many = applied.len();
    if let Some(first) = applied.first() {
        let subject = ("account", **first);
        tell(tx, subject, "/", &What::CreditApplied { accounts: applied })?;
    }
    Ok(many)
}
