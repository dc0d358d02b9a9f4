//! Who owes, by where he lives, what he is and since when.

use crate::{Debtor, DebtorFilter, VisitResult};
use chrono::NaiveDate;
use kernel::{AccountId, Fen, Result, Scope, Tx};
use uuid::Uuid;

/// Which debtors are wanted.
pub(crate) struct Wanted<'a> {
    pub of: &'a DebtorFilter,
    pub scope: &'a Scope,
    /// These of them; all when empty.
    pub only: &'a [AccountId],
    /// The year in which the running season began.
    pub year: i32,
    pub today: NaiveDate,
    pub limit: i64,
    pub after: Option<(i64, Uuid)>,
}

/// Debtors, the largest debt first, with how many there are in all and what they owe together.
/// Credit is taken off: who has paid ahead as much as he owes is none.
pub(crate) async fn debtors(tx: &mut Tx, w: Wanted<'_>) -> Result<(Vec<Debtor>, i64, Fen)> {
    let only: Vec<Uuid> = w.only.iter().map(|a| **a).collect();
    let rows = sqlx::query!(
        r#"with recursive below (id) as (
             select $2::uuid union all
             select p.id from directory.place p join below b on p.parent_id = b.id
           ), pipes (id) as (
             select $3::uuid union all
             select n.id from directory.network_node n join pipes b on n.parent_id = b.id
           ), meant as (
             select a.id, a.account_no, a.person_id, a.org_path, m.address, m.user_class
             from directory.account a join directory.premise m on m.id = a.premise_id
             where a.utility = 'heat' and a.org_path ^@ any($1)
               and ($2::uuid is null or m.unit_id in (select id from below))
               and ($3::uuid is null or m.riser_id in (select id from pipes))
               and ($4::text is null or a.org_path ^@ $4)
               and ($5::text is null or m.user_class = $5)
               and (cardinality($6::uuid[]) = 0 or a.id = any($6))
           ), closed (through) as (
             -- Nothing is written behind a close: its balances stand for all before it.
             select coalesce(max(through), '-infinity') from ledger.closing
           ), line as (
             select account_id, season_id, amount_fen from ledger.closing_balance
             where through = (select through from closed) and ledger in ('receivable', 'advance')
             union all
             select account_id, season_id, amount_fen from ledger.entry
             where valid_on > (select through from closed) and ledger in ('receivable', 'advance')
           ), by_season as (
             select e.account_id, e.season_id, sum(e.amount_fen)::bigint as fen
             from line e join meant on meant.id = e.account_id
             group by e.account_id, e.season_id having sum(e.amount_fen) <> 0
           ), owing as (
             select b.account_id, sum(b.fen)::bigint as fen, min(s.code) as oldest,
                    count(*) filter (where b.fen > 0) as seasons,
                    min(extract(year from s.starts_at at time zone 'Asia/Shanghai'))
                      filter (where b.fen > 0) as year
             from by_season b left join ledger.season s on s.id = b.season_id and b.fen > 0
             group by b.account_id having sum(b.fen) > 0
           ), found as (
             select meant.*, o.fen, o.oldest, o.seasons, i.result, i.promised_on, i.next_on,
                    greatest(i.visited_at, i.told_at) as asked_at, c.collector
             from owing o join meant on meant.id = o.account_id
             left join lateral (
               select result, promised_on, next_on, visited_at, told_at
               from payments.collection_item x where x.account_id = meant.id
               order by greatest(visited_at, told_at) desc nulls last limit 1) i on true
             left join lateral (
               select s.name as collector from payments.collection_item x
               join payments.collection_list l on l.id = x.list_id and l.due_on >= $9
               join identity.staff s on s.id = l.collector_id
               where x.account_id = meant.id order by l.made_at desc limit 1) c on true
             where o.fen >= $7 and ($8::int is null or o.year <= $10::int - $8::int)
               and (not $11 or c.collector is null)
               and (not $12 or least(i.promised_on, i.next_on) <= $9)
           )
           select f.id as "account_id!: AccountId", f.account_no as "account_no!",
                  p.name as "name!", f.address as "address!", f.user_class as "user_class!",
                  coalesce(o.name, f.org_path) as "org_name!", f.fen as "owed_fen!: Fen",
                  coalesce(f.oldest, '') as "oldest!", f.seasons as "seasons!",
                  f.collector as "collector_name?", f.result as "result?: VisitResult",
                  f.promised_on as "promised_on?", f.next_on as "next_on?",
                  f.asked_at as "asked_at?",
                  (select count(*) from found) as "households!",
                  (select sum(fen)::bigint from found) as "total!: Fen"
           from found f
           join directory.person p on p.id = f.person_id
           left join identity.org o on o.path = f.org_path
           where $13::bigint is null or (f.fen, f.id) < ($13, $14)
           order by f.fen desc, f.id desc limit $15"#,
        &w.scope.paths,
        w.of.place_id.map(|p| *p),
        w.of.node_id.map(|n| *n),
        w.of.org_path,
        w.of.user_class,
        &only,
        w.of.at_least_fen.unwrap_or(Fen::ZERO).get(),
        w.of.years,
        w.today,
        w.year,
        w.of.free == Some(1),
        w.of.due == Some(1),
        w.after.map(|a| a.0),
        w.after.map(|a| a.1),
        w.limit,
    )
    .fetch_all(tx.db())
    .await?;
    let (households, total) = rows.first().map_or((0, Fen::ZERO), |r| (r.households, r.total));
    let debtors = rows.into_iter().map(|r| Debtor {
        account_id: r.account_id,
        account_no: r.account_no,
        name: r.name,
        address: r.address,
        user_class: r.user_class,
        org_name: r.org_name,
        owed_fen: r.owed_fen,
        oldest: r.oldest,
        seasons: r.seasons,
        collector_name: r.collector_name,
        result: r.result,
        promised_on: r.promised_on,
        next_on: r.next_on,
        asked_at: r.asked_at,
    });
    Ok((debtors.collect(), households, total))
}
