//! What a line costs and earns: exact, rounded once, half a fen up.

use kernel::Fen;

/// The most that one offer may come to.
pub const MOST: Fen = Fen::new(10_000_000);

/// Of a quantity in hundredths.
const HUNDRED: i128 = 100;
/// Of a share in hundredths of a percent.
const BASIS: i128 = 10_000;

/// So much of something at that price.
pub fn price_of(unit: Fen, hundredths: i32) -> Option<Fen> {
    rounded(i128::from(unit.get()).checked_mul(i128::from(hundredths))?, HUNDRED)
}

/// What is paid for it: so much for each unit and a share of what it is worth.
pub fn pay_of(fixed: Fen, hundredths: i32, share_bp: i32, worth: Fen) -> Option<Fen> {
    let fixed = i128::from(fixed.get()) * i128::from(hundredths) * (BASIS / HUNDRED);
    let share = i128::from(worth.get()) * i128::from(share_bp);
    rounded(fixed.checked_add(share)?, BASIS)
}

fn rounded(num: i128, den: i128) -> Option<Fen> {
    let away = (num % den).abs() * 2 >= den;
    let whole = num / den + if away { num.signum() } else { 0 };
    i64::try_from(whole).ok().map(Fen::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_rounded_once_and_half_a_fen_goes_up() {
        for (unit, quantity, sum) in
            [(3_500, 150, 5_250), (333, 150, 500), (1, 50, 1), (1, 49, 0), (0, 100, 0)]
        {
            assert_eq!(price_of(Fen::new(unit), quantity), Some(Fen::new(sum)));
        }
        // 8 yuan each for one and a half, and 12.5 % of 99.99: 12.00 + 12.49875
        let pay = pay_of(Fen::new(800), 150, 1_250, Fen::new(9_999));
        assert_eq!(pay, Some(Fen::new(2_450)));
        assert_eq!(price_of(Fen::new(i64::MAX), 1_000_000), None);
    }

    proptest! {
        /// What is paid is never off by more than half a fen from the exact fraction.
        #[test]
        fn pay_is_within_half_a_fen_of_the_exact_sum(
            fixed in 0_i64..10_000_000, quantity in 1_i32..1_000_000,
            bp in 0_i32..=10_000, worth in 0_i64..10_000_000,
        ) {
            let pay = pay_of(Fen::new(fixed), quantity, bp, Fen::new(worth)).unwrap();
            let exact = i128::from(fixed) * i128::from(quantity) * 100
                + i128::from(worth) * i128::from(bp);
            let off = i128::from(pay.get()) * 10_000 - exact;
            prop_assert!((-4_999..=5_000).contains(&off), "{off}");
        }
    }
}
