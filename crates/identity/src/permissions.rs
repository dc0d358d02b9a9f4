//! What this domain lets people do.

use kernel::Permission;

/// See who works here, and the organisation tree.
pub const VIEW: Permission =
    Permission {
        key: "identity.view", zh: "查看组织与人员", en: "See organisations and staff"
    };
/// Change organisations and people.
pub const MANAGE: Permission = Permission {
    key: "identity.manage",
    zh: "管理组织与人员",
    en: "Manage organisations and staff",
};
/// Change roles and give them.
pub const GRANT: Permission =
    Permission {
        key: "identity.grant", zh: "管理角色与授权", en: "Manage roles and grants"
    };
/// Read the operation log.
pub const AUDIT: Permission =
    Permission { key: "identity.audit", zh: "查看操作日志", en: "Read the operation log" };

/// All of them.
pub const ALL: &[Permission] = &[VIEW, MANAGE, GRANT, AUDIT];
