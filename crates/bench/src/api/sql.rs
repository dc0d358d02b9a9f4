//! The product's own statements, read from its source when this is compiled: the floor runs the
//! same SQL by construction, and a statement that moves breaks the bench and not its honesty.

/// The statements of the four operations.
pub struct Statements {
    pub policy: &'static str,
    pub symptom: &'static str,
    pub place: &'static str,
    pub number: &'static str,
    pub insert: &'static str,
    pub find: String,
    pub queue: String,
    pub with_number: &'static str,
    pub with_name: &'static str,
    pub with_grams: &'static str,
    pub communities: &'static str,
    pub in_communities: &'static str,
    pub hits: &'static str,
    pub field_lock: &'static str,
    pub lock: &'static str,
    pub save: &'static str,
    pub visit: &'static str,
    pub needing: &'static str,
    pub visits: &'static str,
    pub evidence: &'static str,
    pub temperatures: &'static str,
}

const FACTS: &str = include_str!("../../../orders/src/store/facts.rs");
const ORDER: &str = include_str!("../../../orders/src/store/order.rs");
const READ: &str = include_str!("../../../orders/src/store/read.rs");
const LIST: &str = include_str!("../../../orders/src/store/list.rs");
const FIND: &str = include_str!("../../../directory/src/store/find.rs");
const VISIT: &str = include_str!("../../../field/src/store/visit.rs");
const SEEN: &str = include_str!("../../../field/src/store/read.rs");

impl Statements {
    /// All of them.
    pub fn read() -> Self {
        let orders = |source, of| format!("{}{}", sql(READ, "macro_rules!"), sql(source, of));
        Self {
            policy: sql(FACTS, "fn policy("),
            symptom: sql(FACTS, "fn check_symptom("),
            place: sql(FACTS, "fn place_of("),
            number: sql(ORDER, "fn next_number("),
            insert: sql(ORDER, "fn insert("),
            find: orders(READ, "fn find("),
            queue: orders(LIST, "fn queue("),
            with_number: sql(FIND, "fn with_number("),
            with_name: sql(FIND, "fn with_name("),
            with_grams: sql(FIND, "fn with_grams("),
            communities: sql(FIND, "fn communities_named("),
            in_communities: sql(FIND, "fn in_communities("),
            hits: sql(FIND, "fn hits("),
            field_lock: sql(VISIT, "fn lock("),
            lock: sql(ORDER, "fn lock("),
            save: sql(ORDER, "fn save("),
            visit: sql(VISIT, "fn open("),
            needing: sql(SEEN, "fn needing_visit("),
            visits: sql(SEEN, "async fn read("),
            evidence: sql(SEEN, "async fn evidence("),
            temperatures: sql(SEEN, "async fn temperatures("),
        }
    }
}

/// The first string literal behind `mark` that is a piece of SQL.
///
/// # Panics
/// When there is none: the product was changed, and the floor must follow.
fn sql(source: &'static str, mark: &str) -> &'static str {
    let (_, mut rest) = source.split_once(mark).unwrap_or_default();
    while let Some((before, text)) = rest.split_once('"') {
        let end = if before.ends_with("r#") { "\"#" } else { "\"" };
        let (literal, after) = text.split_once(end).unwrap_or_default();
        let word = literal.trim_start().split(' ').next().unwrap_or_default();
        if ["select", "insert", "update", "where"].contains(&word) {
            return literal;
        }
        rest = after;
    }
    panic!("no SQL behind {mark:?} in the product's source")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_is_found_and_begins_as_it_should() {
        let s = Statements::read();
        for select in [s.policy, s.symptom, s.place, s.number, s.with_number, s.with_name] {
            assert!(select.starts_with("select"), "{select}");
        }
        for select in [s.hits, s.field_lock, s.lock, s.needing, s.visits, s.evidence] {
            assert!(select.starts_with("select"), "{select}");
        }
        assert!(s.with_grams.contains("grams @> $1") && s.temperatures.contains("decidegrees"));
        assert!(s.communities.contains("strpos") && s.in_communities.contains("limit $9"));
        assert!(s.insert.starts_with("insert into orders.work_order") && s.insert.contains("$30"));
        assert!(s.save.starts_with("update orders.work_order") && s.save.contains("$24"));
        assert!(s.visit.starts_with("insert into field.visit"));
        assert!(s.find.starts_with("select o.id") && s.find.contains("where o.id = $1"));
        assert!(s.queue.contains("order by o.next_due, o.id limit $15"));
        assert!(s.lock.ends_with("for update of o"));
    }
}
