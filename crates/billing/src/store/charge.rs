//! Charges.

use crate::model::{Booked, Charge, ChargeAct, ChargeVersion, ChargedItems, NewCharge};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Error, Fen, Result, SeasonId, Tx};
use std::collections::HashMap;
use std::str::FromStr as _;
use uuid::Uuid;

/// Makes two who would charge or correct one household wait for each other.
pub(crate) async fn lock(tx: &mut Tx, account: AccountId) -> Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('charge ' || $1, 0))",
        account.to_string(),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A season's code and days.
pub(crate) async fn season_code(tx: &mut Tx, season: SeasonId) -> Result<String> {
    sqlx::query_scalar!("select code from ledger.season where id = $1", *season)
        .fetch_optional(tx.db())
        .await?
        .ok_or(Error::NotFound("season"))
}

/// The household's organisation, if it is in sight.
pub(crate) async fn org_of(tx: &mut Tx, account: AccountId, paths: &[String]) -> Result<String> {
    sqlx::query_scalar!(
        "select org_path from directory.account where id = $1 and org_path ^@ any($2)",
        *account,
        paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("household"))
}

/// The last version of a household's charge for a season.
pub(crate) async fn last(
    tx: &mut Tx,
    season: SeasonId,
    account: AccountId,
) -> Result<Option<Charge>> {
    let row = sqlx::query!(
        "select version, segment_id,
                heat_fen, basic_fen, metered_fen, height_fen
         from billing.charge where season_id = $1 and account_id = $2
         order by version desc limit 1",
        *season,
        *account,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|r| Charge {
        version: r.version,
        booked: Booked {
            items: ChargedItems {
                heat_fen: r.heat_fen,
                basic_fen: r.basic_fen,
                metered_fen: r.metered_fen,
                height_fen: r.height_fen,
            },
            segment: r.segment_id,
        },
    }))
}

/// The posting that a household's last correction of the season corrects: the last that charged.
pub(crate) async fn last_posting(
    tx: &mut Tx,
    season: SeasonId,
    account: AccountId,
) -> Result<Option<kernel::PostingId>> {
    let id = sqlx::query_scalar!(
        r#"select posting_id as "id!: kernel::PostingId" from billing.charge
           where season_id = $1 and account_id = $2 and posting_id is not null
           order by version desc limit 1"#,
        *season,
        *account,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(id)
}

/// The day for which a household's first charge of the season counts.
pub(crate) async fn charged_on(
    tx: &mut Tx,
    season: SeasonId,
    account: AccountId,
) -> Result<Option<NaiveDate>> {
    let day = sqlx::query_scalar!(
        "select p.valid_on from billing.charge c join ledger.posting p on p.id = c.posting_id
         where c.season_id = $1 and c.account_id = $2 order by c.version limit 1",
        *season,
        *account,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(day)
}

/// The seasons after a day that a household was charged for, and those that were opened for
/// everybody: the days when they were charged first.
pub(crate) async fn seasons_touched(
    tx: &mut Tx,
    account: AccountId,
    from: NaiveDate,
) -> Result<Vec<SeasonId>> {
    let rows = sqlx::query_scalar!(
        r#"select s.id from ledger.season s
           where s.ends_at > $2
             and (exists (select from billing.charge c
                          where c.season_id = s.id and c.account_id = $1)
                  or exists (select from billing.opening o
                             where o.season_id = s.id and o.state = 'posted'
                               and o.selection = '{}'::jsonb))
           order by s.starts_at"#,
        *account,
        kernel::clock::start_of_day(from),
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Keeps charges.
pub(crate) async fn insert(tx: &mut Tx, act: &ChargeAct, charges: &[NewCharge]) -> Result<()> {
    let now = tx.now();
    let accounts: Vec<Uuid> = charges.iter().map(|c| *c.account).collect();
    let versions: Vec<i32> = charges.iter().map(|c| c.version).collect();
    let postings: Vec<Option<Uuid>> = charges.iter().map(|c| c.posting_id.map(|p| *p)).collect();
    let segments: Vec<i32> = charges.iter().map(|c| c.booked.segment.0).collect();
    let amounts: Vec<i64> = charges.iter().map(|c| c.amount.get()).collect();
    let of = |pick: fn(&ChargedItems) -> Option<Fen>| -> Vec<Option<i64>> {
        charges.iter().map(|c| pick(&c.booked.items).map(Fen::get)).collect()
    };
    let facts: Vec<String> = charges.iter().map(|c| c.facts.clone()).collect();
    sqlx::query!(
        "insert into billing.charge
           (account_id, season_id, version, pack_version_id, posting_id, charged_at, amount_fen,
            heat_fen, basic_fen, metered_fen, height_fen, segment_id, reason, cause_id, facts)
         select t.account_id, $1, t.version, $2, t.posting_id, $3, t.amount, t.heat, t.basic,
                t.metered, t.height, t.segment, $4, $5, t.facts
         from unnest($6::uuid[], $7::int[], $8::uuid[], $9::int[], $10::bigint[], $11::bigint[],
                     $12::bigint[], $13::bigint[], $14::bigint[], $15::text[])
           as t (account_id, version, posting_id, segment, amount, heat, basic, metered, height,
                 facts)",
        *act.season,
        *act.pack_version_id,
        now,
        <&str>::from(act.reason),
        act.cause_id,
        &accounts,
        &versions,
        &postings as &[Option<Uuid>],
        &segments,
        &amounts,
        &of(|i| i.heat_fen) as &[Option<i64>],
        &of(|i| i.basic_fen) as &[Option<i64>],
        &of(|i| i.metered_fen) as &[Option<i64>],
        &of(|i| i.height_fen) as &[Option<i64>],
        &facts,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Every version of a household's charges, newest first; as known at a moment.
pub(crate) async fn versions(
    tx: &mut Tx,
    account: AccountId,
    known_at: DateTime<Utc>,
) -> Result<Vec<(ChargeVersion, String)>> {
    let rows = sqlx::query!(
        r#"select c.season_id, s.code, c.version, c.charged_at, c.reason, c.cause_id,
                  c.pack_version_id, c.posting_id, c.amount_fen, c.heat_fen, c.basic_fen,
                  c.metered_fen, c.height_fen, c.facts,
                  coalesce(f.actor || '：' || f.reason, '') as "why!"
           from billing.charge c
           join ledger.season s on s.id = c.season_id
           left join directory.change f on f.id = c.cause_id
           where c.account_id = $1 and c.charged_at <= $2
           order by s.starts_at desc, c.version desc"#,
        *account,
        known_at,
    )
    .fetch_all(tx.db())
    .await?;
    let mut out = Vec::with_capacity(rows.len());
    for r in rows {
        let reason =
            crate::ChargeReason::from_str(&r.reason).map_err(|e| Error::Internal(e.into()))?;
        let version = ChargeVersion {
            season_id: r.season_id,
            season: r.code,
            version: r.version,
            charged_at: r.charged_at,
            reason,
            why: r.why,
            amount_fen: r.amount_fen,
            items: ChargedItems {
                heat_fen: r.heat_fen,
                basic_fen: r.basic_fen,
                metered_fen: r.metered_fen,
                height_fen: r.height_fen,
            },
            pack_version_id: r.pack_version_id,
            posting_id: r.posting_id,
        };
        out.push((version, r.facts));
    }
    Ok(out)
}

/// Those of these households that have a charge for the season.
pub(crate) async fn charged(
    tx: &mut Tx,
    season: SeasonId,
    accounts: &[AccountId],
) -> Result<std::collections::HashSet<AccountId>> {
    let ids = super::facts::raw(accounts);
    let rows = sqlx::query_scalar!(
        "select account_id from billing.charge
         where season_id = $1 and account_id = any($2) and version = 1",
        *season,
        &ids,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().collect())
}

/// What these households were charged for a season by the book: receivables that no payment made.
/// History that was loaded counts like our own.
pub(crate) async fn charged_before(
    tx: &mut Tx,
    season: SeasonId,
    accounts: &[AccountId],
) -> Result<HashMap<AccountId, i64>> {
    let ids = super::facts::raw(accounts);
    let rows = sqlx::query!(
        r#"select account_id as "account_id!: AccountId", sum(amount_fen)::bigint as "fen!"
           from ledger.entry
           where season_id = $1 and account_id = any($2) and ledger = 'receivable'
             and item in ('heat', 'basic', 'metered', 'height') and amount_fen > 0
           group by account_id"#,
        *season,
        &ids,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.account_id, r.fen)).collect())
}

/// Whether anybody has a charge for the season.
pub(crate) async fn any(tx: &mut Tx, season: SeasonId) -> Result<bool> {
    let any = sqlx::query_scalar!(
        r#"select exists (select from billing.charge where season_id = $1) as "any!""#,
        *season,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(any)
}

/// The organisation of some household.
pub(crate) async fn any_org(tx: &mut Tx) -> Result<Option<String>> {
    let path = sqlx::query_scalar!(
        "select org_path from directory.account where utility = 'heat' limit 1",
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(path)
}
