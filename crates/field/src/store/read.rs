//! Visits as people see them.

use crate::model::{Evidence, PastOrder, Temperature, Visit};
use kernel::{AccountId, OrderId, Point, Result, Scope, Tx, UserId, VisitId};
use notices::Station;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Whether the order is in sight.
pub(crate) async fn can_see(tx: &mut Tx, scope: &Scope, id: OrderId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from orders.work_order
                          where id = $1 and (org_path ^@ any($2) or assignee_id = $3)) as "can!""#,
        *id,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_one(tx.db())
    .await?)
}

/// All visits of an order, oldest first.
pub(crate) async fn visits(tx: &mut Tx, id: OrderId) -> Result<Vec<Visit>> {
    read(tx, &[*id], None).await
}

/// His newest visit of an order in its present round.
pub(crate) async fn newest_of(tx: &mut Tx, id: OrderId, who: UserId) -> Result<Option<Visit>> {
    Ok(read(tx, &[*id], Some(who)).await?.pop())
}

/// His visits that are under way, by order.
pub(crate) async fn open_of(
    tx: &mut Tx,
    orders: &[Uuid],
    who: UserId,
) -> Result<HashMap<OrderId, Visit>> {
    let visits = read(tx, orders, Some(who)).await?.into_iter();
    let open = visits.filter(|v| v.finished_at.is_none() && v.returned_at.is_none());
    Ok(open.map(|v| (v.order_id, v)).collect())
}

/// With `who`: only his, and only of the present round.
async fn read(tx: &mut Tx, orders: &[Uuid], who: Option<UserId>) -> Result<Vec<Visit>> {
    let rows = sqlx::query!(
        r#"select v.id, v.order_id, v.round, v.staff_id, s.name as staff_name, v.accepted_at,
                  v.set_out_at, v.arrived_at, v.arrived_lng, v.arrived_lat, v.accuracy_m,
                  v.distance_m, v.finished_at, v.returned_at, v.return_reason, v.cause,
                  c.name as "cause_name?", v.note
           from field.visit v
           join identity.staff s on s.id = v.staff_id
           join orders.work_order o on o.id = v.order_id
           left join orders.cause c on c.key = v.cause
           where v.order_id = any($1)
             and ($2::uuid is null or (v.staff_id = $2 and v.round = o.round))
           order by v.accepted_at, v.id"#,
        orders,
        who.map(|u| *u),
    )
    .fetch_all(tx.db())
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|v| *v.id).collect();
    let (mut evidence, mut temperatures) =
        (evidence(tx, &ids).await?, temperatures(tx, &ids).await?);
    let visits = rows.into_iter().map(|v| Visit {
        evidence: evidence.remove(&v.id).unwrap_or_default(),
        temperatures: temperatures.remove(&v.id).unwrap_or_default(),
        id: v.id,
        order_id: v.order_id,
        round: v.round,
        staff_id: v.staff_id,
        staff_name: v.staff_name,
        accepted_at: v.accepted_at,
        set_out_at: v.set_out_at,
        arrived_at: v.arrived_at,
        arrived: point(v.arrived_lng, v.arrived_lat),
        accuracy_m: v.accuracy_m,
        distance_m: v.distance_m,
        far: Visit::is_far(v.distance_m, v.accuracy_m),
        finished_at: v.finished_at,
        returned_at: v.returned_at,
        return_reason: v.return_reason,
        cause: v.cause,
        cause_name: v.cause_name,
        note: v.note,
    });
    Ok(visits.collect())
}

async fn evidence(tx: &mut Tx, visits: &[Uuid]) -> Result<HashMap<VisitId, Vec<Evidence>>> {
    let rows = sqlx::query!(
        "select id, visit_id, kind, file_id, taken_at, received_at, lng, lat
         from field.evidence where visit_id = any($1) order by taken_at, id",
        visits,
    )
    .fetch_all(tx.db())
    .await?;
    let mut found: HashMap<VisitId, Vec<Evidence>> = HashMap::new();
    for r in rows {
        found.entry(r.visit_id).or_default().push(Evidence {
            id: r.id,
            kind: r.kind,
            file_id: r.file_id,
            taken_at: r.taken_at,
            received_at: r.received_at,
            point: point(r.lng, r.lat),
        });
    }
    Ok(found)
}

async fn temperatures(tx: &mut Tx, visits: &[Uuid]) -> Result<HashMap<VisitId, Vec<Temperature>>> {
    let rows = sqlx::query!(
        "select id, visit_id, room, decidegrees, taken_at
         from field.temperature where visit_id = any($1) order by taken_at, id",
        visits,
    )
    .fetch_all(tx.db())
    .await?;
    let mut found: HashMap<VisitId, Vec<Temperature>> = HashMap::new();
    for r in rows {
        let (id, room, decidegrees, taken_at) = (r.id, r.room, r.decidegrees, r.taken_at);
        let reading = Temperature { id, room, decidegrees, taken_at };
        found.entry(r.visit_id).or_default().push(reading);
    }
    Ok(found)
}

/// Earlier orders of a household, newest first. Whoever has an order of the household may know
/// its history, whoever worked on it.
pub(crate) async fn past_orders(
    tx: &mut Tx,
    account: AccountId,
    but: OrderId,
) -> Result<Vec<PastOrder>> {
    Ok(sqlx::query_as!(
        PastOrder,
        r#"select o.id, o.no, k.name as kind_name, s.name as "symptom_name?", o.state,
                  c.name as "cause_name?", o.resolution, a.name as "assignee_name?", o.opened_at
           from orders.work_order o
           join orders.kind k on k.key = o.kind
           left join orders.symptom s on s.key = o.symptom
           left join orders.cause c on c.key = o.cause
           left join identity.staff a on a.id = o.assignee_id
           where o.account_id = $1 and o.id <> $2
           order by o.opened_at desc, o.id desc limit 5"#,
        *account,
        *but,
    )
    .fetch_all(tx.db())
    .await?)
}

/// Which of these orders are settled by a visit.
pub(crate) async fn needing_visit(tx: &mut Tx, orders: &[Uuid]) -> Result<HashSet<OrderId>> {
    let ids = sqlx::query_scalar!(
        "select o.id from orders.work_order o
         join orders.kind k on k.key = o.kind and k.needs_visit where o.id = any($1)",
        orders,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(ids.into_iter().collect())
}

/// How the exchange station runs above the order's riser; nothing when it never reported.
pub(crate) async fn station(tx: &mut Tx, id: OrderId) -> Result<Option<Station>> {
    Ok(sqlx::query_as!(
        Station,
        r#"with recursive up as (
             select n.id, n.parent_id, n.kind, n.name
             from orders.work_order o join directory.network_node n on n.id = o.riser_id
             where o.id = $1
             union all
             select n.id, n.parent_id, n.kind, n.name
             from directory.network_node n join up on n.id = up.parent_id)
           select up.id as "node_id!: kernel::NetworkNodeId", up.name as "name!", r.at,
                  r.supply_decidegrees, r.return_decidegrees, r.supply_kpa, r.return_kpa,
                  r.flow_lph
           from up join notices.reading r on r.node_id = up.id
           where up.kind = 'station'
           order by r.at desc limit 1"#,
        *id,
    )
    .fetch_optional(tx.db())
    .await?)
}

fn point(lng: Option<f64>, lat: Option<f64>) -> Option<Point> {
    lng.zip(lat).map(|(lng, lat)| Point { lng, lat })
}
