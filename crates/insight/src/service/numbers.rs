//! The day's numbers, the backlog, the map and the wall.

use crate::permissions::{MAP, NUMBERS, WALL};
use crate::{Backlog, LiveMap, Today, Wall, store};
use kernel::clock::{local_date, start_of_day};
use kernel::{OrgId, Result, Scope, Tx};

/// Communities that the map shows at most.
const MOST_COMMUNITIES: i64 = 2_000;
/// Communities that the wall shows at most.
const WALL_COMMUNITIES: i64 = 30;

/// The day so far, of one organisation or of all in sight.
pub async fn today(tx: &mut Tx, org: Option<OrgId>) -> Result<Today> {
    let scope = tx.scope(NUMBERS)?;
    let scope = store::within(tx, scope, org).await?;
    counted(tx, &scope).await
}

async fn counted(tx: &mut Tx, scope: &Scope) -> Result<Today> {
    let day = start_of_day(local_date(tx.now()));
    Ok(Today {
        at: tx.now(),
        calls: store::calls(tx, day, scope).await?,
        seats: store::seats(tx, scope).await?,
        orders: store::orders(tx, day, scope).await?,
        satisfaction: store::satisfaction(tx, day, scope).await?,
    })
}

/// What each responsible organisation has open, the latest first.
pub async fn backlog(tx: &mut Tx, org: Option<OrgId>) -> Result<Vec<Backlog>> {
    let scope = tx.scope(NUMBERS)?;
    let scope = store::within(tx, scope, org).await?;
    store::backlog(tx, &scope).await
}

/// Open orders, repairers and communities, each with a place.
pub async fn live_map(tx: &mut Tx, org: Option<OrgId>) -> Result<LiveMap> {
    let scope = tx.scope(MAP)?;
    let scope = store::within(tx, scope, org).await?;
    Ok(LiveMap {
        orders: store::map_orders(tx, &scope).await?,
        workers: store::map_workers(tx, &scope).await?,
        communities: store::map_communities(tx, &scope, MOST_COMMUNITIES).await?,
    })
}

/// What hangs on the wall for everybody to see: no customer is named.
pub async fn wall(tx: &mut Tx) -> Result<Wall> {
    let scope = tx.scope(WALL)?;
    Ok(Wall {
        today: counted(tx, &scope).await?,
        queues: store::queues(tx).await?,
        communities: store::map_communities(tx, &scope, WALL_COMMUNITIES).await?,
    })
}
