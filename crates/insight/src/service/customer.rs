//! A customer across the utilities, and his repair file.

use super::pop::shown;
use crate::{CustomerProfile, RepairRecord, UtilityStanding, store};
use directory::Household;
use kernel::{AccountId, Error, Fen, Result, Tx};
use uuid::Uuid;

/// A customer as all companies under this roof know him: what he has with each, how he pays, what
/// he asked for.
pub async fn customer(tx: &mut Tx, id: AccountId) -> Result<CustomerProfile> {
    tx.require(directory::permissions::VIEW)?;
    let account = directory::account(tx, id).await?;
    let home = directory::household(tx, id).await?;
    let ids = accounts(&home, id);
    let orders = store::orders_of(tx, &ids).await?;
    let mut utilities = Vec::with_capacity(home.utilities.len());
    for account in home.utilities {
        let own = orders.iter().find(|o| o.account_id == account.account_id);
        utilities.push(UtilityStanding {
            open_orders: own.map_or(0, |o| o.open),
            orders: own.map_or(0, |o| o.year),
            last_order_at: own.and_then(|o| o.last_at),
            owed_fen: owed(tx, account.account_id).await?,
            account,
        });
    }
    let balance = shown(ledger::balance(tx, id).await)?;
    Ok(CustomerProfile {
        since: store::opened_on(tx, id).await?,
        tags: account.tags,
        customer_type: home.holder.customer_type,
        relation_level: home.holder.relation_level,
        blacklisted: home.blacklist.into_iter().find(|l| l.lifted_at.is_none()).map(|l| l.reason),
        utilities,
        seasons: balance.map(|b| b.by_season).unwrap_or_default(),
        year: store::year_of(tx, &ids).await?,
    })
}

/// Everything that was ever repaired at the address, whichever company did it.
pub async fn repairs(tx: &mut Tx, id: AccountId) -> Result<Vec<RepairRecord>> {
    let scope = tx.scope(orders::permissions::VIEW)?;
    if scope.paths.is_empty() {
        return Err(Error::NotFound("account"));
    }
    let home = directory::household(tx, id).await?;
    store::repairs(tx, &accounts(&home, id), &scope).await
}

/// The accounts at the address, the one that was asked for always among them.
fn accounts(home: &Household, id: AccountId) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = home.utilities.iter().map(|u| *u.account_id).collect();
    if !ids.contains(&id) {
        ids.push(*id);
    }
    ids
}

async fn owed(tx: &mut Tx, account: AccountId) -> Result<Option<Fen>> {
    Ok(shown(ledger::balance(tx, account).await)?.map(|b| b.arrears_fen))
}
