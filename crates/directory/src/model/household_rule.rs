//! Why a change around a household is refused.

use kernel::Rule;

/// Why a change around a household is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum HouseholdRule {
    /// A word that is in no dictionary.
    UnknownTerm,
    /// A name that says nothing.
    NameMissing,
    /// On the blacklist already.
    Listed,
    /// Not on the blacklist.
    NotListed,
    /// A contract's number that exists.
    ContractNoTaken,
    /// A paper without a title.
    TitleMissing,
    /// A paper that ends before it was signed.
    PaperDates,
    /// A meter that hangs somewhere.
    MeterTaken,
    /// A meter as no meter is.
    MeterAbsurd,
    /// A term with a code or names that cannot be.
    TermInvalid,
    /// The last number of a person cannot be removed.
    PhoneUnknown,
}

impl Rule for HouseholdRule {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownTerm => "directory.unknown_term",
            Self::NameMissing => "directory.name_missing",
            Self::Listed => "directory.listed",
            Self::NotListed => "directory.not_listed",
            Self::ContractNoTaken => "directory.contract_no_taken",
            Self::TitleMissing => "directory.title_missing",
            Self::PaperDates => "directory.paper_dates",
            Self::MeterTaken => "directory.meter_taken",
            Self::MeterAbsurd => "directory.meter_absurd",
            Self::TermInvalid => "directory.term_invalid",
            Self::PhoneUnknown => "directory.phone_unknown",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::UnknownTerm => "字典中没有这一项",
            Self::NameMissing => "请填写姓名或名称",
            Self::Listed => "该户已在黑名单中",
            Self::NotListed => "该户不在黑名单中",
            Self::ContractNoTaken => "合同编号已存在",
            Self::TitleMissing => "请填写资料名称",
            Self::PaperDates => "到期日期早于签订日期",
            Self::MeterTaken => "该表号在此期间已安装在别处",
            Self::MeterAbsurd => "表号、单位或底数有误",
            Self::TermInvalid => "代码只能用小写字母、数字和下划线，中英文名称都要填写",
            Self::PhoneUnknown => "没有这个号码",
        }
        .to_owned()
    }

    fn en(&self) -> String {
        match self {
            Self::UnknownTerm => "No dictionary has that word",
            Self::NameMissing => "A name is needed",
            Self::Listed => "It is on the blacklist already",
            Self::NotListed => "It is not on the blacklist",
            Self::ContractNoTaken => "That contract number exists",
            Self::TitleMissing => "A paper needs a title",
            Self::PaperDates => "It ends before it was signed",
            Self::MeterTaken => "That meter hangs somewhere at that time",
            Self::MeterAbsurd => "The meter's number, unit or reading is wrong",
            Self::TermInvalid => {
                "A code has small letters, digits and underscores; both names are needed"
            }
            Self::PhoneUnknown => "There is no such number",
        }
        .to_owned()
    }
}
