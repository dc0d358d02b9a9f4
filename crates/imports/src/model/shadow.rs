//! The last season charged again in the shade: what the rules make of it beside what the old
//! house charged, and why they differ.

use chrono::{DateTime, Utc};
use kernel::{AccountId, Fen, SeasonId};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use tariff::{Facts, Item, Pack, SeasonCalendar, UseState, UserClass, season_charge};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Why a household's charge differs.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
    sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ShadowCause)]
pub enum Cause {
    /// It does not.
    Equal,
    /// By less than a yuan: another rounding.
    Rounding,
    /// The old house charged by another area.
    Area,
    /// The old house held it for stopped, or for using.
    State,
    /// The rules cannot charge it: facts are missing.
    Refused,
    /// The old house did not charge it.
    Uncharged,
    /// Something else; people must look.
    Other,
}

/// What a shadow run came to in one organisation, class and cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShadowSum {
    /// The station.
    pub org_path: String,
    /// Class of user.
    pub user_class: String,
    /// Why the charges differ.
    pub cause: Cause,
    /// How many households.
    pub households: i64,
    /// What they were charged, in fen.
    pub old_fen: i64,
    /// What the rules make of them.
    pub new_fen: i64,
}

/// A shadow run.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShadowRun {
    /// Its id.
    pub id: Uuid,
    /// The season.
    pub season_id: SeasonId,
    /// Its code.
    pub season: String,
    /// What it is compared with: `import` the charges that were imported, `book` those of the
    /// book.
    pub basis: String,
    /// Whether every household was done.
    pub finished: bool,
    /// Households in sight.
    pub households: i32,
    /// How many were done.
    pub done: i32,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it last did something.
    pub step_at: DateTime<Utc>,
    /// Who wanted it.
    pub made_by_name: String,
}

/// A shadow run with what it found so far.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShadowFound {
    /// The run.
    pub run: ShadowRun,
    /// By station, class and cause.
    pub sums: Vec<ShadowSum>,
}

/// A household whose charge differs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShadowRow {
    /// The household.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Its station.
    pub org_path: String,
    /// Its class.
    pub user_class: String,
    /// Why.
    pub cause: Cause,
    /// What it was charged, in fen.
    pub old_fen: i64,
    /// What the rules make of it.
    pub new_fen: i64,
}

/// Which of them.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ShadowFilter {
    /// Of one cause.
    pub cause: Option<Cause>,
    /// Of an organisation and those below it.
    pub org_path: Option<String>,
    /// Of one class.
    pub user_class: Option<String>,
    /// After that one.
    pub after: Option<Uuid>,
}

/// A household's place among what a run found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Classed {
    pub user_class: UserClass,
    pub cause: Cause,
    pub old: Fen,
    pub new: Fen,
}

/// Under which class it counts: that of its largest room.
pub(crate) fn class_of(facts: &Facts) -> UserClass {
    let largest = facts.rooms.iter().max_by_key(|r| (r.building_area, Reverse(r.user_class)));
    largest.map_or(UserClass::Resident, |r| r.user_class)
}

/// Why what the rules make of these facts differs from what was charged.
pub fn cause(pack: &Pack, season: &SeasonCalendar, facts: &Facts, old: Fen) -> (Cause, Fen) {
    let Some(new) = total(pack, season, facts) else { return (Cause::Refused, Fen::ZERO) };
    if old == Fen::ZERO && new != Fen::ZERO {
        return (Cause::Uncharged, new);
    }
    let off = old.get() - new.get();
    let why = match off {
        0 => Cause::Equal,
        -99..=99 => Cause::Rounding,
        _ if flips(facts).iter().any(|f| total(pack, season, f) == Some(old)) => Cause::State,
        _ if other_area(pack, season, facts, old, new) => Cause::Area,
        _ => Cause::Other,
    };
    (why, new)
}

fn total(pack: &Pack, season: &SeasonCalendar, facts: &Facts) -> Option<Fen> {
    season_charge(pack, season, facts).ok()?.total()
}

/// The same facts with heat drawn all season, and stopped all season.
fn flips(facts: &Facts) -> Vec<Facts> {
    let all = |state| {
        let mut flipped = facts.clone();
        for used in &mut flipped.uses {
            used.state = state;
        }
        flipped
    };
    vec![all(UseState::Using), all(UseState::Stopped)]
}

/// Whether a plausible area, to the hundredth, gives just what was charged.
fn other_area(pack: &Pack, season: &SeasonCalendar, facts: &Facts, old: Fen, new: Fen) -> bool {
    let [room] = facts.rooms.as_slice() else { return false };
    let charge = season_charge(pack, season, facts).unwrap_or_default();
    let basis = [room.building_area, room.charged_area, room.heated_area, room.usable_area];
    let by_heat = charge.of(Item::Heat) == new && new > Fen::ZERO && old > Fen::ZERO;
    by_heat
        && basis.into_iter().flatten().any(|area| {
            let micro = i128::from(area.micro()) * i128::from(old.get());
            let near = i64::try_from(micro / i128::from(new.get())).unwrap_or_default() / 10_000;
            (near - 1..=near + 1).any(|hundredths| {
                let other = Some(tariff::Decimal::from_hundredths(hundredths));
                let mut facts = facts.clone();
                for room in &mut facts.rooms {
                    (room.building_area, room.usable_area) = (other, other);
                    (room.heated_area, room.charged_area) = (other, other);
                }
                total(pack, season, &facts) == Some(old)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tariff::{Decimal, Room, demonstration_pack};

    #[test]
    fn every_difference_gets_its_cause() {
        let pack = demonstration_pack();
        let season = pack.season(2025).unwrap();
        let facts = |hundredths| {
            let area = Decimal::from_hundredths(hundredths);
            Facts::using(vec![Room::plain(UserClass::Resident, area)])
        };
        let full = total(&pack, &season, &facts(9_000)).unwrap();
        let wider = total(&pack, &season, &facts(9_650)).unwrap();
        let mut stopped = facts(9_000);
        stopped.uses[0].state = UseState::Stopped;
        let basic = total(&pack, &season, &stopped).unwrap();
        let off = |fen: i64| Fen::new(full.get() + fen);
        for (old, wanted) in [
            (full, Cause::Equal),
            (off(37), Cause::Rounding),
            (wider, Cause::Area),
            (basic, Cause::State),
            (Fen::ZERO, Cause::Uncharged),
        ] {
            let found = cause(&pack, &season, &facts(9_000), old);
            assert_eq!(found, (wanted, full), "{old}");
        }
        let nothing = Facts::default();
        assert_eq!(cause(&pack, &season, &nothing, full).0, Cause::Other);
    }
}
