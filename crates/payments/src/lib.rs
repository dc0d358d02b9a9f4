//! Money in: payment orders and their tries, the counter, receipts, refunds, the end of the day.
//!
//! Money enters in one way only, [`settle`]: idempotent by the provider's number of it, once for
//! an order whatever arrives how often and in which order; what comes too often goes back by
//! itself. The counter ([`take`]) makes an order and settles it in one transaction. Which debts a
//! sum pays is the pack's business ([`Standing::pay`]), where it stands is the ledger's.

mod api;
mod event;
pub mod jobs;
mod model;
pub mod permissions;
mod print;
mod provider;
mod service;
mod store;

pub use api::router;
pub use model::*;
pub use provider::*;
pub use service::*;

#[cfg(test)]
mod tests;
