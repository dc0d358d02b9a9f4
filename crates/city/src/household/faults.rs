//! Bad data that is planted, so that the search for it can be measured.

use crate::random::Rng;

/// Chance of its own, so that a fault more or less leaves the city as it is.
pub(super) struct Faults(Rng);

impl Faults {
    pub(super) fn new(seed: u64) -> Self {
        Self(Rng::new(seed, "faults"))
    }

    /// True so many times in a thousand.
    pub(super) fn strikes(&mut self, per_mille: i64) -> bool {
        self.0.chance(per_mille)
    }

    /// Where an account is filed: seldom under another station than it belongs to.
    pub(super) fn station(&mut self, right: usize, many: usize) -> usize {
        let strays = many > 1 && self.0.chance(2);
        if strays { (right + 1 + self.0.index(many - 1)) % many } else { right }
    }
}
