//! Orders as people see them: one select list, used by every read.

use crate::{
    LinkedCall, Next, Order, Origin, RevisitRow, Satisfaction, State, Urgency, service::Powers,
};
use chrono::{DateTime, Utc};
use kernel::{AccountId, Error, EventRow, MatterId, OrderId, OrgId, Result, Scope, Tx, UserId};

/// A row with the names of what it refers to. Scope applies to the order; who sees an order sees
/// the names on it, whatever part of the house those people belong to.
pub(crate) struct OrderRow {
    pub id: OrderId,
    pub no: String,
    pub matter_id: MatterId,
    pub kind: String,
    pub kind_name: String,
    pub needs_visit: bool,
    pub symptom: Option<String>,
    pub symptom_name: Option<String>,
    pub urgency: Urgency,
    pub state: State,
    pub round: i32,
    pub account_id: Option<AccountId>,
    pub address: String,
    pub community: String,
    pub contact_name: String,
    pub contact_phone: String,
    pub description: String,
    pub channel: Origin,
    pub org_id: OrgId,
    pub org_path: String,
    pub org_name: String,
    pub assignee_id: Option<UserId>,
    pub assignee_name: Option<String>,
    pub supervisor_id: Option<UserId>,
    pub supervisor_name: Option<String>,
    pub appointment_from: Option<DateTime<Utc>>,
    pub appointment_to: Option<DateTime<Utc>>,
    pub accept_due: DateTime<Utc>,
    pub arrive_due: DateTime<Utc>,
    pub finish_due: DateTime<Utc>,
    pub revisit_due: Option<DateTime<Utc>>,
    pub next_due: Option<DateTime<Utc>>,
    pub chases: i32,
    pub cause: Option<String>,
    pub cause_name: Option<String>,
    pub resolution: String,
    pub satisfaction: Option<Satisfaction>,
    pub lng: Option<f64>,
    pub lat: Option<f64>,
    pub opened_at: DateTime<Utc>,
    pub dispatched_at: Option<DateTime<Utc>>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub set_out_at: Option<DateTime<Utc>>,
    pub arrived_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i32,
}

/// A checked query over [`OrderRow`]: the select list once, the tail of the caller.
macro_rules! select_orders {
    ($tail:literal $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            $crate::store::OrderRow,
            r#"select o.id, o.no, o.matter_id, o.kind, k.name as kind_name, k.needs_visit,
                      o.symptom,
                      (select name from orders.symptom where key = o.symptom) as symptom_name,
                      o.urgency, o.state, o.round, o.account_id, o.address, o.community,
                      o.contact_name, o.contact_phone, o.description, o.channel,
                      o.org_id, o.org_path, g.name as org_name,
                      o.assignee_id,
                      (select name from identity.staff where id = o.assignee_id) as assignee_name,
                      o.supervisor_id,
                      (select name from identity.staff where id = o.supervisor_id)
                        as supervisor_name,
                      o.appointment_from, o.appointment_to, o.accept_due, o.arrive_due,
                      o.finish_due, o.revisit_due, o.next_due, o.chases,
                      o.cause, (select name from orders.cause where key = o.cause) as cause_name,
                      o.resolution, o.satisfaction, o.lng, o.lat,
                      o.opened_at, o.dispatched_at, o.accepted_at, o.set_out_at, o.arrived_at,
                      o.finished_at, o.closed_at, o.version
               from orders.work_order o
               join orders.kind k on k.key = o.kind
               join identity.org g on g.id = o.org_id
               "# + $tail
            $(, $arg)*
        )
    };
}
pub(crate) use select_orders;

impl OrderRow {
    /// As the caller may see it: phone masked, steps that are open to him.
    pub(crate) fn shown_to(self, powers: &Powers) -> Order {
        let actions =
            powers.actions(self.state, self.needs_visit, &self.org_path, self.assignee_id);
        Order {
            next_step: Next::of(self.state, self.needs_visit),
            contact_phone: directory::mask_phone(&self.contact_phone),
            actions,
            id: self.id,
            no: self.no,
            matter_id: self.matter_id,
            kind: self.kind,
            kind_name: self.kind_name,
            symptom: self.symptom,
            symptom_name: self.symptom_name,
            urgency: self.urgency,
            state: self.state,
            round: self.round,
            account_id: self.account_id,
            address: self.address,
            community: self.community,
            contact_name: self.contact_name,
            description: self.description,
            channel: self.channel,
            org_id: self.org_id,
            org_path: self.org_path,
            org_name: self.org_name,
            assignee_id: self.assignee_id,
            assignee_name: self.assignee_name,
            supervisor_id: self.supervisor_id,
            supervisor_name: self.supervisor_name,
            appointment_from: self.appointment_from,
            appointment_to: self.appointment_to,
            accept_due: self.accept_due,
            arrive_due: self.arrive_due,
            finish_due: self.finish_due,
            revisit_due: self.revisit_due,
            next_due: self.next_due,
            chases: self.chases,
            cause: self.cause,
            cause_name: self.cause_name,
            resolution: self.resolution,
            satisfaction: self.satisfaction,
            lng: self.lng,
            lat: self.lat,
            opened_at: self.opened_at,
            dispatched_at: self.dispatched_at,
            accepted_at: self.accepted_at,
            set_out_at: self.set_out_at,
            arrived_at: self.arrived_at,
            finished_at: self.finished_at,
            closed_at: self.closed_at,
            version: self.version,
        }
    }
}

/// One order; out of `scope` it does not exist.
pub(crate) async fn find(tx: &mut Tx, scope: &Scope, id: OrderId) -> Result<OrderRow> {
    select_orders!(
        "where o.id = $1 and (o.org_path ^@ any($2) or o.assignee_id = $3)",
        *id,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("order"))
}

/// Calls that belong to an order, oldest first.
pub(crate) async fn calls(tx: &mut Tx, id: OrderId) -> Result<Vec<LinkedCall>> {
    let calls = sqlx::query_as!(
        LinkedCall,
        "select call_id, why, at from orders.order_call where order_id = $1 order by at, call_id",
        *id,
    );
    Ok(calls.fetch_all(tx.db()).await?)
}

/// Revisits of an order, by round.
pub(crate) async fn revisits(tx: &mut Tx, id: OrderId) -> Result<Vec<RevisitRow>> {
    let rows = sqlx::query_as!(
        RevisitRow,
        r#"select r.id, r.round, r.state, r.due_at, r.attempts, r.result, r.reason, r.done_at,
                  s.name as "done_by_name?"
           from orders.revisit r left join identity.staff s on s.id = r.done_by
           where r.order_id = $1 order by r.round"#,
        *id,
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Everything that was told of the matter and of the calls that belong to the order, oldest first.
pub(crate) async fn timeline(tx: &mut Tx, id: OrderId, matter: MatterId) -> Result<Vec<EventRow>> {
    let rows = sqlx::query_as!(
        EventRow,
        "select id, kind, subject, subject_id, matter_id, org_path, actor_id, actor_name, channel,
                at, payload
         from kernel.event
         where id in (select id from kernel.event where matter_id = $2
                      union all
                      select e.id from orders.order_call c
                      join kernel.event e on e.subject_id = c.call_id where c.order_id = $1)
         order by at, id",
        *id,
        *matter,
    );
    Ok(rows.fetch_all(tx.db()).await?)
}
