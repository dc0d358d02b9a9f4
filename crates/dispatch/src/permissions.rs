//! What one may do in dispatch.

use kernel::Permission;

/// See repairers, where they are, and who is proposed.
pub const VIEW: Permission =
    Permission { key: "dispatch.view", zh: "查看派单", en: "View dispatching" };
/// Give orders to repairers.
pub const ASSIGN: Permission =
    Permission { key: "dispatch.assign", zh: "指派维修员", en: "Assign repairers" };
/// Be given orders: go on shift, report a position.
pub const WORK: Permission =
    Permission { key: "dispatch.work", zh: "上岗接单", en: "Work as a repairer" };
/// Set who can do what, and whether orders are given automatically.
pub const CONFIGURE: Permission =
    Permission { key: "dispatch.configure", zh: "设置派单", en: "Configure dispatching" };

/// All of them.
pub const ALL: &[Permission] = &[VIEW, ASSIGN, WORK, CONFIGURE];
