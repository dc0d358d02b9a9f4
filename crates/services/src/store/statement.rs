//! Settlements with those who repair.

use crate::{
    Earning, ServiceRule, SheetId, Statement, StatementId, StatementLine, StatementState, Unsettled,
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Error, Fen, OnConstraint, PostingId, Result, Scope, Tx, UserId};
use uuid::Uuid;

/// Work that a statement could hold.
pub(crate) struct Due {
    pub sheet_id: SheetId,
    pub kind: Earning,
    pub amount_fen: Fen,
}

/// What one repairer earned and gives back, up to that day: charged work whose audit does not
/// stand against it, and settled work that was taken back since.
pub(crate) async fn due(
    tx: &mut Tx,
    staff: UserId,
    from: NaiveDate,
    through: NaiveDate,
) -> Result<Vec<Due>> {
    Ok(sqlx::query_as!(
        Due,
        r#"select s.id as "sheet_id!: SheetId", 'earned' as "kind!: Earning",
                  s.pay_fen as "amount_fen!: Fen"
           from services.sheet s
           where s.staff_id = $1 and s.state = 'charged' and s.charged_on between $2 and $3
             and not exists (select from services.audit u
                             where u.sheet_id = s.id and u.state <> 'passed')
             and not exists (select from services.statement_line l
                             where l.sheet_id = s.id and l.kind = 'earned' and not l.released)
           union all
           select s.id, 'deducted', l.amount_fen
           from services.sheet s
           join services.statement_line l
             on l.sheet_id = s.id and l.kind = 'earned' and not l.released
           join services.statement t on t.id = l.statement_id and t.state = 'posted'
           where s.staff_id = $1 and s.state = 'reversed' and l.amount_fen > 0
             and not exists (select from services.statement_line d
                             where d.sheet_id = s.id and d.kind = 'deducted' and not d.released)
           order by 1"#,
        *staff,
        from,
        through,
    )
    .fetch_all(tx.db())
    .await?)
}

/// Who has something to settle up to that day, those with most first.
pub(crate) async fn unsettled(
    tx: &mut Tx,
    scope: &Scope,
    through: NaiveDate,
) -> Result<Vec<Unsettled>> {
    Ok(sqlx::query_as!(
        Unsettled,
        r#"select f.id as "staff_id: UserId", f.name as staff_name, g.name as org_name,
                  count(*) filter (where w.kind <> 'waiting') as "sheets!",
                  coalesce(sum(w.fen) filter (where w.kind = 'earned'), 0)::bigint
                    as "earned_fen!: Fen",
                  coalesce(sum(w.fen) filter (where w.kind = 'deducted'), 0)::bigint
                    as "deducted_fen!: Fen",
                  count(*) filter (where w.kind = 'waiting') as "waiting!"
           from (
             select s.staff_id, s.pay_fen as fen,
                    case when exists (select from services.audit u
                                      where u.sheet_id = s.id and u.state = 'open')
                         then 'waiting' else 'earned' end as kind
             from services.sheet s
             where s.state = 'charged' and s.charged_on <= $2
               and not exists (select from services.audit u
                               where u.sheet_id = s.id and u.state = 'objected')
               and not exists (select from services.statement_line l
                               where l.sheet_id = s.id and l.kind = 'earned' and not l.released)
             union all
             select s.staff_id, l.amount_fen, 'deducted'
             from services.sheet s
             join services.statement_line l
               on l.sheet_id = s.id and l.kind = 'earned' and not l.released
             join services.statement t on t.id = l.statement_id and t.state = 'posted'
             where s.state = 'reversed' and l.amount_fen > 0
               and not exists (select from services.statement_line d
                               where d.sheet_id = s.id and d.kind = 'deducted'
                                 and not d.released)) w
           join identity.staff f on f.id = w.staff_id
           join identity.org g on g.id = f.org_id
           where g.path ^@ any($1)
           group by f.id, f.name, g.name
           order by 5 desc, f.name"#,
        &scope.paths,
        through,
    )
    .fetch_all(tx.db())
    .await?)
}

/// The organisation of a member of staff in sight; the row is locked, so that two do not settle
/// the same work.
pub(crate) async fn lock_staff(tx: &mut Tx, id: UserId, scope: &Scope) -> Result<String> {
    sqlx::query_scalar!(
        "select g.path from identity.staff f join identity.org g on g.id = f.org_id
         where f.id = $1 and g.path ^@ any($2) for update of f",
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("staff"))
}

/// A statement as it is written.
pub(crate) struct NewStatement {
    pub staff_id: UserId,
    pub org_path: String,
    pub from_day: NaiveDate,
    pub through: NaiveDate,
    pub earned: Fen,
    pub deducted: Fen,
    pub by: UserId,
}

/// Writes a statement down with its number and its lines.
pub(crate) async fn insert_statement(
    tx: &mut Tx,
    new: &NewStatement,
    lines: &[Due],
) -> Result<StatementId> {
    let (id, now): (StatementId, _) = (tx.new_id(), tx.now());
    let name = tx.actor().name.clone();
    sqlx::query!(
        "insert into services.statement
           (id, no, staff_id, org_path, from_day, through, state, earned_fen, deducted_fen,
            made_at, made_by, made_by_name)
         values ($1, 'JS' || to_char($5::date, 'YYYYMM') || '-'
                     || kernel.padded(nextval('services.statement_number'), 4),
                 $2, $3, $4, $5, 'proposed', $6, $7, $8, $9, $10)",
        *id,
        *new.staff_id,
        new.org_path,
        new.from_day,
        new.through,
        new.earned.get(),
        new.deducted.get(),
        now,
        *new.by,
        name,
    )
    .execute(tx.db())
    .await?;
    let sheets: Vec<Uuid> = lines.iter().map(|l| *l.sheet_id).collect();
    let kinds: Vec<String> = lines.iter().map(|l| <&str>::from(l.kind).to_owned()).collect();
    let amounts: Vec<i64> = lines.iter().map(|l| l.amount_fen.get()).collect();
    sqlx::query!(
        "insert into services.statement_line (statement_id, sheet_id, kind, amount_fen)
         select $1, * from unnest($2::uuid[], $3::text[], $4::bigint[])",
        *id,
        &sheets,
        &kinds,
        &amounts,
    )
    .execute(tx.db())
    .await
    .on_constraint("statement_line_once", ServiceRule::SettledMeanwhile)?;
    Ok(id)
}

/// A statement for a decision.
pub(crate) struct LockedStatement {
    pub no: String,
    pub staff_id: UserId,
    pub org_path: String,
    pub state: StatementState,
    pub through: NaiveDate,
    pub made_by: UserId,
    pub posting_id: Option<PostingId>,
}

/// A statement in sight, locked.
pub(crate) async fn lock_statement(
    tx: &mut Tx,
    id: StatementId,
    scope: &Scope,
) -> Result<LockedStatement> {
    sqlx::query_as!(
        LockedStatement,
        "select no, staff_id, org_path, state, through, made_by, posting_id
         from services.statement where id = $1 and org_path ^@ any($2) for update",
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("statement"))
}

/// What a statement's lines come to.
pub(crate) async fn amounts(tx: &mut Tx, id: StatementId) -> Result<Vec<(Earning, Fen)>> {
    let rows = sqlx::query!(
        "select kind, amount_fen from services.statement_line where statement_id = $1",
        *id,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.kind, r.amount_fen)).collect())
}

/// How it was decided.
pub(crate) async fn decide_statement(
    tx: &mut Tx,
    id: StatementId,
    state: StatementState,
    words: &str,
    posting: Option<PostingId>,
) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    let name = tx.actor().name.clone();
    sqlx::query!(
        "update services.statement
         set state = $2, decided_at = $3, decided_by = $4, decided_by_name = $5, decision = $6,
             posting_id = $7
         where id = $1",
        *id,
        <&str>::from(state),
        now,
        by,
        name,
        words,
        posting.map(|p| *p),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// It was taken back.
pub(crate) async fn set_reversed(
    tx: &mut Tx,
    id: StatementId,
    reason: &str,
    reversal: Option<PostingId>,
) -> Result<()> {
    let (now, name) = (tx.now(), tx.actor().name.clone());
    sqlx::query!(
        "update services.statement
         set state = 'reversed', reversed_at = $2, reversed_by_name = $3, reverse_reason = $4,
             reversal_id = $5
         where id = $1",
        *id,
        now,
        name,
        reason,
        reversal.map(|p| *p),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Its work can be settled again.
pub(crate) async fn release(tx: &mut Tx, id: StatementId) -> Result<()> {
    sqlx::query!("update services.statement_line set released = true where statement_id = $1", *id)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// A later statement that deducts what this one paid: this one cannot be taken back before it.
pub(crate) async fn deducted_by(tx: &mut Tx, id: StatementId) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        "select t.no from services.statement_line mine
         join services.statement_line l
           on l.sheet_id = mine.sheet_id and l.kind = 'deducted' and not l.released
         join services.statement t on t.id = l.statement_id
         where mine.statement_id = $1 and mine.kind = 'earned' and l.statement_id <> $1
         limit 1",
        *id,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// The statement that is being decided and holds this work.
pub(crate) async fn proposed_with(tx: &mut Tx, sheet: SheetId) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        "select t.no from services.statement_line l
         join services.statement t on t.id = l.statement_id
         where l.sheet_id = $1 and not l.released and t.state = 'proposed' limit 1",
        *sheet,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Which statements are asked for.
pub(crate) struct Statements<'a> {
    pub id: Option<StatementId>,
    pub state: Option<StatementState>,
    pub limit: i64,
    pub after: Option<(DateTime<Utc>, Uuid)>,
    pub scope: &'a Scope,
}

/// Statements, newest first.
pub(crate) async fn statements(tx: &mut Tx, w: Statements<'_>) -> Result<Vec<Statement>> {
    let (after_at, after_id) = w.after.unzip();
    Ok(sqlx::query_as!(
        Statement,
        r#"select t.id, t.no, t.staff_id, f.name as staff_name, g.name as org_name, t.from_day,
                  t.through, t.state, t.earned_fen, t.deducted_fen, t.made_at, t.made_by,
                  t.made_by_name, t.decided_at, t.decided_by_name, t.decision, t.posting_id,
                  t.reversed_at, t.reverse_reason
           from services.statement t
           join identity.staff f on f.id = t.staff_id
           join identity.org g on g.id = f.org_id
           where (t.org_path ^@ any($1) or t.staff_id = $2)
             and ($3::uuid is null or t.id = $3)
             and ($4::text is null or t.state = $4)
             and ($5::timestamptz is null or (t.made_at, t.id) < ($5, $6))
           order by t.made_at desc, t.id desc limit $7"#,
        &w.scope.paths,
        w.scope.own.map(|u| *u),
        w.id.map(|i| *i),
        w.state.map(<&str>::from),
        after_at,
        after_id,
        w.limit,
    )
    .fetch_all(tx.db())
    .await?)
}

/// The lines of a statement, earned first.
pub(crate) async fn statement_lines(tx: &mut Tx, id: StatementId) -> Result<Vec<StatementLine>> {
    Ok(sqlx::query_as!(
        StatementLine,
        r#"select l.kind, l.sheet_id, s.no as sheet_no, o.no as order_no, m.address,
                  s.charged_on as "charged_on!",
                  (select string_agg(i.name, '、' order by n.line) from services.line n
                   join services.item i on i.id = n.item_id where n.sheet_id = s.id) as "what!",
                  s.total_fen, l.amount_fen
           from services.statement_line l
           join services.sheet s on s.id = l.sheet_id
           join orders.work_order o on o.id = s.order_id
           join directory.premise m on m.id = s.premise_id
           where l.statement_id = $1
           order by l.kind desc, s.charged_on, s.no"#,
        *id,
    )
    .fetch_all(tx.db())
    .await?)
}
