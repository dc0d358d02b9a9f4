//! Lists of orders.

use crate::Filter;
use crate::store::{OrderRow, select_orders};
use chrono::{DateTime, Utc};
use kernel::{AccountId, OrderId, Result, Scope, Tx};
use std::collections::HashMap;
use uuid::Uuid;

/// Where a page ended: the instant that the list is sorted by, and the row.
pub(crate) type After = (DateTime<Utc>, Uuid);

/// What a person typed to find an order. Whole numbers have indexes; anything else is looked for
/// in what the other conditions leave.
#[derive(Default)]
struct Search {
    no: Option<String>,
    phone: Option<String>,
    pattern: Option<String>,
}

/// Digits from which on a number is taken as a whole phone number.
const WHOLE_PHONE: usize = 10;

impl Search {
    fn of(q: Option<&str>) -> Self {
        let Some(q) = q.map(str::trim).filter(|q| !q.is_empty()) else { return Self::default() };
        if q.len() >= WHOLE_PHONE && q.bytes().all(|b| b.is_ascii_digit()) {
            return Self { phone: Some(q.to_owned()), ..Self::default() };
        }
        if q.starts_with("GD") && q.contains('-') {
            return Self { no: Some(q.to_owned()), ..Self::default() };
        }
        let plain = q.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        Self { pattern: Some(format!("%{plain}%")), ..Self::default() }
    }
}

/// Whose orders: the one that is asked for, or the caller's own.
fn whose(f: &Filter, tx: &Tx) -> Result<Option<Uuid>> {
    if f.mine == Some(1) { Ok(Some(*tx.user()?)) } else { Ok(f.assignee.map(|u| *u)) }
}

/// Open orders that match, by the limit that runs, the most pressing first. PostgreSQL plans it
/// for its arguments each time (0.3 ms): a condition that is not asked for costs nothing.
pub(crate) async fn queue(
    tx: &mut Tx,
    scope: &Scope,
    f: &Filter,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<OrderRow>> {
    let (after_due, after_id) = after.unzip();
    let (now, assignee, search) = (tx.now(), whose(f, tx)?, Search::of(f.q.as_deref()));
    let rows = select_orders!(
        "where (o.org_path ^@ any($1) or o.assignee_id = $2) and o.next_due is not null
           and ($3::text is null or o.state = $3)
           and ($4::text is null or o.kind = $4)
           and ($5::uuid is null or
                o.org_path ^@ (select path from identity.org where id = $5))
           and ($6::uuid is null or
                (o.assignee_id = $6 and o.state not in ('closed', 'voided')))
           and ($7::uuid is null or o.account_id = $7)
           and ($8::uuid is null or o.unit_id = $8)
           and ($9::text is null or o.no = $9)
           and ($10::text is null or o.contact_phone = $10)
           and ($11::text is null or
                concat_ws(' ', o.no, o.address, o.contact_name, o.contact_phone) like $11)
           and ($12::timestamptz is null or o.next_due < $12)
           and ($13::timestamptz is null or (o.next_due, o.id) > ($13, $14::uuid))
         order by o.next_due, o.id limit $15",
        &scope.paths,
        scope.own.map(|u| *u),
        f.state.map(<&str>::from),
        f.kind,
        f.org.map(|o| *o),
        assignee,
        f.account.map(|a| *a),
        f.unit.map(|u| *u),
        search.no,
        search.phone,
        search.pattern,
        (f.overdue == Some(1)).then_some(now),
        after_due,
        after_id,
        limit,
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Orders that match, open or over, the newest first.
pub(crate) async fn history(
    tx: &mut Tx,
    scope: &Scope,
    f: &Filter,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<OrderRow>> {
    let (after_at, after_id) = after.unzip();
    let (assignee, search) = (whose(f, tx)?, Search::of(f.q.as_deref()));
    let rows = select_orders!(
        "where (o.org_path ^@ any($1) or o.assignee_id = $2)
           and ($3::text is null or o.state = $3)
           and ($4::text is null or o.kind = $4)
           and ($5::uuid is null or
                o.org_path ^@ (select path from identity.org where id = $5))
           and ($6::uuid is null or o.assignee_id = $6)
           and ($7::uuid is null or o.account_id = $7)
           and ($8::uuid is null or o.unit_id = $8)
           and ($9::text is null or o.no = $9)
           and ($10::text is null or o.contact_phone = $10)
           and ($11::text is null or
                concat_ws(' ', o.no, o.address, o.contact_name, o.contact_phone) like $11)
           and ($12::timestamptz is null or (o.opened_at, o.id) < ($12, $13::uuid))
         order by o.opened_at desc, o.id desc limit $14",
        &scope.paths,
        scope.own.map(|u| *u),
        f.state.map(<&str>::from),
        f.kind,
        f.org.map(|o| *o),
        assignee,
        f.account.map(|a| *a),
        f.unit.map(|u| *u),
        search.no,
        search.phone,
        search.pattern,
        after_at,
        after_id,
        limit,
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Orders by id, for a list that another table sorts.
pub(crate) async fn by_ids(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<OrderId, OrderRow>> {
    let rows = select_orders!("where o.id = any($1)", ids).fetch_all(tx.db()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Open orders of one household.
pub(crate) async fn open_of_household(
    tx: &mut Tx,
    scope: &Scope,
    account: AccountId,
) -> Result<Vec<OrderRow>> {
    let rows = select_orders!(
        "where o.account_id = $1 and o.state not in ('closed', 'voided')
           and (o.org_path ^@ any($2) or o.assignee_id = $3)
         order by o.next_due, o.id limit 20",
        *account,
        &scope.paths,
        scope.own.map(|u| *u),
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// The newest orders of one household.
pub(crate) async fn of_household(
    tx: &mut Tx,
    scope: &Scope,
    account: AccountId,
    limit: i64,
) -> Result<Vec<OrderRow>> {
    let rows = select_orders!(
        "where o.account_id = $1 and (o.org_path ^@ any($2) or o.assignee_id = $3)
         order by o.opened_at desc, o.id desc limit $4",
        *account,
        &scope.paths,
        scope.own.map(|u| *u),
        limit,
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Open orders of the other households in the same unit.
pub(crate) async fn same_unit(
    tx: &mut Tx,
    scope: &Scope,
    account: AccountId,
) -> Result<Vec<OrderRow>> {
    let rows = select_orders!(
        "where o.unit_id = (select p.unit_id from directory.account h
                            join directory.premise p on p.id = h.premise_id where h.id = $1)
           and o.account_id is distinct from $1 and o.state not in ('closed', 'voided')
           and (o.org_path ^@ any($2) or o.assignee_id = $3)
         order by o.opened_at desc, o.id desc limit 20",
        *account,
        &scope.paths,
        scope.own.map(|u| *u),
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Open orders of the other households on the same riser.
pub(crate) async fn same_riser(
    tx: &mut Tx,
    scope: &Scope,
    account: AccountId,
) -> Result<Vec<OrderRow>> {
    let rows = select_orders!(
        "where o.riser_id = (select p.riser_id from directory.account h
                             join directory.premise p on p.id = h.premise_id where h.id = $1)
           and o.account_id is distinct from $1 and o.state not in ('closed', 'voided')
           and (o.org_path ^@ any($2) or o.assignee_id = $3)
         order by o.opened_at desc, o.id desc limit 20",
        *account,
        &scope.paths,
        scope.own.map(|u| *u),
    );
    Ok(rows.fetch_all(tx.db()).await?)
}
