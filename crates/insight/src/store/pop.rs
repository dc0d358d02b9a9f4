//! What the pop needs of a call before it is masked.

use kernel::{AccountId, CallId, Error, Result, Tx};

/// Who is on the line.
pub(crate) struct OnTheLine {
    /// The outside party's number, whole.
    pub number: String,
    /// The household that somebody identified.
    pub account_id: Option<AccountId>,
}

/// The number and household of a call that the caller was found to see.
pub(crate) async fn on_the_line(tx: &mut Tx, id: CallId) -> Result<OnTheLine> {
    sqlx::query_as!(
        OnTheLine,
        "select peer_number as number, account_id from telephony.call where id = $1",
        *id,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("call"))
}
