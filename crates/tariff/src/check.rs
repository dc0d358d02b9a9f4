//! Sanity: what no place can mean, and what somebody should look at twice. "5 %" a day where 5 ‰
//! was meant has been printed and sent out elsewhere.

mod money;
mod season;

use crate::{Cited, Decimal, MonthDay, Pack, UserClass};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashSet;
use std::hash::Hash;
use strum::VariantArray as _;
use utoipa::ToSchema;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The pack cannot be published.
    Error,
    /// Unusual: a person must look.
    Warning,
}

/// Something wrong with a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PackFinding)]
pub struct Finding {
    /// Stable name.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// Where, such as `late.daily_rate`.
    pub path: String,
    /// For people, Chinese.
    pub zh: String,
    /// For people, English.
    pub en: String,
}

/// Collects findings.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, severity: Severity, code: &'static str, path: &str, zh: &str, en: &str) {
        let (path, zh, en) = (path.to_owned(), zh.to_owned(), en.to_owned());
        self.0.push(Finding { code, severity, path, zh, en });
    }

    fn error(&mut self, bad: bool, code: &'static str, path: &str, [zh, en]: [&str; 2]) {
        if bad {
            self.add(Severity::Error, code, path, zh, en);
        }
    }

    fn warn(&mut self, odd: bool, code: &'static str, path: &str, [zh, en]: [&str; 2]) {
        if odd {
            self.add(Severity::Warning, code, path, zh, en);
        }
    }

    /// Refuses what is not within `least..=most`.
    fn within(&mut self, path: &str, value: Decimal, least: Decimal, most: Decimal) {
        let zh = format!("{value} 超出合理范围 {least} 至 {most}");
        let en = format!("{value} is not within {least} to {most}");
        self.error(value < least || value > most, "out_of_range", path, [&zh, &en]);
    }

    /// Refuses what is no share of one.
    fn share(&mut self, path: &str, value: Decimal) {
        self.within(path, value, Decimal::ZERO, Decimal::ONE);
    }

    fn day(&mut self, path: &str, day: MonthDay) {
        let words = ["没有这一天", "There is no such day"];
        self.error(day.of(2024).is_none(), "no_such_day", path, words);
    }

    /// Refuses two rows for one thing.
    fn once<K: Hash + Eq>(&mut self, path: &str, keys: impl IntoIterator<Item = K>) {
        let mut seen = HashSet::new();
        let twice = keys.into_iter().any(|k| !seen.insert(k));
        self.error(twice, "twice", path, ["同一项出现两次", "One thing has two rows"]);
    }

    /// Refuses a list that leaves a class out.
    fn classes(&mut self, path: &str, rows: &[UserClass]) {
        for class in UserClass::VARIANTS.iter().filter(|c| !rows.contains(c)) {
            let zh = format!("缺少“{}”", class.zh());
            let en = format!("There is no row for {}", class.en());
            self.error(true, "class_missing", path, [&zh, &en]);
        }
    }
}

/// The values of a list of rows.
fn values<T: Clone>(rows: &[Cited<T>]) -> Vec<T> {
    rows.iter().map(|r| r.value.clone()).collect()
}

impl Pack {
    /// Everything that is wrong with the parameters, errors first.
    pub fn check(&self) -> Vec<Finding> {
        let mut found = Findings::default();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let bad_code =
            self.code.is_empty() || self.code.len() > 40 || !self.code.chars().all(plain);
        let words = ["代码只能用小写字母、数字和下划线", "A code has small letters, digits and _"];
        found.error(bad_code, "bad_code", "code", words);
        let unnamed = self.names.zh.trim().is_empty() || self.names.en.trim().is_empty();
        found.error(unnamed, "no_name", "names", ["缺少名称", "The pack has no name"]);
        let words =
            ["没有算例，无法证明参数正确", "Without examples nothing shows that it is right"];
        found.error(self.examples.is_empty(), "no_examples", "examples", words);
        self.check_season(&mut found);
        self.check_prices(&mut found);
        self.check_stop(&mut found);
        self.check_money(&mut found);
        self.check_late(&mut found);
        self.check_refunds(&mut found);
        self.check_approvals(&mut found);
        self.check_service(&mut found);
        self.check_citations(&mut found);
        found.0.sort_by_key(|f| f.severity == Severity::Warning);
        found.0
    }

    /// Whether every parameter says what it follows.
    fn check_citations(&self, found: &mut Findings) {
        let mut bare = Vec::new();
        uncited(&serde_json::to_value(self).unwrap_or_default(), "", &mut bare);
        for path in bare {
            let words = ["缺少依据", "It does not say what it follows"];
            found.error(true, "no_citation", &path, words);
        }
    }

    fn check_prices(&self, found: &mut Findings) {
        let rows = values(&self.areas.basis);
        found.once("areas.basis", rows.iter().map(|r| r.user_class));
        found.classes("areas.basis", &rows.iter().map(|r| r.user_class).collect::<Vec<_>>());
        let rows = values(&self.prices.tariffs);
        found.once("prices.tariffs", rows.iter().map(|t| (t.user_class, t.low_income)));
        let ordinary: Vec<_> = rows.iter().filter(|t| !t.low_income).collect();
        let classes: Vec<_> = ordinary.iter().map(|t| t.user_class).collect();
        found.classes("prices.tariffs", &classes);
        for (n, tariff) in rows.iter().enumerate() {
            let path = format!("prices.tariffs.{n}");
            let price = tariff.season_price().unwrap_or(Decimal::whole(1_000_000));
            found.within(&path, price, Decimal::from_micro(10_000), Decimal::whole(200));
            let words = ["每季每平方米超过 100 元", "More than 100 yuan a square metre and season"];
            found.warn(price > Decimal::whole(100), "dear", &path, words);
            let plain = ordinary.iter().find(|t| t.user_class == tariff.user_class);
            let plain = plain.and_then(|t| t.season_price());
            let words = ["低保价高于普通价", "The low-income price is above the ordinary one"];
            let dearer = tariff.low_income && plain.is_some_and(|p| price > p);
            found.error(dearer, "low_income_dearer", &path, words);
            if let crate::PriceUnit::Month { months } = tariff.unit {
                let words = ["采暖季月数应为 1 至 12", "A season has 1 to 12 months"];
                found.error(!(1..=12).contains(&months), "bad_months", &path, words);
            }
        }
        let height = &self.height;
        let dec = Decimal::from_micro;
        found.within(
            "height.threshold",
            height.threshold.value,
            Decimal::whole(2),
            Decimal::whole(10),
        );
        found.within("height.step", height.step.value, dec(10_000), Decimal::whole(5));
        found.within("height.rate", height.rate.value, Decimal::ZERO, dec(200_000));
        found.within("height.cap", height.cap.value, Decimal::ZERO, Decimal::whole(2));
        found.once("height.user_classes", height.user_classes.value.iter());
        self.check_metering(found);
    }

    fn check_metering(&self, found: &mut Findings) {
        let m = &self.metering;
        let base = m.base_share.value;
        found.within("metering.base_share", base, Decimal::ZERO, Decimal::from_micro(600_000));
        let words = ["基本热费比例超过 30%，多地规定不得超过 30%", "The base part is above 30 %"];
        found.warn(base > Decimal::from_micro(300_000), "high_base", "metering.base_share", words);
        found.share("metering.two_part_prepay", m.two_part_prepay.value);
        found.share("metering.metered_prepay", m.metered_prepay.value);
        let more = base.plus(m.two_part_prepay.value) > Decimal::ONE;
        let words = ["基本热费与预收之和超过面积热费", "Base and prepayment exceed the area fee"];
        found.error(more, "prepay_above_fee", "metering.two_part_prepay", words);
        found.within("metering.cap_share", m.cap_share.value, Decimal::ZERO, Decimal::whole(3));
        let rows = values(&m.prices);
        found.once("metering.prices", rows.iter().map(|p| p.user_class));
        let most = match m.unit.value {
            crate::HeatUnit::Kwh => Decimal::whole(2),
            crate::HeatUnit::Gj => Decimal::whole(400),
        };
        for (n, row) in rows.iter().enumerate() {
            let path = format!("metering.prices.{n}");
            found.within(&path, row.price, Decimal::from_micro(1_000), most);
        }
    }
}

/// Places of parameters whose citation is empty.
fn uncited(value: &Value, path: &str, into: &mut Vec<String>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(fields) => {
            if fields.get("citation").and_then(Value::as_str).is_some_and(|c| c.trim().is_empty()) {
                into.push(path.to_owned());
            }
            for (key, field) in fields.iter().filter(|(key, _)| *key != "examples") {
                uncited(field, &below(key), into);
            }
        }
        Value::Array(rows) => {
            for (n, row) in rows.iter().enumerate() {
                uncited(row, &below(&n.to_string()), into);
            }
        }
        _ => {}
    }
}
