//! Keeps the town alive while the demonstration runs: stations report, and repairers whose phones
//! nobody holds stay where they are and reachable. A real company's phones and stations do this.

use chrono::{DateTime, Utc};
use kernel::Result;
use sqlx::PgPool;

/// One beat at `now`; made to run every half minute, and harmless when it runs twice.
pub async fn pulse(pool: &PgPool, now: DateTime<Utc>) -> Result<()> {
    sqlx::query(
        "update dispatch.worker set seen_at = $1, position_at = $1
         where on_shift and lng is not null and seen_at < $1 - interval '1 minute'",
    )
    .bind(now)
    .execute(pool)
    .await?;
    // The next reading drifts a little and is drawn back to 49.5 °C.
    sqlx::query(
        "insert into notices.reading
           (node_id, at, supply_decidegrees, return_decidegrees, supply_kpa, return_kpa, flow_lph)
         select node_id, $1, supply + pull + drift, back + pull + drift, up, down, flow
         from (select distinct on (node_id) node_id, at, supply_decidegrees as supply,
                 return_decidegrees as back, supply_kpa as up, return_kpa as down, flow_lph as flow,
                 sign(495 - supply_decidegrees)::integer as pull,
                 abs(hashtext(node_id::text || $1::text)) % 7 - 3 as drift
               from notices.reading order by node_id, at desc) as last
         where at <= $1 - interval '10 minutes'
         on conflict do nothing",
    )
    .bind(now)
    .execute(pool)
    .await?;
    Ok(())
}
