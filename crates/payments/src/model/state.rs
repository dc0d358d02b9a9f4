//! How money comes, and how far it has come. Each name is also a word of the database's checks.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$each:meta])* $variant:ident => $zh:literal),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type,
            serde::Serialize, serde::Deserialize, utoipa::ToSchema,
            strum::IntoStaticStr, strum::EnumString, strum::VariantArray,
        )]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum $name { $($(#[$each])* $variant),+ }

        impl $name {
            /// What people call it.
            pub fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }
        }
    };
}

words! {
    /// How somebody pays.
    PayMethod {
        /// Notes and coins.
        Cash => "现金",
        /// A card at the counter's terminal.
        Card => "刷卡",
        /// A transfer to the company's account, shown by its slip.
        Transfer => "转账",
        /// A cheque, which may bounce.
        Cheque => "支票",
        /// WeChat.
        Wechat => "微信",
        /// Alipay.
        Alipay => "支付宝",
        /// Collected by a bank.
        Bank => "银行代收",
        /// Money that lay in suspense until its owner was known.
        Suspense => "暂收款",
    }
}

words! {
    /// How a payment order stands.
    PaymentState {
        /// Nothing has come yet.
        Open => "待支付",
        /// Paid, and booked.
        Settled => "已入账",
        /// Paid and taken back.
        Reversed => "已冲正",
    }
}

words! {
    /// How one try stands. It only rises: what a provider says may come late, twice, out of order.
    AttemptState {
        /// Begun; nothing heard.
        Pending => "处理中",
        /// Asked, and nobody knows.
        Unknown => "结果不明",
        /// The provider said no.
        Failed => "失败",
        /// The money came.
        Succeeded => "成功",
    }
}

words! {
    /// What became of money that came.
    AttemptOutcome {
        /// It paid its order.
        Settled => "入账",
        /// The order was paid already: it goes back.
        Surplus => "重复支付",
    }
}

words! {
    /// Why money goes back.
    RefundKind {
        /// Two tries of one order both succeeded.
        DoubleSuccess => "重复支付退回",
        /// A whole payment is taken back.
        Order => "整笔退款",
        /// What an account has paid ahead is returned.
        Credit => "退预存款",
    }
}

words! {
    /// How far money has come on its way back.
    RefundState {
        /// Somebody must approve it.
        Requested => "待审批",
        /// It was not approved.
        Refused => "未批准",
        /// Under way, tried until it succeeds.
        Running => "退款中",
        /// The customer has it.
        Done => "已退回",
    }
}

words! {
    /// How a turn at the till stands.
    ShiftState {
        /// Money is taken.
        Open => "营业中",
        /// The drawer is counted.
        Counted => "已点款",
        /// Handed over.
        Closed => "已交班",
    }
}

words! {
    /// Whether a receipt counts.
    ReceiptState {
        /// It does.
        Issued => "有效",
        /// It does not.
        Void => "作废",
    }
}

words! {
    /// How money without an owner stands.
    SuspenseState {
        /// Nobody knows whose it is.
        Open => "待认领",
        /// It paid somebody's order.
        Assigned => "已认领",
        /// It went back to where it came from.
        Returned => "已退回",
    }
}

words! {
    /// What came of a visit at the door.
    VisitResult {
        /// He will pay.
        Promised => "承诺缴费",
        /// He will not.
        Refused => "拒缴",
        /// Nobody was there.
        Absent => "无人",
        /// He says that he does not owe it.
        Disputed => "有异议",
        /// He paid at the door.
        Paid => "已缴",
    }
}

words! {
    /// How a household was asked.
    ContactWay {
        /// At the door.
        Visit => "上门",
        /// By telephone.
        Call => "电话",
        /// A message.
        Message => "短信",
    }
}

impl PayMethod {
    /// Where the ledger books such money.
    pub fn ledger(self) -> ledger::Ledger {
        use ledger::Ledger;
        match self {
            Self::Cash => Ledger::Cash,
            Self::Card => Ledger::Card,
            Self::Cheque => Ledger::Cheque,
            Self::Wechat => Ledger::Wechat,
            Self::Alipay => Ledger::Alipay,
            Self::Transfer | Self::Bank => Ledger::Bank,
            Self::Suspense => Ledger::Suspense,
        }
    }

    /// Whether a cashier takes it over the counter.
    pub fn is_counter(self) -> bool {
        matches!(self, Self::Cash | Self::Card | Self::Transfer | Self::Cheque)
    }

    /// Whether the paper that shows it has a number, which names it.
    pub fn needs_reference(self) -> bool {
        matches!(self, Self::Card | Self::Transfer | Self::Cheque)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray as _;

    /// The words that SQL allows are those that Rust knows.
    #[test]
    fn the_database_knows_the_same_words() {
        let sql = include_str!("../../../../migrations/20261122000550_payments.sql");
        let check = |name: &str| {
            let after = sql.split(&format!("constraint {name}")).nth(1).unwrap();
            let inside = after.split("in (").nth(1).unwrap().split(')').next().unwrap();
            inside.split(',').map(|w| w.trim().trim_matches('\'').to_owned()).collect::<Vec<_>>()
        };
        fn names<T: Copy + Into<&'static str>>(all: &[T]) -> Vec<String> {
            all.iter().map(|v| (*v).into().to_owned()).collect()
        }
        assert_eq!(check("payment_order_method_known"), names(PayMethod::VARIANTS));
        assert_eq!(check("attempt_channel_known"), names(PayMethod::VARIANTS));
        assert_eq!(check("payment_order_state_known"), names(PaymentState::VARIANTS));
        assert_eq!(check("attempt_state_known"), names(AttemptState::VARIANTS));
        assert_eq!(check("attempt_outcome_known"), names(AttemptOutcome::VARIANTS));
        assert_eq!(check("refund_kind_known"), names(RefundKind::VARIANTS));
        assert_eq!(check("refund_state_known"), names(RefundState::VARIANTS));
        assert_eq!(check("shift_state_known"), names(ShiftState::VARIANTS));
        assert_eq!(check("receipt_state_known"), names(ReceiptState::VARIANTS));
        assert_eq!(check("suspense_state_known"), names(SuspenseState::VARIANTS));
        assert_eq!(check("collection_item_result_known"), names(VisitResult::VARIANTS));
        assert_eq!(check("collection_contact_result_known"), names(VisitResult::VARIANTS));
        assert_eq!(check("collection_contact_way_known"), names(ContactWay::VARIANTS));
    }
}
