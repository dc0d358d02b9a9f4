//! The demonstration pack: no place's law, but one of everything. The demonstration house
//! publishes it, and the tests prove that each of its parameters matters to some example.

mod examples;

use crate::*;
use kernel::Fen;

use ChangeKind as Ch;
use Condition as Co;
use UserClass as Class;

/// A parameter of the demonstration with its article.
fn cited<T>(value: T, article: &str) -> Cited<T> {
    Cited::new(value, &format!("演示规则（虚构）{article}"))
}

const fn dec(micro: i64) -> Decimal {
    Decimal::from_micro(micro)
}

/// The demonstration pack.
pub fn demonstration_pack() -> Pack {
    let names = Names { zh: "演示规则包".to_owned(), en: "Demonstration rules".to_owned() };
    Pack {
        code: "demonstration".to_owned(),
        names,
        calendar: calendar(),
        areas: areas(),
        prices: prices(),
        height: height(),
        metering: metering(),
        stop: stop(),
        late: late(),
        discounts: discounts(),
        refunds: refunds(),
        money: money(),
        approvals: approvals(),
        service: service(),
        changes: changes(),
        examples: examples::all(),
    }
}

fn calendar() -> CalendarRules {
    let day = |anchor, days| SeasonDay { anchor, days };
    let phase = |phase, from, to| cited(PhaseRule { phase, from, to }, "第 4 条");
    let (start, end) = (|days| day(Anchor::Start, days), |days| day(Anchor::End, days));
    let starts = chrono::NaiveDate::from_ymd_opt(2024, 11, 12).and_then(|d| d.and_hms_opt(0, 0, 0));
    let ends = chrono::NaiveDate::from_ymd_opt(2025, 3, 19).and_then(|d| d.and_hms_opt(0, 0, 0));
    CalendarRules {
        starts: cited(SeasonMoment { month: 11, day: 15, hour: 0 }, "第 3 条"),
        ends: cited(SeasonMoment { month: 3, day: 15, hour: 24 }, "第 3 条"),
        ordered: vec![cited(Ordered { season: 2024, starts, ends }, "2024 年第 7 号通知")],
        day_basis: cited(DayBasis::Nominal, "第 3 条第 2 款"),
        phases: vec![
            phase(Phase::Fill, start(-28), start(-7)),
            phase(Phase::Trial, start(-7), start(0)),
            phase(Phase::Opening, start(0), start(10)),
            phase(Phase::Stable, start(10), end(-7)),
            phase(Phase::Closing, end(-7), end(0)),
        ],
    }
}

fn areas() -> AreaRules {
    let row = |user_class, basis| cited(ClassArea { user_class, basis }, "第 5 条");
    AreaRules {
        basis: vec![
            row(Class::Resident, AreaBasis::Building),
            row(Class::Shop, AreaBasis::Charged),
            row(Class::Public, AreaBasis::Heated),
            row(Class::Garage, AreaBasis::Usable),
        ],
        fallback: cited(AreaBasis::Building, "第 5 条第 2 款"),
    }
}

fn prices() -> PriceRules {
    let season = PriceUnit::Season;
    let row = |user_class, low_income, unit, price, article| {
        cited(Tariff { user_class, low_income, unit, price }, article)
    };
    PriceRules {
        tariffs: vec![
            row(Class::Resident, false, season, Decimal::whole(22), "价目表第 1 项"),
            row(Class::Resident, true, season, Decimal::whole(15), "价目表第 2 项"),
            row(Class::Shop, false, season, Decimal::whole(30), "价目表第 3 项"),
            row(
                Class::Public,
                false,
                PriceUnit::Month { months: 4 },
                dec(7_500_000),
                "价目表第 4 项",
            ),
            row(Class::Garage, false, season, Decimal::whole(11), "价目表第 5 项"),
        ],
    }
}

fn height() -> HeightRules {
    let article = "第 6 条";
    HeightRules {
        user_classes: cited(vec![Class::Shop, Class::Public], article),
        threshold: cited(dec(3_200_000), article),
        step: cited(dec(100_000), article),
        rate: cited(dec(30_000), article),
        partial: cited(PartialStep::Whole, article),
        cap: cited(dec(500_000), article),
    }
}

fn metering() -> MeteringRules {
    let row = |user_class, price| cited(MeteredPrice { user_class, price }, "价目表第 6 项");
    MeteringRules {
        base_share: cited(dec(300_000), "第 7 条"),
        two_part_prepay: cited(dec(700_000), "第 7 条第 2 款"),
        metered_prepay: cited(dec(800_000), "第 7 条第 3 款"),
        unit: cited(HeatUnit::Kwh, "第 7 条"),
        prices: vec![
            row(Class::Resident, dec(160_000)),
            row(Class::Shop, dec(220_000)),
            row(Class::Public, dec(200_000)),
        ],
        cap_share: cited(dec(1_200_000), "第 7 条第 4 款"),
        settlement: cited(SettlementMode::BothWays, "第 8 条"),
    }
}

fn stop() -> StopRules {
    let window = |opens, closes| DayWindow { opens, closes };
    let basic = |user_class, share| cited(BasicFee { user_class, share }, "第 10 条");
    StopRules {
        stop_window: cited(window(MonthDay::new(4, 1), MonthDay::new(2, 15)), "第 9 条"),
        restore_window: cited(window(MonthDay::new(4, 1), MonthDay::new(3, 1)), "第 11 条"),
        lead_days: cited(10, "第 9 条"),
        term: cited(StopTerm::Periods { shortest_days: 30, most: 2 }, "第 9 条第 2 款"),
        stop_conditions: cited(
            vec![
                Co::NoArrears,
                Co::ShutOff,
                Co::OutOfWarranty,
                Co::NoViolation,
                Co::WholeContract,
                Co::LastBasicPaid,
                Co::PipesDrained,
                Co::NoHold,
            ],
            "第 9 条第 3 款",
        ),
        restore_conditions: cited(vec![Co::NoArrears, Co::NoViolation, Co::NoHold], "第 11 条"),
        unit_share_limit: cited(dec(300_000), "第 9 条第 4 款"),
        basic: vec![
            basic(Class::Resident, dec(300_000)),
            basic(Class::Shop, dec(300_000)),
            basic(Class::Public, dec(300_000)),
        ],
        forced_basic_share: cited(dec(200_000), "第 10 条第 2 款"),
        reconnect_fen: cited(Fen::new(5_000), "第 11 条第 2 款"),
        effective: cited(Effective::ValveEvidence, "第 9 条第 5 款"),
        yearly_renewal: cited(true, "第 9 条第 6 款"),
        answer_days: cited(5, "第 9 条第 7 款"),
    }
}

fn late() -> LateRules {
    let waiver =
        |role: &str, yuan: i64| Waiver { role: role.to_owned(), up_to_fen: Fen::new(yuan * 100) };
    LateRules {
        items: cited(
            vec![Item::Heat, Item::Basic, Item::Metered, Item::Height, Item::Overage],
            "第 12 条",
        ),
        start: cited(LateStart::PayBy, "第 12 条"),
        grace_days: cited(5, "第 12 条第 2 款"),
        daily_rate: cited(dec(1_000), "第 12 条第 3 款"),
        cap: cited(LateCap::Charged { share: dec(300_000) }, "第 12 条第 4 款"),
        least_fen: cited(Fen::new(100), "第 12 条第 5 款"),
        rounding: cited(Rounding { mode: RoundMode::Down, to: RoundTo::Fen }, "第 12 条第 5 款"),
        waivers: cited(
            vec![waiver("station_head", 200), waiver("manager", 2_000)],
            "第 12 条第 6 款",
        ),
        stops: cited(
            vec![LateStop::Dispute, LateStop::LowIncome, LateStop::ForcedStop],
            "第 12 条第 7 款",
        ),
    }
}

fn discounts() -> DiscountRules {
    let early = |by, share| EarlyDiscount {
        by,
        user_classes: vec![Class::Resident, Class::Garage],
        items: vec![Item::Heat, Item::Metered],
        share,
    };
    DiscountRules {
        early: vec![
            cited(early(MonthDay::new(8, 31), dec(30_000)), "第 13 条第 1 项"),
            cited(early(MonthDay::new(9, 30), dec(20_000)), "第 13 条第 2 项"),
        ],
        needs_no_arrears: cited(true, "第 13 条第 2 款"),
    }
}

fn refunds() -> RefundRules {
    let band = |below, share| cited(RefundBand { below, share }, "第 14 条");
    RefundRules {
        least_celsius: cited(Decimal::whole(18), "第 14 条"),
        bands: vec![
            band(Decimal::whole(18), dec(300_000)),
            band(Decimal::whole(16), dec(500_000)),
            band(Decimal::whole(14), Decimal::ONE),
        ],
        basis: cited(RefundBasis::WithoutBase, "第 14 条第 2 款"),
        affected_area_only: cited(true, "第 14 条第 3 款"),
        outage_hours: cited(12, "第 15 条"),
        outage_unit: cited(OutageUnit::Hours, "第 15 条"),
        cap_share: cited(Decimal::ONE, "第 15 条第 2 款"),
        settle_days: cited(30, "第 15 条第 3 款"),
    }
}

fn money() -> MoneyRules {
    let row =
        |user_class, charge_type, by| cited(PayBy { user_class, charge_type, by }, "第 16 条");
    let (area, two_part) = (ChargeType::Area, ChargeType::TwoPart);
    MoneyRules {
        pay_by: vec![
            row(Class::Resident, area, MonthDay::new(11, 10)),
            row(Class::Resident, two_part, MonthDay::new(12, 31)),
            row(Class::Shop, area, MonthDay::new(10, 31)),
            row(Class::Public, area, MonthDay::new(1, 15)),
        ],
        instalments: cited(
            Instalments { first_share: dec(300_000), days_before_end: 30 },
            "第 16 条第 2 款",
        ),
        order: cited(
            vec![
                Bucket::Arrears,
                Bucket::Violation,
                Bucket::Overage,
                Bucket::Late,
                Bucket::Current,
            ],
            "第 17 条",
        ),
        within: cited(Within::OldestFirst, "第 17 条"),
        item_order: cited(
            vec![Item::Heat, Item::Height, Item::Basic, Item::Metered, Item::Reconnect],
            "第 17 条第 2 款",
        ),
        rounding: cited(Rounding::FEN, "第 18 条"),
        cash_rounding: cited(
            Rounding { mode: RoundMode::HalfUp, to: RoundTo::Jiao },
            "第 18 条第 2 款",
        ),
    }
}

fn approvals() -> ApprovalRules {
    let yuan = |yuan: i64| cited(Fen::new(yuan * 100), "第 21 条");
    ApprovalRules { alone_fen: yuan(50), ordinary_fen: yuan(10_000), most_fen: yuan(10_000_000) }
}

fn service() -> ServiceRules {
    let row = |kind: &str, phase, [answer, there, finish]: [u32; 3]| {
        let kind = kind.to_owned();
        let time = ResponseTime {
            kind,
            phase,
            answer_minutes: answer,
            on_site_minutes: there,
            finish_minutes: finish,
        };
        cited(time, "第 19 条")
    };
    ServiceRules {
        response: vec![
            row("leak", None, [10, 60, 480]),
            row("no_heat", None, [30, 120, 1_440]),
            row("no_heat", Some(Phase::Opening), [60, 300, 2_880]),
        ],
        test_hours: cited(24, "第 19 条第 2 款"),
    }
}

fn changes() -> ChangeRules {
    let window = DayWindow { opens: MonthDay::new(4, 1), closes: MonthDay::new(10, 31) };
    let always = DayWindow { opens: MonthDay::new(1, 1), closes: MonthDay::new(12, 31) };
    let row = |change, window, conditions, approval| {
        cited(ChangeRule { change, window, conditions, approval }, "第 20 条")
    };
    let price = |user_class, yuan| {
        cited(ConnectionPrice { user_class, price: Decimal::whole(yuan) }, "价目表第 7 项")
    };
    ChangeRules {
        rules: vec![
            row(Ch::Entry, always, vec![Co::PapersShown], true),
            row(Ch::Transfer, always, vec![Co::NoArrears, Co::PapersShown, Co::NoHold], false),
            row(Ch::Split, window, vec![Co::NoArrears, Co::PapersShown], true),
            row(Ch::Merge, window, vec![Co::NoArrears, Co::PapersShown], true),
            row(Ch::Area, window, vec![Co::PapersShown], true),
            row(Ch::Class, window, vec![Co::NoArrears, Co::PapersShown], true),
            row(Ch::Demolition, always, vec![Co::NoArrears, Co::PapersShown], true),
        ],
        connection: vec![price(Class::Resident, 56), price(Class::Shop, 90)],
    }
}
