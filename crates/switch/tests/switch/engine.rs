//! What only a real engine can prove: it is killed, it serves alone, strangers call it.

use crate::sound::{purest, seconds};
use crate::world::{World, agent};
use std::process::{Command, Stdio};
use switch::{Cause, RecordingName, Role, What};

/// Asterisk dies while people talk: each call ends once, the recording so far can be played, the
/// accounts are given again, and the next call works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_switch_ends_its_calls_and_keeps_their_recordings() {
    let mut w = World::real().await;
    let [caller, talking] = w.conversation("room").await;
    let name = RecordingName::from("call-1");
    w.switch.record_bridge(&"room".into(), &name).await.unwrap();
    caller.1.call().speak(Some(600.0));
    let heard = talking.1.call();
    assert!(heard.hears_tone(600.0).await);
    while heard.heard().len() < 24_000 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }

    w.real_side().engine.restart().await.unwrap();
    w.until(|w| *w == What::Disconnected).await;
    w.until(|w| *w == What::Connected).await;
    for channel in [&caller.0, &talking.0] {
        let lost = What::HungUp { channel: channel.clone(), cause: Cause::Lost };
        assert_eq!(w.count(|w| *w == lost), 1);
    }
    let all = w.switch.snapshot().await.unwrap();
    assert_eq!(all.channels, []);
    assert!(matches!(all.recordings.as_slice(), [r] if !r.live));
    let file = w.switch.recording_file(&name).await.unwrap().unwrap();
    assert!(seconds(&file) > 1.0, "{}", seconds(&file));
    assert!(purest(&file, 600.0) > 0.5);

    let (next, far) = w.ringing_leg(agent()).await;
    far.answer().await;
    w.until(|w| matches!(w, What::LegUp { .. })).await;
    w.switch.hang_up(&next, Cause::Normal).await.unwrap();
}

/// Asterisk 22 dies, and all calls with it, when our socket closes while a telephone comes or
/// goes, if the application hears of accounts. It hears of all channels and rooms, nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_application_hears_of_no_accounts() {
    let mut w = World::real().await;
    let _caller = w.answered_caller().await;
    w.restart_platform().await;
    let ari = w.real_side().engine.instance().ari().clone();
    let asked = reqwest::Client::new().get(format!("{}/applications/hearthline", ari.url));
    let answer = asked.basic_auth(&ari.user, Some(&ari.password)).send().await.unwrap();
    let heard: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(heard["endpoint_ids"], serde_json::json!([]), "{heard}");
    for kind in ["channel_ids", "bridge_ids"] {
        let all = heard[kind].as_array().unwrap();
        assert!(
            matches!(all.as_slice(), [one] if one.as_str().unwrap().starts_with("__AST")),
            "{heard}"
        );
    }
}

/// Nobody is at home: the caller hears so and leaves a message that the platform finds later.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_without_a_platform_leaves_a_message() {
    let w = World::real().await;
    let real = w.far;
    let crate::world::FarSide::Real(real) = real else { unreachable!() };
    drop((w.switch, w.events));
    let port = real.engine.instance().config().sip_port;
    let switch = ([127, 0, 0, 1], port).into();
    let call = loop {
        // A caller who comes in before the switch has noticed waits for the platform's return.
        let mut call = real.trunk.call(switch, "13904510001", "96777").await.unwrap();
        let up = call.reaches(switch::phone::Stage::Up);
        if let Ok(true) = tokio::time::timeout(std::time::Duration::from_secs(3), up).await {
            break call;
        }
        call.hang_up().await.unwrap();
        assert_eq!(call.ends().await, Some(487));
    };
    assert!(call.hears_something().await, "the announcement");
    assert!(call.hears_tone(1000.0).await, "the beep");
    call.speak(Some(600.0));
    // What is being left takes its time to be said.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;

    let mut w = World::around(real).await;
    let all = w.switch.snapshot().await.unwrap();
    assert_eq!(all.channels[0].role, Role::Survival);
    assert!(all.recordings[0].live, "still speaking");
    let channel = all.channels[0].id.clone();
    call.hang_up().await.unwrap();
    w.hung_up(&channel).await;
    let name = all.recordings[0].name.clone();
    assert!(name.0.contains("_13904510001_96777_"), "{name}");
    let file = w.switch.recording_file(&name).await.unwrap().unwrap();
    assert!(purest(&file, 600.0) > 0.5);
}

/// A telephone that nobody here wrote calls, sends a key and hangs up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strangers_telephone_calls() {
    let mut w = World::real().await;
    let port = w.real_side().engine.instance().config().sip_port;
    let mut sipp = Command::new("sipp")
        .args(["-sn", "uac", "-s", "96777", "-i", "127.0.0.1", "-m", "1", "-d", "500"])
        .args(["-timeout", "20", "-nostdin", &format!("127.0.0.1:{port}")])
        .current_dir(std::env::temp_dir())
        .stdout(Stdio::null())
        .spawn()
        .expect("sipp (Debian's sip-tester) is installed");
    let What::Incoming { channel, called, .. } =
        w.until(|w| matches!(w, What::Incoming { .. })).await
    else {
        unreachable!()
    };
    assert_eq!(called, "96777");
    w.switch.answer(&channel).await.unwrap();
    assert_eq!(w.hung_up(&channel).await, Cause::Normal);
    assert!(sipp.wait().unwrap().success());
}
