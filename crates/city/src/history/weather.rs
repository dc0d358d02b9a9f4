//! The weather of the past, invented but always the same: winters, cold spells, and how many call
//! because of it.

use chrono::{Datelike as _, NaiveDate};

/// The day's mean outside, in tenths of a degree.
pub(super) fn outdoor(day: NaiveDate) -> i64 {
    // From the middle of January it grows warmer for half a year, then colder again.
    let since = (i64::from(day.ordinal()) - 18).rem_euclid(365);
    let away = since.min(365 - since);
    let season = -95 + away * 330 / 182;
    let count = i64::from(day.num_days_from_ce());
    season + spell(count.div_euclid(6)) + noise(count, 25)
}

/// Some days in a row are colder or milder than the time of the year.
fn spell(n: i64) -> i64 {
    match noise(n, 50) {
        x if x < -34 => -85,
        x if x > 40 => 55,
        x => x / 2,
    }
}

/// A number from `-most` to `most` that belongs to `n`.
fn noise(n: i64, most: i64) -> i64 {
    let mut x = n.unsigned_abs().wrapping_add(0x9e37_79b9).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^= x >> 31;
    x = x.wrapping_mul(0x94d0_49bb_1331_11eb) >> 16;
    i64::try_from(x % u64::try_from(2 * most + 1).unwrap_or(1)).unwrap_or_default() - most
}

/// Calls of an ordinary day's hundred: many when pipes are filled and heat comes, and whenever it
/// is bitter.
pub(super) fn calls(day: NaiveDate) -> i64 {
    let cold = (-40 - outdoor(day)).max(0);
    match (day.month(), day.day()) {
        (10, 18..) | (11, ..15) => 3,
        (11, 15..26) => 10 + cold / 20,
        (11 | 12 | 1 | 2, _) | (3, ..16) => 2 + cold / 14,
        _ => i64::from(day.day() % 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(from: &str) -> impl Iterator<Item = NaiveDate> {
        from.parse::<NaiveDate>().unwrap().iter_days().take(365)
    }

    #[test]
    fn winters_are_cold_and_whoever_freezes_calls() {
        let mean = |month| {
            let days: Vec<i64> =
                year("2025-06-01").filter(|d| d.month() == month).map(outdoor).collect();
            days.iter().sum::<i64>() / i64::try_from(days.len()).unwrap()
        };
        assert!((-160..-50).contains(&mean(1)), "January: {}", mean(1));
        assert!((150..300).contains(&mean(7)), "July: {}", mean(7));
        let deep = year("2025-12-01").take(90);
        let (cold, mild): (Vec<_>, Vec<_>) = deep.partition(|d| outdoor(*d) < -110);
        assert!(cold.len() > 8 && mild.len() > 20, "{} and {}", cold.len(), mild.len());
        let per_day = |days: &[NaiveDate]| {
            days.iter().map(|d| calls(*d)).sum::<i64>() * 10 / i64::try_from(days.len()).unwrap()
        };
        assert!(per_day(&cold) > per_day(&mild) * 3 / 2);
        let first = calls("2025-11-18".parse().unwrap());
        assert!(first >= 10 && calls("2025-07-04".parse().unwrap()) <= 1);
    }
}
