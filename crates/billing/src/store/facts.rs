//! The directory's versions, as the charge needs them.

use crate::model::{RoomRow, Unknown, UseRow, use_state, word};
use kernel::{AccountId, Error, Result, Tx};
use std::collections::HashMap;
use tariff::{Decimal, SeasonCalendar};
use uuid::Uuid;

impl From<Unknown> for Error {
    fn from(e: Unknown) -> Self {
        Self::Internal(e.into())
    }
}

/// A household and the station that it counts for.
pub(crate) struct Home {
    pub account: AccountId,
    pub org_path: String,
}

/// Those of these households that buy heat, in order of their ids.
pub(crate) async fn homes(tx: &mut Tx, accounts: &[AccountId]) -> Result<Vec<Home>> {
    let ids = raw(accounts);
    let rows = sqlx::query!(
        "select id, org_path from directory.account
         where id = any($1) and utility = 'heat' order by id",
        &ids,
    )
    .fetch_all(tx.db())
    .await?;
    let home = |(account, org_path)| Home { account, org_path };
    Ok(rows.into_iter().map(|r| home((r.id, r.org_path))).collect())
}

/// What we believe now of their use of heat in the season.
pub(crate) async fn uses(
    tx: &mut Tx,
    season: &SeasonCalendar,
    accounts: &[AccountId],
) -> Result<Vec<UseRow>> {
    let ids = raw(accounts);
    let rows = sqlx::query!(
        r#"select account_id, greatest(valid_from, $2) as "from!", least(valid_to, $3) as "to!",
                  network_state, heat_use_state, charge_type, low_income
           from directory.account_version
           where account_id = any($1) and superseded_at = 'infinity'
             and valid_from < $3 and valid_to > $2"#,
        &ids,
        season.first,
        season.end,
    )
    .fetch_all(tx.db())
    .await?;
    let row = |r| -> Result<UseRow> {
        let UseRecord { account, from, to, network, heat_use, charge_type, low_income } = r;
        let state = use_state(&network, &heat_use)?;
        let charge_type = word(&charge_type)?;
        Ok(UseRow { account, from, to, state, charge_type, low_income })
    };
    rows.into_iter()
        .map(|r| UseRecord {
            account: r.account_id.into(),
            from: r.from,
            to: r.to,
            network: r.network_state,
            heat_use: r.heat_use_state,
            charge_type: r.charge_type,
            low_income: r.low_income,
        })
        .map(row)
        .collect()
}

struct UseRecord {
    account: AccountId,
    from: chrono::NaiveDate,
    to: chrono::NaiveDate,
    network: String,
    heat_use: String,
    charge_type: String,
    low_income: bool,
}

/// What we believe now of their rooms in the season.
pub(crate) async fn rooms(
    tx: &mut Tx,
    season: &SeasonCalendar,
    accounts: &[AccountId],
) -> Result<Vec<RoomRow>> {
    let ids = raw(accounts);
    let rows = sqlx::query!(
        r#"select r.account_id, r.premise_id,
                  greatest(r.valid_from, p.valid_from, $2) as "from!",
                  least(r.valid_to, p.valid_to, $3) as "to!", p.user_class,
                  (p.building_area * 100)::bigint as "building!",
                  (p.usable_area * 100)::bigint as usable,
                  (p.heated_area * 100)::bigint as "heated!",
                  (p.charged_area * 100)::bigint as "charged!",
                  (p.storey_height * 100)::bigint as height
           from directory.account_room r
           join directory.premise_version p on p.premise_id = r.premise_id
             and p.superseded_at = 'infinity'
             and p.valid_from < least(r.valid_to, $3) and p.valid_to > greatest(r.valid_from, $2)
           where r.account_id = any($1) and r.superseded_at = 'infinity'
             and r.valid_from < $3 and r.valid_to > $2"#,
        &ids,
        season.first,
        season.end,
    )
    .fetch_all(tx.db())
    .await?;
    let mut out = Vec::with_capacity(rows.len());
    for r in rows {
        out.push(RoomRow {
            account: r.account_id.into(),
            premise: r.premise_id,
            from: r.from,
            to: r.to,
            user_class: word(&r.user_class)?,
            building_area: Decimal::from_hundredths(r.building),
            usable_area: r.usable.map(Decimal::from_hundredths),
            heated_area: Decimal::from_hundredths(r.heated),
            charged_area: Decimal::from_hundredths(r.charged),
            storey_height: r.height.map(Decimal::from_hundredths),
        });
    }
    Ok(out)
}

/// What people call these premises.
pub(crate) async fn room_names(tx: &mut Tx, premises: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let rows =
        sqlx::query!("select id, address from directory.premise where id = any($1)", premises,)
            .fetch_all(tx.db())
            .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.address)).collect())
}

pub(crate) fn raw(accounts: &[AccountId]) -> Vec<Uuid> {
    accounts.iter().map(|a| **a).collect()
}
