//! Whatever people do to an order, in whatever sequence, it stays one that the schema accepts.

use super::*;
use crate::model::STEPS;
use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

fn person(n: u128) -> UserId {
    Uuid::from_u128(n).into()
}

fn filed(needs_visit: bool, needs_revisit: bool) -> WorkOrder {
    let opened_at: Instant = "2026-11-22T01:00:00Z".parse().unwrap();
    let policy = Policy {
        needs_visit,
        needs_revisit,
        auto_audit: true,
        accept_min: vec![30, 15, 5],
        arrive_min: vec![240, 120, 45],
        finish_min: vec![1440, 480, 240],
        revisit_min: 1440,
    };
    let limits = policy.limits(Urgency::ORDINARY, opened_at, None);
    let id = Uuid::from_u128(7);
    let mut order = WorkOrder {
        id: id.into(),
        no: "GD20261122-0001".to_owned(),
        matter_id: id.into(),
        kind: "repair".to_owned(),
        policy,
        urgency: Urgency::ORDINARY,
        state: State::Filed,
        round: 1,
        account_id: None,
        contact_phone: String::new(),
        org_id: id.into(),
        org_path: "/hq/".to_owned(),
        assignee_id: None,
        supervisor_id: None,
        appointment_from: None,
        appointment_to: None,
        accept_due: limits.accept,
        arrive_due: limits.arrive,
        finish_due: limits.finish,
        revisit_due: None,
        next_due: None,
        warn_at: None,
        chases: 0,
        cause: None,
        resolution: String::new(),
        satisfaction: None,
        opened_at,
        dispatched_at: None,
        accepted_at: None,
        set_out_at: None,
        arrived_at: None,
        finished_at: None,
        closed_at: None,
        version: 1,
    };
    order.set_limits(limits, opened_at);
    order
}

/// Tries one thing, whether it makes sense or not.
fn attempt(order: &mut WorkOrder, what: u8, at: Instant, now: Instant) -> Result<(), OrderRule> {
    let reason = "原因".to_owned();
    let (point, accuracy_m) = (None, None);
    let (cause, note, evidence_complete) = ("air_lock".to_owned(), String::new(), true);
    let field = match what {
        0 => FieldStep::Accept,
        1 => FieldStep::SetOut,
        2 => FieldStep::Arrive { point, accuracy_m },
        3 => FieldStep::Finish { cause, note, evidence_complete },
        4 => FieldStep::Return { reason },
        5 => return order.dispatch(person(1), &reason, now),
        6 => return order.dispatch(person(2), &reason, now),
        7 => return order.answer("好", now),
        8 => return order.pass(now),
        9 => return order.fail(now),
        10 => return order.revisited(Satisfaction::Satisfied, now),
        11 => return order.revisited(Satisfaction::Unsatisfied, now),
        12 => return order.set_urgency(Urgency::EMERGENCY, now),
        13 => return order.set_finish_due(now + TimeDelta::hours(1), now),
        14 => return order.chase().map(drop),
        _ => return order.void(now),
    };
    order.advance(order.assignee_id.unwrap_or(person(1)), &field, at, now).map(drop)
}

/// The constraint `work_order_state_facts`, and what people expect beyond it.
fn holds(o: &WorkOrder) {
    let over = matches!(o.state, State::Closed | State::Voided);
    assert_eq!(o.closed_at.is_some(), over);
    assert_eq!(o.next_due.is_none(), over);
    assert_eq!(o.warn_at.is_none(), over);
    assert!(!o.state.is_in_hand() || (o.assignee_id.is_some() && o.dispatched_at.is_some()));
    let accepted = matches!(o.state, State::Accepted | State::EnRoute | State::OnSite);
    assert!(!accepted || o.accepted_at.is_some());
    assert!(o.state != State::OnSite || o.arrived_at.is_some());
    assert!(o.state != State::Filed || o.assignee_id.is_none());
    assert!(o.accept_due <= o.arrive_due && o.arrive_due <= o.finish_due);
    let path = [o.dispatched_at, o.accepted_at, o.set_out_at, o.arrived_at, o.finished_at];
    assert!(path.iter().flatten().is_sorted(), "{path:?}");
}

proptest! {
    /// Accepts WO-26, WO-39: no sequence of steps leads off the table or breaks its facts, and a
    /// refused step changes nothing.
    #[test]
    fn no_sequence_of_steps_breaks_an_order(
        visit: bool,
        revisit: bool,
        steps in proptest::collection::vec((0..16_u8, -90..90_i64), 0..60),
    ) {
        let mut order = filed(visit, revisit);
        let mut now = order.opened_at;
        for (what, drift) in steps {
            now += TimeDelta::minutes(7);
            let before = order.clone();
            match attempt(&mut order, what, now + TimeDelta::minutes(drift), now) {
                Ok(()) => {
                    let by_table = |(a, _, b): &(State, Action, State)| {
                        (*a, *b) == (before.state, order.state)
                    };
                    prop_assert!(before.state == order.state || STEPS.iter().any(by_table));
                    prop_assert!(order.round - before.round <= 1);
                }
                Err(_) => prop_assert_eq!(format!("{before:?}"), format!("{order:?}")),
            }
            holds(&order);
        }
    }
}
