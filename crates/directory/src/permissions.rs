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
/// Change facts of households, people, papers and marks.
pub const AMEND: Permission =
    Permission { key: "directory.amend", zh: "修改用户资料", en: "Amend households" };
/// Decide on data that may be wrong; merge people and addresses.
pub const CLEANSE: Permission =
    Permission { key: "directory.cleanse", zh: "治理数据质量", en: "Cleanse data" };
/// Keep dictionaries, utilities and the address book.
pub const CONFIGURE: Permission =
    Permission {
        key: "directory.configure", zh: "维护字典与通讯录", en: "Keep dictionaries"
    };

/// All of them.
pub const ALL: &[Permission] = &[VIEW, BIND, UNMASK, AMEND, CLEANSE, CONFIGURE];
