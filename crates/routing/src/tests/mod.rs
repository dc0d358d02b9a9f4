//! The planner by table (what people expect of it) and by property (what must always hold).

mod filters;
mod places;
mod properties;
mod scores;

use uuid::Uuid;

use crate::*;

const BRANCH: Uuid = Uuid::from_u128(0xB1);
const STATION: Uuid = Uuid::from_u128(0x51);
const TERRITORY: Uuid = Uuid::from_u128(0x71);
const BUILDING: Uuid = Uuid::from_u128(0xA1);
const UNIT: Uuid = Uuid::from_u128(0xA11);
const RISER: Uuid = Uuid::from_u128(0xA12);

/// A place so many metres north of the order's.
fn north(metres: u32) -> Point {
    const METRES_A_DEGREE: f64 = 111_195.08;
    Point::new(113.3, 40.09 + f64::from(metres) / METRES_A_DEGREE).expect("a place near Datong")
}

/// An ordinary heating order at a known place, due in two hours.
fn order() -> Order {
    Order {
        skill: Some("heating".into()),
        at: Some(north(0)),
        branch: BRANCH,
        territory: Some(TERRITORY),
        station: Some(STATION),
        building: Some(BUILDING),
        unit: Some(UNIT),
        riser: Some(RISER),
        urgency: Urgency::Ordinary,
        minutes_left: Some(120),
    }
}

/// Somebody who can go, so many metres away, without any merit or flaw.
fn man(id: u128, metres: u32) -> Candidate {
    Candidate {
        id: Uuid::from_u128(id),
        skills: vec!["heating".into()],
        branch: BRANCH,
        home_station: None,
        home_at: None,
        territories: vec![],
        position: Some(Position { at: north(metres), age_seconds: 10, accuracy_metres: 0 }),
        on_shift: true,
        accepting: true,
        declined: false,
        silent_minutes: Some(0),
        open: vec![],
    }
}

/// An ordinary order elsewhere that somebody holds and has not begun.
fn elsewhere() -> OpenOrder {
    OpenOrder {
        urgency: Urgency::Ordinary,
        started: false,
        building: None,
        unit: None,
        riser: None,
    }
}

fn ids(ranking: &Ranking) -> Vec<u128> {
    ranking.ranked.iter().map(|ranked| ranked.candidate.as_u128()).collect()
}

/// Ranks by the default policy and gives the ids, best first.
fn ranked(order: &Order, candidates: &[Candidate]) -> Vec<u128> {
    ids(&rank(order, candidates, &Policy::default()))
}

/// The only candidate's result.
fn alone(order: &Order, candidate: Candidate) -> Ranked {
    let ranking = rank(order, &[candidate], &Policy::default());
    ranking.ranked.into_iter().next().expect("nothing excludes him")
}
