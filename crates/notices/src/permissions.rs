//! What a role can be allowed here.

use kernel::Permission;

/// See notices and the operating conditions of stations.
pub const VIEW: Permission =
    Permission {
        key: "notice.view", zh: "查看公告与运行工况", en: "View notices and stations"
    };
/// Publish, change and end notices; record readings.
pub const PUBLISH: Permission =
    Permission { key: "notice.publish", zh: "发布公告", en: "Publish notices" };

/// All of them.
pub const ALL: &[Permission] = &[VIEW, PUBLISH];
