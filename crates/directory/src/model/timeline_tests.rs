//! Versions in time, as properties.

use super::*;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

#[derive(Clone, Debug, PartialEq)]
struct F(u8);

impl Facts for F {
    fn fields(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("f", Some(self.0.to_string()))]
    }
}

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + Days::new(n)
}

/// An amendment: from, length (for good when 0), and what it becomes (nothing when 0).
type Step = (u64, u64, u8);

fn apply(versions: &[Version<F>], (from, len, value): Step) -> Vec<Version<F>> {
    let to = (len > 0).then(|| day(from + len));
    rewrite(versions, day(from), to, |_| (value > 0).then_some(F(value)))
}

proptest! {
    /// Whatever is amended in whatever order: versions never overlap, are sorted, neighbours
    /// differ, each day says what was said of it last, and no other day changes.
    #[test]
    fn versions_never_overlap_and_say_what_was_said_last(
        steps in prop::collection::vec((0_u64..60, 0_u64..30, 0_u8..4), 1..14)
    ) {
        let mut versions: Vec<Version<F>> = Vec::new();
        let mut said: Vec<Option<F>> = vec![None; 120];
        for step in steps {
            versions = apply(&versions, step);
            let (from, len, value) = step;
            let end = if len > 0 { from + len } else { 120 };
            for n in from..end {
                said[usize::try_from(n).unwrap()] = (value > 0).then_some(F(value));
            }
            for pair in versions.windows(2) {
                let to = pair[0].to;
                prop_assert!(to.is_some_and(|to| to <= pair[1].from), "overlap: {versions:?}");
                let touches = to == Some(pair[1].from);
                prop_assert!(!touches || pair[0].facts != pair[1].facts, "unmerged");
            }
            prop_assert!(versions.iter().all(|v| v.to.is_none_or(|to| v.from < to)));
            for (n, expected) in (0..).zip(&said) {
                prop_assert_eq!(at(&versions, day(n)), expected.as_ref());
            }
        }
    }

    /// What two beliefs differ in, told as changes, is exactly what differs, day by day.
    #[test]
    fn changes_tell_every_difference_and_nothing_else(
        before in prop::collection::vec((0_u64..40, 0_u64..30, 0_u8..4), 0..5),
        after in prop::collection::vec((0_u64..40, 0_u64..30, 0_u8..4), 1..5),
    ) {
        let old = before.into_iter().fold(Vec::new(), |v, s| apply(&v, s));
        let new = after.into_iter().fold(old.clone(), |v, s| apply(&v, s));
        let told = changes(&old, &new);
        for n in 0..120 {
            let on = day(n);
            let lasts = |to: Option<NaiveDate>| to.is_none_or(|to| on < to);
            let found = told.iter().find(|c| c.valid_from <= on && lasts(c.valid_to));
            let (a, b) = (at(&old, on), at(&new, on));
            let text = |f: Option<&F>| f.map(|f| f.0.to_string());
            match found {
                Some(c) => prop_assert_eq!((c.from.clone(), c.to.clone()), (text(a), text(b))),
                None => prop_assert_eq!(a, b),
            }
            prop_assert!(found.is_none() || a != b);
        }
    }
}

#[test]
fn a_change_between_two_days_leaves_both_sides_as_they_were() {
    let whole = [Version { from: day(0), to: None, facts: F(1) }];
    let made = rewrite(&whole, day(10), Some(day(20)), |_| Some(F(2)));
    let seen: Vec<_> = made.iter().map(|v| (v.from, v.to, v.facts.0)).collect();
    let expected = [(day(0), Some(day(10)), 1), (day(10), Some(day(20)), 2), (day(20), None, 1)];
    assert_eq!(seen, expected);
    let back = rewrite(&made, day(10), Some(day(20)), |_| Some(F(1)));
    assert_eq!(back, whole, "and back again it is one version");
}
