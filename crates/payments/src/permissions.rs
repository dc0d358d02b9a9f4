//! What a role can allow here.

use kernel::Permission;

/// See payments, receipts and refunds.
pub const VIEW: Permission =
    Permission { key: "payments.view", zh: "查看缴费记录", en: "view payments" };
/// Take money at a counter, in a turn of one's own.
pub const TAKE: Permission =
    Permission { key: "payments.take", zh: "柜台收费", en: "take payments" };
/// Let money go back: approve what somebody else asked for.
pub const APPROVE: Permission =
    Permission { key: "payments.approve", zh: "审批退款", en: "approve refunds" };
/// Give out blocks of receipt numbers, set the receipt's face.
pub const STOCK: Permission =
    Permission { key: "payments.stock", zh: "票据管理", en: "manage receipt stock" };
/// Find the owner of money that lies in suspense.
pub const SUSPENSE: Permission =
    Permission { key: "payments.suspense", zh: "处理暂收款", en: "clear suspense" };
/// See all drawers and close the day.
pub const CLOSE: Permission =
    Permission { key: "payments.close", zh: "日结", en: "close the day" };
/// Make lists of doors to collect at, and write down what came of it.
pub const COLLECT: Permission =
    Permission { key: "payments.collect", zh: "上门催缴", en: "collect at the door" };

/// All of them.
pub const ALL: &[Permission] = &[VIEW, TAKE, APPROVE, STOCK, SUSPENSE, CLOSE, COLLECT];
