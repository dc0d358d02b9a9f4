//! Why a change of facts is refused.

use kernel::Rule;

/// Why a change of facts is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum FactRule {
    /// It ends before it begins.
    DatesReversed,
    /// It begins before there was an account.
    BeforeOpened,
    /// A day that cannot be meant.
    DateAbsurd,
    /// No room is like that.
    AreaAbsurd,
    /// No storey is like that.
    HeightAbsurd,
    /// Heat is used without a network.
    StatesContradict,
    /// Nothing to change.
    NothingChanges,
    /// A change without a reason.
    WhyMissing,
    /// The last room of an account.
    LastRoom,
    /// A room that another account of the same utility pays for.
    RoomTaken,
    /// An account number that exists.
    AccountNoTaken,
    /// An address code that exists.
    CodeTaken,
}

impl Rule for FactRule {
    fn code(&self) -> &'static str {
        match self {
            Self::DatesReversed => "directory.dates_reversed",
            Self::BeforeOpened => "directory.before_opened",
            Self::DateAbsurd => "directory.date_absurd",
            Self::AreaAbsurd => "directory.area_absurd",
            Self::HeightAbsurd => "directory.height_absurd",
            Self::StatesContradict => "directory.states_contradict",
            Self::NothingChanges => "directory.nothing_changes",
            Self::WhyMissing => "directory.why_missing",
            Self::LastRoom => "directory.last_room",
            Self::RoomTaken => "directory.room_taken",
            Self::AccountNoTaken => "directory.account_no_taken",
            Self::CodeTaken => "directory.code_taken",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::DatesReversed => "结束日期必须晚于开始日期",
            Self::BeforeOpened => "生效日期早于开户日期",
            Self::DateAbsurd => "日期超出合理范围（1970 年至两年后）",
            Self::AreaAbsurd => {
                "面积不合理，请核对（居民不超过 2000 平方米，供热面积不超过建筑面积的 1.5 倍）"
            }
            Self::HeightAbsurd => "层高应在 1 至 30 米之间",
            Self::StatesContradict => "未入网或已销户的用户不能处于用热状态",
            Self::NothingChanges => "没有任何变化",
            Self::WhyMissing => "请写明变更原因",
            Self::LastRoom => "这是该户的最后一个房间，不能移出",
            Self::RoomTaken => "该房间在此期间已属于另一户",
            Self::AccountNoTaken => "户号已存在",
            Self::CodeTaken => "地址编码已存在",
        }
        .to_owned()
    }

    fn en(&self) -> String {
        match self {
            Self::DatesReversed => "The end must be later than the beginning",
            Self::BeforeOpened => "That is before the account was opened",
            Self::DateAbsurd => "A date between 1970 and two years ahead is meant",
            Self::AreaAbsurd => {
                "That area cannot be right (homes up to 2,000 m², heated at most 1.5 × building)"
            }
            Self::HeightAbsurd => "A storey is 1 to 30 metres high",
            Self::StatesContradict => "Who is not on the network does not use heat",
            Self::NothingChanges => "Nothing would change",
            Self::WhyMissing => "Say why it changes",
            Self::LastRoom => "It is the account's last room",
            Self::RoomTaken => "That room belongs to another account at that time",
            Self::AccountNoTaken => "That account number exists",
            Self::CodeTaken => "That address code exists",
        }
        .to_owned()
    }
}
