//! Use cases of notices and readings.

use crate::model::check_text;
use crate::permissions::{PUBLISH, VIEW};
use crate::{
    NewNotice, Notice, NoticeChange, NoticeEvent, NoticeRule, Reading, Station, StationTrend, store,
};
use kernel::{AccountId, Error, NetworkNodeId, NoticeId, Result, Scope, Tx};

/// Readings that a station's short curve shows.
const RECENT: i64 = 12;

/// Publishes a notice for a place, for a part of the network, or for all that the publisher
/// looks after.
pub async fn publish(tx: &mut Tx, new: NewNotice) -> Result<Notice> {
    let scope = tx.scope(PUBLISH)?;
    check_text(&new.title, &new.body)?;
    let starts_at = new.starts_at.unwrap_or(tx.now());
    if new.expected_end_at.is_some_and(|end| end <= starts_at) {
        return Err(NoticeRule::Backward.into());
    }
    let org_path = match (new.place_id, new.node_id) {
        (Some(_), Some(_)) => return Err(NoticeRule::TwoAreas.into()),
        (None, None) => own_org(&scope)?,
        _ => store::org_of_area(tx, &new, &scope).await?,
    };

    let notice = Notice {
        id: tx.new_id(),
        kind: <&str>::from(new.kind).to_owned(),
        title: new.title.trim().to_owned(),
        body: new.body,
        place_id: new.place_id,
        node_id: new.node_id,
        starts_at,
        expected_end_at: new.expected_end_at,
        ended_at: None,
        org_path,
    };
    store::insert(tx, &notice).await?;
    tell(tx, "notice.published", None, notice.clone())?;
    Ok(notice)
}

/// Corrects the words or the expected end.
pub async fn change(tx: &mut Tx, id: NoticeId, change: NoticeChange) -> Result<Notice> {
    let scope = tx.scope(PUBLISH)?;
    let before = store::lock(tx, id, &scope).await?;
    if before.ended_at.is_some() {
        return Err(NoticeRule::Ended.into());
    }
    let mut notice = before.clone();
    notice.title = change.title.map_or(notice.title, |t| t.trim().to_owned());
    notice.body = change.body.unwrap_or(notice.body);
    notice.expected_end_at = change.expected_end_at.or(notice.expected_end_at);
    check_text(&notice.title, &notice.body)?;
    if notice.expected_end_at.is_some_and(|end| end <= notice.starts_at) {
        return Err(NoticeRule::Backward.into());
    }
    store::update(tx, &notice).await?;
    tell(tx, "notice.changed", Some(before), notice.clone())?;
    Ok(notice)
}

/// It is over.
pub async fn end(tx: &mut Tx, id: NoticeId) -> Result<Notice> {
    let scope = tx.scope(PUBLISH)?;
    let before = store::lock(tx, id, &scope).await?;
    if before.ended_at.is_some() {
        return Err(NoticeRule::Ended.into());
    }
    let notice = Notice { ended_at: Some(tx.now()), ..before.clone() };
    store::update(tx, &notice).await?;
    tell(tx, "notice.ended", Some(before), notice.clone())?;
    Ok(notice)
}

fn tell(tx: &mut Tx, kind: &'static str, from: Option<Notice>, to: Notice) -> Result<()> {
    tx.emit(&NoticeEvent { kind, notice_id: to.id, from, to })
}

/// The widest organisation that the publisher looks after.
fn own_org(scope: &Scope) -> Result<String> {
    let widest = scope.paths.iter().min_by_key(|p| p.len());
    widest.cloned().ok_or(Error::NotFound("area"))
}

/// Notices in sight, newest first; only those that run now when `active`.
pub async fn notices(tx: &mut Tx, active: bool) -> Result<Vec<Notice>> {
    let scope = tx.scope(VIEW)?;
    store::list(tx, active, &scope).await
}

/// What somebody who talks to this household must know: what runs or begins within three days.
pub async fn concerns(tx: &mut Tx, account: AccountId) -> Result<Vec<Notice>> {
    let scope = tx.scope(VIEW)?;
    let until = tx.now() + store::AHEAD;
    store::concerning(tx, account, until, &scope).await
}

/// Keeps what stations measured; the same station and instant twice is kept once.
pub async fn record(tx: &mut Tx, readings: &[Reading]) -> Result<()> {
    tx.require(PUBLISH)?;
    store::insert_readings(tx, readings).await
}

/// The newest reading of each exchange station in sight.
pub async fn stations(tx: &mut Tx) -> Result<Vec<Station>> {
    let scope = tx.scope(VIEW)?;
    store::stations(tx, &scope).await
}

/// How one exchange station runs and ran of late; nothing when it never reported.
pub async fn station(tx: &mut Tx, node: NetworkNodeId) -> Result<Option<StationTrend>> {
    let scope = tx.scope(VIEW)?;
    store::station(tx, node, RECENT, &scope).await
}
