//! Households come in by the thousand: addresses where they are new, rooms, holders, accounts, in
//! a handful of statements. Versions of their facts come with the rows.

use super::Station;
use crate::Household;
use crate::read::SEPARATOR;
use kernel::{Result, Tx};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A line's household and the station that serves it.
pub(crate) struct Coming<'a> {
    pub no: i32,
    pub station: &'a Station,
    pub home: &'a Household,
}

impl Coming<'_> {
    /// Community, building and unit as the address tree calls them.
    fn places(&self) -> [String; 3] {
        let [community, building, unit] = &self.home.place;
        [
            community.clone(),
            format!("{}号楼", building.trim_end_matches("号楼")),
            format!("{}单元", unit.trim_end_matches("单元")),
        ]
    }

    /// As people say it.
    fn address(&self) -> String {
        let [community, building, unit] = self.places();
        format!("{community}{building}{unit}{}", self.home.room)
    }
}

/// Writes them all.
pub(crate) async fn make(tx: &mut Tx, batch: Uuid, homes: &[Coming<'_>]) -> Result<()> {
    let units = units(tx, homes).await?;
    let premises: Vec<Uuid> = homes.iter().map(|_| tx.new_id()).collect();
    insert_premises(tx, homes, &premises, &units).await?;
    let holders = holders(tx, homes).await?;
    let accounts: Vec<Uuid> = homes.iter().map(|_| tx.new_id()).collect();
    insert_accounts(tx, homes, &accounts, &premises, &holders).await?;
    insert_made(tx, batch, homes, &accounts, &premises, &holders).await
}

/// The unit of each; what is new of the address tree is made, level by level.
async fn units(tx: &mut Tx, homes: &[Coming<'_>]) -> Result<Vec<Uuid>> {
    let mut above: Vec<Option<Uuid>> = vec![None; homes.len()];
    let mut seeds: Vec<String> = homes.iter().map(|h| h.station.path.clone()).collect();
    let names: Vec<[String; 3]> = homes.iter().map(Coming::places).collect();
    for (level, kind) in ["community", "building", "unit"].into_iter().enumerate() {
        let mut wanted: BTreeMap<Key, New<'_>> = BTreeMap::new();
        let key = |n: usize| -> Option<Key> {
            let (home, names, parent) = (homes.get(n)?, names.get(n)?, above.get(n)?);
            Some((*parent, names.get(level)?.clone(), home.station.path.clone()))
        };
        let keys: Vec<_> = (0..homes.len()).filter_map(key).collect();
        for ((key, home), seed) in keys.iter().zip(homes).zip(&mut seeds) {
            *seed = format!("{seed}|{}", key.1);
            let new = New { station: home.station, seed: seed.clone() };
            wanted.entry(key.clone()).or_insert(new);
        }
        let found = places(tx, kind, &wanted).await?;
        above = keys.iter().map(|key| found.get(key).copied()).collect();
    }
    Ok(above.into_iter().map(Option::unwrap_or_default).collect())
}

/// A place that may have to be made.
struct New<'a> {
    station: &'a Station,
    seed: String,
}

/// Above it, its name, whose it is.
type Key = (Option<Uuid>, String, String);

/// Those places, found or made.
async fn places(
    tx: &mut Tx,
    kind: &str,
    wanted: &BTreeMap<Key, New<'_>>,
) -> Result<HashMap<Key, Uuid>> {
    let parents: Vec<Option<Uuid>> = wanted.keys().map(|k| k.0).collect();
    let names: Vec<String> = wanted.keys().map(|k| k.1.clone()).collect();
    let paths: Vec<String> = wanted.keys().map(|k| k.2.clone()).collect();
    let known = sqlx::query!(
        r#"select t.n as "n!", p.id as "id!"
           from unnest($2::uuid[], $3::text[], $4::text[]) with ordinality
             t (parent_id, name, org_path, n)
           cross join lateral (
             select id from directory.place p
             where t.parent_id is null and p.parent_id is null and p.kind = $1
               and p.name = t.name and p.org_path = t.org_path
             union all
             select id from directory.place p
             where p.parent_id = t.parent_id and p.kind = $1
               and p.name = t.name and p.org_path = t.org_path
             order by 1 limit 1) p"#,
        kind,
        &parents as &[Option<Uuid>],
        &names,
        &paths,
    )
    .fetch_all(tx.db())
    .await?;
    let known: HashMap<i64, Uuid> = known.into_iter().map(|r| (r.n, r.id)).collect();
    let (mut found, mut new) = (HashMap::with_capacity(wanted.len()), Vec::new());
    for (n, (key, place)) in (1_i64..).zip(wanted) {
        let id = match known.get(&n) {
            Some(id) => *id,
            None => {
                let id = tx.new_id();
                new.push((id, key, place));
                id
            }
        };
        found.insert(key.clone(), id);
    }
    insert_places(tx, kind, &new).await?;
    Ok(found)
}

async fn insert_places(tx: &mut Tx, kind: &str, new: &[(Uuid, &Key, &New<'_>)]) -> Result<()> {
    let code = |seed: &str| {
        let hash = Sha256::digest(seed.as_bytes());
        let hash: String = hash.iter().take(6).map(|b| format!("{b:02x}")).collect();
        format!("IM-{hash}")
    };
    let ids: Vec<Uuid> = new.iter().map(|n| n.0).collect();
    let parents: Vec<Option<Uuid>> = new.iter().map(|n| n.1.0).collect();
    let codes: Vec<String> = new.iter().map(|n| code(&n.2.seed)).collect();
    let names: Vec<String> = new.iter().map(|n| n.1.1.clone()).collect();
    let paths: Vec<String> = new.iter().map(|n| n.1.2.clone()).collect();
    let lngs: Vec<f64> = new.iter().map(|n| n.2.station.lng).collect();
    let lats: Vec<f64> = new.iter().map(|n| n.2.station.lat).collect();
    sqlx::query!(
        "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
         select id, parent_id, $1, code, name, org_path, lng, lat
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::float8[],
                     $8::float8[]) t (id, parent_id, code, name, org_path, lng, lat)",
        kind,
        &ids,
        &parents as &[Option<Uuid>],
        &codes,
        &names,
        &paths,
        &lngs,
        &lats,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

fn texts<'a>(homes: &[Coming<'a>], of: impl Fn(&Coming<'a>) -> String) -> Vec<String> {
    homes.iter().map(of).collect()
}

async fn insert_premises(
    tx: &mut Tx,
    homes: &[Coming<'_>],
    ids: &[Uuid],
    units: &[Uuid],
) -> Result<()> {
    let area = |n: usize| -> Vec<Option<i64>> {
        homes.iter().map(|h| h.home.areas.get(n).copied().flatten()).collect()
    };
    let floors: Vec<i32> = homes.iter().map(|h| h.home.floor).collect();
    let lngs: Vec<f64> = homes.iter().map(|h| h.station.lng).collect();
    let lats: Vec<f64> = homes.iter().map(|h| h.station.lat).collect();
    sqlx::query!(
        "insert into directory.premise (id, unit_id, code, floor, room, address, building_area,
           usable_area, heated_area, charged_area, storey_height, user_class, heating_manner,
           valve_state, org_path, lng, lat)
         select id, unit_id, code, floor, room, address, building * 0.01, usable * 0.01,
                heated * 0.01, charged * 0.01, height * 0.01, user_class, manner, 'none', org_path,
                lng, lat
         from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[],
                     $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[],
                     $12::text[], $13::text[], $14::text[], $15::float8[], $16::float8[])
           t (id, unit_id, code, floor, room, address, building, usable, heated, charged, height,
              user_class, manner, org_path, lng, lat)",
        ids,
        units,
        &texts(homes, |h| format!("IM-{}", h.home.account_no)),
        &floors,
        &texts(homes, |h| h.home.room.clone()),
        &texts(homes, Coming::address),
        &area(0) as &[Option<i64>],
        &area(1) as &[Option<i64>],
        &area(2) as &[Option<i64>],
        &area(3) as &[Option<i64>],
        &area(4) as &[Option<i64>],
        &texts(homes, |h| h.home.user_class.to_owned()),
        &texts(homes, |h| h.home.heating_manner.to_owned()),
        &texts(homes, |h| h.station.path.clone()),
        &lngs,
        &lats,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A holder, and whether this line made him.
struct Holder {
    id: Uuid,
    new: bool,
}

/// The holders: who has that identity number and name already is the same.
async fn holders(tx: &mut Tx, homes: &[Coming<'_>]) -> Result<Vec<Holder>> {
    let numbered: BTreeSet<(&str, &str)> = homes
        .iter()
        .filter_map(|h| Some((h.home.name.as_str(), h.home.id_number.as_deref()?)))
        .collect();
    let names: Vec<String> = numbered.iter().map(|n| n.0.to_owned()).collect();
    let numbers: Vec<String> = numbered.iter().map(|n| n.1.to_owned()).collect();
    let rows = sqlx::query!(
        r#"select distinct on (p.name, p.id_number) p.id, p.name, p.id_number as "id_number!"
           from unnest($1::text[], $2::text[]) t (name, id_number)
           join directory.person p on p.id_number = t.id_number and p.name = t.name
             and p.merged_into is null
           order by p.name, p.id_number, p.id"#,
        &names,
        &numbers,
    )
    .fetch_all(tx.db())
    .await?;
    let mut known: HashMap<(String, String), Uuid> =
        rows.into_iter().map(|r| ((r.name, r.id_number), r.id)).collect();
    let (mut holders, mut new) = (Vec::with_capacity(homes.len()), Vec::new());
    for coming in homes {
        let home = coming.home;
        let key = home.id_number.clone().map(|number| (home.name.clone(), number));
        if let Some(id) = key.as_ref().and_then(|key| known.get(key)) {
            holders.push(Holder { id: *id, new: false });
            continue;
        }
        let id: Uuid = tx.new_id();
        if let Some(key) = key {
            known.insert(key, id);
        }
        new.push((id, home));
        holders.push(Holder { id, new: true });
    }
    insert_persons(tx, &new).await?;
    Ok(holders)
}

async fn insert_persons(tx: &mut Tx, new: &[(Uuid, &Household)]) -> Result<()> {
    let ids: Vec<Uuid> = new.iter().map(|n| n.0).collect();
    let kind = |h: &Household| if h.user_class == "resident" { "natural" } else { "body" };
    let kinds: Vec<String> = new.iter().map(|n| kind(n.1).to_owned()).collect();
    let names: Vec<String> = new.iter().map(|n| n.1.name.clone()).collect();
    let numbers: Vec<Option<String>> = new.iter().map(|n| n.1.id_number.clone()).collect();
    sqlx::query!(
        "insert into directory.person (id, kind, name, id_number)
         select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])",
        &ids,
        &kinds,
        &names,
        &numbers as &[Option<String>],
    )
    .execute(tx.db())
    .await?;
    let phones: Vec<Option<String>> = new.iter().map(|n| n.1.phone.clone()).collect();
    sqlx::query!(
        "insert into directory.phone (person_id, number, label)
         select id, number, '本人' from unnest($1::uuid[], $2::text[]) t (id, number)
         where number is not null",
        &ids,
        &phones as &[Option<String>],
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

async fn insert_accounts(
    tx: &mut Tx,
    homes: &[Coming<'_>],
    ids: &[Uuid],
    premises: &[Uuid],
    holders: &[Holder],
) -> Result<()> {
    let by = SEPARATOR.to_string();
    let grams = |h: &Coming<'_>| {
        let phones: Vec<&str> = h.home.phone.iter().map(String::as_str).collect();
        directory::account_grams(&h.home.name, &h.address(), &h.station.path, &phones)
    };
    let grams: Vec<String> = homes.iter().map(|h| grams(h).join(&by)).collect();
    let persons: Vec<Uuid> = holders.iter().map(|h| h.id).collect();
    let days: Vec<chrono::NaiveDate> = homes.iter().map(|h| h.home.opened_on).collect();
    sqlx::query!(
        "insert into directory.account (id, account_no, premise_id, person_id, heat_use_state,
           charge_type, org_path, grams, opened_on)
         select id, account_no, premise_id, person_id, state, charge_type, org_path,
                string_to_array(grams, $10), opened_on
         from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[],
                     $7::text[], $8::text[], $9::date[])
           t (id, account_no, premise_id, person_id, state, charge_type, org_path, grams,
              opened_on)",
        ids,
        &texts(homes, |h| h.home.account_no.clone()),
        premises,
        &persons,
        &texts(homes, |h| h.home.state.to_owned()),
        &texts(homes, |h| h.home.charge_type.to_owned()),
        &texts(homes, |h| h.station.path.clone()),
        &grams,
        &days,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

async fn insert_made(
    tx: &mut Tx,
    batch: Uuid,
    homes: &[Coming<'_>],
    accounts: &[Uuid],
    premises: &[Uuid],
    holders: &[Holder],
) -> Result<()> {
    let nos: Vec<i32> = homes.iter().map(|h| h.no).collect();
    let persons: Vec<Option<Uuid>> = holders.iter().map(|h| h.new.then_some(h.id)).collect();
    let phones: Vec<Option<String>> = homes.iter().map(|h| h.home.phone.clone()).collect();
    sqlx::query!(
        "insert into imports.made (batch_id, no, account_id, premise_id, person_id, phone)
         select $1, t.* from unnest($2::int[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[]) t",
        batch,
        &nos,
        accounts,
        premises,
        &persons as &[Option<Uuid>],
        &phones as &[Option<String>],
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
