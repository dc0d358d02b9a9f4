//! New accounts and rooms.

use crate::{FactRule, Measure, NewAccount, NewPremise};
use kernel::{AccountId, Error, PremiseId, Result, Scope, Tx};

/// Says for this transaction that versions are written beside the rows.
pub(crate) async fn with_versions(tx: &mut Tx, on: bool) -> Result<()> {
    let on = if on { "on" } else { "off" };
    sqlx::query_scalar!("select set_config('directory.with_versions', $1, true)", on)
        .fetch_one(tx.db())
        .await?;
    Ok(())
}

/// The next free account number.
pub(crate) async fn next_account_no(tx: &mut Tx) -> Result<String> {
    let n = sqlx::query_scalar!(r#"select nextval('directory.account_no') as "n!""#)
        .fetch_one(tx.db())
        .await?;
    Ok(n.to_string())
}

/// Where a room lies and the name of its holder: what search pieces are made of.
pub(crate) struct Site {
    pub org_path: String,
    pub address: String,
    pub name: String,
    pub phones: Vec<String>,
}

/// A room in sight and a person; the account of another utility than heat is its company's.
pub(crate) async fn site(tx: &mut Tx, new: &NewAccount, scope: &Scope) -> Result<Site> {
    sqlx::query_as!(
        Site,
        r#"select coalesce((select g.path from directory.utility u
                            join identity.org g on g.id = u.org_id
                            where u.code = $4 and u.code <> 'heat'), pr.org_path) as "org_path!",
                  pr.address, p.name,
                  array(select number from directory.phone f where f.person_id = p.id) as "phones!"
           from directory.premise pr, directory.person p
         where pr.id = $1 and p.id = $2 and pr.merged_into is null and p.merged_into is null
           and pr.org_path ^@ any($3)"#,
        *new.premise_id,
        *new.facts.person_id,
        &scope.paths,
        new.utility,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("premise or person"))
}

/// The row of a new account.
pub(crate) async fn insert_account(
    tx: &mut Tx,
    new: &NewAccount,
    no: &str,
    site: &Site,
    grams: &[String],
) -> Result<AccountId> {
    let (id, f): (AccountId, _) = (tx.new_id(), &new.facts);
    sqlx::query!(
        "insert into directory.account
           (id, account_no, utility, premise_id, person_id, heat_use_state, network_state,
            charge_type, low_income, org_path, grams, opened_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        *id,
        no,
        new.utility,
        *new.premise_id,
        *f.person_id,
        <&str>::from(f.heat_use_state),
        <&str>::from(f.network_state),
        <&str>::from(f.charge_type),
        f.low_income,
        site.org_path,
        grams,
        new.opened_on,
    )
    .execute(tx.db())
    .await
    .map_err(|e| match super::constraint(&e) {
        Some("account_no_key") => FactRule::AccountNoTaken.into(),
        Some("account_utility_known") => {
            Error::invalid("utility", "没有这种公用事业", "no such utility")
        }
        _ => Error::from(e),
    })?;
    Ok(id)
}

/// The unit that a new room lies in.
pub(crate) struct Unit {
    pub code: String,
    pub address: String,
    pub org_path: String,
    pub lng: f64,
    pub lat: f64,
}

/// A unit in sight, and how its rooms' addresses begin.
pub(crate) async fn unit(tx: &mut Tx, new: &NewPremise, scope: &Scope) -> Result<Unit> {
    sqlx::query_as!(
        Unit,
        r#"select u.code, c.name || b.name || u.name as "address!", u.org_path, u.lng, u.lat
           from directory.place u
           join directory.place b on b.id = u.parent_id
           join directory.place c on c.id = b.parent_id
           where u.id = $1 and u.kind = 'unit' and u.org_path ^@ any($2)"#,
        *new.unit_id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("unit"))
}

/// The row of a new room.
pub(crate) async fn insert_premise(
    tx: &mut Tx,
    new: &NewPremise,
    unit: &Unit,
) -> Result<PremiseId> {
    let (id, f): (PremiseId, _) = (tx.new_id(), &new.facts);
    let room = new.room.trim();
    sqlx::query!(
        "insert into directory.premise
           (id, unit_id, riser_id, code, floor, room, address, building_area, usable_area,
            heated_area, charged_area, storey_height, user_class, heating_manner, valve_state,
            org_path, lng, lat)
         values ($1, $2, $3, $4, $5, $6, $7, $8::bigint / 100.0, $9::bigint / 100.0,
                 $10::bigint / 100.0, $11::bigint / 100.0, $12::bigint / 100.0, $13, $14, 'none',
                 $15, $16, $17)",
        *id,
        *new.unit_id,
        new.riser_id.map(|r| *r),
        format!("{}-{room}", unit.code),
        new.floor,
        room,
        format!("{}{room}", unit.address),
        f.building_area.hundredths(),
        f.usable_area.map(Measure::hundredths),
        f.heated_area.hundredths(),
        f.charged_area.hundredths(),
        f.storey_height.map(Measure::hundredths),
        <&str>::from(f.user_class),
        <&str>::from(f.heating_manner),
        unit.org_path,
        unit.lng,
        unit.lat,
    )
    .execute(tx.db())
    .await
    .map_err(|e| match super::constraint(&e) {
        Some("premise_code_key") => FactRule::CodeTaken.into(),
        Some("premise_riser") => Error::NotFound("riser"),
        _ => Error::from(e),
    })?;
    Ok(id)
}
