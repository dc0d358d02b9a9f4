//! A customer across the utilities.

use crate::{CustomerYear, RepairPart, RepairProof, RepairRecord};
use chrono::{DateTime, Months, NaiveDate, Utc};
use kernel::{AccountId, Error, OrderId, Result, Scope, Tx};
use sqlx::types::Json;
use uuid::Uuid;

/// The orders of one account.
pub(crate) struct Orders {
    pub account_id: AccountId,
    pub open: i64,
    pub year: i64,
    pub last_at: Option<DateTime<Utc>>,
}

fn year_ago(tx: &Tx) -> DateTime<Utc> {
    tx.now().checked_sub_months(Months::new(12)).unwrap_or(tx.now())
}

/// First day of an account that the caller was found to see.
pub(crate) async fn opened_on(tx: &mut Tx, account: AccountId) -> Result<NaiveDate> {
    let day =
        sqlx::query_scalar!("select opened_on from directory.account where id = $1", *account)
            .fetch_optional(tx.db())
            .await?;
    day.ok_or(Error::NotFound("account"))
}

/// How many orders these accounts have, open and in twelve months.
pub(crate) async fn orders_of(tx: &mut Tx, accounts: &[Uuid]) -> Result<Vec<Orders>> {
    let since = year_ago(tx);
    let rows = sqlx::query_as!(
        Orders,
        r#"select account_id as "account_id!: AccountId",
                  count(*) filter (where state not in ('closed', 'voided')) as "open!",
                  count(*) filter (where opened_at > $2) as "year!", max(opened_at) as last_at
           from orders.work_order where account_id = any($1) group by account_id"#,
        accounts,
        since,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// What these accounts asked for in twelve months.
pub(crate) async fn year_of(tx: &mut Tx, accounts: &[Uuid]) -> Result<CustomerYear> {
    let since = year_ago(tx);
    let year = sqlx::query_as!(
        CustomerYear,
        r#"select (select count(*) from telephony.call
                   where account_id = any($1) and arrived_at > $2) as "calls!",
                  count(*) filter (where kind = 'repair') as "repairs!",
                  count(*) filter (where kind = 'complaint') as "complaints!",
                  coalesce(sum(chases), 0)::bigint as "chases!",
                  coalesce(sum(round - 1), 0)::bigint as "reworks!",
                  count(*) filter (where satisfaction = 'unsatisfied') as "unsatisfied!"
           from orders.work_order
           where account_id = any($1) and opened_at > $2 and state <> 'voided'"#,
        accounts,
        since,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(year)
}

/// Every order of these accounts with cause, work, parts and proofs, newest first. Orders of a
/// station that is out of sight are not shown.
pub(crate) async fn repairs(
    tx: &mut Tx,
    accounts: &[Uuid],
    scope: &Scope,
) -> Result<Vec<RepairRecord>> {
    let rows = sqlx::query_as!(
        RepairRecord,
        r#"select o.id as "order_id: OrderId", o.no, a.utility,
                  o.account_id as "account_id!: AccountId", k.name as kind_name,
                  s.name as "symptom_name?", o.state as "state: orders::State",
                  c.name as "cause_name?", c.side as "side?", o.resolution, o.round,
                  o.satisfaction as "satisfaction: orders::Satisfaction", o.opened_at,
                  o.finished_at, w.name as "assignee_name?",
                  coalesce((select jsonb_agg(jsonb_build_object(
                              'file_id', e.file_id, 'kind', e.kind, 'taken_at', e.taken_at)
                              order by e.taken_at, e.id)
                            from field.visit v join field.evidence e on e.visit_id = v.id
                            where v.order_id = o.id), '[]') as "proofs!: Json<Vec<RepairProof>>",
                  coalesce((select jsonb_agg(jsonb_build_object(
                              'name', i.name, 'kind', i.kind, 'quantity', l.quantity,
                              'unit', i.unit, 'charge_fen', l.charge_fen, 'covered', l.covered)
                              order by h.quoted_at, l.line)
                            from services.sheet h
                            join services.line l on l.sheet_id = h.id
                            join services.item i on i.id = l.item_id
                            where h.order_id = o.id and h.state = 'charged'), '[]')
                    as "parts!: Json<Vec<RepairPart>>",
                  coalesce((select sum(h.total_fen) from services.sheet h
                            where h.order_id = o.id and h.state = 'charged'), 0)::bigint
                    as "charged_fen!"
           from orders.work_order o
           join directory.account a on a.id = o.account_id
           join orders.kind k on k.key = o.kind
           left join orders.symptom s on s.key = o.symptom
           left join orders.cause c on c.key = o.cause
           left join identity.staff w on w.id = o.assignee_id
           where o.account_id = any($1) and o.org_path ^@ any($2) and o.state <> 'voided'
           order by o.opened_at desc, o.id desc limit 500"#,
        accounts,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}
