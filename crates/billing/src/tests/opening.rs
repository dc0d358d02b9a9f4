//! Opening a season.

use super::ground::{Ground, add};
use crate::permissions::{OPEN, PREPARE, VIEW};
use crate::{
    ChargeRule, NewOpening, OpeningState, Selection, approve_opening, create_opening, post_opening,
    reckon_opening, withdraw_opening,
};
use kernel::{Error, Rule as _};

fn listed(nos: &[&str]) -> Selection {
    let account_nos = nos.iter().map(|n| (*n).to_owned()).collect();
    Selection { account_nos, ..Selection::default() }
}

fn refused(done: kernel::Result<impl std::fmt::Debug>) -> &'static str {
    match done.unwrap_err() {
        Error::Rule { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

/// accepts BI-01 BI-02 XB-02: what an opening comes to is shown by station and class beside the
/// last season, and only then posted, in double entry.
#[tokio::test]
async fn an_opening_is_reckoned_looked_at_and_posted_in_double_entry() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    let shop = g.household("2", "/hq/east/s2/", "shop").await;
    let before = add(&g.t, 2025).await;
    pay_before(&g, home, before, 150_000).await;

    let opening = g.reckoned(Selection::default()).await;
    assert_eq!(opening.state, OpeningState::Ready);
    assert_eq!(g.count("select count(*) from billing.charge").await, 0, "nothing is posted");
    let report = g.report(&opening).await;
    let sums: Vec<_> = report
        .sums
        .iter()
        .map(|s| (&*s.org_path, &*s.user_class, s.amount_fen.get(), s.before_fen.get()))
        .collect();
    // 90 m² at 22 yuan by building area; 80 m² at 30 yuan by charged area
    let expected =
        [("/hq/east/s1/", "resident", 198_000, 150_000), ("/hq/east/s2/", "shop", 240_000, 0)];
    assert_eq!(sums, expected);
    assert_eq!(report.before, "2025-2026");
    assert_eq!(report.changes.len(), 1);
    assert_eq!(report.changes[0].before_fen.get(), 150_000);

    let mut tx = g.office_tx().await;
    approve_opening(&mut tx, opening.id).await.unwrap();
    tx.commit().await.unwrap();
    post_opening(&g.t.app, opening.id).await.unwrap();
    let report = g.report(&opening).await.opening;
    assert_eq!((report.state, report.done), (OpeningState::Posted, 2));
    assert_eq!((g.owed(home).await, g.owed(shop).await), (348_000, 240_000));
    let revenue = "select -sum(amount_fen)::bigint from ledger.entry where ledger = 'revenue'
                   and season_id = (select id from ledger.season where code = '2026-2027')";
    assert_eq!(g.count(revenue).await, 438_000);
}

/// A bill of the season before, in the book.
async fn pay_before(g: &Ground, a: kernel::AccountId, season: kernel::SeasonId, fen: i64) {
    use ledger::{Ledger, Line};
    let mut tx = g.system().await;
    let fen = kernel::Fen::new(fen);
    let owed = Line::customer(Ledger::Receivable, a, "heat", fen).of_season(season);
    let earned = Line::house(Ledger::Revenue, "heat", fen.checked_neg().unwrap());
    let posting = ledger::Posting {
        source: "season_bill".to_owned(),
        source_id: "1".to_owned(),
        corrects_id: None,
        memo: String::new(),
        channel: None,
        valid_on: "2025-10-08".parse().unwrap(),
        lines: vec![owed, earned.of_season(season)],
    };
    ledger::post(&mut tx, posting).await.unwrap();
    tx.commit().await.unwrap();
}

/// accepts BI-02: the lesson of the job that charges twice.
#[tokio::test]
async fn an_opening_posted_twice_charges_once() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    let opening = g.opened().await;
    post_opening(&g.t.app, opening.id).await.unwrap();
    post_opening(&g.t.app, opening.id).await.unwrap();
    assert_eq!(g.owed(home).await, 198_000);
    let again = g.reckoned(Selection::default()).await;
    assert_eq!((again.households, again.skipped, again.amount_fen.get()), (0, 1, 0));
    let mut tx = g.office_tx().await;
    let done = approve_opening(&mut tx, again.id).await;
    assert_eq!(refused(done), ChargeRule::NobodySelected.code());
}

/// A job that died half-way is started again and charges the rest.
#[tokio::test]
async fn an_opening_that_was_broken_off_goes_on_where_it_stood() {
    let g = Ground::new().await;
    let first = g.household("1", "/hq/east/s1/", "resident").await;
    let second = g.household("2", "/hq/east/s1/", "resident").await;
    let opening = g.approved(Selection::default()).await;
    // The first household's part was committed before the machine died.
    let mut tx = g.system().await;
    let cause = crate::Cause { reason: crate::ChargeReason::Opening, id: None, from: None };
    crate::recalculate(&mut tx, first, g.season, cause).await.unwrap();
    tx.commit().await.unwrap();
    post_opening(&g.t.app, opening.id).await.unwrap();
    assert_eq!((g.owed(first).await, g.owed(second).await), (198_000, 198_000));
    assert_eq!(g.count("select count(*) from billing.charge").await, 2);
    assert_eq!(g.report(&opening).await.opening.state, OpeningState::Posted);
}

/// accepts BI-01: an opening for a part leaves the rest for another.
#[tokio::test]
async fn an_opening_may_be_for_a_list_an_organisation_or_a_class() {
    let g = Ground::new().await;
    let one = g.household("1", "/hq/east/s1/", "resident").await;
    let two = g.household("2", "/hq/east/s2/", "resident").await;
    let shop = g.household("3", "/hq/west/s9/", "shop").await;
    let west = Selection { org_path: Some("/hq/west/".to_owned()), ..Selection::default() };
    let shops = Selection { user_classes: vec![tariff::UserClass::Shop], ..Selection::default() };
    for selection in [west, shops] {
        assert_eq!(g.reckoned(selection).await.amount_fen.get(), 240_000);
    }
    let opening = g.approved(listed(&["2", "nobody"])).await;
    post_opening(&g.t.app, opening.id).await.unwrap();
    assert_eq!((g.owed(one).await, g.owed(two).await, g.owed(shop).await), (0, 198_000, 0));
    let rest = g.opened().await;
    let rest = g.report(&rest).await.opening;
    assert_eq!((rest.households, rest.skipped, rest.done), (2, 1, 2));
    assert_eq!((g.owed(one).await, g.owed(two).await), (198_000, 198_000));
}

/// A household that nothing can be reckoned for is named, and the others are charged.
#[tokio::test]
async fn an_opening_names_whom_it_cannot_charge() {
    let g = Ground::new().await;
    let bad = g.household("1", "/hq/east/s1/", "resident").await;
    g.household("2", "/hq/east/s1/", "resident").await;
    // The rooms go elsewhere: the account has none in the season.
    sqlx::query(
        "update directory.account_room set superseded_at = '2026-11-22' where account_id = $1",
    )
    .bind(*bad)
    .execute(&g.t.app.pool)
    .await
    .unwrap();
    let opening = g.opened().await;
    let report = g.report(&opening).await;
    assert_eq!((report.opening.done, report.opening.refused), (1, 1));
    assert_eq!(report.refusals[0].code, "billing.no_rooms");
    assert_eq!(g.owed(bad).await, 0);
}

/// Steps that do not exist, wrong days, and people who may not.
#[tokio::test]
async fn an_opening_refuses_wrong_steps_days_and_people() {
    let g = Ground::new().await;
    g.household("1", "/hq/east/s1/", "resident").await;
    let opening = g.reckoned(Selection::default()).await;
    let clerk = testing::actor(testing::nobody(), &[VIEW, PREPARE], "/hq/");
    let mut tx = g.t.tx(&clerk).await;
    let done = approve_opening(&mut tx, opening.id).await;
    assert!(matches!(done, Err(Error::Forbidden(p)) if p == OPEN));
    let west = testing::actor(testing::nobody(), &[VIEW, PREPARE, OPEN], "/hq/west/");
    let mut tx = g.t.tx(&west).await;
    assert!(matches!(approve_opening(&mut tx, opening.id).await, Err(Error::NotFound(_))));
    drop(tx);

    let mut tx = g.office_tx().await;
    withdraw_opening(&mut tx, opening.id).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.office_tx().await;
    let step = ChargeRule::OpeningStep.code();
    assert_eq!(refused(approve_opening(&mut tx, opening.id).await), step);
    drop(tx);
    reckon_opening(&g.t.app, opening.id).await.unwrap();
    post_opening(&g.t.app, opening.id).await.unwrap();
    assert_eq!(g.count("select count(*) from billing.charge").await, 0);

    let mut tx = g.office_tx().await;
    let many = vec![String::new(); crate::MOST_LISTED + 1];
    let selection = Selection { account_nos: many, ..Selection::default() };
    let new = NewOpening { season_id: g.season, selection, valid_on: None };
    assert!(matches!(create_opening(&mut tx, new).await, Err(Error::Invalid(_))));
    let season_id = uuid::Uuid::nil().into();
    let new = NewOpening { season_id, selection: Selection::default(), valid_on: None };
    assert!(matches!(create_opening(&mut tx, new).await, Err(Error::NotFound("season"))));
}

/// Whoever opens for his own branch charges nobody else's households.
#[tokio::test]
async fn an_opening_reaches_as_far_as_who_made_it() {
    let g = Ground::new().await;
    let mine = g.household("1", "/hq/west/s9/", "resident").await;
    let other = g.household("2", "/hq/east/s1/", "resident").await;
    let west = testing::actor(testing::nobody(), &[VIEW, PREPARE, OPEN], "/hq/west/");
    let mut tx = g.t.tx(&west).await;
    let new = NewOpening { season_id: g.season, selection: Selection::default(), valid_on: None };
    let opening = create_opening(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    reckon_opening(&g.t.app, opening.id).await.unwrap();
    let mut tx = g.t.tx(&west).await;
    approve_opening(&mut tx, opening.id).await.unwrap();
    tx.commit().await.unwrap();
    post_opening(&g.t.app, opening.id).await.unwrap();
    assert_eq!((g.owed(mine).await, g.owed(other).await), (198_000, 0));
}
