//! Why an order may refuse.

use super::{Action, State};

/// The refusals of this room.
#[derive(Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", prefix = "order.")]
pub enum OrderRule {
    /// The state table has no such step.
    NoSuchStep(State, Action),
    /// Nothing changes on what is closed or voided.
    Over(State),
    /// The step belongs to the repairer who has the order, and that is somebody else.
    NotYours,
    /// The order is this repairer's already.
    AlreadyTheirs,
    /// Taking an order from one repairer to another needs a reason.
    ReasonNeeded,
    /// This kind is settled by a visit, not by words.
    NeedsVisit,
    /// The reports of this revisit are in.
    RevisitDone,
}

impl kernel::Rule for OrderRule {
    fn code(&self) -> &'static str {
        self.into()
    }

    fn zh(&self) -> String {
        match self {
            Self::NoSuchStep(state, action) => {
                format!("工单处于“{}”，不能{}", state.zh(), action.zh())
            }
            Self::Over(state) => format!("工单{}，不能再修改", state.zh()),
            Self::NotYours => "工单不在您名下".to_owned(),
            Self::AlreadyTheirs => "工单已在该维修员名下".to_owned(),
            Self::ReasonNeeded => "工单已派出，改派须说明原因".to_owned(),
            Self::NeedsVisit => "此类工单须上门处理，不能直接答复".to_owned(),
            Self::RevisitDone => "该回访已完成".to_owned(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::NoSuchStep(state, action) => {
                let (state, action) = (<&str>::from(*state), <&str>::from(*action));
                format!("The order is {state}: there is no step {action}")
            }
            Self::Over(state) => {
                format!("The order is {} and changes no more", <&str>::from(*state))
            }
            Self::NotYours => "The order is not yours".to_owned(),
            Self::AlreadyTheirs => "The order is this repairer's already".to_owned(),
            Self::ReasonNeeded => "The order is given already; say why it changes hands".to_owned(),
            Self::NeedsVisit => "Orders of this kind are settled by a visit".to_owned(),
            Self::RevisitDone => "This revisit is done already".to_owned(),
        }
    }
}
