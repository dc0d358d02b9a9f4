//! Money. One yuan is 100 fen; there is no other representation.

use std::fmt;

/// An amount of money in fen (分).
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Fen(i64);

impl Fen {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// An amount of so many fen.
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// The number of fen.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, unless it overflows.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The same amount owed the other way, unless it overflows.
    pub fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }

    /// Splits into `parts` that differ by at most one fen and sum to the whole;
    /// nothing comes of no parts.
    pub fn split(self, parts: u32) -> impl Iterator<Item = Self> {
        let n = i64::from(parts.max(1));
        let (share, rest) = (self.0 / n, self.0 % n);
        let step = rest.signum();
        (0..i64::from(parts)).map(move |i| Self(share + if i < rest.abs() { step } else { 0 }))
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let abs = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", abs / 100, abs % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_split_loses_nothing(total in any::<i64>(), parts in 1_u32..50) {
            let shares: Vec<i64> = Fen::new(total).split(parts).map(Fen::get).collect();
            prop_assert_eq!(shares.iter().map(|s| i128::from(*s)).sum::<i128>(), i128::from(total));
            let (min, max) = (shares.iter().min().unwrap(), shares.iter().max().unwrap());
            prop_assert!(max - min <= 1);
        }
    }

    #[test]
    fn fen_print_as_yuan() {
        assert_eq!(Fen::new(-5).to_string(), "-0.05");
        assert_eq!(Fen::new(123_456).to_string(), "1234.56");
        assert_eq!(Fen::new(i64::MIN).to_string(), "-92233720368547758.08");
    }
}
