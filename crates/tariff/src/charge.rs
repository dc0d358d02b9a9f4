//! A season's charge: one walk over rooms and days, each item one exact fraction.

use crate::{
    AreaBasis, ChargeType, Cited, Decimal, Facts, Item, Pack, PartialStep, Room, SeasonCalendar,
    Tariff, UsePeriod, UseState, UserClass,
};
use chrono::NaiveDate;
use kernel::{Fen, Rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One item of a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChargeItem {
    /// What for.
    pub item: Item,
    /// How much.
    pub amount: Fen,
}

/// What a season costs an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Charge {
    /// Its items, none of them nothing, each once, in the order of [`Item`].
    pub items: Vec<ChargeItem>,
}

impl Charge {
    /// The sum; nothing when it is more money than there is.
    pub fn total(&self) -> Option<Fen> {
        self.items.iter().try_fold(Fen::ZERO, |sum, i| sum.checked_add(i.amount))
    }

    /// One item's amount; nothing owed where it is absent.
    pub fn of(&self, item: Item) -> Fen {
        self.items.iter().find(|i| i.item == item).map_or(Fen::ZERO, |i| i.amount)
    }
}

/// Why nothing can be reckoned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TariffRule {
    /// The calendar has no such season.
    NoSeason(i32),
    /// The pack has no price for this class.
    NoTariff(UserClass),
    /// The pack has no price of a unit of heat for this class.
    NoMeteredPrice(UserClass),
    /// The room lacks the area that counts.
    NoArea(String),
    /// An area or height that no room has.
    Absurd(String),
    /// Two states of use on one day.
    UsesOverlap,
    /// More money than there is.
    TooMuch,
    /// An input of other computations is out of range.
    Input(&'static str),
}

impl Rule for TariffRule {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSeason(_) => "tariff.no_season",
            Self::NoTariff(_) => "tariff.no_tariff",
            Self::NoMeteredPrice(_) => "tariff.no_metered_price",
            Self::NoArea(_) => "tariff.no_area",
            Self::Absurd(_) => "tariff.absurd",
            Self::UsesOverlap => "tariff.uses_overlap",
            Self::TooMuch => "tariff.too_much",
            Self::Input(_) => "tariff.input",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::NoSeason(year) => format!("规则包中没有 {year} 年开始的采暖季"),
            Self::NoTariff(class) => format!("规则包中没有“{}”的热价", class.zh()),
            Self::NoMeteredPrice(class) => format!("规则包中没有“{}”的计量热价", class.zh()),
            Self::NoArea(room) => format!("房屋 {room} 缺少计费面积"),
            Self::Absurd(room) => format!("房屋 {room} 的面积或层高不合理"),
            Self::UsesOverlap => "用热状态的时段重叠".to_owned(),
            Self::TooMuch => "金额超出范围".to_owned(),
            Self::Input(what) => format!("计算参数超出范围：{what}"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::NoSeason(year) => format!("The pack has no season that begins in {year}"),
            Self::NoTariff(class) => format!("The pack has no price for {}", class.en()),
            Self::NoMeteredPrice(class) => {
                format!("The pack has no price of metered heat for {}", class.en())
            }
            Self::NoArea(room) => format!("Room {room} lacks the area that counts"),
            Self::Absurd(room) => format!("Area or height of room {room} is not plausible"),
            Self::UsesOverlap => "Two states of use on one day".to_owned(),
            Self::TooMuch => "The amount is out of range".to_owned(),
            Self::Input(what) => format!("An input is out of range: {what}"),
        }
    }
}

/// The largest area of one room: a million square metres.
const MOST_AREA: Decimal = Decimal::whole(1_000_000);
/// The highest storey: a hundred metres.
const MOST_HEIGHT: Decimal = Decimal::whole(100);

/// Some days of one room that cost the same.
pub(crate) struct Slice<'a> {
    pub room: &'a Room,
    pub room_no: usize,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub days: i64,
    pub state: UseState,
    pub low_income: bool,
    pub basis: AreaBasis,
    pub area: Decimal,
    pub tariff: &'a Cited<Tariff>,
    pub price: Decimal,
}

/// Who hears of each part of a charge: sums, or lines that explain it. `num` over
/// [`denominator`] is fen.
pub(crate) trait Sink {
    fn part(&mut self, item: Item, slice: &Slice<'_>, share: Decimal, num: i128) -> Option<()>;
}

/// What the walk's numerators are divided by: six places each of price, area and share, the
/// season's days, and a hundred fen.
pub(crate) fn denominator(season: &SeasonCalendar) -> i128 {
    10_i128.pow(16) * i128::from(season.days.max(1))
}

const ITEMS: usize = 4;
/// What a season may be charged for, in the order of [`Item`].
pub(crate) const SEASONAL: [Item; ITEMS] = [Item::Heat, Item::Basic, Item::Metered, Item::Height];

pub(crate) fn place_of(item: Item) -> Option<usize> {
    SEASONAL.iter().position(|i| *i == item)
}

#[derive(Default)]
struct Sums([i128; ITEMS]);

impl Sink for Sums {
    fn part(&mut self, item: Item, _: &Slice<'_>, _: Decimal, num: i128) -> Option<()> {
        let sum = self.0.get_mut(place_of(item)?)?;
        *sum = sum.checked_add(num)?;
        Some(())
    }
}

/// What a season costs an account. Deterministic: the same facts under the same pack cost the
/// same for ever.
pub fn season_charge(
    pack: &Pack,
    season: &SeasonCalendar,
    facts: &Facts,
) -> Result<Charge, TariffRule> {
    let mut sums = Sums::default();
    walk(pack, season, facts, &mut sums)?;
    let den = denominator(season);
    let mut items = Vec::with_capacity(2);
    for (item, num) in SEASONAL.into_iter().zip(sums.0) {
        let amount = pack.money.rounding.value.apply(num, den).ok_or(TariffRule::TooMuch)?;
        if amount != Fen::ZERO {
            items.push(ChargeItem { item, amount });
        }
    }
    Ok(Charge { items })
}

/// Goes over every room and every run of days that cost the same.
pub(crate) fn walk(
    pack: &Pack,
    season: &SeasonCalendar,
    facts: &Facts,
    sink: &mut impl Sink,
) -> Result<(), TariffRule> {
    if overlap(&facts.uses) {
        return Err(TariffRule::UsesOverlap);
    }
    for (room_no, room) in facts.rooms.iter().enumerate() {
        let (basis, area) = area_of(pack, room)?;
        let span = match room.during {
            None => Some((season.first, season.end)),
            Some(during) => during.clip(season.first, season.end),
        };
        let Some((first, end)) = span else { continue };
        for used in facts.uses.iter().filter(|u| u.state != UseState::NotConnected) {
            let Some((from, to)) = used.during.clip(first, end) else { continue };
            let mut day = from;
            while day < to {
                let (low_income, until) = low_income_from(facts, day, to);
                let (tariff, price) = pack
                    .season_price(room.user_class, low_income)
                    .ok_or(TariffRule::NoTariff(room.user_class))?;
                let days = (until - day).num_days();
                let state = used.state;
                let slice = Slice {
                    room,
                    room_no,
                    from: day,
                    to: until,
                    days,
                    state,
                    low_income,
                    basis,
                    area,
                    tariff,
                    price,
                };
                parts(pack, facts.charge_type, &slice, sink).ok_or(TariffRule::TooMuch)?;
                day = until;
            }
        }
    }
    Ok(())
}

fn overlap(uses: &[UsePeriod]) -> bool {
    uses.iter().enumerate().any(|(i, a)| {
        let rest = uses.get(i + 1..).unwrap_or_default();
        let ends = |p: &UsePeriod| p.during.to.unwrap_or(NaiveDate::MAX);
        rest.iter().any(|b| {
            let from = a.during.from.max(b.during.from);
            from < ends(a).min(ends(b))
        })
    })
}

/// Whether a low-income proof is valid on `day`, and until when (at most `to`) that stays so.
fn low_income_from(facts: &Facts, day: NaiveDate, to: NaiveDate) -> (bool, NaiveDate) {
    let valid = |day: NaiveDate| facts.low_income.iter().any(|p| p.holds(day));
    let now = valid(day);
    let edges = facts.low_income.iter().flat_map(|p| [Some(p.from), p.to]).flatten();
    let next = edges.filter(|edge| day < *edge && *edge < to && valid(*edge) != now).min();
    (now, next.unwrap_or(to))
}

/// The area that counts.
pub(crate) fn area_of(pack: &Pack, room: &Room) -> Result<(AreaBasis, Decimal), TariffRule> {
    let rows = pack.areas.basis.iter().map(|b| b.value);
    let wanted = rows.into_iter().find(|b| b.user_class == room.user_class).map(|b| b.basis);
    let taken = |basis| match basis {
        AreaBasis::Building => room.building_area,
        AreaBasis::Usable => room.usable_area,
        AreaBasis::Heated => room.heated_area,
        AreaBasis::Charged => room.charged_area,
    };
    let fallback = pack.areas.fallback.value;
    let bases = [wanted.unwrap_or(fallback), fallback];
    let found = bases.into_iter().find_map(|basis| Some((basis, taken(basis)?)));
    let (basis, area) = found.ok_or_else(|| TariffRule::NoArea(room.label.clone()))?;
    let height = room.storey_height.unwrap_or_default();
    let sane = (Decimal::ZERO..=MOST_AREA).contains(&area)
        && (Decimal::ZERO..=MOST_HEIGHT).contains(&height);
    sane.then_some((basis, area)).ok_or_else(|| TariffRule::Absurd(room.label.clone()))
}

/// What some days of one room cost.
fn parts(
    pack: &Pack,
    charge_type: ChargeType,
    slice: &Slice<'_>,
    sink: &mut impl Sink,
) -> Option<()> {
    let whole = i128::from(slice.price.micro())
        .checked_mul(slice.area.micro().into())?
        .checked_mul(slice.days.into())?;
    let mut part = |item, share: Decimal| {
        if share == Decimal::ZERO {
            return Some(());
        }
        sink.part(item, slice, share, whole.checked_mul(share.micro().into())?)
    };
    if slice.state != UseState::Using {
        return part(Item::Basic, pack.basic_share(slice.room.user_class, slice.state));
    }
    let metering = &pack.metering;
    let (by_area, ahead) = match charge_type {
        ChargeType::Area => (Decimal::ONE, Decimal::ZERO),
        ChargeType::TwoPart => (metering.base_share.value, metering.two_part_prepay.value),
        ChargeType::Metered => (Decimal::ZERO, metering.metered_prepay.value),
    };
    part(Item::Heat, by_area)?;
    part(Item::Metered, ahead)?;
    part(Item::Height, height_share(pack, slice.room)?.times(by_area)?)
}

/// The height surcharge as a share of the base price.
pub(crate) fn height_share(pack: &Pack, room: &Room) -> Option<Decimal> {
    let rule = &pack.height;
    let over = room.storey_height.unwrap_or_default().less(rule.threshold.value);
    let step = rule.step.value.micro();
    if over <= Decimal::ZERO || step <= 0 || !rule.user_classes.value.contains(&room.user_class) {
        return Some(Decimal::ZERO);
    }
    let rate = i128::from(rule.rate.value.micro());
    let (over, step) = (i128::from(over.micro()), i128::from(step));
    let share = match rule.partial.value {
        PartialStep::Whole => (over + step - 1) / step * rate,
        PartialStep::Nothing => over / step * rate,
        PartialStep::Part => over * rate / step,
    };
    let share = i64::try_from(share).ok().map(Decimal::from_micro)?;
    Some(share.min(rule.cap.value))
}
