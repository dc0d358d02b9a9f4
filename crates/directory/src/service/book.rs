//! Dictionaries, utilities and the address book.

use crate::permissions::{CONFIGURE, VIEW};
use crate::store;
use crate::{BookChanged, BookContact, ContactEntry, HouseholdRule, Term, Utility, grams};
use kernel::{Error, Result, Tx};
use serde_json::{Value, json};
use uuid::Uuid;

/// The dictionaries that exist.
const DICTIONARIES: [&str; 5] = ["customer_type", "relation", "relation_level", "tag", "document"];

/// The words of a dictionary, or of all.
pub async fn terms(tx: &mut Tx, dictionary: Option<&str>) -> Result<Vec<Term>> {
    tx.require(VIEW)?;
    store::terms(tx, dictionary).await
}

/// Adds a word, or changes one; a word that is in use is retired, never removed.
pub async fn put_term(tx: &mut Tx, term: Term) -> Result<()> {
    tx.require(CONFIGURE)?;
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
    let code = (1..=40).contains(&term.code.len()) && term.code.bytes().all(plain);
    let named = |name: &str| (1..=40).contains(&name.trim().chars().count());
    if !DICTIONARIES.contains(&term.dictionary.as_str()) {
        return Err(Error::NotFound("dictionary"));
    }
    if !code || !named(&term.zh) || !named(&term.en) {
        return Err(HouseholdRule::TermInvalid.into());
    }
    let before = store::put_term(tx, &term).await?;
    let id = tx.new_id();
    tx.emit(&BookChanged { id, what: "term", from: json!(before), to: json!(term) })
}

/// The companies under this roof, and what each promises.
pub async fn utilities(tx: &mut Tx) -> Result<Vec<Utility>> {
    tx.require(VIEW)?;
    store::utilities(tx).await
}

/// Changes what a company promises.
pub async fn put_utility(tx: &mut Tx, utility: Utility) -> Result<()> {
    tx.require(CONFIGURE)?;
    let sane = |minutes: i32| (1..=100_000).contains(&minutes);
    let named = (1..=60).contains(&utility.company.trim().chars().count());
    if !named || !sane(utility.arrive_minutes) || !sane(utility.repair_minutes) {
        return Err(Error::invalid("utility", "公司名称或时限有误", "name or minutes are wrong"));
    }
    let before = store::utilities(tx).await?.into_iter().find(|u| u.code == utility.code);
    store::put_utility(tx, &utility).await?;
    let id = tx.new_id();
    tx.emit(&BookChanged { id, what: "utility", from: json!(before), to: json!(utility) })
}

/// The address book: by any part of a name, an organisation, a post or a number, and by group.
pub async fn contacts(tx: &mut Tx, q: &str, group: Option<&str>) -> Result<Vec<BookContact>> {
    let scope = tx.scope(VIEW)?;
    let q: String = q.trim().chars().take(40).collect::<String>().to_lowercase();
    store::contacts(tx, &grams(&q), &q, group, &scope).await
}

/// A new entry of the address book, or an old one anew.
pub async fn put_contact(tx: &mut Tx, id: Option<Uuid>, entry: ContactEntry) -> Result<Uuid> {
    let scope = tx.scope(CONFIGURE)?;
    if let Some(id) = id {
        store::contact_is(tx, id, &scope).await?;
    }
    let entry = ContactEntry { phone: super::household::number(&entry.phone)?, ..entry };
    if entry.name.trim().is_empty() || entry.name.chars().count() > 60 {
        return Err(HouseholdRule::NameMissing.into());
    }
    let mail = entry.email.trim();
    if !mail.is_empty() && (!mail.contains('@') || mail.len() > 100) {
        return Err(Error::invalid("email", "邮箱格式有误", "not a mail address"));
    }
    let org_path = scope.paths.first().cloned().unwrap_or_default();
    let row = store::put_contact(tx, id, &entry, &org_path, &scope).await?;
    let to = json!({ "name": crate::mask_name(&entry.name), "groups": entry.groups });
    tx.emit(&BookChanged { id: row, what: "contact", from: json!(id), to })?;
    Ok(row)
}

/// Takes an entry out of the address book.
pub async fn remove_contact(tx: &mut Tx, id: Uuid) -> Result<()> {
    let scope = tx.scope(CONFIGURE)?;
    store::contact_is(tx, id, &scope).await?;
    store::remove_contact(tx, id).await?;
    tx.emit(&BookChanged { id, what: "contact", from: json!(id), to: Value::Null })
}
