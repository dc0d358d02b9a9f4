//! The one way by which money enters: every channel's messages.

use super::house::{House, fen};
use crate::{
    AttemptState, PayMethod, Provider, Providers, RefundState, Returned, Settled, Settlement, jobs,
    service,
};
use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{AccountId, Actor, Fen, PaymentOrderId};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

/// An order as a channel of the customer's side makes it.
pub(super) async fn order(house: &House, account: AccountId, amount: i64) -> PaymentOrderId {
    let mut tx = house.t.tx(&Actor::system("wechat")).await;
    let shares = vec![(account, fen(amount))];
    let id = service::create_order(&mut tx, PayMethod::Wechat, shares).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub(super) async fn hear(
    house: &House,
    order: PaymentOrderId,
    reference: &str,
    told: AttemptState,
    amount: i64,
) -> Settled {
    let mut tx = house.t.tx(&Actor::system("wechat")).await;
    let news = Settlement {
        order,
        channel: PayMethod::Wechat,
        reference: reference.to_owned(),
        amount: fen(amount),
        told,
    };
    let settled = service::settle(&mut tx, news).await.unwrap();
    tx.commit().await.unwrap();
    settled
}

/// A provider with a will of its own: fails so many times, then pays, and remembers the ids.
#[derive(Default)]
struct Stubborn {
    fails: AtomicU32,
    says: Mutex<Option<AttemptState>>,
    paid: Mutex<Vec<(String, String, i64)>>,
}

#[async_trait]
impl Provider for Stubborn {
    async fn query(&self, _reference: &str) -> anyhow::Result<AttemptState> {
        let says = *self.says.lock().unwrap();
        says.ok_or_else(|| anyhow::anyhow!("gateway timeout"))
    }

    async fn refund(&self, id: &str, reference: &str, amount: Fen) -> anyhow::Result<Returned> {
        let left = self.fails.load(Ordering::SeqCst);
        if left > 0 {
            self.fails.store(left - 1, Ordering::SeqCst);
            anyhow::bail!("system busy");
        }
        self.paid.lock().unwrap().push((id.to_owned(), reference.to_owned(), amount.get()));
        Ok(Returned::Done(format!("R-{id}")))
    }
}

fn providers(provider: &Arc<Stubborn>) -> Providers {
    Providers::default().with(PayMethod::Wechat, provider.clone())
}

/// accepts XB-09: two successes of one order: the first pays, the second goes back by itself,
/// tried until the provider does it, once; both are seen.
#[tokio::test]
async fn a_double_success_pays_once_and_the_second_goes_back_by_itself() {
    let house = House::new().await;
    house.charge(house.wang, house.season, "connection", 90_000).await;
    let id = order(&house, house.wang, 90_000).await;
    assert_eq!(hear(&house, id, "wx-1", AttemptState::Succeeded, 90_000).await, Settled::Paid);
    assert_eq!(hear(&house, id, "wx-1", AttemptState::Succeeded, 90_000).await, Settled::Nothing);
    assert_eq!(hear(&house, id, "wx-2", AttemptState::Succeeded, 90_000).await, Settled::SentBack);
    assert_eq!(hear(&house, id, "wx-2", AttemptState::Failed, 90_000).await, Settled::Nothing);
    assert_eq!(house.owes(house.wang).await, 0);
    let sums = house.sums().await;
    assert_eq!((sums["wechat"], sums["refund_payable"]), (180_000, -90_000));

    let provider = Arc::new(Stubborn { fails: AtomicU32::new(3), ..Stubborn::default() });
    let mut rounds = 0;
    while jobs::push_refunds(&house.t.app, &providers(&provider)).await.unwrap() == 0 {
        rounds += 1;
        assert!(rounds < 10, "the refund waits for ever");
        let detail = detail(&house, id).await;
        assert_eq!(detail.refunds[0].state, RefundState::Running);
        assert_eq!(detail.refunds[0].last_error, "system busy");
        house.t.advance(TimeDelta::hours(1));
    }
    assert_eq!(rounds, 3);
    assert_eq!(jobs::push_refunds(&house.t.app, &providers(&provider)).await.unwrap(), 0);
    let paid = provider.paid.lock().unwrap().clone();
    assert_eq!(paid.len(), 1);
    assert_eq!((paid[0].1.as_str(), paid[0].2), ("wx-2", 90_000));
    let detail = detail(&house, id).await;
    assert_eq!((detail.payment.surplus, detail.attempts.len()), (1, 2));
    assert_eq!(detail.refunds[0].state, RefundState::Done);
    let sums = house.sums().await;
    assert_eq!((sums["wechat"], sums.get("refund_payable")), (90_000, None));
    house.check_book().await;
}

async fn detail(house: &House, id: PaymentOrderId) -> crate::PaymentDetail {
    let mut tx = house.t.tx(&house.head).await;
    service::payment(&mut tx, id).await.unwrap()
}

/// accepts XB-09: what nobody knows is asked, never guessed; the provider's silence is no answer.
#[tokio::test]
async fn an_unknown_result_is_queried_and_never_guessed() {
    let house = House::new().await;
    house.charge(house.wang, house.season, "connection", 500).await;
    let id = order(&house, house.wang, 500).await;
    hear(&house, id, "wx-9", AttemptState::Unknown, 500).await;
    let provider = Arc::new(Stubborn::default());
    let all = providers(&provider);
    house.t.advance(TimeDelta::minutes(1));
    assert_eq!(jobs::query_unknown(&house.t.app, &all).await.unwrap(), 0);
    *provider.says.lock().unwrap() = Some(AttemptState::Unknown);
    house.t.advance(TimeDelta::minutes(5));
    assert_eq!(jobs::query_unknown(&house.t.app, &all).await.unwrap(), 0);
    assert_eq!(house.owes(house.wang).await, 500, "not guessed");
    let tried = &detail(&house, id).await.attempts[0];
    assert_eq!((tried.state, tried.queries), (AttemptState::Unknown, 2));
    *provider.says.lock().unwrap() = Some(AttemptState::Succeeded);
    house.t.advance(TimeDelta::minutes(30));
    assert_eq!(jobs::query_unknown(&house.t.app, &all).await.unwrap(), 1);
    assert_eq!(house.owes(house.wang).await, 0);
    // The notification that was late comes after all.
    assert_eq!(hear(&house, id, "wx-9", AttemptState::Succeeded, 500).await, Settled::Nothing);
    assert_eq!(jobs::query_unknown(&house.t.app, &all).await.unwrap(), 0);
    house.check_book().await;
}

/// accepts XB-09: twenty successes of ten tries at the same instant pay the order once.
#[tokio::test]
async fn successes_at_the_same_instant_pay_once() {
    let house = House::new().await;
    house.charge(house.wang, house.season, "connection", 700).await;
    let id = order(&house, house.wang, 700).await;
    let tries = (0..20).map(|n| {
        let reference = format!("wx-{}", n / 2);
        let house = &house;
        async move { hear(house, id, &reference, AttemptState::Succeeded, 700).await }
    });
    let done = futures_util::future::join_all(tries).await;
    let count = |what| done.iter().filter(|d| **d == what).count();
    assert_eq!(
        (count(Settled::Paid), count(Settled::SentBack), count(Settled::Nothing)),
        (1, 9, 10)
    );
    assert_eq!(house.owes(house.wang).await, 0);
    assert_eq!(house.sums().await["refund_payable"], -6_300);
    house.check_book().await;
}

/// The database refuses a second settlement by itself, whatever the code would do.
#[tokio::test]
async fn the_database_knows_one_settlement_of_an_order() {
    let house = House::new().await;
    let id = order(&house, house.wang, 700).await;
    hear(&house, id, "wx-1", AttemptState::Succeeded, 700).await;
    hear(&house, id, "wx-2", AttemptState::Succeeded, 700).await;
    let forged = sqlx::query("update payments.attempt set outcome = 'settled' where order_id = $1")
        .bind(*id)
        .execute(&house.t.app.pool)
        .await;
    assert!(forged.unwrap_err().to_string().contains("attempt_settles_once"));
}

/// What came is booked, not what was meant to come.
#[tokio::test]
async fn another_sum_than_asked_is_booked_as_it_came() {
    let house = House::new().await;
    house.charge(house.wang, house.season, "connection", 1_000).await;
    let id = order(&house, house.wang, 1_000).await;
    hear(&house, id, "wx-1", AttemptState::Succeeded, 1_200).await;
    assert_eq!(house.owes(house.wang).await, -200);
    let id = order(&house, house.li, 1_000).await;
    hear(&house, id, "wx-2", AttemptState::Succeeded, 400).await;
    assert_eq!(house.owes(house.li).await, -400);
    house.check_book().await;
}
