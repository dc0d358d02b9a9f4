//! The screen that pops while it rings.

use directory::{Account, Candidate, Match, UtilityAccount};
use ledger::Balance;
use notices::{Notice, StationTrend};
use orders::Order;
use serde::Serialize;
use telephony::CallView;
use utoipa::ToSchema;

/// Who may be calling, from where, in what state, and what happened before.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pop {
    /// The call; none when the screen was opened for a household.
    #[schema(required)]
    pub call: Option<CallView>,
    /// How many households the number means.
    #[serde(rename = "match")]
    pub matched: Match,
    /// Which.
    pub candidates: Vec<Candidate>,
    /// The household that the call was identified with, or the only one that the number means.
    #[schema(required)]
    pub account: Option<Account>,
    /// What it owes; nothing for who may not see it.
    #[schema(required)]
    pub balance: Option<Balance>,
    /// Accounts of all utilities at the same address code: one call, an order for each company.
    pub utilities: Vec<UtilityAccount>,
    /// The last readings of its meters, newest first.
    pub readings: Vec<billing::MeterReading>,
    /// Earlier calls of the household and of the number, newest first, at most ten.
    pub past_calls: Vec<CallView>,
    /// Its newest orders that are settled, at most ten.
    pub past_orders: Vec<Order>,
    /// Its open orders, the most pressing first.
    pub open_orders: Vec<Order>,
    /// Open orders of other households in the same unit.
    pub same_unit: Vec<Order>,
    /// Open orders of other households on the same riser.
    pub same_riser: Vec<Order>,
    /// How its exchange station runs.
    #[schema(required)]
    pub station: Option<StationTrend>,
    /// Works, incidents and outages that concern it.
    pub notices: Vec<Notice>,
}
