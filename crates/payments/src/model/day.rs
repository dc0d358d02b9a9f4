//! A day's books: three views of the same money.

use super::PayMethod;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One channel of a day, seen three ways, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayLine {
    /// How it came.
    pub method: PayMethod,
    /// Payments that were booked.
    pub payments: i64,
    /// By the payments: received less what was taken back.
    pub orders_fen: Fen,
    /// By the ledger's account of that channel.
    pub ledger_fen: Fen,
    /// By the drawers that were counted; only for cash.
    #[schema(required)]
    pub drawer_fen: Option<Fen>,
    /// What does not agree.
    pub difference_fen: Fen,
}

/// A day's books.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayBooks {
    /// The day.
    pub on: NaiveDate,
    /// The organisation.
    pub org_path: String,
    /// Each channel that moved.
    pub lines: Vec<DayLine>,
    /// What came in, in fen.
    pub received_fen: Fen,
    /// What went back, in fen.
    pub refunded_fen: Fen,
    /// What rounding cost, in fen.
    pub rounding_fen: Fen,
    /// Turns that are not handed over.
    pub open_shifts: i64,
    /// Money without an owner at the end of the day, in fen.
    pub suspense_fen: Fen,
    /// How long the oldest of it has waited, in days.
    pub suspense_days: i64,
    /// What does not agree, over all lines.
    pub difference_fen: Fen,
    /// When the day was closed.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// By whom.
    #[schema(required)]
    pub closed_by_name: Option<String>,
    /// Why it does not agree.
    pub explanation: String,
}

/// A line from its three views. A drawer that nobody has counted is no difference yet.
pub fn day_line(
    method: PayMethod,
    payments: i64,
    orders: Fen,
    ledger: Fen,
    drawer: Option<Fen>,
) -> DayLine {
    let by_ledger = orders.get().saturating_sub(ledger.get());
    let by_drawer = drawer.map_or(0, |d| d.get().saturating_sub(ledger.get()));
    let difference = if by_ledger == 0 { by_drawer } else { by_ledger };
    DayLine {
        method,
        payments,
        orders_fen: orders,
        ledger_fen: ledger,
        drawer_fen: drawer,
        difference_fen: Fen::new(difference),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// accepts PY-05: each of the three views can differ, and the difference is a number.
    #[test]
    fn a_difference_is_named_wherever_it_is() {
        let fen = Fen::new;
        let line = |o, l, d: Option<i64>| {
            day_line(PayMethod::Cash, 1, fen(o), fen(l), d.map(fen)).difference_fen.get()
        };
        assert_eq!(line(500, 500, None), 0);
        assert_eq!(line(500, 500, Some(500)), 0);
        assert_eq!(line(500, 500, Some(490)), -10);
        assert_eq!(line(500, 480, Some(480)), 20);
        assert_eq!(line(500, 480, Some(500)), 20);
    }
}
