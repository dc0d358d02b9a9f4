//! Charged, paid and owed, broken down by whatever two things one asks for.

use kernel::Fen;
use ledger::AsOf;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a report is broken down by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeeDimension {
    /// Nothing: one total.
    #[default]
    Total,
    /// The heating season.
    Season,
    /// What for.
    Item,
    /// The branch.
    Branch,
    /// The station.
    Station,
    /// The class of user.
    UserClass,
    /// How it is charged.
    ChargeType,
    /// The way by which money came; charges have none.
    Channel,
}

/// A sum of the book with all its dimensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FeeCell {
    pub season: String,
    pub item: String,
    pub org_path: String,
    pub user_class: String,
    pub charge_type: String,
    pub channel: Option<String>,
    pub charged: Fen,
    pub paid: Fen,
}

/// One field of the report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct FeeField {
    /// The row's key, such as a season's code or an organisation's path; empty for all and none.
    pub row: String,
    /// The column's key.
    pub column: String,
    /// Charges less their corrections, in fen.
    pub charged_fen: Fen,
    /// Payments less their corrections, in fen.
    pub paid_fen: Fen,
    /// What is left, in fen; negative when too much was paid.
    pub owed_fen: Fen,
    /// Paid ÷ charged; nothing where nothing was charged.
    #[schema(required)]
    pub rate: Option<f64>,
}

/// Charged and received, by rows and columns.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeePivot {
    /// The moment.
    pub as_of: AsOf,
    /// What the rows are.
    pub rows: FeeDimension,
    /// What the columns are.
    pub columns: FeeDimension,
    /// Keys with the words that people read.
    pub names: BTreeMap<String, String>,
    /// Each field that is not empty, by row and column.
    pub fields: Vec<FeeField>,
    /// Each row's sum.
    pub row_totals: Vec<FeeField>,
    /// Each column's sum.
    pub column_totals: Vec<FeeField>,
    /// The sum of all.
    pub total: FeeField,
}

impl FeeDimension {
    fn key(self, cell: &FeeCell) -> String {
        match self {
            Self::Total => String::new(),
            Self::Season => cell.season.clone(),
            Self::Item => cell.item.clone(),
            Self::Branch => prefix(&cell.org_path, 2),
            Self::Station => prefix(&cell.org_path, 3),
            Self::UserClass => cell.user_class.clone(),
            Self::ChargeType => cell.charge_type.clone(),
            Self::Channel => cell.channel.clone().unwrap_or_default(),
        }
    }
}

/// The first levels of a path: `/hq/east/` of `/hq/east/s1/`.
fn prefix(path: &str, levels: usize) -> String {
    match path.match_indices('/').nth(levels) {
        Some((end, _)) => path.get(..=end).unwrap_or(path).to_owned(),
        None => path.to_owned(),
    }
}

/// Sums of money, wide enough that no report overflows on its way.
#[derive(Clone, Copy, Default)]
struct Sum {
    charged: i128,
    paid: i128,
}

impl Sum {
    fn add(&mut self, cell: &FeeCell) {
        self.charged += i128::from(cell.charged.get());
        self.paid += i128::from(cell.paid.get());
    }

    /// Nothing when it is more than money can be.
    fn field(self, row: &str, column: &str) -> Option<FeeField> {
        let fen = |n: i128| i64::try_from(n).ok().map(Fen::new);
        Some(FeeField {
            row: row.to_owned(),
            column: column.to_owned(),
            charged_fen: fen(self.charged)?,
            paid_fen: fen(self.paid)?,
            owed_fen: fen(self.charged - self.paid)?,
            // For the eye: a ratio of sums far below 2^53 fen.
            rate: (self.charged > 0).then(|| self.paid as f64 / self.charged as f64),
        })
    }
}

/// The fields of a report, its margins and its total; nothing when a sum is more than money can
/// be.
pub(crate) fn pivot(
    cells: &[FeeCell],
    rows: FeeDimension,
    columns: FeeDimension,
) -> Option<[Vec<FeeField>; 4]> {
    let mut fields: BTreeMap<(String, String), Sum> = BTreeMap::new();
    let mut by_row: BTreeMap<String, Sum> = BTreeMap::new();
    let mut by_column: BTreeMap<String, Sum> = BTreeMap::new();
    let mut total = Sum::default();
    for cell in cells {
        let (row, column) = (rows.key(cell), columns.key(cell));
        fields.entry((row.clone(), column.clone())).or_default().add(cell);
        by_row.entry(row).or_default().add(cell);
        by_column.entry(column).or_default().add(cell);
        total.add(cell);
    }
    let fields = fields.iter().map(|((r, c), sum)| sum.field(r, c)).collect::<Option<_>>()?;
    let by_row = by_row.iter().map(|(r, sum)| sum.field(r, "")).collect::<Option<_>>()?;
    let by_column = by_column.iter().map(|(c, sum)| sum.field("", c)).collect::<Option<_>>()?;
    Some([fields, by_row, by_column, vec![total.field("", "")?]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(season: &str, org: &str, channel: Option<&str>, charged: i64, paid: i64) -> FeeCell {
        FeeCell {
            season: season.into(),
            item: "heat".into(),
            org_path: org.into(),
            user_class: "resident".into(),
            charge_type: "area".into(),
            channel: channel.map(str::to_owned),
            charged: Fen::new(charged),
            paid: Fen::new(paid),
        }
    }

    #[test]
    fn the_margins_are_the_sums_of_the_fields() {
        let cells = [
            cell("2025-2026", "/hq/east/s1/", None, 1_000, 0),
            cell("2025-2026", "/hq/east/s1/", Some("wechat"), 0, 400),
            cell("2025-2026", "/hq/west/s9/", None, 500, 0),
            cell("2026-2027", "/hq/east/s2/", None, 700, 0),
            cell("2026-2027", "/hq/east/s2/", Some("counter"), 0, 700),
        ];
        let [fields, rows, columns, total] =
            pivot(&cells, FeeDimension::Branch, FeeDimension::Season).unwrap();
        let of = |f: &FeeField| (f.row.clone(), f.charged_fen.get(), f.paid_fen.get());
        assert_eq!(
            fields.iter().map(of).collect::<Vec<_>>(),
            [
                ("/hq/east/".into(), 1_000, 400),
                ("/hq/east/".into(), 700, 700),
                ("/hq/west/".into(), 500, 0),
            ]
        );
        assert_eq!(
            rows.iter().map(of).collect::<Vec<_>>(),
            [("/hq/east/".into(), 1_700, 1_100), ("/hq/west/".into(), 500, 0)]
        );
        assert_eq!(columns.len(), 2);
        assert_eq!((total[0].owed_fen.get(), total[0].rate), (1_100, Some(0.5)));
    }

    #[test]
    fn a_path_is_cut_at_whole_names_and_a_short_one_stays() {
        for (path, levels, cut) in [
            ("/hq/east/s1/", 2, "/hq/east/"),
            ("/hq/east/s1/t1/", 3, "/hq/east/s1/"),
            ("/hq/", 2, "/hq/"),
            ("", 2, ""),
        ] {
            assert_eq!(prefix(path, levels), cut);
        }
    }

    #[test]
    fn more_than_money_can_be_is_no_report() {
        let cells = [cell("a", "/hq/", None, i64::MAX, 0), cell("a", "/hq/", None, i64::MAX, 0)];
        assert!(pivot(&cells, FeeDimension::Total, FeeDimension::Total).is_none());
        let nothing = pivot(&[], FeeDimension::Item, FeeDimension::Total).unwrap();
        assert_eq!(nothing[3][0].rate, None);
    }
}
