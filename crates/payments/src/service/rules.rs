//! What the rooms below say about an account before money is taken: pack, holds, late fees.

use crate::Accrued;
use chrono::NaiveDate;
use kernel::{AccountId, Result, Tx};
use std::sync::{Arc, LazyLock};
use tariff::Pack;

/// A hold as the counter minds it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub account_id: AccountId,
    pub kind: HoldKind,
    pub words: String,
    pub until: Option<NaiveDate>,
}

/// How far a hold goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum HoldKind {
    /// No money at all.
    BlockAll,
    /// Arrears only.
    BlockCurrent,
    /// Only look.
    Warn,
}

static DEMONSTRATION: LazyLock<Arc<Pack>> =
    LazyLock::new(|| Arc::new(tariff::demonstration_pack()));

/// The pack in force for an organisation.
pub(crate) async fn pack(_tx: &mut Tx, _org_path: &str) -> Result<Arc<Pack>> {
    Ok(DEMONSTRATION.clone())
}

/// Holds on these accounts on that day.
pub(crate) async fn holds(
    _tx: &mut Tx,
    _accounts: &[AccountId],
    _today: NaiveDate,
) -> Result<Vec<Held>> {
    Ok(Vec::new())
}

/// Late fees of these accounts on that day, that are not in the book.
pub(crate) async fn late_fees(
    _tx: &mut Tx,
    _accounts: &[AccountId],
    _on: NaiveDate,
) -> Result<Vec<Accrued>> {
    Ok(Vec::new())
}
