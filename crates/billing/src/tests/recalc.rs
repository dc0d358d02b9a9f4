//! Facts that change backwards in time.

use super::ground::{Ground, area, day, heat_use};
use crate::{Cause, ChargeReason, explain_charge, recalculate};
use directory::HeatUseState::{Stopped, Using};
use kernel::Fen;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// accepts BI-02 CU-03 BI-16: an area that was wrong is corrected by entries that name what they
/// correct; the first charge stays as it was.
#[tokio::test]
async fn a_fact_put_right_backwards_posts_the_difference_and_names_what_it_corrects() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    g.opened().await;
    assert_eq!(g.owed(home).await, 198_000);
    g.t.advance(chrono::TimeDelta::days(1));
    g.amend(area(home, "100"), day("2024-10-15"), None).await;
    g.follow_facts().await;
    assert_eq!(g.owed(home).await, 220_000);
    let fees = g.fees(home).await;
    let versions: Vec<_> =
        fees.charges.iter().map(|c| (c.version, c.amount_fen.get(), c.reason)).collect();
    let expected = [(2, 220_000, ChargeReason::Facts), (1, 198_000, ChargeReason::Opening)];
    assert_eq!(versions, expected);
    assert!(fees.charges[0].why.contains("现场核实"), "{}", fees.charges[0].why);
    let correction = &fees.movements[0];
    assert_eq!(correction.amount_fen, Fen::new(22_000));
    assert_eq!(correction.corrects_id, fees.charges[1].posting_id);
    // Heard twice, it changes nothing.
    g.follow_facts().await;
    assert_eq!(g.owed(home).await, 220_000);
    assert_eq!(g.count("select count(*) from billing.charge").await, 2);
}

/// accepts BI-06 BI-13: heat is paid for the days on which it was drawn, the basic fee for those
/// on which it was stopped, several times in a season.
#[tokio::test]
async fn several_stops_in_a_season_are_charged_by_their_days() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    g.opened().await;
    g.amend(heat_use(home, Stopped), day("2026-12-01"), Some(day("2026-12-31"))).await;
    g.amend(heat_use(home, Stopped), day("2027-02-01"), Some(day("2027-02-11"))).await;
    g.follow_facts().await;
    let fees = g.fees(home).await;
    let last = &fees.charges[0];
    // 121 days: 81 of heat, 40 stopped
    let whole = 198_000_i64;
    assert_eq!(last.items.heat_fen.unwrap().get(), (whole * 81 + 60) / 121);
    let basic = last.items.basic_fen.unwrap().get();
    assert!(basic > 0 && basic < whole * 40 / 121);
    assert_eq!(g.owed(home).await, last.amount_fen.get());
    let mut tx = g.office_tx().await;
    let told = explain_charge(&mut tx, home, g.season, last.version).await.unwrap();
    assert_eq!(told.facts.uses.len(), 5);
    let sum: i64 = told.lines.iter().map(|l| l.line.amount.get()).sum();
    assert_eq!(sum, last.amount_fen.get());
    assert!(told.lines.iter().any(|l| l.zh.contains("停热基础费")));
    // Put right: it was heated all the time.
    drop(tx);
    g.amend(heat_use(home, Using), day("2026-11-01"), None).await;
    g.follow_facts().await;
    assert_eq!(g.owed(home).await, whole);
}

/// accepts BI-03: several rooms are charged together, each with its own line.
#[tokio::test]
async fn a_household_with_two_rooms_pays_for_both() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    let other = g.household("2", "/hq/east/s1/", "garage").await;
    sqlx::query(
        "insert into directory.account_room (account_id, premise_id, valid_from, recorded_at)
         values ($1, $2, '2020-10-15', '2026-01-01')",
    )
    .bind(*home)
    .bind(*other)
    .execute(&g.t.app.pool)
    .await
    .unwrap();
    g.opened().await;
    assert_eq!(g.owed(home).await, 198_000 + 99_000, "a flat at 22 and a garage at 11 yuan");
    let mut tx = g.office_tx().await;
    let told = explain_charge(&mut tx, home, g.season, 1).await.unwrap();
    let mut rooms: Vec<_> = told.lines.iter().map(|l| &*l.line.room).collect();
    rooms.sort_unstable();
    assert_eq!(rooms, ["room 1", "room 2"]);
}

/// A fact that does not concern the charge makes no version.
#[tokio::test]
async fn nothing_is_posted_where_nothing_differs() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    g.opened().await;
    let mut tx = g.system().await;
    let cause = Cause { reason: ChargeReason::Facts, id: None, from: None };
    assert_eq!(recalculate(&mut tx, home, g.season, cause).await.unwrap(), None);
    drop(tx);
    g.amend(area(home, "100"), day("2028-01-01"), None).await;
    g.follow_facts().await;
    assert_eq!(g.count("select count(*) from billing.charge").await, 1);
}

/// accepts BI-16: reports count a household where it was when it was charged; when its class was
/// wrong, all of the charge moves.
#[tokio::test]
async fn a_class_put_right_moves_the_charge_to_its_segment() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    g.opened().await;
    let patch = directory::PremisePatch {
        user_class: Some(directory::UserClass::Shop),
        ..Default::default()
    };
    let premise_id = (*home).into();
    g.amend(directory::Change::Premise { premise_id, patch }, day("2024-10-15"), None).await;
    g.follow_facts().await;
    let of = |class: &str| {
        format!(
            "select coalesce(sum(e.amount_fen), 0)::bigint from ledger.entry e
             join ledger.segment s on s.id = e.segment_id
             where e.ledger = 'receivable' and s.user_class = '{class}'"
        )
    };
    assert_eq!(g.count(&of("resident")).await, 0);
    assert_eq!(g.count(&of("shop")).await, 240_000);
}

/// accepts BI-16 CU-16: whatever facts change, in whatever order of their days, the book holds
/// what the last facts cost, in each segment, and each version is explained to its own amount.
#[test]
fn any_sequence_of_backdated_facts_ends_in_the_charge_of_the_last() {
    let step = (0_u32..180, 1_u32..90, prop_oneof![Just(None), (40_u32..140).prop_map(Some)]);
    let mut runner = TestRunner::new(Config { cases: 6, ..Config::default() });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let steps = prop::collection::vec(step, 1..7);
    runner
        .run(&steps, |steps| {
            runtime.block_on(async {
                let g = Ground::new().await;
                let home = g.household("1", "/hq/east/s1/", "resident").await;
                g.opened().await;
                for (first, days, what) in steps {
                    let from = day("2026-10-01") + chrono::Days::new(first.into());
                    let to = from + chrono::Days::new(days.into());
                    let change = match what {
                        Some(size) => area(home, &size.to_string()),
                        None => heat_use(home, Stopped),
                    };
                    let mut tx = g.system().await;
                    let a = directory::Amendment {
                        change,
                        from,
                        to: Some(to),
                        reason: "核实".to_owned(),
                        source: "desk",
                        source_id: None,
                    };
                    // What changes nothing is refused there.
                    if directory::amend(&mut tx, a).await.is_ok() {
                        tx.commit().await.unwrap();
                    }
                    g.t.advance(chrono::TimeDelta::minutes(1));
                    g.follow_facts().await;
                }
                let mut tx = g.system().await;
                let cause = Cause { reason: ChargeReason::Facts, id: None, from: None };
                let more = recalculate(&mut tx, home, g.season, cause).await.unwrap();
                assert_eq!(more, None, "the charge has followed the facts");
                drop(tx);
                let charges = g.fees(home).await.charges;
                assert_eq!(g.owed(home).await, charges[0].amount_fen.get());
                let sum = "select coalesce(sum(amount_fen), 0)::bigint from ledger.entry";
                assert_eq!(g.count(sum).await, 0);
                let mut tx = g.office_tx().await;
                for c in charges {
                    explain_charge(&mut tx, home, g.season, c.version).await.unwrap();
                }
            });
            Ok(())
        })
        .unwrap();
}
