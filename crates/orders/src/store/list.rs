//! Lists of orders.

use crate::{
    Filter, Order, Powers,
    store::{OrderRow, select_orders},
};
use chrono::{DateTime, Utc};
use kernel::{AccountId, Cursor, OrderId, Page, Result, Scope, Tx, page};
use std::collections::HashMap;
use uuid::Uuid;

/// Where a page ended: the instant that the list is sorted by, and the row.
type Place = (DateTime<Utc>, Uuid);

/// A page of what matches. What is open is a queue, sorted by the limit that runs; with closed
/// ones among them it is a history, the newest first. Each has its own index.
pub(crate) async fn list(tx: &mut Tx, scope: &Scope, filter: &Filter) -> Result<Page<Order>> {
    let limit = page::limit(filter.limit);
    let after: Option<Place> = Cursor::decode(filter.after.as_deref())?;
    let queue = filter.is_queue();
    let rows = if queue {
        queue_page(tx, scope, filter, after, limit + 1).await?
    } else {
        history_page(tx, scope, filter, after, limit + 1).await?
    };
    let powers = Powers::of(tx.actor());
    let items = rows.into_iter().map(|row| row.shown_to(&powers)).collect();
    Ok(Page::cut(items, limit, |o: &Order| {
        let at = if queue { o.next_due.unwrap_or(o.finish_due) } else { o.opened_at };
        (at, *o.id)
    }))
}

impl Filter {
    /// Whether only open orders can match.
    fn is_queue(&self) -> bool {
        let flag = |f: Option<u8>| f == Some(1);
        let open_state = self.state.is_some_and(|s| !s.is_over());
        open_state || flag(self.open) || flag(self.overdue) || flag(self.mine)
    }

    /// The pattern of `q` for `like`, with its own wildcards made plain.
    fn pattern(&self) -> Option<String> {
        let q = self.q.as_deref().map(str::trim).filter(|q| !q.is_empty())?;
        let plain = q.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        Some(format!("%{plain}%"))
    }

    /// Whose orders: the one that is asked for, or the caller's own.
    fn assignee(&self, tx: &Tx) -> Result<Option<Uuid>> {
        if self.mine == Some(1) { Ok(Some(*tx.user()?)) } else { Ok(self.assignee.map(|u| *u)) }
    }
}

async fn queue_page(
    tx: &mut Tx,
    scope: &Scope,
    f: &Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<OrderRow>> {
    let (after_due, after_id) = after.unzip();
    let (now, assignee) = (tx.now(), f.assignee(tx)?);
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
           and ($9::text is null or
                concat_ws(' ', o.no, o.address, o.contact_name, o.contact_phone) like $9)
           and ($10::timestamptz is null or o.next_due < $10)
           and ($11::timestamptz is null or (o.next_due, o.id) > ($11, $12::uuid))
         order by o.next_due, o.id limit $13",
        &scope.paths,
        scope.own.map(|u| *u),
        f.state.map(<&str>::from),
        f.kind,
        f.org.map(|o| *o),
        assignee,
        f.account.map(|a| *a),
        f.unit.map(|u| *u),
        f.pattern(),
        (f.overdue == Some(1)).then_some(now),
        after_due,
        after_id,
        limit,
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

async fn history_page(
    tx: &mut Tx,
    scope: &Scope,
    f: &Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<OrderRow>> {
    let (after_at, after_id) = after.unzip();
    let assignee = f.assignee(tx)?;
    let rows = select_orders!(
        "where (o.org_path ^@ any($1) or o.assignee_id = $2)
           and ($3::text is null or o.state = $3)
           and ($4::text is null or o.kind = $4)
           and ($5::uuid is null or
                o.org_path ^@ (select path from identity.org where id = $5))
           and ($6::uuid is null or o.assignee_id = $6)
           and ($7::uuid is null or o.account_id = $7)
           and ($8::uuid is null or o.unit_id = $8)
           and ($9::text is null or
                concat_ws(' ', o.no, o.address, o.contact_name, o.contact_phone) like $9)
           and ($10::timestamptz is null or (o.opened_at, o.id) < ($10, $11::uuid))
         order by o.opened_at desc, o.id desc limit $12",
        &scope.paths,
        scope.own.map(|u| *u),
        f.state.map(<&str>::from),
        f.kind,
        f.org.map(|o| *o),
        assignee,
        f.account.map(|a| *a),
        f.unit.map(|u| *u),
        f.pattern(),
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
