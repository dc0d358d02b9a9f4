//! Reading facts: of any day, as they were known at any time.

use crate::permissions::VIEW;
use crate::store::{self, Belief};
use crate::{
    AccountFacts, AccountTimeline, FactsThen, HistoryLine, PremiseFacts, RoomThen, RoomTimeline,
    at, changes,
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, PremiseId, Result, Scope, Tx};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What was so on a day, as it was known at a time, or is known now.
pub async fn facts_of(
    tx: &mut Tx,
    id: AccountId,
    on: NaiveDate,
    known_at: Option<DateTime<Utc>>,
) -> Result<FactsThen> {
    let scope = tx.scope(VIEW)?;
    let mut found = timelines(tx, &[id], known_at, &scope).await?;
    let timeline = found.pop().ok_or(kernel::Error::NotFound("household"))?;
    let facts = at(&timeline.versions, on).cloned();
    let held = timeline.rooms.iter().filter(|r| r.from <= on && r.to.is_none_or(|to| on < to));
    let rooms = held.filter_map(|r| {
        let facts = at(&r.versions, on)?.clone();
        Some(RoomThen { premise_id: r.premise_id, address: r.address.clone(), facts })
    });
    Ok(FactsThen { account_id: id, on, known_at, facts, rooms: rooms.collect() })
}

/// Everything that is so of these accounts over all time, as it was known at a time, or is known
/// now: what charges are computed from. Accounts out of sight are left out.
pub async fn facts_over(
    tx: &mut Tx,
    ids: &[AccountId],
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<AccountTimeline>> {
    let scope = tx.scope(VIEW)?;
    timelines(tx, ids, known_at, &scope).await
}

async fn timelines(
    tx: &mut Tx,
    ids: &[AccountId],
    known_at: Option<DateTime<Utc>>,
    scope: &Scope,
) -> Result<Vec<AccountTimeline>> {
    let heads = store::heads(tx, ids, scope).await?;
    let ids: Vec<Uuid> = heads.iter().map(|h| *h.id).collect();
    let facts = store::account_beliefs(tx, &ids, Some(known_at)).await?;
    let rooms = store::room_beliefs(tx, &ids, Some(known_at)).await?;
    let premises: BTreeSet<Uuid> = rooms.iter().map(|(_, p, _)| **p).collect();
    let premises: Vec<Uuid> = premises.into_iter().collect();
    let mut by_premise: BTreeMap<PremiseId, Vec<Belief<PremiseFacts>>> = BTreeMap::new();
    for (id, belief) in store::premise_beliefs(tx, &premises, Some(known_at)).await? {
        by_premise.entry(id).or_default().push(belief);
    }
    let addresses = store::addresses(tx, &premises).await?;
    let mut by_account: BTreeMap<AccountId, Vec<_>> = BTreeMap::new();
    for (id, belief) in facts {
        by_account.entry(id).or_default().push(belief.version);
    }
    let mut rooms_of: BTreeMap<AccountId, Vec<RoomTimeline>> = BTreeMap::new();
    for (id, premise_id, belief) in rooms {
        let versions = by_premise
            .get(&premise_id)
            .map(|all| all.iter().map(|b| b.version.clone()).collect::<Vec<_>>());
        rooms_of.entry(id).or_default().push(RoomTimeline {
            premise_id,
            address: addresses.get(&*premise_id).cloned().unwrap_or_default(),
            from: belief.version.from,
            to: belief.version.to,
            versions: versions.unwrap_or_default(),
        });
    }
    Ok(heads
        .into_iter()
        .map(|h| AccountTimeline {
            account_id: h.id,
            utility: h.utility,
            org_path: h.org_path,
            opened_on: h.opened_on,
            versions: by_account.remove(&h.id).unwrap_or_default(),
            rooms: rooms_of.remove(&h.id).unwrap_or_default(),
        })
        .collect())
}

/// What became of a household, newest first: from what to what, from when, who, why.
pub async fn history(tx: &mut Tx, id: AccountId) -> Result<Vec<HistoryLine>> {
    let scope = tx.scope(VIEW)?;
    store::org_path(tx, id, &scope).await?;
    let facts: Vec<Belief<AccountFacts>> =
        store::account_beliefs(tx, &[*id], None).await?.into_iter().map(|(_, b)| b).collect();
    let rooms = store::room_beliefs(tx, &[*id], None).await?;
    let premises: BTreeSet<Uuid> = rooms.iter().map(|(_, p, _)| **p).collect();
    let premises: Vec<Uuid> = premises.into_iter().collect();
    let addresses = store::addresses(tx, &premises).await?;
    let mut lines = Lines::default();
    lines.add("account", None, &facts);
    let beliefs = store::premise_beliefs(tx, &premises, None).await?;
    for premise in &premises {
        let address = addresses.get(premise).map(String::as_str);
        let of: Vec<_> =
            beliefs.iter().filter(|(p, _)| **p == *premise).map(|(_, b)| b.clone()).collect();
        lines.add("premise", address, &of);
        let held: Vec<_> =
            rooms.iter().filter(|(_, p, _)| **p == *premise).map(|r| r.2.clone()).collect();
        lines.add("room", address, &held);
    }
    lines.told(tx).await
}

/// Changes of facts on their way to be read.
#[derive(Default)]
struct Lines(Vec<(Uuid, &'static str, Option<String>, Vec<crate::FieldChange>)>);

impl Lines {
    fn add<F: crate::Facts>(&mut self, of: &'static str, where_: Option<&str>, all: &[Belief<F>]) {
        let mut acts: Vec<(DateTime<Utc>, Uuid)> = all
            .iter()
            .filter_map(|b| Some((b.recorded_at, b.change?)))
            .chain(all.iter().filter_map(|b| Some((b.superseded_at?, Uuid::nil()))))
            .collect();
        acts.sort_unstable_by_key(|(at, id)| (*at, std::cmp::Reverse(*id)));
        acts.dedup_by_key(|(at, _)| *at);
        for (recorded, change) in acts {
            let before = recorded - chrono::TimeDelta::microseconds(1);
            let before = store::known(all, Some(before));
            let after = store::known(all, Some(recorded));
            let found = changes(&before, &after);
            if !found.is_empty() {
                self.0.push((change, of, where_.map(str::to_owned), found));
            }
        }
    }

    async fn told(self, tx: &mut Tx) -> Result<Vec<HistoryLine>> {
        let ids: Vec<Uuid> = self.0.iter().map(|(id, ..)| *id).collect();
        let acts = store::changes_of(tx, &ids).await?;
        let acts: BTreeMap<Uuid, _> = acts.into_iter().map(|a| (a.id, a)).collect();
        let people = store::names_of(tx, &people_in(&self.0)).await?;
        let mut lines: Vec<HistoryLine> = self
            .0
            .into_iter()
            .filter_map(|(id, subject, address, changes)| {
                let act = acts.get(&id)?;
                Some(HistoryLine {
                    change_id: id,
                    at: act.recorded_at,
                    who: act.actor.clone(),
                    why: act.reason.clone(),
                    source: act.source.clone(),
                    source_id: act.source_id,
                    subject: subject.to_owned(),
                    address,
                    changes: changes.into_iter().map(|c| named(c, &people)).collect(),
                })
            })
            .collect();
        lines.sort_by_key(|l| std::cmp::Reverse(l.at));
        Ok(lines)
    }
}

fn people_in(lines: &[(Uuid, &'static str, Option<String>, Vec<crate::FieldChange>)]) -> Vec<Uuid> {
    let people = lines.iter().flat_map(|(.., changes)| changes);
    let people = people.filter(|c| c.field == "person_id").flat_map(|c| [&c.from, &c.to]);
    people.flatten().filter_map(|id| id.parse().ok()).collect()
}

/// People by their names rather than their ids.
fn named(change: crate::FieldChange, people: &BTreeMap<Uuid, String>) -> crate::FieldChange {
    if change.field != "person_id" {
        return change;
    }
    let name = |id: Option<String>| {
        let id: Option<Uuid> = id.and_then(|id| id.parse().ok());
        id.map(|id| people.get(&id).cloned().unwrap_or_else(|| id.to_string()))
    };
    crate::FieldChange { from: name(change.from), to: name(change.to), ..change }
}
