//! Who is not offered the order, and what is said about it.

use super::*;

/// What the only candidate is excluded for.
fn exclusions(order: &Order, candidate: Candidate) -> Vec<(ExclusionCode, Option<i64>)> {
    let ranking = rank(order, &[candidate], &Policy::default());
    assert!(ranking.ranked.is_empty(), "excluded and ranked at once");
    let reasons = ranking.excluded.iter().flat_map(|excluded| &excluded.reasons);
    reasons.map(|reason| (reason.code, reason.value)).collect()
}

/// accepts DP-03
#[test]
fn each_filter_names_itself_with_its_number() {
    use ExclusionCode::*;
    type Flaw = fn(&mut Candidate);
    let table: [(Flaw, ExclusionCode, Option<i64>); 8] = [
        (|c| c.branch = Uuid::from_u128(0xB2), OutsideBranch, None),
        (|c| c.skills = vec!["meters".into()], LacksSkill, None),
        (|c| c.on_shift = false, OffShift, None),
        (|c| c.silent_minutes = Some(11), Offline, Some(11)),
        (|c| c.silent_minutes = None, Offline, None),
        (|c| c.accepting = false, NotAccepting, None),
        (|c| c.declined = true, Declined, None),
        (|c| c.open = vec![elsewhere(); 6], Full, Some(6)),
    ];
    for (flaw, code, value) in table {
        let mut candidate = man(1, 0);
        flaw(&mut candidate);
        assert_eq!(exclusions(&order(), candidate), [(code, value)]);
    }
}

/// accepts DP-03
#[test]
fn every_reason_against_somebody_is_listed() {
    let candidate = Candidate { on_shift: false, silent_minutes: Some(90), ..man(1, 0) };
    let expected = [(ExclusionCode::OffShift, None), (ExclusionCode::Offline, Some(90))];
    assert_eq!(exclusions(&order(), candidate), expected);
}

/// accepts DP-03
#[test]
fn a_short_silence_keeps_him_in() {
    let candidate = Candidate { silent_minutes: Some(10), ..man(1, 0) };
    assert_eq!(ranked(&order(), &[candidate]), [1]);
}

#[test]
fn an_order_without_a_skill_suits_anybody() {
    let anybody = Order { skill: None, ..order() };
    assert_eq!(ranked(&anybody, &[Candidate { skills: vec![], ..man(1, 0) }]), [1]);
}

/// accepts DP-07
#[test]
fn an_emergency_may_go_on_top_of_a_full_list() {
    let busy = Candidate { open: vec![elsewhere(); 7], ..man(1, 0) };
    let urgent = Order { urgency: Urgency::Urgent, ..order() };
    let emergency = Order { urgency: Urgency::Emergency, ..order() };
    assert_eq!(exclusions(&urgent, busy.clone()), [(ExclusionCode::Full, Some(7))]);
    assert_eq!(ranked(&emergency, &[busy]), [1]);
}

#[test]
fn with_nobody_to_ask_the_answer_is_empty() {
    assert_eq!(rank(&order(), &[], &Policy::default()), Ranking::default());
}

#[test]
fn urgency_is_one_two_or_three() {
    assert_eq!(Urgency::try_from(3), Ok(Urgency::Emergency));
    for level in [i16::MIN, 0, 4] {
        assert_eq!(Urgency::try_from(level), Err(UnknownUrgency(level)));
    }
}
