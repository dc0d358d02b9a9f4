//! Where repairers are.

use super::house::House;
use crate::permissions::{CONFIGURE, VIEW};
use crate::{MAX_POINTS, PositionPoint, WorkerSettings};
use chrono::TimeDelta;
use kernel::UserId;
use testing::{actor, nobody};

fn point(h: &House, seconds: i64, lng: f64) -> PositionPoint {
    let at = h.t.now() + TimeDelta::seconds(seconds);
    PositionPoint { lng, lat: 40.1, accuracy_m: 8.0, at }
}

async fn report(h: &House, id: UserId, points: &[PositionPoint]) -> kernel::Result<usize> {
    let mut tx = h.t.tx(&House::phone(id)).await;
    let kept = crate::report(&mut tx, points).await?;
    tx.commit().await?;
    Ok(kept.kept)
}

/// accepts GI-01: batches that come late, twice and out of order make one true track
#[tokio::test]
async fn positions_arrive_late_and_twice() {
    let h = House::new().await;
    let id = h.repairer("a", h.orgs.s1, 113.30).await;
    h.t.advance(TimeDelta::hours(1));
    let new = [point(&h, -60, 113.32), point(&h, -120, 113.31)];
    assert_eq!(report(&h, id, &new).await.unwrap(), 2);
    assert_eq!(report(&h, id, &new).await.unwrap(), 0, "the same again");
    assert_eq!(report(&h, id, &[point(&h, -1800, 113.305)]).await.unwrap(), 1, "late");
    let mut tx = h.t.tx(&actor(nobody(), &[VIEW], "/hq/east/")).await;
    let worker = crate::workers(&mut tx).await.unwrap().remove(0);
    assert!(worker.online);
    assert_eq!(worker.lng, Some(113.32), "a late point moves nobody back");
    let (from, to) = (h.t.now() - TimeDelta::hours(1), h.t.now());
    let track = crate::track(&mut tx, id, from, to).await.unwrap();
    assert_eq!(track.iter().map(|p| p.lng).collect::<Vec<_>>(), [113.305, 113.31, 113.32]);
    let too_long = crate::track(&mut tx, id, from - TimeDelta::days(2), to).await;
    assert_eq!(too_long.unwrap_err().problem().status, 422);
    let mut tx = h.t.tx(&actor(nobody(), &[VIEW], "/hq/west/")).await;
    assert!(crate::track(&mut tx, id, from, to).await.unwrap().is_empty());
}

/// accepts DP-03: silence for three minutes is offline, an empty batch is a sign of life
#[tokio::test]
async fn a_phone_that_is_not_heard_is_offline() {
    let h = House::new().await;
    let id = h.repairer("a", h.orgs.s1, 113.3).await;
    h.t.advance(TimeDelta::seconds(181));
    let mut tx = h.t.tx(&House::phone(id)).await;
    assert!(!crate::me(&mut tx).await.unwrap().online);
    drop(tx);
    report(&h, id, &[]).await.unwrap();
    let mut tx = h.t.tx(&House::phone(id)).await;
    assert!(crate::me(&mut tx).await.unwrap().online);
}

#[tokio::test]
async fn too_many_points_and_strangers_are_refused() {
    let h = House::new().await;
    let id = h.repairer("a", h.orgs.s1, 113.3).await;
    let many = vec![point(&h, -1, 113.3); MAX_POINTS + 1];
    assert_eq!(report(&h, id, &many).await.unwrap_err().problem().status, 422);
    let stranger = h.t.staff("x", h.orgs.s1).await;
    let refused = report(&h, stranger, &[]).await.unwrap_err().problem();
    assert_eq!(refused.code, "dispatch.not_a_worker");
    let mut tx = h.t.tx(&actor(id, &[VIEW], "/hq/")).await;
    assert_eq!(crate::report(&mut tx, &[]).await.unwrap_err().problem().code, "forbidden");
}

/// A shift is told once, from what to what; skills are set within the scope only.
#[tokio::test]
async fn shifts_and_settings_are_on_record() {
    let h = House::new().await;
    let id = h.repairer("a", h.orgs.s1, 113.3).await;
    let mut tx = h.t.tx(&House::phone(id)).await;
    crate::shift(&mut tx, true).await.unwrap();
    crate::shift(&mut tx, false).await.unwrap();
    tx.commit().await.unwrap();
    let shifts = h.events("dispatch.shift_changed").await;
    assert_eq!(shifts.iter().map(|e| e.payload["to"] == true).collect::<Vec<_>>(), [true, false]);

    let set = |load_cap| WorkerSettings {
        skills: vec!["repair".into(), "valve".into()],
        load_cap,
        territory: Vec::new(),
    };
    let mut tx = h.t.tx(&actor(nobody(), &[CONFIGURE], "/hq/west/")).await;
    let refused = crate::configure_worker(&mut tx, id, set(3)).await.unwrap_err();
    assert_eq!(refused.problem().code, "not_found");
    let mut tx = h.t.tx(&actor(nobody(), &[CONFIGURE], "/hq/east/")).await;
    assert!(crate::configure_worker(&mut tx, id, set(0)).await.is_err());
    let nowhere = WorkerSettings { territory: vec![uuid::Uuid::nil().into()], ..set(3) };
    let refused = crate::configure_worker(&mut tx, id, nowhere).await.unwrap_err();
    assert_eq!(refused.problem().status, 422);
    let mut tx = h.t.tx(&actor(nobody(), &[CONFIGURE], "/hq/east/")).await;
    let worker = crate::configure_worker(&mut tx, id, set(3)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((worker.load_cap, worker.skills.len()), (3, 2));
    let told = h.events("dispatch.worker_changed").await.remove(0).payload;
    assert_eq!(
        (told["from"]["load_cap"].as_i64(), told["to"]["load_cap"].as_i64()),
        (Some(8), Some(3))
    );
}
