//! The kinds, symptoms and causes that a new installation starts with. Their time limits are
//! sane for a demonstration, and law nowhere: a company sets its own.

use crate::{Side, Urgency, permissions, store};
use kernel::{Result, Tx};

/// A kind as it is first written.
pub(crate) struct SeedKind {
    pub key: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    /// The customer is visited; asked afterwards; complete evidence stands for an audit.
    pub manner: (bool, bool, bool),
    pub skill: Option<&'static str>,
    /// Minutes for ordinary, urgent, emergency.
    pub accept: [i32; 3],
    pub arrive: [i32; 3],
    pub finish: [i32; 3],
}

/// A symptom or a cause as it is first written.
type Word = (&'static str, &'static str, &'static str, &'static str);

const HOUR: i32 = 60;
const DAY: i32 = 24 * HOUR;
/// Minutes from the end of the work to the question how it was.
pub(crate) const REVISIT: i32 = DAY;

const VISIT: (bool, bool, bool) = (true, true, true);
const TALK: (bool, bool, bool) = (false, false, true);

const KINDS: &[SeedKind] = &[
    SeedKind {
        key: "repair",
        name: "报修",
        name_en: "Repair",
        manner: VISIT,
        skill: Some("repair"),
        accept: [30, 15, 5],
        arrive: [4 * HOUR, 2 * HOUR, 45],
        finish: [DAY, 8 * HOUR, 4 * HOUR],
    },
    SeedKind {
        key: "consult",
        name: "咨询",
        name_en: "Question",
        manner: TALK,
        skill: None,
        accept: [HOUR; 3],
        arrive: [4 * HOUR; 3],
        finish: [DAY, 8 * HOUR, 4 * HOUR],
    },
    SeedKind {
        key: "complaint",
        name: "投诉",
        name_en: "Complaint",
        manner: (false, true, false),
        skill: None,
        accept: [2 * HOUR, HOUR, 30],
        arrive: [DAY, 8 * HOUR, 4 * HOUR],
        finish: [3 * DAY, 2 * DAY, DAY],
    },
    SeedKind {
        key: "suggestion",
        name: "建议",
        name_en: "Suggestion",
        manner: TALK,
        skill: None,
        accept: [DAY; 3],
        arrive: [3 * DAY; 3],
        finish: [7 * DAY; 3],
    },
    SeedKind {
        key: "temperature_test",
        name: "测温申请",
        name_en: "Temperature test",
        manner: VISIT,
        skill: Some("temperature"),
        accept: [HOUR, 30, 15],
        arrive: [DAY, 8 * HOUR, 2 * HOUR],
        finish: [DAY + 2 * HOUR, 10 * HOUR, 4 * HOUR],
    },
    SeedKind {
        key: "valve",
        name: "开关栓申请",
        name_en: "Open or close a valve",
        manner: VISIT,
        skill: Some("valve"),
        accept: [2 * HOUR, HOUR, 15],
        arrive: [2 * DAY, DAY, 2 * HOUR],
        finish: [2 * DAY + 2 * HOUR, DAY + 2 * HOUR, 4 * HOUR],
    },
    SeedKind {
        key: "network_entry",
        name: "入网申请",
        name_en: "Join the network",
        manner: VISIT,
        skill: Some("network"),
        accept: [DAY, 8 * HOUR, 4 * HOUR],
        arrive: [3 * DAY, 2 * DAY, DAY],
        finish: [10 * DAY, 7 * DAY, 5 * DAY],
    },
    SeedKind {
        key: "stop_restore",
        name: "报停与复热申请",
        name_en: "Stop or restore heat",
        manner: VISIT,
        skill: Some("valve"),
        accept: [DAY, 8 * HOUR, 2 * HOUR],
        arrive: [3 * DAY, 2 * DAY, DAY],
        finish: [5 * DAY, 3 * DAY, 2 * DAY],
    },
    SeedKind {
        key: "inspection",
        name: "安全检查",
        name_en: "Safety check",
        manner: (true, false, true),
        skill: Some("inspection"),
        accept: [4 * HOUR, HOUR, 15],
        arrive: [3 * DAY, DAY, 2 * HOUR],
        finish: [3 * DAY + 4 * HOUR, DAY + 4 * HOUR, 6 * HOUR],
    },
    SeedKind {
        key: "install",
        name: "预约安装",
        name_en: "Installation by appointment",
        manner: VISIT,
        skill: Some("repair"),
        accept: [4 * HOUR, 2 * HOUR, HOUR],
        arrive: [3 * DAY, 2 * DAY, DAY],
        finish: [4 * DAY, 3 * DAY, 2 * DAY],
    },
    SeedKind {
        key: "reconnect",
        name: "缴费后恢复供热",
        name_en: "Reconnect after payment",
        manner: VISIT,
        skill: Some("valve"),
        accept: [HOUR, 30, 15],
        arrive: [DAY, 8 * HOUR, 4 * HOUR],
        finish: [DAY + 2 * HOUR, 10 * HOUR, 6 * HOUR],
    },
];

/// Kinds whose symptoms below are of heat; questions and complaints are of any utility.
const HEATED: &[&str] = &["repair", "valve", "stop_restore"];

/// Symptoms by kind, with how much each presses.
const SYMPTOMS: &[(Word, Urgency)] = &[
    (("no_heat", "repair", "不热", "No heat"), Urgency::URGENT),
    (("not_hot", "repair", "温度不达标", "Not warm enough"), Urgency::ORDINARY),
    (("partly_cold", "repair", "部分房间不热", "Some rooms stay cold"), Urgency::ORDINARY),
    (("leak", "repair", "漏水", "Leak"), Urgency::URGENT),
    (("burst", "repair", "爆管", "Burst pipe"), Urgency::EMERGENCY),
    (("scald", "repair", "喷水烫人", "Hot water sprays out"), Urgency::EMERGENCY),
    (("noise", "repair", "管道异响", "Noise in the pipes"), Urgency::ORDINARY),
    (("valve_fault", "repair", "阀门故障", "Valve does not work"), Urgency::ORDINARY),
    (("unit_cold", "repair", "整单元不热", "The whole unit is cold"), Urgency::EMERGENCY),
    (("fee", "consult", "热费咨询", "Fees"), Urgency::ORDINARY),
    (("policy", "consult", "政策咨询", "Rules"), Urgency::ORDINARY),
    (("schedule", "consult", "供热时间", "Heating dates"), Urgency::ORDINARY),
    (("service_attitude", "complaint", "服务态度", "Manners of staff"), Urgency::URGENT),
    (("repair_slow", "complaint", "维修不及时", "Repair too slow"), Urgency::URGENT),
    (("fee_dispute", "complaint", "收费争议", "Disputed fee"), Urgency::ORDINARY),
    (("heat_quality", "complaint", "供热质量", "Quality of heat"), Urgency::URGENT),
    (("valve_open", "valve", "申请开栓", "Open the valve"), Urgency::ORDINARY),
    (("valve_close", "valve", "申请关栓", "Close the valve"), Urgency::ORDINARY),
    (("heat_stop", "stop_restore", "申请报停", "Stop heat"), Urgency::ORDINARY),
    (("heat_restore", "stop_restore", "申请复热", "Restore heat"), Urgency::ORDINARY),
];

/// Symptoms of other utilities: filed from the same call, for the company that serves them.
const OF_OTHERS: &[(&str, Word, Urgency)] = &[
    ("water", ("no_water", "repair", "停水", "No water"), Urgency::URGENT),
    ("water", ("low_water", "repair", "水压低", "Low water pressure"), Urgency::ORDINARY),
    ("water", ("water_leak", "repair", "自来水漏水", "Water pipe leaks"), Urgency::URGENT),
    ("water", ("water_quality", "repair", "水质异常", "Water looks wrong"), Urgency::URGENT),
    ("gas", ("gas_smell", "repair", "燃气异味", "Smell of gas"), Urgency::EMERGENCY),
    ("gas", ("no_gas", "repair", "停气", "No gas"), Urgency::URGENT),
    ("gas", ("gas_meter", "repair", "燃气表故障", "Gas meter faulty"), Urgency::ORDINARY),
    ("power", ("no_power", "repair", "停电", "No power"), Urgency::URGENT),
    ("power", ("power_trips", "repair", "频繁跳闸", "Power trips"), Urgency::ORDINARY),
];

/// Causes by kind, with whose part they are in.
const CAUSES: &[(Word, Side)] = &[
    (("air_lock", "repair", "气堵", "Air lock"), Side::User),
    (("filter_clogged", "repair", "过滤器堵塞", "Filter clogged"), Side::User),
    (("radiator_fault", "repair", "散热器故障", "Radiator faulty"), Side::User),
    (("manifold_fault", "repair", "分集水器故障", "Manifold faulty"), Side::User),
    (("indoor_leak", "repair", "户内管道漏水", "Indoor pipe leaks"), Side::User),
    (("user_alteration", "repair", "用户私改", "Altered by the customer"), Side::User),
    (("user_valve_closed", "repair", "户内阀门未开", "Indoor valve was shut"), Side::User),
    (("covered", "repair", "散热设施遮挡", "Radiator covered"), Side::User),
    (("poor_insulation", "repair", "房屋保温差", "Poor insulation"), Side::User),
    (("valve_broken", "repair", "入户阀门故障", "Entry valve faulty"), Side::Network),
    (("low_flow", "repair", "流量不足", "Too little flow"), Side::Network),
    (("imbalance", "repair", "水力失调", "Hydraulic imbalance"), Side::Network),
    (("low_supply", "repair", "供水温度低", "Supply too cold"), Side::Network),
    (("pipe_leak", "repair", "立管或干管漏水", "Riser or main leaks"), Side::Network),
    (("network_outage", "repair", "管网停热", "Network outage"), Side::Network),
    (("station_fault", "repair", "换热站故障", "Exchange station faulty"), Side::Network),
    (("nothing_found", "repair", "现场正常", "Nothing found"), Side::None),
    (("temperature_good", "temperature_test", "室温达标", "Warm enough"), Side::None),
    (("temperature_low", "temperature_test", "室温不达标", "Too cold"), Side::Network),
    (("valve_done", "valve", "已开关栓", "Done"), Side::None),
    (("valve_refused", "valve", "不具备条件", "Not possible"), Side::User),
    (("entry_done", "network_entry", "已入网", "Joined"), Side::None),
    (("entry_refused", "network_entry", "不具备入网条件", "Not possible"), Side::User),
    (("stop_done", "stop_restore", "已办理", "Done"), Side::None),
    (("stop_refused", "stop_restore", "不符合条件", "Conditions not met"), Side::User),
    (("safe", "inspection", "无隐患", "Safe"), Side::None),
    (("hazard_user", "inspection", "户内隐患", "Hazard indoors"), Side::User),
    (("hazard_network", "inspection", "公共设施隐患", "Hazard in the network"), Side::Network),
    (("installed", "install", "已安装", "Installed"), Side::None),
    (("not_installable", "install", "不具备安装条件", "Not possible"), Side::User),
    (("reconnected", "reconnect", "已恢复", "Reconnected"), Side::None),
    (("reconnect_refused", "reconnect", "未结清或不具备条件", "Not possible"), Side::User),
    (("complaint_true", "complaint", "投诉属实", "Justified"), Side::Network),
    (("complaint_false", "complaint", "投诉不属实", "Not justified"), Side::None),
    (("consult_done", "consult", "已答复", "Answered"), Side::None),
    (("suggestion_noted", "suggestion", "已采纳或转办", "Taken up"), Side::None),
];

/// Writes the defaults; what is there already stays as the company set it.
pub async fn seed_defaults(tx: &mut Tx) -> Result<()> {
    tx.require(permissions::CONFIGURE)?;
    for (sort, kind) in (0..).zip(KINDS) {
        store::seed_kind(tx, sort, kind).await?;
    }
    for (sort, ((key, kind, name, name_en), urgency)) in (0..).zip(SYMPTOMS) {
        let utility = HEATED.contains(kind).then_some("heat");
        store::seed_symptom(tx, sort, [key, kind, name, name_en], *urgency, utility).await?;
    }
    for (sort, (utility, (key, kind, name, name_en), urgency)) in (100..).zip(OF_OTHERS) {
        let word = [*key, *kind, *name, *name_en];
        store::seed_symptom(tx, sort, word, *urgency, Some(utility)).await?;
    }
    for (sort, ((key, kind, name, name_en), side)) in (0..).zip(CAUSES) {
        store::seed_cause(tx, sort, [key, kind, name, name_en], *side).await?;
    }
    Ok(())
}
