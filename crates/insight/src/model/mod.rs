//! What is shown.

mod chain;
mod customer;
mod fees;
mod list;
mod map;
mod pop;
mod today;

pub use chain::*;
pub use customer::*;
pub use fees::*;
pub use list::*;
pub use map::*;
pub use pop::*;
pub use today::*;

/// `part` of `whole` between 0 and 1; nothing of nothing is not a rate.
pub(crate) fn rate(part: i64, whole: i64) -> Option<f64> {
    // Counts of one day: far below 2^52, where a float is exact.
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn nothing_of_nothing_is_not_a_rate() {
        assert_eq!(rate(0, 0), None);
        assert_eq!(rate(0, 4), Some(0.0));
        assert_eq!(rate(3, 4), Some(0.75));
    }
}
