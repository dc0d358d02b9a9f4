//! Business of households.

use super::{Desks, Owing, Steady, kept};
use billing::{
    ApplicationForm, Declared, HoldKind, HoldReason, NewApplication, NewReading, PlaceHold,
};
use chrono::{NaiveDate, TimeDelta};
use directory::{ContactEntry, Measure, NewMeter, UserClass};
use kernel::{AccountId, ApplicationId, Result};
use tariff::Decimal;
use uuid::Uuid;

impl Desks<'_> {
    async fn applied(
        &self,
        login: &str,
        on: NaiveDate,
        account: Uuid,
        form: ApplicationForm,
        note: &str,
    ) -> Result<Option<ApplicationId>> {
        let mut tx = self.on(login, on, 10).await?;
        let declared = Declared { papers_shown: true, ..Declared::default() };
        let new =
            NewApplication { account_id: account.into(), form, declared, note: note.to_owned() };
        let file = billing::submit_application(&mut tx, new).await;
        Ok(kept(tx, file).await?.map(|f| f.application.id))
    }

    fn transfer(&self, to: &Steady) -> ApplicationForm {
        ApplicationForm::Transfer { from: self.today(), person_id: to.person_id.into() }
    }

    fn ago(&self, days: i64) -> NaiveDate {
        self.today() - TimeDelta::days(days)
    }
}

/// Transfers that went through, transfers of debtors that somebody must decide against the rules,
/// what waits for a second person, and a stop that comes too late.
pub(super) async fn applications(
    desks: &Desks<'_>,
    steady: &[Steady],
    debtors: &[Owing],
) -> Result<()> {
    let Some((buyers, homes)) = steady.split_at_checked(10) else { return Ok(()) };
    for (days, (home, buyer)) in (1..).zip(homes.iter().zip(buyers).take(2)) {
        let form = desks.transfer(buyer);
        desks.applied("clerk01", desks.ago(days), home.id, form, "二手房买卖").await?;
    }
    for (n, (debtor, buyer)) in debtors.iter().skip(1).zip(&buyers[2..]).take(4).enumerate() {
        let (day, form) = (desks.ago(if n < 2 { 1 } else { 6 }), desks.transfer(buyer));
        let note = "上季有欠费，买方要求先过户";
        let Some(id) = desks.applied("clerk02", day, debtor.id, form, note).await? else {
            continue;
        };
        let mut tx = desks.at(if n == 2 { "billing" } else { "clerk02" }, 5, 15).await?;
        let done = match n {
            2 => billing::refuse_application(&mut tx, id, "请先结清欠费").await,
            3 => billing::withdraw_application(&mut tx, id, "用户暂不办理").await,
            _ => continue,
        };
        kept(tx, done).await?;
    }
    if let [first, second, third, fourth, ..] = &homes[2..] {
        waiting(desks, [first, second, third]).await?;
        let form = ApplicationForm::Stop { from: desks.today(), to: None };
        desks.applied("clerk02", desks.ago(1), fourth.id, form, "长期出国，要求停热").await?;
    }
    Ok(())
}

/// What a second person must grant: entries, a demolition, and what was asked for on the last
/// days on which areas and classes may be changed.
async fn waiting(desks: &Desks<'_>, homes: [&Steady; 3]) -> Result<()> {
    let planned = "select id from directory.account where heat_use_state = 'not_connected'
                   order by account_no desc limit 2";
    let planned: Vec<Uuid> = sqlx::query_scalar(planned).fetch_all(desks.pool).await?;
    let from = desks.today();
    for account in planned {
        let form = ApplicationForm::Entry { from };
        desks.applied("clerk01", desks.ago(2), account, form, "新交付，申请入网").await?;
    }
    let [gone, wider, salon] = homes;
    let form = ApplicationForm::Demolition { from };
    desks.applied("clerk01", desks.ago(1), gone.id, form, "列入征收范围，已搬空").await?;
    let year = crate::book::season_year(desks.now);
    let last = NaiveDate::from_ymd_opt(year, 10, 30).unwrap_or(from).min(desks.ago(1));
    let area = Some(Measure::new(wider.building + 380));
    let form = ApplicationForm::Area {
        from: last,
        premise_id: wider.premise_id.into(),
        building_area: area,
        usable_area: None,
        heated_area: area,
        charged_area: area,
    };
    desks.applied("clerk01", last, wider.id, form, "封闭阳台，现场复测").await?;
    let (premise_id, user_class) = (salon.premise_id.into(), UserClass::Shop);
    let form = ApplicationForm::Class { from: last, premise_id, user_class };
    desks.applied("clerk02", last, salon.id, form, "住宅改为美容院").await?;
    Ok(())
}

/// Holds of each sort, and one that was released.
pub(super) async fn holds(desks: &Desks<'_>, owing: &[Owing]) -> Result<()> {
    let today = desks.today();
    let all = [
        (
            HoldKind::Warn,
            HoldReason::Dispute,
            "用户对收费面积有异议，复核中",
            "您反映的面积问题正在复核",
            30,
        ),
        (
            HoldKind::BlockAll,
            HoldReason::Inspection,
            "稽查发现私接散热片",
            "请先到稽查科处理违章事项",
            0,
        ),
        (
            HoldKind::BlockCurrent,
            HoldReason::BouncedCheque,
            "上季支票被退票",
            "请先结清上季欠费",
            0,
        ),
        (HoldKind::Warn, HoldReason::Data, "户名与证件不符，待核对", "请携带身份证明核对户名", 60),
        (HoldKind::BlockAll, HoldReason::Legal, "欠费诉讼中", "本户欠费已进入诉讼，请联系法务", 0),
        (HoldKind::Warn, HoldReason::Other, "已约定分期", "请按约定日期缴纳", 20),
    ];
    for (n, (kind, reason_class, reason, words, lasts)) in (0..).zip(all) {
        let Some(home) = owing.get(20 + n) else { break };
        let days_ago = i64::try_from(n).unwrap_or_default() + 2;
        let mut tx = desks.at("billing", days_ago, 11).await?;
        let new = PlaceHold {
            account_id: home.id.into(),
            kind,
            reason_class,
            reason: reason.to_owned(),
            words: words.to_owned(),
            from_on: None,
            until_on: (lasts > 0).then(|| today + TimeDelta::days(lasts)),
        };
        let hold = billing::place_hold(&mut tx, new).await;
        let Some(hold) = kept(tx, hold).await?.filter(|_| n == 5) else { continue };
        let mut tx = desks.at("finance01", 1, 14).await?;
        let released = billing::release_hold(&mut tx, hold.id, "分期款已缴清").await;
        kept(tx, released).await?;
    }
    let Some(home) = owing.get(30) else { return Ok(()) };
    let mut tx = desks.at("billing", 4, 16).await?;
    let listed = directory::blacklist(&mut tx, home.id.into(), "私自开启锁闭阀用热", None).await;
    kept(tx, listed).await?;
    Ok(())
}

/// Heat meters of households that pay in two parts, read at both ends of a season and in the
/// middle of this one.
pub(super) async fn readings(desks: &Desks<'_>) -> Result<()> {
    let homes: Vec<(Uuid, i64)> = sqlx::query_as(
        "select m.id, m.heated_area::bigint from directory.account a
         join directory.premise m on m.id = a.premise_id
         where a.charge_type = 'two_part' and a.opened_on < '2024-06-01' and m.heated_area < 500
         order by a.account_no desc limit 24",
    )
    .fetch_all(desks.pool)
    .await?;
    let year = crate::book::season_year(desks.now);
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    let fitted = day(year - 1, 9, 20);
    let mut numbers = Vec::new();
    for (n, (premise, area)) in (1_u64..).zip(homes) {
        let number = format!("RB26{n:06}");
        let mut tx = desks.on("billing", fitted, 10).await?;
        let meter = NewMeter {
            number: number.clone(),
            premise_id: premise.into(),
            kind: "heat".to_owned(),
            unit: "GJ".to_owned(),
            start_reading: Some("0".to_owned()),
            from: fitted,
        };
        let meter = directory::fit_meter(&mut tx, meter).await;
        if kept(tx, meter).await?.is_some() {
            numbers.push((number, area));
        }
    }
    // Gigajoules on a hundred square metres, and one dial that ran backwards.
    let reads = [
        (day(year - 1, 11, 15), 0),
        (day(year, 1, 15), 16),
        (day(year, 3, 15), 28),
        (day(year, 11, 15), 29),
    ];
    for (on, per_hundred) in reads.into_iter().filter(|(on, _)| *on < desks.today()) {
        let line = |(n, (number, area)): (usize, &(String, i64))| NewReading {
            meter_number: number.clone(),
            read_on: on,
            value: Decimal::from_hundredths(match per_hundred {
                29 if n == 5 => 120,
                29 if n == 9 => area * 95,
                _ => area * per_hundred + i64::try_from(n).unwrap_or_default() * 7,
            }),
            note: String::new(),
            corrects_id: None,
            confirmed: false,
        };
        let lines: Vec<_> = numbers.iter().enumerate().map(line).collect();
        let mut tx = desks.on("clerk01", on + TimeDelta::days(1), 9).await?;
        let taken = billing::take_readings(&mut tx, &lines).await;
        kept(tx, taken).await?;
    }
    Ok(())
}

/// People whom the house rings.
pub(super) async fn address_book(desks: &Desks<'_>) -> Result<()> {
    let all = [
        ("赵志强", "城东热源厂", "调度长", "03526020101", "热源"),
        ("孙丽", "城西热源厂", "值班调度", "03526020102", "热源"),
        ("周敏", "政务服务热线", "供热专席", "12345", "政府"),
        ("吴建军", "住建局供热办", "主任", "03526030011", "政府"),
        ("郑涛", "御东街道办", "网格主任", "03526030220", "社区"),
        ("钱海燕", "宏远物业", "客服经理", "13903520011", "物业"),
        ("冯国栋", "恒泰管网抢修队", "队长", "13903520022", "抢修"),
        ("陈雪", "平城日报", "民生版记者", "13903520033", "媒体"),
    ];
    for (name, organisation, post, phone, group) in all {
        let mut tx = desks.at("finance01", 7, 9).await?;
        let entry = ContactEntry {
            name: name.to_owned(),
            organisation: organisation.to_owned(),
            post: post.to_owned(),
            phone: phone.to_owned(),
            email: String::new(),
            groups: vec![group.to_owned()],
            note: String::new(),
        };
        let put = directory::put_contact(&mut tx, None, entry).await;
        kept(tx, put).await?;
    }
    Ok(())
}

/// Accounts by their ids.
pub(super) fn accounts(owing: &[Owing]) -> Vec<AccountId> {
    owing.iter().map(|o| o.id.into()).collect()
}
