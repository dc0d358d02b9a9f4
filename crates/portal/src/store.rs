//! SQL of the customer's side: it reads what is below, and writes only its links.

pub(crate) mod home;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{AccountId, Error, MatterId, OrderId, Result, Tx};
use orders::{Satisfaction, State};

/// What is known of the order.
pub(crate) struct Known {
    pub no: String,
    pub matter_id: MatterId,
    pub org_path: String,
    pub kind_name: String,
    pub needs_visit: bool,
    pub state: State,
    pub account_id: Option<AccountId>,
    pub address: String,
    pub contact_phone: String,
    pub appointment_from: Option<DateTime<Utc>>,
    pub appointment_to: Option<DateTime<Utc>>,
    pub arrive_due: DateTime<Utc>,
    pub satisfaction: Option<Satisfaction>,
    pub opened_at: DateTime<Utc>,
    pub dispatched_at: Option<DateTime<Utc>>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub set_out_at: Option<DateTime<Utc>>,
    pub arrived_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub repairer_id: Option<uuid::Uuid>,
    pub repairer_name: Option<String>,
    pub repairer_phone: Option<String>,
    pub repairer_job_no: Option<String>,
}

/// The order behind a link.
pub(crate) async fn find(tx: &mut Tx, id: OrderId) -> Result<Known> {
    sqlx::query_as!(
        Known,
        r#"select o.no, o.matter_id, o.org_path, k.name as kind_name, k.needs_visit, o.state,
                  o.account_id, o.address, o.contact_phone, o.appointment_from, o.appointment_to,
                  o.arrive_due, o.satisfaction, o.opened_at, o.dispatched_at, o.accepted_at,
                  o.set_out_at, o.arrived_at, o.finished_at, o.closed_at,
                  s.id as "repairer_id?", s.name as "repairer_name?", s.phone as repairer_phone,
                  s.job_no as repairer_job_no
           from orders.work_order o
           join orders.kind k on k.key = o.kind
           left join identity.staff s on s.id = o.assignee_id
           where o.id = $1"#,
        *id,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("page"))
}

/// Locks the order, so that a nervous double click presses once.
pub(crate) async fn lock(tx: &mut Tx, id: OrderId) -> Result<()> {
    sqlx::query_scalar!("select id from orders.work_order where id = $1 for update", *id)
        .fetch_optional(tx.db())
        .await?
        .ok_or(Error::NotFound("page"))?;
    Ok(())
}

/// Whether the customer pressed through his page within `span`.
pub(crate) async fn chased_within(tx: &mut Tx, id: OrderId, span: TimeDelta) -> Result<bool> {
    let since = tx.now() - span;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from kernel.event
                          where subject_id = $1 and kind = 'order.chased'
                            and channel = 'portal' and at > $2) as "was!""#,
        *id,
        since,
    )
    .fetch_one(tx.db())
    .await?)
}
