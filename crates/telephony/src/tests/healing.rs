//! Accidents: the server is killed, the switch is killed, a page is reloaded, events are lost.

use super::hall::Hall;
use crate::model::call::Party;
use crate::{CallState, Outcome, SeatState};
use switch::Switch as _;

#[tokio::test]
async fn a_restarted_server_takes_over_a_conversation() {
    let mut hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, leg, id) = hall.conversation(&agent).await;
    hall.restart().await;
    hall.together(&caller, &leg).await;
    assert_eq!(hall.call(id).await.state, CallState::Talking);
    hall.sim.other_hangs_up(&leg);
    let call = hall.call_is(id, CallState::Ended).await;
    assert_eq!((call.outcome, call.hung_up_by), (Some(Outcome::Answered), Some(Party::Agent)));
    hall.seat_is(&agent, SeatState::WrapUp).await;
    hall.stored(id).await;
    hall.quiet().await;
}

#[tokio::test]
async fn a_restarted_server_says_the_menu_again_and_keeps_the_queue() {
    let mut hall = Hall::open().await;
    let (first, waits) = hall.choose("13800000001", '1').await;
    hall.advance(1);
    let (second, chooses) = hall.ring_up("13800000002").await;
    hall.hears(&second, "welcome").await;
    hall.sim.finish_playback(&second);
    hall.hears(&second, "menu_main").await;
    hall.kill().await;
    hall.sim.finish_playback(&second);
    hall.restart().await;
    hall.hears(&second, "menu_main").await;
    hall.sim.press(&second, '1');
    hall.call_is(chooses, CallState::Queued).await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    hall.rung(&agent).await;
    assert_eq!(hall.call(waits).await.state, CallState::Ringing);
    assert_eq!(hall.call(chooses).await.state, CallState::Queued);
    assert!(hall.sim.hears_music(&first) || !hall.sim.playing(&first).is_empty());
}

#[tokio::test]
async fn what_happened_while_the_server_was_away_is_found() {
    let mut hall = Hall::open().await;
    let anna = hall.ready_agent("anna", &["repair"]).await;
    let (_, rings) = hall.choose("13800000001", '1').await;
    let leg = hall.rung(&anna).await;
    let bert = hall.ready_agent("bert", &["fee"]).await;
    let (gone, waits) = hall.choose("13800000002", '2').await;
    hall.rung(&bert).await;
    hall.kill().await;
    hall.sim.other_answers(&leg);
    hall.sim.other_hangs_up(&gone);
    let new = hall.sim.call("13800000003", "95700");
    hall.restart().await;
    hall.call_is(rings, CallState::Talking).await;
    let call = hall.call_is(waits, CallState::Ended).await;
    assert_eq!(call.outcome, Some(Outcome::AbandonedRinging));
    hall.seat_is(&bert, SeatState::Idle).await;
    hall.until("the phone is silent", async || hall.ringing(&bert).is_empty()).await;
    hall.hears(&new, "welcome").await;
    assert_eq!(hall.count("select count(*) from telephony.call").await, 3);
}

/// The commit was made, the command was not given.
#[tokio::test]
async fn a_lost_command_is_given_again() {
    let mut hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (_, id) = hall.choose("13800000001", '2').await;
    hall.kill().await;
    let sql = "with a as (update telephony.agent set state = 'reserved', idle_since = null,
                          call_id = (select id from telephony.call))
               update telephony.call set state = 'ringing', agent_channel = id || '-1', legs = 1,
                 agent_id = (select staff_id from telephony.agent)";
    sqlx::query(sql).execute(&hall.t.app.pool).await.unwrap();
    hall.restart().await;
    let leg = hall.rung(&agent).await;
    hall.sim.other_answers(&leg);
    hall.call_is(id, CallState::Talking).await;
}

#[tokio::test]
async fn a_killed_switch_ends_all_calls_with_true_records() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (_, _, talks) = hall.conversation(&agent).await;
    let (_, waits) = hall.choose("13800000002", '1').await;
    hall.advance(30);
    hall.sim.crash();
    hall.sim.recover();
    let talk = hall.call_is(talks, CallState::Ended).await;
    let wait = hall.call_is(waits, CallState::Ended).await;
    assert_eq!((talk.outcome, talk.seconds()), (Some(Outcome::Answered), 30));
    assert_eq!(wait.outcome, Some(Outcome::AbandonedQueue));
    assert_eq!((talk.hung_up_by, wait.hung_up_by), (Some(Party::System), Some(Party::System)));
    hall.seat_is(&agent, SeatState::WrapUp).await;
    hall.stored(talks).await;
    // the phone's account is there again, and the next call works
    hall.until("the account is back", async || {
        hall.sim.register(&agent.endpoint, true);
        hall.sim.is_registered(&agent.endpoint).await.unwrap_or_default()
    })
    .await;
    hall.ready(&agent).await;
    let (_, id) = hall.choose("13800000003", '1').await;
    let leg = hall.rung(&agent).await;
    hall.sim.other_answers(&leg);
    hall.call_is(id, CallState::Talking).await;
}

/// Nobody stays reserved for ever: what no live call holds is freed, and counted.
#[tokio::test]
async fn a_stuck_agent_is_freed_within_seconds() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, id) = hall.choose("13800000001", '2').await;
    hall.sim.other_hangs_up(&caller);
    hall.call_is(id, CallState::Ended).await;
    let sql = "update telephony.agent set state = 'talking', idle_since = null,
                 call_id = (select id from telephony.call)";
    sqlx::query(sql).execute(&hall.t.app.pool).await.unwrap();
    hall.seat_is(&agent, SeatState::Idle).await;
    assert_eq!(hall.seat_row(&agent).await.1, "healed");
    assert_eq!(hall.engine.healed_count(), 1);
}

/// accepts AC-02: nobody can answer the old ring any more; the caller waits on and is offered anew
#[tokio::test]
async fn a_page_that_reloads_while_it_rings_is_rung_again() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, id) = hall.choose("13800000001", '1').await;
    let old = hall.rung(&agent).await;
    let agent = hall.open_page(agent).await;
    hall.until("the caller is offered anew", async || {
        hall.beat(&agent).await;
        hall.count("select count(*) from telephony.offer").await == 2
    })
    .await;
    let new = hall.rung(&agent).await;
    assert!(new != old, "the page has lost the old leg");
    hall.sim.other_answers(&new);
    hall.together(&caller, &new).await;
    assert_eq!(hall.call(id).await.state, CallState::Talking);
}

#[tokio::test]
async fn a_reloaded_page_keeps_the_call() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, leg, id) = hall.conversation(&agent).await;
    assert!(hall.beat(&agent).await);
    let back = hall.open_page(agent.clone()).await;
    assert!(!hall.beat(&agent).await, "the newest tab leads");
    assert!(hall.beat(&back).await);
    let again = hall.rung(&back).await;
    assert!(again != leg, "the page has lost the old leg");
    hall.until("music plays", async || hall.sim.hears_music(&caller)).await;
    assert_eq!(hall.seat(&back).await, SeatState::Talking);
    hall.advance(3);
    hall.sim.other_answers(&again);
    hall.together(&caller, &again).await;
    hall.advance(60);
    hall.sim.other_hangs_up(&caller);
    let call = hall.call_is(id, CallState::Ended).await;
    assert_eq!((call.seconds(), call.outcome), (63, Some(Outcome::Answered)));
    hall.stored(id).await;
    assert_eq!(hall.count("select count(*) from telephony.recording").await, 1);
}

#[tokio::test]
async fn a_page_that_stays_away_gives_the_caller_back_to_the_head() {
    let hall = Hall::open().await;
    let anna = hall.ready_agent("anna", &["repair"]).await;
    let (caller, leg, id) = hall.conversation(&anna).await;
    hall.advance(1);
    let (_, later) = hall.choose("13800000002", '1').await;
    hall.sim.other_refuses(&leg, switch::Cause::Lost);
    hall.until("music plays", async || hall.sim.hears_music(&caller)).await;
    hall.advance(16);
    hall.seat_is(&anna, SeatState::Unreachable).await;
    hall.call_is(id, CallState::Queued).await;
    let bert = hall.ready_agent("bert", &["repair"]).await;
    let leg = hall.rung(&bert).await;
    assert_eq!(hall.call(later).await.state, CallState::Queued);
    hall.sim.other_answers(&leg);
    hall.together(&caller, &leg).await;
}
