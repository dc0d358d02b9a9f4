//! What the fee office has in hand.

use super::{Desks, Owing, SUSPENSE, Steady, home, kept};
use billing::{AdjustmentKind, NewAdjustment, RefundReason};
use chrono::TimeDelta;
use kernel::{AccountId, Fen, Result};
use payments::{NewCollection, NewSuspense, PayMethod};
use uuid::Uuid;

/// Each season was opened in one run for everybody.
pub(super) async fn openings(desks: &Desks<'_>) -> Result<()> {
    let staff = |login: &str| desks.company.staff.iter().find(|s| s.login == login);
    let (Some(maker), Some(poster)) = (staff("billing"), staff("finance01")) else {
        return Ok(());
    };
    sqlx::query(
        "with opened as (
           select season_id, count(*)::int as households, sum(amount_fen)::bigint as fen,
                  min(charged_at) as at
           from billing.charge where reason = 'opening' group by season_id
         ), run as (
           select o.*, s.starts_at,
                  lag(o.fen, 1, 0::bigint) over (order by s.starts_at) as before
           from opened o join ledger.season s on s.id = o.season_id
         ), made as (
           insert into billing.opening
             (id, season_id, selection, valid_on, org_paths, state, made_at, made_by,
              made_by_name, posted_at, posted_by, posted_by_name, finished_at, households, done,
              amount_fen, before_fen)
           select md5('opening ' || season_id)::uuid, season_id, '{}',
                  (at at time zone 'Asia/Shanghai')::date, array['/hq/'], 'posted',
                  at - interval '2 hours', $1, $2, at - interval '3 minutes', $3, $4, at,
                  households, households, fen, before
           from run
         )
         insert into billing.opening_sum
           (opening_id, org_path, user_class, households, amount_fen, before_fen)
         select md5('opening ' || c.season_id)::uuid, g.org_path, g.user_class, count(*)::int,
                sum(c.amount_fen)::bigint, 0
         from billing.charge c join ledger.segment g on g.id = c.segment_id
         where c.reason = 'opening' group by c.season_id, g.org_path, g.user_class",
    )
    .bind(maker.id)
    .bind(&maker.name)
    .bind(poster.id)
    .bind(&poster.name)
    .execute(desks.pool)
    .await?;
    Ok(())
}

fn wanted(kind: AdjustmentKind, home: Owing, fen: i64, reason: &str) -> NewAdjustment {
    NewAdjustment {
        kind,
        account_id: home.id.into(),
        season_id: Some(home.season_id.into()),
        item: "heat".to_owned(),
        amount_fen: Fen::new(fen),
        reason_class: None,
        reason: reason.to_owned(),
    }
}

/// Reductions, corrections, a refund and a debt to be given up: decided or waiting.
pub(super) async fn adjustments(
    desks: &Desks<'_>,
    steady: &[Steady],
    late: &[Owing],
    old: &[Owing],
) -> Result<()> {
    let mut all = Vec::new();
    let from = |n: usize| late.get(40 + n).copied();
    for (n, kind, fen, reason, decided) in [
        (0, AdjustmentKind::Reduction, 3_000, "开栓推迟一日，协商核减", None),
        (1, AdjustmentKind::Reduction, 48_000, "室温连续三日不达标，协商核减", None),
        (2, AdjustmentKind::Correction, -36_000, "收费面积复核后更正", Some(true)),
        (3, AdjustmentKind::Reduction, 45_000, "用户要求减半收费", Some(false)),
        (4, AdjustmentKind::Correction, 26_500, "漏计层高加价", None),
    ] {
        all.extend(from(n).map(|home| (wanted(kind, home, fen, reason), decided)));
    }
    if let Some(debt) = old.first() {
        let reason = "户主去世，无可执行财产";
        all.push((wanted(AdjustmentKind::WriteOff, *debt, debt.fen, reason), None));
    }
    if let (Some(home), Some(season)) = (steady.get(30), late.first()) {
        let home = Owing { id: home.id, season_id: season.season_id, fen: 0 };
        let reason_class = Some(RefundReason::Temperature);
        let refund = wanted(AdjustmentKind::Refund, home, 15_600, "测温不合格两日，按档退费");
        all.push((NewAdjustment { reason_class, ..refund }, None));
    }
    for (n, (wanted, decided)) in (1..).zip(all) {
        let mut tx = desks.at(["clerk01", "clerk02"][n % 2], 4, 14).await?;
        let made = billing::propose_adjustment(&mut tx, wanted).await;
        let (Some(made), Some(granted)) = (kept(tx, made).await?, decided) else { continue };
        let mut tx = desks.at("billing", 2, 16).await?;
        let done = if granted {
            billing::approve_adjustment(&mut tx, made.id, "复核属实").await
        } else {
            billing::refuse_adjustment(&mut tx, made.id, "无政策依据").await
        };
        kept(tx, done).await?;
    }
    Ok(())
}

/// Money whose owner is sought; the oldest was found.
pub(super) async fn suspense(desks: &Desks<'_>, late: &[Owing]) -> Result<()> {
    for (n, (days_ago, fen, payer, remark)) in (1..).zip(SUSPENSE) {
        let received_on = desks.today() - TimeDelta::days(*days_ago);
        let mut tx = desks.at("finance02", *days_ago, 15).await?;
        let new = NewSuspense {
            channel: PayMethod::Transfer,
            reference: format!("HK{}{n:04}", received_on.format("%Y%m%d")),
            amount_fen: Fen::new(*fen),
            payer: (*payer).to_owned(),
            remark: (*remark).to_owned(),
            received_on,
        };
        let id = payments::book_suspense(&mut tx, new).await;
        let Some((id, home)) = kept(tx, id).await?.zip(late.get(10)).filter(|_| n == 1) else {
            continue;
        };
        let mut tx = desks.at("finance02", 1, 10).await?;
        let reason = "电话核实，为本户热费";
        let found = payments::assign_suspense(&mut tx, id, home.id.into(), reason).await;
        kept(tx, found).await?;
    }
    Ok(())
}

/// Who paid twice wants his money back.
pub(super) async fn refunds(desks: &Desks<'_>) -> Result<()> {
    let ahead: Vec<(Uuid, i64)> = sqlx::query_as(
        "select e.account_id, -sum(e.amount_fen)::bigint from ledger.entry e
         join directory.account a on a.id = e.account_id
         where e.ledger = 'advance' group by e.account_id, a.account_no
         having sum(e.amount_fen) < -10000 order by a.account_no desc limit 2",
    )
    .fetch_all(desks.pool)
    .await?;
    for (account, fen) in ahead {
        let mut tx = desks.at("cashier01", 1, 11).await?;
        let account = AccountId::from(account);
        let method = PayMethod::Transfer;
        let why = "重复缴费，用户要求退回";
        let asked =
            payments::request_credit_refund(&mut tx, account, Fen::new(fen), method, why).await;
        kept(tx, asked).await?;
    }
    Ok(())
}

/// A list of old debts for somebody to carry from door to door.
pub(super) async fn collection(desks: &Desks<'_>, old: &[Owing]) -> Result<()> {
    let doors: Vec<Owing> = old.iter().skip(5).take(20).copied().collect();
    if doors.is_empty() {
        return Ok(());
    }
    let mut tx = desks.at("cashier01", 2, 9).await?;
    let list = NewCollection {
        account_ids: home::accounts(&doors),
        of: payments::DebtorFilter::default(),
        collector_id: None,
        due_on: desks.today() + TimeDelta::days(7),
        title: "陈欠上门催收".to_owned(),
    };
    let made = payments::make_collection(&mut tx, list).await;
    kept(tx, made).await?;
    Ok(())
}
