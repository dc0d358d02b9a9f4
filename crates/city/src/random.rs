//! Chance and ids that come out the same for the same seed, on every machine.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// SplitMix64: small, fast, and good enough to draw a city.
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// A stream of its own for each part, so that a change in one leaves the others alone.
    pub(crate) fn new(seed: u64, part: &str) -> Self {
        let start = part.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(start)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number of `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low).saturating_add(1);
        let step = i64::try_from(self.next() % span.max(1)).unwrap_or_default();
        low + step
    }

    /// True so many times in a thousand.
    pub(crate) fn chance(&mut self, per_mille: i64) -> bool {
        self.between(1, 1000) <= per_mille
    }

    /// A fraction of -1 to 1.
    pub(crate) fn wobble(&mut self) -> f64 {
        let thousandths = i32::try_from(self.between(-1000, 1000)).unwrap_or_default();
        f64::from(thousandths) / 1000.0
    }

    /// A place in a list of that length.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        let high = i64::try_from(len).unwrap_or(1) - 1;
        usize::try_from(self.between(0, high.max(0))).unwrap_or_default()
    }

    /// One of these.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.index(of.len())]
    }

    /// One of these, by weight.
    pub(crate) fn weighted<T: Copy>(&mut self, of: &[(T, i64)]) -> T {
        let mut left = self.between(1, of.iter().map(|(_, w)| w).sum());
        for (value, weight) in of {
            left -= weight;
            if left <= 0 {
                return *value;
            }
        }
        of[of.len() - 1].0
    }
}

/// UUIDv7-shaped ids: an instant, a count, and noise of the seed.
#[derive(Debug)]
pub(crate) struct Ids {
    noise: Rng,
    base_ms: u64,
    count: u64,
}

const MOST_PER_MS: u64 = 4096;

impl Ids {
    pub(crate) fn new(seed: u64, part: &str, base: DateTime<Utc>) -> Self {
        let base_ms = u64::try_from(base.timestamp_millis()).unwrap_or_default();
        Self { noise: Rng::new(seed, part), base_ms, count: 0 }
    }

    /// The next id, after all those before it.
    pub(crate) fn next(&mut self) -> Uuid {
        self.made_at(self.base_ms + self.count / MOST_PER_MS)
    }

    /// An id as it would have been made at that instant.
    pub(crate) fn at(&mut self, at: DateTime<Utc>) -> Uuid {
        self.made_at(u64::try_from(at.timestamp_millis()).unwrap_or_default())
    }

    fn made_at(&mut self, ms: u64) -> Uuid {
        let place = self.count % MOST_PER_MS;
        self.count += 1;
        let high = (u128::from(ms) << 80) | (0x7 << 76) | (u128::from(place) << 64);
        let low = (self.noise.next() >> 2) | (0b10 << 62);
        Uuid::from_u128(high | u128::from(low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_7_ascend_and_repeat_with_the_seed() {
        let base = "2026-07-01T00:00:00Z".parse().unwrap();
        let (mut a, mut b) = (Ids::new(7, "x", base), Ids::new(7, "x", base));
        let made: Vec<Uuid> = (0..10_000).map(|_| a.next()).collect();
        assert!(made.iter().all(|id| id.get_version_num() == 7 && *id == b.next()));
        assert!(made.is_sorted());
    }
}
