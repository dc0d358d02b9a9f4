//! The demonstration pack uses every parameter, and each of them matters.

use crate::{Example, Pack, Severity, demonstration_pack};
use serde_json::Value;

/// Writes what the examples give into their file: `BLESS=1 cargo test -p tariff`.
#[test]
fn every_example_of_the_demonstration_comes_out() {
    let pack = demonstration_pack();
    assert!(pack.examples.len() > 100, "the examples are read");
    if std::env::var_os("BLESS").is_some() {
        let blessed = pack.examples.iter().map(|e| {
            let expect = pack.outcome(e);
            Example { expect, ..e.clone() }
        });
        let text = serde_json::to_string_pretty(&blessed.collect::<Vec<_>>()).unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/demonstration/examples.json");
        std::fs::write(path, text + "\n").unwrap();
        return;
    }
    let failed: Vec<_> = pack.run_examples().into_iter().filter(|r| !r.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn nothing_is_wrong_with_the_demonstration() {
    let findings = demonstration_pack().check();
    let errors: Vec<_> = findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn a_pack_is_read_back_as_it_was_written() {
    let pack = demonstration_pack();
    let text = serde_json::to_string(&pack).unwrap();
    assert_eq!(serde_json::from_str::<Pack>(&text).unwrap(), pack);
    let strange = text.replacen("\"code\"", "\"codes\"", 1);
    assert!(serde_json::from_str::<Pack>(&strange).is_err(), "unknown fields are refused");
}

/// Every leaf below a `value`, and every row of a list.
fn places(value: &Value, path: &str, below_value: bool, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                if ["citation", "names", "examples", "code"].contains(&key.as_str()) {
                    continue;
                }
                places(field, &format!("{path}/{key}"), below_value || key == "value", into);
            }
        }
        Value::Array(rows) => {
            for (n, row) in rows.iter().enumerate() {
                into.push(format!("{path}/{n}#"));
                places(row, &format!("{path}/{n}"), below_value, into);
            }
        }
        _ if below_value => into.push(path.to_owned()),
        _ => {}
    }
}

/// Names of the fields that say which variant of an enum it is.
const TAGS: [&str; 5] = ["per", "term", "of", "by", "from"];

/// What else could stand there: other numbers, the other truth, the other names of an enum (which
/// its reader tells when it is given a wrong one).
fn others(pack: &Value, place: &str) -> Vec<Pack> {
    let read = |value: &Value| serde_json::from_value::<Pack>(value.clone());
    let changed = |new: Value| {
        let mut copy = pack.clone();
        *copy.pointer_mut(place).unwrap() = new;
        // an enum's other variant may need fields of its own
        let (parent, key) = place.rsplit_once('/').unwrap();
        let parent = copy.pointer_mut(parent).unwrap();
        if let (true, Some(fields)) = (TAGS.contains(&key), parent.as_object_mut()) {
            let more = serde_json::json!({"months": 5, "days": 100, "share": "0.1",
                "day": {"month": 1, "day": 1}, "shortest_days": 3, "most": 1});
            fields.extend(more.as_object().cloned().unwrap());
        }
        copy
    };
    if let Some(row) = place.strip_suffix('#') {
        let (list, n) = row.rsplit_once('/').unwrap();
        let n: usize = n.parse().unwrap();
        let (mut less, mut first) = (pack.clone(), pack.clone());
        less.pointer_mut(list).unwrap().as_array_mut().unwrap().remove(n);
        first.pointer_mut(list).unwrap().as_array_mut().unwrap()[..=n].rotate_right(1);
        return vec![read(&less).unwrap(), read(&first).unwrap()];
    }
    let candidates: Vec<Value> = match pack.pointer(place).unwrap() {
        Value::Bool(b) => vec![Value::from(!b)],
        Value::Number(n) => {
            let n = n.as_i64().unwrap();
            vec![Value::from(n + 1), Value::from(n - 1), Value::from(n * 2), Value::from(n / 3)]
        }
        Value::String(s) => match s.parse::<crate::Decimal>() {
            Ok(d) => ["0.5", "0.9", "1.1", "2"]
                .map(|f| Value::from(d.times(f.parse().unwrap()).unwrap().to_string()))
                .to_vec(),
            Err(_) => {
                let why = read(&changed(Value::from("?"))).map(drop).err();
                let why = why.map(|e| e.to_string()).unwrap_or_default();
                let names = why.split('`').skip(3).step_by(2);
                let mut names: Vec<Value> = names.map(Value::from).collect();
                names.extend([Value::from("somebody"), Value::from("2025-01-20T00:00:00")]);
                names
            }
        },
        _ => ["stable", "opening", "2025-01-20T00:00:00"].map(Value::from).to_vec(),
    };
    candidates.into_iter().filter_map(|c| read(&changed(c)).ok()).collect()
}

/// accepts XB-03: one demonstration pack uses every parameter
#[test]
fn each_parameter_of_the_demonstration_changes_some_example() {
    let pack = serde_json::to_value(demonstration_pack()).unwrap();
    let mut all = Vec::new();
    places(&pack, "", false, &mut all);
    let fails = |p: &Pack| p.run_examples().iter().any(|r| !r.passed);
    // a change that no example feels must be one that the sanity check refuses
    let refused = |p: &Pack| p.check().iter().any(|f| f.severity == Severity::Error);
    let idle: Vec<_> = all
        .iter()
        .filter(|place| {
            let others = others(&pack, place);
            !others.iter().any(fails) && !(others.iter().any(refused))
        })
        .collect();
    assert!(all.len() > 250, "only {} places", all.len());
    assert!(idle.is_empty(), "{} parameters change nothing: {idle:#?}", idle.len());
}
