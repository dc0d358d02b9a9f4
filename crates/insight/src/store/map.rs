//! The backlog and the map.

use crate::{Backlog, CommunityBacklog, MapCommunity, MapOrder, MapWorker};
use kernel::{Result, Scope, Tx};
use sqlx::types::Json;

/// Orders that the map shows at most.
const MOST_ORDERS: i64 = 2_000;

/// What each responsible organisation has open, the latest first.
pub(crate) async fn backlog(tx: &mut Tx, scope: &Scope) -> Result<Vec<Backlog>> {
    let now = tx.now();
    let rows = sqlx::query!(
        r#"with open as (
             select org_id, community, count(*) as n,
                    count(*) filter (where next_due < $2) as late,
                    count(*) filter (where next_due >= $2
                                     and (warn_at <= $2 or warn_at = next_due)) as at_risk,
                    min(opened_at) as oldest_at, avg(lng) as lng, avg(lat) as lat
             from orders.work_order
             where next_due is not null and org_path ^@ any($1)
             group by org_id, community)
           select g.id as "org_id: kernel::OrgId", g.name as org_name,
                  sum(open.n)::bigint as "open!", sum(open.late)::bigint as "late!",
                  sum(open.at_risk)::bigint as "at_risk!", min(open.oldest_at) as oldest_at,
                  jsonb_agg(jsonb_build_object('community', open.community, 'n', open.n,
                    'late', open.late, 'lng', open.lng, 'lat', open.lat)
                    order by open.n desc, open.community)
                    as "by_community!: Json<Vec<CommunityBacklog>>"
           from open join identity.org g on g.id = open.org_id
           group by g.id, g.name
           order by sum(open.late) desc, sum(open.n) desc, g.name"#,
        &scope.paths,
        now,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Backlog {
            org_id: r.org_id,
            org_name: r.org_name,
            open: r.open,
            late: r.late,
            at_risk: r.at_risk,
            oldest_at: r.oldest_at,
            by_community: r.by_community.0,
        })
        .collect())
}

/// Open orders that have a place, the most pressing first.
pub(crate) async fn map_orders(tx: &mut Tx, scope: &Scope) -> Result<Vec<MapOrder>> {
    let orders = sqlx::query_as!(
        MapOrder,
        r#"select id, no, state, urgency, next_due, lng as "lng!", lat as "lat!", community, address
           from orders.work_order
           where next_due is not null and lng is not null and lat is not null
             and org_path ^@ any($1)
           order by next_due, id limit $2"#,
        &scope.paths,
        MOST_ORDERS,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(orders)
}

/// Repairers whose place is known.
pub(crate) async fn map_workers(tx: &mut Tx, scope: &Scope) -> Result<Vec<MapWorker>> {
    let heard = tx.now() - dispatch::ONLINE_FOR;
    let workers = sqlx::query_as!(
        MapWorker,
        r#"select w.staff_id, s.name, w.lng as "lng!", w.lat as "lat!",
                  w.position_at as "position_at!", coalesce(w.seen_at >= $2, false) as "online!",
                  w.on_shift,
                  (select count(*) from orders.work_order o where o.assignee_id = w.staff_id
                     and o.state in ('dispatched', 'accepted', 'en_route', 'on_site')) as "open!"
           from dispatch.worker w join identity.staff s on s.id = w.staff_id and s.active
           where w.lng is not null and w.org_path ^@ any($1)
           order by s.name, w.staff_id"#,
        &scope.paths,
        heard,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(workers)
}

/// Communities with open orders, most first.
pub(crate) async fn map_communities(
    tx: &mut Tx,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<MapCommunity>> {
    let now = tx.now();
    let communities = sqlx::query_as!(
        MapCommunity,
        r#"select c.id, c.name, c.lng, c.lat, count(*) as "n!",
                  count(*) filter (where o.next_due < $2) as "late!"
           from orders.work_order o
           join directory.place u on u.id = o.unit_id
           join directory.place b on b.id = u.parent_id
           join directory.place c on c.id = b.parent_id
           where o.next_due is not null and o.org_path ^@ any($1)
           group by c.id order by count(*) desc, c.name limit $3"#,
        &scope.paths,
        now,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(communities)
}
