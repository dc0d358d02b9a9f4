//! The dictionary of what reports group by.

use crate::{Line, Segment, SegmentId};
use kernel::{Result, Tx};
use std::collections::BTreeMap;

/// Every segment with its number.
pub(crate) async fn segments(tx: &mut Tx) -> Result<BTreeMap<SegmentId, Segment>> {
    let rows = sqlx::query!("select id, org_path, user_class, charge_type from ledger.segment")
        .fetch_all(tx.db())
        .await?;
    let segment = |org_path, user_class, charge_type| Segment { org_path, user_class, charge_type };
    Ok(rows.into_iter().map(|r| (r.id, segment(r.org_path, r.user_class, r.charge_type))).collect())
}

/// The numbers of these segments, in their order; new ones are added.
pub(crate) async fn number(tx: &mut Tx, wanted: &[Segment]) -> Result<Vec<SegmentId>> {
    let orgs: Vec<_> = wanted.iter().map(|s| s.org_path.clone()).collect();
    let classes: Vec<_> = wanted.iter().map(|s| s.user_class.clone()).collect();
    let types: Vec<_> = wanted.iter().map(|s| s.charge_type.clone()).collect();
    sqlx::query!(
        "insert into ledger.segment (org_path, user_class, charge_type)
         select distinct t.o, t.c, t.k from unnest($1::text[], $2::text[], $3::text[]) t (o, c, k)
         where not exists (select from ledger.segment s where s.org_path = t.o
                           and s.user_class = t.c and s.charge_type = t.k)
         order by 1, 2, 3
         on conflict (org_path, user_class, charge_type) do nothing",
        &orgs,
        &classes,
        &types,
    )
    .execute(tx.db())
    .await?;
    let ids = sqlx::query_scalar!(
        "select s.id from unnest($1::text[], $2::text[], $3::text[]) with ordinality t (o, c, k, n)
         join ledger.segment s
           on s.org_path = t.o and s.user_class = t.c and s.charge_type = t.k
         order by t.n",
        &orgs,
        &classes,
        &types,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(ids)
}

/// Gives each household's line without a segment that of what was last booked for the same season
/// and item, or of the household as it is now.
pub(crate) async fn fill(tx: &mut Tx, lines: &mut [Line]) -> Result<()> {
    let open: Vec<usize> = (0..lines.len())
        .filter(|i| lines.get(*i).is_some_and(|l| l.segment_id.is_none() && l.account_id.is_some()))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let of = |i: &usize| lines.get(*i);
    let accounts: Vec<_> = open.iter().filter_map(of).filter_map(|l| l.account_id).collect();
    let accounts: Vec<_> = accounts.iter().map(|a| **a).collect();
    let seasons: Vec<_> = open.iter().filter_map(of).map(|l| l.season_id.map(|s| *s)).collect();
    let items: Vec<_> = open.iter().filter_map(of).map(|l| l.item.clone()).collect();
    let rows = sqlx::query!(
        r#"select t.n as "n!", booked.segment_id as "booked?: SegmentId",
                  a.org_path, p.user_class
           from unnest($1::uuid[], $2::uuid[], $3::text[])
             with ordinality t (account_id, season_id, item, n)
           join directory.account a on a.id = t.account_id
           join directory.premise p on p.id = a.premise_id
           left join lateral (
             select e.segment_id from ledger.entry e
             where e.account_id = t.account_id and e.segment_id is not null
               and e.season_id is not distinct from t.season_id
             order by (e.item = t.item) desc, e.recorded_at desc limit 1
           ) booked on true
           order by t.n"#,
        &accounts,
        &seasons as &[Option<sqlx::types::Uuid>],
        &items,
    )
    .fetch_all(tx.db())
    .await?;
    let as_now = |org_path: &str, user_class: &str| Segment {
        org_path: org_path.to_owned(),
        user_class: user_class.to_owned(),
        charge_type: "area".to_owned(),
    };
    let now: Vec<_> = rows.iter().map(|r| as_now(&r.org_path, &r.user_class)).collect();
    let now = number(tx, &now).await?;
    for ((i, row), now) in open.iter().zip(rows).zip(now) {
        if let Some(line) = lines.get_mut(*i) {
            line.segment_id = Some(row.booked.unwrap_or(now));
        }
    }
    Ok(())
}
