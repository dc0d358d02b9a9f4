//! Seats: signs of life, writing up, and the steps that exist.

use super::hall::Hall;
use crate::model::seat::{STEPS, SeatAct};
use crate::{CallState, SeatState, service};
use kernel::Actor;
use proptest::prelude::*;
use std::sync::Arc;
use strum::VariantArray as _;

#[tokio::test]
async fn a_silent_phone_is_unreachable_within_seconds_and_back_when_it_speaks() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    hall.advance(11);
    hall.beat(&agent).await;
    hall.advance(11);
    assert_eq!(hall.seat(&agent).await, SeatState::Idle);
    hall.advance(2);
    hall.seat_is(&agent, SeatState::Unreachable).await;
    let (_, id) = hall.choose("13800000001", '1').await;
    assert_eq!(hall.call_is(id, CallState::Queued).await.agent_id, None);
    hall.beat(&agent).await;
    hall.rung(&agent).await;
}

/// A restart of the server is no silence of the phones.
#[tokio::test]
async fn a_phone_that_could_not_reach_a_restarting_server_is_not_lost() {
    let mut hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    hall.kill().await;
    hall.advance(30);
    hall.restart().await;
    let (_, id) = hall.choose("13800000001", '1').await;
    assert_eq!(hall.seat(&agent).await, SeatState::Idle);
    hall.beat(&agent).await;
    hall.rung(&agent).await;
    assert_eq!(hall.call(id).await.state, CallState::Ringing);
}

#[tokio::test]
async fn writing_up_is_visible_lasts_its_time_and_ends_early_only_by_the_agent() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, _, _) = hall.conversation(&agent).await;
    hall.sim.other_hangs_up(&caller);
    hall.seat_is(&agent, SeatState::WrapUp).await;
    let mut tx = hall.tx(&agent).await;
    let seat = service::seats::mine(&mut tx).await.unwrap();
    drop(tx);
    assert_eq!(seat.wrap_until, Some(hall.t.now() + chrono::TimeDelta::seconds(30)));
    let (_, waits) = hall.choose("13800000002", '1').await;
    hall.advance(11);
    hall.beat(&agent).await;
    hall.advance(11);
    hall.beat(&agent).await;
    assert_eq!(hall.seat(&agent).await, SeatState::WrapUp);
    assert_eq!(hall.call(waits).await.state, CallState::Queued);
    hall.advance(9);
    hall.rung(&agent).await;
    let (caller, _) = (hall.call(waits).await.peer_channel.unwrap(), ());
    hall.sim.other_hangs_up(&caller.as_str().into());
    hall.seat_is(&agent, SeatState::Idle).await;
    let (caller, _, _) = hall.conversation(&agent).await;
    hall.sim.other_hangs_up(&caller);
    hall.seat_is(&agent, SeatState::WrapUp).await;
    let mut tx = hall.tx(&agent).await;
    let seat = service::seats::wrapped_up(&mut tx).await.unwrap();
    assert_eq!((seat.state, seat.wrap_until), (SeatState::Idle, None));
}

/// Several tabs do not fight for the phone: the newest has it until another asks for it.
#[tokio::test]
async fn the_newest_tab_leads() {
    let hall = Hall::open().await;
    let first = hall.ready_agent("anna", &["repair"]).await;
    let second = super::hall::Agent { tab: uuid::Uuid::new_v4(), ..first.clone() };
    for (opens, other) in [(&second, &first), (&first, &second), (&first, &second)] {
        let mut tx = hall.tx(opens).await;
        service::seats::softphone(&mut tx, "test", Some(opens.tab)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!hall.beat(other).await);
        assert!(hall.beat(opens).await);
        assert!(!hall.beat(other).await);
    }
}

#[tokio::test]
async fn an_agent_on_a_call_cannot_walk_away_from_it() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    hall.conversation(&agent).await;
    let mut tx = hall.tx(&agent).await;
    let refused = service::seats::set_state(&mut tx, false, "lunch").await;
    assert_eq!(refused.unwrap_err().problem().code, "telephony.seat_busy");
}

#[tokio::test]
async fn whoever_lacks_the_key_has_no_seat() {
    let hall = Hall::open().await;
    let agent = hall.agent("anna", &[]).await;
    let stranger = Actor { grants: Arc::new([]), ..agent.actor.clone() };
    let mut tx = hall.t.tx(&stranger).await;
    assert!(service::seats::mine(&mut tx).await.is_err());
    assert!(service::seats::softphone(&mut tx, "x", None).await.is_err());
    assert!(service::calls::list(&mut tx, &crate::Filter::default()).await.is_err());
    assert!(service::setup::queues(&mut tx).await.is_err());
}

#[test]
fn only_a_free_agent_or_one_who_dials_is_claimed() {
    let claims = |s: &&SeatState| s.step(SeatAct::Claim).is_some();
    let claimed: Vec<_> = SeatState::VARIANTS.iter().copied().filter(|s| claims(&s)).collect();
    let expected = [SeatState::Idle, SeatState::WrapUp, SeatState::Away];
    assert_eq!(claimed, expected);
}

#[test]
fn every_state_but_offline_can_be_left_and_every_step_is_unique() {
    for state in SeatState::VARIANTS {
        assert!(STEPS.iter().any(|(from, ..)| from == state), "{state:?} is a trap");
        assert!(STEPS.iter().any(|(.., to)| to == state), "{state:?} is never reached");
    }
    for (i, (from, act, _)) in STEPS.iter().enumerate() {
        assert!(!STEPS[..i].iter().any(|(f, a, _)| (f, a) == (from, act)), "{from:?} {act:?}");
    }
}

proptest! {
    /// From wherever a seat is, the call that holds it can let it go.
    #[test]
    fn a_seat_that_a_call_holds_can_be_released(acts in prop::collection::vec(0..14usize, 0..40)) {
        let mut state = SeatState::Offline;
        for act in acts {
            state = state.step(SeatAct::VARIANTS[act]).unwrap_or(state);
        }
        prop_assert!(!state.on_call() || state.step(SeatAct::Release) == Some(SeatState::Idle));
    }
}
