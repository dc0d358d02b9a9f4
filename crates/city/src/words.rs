//! Names that sound like a northern city. All are invented; likeness is chance.

use crate::random::Rng;

const SURNAMES: &[(&str, i64)] = &[
    ("王", 95),
    ("李", 90),
    ("张", 85),
    ("刘", 60),
    ("赵", 38),
    ("杨", 36),
    ("陈", 30),
    ("郭", 26),
    ("马", 24),
    ("高", 22),
    ("武", 20),
    ("孙", 20),
    ("周", 16),
    ("吴", 14),
    ("徐", 14),
    ("胡", 12),
    ("朱", 11),
    ("任", 11),
    ("白", 10),
    ("韩", 10),
    ("梁", 9),
    ("宋", 9),
    ("贾", 9),
    ("薛", 8),
    ("冯", 8),
    ("董", 8),
    ("曹", 8),
    ("孟", 7),
    ("闫", 7),
    ("石", 6),
    ("侯", 6),
    ("郝", 6),
    ("崔", 5),
    ("程", 5),
    ("田", 5),
    ("范", 5),
    ("段", 5),
    ("乔", 4),
    ("常", 4),
    ("雷", 4),
    ("贺", 3),
    ("庞", 2),
    ("尉迟", 1),
    ("欧阳", 1),
];

const GIVEN: &[&str] = &[
    "伟", "强", "磊", "军", "勇", "杰", "涛", "斌", "鹏", "辉", "刚", "明", "亮", "建", "国", "志",
    "文", "海", "永", "玉", "秀", "英", "芳", "娜", "敏", "静", "丽", "艳", "霞", "燕", "红", "梅",
    "兰", "桂", "淑", "慧", "雪", "婷", "倩", "洁", "宇", "浩", "轩", "晨", "欣", "怡", "佳", "梓",
    "涵", "琪", "春", "生", "福", "贵", "平", "安", "和", "林", "东", "晓", "小", "俊", "龙", "凤",
    "云", "峰", "波", "超", "飞", "颖", "月", "瑞", "天", "成", "立", "新", "宝", "全", "长", "根",
];

const COMMUNITIES: &[&str] = &[
    "阳光小区",
    "御河花园",
    "云中苑",
    "平城嘉园",
    "文瀛里",
    "永泰新村",
    "和阳佳苑",
    "清远公馆",
    "武定家园",
    "魏都新城",
    "桑干雅居",
    "白登花园",
    "采凉小区",
    "方山翠庭",
    "恒安里",
    "雁北家园",
    "古城南苑",
    "御东国际",
    "柳航里",
    "水泉湾",
    "同泉小区",
    "迎宾花园",
    "振华新村",
    "开源名邸",
    "育才小区",
    "向阳里",
    "新胜小区",
    "西苑小区",
    "兴云佳园",
    "福康家园",
    "友谊新村",
    "锦绣花园",
];
const HEADS: &[&str] = &[
    "安康", "百合", "碧水", "长青", "晨光", "翠屏", "大庆", "东升", "枫林", "富民", "光华", "桂花",
    "和平", "宏图", "华宇", "惠民", "佳和", "金地", "锦江", "康乐", "兰亭", "丽景", "绿洲", "美好",
    "明珠", "南湖", "宁静", "祥和", "平安", "清风", "庆丰", "荣盛", "瑞祥", "盛世", "双河", "泰和",
];
const TAILS: &[&str] =
    &["小区", "花园", "家园", "佳苑", "新村", "名邸", "公馆", "雅居", "嘉园", "里", "苑", "新城"];
const PHASES: &[&str] = &["", "二期", "三期", "四期", "五期", "六期", "七期", "八期", "九期"];

const TRADES: &[&str] =
    &["便利店", "面馆", "药房", "理发店", "水果店", "五金店", "诊所", "早餐店", "洗衣店", "文具店"];

/// A person's name.
pub(crate) fn person(rng: &mut Rng) -> String {
    let surname = rng.weighted(SURNAMES);
    let first = rng.pick(GIVEN);
    let second = if rng.chance(720) { rng.pick(GIVEN) } else { "" };
    format!("{surname}{first}{second}")
}

/// A shop's name.
pub(crate) fn shop(rng: &mut Rng) -> String {
    format!("平城区{}{}", rng.pick(HEADS), rng.pick(TRADES))
}

/// The name of the n-th community; the first ones are those that people know.
pub(crate) fn community(n: usize) -> String {
    if let Some(known) = COMMUNITIES.get(n) {
        return (*known).to_owned();
    }
    let n = n - COMMUNITIES.len();
    let (head, rest) = (HEADS[n % HEADS.len()], n / HEADS.len());
    let (tail, phase) = (TAILS[rest % TAILS.len()], rest / TAILS.len());
    match PHASES.get(phase) {
        Some(phase) => format!("{head}{tail}{phase}"),
        None => format!("{head}{tail}第{}区", phase + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn communities_have_names_of_their_own() {
        let names: HashSet<String> = (0..6000).map(community).collect();
        assert_eq!(names.len(), 6000);
        assert!(names.contains("阳光小区"));
    }
}
