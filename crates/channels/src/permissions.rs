//! What one may do with messages.

use kernel::Permission;

/// See what was sent to whom.
pub const VIEW: Permission =
    Permission { key: "channels.view", zh: "查看消息记录", en: "View sent messages" };

/// All of them.
pub const ALL: &[Permission] = &[VIEW];
