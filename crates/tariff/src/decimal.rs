//! An exact decimal of six places: prices, rates, shares, areas, degrees.
//!
//! Not a library's: 64 bits hold every quantity that a fee depends on, a product of four of them
//! fits into 128 bits, and so a whole charge is one exact fraction that is rounded once, by a
//! rule that the pack names. A general decimal would round inside of each division.

use std::fmt;
use std::str::FromStr;

/// Millionths of one.
pub(crate) const ONE: i64 = 1_000_000;

/// An exact decimal with at most six places, below a million million.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[schema(value_type = String, example = "0.0005")]
pub struct Decimal(i64);

/// The largest number of millionths that is accepted.
const MOST: i64 = 1_000_000_000_000 * ONE;

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One, the whole.
    pub const ONE: Self = Self(ONE);

    /// So many millionths.
    pub const fn from_micro(micro: i64) -> Self {
        Self(micro)
    }

    /// `hundredths` of one, as areas are kept.
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths.saturating_mul(ONE / 100))
    }

    /// A whole number.
    pub const fn whole(number: i32) -> Self {
        // widening: a const fn cannot call From
        Self(number as i64 * ONE)
    }

    /// The number of millionths.
    pub const fn micro(self) -> i64 {
        self.0
    }

    /// The product, rounded half up to six places; nothing when it is out of range.
    pub fn times(self, other: Self) -> Option<Self> {
        let exact = i128::from(self.0) * i128::from(other.0);
        let one = i128::from(ONE);
        let micro = i64::try_from((exact + exact.signum() * one / 2) / one).ok()?;
        (micro.abs() <= MOST).then_some(Self(micro))
    }

    /// The difference, at the range's edge where it would leave it.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The sum, at the range's edge where it would leave it.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// As percent, for people: `0.3` is `30`.
    pub fn percent(self) -> Self {
        Self(self.0.saturating_mul(100))
    }

    /// As per mille, for people: `0.001` is `1`.
    pub fn per_mille(self) -> Self {
        Self(self.0.saturating_mul(1000))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let abs = self.0.unsigned_abs();
        let (whole, rest) = (abs / ONE.unsigned_abs(), abs % ONE.unsigned_abs());
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        let places = format!("{rest:06}");
        write!(f, "{sign}{whole}.{}", places.trim_end_matches('0'))
    }
}

/// A text that is no such decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal of at most six places")]
pub struct NotADecimal;

impl FromStr for Decimal {
    type Err = NotADecimal;

    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let places = if places.len() > 6 { places.trim_end_matches('0') } else { places };
        let dot_alone = digits.ends_with('.');
        if whole.is_empty() || whole.len() > 13 || places.len() > 6 || dot_alone {
            return Err(NotADecimal);
        }
        if !plain(whole) || !plain(places) {
            return Err(NotADecimal);
        }
        let whole: i64 = whole.parse().map_err(|_| NotADecimal)?;
        let rest: i64 = format!("{places:0<6}").parse().map_err(|_| NotADecimal)?;
        let micro = whole.checked_mul(ONE).and_then(|w| w.checked_add(rest)).ok_or(NotADecimal)?;
        if micro > MOST {
            return Err(NotADecimal);
        }
        Ok(Self(if negative { -micro } else { micro }))
    }
}

impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_decimal_is_read_back_as_it_was_written(micro in -MOST..=MOST) {
            let decimal = Decimal::from_micro(micro);
            prop_assert_eq!(decimal.to_string().parse(), Ok(decimal));
        }

        #[test]
        fn no_text_panics(text in ".{0,20}") {
            let _ = text.parse::<Decimal>();
        }
    }

    #[test]
    fn only_plain_decimals_are_read() {
        for bad in [
            "",
            "-",
            ".5",
            "5.",
            "1e3",
            "１",
            "1.0000001",
            "+1",
            "1,5",
            " 1",
            "--1",
            "10000000000001",
            "0x1",
            "NaN",
            "1.-5",
        ] {
            assert_eq!(bad.parse::<Decimal>(), Err(NotADecimal), "{bad}");
        }
        assert_eq!("89.50".parse(), Ok(Decimal::from_hundredths(8950)));
        assert_eq!("-0.0005".parse(), Ok(Decimal::from_micro(-500)));
        assert_eq!("1.2500000000".parse(), Ok(Decimal::from_micro(1_250_000)));
    }
}
