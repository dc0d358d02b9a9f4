//! Money over the glass.

use super::house::{House, by, cash, code, fen};
use crate::{PayMethod, PaymentState, QuoteFor, QuotedItem, Take, service};
use kernel::{AccountId, Fen};
use std::time::Instant;

/// accepts PY-01 R-12: find, see what is owed by season and item, take cash with change, print.
#[tokio::test]
async fn a_customer_pays_what_he_owes_and_gets_change() {
    let house = House::open().await;
    house.charge(house.wang, house.last, "heat", 20_000).await;
    house.charge(house.wang, house.season, "heat", 198_744).await;
    let mut tx = house.t.tx(&house.cashier).await;
    let of = QuoteFor { account_ids: vec![house.wang], account_nos: vec![] };
    let quote = service::quote(&mut tx, of).await.unwrap();
    drop(tx);
    let items: Vec<_> = quote.accounts[0].items.iter().filter(|i| !i.accrued).map(shown).collect();
    assert_eq!(items, [("2025-2026", "heat", 20_000), ("2026-2027", "heat", 198_744)]);
    let late: i64 =
        quote.accounts[0].items.iter().filter(|i| i.accrued).map(|i| i.owed_fen.get()).sum();
    assert!(late > 0, "last season's debt has grown");
    assert_eq!(quote.owed_fen.get(), 218_744 + late);

    let mut cmd = cash(house.wang, quote.owed_fen.get());
    cmd.tendered_fen = Some(fen(300_000));
    cmd.shares[0].shown_fen = Some(quote.accounts[0].owed_fen);
    cmd.receipt = true;
    let taken = house.take(&house.cashier, cmd).await.unwrap();
    let payment = taken.payment;
    assert_eq!(payment.state, PaymentState::Settled);
    let due = payment.amount_fen.get() - payment.rounding_fen.get();
    assert_eq!((due % 10, payment.change_fen.unwrap().get()), (0, 300_000 - due));
    assert_eq!(taken.receipt.unwrap().no, "A0000001");
    assert_eq!(house.owes(house.wang).await, 0);
    let sums = house.sums().await;
    assert_eq!(sums["cash"], due);
    assert_eq!(sums.get("rounding").copied().unwrap_or(0), payment.rounding_fen.get());
    assert_eq!(sums["revenue"], -(218_744 + late));
    house.check_book().await;
}

fn shown(item: &QuotedItem) -> (&str, &str, i64) {
    (&item.season, &item.item, item.owed_fen.get())
}

/// accepts PY-01 BI-12: a part is taken, oldest debts first; what is over is paid ahead and pays
/// the next charge by itself.
#[tokio::test]
async fn a_part_and_an_advance_are_taken() {
    let house = House::open().await;
    house.charge(house.li, house.season, "connection", 50_000).await;
    house.take(&house.cashier, cash(house.li, 30_000)).await.unwrap();
    assert_eq!(house.owes(house.li).await, 20_000);
    house.take(&house.cashier, cash(house.li, 25_000)).await.unwrap();
    assert_eq!(house.owes(house.li).await, -5_000);
    assert_eq!(house.sums().await["advance"], -5_000);

    house.charge(house.li, house.season, "reconnect", 4_000).await;
    for expected in [1, 0] {
        let mut tx = house.t.tx(&kernel::Actor::system("test")).await;
        let done = service::apply_credit(&mut tx, "charge-1", &[house.li, house.wang]).await;
        assert_eq!(done.unwrap(), expected);
        tx.commit().await.unwrap();
    }
    assert_eq!((house.owes(house.li).await, house.sums().await["advance"]), (-1_000, -1_000));
    house.check_book().await;
}

/// accepts BI-04: a company pays for 400 flats at once, in one order, within two seconds.
#[tokio::test]
async fn four_hundred_flats_are_paid_at_once() {
    let house = House::open().await;
    let flats = house.estate(400).await;
    for flat in &flats {
        house.charge(*flat, house.season, "connection", 150_005).await;
    }
    let shares: Vec<(AccountId, i64)> = flats.iter().map(|f| (*f, 150_005)).collect();
    let mut cmd = by(PayMethod::Transfer, &shares, "TR-2026-1");
    cmd.payer = "阳光物业".to_owned();
    cmd.receipt = true;
    let started = Instant::now();
    let taken = house.take(&house.cashier, cmd).await.unwrap();
    let took = started.elapsed();
    println!("400 flats: {took:?}");
    // Two seconds is what a cashier is promised of a release build; a debug build on a machine that
    // compiles meanwhile is given more, and a query for each flat is still caught.
    assert!(took.as_secs_f64() < 15.0, "{took:?}");
    assert_eq!((taken.payment.accounts, taken.payment.amount_fen.get()), (400, 60_002_000));
    assert_eq!(house.sums().await["bank"], 60_002_000);
    assert_eq!(house.owes(flats[399]).await, 0);
    house.check_book().await;
}

/// Two cashiers at one account: they wait for each other, and nothing is lost or paid twice.
#[tokio::test]
async fn two_cashiers_at_one_account_are_serialised() {
    let house = House::open().await;
    house.shift(&house.other, 0).await.unwrap();
    house.charge(house.wang, house.season, "connection", 100_000).await;
    house.charge(house.li, house.season, "connection", 100_000).await;
    let both = |first: AccountId, second: AccountId| {
        let mut cmd = by(PayMethod::Cash, &[(first, 100_000), (second, 100_000)], "");
        for share in &mut cmd.shares {
            share.shown_fen = Some(fen(100_000));
        }
        cmd
    };
    let (a, b) = tokio::join!(
        house.take(&house.cashier, both(house.wang, house.li)),
        house.take(&house.other, both(house.li, house.wang)),
    );
    let codes: Vec<_> = [a, b].into_iter().filter(Result::is_err).map(code).collect();
    assert_eq!(codes, ["payments.owed_changed"], "one is paid, the other looks again");
    assert_eq!((house.owes(house.wang).await, house.owes(house.li).await), (0, 0));
    assert_eq!(house.sums().await["cash"], 200_000);
    house.check_book().await;
}

/// Without a screen to compare, the second payment is paid ahead: no fen is lost.
#[tokio::test]
async fn twenty_payments_at_once_lose_no_fen() {
    let house = House::open().await;
    house.shift(&house.other, 0).await.unwrap();
    house.charge(house.wang, house.season, "connection", 100_000).await;
    let pays = (0..20).map(|n| {
        let who = if n % 2 == 0 { &house.cashier } else { &house.other };
        house.take(who, cash(house.wang, 10_000))
    });
    let done = futures_util::future::join_all(pays).await;
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    assert_eq!(house.owes(house.wang).await, -100_000);
    assert_eq!(house.sums().await["cash"], 200_000);
    house.check_book().await;
}

/// Absurd, negative, overflowing, doubled, unknown, out of scope: refused, and nothing is written.
#[tokio::test]
async fn absurd_payments_are_refused() {
    let house = House::open().await;
    house.charge(house.wang, house.season, "heat", 100_000).await;
    let (wang, nobody) = (house.wang, uuid::Uuid::new_v4().into());
    let short = Take { tendered_fen: Some(fen(1_000)), ..cash(wang, 5_000) };
    let over =
        Take { tendered_fen: Some(fen(6_000)), ..by(PayMethod::Card, &[(wang, 5_000)], "P1") };
    for (cmd, expected) in [
        (cash(wang, 0), "payments.nothing_to_pay"),
        (cash(wang, -100), "payments.nothing_to_pay"),
        (cash(wang, i64::MIN), "payments.nothing_to_pay"),
        (cash(wang, i64::MAX), "payments.too_much"),
        (cash(wang, 1_000_000_001), "payments.too_much"),
        (by(PayMethod::Cash, &[], ""), "payments.nothing_to_pay"),
        (by(PayMethod::Cash, &[(wang, 5), (wang, 5)], ""), "payments.account_twice"),
        (by(PayMethod::Card, &[(wang, 500)], ""), "payments.reference_missing"),
        (by(PayMethod::Wechat, &[(wang, 500)], "W1"), "payments.not_at_counter"),
        (short, "payments.too_little"),
        (over, "payments.exact_only"),
        (cash(nobody, 500), "not_found"),
        (cash(house.zhao, 500), "not_found"),
    ] {
        let words = format!("{cmd:?}");
        assert_eq!(code(house.take(&house.cashier, cmd).await), expected, "{words}");
    }
    assert_eq!(house.count("payments.payment_order").await, 0);
    assert_eq!(code(house.take(&house.other, cash(wang, 500)).await), "payments.no_shift");
}

/// A slip that was booked before is not booked again.
#[tokio::test]
async fn the_same_slip_is_booked_once() {
    let house = House::open().await;
    let cmd = by(PayMethod::Card, &[(house.wang, 500)], "POS-77");
    house.take(&house.cashier, cmd.clone()).await.unwrap();
    assert_eq!(code(house.take(&house.cashier, cmd).await), "payments.reference_taken");
    assert_eq!(house.sums().await["card"], 500);
}

/// accepts BI-30 XB-08: a hold is seen before the money is taken, and binds the counter; under one
/// that lets arrears through, arrears are taken and nothing more.
#[tokio::test]
async fn a_hold_binds_the_counter() {
    let house = House::open().await;
    house.charge(house.wang, house.last, "reconnect", 300).await;
    house.charge(house.wang, house.season, "heat", 5_000).await;
    hold(&house, house.wang, "block_current", "先处理往年").await;
    let mut tx = house.t.tx(&house.cashier).await;
    let of = QuoteFor { account_ids: vec![house.wang], account_nos: vec![] };
    let quote = service::quote(&mut tx, of).await.unwrap();
    drop(tx);
    assert_eq!(quote.accounts[0].holds[0].words, "先处理往年");
    assert_eq!(quote.accounts[0].payable_fen, fen(300));
    assert_eq!(code(house.take(&house.cashier, cash(house.wang, 310)).await), "payments.held");
    house.take(&house.cashier, cash(house.wang, 300)).await.unwrap();
    hold(&house, house.wang, "block_all", "请到稽查部门").await;
    assert_eq!(code(house.take(&house.cashier, cash(house.wang, 100)).await), "payments.held");
}

async fn hold(house: &House, account: AccountId, kind: &str, words: &str) {
    sqlx::query(
        "insert into billing.hold (id, account_id, kind, reason_class, reason, words, source,
                                   from_on, made_by_name, made_at)
         values ($1, $2, $3, 'inspection', '测试', $4, 'desk', '2026-11-01', 'x', $5)",
    )
    .bind(uuid::Uuid::new_v4())
    .bind(*account)
    .bind(kind)
    .bind(words)
    .bind(house.t.now())
    .execute(&house.t.app.pool)
    .await
    .unwrap();
}

/// What is owed changed since the screen was drawn: nothing is taken.
#[tokio::test]
async fn a_stale_screen_takes_nothing() {
    let house = House::open().await;
    house.charge(house.wang, house.season, "heat", 5_000).await;
    let mut cmd = cash(house.wang, 4_000);
    cmd.shares[0].shown_fen = Some(fen(4_000));
    assert_eq!(code(house.take(&house.cashier, cmd).await), "payments.owed_changed");
    assert_eq!(house.sums().await.get("cash"), None);
}

/// A company's list by number: what is unknown is named, what is there is quoted.
#[tokio::test]
async fn a_list_of_numbers_is_quoted() {
    let house = House::open().await;
    let flats = house.estate(3).await;
    house.charge(flats[1], house.season, "heat", 700).await;
    let mut tx = house.t.tx(&house.cashier).await;
    let nos: Vec<String> = sqlx::query_scalar(
        "select account_no from directory.account where id = any($1) order by account_no",
    )
    .bind(flats.iter().map(|f| **f).collect::<Vec<_>>())
    .fetch_all(tx.db())
    .await
    .unwrap();
    let account_nos = [nos, vec![" 000 ".to_owned(), String::new()]].concat();
    let quote =
        service::quote(&mut tx, QuoteFor { account_ids: vec![], account_nos }).await.unwrap();
    assert_eq!((quote.accounts.len(), quote.unknown), (3, vec!["000".to_owned()]));
    assert_eq!((quote.owed_fen, quote.payable_fen), (fen(700), Fen::new(700)));
}

/// A day's numbers keep all their digits when the count outgrows them: no two orders share one.
#[tokio::test]
async fn the_millionth_order_has_a_number_of_its_own() {
    let house = House::open().await;
    let set = "select setval('payments.order_no', 999998)";
    sqlx::query(set).execute(&house.t.owner).await.unwrap();
    let mut numbers = Vec::new();
    for _ in 0..13 {
        let taken = house.take(&house.cashier, cash(house.li, 1_000)).await.unwrap();
        numbers.push(taken.payment.no);
    }
    let tail = |no: &String| no.rsplit('-').next().unwrap_or_default().to_owned();
    assert_eq!((tail(&numbers[0]), tail(&numbers[12])), ("999999".into(), "1000011".into()));
}
