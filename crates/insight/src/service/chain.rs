//! The chain of one matter.

use crate::store::{self, unfold};
use crate::{Chain, NodeKind};
use kernel::{Error, MatterId, Result, Tx};
use orders::permissions::VIEW;

/// Everything that one request set off, and what led to what. Who sees one call or order of a
/// matter sees its whole chain.
pub async fn chain(tx: &mut Tx, matter_id: MatterId) -> Result<Chain> {
    let scope = tx.scope(VIEW)?;
    let roots = store::roots(tx, matter_id, &scope).await?;
    if !roots.seen {
        return Err(Error::NotFound("matter"));
    }
    use NodeKind::{Call, Evidence, Message, Order, Recording, Revisit, Temperature, Visit};
    let mut edges = Vec::new();
    let e = &mut edges;
    let (calls, orders) = (&roots.calls, &roots.orders);
    Ok(Chain {
        matter_id,
        calls: unfold(store::chain_calls(tx, calls).await?, Call, Call, e),
        recordings: unfold(store::chain_recordings(tx, calls).await?, Call, Recording, e),
        orders: unfold(store::chain_orders(tx, orders).await?, Call, Order, e),
        visits: unfold(store::chain_visits(tx, orders).await?, Order, Visit, e),
        evidence: unfold(store::chain_evidence(tx, orders).await?, Visit, Evidence, e),
        temperatures: unfold(store::chain_temperatures(tx, orders).await?, Visit, Temperature, e),
        revisits: unfold(store::chain_revisits(tx, orders).await?, Order, Revisit, e),
        messages: unfold(store::chain_messages(tx, matter_id).await?, Order, Message, e),
        edges,
    })
}
