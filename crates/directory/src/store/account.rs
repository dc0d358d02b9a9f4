//! One household, whole.

use crate::{Account, Mark, Phone, Unmasked, mask_phone};
use kernel::{AccountId, Error, NetworkNodeId, Result, Scope, Tx};
use sqlx::types::Json;

/// The household with everything that hangs on it, in one statement.
pub(crate) async fn account(tx: &mut Tx, id: AccountId, scope: &Scope) -> Result<Account> {
    let r = sqlx::query!(
        r#"select a.id, a.account_no, a.utility, a.person_id, a.heat_use_state, a.tags, a.org_path,
                  a.opened_on, p.name, pr.address, pr.code, pr.unit_id, pr.riser_id, pr.room,
                  pr.floor, pr.building_area::text as "building_area!",
                  pr.heated_area::text as "heated_area!", pr.user_class, pr.heating_manner,
                  pr.valve_state, pr.lng, pr.lat,
                  c.name as community, b.name as building, u.name as unit,
                  riser.name as "riser_name?", station.id as "station_node_id?: NetworkNodeId",
                  station.name as "station_name?", coalesce(org.name, '') as "org_name!",
                  coalesce((select jsonb_agg(jsonb_build_object('number', number, 'label', label)
                                             order by label, number)
                            from directory.phone where person_id = a.person_id), '[]')
                    as "phones!: Json<Vec<Phone>>",
                  coalesce((select jsonb_agg(to_jsonb(m) order by m.since desc)
                            from (select kind, note, since, until from directory.mark
                                  where account_id = a.id) m), '[]')
                    as "marks!: Json<Vec<Mark>>"
           from directory.account a
           join directory.person p on p.id = a.person_id
           join directory.premise pr on pr.id = a.premise_id
           join directory.place u on u.id = pr.unit_id
           join directory.place b on b.id = u.parent_id
           join directory.place c on c.id = b.parent_id
           left join directory.network_node riser on riser.id = pr.riser_id
           left join directory.network_node above on above.id = riser.parent_id
           left join directory.network_node station on station.kind = 'station'
             and station.id = case above.kind when 'station' then above.id else above.parent_id end
           left join identity.org org on org.path = a.org_path
           where a.id = $1 and a.org_path ^@ any($2)"#,
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("household"))?;
    Ok(Account {
        id: r.id,
        account_no: r.account_no,
        utility: r.utility,
        name: r.name,
        person_id: r.person_id,
        phones: masked(r.phones.0),
        address: r.address,
        code: r.code,
        community: r.community,
        building: r.building,
        unit: r.unit,
        unit_id: r.unit_id,
        riser_id: r.riser_id,
        riser_name: r.riser_name,
        room: r.room,
        floor: r.floor,
        building_area: r.building_area,
        heated_area: r.heated_area,
        user_class: r.user_class,
        heating_manner: r.heating_manner,
        valve_state: r.valve_state,
        heat_use_state: r.heat_use_state,
        tags: r.tags,
        org_path: r.org_path,
        org_name: r.org_name,
        station_node_id: r.station_node_id,
        station_name: r.station_name,
        lng: r.lng,
        lat: r.lat,
        opened_on: r.opened_on,
        marks: r.marks.0,
    })
}

/// The household's station, and that it is in sight.
pub(crate) async fn org_path(tx: &mut Tx, id: AccountId, scope: &Scope) -> Result<String> {
    sqlx::query_scalar!(
        "select org_path from directory.account where id = $1 and org_path ^@ any($2)",
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("household"))
}

/// The holder's numbers in full.
pub(crate) async fn unmasked(tx: &mut Tx, id: AccountId) -> Result<Unmasked> {
    let r = sqlx::query!(
        r#"select p.id_number,
                  coalesce((select jsonb_agg(jsonb_build_object('number', number, 'label', label)
                                             order by label, number)
                            from directory.phone where person_id = p.id), '[]')
                    as "phones!: Json<Vec<Phone>>"
           from directory.account a join directory.person p on p.id = a.person_id
           where a.id = $1"#,
        *id,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(Unmasked { phones: r.phones.0, id_number: r.id_number })
}

pub(crate) fn masked(phones: Vec<Phone>) -> Vec<Phone> {
    phones.into_iter().map(|p| Phone { number: mask_phone(&p.number), label: p.label }).collect()
}
