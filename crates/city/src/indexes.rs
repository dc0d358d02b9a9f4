//! Keys and indexes that cost more to keep up row by row than to make anew at the end: they are
//! put aside in the loading transaction and come back as they were. Primary keys stay all the time.

use kernel::{Result, Tx};
use sqlx::AssertSqlSafe;

/// Tables that are filled by the million.
const TABLES: &[&str] = &[
    "directory.place",
    "directory.network_node",
    "directory.person",
    "directory.phone",
    "directory.premise",
    "directory.account",
    "directory.mark",
    "directory.premise_version",
    "directory.account_version",
    "directory.account_room",
    "directory.change",
    "ledger.posting",
    "payments.payment_order",
    "payments.share",
    "payments.attempt",
];

/// What waits for the rows: statements that bring it back.
pub(crate) struct Aside(Vec<String>);

impl Aside {
    /// Puts them aside.
    pub(crate) async fn put(tx: &mut Tx) -> Result<Self> {
        // What is sorted and joined by the million at the end is sorted and joined in memory.
        sqlx::query("set local maintenance_work_mem = '512MB'").execute(tx.db()).await?;
        sqlx::query("set local work_mem = '256MB'").execute(tx.db()).await?;
        let (mut drops, mut backs) = (Vec::new(), Vec::new());
        // Foreign keys first, then unique constraints that nobody refers to, then indexes.
        let constraints = "
            select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname),
                   format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname,
                          pg_get_constraintdef(c.oid))
            from pg_constraint c
            where c.conrelid = any($1::text[]::regclass[]) and c.contype in ('f', 'u')
              and not exists (select from pg_constraint f where f.contype = 'f'
                              and f.conindid = c.conindid and f.oid <> c.oid and c.contype = 'u')
            order by c.contype, c.conrelid::regclass::text, c.conname";
        let indexes = "
            select format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
            from pg_index i
            where i.indrelid = any($1::text[]::regclass[]) and not i.indisprimary
              and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
            order by 1";
        for found in [constraints, indexes] {
            let rows: Vec<(String, String)> =
                sqlx::query_as(found).bind(TABLES).fetch_all(tx.db()).await?;
            for (drop, back) in rows {
                drops.push(drop);
                backs.push(back);
            }
        }
        for drop in drops {
            sqlx::query(AssertSqlSafe(drop)).execute(tx.db()).await?;
        }
        // Foreign keys come back last.
        backs.sort_by_key(|back| back.contains("FOREIGN KEY"));
        Ok(Self(backs))
    }

    /// Makes them again.
    pub(crate) async fn bring_back(self, tx: &mut Tx) -> Result<()> {
        for back in self.0 {
            sqlx::query(AssertSqlSafe(back)).execute(tx.db()).await?;
        }
        Ok(())
    }
}
