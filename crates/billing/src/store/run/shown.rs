//! What a report of a run shows.

use crate::{RunChange, RunRefusal, RunSum};
use kernel::{AccountId, Fen, Result, Tx};
use uuid::Uuid;

/// By season, station and class.
pub(crate) async fn sums(tx: &mut Tx, id: Uuid) -> Result<Vec<RunSum>> {
    let rows = sqlx::query_as!(
        RunSum,
        r#"select n.code as season, s.org_path, coalesce(o.name, s.org_path) as "org_name!",
                  s.user_class, s.households, s.from_fen as "from_fen: Fen",
                  s.to_fen as "to_fen: Fen"
           from billing.run_sum s
           join ledger.season n on n.id = s.season_id
           left join identity.org o on o.path = s.org_path
           where s.run_id = $1 order by n.starts_at desc, s.org_path, s.user_class"#,
        id,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Where it differs most.
pub(crate) async fn changes(tx: &mut Tx, id: Uuid, limit: i64) -> Result<Vec<RunChange>> {
    let rows = sqlx::query_as!(
        RunChange,
        r#"select n.code as season, c.account_id as "account_id: AccountId", a.account_no,
                  p.address, c.from_fen as "from_fen: Fen", c.to_fen as "to_fen: Fen"
           from billing.run_change c
           join ledger.season n on n.id = c.season_id
           join directory.account a on a.id = c.account_id
           join directory.premise p on p.id = a.premise_id
           where c.run_id = $1 order by abs(c.to_fen - c.from_fen) desc, a.account_no limit $2"#,
        id,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// For whom nothing could be reckoned.
pub(crate) async fn refusals(tx: &mut Tx, id: Uuid, limit: i64) -> Result<Vec<RunRefusal>> {
    let rows = sqlx::query_as!(
        RunRefusal,
        r#"select n.code as season, r.account_id as "account_id: AccountId", a.account_no,
                  p.address, r.code, r.zh, r.en
           from billing.run_refusal r
           join ledger.season n on n.id = r.season_id
           join directory.account a on a.id = r.account_id
           join directory.premise p on p.id = a.premise_id
           where r.run_id = $1 order by a.account_no limit $2"#,
        id,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}
