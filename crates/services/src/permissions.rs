//! What a role can allow here.

use kernel::Permission;

/// See the catalogue, what was done and charged, audits and statements.
pub const VIEW: Permission =
    Permission { key: "services.view", zh: "查看有偿服务", en: "view paid services" };
/// Offer paid services on one's own orders.
pub const WORK: Permission =
    Permission { key: "services.work", zh: "现场有偿服务", en: "offer paid services" };
/// Set prices and the warranty.
pub const CATALOGUE: Permission =
    Permission { key: "services.catalogue", zh: "维护服务价目", en: "keep the price list" };
/// Decide on what an audit found, and take a charge back.
pub const AUDIT: Permission =
    Permission { key: "services.audit", zh: "稽核有偿服务", en: "audit paid services" };
/// Propose what a repairer is paid.
pub const SETTLE: Permission =
    Permission {
        key: "services.settle", zh: "编制维修结算", en: "prepare repair settlements"
    };
/// Approve what somebody else proposed.
pub const APPROVE: Permission =
    Permission {
        key: "services.approve", zh: "审批维修结算", en: "approve repair settlements"
    };

/// All of them.
pub const ALL: &[Permission] = &[VIEW, WORK, CATALOGUE, AUDIT, SETTLE, APPROVE];
