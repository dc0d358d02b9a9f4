//! Parameters of the rules that act in daily business.

use super::ground::{Ground, add, day, heat_use};
use crate::permissions::{ADJUST, APPLY, DECIDE, HOLD, VIEW};
use crate::{
    AdjustmentKind, AdjustmentState, HoldKind, HoldReason, NewAdjustment, PlaceHold, RefundWish,
    approve_adjustment, claim_refund, late_fee_of, payment_terms, place_hold, post_late_fee,
    preview_claim, propose_adjustment, stop_renewals,
};
use directory::{AccountPatch, Change, HeatUseState};
use kernel::{AccountId, Actor, Fen, OrgId, Permission, UserId};
use tariff::{ColdDay, Decimal, RefundClaim};
use testing::{actor, nobody};

const POST: Permission = ledger::permissions::POST;

async fn grown(g: &Ground, home: AccountId, on: &str) -> i64 {
    let mut tx = g.system().await;
    late_fee_of(&mut tx, &[home], day(on)).await.unwrap().first().map_or(0, |f| f.days)
}

/// accepts BI-14: a debt rests while the bill is disputed, while a low-income proof is valid and
/// while the company has stopped the household; days that overlap rest once.
#[tokio::test]
async fn a_late_fee_rests_while_the_rules_say_so() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    g.opened().await;
    let all = grown(&g, home, "2027-02-28").await;
    let keeper = actor(nobody(), &[VIEW, HOLD], "/hq/");
    let hold = |reason_class, from: &str, until: &str| PlaceHold {
        account_id: home,
        kind: HoldKind::Warn,
        reason_class,
        reason: "面积有异议".to_owned(),
        words: "复核中".to_owned(),
        from_on: Some(day(from)),
        until_on: Some(day(until)),
    };
    let mut tx = g.t.tx(&keeper).await;
    for (why, from, until) in [
        (HoldReason::Dispute, "2026-12-01", "2026-12-10"),
        (HoldReason::Dispute, "2026-12-06", "2026-12-15"),
        (HoldReason::Data, "2027-01-01", "2027-01-31"),
    ] {
        place_hold(&mut tx, hold(why, from, until)).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(grown(&g, home, "2027-02-28").await, all - 15, "1 to 15 December");
    let patch = AccountPatch { low_income: Some(true), ..AccountPatch::default() };
    let (from, to) = (day("2027-02-01"), Some(day("2027-02-06")));
    g.amend(Change::Account { account_id: home, patch }, from, to).await;
    assert_eq!(grown(&g, home, "2027-02-28").await, all - 20);
    let to = Some(day("2027-02-12"));
    g.amend(heat_use(home, HeatUseState::ForcedStop), day("2027-02-10"), to).await;
    assert_eq!(grown(&g, home, "2027-02-28").await, all - 22);
}

async fn with_role(g: &Ground, login: &str, role: &str, keys: &[Permission]) -> Actor {
    let station = "select id from identity.org where code = 's1'";
    let station: OrgId = sqlx::query_scalar(station).fetch_one(&g.t.owner).await.unwrap();
    let user: UserId = g.t.staff(login, station).await;
    sqlx::query(
        "with r as (
           insert into identity.role (id, key, name, name_en)
           values (gen_random_uuid(), $2, $2, $2)
           on conflict (key) do update set name = excluded.name returning id)
         insert into identity.staff_role (staff_id, role_id, org_id) select $1, id, $3 from r",
    )
    .bind(*user)
    .bind(role)
    .bind(*station)
    .execute(&g.t.owner)
    .await
    .unwrap();
    actor(user, keys, "/hq/")
}

/// accepts XB-03 BI-14: who may let off how much of a late fee stands in the rules, by role.
#[tokio::test]
async fn a_late_fee_is_let_off_as_far_as_the_role_goes() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    g.opened().await;
    g.t.advance(chrono::TimeDelta::days(150));
    let mut tx = g.system().await;
    let posted = post_late_fee(&mut tx, home, g.season, day("2027-04-01")).await.unwrap();
    tx.commit().await.unwrap();
    assert!(posted.unwrap().1 > Fen::new(25_000), "more than the head may let off");
    let clerk = actor(nobody(), &[VIEW, ADJUST, POST], "/hq/");
    let keys = [VIEW, ADJUST, DECIDE, POST];
    let boss = actor(nobody(), &keys, "/hq/");
    let head = with_role(&g, "head", "station_head", &keys).await;
    let waiver = |fen| NewAdjustment {
        kind: AdjustmentKind::Reduction,
        account_id: home,
        season_id: Some(g.season),
        item: "late".to_owned(),
        amount_fen: Fen::new(fen),
        reason_class: None,
        reason: "困难家庭".to_owned(),
    };
    let propose = async |who: &Actor, fen| {
        let mut tx = g.t.tx(who).await;
        let done = propose_adjustment(&mut tx, waiver(fen)).await.unwrap();
        tx.commit().await.unwrap();
        done
    };
    let small = propose(&clerk, 100).await;
    assert_eq!(small.state, AdjustmentState::Proposed, "one yuan, and no role for it");
    let mut tx = g.t.tx(&boss).await;
    let refused = approve_adjustment(&mut tx, small.id, "").await;
    assert_eq!(refused.unwrap_err().problem().code, "billing.waiver_limit");
    drop(tx);
    let mut tx = g.t.tx(&head).await;
    let done = approve_adjustment(&mut tx, small.id, "").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(done.state, AdjustmentState::Posted);
    assert_eq!(propose(&head, 20_001).await.state, AdjustmentState::Proposed);
    assert_eq!(propose(&head, 20_000).await.state, AdjustmentState::Posted, "up to 200 yuan");
}

/// accepts XB-03: cold days are given back by the ladder of the rules, reckoned from the charge,
/// proposed to a second person; what is given back counts against the season's cap.
#[tokio::test]
async fn cold_days_are_given_back_by_the_ladder_of_the_rules() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    g.opened().await;
    let cold = |on: &str, celsius: &str| ColdDay { on: day(on), celsius: celsius.parse().unwrap() };
    let days = vec![
        cold("2026-12-01", "17"),
        cold("2026-12-02", "15.9"),
        cold("2026-12-03", "12"),
        cold("2026-12-04", "18"),
    ];
    let claim = RefundClaim::Temperature { days, affected: Decimal::ONE };
    let reason = "测温单 CW-1".to_owned();
    let wish = RefundWish { account_id: home, season_id: g.season, claim, reason };
    let clerk = actor(nobody(), &[VIEW, ADJUST, POST], "/hq/");
    let mut tx = g.t.tx(&clerk).await;
    let worth = preview_claim(&mut tx, &wish).await.unwrap();
    // 1,980 yuan less its base part of 30 %; 0.3 + 0.5 + 1 of a day's part of 121
    assert_eq!((worth.fee_fen.get(), worth.base_fen.get()), (198_000, 59_400));
    assert_eq!(worth.amount_fen.get(), (138_600 * 18 + 605) / 1_210);
    let proposed = claim_refund(&mut tx, wish.clone()).await.unwrap();
    assert_eq!(
        (proposed.state, proposed.amount_fen),
        (AdjustmentState::Proposed, worth.amount_fen)
    );
    let outage = RefundWish { claim: RefundClaim::Outage { hours: 24 * 121 }, ..wish.clone() };
    let all = preview_claim(&mut tx, &outage).await.unwrap();
    assert_eq!(all.given_back_fen, worth.amount_fen);
    assert_eq!((all.amount_fen.get(), all.capped), (138_600, false));
    let warm = RefundWish { claim: RefundClaim::Outage { hours: 11 }, ..wish };
    let none = claim_refund(&mut tx, warm).await;
    assert_eq!(none.unwrap_err().problem().code, "billing.nothing_claimed");
}

/// accepts BI-06: who was stopped last season and has not asked again stands on the reminder list
/// of the next one, and leaves it when the stop is renewed.
#[tokio::test]
async fn a_stop_that_was_not_renewed_stands_on_the_reminder_list() {
    let g = Ground::new().await;
    add(&g.t, 2025).await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    g.household("2", "/hq/east/s1/", "resident").await;
    let to = Some(day("2026-03-16"));
    g.amend(heat_use(home, HeatUseState::Stopped), day("2025-11-15"), to).await;
    let office = actor(nobody(), &[VIEW, APPLY], "/hq/");
    let mut tx = g.t.tx(&office).await;
    let list = stop_renewals(&mut tx, Some(g.season)).await.unwrap();
    let named: Vec<_> = list.items.iter().map(|i| (i.account_id, i.stopped_from)).collect();
    assert_eq!((list.count, named), (1, vec![(home, day("2025-11-15"))]));
    drop(tx);
    g.amend(heat_use(home, HeatUseState::Stopped), day("2026-11-15"), None).await;
    let mut tx = g.t.tx(&office).await;
    assert_eq!(stop_renewals(&mut tx, Some(g.season)).await.unwrap().count, 0);
}

/// accepts XB-03: pay-by day, first part and last day of payment in parts come from the rules.
#[tokio::test]
async fn a_household_sees_by_when_and_in_which_parts_it_pays() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    g.opened().await;
    let mut tx = g.office_tx().await;
    let terms = payment_terms(&mut tx, home).await.unwrap().remove(0);
    assert_eq!((terms.pay_by, terms.late_from), (day("2026-11-10"), day("2026-11-16")));
    assert_eq!((terms.first_part_fen.get(), terms.all_by), (59_400, day("2027-02-14")));
    assert_eq!((terms.rebate_fen, terms.rebate_by), (Fen::ZERO, None), "too late for a rebate");
}
