//! Automatic dispatch: where it is on, for which orders, and what messages need of them.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{MatterId, OrderId, Result, Tx, UserId};
use uuid::Uuid;

/// What the nearest part of the house says; off where nobody said anything.
pub(crate) async fn automatic(tx: &mut Tx, org_path: &str) -> Result<bool> {
    let said = sqlx::query_scalar!(
        "select automatic from dispatch.setting
         where $1 ^@ org_path order by length(org_path) desc limit 1",
        org_path,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(said.unwrap_or(false))
}

/// Sets it for one part of the house, and answers which that is; nothing if there is none.
pub(crate) async fn set_automatic(
    tx: &mut Tx,
    org_path: &str,
    automatic: bool,
) -> Result<Option<Uuid>> {
    Ok(sqlx::query_scalar!(
        "with org as (select id, path from identity.org where path = $1),
              done as (insert into dispatch.setting (org_path, automatic)
                       select path, $2 from org
                       on conflict on constraint setting_pkey
                       do update set automatic = excluded.automatic)
         select id from org",
        org_path,
        automatic,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Orders that automatic dispatch owes somebody: not given, or given long ago and not accepted
/// in time. The most pressing first.
pub(crate) async fn waiting(tx: &mut Tx, patience: TimeDelta, most: i64) -> Result<Vec<OrderId>> {
    let now = tx.now();
    Ok(sqlx::query_scalar!(
        "select o.id
         from orders.work_order o
         join orders.kind k on k.key = o.kind and k.needs_visit
         where (o.state = 'filed' or
                (o.state = 'dispatched' and o.accept_due < $1 and o.dispatched_at < $2))
           and (select s.automatic from dispatch.setting s
                where o.org_path ^@ s.org_path order by length(s.org_path) desc limit 1)
         order by o.next_due, o.id limit $3",
        now,
        now - patience,
        most,
    )
    .fetch_all(tx.db())
    .await?)
}

/// What a repairer is told of his new order.
pub(crate) struct Told {
    pub matter_id: MatterId,
    pub org_path: String,
    pub no: String,
    pub kind_name: String,
    pub address: String,
    pub contact_name: String,
    pub contact_phone: String,
    pub appointment_from: Option<DateTime<Utc>>,
    pub appointment_to: Option<DateTime<Utc>>,
    pub arrive_due: DateTime<Utc>,
    pub phone: Option<String>,
}

/// Nothing when the order is not in this repairer's hands any more.
pub(crate) async fn told(tx: &mut Tx, id: OrderId, repairer: UserId) -> Result<Option<Told>> {
    Ok(sqlx::query_as!(
        Told,
        "select o.matter_id, o.org_path, o.no, k.name as kind_name, o.address, o.contact_name,
                o.contact_phone, o.appointment_from, o.appointment_to, o.arrive_due, s.phone
         from orders.work_order o
         join orders.kind k on k.key = o.kind
         join identity.staff s on s.id = o.assignee_id
         where o.id = $1 and o.assignee_id = $2
           and o.state in ('dispatched', 'accepted', 'en_route', 'on_site')",
        *id,
        *repairer,
    )
    .fetch_optional(tx.db())
    .await?)
}
