//! The rule pack by which the city is charged.

use kernel::{Result, Tx};
use uuid::Uuid;

/// Publishes the demonstration pack, and says under which id.
pub(crate) async fn publish(tx: &mut Tx, season: Uuid) -> Result<Uuid> {
    billing::publish_demonstration(tx).await?;
    let (version, _) = billing::pack_for(tx, season.into(), "/hq/").await?;
    Ok(*version)
}
