//! Secrets that the installation made for itself: each exists from its first use on.

use crate::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

/// The secret of that name, 32 bytes, the same on every node.
pub async fn get(db: &mut PgConnection, name: &str) -> Result<Vec<u8>> {
    if let Some(secret) = stored(db, name).await? {
        return Ok(secret);
    }
    // Two random UUIDs: 244 bits from the system's generator.
    let fresh = [*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat();
    sqlx::query!(
        "insert into kernel.secret (name, value) values ($1, $2) on conflict do nothing",
        name,
        fresh,
    )
    .execute(&mut *db)
    .await?;
    // Another node may have been first: the stored one counts.
    stored(db, name).await?.ok_or_else(|| Error::Internal(sqlx::Error::RowNotFound.into()))
}

async fn stored(db: &mut PgConnection, name: &str) -> Result<Option<Vec<u8>>> {
    Ok(sqlx::query_scalar!("select value from kernel.secret where name = $1", name)
        .fetch_optional(db)
        .await?)
}
