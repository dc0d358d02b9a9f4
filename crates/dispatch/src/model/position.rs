//! Positions as phones report them: late, twice, out of order, and sometimes absurd.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::Point;

/// The most points of one report.
pub const MAX_POINTS: usize = 200;

/// A phone's clock may be ahead by this much.
const AHEAD: TimeDelta = TimeDelta::minutes(2);
/// Older points tell nothing any more.
const MAX_AGE: TimeDelta = TimeDelta::hours(48);
/// A position less certain than this is no position.
const MAX_ACCURACY_M: f64 = 5_000.0;
/// Nobody repairs faster than this (216 km/h): a jump is the phone's mistake.
const MAX_SPEED_MPS: f64 = 60.0;
/// Standing still wobbles by this much, and by the phone's own uncertainty.
const JITTER_M: f64 = 15.0;
/// One who stands still is noted again after this time.
const STILL_NOTED: TimeDelta = TimeDelta::minutes(5);

/// Where a phone was.
#[derive(Clone, Copy, Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PositionPoint {
    /// Longitude, WGS-84.
    pub lng: f64,
    /// Latitude, WGS-84.
    pub lat: f64,
    /// Uncertainty, metres.
    pub accuracy_m: f64,
    /// When, by the phone's clock.
    pub at: DateTime<Utc>,
}

/// What came of a report.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct KeptPoints {
    /// Points that became part of the track.
    pub kept: usize,
    /// Points that cannot be true; sending them again is of no use.
    pub refused: Vec<RefusedPoint>,
}

/// A point that cannot be true.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct RefusedPoint {
    /// Its place in the report.
    pub index: usize,
    /// `place`, `accuracy`, `future`, `old` or `jump`.
    pub reason: &'static str,
}

/// A point of a track.
#[derive(Clone, Debug, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct TrackPoint {
    /// When.
    pub at: DateTime<Utc>,
    /// Longitude, WGS-84.
    pub lng: f64,
    /// Latitude, WGS-84.
    pub lat: f64,
    /// Uncertainty, metres.
    pub accuracy_m: f64,
}

/// Where somebody was last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LastKnown {
    pub point: Point,
    pub accuracy_m: f64,
    pub at: DateTime<Utc>,
}

/// What is left of a report.
pub(crate) struct Sifted {
    /// Points for the track, oldest first.
    pub kept: Vec<PositionPoint>,
    pub refused: Vec<RefusedPoint>,
    /// The newest place that was told, even when it only confirms the last one.
    pub newest: Option<PositionPoint>,
}

/// Takes out what cannot be true and what is mere wobble. Points that are older than the last
/// known one are late, not wrong: they join the track.
pub(crate) fn sift(
    points: &[PositionPoint],
    last: Option<LastKnown>,
    now: DateTime<Utc>,
) -> Sifted {
    let mut refused = Vec::new();
    let mut sound: Vec<(usize, PositionPoint)> = Vec::new();
    for (index, point) in points.iter().enumerate() {
        match fault(point, now) {
            Some(reason) => refused.push(RefusedPoint { index, reason }),
            None => sound.push((index, PositionPoint { at: point.at.min(now), ..*point })),
        }
    }
    sound.sort_by_key(|(_, p)| p.at);
    let mut before = last;
    let mut kept = Vec::new();
    let mut newest = None;
    for (index, point) in sound {
        let here = LastKnown { point: place(&point), accuracy_m: point.accuracy_m, at: point.at };
        match before.filter(|b| b.at <= here.at) {
            Some(before) if is_jump(&before, &here) => {
                refused.push(RefusedPoint { index, reason: "jump" });
                continue;
            }
            Some(before) if is_wobble(&before, &here) => {
                newest = Some(point);
                continue;
            }
            _ => {}
        }
        if last.is_none_or(|l| l.at < here.at) {
            newest = Some(point);
            before = Some(here);
        }
        kept.push(point);
    }
    refused.sort_by_key(|r| r.index);
    Sifted { kept, refused, newest }
}

fn fault(point: &PositionPoint, now: DateTime<Utc>) -> Option<&'static str> {
    let sure = (0.0..=MAX_ACCURACY_M).contains(&point.accuracy_m); // false for NaN
    if place(point).checked().is_err() {
        Some("place")
    } else if !sure {
        Some("accuracy")
    } else if point.at > now + AHEAD {
        Some("future")
    } else if point.at < now - MAX_AGE {
        Some("old")
    } else {
        None
    }
}

fn place(point: &PositionPoint) -> Point {
    Point { lng: point.lng, lat: point.lat }
}

fn is_jump(from: &LastKnown, to: &LastKnown) -> bool {
    let metres = from.point.metres_to(to.point) - from.accuracy_m - to.accuracy_m;
    let seconds = (to.at - from.at).as_seconds_f64().max(1.0);
    metres > seconds * MAX_SPEED_MPS
}

fn is_wobble(from: &LastKnown, to: &LastKnown) -> bool {
    let metres = from.point.metres_to(to.point);
    to.at - from.at < STILL_NOTED && metres <= JITTER_M.max(from.accuracy_m.min(to.accuracy_m))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        "2026-11-22T01:00:00Z".parse().unwrap()
    }

    fn at(seconds: i64, lng: f64, lat: f64) -> PositionPoint {
        PositionPoint { lng, lat, accuracy_m: 8.0, at: now() + TimeDelta::seconds(seconds) }
    }

    fn reasons(points: &[PositionPoint]) -> Vec<(usize, &'static str)> {
        sift(points, None, now()).refused.iter().map(|r| (r.index, r.reason)).collect()
    }

    /// accepts GI-01: what cannot be true does not move anybody
    #[test]
    fn absurd_points_are_refused_one_by_one() {
        let good = at(-60, 113.3, 40.1);
        let points = [
            at(-90, 0.0, 0.0),
            good,
            at(-50, 500.0, 1.0),
            PositionPoint { accuracy_m: -1.0, ..good },
            PositionPoint { accuracy_m: f64::NAN, ..good },
            at(3600, 113.3, 40.1),
            at(-60 * 60 * 49, 113.3, 40.1),
            at(-30, 116.4, 39.9),
        ];
        let expected = [
            (0, "place"),
            (2, "place"),
            (3, "accuracy"),
            (4, "accuracy"),
            (5, "future"),
            (6, "old"),
            (7, "jump"),
        ];
        assert_eq!(reasons(&points), expected);
        assert_eq!(sift(&points, None, now()).kept.len(), 1);
    }

    /// accepts GI-01: a phone that lies on a table makes no storm of points
    #[test]
    fn wobble_makes_no_track_but_keeps_the_position_fresh() {
        let still: Vec<_> = (0..20)
            .map(|n| at(-200 + n * 10, 113.3 + if n % 2 == 0 { 0.0001 } else { 0.0 }, 40.1))
            .collect();
        let sifted = sift(&still, None, now());
        assert_eq!(sifted.kept.len(), 1);
        assert_eq!(sifted.newest.unwrap().at, still[19].at);
    }

    #[test]
    fn a_clock_a_little_ahead_counts_as_now() {
        assert_eq!(sift(&[at(60, 113.3, 40.1)], None, now()).newest.unwrap().at, now());
    }

    #[test]
    fn late_points_join_the_track_and_move_nobody_back() {
        let last = LastKnown {
            point: Point { lng: 113.3, lat: 40.1 },
            accuracy_m: 8.0,
            at: now() - TimeDelta::seconds(10),
        };
        let sifted = sift(&[at(-600, 113.2, 40.0)], Some(last), now());
        assert_eq!((sifted.kept.len(), sifted.newest.is_none()), (1, true));
    }

    proptest! {
        #[test]
        fn nothing_that_a_phone_says_breaks_it(
            points in proptest::collection::vec(
                (any::<f64>(), any::<f64>(), any::<f64>(), -200_000..200_000_i64), 0..50)
        ) {
            let points: Vec<_> = points.into_iter().map(|(lng, lat, accuracy_m, s)| {
                PositionPoint { lng, lat, accuracy_m, at: now() + TimeDelta::seconds(s) }
            }).collect();
            let sifted = sift(&points, None, now());
            prop_assert!(sifted.kept.len() + sifted.refused.len() <= points.len());
            prop_assert!(sifted.kept.iter().all(|p| p.at <= now()));
            prop_assert!(sifted.kept.is_sorted_by_key(|p| p.at));
        }
    }
}
