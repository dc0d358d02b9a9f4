//! The chain of one matter: first which calls and orders belong to it, then what hangs on them.

use crate::{ChainEdge, ChainEnd, ChainNode, NodeKind};
use kernel::{MatterId, Result, Scope, Tx};
use uuid::Uuid;

/// Calls and orders of a matter, and those that are linked to them.
pub(crate) struct Roots {
    pub calls: Vec<Uuid>,
    pub orders: Vec<Uuid>,
    /// Whether any of them is in sight.
    pub seen: bool,
}

/// Where the chain begins.
pub(crate) async fn roots(tx: &mut Tx, matter: MatterId, scope: &Scope) -> Result<Roots> {
    let r = sqlx::query!(
        r#"with own as (
             select id from orders.work_order where matter_id = $1),
           led as (
             select id from telephony.call where matter_id = $1
             union
             select oc.call_id from orders.order_call oc join own on own.id = oc.order_id),
           ordered as (
             select id from own
             union
             select oc.order_id from orders.order_call oc join led on led.id = oc.call_id),
           spoken as (
             select id from led
             union
             select oc.call_id from orders.order_call oc join ordered on ordered.id = oc.order_id)
           select array(select id from spoken) as "calls!",
                  array(select id from ordered) as "orders!",
                  exists (select from orders.work_order o join ordered on ordered.id = o.id
                          where o.org_path ^@ any($2) or o.assignee_id = $3)
                  or exists (select from telephony.call c join spoken on spoken.id = c.id
                             where c.org_path ^@ any($2) or c.agent_id = $3) as "seen!""#,
        *matter,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_one(tx.db())
    .await?;
    Ok(Roots { calls: r.calls, orders: r.orders, seen: r.seen })
}

/// One kind of node with the edges that lead to it.
pub(crate) struct Link {
    from: Option<Uuid>,
    why: Option<String>,
    id: Uuid,
    label: String,
    state: String,
    at: chrono::DateTime<chrono::Utc>,
}

/// Nodes, each once, and the edges from nodes of kind `from` to them.
pub(crate) fn unfold(
    links: Vec<Link>,
    from: NodeKind,
    to: NodeKind,
    edges: &mut Vec<ChainEdge>,
) -> Vec<ChainNode> {
    let mut nodes: Vec<ChainNode> = Vec::new();
    for link in links {
        if let (Some(id), Some(why)) = (link.from, link.why) {
            let (from, to) = (ChainEnd { kind: from, id }, ChainEnd { kind: to, id: link.id });
            edges.push(ChainEdge { from, to, why });
        }
        if nodes.iter().all(|n| n.id != link.id) {
            let Link { id, label, state, at, .. } = link;
            nodes.push(ChainNode { id, label, state, at });
        }
    }
    nodes
}

/// Calls.
pub(crate) async fn chain_calls(tx: &mut Tx, calls: &[Uuid]) -> Result<Vec<Link>> {
    let links = sqlx::query_as!(
        Link,
        r#"select null::uuid as "from", null::text as why, c.id as "id: Uuid",
                  concat_ws(' · ', c.direction, s.name) as "label!",
                  coalesce(c.outcome, c.state) as "state!", c.arrived_at as at
           from telephony.call c left join identity.staff s on s.id = c.agent_id
           where c.id = any($1) order by c.arrived_at"#,
        calls,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(links)
}

/// Recordings, from their calls.
pub(crate) async fn chain_recordings(tx: &mut Tx, calls: &[Uuid]) -> Result<Vec<Link>> {
    let links = sqlx::query_as!(
        Link,
        r#"select call_id as "from", 'recorded' as why, coalesce(file_id, call_id) as "id!",
                  concat(round(coalesce(seconds, 0))::int, ' s') as "label!", state,
                  started_at as at
           from telephony.recording where call_id = any($1) order by started_at"#,
        calls,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(links)
}

/// Orders, from the calls that filed, chased or followed them.
pub(crate) async fn chain_orders(tx: &mut Tx, orders: &[Uuid]) -> Result<Vec<Link>> {
    let links = sqlx::query_as!(
        Link,
        r#"select oc.call_id as "from?", oc.why as "why?", o.id as "id: Uuid", o.no as label,
                  o.state, o.opened_at as at
           from orders.work_order o left join orders.order_call oc on oc.order_id = o.id
           where o.id = any($1) order by o.opened_at, oc.at"#,
        orders,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(links)
}

/// Visits, from their orders.
pub(crate) async fn chain_visits(tx: &mut Tx, orders: &[Uuid]) -> Result<Vec<Link>> {
    let links = sqlx::query_as!(
        Link,
        r#"select v.order_id as "from", 'visited' as why, v.id,
                  concat_ws(' · ', v.round, s.name) as "label!",
                  case when v.finished_at is not null then 'finished'
                       when v.returned_at is not null then 'returned'
                       when v.arrived_at is not null then 'on_site' else 'accepted' end as "state!",
                  v.accepted_at as at
           from field.visit v join identity.staff s on s.id = v.staff_id
           where v.order_id = any($1) order by v.accepted_at"#,
        orders,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(links)
}

/// Photos, sounds and signatures, from their visits.
pub(crate) async fn chain_evidence(tx: &mut Tx, orders: &[Uuid]) -> Result<Vec<Link>> {
    let links = sqlx::query_as!(
        Link,
        r#"select e.visit_id as "from", 'proved' as why, e.file_id as id, e.kind as label,
                  'received' as "state!", e.taken_at as at
           from field.evidence e join field.visit v on v.id = e.visit_id
           where v.order_id = any($1) order by e.taken_at"#,
        orders,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(links)
}

/// Temperatures, from their visits.
pub(crate) async fn chain_temperatures(tx: &mut Tx, orders: &[Uuid]) -> Result<Vec<Link>> {
    let links = sqlx::query_as!(
        Link,
        r#"select m.visit_id as "from", 'measured' as why, m.id,
                  concat(m.room, ' ', round(m.decidegrees / 10.0, 1), ' ℃') as "label!",
                  'measured' as "state!", m.taken_at as at
           from field.temperature m join field.visit v on v.id = m.visit_id
           where v.order_id = any($1) order by m.taken_at"#,
        orders,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(links)
}

/// Revisits, from their orders.
pub(crate) async fn chain_revisits(tx: &mut Tx, orders: &[Uuid]) -> Result<Vec<Link>> {
    let links = sqlx::query_as!(
        Link,
        r#"select order_id as "from", 'asked' as why, id, round::text as "label!",
                  coalesce(result, state) as "state!", coalesce(done_at, due_at) as "at!"
           from orders.revisit where order_id = any($1) order by round"#,
        orders,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(links)
}

/// Messages, from the orders whose matter they belong to.
pub(crate) async fn chain_messages(tx: &mut Tx, matter: MatterId) -> Result<Vec<Link>> {
    let links = sqlx::query_as!(
        Link,
        r#"select o.id as "from?: Uuid", case when o.id is not null then 'told' end as why, m.id,
                  concat_ws(' · ', m.medium, m.template) as "label!", m.state, m.made_at as at
           from channels.message m left join orders.work_order o on o.matter_id = m.matter_id
           where m.matter_id = $1 order by m.made_at"#,
        *matter,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(links)
}
