//! Lines by mass: what a run that was given up leaves behind.

use super::household::app;
use crate::{stage_open, stage_write};
use kernel::Actor;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// A moment that is shorter than a timer's tick.
async fn in_a_moment(moment: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < moment {
        tokio::task::yield_now().await;
    }
}

/// A run that is given up at whatever instant ends its COPY in the database too: the next try gets
/// the table at once. (In the connection pool an abandoned COPY waits for rows for ever.)
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_was_given_up_keeps_its_table_from_nobody() {
    let t = app().await;
    let mut tx = t.tx(&Actor::system("test")).await;
    let at = |s: &str| s.parse().unwrap();
    let (from, to) = (at("2026-11-14T16:00:00Z"), at("2027-03-15T16:00:00Z"));
    let season = crate::add_season(&mut tx, "2026-2027", from, to).await.unwrap();
    tx.commit().await.unwrap();
    stage_open(&t.app, season).await.unwrap();
    for n in 0..150 {
        let (_more, pieces) = mpsc::channel(1);
        tokio::select! {
            () = in_a_moment(Duration::from_micros(40 * n)) => {}
            done = stage_write(&t.app, season, pieces) => panic!("it has no end: {done:?}"),
        }
    }
    let again = tokio::time::timeout(Duration::from_secs(50), stage_open(&t.app, season)).await;
    again.expect("nothing holds the table").unwrap();
}
