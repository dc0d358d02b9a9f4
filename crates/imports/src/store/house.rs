//! Households that come in, and go out again.

use crate::Household;
use kernel::{Result, Tx};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What was made of a line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Made {
    pub account: Uuid,
    pub premise: Uuid,
    /// Nobody when the holder was known.
    pub person: Option<Uuid>,
}

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

/// Writes a household: its address where it is new, its room, holder and account. Versions of
/// its facts come with the rows.
pub(crate) async fn insert_household(
    tx: &mut Tx,
    station: &Station,
    h: &Household,
) -> Result<Made> {
    let unit = unit(tx, station, h).await?;
    let premise = insert_premise(tx, unit, station, h).await?;
    let (person, known) = holder(tx, h).await?;
    let account: Uuid = tx.new_id();
    let address = address(h);
    let phones: Vec<&str> = h.phone.iter().map(String::as_str).collect();
    let grams = directory::account_grams(&h.name, &address, &station.path, &phones);
    sqlx::query!(
        "insert into directory.account (id, account_no, premise_id, person_id, heat_use_state,
           charge_type, org_path, grams, opened_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        account,
        h.account_no,
        premise,
        person,
        h.state,
        h.charge_type,
        station.path,
        &grams,
        h.opened_on,
    )
    .execute(tx.db())
    .await?;
    Ok(Made { account, premise, person: (!known).then_some(person) })
}

fn address(h: &Household) -> String {
    let [community, building, unit] = &h.place;
    let with = |text: &str, word: &str| {
        if text.ends_with(word) { text.to_owned() } else { format!("{text}{word}") }
    };
    format!("{community}{}{}{}", with(building, "号楼"), with(unit, "单元"), h.room)
}

async fn insert_premise(tx: &mut Tx, unit: Uuid, station: &Station, h: &Household) -> Result<Uuid> {
    let id: Uuid = tx.new_id();
    let [building, usable, heated, charged, height] = h.areas;
    sqlx::query!(
        "insert into directory.premise (id, unit_id, code, floor, room, address, building_area,
           usable_area, heated_area, charged_area, storey_height, user_class, heating_manner,
           valve_state, org_path, lng, lat)
         values ($1, $2, $3, $4, $5, $6, $7::bigint * 0.01, $8::bigint * 0.01, $9::bigint * 0.01,
                 $10::bigint * 0.01, $11::bigint * 0.01, $12, $13, 'none', $14, $15, $16)",
        id,
        unit,
        format!("IM-{}", h.account_no),
        h.floor,
        h.room,
        address(h),
        building,
        usable,
        heated,
        charged,
        height,
        h.user_class,
        h.heating_manner,
        station.path,
        station.lng,
        station.lat,
    )
    .execute(tx.db())
    .await?;
    Ok(id)
}

/// Community, building and unit, made where they are new.
async fn unit(tx: &mut Tx, station: &Station, h: &Household) -> Result<Uuid> {
    let [community, building, unit] = &h.place;
    let words = [
        ("community", community.clone()),
        ("building", format!("{}号楼", building.trim_end_matches("号楼"))),
        ("unit", format!("{}单元", unit.trim_end_matches("单元"))),
    ];
    let (mut parent, mut seed): (Option<Uuid>, String) = (None, station.path.clone());
    for (kind, name) in words {
        let known = sqlx::query_scalar!(
            "select id from directory.place
             where kind = $1 and name = $2 and org_path = $3
               and parent_id is not distinct from $4 order by id limit 1",
            kind,
            name,
            station.path,
            parent,
        )
        .fetch_optional(tx.db())
        .await?;
        seed = format!("{seed}|{name}");
        parent = Some(match known {
            Some(id) => id,
            None => insert_place(tx, parent, (kind, &name, &seed), station).await?,
        });
    }
    Ok(parent.unwrap_or_default())
}

async fn insert_place(
    tx: &mut Tx,
    parent: Option<Uuid>,
    (kind, name, seed): (&str, &str, &str),
    station: &Station,
) -> Result<Uuid> {
    let id: Uuid = tx.new_id();
    let hash = Sha256::digest(seed.as_bytes());
    let hash: String = hash.iter().take(6).map(|b| format!("{b:02x}")).collect();
    sqlx::query!(
        "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        parent,
        kind,
        format!("IM-{hash}"),
        name,
        station.path,
        station.lng,
        station.lat,
    )
    .execute(tx.db())
    .await?;
    Ok(id)
}

/// The holder: who has that identity number and name already is the same.
async fn holder(tx: &mut Tx, h: &Household) -> Result<(Uuid, bool)> {
    if let Some(number) = &h.id_number {
        let known = sqlx::query_scalar!(
            "select id from directory.person where name = $1 and id_number = $2
             order by id limit 1",
            h.name,
            number,
        )
        .fetch_optional(tx.db())
        .await?;
        if let Some(id) = known {
            return Ok((id, true));
        }
    }
    let id: Uuid = tx.new_id();
    let kind = if h.user_class == "resident" { "natural" } else { "body" };
    sqlx::query!(
        "insert into directory.person (id, kind, name, id_number) values ($1, $2, $3, $4)",
        id,
        kind,
        h.name,
        h.id_number,
    )
    .execute(tx.db())
    .await?;
    if let Some(phone) = &h.phone {
        sqlx::query!(
            "insert into directory.phone (person_id, number, label) values ($1, $2, '本人')",
            id,
            phone,
        )
        .execute(tx.db())
        .await?;
    }
    Ok((id, false))
}

/// How many of a batch's households somebody has done business with.
pub(crate) async fn in_use(tx: &mut Tx, batch: Uuid) -> Result<i64> {
    let many = sqlx::query_scalar!(
        r#"select count(*) as "many!" from imports.line l
           where l.batch_id = $1 and l.done and (
             exists (select from ledger.entry e where e.account_id = (l.made->>'account')::uuid)
             or exists (select from orders.work_order o
                        where o.account_id = (l.made->>'account')::uuid)
             or exists (select from billing.charge c
                        where c.account_id = (l.made->>'account')::uuid)
             or exists (select from directory.account_version v
                        where v.account_id = (l.made->>'account')::uuid
                          and v.superseded_at <> 'infinity')
             or exists (select from directory.account a
                        where (a.person_id = (l.made->>'person')::uuid
                               or a.premise_id = (l.made->>'premise')::uuid)
                          and not exists (select from imports.line m
                            where m.batch_id = $1
                              and (m.made->>'account')::uuid = a.id)))"#,
        batch,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(many)
}

/// Takes households out again that nobody has done business with.
pub(crate) async fn delete_households(tx: &mut Tx, made: &[Made]) -> Result<()> {
    let accounts: Vec<Uuid> = made.iter().map(|m| m.account).collect();
    let premises: Vec<Uuid> = made.iter().map(|m| m.premise).collect();
    let persons: Vec<Uuid> = made.iter().filter_map(|m| m.person).collect();
    sqlx::query!("select imports.unmake($1, $2, $3)", &accounts, &premises, &persons)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// How a batch's households stand: by station and state, how many and how large.
pub(crate) async fn households_in(
    tx: &mut Tx,
    batch: Uuid,
) -> Result<Vec<(String, String, i64, i64)>> {
    let rows = sqlx::query!(
        r#"select a.org_path, a.heat_use_state, count(*) as "lines!",
                  (sum(p.building_area) * 100)::bigint as "sum!"
           from imports.line l
           join directory.account a on a.id = (l.made->>'account')::uuid
           join directory.premise p on p.id = a.premise_id
           where l.batch_id = $1 and l.done group by 1, 2"#,
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
