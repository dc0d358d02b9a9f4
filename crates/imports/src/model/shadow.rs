//! The last season charged again in the shade: what the rules make of it beside what the old
//! house charged, and why they differ.

use chrono::{DateTime, Utc};
use kernel::Fen;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tariff::{Facts, Item, Pack, SeasonCalendar, UseState, season_charge};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why a household's charge differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
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

/// One cause's households.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CauseTotal {
    /// How many.
    pub households: i64,
    /// What the old house charged them, in fen.
    pub old_fen: i64,
    /// What the rules make of them.
    pub new_fen: i64,
    /// A few of them, by number.
    pub examples: Vec<String>,
}

/// What a shadow run found.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Shadow {
    /// Code of the season.
    pub season: String,
    /// By cause.
    #[schema(value_type = std::collections::HashMap<String, CauseTotal>)]
    pub causes: BTreeMap<String, CauseTotal>,
    /// What the old house charged, in fen.
    pub old_fen: i64,
    /// What the rules make of it.
    pub new_fen: i64,
}

/// A shadow run that was put down for good.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Certificate {
    /// Its id.
    pub id: Uuid,
    /// What it found.
    pub shadow: Shadow,
    /// SHA-256 of that, hexadecimal.
    pub digest: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by_name: String,
}

/// Why what the rules make of these facts differs from what was charged.
pub fn cause(pack: &Pack, season: &SeasonCalendar, facts: &Facts, old: Fen) -> (Cause, Fen) {
    let Some(new) = total(pack, season, facts) else { return (Cause::Refused, Fen::ZERO) };
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
    use tariff::{Decimal, Room, UserClass, demonstration_pack};

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
        ] {
            let found = cause(&pack, &season, &facts(9_000), old);
            assert_eq!(found, (wanted, full), "{old}");
        }
        let nothing = Facts::default();
        assert_eq!(cause(&pack, &season, &nothing, full).0, Cause::Other);
    }
}
