//! The caller leaves at every stage: one record, the right outcome, and nobody stays stuck.

use super::hall::{Agent, Hall};
use crate::model::call::Party;
use crate::{CallState, Outcome, SeatState};
use kernel::CallId;
use std::time::Duration;
use switch::Cause;
use tokio::time::Instant;

/// After the caller has gone: the record is true, the phone silent, the agent free in a second.
async fn left(hall: &Hall, agent: &Agent, id: CallId, outcome: Outcome, free: SeatState) {
    let from = Instant::now();
    let call = hall.call_is(id, CallState::Ended).await;
    hall.seat_is(agent, free).await;
    hall.until("the phone is silent", async || hall.ringing(agent).is_empty()).await;
    assert!(from.elapsed() < Duration::from_secs(1), "took {:?}", from.elapsed());
    assert_eq!((call.outcome, call.hung_up_by), (Some(outcome), Some(Party::Peer)));
    assert_eq!(call.ended_at, Some(hall.t.now()));
    assert_eq!(call.answered_at.is_some(), outcome == Outcome::Answered);
    assert_eq!(hall.count("select count(*) from telephony.call").await, 1);
    hall.quiet().await;
    assert_eq!(hall.engine.healed_count(), 0, "nothing had to be healed");
}

#[tokio::test]
async fn in_the_greeting() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, id) = hall.ring_up("13800000001").await;
    hall.advance(3);
    hall.sim.other_hangs_up(&caller);
    left(&hall, &agent, id, Outcome::AbandonedGreeting, SeatState::Idle).await;
}

#[tokio::test]
async fn in_the_menu() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, id) = hall.ring_up("13800000001").await;
    hall.hears(&caller, "welcome").await;
    hall.sim.finish_playback(&caller);
    hall.hears(&caller, "menu_main").await;
    hall.sim.other_hangs_up(&caller);
    left(&hall, &agent, id, Outcome::AbandonedMenu, SeatState::Idle).await;
}

#[tokio::test]
async fn in_the_queue() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["fee"]).await;
    let (caller, id) = hall.choose("13800000001", '1').await;
    hall.call_is(id, CallState::Queued).await;
    hall.advance(10);
    hall.sim.other_hangs_up(&caller);
    left(&hall, &agent, id, Outcome::AbandonedQueue, SeatState::Idle).await;
}

#[tokio::test]
async fn while_the_agents_phone_rings() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, id) = hall.choose("13800000001", '1').await;
    hall.rung(&agent).await;
    hall.sim.other_hangs_up(&caller);
    left(&hall, &agent, id, Outcome::AbandonedRinging, SeatState::Idle).await;
    let sql = "select count(*) from telephony.offer where result = 'caller_gone'";
    assert_eq!(hall.count(sql).await, 1);
}

/// The two cross: whichever is heard first, nobody is left talking to nobody.
#[tokio::test]
async fn at_the_moment_of_the_answer() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, id) = hall.choose("13800000001", '1').await;
    let leg = hall.rung(&agent).await;
    hall.sim.other_hangs_up(&caller);
    hall.sim.other_answers(&leg);
    left(&hall, &agent, id, Outcome::AbandonedRinging, SeatState::Idle).await;
}

#[tokio::test]
async fn just_after_the_answer() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, id) = hall.choose("13800000001", '1').await;
    let leg = hall.rung(&agent).await;
    hall.sim.other_answers(&leg);
    hall.sim.other_hangs_up(&caller);
    left(&hall, &agent, id, Outcome::Answered, SeatState::WrapUp).await;
}

#[tokio::test]
async fn while_talking() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, _, id) = hall.conversation(&agent).await;
    hall.advance(20);
    hall.sim.other_hangs_up(&caller);
    left(&hall, &agent, id, Outcome::Answered, SeatState::WrapUp).await;
    hall.stored(id).await;
}

#[tokio::test]
async fn on_hold() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, leg, id) = hall.conversation(&agent).await;
    hall.sim.hold(&leg, true);
    hall.call_is(id, CallState::Held).await;
    hall.until("music plays", async || hall.sim.hears_music(&caller)).await;
    hall.sim.other_hangs_up(&caller);
    left(&hall, &agent, id, Outcome::Answered, SeatState::WrapUp).await;
    hall.stored(id).await;
}

/// One missed offer: away, with the reason; the caller is first again, as of the first arrival.
#[tokio::test]
async fn a_missed_offer_sends_the_agent_away_and_the_caller_to_the_head() {
    let hall = Hall::open().await;
    let anna = hall.ready_agent("anna", &["repair"]).await;
    let (caller, first) = hall.choose("13800000001", '1').await;
    hall.rung(&anna).await;
    hall.advance(5);
    let (_, second) = hall.choose("13800000002", '1').await;
    let arrived = hall.call(first).await.arrived_at;
    hall.advance(16);
    hall.seat_is(&anna, SeatState::Away).await;
    assert_eq!(hall.seat_row(&anna).await.1, "missed");
    hall.until("the phone is silent", async || hall.ringing(&anna).is_empty()).await;
    hall.call_is(first, CallState::Queued).await;
    hall.hears(&caller, "sorry_hangup").await;
    let bert = hall.ready_agent("bert", &["repair"]).await;
    hall.rung(&bert).await;
    let (first, second) = (hall.call(first).await, hall.call(second).await);
    assert_eq!((first.state, second.state), (CallState::Ringing, CallState::Queued));
    assert_eq!(first.arrived_at, arrived);
}

#[tokio::test]
async fn a_declined_offer_is_no_end_for_the_caller() {
    let hall = Hall::open().await;
    let anna = hall.ready_agent("anna", &["repair"]).await;
    let (_, id) = hall.choose("13800000001", '1').await;
    let leg = hall.rung(&anna).await;
    hall.sim.other_refuses(&leg, Cause::Rejected);
    hall.seat_is(&anna, SeatState::Away).await;
    assert_eq!(hall.seat_row(&anna).await.1, "declined");
    hall.call_is(id, CallState::Queued).await;
}

#[tokio::test]
async fn an_unreachable_phone_is_no_end_for_the_caller() {
    let hall = Hall::open().await;
    let anna = hall.ready_agent("anna", &["repair"]).await;
    let bert = hall.agent("bert", &["repair"]).await;
    hall.sim.register(&anna.endpoint, false);
    hall.seat_is(&anna, SeatState::Unreachable).await;
    let (_, id) = hall.choose("13800000001", '1').await;
    hall.call_is(id, CallState::Queued).await;
    hall.sim.register(&anna.endpoint, true);
    let leg = hall.rung(&anna).await;
    hall.sim.other_refuses(&leg, Cause::Unreachable);
    hall.seat_is(&anna, SeatState::Unreachable).await;
    hall.ready(&bert).await;
    hall.rung(&bert).await;
}
