//! A line's cells become what they mean, or the faults that the file gets beside them.

use super::{Fault, Kind, Mapping};
use chrono::NaiveDate;
use kernel::Fen;

/// A household as a line tells it; areas in hundredths of a square metre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    /// Its number.
    pub account_no: String,
    /// Who holds it.
    pub name: String,
    /// His identity number.
    pub id_number: Option<String>,
    /// His telephone.
    pub phone: Option<String>,
    /// Code or name of the station.
    pub station: String,
    /// Community, building, unit.
    pub place: [String; 3],
    /// Floor.
    pub floor: i32,
    /// Room.
    pub room: String,
    /// Building, usable, heated and charged area, storey height.
    pub areas: [Option<i64>; 5],
    /// Class of user.
    pub user_class: &'static str,
    /// How it is heated.
    pub heating_manner: &'static str,
    /// Whether heat is drawn.
    pub state: &'static str,
    /// How it pays.
    pub charge_type: &'static str,
    /// Since when.
    pub opened_on: NaiveDate,
}

/// Money as a line tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// The account's number.
    pub account_no: String,
    /// Code of the season.
    pub season: String,
    /// What for.
    pub item: &'static str,
    /// How much.
    pub amount: Fen,
    /// Of which day.
    pub on: NaiveDate,
    /// Where it came in; nothing for a charge.
    pub channel: Option<&'static str>,
}

/// A line that means something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Of a file of households.
    Household(Box<Household>),
    /// Of a file of charges or payments.
    Money(Money),
}

/// The largest area of one household, in hundredths: more is a missing decimal point.
const MOST_AREA: i64 = 2_000_000;
/// The largest amount of one line, in fen.
const MOST_AMOUNT: i64 = 1_000_000_000;

const CLASSES: &[(&str, &[&str])] = &[
    ("resident", &["居民", "住宅", "民用"]),
    ("shop", &["商业", "商铺", "底商", "非居民", "商户"]),
    ("public", &["公建", "机关", "学校", "医院", "单位"]),
    ("garage", &["车库", "储藏室"]),
];
const MANNERS: &[(&str, &[&str])] = &[
    ("radiator", &["散热器", "暖气片"]),
    ("floor", &["地暖", "地热", "地板辐射"]),
    ("fan_coil", &["风机盘管"]),
];
pub(super) const STATES: &[(&str, &[&str])] = &[
    ("using", &["用热", "正常", "供热", "在用"]),
    ("stopped", &["停热", "报停"]),
    ("forced_stop", &["强停", "强制停热"]),
    ("not_connected", &["未入网", "未接入", "未开通"]),
];
const TYPES: &[(&str, &[&str])] =
    &[("area", &["面积", "按面积"]), ("two_part", &["两部制"]), ("metered", &["计量", "按热量"])];
pub(super) const ITEMS: &[(&str, &[&str])] = &[
    ("heat", &["热费", "采暖费", "供热费"]),
    ("basic", &["基础费", "停热基础费", "基本热费"]),
    ("metered", &["计量热费"]),
    ("height", &["超高费", "超高加收"]),
    ("late", &["滞纳金", "违约金"]),
    ("connection", &["入网费"]),
    ("reconnect", &["开栓费"]),
];
const CHANNELS: &[(&str, &[&str])] = &[
    ("cash", &["现金"]),
    ("bank", &["银行", "银行代收", "转账"]),
    ("wechat", &["微信"]),
    ("alipay", &["支付宝"]),
    ("card", &["刷卡", "银行卡", "POS"]),
    ("cheque", &["支票"]),
];

struct Cells<'a> {
    kind: Kind,
    cells: &'a [String],
    mapping: &'a Mapping,
    faults: Vec<Fault>,
}

impl<'a> Cells<'a> {
    fn get(&self, key: &str) -> &'a str {
        let cell = self.mapping.get(key).and_then(|n| self.cells.get(*n));
        cell.map_or("", |c| c.trim())
    }

    fn fault(&mut self, key: &str, zh: &str, en: &str) {
        let column = self.kind.columns().iter().find(|c| c.key == key);
        let (name, name_en) = column.map_or((key, key), |c| (c.zh, c.en));
        let (field, zh, en) = (key.to_owned(), format!("{name}：{zh}"), format!("{name_en}: {en}"));
        self.faults.push(Fault { field, zh, en });
    }

    fn text(&mut self, key: &str, most: usize) -> String {
        let text = self.get(key);
        let required = self.kind.columns().iter().any(|c| c.key == key && c.required);
        if text.is_empty() && required {
            self.fault(key, "不能为空", "is missing");
        } else if text.chars().count() > most {
            self.fault(key, "过长", "is too long");
        } else if text.chars().any(char::is_control) {
            self.fault(key, "含有不可见字符", "has characters that nobody sees");
        } else if text.starts_with(['=', '@']) {
            self.fault(key, "像是公式", "looks like a formula");
        }
        text.to_owned()
    }

    fn word(
        &mut self,
        key: &str,
        words: &[(&'static str, &[&str])],
        otherwise: Option<&'static str>,
    ) -> &'static str {
        let text = self.get(key);
        if let (true, Some(word)) = (text.is_empty(), otherwise) {
            return word;
        }
        let is = |(word, also): &&(&'static str, &[&str])| *word == text || also.contains(&text);
        if let Some((word, _)) = words.iter().find(is) {
            return word;
        }
        let known: Vec<&str> = words.iter().filter_map(|(_, also)| also.first().copied()).collect();
        let zh = format!("“{text}”不在 {} 之中", known.join("、"));
        self.fault(key, &zh, &format!("{text:?} is not known"));
        otherwise.unwrap_or_default()
    }

    /// Hundredths of what is written.
    fn hundredths(&mut self, key: &str, most: i64) -> Option<i64> {
        let text: String = self
            .get(key)
            .chars()
            .filter(|c| !matches!(c, ',' | '，' | '¥' | '￥' | '元' | '㎡' | ' '))
            .collect();
        if text.is_empty() {
            return None;
        }
        let found = hundredths(&text).filter(|n| n.abs() <= most);
        if found.is_none() {
            self.fault(key, "不是合理的数值", "is no plausible number");
        }
        found
    }

    fn day(&mut self, key: &str, today: NaiveDate) -> NaiveDate {
        let text = self.get(key);
        let day = day(text);
        match day {
            Some(day) if day > today => self.fault(key, "在今天以后", "lies ahead"),
            Some(day) if day < NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default() => {
                self.fault(key, "年代不合理", "is too long ago");
            }
            Some(_) => {}
            None => self.fault(key, "不是日期", "is no date"),
        }
        day.unwrap_or_default()
    }
}

/// Two decimals at most; what would be rounded is refused.
pub(super) fn hundredths(text: &str) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let rest = rest.trim_end_matches('0');
    let digits = |t: &str| t.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || rest.len() > 2 || !digits(whole) || !digits(rest) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    Some(sign * (whole * 100 + rest))
}

fn day(text: &str) -> Option<NaiveDate> {
    let text = text.split([' ', 'T']).next().unwrap_or_default();
    if let (5, Ok(days)) = (text.len(), text.parse::<u64>()) {
        // A spreadsheet's day that nobody gave the form of a day.
        let first = NaiveDate::from_ymd_opt(1899, 12, 30)?;
        return first.checked_add_days(chrono::Days::new(days));
    }
    ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
}

/// What a line means, or everything that is wrong with it at once.
pub fn parse(
    kind: Kind,
    cells: &[String],
    mapping: &Mapping,
    today: NaiveDate,
) -> Result<Line, Vec<Fault>> {
    let mut cells = Cells { kind, cells, mapping, faults: Vec::new() };
    let line = match kind {
        Kind::Households => Line::Household(Box::new(household(&mut cells, today))),
        Kind::Charges | Kind::Payments => Line::Money(money(&mut cells, today)),
    };
    if cells.faults.is_empty() { Ok(line) } else { Err(cells.faults) }
}

fn household(cells: &mut Cells<'_>, today: NaiveDate) -> Household {
    let account_no = cells.text("account_no", 32);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !account_no.chars().all(plain) {
        cells.fault("account_no", "只能有字母、数字和短横", "has other than letters and digits");
    }
    let name = cells.text("name", 60);
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    let id_number = some(cells.text("id_number", 32));
    if id_number.as_ref().is_some_and(|n| !n.chars().all(plain)) {
        cells.fault("id_number", "只能有字母、数字和短横", "has other than letters and digits");
    }
    let phone = some(cells.get("phone").chars().filter(|c| !" -".contains(*c)).collect());
    if phone
        .as_ref()
        .is_some_and(|p| !(3..=20).contains(&p.len()) || !p.chars().all(|c| c.is_ascii_digit()))
    {
        cells.fault("phone", "不是电话号码", "is no telephone number");
    }
    let place = ["community", "building", "unit"].map(|key| cells.text(key, 60));
    let floor = cells.get("floor").trim_end_matches(['层', 'F', 'f']).parse().unwrap_or(i32::MAX);
    if !(-5..=120).contains(&floor) {
        cells.fault("floor", "不合理", "is not plausible");
    }
    let keys = ["building_area", "usable_area", "heated_area", "charged_area"];
    let [building, usable, heated, charged] = keys.map(|key| {
        let area = cells.hundredths(key, MOST_AREA);
        let required = matches!(key, "building_area" | "heated_area");
        if area.is_some_and(|a| a <= 0) || (required && area.is_none()) {
            cells.fault(key, "须大于零", "must be more than nothing");
        }
        area
    });
    if heated.zip(building).is_some_and(|(heated, building)| heated > building && building > 0) {
        cells.fault("heated_area", "大于建筑面积", "is larger than the building area");
    }
    let height = cells.hundredths("storey_height", 3_000);
    Household {
        account_no,
        name,
        id_number,
        phone,
        station: cells.text("station", 60),
        place,
        floor,
        room: cells.text("room", 20),
        areas: [building, usable, heated, charged, height],
        user_class: cells.word("user_class", CLASSES, None),
        heating_manner: cells.word("heating_manner", MANNERS, Some("radiator")),
        state: cells.word("state", STATES, None),
        charge_type: cells.word("charge_type", TYPES, Some("area")),
        opened_on: cells.day("opened_on", today),
    }
}

fn money(cells: &mut Cells<'_>, today: NaiveDate) -> Money {
    let amount = cells.hundredths("amount", MOST_AMOUNT);
    let pays = cells.kind == Kind::Payments;
    match amount {
        None if cells.get("amount").is_empty() => cells.fault("amount", "不能为空", "is missing"),
        Some(0) => cells.fault("amount", "不能为零", "is nothing"),
        Some(n) if n < 0 && pays => cells.fault("amount", "不能为负", "is negative"),
        _ => {}
    }
    let season = cells.text("season", 40);
    Money {
        account_no: cells.text("account_no", 32),
        season: whole_season(&season),
        item: cells.word("item", ITEMS, Some("heat")),
        amount: Fen::new(amount.unwrap_or_default()),
        on: cells.day("on", today),
        channel: pays.then(|| cells.word("channel", CHANNELS, None)),
    }
}

/// `2025` is what people call `2025-2026`.
pub(super) fn whole_season(text: &str) -> String {
    let text = text.trim_end_matches("采暖季").trim_end_matches(['年', '度']);
    match text.parse::<i32>() {
        Ok(year) if (1950..2200).contains(&year) => format!("{year}-{}", year + 1),
        _ => text.replace(['/', '—', '~'], "-"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        "2026-11-22".parse().unwrap()
    }

    fn line(kind: Kind, cells: &[&str]) -> Result<Line, Vec<Fault>> {
        let keys = kind.columns().iter().enumerate();
        let mapping = keys.map(|(n, c)| (c.key.to_owned(), n)).collect();
        let cells: Vec<String> = cells.iter().map(|c| (*c).to_owned()).collect();
        parse(kind, &cells, &mapping, today())
    }

    #[test]
    fn a_payment_is_read_as_people_write_it() {
        let cells = ["6001", "2025年", "", "¥1,980.50", "2025/11/3", "微信"];
        let wanted = Money {
            account_no: "6001".into(),
            season: "2025-2026".into(),
            item: "heat",
            amount: Fen::new(198_050),
            on: "2025-11-03".parse().unwrap(),
            channel: Some("wechat"),
        };
        assert_eq!(line(Kind::Payments, &cells), Ok(Line::Money(wanted)));
    }

    #[test]
    fn what_cannot_be_is_named_field_by_field() {
        for (cells, field) in [
            (["", "2025", "", "1", "2025-11-03", "微信"], "account_no"),
            (["1", "2025", "", "", "2025-11-03", "微信"], "amount"),
            (["1", "2025", "", "-5", "2025-11-03", "微信"], "amount"),
            (["1", "2025", "", "0.00", "2025-11-03", "微信"], "amount"),
            (["1", "2025", "", "1.234", "2025-11-03", "微信"], "amount"),
            (["1", "2025", "", "1e9", "2025-11-03", "微信"], "amount"),
            (["1", "2025", "", "99999999999999999999", "2025-11-03", "微信"], "amount"),
            (["1", "2025", "", "1", "2025-13-03", "微信"], "on"),
            (["1", "2025", "", "1", "2027-01-03", "微信"], "on"),
            (["1", "2025", "", "1", "2025-11-03", "贝壳"], "channel"),
            (["1", "2025", "牛奶", "1", "2025-11-03", "微信"], "item"),
        ] {
            let faults = line(Kind::Payments, &cells).unwrap_err();
            assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), [field]);
        }
    }

    proptest! {
        /// Whatever stands in a file, reading it never panics, and what is taken is sane.
        #[test]
        fn no_cell_breaks_the_reader(cells in prop::collection::vec("\\PC{0,12}", 0..22)) {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            for kind in [Kind::Households, Kind::Charges, Kind::Payments] {
                if let Ok(Line::Money(m)) = line(kind, &cells) {
                    prop_assert!(m.amount != Fen::ZERO && m.on <= today());
                }
            }
        }
    }
}
