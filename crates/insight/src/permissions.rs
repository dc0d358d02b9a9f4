//! What a role can be allowed here.

use kernel::Permission;

/// Everything about a caller on one screen while it rings.
pub const POP: Permission =
    Permission { key: "insight.pop", zh: "来电弹屏", en: "See the caller's screen" };
/// Today's numbers and the backlog.
pub const NUMBERS: Permission =
    Permission { key: "insight.numbers", zh: "查看运行数据", en: "See the day's numbers" };
/// Orders and repairers on the map.
pub const MAP: Permission =
    Permission { key: "insight.map", zh: "查看工单地图", en: "See the live map" };
/// The big screen on the wall.
pub const WALL: Permission =
    Permission { key: "insight.wall", zh: "查看大屏", en: "See the wall" };
/// Fee reports: charged, received, owed, as of any moment.
pub const FEES: Permission =
    Permission { key: "insight.fees", zh: "查看收费报表", en: "See the fee reports" };
/// Lists of the desk as spreadsheets and on paper.
pub const EXPORT: Permission =
    Permission { key: "insight.export", zh: "导出与打印列表", en: "Export and print lists" };

/// All of them.
pub const ALL: &[Permission] = &[POP, NUMBERS, MAP, WALL, FEES, EXPORT];
