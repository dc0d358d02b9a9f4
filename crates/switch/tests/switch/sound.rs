//! Not only events: who hears what, and what the recording holds.

use crate::world::World;
use std::path::Path;
use switch::{Cause, Prompt, RecordingName, What, wav};

const CALLER_HZ: f64 = 600.0;
const AGENT_HZ: f64 = 1400.0;

/// How much of the recording's purest half second is that tone.
pub fn purest(file: &Path, hz: f64) -> f64 {
    let samples = wav::samples(file).unwrap();
    let windows = samples.windows(4000).step_by(800);
    windows.map(|s| wav::tone_share(s, hz)).fold(0.0, f64::max)
}

/// Seconds of sound in it.
pub fn seconds(file: &Path) -> f64 {
    wav::samples(file).unwrap().len() as f64 / 8000.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_hear_each_other_and_the_recording_holds_both() {
    let mut w = World::real().await;
    let [caller, agent] = w.conversation("room").await;
    let name = RecordingName::from("call-1");
    w.switch.record_bridge(&"room".into(), &name).await.unwrap();
    let (c, a) = (caller.1.call(), agent.1.call());

    c.speak(Some(CALLER_HZ));
    assert!(a.hears_tone(CALLER_HZ).await, "the agent hears the caller");
    heard_for_a_second(a).await;
    c.speak(None);
    a.speak(Some(AGENT_HZ));
    assert!(c.hears_tone(AGENT_HZ).await, "the caller hears the agent");
    heard_for_a_second(c).await;

    caller.1.hang_up().await;
    w.hung_up(&caller.0).await;
    w.switch.destroy_bridge(&"room".into()).await.unwrap();
    w.recorded("call-1").await;
    let file = w.switch.recording_file(&name).await.unwrap().unwrap();
    assert!(purest(&file, CALLER_HZ) > 0.5, "{}", purest(&file, CALLER_HZ));
    assert!(purest(&file, AGENT_HZ) > 0.5, "{}", purest(&file, AGENT_HZ));
    assert!(purest(&file, 1000.0) < 0.05, "what nobody said is not in it");
}

/// Waits until another 1.2 seconds of sound have arrived.
async fn heard_for_a_second(call: &switch::phone::Call) {
    let until = call.heard().len() + 9600;
    while call.heard().len() < until {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_hears_prompts_and_then_music_again() {
    let mut w = World::real().await;
    let (channel, far) = w.answered_caller().await;
    let music = far.call();
    w.switch.hold_music(&channel, true).await.unwrap();
    assert!(music.hears_something().await, "the hold music");

    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/prompts/test");
    let tone = assets.join("tone_1000hz.wav");
    w.switch.play(&channel, &"notice".into(), &[Prompt::File(tone)]).await.unwrap();
    assert!(music.hears_tone(1000.0).await, "the company's own recording");
    w.switch.stop_playback(&"notice".into()).await.unwrap();
    w.until(|w| matches!(w, What::PlaybackFinished { .. })).await;
    music.forget();
    assert!(music.hears_something().await, "the music goes on after the prompt");

    w.switch.hold_music(&channel, false).await.unwrap();
    w.switch.play(&channel, &"named".into(), &[Prompt::Named("welcome".into())]).await.unwrap();
    assert!(music.hears_something().await, "a prompt of the shipped set");
}

/// The agent picks up while the caller is told something over the music: from then on the caller
/// hears the agent, not the music that goes on after each prompt.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn music_does_not_return_into_a_talk_that_began_during_a_prompt() {
    let mut w = World::real().await;
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/prompts/test");
    for round in 0..12 {
        let (caller, far) = w.answered_caller().await;
        let (agent, near) = w.answered_leg().await;
        let (room, notice) = (format!("room-{round}"), format!("notice-{round}"));
        w.switch.create_bridge(&room.as_str().into()).await.unwrap();
        w.switch.add_to_bridge(&room.as_str().into(), &agent).await.unwrap();
        w.switch.hold_music(&caller, true).await.unwrap();
        let tone = Prompt::File(assets.join("tone_1000hz.wav"));
        w.switch.play(&caller, &notice.as_str().into(), &[tone]).await.unwrap();
        assert!(far.call().hears_tone(1000.0).await, "the prompt");

        w.switch.stop_playback(&notice.as_str().into()).await.unwrap();
        w.switch.add_to_bridge(&room.as_str().into(), &caller).await.unwrap();
        near.call().speak(Some(AGENT_HZ));
        assert!(far.call().hears_tone(AGENT_HZ).await, "round {round}: the caller hears the agent");
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        far.call().forget();
        assert!(far.call().hears_tone(AGENT_HZ).await, "round {round}: and goes on hearing him");
        far.hang_up().await;
        w.hung_up(&caller).await;
        w.switch.hang_up(&agent, Cause::Normal).await.unwrap();
        w.hung_up(&agent).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_agent_holds_the_caller_hears_music_and_the_recording_goes_on() {
    let mut w = World::real().await;
    let [caller, agent] = w.conversation("room").await;
    let name = RecordingName::from("call-1");
    w.switch.record_bridge(&"room".into(), &name).await.unwrap();
    let (c, a) = (caller.1.call(), agent.1.call());

    agent.1.hold(true).await;
    w.until(|w| matches!(w, What::Held { .. })).await;
    assert!(c.hears_something().await, "the caller hears music");
    agent.1.hold(false).await;
    w.until(|w| matches!(w, What::Unheld { .. })).await;
    c.speak(Some(CALLER_HZ));
    assert!(a.hears_tone(CALLER_HZ).await, "the agent hears the caller again");
    heard_for_a_second(a).await;
    a.speak(Some(AGENT_HZ));
    assert!(c.hears_tone(AGENT_HZ).await);
    c.forget();
    heard_for_a_second(c).await;
    let share = wav::tone_share(&c.heard(), AGENT_HZ);
    assert!(share > 0.9, "the music has ended, only the agent is heard: {share}");

    w.switch.hang_up(&caller.0, Cause::Normal).await.unwrap();
    w.hung_up(&caller.0).await;
    w.switch.destroy_bridge(&"room".into()).await.unwrap();
    w.recorded("call-1").await;
    let file = w.switch.recording_file(&name).await.unwrap().unwrap();
    assert!(purest(&file, CALLER_HZ) > 0.5, "what was said after the hold is recorded");
}
