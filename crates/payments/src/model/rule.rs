//! Why money is refused.

use super::{PaymentState, RefundState, ShiftState};
use kernel::Fen;

/// The refusals of this room.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", prefix = "payments.")]
pub enum PaymentRule {
    /// No account, or no money.
    NothingToPay,
    /// More than anybody pays.
    TooMuch,
    /// Cash on the counter is less than what is due.
    TooLittle {
        /// What is due.
        due: Fen,
        /// What was handed over.
        tendered: Fen,
    },
    /// Only cash gives change.
    ExactOnly,
    /// Card, transfer and cheque are named by their slip.
    ReferenceMissing,
    /// That slip was booked before.
    ReferenceTaken,
    /// This way of paying is not a cashier's.
    NotAtCounter,
    /// An account stands twice in the list.
    AccountTwice,
    /// Somebody else took money or a charge changed since it was shown.
    OwedChanged {
        /// What is owed now.
        now: Fen,
    },
    /// A hold forbids it; the words are those for the customer.
    Held(String),
    /// No turn at the till is open.
    NoShift,
    /// One is open already.
    ShiftOpen,
    /// The turn is not in that state.
    ShiftIs(ShiftState),
    /// The drawer differs, and nobody has said why.
    DifferenceUnnamed(Fen),
    /// The payment is not in that state.
    PaymentIs(PaymentState),
    /// Taken back only in the turn that took it; later it is a refund.
    TooLateToReverse,
    /// Somebody else's turn.
    NotYourShift,
    /// Who asked for it does not approve it.
    SecondPerson,
    /// The refund is not in that state.
    RefundIs(RefundState),
    /// The account has not so much paid ahead.
    NotSoMuchCredit(Fen),
    /// A refund of it is under way.
    RefundTaken,
    /// No number is left in the block.
    NoNumbers,
    /// The block overlaps another.
    NumbersTaken,
    /// The block is empty or runs backwards.
    NumbersWrong,
    /// The receipt is void.
    ReceiptVoid,
    /// The face cannot be printed.
    FaceWrong,
    /// The money has an owner already, or went back.
    SuspenseDecided,
    /// That day is closed.
    DayClosed,
    /// The day is not over, or turns are still open.
    ShiftsOpen(i64),
    /// Nobody owes there.
    NobodyOwes,
    /// It has no cheque that could bounce.
    NotACheque,
    /// A cheque of theirs bounced, and nobody has released it; the words are for the customer.
    NoCheques(String),
    /// More doors than one list has.
    TooManyDoors(usize),
    /// A message is not a visit.
    NotAContact,
    /// A promise has a day, and nothing else has one.
    PromiseNeedsDay,
    /// A day is over, or far too late.
    DayNotAhead,
    /// No payment of it came since the list was made: a collector takes no money himself.
    NotPaid,
}

impl kernel::Rule for PaymentRule {
    fn code(&self) -> &'static str {
        self.into()
    }

    fn zh(&self) -> String {
        match self {
            Self::NothingToPay => "没有可收的金额".to_owned(),
            Self::TooMuch => "金额超出一笔可收的上限，请核对".to_owned(),
            Self::TooLittle { due, tendered } => format!("应收 {due} 元，实收 {tendered} 元，不足"),
            Self::ExactOnly => "只有现金可以找零，其他方式金额须相符".to_owned(),
            Self::ReferenceMissing => "请填写凭证号".to_owned(),
            Self::ReferenceTaken => "该凭证号已入账，请核对是否重复收款".to_owned(),
            Self::NotAtCounter => "柜台不收此种方式".to_owned(),
            Self::AccountTwice => "同一用户在清单中出现两次".to_owned(),
            Self::OwedChanged { now } => format!("欠费已变化，现为 {now} 元，请重新核对"),
            Self::Held(words) => format!("该户已限制收费：{words}"),
            Self::NoShift => "请先开班".to_owned(),
            Self::ShiftOpen => "您还有未交的班，请先交班".to_owned(),
            Self::ShiftIs(s) => format!("该班次{}，不能这样操作", s.zh()),
            Self::DifferenceUnnamed(by) => format!("现金相差 {by} 元，请说明原因"),
            Self::PaymentIs(s) => format!("该笔缴费{}，不能这样操作", s.zh()),
            Self::TooLateToReverse => "只能在收款的当班冲正，之后请办理退款".to_owned(),
            Self::NotYourShift => "不是您的班次".to_owned(),
            Self::SecondPerson => "申请人不能自己审批".to_owned(),
            Self::RefundIs(s) => format!("该退款{}，不能这样操作", s.zh()),
            Self::NotSoMuchCredit(has) => format!("该户预存余额只有 {has} 元"),
            Self::RefundTaken => "该笔缴费已在退款中".to_owned(),
            Self::NoNumbers => "没有可用的票据号，请先领用票据".to_owned(),
            Self::NumbersTaken => "票据号段与已有号段重叠".to_owned(),
            Self::NumbersWrong => "票据号段起止有误".to_owned(),
            Self::ReceiptVoid => "该票据已作废".to_owned(),
            Self::FaceWrong => "票面设置有误：标题不能为空，尺寸须在 60 至 297 毫米".to_owned(),
            Self::SuspenseDecided => "该笔暂收款已处理".to_owned(),
            Self::DayClosed => "该日已结账".to_owned(),
            Self::ShiftsOpen(n) => format!("还有 {n} 个班次未交，不能结账"),
            Self::NobodyOwes => "此处没有欠费用户".to_owned(),
            Self::NotACheque => "该笔缴费不是支票".to_owned(),
            Self::NoCheques(words) => format!("该户暂不能用支票：{words}"),
            Self::TooManyDoors(most) => format!("一张清单最多 {most} 户，请缩小范围"),
            Self::NotAContact => "请选择上门或电话".to_owned(),
            Self::PromiseNeedsDay => "承诺缴费须填承诺日期，其他结果不填".to_owned(),
            Self::DayNotAhead => "日期须在今天至半年以内".to_owned(),
            Self::NotPaid => {
                "系统中没有该户的缴费。催缴员不收现金，请用户通过柜台或线上缴费".to_owned()
            }
        }
    }

    fn en(&self) -> String {
        match self {
            Self::NothingToPay => "There is nothing to take".to_owned(),
            Self::TooMuch => "More than one payment may bring; check the amount".to_owned(),
            Self::TooLittle { due, tendered } => {
                format!("{due} yuan are due, {tendered} were handed over")
            }
            Self::ExactOnly => "Only cash gives change; other ways bring the exact sum".to_owned(),
            Self::ReferenceMissing => "Enter the slip's number".to_owned(),
            Self::ReferenceTaken => "That slip is booked already; was it taken twice?".to_owned(),
            Self::NotAtCounter => "The counter does not take this".to_owned(),
            Self::AccountTwice => "An account stands in the list twice".to_owned(),
            Self::OwedChanged { now } => {
                format!("What is owed has changed: it is {now} yuan now. Look again")
            }
            Self::Held(words) => format!("Taking money is blocked for this account: {words}"),
            Self::NoShift => "Open a shift first".to_owned(),
            Self::ShiftOpen => "You have a shift that is not handed over".to_owned(),
            Self::ShiftIs(s) => format!("The shift is {}", <&str>::from(s)),
            Self::DifferenceUnnamed(by) => format!("The drawer differs by {by} yuan; say why"),
            Self::PaymentIs(s) => format!("The payment is {}", <&str>::from(s)),
            Self::TooLateToReverse => {
                "Taken back only in the shift that took it; later it is a refund".to_owned()
            }
            Self::NotYourShift => "It is not your shift".to_owned(),
            Self::SecondPerson => "Who asked for it cannot approve it".to_owned(),
            Self::RefundIs(s) => format!("The refund is {}", <&str>::from(s)),
            Self::NotSoMuchCredit(has) => format!("The account has only {has} yuan paid ahead"),
            Self::RefundTaken => "A refund of this payment is under way".to_owned(),
            Self::NoNumbers => "No receipt numbers are left; take a new block".to_owned(),
            Self::NumbersTaken => "The block overlaps another one".to_owned(),
            Self::NumbersWrong => "The block is empty or runs backwards".to_owned(),
            Self::ReceiptVoid => "The receipt is void".to_owned(),
            Self::FaceWrong => {
                "The face needs a title, and sides of 60 to 297 millimetres".to_owned()
            }
            Self::SuspenseDecided => "This money was dealt with already".to_owned(),
            Self::DayClosed => "That day is closed".to_owned(),
            Self::ShiftsOpen(n) => format!("{n} shifts are not handed over yet"),
            Self::NobodyOwes => "Nobody owes anything there".to_owned(),
            Self::NotACheque => "That payment was not made by cheque".to_owned(),
            Self::NoCheques(words) => format!("No cheques from this account: {words}"),
            Self::TooManyDoors(most) => format!("A list has at most {most} doors; narrow it"),
            Self::NotAContact => "Choose visit or call".to_owned(),
            Self::PromiseNeedsDay => {
                "A promise to pay needs its day; nothing else has one".to_owned()
            }
            Self::DayNotAhead => "Days lie between today and half a year ahead".to_owned(),
            Self::NotPaid => {
                "No payment of this account came in. Collectors take no money themselves".to_owned()
            }
        }
    }
}
