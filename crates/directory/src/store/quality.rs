//! Looking for data that disobeys a rule: one statement a rule, over everything in sight.

use crate::{Finding, FindingState, QualityCount, QualityRule};
use kernel::{Error, Result, Scope, Tx, UserId};
use uuid::Uuid;

/// Finds, keeps what is new, opens again what had gone, and lets go what obeys by now. Each rule
/// is a select of (subject, subject_ids, org_path, detail) over what `$2` lets see.
macro_rules! look {
    ($tx:expr, $rule:expr, $scope:expr, $sql:literal) => {{
        let (now, rule) = ($tx.now(), <&str>::from($rule));
        sqlx::query_scalar!(
            "with found as ("
                + $sql
                + r#"), kept as (
               insert into directory.finding as f
                 (id, rule, subject, subject_ids, org_path, detail, found_at)
               select gen_random_uuid(), $1, subject, subject_ids, org_path, detail, $3 from found
               on conflict (rule, subject_ids) do update
               set state = 'open', found_at = excluded.found_at, detail = excluded.detail,
                   org_path = excluded.org_path, assignee_id = null
               where f.state = 'gone'
               returning 1
             ), gone as (
               update directory.finding f set state = 'gone'
               where f.rule = $1 and f.state = 'open' and f.org_path ^@ any($2)
                 and not exists (select from found where found.subject_ids = f.subject_ids)
             )
             select count(*) as "count!" from kept"#,
            rule,
            &$scope.paths,
            now,
        )
        .fetch_one($tx.db())
        .await?
    }};
}

/// Looks for what disobeys a rule; says how many findings are new.
pub(crate) async fn look_for(tx: &mut Tx, rule: QualityRule, scope: &Scope) -> Result<i64> {
    match rule {
        QualityRule::DuplicatePerson | QualityRule::SameIdNumber => doubles(tx, rule, scope).await,
        QualityRule::MissingPhone | QualityRule::BadPhone | QualityRule::BadIdNumber => {
            people(tx, rule, scope).await
        }
        QualityRule::DuplicatePremise
        | QualityRule::ImpossibleArea
        | QualityRule::PremiseWithoutAccount
        | QualityRule::Misfiled
        | QualityRule::ValveContradicts => rooms(tx, rule, scope).await,
    }
}

async fn doubles(tx: &mut Tx, rule: QualityRule, scope: &Scope) -> Result<i64> {
    Ok(match rule {
        QualityRule::DuplicatePerson => look!(
            tx,
            rule,
            scope,
            "select 'person' as subject, array[d.a, d.b] as subject_ids,
                    coalesce(oa.org_path, ob.org_path) as org_path,
                    jsonb_build_object('name', d.name, 'by', d.by) as detail
             from (
               select a.id as a, b.id as b, a.name, 'id_number' as by
               from directory.person a
               join directory.person b on b.id_number = a.id_number and b.name = a.name
                 and b.id > a.id
               where a.merged_into is null and b.merged_into is null and a.kind = b.kind
               union
               select a.id, b.id, a.name, 'phone'
               from directory.phone pa
               join directory.phone pb on pb.number = pa.number and pb.person_id > pa.person_id
               join directory.person a on a.id = pa.person_id
               join directory.person b on b.id = pb.person_id and b.name = a.name
               where a.merged_into is null and b.merged_into is null and a.kind = b.kind
                 and (a.id_number is null or b.id_number is null)
             ) d
             left join lateral (select org_path from directory.account
                                where person_id = d.a order by id limit 1) oa on true
             left join lateral (select org_path from directory.account
                                where person_id = d.b order by id limit 1) ob on true
             where coalesce(oa.org_path, ob.org_path) ^@ any($2)"
        ),
        _ => look!(
            tx,
            rule,
            scope,
            "select 'person' as subject, array[a.id, b.id] as subject_ids, o.org_path,
                    jsonb_build_object('name', a.name, 'other', b.name) as detail
             from directory.person a
             join directory.person b on b.id_number = a.id_number and b.name <> a.name
               and b.id > a.id
             cross join lateral (select org_path from directory.account
                                 where person_id in (a.id, b.id) order by id limit 1) o
             where a.merged_into is null and b.merged_into is null and o.org_path ^@ any($2)"
        ),
    })
}

async fn people(tx: &mut Tx, rule: QualityRule, scope: &Scope) -> Result<i64> {
    Ok(match rule {
        QualityRule::MissingPhone => look!(
            tx,
            rule,
            scope,
            "select distinct on (p.id) 'person' as subject, array[p.id] as subject_ids, a.org_path,
                    jsonb_build_object('name', p.name, 'account_no', a.account_no) as detail
             from directory.account a join directory.person p on p.id = a.person_id
             where a.network_state <> 'removed' and a.org_path ^@ any($2)
               and not exists (select from directory.phone where person_id = p.id)
             order by p.id, a.id"
        ),
        QualityRule::BadPhone => look!(
            tx,
            rule,
            scope,
            "select distinct on (p.id) 'person' as subject, array[p.id] as subject_ids, a.org_path,
                    jsonb_build_object('name', p.name, 'account_no', a.account_no,
                                       'length', length(f.number)) as detail
             from directory.phone f
             join directory.person p on p.id = f.person_id
             join directory.account a on a.person_id = p.id
             where a.org_path ^@ any($2)
               and ((f.number ~ '^1[3-9]' and length(f.number) not in (11, 5, 6))
                    or length(f.number) < 5 or f.number ~ '^(.)\\1+$')
             order by p.id, a.id"
        ),
        _ => look!(
            tx,
            rule,
            scope,
            "select distinct on (p.id) 'person' as subject, array[p.id] as subject_ids, a.org_path,
                    jsonb_build_object('name', p.name, 'account_no', a.account_no,
                                       'length', length(p.id_number)) as detail
             from directory.person p join directory.account a on a.person_id = p.id
             where p.kind = 'natural' and p.id_number is not null and a.org_path ^@ any($2)
               and p.id_number !~ '^([0-9]{15}|[0-9]{17}[0-9Xx])$'
             order by p.id, a.id"
        ),
    })
}

async fn rooms(tx: &mut Tx, rule: QualityRule, scope: &Scope) -> Result<i64> {
    Ok(match rule {
        QualityRule::DuplicatePremise => look!(
            tx,
            rule,
            scope,
            "select 'premise' as subject, array[a.id, b.id] as subject_ids, a.org_path,
                    jsonb_build_object('address', a.address, 'codes', array[a.code, b.code])
                      as detail
             from directory.premise a
             join directory.premise b on b.unit_id = a.unit_id and lower(b.room) = lower(a.room)
               and b.id > a.id
             where a.merged_into is null and b.merged_into is null and a.org_path ^@ any($2)"
        ),
        QualityRule::ImpossibleArea => look!(
            tx,
            rule,
            scope,
            "select 'premise' as subject, array[p.id] as subject_ids, p.org_path,
                    jsonb_build_object('address', p.address, 'building', p.building_area::text,
                                       'heated', p.heated_area::text) as detail
             from directory.premise p
             where p.merged_into is null and p.org_path ^@ any($2)
               and (p.building_area < 3 or p.building_area > 200000
                    or (p.user_class in ('resident', 'garage') and p.building_area > 2000)
                    or p.heated_area > p.building_area * 1.5
                    or p.heated_area < p.building_area * 0.2)"
        ),
        QualityRule::PremiseWithoutAccount => look!(
            tx,
            rule,
            scope,
            "select 'premise' as subject, array[p.id] as subject_ids, p.org_path,
                    jsonb_build_object('address', p.address, 'code', p.code) as detail
             from directory.premise p
             where p.merged_into is null and p.org_path ^@ any($2)
               and not exists (select from directory.account_room r
                               where r.premise_id = p.id and r.superseded_at = 'infinity'
                                 and r.valid_to = 'infinity')"
        ),
        QualityRule::Misfiled => look!(
            tx,
            rule,
            scope,
            "select 'account' as subject, array[a.id] as subject_ids, a.org_path,
                    jsonb_build_object('address', p.address, 'account_no', a.account_no,
                                       'filed', a.org_path, 'lies', u.org_path) as detail
             from directory.account a
             join directory.premise p on p.id = a.premise_id
             join directory.place u on u.id = p.unit_id
             where a.utility = 'heat' and a.org_path ^@ any($2)
               and (a.org_path <> u.org_path or p.org_path <> u.org_path)"
        ),
        _ => look!(
            tx,
            rule,
            scope,
            "select 'account' as subject, array[a.id] as subject_ids, a.org_path,
                    jsonb_build_object('address', p.address, 'account_no', a.account_no,
                                       'state', a.heat_use_state, 'valve', p.valve_state) as detail
             from directory.account a join directory.premise p on p.id = a.premise_id
             where a.utility = 'heat' and a.org_path ^@ any($2)
               and a.heat_use_state in ('stopped', 'forced_stop') and p.valve_state = 'open'"
        ),
    })
}

/// How many findings each rule has.
pub(crate) async fn quality_counts(tx: &mut Tx, scope: &Scope) -> Result<Vec<QualityCount>> {
    let rows = sqlx::query_as!(
        QualityCount,
        r#"select rule, count(*) filter (where state = 'open') as "open!",
                  count(*) filter (where state = 'open' and assignee_id is not null) as "assigned!",
                  count(*) filter (where state = 'resolved') as "resolved!",
                  count(*) filter (where state = 'skipped') as "skipped!"
           from directory.finding where org_path ^@ any($1) group by rule order by rule"#,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Which findings are asked for.
#[derive(Clone, Debug, Default)]
pub struct FindingFilter {
    /// One rule.
    pub rule: Option<String>,
    /// One state; open when absent.
    pub state: Option<FindingState>,
    /// Looked after by that person.
    pub assignee: Option<UserId>,
    /// After that one.
    pub after: Option<Uuid>,
    /// How many.
    pub limit: i64,
}

/// Findings, by their ids.
pub(crate) async fn findings(
    tx: &mut Tx,
    filter: &FindingFilter,
    scope: &Scope,
) -> Result<Vec<Finding>> {
    let state = <&str>::from(filter.state.unwrap_or(FindingState::Open));
    let rows = sqlx::query_as!(
        Finding,
        r#"select f.id, f.rule, f.subject, f.subject_ids, f.detail,
                  f.state as "state: FindingState", f.assignee_id as "assignee_id: UserId",
                  s.name as "assignee_name?", f.found_at,
                  f.note
           from directory.finding f left join identity.staff s on s.id = f.assignee_id
           where f.state = $1 and f.org_path ^@ any($2) and ($3::text is null or f.rule = $3)
             and ($4::uuid is null or f.assignee_id = $4) and ($5::uuid is null or f.id > $5)
           order by f.id limit $6"#,
        state,
        &scope.paths,
        filter.rule,
        filter.assignee.map(|a| *a),
        filter.after,
        filter.limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// A finding that nobody else decides until this transaction ends.
pub(crate) async fn lock_finding(
    tx: &mut Tx,
    id: Uuid,
    scope: &Scope,
) -> Result<(FindingState, String)> {
    let r = sqlx::query!(
        r#"select state as "state: FindingState", org_path from directory.finding
           where id = $1 and org_path ^@ any($2) for update"#,
        id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("finding"))?;
    Ok((r.state, r.org_path))
}

/// Writes what was decided.
pub(crate) async fn decide(
    tx: &mut Tx,
    id: Uuid,
    state: FindingState,
    assignee: Option<UserId>,
    note: Option<&str>,
) -> Result<()> {
    let (by, now) = (tx.actor().user.map(|u| *u), tx.now());
    sqlx::query!(
        "update directory.finding
         set state = $2, assignee_id = $3, note = $4,
             decided_at = case when $2 = 'open' then null else $5::timestamptz end,
             decided_by = case when $2 = 'open' then null else $6::uuid end
         where id = $1",
        id,
        <&str>::from(state),
        assignee.map(|a| *a),
        note,
        now,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Closes findings about a pair that was made one, or opens them again.
pub(crate) async fn settle_pair(tx: &mut Tx, pair: [Uuid; 2], merged: bool) -> Result<()> {
    let (by, now) = (tx.actor().user.map(|u| *u), tx.now());
    sqlx::query!(
        "update directory.finding
         set state = case when $3 then 'resolved' else 'open' end,
             decided_at = case when $3 then $4::timestamptz end,
             decided_by = case when $3 then $5::uuid end
         where subject_ids @> $1 and subject_ids <@ $1 and rule = any($2)",
        &pair,
        &["duplicate_person".to_owned(), "duplicate_premise".to_owned()],
        merged,
        now,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
