//! What the old system states as its control totals.

use super::line::{ITEMS, STATES, hundredths, whole_season};
use super::{ImportRule, Kind, Total};

/// Control totals as people paste them from the old system: season, station, item, lines, sum in
/// yuan; of households station, state, lines, square metres. `station` knows a station's path.
pub(crate) fn stated(
    kind: Kind,
    text: &str,
    station: impl Fn(&str) -> Option<String>,
) -> Result<Vec<Total>, ImportRule> {
    let words = if kind == Kind::Households { STATES } else { ITEMS };
    let one = |line: &str| -> Option<Total> {
        let mut cells: Vec<&str> = line.split(['\t', ',', '，']).map(str::trim).collect();
        if kind == Kind::Households {
            cells.insert(0, "");
        }
        let [season, org, what, lines, sum] = cells[..] else { return None };
        let is = |(word, also): &&(&'static str, &[&str])| *word == what || also.contains(&what);
        Some(Total {
            season: if season.is_empty() { String::new() } else { whole_season(season) },
            org_path: station(org)?,
            what: words.iter().find(is)?.0.to_owned(),
            lines: lines.parse().ok().filter(|n| *n >= 0)?,
            sum: hundredths(sum)?,
        })
    };
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(n, line)| one(line).ok_or(ImportRule::NoTotals(n + 1))).collect()
}
