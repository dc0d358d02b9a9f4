//! Calls: look at them, and what an agent does with a live one.

use crate::TelephonyRule;
use crate::engine::Config;
use crate::engine::apply::{apply, claim};
use crate::events::{CallEvent, CallPayload};
use crate::model::decide::{Input, World as _, decide};
use crate::permissions::{ANSWER, LISTEN, VIEW};
use crate::store::{calls, lists, recordings};
use crate::views::{CallView, Filter, Place, Waveform};
use kernel::{AccountId, CallId, Cursor, Error, Page, Result, Scope, Tx, UserId, page};

/// One call within sight.
pub async fn get(tx: &mut Tx, id: CallId) -> Result<CallView> {
    let scope = sight(tx)?;
    lists::call(tx, id, &scope).await?.ok_or(Error::NotFound("call"))
}

/// Calls within sight, newest first.
pub async fn list(tx: &mut Tx, filter: &Filter) -> Result<Page<CallView>> {
    let scope = sight(tx)?;
    let mine = if filter.mine == Some(1) { Some(tx.user()?) } else { None };
    let after = Cursor::decode::<Place>(filter.after.as_deref())?;
    let limit = page::limit(filter.limit);
    let rows = lists::calls(tx, filter, mine, &scope, after, limit).await?;
    Ok(Page::cut(rows, limit, |c| (c.arrived_at, *c.id)))
}

/// The call that holds the caller's seat.
pub async fn current(tx: &mut Tx) -> Result<Option<CallView>> {
    tx.require(ANSWER)?;
    let me = tx.user()?;
    match lists::current(tx, me).await? {
        Some(id) => Ok(Some(get(tx, id).await?)),
        None => Ok(None),
    }
}

/// Those whom the key lets see calls; an agent sees the own ones in any case.
fn sight(tx: &Tx) -> Result<Scope> {
    let mut scope = match tx.scope(VIEW) {
        Ok(scope) => scope,
        Err(no) => {
            tx.require(ANSWER).map_err(|_| no)?;
            Scope::default()
        }
    };
    scope.own = tx.actor().user;
    Ok(scope)
}

/// Says whose call it is.
pub async fn identify(tx: &mut Tx, id: CallId, account: AccountId) -> Result<CallView> {
    get(tx, id).await?;
    let call = calls::lock(tx, id).await?.ok_or(Error::NotFound("call"))?;
    if call.account_id != Some(account) {
        calls::identify(tx, id, account).await?;
        let what = CallPayload::Identified { from: call.account_id, to: account };
        tx.emit(&CallEvent::new("telephony.identified", &call, what))?;
    }
    get(tx, id).await
}

/// What the agent of a live call does with it.
pub async fn act(tx: &mut Tx, config: &Config, id: CallId, input: &Input) -> Result<CallView> {
    tx.require(ANSWER)?;
    let me = tx.user()?;
    let call = calls::lock(tx, id).await?.ok_or(Error::NotFound("call"))?;
    if call.agent_id != Some(me) {
        return Err(TelephonyRule::NotYourCall.into());
    }
    let decision = decide(&call, input, config, tx.now()).ok_or(TelephonyRule::NotNow)?;
    if let Input::ToAgent(colleague, _) = input
        && !claim(tx, *colleague, id, &["idle"]).await?
    {
        return Err(TelephonyRule::AgentNotFree.into());
    }
    apply(tx, &call, &decision).await?;
    get(tx, id).await
}

/// Hands the caller to a queue.
pub async fn to_queue(tx: &mut Tx, config: &Config, id: CallId, key: &str) -> Result<CallView> {
    let queue = config
        .queue_by_key(key)
        .ok_or_else(|| Error::invalid("queue_key", "队列不存在", "no such queue"))?;
    act(tx, config, id, &Input::ToQueue(queue)).await
}

/// Hands the caller to a colleague; should the colleague not answer, to a queue.
pub async fn to_agent(
    tx: &mut Tx,
    config: &Config,
    id: CallId,
    colleague: UserId,
) -> Result<CallView> {
    let call = calls::lock(tx, id).await?.ok_or(Error::NotFound("call"))?;
    let queue = call.queue_id.or_else(|| config.queue_of(colleague));
    let queue = queue.ok_or(TelephonyRule::AgentWithoutQueue)?;
    act(tx, config, id, &Input::ToAgent(colleague, queue)).await
}

/// The stored recording of a call that the caller may hear.
pub async fn recording(tx: &mut Tx, id: CallId) -> Result<recordings::Stored> {
    let call = lists::mark(tx, id).await?.ok_or(Error::NotFound("call"))?;
    let me = tx.actor().user;
    if me.is_none() || call.agent_id != me {
        let scope = tx.scope(LISTEN)?;
        let own = scope.own.is_some() && scope.own == call.agent_id;
        if !own && !scope.covers(&call.org_path) {
            return Err(Error::NotFound("call"));
        }
    }
    recordings::get(tx, id).await?.ok_or(Error::NotFound("recording"))
}

/// Its picture.
pub async fn waveform(tx: &mut Tx, id: CallId) -> Result<Waveform> {
    let stored = recording(tx, id).await?;
    Ok(Waveform { seconds: stored.seconds, peaks: stored.peaks, channels: 1 })
}
