//! Calls of the past: each with its row, its offer and its events.

use super::diary::{About, Diary, Who};
use crate::Plan;
use crate::company::{Company, Staff};
use crate::household::Home;
use crate::random::{Ids, Rng};
use crate::sheet::Sheet;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Result, Tx};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

type Instant = DateTime<Utc>;

const COMPANY: &str = "/hq/";
/// Seats that take calls; the rest call back.
const INBOUND: usize = 10;
/// Of a thousand calls that reach the queue, so many are not waited out.
const IMPATIENT: i64 = 60;

/// A conversation that took place.
pub(super) struct Talk {
    pub call: Uuid,
    pub matter: Uuid,
    pub agent: Staff,
    pub answered_at: Instant,
    pub ended_at: Instant,
    pub number: String,
}

/// The telephone of the past.
pub(super) struct Exchange {
    rng: Rng,
    ids: Ids,
    now: Instant,
    agents: Vec<Staff>,
    free_at: Vec<Instant>,
    slots: HashSet<i64>,
    queue: Option<Uuid>,
    service_number: String,
    rows: Sheet,
    offers: Sheet,
    pub calls: u64,
}

struct Row<'a> {
    id: Uuid,
    matter: Uuid,
    direction: &'a str,
    number: &'a str,
    account: Option<Uuid>,
    outcome: &'a str,
    hung_up_by: &'a str,
    digits: &'a str,
    agent: Option<Uuid>,
    purpose: &'a str,
    arrived: Instant,
    queued: Option<Instant>,
    offered: Option<Instant>,
    answered: Option<Instant>,
    ended: Instant,
}

impl Exchange {
    pub(super) async fn new(tx: &mut Tx, plan: &Plan, company: &Company) -> Result<Self> {
        let queue = "select id from telephony.queue where key = 'repair'";
        let number = "select number from telephony.service_number order by number limit 1";
        let number: Option<String> = sqlx::query_scalar(number).fetch_optional(tx.db()).await?;
        let agents: Vec<Staff> =
            company.staff.iter().filter(|s| s.role == "agent").cloned().collect();
        Ok(Self {
            rng: Rng::new(plan.seed, "calls"),
            ids: Ids::new(plan.seed, "call ids", plan.now),
            now: plan.now,
            free_at: vec![crate::base(); agents.len()],
            agents,
            slots: HashSet::new(),
            queue: sqlx::query_scalar(queue).fetch_optional(tx.db()).await?,
            service_number: number.unwrap_or_else(|| telephony::SERVICE_NUMBER.to_owned()),
            rows: Sheet::new(
                "telephony.call (id, matter_id, direction, peer_number, service_number,
                   account_id, state, outcome, hung_up_by, digits, queue_id, agent_id, purpose,
                   legs, arrived_at, queued_at, offered_at, answered_at, ended_at, org_path)",
            ),
            offers: Sheet::new(
                "telephony.offer (call_id, seq, agent_id, channel, offered_at, ended_at, result)",
            ),
            calls: 0,
        })
    }

    pub(super) async fn flush(&mut self, tx: &mut Tx) -> Result<u64> {
        Ok(self.rows.flush(tx.db()).await? + self.offers.flush(tx.db()).await?)
    }

    /// Whoever calls: mostly a household, sometimes nobody known.
    pub(super) fn caller<'h>(&mut self, homes: &'h [Home]) -> Option<&'h Home> {
        let known = self.rng.chance(920) && !homes.is_empty();
        let n = self.rng.index(homes.len());
        if known { homes.get(n) } else { None }
    }

    /// A call comes in; gives the conversation, if there was one.
    pub(super) fn ring(
        &mut self,
        diary: &mut Diary,
        at: Instant,
        home: Option<&Home>,
    ) -> Option<Talk> {
        let stranger = format!("199{:08}", self.rng.between(0, 99_999_999));
        let number = home.map_or(stranger, |h| h.phone.clone());
        let (fate, greeting) = (self.rng.between(1, 1000), self.rng.between(3, 9));
        let menu = greeting + self.rng.between(4, 14);
        let early = match fate {
            1..=12 => Some(("abandoned_greeting", greeting)),
            13..=45 => Some(("abandoned_menu", menu)),
            _ => None,
        };
        if let Some((outcome, seconds)) = early {
            let row = self.row(at, &number, home, outcome, after(at, seconds));
            self.write(diary, row);
            return None;
        }
        let queued = after(at, menu);
        let (seat, offered) = self.seat(queued);
        let patience = after(queued, self.rng.between(20, 140));
        if offered > patience || fate <= 45 + IMPATIENT / 2 {
            let ended = if offered > patience { patience } else { after(queued, 12) };
            let mut row = self.row(at, &number, home, "abandoned_queue", ended);
            (row.digits, row.queued) = ("1", Some(queued));
            self.write(diary, row);
            return None;
        }
        self.talk(diary, (at, queued, offered), &number, home, seat)
    }

    fn talk(
        &mut self,
        diary: &mut Diary,
        (at, queued, offered): (Instant, Instant, Instant),
        number: &str,
        home: Option<&Home>,
        seat: usize,
    ) -> Option<Talk> {
        let answered_at = after(offered, self.rng.between(2, 9));
        let ended_at = after(answered_at, self.rng.between(75, 320));
        if ended_at >= self.now {
            return None;
        }
        let agent = self.agents.get(seat)?.clone();
        self.free_at[seat] = after(ended_at, self.rng.between(15, 60));
        let by = if self.rng.chance(700) { "peer" } else { "agent" };
        let row = Row {
            digits: "1",
            hung_up_by: by,
            agent: Some(agent.id),
            queued: Some(queued),
            offered: Some(offered),
            answered: Some(answered_at),
            ..self.row(at, number, home, "answered", ended_at)
        };
        let (call, matter) = (row.id, row.matter);
        self.offer(call, agent.id, offered, answered_at);
        self.write(diary, row);
        Some(Talk { call, matter, agent, answered_at, ended_at, number: number.to_owned() })
    }

    /// The agent who has been idle longest, and when the phone rings there.
    fn seat(&self, queued: Instant) -> (usize, Instant) {
        let seats = self.free_at.iter().take(INBOUND).enumerate();
        let (seat, free) = seats.min_by_key(|(_, free)| **free).unwrap_or((0, &queued));
        (seat, after(queued.max(*free), 1))
    }

    /// Somebody calls a customer back, within a quiet five minutes; gives the conversation.
    pub(super) fn call_back(
        &mut self,
        diary: &mut Diary,
        wanted: Instant,
        home: &Home,
        matter: Uuid,
        purpose: &str,
    ) -> Option<Talk> {
        let mut slot = wanted.timestamp().div_euclid(300) + 1;
        while !self.slots.insert(slot) {
            slot += 1;
        }
        let at = DateTime::from_timestamp(slot * 300 + self.rng.between(0, 40), 0)?;
        let answered_at = after(at, self.rng.between(8, 25));
        let ended_at = after(answered_at, self.rng.between(35, 150));
        if ended_at >= self.now {
            return None;
        }
        let callers = self.agents.get(INBOUND..).unwrap_or_default();
        let nth = usize::try_from(slot).unwrap_or_default() % callers.len().max(1);
        let agent = callers.get(nth)?.clone();
        let row = Row {
            matter,
            direction: "out",
            hung_up_by: "peer",
            agent: Some(agent.id),
            purpose,
            offered: Some(at),
            answered: Some(answered_at),
            ..self.row(at, &home.phone, Some(home), "answered", ended_at)
        };
        let call = row.id;
        self.write(diary, row);
        let number = home.phone.clone();
        Some(Talk { call, matter, agent, answered_at, ended_at, number })
    }

    fn row<'a>(
        &mut self,
        arrived: Instant,
        number: &'a str,
        home: Option<&Home>,
        outcome: &'a str,
        ended: Instant,
    ) -> Row<'a> {
        Row {
            id: self.ids.at(arrived),
            matter: self.ids.at(arrived),
            direction: "in",
            number,
            account: home.map(|h| h.account),
            outcome,
            hung_up_by: "peer",
            digits: "",
            agent: None,
            purpose: "",
            arrived,
            queued: None,
            offered: None,
            answered: None,
            ended,
        }
    }

    fn offer(&mut self, call: Uuid, agent: Uuid, from: Instant, to: Instant) {
        let channel = format!("past-{}", call.simple());
        self.offers.row(&[&call, &1_i32, &agent, &channel, &from, &to, &"answered"]);
    }

    fn write(&mut self, diary: &mut Diary, r: Row<'_>) {
        if r.ended >= self.now {
            return;
        }
        self.calls += 1;
        let queue = self.queue.filter(|_| r.queued.is_some());
        let legs = i32::from(r.agent.is_some());
        self.rows.row(&[
            &r.id,
            &r.matter,
            &r.direction,
            &r.number,
            &self.service_number,
            &r.account,
            &"ended",
            &r.outcome,
            &r.hung_up_by,
            &r.digits,
            &queue,
            &r.agent,
            &r.purpose,
            &legs,
            &r.arrived,
            &r.queued,
            &r.offered,
            &r.answered,
            &r.ended,
            &COMPANY,
        ]);
        let about =
            About { subject: "call", id: r.id, matter: r.matter, org_path: COMPANY.to_owned() };
        let who = Who::telephone();
        let mut note = |at, kind, payload| diary.note(at, kind, &about, payload, &who);
        note(
            r.arrived,
            "telephony.call_arrived",
            json!({
                "direction": r.direction, "number": directory::mask_phone(r.number),
                "service_number": self.service_number, "account_id": r.account,
                "purpose": r.purpose,
            }),
        );
        if let Some(at) = r.queued {
            note(at, "telephony.queued", json!({ "queue_id": queue }));
        }
        if let (Some(at), Some(agent)) = (r.offered, r.agent) {
            note(at, "telephony.offered", json!({ "agent": agent }));
        }
        if let (Some(at), Some(agent)) = (r.answered, r.agent) {
            note(at, "telephony.answered", json!({ "agent": agent }));
        }
        let seconds = r.answered.map_or(0, |from| (r.ended - from).num_seconds());
        note(
            r.ended,
            "telephony.ended",
            json!({
                "outcome": r.outcome, "hung_up_by": r.hung_up_by, "seconds": seconds,
                "agent": r.agent, "purpose": r.purpose,
            }),
        );
    }
}

fn after(at: Instant, seconds: i64) -> Instant {
    at + TimeDelta::seconds(seconds)
}
