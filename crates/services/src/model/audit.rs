//! What somebody must look at before the repairer is paid.

use crate::{Line, Rule, SheetId};

/// What looks odd about charged work.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = ServiceFinding)]
pub enum Finding {
    /// The warranty was given, or refused, against the rule.
    AgainstRule,
    /// Another price than the list's was taken.
    PriceChanged,
    /// There was paid or free work in the same flat not long ago.
    Again,
    /// Nothing is odd; it was drawn.
    Sample,
}

/// What an audit is told about finished work.
pub fn findings(rule: &Rule, sheet: SheetId, lines: &[Line], again: bool) -> Vec<Finding> {
    let against = lines.iter().any(|l| l.covered != l.rule_covered);
    let price = lines.iter().any(|l| l.unit_fen != l.list_fen);
    let odd = [
        (against, Finding::AgainstRule),
        (price, Finding::PriceChanged),
        (again, Finding::Again),
        (is_drawn(sheet, rule.sample_percent), Finding::Sample),
    ];
    odd.into_iter().filter_map(|(is, finding)| is.then_some(finding)).collect()
}

/// Whether it is drawn: by its id, so that nobody can choose and everybody can check. The last
/// bits of an id are chance.
fn is_drawn(sheet: SheetId, percent: i32) -> bool {
    let lot = i32::try_from(sheet.as_u128() % 100).unwrap_or(0);
    lot < percent
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_draw_takes_its_share_and_nobody_can_choose() {
        let drawn = |percent| {
            (0..10_000_u128)
                .filter(|n| is_drawn(Uuid::from_u128(n * 7_919).into(), percent))
                .count()
        };
        assert_eq!((drawn(0), drawn(100)), (0, 10_000));
        assert_eq!(drawn(5), 500);
    }
}
