//! Facts for a ranking, and rankings that were made.

use crate::model::{Facts, Proposal, Stored, WorkerFacts, urgency};
use kernel::{Error, OrderId, ProposalId, Result, Scope, Tx, UserId};
use std::collections::HashMap;
use uuid::Uuid;

/// What is known of the order; out of `scope` it does not exist.
pub(crate) async fn facts(tx: &mut Tx, scope: &Scope, id: OrderId) -> Result<Facts> {
    sqlx::query_as!(
        Facts,
        r#"select o.id as order_id, o.matter_id, o.state, o.round, o.urgency, o.org_path,
                  o.assignee_id, o.arrive_due, o.lng, o.lat, k.skill,
                  u.id as "unit_id?", u.parent_id as "building_id?", o.riser_id,
                  b.parent_id as "community_id?",
                  branch.id as branch_id, branch.path as branch_path,
                  station.id as "station_id?"
           from orders.work_order o
           join orders.kind k on k.key = o.kind
           left join directory.place u on u.id = o.unit_id
           left join directory.place b on b.id = u.parent_id
           join lateral (
             select id, path from identity.org
             where o.org_path ^@ path and kind in ('company', 'branch')
             order by length(path) desc limit 1) branch on true
           left join lateral (
             select id from identity.org
             where o.org_path ^@ path and kind = 'station'
             order by length(path) desc limit 1) station on true
           where o.id = $1 and (o.org_path ^@ any($2) or o.assignee_id = $3)"#,
        *id,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("order"))
}

/// Everybody of the order's branch who is entered as a repairer.
pub(crate) async fn workers_for(tx: &mut Tx, facts: &Facts) -> Result<Vec<WorkerFacts>> {
    let rows = sqlx::query!(
        r#"select w.staff_id, s.name, s.phone, w.skills, w.on_shift, w.seen_at, w.lng, w.lat,
                  w.accuracy_m, w.position_at, w.load_cap,
                  station.id as "station_id?", station.lng as station_lng,
                  station.lat as station_lat,
                  array(select place_id from dispatch.territory t
                        where t.staff_id = w.staff_id) as "territories!",
                  exists (select from kernel.event e
                          where e.subject_id = $2 and e.kind = 'order.returned'
                            and e.actor_id = w.staff_id
                            and (e.payload->>'round')::integer = $3) as "declined!",
                  (select count(*) from kernel.event e
                   where e.subject_id = $2 and e.kind = 'order.finished'
                     and e.actor_id = w.staff_id) as "visits!"
           from dispatch.worker w
           join identity.staff s on s.id = w.staff_id and s.active
           left join lateral (
             select id, lng, lat from identity.org
             where w.org_path ^@ path and kind = 'station'
             order by length(path) desc limit 1) station on true
           where w.org_path ^@ $1
           order by w.staff_id"#,
        facts.branch_path,
        *facts.order_id,
        facts.round,
    )
    .fetch_all(tx.db())
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|r| *r.staff_id).collect();
    let mut open = open_orders(tx, &ids, facts.order_id).await?;
    let workers = rows.into_iter().map(|r| WorkerFacts {
        open: open.remove(&r.staff_id).unwrap_or_default(),
        staff_id: r.staff_id,
        name: r.name,
        phone: r.phone,
        skills: r.skills,
        on_shift: r.on_shift,
        seen_at: r.seen_at,
        lng: r.lng,
        lat: r.lat,
        accuracy_m: r.accuracy_m,
        position_at: r.position_at,
        load_cap: r.load_cap,
        station_id: r.station_id,
        station_lng: r.station_lng,
        station_lat: r.station_lat,
        territories: r.territories,
        declined: r.declined,
        visits: r.visits,
    });
    Ok(workers.collect())
}

/// What each of them has in hand, this order apart.
async fn open_orders(
    tx: &mut Tx,
    staff: &[Uuid],
    but: OrderId,
) -> Result<HashMap<UserId, Vec<routing::OpenOrder>>> {
    let rows = sqlx::query!(
        r#"select o.assignee_id as "assignee_id!: UserId", o.urgency, o.unit_id, o.riser_id,
                  o.state in ('en_route', 'on_site') as "started!", u.parent_id as "building_id?"
           from orders.work_order o
           left join directory.place u on u.id = o.unit_id
           where o.assignee_id = any($1) and o.id <> $2
             and o.state in ('dispatched', 'accepted', 'en_route', 'on_site')"#,
        staff,
        *but,
    )
    .fetch_all(tx.db())
    .await?;
    let mut open: HashMap<UserId, Vec<_>> = HashMap::new();
    for row in rows {
        open.entry(row.assignee_id).or_default().push(routing::OpenOrder {
            urgency: urgency(row.urgency),
            started: row.started,
            building: row.building_id,
            unit: row.unit_id,
            riser: row.riser_id,
        });
    }
    Ok(open)
}

/// Keeps a ranking with its reasons.
pub(crate) async fn keep(tx: &mut Tx, facts: &Facts, proposal: &Proposal) -> Result<()> {
    sqlx::query!(
        "insert into dispatch.proposal (id, order_id, round, ranking, assigned_to, made_at)
         values ($1, $2, $3, $4, $5, $6)",
        *proposal.id,
        *proposal.order_id,
        proposal.round,
        proposal.to_stored(),
        facts.assignee_id.map(|u| *u),
        proposal.made_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A ranking that was kept, for a decision.
pub(crate) async fn find(tx: &mut Tx, id: ProposalId) -> Result<Stored> {
    sqlx::query_as!(
        Stored,
        r#"select order_id, round, ranking, assigned_to as "assigned_to: UserId",
                  decided_at is not null as "decided!"
           from dispatch.proposal where id = $1 for update"#,
        *id,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("proposal"))
}

/// Notes what was decided on a ranking.
pub(crate) async fn decide(
    tx: &mut Tx,
    id: ProposalId,
    chosen: UserId,
    manner: orders::Manner,
) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update dispatch.proposal set chosen_id = $2, manner = $3, decided_at = $4 where id = $1",
        *id,
        *chosen,
        <&str>::from(manner),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Whether somebody was looked for already in this round.
pub(crate) async fn was_proposed(tx: &mut Tx, id: OrderId, round: i32) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from dispatch.proposal
                          where order_id = $1 and round = $2) as "was!""#,
        *id,
        round,
    )
    .fetch_one(tx.db())
    .await?)
}
