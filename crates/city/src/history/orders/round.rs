//! One round of a repair: somebody is sent, goes, and mends.

use super::{Case, Desk, Instant, tell, told};
use crate::company::Staff;
use crate::history::by_day;
use crate::history::diary::{Diary, Who};
use crate::random::Rng;
use chrono::TimeDelta;
use kernel::{Point, Result, UserId};
use orders::FieldStep;
use serde_json::json;
use uuid::Uuid;

/// Orders of these last hours meet a busy day, so that some stand in every state.
const BUSY: TimeDelta = TimeDelta::hours(6);

/// A repairer's walk through one round.
pub(super) struct Walk<'a> {
    pub repairer: &'a Staff,
    pub cause: (&'a str, &'a str),
    pub done: &'a str,
}

impl<'a> Desk<'a> {
    /// Whoever of the station has been free longest.
    pub(super) fn repairer(&self, station: usize) -> Option<&'a Staff> {
        let free = |s: &Staff| self.free_at.get(&s.id).copied().unwrap_or_else(crate::base);
        let local = self.company.staff.iter().filter(|s| s.role == "repairer");
        local.filter(|s| s.station == Some(station)).min_by_key(|s| free(s))
    }

    /// The repairer's round, as far as it has come by now; says how many steps that were.
    pub(super) fn visit(
        &mut self,
        diary: &mut Diary,
        case: &mut Case<'_>,
        walk: &Walk<'_>,
        from: Instant,
    ) -> Result<i32> {
        let rng = &mut self.rng;
        let pace = if self.now - from < BUSY { rng.between(1, 8) } else { 1 };
        let minutes = |rng: &mut Rng, low, high| TimeDelta::minutes(rng.between(low, high) * pace);
        let sent = from + minutes(rng, 2, 9);
        let accepted = sent + minutes(rng, 1, 12);
        let free = self.free_at.get(&walk.repairer.id).copied().unwrap_or_else(crate::base);
        let left = by_day(accepted.max(free) + minutes(rng, 4, 35), 7, 21);
        let there = left + minutes(rng, 8, 30);
        let finished = there + minutes(rng, 18, 75);
        let stood = Point {
            lng: case.home.lng + rng.wobble() * 0.0002,
            lat: case.home.lat + rng.wobble() * 0.0002,
        };
        if sent > self.now {
            return Ok(0);
        }
        self.dispatch(diary, case, walk.repairer, sent)?;
        let arrive = FieldStep::Arrive { point: Some(stood), accuracy_m: Some(15.0) };
        let finish = FieldStep::Finish {
            cause: walk.cause.0.to_owned(),
            note: walk.done.to_owned(),
            evidence_complete: false,
        };
        let steps = [
            (FieldStep::Accept, accepted),
            (FieldStep::SetOut, left),
            (arrive, there),
            (finish, finished),
        ];
        let mut taken = 1;
        for (step, at) in steps {
            if at > self.now {
                break;
            }
            self.step(diary, case, walk, &step, at)?;
            taken += 1;
        }
        if case.order.accepted_at.is_some() {
            self.free_at.insert(walk.repairer.id, finished);
            self.keep_visit(case, walk.repairer.id, stood);
        }
        Ok(taken)
    }

    fn dispatch(
        &mut self,
        diary: &mut Diary,
        case: &mut Case<'_>,
        to: &Staff,
        at: Instant,
    ) -> Result<()> {
        let before = case.order.state;
        case.order.dispatch(to.id.into(), "", at).map_err(told)?;
        let payload = json!({
            "from": null, "to": { "id": to.id, "name": to.name }, "manner": "other",
            "reason": "", "ranking": null,
        });
        if let Some(by) = self.company.staff.iter().find(|s| s.role == "dispatcher") {
            tell(diary, case, before, at, "order.dispatched", payload, &Who::staff(by, "desk"));
        }
        Ok(())
    }

    fn step(
        &mut self,
        diary: &mut Diary,
        case: &mut Case<'_>,
        walk: &Walk<'_>,
        step: &FieldStep,
        at: Instant,
    ) -> Result<()> {
        let before = case.order.state;
        let who: UserId = walk.repairer.id.into();
        case.order.advance(who, step, at, self.now).map_err(told)?;
        let (kind, payload) = match step {
            FieldStep::Accept => ("order.accepted", json!({ "at": at })),
            FieldStep::SetOut => ("order.set_out", json!({ "at": at })),
            FieldStep::Arrive { point, accuracy_m } => {
                ("order.arrived", json!({ "at": at, "point": point, "accuracy_m": accuracy_m }))
            }
            FieldStep::Finish { cause, note, .. } => (
                "order.finished",
                json!({ "at": at, "cause": cause, "cause_name": walk.cause.1, "note": note,
                        "evidence_complete": false }),
            ),
            FieldStep::Return { .. } => return Ok(()),
        };
        tell(diary, case, before, at, kind, payload, &Who::staff(walk.repairer, "field"));
        Ok(())
    }

    fn keep_visit(&mut self, case: &Case<'_>, staff: Uuid, stood: Point) {
        let o = &case.order;
        let Some(accepted) = o.accepted_at else { return };
        let (id, order) = (self.ids.at(accepted), *o.id);
        let here = o.arrived_at.map(|_| stood);
        let (lng, lat) = (here.map(|p| p.lng), here.map(|p| p.lat));
        let accuracy = here.map(|_| 15.0);
        let home = Point { lng: case.home.lng, lat: case.home.lat };
        let distance = here.map(|p| metres(p, home));
        self.visits.row(&[
            &id,
            &order,
            &o.round,
            &staff,
            &accepted,
            &o.set_out_at,
            &o.arrived_at,
            &lng,
            &lat,
            &accuracy,
            &distance,
            &o.finished_at,
            &o.cause,
            &o.resolution,
        ]);
        if let Some(at) = o.finished_at {
            let reading = self.rng.between(178, 226);
            let (key, at) = (self.ids.at(at), at - TimeDelta::minutes(2));
            self.temperatures.row(&[&key, &id, &"living", &reading, &at]);
        }
    }
}

/// Near enough at this latitude and over some metres.
fn metres(a: Point, b: Point) -> f64 {
    let (east, north) = ((a.lng - b.lng) * 85_200.0, (a.lat - b.lat) * 111_200.0);
    east.hypot(north)
}
