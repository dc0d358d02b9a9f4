//! What one may do with field work.

use kernel::Permission;

/// Carry out one's own orders: steps, evidence, temperatures.
pub const WORK: Permission =
    Permission { key: "field.work", zh: "现场作业", en: "Work on the spot" };
/// See visits and their evidence.
pub const VIEW: Permission =
    Permission { key: "field.view", zh: "查看现场作业", en: "View field work" };

/// All of them.
pub const ALL: &[Permission] = &[WORK, VIEW];
