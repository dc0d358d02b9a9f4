//! Percentiles, and the lines that machines read.

use std::time::Duration;

/// Times of one kind of thing, sorted.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Sorts them.
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The smallest that at least so many of a hundred do not exceed, in milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).map_or(f64::NAN, |t| t.as_secs_f64() * 1000.0)
    }
}

/// One line a figure; `-` stands for no target.
pub fn figure(name: &str, value: f64, unit: &str, target: &str) {
    println!("FIGURE {name} {value:.3} {unit} {target}");
}

/// The middle of some values; of an even number, the mean of the two in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    match (values.len() % 2, values.get(half)) {
        (_, None) => f64::NAN,
        (1, Some(middle)) => *middle,
        (_, Some(upper)) => f64::midpoint(values[half - 1], *upper),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let times = Times::new((1..=200).rev().map(Duration::from_millis).collect());
        assert_eq!([50, 99, 100].map(|p| times.percentile(p)), [100.0, 198.0, 200.0]);
        assert!(Times::default().percentile(99).is_nan());
    }

    #[test]
    fn the_median_of_two_lies_between_them() {
        assert_eq!([median(vec![3.0, 1.0]), median(vec![9.0, 1.0, 2.0])], [2.0, 2.0]);
    }
}
