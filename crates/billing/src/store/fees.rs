//! What the book says of one household.

use crate::model::{FeeMovement, FeeSum, Move, Movement};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Fen, Result, SeasonId, Tx};
use std::str::FromStr as _;
use tariff::Item;

/// Sums by season and item, newest season first, as of a moment. A posting that moves money or an
/// advance pays; any other charges or corrects a charge. Where channel or source tell, the
/// posting's other lines are not read: an opening has thousands.
pub(crate) async fn sums(
    tx: &mut Tx,
    account: AccountId,
    valid_on: NaiveDate,
    known_at: DateTime<Utc>,
) -> Result<Vec<FeeSum>> {
    let rows = sqlx::query!(
        r#"select e.season_id as "season_id?: SeasonId", coalesce(s.code, '') as "season!",
                  e.ledger as "ledger!", e.item as "item!",
                  coalesce(sum(e.amount_fen) filter (where not e.pays), 0)::bigint
                    as "charged!: Fen",
                  coalesce(-sum(e.amount_fen) filter (where e.pays), 0)::bigint as "paid!: Fen"
           from (
             select e.season_id, e.ledger, e.item, e.amount_fen,
                    p.channel is not null
                      or p.source not in ('season_opening', 'charge', 'recalculation', 'late_fee',
                                          'payment_late_fee')
                      and exists (select from ledger.entry m where m.posting_id = e.posting_id
                                  and m.ledger in ('cash', 'bank', 'wechat', 'alipay', 'card',
                                                   'cheque', 'advance', 'suspense')) as pays
             from ledger.entry e join ledger.posting p on p.id = e.posting_id
             where e.account_id = $1 and e.ledger in ('receivable', 'advance')
               and e.valid_on <= $2 and e.recorded_at <= $3
           ) e
           left join ledger.season s on s.id = e.season_id
           group by e.season_id, s.code, s.starts_at, e.ledger, e.item
           order by s.starts_at desc nulls last, e.season_id, e.item"#,
        *account,
        valid_on,
        known_at,
    )
    .fetch_all(tx.db())
    .await?;
    let sum = |season_id, season, ledger, item, charged, paid| FeeSum {
        season_id,
        season,
        ledger,
        item,
        charged,
        paid,
    };
    Ok(rows
        .into_iter()
        .map(|r| sum(r.season_id, r.season, r.ledger, r.item, r.charged, r.paid))
        .collect())
}

/// Postings that touch a household, newest first.
pub(crate) async fn movements(
    tx: &mut Tx,
    account: AccountId,
    valid_on: NaiveDate,
    known_at: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<FeeMovement>> {
    let rows = sqlx::query_as!(
        FeeMovement,
        r#"select p.id as "posting_id!", p.source, p.memo, p.channel, p.corrects_id,
                  p.valid_on, p.recorded_at, coalesce(s.code, '') as "season!",
                  e.item as "item!", e.ledger as "ledger!", e.amount_fen as "amount_fen!: Fen"
           from ledger.entry e
           join ledger.posting p on p.id = e.posting_id
           left join ledger.season s on s.id = e.season_id
           where e.account_id = $1 and e.ledger in ('receivable', 'advance')
             and e.valid_on <= $2 and e.recorded_at <= $3
           order by p.recorded_at desc, p.id desc, e.line limit $4"#,
        *account,
        valid_on,
        known_at,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Everything that moved what these households owe for seasons, late fees included.
pub(crate) async fn debts(tx: &mut Tx, accounts: &[AccountId]) -> Result<Vec<Movement>> {
    let ids = super::facts::raw(accounts);
    let rows = sqlx::query!(
        r#"select e.account_id as "account!: AccountId", e.season_id as "season!: SeasonId",
                  e.item as "item!", e.valid_on as "valid_on!", e.amount_fen as "amount!: Fen",
                  not (p.channel is not null
                       or p.source not in ('season_opening', 'charge', 'recalculation',
                                           'late_fee', 'payment_late_fee')
                       and exists (select from ledger.entry m where m.posting_id = e.posting_id
                                   and m.ledger in ('cash', 'bank', 'wechat', 'alipay', 'card',
                                                    'cheque', 'advance', 'suspense')))
                    as "charges!"
           from ledger.entry e join ledger.posting p on p.id = e.posting_id
           where e.account_id = any($1) and e.ledger = 'receivable' and e.season_id is not null
           order by e.account_id, e.season_id, e.item"#,
        &ids,
    )
    .fetch_all(tx.db())
    .await?;
    // What is no item of a season's rules does not grow.
    let movement = |account, season, item: &str, on, amount, charges| {
        let item = Item::from_str(item).ok()?;
        Some(Movement { account, season, change: Move { item, on, amount, charges } })
    };
    Ok(rows
        .into_iter()
        .filter_map(|r| movement(r.account, r.season, &r.item, r.valid_on, r.amount, r.charges))
        .collect())
}

/// Class and way of paying under which these households' seasons are in the book.
pub(crate) async fn terms(
    tx: &mut Tx,
    accounts: &[AccountId],
) -> Result<Vec<(AccountId, String, String, String)>> {
    let ids = super::facts::raw(accounts);
    let rows = sqlx::query!(
        "select a.id, a.org_path, p.user_class, a.charge_type
         from directory.account a join directory.premise p on p.id = a.premise_id
         where a.id = any($1)",
        &ids,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.org_path, r.user_class, r.charge_type)).collect())
}
