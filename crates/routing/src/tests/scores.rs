//! Who comes first among those who can go, and how it is explained.

use super::*;

fn part(ranked: &Ranked, code: ReasonCode) -> Option<(i64, i64)> {
    let part = ranked.parts.iter().find(|part| part.code == code)?;
    Some((part.points, part.value))
}

/// accepts DP-01, DP-02
#[test]
fn the_nearer_of_two_equals_comes_first() {
    assert_eq!(ranked(&order(), &[man(1, 3000), man(2, 800), man(3, 1500)]), [2, 3, 1]);
}

/// accepts DP-01
#[test]
fn every_part_of_the_total_is_explained() {
    use ReasonCode::*;
    let local = Candidate {
        home_station: Some(STATION),
        territories: vec![TERRITORY],
        open: vec![
            OpenOrder { started: true, ..elsewhere() },
            OpenOrder { unit: Some(UNIT), building: Some(BUILDING), ..elsewhere() },
        ],
        position: Some(Position { at: north(2000), age_seconds: 300, accuracy_metres: 0 }),
        ..man(1, 0)
    };
    let ranked = alone(&Order { minutes_left: Some(60), ..order() }, local);
    let explained: Vec<_> = ranked.parts.iter().map(|p| (p.code, p.points, p.value)).collect();
    let expected = [
        (Travel, -9, 9),
        (Load, -16, 2),
        (Late, -27, 9), // 9 on the road, 20 for the begun order, 40 for the other; 60 are left
        (Territory, 10, 1),
        (HomeStation, 5, 1),
        (SameUnit, 25, 1),
        (StalePosition, -2, 5),
    ];
    assert_eq!(explained, expected);
    assert_eq!((ranked.total, ranked.arrival_minutes, ranked.open_orders), (-14, 69, 2));
}

/// accepts DP-02
#[test]
fn a_free_man_beats_a_busy_one_who_is_a_little_nearer() {
    let busy = Candidate { open: vec![elsewhere(); 2], ..man(1, 800) };
    assert_eq!(ranked(&order(), &[busy, man(2, 2000)]), [2, 1]);
}

/// accepts DP-02, DP-07
#[test]
fn the_more_urgent_the_order_the_more_distance_counts() {
    let busy_near = Candidate { open: vec![elsewhere(); 2], ..man(1, 800) };
    let free_far = man(2, 2500);
    for (urgency, expected) in
        [(Urgency::Ordinary, [2, 1]), (Urgency::Urgent, [2, 1]), (Urgency::Emergency, [1, 2])]
    {
        let order = Order { urgency, ..order() };
        assert_eq!(ranked(&order, &[busy_near.clone(), free_far.clone()]), expected, "{urgency:?}");
    }
}

/// accepts DP-07
#[test]
fn an_emergency_goes_before_the_ordinary_orders_of_a_list() {
    let busy = Candidate { open: vec![elsewhere(); 3], ..man(1, 2000) };
    let emergency = Order { urgency: Urgency::Emergency, ..order() };
    assert_eq!(alone(&order(), busy.clone()).arrival_minutes, 9 + 3 * 40);
    assert_eq!(alone(&emergency, busy).arrival_minutes, 9);
}

/// accepts DP-02
#[test]
fn who_holds_urgent_orders_is_more_loaded() {
    let urgent = OpenOrder { urgency: Urgency::Urgent, ..elsewhere() };
    let pressed = Candidate { open: vec![urgent], ..man(1, 1000) };
    let at_ease = Candidate { open: vec![elsewhere()], ..man(2, 1000) };
    assert_eq!(ranked(&order(), &[pressed, at_ease]), [2, 1]);
}

/// accepts DP-02
#[test]
fn who_arrives_in_time_beats_whose_territory_it_is() {
    let local = Candidate { territories: vec![TERRITORY], ..man(1, 3000) };
    let near = man(2, 2000);
    let both = [local, near];
    assert_eq!(ranked(&Order { minutes_left: Some(60), ..order() }, &both), [1, 2]);
    assert_eq!(ranked(&Order { minutes_left: Some(9), ..order() }, &both), [2, 1]);
}

/// accepts DP-02
#[test]
fn lateness_counts_from_the_due_time_on() {
    let late = |left| {
        part(&alone(&Order { minutes_left: left, ..order() }, man(1, 2000)), ReasonCode::Late)
    };
    assert_eq!(late(Some(9)), None);
    assert_eq!(late(Some(8)), Some((-3, 1)));
    assert_eq!(late(None), None);
}

#[test]
fn lateness_costs_no_more_past_its_cap() {
    let busy = Candidate { open: vec![elsewhere(); 5], ..man(1, 40_000) };
    let ranked = alone(&Order { minutes_left: Some(0), ..order() }, busy);
    assert_eq!(ranked.arrival_minutes, 168 + 5 * 40);
    assert_eq!(part(&ranked, ReasonCode::Late), Some((-3 * 240, 368)));
}

/// accepts DP-02
#[test]
fn an_overdue_order_goes_to_the_quickest_however_late_it_is() {
    let overdue = Order { minutes_left: Some(i64::MIN), ..order() };
    let local = Candidate { territories: vec![TERRITORY], ..man(1, 3000) };
    assert_eq!(part(&alone(&overdue, local.clone()), ReasonCode::Late), Some((-39, 13)));
    assert_eq!(ranked(&overdue, &[local, man(2, 2000)]), [2, 1]);
}

/// accepts DP-11
#[test]
fn who_is_already_going_to_the_unit_takes_it_along() {
    let neighbour = OpenOrder { unit: Some(UNIT), building: Some(BUILDING), ..elsewhere() };
    let going = Candidate { open: vec![neighbour], ..man(1, 3500) };
    assert_eq!(ranked(&order(), &[going, man(2, 800)]), [1, 2]);
}

/// accepts DP-11
#[test]
fn only_the_closest_shared_place_counts() {
    use ReasonCode::*;
    let building = OpenOrder { building: Some(BUILDING), ..elsewhere() };
    let unit = OpenOrder { unit: Some(UNIT), ..building.clone() };
    let riser = OpenOrder { riser: Some(RISER), ..unit.clone() };
    let other = OpenOrder { building: Some(UNIT), ..elsewhere() };
    for (open, expected) in [
        (vec![building.clone(), building.clone()], Some((SameBuilding, 12, 2))),
        (vec![building.clone(), unit.clone()], Some((SameUnit, 25, 1))),
        (vec![riser, unit, building], Some((SameRiser, 30, 1))),
        (vec![other], None),
    ] {
        let parts = alone(&order(), Candidate { open, ..man(1, 800) }).parts;
        let mut shared =
            parts.iter().filter(|part| matches!(part.code, SameRiser | SameUnit | SameBuilding));
        assert_eq!(shared.next().map(|p| (p.code, p.points, p.value)), expected);
        assert_eq!(shared.next(), None);
    }
}

/// accepts DP-11
#[test]
fn two_unknown_places_are_not_the_same_place() {
    let unplaced = Order { building: None, unit: None, riser: None, station: None, ..order() };
    let parts = alone(&unplaced, Candidate { open: vec![elsewhere()], ..man(1, 800) }).parts;
    let codes: Vec<_> = parts.iter().map(|part| part.code).collect();
    assert_eq!(codes, [ReasonCode::Travel, ReasonCode::Load]);
}

#[test]
fn equal_totals_fall_to_the_nearer_then_the_freer_then_the_smaller_id() {
    let nothing_weighs = Policy {
        travel: ByUrgency { ordinary: 0, urgent: 0, emergency: 0 },
        load: ByUrgency { ordinary: 0, urgent: 0, emergency: 0 },
        ..Policy::default()
    };
    let busy = Candidate { open: vec![elsewhere()], ..man(1, 500) };
    let all = [busy, man(4, 900), man(3, 500), man(2, 500)];
    let order = Order { minutes_left: None, ..order() };
    assert_eq!(ids(&rank(&order, &all, &nothing_weighs)), [2, 3, 1, 4]);
}

#[test]
fn a_policy_names_only_what_it_changes() {
    let policy: Policy = serde_json::from_str(r#"{"speed_kmh": 30}"#).expect("a policy");
    assert_eq!(policy, Policy { speed_kmh: 30, ..Policy::default() });
    assert!(serde_json::from_str::<Policy>(r#"{"speed": 30}"#).is_err(), "a slip of the pen");
    assert!(serde_json::from_str::<Policy>(r#"{"late": -1}"#).is_err(), "late must not pay");
}

#[test]
fn a_policy_of_zeros_is_harmless() {
    let zeros = Policy { speed_kmh: 0, detour_percent: 0, ..Policy::default() };
    let ranking = rank(&order(), &[man(1, 2000)], &zeros);
    assert_eq!(ranking.ranked[0].travel_minutes, 120); // 2 km by bee-line at 1 km/h
}

#[test]
fn the_answer_reads_back_from_its_stored_form() {
    let ranking = rank(
        &order(),
        &[man(1, 2000), Candidate { on_shift: false, ..man(2, 0) }],
        &Policy::default(),
    );
    let stored = serde_json::to_value(&ranking).expect("plain data");
    let first = &stored["ranked"][0]["parts"][0];
    assert_eq!(*first, serde_json::json!({"code": "travel", "points": -9, "value": 9}));
    assert_eq!(serde_json::from_value::<Ranking>(stored).expect("the same"), ranking);
}
