//! Use cases of the directory.

mod amend;
mod book;
mod facts;
mod find;
mod household;
mod merge;
mod open;
mod people;
mod quality;

pub use amend::{amend, amend_under, turn_day};
pub use book::*;
pub use facts::{facts_of, facts_over, history};
pub use household::{
    add_document, blacklist, blacklist_under, fit_meter, household, lift_blacklist,
    remove_document, remove_meter, set_tags, utilities_of,
};
pub use merge::{merge, merges, undo_merge};
pub use open::{add_premise, open_account};
pub use people::{add_person, add_phone, change_person, person, remove_phone};
pub use quality::{decide, findings, merge_certain, quality, scan};

use crate::needle::{Needle, parse};
use crate::permissions::{BIND, UNMASK, VIEW};
use crate::store;
use crate::{
    Account, AccountHit, Candidate, DirectoryRule, Match, Matched, PersonUnmasked, PhoneBound,
    PhoneMatch, PhoneUnbound, Place, Unmasked, mask_phone, normalise_phone,
};
use kernel::{AccountId, PlaceId, Result, Scope, Tx};
use serde_json::{Value, json};

/// The most households that one search shows.
const MOST_HITS: i64 = 50;
/// The most households that one number is offered for; beyond that it is an office's.
const MOST_CANDIDATES: i64 = 20;
/// The shortest reason for which numbers are shown in full, in characters.
const SHORTEST_REASON: usize = 4;

/// Households that what was typed may mean, best first: any part of a phone, a name, an
/// address, or an account number.
pub async fn find(tx: &mut Tx, typed: &str, limit: i64) -> Result<Vec<AccountHit>> {
    let scope = tx.scope(VIEW)?;
    let limit = limit.clamp(1, MOST_HITS);
    let met = match parse(typed)? {
        Needle::Number(digits) => find::by_digits(tx, &digits, &scope, limit).await?,
        Needle::Words(words) => find::by_words(tx, &words, &scope, limit).await?,
    };
    let mut hits = store::hits(tx, &met).await?;
    // Pieces of a name find whole names too.
    for hit in hits.iter_mut().filter(|h| h.matched == Matched::NamePart) {
        if hit.name == typed.trim() {
            hit.matched = Matched::Name;
        }
    }
    hits.sort_by_key(|h| h.matched);
    Ok(hits)
}

/// Who calls: the households that a number may mean.
pub async fn by_phone(tx: &mut Tx, number: &str) -> Result<PhoneMatch> {
    let scope = tx.scope(VIEW)?;
    let accounts = match normalise_phone(number) {
        Some(number) => candidates(tx, &number, &scope).await?,
        None => Vec::new(),
    };
    let matched = match accounts.len() {
        0 => Match::Unknown,
        1 => Match::One,
        _ => Match::Several,
    };
    Ok(PhoneMatch { matched, accounts })
}

async fn candidates(tx: &mut Tx, number: &str, scope: &Scope) -> Result<Vec<Candidate>> {
    store::candidates(tx, number, scope, MOST_CANDIDATES).await
}

/// One household, whole; phones masked.
pub async fn account(tx: &mut Tx, id: AccountId) -> Result<Account> {
    let scope = tx.scope(VIEW)?;
    store::account(tx, id, &scope).await
}

/// Says that a number belongs to a household; saying it twice changes nothing.
pub async fn bind(tx: &mut Tx, number: &str, account_id: AccountId) -> Result<()> {
    let scope = tx.scope(BIND)?;
    let number = normalise_phone(number).ok_or(DirectoryRule::PhoneInvalid)?;
    let org_path = store::org_path(tx, account_id, &scope).await?;

    let from = store::bound_to(tx, &number).await?;
    if !store::bind(tx, &number, account_id).await? {
        return Ok(());
    }
    let to = store::bound_to(tx, &number).await?;
    tx.emit(&PhoneBound { number: mask_phone(&number), account_id, from, to, org_path })
}

/// Takes a number from a household.
pub async fn unbind(tx: &mut Tx, number: &str, account_id: AccountId) -> Result<()> {
    let scope = tx.scope(BIND)?;
    let number = normalise_phone(number).ok_or(DirectoryRule::PhoneInvalid)?;
    let org_path = store::org_path(tx, account_id, &scope).await?;

    let from = store::bound_to(tx, &number).await?;
    if !store::unbind(tx, &number, account_id).await? {
        return Err(DirectoryRule::NotBound.into());
    }
    let to = store::bound_to(tx, &number).await?;
    tx.emit(&PhoneUnbound { number: mask_phone(&number), account_id, from, to, org_path })
}

/// Shows the holder's numbers in full, and keeps who saw them and why.
pub async fn unmask(tx: &mut Tx, account_id: AccountId, reason: &str) -> Result<Unmasked> {
    let scope = tx.scope(UNMASK)?;
    let reason = self::reason(reason)?;
    let org_path = store::org_path(tx, account_id, &scope).await?;
    let unmasked = store::unmasked(tx, account_id).await?;
    tx.emit(&PersonUnmasked { account_id, reason, org_path })?;
    Ok(unmasked)
}

/// What lies below a node of the address tree; the communities when none is named.
pub async fn places(tx: &mut Tx, parent: Option<PlaceId>) -> Result<Vec<Place>> {
    let scope = tx.scope(VIEW)?;
    store::places(tx, parent, &scope).await
}

/// The communities as a GeoJSON feature collection of points.
pub async fn communities(tx: &mut Tx) -> Result<Value> {
    let scope = tx.scope(VIEW)?;
    let features = store::communities(tx, &scope).await?;
    Ok(json!({ "type": "FeatureCollection", "features": features }))
}

/// A reason that says something.
pub(crate) fn reason(said: &str) -> Result<String> {
    let said = said.trim();
    if said.chars().count() < SHORTEST_REASON || said.chars().count() > 500 {
        return Err(DirectoryRule::ReasonMissing.into());
    }
    Ok(said.to_owned())
}
