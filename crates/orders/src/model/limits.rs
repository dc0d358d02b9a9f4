//! Time limits: what an order's kind promises, counted from an instant. Pure.

use super::{State, Urgency};
use chrono::{DateTime, TimeDelta, Utc};

/// The promises of one kind of order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether somebody must go there.
    pub needs_visit: bool,
    /// Whether the customer is asked afterwards.
    pub needs_revisit: bool,
    /// Whether complete evidence stands for a person's audit.
    pub auto_audit: bool,
    /// Minutes to a repairer's confirmation, by urgency.
    pub accept_min: Vec<i32>,
    /// Minutes to the door, by urgency.
    pub arrive_min: Vec<i32>,
    /// Minutes to the end of the work, by urgency.
    pub finish_min: Vec<i32>,
    /// Minutes from the end of the work to its audit and revisit.
    pub revisit_min: i32,
}

/// When each part of one round must be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A repairer has confirmed.
    pub accept: DateTime<Utc>,
    /// He is there.
    pub arrive: DateTime<Utc>,
    /// The work is done.
    pub finish: DateTime<Utc>,
}

/// What must happen next.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    serde::Serialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Next {
    /// Somebody must be sent; counts against the limit for accepting.
    Dispatch,
    /// The repairer must confirm.
    Accept,
    /// The repairer must get there.
    Arrive,
    /// The work must be done.
    Finish,
    /// The work must be judged.
    Audit,
    /// The customer must be asked.
    Revisit,
}

impl Policy {
    /// The limits of a round that begins at `from`. Somebody who made an appointment is waited
    /// for: arriving is due at its end when that is later, and finishing keeps its distance.
    pub fn limits(
        &self,
        urgency: Urgency,
        from: DateTime<Utc>,
        appointment_to: Option<DateTime<Utc>>,
    ) -> Limits {
        let after = |minutes: &[i32]| {
            let minutes = minutes.get(urgency.index()).copied().unwrap_or_default();
            from + TimeDelta::minutes(minutes.max(0).into())
        };
        let accept = after(&self.accept_min);
        let promised = after(&self.arrive_min).max(accept);
        let work = (after(&self.finish_min) - promised).max(TimeDelta::zero());
        let arrive = appointment_to.map_or(promised, |to| promised.max(to));
        Limits { accept, arrive, finish: arrive + work }
    }

    /// When work that was finished at `at` must have been judged and asked after.
    pub fn revisit_due(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        at + TimeDelta::minutes(self.revisit_min.max(0).into())
    }
}

impl Limits {
    /// The same with another end of the work; what comes before it cannot be due later.
    pub fn finish_by(self, due: DateTime<Utc>) -> Self {
        Self { accept: self.accept.min(due), arrive: self.arrive.min(due), finish: due }
    }
}

impl Next {
    /// What must happen next in that state; nothing once it is over.
    pub fn of(state: State, needs_visit: bool) -> Option<Self> {
        match state {
            State::Filed if needs_visit => Some(Self::Dispatch),
            State::Filed => Some(Self::Finish),
            State::Dispatched => Some(Self::Accept),
            State::Accepted | State::EnRoute => Some(Self::Arrive),
            State::OnSite => Some(Self::Finish),
            State::Finished => Some(Self::Audit),
            State::Revisit => Some(Self::Revisit),
            State::Closed | State::Voided => None,
        }
    }
}

/// When to warn that a limit is at risk: a quarter of the time from `from` to `due` is left.
pub fn at_risk(from: DateTime<Utc>, due: DateTime<Utc>) -> DateTime<Utc> {
    let left = (due - from).max(TimeDelta::zero()) / 4;
    due - left
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn policy() -> impl Strategy<Value = Policy> {
        let minutes = || proptest::collection::vec(0..100_000_i32, 3);
        (minutes(), minutes(), minutes(), 0..100_000_i32).prop_map(|(accept, arrive, finish, r)| {
            Policy {
                needs_visit: true,
                needs_revisit: true,
                auto_audit: true,
                accept_min: accept,
                arrive_min: arrive,
                finish_min: finish,
                revisit_min: r,
            }
        })
    }

    fn instant() -> impl Strategy<Value = DateTime<Utc>> {
        (0..4_000_000_000_i64).prop_map(|s| DateTime::from_timestamp(s, 0).unwrap())
    }

    fn urgency() -> impl Strategy<Value = Urgency> {
        (1..=3_i16).prop_map(|u| Urgency::try_from(u).unwrap())
    }

    proptest! {
        /// Accepts WO-23: limits of one round stand in order whatever a company configures.
        #[test]
        fn limits_stand_in_order(
            p in policy(),
            u in urgency(),
            at in instant(),
            wait in proptest::option::of(0..9_999_i64),
        ) {
            let to = wait.map(|m| at + TimeDelta::minutes(m));
            let l = p.limits(u, at, to);
            prop_assert!(at <= l.accept && l.accept <= l.arrive && l.arrive <= l.finish);
            prop_assert!(to.is_none_or(|to| to <= l.arrive));
        }

        /// An appointment moves the arrival only when it is later, and leaves the work its time.
        #[test]
        fn an_appointment_only_delays(
            p in policy(), u in urgency(), at in instant(), wait in 0..200_000_i64
        ) {
            let to = at + TimeDelta::minutes(wait);
            let (plain, waited) = (p.limits(u, at, None), p.limits(u, at, Some(to)));
            prop_assert_eq!(waited.accept, plain.accept);
            prop_assert_eq!(waited.arrive, plain.arrive.max(to));
            prop_assert_eq!(waited.finish - waited.arrive, plain.finish - plain.arrive);
        }

        #[test]
        fn the_warning_comes_within_the_time_and_never_after_it(
            from in instant(), minutes in -100..100_000_i64
        ) {
            let due = from + TimeDelta::minutes(minutes);
            let warn = at_risk(from, due);
            prop_assert!(warn <= due);
            prop_assert!(minutes < 0 || warn >= from);
        }
    }

    #[test]
    fn limits_run_over_midnight_in_shanghai_like_over_any_minute() {
        let p = Policy {
            needs_visit: true,
            needs_revisit: true,
            auto_audit: true,
            accept_min: vec![30, 15, 5],
            arrive_min: vec![240, 120, 45],
            finish_min: vec![1440, 480, 240],
            revisit_min: 1440,
        };
        let before_midnight = "2026-11-22T15:59:00Z".parse().unwrap();
        let l = p.limits(Urgency::EMERGENCY, before_midnight, None);
        assert_eq!(l.accept.to_rfc3339(), "2026-11-22T16:04:00+00:00");
        assert_eq!(l.arrive.to_rfc3339(), "2026-11-22T16:44:00+00:00");
        assert_eq!(l.finish.to_rfc3339(), "2026-11-22T19:59:00+00:00");
        assert_eq!(at_risk(before_midnight, l.accept).to_rfc3339(), "2026-11-22T16:02:45+00:00");
    }
}
