//! The roles that come with the product. A company copies one to change it; these follow the
//! product's version, written anew at every start.

use kernel::Reach;

/// A role of the product's own.
pub struct BuiltinRole {
    /// Stable name.
    pub key: &'static str,
    /// Name, Chinese.
    pub zh: &'static str,
    /// Name, English.
    pub en: &'static str,
    /// Keys with reach [`Reach::Subtree`].
    pub keys: &'static [&'static str],
    /// Keys with reach [`Reach::Own`].
    pub own: &'static [&'static str],
}

impl BuiltinRole {
    /// Every key with its reach.
    pub fn grants(&self) -> impl Iterator<Item = (&'static str, Reach)> {
        let all = self.keys.iter().map(|k| (*k, Reach::Subtree));
        all.chain(self.own.iter().map(|k| (*k, Reach::Own)))
    }
}

const LOOK: &[&str] =
    &["directory.view", "order.view", "notice.view", "billing.view", "identity.view"];

/// All of them.
pub const BUILTIN: &[BuiltinRole] = &[
    BuiltinRole {
        key: "agent",
        zh: "客服座席",
        en: "Agent",
        keys: &[
            "telephony.answer",
            "telephony.dial",
            "telephony.view",
            "directory.view",
            "directory.bind",
            "directory.unmask",
            "billing.view",
            "order.view",
            "order.create",
            "order.revisit",
            "order.void",
            "notice.view",
            "insight.pop",
            "insight.map",
            "channels.view",
            "identity.view",
            "dispatch.view",
        ],
        own: &["telephony.listen"],
    },
    BuiltinRole {
        key: "agent_lead",
        zh: "客服班长",
        en: "Agent supervisor",
        keys: &[
            "telephony.answer",
            "telephony.dial",
            "telephony.view",
            "telephony.listen",
            "telephony.supervise",
            "telephony.configure",
            "directory.view",
            "directory.bind",
            "directory.unmask",
            "billing.view",
            "order.view",
            "order.create",
            "order.dispatch",
            "order.revisit",
            "order.void",
            "order.supervise",
            "order.export",
            "notice.view",
            "notice.publish",
            "insight.pop",
            "insight.numbers",
            "insight.map",
            "channels.view",
            "identity.view",
            "dispatch.view",
            "dispatch.assign",
        ],
        own: &[],
    },
    BuiltinRole {
        key: "repairer",
        zh: "维修员",
        en: "Repairer",
        keys: &["notice.view"],
        own: &["order.view", "order.handle", "dispatch.work"],
    },
    BuiltinRole {
        key: "team_leader",
        zh: "维修队长",
        en: "Repair team leader",
        keys: &[
            "directory.view",
            "order.view",
            "order.dispatch",
            "order.audit",
            "notice.view",
            "dispatch.view",
            "dispatch.assign",
            "insight.numbers",
            "insight.map",
            "identity.view",
            "order.supervise",
        ],
        own: &["order.handle", "dispatch.work"],
    },
    BuiltinRole {
        key: "station_head",
        zh: "维修站负责人",
        en: "Station head",
        keys: &[
            "directory.view",
            "billing.view",
            "order.view",
            "order.create",
            "order.dispatch",
            "order.audit",
            "order.void",
            "order.supervise",
            "order.export",
            "notice.view",
            "notice.publish",
            "dispatch.view",
            "dispatch.assign",
            "dispatch.configure",
            "insight.numbers",
            "insight.map",
            "telephony.listen",
            "channels.view",
            "identity.view",
        ],
        own: &[],
    },
    BuiltinRole {
        key: "manager",
        zh: "管理人员",
        en: "Manager",
        keys: &[
            "directory.view",
            "billing.view",
            "order.view",
            "order.supervise",
            "order.export",
            "notice.view",
            "dispatch.view",
            "insight.numbers",
            "insight.map",
            "telephony.listen",
            "telephony.view",
            "channels.view",
            "identity.view",
            "identity.audit",
        ],
        own: &[],
    },
    BuiltinRole {
        key: "dispatcher",
        zh: "专业调度",
        en: "Dispatcher",
        keys: &[
            "directory.view",
            "order.view",
            "order.create",
            "order.dispatch",
            "order.audit",
            "order.void",
            "order.supervise",
            "order.export",
            "notice.view",
            "notice.publish",
            "dispatch.view",
            "dispatch.assign",
            "dispatch.configure",
            "insight.map",
            "insight.numbers",
            "telephony.dial",
            "telephony.answer",
            "identity.view",
        ],
        own: &["telephony.listen"],
    },
    BuiltinRole { key: "cashier", zh: "收费员", en: "Cashier", keys: LOOK, own: &[] },
    BuiltinRole {
        key: "wall",
        zh: "大屏",
        en: "Wall display",
        keys: &["insight.wall", "insight.numbers", "insight.map"],
        own: &[],
    },
    BuiltinRole {
        key: "admin",
        zh: "系统管理员",
        en: "Administrator",
        keys: &[
            "identity.view",
            "identity.manage",
            "identity.grant",
            "identity.audit",
            "telephony.configure",
            "telephony.view",
            "order.view",
            "order.configure",
            "dispatch.configure",
            "directory.view",
            "channels.view",
            "notice.view",
            "notice.publish",
            "insight.numbers",
        ],
        own: &[],
    },
];
