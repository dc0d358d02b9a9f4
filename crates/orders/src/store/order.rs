//! Orders as their rules see them: locked, changed, saved.

use crate::{NewOrder, Policy, WorkOrder, store::Place};
use kernel::{Error, OnConstraint as _, OrderId, Result, Scope, Tx};

/// The order for a change, and nobody else's meanwhile; out of `scope` it does not exist.
pub(crate) async fn lock(tx: &mut Tx, scope: &Scope, id: OrderId) -> Result<WorkOrder> {
    let o = sqlx::query!(
        r#"select o.id, o.no, o.matter_id, o.kind, o.urgency, o.state, o.round, o.account_id,
                o.contact_phone, o.org_id, o.org_path, o.assignee_id, o.supervisor_id,
                o.appointment_from, o.appointment_to, o.accept_due, o.arrive_due, o.finish_due,
                o.revisit_due, o.next_due, o.warn_at, o.chases, o.cause, o.resolution,
                o.satisfaction, o.opened_at, o.dispatched_at, o.accepted_at, o.set_out_at,
                o.arrived_at, o.finished_at, o.closed_at, o.version,
                k.needs_visit, k.needs_revisit, k.auto_audit,
                orders.held_to(k.accept_min, u.arrive_minutes) as "accept_min!",
                orders.held_to(k.arrive_min, u.arrive_minutes) as "arrive_min!",
                orders.held_to(k.finish_min, u.repair_minutes) as "finish_min!", k.revisit_min
         from orders.work_order o join orders.kind k on k.key = o.kind
         left join directory.account a on a.id = o.account_id
         left join directory.utility u on u.code = a.utility and k.key = 'repair'
         where o.id = $1 and (o.org_path ^@ any($2) or o.assignee_id = $3)
         for update of o"#,
        *id,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("order"))?;
    let policy = Policy {
        needs_visit: o.needs_visit,
        needs_revisit: o.needs_revisit,
        auto_audit: o.auto_audit,
        accept_min: o.accept_min,
        arrive_min: o.arrive_min,
        finish_min: o.finish_min,
        revisit_min: o.revisit_min,
    };
    Ok(WorkOrder {
        id: o.id,
        no: o.no,
        matter_id: o.matter_id,
        kind: o.kind,
        policy,
        urgency: o.urgency,
        state: o.state,
        round: o.round,
        account_id: o.account_id,
        contact_phone: o.contact_phone,
        org_id: o.org_id,
        org_path: o.org_path,
        assignee_id: o.assignee_id,
        supervisor_id: o.supervisor_id,
        appointment_from: o.appointment_from,
        appointment_to: o.appointment_to,
        accept_due: o.accept_due,
        arrive_due: o.arrive_due,
        finish_due: o.finish_due,
        revisit_due: o.revisit_due,
        next_due: o.next_due,
        warn_at: o.warn_at,
        chases: o.chases,
        cause: o.cause,
        resolution: o.resolution,
        satisfaction: o.satisfaction,
        opened_at: o.opened_at,
        dispatched_at: o.dispatched_at,
        accepted_at: o.accepted_at,
        set_out_at: o.set_out_at,
        arrived_at: o.arrived_at,
        finished_at: o.finished_at,
        closed_at: o.closed_at,
        version: o.version,
    })
}

/// Writes down a new order, with what its household's rows say of the place.
pub(crate) async fn insert(
    tx: &mut Tx,
    order: &WorkOrder,
    new: &NewOrder,
    place: &Place,
) -> Result<()> {
    let opened_by = tx.actor().user.map(|u| *u);
    sqlx::query!(
        "insert into orders.work_order
           (id, no, matter_id, kind, symptom, urgency, state, account_id, premise_id, unit_id,
            riser_id, community, address, lng, lat, contact_name, contact_phone, description,
            channel, org_id, org_path, appointment_from, appointment_to, accept_due, arrive_due,
            finish_due, next_due, warn_at, opened_by, opened_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                 $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)",
        *order.id,
        order.no,
        *order.matter_id,
        order.kind,
        new.symptom,
        i16::from(order.urgency),
        <&str>::from(order.state),
        order.account_id.map(|a| *a),
        place.premise_id.map(|p| *p),
        place.unit_id.map(|p| *p),
        place.riser_id.map(|p| *p),
        place.community,
        place.address,
        place.lng,
        place.lat,
        new.contact_name,
        order.contact_phone,
        new.description,
        <&str>::from(new.channel),
        *order.org_id,
        order.org_path,
        order.appointment_from,
        order.appointment_to,
        order.accept_due,
        order.arrive_due,
        order.finish_due,
        order.next_due,
        order.warn_at,
        opened_by,
        order.opened_at,
    )
    .execute(tx.db())
    .await
    .on_constraint(
        "work_order_appointment_forward",
        Error::invalid("appointment_to", "预约结束须晚于开始", "must be after its start"),
    )?;
    Ok(())
}

/// Saves what a step changed.
pub(crate) async fn save(tx: &mut Tx, order: &WorkOrder) -> Result<()> {
    sqlx::query!(
        "update orders.work_order set
           urgency = $2, state = $3, round = $4, assignee_id = $5, supervisor_id = $6,
           appointment_from = $7, appointment_to = $8, accept_due = $9, arrive_due = $10,
           finish_due = $11, revisit_due = $12, next_due = $13, warn_at = $14, chases = $15,
           cause = $16, resolution = $17, satisfaction = $18, dispatched_at = $19,
           accepted_at = $20, set_out_at = $21, arrived_at = $22, finished_at = $23,
           closed_at = $24, version = version + 1
         where id = $1",
        *order.id,
        i16::from(order.urgency),
        <&str>::from(order.state),
        order.round,
        order.assignee_id.map(|u| *u),
        order.supervisor_id.map(|u| *u),
        order.appointment_from,
        order.appointment_to,
        order.accept_due,
        order.arrive_due,
        order.finish_due,
        order.revisit_due,
        order.next_due,
        order.warn_at,
        order.chases,
        order.cause,
        order.resolution,
        order.satisfaction.map(<&str>::from),
        order.dispatched_at,
        order.accepted_at,
        order.set_out_at,
        order.arrived_at,
        order.finished_at,
        order.closed_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The next number of the year's long count; gaps are allowed, repetitions are not.
pub(crate) async fn next_number(tx: &mut Tx) -> Result<i64> {
    let number = sqlx::query_scalar!(r#"select nextval('orders.number') as "n!""#);
    Ok(number.fetch_one(tx.db()).await?)
}
