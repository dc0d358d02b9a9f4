//! How offers, audits and statements stand, and which steps exist.

/// One of two or three words that SQL and the API know by the same name.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? })+) => {$(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::Type,
                 serde::Serialize, serde::Deserialize, strum::IntoStaticStr,
                 strum::VariantArray, utoipa::ToSchema)]
        $(#[$doc])*
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
    )+};
}

words! {
    /// What stands in the catalogue.
    #[schema(as = ServiceItemKind)]
    ItemKind {
        /// Work.
        Service,
        /// A thing that is fitted.
        Material,
    }
    /// On which side of the market it stands.
    ServiceClass {
        /// Repair of heating: public service, paid for out of warranty.
        Repair,
        /// A service of the market beside it.
        ValueAdded,
    }
    /// Whose the thing is that is worked on.
    #[schema(as = ServicePart)]
    Part {
        /// The company's, up to the flat.
        Public,
        /// The household's, inside the flat.
        Inside,
    }
    /// How an offer stands.
    SheetState {
        /// The customer sees the price.
        Quoted,
        /// He signed.
        Agreed,
        /// It was done; what is to be paid is a debt.
        Charged,
        /// He did not want it.
        Declined,
        /// It was taken back before it was done.
        Withdrawn,
        /// The charge was taken back.
        Reversed,
    }
    /// How an audit stands.
    #[schema(as = ServiceAuditState)]
    AuditState {
        /// Somebody must look.
        Open,
        /// It is in order: the repairer is paid.
        Passed,
        /// It is not: he is not.
        Objected,
    }
    /// How a statement stands.
    #[schema(as = ServiceStatementState)]
    StatementState {
        /// A second person must look.
        Proposed,
        /// It is in the book.
        Posted,
        /// It fell away.
        Refused,
        /// It was taken back.
        Reversed,
    }
}

/// What can be done to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum SheetAction {
    /// The customer signs.
    Agree,
    /// The customer does not want it.
    Decline,
    /// Another offer takes its place, or nobody goes.
    Withdraw,
    /// The work is done.
    Charge,
    /// The charge is taken back.
    Reverse,
}

/// The steps that exist.
pub const STEPS: &[(SheetState, SheetAction, SheetState)] = {
    use {SheetAction::*, SheetState::*};
    &[
        (Quoted, Agree, Agreed),
        (Quoted, Decline, Declined),
        (Quoted, Withdraw, Withdrawn),
        (Agreed, Withdraw, Withdrawn),
        (Agreed, Charge, Charged),
        (Charged, Reverse, Reversed),
    ]
};

impl SheetState {
    /// Where that step leads, if it exists.
    pub fn step(self, action: SheetAction) -> Option<Self> {
        STEPS.iter().find(|(from, a, _)| *from == self && *a == action).map(|(.., to)| *to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Earning, Finding, Reason};
    use strum::VariantArray as _;

    #[test]
    fn the_database_knows_the_same_words() {
        let sql = include_str!("../../../../migrations/20261122001200_services.sql");
        let check = |name: &str| {
            let after = sql.split(&format!("constraint {name} check")).nth(1).unwrap();
            let list = after.split(" in").nth(1).unwrap().split('(').nth(1).unwrap();
            let list = list.split(')').next().unwrap();
            list.split(',').map(|w| w.trim().trim_matches('\'').to_owned()).collect::<Vec<_>>()
        };
        fn names<T: Copy + Into<&'static str>>(all: &[T]) -> Vec<String> {
            all.iter().map(|v| (*v).into().to_owned()).collect()
        }
        assert_eq!(check("item_kind_known"), names(ItemKind::VARIANTS));
        assert_eq!(check("item_class_known"), names(ServiceClass::VARIANTS));
        assert_eq!(check("item_part_known"), names(Part::VARIANTS));
        assert_eq!(check("sheet_state_known"), names(SheetState::VARIANTS));
        assert_eq!(check("line_reason_known"), names(Reason::VARIANTS));
        assert_eq!(check("audit_state_known"), names(AuditState::VARIANTS));
        assert_eq!(check("statement_state_known"), names(StatementState::VARIANTS));
        assert_eq!(check("statement_line_kind_known"), names(Earning::VARIANTS));
        let found = sql.split("array[").nth(1).unwrap().split(']').next().unwrap();
        let found: Vec<_> = found.split(',').map(|w| w.trim().trim_matches('\'')).collect();
        assert_eq!(found, names(Finding::VARIANTS));
    }

    #[test]
    fn nothing_is_charged_that_nobody_agreed_to_and_what_ended_stays_ended() {
        use {SheetAction::*, SheetState::*};
        for state in SheetState::VARIANTS {
            assert_eq!(state.step(Charge).is_some(), *state == Agreed);
            assert_eq!(state.step(Agree).is_some(), *state == Quoted);
            let over = matches!(state, Declined | Withdrawn | Reversed);
            let goes = SheetAction::VARIANTS.iter().any(|a| state.step(*a).is_some());
            assert_eq!(goes, !over, "{state:?}");
        }
    }
}
