//! What a file holds, and which of its columns is what.

use super::Fault;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a file holds.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
    sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    /// Premises with their accounts, holders and telephones.
    Households,
    /// What households were charged, and opening balances.
    Charges,
    /// What they paid.
    Payments,
}

/// A field that a column may hold.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Column {
    /// Stable name.
    pub key: &'static str,
    /// For people, Chinese.
    pub zh: &'static str,
    /// For people, English.
    pub en: &'static str,
    /// Whether every line needs it.
    pub required: bool,
    /// Other headings under which it is known.
    #[serde(skip)]
    also: &'static [&'static str],
}

const fn column(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    required: bool,
    also: &'static [&'static str],
) -> Column {
    Column { key, zh, en, required, also }
}

const HOUSEHOLDS: &[Column] = &[
    column("account_no", "户号", "Account number", true, &["用户编号", "用热户号", "卡号"]),
    column("name", "户名", "Holder", true, &["姓名", "用户名称", "客户名称"]),
    column("id_number", "证件号码", "Identity number", false, &["身份证号", "证件号"]),
    column("phone", "电话", "Telephone", false, &["联系电话", "手机", "手机号"]),
    column("station", "维修站", "Station", true, &["站点", "换热站代码", "所属站"]),
    column("community", "小区", "Community", true, &["小区名称"]),
    column("building", "楼号", "Building", true, &["楼栋", "栋号"]),
    column("unit", "单元", "Unit", true, &["单元号"]),
    column("floor", "楼层", "Floor", true, &["层"]),
    column("room", "房号", "Room", true, &["室号", "门牌"]),
    column("building_area", "建筑面积", "Building area", true, &[]),
    column("usable_area", "套内面积", "Usable area", false, &["使用面积"]),
    column("heated_area", "供热面积", "Heated area", true, &["采暖面积"]),
    column("charged_area", "计费面积", "Charged area", false, &["收费面积"]),
    column("storey_height", "层高", "Storey height", false, &[]),
    column("user_class", "用户类别", "Class", true, &["用户性质", "房屋性质"]),
    column("heating_manner", "供暖方式", "Heating", false, &["采暖方式"]),
    column("state", "用热状态", "State", true, &["供热状态"]),
    column("charge_type", "计费方式", "Charge type", false, &["收费方式"]),
    column("opened_on", "开户日期", "Opened on", true, &["入网日期"]),
];
const CHARGES: &[Column] = &[
    column("account_no", "户号", "Account number", true, &["用户编号", "用热户号", "卡号"]),
    column("season", "采暖季", "Season", true, &["年度", "采暖年度"]),
    column("item", "费用项目", "Item", false, &["费项", "项目"]),
    column("amount", "应收金额", "Charged", true, &["应收", "欠费", "期初欠费", "金额"]),
    column("on", "应收日期", "Charged on", true, &["日期", "出账日期"]),
];
const PAYMENTS: &[Column] = &[
    column("account_no", "户号", "Account number", true, &["用户编号", "用热户号", "卡号"]),
    column("season", "采暖季", "Season", true, &["年度", "采暖年度"]),
    column("item", "费用项目", "Item", false, &["费项", "项目"]),
    column("amount", "实收金额", "Paid", true, &["实收", "缴费金额", "金额"]),
    column("on", "缴费日期", "Paid on", true, &["日期", "收款日期"]),
    column("channel", "缴费渠道", "Channel", true, &["渠道", "付款方式"]),
];

impl Kind {
    /// The fields of such a file.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Households => HOUSEHOLDS,
            Self::Charges => CHARGES,
            Self::Payments => PAYMENTS,
        }
    }
}

/// Which column, counted from nought, holds which field.
pub type Mapping = BTreeMap<String, usize>;

/// What the headings suggest.
pub fn guess(kind: Kind, headers: &[String]) -> Mapping {
    let plain = |text: &str| -> String {
        let end = text.find(['（', '(']).unwrap_or(text.len());
        let kept = text.get(..end).unwrap_or(text).chars().filter(|c| !c.is_whitespace());
        kept.flat_map(char::to_lowercase).collect()
    };
    let is = |c: &Column, heading: &str| {
        let names = [c.key, c.zh, c.en];
        names.iter().chain(c.also).any(|name| plain(name) == plain(heading))
    };
    let found = |c: &Column| headers.iter().position(|h| is(c, h));
    kind.columns().iter().filter_map(|c| Some((c.key.to_owned(), found(c)?))).collect()
}

/// What a mapping lacks or has too much of, by the fields' names.
pub fn mapping_faults(kind: Kind, mapping: &Mapping, columns: usize) -> Vec<Fault> {
    let fault = |field: &str, zh: &str, en: &str| Fault {
        field: field.to_owned(),
        zh: zh.to_owned(),
        en: en.to_owned(),
    };
    let known = |key: &str| kind.columns().iter().any(|c| c.key == key);
    let mut faults = Vec::new();
    for column in kind.columns().iter().filter(|c| c.required) {
        if !mapping.contains_key(column.key) {
            let zh = format!("没有指定“{}”是哪一列", column.zh);
            faults.push(fault(column.key, &zh, &format!("No column for {}", column.en)));
        }
    }
    for (key, place) in mapping {
        if !known(key) || *place >= columns {
            faults.push(fault(key, "没有这一列", "There is no such column"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_their_usual_names() {
        let headers = ["用户编号", "姓 名", "建筑面积（㎡）", "备注", "amount"].map(str::to_owned);
        let mapping = guess(Kind::Households, &headers);
        let wanted = [("account_no", 0), ("building_area", 2), ("name", 1)];
        assert_eq!(mapping, wanted.map(|(k, n)| (k.to_owned(), n)).into());
        let lacking = mapping_faults(Kind::Households, &mapping, 5);
        assert!(lacking.iter().any(|f| f.field == "station") && lacking.len() == 10, "{lacking:?}");
        let beyond = Mapping::from([("on".to_owned(), 9)]);
        assert!(mapping_faults(Kind::Charges, &beyond, 5).iter().any(|f| f.field == "on"));
    }
}
