//! Closing periods, and the balances that stand from then on.

use crate::{LedgerRule, Period};
use chrono::NaiveDate;
use kernel::{Error, Fen, Result, Tx};

/// Waits until nobody posts, and keeps everybody from it until the end of the transaction.
pub(crate) async fn lock_alone(tx: &mut Tx) -> Result<()> {
    sqlx::query!("select set_config('lock_timeout', '3s', true)").fetch_one(tx.db()).await?;
    sqlx::query!("select pg_advisory_xact_lock(x'6c6564676572'::bigint)")
        .fetch_one(tx.db())
        .await
        .map_err(|e| match e.as_database_error().and_then(|d| d.code()) {
            Some(code) if code == "55P03" => LedgerRule::Busy.into(),
            _ => Error::from(e),
        })?;
    Ok(())
}

/// Writes the close; its instant is after everything that was written for its days.
pub(crate) async fn insert_period(tx: &mut Tx, through: NaiveDate) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    sqlx::query!(
        "insert into ledger.period (through, closed_at, closed_by)
         select $1, greatest($2, (select max(recorded_at) from ledger.posting
                                  where valid_on <= $1 and valid_on > ledger.closed_through())),
                $3",
        through,
        now,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The first close whose balances do not stand yet, and the one before it.
pub(crate) async fn first_unbalanced(
    tx: &mut Tx,
) -> Result<Option<(NaiveDate, Option<NaiveDate>)>> {
    let row = sqlx::query!(
        r#"select p.through, (select max(b.through) from ledger.period b
                              where b.through < p.through) as before
           from ledger.period p
           where not exists (select from ledger.closing c where c.through = p.through)
           order by p.through limit 1"#,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|r| (r.through, r.before)))
}

/// Sums the balances of a close from those of the one before it.
pub(crate) async fn balance_closing(
    tx: &mut Tx,
    through: NaiveDate,
    before: Option<NaiveDate>,
) -> Result<()> {
    sqlx::query!(
        "insert into ledger.closing_balance
           (through, account_id, season_id, segment_id, ledger, item, amount_fen)
         select $1, account_id, season_id, segment_id, ledger, item, sum(amount_fen)::bigint
         from (
           select account_id, season_id, segment_id, ledger, item, amount_fen
           from ledger.closing_balance where through = $2
           union all
           select account_id, season_id, segment_id, ledger, item, amount_fen
           from ledger.entry where valid_on <= $1 and ($2::date is null or valid_on > $2)
         ) l
         group by account_id, season_id, segment_id, ledger, item
         having sum(amount_fen) <> 0 order by account_id",
        through,
        before,
    )
    .execute(tx.db())
    .await?;
    let now = tx.now();
    sqlx::query!(
        "insert into ledger.closing (through, balances, receivable_fen, advance_fen, balanced_at)
         select $1, count(*), coalesce(sum(amount_fen) filter (where ledger = 'receivable'), 0),
                coalesce(-sum(amount_fen) filter (where ledger = 'advance'), 0), $2
         from ledger.closing_balance where through = $1",
        through,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Closes, newest first.
pub(crate) async fn periods(tx: &mut Tx) -> Result<Vec<Period>> {
    let periods = sqlx::query_as!(
        Period,
        r#"select p.through, p.closed_at, s.name as "closed_by?", c.balanced_at as "balanced_at?",
                  coalesce(c.balances, 0) as "balances!",
                  coalesce(c.receivable_fen, 0) as "receivable_fen!: Fen",
                  coalesce(c.advance_fen, 0) as "advance_fen!: Fen"
           from ledger.period p
           left join ledger.closing c on c.through = p.through
           left join identity.staff s on s.id = p.closed_by
           order by p.through desc"#,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(periods)
}

/// The first day for which something was ever written.
pub(crate) async fn first_day(tx: &mut Tx) -> Result<Option<NaiveDate>> {
    Ok(sqlx::query_scalar!("select min(valid_on) from ledger.posting").fetch_one(tx.db()).await?)
}
