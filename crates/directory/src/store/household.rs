//! What hangs on a household beside its facts.

use crate::store::masked;
use crate::{
    FittedMeter, HouseholdPaper, HouseholdRule, Listing, Measure, NewDocument, NewMeter,
    OtherAccount, Person, Phone, RoomNow, UtilityAccount, mask_id_number,
};
use chrono::NaiveDate;
use kernel::{AccountId, Error, FileId, OnConstraint, PersonId, PremiseId, Result, Scope, Tx};
use sqlx::types::Json;
use uuid::Uuid;

/// A person, numbers masked.
pub(crate) async fn person(tx: &mut Tx, id: PersonId) -> Result<Person> {
    let r = sqlx::query!(
        r#"select id as "id: PersonId", kind, name, customer_type, relation_level, signatory,
                  tax_number, id_number,
                  coalesce((select jsonb_agg(jsonb_build_object('number', number, 'label', label)
                                             order by label, number)
                            from directory.phone where person_id = p.id), '[]')
                    as "phones!: Json<Vec<Phone>>"
           from directory.person p where id = $1"#,
        *id,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("person"))?;
    Ok(Person {
        id: r.id,
        kind: r.kind,
        name: r.name,
        customer_type: r.customer_type,
        relation_level: r.relation_level,
        signatory: r.signatory,
        tax_number: r.tax_number,
        id_number: r.id_number.map(|n| mask_id_number(&n)),
        phones: masked(r.phones.0),
    })
}

/// The rooms that an account holds on a day.
pub(crate) async fn rooms(tx: &mut Tx, id: AccountId, on: NaiveDate) -> Result<Vec<RoomNow>> {
    let rows = sqlx::query_as!(
        RoomNow,
        r#"select p.id as "premise_id: PremiseId", p.code, p.address,
                  p.id = a.premise_id as "main!",
                  r.valid_from as "from",
                  (p.building_area * 100)::bigint as "building_area!: Measure",
                  (p.usable_area * 100)::bigint as "usable_area: Measure",
                  (p.heated_area * 100)::bigint as "heated_area!: Measure",
                  (coalesce(p.charged_area, p.heated_area) * 100)::bigint
                    as "charged_area!: Measure",
                  (p.storey_height * 100)::bigint as "storey_height: Measure",
                  p.user_class as "user_class: String",
                  p.heating_manner as "heating_manner: String",
                  p.valve_state
           from directory.account_room r
           join directory.account a on a.id = r.account_id
           join directory.premise p on p.id = r.premise_id
           where r.account_id = $1 and r.superseded_at = 'infinity'
             and r.valid_from <= $2 and r.valid_to > $2
           order by p.id <> a.premise_id, p.address"#,
        *id,
        on,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Meters in rooms, those that are there first.
pub(crate) async fn meters(tx: &mut Tx, premises: &[Uuid]) -> Result<Vec<FittedMeter>> {
    let rows = sqlx::query_as!(
        FittedMeter,
        r#"select id, number, premise_id as "premise_id: PremiseId", kind, unit,
                  start_reading::text as "start_reading!", valid_from,
                  nullif(valid_to, 'infinity') as valid_to
           from directory.meter where premise_id = any($1) order by valid_to desc, number"#,
        premises,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Accounts of any utility in the same rooms.
pub(crate) async fn utility_accounts(
    tx: &mut Tx,
    premises: &[Uuid],
    scope: &Scope,
) -> Result<Vec<UtilityAccount>> {
    let rows = sqlx::query_as!(
        UtilityAccount,
        r#"select distinct on (position('-' || a.utility in '-heat-water-gas-power'), a.account_no)
                  a.id as "account_id: AccountId", a.utility, a.account_no, p.name, u.company,
                  u.hotline, u.arrive_minutes, u.repair_minutes
           from directory.account_room r
           join directory.account a on a.id = r.account_id
           join directory.person p on p.id = a.person_id
           join directory.utility u on u.code = a.utility
           where r.premise_id = any($1) and r.superseded_at = 'infinity'
             and r.valid_to = 'infinity' and a.org_path ^@ any($2)
           order by position('-' || a.utility in '-heat-water-gas-power'), a.account_no limit 40"#,
        premises,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Other accounts of a holder.
pub(crate) async fn other_accounts(
    tx: &mut Tx,
    person: PersonId,
    but: AccountId,
    scope: &Scope,
) -> Result<Vec<OtherAccount>> {
    let rows = sqlx::query_as!(
        OtherAccount,
        r#"select a.id as "account_id: AccountId", a.account_no, p.address, a.heat_use_state
           from directory.account a join directory.premise p on p.id = a.premise_id
           where a.person_id = $1 and a.id <> $2 and a.org_path ^@ any($3)
           order by a.account_no limit 200"#,
        *person,
        *but,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// An account's times on the blacklist, newest first.
pub(crate) async fn listings(tx: &mut Tx, id: AccountId) -> Result<Vec<Listing>> {
    let rows = sqlx::query_as!(
        Listing,
        "select id, reason, since, lifted_at, lift_reason from directory.blacklist
         where account_id = $1 order by lifted_at is not null, listed_at desc",
        *id,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Puts an account on the blacklist; false when it stands there.
pub(crate) async fn list(
    tx: &mut Tx,
    id: AccountId,
    reason: &str,
    since: NaiveDate,
) -> Result<bool> {
    let (row, by, now) = (tx.new_id::<Uuid>(), tx.actor().user.map(|u| *u), tx.now());
    let done = sqlx::query!(
        "insert into directory.blacklist (id, account_id, reason, since, listed_by, listed_at)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        row,
        *id,
        reason,
        since,
        by,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes an account from the blacklist; false when it does not stand there.
pub(crate) async fn lift(tx: &mut Tx, id: AccountId, reason: &str) -> Result<bool> {
    let (by, now) = (tx.actor().user.map(|u| *u), tx.now());
    let done = sqlx::query!(
        "update directory.blacklist set lifted_at = $2, lifted_by = $3, lift_reason = $4
         where account_id = $1 and lifted_at is null",
        *id,
        now,
        by,
        reason,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An account's papers, newest first.
pub(crate) async fn documents(tx: &mut Tx, id: AccountId) -> Result<Vec<HouseholdPaper>> {
    let rows = sqlx::query_as!(
        HouseholdPaper,
        r#"select d.id, d.kind, d.title, d.file_id as "file_id: FileId",
                  f.media_type as "media_type?", d.contract_no, d.signed_on, d.valid_to, d.added_at
           from directory.document d left join files.file f on f.id = d.file_id
           where d.account_id = $1 and d.removed_at is null order by d.added_at desc, d.id"#,
        *id,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Keeps a paper.
pub(crate) async fn insert_document(
    tx: &mut Tx,
    account: AccountId,
    new: &NewDocument,
) -> Result<Uuid> {
    let (id, by, now) = (tx.new_id::<Uuid>(), tx.actor().user.map(|u| *u), tx.now());
    sqlx::query!(
        "insert into directory.document
           (id, account_id, kind, title, file_id, contract_no, signed_on, valid_to, added_by,
            added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        *account,
        new.kind,
        new.title.trim(),
        new.file_id.map(|f| *f),
        new.contract_no,
        new.signed_on,
        new.valid_to,
        by,
        now,
    )
    .execute(tx.db())
    .await
    .map_err(|e| match crate::store::constraint(&e) {
        Some("document_file") => Error::NotFound("file"),
        Some("document_contract_no_key") => HouseholdRule::ContractNoTaken.into(),
        _ => e.into(),
    })?;
    Ok(id)
}

/// A paper's account and title, unless it was removed.
pub(crate) async fn document_of(tx: &mut Tx, id: Uuid) -> Result<(AccountId, String)> {
    let r = sqlx::query!(
        r#"select account_id as "account_id: AccountId", title from directory.document
           where id = $1 and removed_at is null"#,
        id
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("document"))?;
    Ok((r.account_id, r.title))
}

/// Removes a paper from sight; the row stays.
pub(crate) async fn remove_document(tx: &mut Tx, id: Uuid) -> Result<()> {
    let (by, now) = (tx.actor().user.map(|u| *u), tx.now());
    sqlx::query!(
        "update directory.document set removed_at = $2, removed_by = $3 where id = $1",
        id,
        now,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Sets an account's tags and says what they were.
pub(crate) async fn set_tags(tx: &mut Tx, id: AccountId, tags: &[String]) -> Result<Vec<String>> {
    let before =
        sqlx::query_scalar!("select tags from directory.account where id = $1 for update", *id)
            .fetch_one(tx.db())
            .await?;
    sqlx::query!("update directory.account set tags = $2 where id = $1", *id, tags)
        .execute(tx.db())
        .await?;
    Ok(before)
}

/// Fits a meter.
pub(crate) async fn insert_meter(tx: &mut Tx, new: &NewMeter, reading: &str) -> Result<Uuid> {
    let id = tx.new_id::<Uuid>();
    sqlx::query!(
        "insert into directory.meter (id, number, premise_id, kind, unit, start_reading, valid_from)
         values ($1, $2, $3, $4, $5, $6::text::numeric, $7)",
        id,
        new.number.trim(),
        *new.premise_id,
        new.kind,
        new.unit,
        reading,
        new.from,
    )
    .execute(tx.db())
    .await
    .on_constraint("meter_number_key", HouseholdRule::MeterTaken)?;
    Ok(id)
}

/// The room of a meter and its first day, while it is there.
pub(crate) async fn meter_place(tx: &mut Tx, id: Uuid) -> Result<(PremiseId, NaiveDate)> {
    let r = sqlx::query!(
        r#"select premise_id as "premise_id: PremiseId", valid_from from directory.meter
           where id = $1 and valid_to = 'infinity' for update"#,
        id
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("meter"))?;
    Ok((r.premise_id, r.valid_from))
}

/// Whether a meter of that number hangs somewhere on that day or later.
pub(crate) async fn meter_hangs(tx: &mut Tx, number: &str, from: NaiveDate) -> Result<bool> {
    let hangs = sqlx::query_scalar!(
        r#"select exists (select from directory.meter where number = $1 and valid_to > $2)
             as "hangs!""#,
        number,
        from,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(hangs)
}

/// Takes a meter away on a day.
pub(crate) async fn end_meter(tx: &mut Tx, id: Uuid, on: NaiveDate) -> Result<()> {
    sqlx::query!("update directory.meter set valid_to = $2 where id = $1", id, on)
        .execute(tx.db())
        .await?;
    Ok(())
}
