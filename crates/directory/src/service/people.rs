//! People and bodies.

use crate::permissions::{AMEND, VIEW};
use crate::store::{self, PersonRow};
use crate::{HouseholdRule, Person, PersonChanged, PersonPatch, mask_name, mask_phone};
use kernel::{Error, Permission, PersonId, Result, Tx};
use serde_json::{Map, Value, json};

/// The longest name.
const LONGEST: usize = 80;

/// A person, numbers masked.
pub async fn person(tx: &mut Tx, id: PersonId) -> Result<Person> {
    let scope = tx.scope(VIEW)?;
    store::lock_person(tx, id, &scope).await?;
    store::person(tx, id).await
}

/// A new person, under the permission of the business that needs one.
pub async fn add_person(
    tx: &mut Tx,
    key: Permission,
    mut new: PersonPatch,
    phones: &[(String, String)],
) -> Result<PersonId> {
    tx.require(key)?;
    let empty = PersonRow {
        kind: "natural".to_owned(),
        name: String::new(),
        id_number: None,
        customer_type: None,
        relation_level: None,
        signatory: None,
        tax_number: None,
    };
    let row = patched(&empty, &new);
    check(tx, &empty, &row).await?;
    new.name = Some(row.name.clone());
    let id = store::insert_person(tx, &new).await?;
    for (number, label) in phones {
        let number = super::household::number(number)?;
        store::set_phone(tx, id, &number, label.trim()).await?;
    }
    let to = json!({ "kind": row.kind, "name": mask_name(&row.name) });
    tx.emit(&PersonChanged { person_id: id, from: Value::Null, to, org_path: None })?;
    Ok(id)
}

/// Changes what is known of a person; his households are found under the new name at once.
pub async fn change_person(tx: &mut Tx, id: PersonId, patch: PersonPatch) -> Result<Person> {
    let scope = tx.scope(AMEND)?;
    let old = store::lock_person(tx, id, &scope).await?;
    let new = patched(&old, &patch);
    check(tx, &old, &new).await?;
    store::update_person(tx, id, &new).await?;
    let held = store::held_by(tx, id).await?;
    if new.name != old.name {
        super::amend::refresh(tx, &store::bare(&held)).await?;
    }
    let (from, to) = difference(&old, &new);
    if !to.is_empty() {
        let org_path = held.into_iter().next().map(|(_, path)| path);
        tx.emit(&PersonChanged { person_id: id, from: from.into(), to: to.into(), org_path })?;
    }
    store::person(tx, id).await
}

/// Gives a person a number.
pub async fn add_phone(tx: &mut Tx, id: PersonId, number: &str, label: &str) -> Result<Person> {
    let scope = tx.scope(AMEND)?;
    store::lock_person(tx, id, &scope).await?;
    let number = super::household::number(number)?;
    let label: String = label.trim().chars().take(20).collect();
    store::set_phone(tx, id, &number, &label).await?;
    let to = json!({ "phone": mask_phone(&number), "label": label });
    tell_phone(tx, id, Value::Null, to).await
}

/// Takes a number from a person; it may be named as it is masked, when that names one.
pub async fn remove_phone(tx: &mut Tx, id: PersonId, number: &str) -> Result<Person> {
    let scope = tx.scope(AMEND)?;
    store::lock_person(tx, id, &scope).await?;
    if !store::drop_phone(tx, id, number.trim()).await? {
        return Err(HouseholdRule::PhoneUnknown.into());
    }
    let masked = if number.contains('*') { number.to_owned() } else { mask_phone(number) };
    tell_phone(tx, id, json!({ "phone": masked }), Value::Null).await
}

async fn tell_phone(tx: &mut Tx, id: PersonId, from: Value, to: Value) -> Result<Person> {
    let held = store::held_by(tx, id).await?;
    super::amend::refresh(tx, &store::bare(&held)).await?;
    let org_path = held.into_iter().next().map(|(_, path)| path);
    tx.emit(&PersonChanged { person_id: id, from, to, org_path })?;
    store::person(tx, id).await
}

fn patched(old: &PersonRow, patch: &PersonPatch) -> PersonRow {
    let text = |new: &Option<String>, old: &Option<String>| match new.as_deref().map(str::trim) {
        None => old.clone(),
        Some("") => None,
        Some(new) => Some(new.to_owned()),
    };
    let name = patch.name.as_deref().map_or(old.name.as_str(), str::trim);
    PersonRow {
        kind: patch.kind.clone().unwrap_or_else(|| old.kind.clone()),
        name: name.to_owned(),
        id_number: text(&patch.id_number, &old.id_number),
        customer_type: text(&patch.customer_type, &old.customer_type),
        relation_level: text(&patch.relation_level, &old.relation_level),
        signatory: text(&patch.signatory, &old.signatory),
        tax_number: text(&patch.tax_number, &old.tax_number),
    }
}

async fn check(tx: &mut Tx, old: &PersonRow, row: &PersonRow) -> Result<()> {
    if row.name.is_empty() || row.name.chars().count() > LONGEST {
        return Err(HouseholdRule::NameMissing.into());
    }
    if !["natural", "body"].contains(&row.kind.as_str()) {
        return Err(Error::invalid("kind", "应为自然人或单位", "natural or body"));
    }
    let plain = |t: &Option<String>, most: usize| {
        t.as_ref().is_none_or(|t| t.len() <= most && t.bytes().all(|b| b.is_ascii_alphanumeric()))
    };
    if !plain(&row.id_number, 30) || !plain(&row.tax_number, 30) {
        return Err(Error::invalid("id_number", "证件号码有误", "letters and digits only"));
    }
    // A word that was retired since stays with whom it was given to.
    for (dictionary, was, is) in [
        ("customer_type", &old.customer_type, &row.customer_type),
        ("relation_level", &old.relation_level, &row.relation_level),
    ] {
        let Some(word) = is.as_ref().filter(|_| was != is) else { continue };
        if !store::are_terms(tx, dictionary, std::slice::from_ref(word)).await? {
            return Err(HouseholdRule::UnknownTerm.into());
        }
    }
    Ok(())
}

/// What changed, from what to what, masked.
fn difference(old: &PersonRow, new: &PersonRow) -> (Map<String, Value>, Map<String, Value>) {
    let hidden = |t: &Option<String>| json!(t.as_deref().map(crate::mask_id_number));
    let both = [
        ("kind", json!(old.kind), json!(new.kind), old.kind != new.kind),
        ("name", json!(mask_name(&old.name)), json!(mask_name(&new.name)), old.name != new.name),
        (
            "id_number",
            hidden(&old.id_number),
            hidden(&new.id_number),
            old.id_number != new.id_number,
        ),
        (
            "customer_type",
            json!(old.customer_type),
            json!(new.customer_type),
            old.customer_type != new.customer_type,
        ),
        (
            "relation_level",
            json!(old.relation_level),
            json!(new.relation_level),
            old.relation_level != new.relation_level,
        ),
        (
            "signatory",
            json!(old.signatory.as_deref().map(mask_name)),
            json!(new.signatory.as_deref().map(mask_name)),
            old.signatory != new.signatory,
        ),
        (
            "tax_number",
            json!(old.tax_number),
            json!(new.tax_number),
            old.tax_number != new.tax_number,
        ),
    ];
    let (mut from, mut to) = (Map::new(), Map::new());
    for (field, was, is, differs) in both {
        if differs {
            from.insert(field.to_owned(), was);
            to.insert(field.to_owned(), is);
        }
    }
    (from, to)
}
