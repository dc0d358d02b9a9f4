//! What roles can allow here.

use kernel::Permission;

/// Take calls at a seat.
pub const ANSWER: Permission =
    Permission { key: "telephony.answer", zh: "接听来电", en: "take calls" };
/// Call customers.
pub const DIAL: Permission =
    Permission { key: "telephony.dial", zh: "外呼", en: "call customers" };
/// Listen to recordings.
pub const LISTEN: Permission =
    Permission { key: "telephony.listen", zh: "听取录音", en: "listen to recordings" };
/// See call records.
pub const VIEW: Permission =
    Permission { key: "telephony.view", zh: "查看通话记录", en: "see call records" };
/// See and steer the seats of others.
pub const SUPERVISE: Permission =
    Permission { key: "telephony.supervise", zh: "话务监控", en: "supervise seats" };
/// Change queues and flows.
pub const CONFIGURE: Permission =
    Permission { key: "telephony.configure", zh: "话务配置", en: "configure queues and flows" };

/// All of them.
pub const ALL: &[Permission] = &[ANSWER, DIAL, LISTEN, VIEW, SUPERVISE, CONFIGURE];
