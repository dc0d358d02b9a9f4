//! Areas and heights: exact, in hundredths.

use serde::{Deserialize, Serialize};

/// A length in metres or an area in square metres, in whole hundredths; written `98.50`.
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
    sqlx::Type,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(into = "String", try_from = "String")]
#[sqlx(transparent)]
#[schema(value_type = String, example = "98.50")]
pub struct Measure(i64);

impl Measure {
    /// So many hundredths.
    pub const fn new(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// The number of hundredths.
    pub const fn hundredths(self) -> i64 {
        self.0
    }
}

impl std::fmt::Display for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (sign, n) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        write!(f, "{sign}{}.{:02}", n / 100, n % 100)
    }
}

impl From<Measure> for String {
    fn from(m: Measure) -> Self {
        m.to_string()
    }
}

impl TryFrom<String> for Measure {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, &'static str> {
        text.parse()
    }
}

impl std::str::FromStr for Measure {
    type Err = &'static str;

    /// Digits with at most two decimals: what cannot be kept exactly is not rounded silently.
    fn from_str(text: &str) -> Result<Self, &'static str> {
        const BAD: &str = "a number with at most two decimals";
        let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let sized = (1..=9).contains(&whole.len()) && part.len() <= 2;
        if !sized || !digits(whole) || !digits(part) || text.trim().ends_with('.') {
            return Err(BAD);
        }
        let number = |s: &str| s.parse::<i64>().map_err(|_| BAD);
        Ok(Self(number(whole)? * 100 + number(&format!("{part:0<2}"))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_is_read_exactly_or_not_at_all() {
        for (text, hundredths) in
            [("98.50", 9850), ("98.5", 9850), ("98", 9800), ("0.01", 1), (" 7 ", 700)]
        {
            assert_eq!(text.parse(), Ok(Measure::new(hundredths)), "{text}");
        }
        for text in ["", "-1", "1.", ".5", "1.234", "1e3", "９", "1,5", "99999999999"] {
            assert!(text.parse::<Measure>().is_err(), "{text}");
        }
        assert_eq!(Measure::new(9805).to_string(), "98.05");
    }
}
