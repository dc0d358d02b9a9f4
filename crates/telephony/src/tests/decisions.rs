//! Decisions about a call, without a database and without a switch.

use crate::model::align::{Actual, Command, Leg, LegState, align};
use crate::model::call::{Call, CallState, Direction, Outcome, Party};
use crate::model::decide::{Gone, Input, QueueRule, World, arrive, decide};
use crate::model::flow::Graph;
use crate::{OfferResult, main_flow};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{QueueId, UserId};
use proptest::prelude::*;
use uuid::Uuid;

struct City(Graph);

impl World for City {
    fn graph(&self, _: &Call) -> Option<&Graph> {
        Some(&self.0)
    }
    fn queue_by_key(&self, key: &str) -> Option<QueueId> {
        Some(Uuid::from_u128(u128::from(key.as_bytes()[0])).into())
    }
    fn queue(&self, _: QueueId) -> Option<QueueRule> {
        Some(QueueRule { ring_s: 20, wrap_up_s: 30, comfort_s: 30 })
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-22T01:00:00Z".parse().unwrap()
}

fn anna() -> UserId {
    Uuid::from_u128(1).into()
}

fn arrived(city: &City) -> Call {
    let id = Uuid::from_u128(7).into();
    let mut call = Call::new(id, Uuid::from_u128(8).into(), Direction::In, now());
    call.peer_channel = Some("peer".to_owned());
    arrive(call, city, now()).call
}

fn after(inputs: &[Input]) -> Call {
    let city = City(main_flow());
    let mut call = arrived(&city);
    for input in inputs {
        call = decide(&call, input, &city, now()).map_or(call, |d| d.call);
    }
    call
}

#[test]
fn a_caller_who_leaves_gets_the_outcome_of_the_stage() {
    use Input::{AgentUp, Hold, Key, Offer, PeerGone, Played};
    let gone = PeerGone(Gone::HungUp);
    let queued = [Played(1), Key('1')];
    for (before, outcome) in [
        (vec![], Outcome::AbandonedGreeting),
        (vec![Played(1)], Outcome::AbandonedMenu),
        (vec![Played(1), Key('9')], Outcome::AbandonedMenu),
        (queued.to_vec(), Outcome::AbandonedQueue),
        ([&queued[..], &[Offer(anna())]].concat(), Outcome::AbandonedRinging),
        ([&queued[..], &[Offer(anna()), AgentUp]].concat(), Outcome::Answered),
        ([&queued[..], &[Offer(anna()), AgentUp, Hold]].concat(), Outcome::Answered),
    ] {
        let call = after(&[before.clone(), vec![gone.clone()]].concat());
        let seen = (call.state, call.outcome, call.hung_up_by);
        assert_eq!(seen, (CallState::Ended, Some(outcome), Some(Party::Peer)), "{before:?}");
    }
}

fn input() -> impl Strategy<Value = Input> {
    let how = prop_oneof![
        Just(Gone::HungUp),
        Just(Gone::NoAnswer),
        Just(Gone::Busy),
        Just(Gone::Declined),
        Just(Gone::Unreachable),
        Just(Gone::Lost),
    ];
    let queue = || QueueId::from(Uuid::from_u128(5));
    prop_oneof![
        (0..9i32).prop_map(Input::Played),
        prop::char::ranges(vec!['0'..='3', '#'..='#'].into()).prop_map(Input::Key),
        Just(Input::Due),
        (1..3u128).prop_map(|n| Input::Offer(Uuid::from_u128(n).into())),
        Just(Input::AgentRinging),
        Just(Input::AgentUp),
        how.clone().prop_map(Input::AgentGone),
        Just(Input::AgentLost),
        Just(Input::AgentBack),
        Just(Input::PeerUp),
        how.prop_map(Input::PeerGone),
        Just(Input::Hold),
        Just(Input::Unhold),
        Just(Input::HangUp),
        Just(Input::ToQueue(queue())),
        (1..3u128).prop_map(move |n| Input::ToAgent(Uuid::from_u128(n).into(), queue())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever happens in whatever order, the row obeys the constraints of its table, an ended
    /// call stays as it is, and the switch is asked for nothing that contradicts itself.
    #[test]
    fn no_order_of_events_breaks_a_call(
        inputs in prop::collection::vec((input(), 0..70i64), 0..40),
        outbound: bool,
    ) {
        let city = City(main_flow());
        let mut clock = now();
        let mut call = arrived(&city);
        if outbound {
            let fresh = Call::new(call.id, call.matter_id, Direction::Out, clock);
            call = crate::model::decide::dial(fresh, anna(), clock).call;
        }
        let mut actual = Actual::default();
        if let Some(peer) = call.peer_channel.clone() {
            actual.legs.insert(peer, Leg { state: LegState::Down, in_room: false });
        }
        for (input, seconds) in inputs {
            clock += TimeDelta::seconds(seconds);
            let Some(decision) = decide(&call, &input, &city, clock) else { continue };
            prop_assert!(call.state != CallState::Ended, "an ended call has no next step");
            call = decision.call;
            let ended = call.state == CallState::Ended;
            prop_assert_eq!(ended, call.ended_at.is_some() && call.outcome.is_some());
            prop_assert!(call.outcome != Some(Outcome::Answered) || call.answered_at.is_some());
            prop_assert!(!ended || call.due_at.is_none());
            let rings = call.state == CallState::Ringing;
            prop_assert!(!rings || (call.agent_id.is_some() && call.agent_channel.is_some()));
            prop_assert!(!rings || call.due_at.is_some(), "a ring must end");
            let lost = call.in_conversation() && call.agent_channel.is_none();
            prop_assert!(!lost || call.due_at.is_some(), "a grace must end");
            for command in align(&call, &actual) {
                actual.done(&command);
            }
            let again = align(&call, &actual);
            // picking up and ringing change what is possible, all else is settled
            prop_assert!(
                again.iter().all(|c| !matches!(c, Command::HangUp(_) | Command::DialAgent(_))),
                "not settled: {:?}", again
            );
            prop_assert!(!ended || actual.legs.is_empty(), "a leg survives its call");
        }
    }
}

#[test]
fn a_phone_that_rings_for_nobody_is_silenced_before_anything_else() {
    let call = after(&[Input::Played(1), Input::Key('1'), Input::Offer(anna())]);
    let leg = call.agent_channel.clone().unwrap();
    let mut actual = Actual::default();
    let ringing = Leg { state: LegState::Ringing, in_room: false };
    actual.legs.insert(leg.clone(), ringing);
    actual.legs.insert("peer".to_owned(), Leg { state: LegState::Up, in_room: false });
    let city = City(main_flow());
    let later = now() + TimeDelta::seconds(21);
    let missed = decide(&call, &Input::Due, &city, later).unwrap();
    assert_eq!(missed.call.arrived_at, call.arrived_at);
    let told = format!("{:?}", missed.told);
    assert!(told.contains(&format!("{:?}", OfferResult::Missed)));
    assert_eq!(align(&missed.call, &actual).first(), Some(&Command::HangUp(leg)));
}

#[test]
fn the_end_of_an_earlier_prompt_moves_nobody() {
    let city = City(main_flow());
    let call = arrived(&city);
    assert_eq!(decide(&call, &Input::Played(call.turn - 1), &city, now()), None);
    assert!(decide(&call, &Input::Played(call.turn), &city, now()).is_some());
}
