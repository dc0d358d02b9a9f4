//! When the debts of households rest.

use chrono::NaiveDate;
use kernel::{AccountId, Error, Result, Tx};
use std::collections::HashMap;
use std::str::FromStr as _;
use tariff::{LateStop, Pause, Period};

/// When the debts of these households may rest, if their rules say so: while a bill is disputed,
/// while a low-income proof is valid, while the company has stopped them. The day on which a
/// dispute is over counts again.
pub(crate) async fn of(
    tx: &mut Tx,
    accounts: &[AccountId],
) -> Result<HashMap<AccountId, Vec<Pause>>> {
    let ids = super::facts::raw(accounts);
    let rows = sqlx::query!(
        r#"select account_id as "account!: AccountId", why as "why!", from_on as "from!",
                  nullif(to_on, 'infinity') as "to?: NaiveDate"
           from (
             select account_id, 'dispute' as why, from_on,
                    least(until_on + 1, (released_at at time zone 'Asia/Shanghai')::date) as to_on
             from billing.hold where account_id = any($1) and reason_class = 'dispute'
             union all
             select v.account_id, w.why, v.valid_from, v.valid_to
             from directory.account_version v
             cross join lateral (
               select 'low_income' as why where v.low_income
               union all select 'forced_stop' where v.heat_use_state = 'forced_stop') w
             where v.account_id = any($1) and v.superseded_at = 'infinity'
               and (v.low_income or v.heat_use_state = 'forced_stop')
           ) p
           where to_on is null or from_on < to_on"#,
        &ids,
    )
    .fetch_all(tx.db())
    .await?;
    let mut pauses: HashMap<AccountId, Vec<Pause>> = HashMap::new();
    for r in rows {
        let why = LateStop::from_str(&r.why).map_err(|e| Error::Internal(e.into()))?;
        let during = Period { from: r.from, to: r.to };
        pauses.entry(r.account).or_default().push(Pause { why, during });
    }
    Ok(pauses)
}
