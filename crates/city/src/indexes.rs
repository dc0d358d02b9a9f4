//! The two inverted indexes cost more to keep up row by row than to make anew at the end: they
//! are put aside in the loading transaction and come back as they were. Keys stay all the time.

use kernel::{Result, Tx};
use sqlx::AssertSqlSafe;

/// Indexes that wait for the rows.
pub(crate) struct Aside(Vec<String>);

impl Aside {
    /// Puts them aside.
    pub(crate) async fn put(tx: &mut Tx) -> Result<Self> {
        let found: Vec<(String, String)> = sqlx::query_as(
            "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
             from pg_index i join pg_class c on c.oid = i.indexrelid
             join pg_am a on a.oid = c.relam
             where c.relnamespace = 'directory'::regnamespace and a.amname = 'gin'
             order by 1",
        )
        .fetch_all(tx.db())
        .await?;
        for (name, _) in &found {
            sqlx::query(AssertSqlSafe(format!("drop index {name}"))).execute(tx.db()).await?;
        }
        Ok(Self(found.into_iter().map(|(_, definition)| definition).collect()))
    }

    /// Makes them again.
    pub(crate) async fn bring_back(self, tx: &mut Tx) -> Result<()> {
        sqlx::query("set local maintenance_work_mem = '256MB'").execute(tx.db()).await?;
        for definition in self.0 {
            sqlx::query(AssertSqlSafe(definition)).execute(tx.db()).await?;
        }
        Ok(())
    }
}
