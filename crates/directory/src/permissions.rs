//! What a role can be allowed here.

use kernel::Permission;

/// Find households and look at them, phones masked.
pub const VIEW: Permission =
    Permission { key: "directory.view", zh: "查看用户档案", en: "View households" };
/// Say that a number belongs to a household, or no longer does.
pub const BIND: Permission =
    Permission { key: "directory.bind", zh: "绑定来电号码", en: "Bind phone numbers" };
/// See phones and identity numbers in full, with a reason that is kept.
pub const UNMASK: Permission =
    Permission { key: "directory.unmask", zh: "查看完整号码", en: "See numbers in full" };

/// All of them.
pub const ALL: &[Permission] = &[VIEW, BIND, UNMASK];
