//! Places, distances, and what is made of a position that cannot be trusted.

use super::*;

#[test]
fn what_is_no_place_is_refused() {
    let nan = f64::NAN;
    let infinite = f64::INFINITY;
    for (lng, lat) in [
        (nan, 40.0),
        (113.0, nan),
        (infinite, 40.0),
        (113.0, -infinite),
        (180.1, 40.0),
        (113.0, 90.1),
        (0.0, 0.0),
        (-0.0, 0.0),
    ] {
        assert_eq!(Point::new(lng, lat), Err(NotAPlace), "{lng} {lat}");
    }
}

#[test]
fn beijing_to_shanghai_is_1067_km_both_ways() {
    let beijing = Point::new(116.4074, 39.9042).expect("Beijing");
    let shanghai = Point::new(121.4737, 31.2304).expect("Shanghai");
    let metres = beijing.metres_to(shanghai);
    assert!((1_066_000..1_069_000).contains(&metres), "{metres}");
    assert_eq!(shanghai.metres_to(beijing), metres);
    assert_eq!(beijing.metres_to(beijing), 0);
}

#[test]
fn the_other_side_of_the_earth_is_half_its_girth() {
    let here = Point::new(113.3, 40.0).expect("here");
    let there = Point::new(-66.7, -40.0).expect("there");
    assert!((20_015_000..20_016_000).contains(&here.metres_to(there)));
}

#[test]
fn two_kilometres_by_bee_line_are_nine_minutes_on_the_road() {
    let ranked = alone(&order(), man(1, 2000));
    assert_eq!(ranked.metres, Some(2000));
    assert_eq!(ranked.travel_minutes, 9); // 2.8 km at 20 km/h: 8.4 minutes
    assert_eq!(ranked.from, TravelFrom::Position);
}

#[test]
fn a_vague_position_counts_as_far_as_it_may_be() {
    let mut vague = man(1, 1000);
    vague.position = vague.position.map(|seen| Position { accuracy_metres: 800, ..seen });
    assert_eq!(alone(&order(), vague.clone()).metres, Some(1800));
    assert_eq!(ranked(&order(), &[vague, man(2, 1500)]), [2, 1]);
}

/// accepts DP-03
#[test]
fn an_old_position_counts_less() {
    let mut old = man(1, 1000);
    old.position = old.position.map(|seen| Position { age_seconds: 15 * 60 + 59, ..seen });
    let doubt = Reason { code: ReasonCode::StalePosition, points: -12, value: 15 };
    assert!(alone(&order(), old.clone()).parts.contains(&doubt));
    assert_eq!(ranked(&order(), &[old, man(2, 1200)]), [2, 1]);
}

#[test]
fn however_old_it_is_it_counts_no_less_than_none_at_all() {
    let mut ancient = man(1, 1000);
    ancient.position = ancient.position.map(|seen| Position { age_seconds: u32::MAX, ..seen });
    let doubt = alone(&order(), ancient).parts.pop().expect("a doubt");
    let value = i64::from(u32::MAX / 60);
    assert_eq!(doubt, Reason { code: ReasonCode::StalePosition, points: -27, value });
}

#[test]
fn a_position_that_is_not_lost_is_believed_over_the_station() {
    let position = Position { at: north(500), age_seconds: 1799, accuracy_metres: 0 };
    let away = Candidate { position: Some(position), home_at: Some(north(3000)), ..man(1, 0) };
    let ranked = alone(&order(), away);
    assert_eq!((ranked.metres, ranked.from), (Some(500), TravelFrom::Position));
}

#[test]
fn a_lost_position_counts_as_the_worse_of_last_seen_and_station() {
    for (seen, home, metres, from) in
        [(500, 3000, 3000, TravelFrom::HomeStation), (4000, 3000, 4000, TravelFrom::Position)]
    {
        let position = Position { at: north(seen), age_seconds: 1800, accuracy_metres: 0 };
        let lost = Candidate { position: Some(position), home_at: Some(north(home)), ..man(1, 0) };
        let ranked = alone(&order(), lost);
        assert_eq!((ranked.metres, ranked.from), (Some(metres), from));
    }
}

#[test]
fn without_a_position_he_is_presumed_at_his_station() {
    let at_home = Candidate { position: None, home_at: Some(north(1000)), ..man(1, 0) };
    let ranked = alone(&order(), at_home);
    assert_eq!((ranked.metres, ranked.from), (Some(1000), TravelFrom::HomeStation));
    let doubt = Reason { code: ReasonCode::NoPosition, points: -27, value: 0 };
    assert!(ranked.parts.contains(&doubt));
}

#[test]
fn without_any_place_a_plain_time_is_assumed() {
    let ranked = alone(&order(), Candidate { position: None, ..man(1, 0) });
    let expected = (None, 30, TravelFrom::Unknown);
    assert_eq!((ranked.metres, ranked.travel_minutes, ranked.from), expected);
}

#[test]
fn an_order_without_coordinates_goes_to_whose_territory_it_is() {
    let unplaced = Order { at: None, ..order() };
    let local = Candidate { territories: vec![TERRITORY], ..man(2, 9000) };
    assert_eq!(ranked(&unplaced, &[man(1, 100), local]), [2, 1]);
}

#[test]
fn nobody_is_doubted_while_the_order_has_no_place() {
    let unplaced = Order { at: None, ..order() };
    let parts = alone(&unplaced, Candidate { position: None, ..man(1, 0) }).parts;
    let codes: Vec<_> = parts.iter().map(|part| part.code).collect();
    assert_eq!(codes, [ReasonCode::Travel, ReasonCode::Load]);
}

#[test]
fn an_absurd_distance_cannot_drown_the_rest() {
    let mut absurd = man(1, 0);
    absurd.position = absurd.position.map(|p| Position { accuracy_metres: u32::MAX, ..p });
    let ranked = alone(&order(), absurd);
    assert_eq!(ranked.travel_minutes, 600);
}
