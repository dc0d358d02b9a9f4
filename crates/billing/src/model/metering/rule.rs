//! Why a reading or a settlement is refused.

use super::Oddity;
use kernel::Rule;

/// Why a reading or a settlement is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeterRule {
    /// No such meter, or not that day.
    NoMeter(String),
    /// It is odd, and nobody has confirmed it.
    Odd(Vec<Oddity>),
    /// In the future, or a value with more decimals than a dial.
    Absurd,
    /// That reading is corrected already, or is another meter's.
    NotCorrectable,
    /// A reading of the season's beginning or end is missing.
    ReadingMissing(String),
    /// The household does not pay by meter.
    NotMetered,
    /// The season is not over.
    SeasonRuns,
    /// Nothing differs from what is settled.
    NothingNew,
}

impl Rule for MeterRule {
    fn code(&self) -> &'static str {
        match self {
            Self::NoMeter(_) => "billing.no_meter",
            Self::Odd(_) => "billing.reading_odd",
            Self::Absurd => "billing.reading_absurd",
            Self::NotCorrectable => "billing.reading_not_correctable",
            Self::ReadingMissing(_) => "billing.reading_missing",
            Self::NotMetered => "billing.not_metered",
            Self::SeasonRuns => "billing.season_runs",
            Self::NothingNew => "billing.nothing_to_settle",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::NoMeter(number) => format!("没有热表 {number}，或当日不在用"),
            Self::Odd(all) => {
                let all: Vec<_> = all.iter().map(|o| o.zh()).collect();
                format!("读数可疑：{}；确认无误请说明原因", all.join("、"))
            }
            Self::Absurd => "读数或日期不合理".to_owned(),
            Self::NotCorrectable => "该读数已更正，或不属于此热表".to_owned(),
            Self::ReadingMissing(number) => format!("热表 {number} 缺少起始或结束读数"),
            Self::NotMetered => "该户不按热量计费".to_owned(),
            Self::SeasonRuns => "采暖季尚未结束".to_owned(),
            Self::NothingNew => "与已结算结果一致，无需再结".to_owned(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::NoMeter(number) => format!("No meter {number} in use that day"),
            Self::Odd(all) => {
                let all: Vec<_> = all.iter().map(|o| <&str>::from(*o)).collect();
                format!("The reading is odd ({}); confirm it and say why", all.join(", "))
            }
            Self::Absurd => "The reading or its day cannot be meant".to_owned(),
            Self::NotCorrectable => {
                "That reading is corrected already, or another meter's".to_owned()
            }
            Self::ReadingMissing(number) => {
                format!("Meter {number} lacks a reading of the season's beginning or end")
            }
            Self::NotMetered => "The household does not pay by meter".to_owned(),
            Self::SeasonRuns => "The season is not over".to_owned(),
            Self::NothingNew => "Nothing differs from what is settled".to_owned(),
        }
    }
}
