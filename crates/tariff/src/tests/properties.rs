//! What holds for any input.

use crate::*;
use chrono::{Days, NaiveDate};
use kernel::Fen;
use proptest::prelude::*;

fn day(offset: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 1).unwrap() + Days::new(offset)
}

fn class() -> impl Strategy<Value = UserClass> {
    prop::sample::select(vec![
        UserClass::Resident,
        UserClass::Shop,
        UserClass::Public,
        UserClass::Garage,
    ])
}

fn room() -> impl Strategy<Value = Room> {
    (class(), 0_i64..5_000_000, prop::option::of(2_000_000_i64..9_000_000)).prop_map(
        |(class, area, height)| Room {
            storey_height: height.map(Decimal::from_micro),
            ..Room::plain(class, Decimal::from_hundredths(area))
        },
    )
}

fn charge_type() -> impl Strategy<Value = ChargeType> {
    prop::sample::select(vec![ChargeType::Area, ChargeType::TwoPart, ChargeType::Metered])
}

fn state() -> impl Strategy<Value = UseState> {
    prop::sample::select(vec![
        UseState::Using,
        UseState::Stopped,
        UseState::ForcedStop,
        UseState::NotConnected,
    ])
}

/// Use periods that follow one another without a gap, cut at these days.
fn uses(mut cuts: Vec<u64>, states: &[UseState]) -> Vec<UsePeriod> {
    cuts.sort_unstable();
    cuts.dedup();
    let mut edges = vec![NaiveDate::from_ymd_opt(2000, 1, 1).unwrap()];
    edges.extend(cuts.into_iter().map(day));
    let next = edges.iter().skip(1).map(|d| Some(*d)).chain([None]);
    edges
        .iter()
        .zip(next)
        .zip(states.iter().cycle())
        .map(|((from, to), state)| UsePeriod { during: Period { from: *from, to }, state: *state })
        .collect()
}

fn facts() -> impl Strategy<Value = Facts> {
    let periods = prop::collection::vec((0_u64..250, 0_u64..100), 0..3);
    (
        prop::collection::vec(room(), 0..4),
        charge_type(),
        prop::collection::vec(0_u64..250, 0..5),
        prop::collection::vec(state(), 1..4),
        periods,
    )
        .prop_map(|(rooms, charge_type, cuts, states, low)| Facts {
            rooms,
            charge_type,
            uses: uses(cuts, &states),
            low_income: low.iter().map(|(f, n)| Period::new(day(*f), day(f + n))).collect(),
        })
}

fn item() -> impl Strategy<Value = Item> {
    use strum::VariantArray as _;
    prop::sample::select(Item::VARIANTS.to_vec())
}

fn open_item() -> impl Strategy<Value = OpenItem> {
    (item(), any::<bool>(), prop::option::of(2019_i32..2030), any::<i32>()).prop_map(
        |(item, advance, season, owed)| {
            let owed = i64::from(owed);
            let (kind, owed) =
                if advance { (OpenKind::Advance, -owed.abs()) } else { (OpenKind::Charge, owed) };
            OpenItem { kind, item, season, owed: Fen::new(owed), due_on: None }
        },
    )
}

proptest! {
    /// Splitting the season at any days, with the same state on both sides, changes nothing.
    #[test]
    fn any_split_of_the_season_costs_what_the_whole_costs(
        rooms in prop::collection::vec(room(), 1..4),
        charge_type in charge_type(),
        cuts in prop::collection::vec(0_u64..250, 0..12),
        state in state(),
    ) {
        let pack = demonstration_pack();
        let season = pack.season(2026).unwrap();
        let of = |cuts| Facts {
            rooms: rooms.clone(), charge_type, uses: uses(cuts, &[state]), low_income: vec![],
        };
        let whole = season_charge(&pack, &season, &of(vec![])).unwrap();
        let split = season_charge(&pack, &season, &of(cuts)).unwrap();
        prop_assert_eq!(whole, split);
    }

    /// Two seasons' halves that are charged apart differ by at most the rounding of each.
    #[test]
    fn two_halves_that_are_charged_apart_sum_to_the_whole_within_a_fen(
        room in room(), cut in 0_u64..250,
    ) {
        let pack = demonstration_pack();
        let season = pack.season(2026).unwrap();
        let during = |p| Facts::using(vec![Room { during: Some(p), ..room.clone() }]);
        let total = |f: &Facts| season_charge(&pack, &season, f).unwrap().of(Item::Heat).get();
        let first = total(&during(Period::new(day(0), day(cut))));
        let second = total(&during(Period::since(day(cut))));
        let whole = total(&Facts::using(vec![room.clone()]));
        prop_assert!((first + second - whole).abs() <= 1);
    }

    #[test]
    fn the_lines_of_a_charge_sum_to_its_items(facts in facts()) {
        let pack = demonstration_pack();
        let season = pack.season(2026).unwrap();
        let charge = season_charge(&pack, &season, &facts).unwrap();
        prop_assert_eq!(&charge, &season_charge(&pack, &season, &facts).unwrap());
        let lines = explain(&pack, &season, &facts).unwrap();
        let mut sums = std::collections::BTreeMap::<Item, i64>::new();
        for line in &lines {
            *sums.entry(line.item).or_default() += line.amount.get();
            let exact = line.days <= i64::from(line.season_days);
            prop_assert!(exact && line.amount >= Fen::ZERO);
            prop_assert!(line.zh().contains(&line.amount.to_string()));
            prop_assert!(line.en().contains(&line.amount.to_string()));
        }
        sums.retain(|_, sum| *sum != 0);
        let items: Vec<_> = charge.items.iter().map(|i| (i.item, i.amount.get())).collect();
        prop_assert_eq!(items, sums.into_iter().collect::<Vec<_>>());
    }

    /// Facts are kept as JSON beside a charge; read back they cost the same.
    #[test]
    fn facts_read_back_cost_the_same(facts in facts()) {
        let text = serde_json::to_string(&facts).unwrap();
        prop_assert_eq!(serde_json::from_str::<Facts>(&text).unwrap(), facts);
    }

    #[test]
    fn no_facts_make_it_panic(
        area in any::<i64>(), height in any::<i64>(), price in any::<i64>(), rate in any::<i64>(),
        from in any::<u16>(), class in class(), charge_type in charge_type(),
    ) {
        let mut pack = demonstration_pack();
        for tariff in &mut pack.prices.tariffs {
            tariff.value.price = Decimal::from_micro(price);
        }
        pack.height.rate.value = Decimal::from_micro(rate);
        pack.late.daily_rate.value = Decimal::from_micro(rate);
        let season = pack.season(2026).unwrap();
        let mut room = Room::plain(class, Decimal::from_micro(area));
        room.storey_height = Some(Decimal::from_micro(height));
        let mut facts = Facts::using(vec![room]);
        facts.charge_type = charge_type;
        facts.uses[0].during.from = day(u64::from(from));
        let _ = season_charge(&pack, &season, &facts);
        let _ = explain(&pack, &season, &facts);
        let _ = pack.check();
        let debt = LateDebt {
            item: Item::Heat, user_class: class, charge_type, charged: Fen::new(price),
            owed: vec![Owed { from: day(0), amount: Fen::new(area) }], pauses: vec![],
            posted: Fen::new(height),
        };
        let _ = late_fee(&pack, &season, &debt, day(u64::from(from)));
        let base = RefundBase {
            fee: Fen::new(price), base_part: Fen::new(area), refunded: Fen::new(rate),
        };
        let _ = refund(&pack, &season, &base, &RefundClaim::Outage { hours: u32::from(from) });
        let metered = MeteredUse {
            user_class: class, used: Decimal::from_micro(area), area_fee: Fen::new(price),
            base: Fen::new(height), prepaid: Fen::new(rate),
        };
        let _ = settle_metered(&pack, &metered);
        let _ = connection_fee(&pack, class, Decimal::from_micro(area));
    }

    /// accepts BI-14: the late fee rises with the days, stops at its cap, and asked twice it is
    /// the same
    #[test]
    fn a_late_fee_never_falls_is_capped_and_is_the_same_whenever_it_is_asked(
        owed in prop::collection::vec((0_u64..400, 0_i64..10_000_000), 1..5),
        pauses in prop::collection::vec((0_u64..400, 0_u64..90), 0..4),
        charged in 0_i64..10_000_000,
        days in prop::collection::vec(0_u64..1_200, 1..6),
    ) {
        let pack = demonstration_pack();
        let season = pack.season(2026).unwrap();
        let mut owed: Vec<_> =
            owed.into_iter().map(|(d, f)| Owed { from: day(d), amount: Fen::new(f) }).collect();
        owed.sort_by_key(|o| o.from);
        let during = |(f, n)| Period::new(day(f), day(f + n));
        let pauses = pauses.into_iter().map(during);
        let pauses = pauses.map(|during| Pause { why: LateStop::Dispute, during }).collect();
        let debt = LateDebt {
            item: Item::Heat, user_class: UserClass::Resident, charge_type: ChargeType::Area,
            charged: Fen::new(charged), owed, pauses, posted: Fen::ZERO,
        };
        let mut days = days;
        days.sort_unstable();
        let mut last = Fen::ZERO;
        for d in days {
            let fee = late_fee(&pack, &season, &debt, day(d)).unwrap();
            prop_assert_eq!(fee, late_fee(&pack, &season, &debt, day(d)).unwrap());
            prop_assert!(fee.amount >= last, "{} after {}", fee.amount, last);
            prop_assert!(fee.amount.get() <= charged * 3 / 10);
            last = fee.amount;
            // what is posted is not asked for again
            let posted = LateDebt { posted: fee.amount, ..debt.clone() };
            prop_assert_eq!(late_fee(&pack, &season, &posted, day(d)).unwrap().due, Fen::ZERO);
        }
    }

    /// Negative items and advances among the positive ones, in any order.
    #[test]
    fn apportionment_loses_no_fen_whatever_the_order(
        amount in 0_i64..20_000_000_000,
        items in prop::collection::vec(open_item(), 0..12),
        swap in any::<prop::sample::Index>(),
    ) {
        let pack = demonstration_pack();
        let spread = apportion(&pack, 2026, Fen::new(amount), &items).unwrap();
        let sum: i64 = spread.parts.iter().map(|p| p.amount.get()).sum();
        prop_assert_eq!(sum + spread.advance.get(), amount);
        let mut touched = std::collections::HashSet::new();
        for part in &spread.parts {
            let owed = items[part.index].owed.get();
            prop_assert!(touched.insert(part.index), "an item gets one part");
            prop_assert!(part.amount.get() != 0);
            prop_assert_eq!(part.amount.get().signum(), owed.signum());
            prop_assert!(part.amount.get().abs() <= owed.abs());
        }
        let of = |sign: i64| -> i64 {
            items.iter().map(|i| i.owed.get()).filter(|o| o.signum() == sign).sum()
        };
        let paid: i64 = spread.parts.iter().map(|p| p.amount.get().max(0)).sum();
        prop_assert_eq!(paid, of(1).min(amount - of(-1)), "as much is paid as can be");
        // the same items handed over in another order get the same
        if !items.is_empty() {
            let at = swap.index(items.len());
            let mut turned = items.clone();
            turned.rotate_left(at);
            let again = apportion(&pack, 2026, Fen::new(amount), &turned).unwrap();
            prop_assert_eq!(again.advance, spread.advance);
            let by = |parts: &[Part], items: &[OpenItem]| {
                let of = |p: &Part| {
                    let i = items[p.index];
                    let place = (pack.bucket(&i, 2026), i.season, i.item.name());
                    (place, i.owed.get().signum(), p.amount)
                };
                let mut sums = std::collections::BTreeMap::new();
                for (place, sign, amount) in parts.iter().map(of) {
                    *sums.entry((sign, place)).or_insert(0) += amount.get();
                }
                sums.retain(|(sign, _), _| *sign > 0);
                sums
            };
            prop_assert_eq!(by(&again.parts, &turned), by(&spread.parts, &items));
        }
    }

    #[test]
    fn a_settlement_gives_back_or_collects_the_difference(
        used in 0_i64..50_000, prepaid in 0_i64..10_000_000, mode in 0_usize..3,
    ) {
        let mut pack = demonstration_pack();
        let modes = [SettlementMode::BothWays, SettlementMode::RefundOnly, SettlementMode::Carry];
        pack.metering.settlement.value = modes[mode];
        let metered = MeteredUse {
            user_class: UserClass::Resident, used: Decimal::from_hundredths(used * 100),
            area_fee: Fen::new(1_000_000), base: Fen::new(300_000), prepaid: Fen::new(prepaid),
        };
        let s = settle_metered(&pack, &metered).unwrap();
        let settled = s.collect.get() - s.refund.get() - s.carry.get() + s.forgone.get();
        prop_assert_eq!(prepaid + settled, s.cost.get());
        let used = [s.collect, s.refund, s.carry, s.forgone];
        prop_assert!(used.iter().filter(|f| **f != Fen::ZERO).count() <= 1);
        prop_assert!(s.cost.get() <= 1_200_000 - 300_000);
    }

    #[test]
    fn a_colder_room_never_gets_less(a in -10_i64..30, b in -10_i64..30) {
        let pack = demonstration_pack();
        let at = |c: i64| pack.refund_share(Decimal::from_hundredths(c * 100));
        prop_assert!(at(a.min(b)) >= at(a.max(b)));
    }
}
