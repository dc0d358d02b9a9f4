//! Why dispatch may refuse.

/// The refusals of this room.
#[derive(Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", prefix = "dispatch.")]
pub enum DispatchRule {
    /// Somebody other than the first of the ranking, or a change of hands, needs a reason.
    ReasonNeeded,
    /// Nobody can go.
    NobodyFree,
    /// Somebody has it already.
    AlreadyDispatched,
    /// This person was not among those considered.
    NotACandidate,
    /// The order is over, or waits for something other than a repairer.
    NotToBeDispatched,
    /// The caller is not entered as a repairer yet.
    NotAWorker,
}

impl kernel::Rule for DispatchRule {
    fn code(&self) -> &'static str {
        self.into()
    }

    fn zh(&self) -> String {
        match self {
            Self::ReasonNeeded => "未选择首位推荐人员或属于改派，须说明原因",
            Self::NobodyFree => "当前没有可派的维修员",
            Self::AlreadyDispatched => "工单已派出",
            Self::NotACandidate => "该人员不是本单的候选维修员",
            Self::NotToBeDispatched => "工单当前状态无需派单",
            Self::NotAWorker => "您尚未上岗，请先开始班次",
        }
        .to_owned()
    }

    fn en(&self) -> String {
        match self {
            Self::ReasonNeeded => "Say why it is not the first of the ranking, or changes hands",
            Self::NobodyFree => "No repairer can go now",
            Self::AlreadyDispatched => "The order is given already",
            Self::NotACandidate => "This person was not considered for the order",
            Self::NotToBeDispatched => "The order does not wait for a repairer",
            Self::NotAWorker => "You are not on duty as a repairer yet; start your shift first",
        }
        .to_owned()
    }
}
