//! SQL of valves that applications move, and of the orders that do it.

use crate::ValveAction;
use crate::store::application::Work;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, ApplicationId, OrderId, Result, Tx};
use uuid::Uuid;

/// Asks for a valve to be moved; twice is once.
pub(crate) async fn request_valve(tx: &mut Tx, of: &Work, action: ValveAction) -> Result<()> {
    let (id, now): (Uuid, _) = (tx.new_id(), tx.now());
    sqlx::query!(
        "insert into billing.valve_request (id, application_id, account_id, action, requested_at)
         values ($1, $2, $3, $4, $5) on conflict (application_id) do nothing",
        id,
        *of.id,
        *of.account_id,
        <&str>::from(action),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A valve that is to be moved.
pub(crate) struct Valve {
    pub application_id: ApplicationId,
    pub account_id: AccountId,
    pub action: ValveAction,
    pub order_id: Option<OrderId>,
    pub moved_on: Option<NaiveDate>,
}

/// The valve of an application, locked.
pub(crate) async fn valve_of(tx: &mut Tx, id: ApplicationId) -> Result<Option<Valve>> {
    let row = sqlx::query_as!(
        Valve,
        r#"select application_id as "application_id: ApplicationId",
                  account_id as "account_id: AccountId", action as "action: ValveAction",
                  order_id as "order_id: OrderId", moved_on
           from billing.valve_request where application_id = $1 for update"#,
        *id,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row)
}

/// The valve that an order moves, locked.
pub(crate) async fn valve_by_order(tx: &mut Tx, order: OrderId) -> Result<Option<Valve>> {
    let row = sqlx::query_as!(
        Valve,
        r#"select application_id as "application_id: ApplicationId",
                  account_id as "account_id: AccountId", action as "action: ValveAction",
                  order_id as "order_id: OrderId", moved_on
           from billing.valve_request where order_id = $1 for update"#,
        *order,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row)
}

/// The order that moves it.
pub(crate) async fn set_order(tx: &mut Tx, of: ApplicationId, order: OrderId) -> Result<()> {
    sqlx::query!(
        "update billing.valve_request set order_id = $2 where application_id = $1",
        *of,
        *order,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// It was moved on that day.
pub(crate) async fn set_moved(tx: &mut Tx, of: ApplicationId, on: NaiveDate) -> Result<()> {
    sqlx::query!(
        "update billing.valve_request set moved_on = $2 where application_id = $1",
        *of,
        on,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// An order as far as billing follows it.
pub(crate) struct OrderSeen {
    pub no: String,
    pub kind: String,
    pub account_id: Option<AccountId>,
    pub finished_at: Option<DateTime<Utc>>,
    pub cause: Option<String>,
    pub cause_name: Option<String>,
    pub side: Option<String>,
}

/// An order that was judged good.
pub(crate) async fn order(tx: &mut Tx, id: OrderId) -> Result<Option<OrderSeen>> {
    let row = sqlx::query_as!(
        OrderSeen,
        r#"select o.no, o.kind, o.account_id as "account_id: AccountId", o.finished_at, o.cause,
                  c.name as "cause_name?", c.side as "side?"
           from orders.work_order o
           left join orders.cause c on c.key = o.cause and c.kind = o.kind
           where o.id = $1"#,
        *id,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row)
}
