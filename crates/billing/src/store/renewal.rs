//! Who was stopped and has not asked for it again.

use crate::Unrenewed;
use chrono::NaiveDate;
use kernel::{AccountId, Fen, Result, Scope, SeasonId, Tx};

/// The last day of the season before one.
pub(crate) async fn day_before(tx: &mut Tx, season: SeasonId) -> Result<Option<NaiveDate>> {
    let day = sqlx::query_scalar!(
        r#"select ((p.ends_at - interval '1 second') at time zone 'Asia/Shanghai')::date as "day!"
           from ledger.season s join ledger.season p on p.starts_at < s.starts_at
           where s.id = $1 order by p.starts_at desc limit 1"#,
        *season,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(day)
}

/// Households that were stopped on `then`, are not on `first`, and have no application for it.
pub(crate) async fn unrenewed(
    tx: &mut Tx,
    season: SeasonId,
    (then, first): (NaiveDate, NaiveDate),
    scope: &Scope,
    limit: i64,
) -> Result<(i64, Vec<Unrenewed>)> {
    let rows = sqlx::query!(
        r#"select a.id as "id: AccountId", a.account_no, p.name, m.address, m.valve_state,
                  coalesce(o.name, a.org_path) as "org_name!", v.valid_from,
                  (select min(number) from directory.phone f where f.person_id = p.id) as phone,
                  coalesce((select sum(e.amount_fen) from ledger.entry e
                            where e.account_id = a.id and e.ledger = 'receivable'
                              and e.season_id is distinct from $1), 0)::bigint
                    as "arrears!: Fen",
                  count(*) over () as "count!"
           from directory.account_version v
           join directory.account a on a.id = v.account_id
           join directory.person p on p.id = a.person_id
           join directory.premise m on m.id = a.premise_id
           left join identity.org o on o.path = a.org_path
           where v.superseded_at = 'infinity' and v.heat_use_state = 'stopped'
             and v.valid_from <= $2 and v.valid_to > $2
             and a.utility = 'heat' and a.org_path ^@ any($4)
             and exists (select from directory.account_version w
                         where w.account_id = a.id and w.superseded_at = 'infinity'
                           and w.valid_from <= $3 and w.valid_to > $3
                           and w.heat_use_state = 'using' and w.network_state = 'connected')
             and not exists (select from billing.application b
                             where b.account_id = a.id and b.season_id = $1 and b.kind = 'stop'
                               and b.state in ('submitted', 'checked', 'approved', 'done'))
           order by m.address, a.account_no limit $5"#,
        *season,
        then,
        first,
        &scope.paths,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    let count = rows.first().map_or(0, |r| r.count);
    let row = rows.into_iter().map(|r| Unrenewed {
        account_id: r.id,
        account_no: r.account_no,
        name: r.name,
        phone: r.phone,
        address: r.address,
        org_name: r.org_name,
        stopped_from: r.valid_from,
        valve_state: r.valve_state,
        arrears_fen: r.arrears,
    });
    Ok((count, row.collect()))
}
