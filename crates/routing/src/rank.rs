//! Filter and score: the instant offer of one order.

use std::cmp::Reverse;

use uuid::Uuid;

use crate::{
    Candidate, Excluded, Exclusion, ExclusionCode, OpenOrder, Order, Policy, Ranked, Ranking,
    Reason, ReasonCode, TravelFrom,
};

/// Longer ways count as this long, so that no distance or accuracy can drown everything else.
const MAX_TRAVEL_MINUTES: u64 = 600;

/// Ranks who should take the order. Equal totals: the nearer one, then the one with fewer orders,
/// then the smaller id; the order of the candidates never matters.
pub fn rank(order: &Order, candidates: &[Candidate], policy: &Policy) -> Ranking {
    let mut ranking = Ranking::default();
    for candidate in candidates {
        let reasons = exclusions(order, candidate, policy);
        if reasons.is_empty() {
            ranking.ranked.push(score(order, candidate, policy));
        } else {
            ranking.excluded.push(Excluded { candidate: candidate.id, reasons });
        }
    }
    ranking.ranked.sort_by_key(|r| {
        (Reverse(r.total), r.metres.unwrap_or(u32::MAX), r.open_orders, r.candidate)
    });
    ranking.excluded.sort_by_key(|e| e.candidate);
    ranking
}

fn exclusions(order: &Order, candidate: &Candidate, policy: &Policy) -> Vec<Exclusion> {
    use ExclusionCode::*;
    let skilled = order.skill.as_ref().is_none_or(|skill| candidate.skills.contains(skill));
    let heard = candidate
        .silent_minutes
        .is_some_and(|minutes| minutes <= u32::from(policy.offline_after_minutes));
    let held = count(&candidate.open);
    let full = held >= u32::from(policy.load_cap.of(order.urgency));

    [
        (candidate.branch != order.branch, OutsideBranch, None),
        (!skilled, LacksSkill, None),
        (!candidate.on_shift, OffShift, None),
        (!heard, Offline, candidate.silent_minutes.map(i64::from)),
        (!candidate.accepting, NotAccepting, None),
        (candidate.declined, Declined, None),
        (full, Full, Some(i64::from(held))),
    ]
    .into_iter()
    .filter(|(fails, ..)| *fails)
    .map(|(_, code, value)| Exclusion { code, value })
    .collect()
}

fn score(order: &Order, candidate: &Candidate, policy: &Policy) -> Ranked {
    let way = way(order, candidate, policy);
    let arrival_minutes = way.minutes.saturating_add(minutes_ahead(order, candidate, policy));

    let mut parts = vec![
        cost(ReasonCode::Travel, policy.travel.of(order.urgency), way.minutes),
        load(&candidate.open, policy),
    ];
    parts.extend(lateness(order, arrival_minutes, policy));
    parts.extend(belonging(order, candidate, policy));
    parts.extend(same_place(order, &candidate.open, policy));
    parts.extend(doubt(order, candidate, policy));

    Ranked {
        candidate: candidate.id,
        total: parts.iter().map(|part| part.points).sum(),
        metres: way.metres,
        travel_minutes: way.minutes,
        arrival_minutes,
        from: way.from,
        open_orders: count(&candidate.open),
        parts,
    }
}

/// A repairer's way to the order.
struct Way {
    metres: Option<u32>,
    minutes: u32,
    from: TravelFrom,
}

/// From his position, as far off as its accuracy allows. A lost position is trusted only where it
/// is the worse guess: otherwise he is presumed at his station, as is a man without any.
fn way(order: &Order, candidate: &Candidate, policy: &Policy) -> Way {
    let seen = candidate.position;
    let lost = seen.is_none_or(|seen| seen.age_minutes() >= u32::from(policy.lost_minutes));
    let known = order.at.and_then(|at| {
        let seen = seen.map(|s| s.at.metres_to(at).saturating_add(s.accuracy_metres));
        let home = candidate.home_at.map(|home| home.metres_to(at));
        match (seen, home) {
            (Some(seen), Some(home)) if lost && home > seen => {
                Some((home, TravelFrom::HomeStation))
            }
            (Some(seen), _) => Some((seen, TravelFrom::Position)),
            (None, Some(home)) => Some((home, TravelFrom::HomeStation)),
            (None, None) => None,
        }
    });
    match known {
        Some((metres, from)) => {
            Way { metres: Some(metres), minutes: minutes_for(metres, policy), from }
        }
        None => Way {
            metres: None,
            minutes: u32::from(policy.assumed_travel_minutes),
            from: TravelFrom::Unknown,
        },
    }
}

/// Minutes for a bee-line distance, by the policy's detour and speed; a begun one counts.
fn minutes_for(metres: u32, policy: &Policy) -> u32 {
    let road_metres_times_100 = u64::from(metres) * u64::from(policy.detour_percent.max(100));
    let metres_an_hour = u64::from(policy.speed_kmh.max(1)) * 1000;
    let minutes = (road_metres_times_100 * 60).div_ceil(metres_an_hour * 100);
    u32::try_from(minutes.min(MAX_TRAVEL_MINUTES)).unwrap_or(u32::MAX)
}

/// Work that comes first: what he has begun, and what is at least as urgent.
fn minutes_ahead(order: &Order, candidate: &Candidate, policy: &Policy) -> u32 {
    let whole = u32::from(policy.service_minutes);
    let minutes = candidate.open.iter().map(|held| match held {
        OpenOrder { started: true, .. } => whole / 2,
        OpenOrder { urgency, .. } if *urgency >= order.urgency => whole,
        _ => 0,
    });
    minutes.fold(0, u32::saturating_add)
}

fn load(open: &[OpenOrder], policy: &Policy) -> Reason {
    let weight = open.iter().map(|held| i64::from(policy.load.of(held.urgency)));
    Reason { code: ReasonCode::Load, points: -weight.sum::<i64>(), value: i64::from(count(open)) }
}

/// Only lateness that depends on who goes: for an overdue order the clock starts now, so that the
/// quickest wins however late it already is.
fn lateness(order: &Order, arrival_minutes: u32, policy: &Policy) -> Option<Reason> {
    let left = u32::try_from(order.minutes_left?.max(0)).unwrap_or(u32::MAX);
    let late = arrival_minutes.saturating_sub(left);
    let counted = late.min(u32::from(policy.late_cap_minutes));
    (late > 0)
        .then(|| Reason { value: i64::from(late), ..cost(ReasonCode::Late, policy.late, counted) })
}

fn belonging(order: &Order, candidate: &Candidate, policy: &Policy) -> Vec<Reason> {
    let in_territory = order.territory.is_some_and(|t| candidate.territories.contains(&t));
    let from_station = order.station.is_some() && order.station == candidate.home_station;
    [
        (in_territory, ReasonCode::Territory, policy.territory),
        (from_station, ReasonCode::HomeStation, policy.home_station),
    ]
    .into_iter()
    .filter(|(holds, ..)| *holds)
    .map(|(_, code, weight)| Reason { code, points: i64::from(weight), value: 1 })
    .collect()
}

/// The closest thing that the order shares with those he holds: one trip instead of two.
fn same_place(order: &Order, open: &[OpenOrder], policy: &Policy) -> Option<Reason> {
    let shared = |place: Option<Uuid>, of: fn(&OpenOrder) -> Option<Uuid>| {
        open.iter().filter(|held| place.is_some() && of(held) == place).count()
    };
    [
        (ReasonCode::SameRiser, policy.same_riser, shared(order.riser, |held| held.riser)),
        (ReasonCode::SameUnit, policy.same_unit, shared(order.unit, |held| held.unit)),
        (ReasonCode::SameBuilding, policy.same_building, shared(order.building, |h| h.building)),
    ]
    .into_iter()
    .find(|(_, _, held)| *held > 0)
    .map(|(code, weight, held)| Reason {
        code,
        points: i64::from(weight),
        value: i64::try_from(held).unwrap_or(i64::MAX),
    })
}

/// What not knowing where he is takes away; nothing while the order's own place is unknown.
fn doubt(order: &Order, candidate: &Candidate, policy: &Policy) -> Option<Reason> {
    order.at?;
    let fresh = u32::from(policy.fresh_minutes);
    let lost = u32::from(policy.lost_minutes);
    let Some(position) = candidate.position else {
        let most = lost.saturating_sub(fresh);
        return Some(Reason { value: 0, ..cost(ReasonCode::NoPosition, policy.stale, most) });
    };
    let age = position.age_minutes();
    let doubted = age.min(lost).saturating_sub(fresh);
    (doubted > 0).then(|| Reason {
        value: i64::from(age),
        ..cost(ReasonCode::StalePosition, policy.stale, doubted)
    })
}

/// A part that takes `weight` points for each of `amount`.
fn cost(code: ReasonCode, weight: u16, amount: u32) -> Reason {
    Reason { code, points: -(i64::from(weight) * i64::from(amount)), value: i64::from(amount) }
}

fn count(open: &[OpenOrder]) -> u32 {
    u32::try_from(open.len()).unwrap_or(u32::MAX)
}
