//! What the caller can do with each order of a list: his scopes, worked out once.

use crate::{Action, State, permissions as may};
use kernel::{Actor, Permission, Scope, UserId};

/// The caller's scope under each key that a step asks for.
pub struct Powers {
    who: Option<UserId>,
    scopes: Vec<(Permission, Scope)>,
}

impl Powers {
    /// Those of `actor`.
    pub fn of(actor: &Actor) -> Self {
        let scope = |p: &Permission| actor.scope(*p).map(|scope| (*p, scope));
        Self { who: actor.user, scopes: may::ALL.iter().filter_map(scope).collect() }
    }

    /// The steps that are open to him on such an order.
    pub(crate) fn actions(
        &self,
        state: State,
        needs_visit: bool,
        org_path: &str,
        assignee: Option<UserId>,
    ) -> Vec<Action> {
        let open = |action: &Action| {
            let own = assignee.is_some() && assignee == self.who;
            let applies = match key_of(*action) {
                may::HANDLE => own,
                _ => *action != Action::Answer || !needs_visit,
            };
            applies && state.allows(*action) && self.reaches(key_of(*action), org_path, own)
        };
        <Action as strum::VariantArray>::VARIANTS.iter().copied().filter(open).collect()
    }

    fn reaches(&self, key: Permission, org_path: &str, own: bool) -> bool {
        let covers = |scope: &Scope| scope.covers(org_path) || (own && scope.own.is_some());
        self.scopes.iter().any(|(p, scope)| *p == key && covers(scope))
    }
}

/// The key that a step asks for.
fn key_of(action: Action) -> Permission {
    match action {
        Action::Answer => may::CREATE,
        Action::Dispatch => may::DISPATCH,
        Action::Accept | Action::SetOut | Action::Arrive | Action::Finish | Action::Return => {
            may::HANDLE
        }
        Action::Pass | Action::Fail => may::AUDIT,
        Action::Satisfied | Action::Unsatisfied => may::REVISIT,
        Action::Void => may::VOID,
    }
}
