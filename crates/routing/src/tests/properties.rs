//! What holds for any order, any people and any policy.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn urgency() -> impl Strategy<Value = Urgency> {
    select(&[Urgency::Ordinary, Urgency::Urgent, Urgency::Emergency])
}

/// Few ids, so that people and orders meet in the same places.
fn id() -> impl Strategy<Value = Uuid> {
    (1..4u128).prop_map(Uuid::from_u128)
}

/// Some eight kilometres of town: near enough for merits to weigh against distance.
fn place() -> impl Strategy<Value = Point> {
    (113.3..113.4, 40.05..40.12).prop_map(|(lng, lat)| Point::new(lng, lat).expect("near Datong"))
}

fn skill() -> impl Strategy<Value = String> {
    select(&["heating", "meters"]).prop_map(String::from)
}

prop_compose! {
    fn any_order()(
        skill in option::of(skill()),
        at in option::weighted(0.9, place()),
        (branch, territory, station) in (1..3u128, option::of(id()), option::of(id())),
        (building, unit, riser) in (option::of(id()), option::of(id()), option::of(id())),
        urgency in urgency(),
        minutes_left in option::of(-500..500i64),
    ) -> Order {
        let branch = Uuid::from_u128(branch);
        Order {
            skill, at, branch, territory, station, building, unit, riser, urgency, minutes_left,
        }
    }
}

prop_compose! {
    fn any_open()(
        urgency in urgency(),
        started in any::<bool>(),
        (building, unit, riser) in (option::of(id()), option::of(id()), option::of(id())),
    ) -> OpenOrder {
        OpenOrder { urgency, started, building, unit, riser }
    }
}

prop_compose! {
    fn any_position()(
        at in place(),
        age_seconds in 0..4000u32,
        accuracy_metres in prop_oneof![9 => 0..500u32, 1 => any::<u32>()],
    ) -> Position {
        Position { at, age_seconds, accuracy_metres }
    }
}

prop_compose! {
    fn any_candidate()(
        skills in vec(skill(), 0..3),
        (branch, home_station) in (1..3u128, option::of(id())),
        home_at in option::of(place()),
        territories in vec(id(), 0..3),
        position in option::weighted(0.9, any_position()),
        (on_shift, accepting, declined) in
            (prop::bool::weighted(0.9), prop::bool::weighted(0.9), prop::bool::weighted(0.1)),
        silent_minutes in option::weighted(0.9, 0..15u32),
        open in vec(any_open(), 0..8),
    ) -> Candidate {
        let (id, branch) = (Uuid::nil(), Uuid::from_u128(branch));
        Candidate { id, skills, branch, home_station, home_at, territories, position, on_shift,
                    accepting, declined, silent_minutes, open }
    }
}

/// People of all kinds, each with an id of his own.
fn any_candidates() -> impl Strategy<Value = Vec<Candidate>> {
    vec(any_candidate(), 0..12).prop_map(|mut candidates| {
        for (candidate, id) in candidates.iter_mut().zip(1..) {
            candidate.id = Uuid::from_u128(id);
        }
        candidates
    })
}

/// Somebody whom no filter stops.
fn able(order: &Order, candidate: Candidate) -> Candidate {
    Candidate {
        skills: order.skill.clone().into_iter().collect(),
        branch: order.branch,
        on_shift: true,
        accepting: true,
        declined: false,
        silent_minutes: Some(0),
        open: candidate.open.into_iter().take(5).collect(),
        ..candidate
    }
}

fn by_urgency() -> impl Strategy<Value = ByUrgency<u16>> {
    (0..20u16, 0..20u16, 0..20u16).prop_map(|(ordinary, urgent, emergency)| ByUrgency {
        ordinary,
        urgent,
        emergency,
    })
}

prop_compose! {
    fn any_policy()(
        (speed_kmh, detour_percent) in (any::<u16>(), any::<u16>()),
        (assumed_travel_minutes, service_minutes) in (any::<u16>(), 0..100u16),
        (travel, load) in (by_urgency(), by_urgency()),
        (late, late_cap_minutes) in (0..20u16, any::<u16>()),
        (territory, home_station) in (0..50u16, 0..50u16),
        (same_riser, same_unit, same_building) in (0..50u16, 0..50u16, 0..50u16),
        (stale, fresh_minutes, lost_minutes) in (0..9u16, 0..60u16, 0..60u16),
    ) -> Policy {
        Policy {
            speed_kmh, detour_percent, assumed_travel_minutes, service_minutes, travel, load, late,
            late_cap_minutes, territory, home_station, same_riser, same_unit, same_building, stale,
            fresh_minutes, lost_minutes, ..Policy::default()
        }
    }
}

/// Two able people of whom the first (with the larger id, so that no tie helps him) is at least as
/// good in every respect, and truly nearer.
fn better_and_worse() -> impl Strategy<Value = (Order, Candidate, Candidate)> {
    let more_open = || OpenOrder { started: true, ..elsewhere() };
    (any_order(), any_candidate(), any_position(), 1..3000u32, 0..900u32, 0..2usize).prop_map(
        move |(order, candidate, near, farther, older, more)| {
            let at = north(0);
            let order = Order { at: Some(at), ..order };
            // Due north of the order, so that farther is farther.
            let metres = near.at.metres_to(at) % 9000;
            let near = Position { at: north(metres), accuracy_metres: 0, ..near };
            let far = Position {
                at: north(metres + farther + 1),
                age_seconds: near.age_seconds + older,
                ..near
            };
            let mut worse = able(&order, Candidate { home_at: None, ..candidate });
            worse.open.truncate(3);
            let mut better = Candidate { position: Some(near), ..worse.clone() };
            better.id = Uuid::from_u128(2);
            better.territories.extend(order.territory);
            worse.id = Uuid::from_u128(1);
            worse.position = Some(far);
            worse.open.extend(std::iter::repeat_with(more_open).take(more));
            (order, better, worse)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// accepts DP-01
    #[test]
    fn the_order_of_the_candidates_does_not_matter(
        (order, policy) in (any_order(), any_policy()),
        (candidates, shuffled) in any_candidates().prop_flat_map(|candidates| {
            (Just(candidates.clone()), Just(candidates).prop_shuffle())
        }),
    ) {
        prop_assert_eq!(rank(&order, &candidates, &policy), rank(&order, &shuffled, &policy));
    }

    /// accepts DP-03
    #[test]
    fn everybody_is_either_ranked_or_excluded_with_reasons(
        (order, policy, candidates) in (any_order(), any_policy(), any_candidates()),
    ) {
        let ranking = rank(&order, &candidates, &policy);
        let mut all = ids(&ranking);
        all.extend(ranking.excluded.iter().map(|excluded| excluded.candidate.as_u128()));
        all.sort_unstable();
        let expected: Vec<u128> = candidates.iter().map(|c| c.id.as_u128()).collect();
        prop_assert_eq!(all, expected);
        prop_assert!(ranking.excluded.iter().all(|excluded| !excluded.reasons.is_empty()));
        for candidate in &candidates {
            let fit = candidate.branch == order.branch
                && order.skill.as_ref().is_none_or(|skill| candidate.skills.contains(skill))
                && candidate.on_shift
                && candidate.accepting
                && !candidate.declined;
            let ranked = ranking.ranked.iter().any(|ranked| ranked.candidate == candidate.id);
            prop_assert!(fit || !ranked, "an unfit man is never offered the order");
        }
    }

    /// accepts DP-01
    #[test]
    fn totals_are_the_sum_of_their_parts_and_fall(
        (order, policy, candidates) in (any_order(), any_policy(), any_candidates()),
    ) {
        let able: Vec<_> = candidates.into_iter().map(|c| able(&order, c)).collect();
        let ranking = rank(&order, &able, &policy);
        prop_assert_eq!(ranking.ranked.len(), able.len());
        for ranked in &ranking.ranked {
            let sum: i64 = ranked.parts.iter().map(|part| part.points).sum();
            prop_assert_eq!(ranked.total, sum);
        }
        prop_assert!(ranking.ranked.is_sorted_by(|a, b| a.total >= b.total));
    }

    /// accepts DP-02
    #[test]
    fn who_is_better_in_everything_is_never_below(
        ((order, better, worse), policy) in (better_and_worse(), any_policy()),
    ) {
        prop_assert_eq!(ids(&rank(&order, &[worse, better], &policy)), [2, 1]);
    }

    /// accepts DP-07
    #[test]
    fn at_every_urgency_the_nearer_of_two_equals_wins(
        ((order, near, far), policy, urgency) in (better_and_worse(), any_policy(), urgency()),
    ) {
        let near_at = near.position.map(|seen| seen.at);
        let at = |place: Option<Point>| place.zip(far.position).map(|(at, p)| Position { at, ..p });
        let twin = Candidate { id: near.id, position: at(near_at), ..far.clone() };
        let order = Order { urgency, ..order };
        prop_assert_eq!(ids(&rank(&order, &[far, twin], &policy)), [2, 1]);
    }

    /// accepts DP-07
    #[test]
    fn a_nearer_man_who_wins_still_wins_when_the_order_is_more_urgent(
        (order, near, far) in (any_order(), any_candidate(), any_candidate()),
        open in vec(any_open(), 0..5),
    ) {
        let order = Order { urgency: Urgency::Ordinary, minutes_left: None, ..order };
        let mut pair = [near, far].map(|c| able(&order, Candidate { open: open.clone(), ..c }));
        pair[0].id = Uuid::from_u128(1);
        pair[1].id = Uuid::from_u128(2);
        let before = rank(&order, &pair, &Policy::default());
        let [first, second] = [&before.ranked[0], &before.ranked[1]];
        let nearer_won = (first.travel_minutes, first.metres)
            <= (second.travel_minutes, second.metres);
        if !nearer_won {
            return Ok(()); // the farther man had merits: urgency may turn that
        }
        for urgency in [Urgency::Urgent, Urgency::Emergency] {
            let order = Order { urgency, ..order.clone() };
            prop_assert_eq!(ids(&rank(&order, &pair, &Policy::default())), ids(&before));
        }
    }

    #[test]
    fn only_places_become_points(lng in any::<f64>(), lat in any::<f64>()) {
        let is_place = (-180.0..=180.0).contains(&lng) && (-90.0..=90.0).contains(&lat)
            && !(lng == 0.0 && lat == 0.0);
        prop_assert_eq!(Point::new(lng, lat).is_ok(), is_place);
    }

    #[test]
    fn distance_is_symmetric_and_never_past_half_the_girth(a in globe(), b in globe()) {
        prop_assert_eq!(a.metres_to(b), b.metres_to(a));
        prop_assert!(a.metres_to(b) <= 20_015_115);
    }
}

fn globe() -> impl Strategy<Value = Point> {
    (-180.0..=180.0, 0.1..=90.0).prop_map(|(lng, lat)| Point::new(lng, lat).expect("on the globe"))
}
