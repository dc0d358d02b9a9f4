//! Versions in time: pure.

use super::Facts;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// What is so from one day up to, not including, another; for good when no end is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Version<F> {
    /// First day.
    pub from: NaiveDate,
    /// First day on which it is no longer so.
    #[schema(required)]
    pub to: Option<NaiveDate>,
    /// What is so.
    pub facts: F,
}

impl<F> Version<F> {
    /// Whether it is so on that day.
    pub fn holds(&self, on: NaiveDate) -> bool {
        self.from <= on && self.to.is_none_or(|to| on < to)
    }

    fn end(&self) -> NaiveDate {
        self.to.unwrap_or(NaiveDate::MAX)
    }
}

/// What is so on a day.
pub fn at<F>(versions: &[Version<F>], on: NaiveDate) -> Option<&F> {
    versions.iter().find(|v| v.holds(on)).map(|v| &v.facts)
}

/// The versions after everything between two days was made anew from what it was. The result is
/// sorted, never overlaps, and neighbours differ.
pub fn rewrite<F: Clone + PartialEq>(
    versions: &[Version<F>],
    from: NaiveDate,
    to: Option<NaiveDate>,
    anew: impl Fn(Option<&F>) -> Option<F>,
) -> Vec<Version<F>> {
    let to = to.unwrap_or(NaiveDate::MAX);
    let mut made: Vec<Version<F>> = Vec::new();
    for (start, end) in segments(versions, &[from, to]) {
        let old = at(versions, start);
        let facts = if from <= start && end <= to { anew(old) } else { old.cloned() };
        let Some(facts) = facts else { continue };
        let until = (end != NaiveDate::MAX).then_some(end);
        match made.last_mut() {
            Some(last) if last.end() == start && last.facts == facts => last.to = until,
            _ => made.push(Version { from: start, to: until, facts }),
        }
    }
    made
}

/// The stretches between all days on which something may begin or end.
fn segments<F>(versions: &[Version<F>], more: &[NaiveDate]) -> Vec<(NaiveDate, NaiveDate)> {
    let ends = versions.iter().flat_map(|v| [v.from, v.end()]);
    let mut days: Vec<NaiveDate> = ends.chain(more.iter().copied()).collect();
    days.sort_unstable();
    days.dedup();
    days.iter().copied().zip(days.iter().copied().skip(1)).collect()
}

/// A fact that differs between two beliefs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldChange {
    /// Which fact.
    pub field: String,
    /// As it was believed before; nothing when nothing was.
    #[schema(required)]
    pub from: Option<String>,
    /// As it is believed after.
    #[schema(required)]
    pub to: Option<String>,
    /// First day on which they differ.
    pub valid_from: NaiveDate,
    /// First day on which they no longer do.
    #[schema(required)]
    pub valid_to: Option<NaiveDate>,
}

/// From what to what, fact by fact: what distinguishes two beliefs about the same time.
pub fn changes<F: Facts>(before: &[Version<F>], after: &[Version<F>]) -> Vec<FieldChange> {
    let both: Vec<Version<F>> = before.iter().chain(after).cloned().collect();
    let mut found: Vec<FieldChange> = Vec::new();
    for (start, end) in segments(&both, &[]) {
        let old = at(before, start).map(Facts::fields).unwrap_or_default();
        let new = at(after, start).map(Facts::fields).unwrap_or_default();
        let longer = if old.len() > new.len() { &old } else { &new };
        for (i, (field, _)) in longer.iter().enumerate() {
            let value = |side: &[(_, Option<String>)]| side.get(i).and_then(|(_, v)| v.clone());
            let (from, to) = (value(&old), value(&new));
            if from != to {
                add(&mut found, field, from, to, (start, end));
            }
        }
    }
    found.sort_by_key(|c| c.valid_from);
    found
}

fn add(
    found: &mut Vec<FieldChange>,
    field: &str,
    from: Option<String>,
    to: Option<String>,
    (start, end): (NaiveDate, NaiveDate),
) {
    let valid_to = (end != NaiveDate::MAX).then_some(end);
    let goes_on = |c: &&mut FieldChange| {
        c.field == field && c.valid_to == Some(start) && c.from == from && c.to == to
    };
    match found.iter_mut().find(goes_on) {
        Some(c) => c.valid_to = valid_to,
        None => {
            let field = field.to_owned();
            found.push(FieldChange { field, from, to, valid_from: start, valid_to });
        }
    }
}
