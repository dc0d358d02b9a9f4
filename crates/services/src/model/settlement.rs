//! What a repairer is paid for a period: what he earned, less what he had been paid for work that
//! was taken back since.

use kernel::Fen;
use ledger::{Ledger, Line};

/// On which side a sheet stands in a statement.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    sqlx::Type,
    serde::Serialize,
    strum::IntoStaticStr,
    strum::VariantArray,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Earning {
    /// He did it.
    Earned,
    /// It was settled before and taken back since.
    Deducted,
}

/// What a statement comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// What he earned.
    pub earned: Fen,
    /// What he gives back.
    pub deducted: Fen,
    /// What we owe him; he owes us when it is negative.
    pub net: Fen,
}

/// Sums the lines; nothing when it is more money than there is.
pub fn settle(lines: &[(Earning, Fen)]) -> Option<Settled> {
    let of = |side| ledger::sum(lines.iter().filter(|(s, _)| *s == side).map(|(_, f)| *f));
    let (earned, deducted) = (of(Earning::Earned)?, of(Earning::Deducted)?);
    let net = earned.checked_add(deducted.checked_neg()?)?;
    Some(Settled { earned, deducted, net })
}

impl Settled {
    /// The lines in the book: what it costs, and to whom it is owed. Nothing when it comes to
    /// nothing.
    pub fn lines(&self) -> Option<Vec<Line>> {
        let owed = self.net.checked_neg()?;
        let lines = vec![
            Line::house(Ledger::Expense, "repair", self.net),
            Line::house(Ledger::Payable, "repair", owed),
        ];
        Some(if self.net == Fen::ZERO { Vec::new() } else { lines })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// accepts BI-21: whatever was earned and given back, the book balances to the fen
        #[test]
        fn what_is_owed_is_what_was_earned_less_what_goes_back(
            earned in prop::collection::vec(0_i64..1_000_000, 0..20),
            back in prop::collection::vec(0_i64..1_000_000, 0..20),
        ) {
            let lines: Vec<_> = earned.iter().map(|f| (Earning::Earned, Fen::new(*f)))
                .chain(back.iter().map(|f| (Earning::Deducted, Fen::new(*f)))).collect();
            let done = settle(&lines).unwrap();
            let net = earned.iter().sum::<i64>() - back.iter().sum::<i64>();
            prop_assert_eq!(done.net, Fen::new(net));
            let booked = done.lines().unwrap();
            prop_assert_eq!(booked.is_empty(), net == 0);
            let total = ledger::sum(booked.iter().map(|l| l.amount)).unwrap();
            prop_assert_eq!(total, Fen::ZERO);
            let payable = booked.iter().find(|l| l.ledger == Ledger::Payable);
            prop_assert_eq!(payable.map_or(0, |l| -l.amount.get()), net);
        }
    }
}
