//! Why the room refuses.

use kernel::Rule;

/// Why a charge or an opening is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargeRule {
    /// The opening is not where that step begins.
    OpeningStep,
    /// Nobody is in the selection.
    NobodySelected,
    /// An opening of this season is being posted.
    OpeningRuns,
    /// More money than there is.
    TooMuch,
    /// No such charge to explain or correct.
    NotCharged,
    /// The household has no room in the season.
    NoRooms,
    /// The season's code does not begin with its year.
    SeasonCode,
}

impl Rule for ChargeRule {
    fn code(&self) -> &'static str {
        match self {
            Self::OpeningStep => "billing.opening_step",
            Self::NobodySelected => "billing.nobody_selected",
            Self::OpeningRuns => "billing.opening_runs",
            Self::TooMuch => "billing.too_much",
            Self::NotCharged => "billing.not_charged",
            Self::NoRooms => "billing.no_rooms",
            Self::SeasonCode => "billing.season_code",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::OpeningStep => "开栏批次当前状态不允许此操作",
            Self::NobodySelected => "所选范围内没有用户",
            Self::OpeningRuns => "该采暖季正在开栏，请等待完成",
            Self::TooMuch => "金额超出范围",
            Self::NotCharged => "该用户在该采暖季没有收费记录",
            Self::NoRooms => "该户在本采暖季没有房屋",
            Self::SeasonCode => "采暖季名称应以年份开头，如 2026-2027",
        }
        .to_owned()
    }

    fn en(&self) -> String {
        match self {
            Self::OpeningStep => "The opening is not in a state for that step",
            Self::NobodySelected => "Nobody is in the selection",
            Self::OpeningRuns => "An opening of this season is being posted; wait for it",
            Self::TooMuch => "The amount is out of range",
            Self::NotCharged => "The household has no charge for that season",
            Self::NoRooms => "The household has no room in the season",
            Self::SeasonCode => "A season's code begins with its year, as in 2026-2027",
        }
        .to_owned()
    }
}
