//! SQL of adjustments.

use crate::{
    Adjustment, AdjustmentKind, AdjustmentState, ItemStanding, NewAdjustment, RefundReason,
};
use chrono::{DateTime, Utc};
use kernel::{
    AccountId, AdjustmentId, Error, Fen, OnConstraint, PostingId, Result, Scope, SeasonId, Tx,
    UserId,
};
use uuid::Uuid;

/// Writes down what is wanted.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: AdjustmentId,
    a: &NewAdjustment,
    org_path: &str,
) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    let name = tx.actor().name.clone();
    sqlx::query!(
        "insert into billing.adjustment
           (id, kind, account_id, org_path, season_id, item, amount_fen, reason_class, reason,
            state, made_at, made_by, made_by_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'proposed', $10, $11, $12)",
        *id,
        <&str>::from(a.kind),
        *a.account_id,
        org_path,
        a.season_id.map(|s| *s),
        a.item,
        a.amount_fen.get(),
        a.reason_class.map(<&str>::from),
        a.reason.trim(),
        now,
        by,
        name,
    )
    .execute(tx.db())
    .await
    .on_constraint("adjustment_season", Error::NotFound("season"))?;
    Ok(())
}

/// An adjustment as it is worked on.
pub(crate) struct Proposal {
    pub wanted: NewAdjustment,
    pub org_path: String,
    pub state: AdjustmentState,
    pub made_by: Option<UserId>,
}

/// An adjustment in sight, locked.
pub(crate) async fn lock(tx: &mut Tx, id: AdjustmentId, scope: &Scope) -> Result<Proposal> {
    let r = sqlx::query!(
        r#"select kind as "kind: AdjustmentKind", account_id as "account_id: AccountId", org_path,
                  season_id as "season_id: SeasonId", item, amount_fen as "amount: Fen",
                  reason_class as "reason_class: RefundReason", reason,
                  state as "state: AdjustmentState", made_by as "made_by: UserId"
           from billing.adjustment where id = $1 and org_path ^@ any($2) for update"#,
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("adjustment"))?;
    let wanted = NewAdjustment {
        kind: r.kind,
        account_id: r.account_id,
        season_id: r.season_id,
        item: r.item,
        amount_fen: r.amount,
        reason_class: r.reason_class,
        reason: r.reason,
    };
    Ok(Proposal { wanted, org_path: r.org_path, state: r.state, made_by: r.made_by })
}

/// How it was decided.
pub(crate) async fn decide(
    tx: &mut Tx,
    id: AdjustmentId,
    state: AdjustmentState,
    words: &str,
    posting: Option<PostingId>,
) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    let name = tx.actor().name.clone();
    sqlx::query!(
        "update billing.adjustment
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

/// How the book stands with the item of an adjustment.
pub(crate) async fn standing(tx: &mut Tx, a: &NewAdjustment) -> Result<ItemStanding> {
    let items = ledger::open_items(tx, &[a.account_id]).await?;
    let open = items.iter().find(|i| i.season_id == a.season_id && i.item == a.item);
    let advance = ledger::advances(tx, &[a.account_id]).await?;
    let now = tx.now();
    let row = sqlx::query!(
        r#"select
             coalesce((select sum(case kind when 'write_off' then amount_fen else -amount_fen end)
               from billing.adjustment
               where account_id = $1 and season_id is not distinct from $2 and item = $3
                 and state = 'posted' and kind in ('write_off', 'recovery')), 0)::bigint
               as "written_off!: Fen",
             greatest(coalesce((select amount_fen from billing.charge
               where account_id = $1 and season_id = $2 order by version desc limit 1), 0)
             - coalesce((select sum(amount_fen) from billing.adjustment
               where account_id = $1 and season_id is not distinct from $2
                 and state = 'posted' and kind = 'refund'
                 and reason_class in ('temperature', 'outage', 'policy')), 0), 0)::bigint
               as "refundable!: Fen",
             coalesce((select ends_at <= $4 from ledger.season where id = $2), true)
               as "season_over!""#,
        *a.account_id,
        a.season_id.map(|s| *s),
        a.item,
        now,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(ItemStanding {
        owed: open.map_or(Fen::ZERO, |i| i.owed_fen),
        written_off: row.written_off,
        advance: advance.first().map_or(Fen::ZERO, |(_, fen)| *fen),
        refundable: row.refundable,
        season_over: row.season_over,
        segment: open.and_then(|i| i.segment_id),
    })
}

/// The roles that somebody holds in organisations above a household.
pub(crate) async fn roles_of(tx: &mut Tx, user: UserId, org_path: &str) -> Result<Vec<String>> {
    let roles = sqlx::query_scalar!(
        "select distinct r.key from identity.staff_role s
         join identity.role r on r.id = s.role_id
         join identity.org o on o.id = s.org_id
         where s.staff_id = $1 and $2 ^@ o.path",
        *user,
        org_path,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(roles)
}

/// What of a season's fee was given back for cold rooms and outages, what is only proposed
/// included.
pub(crate) async fn given_back(tx: &mut Tx, account: AccountId, season: SeasonId) -> Result<Fen> {
    let fen = sqlx::query_scalar!(
        r#"select coalesce(sum(amount_fen), 0)::bigint as "fen!: Fen" from billing.adjustment
           where account_id = $1 and season_id = $2 and kind = 'refund'
             and state in ('proposed', 'posted') and reason_class in ('temperature', 'outage')"#,
        *account,
        *season,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(fen)
}

/// What is asked of the list.
pub(crate) struct Wanted<'a> {
    pub id: Option<AdjustmentId>,
    pub account: Option<AccountId>,
    pub state: Option<AdjustmentState>,
    pub limit: i64,
    pub after: Option<(DateTime<Utc>, Uuid)>,
    pub scope: &'a Scope,
}

/// Adjustments, newest first.
pub(crate) async fn list(tx: &mut Tx, w: Wanted<'_>) -> Result<Vec<Adjustment>> {
    let (after_at, after_id) = w.after.unzip();
    let rows = sqlx::query_as!(
        Adjustment,
        r#"select j.id as "id: AdjustmentId", j.kind as "kind: AdjustmentKind",
                  j.account_id as "account_id: AccountId", a.account_no, p.name, m.address,
                  j.season_id as "season_id: SeasonId", coalesce(s.code, '') as "season!", j.item,
                  j.amount_fen as "amount_fen: Fen",
                  j.reason_class as "reason_class: RefundReason", j.reason,
                  j.state as "state: AdjustmentState", j.made_at, j.made_by_name, j.decided_at,
                  j.decided_by_name, j.decision, j.posting_id as "posting_id: PostingId"
           from billing.adjustment j
           join directory.account a on a.id = j.account_id
           join directory.person p on p.id = a.person_id
           join directory.premise m on m.id = a.premise_id
           left join ledger.season s on s.id = j.season_id
           where j.org_path ^@ any($1)
             and ($2::uuid is null or j.id = $2)
             and ($3::uuid is null or j.account_id = $3)
             and ($4::text is null or j.state = $4)
             and ($5::timestamptz is null or (j.made_at, j.id) < ($5, $6))
           order by j.made_at desc, j.id desc limit $7"#,
        &w.scope.paths,
        w.id.map(|i| *i),
        w.account.map(|a| *a),
        w.state.map(<&str>::from),
        after_at,
        after_id,
        w.limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}
