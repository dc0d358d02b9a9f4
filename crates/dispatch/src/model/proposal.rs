//! Facts in, ranking out: the border to `routing`, and how a ranking is shown and kept.

use chrono::{DateTime, Utc};
use kernel::{MatterId, OrderId, ProposalId, UserId};
use orders::{State, Urgency};
use routing::{ExclusionCode, Policy, Position, Ranking};
use serde_json::{Value, json};
use uuid::Uuid;

use super::ONLINE_FOR;

/// Who should go, and why.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Proposal {
    /// Which proposal: pass it when assigning, so that a change since is noticed.
    pub id: ProposalId,
    /// For which order.
    pub order_id: OrderId,
    /// For which round of it.
    pub round: i32,
    /// When the facts were read.
    pub made_at: DateTime<Utc>,
    /// Who can go, best first.
    pub ranked: Vec<RankedWorker>,
    /// Who cannot, and why.
    pub excluded: Vec<ExcludedWorker>,
}

/// A repairer who can go.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct RankedWorker {
    /// Who.
    pub staff_id: UserId,
    /// His name.
    pub name: String,
    /// His telephone number, masked; empty when none is known.
    pub phone_masked: String,
    /// Sum of the parts' points; more is better.
    pub total: i64,
    /// Why this total.
    pub parts: Vec<Part>,
    /// Orders that he holds.
    pub open: u32,
    /// Whether his phone was heard just now.
    pub online: bool,
    /// Whether he works now.
    pub on_shift: bool,
    /// Metres to the house.
    #[schema(required)]
    pub distance_m: Option<u32>,
    /// Minutes until he can be there.
    pub arrival_minutes: u32,
    /// When his position was taken.
    #[schema(required)]
    pub position_at: Option<DateTime<Utc>>,
}

/// One part of a total.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = RankingPart)]
pub struct Part {
    /// What it is about: a code of the ranking, or `previous_visit` (he was here in an earlier
    /// round; value: how often; no points).
    pub code: String,
    /// Points that it adds or takes.
    pub points: i64,
    /// The fact behind it.
    pub value: i64,
}

/// A repairer who cannot go.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct ExcludedWorker {
    /// Who.
    pub staff_id: UserId,
    /// His name.
    pub name: String,
    /// The first reason.
    pub reason: String,
    /// The number behind it.
    #[schema(required)]
    pub value: Option<i64>,
    /// All reasons.
    pub reasons: Vec<Why>,
}

/// One reason why somebody cannot go.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = ExclusionReason)]
pub struct Why {
    /// Which.
    pub code: String,
    /// The number behind it.
    #[schema(required)]
    pub value: Option<i64>,
}

/// What is known of an order that needs somebody.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub order_id: OrderId,
    pub matter_id: MatterId,
    pub state: State,
    pub round: i32,
    pub urgency: Urgency,
    pub org_path: String,
    pub assignee_id: Option<UserId>,
    pub arrive_due: DateTime<Utc>,
    pub lng: Option<f64>,
    pub lat: Option<f64>,
    pub skill: Option<String>,
    pub community_id: Option<Uuid>,
    pub building_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub riser_id: Option<Uuid>,
    pub branch_id: Uuid,
    pub branch_path: String,
    pub station_id: Option<Uuid>,
}

/// What is known of a repairer.
#[derive(Clone, Debug)]
pub(crate) struct WorkerFacts {
    pub staff_id: UserId,
    pub name: String,
    pub phone: Option<String>,
    pub skills: Vec<String>,
    pub on_shift: bool,
    pub seen_at: Option<DateTime<Utc>>,
    pub lng: Option<f64>,
    pub lat: Option<f64>,
    pub accuracy_m: Option<f64>,
    pub position_at: Option<DateTime<Utc>>,
    pub load_cap: i32,
    pub station_id: Option<Uuid>,
    pub station_lng: Option<f64>,
    pub station_lat: Option<f64>,
    pub territories: Vec<Uuid>,
    /// He gave this order back in this round.
    pub declined: bool,
    /// How often he finished this order before.
    pub visits: i64,
    pub open: Vec<routing::OpenOrder>,
}

/// A proposal as it was kept.
pub(crate) struct Stored {
    pub order_id: OrderId,
    pub round: i32,
    pub ranking: Value,
    /// Who had the order then.
    pub assigned_to: Option<UserId>,
    pub decided: bool,
}

impl Stored {
    /// The first of the ranking.
    pub fn first(&self) -> Option<UserId> {
        self.candidates("ranked").next()
    }

    /// Whether this person was considered.
    pub fn considered(&self, who: UserId) -> bool {
        self.candidates("ranked").chain(self.candidates("excluded")).any(|id| id == who)
    }

    fn candidates(&self, list: &str) -> impl Iterator<Item = UserId> {
        let rows = self.ranking.get(list).and_then(Value::as_array).into_iter().flatten();
        rows.filter_map(|row| row.get("staff_id")?.as_str()?.parse::<Uuid>().ok().map(Into::into))
    }
}

/// Ranks the repairers for the order and joins what people want to read.
pub(crate) fn judge(
    id: ProposalId,
    facts: &Facts,
    workers: &[WorkerFacts],
    now: DateTime<Utc>,
) -> Proposal {
    let candidates: Vec<_> = workers.iter().map(|w| candidate(w, facts, now)).collect();
    let mut ranking = routing::rank(&order(facts, now), &candidates, &policy());
    respect_caps(&mut ranking, facts, workers);
    let known = |id: Uuid| workers.iter().find(|w| *w.staff_id == id);
    let ranked = ranking.ranked.iter().filter_map(|r| Some(ranked(r, known(r.candidate)?, now)));
    let excluded = ranking.excluded.iter().filter_map(|e| Some(excluded(e, known(e.candidate)?)));
    Proposal {
        id,
        order_id: facts.order_id,
        round: facts.round,
        made_at: now,
        ranked: ranked.collect(),
        excluded: excluded.collect(),
    }
}

impl Proposal {
    /// What history tells of it: the best five, and how many could not go.
    pub(crate) fn to_told(stored: &Value, id: ProposalId) -> Value {
        let list = |key: &str| stored.get(key).and_then(Value::as_array).map_or(&[][..], |v| v);
        let best = list("ranked").get(..5).unwrap_or(list("ranked"));
        json!({"proposal_id": id, "ranked": best, "excluded": list("excluded").len()})
    }

    /// As it is kept: without telephone numbers.
    pub(crate) fn to_stored(&self) -> Value {
        let ranked: Vec<_> = self
            .ranked
            .iter()
            .map(|r| {
                json!({"staff_id": r.staff_id, "name": r.name, "total": r.total,
                       "parts": r.parts, "open": r.open, "distance_m": r.distance_m,
                       "arrival_minutes": r.arrival_minutes})
            })
            .collect();
        json!({"ranked": ranked, "excluded": self.excluded})
    }
}

/// Each repairer has a cap of his own; who was heard within [`ONLINE_FOR`] is online.
fn policy() -> Policy {
    let no_cap = routing::ByUrgency { ordinary: u16::MAX, urgent: u16::MAX, emergency: u16::MAX };
    let minutes = u16::try_from(ONLINE_FOR.num_minutes()).unwrap_or(u16::MAX);
    Policy { load_cap: no_cap, offline_after_minutes: minutes, ..Policy::default() }
}

/// Takes out who holds as many orders as he may; urgent ones may go one or two on top.
fn respect_caps(ranking: &mut Ranking, facts: &Facts, workers: &[WorkerFacts]) {
    let on_top = i64::from(i16::from(facts.urgency)) - 1;
    let is_full = |r: &routing::Ranked| {
        let worker = workers.iter().find(|w| *w.staff_id == r.candidate);
        worker.is_some_and(|w| i64::from(r.open_orders) >= i64::from(w.load_cap) + on_top)
    };
    let (full, free) = std::mem::take(&mut ranking.ranked).into_iter().partition(is_full);
    ranking.ranked = free;
    let full: Vec<routing::Ranked> = full;
    ranking.excluded.extend(full.into_iter().map(|r| routing::Excluded {
        candidate: r.candidate,
        reasons: vec![routing::Exclusion {
            code: ExclusionCode::Full,
            value: Some(i64::from(r.open_orders)),
        }],
    }));
}

fn order(facts: &Facts, now: DateTime<Utc>) -> routing::Order {
    routing::Order {
        skill: facts.skill.clone(),
        at: point(facts.lng, facts.lat),
        branch: facts.branch_id,
        territory: facts.community_id,
        station: facts.station_id,
        building: facts.building_id,
        unit: facts.unit_id,
        riser: facts.riser_id,
        urgency: urgency(facts.urgency),
        minutes_left: Some((facts.arrive_due - now).num_minutes()),
    }
}

fn candidate(w: &WorkerFacts, facts: &Facts, now: DateTime<Utc>) -> routing::Candidate {
    let seconds = |at: DateTime<Utc>| u32::try_from((now - at).num_seconds().max(0));
    let position = point(w.lng, w.lat).zip(w.position_at).map(|(at, since)| Position {
        at,
        age_seconds: seconds(since).unwrap_or(u32::MAX),
        accuracy_metres: whole(w.accuracy_m.unwrap_or_default()),
    });
    routing::Candidate {
        id: *w.staff_id,
        skills: w.skills.clone(),
        // Only the branch's own people were read.
        branch: facts.branch_id,
        home_station: w.station_id,
        home_at: point(w.station_lng, w.station_lat),
        territories: w.territories.clone(),
        position,
        on_shift: w.on_shift,
        accepting: true,
        declined: w.declined,
        silent_minutes: w.seen_at.map(|at| seconds(at).map_or(u32::MAX, |s| s / 60)),
        open: w.open.clone(),
    }
}

fn ranked(r: &routing::Ranked, w: &WorkerFacts, now: DateTime<Utc>) -> RankedWorker {
    let mut parts: Vec<_> = r
        .parts
        .iter()
        .map(|p| Part { code: word(p.code), points: p.points, value: p.value })
        .collect();
    if w.visits > 0 {
        parts.push(Part { code: "previous_visit".to_owned(), points: 0, value: w.visits });
    }
    RankedWorker {
        staff_id: w.staff_id,
        name: w.name.clone(),
        phone_masked: w.phone.as_deref().map(directory::mask_phone).unwrap_or_default(),
        total: r.total,
        parts,
        open: r.open_orders,
        online: w.seen_at.is_some_and(|at| now - at <= ONLINE_FOR),
        on_shift: w.on_shift,
        distance_m: r.metres,
        arrival_minutes: r.arrival_minutes,
        position_at: w.position_at,
    }
}

fn excluded(e: &routing::Excluded, w: &WorkerFacts) -> ExcludedWorker {
    let reasons: Vec<_> =
        e.reasons.iter().map(|r| Why { code: word(r.code), value: r.value }).collect();
    let first = reasons.first().cloned();
    ExcludedWorker {
        staff_id: w.staff_id,
        name: w.name.clone(),
        reason: first.as_ref().map(|r| r.code.clone()).unwrap_or_default(),
        value: first.and_then(|r| r.value),
        reasons,
    }
}

pub(crate) fn urgency(urgency: Urgency) -> routing::Urgency {
    routing::Urgency::try_from(i16::from(urgency)).unwrap_or(routing::Urgency::Ordinary)
}

/// A code's stable name: its serde form.
fn word(code: impl serde::Serialize) -> String {
    serde_json::to_value(code).ok().and_then(|v| Some(v.as_str()?.to_owned())).unwrap_or_default()
}

fn point(lng: Option<f64>, lat: Option<f64>) -> Option<routing::Point> {
    lng.zip(lat).and_then(|(lng, lat)| routing::Point::new(lng, lat).ok())
}

/// Whole metres; what is no number, or negative, is none.
fn whole(metres: f64) -> u32 {
    // A float cast saturates, so nothing can wrap.
    metres.round() as u32
}
