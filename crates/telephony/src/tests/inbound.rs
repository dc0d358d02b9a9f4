//! A call from ring to record.

use super::hall::Hall;
use crate::model::call::Party;
use crate::model::decide::Input;
use crate::{CallState, Outcome, SeatState, service};
use switch::Switch as _;

/// accepts CH-01 IV-01 AC-01 RC-01
#[tokio::test]
async fn a_caller_is_greeted_chooses_waits_speaks_and_is_recorded() {
    let hall = Hall::open().await;
    let (caller, id) = hall.choose("13800000001", '1').await;
    hall.hears(&caller, "queue_wait").await;
    hall.sim.finish_playback(&caller);
    hall.until("music plays", async || hall.sim.hears_music(&caller)).await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let leg = hall.rung(&agent).await;
    hall.seat_is(&agent, SeatState::Ringing).await;
    assert!(hall.sim.hears_music(&caller), "the caller hears music while the phone rings");
    hall.advance(4);
    hall.sim.other_answers(&leg);
    hall.call_is(id, CallState::Talking).await;
    hall.together(&caller, &leg).await;
    hall.seat_is(&agent, SeatState::Talking).await;
    assert!(!hall.sim.hears_music(&caller));
    let live = hall.sim.snapshot().await.unwrap().recordings;
    assert!(live.iter().any(|r| r.live && r.name.as_str() == id.to_string()));
    hall.advance(65);
    hall.sim.other_hangs_up(&caller);
    let call = hall.call_is(id, CallState::Ended).await;
    assert_eq!((call.outcome, call.hung_up_by), (Some(Outcome::Answered), Some(Party::Peer)));
    assert_eq!((call.seconds(), call.digits.as_str()), (65, "1"));
    assert_eq!(call.agent_id, Some(agent.id));
    hall.seat_is(&agent, SeatState::WrapUp).await;
    hall.stored(id).await;
    hall.quiet().await;
    let story = hall.story(id).await;
    let kinds: Vec<_> = story.iter().map(|k| k.trim_start_matches("telephony.")).collect();
    let expected = [
        "call_arrived",
        "menu_chosen",
        "queued",
        "offered",
        "offer_ended",
        "answered",
        "ended",
        "recording_stored",
    ];
    assert_eq!(kinds, expected);
}

/// accepts AD-01
#[tokio::test]
async fn the_offer_is_told_before_the_phone_rings() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    for number in ["13800000001", "13800000002", "13800000003"] {
        let (caller, id) = hall.choose(number, '1').await;
        hall.rung(&agent).await;
        assert!(hall.story(id).await.contains(&"telephony.offered".to_owned()));
        hall.sim.other_hangs_up(&caller);
        hall.seat_is(&agent, SeatState::Idle).await;
    }
}

#[tokio::test]
async fn a_known_number_brings_its_household() {
    let hall = Hall::open().await;
    let household = super::words::household(&hall.t, "13812345678").await;
    let (_, known) = hall.ring_up("+8613812345678").await;
    assert_eq!(hall.call(known).await.account_id, Some(household));
    let (_, unknown) = hall.ring_up("13899999999").await;
    assert_eq!(hall.call(unknown).await.account_id, None);
    let (_, withheld) = hall.ring_up("anonymous").await;
    assert_eq!(hall.call(withheld).await.peer_number, "");
}

/// accepts IV-01
#[tokio::test]
async fn a_silent_caller_comes_to_a_person_and_a_wrong_key_is_told() {
    let hall = Hall::open().await;
    let (caller, id) = hall.ring_up("13800000001").await;
    hall.hears(&caller, "welcome").await;
    hall.sim.finish_playback(&caller);
    hall.hears(&caller, "menu_main").await;
    hall.sim.press(&caller, '9');
    hall.hears(&caller, "menu_invalid").await;
    for _ in 0..2 {
        let turn = hall.call(id).await.turn;
        hall.sim.finish_playback(&caller);
        let waits = async || {
            let call = hall.call(id).await;
            call.due_at.is_some_and(|due| due < hall.t.now() + chrono::TimeDelta::seconds(60))
        };
        hall.until("it waits for a key", waits).await;
        hall.advance(7);
        hall.until("the silence is noticed", async || hall.call(id).await.turn > turn).await;
    }
    hall.hears(&caller, "menu_timeout").await;
    hall.sim.finish_playback(&caller);
    let call = hall.call_is(id, CallState::Queued).await;
    assert_eq!(call.queue_id, Some(hall.queues["general"]));
}

/// accepts AC-04
#[tokio::test]
async fn a_waiting_caller_is_comforted() {
    let hall = Hall::open().await;
    let (caller, _) = hall.choose("13800000001", '1').await;
    hall.hears(&caller, "queue_wait").await;
    hall.sim.finish_playback(&caller);
    hall.advance(31);
    hall.hears(&caller, "queue_busy").await;
    hall.sim.finish_playback(&caller);
    hall.until("music plays", async || hall.sim.hears_music(&caller)).await;
    hall.advance(31);
    hall.hears(&caller, "queue_busy").await;
}

#[tokio::test]
async fn hold_plays_music_and_the_recording_goes_on() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, leg, id) = hall.conversation(&agent).await;
    act(&hall, &agent, id, &Input::Hold).await;
    hall.until("music plays", async || hall.sim.hears_music(&caller)).await;
    assert_eq!(hall.call(id).await.state, CallState::Held);
    let live = hall.sim.snapshot().await.unwrap().recordings;
    assert!(live.iter().all(|r| r.live), "the whole conversation is recorded");
    act(&hall, &agent, id, &Input::Unhold).await;
    hall.together(&caller, &leg).await;
    act(&hall, &agent, id, &Input::HangUp).await;
    let call = hall.call_is(id, CallState::Ended).await;
    assert_eq!(call.hung_up_by, Some(Party::Agent));
    hall.stored(id).await;
    hall.quiet().await;
}

/// One conversation has one record however many legs it had.
#[tokio::test]
async fn a_transfer_keeps_one_record_and_one_recording() {
    let hall = Hall::open().await;
    let anna = hall.ready_agent("anna", &["repair"]).await;
    let (caller, _, id) = hall.conversation(&anna).await;
    let bert = hall.ready_agent("bert", &["fee"]).await;
    let mut tx = hall.tx(&anna).await;
    service::calls::to_queue(&mut tx, &hall.config(), id, "fee").await.unwrap();
    tx.commit().await.unwrap();
    hall.engine.touch(id);
    hall.seat_is(&anna, SeatState::WrapUp).await;
    let leg = hall.rung(&bert).await;
    hall.sim.other_answers(&leg);
    hall.together(&caller, &leg).await;
    let carl = hall.ready_agent("carl", &["fee"]).await;
    let mut tx = hall.tx(&bert).await;
    service::calls::to_agent(&mut tx, &hall.config(), id, carl.id).await.unwrap();
    tx.commit().await.unwrap();
    hall.engine.touch(id);
    let leg = hall.rung(&carl).await;
    hall.sim.other_answers(&leg);
    hall.together(&caller, &leg).await;
    hall.sim.other_hangs_up(&leg);
    let call = hall.call_is(id, CallState::Ended).await;
    assert_eq!((call.outcome, call.hung_up_by), (Some(Outcome::Answered), Some(Party::Agent)));
    assert_eq!(call.agent_id, Some(carl.id));
    hall.stored(id).await;
    assert_eq!(hall.count("select count(*) from telephony.call").await, 1);
    assert_eq!(hall.count("select count(*) from telephony.recording").await, 1);
    assert_eq!(hall.count("select count(*) from telephony.offer").await, 3);
    hall.quiet().await;
}

#[tokio::test]
async fn a_busy_colleague_is_not_given_a_transfer() {
    let hall = Hall::open().await;
    let anna = hall.ready_agent("anna", &["repair"]).await;
    let away = hall.agent("bert", &["fee"]).await;
    let (_, _, id) = hall.conversation(&anna).await;
    let mut tx = hall.tx(&anna).await;
    let refused = service::calls::to_agent(&mut tx, &hall.config(), id, away.id).await;
    assert_eq!(refused.unwrap_err().problem().code, "telephony.agent_not_free");
    drop(tx);
    assert_eq!(hall.call(id).await.state, CallState::Talking);
    let mut tx = hall.tx(&away).await;
    let refused = service::calls::act(&mut tx, &hall.config(), id, &Input::Hold).await;
    assert_eq!(refused.unwrap_err().problem().code, "telephony.not_your_call");
}

/// accepts AC-12
#[tokio::test]
async fn a_flow_changed_while_calls_run_answers_the_next_call() {
    let hall = Hall::open().await;
    let (before, first) = hall.ring_up("13800000001").await;
    hall.hears(&before, "welcome").await;
    let boss = hall.agent("boss", &["repair"]).await;
    let graph =
        serde_json::json!({"start": "q", "nodes": {"q": {"kind": "queue", "queue": "fee"}}});
    let graph = serde_json::from_value(graph).unwrap();
    let mut tx = hall.tx(&boss).await;
    let flow = service::setup::publish_flow(&mut tx, "main", &graph).await.unwrap();
    assert_eq!(flow.version, 2);
    tx.commit().await.unwrap();
    hall.engine.reload().await.unwrap();
    let (_, second) = hall.ring_up("13800000002").await;
    let call = hall.call(second).await;
    assert_eq!((call.state, call.queue_id), (CallState::Queued, Some(hall.queues["fee"])));
    hall.sim.finish_playback(&before);
    hall.hears(&before, "menu_main").await;
    assert_eq!(hall.call(first).await.flow_version, Some(1));
}

async fn act(hall: &Hall, agent: &super::hall::Agent, id: kernel::CallId, input: &Input) {
    let mut tx = hall.tx(agent).await;
    service::calls::act(&mut tx, &hall.config(), id, input).await.unwrap();
    tx.commit().await.unwrap();
    hall.engine.touch(id);
}
