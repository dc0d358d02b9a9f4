//! After the work: the station's head judges it, and the customer is asked.

use super::{Case, Desk, Instant, MOST_ROUNDS, tell, told};
use crate::history::by_day;
use crate::history::calls::Exchange;
use crate::history::diary::{Diary, Who};
use chrono::TimeDelta;
use kernel::Result;
use orders::{Satisfaction, State};
use serde_json::json;
use uuid::Uuid;

impl Desk<'_> {
    /// The team's leader looks at the work.
    pub(super) fn judge(&mut self, diary: &mut Diary, case: &mut Case<'_>) -> Result<i32> {
        let Some(finished) = case.order.finished_at else { return Ok(0) };
        let at = by_day(finished + TimeDelta::minutes(self.rng.between(6, 70)), 8, 21);
        let head = self.company.of_station("station_head", case.home.station);
        let Some(head) = head.filter(|_| at < self.now) else { return Ok(0) };
        let before = case.order.state;
        case.order.pass(at).map_err(told)?;
        let payload = json!({ "note": "资料核对无误", "automatic": false });
        tell(diary, case, before, at, "order.passed", payload, &Who::staff(head, "desk"));
        Ok(1)
    }

    /// The customer is asked; gives when, if it has happened.
    pub(super) fn revisit(
        &mut self,
        diary: &mut Diary,
        exchange: &mut Exchange,
        case: &mut Case<'_>,
    ) -> Result<Option<Instant>> {
        let (State::Revisit, Some(finished)) = (case.order.state, case.order.finished_at) else {
            return Ok(None);
        };
        let id = self.ids.at(finished);
        let wanted = by_day(finished + TimeDelta::minutes(self.rng.between(120, 900)), 9, 20);
        let (round, due) = (case.order.round, case.order.revisit_due.unwrap_or(finished));
        let purpose = format!("revisit/{id}");
        let matter = *case.order.matter_id;
        let Some(talk) = exchange.call_back(diary, wanted, case.home, matter, &purpose) else {
            let none = None::<Uuid>;
            let never = None::<Instant>;
            let unknown = None::<String>;
            self.revisits.row(&[
                &id,
                &*case.order.id,
                &round,
                &"open",
                &due,
                &0_i32,
                &unknown,
                &"",
                &none,
                &never,
            ]);
            return Ok(None);
        };
        let may_fail = round < MOST_ROUNDS;
        let (result, reason) = match self.rng.between(1, 100) {
            1..=5 if may_fail => (Satisfaction::Unsatisfied, "还是不热"),
            1..=16 => (Satisfaction::Fair, "来得有点晚"),
            _ => (Satisfaction::Satisfied, ""),
        };
        let (at, order) = (talk.ended_at, *case.order.id);
        let word: &str = result.into();
        self.calls.row(&[&order, &talk.call, &"revisit", &at]);
        self.revisits.row(&[
            &id,
            &order,
            &round,
            &"done",
            &due,
            &0_i32,
            &word,
            &reason,
            &talk.agent.id,
            &at,
        ]);
        let before = case.order.state;
        case.order.revisited(result, at).map_err(told)?;
        let who = Who::staff(&talk.agent, "desk");
        let payload = json!({ "result": word, "reason": reason, "call_id": talk.call });
        tell(diary, case, before, at, "order.revisited", payload, &who);
        if case.order.state == State::Closed {
            tell(diary, case, before, at, "order.closed", json!({}), &who);
        } else {
            let o = &case.order;
            let payload = json!({
                "reason": reason, "accept_due": o.accept_due, "arrive_due": o.arrive_due,
                "finish_due": o.finish_due,
            });
            tell(diary, case, before, at, "order.reopened", payload, &who);
        }
        Ok(Some(at))
    }
}
