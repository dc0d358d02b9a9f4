//! Work that one node does at a time: whoever holds the advisory lock leads, for as long as his
//! connection lives.

use crate::{App, Result};
use sqlx::PgConnection;

/// The posts that one node fills at a time; the number is the lock's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Post {
    /// Turning events into jobs.
    FanOut = 0x6865_6172_0001,
    /// Running the telephone.
    Telephone = 0x6865_6172_0002,
    /// Sealing the book.
    Seal = 0x6865_6172_0003,
}

/// Tries to take a post. The connection is the lead: ping it before each piece of
/// work, and drop it to let another node lead.
pub async fn try_lead(app: &App, post: Post) -> Result<Option<PgConnection>> {
    let mut lead = app.pool.acquire().await?.detach();
    let won = sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "won!""#, post as i64)
        .fetch_one(&mut lead)
        .await?;
    Ok(won.then_some(lead))
}
