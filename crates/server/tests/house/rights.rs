//! Who may do what: every operation tried without rights, and the matrix of roles as a paper.

use crate::door::TestHouse;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use uuid::Uuid;

/// Operations that need no key: signing in, one's own affairs, and the customers' doors.
const OPEN: &[&str] = &[
    "POST /api/identity/sign-in",
    "GET /api/portal/p/{token}",
    "POST /api/portal/p/{token}/chase",
    "POST /api/portal/links/ask",
    "GET /api/portal/h/{token}",
    "POST /api/portal/h/{token}/stop/preview",
    "POST /api/portal/h/{token}/stop",
    "GET /api/demo/caller",
    "GET /api/demo/sip",
];

/// Doors that answer only to a WebSocket's upgrade, or to whom the one call belongs: what is not
/// his does not exist for him.
const OTHERWISE: &[&str] = &[
    "GET /api/telephony/sip",
    "GET /api/telephony/calls/{id}/recording",
    "GET /api/telephony/calls/{id}/waveform",
];

/// Operations for everybody who is signed in.
const SIGNED_IN: &[&str] = &[
    "POST /api/identity/sign-out",
    "POST /api/identity/sign-out-everywhere",
    "GET /api/identity/me",
    "PATCH /api/identity/me",
    "POST /api/identity/password",
    "GET /api/identity/sessions",
    "GET /api/identity/orgs",
    "GET /api/stream",
    "POST /api/files",
    "GET /api/files/{id}",
    "GET /api/orders/catalogue",
];

struct Operation {
    method: Method,
    path: String,
    /// Required query parameters.
    query: Vec<String>,
    body: Option<Value>,
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn uri(&self) -> String {
        let mut uri = String::new();
        for part in self.path.split_inclusive('}') {
            match part.split_once('{') {
                Some((before, name)) if name.contains("number") => {
                    uri += &format!("{before}13900000001")
                }
                Some((before, name)) if name.contains("key") => uri += &format!("{before}main"),
                Some((before, "on}")) => uri += &format!("{before}2026-11-22"),
                Some((before, "version}" | "no}")) => uri += &format!("{before}1"),
                Some((before, _)) => uri += &format!("{before}{}", Uuid::new_v4()),
                None => uri += part,
            }
        }
        if self.query.is_empty() { uri } else { format!("{uri}?{}", self.query.join("&")) }
    }
}

/// Every operation of the document, each with a body that its shape allows.
fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(server::openapi::document()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body = schema.is_object().then(|| example(&document, schema, 0));
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let required =
                parameters.iter().filter(|p| p["in"] == "query" && p["required"] == true);
            let query = required.filter_map(|p| {
                let value = match p["schema"]["format"].as_str() {
                    Some("date-time") => "2026-11-22T01:00:00Z",
                    Some("date") => "2026-11-22",
                    _ => "22",
                };
                Some(format!("{}={value}", p["name"].as_str()?))
            });
            let query = query.collect();
            all.push(Operation { method, path: path.clone(), query, body });
        }
    }
    assert!(all.len() > 60, "the document has the whole API: {}", all.len());
    all
}

/// A value that fits the schema: required fields only.
fn example(document: &Value, schema: &Value, depth: u8) -> Value {
    if depth > 20 {
        return Value::Null;
    }
    if let Some(name) = schema["$ref"].as_str() {
        return example(document, document.pointer(&name[1..]).unwrap(), depth + 1);
    }
    for any in ["oneOf", "allOf", "anyOf"] {
        if let Some(choices) = schema[any].as_array() {
            let is_null = |s: &Value| s["type"] == "null";
            let first = choices.iter().find(|s| !is_null(s)).unwrap_or(&choices[0]);
            return example(document, first, depth + 1);
        }
    }
    if let Some(given) = schema.get("example") {
        return given.clone();
    }
    if let Some(first) = schema["enum"].as_array().and_then(|e| e.first()) {
        return first.clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind {
        Some("object") => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let field = |name: &Value| {
                let name = name.as_str().unwrap_or_default().to_owned();
                let value = example(document, &schema["properties"][&name], depth + 1);
                (name, value)
            };
            Value::Object(required.iter().map(field).collect())
        }
        Some("array") => json!([]),
        Some("integer") => json!(2),
        Some("number") => json!(40.0),
        Some("boolean") => json!(true),
        Some("string") => match schema["format"].as_str() {
            Some("uuid") => json!(Uuid::new_v4()),
            Some("date-time") => json!("2026-11-22T01:00:00Z"),
            Some("date") => json!("2026-11-22"),
            _ => json!("text that is long enough"),
        },
        _ => Value::Null,
    }
}

#[tokio::test]
async fn nobody_gets_nothing() {
    let house = TestHouse::new().await;
    for operation in operations() {
        if OPEN.contains(&operation.name().as_str()) {
            continue;
        }
        let (command, body) = (Some(Uuid::new_v4()), operation.body.clone());
        let method = operation.method.clone();
        let (status, _) = house.send(method, &operation.uri(), None, command, body).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{}", operation.name());
    }
}

#[tokio::test]
async fn a_person_without_a_key_is_refused_everywhere() {
    let house = TestHouse::new().await;
    let cookie = house.signed_in("nokey", house.orgs.hq, &[]).await;
    let known: BTreeSet<&str> = OPEN.iter().chain(SIGNED_IN).copied().collect();
    let mut let_in = Vec::new();
    for operation in operations() {
        if known.contains(operation.name().as_str()) {
            continue;
        }
        let (command, body) = (Some(Uuid::new_v4()), operation.body.clone());
        let method = operation.method.clone();
        let (status, answer) =
            house.send(method, &operation.uri(), Some(&cookie), command, body).await;
        if OTHERWISE.contains(&operation.name().as_str()) {
            assert!(status.is_client_error(), "{}: {status}", operation.name());
            continue;
        }
        if status != StatusCode::FORBIDDEN {
            let_in.push(format!("{}: {status} {answer}", operation.name()));
        }
    }
    assert!(let_in.is_empty(), "not refused:\n{}", let_in.join("\n"));
}

#[tokio::test]
async fn the_lists_of_open_operations_name_what_exists() {
    let names: BTreeSet<String> = operations().iter().map(Operation::name).collect();
    for open in OPEN.iter().chain(SIGNED_IN) {
        assert!(names.contains(*open), "{open} is no operation");
    }
}

/// accepts PL-03: what each built-in role may do is a paper that people read.
#[test]
fn the_matrix_of_roles_is_the_committed_one() {
    let mut matrix = String::from(
        "# Roles and permissions\n\nMade by a test from the code: ● within the organisation and \
         below, ○ only what is one's own.\n\n| permission | 权限 |",
    );
    for role in identity::BUILTIN {
        write!(matrix, " {} |", role.zh).unwrap();
    }
    writeln!(matrix, "\n|---|---|{}", "---|".repeat(identity::BUILTIN.len())).unwrap();
    for permission in server::permissions::ALL.iter() {
        write!(matrix, "| `{}` | {} |", permission.key, permission.zh).unwrap();
        for role in identity::BUILTIN {
            let sign =
                match (role.keys.contains(&permission.key), role.own.contains(&permission.key)) {
                    (true, _) => "●",
                    (false, true) => "○",
                    _ => "",
                };
            write!(matrix, " {sign} |").unwrap();
        }
        matrix.push('\n');
    }
    crate::guards::same_as_committed("docs/permissions.md", &matrix);
}

#[test]
fn every_key_of_a_built_in_role_exists_and_every_permission_is_given_to_somebody() {
    let known: BTreeSet<&str> = server::permissions::ALL.iter().map(|p| p.key).collect();
    assert_eq!(known.len(), server::permissions::ALL.len(), "a key is declared twice");
    let mut given = BTreeSet::new();
    for role in identity::BUILTIN {
        for (key, _) in role.grants() {
            assert!(known.contains(key), "{} holds {key}, which does not exist", role.key);
            given.insert(key);
        }
    }
    // Only loaders and jobs post to the book so far; they act for the system.
    let for_the_system = BTreeSet::from(["ledger.post"]);
    let idle: Vec<_> = known.iter().filter(|k| !given.contains(*k)).collect();
    let idle: Vec<_> = idle.into_iter().filter(|k| !for_the_system.contains(*k)).collect();
    assert!(idle.is_empty(), "no role holds {idle:?}");
}
