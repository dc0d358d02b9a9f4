//! Behaviour on a real database.

use crate::permissions::VIEW;
use crate::{
    LogSms, Medium, NewMessage, SendError, SendState, SmsProvider, link, list, queue, send_waiting,
};
use chrono::TimeDelta;
use kernel::{Actor, App, MatterId, MessageId, Result};
use std::sync::Mutex;
use testing::{TestApp, actor, nobody};
use uuid::Uuid;

/// Remembers what it was asked to send, and answers as told.
#[derive(Default)]
struct Fake {
    sent: Mutex<Vec<(MessageId, String)>>,
    failure: Option<fn() -> SendError>,
}

#[async_trait::async_trait]
impl SmsProvider for Fake {
    async fn send(&self, id: MessageId, to: &str, _body: &str) -> Result<String, SendError> {
        self.sent.lock().unwrap().push((id, to.to_owned()));
        tokio::task::yield_now().await;
        self.failure.map_or_else(|| Ok(format!("p-{id}")), |fail| Err(fail()))
    }
}

fn message(reason: &str) -> NewMessage {
    NewMessage {
        reason: reason.to_owned(),
        medium: Medium::Sms,
        receiver: "13812345678".to_owned(),
        template: "finished_for_customer",
        body: "查看进度：https://a.example/p/secret，电话13812345678".to_owned(),
        matter_id: Some(MatterId::from(Uuid::from_u128(9))),
        org_path: "/hq/east/".to_owned(),
    }
}

async fn put(app: &App, new: NewMessage) -> Option<MessageId> {
    let mut tx = app.begin(Actor::system("test")).await.unwrap();
    let id = queue(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn all(t: &TestApp) -> Vec<crate::Message> {
    let mut tx = t.tx(&actor(nobody(), &[VIEW], "/hq/")).await;
    list(&mut tx, None, None, 50).await.unwrap().items
}

/// accepts DP-09: a subscriber that runs twice tells once
#[tokio::test]
async fn the_same_reason_tells_once_even_at_the_same_time() {
    let t = TestApp::new().await;
    let jobs: Vec<_> = (0..8)
        .map(|_| {
            let app = t.app.clone();
            tokio::spawn(async move { put(&app, message("order.dispatched/1/customer")).await })
        })
        .collect();
    let mut made = 0;
    for job in jobs {
        made += usize::from(job.await.unwrap().is_some());
    }
    assert_eq!(made, 1);
    assert_eq!(all(&t).await.len(), 1);
}

#[tokio::test]
async fn a_receiver_that_is_no_number_is_told_nothing() {
    let t = TestApp::new().await;
    for receiver in ["", "12", "not a number", "13812345678\r\nTo: 1", "１３８１２３４５６７８"]
    {
        let new = NewMessage { receiver: receiver.to_owned(), ..message(receiver) };
        assert_eq!(put(&t.app, new).await, None, "{receiver:?}");
    }
}

/// accepts DP-09: two senders at once send each message once, and history says so
#[tokio::test]
async fn two_senders_never_send_the_same_message() {
    let t = TestApp::new().await;
    for n in 0..30 {
        put(&t.app, message(&format!("r/{n}"))).await;
    }
    let fake = Fake::default();
    let (a, b) = tokio::join!(send_waiting(&t.app, &fake), send_waiting(&t.app, &fake));
    assert_eq!(a.unwrap() + b.unwrap(), 30);
    let mut ids: Vec<_> = fake.sent.lock().unwrap().iter().map(|(id, _)| *id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 30);
    assert!(all(&t).await.iter().all(|m| m.state == SendState::Sent && m.sent_at.is_some()));
    let told: i64 = sqlx::query_scalar(
        "select count(*) from kernel.event where kind = 'channels.message_sent'",
    )
    .fetch_one(&t.app.pool)
    .await
    .unwrap();
    assert_eq!(told, 30);
}

#[tokio::test]
async fn a_busy_provider_is_asked_again_later_and_given_up_after_five_tries() {
    let t = TestApp::new().await;
    put(&t.app, message("r")).await;
    let busy = Fake { failure: Some(|| SendError::Temporary("busy".into())), ..Fake::default() };
    for tries in 1..=5 {
        assert_eq!(send_waiting(&t.app, &busy).await.unwrap(), 1, "try {tries}");
        assert_eq!(send_waiting(&t.app, &busy).await.unwrap(), 0, "not before its time");
        t.advance(TimeDelta::hours(3));
    }
    assert_eq!(send_waiting(&t.app, &busy).await.unwrap(), 0, "given up");
    let given_up = all(&t).await.remove(0);
    assert_eq!((given_up.state, given_up.attempts), (SendState::Failed, 5));
    assert_eq!(given_up.error.as_deref(), Some("busy"));
}

#[tokio::test]
async fn what_the_provider_refuses_is_given_up_at_once() {
    let t = TestApp::new().await;
    put(&t.app, message("r")).await;
    let no =
        Fake { failure: Some(|| SendError::Refused("no such number".into())), ..Fake::default() };
    send_waiting(&t.app, &no).await.unwrap();
    let given_up = all(&t).await.remove(0);
    assert_eq!((given_up.state, given_up.attempts), (SendState::Failed, 1));
}

/// A sender died after taking a message: it is not lost, and comes after the pause.
#[tokio::test]
async fn a_message_outlives_its_sender() {
    let t = TestApp::new().await;
    put(&t.app, message("r")).await;
    let mut tx = t.tx(&Actor::system("dies")).await;
    assert_eq!(crate::store::claim(&mut tx, 20).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
    assert_eq!(send_waiting(&t.app, &LogSms).await.unwrap(), 0);
    t.advance(TimeDelta::seconds(31));
    assert_eq!(send_waiting(&t.app, &LogSms).await.unwrap(), 1);
    assert_eq!(all(&t).await.remove(0).state, SendState::Sent);
}

#[tokio::test]
async fn the_list_masks_and_keeps_to_the_scope() {
    let t = TestApp::new().await;
    put(&t.app, message("r")).await;
    put(&t.app, NewMessage { org_path: "/hq/west/".into(), ..message("w") }).await;
    let mut tx = t.tx(&actor(nobody(), &[VIEW], "/hq/east/")).await;
    let seen = list(&mut tx, None, None, 50).await.unwrap().items;
    assert_eq!(seen.len(), 1);
    let text = serde_json::to_string(&seen).unwrap();
    assert!(!text.contains("13812345678") && !text.contains("secret"), "{text}");
    let other = MatterId::from(Uuid::from_u128(1));
    assert!(list(&mut tx, Some(other), None, 50).await.unwrap().items.is_empty());
    let mut tx = t.tx(&actor(nobody(), &[], "/hq/")).await;
    assert_eq!(list(&mut tx, None, None, 50).await.unwrap_err().problem().code, "forbidden");
}

#[tokio::test]
async fn pages_neither_skip_nor_repeat() {
    let t = TestApp::new().await;
    for n in 0..7 {
        put(&t.app, message(&n.to_string())).await;
    }
    let mut tx = t.tx(&actor(nobody(), &[VIEW], "/")).await;
    let (mut seen, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = list(&mut tx, None, after.as_deref(), 3).await.unwrap();
        seen.extend(page.items.into_iter().map(|m| m.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 7);
    assert_eq!(list(&mut tx, None, Some("x"), 3).await.unwrap_err().problem().status, 422);
}

/// accepts WO-40: a link opens its own subject only, and dies by itself
#[tokio::test]
async fn a_signed_link_opens_until_it_expires() {
    let t = TestApp::new().await;
    let id = Uuid::from_u128(42);
    let (mut a, mut b) =
        (t.tx(&Actor::system("a")).await, t.app.begin(Actor::system("b")).await.unwrap());
    let token = link::sign(&mut a, id).await.unwrap();
    a.commit().await.unwrap();
    let second = link::sign(&mut b, id).await.unwrap();
    b.commit().await.unwrap();
    assert_eq!(link::verify(&t.app, &token).await.unwrap(), id);
    assert_eq!(link::verify(&t.app, &second).await.unwrap(), id);
    for forged in [format!("B{}", &token[1..]), token[..74].to_owned(), String::new()] {
        assert_eq!(link::verify(&t.app, &forged).await.unwrap_err().problem().status, 404);
    }
    t.advance(link::LIFE);
    assert_eq!(link::verify(&t.app, &token).await.unwrap_err().problem().status, 404);
}
