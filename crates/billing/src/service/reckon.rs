//! From the directory to charges, for any number of households.

use crate::ChargeRule;
use crate::model::{self, ChargedItems, Reckoned, Refused, RoomRow, UseRow};
use crate::store::facts::{self, Home};
use kernel::{AccountId, Error, Result, Rule, Tx};
use std::collections::HashMap;
use tariff::{Facts, Pack, SeasonCalendar, season_charge};

/// What a season's charge of a household depends on, as we believe now.
pub async fn facts_of(tx: &mut Tx, season: &SeasonCalendar, account: AccountId) -> Result<Facts> {
    let found = facts_of_all(tx, season, &[account]).await?;
    let facts = found.into_iter().next().ok_or(Error::NotFound("household"))?;
    Ok(facts.1)
}

/// The same of many, in the order of their ids; who does not buy heat is left out.
pub async fn facts_of_many(
    tx: &mut Tx,
    season: &SeasonCalendar,
    accounts: &[AccountId],
) -> Result<Vec<(AccountId, Facts)>> {
    let all = facts_of_all(tx, season, accounts).await?;
    Ok(all.into_iter().map(|(home, facts)| (home.account, facts)).collect())
}

/// The same of many; who does not buy heat is left out.
pub(crate) async fn facts_of_all(
    tx: &mut Tx,
    season: &SeasonCalendar,
    accounts: &[AccountId],
) -> Result<Vec<(Home, Facts)>> {
    let homes = facts::homes(tx, accounts).await?;
    let mut uses: HashMap<AccountId, Vec<UseRow>> = HashMap::with_capacity(homes.len());
    for row in facts::uses(tx, season, accounts).await? {
        uses.entry(row.account).or_default().push(row);
    }
    let mut rooms: HashMap<AccountId, Vec<RoomRow>> = HashMap::with_capacity(homes.len());
    for row in facts::rooms(tx, season, accounts).await? {
        rooms.entry(row.account).or_default().push(row);
    }
    let mut named = Vec::new();
    for mine in rooms.values_mut() {
        mine.sort_by_key(|r| (r.premise, r.from));
        if model::several(mine) {
            named.extend(mine.iter().map(|r| r.premise));
        }
    }
    let names =
        if named.is_empty() { HashMap::new() } else { facts::room_names(tx, &named).await? };
    let none = Vec::new();
    let of = |home: Home| {
        let mine = rooms.get(&home.account).map_or(&[][..], Vec::as_slice);
        let used = uses.get(&home.account).unwrap_or(&none);
        let facts = model::assemble(season, used, mine, &names);
        (home, facts)
    };
    Ok(homes.into_iter().map(of).collect())
}

/// What a household is charged, or why it cannot be.
pub(crate) fn reckon(
    pack: &Pack,
    season: &SeasonCalendar,
    account: AccountId,
    station: usize,
    facts: &Facts,
) -> Result<Reckoned, Refused> {
    fn refused(account: AccountId, rule: &impl Rule) -> Refused {
        Refused { account, code: rule.code(), zh: rule.zh(), en: rule.en() }
    }
    let refuse = |rule: tariff::TariffRule| refused(account, &rule);
    if facts.rooms.is_empty() {
        return Err(refused(account, &ChargeRule::NoRooms));
    }
    let charge = season_charge(pack, season, facts).map_err(refuse)?;
    let items = ChargedItems::from(&charge);
    let amount = items.total().ok_or_else(|| refuse(tariff::TariffRule::TooMuch))?;
    // Facts are plain data: they always have a JSON form.
    let text = serde_json::to_string(facts).unwrap_or_default();
    Ok(Reckoned {
        account,
        station,
        user_class: model::class_of(facts),
        charge_type: facts.charge_type,
        items,
        amount,
        facts: text,
    })
}
