//! What a role can allow here.

use kernel::Permission;

/// See imports, their lines and control totals.
pub const VIEW: Permission =
    Permission { key: "imports.view", zh: "查看数据导入", en: "see imports" };
/// Stage files, map their columns, check them.
pub const STAGE: Permission =
    Permission { key: "imports.stage", zh: "导入数据暂存", en: "stage imports" };
/// Commit and undo imports, certify differences.
pub const COMMIT: Permission =
    Permission { key: "imports.commit", zh: "提交数据导入", en: "commit imports" };

/// All of them.
pub const ALL: &[Permission] = &[VIEW, STAGE, COMMIT];
