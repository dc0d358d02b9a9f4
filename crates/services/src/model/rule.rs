//! Why this room refuses.

/// Why this room refuses.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", prefix = "services.")]
pub enum ServiceRule {
    /// The order has no household that could be charged.
    NoHousehold,
    /// The order is not in the caller's hands, or not begun.
    NotInHand,
    /// The item is not offered that day.
    NotOffered(String),
    /// No warranty rule is in force.
    NoRule,
    /// Another price, or a warranty against the rule, without a word why.
    ReasonMissing(String),
    /// The price of this item is fixed.
    PriceFixed(String),
    /// The sum is not what the customer saw, or prices changed since.
    PriceChanged,
    /// More than one offer may come to.
    TooMuch,
    /// That step does not exist from here.
    WrongState,
    /// An offer that was agreed to lies on the table: take it back first.
    AgreedAlready,
    /// Only an image that the caller uploaded can be a signature.
    NoSignature,
    /// A price or rule cannot begin in the past.
    TooEarly,
    /// A version that is in force cannot be replaced; let another begin tomorrow.
    InForce,
    /// The code is taken.
    CodeTaken,
    /// A second person decides, and not he whose money it is.
    SecondPerson,
    /// It was decided already.
    Decided,
    /// There is nothing to settle in that period.
    NothingToSettle,
    /// A period ends before today.
    PeriodInvalid,
    /// Somebody settles the same work.
    SettledMeanwhile,
    /// A statement that is being decided holds this work: decide on it first.
    InStatement(String),
}

impl kernel::Rule for ServiceRule {
    fn code(&self) -> &'static str {
        self.into()
    }

    fn zh(&self) -> String {
        let plain = match self {
            Self::NotOffered(name) => return format!("“{name}”当前未提供"),
            Self::ReasonMissing(name) => return format!("“{name}”与规则或价目不一致，请说明原因"),
            Self::PriceFixed(name) => return format!("“{name}”为固定价，不能议价"),
            Self::InStatement(no) => return format!("该服务单在结算单 {no} 中，请先处理结算单"),
            Self::PriceChanged => "价格或保修规则已变，请重新报价",
            Self::NoHousehold => "工单未关联用户，不能收费",
            Self::NotInHand => "请先接单，并在完工前报价",
            Self::NoRule => "未设置保修规则",
            Self::TooMuch => "金额超出上限",
            Self::WrongState => "当前状态不能这样处理",
            Self::AgreedAlready => "用户已确认报价，请先撤回",
            Self::NoSignature => "请由用户签字确认",
            Self::TooEarly => "生效日期不能早于今天",
            Self::InForce => "已生效的版本不能改，请从明天起另立一版",
            Self::CodeTaken => "编码已被占用",
            Self::SecondPerson => "须由本人和编制人以外的人审批",
            Self::Decided => "已处理过",
            Self::NothingToSettle => "该期间没有可结算的服务",
            Self::PeriodInvalid => "结算期间有误，截止日须早于今天",
            Self::SettledMeanwhile => "其中的服务已在另一张结算单中",
        };
        plain.to_owned()
    }

    fn en(&self) -> String {
        let plain = match self {
            Self::NotOffered(name) => return format!("{name} is not offered now"),
            Self::ReasonMissing(name) => {
                return format!("{name} differs from the rule or the price list: say why");
            }
            Self::PriceFixed(name) => return format!("The price of {name} is fixed"),
            Self::InStatement(no) => {
                return format!("Statement {no} holds this work; decide on it first");
            }
            Self::PriceChanged => "Prices or the warranty changed; offer again",
            Self::NoHousehold => "The order has no household that could be charged",
            Self::NotInHand => "Accept the order first, and offer before finishing it",
            Self::NoRule => "There is no warranty rule in force",
            Self::TooMuch => "That is more than one offer may come to",
            Self::WrongState => "That cannot be done in this state",
            Self::AgreedAlready => "The customer agreed to an offer; take it back first",
            Self::NoSignature => "The customer's signature is needed",
            Self::TooEarly => "It cannot begin before today",
            Self::InForce => "A version in force stays; let another begin tomorrow",
            Self::CodeTaken => "The code is taken",
            Self::SecondPerson => "Somebody must approve who neither prepared it nor is paid by it",
            Self::Decided => "It was decided already",
            Self::NothingToSettle => "There is nothing to settle in that period",
            Self::PeriodInvalid => "The period must end before today",
            Self::SettledMeanwhile => "Another statement holds some of this work",
        };
        plain.to_owned()
    }
}
