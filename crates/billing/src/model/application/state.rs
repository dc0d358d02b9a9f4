//! The life of an application: a table. What is not in the table does not happen.

use super::ApplicationRule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How an application stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    sqlx::Type,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ApplicationState {
    /// Taken in; something stands against it still.
    Submitted,
    /// The rules allow it; a second person must decide.
    Checked,
    /// Granted; it waits for the valve.
    Approved,
    /// Refused, with the reason.
    Refused,
    /// It counts.
    Done,
    /// Taken back by who asked.
    Withdrawn,
}

/// What can be done to an application.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ApplicationAction {
    /// Hold it against the rules.
    Check,
    /// Grant it.
    Approve,
    /// Refuse it.
    Refuse,
    /// Let it count.
    Finish,
    /// Take it back.
    Withdraw,
}

/// The whole life of an application.
pub const APPLICATION_STEPS: &[(ApplicationState, ApplicationAction, ApplicationState)] = {
    use ApplicationAction::{Approve, Check, Finish, Refuse, Withdraw};
    use ApplicationState::{Approved, Checked, Done, Refused, Submitted, Withdrawn};
    &[
        (Submitted, Check, Checked),
        (Submitted, Refuse, Refused),
        (Submitted, Withdraw, Withdrawn),
        (Checked, Approve, Approved),
        (Checked, Refuse, Refused),
        (Checked, Withdraw, Withdrawn),
        (Approved, Finish, Done),
        (Approved, Withdraw, Withdrawn),
    ]
};

impl ApplicationState {
    /// The state after a step, or the refusal when there is none.
    pub fn step(self, action: ApplicationAction) -> Result<Self, ApplicationRule> {
        let mut steps = APPLICATION_STEPS.iter();
        let found = steps.find(|(from, by, _)| (*from, *by) == (self, action));
        found.map(|(.., to)| *to).ok_or(ApplicationRule::NoSuchStep(self, action))
    }

    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Refused | Self::Done | Self::Withdrawn)
    }

    /// What people call it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Submitted => "待核对",
            Self::Checked => "待审批",
            Self::Approved => "待执行",
            Self::Refused => "已驳回",
            Self::Done => "已办结",
            Self::Withdrawn => "已撤回",
        }
    }
}

impl ApplicationAction {
    /// What people call it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Check => "核对",
            Self::Approve => "批准",
            Self::Refuse => "驳回",
            Self::Finish => "办结",
            Self::Withdraw => "撤回",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray as _;

    #[test]
    fn the_diagram_in_the_docs_is_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/business.md");
        let docs = std::fs::read_to_string(path).unwrap();
        let drawn = docs.split("[*] --> submitted\n").nth(1).unwrap_or_default();
        let drawn: Vec<&str> = drawn.split("\n```").next().unwrap_or_default().lines().collect();
        let steps = APPLICATION_STEPS.iter().map(|(from, action, to)| {
            let name = |s: &ApplicationState| <&str>::from(*s);
            format!("    {} --> {}: {}", name(from), name(to), <&str>::from(*action))
        });
        assert_eq!(drawn, steps.collect::<Vec<_>>());
    }

    #[test]
    fn every_state_is_reached_and_what_is_over_stays() {
        let mut reached = vec![ApplicationState::Submitted];
        let mut next = 0;
        while let Some(from) = reached.get(next).copied() {
            for (a, _, b) in APPLICATION_STEPS {
                if *a == from && !reached.contains(b) {
                    reached.push(*b);
                }
            }
            next += 1;
        }
        for state in ApplicationState::VARIANTS {
            assert!(reached.contains(state), "{state:?}");
            let leaves = ApplicationAction::VARIANTS.iter().any(|a| state.step(*a).is_ok());
            assert_ne!(leaves, state.is_over(), "{state:?}");
        }
    }
}
