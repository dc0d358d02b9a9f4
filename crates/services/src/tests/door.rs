//! At the door, and what the household owes afterwards.

use super::house::{House, code, phone};
use crate::{AuditState, Finding, NewPrice, Reason, SheetState, WantedLine};
use kernel::{Actor, Fen, OrderId};
use orders::FieldStep;
use payments::{PayMethod, Take, TakeShare};

/// accepts BI-22 BI-23: the price is shown and signed for before the work; out of warranty and the
/// market's services become a debt, the warranty costs nothing; the counter takes it as any other
#[tokio::test]
async fn what_is_out_of_warranty_is_signed_for_charged_and_paid_at_the_counter() {
    let h = House::new().await;
    let order = h.order(Some(h.old), h.li).await;
    let lines = vec![
        h.line("FW-102", 200).await,
        h.line("CL-204", 150).await,
        h.line("FW-105", 100).await,
        h.line("ZZ-301", 300).await,
    ];
    let sheet = h.quote(order, h.li, lines).await.unwrap();
    // 2 × 60 + 1.5 × 18 + the company's riser free + 3 × 80
    assert_eq!(sheet.total_fen, Fen::new(12_000 + 2_700 + 24_000));
    let reasons: Vec<_> = sheet.lines.iter().map(|l| (l.rule_reason, l.covered)).collect();
    use Reason::{Out, PublicPart, ValueAdded};
    assert_eq!(reasons, [(Out, false), (Out, false), (PublicPart, true), (ValueAdded, false)]);
    // 2 × 25, 5 % of 27, 45 for the riser all the same, 40 % of 240
    assert_eq!(sheet.pay_fen, Fen::new(5_000 + 135 + 4_500 + 9_600));
    assert!(h.sums().await.is_empty(), "nothing is owed before it is done");
    h.agree(&sheet, 38_700).await.unwrap();
    h.finish(order, h.li).await;
    let owed = [("receivable".to_owned(), 38_700), ("revenue".to_owned(), -38_700)];
    assert_eq!(h.sums().await, owed.into(), "heard twice, charged once");
    pay(&h, 38_700).await;
    let paid = [("cash".to_owned(), 38_700), ("revenue".to_owned(), -38_700)];
    assert_eq!(h.sums().await, paid.into());
}

/// The counter takes what the household owes, whatever for.
async fn pay(h: &House, amount: i64) {
    let mut tx = h.t.tx(&Actor::system("seed")).await;
    billing::publish_demonstration(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let cashier = h.t.staff("cashier", h.orgs.s1).await;
    let keys = [payments::permissions::ALL, ledger::permissions::ALL].concat();
    let cashier = testing::actor(cashier, &keys, "/hq/east/");
    let mut tx = h.t.tx(&cashier).await;
    payments::open_shift(&mut tx, "1号窗口", Fen::ZERO).await.unwrap();
    let of = payments::QuoteFor { account_ids: vec![h.old], account_nos: Vec::new() };
    let quote = payments::quote(&mut tx, of).await.unwrap();
    assert_eq!(quote.payable_fen, Fen::new(amount));
    assert_eq!(quote.accounts[0].items[0].item, "service");
    let share = TakeShare { account_id: h.old, amount_fen: Fen::new(amount), shown_fen: None };
    let take = Take {
        shares: vec![share],
        method: PayMethod::Cash,
        tendered_fen: None,
        reference: String::new(),
        payer: String::new(),
        memo: String::new(),
        receipt: false,
    };
    payments::take(&mut tx, take).await.unwrap();
    tx.commit().await.unwrap();
}

/// accepts BI-22: a new installation and earlier work in the same flat are covered, with the day
/// on which that ends; who makes good his own work earns nothing by it
#[tokio::test]
async fn the_warranty_is_proposed_from_the_flats_own_history() {
    let h = House::new().await;
    let fresh = h.order(Some(h.new), h.li).await;
    let sheet = h.quote(fresh, h.li, vec![h.line("FW-104", 100).await]).await.unwrap();
    let line = &sheet.lines[0];
    assert_eq!((line.rule_reason, sheet.total_fen), (Reason::NewInstallation, Fen::ZERO));
    assert_eq!(line.rule_until, Some("2028-10-14".parse().unwrap()));
    assert_eq!(line.pay_fen, Fen::new(1_800), "the company pays him for it");

    let first = h.visit(h.old, h.li, vec![h.line("FW-102", 100).await]).await;
    assert_eq!(first.total_fen, Fen::new(6_000));
    h.days(180);
    let again = h.order(Some(h.old), h.wu).await;
    let lines = vec![h.line("FW-102", 100).await];
    let by_wu = h.quote(again, h.wu, lines.clone()).await.unwrap();
    let line = &by_wu.lines[0];
    assert_eq!((line.rule_reason, line.rule_sheet_id), (Reason::Repaired, Some(first.id)));
    assert_eq!((by_wu.total_fen, by_wu.pay_fen), (Fen::ZERO, Fen::new(2_500)));
    let again = h.order(Some(h.old), h.li).await;
    let by_li = h.quote(again, h.li, lines.clone()).await.unwrap();
    assert_eq!((by_li.total_fen, by_li.pay_fen), (Fen::ZERO, Fen::ZERO));
    h.days(1);
    let late = h.quote(again, h.li, lines).await.unwrap();
    assert_eq!(late.lines[0].rule_reason, Reason::Out);
}

/// accepts BI-23: nothing is charged that was not shown and signed for at the price in force
#[tokio::test]
async fn nothing_is_charged_that_was_not_shown_and_signed_for() {
    let h = House::new().await;
    let order = h.order(Some(h.old), h.li).await;
    let line = h.line("FW-101", 100).await;
    let first = h.quote(order, h.li, vec![line.clone()]).await.unwrap();
    let sheet = h.quote(order, h.li, vec![line.clone(), line.clone()]).await.unwrap();
    assert_eq!(code(h.agree(&first, 3_000).await), "services.wrong_state", "it gave way");
    assert_eq!(code(h.agree(&sheet, 5_999).await), "services.price_changed");
    // Another price begins tomorrow: the offer of today is worth nothing then.
    let price = |fen: i64, day: &str| NewPrice {
        valid_from: day.parse().unwrap(),
        offered: true,
        price_fen: Fen::new(fen),
        negotiable: false,
        warranty_days: 90,
        pay_fixed_fen: Fen::ZERO,
        pay_share_bp: 0,
    };
    let mut tx = h.t.tx(&h.office).await;
    let past = crate::set_price(&mut tx, line.item_id, price(1, "2026-11-21")).await;
    assert_eq!(code(past), "services.too_early");
    crate::set_price(&mut tx, line.item_id, price(1, "2026-11-23")).await.unwrap();
    crate::set_price(&mut tx, line.item_id, price(3_300, "2026-11-23")).await.unwrap();
    tx.commit().await.unwrap();
    h.days(1);
    assert_eq!(code(h.agree(&sheet, 6_000).await), "services.price_changed");
    let sheet = h.quote(order, h.li, vec![line.clone()]).await.unwrap();
    assert_eq!(sheet.total_fen, Fen::new(3_300));
    // Somebody else's picture is no signature, and somebody else's offer does not exist.
    let foreign = h.signature(h.wu).await;
    let mut tx = h.t.tx(&phone(h.li)).await;
    let total = sheet.total_fen;
    let refused = crate::agree(&mut tx, sheet.id, total, "王", foreign).await;
    assert_eq!(code(refused), "services.no_signature");
    let mut tx = h.t.tx(&phone(h.wu)).await;
    assert_eq!(code(crate::decline(&mut tx, sheet.id, "太贵").await), "not_found");
    h.finish(order, h.li).await;
    let mut tx = h.t.tx(&h.office).await;
    let ended = crate::sheet(&mut tx, sheet.id).await.unwrap();
    assert_eq!(ended.state, SheetState::Withdrawn);
    assert!(h.sums().await.is_empty(), "finished without consent, nothing is owed");
}

/// What cannot be meant: no household, not begun, no such thing, absurd amounts, a fixed price
/// haggled over, a warranty against the rule without a word.
#[tokio::test]
async fn an_offer_that_cannot_be_meant_is_refused() {
    let h = House::new().await;
    let plain = h.line("FW-101", 100).await;
    let nobody = h.order(None, h.li).await;
    assert_eq!(code(h.quote(nobody, h.li, vec![plain.clone()]).await), "services.no_household");
    let order = h.order(Some(h.old), h.li).await;
    assert_eq!(code(h.quote(order, h.wu, vec![plain.clone()]).await), "not_found");
    let missing: OrderId = uuid::Uuid::new_v4().into();
    assert_eq!(code(h.quote(missing, h.li, vec![plain.clone()]).await), "not_found");
    let with = |change: fn(&mut WantedLine)| {
        let mut line = plain.clone();
        change(&mut line);
        vec![line]
    };
    for (lines, refused) in [
        (vec![], "invalid"),
        (vec![plain.clone(); 31], "invalid"),
        (with(|l| l.quantity = 0), "invalid"),
        (with(|l| l.quantity = i32::MIN), "invalid"),
        (with(|l| l.quantity = 1_000_000), "services.too_much"),
        (with(|l| l.item_id = uuid::Uuid::nil().into()), "services.not_offered"),
        (with(|l| l.unit_fen = Some(Fen::new(1))), "services.price_fixed"),
        (with(|l| l.covered = Some(true)), "services.reason_missing"),
    ] {
        assert_eq!(code(h.quote(order, h.li, lines).await), refused);
    }
    let haggled = h.item("ZZ-302").await;
    let line = WantedLine { item_id: haggled, unit_fen: Some(Fen::new(-1)), ..plain.clone() };
    let refused = h.quote(order, h.li, vec![line]).await;
    assert_eq!(code(refused), "services.too_much");
    h.finish(order, h.li).await;
    assert_eq!(code(h.quote(order, h.li, vec![plain]).await), "services.not_in_hand");
}

/// accepts BI-22: what goes against the rule or the list, and a flat visited again, waits for an
/// audit; an objection is final and nobody decides on his own work
#[tokio::test]
async fn odd_work_waits_for_an_audit_by_somebody_else() {
    let h = House::new().await;
    let free = WantedLine {
        covered: Some(true),
        said: "老客户照顾".into(),
        ..h.line("FW-104", 100).await
    };
    let odd = h.visit(h.old, h.li, vec![free]).await;
    assert_eq!((odd.total_fen, odd.posting_id), (Fen::ZERO, None));
    h.days(3);
    let cheap = WantedLine {
        unit_fen: Some(Fen::new(20_000)),
        said: "旧件利用".into(),
        ..h.line("ZZ-302", 100).await
    };
    let second = h.visit(h.old, h.wu, vec![cheap]).await;
    let plain = h.visit(h.new, h.wu, vec![h.line("ZZ-304", 100).await]).await;
    let mut tx = h.t.tx(&h.office).await;
    let audits = crate::audits(&mut tx, Some(AuditState::Open), None, None).await.unwrap().items;
    let found: Vec<_> = audits.iter().map(|a| (a.sheet.id, a.findings.clone())).collect();
    assert!(!found.iter().any(|(id, _)| *id == plain.id), "{plain:?} is not odd");
    assert_eq!(
        found,
        [
            (second.id, vec![Finding::PriceChanged, Finding::Again]),
            (odd.id, vec![Finding::AgainstRule]),
        ]
    );
    assert_eq!(code(crate::decide_audit(&mut tx, odd.id, true, " ").await), "invalid");
    crate::decide_audit(&mut tx, odd.id, true, "无依据免单").await.unwrap();
    crate::decide_audit(&mut tx, second.id, false, "").await.unwrap();
    let again = crate::decide_audit(&mut tx, odd.id, false, "").await;
    assert_eq!(code(again), "services.decided");
    tx.commit().await.unwrap();
    let himself = testing::actor(h.wu, &[crate::permissions::AUDIT], "/hq/");
    let mut tx = h.t.tx(&himself).await;
    let own = crate::decide_audit(&mut tx, second.id, false, "").await;
    assert_eq!(code(own), "services.decided");
    let elsewhere = testing::actor(h.wu, &[crate::permissions::AUDIT], "/hq/west/");
    let mut tx = h.t.tx(&elsewhere).await;
    assert_eq!(code(crate::decide_audit(&mut tx, second.id, false, "").await), "not_found");
}

/// An order that goes back takes its offer along; the next repairer makes his own.
#[tokio::test]
async fn an_order_given_back_takes_its_offer_along() {
    let h = House::new().await;
    let order = h.order(Some(h.old), h.li).await;
    let line = h.line("FW-101", 100).await;
    let sheet = h.quote(order, h.li, vec![line.clone()]).await.unwrap();
    h.agree(&sheet, 3_000).await.unwrap();
    let second = h.quote(order, h.li, vec![line]).await;
    assert_eq!(code(second), "services.agreed_already");
    h.step(order, h.li, FieldStep::Return { reason: "缺配件".into() }).await;
    h.hear().await;
    let mut tx = h.t.tx(&phone(h.li)).await;
    let ended = crate::sheet(&mut tx, sheet.id).await.unwrap();
    assert_eq!(ended.state, SheetState::Withdrawn);
    assert!(h.sums().await.is_empty());
}
