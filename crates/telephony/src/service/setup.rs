//! Queues and flows, changed while calls run.

use crate::TelephonyRule;
use crate::events::Configured;
use crate::model::flow::Graph;
use crate::model::queue::Strategy;
use crate::permissions::{ANSWER, CONFIGURE, SUPERVISE};
use crate::store::{lists, setup};
use crate::views::{MemberView, QueueView};
use kernel::{Error, QueueId, Result, Tx, UserId};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

/// A change of a queue; what is absent stays.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeQueue {
    /// Name, Chinese.
    pub name: Option<String>,
    /// Name, English.
    pub name_en: Option<String>,
    /// In which order agents are rung.
    pub strategy: Option<Strategy>,
    /// Seconds that one agent is rung, 5 to 120.
    pub ring_s: Option<i32>,
    /// Seconds to write up, 0 to 1800.
    pub wrap_up_s: Option<i32>,
    /// Seconds between comforting announcements, 10 to 600.
    pub comfort_s: Option<i32>,
}

/// A member as a client names one.
#[derive(Clone, Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// Who.
    pub staff_id: UserId,
    /// `static` or `dynamic`.
    #[serde(default = "fixed")]
    pub manner: Manner,
    /// Place in the order.
    #[serde(default)]
    pub sort: i32,
}

/// How somebody belongs to a queue.
#[derive(Clone, Copy, Debug, serde::Deserialize, strum::IntoStaticStr, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Manner {
    /// Always.
    Static,
    /// For a shift.
    Dynamic,
}

fn fixed() -> Manner {
    Manner::Static
}

/// The queues with their load.
pub async fn queues(tx: &mut Tx) -> Result<Vec<QueueView>> {
    tx.require(ANSWER).or_else(|_| tx.require(SUPERVISE)).or_else(|_| tx.require(CONFIGURE))?;
    let rows = setup::queues(tx.db()).await?;
    let mut members: HashMap<QueueId, Vec<MemberView>> = HashMap::new();
    for m in setup::members(tx.db()).await? {
        let view =
            MemberView { staff_id: m.staff_id, name: m.name, manner: m.manner, sort: m.sort };
        members.entry(m.queue_id).or_default().push(view);
    }
    let loads: HashMap<_, _> = lists::loads(tx).await?.into_iter().map(|l| (l.id, l)).collect();
    let now = tx.now();
    let views = rows.into_iter().map(|q| {
        let load = loads.get(&q.id);
        let oldest = load.and_then(|l| l.oldest);
        QueueView {
            waiting: load.map_or(0, |l| l.waiting),
            longest_wait_s: oldest.map_or(0, |o| (now - o).num_seconds().max(0)),
            idle: load.map_or(0, |l| l.idle),
            talking: load.map_or(0, |l| l.talking),
            wrap_up: load.map_or(0, |l| l.wrap_up),
            members: members.remove(&q.id).unwrap_or_default(),
            id: q.id,
            key: q.key,
            name: q.name,
            name_en: q.name_en,
            strategy: q.strategy,
            ring_s: q.ring_s,
            wrap_up_s: q.wrap_up_s,
            comfort_s: q.comfort_s,
        }
    });
    Ok(views.collect())
}

/// Changes a queue.
pub async fn change_queue(tx: &mut Tx, id: QueueId, change: ChangeQueue) -> Result<QueueView> {
    tx.require(CONFIGURE)?;
    let before = one(tx, id).await?;
    if change.strategy.is_some_and(|s| !s.is_supported()) {
        return Err(TelephonyRule::StrategyUnsupported.into());
    }
    let mut row = setup::queues(tx.db())
        .await?
        .into_iter()
        .find(|q| q.id == id)
        .ok_or(Error::NotFound("queue"))?;
    row.name = change.name.unwrap_or(row.name);
    row.name_en = change.name_en.unwrap_or(row.name_en);
    row.strategy = change.strategy.unwrap_or(row.strategy);
    row.ring_s = change.ring_s.unwrap_or(row.ring_s);
    row.wrap_up_s = change.wrap_up_s.unwrap_or(row.wrap_up_s);
    row.comfort_s = change.comfort_s.unwrap_or(row.comfort_s);
    within(&row)?;
    setup::save_queue(tx, &row).await?;
    let after = one(tx, id).await?;
    configured(tx, *id, "queue", &after.key, &before, &after)?;
    Ok(after)
}

fn within(row: &setup::QueueRow) -> Result<()> {
    let faults = [
        (!(5..=120).contains(&row.ring_s), "ring_s", "振铃须为5至120秒", "5 to 120 seconds"),
        (
            !(0..=1800).contains(&row.wrap_up_s),
            "wrap_up_s",
            "整理须为0至1800秒",
            "0 to 1800 seconds",
        ),
        (
            !(10..=600).contains(&row.comfort_s),
            "comfort_s",
            "安抚间隔须为10至600秒",
            "10 to 600 seconds",
        ),
        (row.name.trim().is_empty(), "name", "名称不能为空", "must not be empty"),
    ];
    match faults.into_iter().find(|f| f.0) {
        Some((_, field, zh, en)) => Err(Error::invalid(field, zh, en)),
        None => Ok(()),
    }
}

/// Says who serves a queue.
pub async fn set_members(tx: &mut Tx, id: QueueId, members: &[NewMember]) -> Result<QueueView> {
    tx.require(CONFIGURE)?;
    let before = one(tx, id).await?;
    let distinct: BTreeSet<UserId> = members.iter().map(|m| m.staff_id).collect();
    if distinct.len() != members.len() || members.len() > 1000 {
        let en = "everybody once, at most 1000";
        return Err(Error::invalid("members", "成员重复或过多", en));
    }
    let rows: Vec<_> =
        members.iter().map(|m| (m.staff_id, <&str>::from(m.manner).to_owned(), m.sort)).collect();
    setup::set_members(tx, id, &rows).await?;
    let after = one(tx, id).await?;
    configured(tx, *id, "queue", &after.key, &before, &after)?;
    Ok(after)
}

async fn one(tx: &mut Tx, id: QueueId) -> Result<QueueView> {
    queues(tx).await?.into_iter().find(|q| q.id == id).ok_or(Error::NotFound("queue"))
}

fn configured(
    tx: &mut Tx,
    subject: uuid::Uuid,
    what: &'static str,
    key: &str,
    from: &impl serde::Serialize,
    to: &impl serde::Serialize,
) -> Result<()> {
    let (from, to) = (json!(from), json!(to));
    tx.emit(&Configured { subject, what, key: key.to_owned(), from, to })
}

/// A flow as clients see it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct FlowView {
    /// Stable name.
    pub key: String,
    /// Which version answers.
    pub version: i32,
    /// The graph.
    pub graph: Graph,
    /// The numbers that it answers.
    pub numbers: Vec<String>,
}

/// The flows that answer now.
pub async fn flows(tx: &mut Tx) -> Result<Vec<FlowView>> {
    tx.require(CONFIGURE)?;
    let numbers = setup::service_numbers(tx.db()).await?;
    let mut newest: Vec<FlowView> = Vec::new();
    // By key, then by version: the last of each is the newest.
    for flow in setup::flows(tx.db()).await? {
        newest.retain(|f| f.key != flow.key);
        let of_flow = numbers.iter().filter(|(_, f)| *f == flow.key).map(|(n, _)| n.clone());
        let numbers = of_flow.collect();
        newest.push(FlowView { key: flow.key, version: flow.version, graph: flow.graph, numbers });
    }
    Ok(newest)
}

/// Publishes the next version of a flow; calls under way finish the version that they began.
pub async fn publish_flow(tx: &mut Tx, key: &str, graph: &Graph) -> Result<FlowView> {
    tx.require(CONFIGURE)?;
    if key.is_empty() || key.len() > 40 || !key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    {
        return Err(Error::invalid("key", "流程名称无效", "small letters and _, at most 40"));
    }
    let keys = setup::queues(tx.db()).await?.into_iter().map(|q| q.key).collect();
    let faults = graph.faults(&keys);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let before = flows(tx).await?.into_iter().find(|f| f.key == key);
    let by = tx.actor().user;
    setup::publish(tx, key, graph, by).await?;
    let after = flows(tx).await?.into_iter().find(|f| f.key == key);
    let after = after.ok_or(Error::NotFound("flow"))?;
    let subject = tx.new_id();
    configured(tx, subject, "flow", key, &before, &after)?;
    Ok(after)
}
