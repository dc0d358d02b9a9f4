//! The close of a season's late fees over everybody.

use super::ground::{Ground, day};
use crate::permissions::{HOLD, SETTLE, VIEW};
use crate::{
    HoldKind, HoldReason, PlaceHold, RunState, close_season_late_fees, go_on, late_fee_of,
    place_hold, post_run, run,
};
use chrono::TimeDelta;
use kernel::{Actor, Error, Fen};
use uuid::Uuid;

fn office() -> Actor {
    testing::actor(testing::nobody(), &[VIEW, SETTLE, HOLD], "/hq/")
}

async fn close(g: &Ground, on: &str) -> Result<Uuid, Error> {
    let mut tx = g.t.tx(&office()).await;
    let id = close_season_late_fees(&mut tx, g.season, day(on)).await?.id;
    tx.commit().await?;
    go_on(&g.t.app, id).await?;
    Ok(id)
}

/// accepts BI-14: the office sees what a close of late fees comes to before it says yes; posted, it
/// is owed; closed again for the same day it comes to nothing; a bill in dispute rests.
#[tokio::test]
async fn a_season_s_late_fees_are_closed_after_a_look() {
    let g = Ground::new().await;
    let owes = g.household("1", "/hq/east/s1/", "resident").await;
    let disputes = g.household("2", "/hq/east/s1/", "resident").await;
    g.opened().await;
    let hold = PlaceHold {
        account_id: disputes,
        kind: HoldKind::Warn,
        reason_class: HoldReason::Dispute,
        reason: "面积有异议".to_owned(),
        words: "正在核实，期间不计滞纳金".to_owned(),
        from_on: None,
        until_on: None,
    };
    let mut tx = g.t.tx(&office()).await;
    place_hold(&mut tx, hold).await.unwrap();
    tx.commit().await.unwrap();
    let early = close(&g, "2027-03-01").await.unwrap_err().problem();
    assert_eq!(early.code, "invalid", "a day that is still to come");
    g.t.advance(TimeDelta::days(120));
    let mut tx = g.system().await;
    let fee = late_fee_of(&mut tx, &[owes], day("2027-03-01")).await.unwrap().remove(0);
    drop(tx);

    let id = close(&g, "2027-03-01").await.unwrap();
    let mut tx = g.t.tx(&office()).await;
    let report = run(&mut tx, id).await.unwrap();
    assert_eq!((report.run.state, report.run.looked, report.run.changed), (RunState::Ready, 2, 1));
    assert_eq!((report.run.from_fen, report.run.to_fen), (Fen::ZERO, fee.due_fen));
    assert_eq!(report.changes[0].account_id, owes);
    assert_eq!(g.owed(owes).await, 198_000, "looking posts nothing");
    post_run(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    let (a, b) = tokio::join!(go_on(&g.t.app, id), go_on(&g.t.app, id));
    a.and(b).unwrap();
    assert_eq!(g.owed(owes).await, 198_000 + fee.due_fen.get());
    assert_eq!(g.owed(disputes).await, 198_000);

    let again = close(&g, "2027-03-01").await.unwrap();
    let mut tx = g.t.tx(&office()).await;
    let report = run(&mut tx, again).await.unwrap();
    assert_eq!((report.run.changed, report.run.to_fen), (0, Fen::ZERO));
}
