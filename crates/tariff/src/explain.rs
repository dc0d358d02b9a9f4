//! The same walk once more, told line by line.

use crate::charge::{SEASONAL, Sink, Slice, denominator, place_of, walk};
use crate::{
    AreaBasis, ChargeType, Decimal, Facts, Item, Pack, PriceUnit, Rounding, SeasonCalendar,
    TariffRule, UseState, UserClass,
};
use chrono::{Days, NaiveDate};
use kernel::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One line of a charge: area × price × share × days ÷ season's days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExplainLine {
    /// What for.
    pub item: Item,
    /// How much; the lines of an item sum to its amount.
    pub amount: Fen,
    /// The room's name.
    pub room: String,
    /// Its place in the facts.
    pub room_no: usize,
    /// Whose rooms.
    pub user_class: UserClass,
    /// Whether a low-income proof was valid.
    pub low_income: bool,
    /// Whether heat was drawn.
    pub state: UseState,
    /// How the account pays.
    pub charge_type: ChargeType,
    /// First day.
    pub from: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// Days.
    pub days: i64,
    /// What a season's fee is divided by.
    pub season_days: u16,
    /// Which area counts.
    pub basis: AreaBasis,
    /// Square metres.
    pub area: Decimal,
    /// Yuan a square metre and month or season.
    pub price: Decimal,
    /// For what time the price is.
    pub unit: PriceUnit,
    /// Share of the area fee; one where it is the whole.
    pub share: Decimal,
    /// What the price follows.
    pub citation: String,
}

/// A charge's lines as they are shown and read out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Explained {
    /// The line.
    pub line: ExplainLine,
    /// As a cashier reads it out, Chinese.
    pub zh: String,
    /// As a cashier reads it out, English.
    pub en: String,
}

impl From<ExplainLine> for Explained {
    fn from(line: ExplainLine) -> Self {
        let (zh, en) = (line.zh(), line.en());
        Self { line, zh, en }
    }
}

struct Lines<'a> {
    pack: &'a Pack,
    season: &'a SeasonCalendar,
    charge_type: ChargeType,
    rounding: Rounding,
    den: i128,
    /// Running numerator and what of it the lines so far hold, item by item.
    sums: [(i128, Fen); SEASONAL.len()],
    lines: Vec<ExplainLine>,
}

impl Lines<'_> {
    fn citation(&self, item: Item, slice: &Slice<'_>) -> String {
        let stop = &self.pack.stop;
        let class = slice.room.user_class;
        let basic = match slice.state {
            UseState::ForcedStop => Some(&stop.forced_basic_share.citation),
            _ => stop.basic.iter().find(|b| b.value.user_class == class).map(|b| &b.citation),
        };
        let other = match item {
            Item::Basic => basic,
            Item::Height => Some(&self.pack.height.rate.citation),
            Item::Metered if self.charge_type == ChargeType::TwoPart => {
                Some(&self.pack.metering.two_part_prepay.citation)
            }
            Item::Metered => Some(&self.pack.metering.metered_prepay.citation),
            _ if self.charge_type == ChargeType::TwoPart => {
                Some(&self.pack.metering.base_share.citation)
            }
            _ => None,
        };
        let price = &slice.tariff.citation;
        match other {
            Some(more) if more != price => format!("{price}；{more}"),
            _ => price.clone(),
        }
    }
}

impl Sink for Lines<'_> {
    fn part(&mut self, item: Item, slice: &Slice<'_>, share: Decimal, num: i128) -> Option<()> {
        let (sum, told) = self.sums.get_mut(place_of(item)?)?;
        *sum = sum.checked_add(num)?;
        let total = self.rounding.apply(*sum, self.den)?;
        let amount = total.checked_add(told.checked_neg()?)?;
        *told = total;
        self.lines.push(ExplainLine {
            item,
            amount,
            room: slice.room.label.clone(),
            room_no: slice.room_no,
            user_class: slice.room.user_class,
            low_income: slice.low_income,
            state: slice.state,
            charge_type: self.charge_type,
            from: slice.from,
            last: slice.to.checked_sub_days(Days::new(1))?,
            days: slice.days,
            season_days: self.season.days,
            basis: slice.basis,
            area: slice.area,
            price: slice.tariff.value.price,
            unit: slice.tariff.value.unit,
            share,
            citation: self.citation(item, slice),
        });
        Some(())
    }
}

/// The lines of a charge, made again from its inputs. The lines of each item sum to it: each line
/// is the difference of two rounded running sums, within a unit of rounding of its own value.
pub fn explain(
    pack: &Pack,
    season: &SeasonCalendar,
    facts: &Facts,
) -> Result<Vec<ExplainLine>, TariffRule> {
    let mut lines = Lines {
        pack,
        season,
        charge_type: facts.charge_type,
        rounding: pack.money.rounding.value,
        den: denominator(season),
        sums: [(0, Fen::ZERO); SEASONAL.len()],
        lines: Vec::new(),
    };
    walk(pack, season, facts, &mut lines)?;
    Ok(lines.lines)
}

impl UserClass {
    /// For people, Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Resident => "居民",
            Self::Shop => "商铺",
            Self::Public => "公建",
            Self::Garage => "车库",
        }
    }

    /// For people, English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Resident => "dwelling",
            Self::Shop => "shop",
            Self::Public => "public building",
            Self::Garage => "garage",
        }
    }
}

impl AreaBasis {
    /// For people, Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Building => "建筑面积",
            Self::Usable => "套内面积",
            Self::Heated => "采暖面积",
            Self::Charged => "计费面积",
        }
    }

    /// For people, English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Building => "building area",
            Self::Usable => "suite area",
            Self::Heated => "heated area",
            Self::Charged => "charged area",
        }
    }
}

impl ExplainLine {
    /// As a cashier reads it out, Chinese.
    pub fn zh(&self) -> String {
        let room = if self.room.is_empty() { String::new() } else { format!("{}，", self.room) };
        let state = match self.state {
            UseState::Using => "用热",
            UseState::Stopped => "报停",
            UseState::ForcedStop => "强制停热",
            UseState::NotConnected => "未入网",
        };
        let low = if self.low_income { "低保" } else { "" };
        let unit = match self.unit {
            PriceUnit::Season => format!("{} 元/平方米·季", self.price),
            PriceUnit::Month { months } => format!("{} 元/平方米·月 × {months} 个月", self.price),
        };
        let share = if self.share == Decimal::ONE {
            String::new()
        } else {
            let why = match (self.item, self.charge_type) {
                (Item::Basic, _) => "基础费比例",
                (Item::Height, _) => "超高加收",
                (Item::Metered, _) => "计量预收",
                _ => "两部制基本热费",
            };
            format!(" × {why} {}%", self.share.percent())
        };
        format!(
            "{}：{room}{} 至 {} {state} {} 天，{}{low}{} {} 平方米 × {unit}{share}{} = {} 元",
            self.item.zh(),
            self.from,
            self.last,
            self.days,
            self.user_class.zh(),
            self.basis.zh(),
            self.area,
            self.of_days(" 天"),
            self.amount,
        )
    }

    /// As a cashier reads it out, English.
    pub fn en(&self) -> String {
        let room = if self.room.is_empty() { String::new() } else { format!("{}, ", self.room) };
        let state = match self.state {
            UseState::Using => "heated",
            UseState::Stopped => "stopped",
            UseState::ForcedStop => "cut off",
            UseState::NotConnected => "not connected",
        };
        let low = if self.low_income { " (low income)" } else { "" };
        let unit = match self.unit {
            PriceUnit::Season => format!("{} yuan/m² a season", self.price),
            PriceUnit::Month { months } => format!("{} yuan/m² a month × {months}", self.price),
        };
        let share = if self.share == Decimal::ONE {
            String::new()
        } else {
            let why = match (self.item, self.charge_type) {
                (Item::Basic, _) => "basic share",
                (Item::Height, _) => "height surcharge",
                (Item::Metered, _) => "paid ahead",
                _ => "base part",
            };
            format!(" × {why} {}%", self.share.percent())
        };
        format!(
            "{}: {room}{state} {} to {}, {} days; {}{low}, {} {} m² × {unit}{share}{} = {} yuan",
            self.item.en(),
            self.from,
            self.last,
            self.days,
            self.user_class.en(),
            self.basis.en(),
            self.area,
            self.of_days(" days"),
            self.amount,
        )
    }

    fn of_days(&self, unit: &str) -> String {
        if self.days == i64::from(self.season_days) {
            return String::new();
        }
        format!(" × {}/{}{unit}", self.days, self.season_days)
    }
}
