//! House rules, as ordinary tests.

use crate::guards::root;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The floors, lowest first. A room depends only on rooms below it; neighbours do not know each
/// other. `engines`, `switch`, `routing` stand aside and know nobody.
const FLOORS: &[&[&str]] = &[
    &["schema", "kernel", "engines", "switch", "routing"],
    &["tariff"],
    &["identity", "files"],
    &["directory"],
    &["telephony", "orders", "ledger", "channels"],
    &["billing", "dispatch", "notices"],
    &["payments", "field", "services"],
    &["insight", "portal", "imports"],
    &["city"],
    &["server"],
    &["bench"],
];

/// Tables of these schemas are written by their own room; loaders of whole stocks (the city, an
/// import's commit by thousands of lines) write them all.
const LOADERS: &[&str] = &["city", "imports", "testing", "bench", "server"];

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|f| f.contains(&name))
}

fn crates() -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let path = entry.unwrap().path();
        if path.join("Cargo.toml").exists() {
            found.push((path.file_name().unwrap().to_string_lossy().into_owned(), path));
        }
    }
    found.sort();
    found
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn rooms_depend_only_on_rooms_below() {
    let names: BTreeSet<String> = crates().into_iter().map(|(n, _)| n).collect();
    for (name, path) in crates() {
        if name == "testing" {
            continue;
        }
        let here = floor(&name).unwrap_or_else(|| panic!("{name} stands on no floor"));
        let manifest = fs::read_to_string(path.join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or_default();
        let dependencies = dependencies.split("\n[").next().unwrap_or_default();
        for line in dependencies.lines() {
            let other = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if names.contains(other) {
                let there = floor(other);
                assert!(there < Some(here), "{name} must not depend on {other}");
            }
        }
    }
}

#[test]
fn a_room_writes_only_its_own_tables() {
    let schemas: BTreeSet<String> = crates().into_iter().map(|(n, _)| n).collect();
    for (name, path) in crates() {
        if LOADERS.contains(&name.as_str()) {
            continue;
        }
        for file in rust_files(&path.join("src")) {
            if file.components().any(|c| c.as_os_str() == "tests") || file.ends_with("tests.rs") {
                continue;
            }
            let text = fs::read_to_string(&file).unwrap();
            let words: Vec<&str> = text.split_whitespace().map(|w| w.trim_matches('"')).collect();
            for pair in words.windows(2) {
                let target = match pair {
                    [verb, target] if ["into", "update", "from"].contains(verb) => target,
                    _ => continue,
                };
                let deletes = pair[0] == "from" && text.contains(&format!("delete from {target}"));
                let Some((schema, _)) = target.split_once('.') else { continue };
                let writes = pair[0] != "from" || deletes;
                if writes && schemas.contains(schema) {
                    assert_eq!(schema, name, "{}: writes {target}", file.display());
                }
            }
        }
    }
}

#[test]
fn sql_stands_in_store_and_time_comes_from_the_clock() {
    for (name, path) in crates() {
        if ["kernel", "testing", "city", "server", "bench"].contains(&name.as_str()) {
            continue;
        }
        for file in rust_files(&path.join("src")) {
            let shown = file.display().to_string();
            let in_store = shown.contains("/store");
            let in_tests = shown.contains("/tests");
            let text = fs::read_to_string(&file).unwrap();
            assert!(
                in_store || in_tests || !text.contains("sqlx::query"),
                "{shown}: SQL outside store"
            );
            for banned in ["now()", "current_timestamp"] {
                let used = text.lines().any(|l| {
                    l.contains(banned)
                        && !l.contains(&format!(".{banned}"))
                        && !l.contains("Instant::")
                        && !l.trim_start().starts_with("//")
                });
                assert!(in_tests || !in_store || !used, "{shown}: {banned} in SQL");
            }
        }
    }
}

/// The lesson of the batch job that pages by offset over what it changes and skips rows: a page
/// begins where the one before ended, or is what is not done yet.
#[test]
fn no_statement_pages_by_offset() {
    for (_, path) in crates() {
        for file in rust_files(&path.join("src")) {
            let text = fs::read_to_string(&file).unwrap().to_lowercase();
            for paged in ["offset $", "offset {", "offset 1"] {
                assert!(!text.contains(paged), "{}: {paged}", file.display());
            }
        }
    }
}

/// A COPY that is given up half-way, on a connection that goes back to the pool, waits for rows for
/// ever and holds its table: it has a connection of its own, which dies with who uses it.
#[test]
fn a_copy_into_a_table_has_a_connection_of_its_own() {
    for (_, path) in crates().into_iter().filter(|(name, _)| name != "bench") {
        for file in rust_files(&path.join("src")) {
            let text = fs::read_to_string(&file).unwrap();
            assert!(!text.contains("pool.copy_in_raw"), "{}", file.display());
        }
    }
}

/// The API's document names shapes; two shapes of one name would silently become one.
#[test]
fn a_shape_has_a_name_of_its_own() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (_, path) in crates() {
        for file in rust_files(&path.join("src")) {
            let text = fs::read_to_string(&file).unwrap();
            for part in text.split("ToSchema").skip(1) {
                let Some(head) = part.split(['{', '(', ';']).next() else { continue };
                let renamed = part.split("#[schema(as = ").nth(1);
                let is_named = |word: &str| head.contains(word);
                let name = match (head.split("schema").count() > 1, renamed) {
                    (true, Some(name)) => name.split(')').next(),
                    _ if is_named("struct ") => head.split("struct ").nth(1),
                    _ if is_named("enum ") => head.split("enum ").nth(1),
                    _ => None,
                };
                let Some(name) = name else { continue };
                let name = name.split(['<', ' ', '\n']).next().unwrap_or_default().to_owned();
                let place = file.display().to_string();
                if let Some(first) = seen.insert(name.clone(), place.clone()) {
                    assert_eq!(first, place, "two shapes are named {name}");
                }
            }
        }
    }
    assert!(seen.len() > 80, "{} shapes", seen.len());
}

/// The glossary pairs the words of the code with the words of people, one word for one thing.
#[test]
fn a_word_has_one_meaning_in_the_glossary() {
    let text = fs::read_to_string(root().join("docs/glossary.md")).unwrap();
    let mut seen = BTreeMap::new();
    for line in text.lines().filter(|l| l.starts_with("| ") && !l.starts_with("| English")) {
        let word = line.split('|').nth(1).unwrap_or_default().trim().to_owned();
        assert!(seen.insert(word.clone(), line).is_none(), "{word} stands twice");
    }
    assert!(seen.len() > 30);
}

/// Every row that docs/capabilities.md claims names a test that exists.
#[test]
fn claimed_capabilities_name_tests_that_exist() {
    let text = fs::read_to_string(root().join("docs/capabilities.md")).unwrap();
    let mut sources = String::new();
    for (_, path) in crates() {
        for file in rust_files(&path) {
            sources += &fs::read_to_string(file).unwrap();
        }
    }
    for dir in ["web/e2e", "web/apps", "web/packages"] {
        sources += &read_all(&root().join(dir));
    }
    let rows = text.lines().filter(|l| l.starts_with("| ") && l.contains('`'));
    let mut claimed = 0;
    for row in rows {
        for test in row.rsplit('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2) {
            assert!(sources.contains(test), "no test named {test}: {row}");
            claimed += 1;
        }
    }
    assert!(claimed > 40, "{claimed} rows claimed");
}

fn read_all(dir: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !["node_modules", "dist", "results"].contains(&name.as_str()) {
            text += &read_all(&path);
        } else if name.ends_with(".ts") {
            text += &fs::read_to_string(path).unwrap_or_default();
        }
    }
    text
}
