//! Rows that are laid down month by month, as the years would have laid them: what is asked of a
//! span of days lies together, and the book's small indexes by day work.

use crate::sheet::{Parcel, Sheet};
use chrono::{Datelike as _, NaiveDate};
use std::collections::BTreeMap;

/// Bytes of a month that are worth sending.
const WORTH: usize = 1 << 20;

/// Rows for one table, a sheet for each month.
pub(super) struct Months {
    into: String,
    sheets: BTreeMap<(i32, u32), Sheet>,
    ended: bool,
}

impl Months {
    /// For `table (columns)`.
    pub(super) fn new(into: impl Into<String>) -> Self {
        Self { into: into.into(), sheets: BTreeMap::new(), ended: false }
    }

    /// The sheet of a day's month.
    pub(super) fn of(&mut self, day: NaiveDate) -> &mut Sheet {
        let month = (day.year(), day.month());
        self.sheets.entry(month).or_insert_with(|| Sheet::binary(self.into.clone()))
    }

    /// No more rows come: what waits is sent, however little it is.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    /// Takes the rows of months that have many.
    pub(super) fn take(&mut self, parcels: &mut Vec<Parcel>) {
        for sheet in self.sheets.values_mut() {
            if self.ended || sheet.weight() >= WORTH {
                parcels.extend(sheet.take());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_waits_until_it_is_many_rows_or_the_end() {
        let mut months = Months::new("t (a)");
        for day in ["2026-10-08", "2026-11-03", "2026-10-31"] {
            months.of(day.parse().unwrap()).row(&[&1_i32]);
        }
        let mut parcels = Vec::new();
        months.take(&mut parcels);
        assert!(parcels.is_empty());
        months.end();
        months.take(&mut parcels);
        assert_eq!(parcels.iter().map(|p| p.rows).collect::<Vec<_>>(), [2, 1]);
    }
}
