//! Orders of the past, walked through their own rules as far as time allows.

mod round;
mod verdict;

use super::calls::{Exchange, Talk};
use super::diary::{About, Diary, Who};
use crate::Plan;
use crate::company::Company;
use crate::household::Home;
use crate::random::{Ids, Rng};
use crate::sheet::Sheet;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::clock::local_date;
use kernel::{Error, Result, Rule, Tx};
use orders::{Limits, Policy, State, Urgency, WorkOrder};
use round::Walk;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

type Instant = DateTime<Utc>;

/// A symptom, how much it presses, what the caller said, what was found and done.
const REPAIRS: &[(&str, i16, &str, &str, &str, &str)] = &[
    ("no_heat", 2, "全屋不热，暖气片冰凉", "air_lock", "气堵", "排气后全屋回热"),
    ("no_heat", 2, "早上起来不热了", "valve_broken", "入户阀门故障", "更换入户阀，已恢复"),
    ("not_hot", 1, "温度上不去，客厅只有十六度", "filter_clogged", "过滤器堵塞", "清洗过滤器"),
    ("not_hot", 1, "晚上偏凉，老人觉得冷", "imbalance", "水力失调", "调节立管流量"),
    ("partly_cold", 1, "次卧不热，其他屋正常", "manifold_fault", "分集水器故障", "更换分水器阀芯"),
    ("partly_cold", 1, "卫生间暖气不热", "air_lock", "气堵", "放气处理"),
    ("leak", 2, "暖气接头滴水", "indoor_leak", "户内管道漏水", "更换密封垫，试压正常"),
    ("noise", 1, "管道夜里有响声", "low_flow", "流量不足", "调整流速，异响消失"),
    ("valve_fault", 1, "阀门拧不动", "valve_broken", "入户阀门故障", "更换阀门"),
];
const ANSWERS: &[(&str, &str, &str)] = &[
    ("fee", "询问今年热费怎么交", "已告知可在微信、银行和营业厅缴费"),
    ("policy", "询问停热怎么办理", "已告知办理时间和所需材料"),
    ("schedule", "询问供热什么时候结束", "已告知供热至三月十五日"),
];
/// Rounds that one order may take here.
const MOST_ROUNDS: i32 = 2;

/// Where orders of the past are made.
pub(super) struct Desk<'a> {
    company: &'a Company,
    rng: Rng,
    ids: Ids,
    now: Instant,
    policies: HashMap<String, Policy>,
    /// When each repairer is free again.
    free_at: HashMap<Uuid, Instant>,
    orders: Sheet,
    calls: Sheet,
    revisits: Sheet,
    visits: Sheet,
    temperatures: Sheet,
    pub count: u64,
}

/// An order on its way, with what is written beside its own facts.
struct Case<'a> {
    order: WorkOrder,
    home: &'a Home,
    symptom: &'a str,
    description: &'a str,
    opened_by: Uuid,
    about: About,
}

impl<'a> Desk<'a> {
    pub(super) async fn new(tx: &mut Tx, plan: &Plan, company: &'a Company) -> Result<Self> {
        Ok(Self {
            company,
            rng: Rng::new(plan.seed, "orders"),
            ids: Ids::new(plan.seed, "order ids", plan.now),
            now: plan.now,
            policies: policies(tx).await?,
            free_at: HashMap::new(),
            orders: Sheet::new(
                "orders.work_order (id, no, matter_id, kind, symptom, urgency, state, round,
                   account_id, premise_id, unit_id, riser_id, community, address, lng, lat,
                   contact_name, contact_phone, description, channel, org_id, org_path,
                   assignee_id, accept_due, arrive_due, finish_due, revisit_due, next_due,
                   warn_at, cause, resolution, satisfaction, opened_by, opened_at, dispatched_at,
                   accepted_at, set_out_at, arrived_at, finished_at, closed_at, version)",
            ),
            calls: Sheet::new("orders.order_call (order_id, call_id, why, at)"),
            revisits: Sheet::new(
                "orders.revisit (id, order_id, round, state, due_at, attempts, result, reason,
                                 done_by, done_at)",
            ),
            visits: Sheet::new(
                "field.visit (id, order_id, round, staff_id, accepted_at, set_out_at, arrived_at,
                   arrived_lng, arrived_lat, accuracy_m, distance_m, finished_at, cause, note)",
            ),
            temperatures: Sheet::new(
                "field.temperature (id, visit_id, room, decidegrees, taken_at)",
            ),
            count: 0,
        })
    }

    /// Sends the rows, and lets the numbers go on where they ended.
    pub(super) async fn flush(&mut self, tx: &mut Tx) -> Result<u64> {
        let mut rows = 0;
        for sheet in [
            &mut self.orders,
            &mut self.calls,
            &mut self.revisits,
            &mut self.visits,
            &mut self.temperatures,
        ] {
            rows += sheet.flush(tx.db()).await?;
        }
        if self.count > 0 {
            let last = i64::try_from(self.count).unwrap_or(i64::MAX);
            sqlx::query("select setval('orders.number', $1)").bind(last).execute(tx.db()).await?;
        }
        Ok(rows)
    }

    /// Some conversations become an order.
    pub(super) fn maybe_file(
        &mut self,
        diary: &mut Diary,
        exchange: &mut Exchange,
        home: &Home,
        talk: &Talk,
    ) -> Result<()> {
        match self.rng.between(1, 1000) {
            1..=270 => self.repair(diary, exchange, home, talk),
            271..=380 => self.consult(diary, home, talk),
            _ => Ok(()),
        }
    }

    fn consult(&mut self, diary: &mut Diary, home: &Home, talk: &Talk) -> Result<()> {
        let (symptom, asked, words) = ANSWERS[self.rng.index(ANSWERS.len())];
        let mut case = self.file(diary, home, talk, "consult", (symptom, 1, asked))?;
        let at = case.order.opened_at;
        let before = case.order.state;
        case.order.answer(words, at).map_err(told)?;
        let who = Who::staff(&talk.agent, "desk");
        tell(diary, &case, before, at, "order.answered", json!({ "words": words }), &who);
        tell(diary, &case, before, at, "order.closed", json!({}), &who);
        self.write(&case, 1);
        Ok(())
    }

    fn repair(
        &mut self,
        diary: &mut Diary,
        exchange: &mut Exchange,
        home: &Home,
        talk: &Talk,
    ) -> Result<()> {
        let (symptom, urgency, said, cause, cause_name, done) =
            REPAIRS[self.rng.index(REPAIRS.len())];
        let mut case = self.file(diary, home, talk, "repair", (symptom, urgency, said))?;
        let mut version = 1;
        let mut from = case.order.opened_at;
        while let Some(repairer) = self.repairer(home.station) {
            let walk = Walk { repairer, cause: (cause, cause_name), done };
            version += self.visit(diary, &mut case, &walk, from)?;
            version += self.judge(diary, &mut case)?;
            let Some(asked) = self.revisit(diary, exchange, &mut case)? else { break };
            version += 1;
            if case.order.state != State::Filed {
                break;
            }
            from = asked;
        }
        self.write(&case, version);
        Ok(())
    }

    fn file<'h>(
        &mut self,
        diary: &mut Diary,
        home: &'h Home,
        talk: &Talk,
        kind: &str,
        (symptom, urgency, said): (&'h str, i16, &'h str),
    ) -> Result<Case<'h>> {
        let policy = self.policies.get(kind).cloned().ok_or(Error::NotFound("kind"))?;
        let urgency = Urgency::try_from(urgency)?;
        let within = (talk.ended_at - talk.answered_at).num_seconds();
        let at = talk.answered_at + TimeDelta::seconds(self.rng.between(within / 2, within - 5));
        let limits = policy.limits(urgency, at, None);
        self.count += 1;
        let order = self.draft(home, talk, kind, policy, urgency, (at, limits));
        let id = *order.id;
        self.calls.row(&[&id, &talk.call, &"filing", &at]);
        let about =
            About { subject: "order", id, matter: talk.matter, org_path: home.org_path.clone() };
        let opened_by = talk.agent.id;
        let case = Case { order, home, symptom, description: said, opened_by, about };
        let payload = json!({
            "kind": kind, "symptom": symptom, "urgency": urgency, "origin": "phone",
            "address": home.address, "description": said, "call_id": talk.call,
            "accept_due": limits.accept, "arrive_due": limits.arrive,
            "finish_due": limits.finish,
        });
        let who = Who::staff(&talk.agent, "desk");
        tell(diary, &case, State::Filed, at, "order.filed", payload, &who);
        Ok(case)
    }

    fn draft(
        &mut self,
        home: &Home,
        talk: &Talk,
        kind: &str,
        policy: Policy,
        urgency: Urgency,
        (at, limits): (Instant, Limits),
    ) -> WorkOrder {
        let station = &self.company.stations[home.station];
        let mut order = WorkOrder {
            id: self.ids.at(at).into(),
            no: format!("GD{}-{:04}", local_date(at).format("%Y%m%d"), self.count),
            matter_id: talk.matter.into(),
            kind: kind.to_owned(),
            policy,
            urgency,
            state: State::Filed,
            round: 1,
            account_id: Some(home.account.into()),
            contact_phone: talk.number.clone(),
            org_id: station.id.into(),
            org_path: station.path.clone(),
            assignee_id: None,
            supervisor_id: None,
            appointment_from: None,
            appointment_to: None,
            accept_due: limits.accept,
            arrive_due: limits.arrive,
            finish_due: limits.finish,
            revisit_due: None,
            next_due: None,
            warn_at: None,
            chases: 0,
            cause: None,
            resolution: String::new(),
            satisfaction: None,
            opened_at: at,
            dispatched_at: None,
            accepted_at: None,
            set_out_at: None,
            arrived_at: None,
            finished_at: None,
            closed_at: None,
            version: 1,
        };
        order.set_limits(limits, at);
        order
    }

    fn write(&mut self, case: &Case<'_>, version: i32) {
        let (o, h) = (&case.order, case.home);
        let (state, urgency): (&str, i16) = (o.state.into(), o.urgency.into());
        let satisfaction = o.satisfaction.map(<&str>::from);
        let assignee = o.assignee_id.map(|a| *a);
        self.orders.row(&[
            &*o.id,
            &o.no,
            &*o.matter_id,
            &o.kind,
            &case.symptom,
            &urgency,
            &state,
            &o.round,
            &h.account,
            &h.premise,
            &h.unit,
            &h.riser,
            &h.community,
            &h.address,
            &h.lng,
            &h.lat,
            &h.name,
            &o.contact_phone,
            &case.description,
            &"phone",
            &*o.org_id,
            &o.org_path,
            &assignee,
            &o.accept_due,
            &o.arrive_due,
            &o.finish_due,
            &o.revisit_due,
            &o.next_due,
            &o.warn_at,
            &o.cause,
            &o.resolution,
            &satisfaction,
            &case.opened_by,
            &o.opened_at,
            &o.dispatched_at,
            &o.accepted_at,
            &o.set_out_at,
            &o.arrived_at,
            &o.finished_at,
            &o.closed_at,
            &version,
        ]);
    }
}

/// Writes down what happened to an order that was in state `from` before.
fn tell(
    diary: &mut Diary,
    case: &Case<'_>,
    from: State,
    at: Instant,
    kind: &'static str,
    payload: Value,
    who: &Who,
) {
    let o = &case.order;
    let mut all = json!({ "no": o.no, "round": o.round, "from_state": from, "to_state": o.state });
    if let (Some(all), Value::Object(more)) = (all.as_object_mut(), payload) {
        all.extend(more);
    }
    diary.note(at, kind, &case.about, all, who);
}

fn told(rule: impl Rule) -> Error {
    rule.into()
}

type PolicyRow = (String, bool, bool, bool, Vec<i32>, Vec<i32>, Vec<i32>, i32);

async fn policies(tx: &mut Tx) -> Result<HashMap<String, Policy>> {
    let rows: Vec<PolicyRow> = sqlx::query_as(
        "select key, needs_visit, needs_revisit, auto_audit, accept_min, arrive_min, finish_min,
                revisit_min from orders.kind",
    )
    .fetch_all(tx.db())
    .await?;
    let policy = |r: PolicyRow| {
        let policy = Policy {
            needs_visit: r.1,
            needs_revisit: r.2,
            auto_audit: r.3,
            accept_min: r.4,
            arrive_min: r.5,
            finish_min: r.6,
            revisit_min: r.7,
        };
        (r.0, policy)
    };
    Ok(rows.into_iter().map(policy).collect())
}
