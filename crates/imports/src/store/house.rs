//! Households as the house has them, and the way out again.

use kernel::{Result, Tx};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A station by its code or name.
#[derive(Clone, Debug)]
pub(crate) struct Station {
    pub path: String,
    pub lng: f64,
    pub lat: f64,
}

pub(crate) async fn stations(tx: &mut Tx, within: &str) -> Result<HashMap<String, Station>> {
    let rows = sqlx::query!(
        "select code, name, path, coalesce(lng, 0) as \"lng!\", coalesce(lat, 0) as \"lat!\"
         from identity.org where kind = 'station' and active and path ^@ $1",
        within,
    )
    .fetch_all(tx.db())
    .await?;
    let mut found = HashMap::new();
    for r in rows {
        let station = Station { path: r.path, lng: r.lng, lat: r.lat };
        found.insert(r.name, station.clone());
        found.insert(r.code, station);
    }
    Ok(found)
}

/// The account numbers of these that are taken.
pub(crate) async fn taken(tx: &mut Tx, numbers: &[String]) -> Result<HashSet<String>> {
    let rows = sqlx::query_scalar!(
        "select account_no from directory.account where account_no = any($1)",
        numbers,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().collect())
}

/// What stands in the way of taking a batch's households out: which tables, how many households.
pub(crate) async fn in_use(tx: &mut Tx, batch: Uuid) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select what as "what!", households as "households!" from imports.in_use($1)"#,
        batch,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.what, r.households)).collect())
}

/// Takes the last households of a batch out again; how many it was.
pub(crate) async fn unmake(tx: &mut Tx, batch: Uuid, most: i32) -> Result<i32, sqlx::Error> {
    let now = tx.now();
    sqlx::query_scalar!(r#"select imports.unmake($1, $2, $3) as "out!""#, batch, most, now)
        .fetch_one(tx.db())
        .await
}

/// How a batch's households stand: by station and state, how many and how large.
pub(crate) async fn households_in(
    tx: &mut Tx,
    batch: Uuid,
) -> Result<Vec<(String, String, i64, i64)>> {
    let rows = sqlx::query!(
        r#"select a.org_path, a.heat_use_state, count(*) as "lines!",
                  (sum(p.building_area) * 100)::bigint as "sum!"
           from imports.made m
           join directory.account a on a.id = m.account_id
           join directory.premise p on p.id = a.premise_id
           where m.batch_id = $1 group by 1, 2"#,
        batch,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.org_path, r.heat_use_state, r.lines, r.sum)).collect())
}

/// Households in the columns of a file of households.
pub(crate) async fn households(tx: &mut Tx, scope: &kernel::Scope) -> Result<Vec<Vec<String>>> {
    let rows = sqlx::query!(
        r#"select array[a.account_no, h.name, coalesce(h.id_number, ''),
                    coalesce((select min(t.number) from directory.phone t
                              where t.person_id = h.id), ''),
                    o.code, c.name, b.name, u.name, m.floor::text, m.room,
                    m.building_area::text, coalesce(m.usable_area::text, ''),
                    m.heated_area::text, coalesce(m.charged_area::text, ''),
                    coalesce(m.storey_height::text, ''), m.user_class, m.heating_manner,
                    a.heat_use_state, a.charge_type, a.opened_on::text] as "cells!"
           from directory.account a
           join directory.person h on h.id = a.person_id
           join directory.premise m on m.id = a.premise_id
           join directory.place u on u.id = m.unit_id
           join directory.place b on b.id = u.parent_id
           join directory.place c on c.id = b.parent_id
           join identity.org o on o.path = a.org_path
           where a.org_path ^@ any($1) order by a.account_no"#,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| r.cells).collect())
}
