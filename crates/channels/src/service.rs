//! Use cases of messages.

use crate::permissions::VIEW;
use crate::{Medium, Message, NewMessage, store};
use chrono::{DateTime, Utc};
use kernel::{Cursor, MatterId, MessageId, Page, Result, Tx};
use uuid::Uuid;

/// Queues a message, to be sent after the commit. Nothing when the reason was told already, or
/// when the receiver cannot be one.
pub async fn queue(tx: &mut Tx, new: NewMessage) -> Result<Option<MessageId>> {
    if !reachable(new.medium, &new.receiver) {
        tracing::warn!(reason = new.reason, "no receiver for a message");
        return Ok(None);
    }
    let id: MessageId = tx.new_id();
    Ok(store::insert(tx, id, &new).await?.then_some(id))
}

/// The messages in sight, newest first.
pub async fn list(
    tx: &mut Tx,
    matter: Option<MatterId>,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<Message>> {
    let scope = tx.scope(VIEW)?;
    let after: Option<(DateTime<Utc>, Uuid)> = Cursor::decode(after)?;
    let rows = store::list(tx, &scope, matter, after, limit).await?;
    let page = Page::cut(rows, limit, |m| (m.made_at, *m.id));
    Ok(Page { items: page.items.into_iter().map(Message::masked).collect(), next: page.next })
}

fn reachable(medium: Medium, receiver: &str) -> bool {
    match medium {
        Medium::Sms => {
            (3..=20).contains(&receiver.len()) && receiver.bytes().all(|b| b.is_ascii_digit())
        }
        Medium::Wechat | Medium::Mail => !receiver.is_empty(),
    }
}
