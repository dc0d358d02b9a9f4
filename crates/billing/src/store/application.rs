//! SQL of applications.

use crate::{
    Application, ApplicationFile, ApplicationForm, ApplicationKind, ApplicationMoment,
    ApplicationPaper, ApplicationState, Declared, NewApplication, Objection, PreviewSummary,
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    AccountId, ApplicationId, Error, FileId, MatterId, OnConstraint, OrderId, PackVersionId,
    Result, Scope, SeasonId, Tx, UserId,
};
use serde::Serialize;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

/// An application as it is worked on.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub id: ApplicationId,
    pub no: String,
    pub kind: ApplicationKind,
    pub account_id: AccountId,
    pub org_path: String,
    pub matter_id: MatterId,
    pub form: Json<ApplicationForm>,
    pub declared: Json<Declared>,
    pub note: String,
    pub state: ApplicationState,
    pub made_by: Option<UserId>,
    pub asked_on: DateTime<Utc>,
}

/// What is written down with a new application.
pub(crate) struct Fresh<'a> {
    pub id: ApplicationId,
    pub no: String,
    pub matter_id: MatterId,
    pub org_path: &'a str,
    pub season_id: SeasonId,
    pub pack_version_id: PackVersionId,
    pub needs_approval: bool,
    pub objections: &'a [Objection],
    pub preview: PreviewSummary,
    pub answer_by: NaiveDate,
}

fn json(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|e| Error::Internal(e.into()))
}

/// The next number of the day.
pub(crate) async fn next_number(tx: &mut Tx) -> Result<i64> {
    let n = sqlx::query_scalar!(r#"select nextval('billing.application_number') as "n!""#)
        .fetch_one(tx.db())
        .await?;
    Ok(n)
}

/// Writes an application down.
pub(crate) async fn insert(tx: &mut Tx, new: &NewApplication, f: Fresh<'_>) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    let name = tx.actor().name.clone();
    sqlx::query!(
        "insert into billing.application
           (id, no, kind, account_id, org_path, matter_id, season_id, pack_version_id, form,
            declared, note, asked_from, state, needs_approval, objections, preview, made_at,
            made_by, made_by_name, answer_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'submitted', $13, $14, $15,
                 $16, $17, $18, $19)",
        *f.id,
        f.no,
        <&str>::from(new.form.kind()),
        *new.account_id,
        f.org_path,
        *f.matter_id,
        *f.season_id,
        *f.pack_version_id,
        json(&new.form)?,
        json(&new.declared)?,
        new.note.trim(),
        new.form.from(),
        f.needs_approval,
        json(&f.objections)?,
        json(&f.preview)?,
        now,
        by,
        name,
        f.answer_by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// An open application of the same kind, if any.
pub(crate) async fn open_of(
    tx: &mut Tx,
    account: AccountId,
    kind: ApplicationKind,
) -> Result<Option<String>> {
    let no = sqlx::query_scalar!(
        "select no from billing.application
         where account_id = $1 and kind = $2 and state in ('submitted', 'checked', 'approved')
         order by made_at limit 1",
        *account,
        <&str>::from(kind),
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(no)
}

/// An application in sight, locked.
pub(crate) async fn lock(tx: &mut Tx, id: ApplicationId, scope: &Scope) -> Result<Work> {
    let row = sqlx::query_as!(
        Work,
        r#"select id as "id: ApplicationId", no, kind as "kind: ApplicationKind",
                  account_id as "account_id: AccountId", org_path,
                  matter_id as "matter_id: MatterId", form as "form: Json<ApplicationForm>",
                  declared as "declared: Json<Declared>", note, state as "state: ApplicationState",
                  made_by as "made_by: UserId", made_at as asked_on
           from billing.application
           where id = $1 and org_path ^@ any($2) for update"#,
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?;
    row.ok_or(Error::NotFound("application"))
}

/// What the rules said, and how it went on all the same.
pub(crate) async fn set_checked(
    tx: &mut Tx,
    id: ApplicationId,
    objections: &[Objection],
    despite: Option<&str>,
    preview: &PreviewSummary,
) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update billing.application
         set state = 'checked', checked_at = $2, objections = $3, despite = $4, preview = $5,
             version = version + 1
         where id = $1",
        *id,
        now,
        json(&objections)?,
        despite,
        json(preview)?,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A decision, with its words.
pub(crate) async fn set_decided(
    tx: &mut Tx,
    id: ApplicationId,
    state: ApplicationState,
    words: &str,
) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    let name = tx.actor().name.clone();
    sqlx::query!(
        "update billing.application
         set state = $2, decided_at = $3, decided_by = $4, decided_by_name = $5, decision = $6,
             version = version + 1
         where id = $1",
        *id,
        <&str>::from(state),
        now,
        by,
        name,
        words,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// It counts from that day.
pub(crate) async fn set_done(tx: &mut Tx, id: ApplicationId, on: NaiveDate) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update billing.application
         set state = 'done', done_at = $2, effective_on = $3, version = version + 1
         where id = $1",
        *id,
        now,
        on,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What is asked of the list.
pub(crate) struct Wanted<'a> {
    pub id: Option<ApplicationId>,
    pub account: Option<AccountId>,
    pub kind: Option<ApplicationKind>,
    pub state: Option<ApplicationState>,
    pub open_only: bool,
    pub limit: i64,
    pub after: Option<(DateTime<Utc>, Uuid)>,
    pub scope: &'a Scope,
}

/// Applications, newest first.
pub(crate) async fn list(tx: &mut Tx, w: Wanted<'_>) -> Result<Vec<Application>> {
    let (after_at, after_id) = w.after.unzip();
    let rows = sqlx::query_as!(
        Application,
        r#"select b.id as "id: ApplicationId", b.no, b.kind as "kind: ApplicationKind",
                  b.account_id as "account_id: AccountId", a.account_no, p.name, m.address,
                  b.matter_id as "matter_id: MatterId", s.code as season,
                  b.form as "form: Json<ApplicationForm>",
                  b.declared as "declared: Json<Declared>", b.note, b.asked_from,
                  b.state as "state: ApplicationState", b.needs_approval,
                  b.objections as "objections: Json<Vec<Objection>>", b.despite,
                  b.preview as "preview: Json<PreviewSummary>", b.effective_on, b.made_at,
                  b.made_by_name, b.answer_by, b.decided_at, b.decided_by_name, b.decision,
                  b.done_at, v.order_id as "order_id?: OrderId", o.no as "order_no?",
                  v.moved_on as "valve_on?"
           from billing.application b
           join directory.account a on a.id = b.account_id
           join directory.person p on p.id = a.person_id
           join directory.premise m on m.id = a.premise_id
           join ledger.season s on s.id = b.season_id
           left join billing.valve_request v on v.application_id = b.id
           left join orders.work_order o on o.id = v.order_id
           where b.org_path ^@ any($1)
             and ($2::uuid is null or b.id = $2)
             and ($3::uuid is null or b.account_id = $3)
             and ($4::text is null or b.kind = $4)
             and ($5::text is null or b.state = $5)
             and (not $6 or b.state in ('submitted', 'checked', 'approved'))
             and ($7::timestamptz is null or (b.made_at, b.id) < ($7, $8))
           order by b.made_at desc, b.id desc limit $9"#,
        &w.scope.paths,
        w.id.map(|i| *i),
        w.account.map(|a| *a),
        w.kind.map(<&str>::from),
        w.state.map(<&str>::from),
        w.open_only,
        after_at,
        after_id,
        w.limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// An application in sight with its papers and its history.
pub(crate) async fn file(tx: &mut Tx, id: ApplicationId, scope: &Scope) -> Result<ApplicationFile> {
    let wanted = Wanted {
        id: Some(id),
        account: None,
        kind: None,
        state: None,
        open_only: false,
        limit: 1,
        after: None,
        scope,
    };
    let application = list(tx, wanted).await?.pop().ok_or(Error::NotFound("application"))?;
    let papers = sqlx::query_as!(
        ApplicationPaper,
        r#"select p.file_id as "file_id: FileId", f.name, p.kind, p.added_at, p.added_by_name
           from billing.application_paper p join files.file f on f.id = p.file_id
           where p.application_id = $1 order by p.added_at, p.file_id"#,
        *id,
    )
    .fetch_all(tx.db())
    .await?;
    let history = sqlx::query_as!(
        ApplicationMoment,
        r#"select at, actor_name as who, kind as event,
                  coalesce(payload ->> 'note', payload ->> 'reason', '') as "note!"
           from kernel.event where subject = 'application' and subject_id = $1 order by id"#,
        *id,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(ApplicationFile { application, papers, history })
}

/// Adds a paper; twice is once.
pub(crate) async fn add_paper(
    tx: &mut Tx,
    id: ApplicationId,
    file: FileId,
    kind: &str,
) -> Result<()> {
    let (now, name) = (tx.now(), tx.actor().name.clone());
    sqlx::query!(
        "insert into billing.application_paper
           (application_id, file_id, kind, added_at, added_by_name)
         values ($1, $2, $3, $4, $5) on conflict do nothing",
        *id,
        *file,
        kind,
        now,
        name,
    )
    .execute(tx.db())
    .await
    .on_constraint("application_paper_file", Error::NotFound("file"))?;
    Ok(())
}
