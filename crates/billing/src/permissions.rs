//! What a role can be allowed here.

use kernel::Permission;

/// See charges and how they came about.
pub const VIEW: Permission =
    Permission { key: "billing.view", zh: "查看收费", en: "View charges" };

/// All of them.
pub const ALL: &[Permission] = &[VIEW];
