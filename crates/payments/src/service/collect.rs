//! At the door: who owes in a building, who goes there, and what came of it. The money itself is
//! taken at a counter or by a channel, like any other.

use crate::event::{What, tell};
use crate::permissions::COLLECT;
use crate::store;
use crate::{CollectionDoor, CollectionList, NewCollection, PaymentRule, VisitResult};
use kernel::{AccountId, Fen, Result, Tx};
use uuid::Uuid;

/// Makes a list of who owes in a community, building or unit.
pub async fn make_collection(tx: &mut Tx, new: NewCollection) -> Result<Uuid> {
    let scope = tx.scope(COLLECT)?;
    if new.at_least_fen < Fen::ZERO {
        return Err(PaymentRule::NothingToPay.into());
    }
    let collector = match new.collector_id {
        Some(collector) => collector,
        None => tx.user()?,
    };
    let (id, no, doors) = store::insert_collection(tx, &scope, &new, collector).await?;
    if doors == 0 {
        return Err(PaymentRule::NobodyOwes.into());
    }
    let (path, _) = store::workplace(tx, collector).await?;
    tell(tx, ("collection", id), &path, &What::CollectionMade { no, doors })?;
    Ok(id)
}

/// Lists in sight.
pub async fn collections(tx: &mut Tx) -> Result<Vec<CollectionList>> {
    let scope = tx.scope(COLLECT)?;
    store::collections(tx, &scope, 100).await
}

/// The doors of one list, in the order of a walk.
pub async fn collection_doors(tx: &mut Tx, list: Uuid) -> Result<Vec<CollectionDoor>> {
    let scope = tx.scope(COLLECT)?;
    store::doors(tx, &scope, list).await
}

/// Writes what came of a visit.
pub async fn visit_door(
    tx: &mut Tx,
    list: Uuid,
    account: AccountId,
    result: VisitResult,
    note: &str,
) -> Result<()> {
    let scope = tx.scope(COLLECT)?;
    let note = super::short("note", note)?;
    let path = store::set_visited(tx, &scope, list, account, result, &note).await?;
    let what = What::DoorVisited { account_id: account, result: result.into() };
    tell(tx, ("collection", list), &path, &what)
}
