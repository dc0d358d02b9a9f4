//! How a fraction of a fen becomes fen.

use kernel::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoundMode {
    /// To the nearest, the middle away from zero (四舍五入).
    HalfUp,
    /// To the nearest, the middle to the even one.
    HalfEven,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
}

/// To whole what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoundTo {
    /// 0.01 yuan.
    Fen,
    /// 0.1 yuan.
    Jiao,
    /// One yuan.
    Yuan,
}

impl RoundTo {
    const fn fen(self) -> i128 {
        match self {
            Self::Fen => 1,
            Self::Jiao => 10,
            Self::Yuan => 100,
        }
    }
}

/// A rounding rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// Which way.
    pub mode: RoundMode,
    /// To whole what.
    pub to: RoundTo,
}

impl Rounding {
    /// To the nearest fen.
    pub const FEN: Self = Self { mode: RoundMode::HalfUp, to: RoundTo::Fen };

    /// `num / den` fen, rounded; nothing when it is more money than there is.
    pub(crate) fn apply(self, num: i128, den: i128) -> Option<Fen> {
        let unit = self.to.fen();
        let den = den.checked_mul(unit).filter(|d| *d > 0)?;
        let (whole, rest) = (num / den, (num % den).unsigned_abs());
        let (double, den) = (rest.checked_mul(2)?, den.unsigned_abs());
        let away = match self.mode {
            RoundMode::HalfUp => double >= den,
            RoundMode::HalfEven => double > den || (double == den && whole % 2 != 0),
            RoundMode::Up => rest > 0,
            RoundMode::Down => false,
        };
        let whole = if away { whole.checked_add(num.signum())? } else { whole };
        i64::try_from(whole.checked_mul(unit)?).ok().map(Fen::new)
    }

    /// An amount rounded, such as what is paid in cash.
    pub fn amount(self, amount: Fen) -> Fen {
        self.apply(i128::from(amount.get()), 1).unwrap_or(amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mode_rounds_its_own_way() {
        let to = |mode, num| Rounding { mode, to: RoundTo::Jiao }.amount(Fen::new(num)).get();
        for (mode, rounded) in [
            (RoundMode::HalfUp, [10, 20, 20, -10, 20]),
            (RoundMode::HalfEven, [10, 20, 20, -10, 20]),
            (RoundMode::Up, [10, 20, 20, -10, 20]),
            (RoundMode::Down, [10, 10, 10, -10, 10]),
        ] {
            assert_eq!([10, 15, 19, -10, 16].map(|n| to(mode, n)), rounded, "{mode:?}");
        }
        assert_eq!([5, 25, -5, -25].map(|n| to(RoundMode::HalfEven, n)), [0, 20, 0, -20]);
        assert_eq!([5, 25, -5, -25].map(|n| to(RoundMode::HalfUp, n)), [10, 30, -10, -30]);
        assert_eq!([1, -1].map(|n| to(RoundMode::Up, n)), [10, -10]);
    }
}
