//! What every switch must do: the same sentences, tried on the simulator and on a real Asterisk.

use crate::world::{AGENT, HOTLINE, World, agent, leg};
use switch::{
    BridgeId, Cause, ChannelState, Endpoint, Error, Party, PlaybackId, Prompt, RecordingName, Role,
    What,
};

macro_rules! contract {
    ($($name:ident)*) => {
        mod simulator {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::world::World::simulated().await).await;
            })*
        }

        mod asterisk {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::world::World::real().await).await;
            })*
        }
    };
}

contract! {
    a_caller_comes_in_and_is_answered
    a_caller_who_hangs_up_at_any_moment_is_told_once
    a_channel_that_ended_is_gone_and_no_failure
    a_caller_presses_keys
    a_prompt_ends_by_itself_once
    a_prompt_is_stopped
    an_agent_rings_answers_and_speaks
    an_agent_who_does_not_answer_busy_or_declining_says_so
    a_leg_is_dialled_once_however_often_it_is_asked
    a_ringing_agent_is_rung_off
    an_agent_without_a_telephone_is_unreachable
    a_recording_lasts_from_its_start_to_the_end_of_the_room
    a_snapshot_shows_all_that_lives
    the_platform_restarts_and_the_call_goes_on
    an_agent_holds_and_takes_back
    an_outside_number_is_called_and_hears_keys
    an_account_is_given_and_taken
}

async fn a_caller_comes_in_and_is_answered(mut w: World) {
    let (channel, mut far) = w.caller("13904510001").await;
    let came = w.told.last().unwrap().what.clone();
    let caller = Party::from("13904510001");
    assert_eq!(came, What::Incoming { channel: channel.clone(), caller, called: HOTLINE.into() });

    w.switch.ring(&channel).await.unwrap();
    w.switch.answer(&channel).await.unwrap();
    w.until(|w| *w == What::Answered { channel: channel.clone() }).await;
    assert!(far.is_answered().await);
    w.switch.hang_up(&channel, Cause::Normal).await.unwrap();
    assert_eq!(w.hung_up(&channel).await, Cause::Normal);
    assert!(far.is_rung_off().await);
}

async fn a_caller_who_hangs_up_at_any_moment_is_told_once(mut w: World) {
    let mut ended = Vec::new();
    let waiting = w.caller("13904510002").await;
    waiting.1.hang_up().await;
    w.hung_up(&waiting.0).await;
    ended.push(waiting.0);

    let greeted = w.answered_caller().await;
    w.switch.play(&greeted.0, &"p1".into(), &[Prompt::Named("welcome".into())]).await.unwrap();
    greeted.1.hang_up().await;
    w.hung_up(&greeted.0).await;
    ended.push(greeted.0);

    let queued = w.answered_caller().await;
    w.switch.hold_music(&queued.0, true).await.unwrap();
    queued.1.hang_up().await;
    w.hung_up(&queued.0).await;
    ended.push(queued.0);

    let [talking, agent] = w.conversation("room").await;
    talking.1.hang_up().await;
    w.hung_up(&talking.0).await;
    w.switch.hang_up(&agent.0, Cause::Normal).await.unwrap();
    w.hung_up(&agent.0).await;
    ended.extend([talking.0, agent.0]);

    w.settle().await;
    for channel in ended {
        let told = |w: &What| matches!(w, What::HungUp { channel: c, .. } if *c == channel);
        assert_eq!(w.count(told), 1, "{channel}");
    }
}

async fn a_channel_that_ended_is_gone_and_no_failure(mut w: World) {
    let (channel, far) = w.answered_caller().await;
    w.switch.create_bridge(&"room".into()).await.unwrap();
    far.hang_up().await;
    w.hung_up(&channel).await;
    let room = BridgeId::from("room");
    let prompt = [Prompt::Named("welcome".into())];
    let s = &w.switch;
    assert!(matches!(s.answer(&channel).await, Err(Error::Gone)));
    assert!(matches!(s.ring(&channel).await, Err(Error::Gone)));
    assert!(matches!(s.play(&channel, &"p".into(), &prompt).await, Err(Error::Gone)));
    assert!(matches!(s.hold_music(&channel, true).await, Err(Error::Gone)));
    assert!(matches!(s.send_digits(&channel, "1").await, Err(Error::Gone)));
    assert!(matches!(s.add_to_bridge(&room, &channel).await, Err(Error::Gone)));
    assert!(matches!(s.remove_from_bridge(&room, &channel).await, Err(Error::Gone)));
    assert!(matches!(s.hang_up(&channel, Cause::Normal).await, Err(Error::Gone)));
    assert!(matches!(s.record_bridge(&"none".into(), &"r".into()).await, Err(Error::Gone)));
    s.stop_playback(&"p".into()).await.unwrap();
    s.destroy_bridge(&room).await.unwrap();
    s.destroy_bridge(&room).await.unwrap();
}

async fn a_caller_presses_keys(mut w: World) {
    let (channel, far) = w.answered_caller().await;
    far.press("19#");
    for digit in ['1', '9', '#'] {
        let pressed = What::Digit { channel: channel.clone(), digit };
        w.until(|w| *w == pressed).await;
    }
    assert_eq!(w.count(|w| matches!(w, What::Digit { .. })), 3);
}

async fn a_prompt_ends_by_itself_once(mut w: World) {
    let (channel, far) = w.answered_caller().await;
    let playback = PlaybackId::from("greeting");
    let what = [Prompt::Digits("1".into()), Prompt::Named("d2".into())];
    w.switch.play(&channel, &playback, &what).await.unwrap();
    far.finish_playback();
    let finished = What::PlaybackFinished { channel: channel.clone(), playback };
    w.until(|w| *w == finished).await;
    far.hang_up().await;
    w.hung_up(&channel).await;
    w.settle().await;
    assert_eq!(w.count(|w| *w == finished), 1);
}

async fn a_prompt_is_stopped(mut w: World) {
    let (channel, _far) = w.answered_caller().await;
    let playback = PlaybackId::from("greeting");
    w.switch.play(&channel, &playback, &[Prompt::Named("welcome".into())]).await.unwrap();
    w.switch.stop_playback(&playback).await.unwrap();
    w.until(|w| {
        *w == What::PlaybackFinished { channel: channel.clone(), playback: playback.clone() }
    })
    .await;
    w.switch.stop_playback(&playback).await.unwrap();
}

async fn an_agent_rings_answers_and_speaks(mut w: World) {
    let (caller, mut far) = w.answered_caller().await;
    w.switch.hold_music(&caller, true).await.unwrap();
    let (channel, phone) = w.ringing_leg(agent()).await;
    assert!(phone.shows().is_none_or(|number| number == "13904510001"));
    phone.answer().await;
    let up = What::LegUp { channel: channel.clone(), role: "agent,call-1".into() };
    w.until(|w| *w == up).await;
    let room = BridgeId::from("room");
    w.switch.create_bridge(&room).await.unwrap();
    w.switch.create_bridge(&room).await.unwrap();
    w.switch.add_to_bridge(&room, &caller).await.unwrap();
    w.switch.add_to_bridge(&room, &channel).await.unwrap();
    phone.hang_up().await;
    assert_eq!(w.hung_up(&channel).await, Cause::Normal);
    w.switch.remove_from_bridge(&room, &caller).await.unwrap();
    w.switch.hang_up(&caller, Cause::Normal).await.unwrap();
    assert!(far.is_rung_off().await);
}

async fn an_agent_who_does_not_answer_busy_or_declining_says_so(mut w: World) {
    let (channel, far) = w.ringing_leg(agent()).await;
    far.ring_out();
    assert_eq!(w.hung_up(&channel).await, Cause::NoAnswer);
    for cause in [Cause::Busy, Cause::Rejected] {
        let (channel, far) = w.ringing_leg(agent()).await;
        far.refuse(cause).await;
        assert_eq!(w.hung_up(&channel).await, cause);
    }
}

async fn a_leg_is_dialled_once_however_often_it_is_asked(mut w: World) {
    let leg = leg(agent());
    w.switch.originate(&leg).await.unwrap();
    w.switch.originate(&leg).await.unwrap();
    w.until(|w| matches!(w, What::Ringing { .. })).await;
    w.switch.originate(&leg).await.unwrap();
    assert_eq!(w.switch.snapshot().await.unwrap().channels.len(), 1);
    w.switch.hang_up(&leg.channel, Cause::Normal).await.unwrap();
    w.hung_up(&leg.channel).await;
    w.switch.originate(&leg).await.unwrap();
    w.settle().await;
    assert_eq!(
        w.count(|w| matches!(w, What::HungUp { channel, .. } if *channel == leg.channel)),
        1
    );
    assert_eq!(w.switch.snapshot().await.unwrap().channels, []);
}

async fn a_ringing_agent_is_rung_off(mut w: World) {
    let (channel, mut far) = w.ringing_leg(agent()).await;
    w.switch.hang_up(&channel, Cause::Normal).await.unwrap();
    w.hung_up(&channel).await;
    assert!(far.is_rung_off().await, "the telephone must not ring on");
}

async fn an_agent_without_a_telephone_is_unreachable(mut w: World) {
    let leg = leg(Endpoint::Agent("agent-nobody".into()));
    // A switch may refuse at once or tell a moment later; either way nothing is left.
    if w.switch.originate(&leg).await.is_ok() {
        w.hung_up(&leg.channel).await;
    }
    w.settle().await;
    assert_eq!(w.switch.snapshot().await.unwrap().channels, []);
}

async fn a_recording_lasts_from_its_start_to_the_end_of_the_room(mut w: World) {
    let [caller, _agent] = w.conversation("room").await;
    let (room, name) = (BridgeId::from("room"), RecordingName::from("call-1"));
    w.switch.record_bridge(&room, &name).await.unwrap();
    w.switch.record_bridge(&room, &name).await.unwrap();
    let live = w.switch.snapshot().await.unwrap().recordings;
    assert!(matches!(live.as_slice(), [r] if r.live && r.name == name), "{live:?}");
    assert_eq!(w.switch.recording_file(&name).await.unwrap(), None, "not before its end");

    caller.1.hang_up().await;
    w.hung_up(&caller.0).await;
    w.switch.destroy_bridge(&room).await.unwrap();
    w.recorded("call-1").await;
    let stored = w.switch.snapshot().await.unwrap().recordings;
    assert!(matches!(stored.as_slice(), [r] if !r.live), "{stored:?}");
    assert!(w.switch.recording_file(&name).await.unwrap().unwrap().exists());
    w.switch.forget_recording(&name).await.unwrap();
    w.switch.forget_recording(&name).await.unwrap();
    assert_eq!(w.switch.recording_file(&name).await.unwrap(), None);
}

async fn a_snapshot_shows_all_that_lives(mut w: World) {
    let (caller, _far) = w.answered_caller().await;
    let (ringing, _phone) = w.ringing_leg(agent()).await;
    let room = BridgeId::from("room");
    w.switch.create_bridge(&room).await.unwrap();
    w.switch.add_to_bridge(&room, &caller).await.unwrap();
    let all = w.switch.snapshot().await.unwrap();
    assert_eq!(all.bridges.as_slice(), std::slice::from_ref(&room));
    assert_eq!(all.channels.len(), 2);
    let seen = all.channel(&caller).unwrap();
    assert_eq!((&seen.role, seen.state), (&Role::Caller, ChannelState::Up));
    assert_eq!((seen.party.number.as_str(), seen.called.as_str()), ("13904510001", HOTLINE));
    assert_eq!(seen.bridge.as_ref(), Some(&room));
    let seen = all.channel(&ringing).unwrap();
    assert_eq!(seen.role, Role::Leg("agent,call-1".into()));
    assert_eq!((seen.state, &seen.bridge), (ChannelState::Ringing, &None));
}

async fn the_platform_restarts_and_the_call_goes_on(mut w: World) {
    let [caller, agent] = w.conversation("room").await;
    w.switch.record_bridge(&"room".into(), &"call-1".into()).await.unwrap();
    w.restart_platform().await;
    let all = w.switch.snapshot().await.unwrap();
    assert_eq!(all.channels.len(), 2);
    assert_eq!(all.channel(&agent.0).unwrap().role, Role::Leg("agent,call-1".into()));
    assert!(all.channels.iter().all(|c| c.bridge == Some("room".into())));
    assert!(all.recordings.iter().all(|r| r.live), "{:?}", all.recordings);

    caller.1.hang_up().await;
    w.hung_up(&caller.0).await;
    agent.1.hang_up().await;
    w.hung_up(&agent.0).await;
    w.switch.destroy_bridge(&"room".into()).await.unwrap();
    w.recorded("call-1").await;
    assert_eq!(w.count(|w| matches!(w, What::RecordingFinished { .. })), 1);
}

async fn an_agent_holds_and_takes_back(mut w: World) {
    let [_caller, agent] = w.conversation("room").await;
    agent.1.hold(true).await;
    w.until(|w| *w == What::Held { channel: agent.0.clone() }).await;
    agent.1.hold(false).await;
    w.until(|w| *w == What::Unheld { channel: agent.0.clone() }).await;
}

async fn an_outside_number_is_called_and_hears_keys(mut w: World) {
    let (channel, mut far) = w.ringing_leg(Endpoint::External("13904510009".into())).await;
    far.answer().await;
    w.until(|w| matches!(w, What::LegUp { .. })).await;
    w.switch.send_digits(&channel, "42").await.unwrap();
    far.press("7");
    w.until(|w| *w == What::Digit { channel: channel.clone(), digit: '7' }).await;
    assert!(far.hears_keys("42").await);
    w.switch.hang_up(&channel, Cause::Normal).await.unwrap();
    assert!(far.is_rung_off().await);
    let refused = leg(Endpoint::External("1390@elsewhere".into()));
    if !matches!(w.far, crate::world::FarSide::Simulated(_)) {
        assert!(matches!(w.switch.originate(&refused).await, Err(Error::Refused(_))));
    }
}

async fn an_account_is_given_and_taken(mut w: World) {
    let online = What::Registration { agent: AGENT.into(), online: true };
    w.until(|w| *w == online).await;
    assert!(w.switch.is_registered(AGENT).await.unwrap());
    w.switch.remove_agent(AGENT).await.unwrap();
    w.switch.remove_agent(AGENT).await.unwrap();
    let gone = async { while w.switch.is_registered(AGENT).await.unwrap() {} };
    tokio::time::timeout(std::time::Duration::from_secs(5), gone).await.unwrap();
    assert!(!w.switch.is_registered("agent-nobody").await.unwrap());
}
