//! SQL of messages.

use crate::model::{MAX_ATTEMPTS, Message, NewMessage, pause};
use chrono::{DateTime, Utc};
use kernel::{MatterId, MessageId, Result, Scope, Tx};
use uuid::Uuid;

/// False when the reason has its message already.
pub(crate) async fn insert(tx: &mut Tx, id: MessageId, new: &NewMessage) -> Result<bool> {
    let now = tx.now();
    let done = sqlx::query!(
        "insert into channels.message
           (id, reason, medium, receiver, template, body, matter_id, org_path,
            state, made_at, next_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $9)
         on conflict on constraint message_reason_key do nothing",
        *id,
        new.reason,
        <&str>::from(new.medium),
        new.receiver,
        new.template,
        new.body,
        new.matter_id.map(|m| *m),
        new.org_path,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Newest first.
pub(crate) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    matter: Option<MatterId>,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Message>> {
    let (at, id) = after.unzip();
    Ok(sqlx::query_as!(
        Message,
        r#"select id, medium as "medium: _", receiver, template, body, matter_id,
                  state as "state: _", attempts, made_at, sent_at, error
           from channels.message
           where org_path ^@ any($1) and ($2::uuid is null or matter_id = $2)
             and ($3::timestamptz is null or (made_at, id) < ($3, $4))
           order by made_at desc, id desc limit $5"#,
        &scope.paths,
        matter.map(|m| *m),
        at,
        id,
        limit + 1,
    )
    .fetch_all(tx.db())
    .await?)
}

/// What a sender needs of a message.
pub(crate) struct Claimed {
    pub id: MessageId,
    pub medium: crate::Medium,
    pub receiver: String,
    pub template: String,
    pub body: String,
    pub matter_id: Option<MatterId>,
    pub org_path: String,
    pub attempts: i32,
}

/// Takes the messages whose time has come: nobody else takes them until their pause is over.
pub(crate) async fn claim(tx: &mut Tx, most: i64) -> Result<Vec<Claimed>> {
    let now = tx.now();
    let pauses: Vec<i32> = (1..=MAX_ATTEMPTS + 1)
        .map(|n| i32::try_from(pause(n).num_seconds()).unwrap_or(i32::MAX))
        .collect();
    Ok(sqlx::query_as!(
        Claimed,
        r#"update channels.message m
           set attempts = attempts + 1,
               next_at = $1 + make_interval(
                 secs => ($3::integer[])[least(m.attempts + 1, array_length($3, 1))])
           from (select id from channels.message
                 where state = 'waiting' and next_at <= $1
                 order by next_at limit $2 for update skip locked) due
           where m.id = due.id
           returning m.id, medium as "medium: _", receiver, template, body, matter_id,
                     org_path, attempts"#,
        now,
        most,
        &pauses,
    )
    .fetch_all(tx.db())
    .await?)
}

pub(crate) async fn set_sent(tx: &mut Tx, id: MessageId, provider_id: &str) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update channels.message
         set state = 'sent', sent_at = $2, provider_id = $3, next_at = null, error = null
         where id = $1 and state = 'waiting'",
        *id,
        now,
        provider_id,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Notes the failure; given up when `last`, otherwise it stays for the next try.
pub(crate) async fn set_error(tx: &mut Tx, id: MessageId, error: &str, last: bool) -> Result<()> {
    sqlx::query!(
        "update channels.message
         set error = $2, state = case when $3 then 'failed' else state end,
             next_at = case when $3 then null else next_at end
         where id = $1 and state = 'waiting'",
        *id,
        error,
        last,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
