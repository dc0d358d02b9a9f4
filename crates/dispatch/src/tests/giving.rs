//! Who goes.

use super::house::House;
use crate::{Assign, Proposal, dispatch_waiting, on_order_dispatched, on_order_open};
use chrono::TimeDelta;
use kernel::{OrderId, Result, UserId};
use orders::{FieldStep, Order, permissions as may};
use testing::{actor, nobody};

async fn propose(h: &House, id: OrderId) -> Proposal {
    let mut tx = h.t.tx(&House::dispatcher()).await;
    let proposal = crate::propose(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    proposal
}

async fn assign(
    h: &House,
    id: OrderId,
    to: UserId,
    from: Option<&Proposal>,
    reason: &str,
) -> Result<Order> {
    let mut tx = h.t.tx(&House::dispatcher()).await;
    let (proposal_id, reason) = (from.map(|p| p.id), Some(reason.to_owned()));
    let choice = Assign { staff_id: to, proposal_id, reason };
    let order = crate::assign(&mut tx, id, choice).await?;
    tx.commit().await?;
    Ok(order)
}

fn code<T>(result: Result<T>) -> String {
    result.err().map(|e| e.problem().code).unwrap_or_default()
}

/// accepts DP-01 DP-02 DP-03
#[tokio::test]
async fn the_near_one_is_first_and_those_who_cannot_go_are_named_with_the_reason() {
    let h = House::new().await;
    let near = h.repairer("near", h.orgs.s1, 113.301).await;
    let far = h.repairer("far", h.orgs.s1, 113.45).await;
    let asleep = h.repairer("asleep", h.orgs.s1, 113.3).await;
    let unskilled = h.repairer("unskilled", h.orgs.s1, 113.3).await;
    let off = h.repairer("off", h.orgs.s1, 113.3).await;
    let stranger = h.repairer("stranger", h.orgs.s9, 113.3).await;
    for (sql, who) in [
        (
            "update dispatch.worker set seen_at = seen_at - interval '4 minutes' where staff_id = $1",
            asleep,
        ),
        ("update dispatch.worker set skills = '{valve}' where staff_id = $1", unskilled),
        ("update dispatch.worker set on_shift = false where staff_id = $1", off),
    ] {
        sqlx::query(sql).bind(*who).execute(&h.t.app.pool).await.unwrap();
    }
    let proposal = propose(&h, h.order().await).await;
    let ranked: Vec<_> = proposal.ranked.iter().map(|r| r.staff_id).collect();
    assert_eq!(ranked, [near, far]);
    let first = &proposal.ranked[0];
    assert_eq!(first.total, first.parts.iter().map(|p| p.points).sum::<i64>());
    assert!(first.online && first.on_shift && first.distance_m.is_some_and(|m| m < 200));
    assert_eq!(first.phone_masked, "139****0001");
    let why = |id| proposal.excluded.iter().find(|e| e.staff_id == id).map(|e| e.reason.as_str());
    assert_eq!(why(asleep), Some("offline"));
    assert_eq!(why(unskilled), Some("lacks_skill"));
    assert_eq!(why(off), Some("off_shift"));
    assert_eq!(why(stranger), None, "another branch's people are not considered");
}

/// accepts DP-02: a cap is each repairer's own, and an urgent order may go on top
#[tokio::test]
async fn who_is_full_is_not_proposed() {
    let h = House::new().await;
    let id = h.repairer("one", h.orgs.s1, 113.3).await;
    sqlx::query("update dispatch.worker set load_cap = 1").execute(&h.t.app.pool).await.unwrap();
    for _ in 0..2 {
        assign(&h, h.order().await, id, None, "").await.unwrap();
    }
    let proposal = propose(&h, h.order().await).await;
    assert!(proposal.ranked.is_empty());
    assert_eq!(
        (proposal.excluded[0].reason.as_str(), proposal.excluded[0].value),
        ("full", Some(2))
    );
}

/// accepts DP-01: one click takes the first; anybody else needs a reason, which history keeps
#[tokio::test]
async fn somebody_else_than_the_first_needs_a_reason() {
    let h = House::new().await;
    let near = h.repairer("near", h.orgs.s1, 113.301).await;
    let far = h.repairer("far", h.orgs.s1, 113.45).await;
    let id = h.order().await;
    let proposal = propose(&h, id).await;
    assert_eq!(code(assign(&h, id, far, Some(&proposal), "  ").await), "dispatch.reason_needed");
    assign(&h, id, far, Some(&proposal), "熟悉该户").await.unwrap();
    assert_eq!(h.held_by(id).await, ("dispatched".to_owned(), Some(far)));
    let told = h.events("order.dispatched").await.remove(0).payload;
    assert_eq!(
        (told["manner"].as_str(), told["reason"].as_str()),
        (Some("other"), Some("熟悉该户"))
    );
    assert_eq!(told["ranking"]["ranked"][0]["name"], "near");
    let decided: (Option<UserId>, Option<String>) =
        sqlx::query_as("select chosen_id, manner from dispatch.proposal where id = $1")
            .bind(*proposal.id)
            .fetch_one(&h.t.app.pool)
            .await
            .unwrap();
    assert_eq!(decided, (Some(far), Some("other".to_owned())));
    // To hand it on, a fresh look and a reason are needed, also for the first.
    assert_eq!(code(assign(&h, id, near, Some(&proposal), "r").await), "stale");
    assert_eq!(code(assign(&h, id, near, None, "").await), "dispatch.reason_needed");
    assign(&h, id, near, None, "离得更近").await.unwrap();
    assert_eq!(h.held_by(id).await.1, Some(near));
}

/// Two dispatchers at once: one wins, the other is told, nobody is overruled unawares.
#[tokio::test]
async fn two_dispatchers_cannot_overrule_each_other() {
    let h = House::new().await;
    let a = h.repairer("a", h.orgs.s1, 113.301).await;
    let b = h.repairer("b", h.orgs.s1, 113.302).await;
    let id = h.order().await;
    let (first, second) = (propose(&h, id).await, propose(&h, id).await);
    let (x, y) =
        tokio::join!(assign(&h, id, a, Some(&first), "r"), assign(&h, id, b, Some(&second), "r"));
    assert!(x.is_ok() != y.is_ok());
    let loser = if x.is_ok() { code(y) } else { code(x) };
    assert_eq!(loser, "stale");
    assert_eq!(h.events("order.dispatched").await.len(), 1);
}

#[tokio::test]
async fn who_was_not_considered_cannot_be_chosen() {
    let h = House::new().await;
    h.repairer("a", h.orgs.s1, 113.3).await;
    let stranger = h.repairer("b", h.orgs.s9, 113.3).await;
    let (one, other) = (h.order().await, h.order().await);
    assert_eq!(code(assign(&h, one, stranger, None, "r").await), "dispatch.not_a_candidate");
    assert_eq!(code(assign(&h, one, nobody(), None, "r").await), "dispatch.not_a_candidate");
    let proposal = propose(&h, other).await;
    assert_eq!(code(assign(&h, one, stranger, Some(&proposal), "r").await), "not_found");
}

#[tokio::test]
async fn out_of_scope_does_not_exist_and_without_the_key_nothing_goes() {
    let h = House::new().await;
    let id = h.order().await;
    let west = actor(nobody(), &[crate::permissions::VIEW], "/hq/west/");
    let mut tx = h.t.tx(&west).await;
    assert_eq!(code(crate::propose(&mut tx, id).await), "not_found");
    assert_eq!(code(crate::auto(&mut tx, id).await), "forbidden");
    assert!(crate::workers(&mut tx).await.unwrap().is_empty());
    assert_eq!(code(crate::set_setting(&mut tx, None, true).await), "forbidden");
    assert_eq!(code(crate::setting(&mut tx, Some("/hq/east/".into())).await), "not_found");
}

/// accepts DP-01: automatic where the house says so, once however often it is told
#[tokio::test]
async fn automatic_dispatch_gives_once() {
    let h = House::new().await;
    let id = h.repairer("a", h.orgs.s1, 113.3).await;
    let order = h.order().await;
    on_order_open(&h.t.app, order).await.unwrap();
    assert_eq!(h.held_by(order).await.0, "filed", "nobody switched it on");
    h.automatic(true).await;
    let (a, b) = tokio::join!(on_order_open(&h.t.app, order), on_order_open(&h.t.app, order));
    a.unwrap();
    b.unwrap();
    assert_eq!(h.held_by(order).await, ("dispatched".to_owned(), Some(id)));
    let told = h.events("order.dispatched").await;
    assert_eq!((told.len(), told[0].payload["manner"].as_str()), (1, Some("automatic")));
}

/// The lesson "nobody was free, and the order was forgotten": said once, and tried again.
#[tokio::test]
async fn an_order_that_nobody_could_take_is_given_as_soon_as_somebody_can() {
    let h = House::new().await;
    h.automatic(true).await;
    let order = h.order().await;
    on_order_open(&h.t.app, order).await.unwrap();
    dispatch_waiting(&h.t.app).await.unwrap();
    assert_eq!(h.events("dispatch.nobody_free").await.len(), 1);
    let id = h.repairer("late", h.orgs.s1, 113.3).await;
    assert_eq!(dispatch_waiting(&h.t.app).await.unwrap(), 1);
    assert_eq!(h.held_by(order).await.1, Some(id));
    assert_eq!(dispatch_waiting(&h.t.app).await.unwrap(), 0);
}

/// The lesson "assigned and never touched": it goes to somebody else, not back and forth.
#[tokio::test]
async fn an_order_that_is_never_touched_goes_to_somebody_else() {
    let h = House::new().await;
    h.automatic(true).await;
    let near = h.repairer("near", h.orgs.s1, 113.301).await;
    let far = h.repairer("far", h.orgs.s1, 113.32).await;
    let order = h.order().await;
    on_order_open(&h.t.app, order).await.unwrap();
    assert_eq!(h.held_by(order).await.1, Some(near));
    h.advance(TimeDelta::minutes(14)).await;
    assert_eq!(dispatch_waiting(&h.t.app).await.unwrap(), 0, "he may still accept");
    h.advance(TimeDelta::minutes(2)).await;
    dispatch_waiting(&h.t.app).await.unwrap();
    assert_eq!(h.held_by(order).await.1, Some(far));
    h.advance(TimeDelta::minutes(1)).await;
    assert_eq!(dispatch_waiting(&h.t.app).await.unwrap(), 0, "the next one gets his time");
}

/// accepts MO-03: who gave it back is not proposed again in this round
#[tokio::test]
async fn who_gave_it_back_is_not_asked_again() {
    let h = House::new().await;
    h.automatic(true).await;
    let near = h.repairer("near", h.orgs.s1, 113.301).await;
    let far = h.repairer("far", h.orgs.s1, 113.32).await;
    let order = h.order().await;
    on_order_open(&h.t.app, order).await.unwrap();
    let mut tx = h.t.tx(&House::phone(near)).await;
    let back = FieldStep::Return { reason: "缺配件".into() };
    let now = h.t.now();
    orders::advance(&mut tx, order, back, now).await.unwrap();
    tx.commit().await.unwrap();
    on_order_open(&h.t.app, order).await.unwrap();
    assert_eq!(h.held_by(order).await.1, Some(far));
    let why = &propose(&h, order).await.excluded[0];
    assert_eq!((why.staff_id, why.reason.as_str()), (near, "declined"));
}

/// accepts DP-09: the repairer is told once, and only who has it now
#[tokio::test]
async fn the_repairer_gets_one_short_message() {
    let h = House::new().await;
    let a = h.repairer("a", h.orgs.s1, 113.301).await;
    let b = h.repairer("b", h.orgs.s1, 113.302).await;
    let id = h.order().await;
    assign(&h, id, a, None, "r").await.unwrap();
    assign(&h, id, b, None, "r").await.unwrap();
    let events = h.events("order.dispatched").await;
    assert_eq!(events.len(), 2);
    for event in events.iter().chain(&events) {
        on_order_dispatched(&h.t.app, event).await.unwrap();
    }
    let sent: Vec<(String, String, String)> =
        sqlx::query_as("select reason, receiver, body from channels.message")
            .fetch_all(&h.t.app.pool)
            .await
            .unwrap();
    assert_eq!(sent.len(), 1, "{sent:?}");
    let (reason, receiver, body) = &sent[0];
    assert_eq!(*reason, format!("order.dispatched/{}/repairer", events[1].id));
    assert_eq!(receiver, "13900000001");
    for part in ["阳光小区3号楼2单元602", "王女士", "13812345678", "11-22"] {
        assert!(body.contains(part), "{body}");
    }
}

#[tokio::test]
async fn an_order_that_is_over_is_not_proposed() {
    let h = House::new().await;
    let id = h.order().await;
    let desk = actor(nobody(), &[may::VOID, may::VIEW], "/hq/");
    let mut tx = h.t.tx(&desk).await;
    orders::void(&mut tx, id, "重复").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = h.t.tx(&House::dispatcher()).await;
    assert_eq!(code(crate::propose(&mut tx, id).await), "dispatch.not_to_be_dispatched");
    h.automatic(true).await;
    on_order_open(&h.t.app, id).await.unwrap();
}
