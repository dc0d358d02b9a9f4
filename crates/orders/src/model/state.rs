//! The life of an order: a table. What is not in the table does not happen.

use super::OrderRule;

/// How an order stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    sqlx::Type,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Written down; nobody has it yet.
    Filed,
    /// Given to a repairer who has not confirmed it.
    Dispatched,
    /// Confirmed.
    Accepted,
    /// On the way.
    EnRoute,
    /// At the door.
    OnSite,
    /// The work is done; somebody must judge it.
    Finished,
    /// The customer must be asked.
    Revisit,
    /// Done and settled.
    Closed,
    /// It should not have been.
    Voided,
}

/// What can be done to an order.
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
pub enum Action {
    /// Settle it with words, for kinds that need no visit.
    Answer,
    /// Give it to a repairer, or take it from one to another.
    Dispatch,
    /// The repairer confirms.
    Accept,
    /// The repairer leaves.
    SetOut,
    /// The repairer arrives.
    Arrive,
    /// The repairer is done.
    Finish,
    /// The repairer gives it back.
    Return,
    /// The work is judged good.
    Pass,
    /// The work is judged bad.
    Fail,
    /// The customer is content.
    Satisfied,
    /// The customer is not: somebody goes again.
    Unsatisfied,
    /// It should not have been.
    Void,
}

/// The whole life of an order. Two targets of one action depend on whether its kind needs a
/// revisit; the caller names the one it wants.
pub const STEPS: &[(State, Action, State)] = {
    use {Action::*, State::*};
    &[
        (Filed, Answer, Closed),
        (Filed, Answer, Revisit),
        (Filed, Dispatch, Dispatched),
        (Dispatched, Dispatch, Dispatched),
        (Accepted, Dispatch, Dispatched),
        (EnRoute, Dispatch, Dispatched),
        (OnSite, Dispatch, Dispatched),
        (Dispatched, Accept, Accepted),
        (Accepted, SetOut, EnRoute),
        (EnRoute, Arrive, OnSite),
        (OnSite, Finish, Finished),
        (Dispatched, Return, Filed),
        (Accepted, Return, Filed),
        (EnRoute, Return, Filed),
        (OnSite, Return, Filed),
        (Finished, Pass, Revisit),
        (Finished, Pass, Closed),
        (Finished, Fail, Filed),
        (Revisit, Satisfied, Closed),
        (Revisit, Unsatisfied, Filed),
        (Filed, Void, Voided),
        (Dispatched, Void, Voided),
        (Accepted, Void, Voided),
        (EnRoute, Void, Voided),
        (OnSite, Void, Voided),
        (Finished, Void, Voided),
    ]
};

impl State {
    /// The step from here to `to`, or the refusal when there is none.
    pub fn step(self, action: Action, to: State) -> Result<State, OrderRule> {
        let exists = STEPS.contains(&(self, action, to));
        exists.then_some(to).ok_or(OrderRule::NoSuchStep(self, action))
    }

    /// Whether the table knows this step at all.
    pub fn allows(self, action: Action) -> bool {
        STEPS.iter().any(|(from, by, _)| (*from, *by) == (self, action))
    }

    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Voided)
    }

    /// Whether a repairer has it in hand.
    pub fn is_in_hand(self) -> bool {
        matches!(self, Self::Dispatched | Self::Accepted | Self::EnRoute | Self::OnSite)
    }

    /// Its name in one of the two languages.
    pub fn named(self, english: bool) -> &'static str {
        if english { self.into() } else { self.zh() }
    }

    /// What people call it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Filed => "待派单",
            Self::Dispatched => "待接单",
            Self::Accepted => "已接单",
            Self::EnRoute => "已出发",
            Self::OnSite => "已到场",
            Self::Finished => "待审核",
            Self::Revisit => "待回访",
            Self::Closed => "已办结",
            Self::Voided => "已作废",
        }
    }
}

impl Action {
    /// What people call it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Answer => "答复",
            Self::Dispatch => "派单",
            Self::Accept => "接单",
            Self::SetOut => "出发",
            Self::Arrive => "到场",
            Self::Finish => "完工",
            Self::Return => "退回",
            Self::Pass => "审核通过",
            Self::Fail => "审核不通过",
            Self::Satisfied => "回访满意",
            Self::Unsatisfied => "回访不满意",
            Self::Void => "作废",
        }
    }
}

/// The table as a Mermaid diagram; `docs/orders.md` holds it.
pub fn diagram() -> String {
    let name = |s: State| <&str>::from(s);
    let mut lines = vec!["stateDiagram-v2".to_owned(), "    [*] --> filed".to_owned()];
    for (from, action, to) in STEPS {
        let action = <&str>::from(*action);
        lines.push(format!("    {} --> {}: {action}", name(*from), name(*to)));
    }
    lines.push("    closed --> [*]".to_owned());
    lines.push("    voided --> [*]".to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray as _;

    fn reach(from: State) -> Vec<State> {
        let mut seen = vec![from];
        let mut next = 0;
        while next < seen.len() {
            for (a, _, b) in STEPS {
                if *a == seen[next] && !seen.contains(b) {
                    seen.push(*b);
                }
            }
            next += 1;
        }
        seen
    }

    #[test]
    fn every_state_can_be_reached_and_left_for_good() {
        let reached = reach(State::Filed);
        for state in State::VARIANTS {
            assert!(reached.contains(state), "{state:?} is never reached");
            assert!(reach(*state).iter().any(|s| s.is_over()), "{state:?} never ends");
        }
    }

    #[test]
    fn nothing_happens_to_what_is_over() {
        for state in State::VARIANTS.iter().filter(|s| s.is_over()) {
            assert!(Action::VARIANTS.iter().all(|a| !state.allows(*a)), "{state:?}");
        }
    }

    /// Accepts WO-26: the path of an order is drawn from the table that it follows.
    #[test]
    fn the_diagram_in_the_docs_is_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/orders.md");
        let docs = std::fs::read_to_string(path).unwrap();
        let drawn = docs.split("```mermaid\n").nth(1).and_then(|d| d.split("\n```").next());
        assert_eq!(drawn, Some(diagram().as_str()), "put this into docs/orders.md");
    }
}
