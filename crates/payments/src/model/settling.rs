//! The one decision about money that comes: pure, so that any order of messages can be tried.

use super::{AttemptOutcome, AttemptState, PaymentState};

/// What is known of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// How it stands.
    pub state: AttemptState,
    /// What became of its money.
    pub outcome: Option<AttemptOutcome>,
}

/// What a message changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing: it was known already, or something later was.
    Nothing,
    /// The try stands higher; no money came.
    Rises(AttemptState),
    /// Money came, and pays the order.
    Settles,
    /// Money came for an order that was paid: it goes back.
    Surplus,
}

/// What `told` means for a try of which `known` is known, of an order that stands at `order`.
///
/// A try's state only rises, so messages may repeat and overtake each other: "failed" after
/// "succeeded" is old news, "succeeded" after "failed" is money.
pub fn hear(known: Known, told: AttemptState, order: PaymentState) -> Change {
    if told <= known.state {
        return Change::Nothing;
    }
    match (told, order) {
        (AttemptState::Succeeded, PaymentState::Open) => Change::Settles,
        (AttemptState::Succeeded, _) => Change::Surplus,
        (higher, _) => Change::Rises(higher),
    }
}

/// How long to wait before the next try, after so many: half a minute, doubling, at most six hours.
pub fn back_off(tries: i32) -> chrono::TimeDelta {
    let doublings = u32::try_from(tries.clamp(0, 10)).unwrap_or(10);
    let seconds = 30_i64.saturating_mul(1 << doublings).min(6 * 3600);
    chrono::TimeDelta::seconds(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Plays messages about the tries of one order; gives each try's end.
    fn play(messages: &[(u8, AttemptState)]) -> (PaymentState, BTreeMap<u8, Known>) {
        let mut order = PaymentState::Open;
        let mut tries: BTreeMap<u8, Known> = BTreeMap::new();
        for (which, told) in messages {
            let known = tries
                .entry(*which)
                .or_insert(Known { state: AttemptState::Pending, outcome: None });
            match hear(*known, *told, order) {
                Change::Nothing => {}
                Change::Rises(state) => known.state = state,
                Change::Settles => {
                    *known = Known { state: *told, outcome: Some(AttemptOutcome::Settled) };
                    order = PaymentState::Settled;
                }
                Change::Surplus => {
                    *known = Known { state: *told, outcome: Some(AttemptOutcome::Surplus) };
                }
            }
        }
        (order, tries)
    }

    fn message() -> impl Strategy<Value = (u8, AttemptState)> {
        let told = prop_oneof![
            Just(AttemptState::Pending),
            Just(AttemptState::Unknown),
            Just(AttemptState::Failed),
            Just(AttemptState::Succeeded),
        ];
        (0_u8..4, told)
    }

    type Messages = Vec<(u8, AttemptState)>;

    fn shuffled() -> impl Strategy<Value = (Messages, Messages)> {
        prop::collection::vec(message(), 0..24)
            .prop_flat_map(|messages| (Just(messages.clone()), Just(messages).prop_shuffle()))
    }

    proptest! {
        /// accepts XB-09: whatever the order in which messages arrive, the order is paid once if
        /// any try succeeded, every other success goes back, and each try ends in the same state.
        #[test]
        fn the_order_of_arrival_does_not_matter((first, other) in shuffled()) {
            let ((a, tries_a), (b, tries_b)) = (play(&first), play(&other));
            prop_assert_eq!(a, b);
            let states = |t: &BTreeMap<u8, Known>| -> Vec<_> {
                t.iter().map(|(n, k)| (*n, k.state)).collect()
            };
            prop_assert_eq!(states(&tries_a), states(&tries_b));
            let count = |t: &BTreeMap<u8, Known>, o| {
                t.values().filter(|k| k.outcome == Some(o)).count()
            };
            let won = tries_a.values().filter(|k| k.state == AttemptState::Succeeded).count();
            for tries in [&tries_a, &tries_b] {
                prop_assert_eq!(count(tries, AttemptOutcome::Settled), won.min(1));
                prop_assert_eq!(count(tries, AttemptOutcome::Surplus), won.saturating_sub(1));
            }
        }

        /// accepts XB-09: a message heard twice changes nothing the second time.
        #[test]
        fn a_message_heard_again_changes_nothing(
            messages in prop::collection::vec(message(), 0..12),
        ) {
            let twice: Vec<_> = messages.iter().flat_map(|m| [*m, *m]).collect();
            prop_assert_eq!(play(&messages), play(&twice));
        }
    }

    #[test]
    fn tries_grow_rarer_and_never_stop() {
        assert_eq!(back_off(0).num_seconds(), 30);
        assert_eq!(back_off(3).num_seconds(), 240);
        assert_eq!(back_off(1_000_000).num_hours(), 6);
        assert_eq!(back_off(-1).num_seconds(), 30);
    }
}
