//! The rule pack by which the city is charged.

use crate::Plan;
use crate::company::Company;
use kernel::{Result, Tx};
use uuid::Uuid;

/// The id of the demonstration pack's published version.
const VERSION: Uuid = Uuid::from_u128(0x019a_aaaa_0000_7000_8000_0000_0000_0001);

/// Publishes the demonstration pack, and says under which id.
pub(crate) async fn publish(_tx: &mut Tx, _plan: &Plan, _company: &Company) -> Result<Uuid> {
    Ok(VERSION)
}
