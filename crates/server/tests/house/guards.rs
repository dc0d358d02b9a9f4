//! What is committed is what the code says.

use std::fs;
use std::path::PathBuf;

/// The repository's root.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Compares with the committed paper; writes it anew where `HEARTHLINE_ACCEPT` is set.
pub fn same_as_committed(path: &str, made: &str) {
    let file = root().join(path);
    if std::env::var_os("HEARTHLINE_ACCEPT").is_some() {
        fs::write(&file, made).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == made,
        "{path} is not what the code says; look at the difference, and where it is meant run \
         HEARTHLINE_ACCEPT=1 cargo test -p server --test house"
    );
}

/// One readable picture of the whole schema, held equal to the migrations.
#[tokio::test]
async fn schema_sql_is_what_the_migrations_make() {
    let t = testing::TestApp::new().await;
    let columns: Vec<(String, String, String, bool)> = sqlx::query_as(
        "select table_schema || '.' || table_name, column_name, udt_name, is_nullable = 'YES'
         from information_schema.columns
         where table_schema not in ('pg_catalog', 'information_schema', 'public')
         order by 1, ordinal_position",
    )
    .fetch_all(&t.app.pool)
    .await
    .unwrap();
    let constraints: Vec<(String, String)> = sqlx::query_as(
        "select conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
         from pg_constraint where connamespace::regnamespace::text not like 'pg\\_%'
           and conrelid <> 0 and contype <> 'n'
           and connamespace::regnamespace::text not in ('information_schema', 'public')
         order by 1, 2",
    )
    .fetch_all(&t.app.pool)
    .await
    .unwrap();
    let mut schema =
        String::from("-- The whole schema as the migrations make it; a test keeps it true.\n");
    let mut table = String::new();
    for (name, column, kind, nullable) in columns {
        if name != table {
            close(&mut schema, &table, &constraints);
            schema += &format!("\ntable {name}\n");
            table = name;
        }
        schema += &format!("  {column} {kind}{}\n", if nullable { "" } else { " not null" });
    }
    close(&mut schema, &table, &constraints);
    same_as_committed("migrations/schema.sql", &schema);
}

fn close(schema: &mut String, table: &str, constraints: &[(String, String)]) {
    for (_, constraint) in constraints.iter().filter(|(t, _)| t == table) {
        *schema += &format!("  : {constraint}\n");
    }
}
