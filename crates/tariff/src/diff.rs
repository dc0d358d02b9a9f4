//! What differs between two versions of a pack.

use crate::Pack;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One place in which two packs differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Difference {
    /// Where, such as `late.daily_rate.value`.
    pub path: String,
    /// As it was; absent where it is new.
    #[schema(required)]
    pub before: Option<String>,
    /// As it is; absent where it is gone.
    #[schema(required)]
    pub after: Option<String>,
}

/// What differs, in the order of the places' names.
pub fn diff(before: &Pack, after: &Pack) -> Vec<Difference> {
    let leaves = |pack: &Pack| {
        let mut flat = BTreeMap::new();
        flatten(&serde_json::to_value(pack).unwrap_or_default(), String::new(), &mut flat);
        flat
    };
    let (before, after) = (leaves(before), leaves(after));
    let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
    paths.sort_unstable();
    paths.dedup();
    let differs = paths.into_iter().filter(|p| before.get(*p) != after.get(*p));
    differs
        .map(|path| Difference {
            path: path.clone(),
            before: before.get(path).cloned(),
            after: after.get(path).cloned(),
        })
        .collect()
}

fn flatten(value: &Value, path: String, into: &mut BTreeMap<String, String>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                flatten(field, below(key), into);
            }
        }
        Value::Array(rows) if rows.iter().all(|r| !r.is_object()) => {
            let texts: Vec<String> = rows.iter().map(text).collect();
            into.insert(path, texts.join(", "));
        }
        Value::Array(rows) => {
            for (n, row) in rows.iter().enumerate() {
                flatten(row, below(&name_of(row).unwrap_or_else(|| n.to_string())), into);
            }
        }
        other => {
            into.insert(path, text(other));
        }
    }
}

/// Rows are known by what they are for, so that one row more does not move all others.
fn name_of(row: &Value) -> Option<String> {
    let inner = row.get("value").unwrap_or(row);
    let keys =
        ["user_class", "charge_type", "low_income", "change", "kind", "phase", "season", "below"];
    let parts: Vec<String> =
        keys.iter().filter_map(|k| inner.get(k)).filter(|v| !v.is_null()).map(text).collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
