//! Whom the caller page may be: households with something to see.

use kernel::Result;
use sqlx::PgPool;

/// A telephone number to call from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The number.
    pub number: String,
    /// Whose it is.
    pub name: String,
    /// Where he lives.
    pub address: String,
}

/// Each line finds the first household of one sort; a number stands for one sort only.
const SORTS: [&str; 7] = [
    // one number, two households
    "exists (select from directory.phone o
       where o.number = p.number and o.person_id <> p.person_id)",
    // arrears
    "a.heat_use_state = 'using' and (select coalesce(sum(e.amount_fen), 0) from ledger.entry e
       where e.account_id = a.id and e.ledger = 'receivable') > 0",
    // stopped
    "a.heat_use_state = 'stopped'",
    // an open order
    "exists (select from orders.work_order o where o.account_id = a.id
       and o.state not in ('closed', 'voided'))",
    // a repeat complainer
    "'repeat_complainer' = any(a.tags)",
    // a shop
    "m.user_class = 'shop'",
    // an alteration
    "exists (select from directory.mark k where k.account_id = a.id and k.kind = 'alteration')",
];

/// Up to eight callers worth a pop, two of them neighbours in one unit.
pub async fn demo_callers(pool: &PgPool) -> Result<Vec<Caller>> {
    let mut callers: Vec<Caller> = Vec::new();
    for sort in SORTS {
        if let Some(found) = first(pool, sort, &callers).await? {
            callers.push(found);
        }
    }
    let unit = "m.unit_id = (select n.unit_id from directory.premise n where n.address = any($2))";
    if let Some(neighbour) = first(pool, unit, &callers).await? {
        callers.push(neighbour);
    }
    Ok(callers)
}

async fn first(pool: &PgPool, sort: &str, known: &[Caller]) -> Result<Option<Caller>> {
    let numbers: Vec<&str> = known.iter().map(|c| c.number.as_str()).collect();
    let last: Vec<&str> = known.last().iter().map(|c| c.address.as_str()).collect();
    let sql = format!(
        "select p.number, h.name, m.address
         from directory.account a
         join directory.premise m on m.id = a.premise_id
         join directory.person h on h.id = a.person_id
         join directory.phone p on p.person_id = h.id
         where p.number <> all($1) and m.address <> all($2) and {sort}
         order by a.account_no, p.number limit 1"
    );
    let row: Option<(String, String, String)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(numbers)
        .bind(last)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(|(number, name, address)| Caller { number, name, address }))
}
