//! Packs that no place can mean are refused, each for its own reason.

use crate::*;
use chrono::NaiveDate;
use kernel::Fen;

fn errors(change: impl FnOnce(&mut Pack)) -> Vec<(&'static str, String)> {
    let mut pack = demonstration_pack();
    change(&mut pack);
    let errors = pack.check().into_iter().filter(|f| f.severity == Severity::Error);
    errors.map(|f| (f.code, f.path)).collect()
}

/// accepts XB-03: sanity limits (the lesson "5 % a day where 5 ‰ was meant")
#[test]
fn five_per_cent_a_day_is_refused_and_five_per_mille_is_not() {
    let rate = |rate: &str| errors(|p| p.late.daily_rate.value = rate.parse().unwrap());
    assert_eq!(rate("0.05"), [("late_rate_absurd", "late.daily_rate".to_owned())]);
    assert_eq!(rate("0.005001"), [("late_rate_absurd", "late.daily_rate".to_owned())]);
    assert_eq!(rate("0.005"), []);
    let mut pack = demonstration_pack();
    pack.late.daily_rate.value = "0.05".parse().unwrap();
    let finding = &pack.check()[0];
    assert_eq!(finding.zh, "日费率 50‰（即 5%）超过 5‰：是否把 ‰ 当成了 %？");
}

#[test]
fn each_absurdity_has_its_own_finding() {
    type Change = fn(&mut Pack);
    let table: &[(&str, &str, Change)] = &[
        ("out_of_range", "metering.base_share", |p| {
            p.metering.base_share.value = "0.61".parse().unwrap();
            p.metering.two_part_prepay.value = Decimal::ZERO;
        }),
        ("prepay_above_fee", "metering.two_part_prepay", |p| {
            p.metering.two_part_prepay.value = "0.71".parse().unwrap();
        }),
        ("out_of_range", "prices.tariffs.2", |p| {
            p.prices.tariffs[2].value.price = Decimal::whole(2200);
        }),
        ("low_income_dearer", "prices.tariffs.1", |p| {
            p.prices.tariffs[1].value.price = Decimal::whole(23);
        }),
        ("class_missing", "prices.tariffs", |p| {
            p.prices.tariffs.remove(2);
        }),
        ("twice", "prices.tariffs", |p| {
            let row = p.prices.tariffs[2].clone();
            p.prices.tariffs.push(row);
        }),
        ("no_citation", "late.daily_rate", |p| p.late.daily_rate.citation = " ".to_owned()),
        ("no_citation", "stop.basic.1", |p| p.stop.basic[1].citation.clear()),
        ("no_such_day", "calendar.starts", |p| p.calendar.starts.value.day = 31),
        ("bad_hour", "calendar.ends", |p| p.calendar.ends.value.hour = 25),
        ("phases_overlap", "calendar.phases.1", |p| {
            p.calendar.phases[1].value.from.days = -9;
        }),
        ("dates_out_of_order", "calendar.ordered", |p| {
            p.calendar.ordered[0].value.ends = p.calendar.ordered[0].value.starts;
        }),
        ("late_on_late", "late.items", |p| p.late.items.value.push(Item::Late)),
        ("waivers_out_of_order", "late.waivers", |p| p.late.waivers.value.reverse()),
        ("order_incomplete", "money.order", |p| {
            p.money.order.value.pop();
        }),
        ("bands_out_of_order", "refunds.bands", |p| {
            p.refunds.bands[2].value.share = "0.4".parse().unwrap();
        }),
        ("out_of_range", "stop.reconnect_fen", |p| {
            p.stop.reconnect_fen.value = Fen::new(-1);
        }),
        ("no_examples", "examples", |p| p.examples.clear()),
        ("times_out_of_order", "service.response.0", |p| {
            p.service.response[0].value.on_site_minutes = 1;
        }),
    ];
    for (code, path, change) in table {
        let found = errors(change);
        assert!(found.contains(&(code, (*path).to_owned())), "{code} {path}: {found:?}");
    }
    assert_eq!(errors(|_| ()), []);
}

/// accepts XB-03: the difference between two versions is named
#[test]
fn what_differs_between_two_versions_is_named() {
    let before = demonstration_pack();
    let mut after = before.clone();
    after.late.daily_rate.value = "0.0005".parse().unwrap();
    after.prices.tariffs.remove(4);
    let found = diff(&before, &after);
    assert_eq!(found[0].path, "late.daily_rate.value");
    assert_eq!(found[0].before.as_deref(), Some("0.001"));
    assert_eq!(found[0].after.as_deref(), Some("0.0005"));
    assert!(found[1..].iter().all(|d| d.path.starts_with("prices.tariffs.garage")));
    assert!(found[1..].iter().all(|d| d.after.is_none()) && found.len() > 3);
    assert_eq!(diff(&before, &before), []);
}

/// accepts BI-06 BI-13: several stops in a season, each line said aloud
#[test]
fn a_cashier_can_read_out_why_a_stopped_household_pays() {
    let pack = demonstration_pack();
    let season = pack.season(2026).unwrap();
    let day = |m, d| NaiveDate::from_ymd_opt(if m > 6 { 2026 } else { 2027 }, m, d).unwrap();
    let mut facts = Facts::using(vec![Room::plain(UserClass::Resident, Decimal::whole(100))]);
    let period = |during, state| UsePeriod { during, state };
    facts.uses = vec![
        period(Period::new(day(11, 1), day(12, 5)), UseState::Using),
        period(Period::since(day(12, 5)), UseState::Stopped),
    ];
    let lines = explain(&pack, &season, &facts).unwrap();
    let said: Vec<String> = lines.iter().map(ExplainLine::zh).collect();
    assert_eq!(
        said,
        [
            "采暖费：2026-11-15 至 2026-12-04 用热 20 天，居民建筑面积 100 平方米 × \
             22 元/平方米·季 × 20/121 天 = 363.64 元",
            "停热基础费：2026-12-05 至 2027-03-15 报停 101 天，居民建筑面积 100 平方米 × \
             22 元/平方米·季 × 基础费比例 30% × 101/121 天 = 550.91 元",
        ]
    );
    assert!(lines[1].citation.contains("第 10 条"), "{}", lines[1].citation);
    assert!(lines[0].en().starts_with("heating fee: heated 2026-11-15 to 2026-12-04, 20 days"));
}

#[test]
fn two_states_on_one_day_are_refused() {
    let pack = demonstration_pack();
    let season = pack.season(2026).unwrap();
    let mut facts = Facts::using(vec![Room::plain(UserClass::Resident, Decimal::whole(100))]);
    facts.uses.push(UsePeriod { during: Period::ALWAYS, state: UseState::Stopped });
    assert_eq!(season_charge(&pack, &season, &facts), Err(TariffRule::UsesOverlap));
}

/// A season of 29 February, an hour's end at midnight, and one that begins at noon.
#[test]
fn a_season_has_the_days_that_its_hours_begin() {
    let mut pack = demonstration_pack();
    assert_eq!(pack.season(2027).unwrap().days, 122, "29 February 2028");
    pack.calendar.starts.value = SeasonMoment { month: 11, day: 10, hour: 12 };
    pack.calendar.ends.value = SeasonMoment { month: 3, day: 20, hour: 12 };
    assert_eq!(pack.season(2025).unwrap().days, 130);
    pack.calendar.ends.value.hour = 13;
    assert_eq!(pack.season(2025).unwrap().days, 131);
    assert_eq!(pack.season(2025).unwrap().starts_at.to_string(), "2025-11-10 04:00:00 UTC");
}

/// The lesson: an advance is known by its type, whatever its item is called.
#[test]
fn an_advance_is_known_by_its_type() {
    let pack = demonstration_pack();
    let item = |kind, owed| OpenItem {
        kind,
        item: Item::Heat,
        season: Some(2026),
        owed: Fen::new(owed),
        due_on: None,
    };
    let wrong = [item(OpenKind::Advance, 5), item(OpenKind::Charge, 9)];
    assert_eq!(
        apportion(&pack, 2026, Fen::new(1), &wrong),
        Err(TariffRule::Input("amount")),
        "what is paid ahead is never a debt"
    );
    let items =
        [item(OpenKind::Advance, -5), item(OpenKind::Charge, -2), item(OpenKind::Charge, 9)];
    let spread = apportion(&pack, 2026, Fen::new(1), &items).unwrap();
    let parts: Vec<_> = spread.parts.iter().map(|p| (p.index, p.amount.get())).collect();
    assert_eq!(parts, [(1, -2), (0, -5), (2, 8)], "a charge's credit first, then the advance");
    assert_eq!(apportion(&pack, 2026, Fen::new(-1), &items), Err(TariffRule::Input("amount")));
}
