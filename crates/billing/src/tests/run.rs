//! Runs over many households: new rules, and a season's meters.

use super::ground::{Ground, area, day};
use crate::permissions::{PACK_APPROVE, PACK_EDIT, READ_METERS, SETTLE, VIEW};
use crate::{
    ChargeReason, NewPack, NewReading, PackEdit, ReadingSource, RunKind, RunState, approve_pack,
    create_pack, edit_pack, go_on, pack, post_run, publish_pack, run, runs, settle_everybody,
    settlements, submit_pack, take_reading, withdraw_run,
};
use directory::{AccountPatch, Change, ChargeType};
use kernel::{AccountId, Actor, Error, PackVersionId};
use tariff::{Decimal, Pack};
use uuid::Uuid;

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().problem().code
}

fn office() -> Actor {
    testing::actor(testing::nobody(), &[VIEW, PACK_EDIT, PACK_APPROVE], "/hq/")
}

/// Rules that apply from 2026 on, handed in and approved; their examples say what comes out.
async fn approved(g: &Ground, change: impl FnOnce(&mut Pack)) -> PackVersionId {
    let author = office();
    let mut tx = g.t.tx(&author).await;
    let new = NewPack {
        copy_of: None,
        code: Some("dearer".to_owned()),
        org_id: None,
        first_season: 2026,
        note: String::new(),
    };
    let draft = create_pack(&mut tx, new).await.unwrap();
    let mut rules = draft.pack.clone();
    change(&mut rules);
    let outcomes: Vec<_> = rules.examples.iter().map(|e| rules.outcome(e)).collect();
    for (example, outcome) in rules.examples.iter_mut().zip(outcomes) {
        example.expect = outcome;
    }
    let (revision, id) = (draft.version.revision, draft.version.id);
    let edit = PackEdit { revision, pack: rules, first_season: 2026, note: String::new() };
    edit_pack(&mut tx, id, edit).await.unwrap();
    submit_pack(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.t.tx(&office()).await;
    approve_pack(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// accepts XB-03 BI-16: what new rules come to is reckoned before they can be published; then the
/// charges follow by correcting entries, once, also with two workers at it.
#[tokio::test]
async fn published_rules_correct_what_was_charged_and_are_looked_at_before() {
    let g = Ground::new().await;
    let flat = g.household("1", "/hq/east/s1/", "resident").await;
    let shop = g.household("2", "/hq/east/s1/", "shop").await;
    g.opened().await;
    let (flat_before, shop_before) = (g.owed(flat).await, g.owed(shop).await);
    let id = approved(&g, |p| p.prices.tariffs[0].value.price = Decimal::whole(23)).await;
    let second = office();
    let mut tx = g.t.tx(&second).await;
    assert_eq!(code(publish_pack(&mut tx, id).await), "billing.run_not_looked_at");
    let waiting = runs(&mut tx, Some(RunKind::Rules), Some(id)).await.unwrap().remove(0);
    assert_eq!((waiting.state, waiting.households), (RunState::Reckoning, 2));
    drop(tx);
    go_on(&g.t.app, waiting.id).await.unwrap();
    let mut tx = g.t.tx(&second).await;
    let report = run(&mut tx, waiting.id).await.unwrap();
    assert_eq!((report.run.state, report.run.looked, report.run.changed), (RunState::Ready, 2, 1));
    assert_eq!((report.run.from_fen.get(), report.run.to_fen.get()), (198_000, 207_000));
    assert_eq!(report.changes[0].account_id, flat);
    assert_eq!((report.sums.len(), report.sums[0].households), (1, 1));
    assert_eq!(g.owed(flat).await, flat_before, "looking posts nothing");
    publish_pack(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    let (a, b) = tokio::join!(go_on(&g.t.app, waiting.id), go_on(&g.t.app, waiting.id));
    a.and(b).unwrap();
    let mut tx = g.t.tx(&second).await;
    let done = run(&mut tx, waiting.id).await.unwrap().run;
    assert_eq!((done.state, done.done, done.corrected), (RunState::Posted, 2, 1));
    drop(tx);
    assert_eq!((g.owed(flat).await, g.owed(shop).await), (207_000, shop_before));
    let charges = g.fees(flat).await.charges;
    assert_eq!((charges[0].version, charges[0].reason), (2, ChargeReason::Rules));
    assert_eq!(charges[0].pack_version_id, id);
    assert_eq!(g.count("select coalesce(sum(amount_fen), 0)::bigint from ledger.entry").await, 0);
    // A fact that is put right later follows the rules in force.
    g.amend(area(flat, "100"), day("2024-10-15"), None).await;
    g.follow_facts().await;
    assert_eq!(g.owed(flat).await, 230_000);
}

/// Rules for which nobody was charged need no look; a nearer organisation's rules stand.
#[tokio::test]
async fn rules_that_concern_nobody_are_published_at_once() {
    let g = Ground::new().await;
    g.household("1", "/hq/east/s1/", "resident").await;
    let id = approved(&g, |p| p.prices.tariffs[0].value.price = Decimal::whole(23)).await;
    let mut tx = g.t.tx(&office()).await;
    assert!(runs(&mut tx, None, None).await.unwrap().is_empty());
    publish_pack(&mut tx, id).await.unwrap();
    assert!(!pack(&mut tx, id).await.unwrap().actions.contains(&"preview"));
}

async fn metered(g: &Ground, no: &str, meter: &str) -> AccountId {
    let home = g.household(no, "/hq/east/s1/", "resident").await;
    let patch = AccountPatch { charge_type: Some(ChargeType::TwoPart), ..AccountPatch::default() };
    g.amend(Change::Account { account_id: home, patch }, day("2020-10-15"), None).await;
    sqlx::query(
        "insert into directory.meter (id, number, premise_id, kind, unit, start_reading, valid_from)
         values ($1, $2, $3, 'heat', 'kWh', 100, '2020-10-15')",
    )
    .bind(Uuid::new_v4())
    .bind(meter)
    .bind(*home)
    .execute(&g.t.owner)
    .await
    .unwrap();
    home
}

/// accepts BI-11: a whole season of meters is settled in one run that is looked at first; whose
/// reading is missing is told and left as he was.
#[tokio::test]
async fn a_season_of_meters_is_settled_in_one_run() {
    let g = Ground::new().await;
    let good = metered(&g, "1", "R-1").await;
    let blind = metered(&g, "2", "R-2").await;
    g.household("3", "/hq/east/s1/", "resident").await;
    g.opened().await;
    let (before, blind_before) = (g.owed(good).await, g.owed(blind).await);
    let keys = [VIEW, READ_METERS, SETTLE, ledger::permissions::POST];
    let office = testing::actor(testing::nobody(), &keys, "/hq/");
    let mut tx = g.t.tx(&office).await;
    let early = settle_everybody(&mut tx, g.season).await;
    assert!(code(early).contains("season_runs"));
    drop(tx);
    g.t.advance(chrono::TimeDelta::days(130));
    for (on, value) in [("2026-11-15", "100"), ("2027-03-16", "6100")] {
        let mut tx = g.t.tx(&office).await;
        let reading = NewReading {
            meter_number: "R-1".to_owned(),
            read_on: day(on),
            value: value.parse().unwrap(),
            note: "抄表".to_owned(),
            corrects_id: None,
            confirmed: true,
        };
        take_reading(&mut tx, &reading, ReadingSource::Manual).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = g.t.tx(&office).await;
    let begun = settle_everybody(&mut tx, g.season).await.unwrap();
    assert_eq!(begun.households, 2, "who pays by area has nothing to settle");
    assert_eq!(code(settle_everybody(&mut tx, g.season).await), "billing.run_another");
    assert_eq!(code(post_run(&mut tx, begun.id).await), "billing.run_step");
    tx.commit().await.unwrap();
    go_on(&g.t.app, begun.id).await.unwrap();
    let mut tx = g.t.tx(&office).await;
    let report = run(&mut tx, begun.id).await.unwrap();
    assert_eq!((report.run.changed, report.run.refused), (1, 1));
    assert_eq!(report.refusals[0].account_id, blind);
    let difference = report.run.to_fen.get() - report.run.from_fen.get();
    assert_ne!(difference, 0);
    post_run(&mut tx, begun.id).await.unwrap();
    assert_eq!(code(withdraw_run(&mut tx, begun.id).await), "billing.run_step");
    tx.commit().await.unwrap();
    go_on(&g.t.app, begun.id).await.unwrap();
    go_on(&g.t.app, begun.id).await.unwrap();
    let mut tx = g.t.tx(&office).await;
    let done = run(&mut tx, begun.id).await.unwrap().run;
    assert_eq!((done.state, done.corrected, done.refused), (RunState::Posted, 1, 1));
    assert_eq!(settlements(&mut tx, good).await.unwrap().len(), 1);
    assert_eq!(g.owed(good).await, before + difference);
    assert_eq!(g.owed(blind).await, blind_before);
    // Settled again, nothing is left to do.
    let again = settle_everybody(&mut tx, g.season).await.unwrap();
    tx.commit().await.unwrap();
    go_on(&g.t.app, again.id).await.unwrap();
    let mut tx = g.t.tx(&office).await;
    assert_eq!(run(&mut tx, again.id).await.unwrap().run.changed, 0);
}
