//! What a role can be allowed here.

use kernel::Permission;

/// See charges and how they came about.
pub const VIEW: Permission =
    Permission { key: "billing.view", zh: "查看收费", en: "View charges" };
/// Prepare and preview the opening of a season.
pub const PREPARE: Permission =
    Permission { key: "billing.prepare", zh: "编制开栏", en: "Prepare season openings" };
/// Post the opening of a season.
pub const OPEN: Permission =
    Permission { key: "billing.open", zh: "采暖季开栏", en: "Open a season" };

/// Take in applications of households: entry, stop, restore, transfer and so on.
pub const APPLY: Permission =
    Permission { key: "billing.apply", zh: "业务受理", en: "Take in applications" };
/// Decide on applications, also against what the rules object to.
pub const APPROVE: Permission =
    Permission { key: "billing.approve", zh: "业务审批", en: "Decide on applications" };
/// Propose reductions, corrections, carry-forwards, write-offs and refunds.
pub const ADJUST: Permission =
    Permission { key: "billing.adjust", zh: "提出费用调整", en: "Propose adjustments" };
/// Decide on adjustments of ordinary size.
pub const DECIDE: Permission =
    Permission { key: "billing.decide", zh: "审批费用调整", en: "Decide on adjustments" };
/// Decide on adjustments of any size.
pub const DECIDE_LARGE: Permission = Permission {
    key: "billing.decide_large",
    zh: "审批大额费用调整",
    en: "Decide on large adjustments",
};
/// Place holds on households.
pub const HOLD: Permission =
    Permission { key: "billing.hold", zh: "设置收费锁定", en: "Place holds" };
/// Release holds.
pub const RELEASE: Permission =
    Permission { key: "billing.release", zh: "解除收费锁定", en: "Release holds" };
/// Enter and correct meter readings.
pub const READ_METERS: Permission =
    Permission { key: "billing.read_meters", zh: "抄表", en: "Enter meter readings" };
/// Settle metered heat at the season's end, and close its late fees.
pub const SETTLE: Permission =
    Permission { key: "billing.settle", zh: "季末结算", en: "Settle meters and late fees" };

/// Write versions of the rules by which heat is charged.
pub const PACK_EDIT: Permission =
    Permission { key: "billing.pack_edit", zh: "编制规则包", en: "Write rule packs" };
/// Approve and publish versions that somebody else wrote.
pub const PACK_APPROVE: Permission = Permission {
    key: "billing.pack_approve",
    zh: "审批规则包",
    en: "Approve and publish rule packs",
};

/// All of them.
pub const ALL: &[Permission] = &[
    VIEW,
    PREPARE,
    OPEN,
    APPLY,
    APPROVE,
    ADJUST,
    DECIDE,
    DECIDE_LARGE,
    HOLD,
    RELEASE,
    READ_METERS,
    SETTLE,
    PACK_EDIT,
    PACK_APPROVE,
];
