//! Packs that somebody tore: no number, text or missing line in them may bring the engine down.

use crate::*;
use chrono::NaiveDate;
use kernel::Fen;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Every place of a document where something stands by itself.
fn leaves(at: &Value, path: &str, found: &mut Vec<String>) {
    match at {
        Value::Object(fields) => {
            for (name, value) in fields {
                leaves(value, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                leaves(value, &format!("{path}/{n}"), found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

/// What a torn hand, another program or an attacker writes there.
fn junk() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(|n| json!(n)),
        (-3_i64..40).prop_map(|n| json!(n)),
        any::<i64>().prop_map(|n| json!(Decimal::from_micro(n).to_string())),
        Just(json!(null)),
        Just(json!("")),
        Just(json!("-1")),
        Just(json!("99999999999999999999999999999999")),
        Just(json!("NaN")),
        Just(json!(1e300)),
        Just(json!(true)),
        Just(json!([])),
        Just(json!("2026-02-30")),
        Just(json!("9999-12-31T23:59:59")),
    ]
}

/// Asks the engine everything under this pack.
fn use_all(pack: &Pack) {
    let _ = pack.check();
    let _ = pack.run_examples();
    let Ok(season) = pack.season(2026) else { return };
    let Some(day) = NaiveDate::from_ymd_opt(2027, 2, 1) else { return };
    for class in [UserClass::Resident, UserClass::Shop] {
        let facts = Facts::using(vec![Room::plain(class, Decimal::whole(90))]);
        let _ = season_charge(pack, &season, &facts);
        let _ = explain(pack, &season, &facts);
        let debt = LateDebt {
            item: Item::Heat,
            user_class: class,
            charge_type: ChargeType::Area,
            charged: Fen::new(198_000),
            owed: vec![Owed { from: season.first, amount: Fen::new(198_000) }],
            pauses: Vec::new(),
            posted: Fen::ZERO,
        };
        let _ = late_fee(pack, &season, &debt, day);
    }
    let item = |item, owed| OpenItem {
        kind: OpenKind::Charge,
        item,
        season: Some(2026),
        owed: Fen::new(owed),
        due_on: None,
    };
    let items = [item(Item::Heat, 500), item(Item::Late, 30), item(Item::Basic, -70)];
    if let Ok(spread) = apportion(pack, 2026, Fen::new(400), &items) {
        let parts: i64 = spread.parts.iter().map(|p| p.amount.get()).sum();
        assert_eq!(parts + spread.advance.get(), 400, "no fen is lost under any pack");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    /// accepts XB-03: bad packs: whatever stands in whichever places, the pack is refused, or
    /// named as unsound, or reckoned with; never a panic, and no fen is lost.
    #[test]
    fn a_torn_pack_is_refused_or_named_and_never_brings_the_engine_down(
        tears in prop::collection::vec((any::<prop::sample::Index>(), junk(), any::<bool>()), 1..4),
    ) {
        let mut text = serde_json::to_value(demonstration_pack()).unwrap();
        for (place, junk, gone) in tears {
            let mut all = Vec::new();
            leaves(&text, "", &mut all);
            let path = place.get(&all).clone();
            match (gone, path.rsplit_once('/')) {
                (true, Some((above, name))) => match text.pointer_mut(above) {
                    Some(Value::Object(fields)) => drop(fields.remove(name)),
                    Some(Value::Array(items)) => items.clear(),
                    _ => {}
                },
                _ => *text.pointer_mut(&path).unwrap() = junk,
            }
        }
        if let Ok(pack) = serde_json::from_value::<Pack>(text) {
            use_all(&pack);
        }
    }
}
