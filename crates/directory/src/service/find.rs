//! The one search box: from the sort of query that says most to the one that says least, until
//! the page is full.

use crate::grams::{digit_grams, org_grams};
use crate::needle::{AddressParts, Words};
use crate::store::{self, Met};
use kernel::{Result, Scope, Tx};
use std::collections::HashSet;

/// Digits of a whole phone number: when it is known, nobody wants parts of other numbers.
const WHOLE_PHONE: usize = 10;

/// What digits may mean.
#[derive(Clone, Copy)]
enum Digits {
    Tail,
    AccountNo,
    Head,
    Part,
    Meter,
}

/// Households by digits.
pub(super) async fn by_digits(
    tx: &mut Tx,
    digits: &str,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<Met>> {
    let mut met = store::with_number(tx, digits, scope).await?;
    if !met.is_empty() && digits.len() >= WHOLE_PHONE {
        return Ok(best(met, limit));
    }
    // One household may be met by several of its phones: each query reads a few rows more.
    let most = limit * 2;
    let walk = walk(scope);
    for way in [Digits::Tail, Digits::AccountNo, Digits::Head, Digits::Part, Digits::Meter] {
        if households(&met) >= limit {
            break;
        }
        met.extend(match way {
            Digits::Tail => store::with_tail(tx, digits, scope, (most, walk)).await?,
            Digits::AccountNo => by_account_no(tx, digits, scope, most).await?,
            Digits::Head => store::with_head(tx, digits, scope, (most, walk)).await?,
            Digits::Part => by_part(tx, digits, scope, most).await?,
            Digits::Meter => store::with_meter(tx, digits, scope, most).await?,
        });
    }
    Ok(best(met, limit))
}

/// Whether the scope is something below the company.
fn narrow(scope: &Scope) -> bool {
    scope.paths.iter().all(|p| !org_grams(p).is_empty())
}

/// Rows that are walked over in the order of an index, out of sight or not. In a branch, what is
/// looked for is among them; in a station it often is not, and the pieces that know the
/// organisation find it without reading the others.
fn walk(scope: &Scope) -> i64 {
    if narrow(scope) { FEW } else { i64::MAX }
}

/// Rows that cost about what reading the households of a station would.
const FEW: i64 = 400;

/// The pieces together with each organisation in sight.
fn within(grams: &[String], scope: &Scope) -> Vec<Vec<String>> {
    let with = |path: &String| grams.iter().chain([path]).cloned().collect();
    scope.paths.iter().map(with).collect()
}

async fn by_account_no(tx: &mut Tx, no: &str, scope: &Scope, limit: i64) -> Result<Vec<Met>> {
    if !narrow(scope) {
        return store::with_account_no(tx, no, scope, limit).await;
    }
    let mut met = Vec::new();
    for path in &scope.paths {
        met.extend(store::with_account_no_in(tx, no, path, limit).await?);
    }
    Ok(met)
}

async fn by_part(tx: &mut Tx, digits: &str, scope: &Scope, limit: i64) -> Result<Vec<Met>> {
    let pieces = digit_grams(digits);
    let mut met = store::with_part(tx, digits, &pieces, scope, (limit, walk(scope))).await?;
    if narrow(scope) && households(&met) < limit {
        for grams in within(&pieces, scope) {
            met.extend(store::with_part(tx, digits, &grams, scope, (limit, i64::MAX)).await?);
        }
    }
    Ok(met)
}

async fn by_grams(
    tx: &mut Tx,
    grams: &[String],
    rank: i32,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<Met>> {
    if grams.is_empty() {
        return Ok(Vec::new());
    }
    let mut met = store::with_grams(tx, grams, rank, scope, (limit, walk(scope))).await?;
    if narrow(scope) && households(&met) < limit {
        for grams in within(grams, scope) {
            met.extend(store::with_grams(tx, &grams, rank, scope, (limit, i64::MAX)).await?);
        }
    }
    Ok(met)
}

/// Households by words. A word may be a name and an address: when both fill the page, each gets
/// half of it.
pub(super) async fn by_words(
    tx: &mut Tx,
    words: &Words,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<Met>> {
    let mut names = by_name(tx, words, scope, limit).await?;
    let mut places = by_address(tx, words, scope, limit).await?;
    let room = usize::try_from(limit).unwrap_or(usize::MAX);
    names.truncate(room - places.len().min(room / 2));
    names.append(&mut places);
    Ok(best(names, limit))
}

async fn by_name(tx: &mut Tx, words: &Words, scope: &Scope, limit: i64) -> Result<Vec<Met>> {
    let Some(name) = words.name.as_deref() else { return Ok(Vec::new()) };
    let mut met = Vec::new();
    if !narrow(scope) {
        met = store::with_name(tx, name, scope, limit).await?;
    }
    if name.is_ascii() {
        let no = name.to_uppercase();
        met.extend(by_account_no(tx, &no, scope, limit).await?);
        met.extend(store::with_meter(tx, &words.typed, scope, limit).await?);
    }
    for grams in [&words.name_grams, &words.mixed[0], &words.mixed[1], &words.initials] {
        if households(&met) < limit {
            met.extend(by_grams(tx, grams, NAME_PART, scope, limit * 2).await?);
        }
    }
    Ok(best(met, limit * 2))
}

/// The rank of a find by pieces of a name.
const NAME_PART: i32 = 5;
/// The rank of a find by the address.
const ADDRESS: i32 = 6;

/// Down the address tree when a community has that name anywhere; otherwise by pieces, for what
/// the tree does not know.
async fn by_address(tx: &mut Tx, words: &Words, scope: &Scope, limit: i64) -> Result<Vec<Met>> {
    let unsaid = AddressParts::default();
    let at = words.at.as_ref().unwrap_or(&unsaid);
    if *at != unsaid {
        let named = store::communities_named(tx, at.community.as_deref(), scope).await?;
        let known = !named.is_empty();
        let ids: Vec<_> = named.into_iter().filter(|c| c.in_scope).map(|c| c.id).collect();
        if known {
            return store::in_communities(tx, &ids, at, scope, limit).await;
        }
    }
    by_grams(tx, &words.address_grams, ADDRESS, scope, limit).await
}

fn households(met: &[Met]) -> i64 {
    let different: HashSet<_> = met.iter().map(|m| m.account_id).collect();
    i64::try_from(different.len()).unwrap_or(i64::MAX)
}

/// Each household once, by its best match, and no more than asked for.
fn best(mut met: Vec<Met>, limit: i64) -> Vec<Met> {
    met.sort_by_key(|m| (m.account_id, m.rank));
    met.dedup_by_key(|m| m.account_id);
    met.sort_by_key(|m| m.rank);
    met.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    met
}
