//! What heat costs: rule packs, and all arithmetic of fees, as pure functions.
//!
//! Places differ in nearly everything ([`Pack`]): when heat begins, which area counts, what a
//! stopped household still owes, when a debt grows. So a pack is data, every parameter with its
//! citation, sane within limits ([`Pack::check`]) and shown to be right by its own worked
//! examples ([`Pack::run_examples`]).
//!
//! Facts and a pack give a charge ([`season_charge`]); the lines that explain it are made again
//! from the same inputs when somebody asks ([`explain`]), by the same walk over the season, so
//! they cannot differ from it. Exact to the end: one fraction for each item, rounded once.

mod apportion;
mod calendar;
mod charge;
mod check;
mod decimal;
mod demonstration;
mod diff;
mod discount;
mod example;
mod explain;
mod facts;
mod gate;
mod late;
mod metered;
mod pack;
mod refund;
mod rounding;

#[cfg(test)]
mod tests;

pub use apportion::{Apportioned, OpenItem, OpenKind, Part, apportion};
pub use calendar::{Period, SeasonCalendar};
pub use charge::{Charge, ChargeItem, TariffRule, season_charge};
pub use check::{Finding, Severity};
pub use decimal::{Decimal, NotADecimal};

pub use demonstration::demonstration_pack;
pub use diff::{Difference, diff};
pub use discount::{Discount, early_discount};
pub use example::{Case, Example, ExampleResult, Outcome};
pub use explain::{ExplainLine, Explained, explain};
pub use facts::{Facts, Room, UsePeriod};
pub use gate::{
    Application, Circumstances, Reason, can_change, can_restore, can_stop, connection_fee,
    reconnect_fee,
};
pub use late::{LateDebt, LateFee, Owed, Pause, late_fee};
pub use metered::{MeteredSettlement, MeteredUse, settle_metered};
pub use pack::*;
pub use refund::{ColdDay, Refund, RefundBase, RefundClaim, refund};
pub use rounding::{RoundMode, RoundTo, Rounding};
