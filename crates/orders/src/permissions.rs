//! What a role can allow here.

use kernel::Permission;

/// See orders.
pub const VIEW: Permission = Permission { key: "order.view", zh: "查看工单", en: "see orders" };
/// File orders, and write down what the customer says afterwards.
pub const CREATE: Permission =
    Permission { key: "order.create", zh: "受理工单", en: "file orders" };
/// Give orders to repairers.
pub const DISPATCH: Permission =
    Permission { key: "order.dispatch", zh: "派单", en: "dispatch orders" };
/// Carry out the orders that are given to oneself.
pub const HANDLE: Permission =
    Permission { key: "order.handle", zh: "处理工单", en: "handle orders" };
/// Judge finished work.
pub const AUDIT: Permission =
    Permission { key: "order.audit", zh: "审核工单", en: "audit orders" };
/// Ask the customer afterwards.
pub const REVISIT: Permission =
    Permission { key: "order.revisit", zh: "回访", en: "revisit orders" };
/// Void orders.
pub const VOID: Permission =
    Permission { key: "order.void", zh: "作废工单", en: "void orders" };
/// Name supervisors and move time limits.
pub const SUPERVISE: Permission =
    Permission { key: "order.supervise", zh: "督办工单", en: "supervise orders" };
/// Change kinds, symptoms, causes and their time limits.
pub const CONFIGURE: Permission =
    Permission { key: "order.configure", zh: "配置工单", en: "configure orders" };
/// Take lists of orders out of the house.
pub const EXPORT: Permission =
    Permission { key: "order.export", zh: "导出工单", en: "export orders" };

/// All of them.
pub const ALL: &[Permission] =
    &[VIEW, CREATE, DISPATCH, HANDLE, AUDIT, REVISIT, VOID, SUPERVISE, CONFIGURE, EXPORT];
