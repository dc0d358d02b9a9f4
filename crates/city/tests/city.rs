//! The loader over a real database: the same twice, true to every rule, and only once.

use chrono::{DateTime, NaiveDate, Utc};
use city::{Plan, Summary, demo_callers, load};
use kernel::Fen;
use sqlx::PgPool;
use std::collections::{BTreeMap, BTreeSet};
use testing::TestApp;
use uuid::Uuid;

const TABLES: [&str; 37] = [
    "identity.org",
    "directory.place",
    "directory.network_node",
    "directory.person",
    "directory.phone",
    "directory.premise",
    "directory.account",
    "directory.mark",
    "directory.premise_version",
    "directory.account_version",
    "directory.account_room",
    "directory.change",
    "ledger.segment",
    "billing.charge",
    "ledger.season",
    "ledger.posting",
    "ledger.entry",
    "orders.work_order",
    "orders.order_call",
    "orders.revisit",
    "telephony.agent",
    "telephony.call",
    "telephony.offer",
    "dispatch.worker",
    "dispatch.territory",
    "field.visit",
    "field.temperature",
    "notices.reading",
    "notices.notice",
    "identity.staff",
    "payments.payment_order",
    "payments.share",
    "payments.attempt",
    "payments.shift",
    "payments.receipt",
    "payments.receipt_range",
    "payments.day_close",
];

fn plan(now: DateTime<Utc>) -> Plan {
    let small = Plan::demonstration(now, "Nuan-xian-2026");
    Plan { accounts: 500, with_business: false, ..small }
}

async fn loaded(t: &TestApp) -> Summary {
    load(&t.owner, plan(t.now()), &|_| ()).await.expect("the city loads")
}

/// One hash over all rows; salts and what the switch numbers itself are left out.
async fn hash(pool: &PgPool) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for table in TABLES {
        let sql = format!(
            "select coalesce(md5(string_agg(row::text, '|' order by row::text)), '') from (
               select to_jsonb(t) - 'password_hash' - 'queue_id' - 'xid'
                    - 'pack_version_id' as row from {table} t) r"
        );
        all.push((table, one(pool, &sql).await));
    }
    let told = "select md5(string_agg((to_jsonb(e) - 'xid' - 'id' #- '{payload,queue_id}')::text,
                                      '|' order by id)) from kernel.event e";
    all.push(("kernel.event", one(pool, told).await));
    all
}

async fn one<T>(pool: &PgPool, sql: &str) -> T
where
    T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(pool).await.expect("the query runs")
}

async fn count(t: &TestApp, what: &str) -> i64 {
    one(&t.app.pool, &format!("select count(*) from {what}")).await
}

/// accepts CU-01 (the generator's part)
#[tokio::test]
async fn the_same_seed_makes_the_same_city() {
    let (a, b, c) = (TestApp::new().await, TestApp::new().await, TestApp::new().await);
    assert_eq!(loaded(&a).await, loaded(&b).await);
    assert_eq!(hash(&a.app.pool).await, hash(&b.app.pool).await);
    let other = Plan { seed: 7, ..plan(c.now()) };
    load(&c.owner, other, &|_| ()).await.unwrap();
    let (x, y) = (hash(&a.app.pool).await, hash(&c.app.pool).await);
    assert!(x.iter().zip(&y).filter(|(x, y)| x != y).count() > 15, "another seed, another city");
}

#[tokio::test]
async fn control_totals_are_those_of_the_tables() {
    let t = TestApp::new().await;
    let s = loaded(&t).await;
    assert_eq!(s.accounts, 500);
    for (table, total) in [
        ("directory.account", s.accounts),
        ("directory.person", s.persons),
        ("directory.phone", s.phones),
        ("directory.mark", s.marks),
        ("ledger.posting", s.postings),
        ("billing.charge", s.charges),
        ("telephony.call", s.calls),
        ("orders.work_order", s.orders),
    ] {
        assert_eq!(count(&t, table).await, i64::try_from(total).unwrap(), "{table}");
    }
    let sum = |filter: &str| {
        format!("select coalesce(sum(amount_fen), 0)::bigint from ledger.entry where {filter}")
    };
    let charged: i64 = one(&t.app.pool, &sum("ledger = 'revenue'")).await;
    let paid: i64 =
        one(&t.app.pool, &sum("ledger in ('cash', 'bank', 'wechat', 'card', 'alipay')")).await;
    let owed: i64 = one(&t.app.pool, &sum("ledger = 'receivable'")).await;
    assert_eq!((s.charged_fen, s.paid_fen, s.arrears_fen), (-charged, paid, owed));
    let ahead: i64 = one(&t.owner, &sum("ledger = 'advance'")).await;
    let lost: i64 = one(&t.owner, &sum("ledger = 'bad_debt'")).await;
    assert_eq!((s.advance_fen, s.written_off_fen), (-ahead, lost));
    assert!(s.arrears_fen > 0 && s.paid_fen > s.charged_fen / 2);
}

#[tokio::test]
async fn the_book_balances_and_nothing_is_paid_in_the_future() {
    let t = TestApp::new().await;
    loaded(&t).await;
    let off = "(select posting_id from ledger.entry group by 1 having sum(amount_fen) <> 0) x";
    assert_eq!(count(&t, off).await, 0);
    let trial: i64 = one(&t.app.pool, "select sum(amount_fen)::bigint from ledger.entry").await;
    assert_eq!(trial, 0);
    let over = "(select account_id, season_id from ledger.entry where ledger = 'receivable'
                 group by 1, 2, item having sum(amount_fen) < 0) x";
    assert_eq!(count(&t, over).await, 0, "nobody paid more than he owed");
    let now = t.now().to_rfc3339();
    for (table, at) in [
        ("ledger.posting", "recorded_at"),
        ("kernel.event", "at"),
        ("telephony.call", "ended_at"),
        ("orders.work_order", "coalesce(closed_at, opened_at)"),
    ] {
        assert_eq!(count(&t, &format!("{table} where {at} > '{now}'")).await, 0, "{table}");
    }
}

/// accepts GI-01 (the directory's part)
#[tokio::test]
async fn every_household_hangs_on_a_unit_and_a_riser_of_its_station() {
    let t = TestApp::new().await;
    let s = loaded(&t).await;
    let whole = "directory.account a
        join directory.premise m on m.id = a.premise_id
        join directory.place u on u.id = m.unit_id and u.kind = 'unit'
        join directory.place b on b.id = u.parent_id and b.kind = 'building'
        join directory.place c on c.id = b.parent_id and c.kind = 'community'
        join directory.network_node r on r.id = m.riser_id and r.kind = 'riser'
        join directory.network_node l on l.id = r.parent_id and l.kind = 'loop'
        join directory.network_node x on x.id = l.parent_id and x.kind = 'station'
        join directory.network_node s on s.id = x.parent_id and s.kind = 'source'
        join identity.org o on o.path = a.org_path and o.kind = 'station'
        where m.address like c.name || b.name || u.name || '%' and x.org_path = a.org_path";
    let misfiled = s.faults.iter().filter(|f| f.kind == "misfiled").count();
    assert_eq!(count(&t, whole).await, 500 - i64::try_from(misfiled).unwrap());
    let shared = "(select number from directory.phone group by 1 having count(*) > 1) x";
    assert!(count(&t, shared).await > 0, "some numbers reach two households");
}

#[tokio::test]
async fn a_second_load_is_refused_and_leaves_nothing() {
    let t = TestApp::new().await;
    loaded(&t).await;
    assert!(city::is_inhabited(&t.app.pool).await.unwrap());
    let gin = "pg_indexes where schemaname = 'directory' and indexdef like '% USING gin %'";
    assert_eq!(count(&t, gin).await, 2, "the indexes that were put aside are back");
    let before = hash(&t.app.pool).await;
    let again = load(&t.owner, Plan { seed: 9, ..plan(t.now()) }, &|_| ()).await.unwrap_err();
    assert!(matches!(again, kernel::Error::Rule { code: "city.not_empty", .. }), "{again}");
    assert_eq!(hash(&t.app.pool).await, before);
}

/// accepts GI-02 (the demonstration's part)
#[tokio::test]
async fn every_role_has_people_and_every_order_its_story() {
    let t = TestApp::new().await;
    let s = loaded(&t).await;
    let roles = "(select distinct r.key from identity.staff_role g
                  join identity.role r on r.id = g.role_id) x";
    assert_eq!(count(&t, roles).await, 12);
    assert!(count(&t, "identity.staff").await >= 40);
    let alone = "telephony.queue q where (select count(*) from telephony.queue_member m
                 where m.queue_id = q.id) < 14";
    assert!(count(&t, "telephony.queue").await >= 4);
    assert_eq!(count(&t, alone).await, 0, "every queue has agents and leads");
    assert!(s.orders > 60, "{} orders", s.orders);
    let open = count(&t, "orders.work_order where state <> 'closed'").await;
    assert!(open > 2 && open < 80, "{open} open orders");
    let silent = "orders.work_order o where not exists (select from kernel.event e
                    where e.subject_id = o.id and e.kind = 'order.filed')
                  or (o.state = 'closed') <> exists (select from kernel.event e
                    where e.subject_id = o.id and e.kind = 'order.closed')";
    assert_eq!(count(&t, silent).await, 0);
    let twice = "telephony.call a join telephony.call b on a.agent_id = b.agent_id
                 and a.id < b.id and a.offered_at < b.ended_at and b.offered_at < a.ended_at";
    assert_eq!(count(&t, twice).await, 0, "nobody talks on two telephones");
}

#[tokio::test]
async fn the_demonstration_has_callers_worth_a_pop() {
    let t = TestApp::new().await;
    loaded(&t).await;
    let callers = demo_callers(&t.app.pool).await.unwrap();
    assert!(callers.len() >= 6, "{callers:?}");
    let mut numbers: Vec<_> = callers.iter().map(|c| &c.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), callers.len());
}

/// accepts MG-03 XB-17 (control totals of the loader)
#[tokio::test]
async fn control_totals_agree_with_the_book_by_season_branch_and_item() {
    let t = TestApp::new().await;
    let s = loaded(&t).await;
    let rows: Vec<(String, String, String, i64, i64, i64)> = sqlx::query_as(
        "select s.code, g.org_path, e.item, sum(e.amount_fen)::bigint,
                coalesce(sum(e.amount_fen) filter (where p.source in
                  ('season_opening', 'charge', 'recalculation', 'payment_late_fee')), 0)::bigint,
                coalesce(-sum(e.amount_fen) filter (where p.source = 'payment'), 0)::bigint
         from ledger.entry e join ledger.season s on s.id = e.season_id
         join ledger.segment g on g.id = e.segment_id
         join ledger.posting p on p.id = e.posting_id
         where e.ledger = 'receivable' group by 1, 2, 3 order by 1, 2, 3",
    )
    .fetch_all(&t.owner)
    .await
    .unwrap();
    let told: Vec<_> = s
        .controls
        .iter()
        .map(|(k, c)| {
            let key = (k.season.clone(), k.org_path.clone(), k.item.to_owned());
            (key.0, key.1, key.2, c.owed_fen(), c.charged_fen, c.paid_fen)
        })
        .collect();
    assert_eq!(rows, told);
    assert!(rows.len() > 28, "seven seasons, four stations: {}", rows.len());
    let states: u64 = s.states.values().sum();
    assert_eq!(states, s.accounts);
}

/// accepts BI-13 (the generator's part)
#[tokio::test]
async fn every_charge_is_what_the_rules_make_of_its_facts_and_of_the_directory() {
    let t = TestApp::new().await;
    loaded(&t).await;
    let pack = tariff::demonstration_pack();
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select s.code, c.facts, c.amount_fen from billing.charge c
         join ledger.season s on s.id = c.season_id",
    )
    .fetch_all(&t.owner)
    .await
    .unwrap();
    for (code, facts, amount) in &rows {
        let season = pack.season(code[..4].parse().unwrap()).unwrap();
        let facts: tariff::Facts = serde_json::from_str(facts).unwrap();
        let charge = tariff::season_charge(&pack, &season, &facts).unwrap();
        assert_eq!(charge.total().unwrap().get(), *amount, "{code} {facts:?}");
    }
    assert!(rows.len() > 3000, "{}", rows.len());
    let corrected = count(&t, "billing.charge where version > 1").await;
    assert!(corrected > 5, "{corrected} corrected charges");
    let off = "(select c.account_id, c.season_id from billing.charge c
                where c.version = (select max(d.version) from billing.charge d
                  where d.account_id = c.account_id and d.season_id = c.season_id)
                and c.amount_fen <> (select coalesce(sum(e.amount_fen), 0) from ledger.entry e
                  join ledger.posting p on p.id = e.posting_id
                  where e.account_id = c.account_id and e.season_id = c.season_id
                  and p.source in ('season_opening', 'charge', 'recalculation') and e.ledger = 'receivable')) x";
    assert_eq!(count(&t, off).await, 0, "postings sum to the last version of the charge");
}

#[tokio::test]
async fn versions_never_overlap_and_end_in_what_the_account_shows() {
    let t = TestApp::new().await;
    loaded(&t).await;
    for (table, key) in [("account", "account_id"), ("premise", "premise_id")] {
        let overlap = format!(
            "directory.{table}_version a join directory.{table}_version b
               on a.{key} = b.{key} and a.ctid <> b.ctid
             where a.valid_from < b.valid_to and b.valid_from < a.valid_to
               and a.recorded_at < b.superseded_at and b.recorded_at < a.superseded_at"
        );
        assert_eq!(count(&t, &overlap).await, 0, "{table}");
    }
    let today = t.now().date_naive();
    let other = format!(
        "directory.account a where not exists (
           select from directory.account_version v
           where v.account_id = a.id and v.superseded_at = 'infinity'
             and v.valid_from <= '{today}' and v.valid_to > '{today}'
             and v.person_id = a.person_id and v.heat_use_state = a.heat_use_state
             and v.low_income = a.low_income and v.charge_type = a.charge_type)"
    );
    assert_eq!(count(&t, &other).await, 0, "what is shown is what is believed");
    assert!(count(&t, "directory.account_version where superseded_at < 'infinity'").await > 20);
}

/// accepts CU-06 MG-02: the rules find what was planted, all of it and nothing else.
#[tokio::test]
async fn the_rules_find_exactly_the_planted_faults() {
    let t = TestApp::new().await;
    let plan = Plan { accounts: 4000, with_history: false, ..plan(t.now()) };
    let s = load(&t.owner, plan, &|_| ()).await.unwrap();
    let mut key = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    for fault in &s.faults {
        kinds.insert(fault.kind);
        let ids: BTreeSet<Uuid> = fault.ids.iter().copied().collect();
        match fault.kind {
            // Two people of one name are no fault, and money is the fee office's.
            "namesake" | "double_payment" => continue,
            "duplicate_premise" => {
                key.insert(("premise_without_account".to_owned(), BTreeSet::from([fault.ids[1]])));
            }
            _ => {}
        }
        key.insert((fault.kind.to_owned(), ids));
    }
    let all = ["duplicate_person", "namesake", "duplicate_premise", "missing_phone"];
    let more = ["impossible_area", "misfiled", "double_payment", "valve_contradicts"];
    assert_eq!(kinds, all.into_iter().chain(more).collect());
    let mut tx = t.tx(&kernel::Actor::system("test")).await;
    directory::scan(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let rows: Vec<(String, Vec<Uuid>)> =
        sqlx::query_as("select rule, subject_ids from directory.finding where state = 'open'")
            .fetch_all(&t.owner)
            .await
            .unwrap();
    let found: BTreeSet<_> =
        rows.into_iter().map(|(rule, ids)| (rule, BTreeSet::from_iter(ids))).collect();
    let (missed, false_alarms): (Vec<_>, Vec<_>) =
        (key.difference(&found).collect(), found.difference(&key).collect());
    assert!(missed.is_empty() && false_alarms.is_empty(), "{missed:#?}\n{false_alarms:#?}");
    for fault in s.faults.iter().filter(|f| f.kind == "double_payment") {
        let paid = format!(
            "payments.payment_order o join payments.share s on s.order_id = o.id
             join directory.account a on a.id = s.account_id
             where o.posting_id in ('{}', '{}') and o.method in ('wechat', 'alipay')
               and o.amount_fen = {} and a.account_no = '{}'",
            fault.ids[0],
            fault.ids[1],
            fault.right.replace('.', ""),
            fault.account_no,
        );
        assert_eq!(count(&t, &paid).await, 2, "{fault:?}");
    }
}

/// accepts BI-14: who paid late paid his late fee with it, so that nothing is asked of him now;
/// who owes is asked for more than nothing.
#[tokio::test]
async fn late_fees_of_the_past_were_paid_and_those_of_debtors_grow() {
    let t = TestApp::new().await;
    let plan = Plan { accounts: 900, with_history: false, ..plan(t.now()) };
    load(&t.owner, plan, &|_| ()).await.unwrap();
    let owed: Vec<(Uuid, Uuid, i64)> = sqlx::query_as(
        "select account_id, season_id, sum(amount_fen)::bigint from ledger.entry
         where ledger = 'receivable' group by 1, 2",
    )
    .fetch_all(&t.owner)
    .await
    .unwrap();
    let posted = "ledger.posting where source = 'payment_late_fee'";
    assert!(count(&t, posted).await > 100, "many paid late in seven years");
    let mut tx = t.tx(&kernel::Actor::system("test")).await;
    let accounts: BTreeSet<Uuid> = owed.iter().map(|o| o.0).collect();
    let accounts: Vec<_> = accounts.into_iter().map(kernel::AccountId::from).collect();
    let today = kernel::clock::local_date(t.now());
    let fees = billing::late_fee_of(&mut tx, &accounts, today).await.unwrap();
    let due: BTreeMap<(Uuid, Uuid), i64> =
        fees.iter().map(|f| ((*f.account_id, *f.season_id), f.due_fen.get())).collect();
    let asked = |account, season| due.get(&(account, season)).copied().unwrap_or_default();
    let settled: Vec<_> = owed.iter().filter(|o| o.2 == 0 && asked(o.0, o.1) != 0).collect();
    if let Some((account, season, _)) = settled.first() {
        let told: Vec<String> = sqlx::query_scalar(
            "select concat_ws(' ', e.valid_on, p.source, e.item, e.amount_fen, p.channel)
             from ledger.entry e join ledger.posting p on p.id = e.posting_id
             where e.account_id = $1 and e.season_id = $2 order by e.recorded_at, e.line",
        )
        .bind(account)
        .bind(season)
        .fetch_all(&t.owner)
        .await
        .unwrap();
        let fee = fees.iter().find(|f| *f.account_id == *account && *f.season_id == *season);
        panic!("settled, and yet asked for: {fee:?}\n{told:#?}");
    }
    let debts = owed.iter().filter(|o| o.2 > 100_000).collect::<Vec<_>>();
    let growing = debts.iter().filter(|o| asked(o.0, o.1) > 0).count();
    assert!(debts.len() > 40 && growing * 10 > debts.len() * 8, "{growing} of {}", debts.len());
}

/// accepts PY-05 ST-24: each past day's payments, book and drawers agree; turns and receipts are
/// numbered; the book is sealed and proven.
#[tokio::test]
async fn the_days_of_the_past_agree_and_the_book_verifies() {
    let t = TestApp::new().await;
    loaded(&t).await;
    for (what, wrong) in [
        (
            "a payment without its posting",
            "payments.payment_order o left join ledger.posting p
            on p.id = o.posting_id and p.source = 'payment' and p.source_id = o.id::text
            and p.recorded_at = o.settled_at where p.id is null",
        ),
        (
            "an order whose shares are another sum",
            "payments.payment_order o where o.amount_fen <>
            (select sum(amount_fen) from payments.share where order_id = o.id)",
        ),
        (
            "a turn that holds another sum",
            "payments.shift h where h.counted_fen - h.float_fen <>
            (select coalesce(sum(amount_fen), 0) from payments.payment_order o
             where o.shift_id = h.id and o.method = 'cash')",
        ),
        (
            "a counter payment without a turn",
            "payments.payment_order
            where (method in ('cash', 'card')) <> (shift_id is not null)",
        ),
        (
            "a receipt out of order",
            "payments.receipt a join payments.receipt b
            on a.no < b.no and a.issued_at > b.issued_at",
        ),
    ] {
        assert_eq!(count(&t, wrong).await, 0, "{what}");
    }
    assert!(count(&t, "payments.shift").await > 60 && count(&t, "payments.receipt").await > 50);
    let days: Vec<(NaiveDate, serde_json::Value)> = sqlx::query_as(
        "select on_date, lines from payments.day_close where jsonb_array_length(lines) > 2
         order by on_date desc limit 3",
    )
    .fetch_all(&t.owner)
    .await
    .unwrap();
    assert_eq!(days.len(), 3);
    // Nobody closed them yet: what is reckoned anew is what the closes kept.
    sqlx::query("delete from payments.day_close").execute(&t.owner).await.unwrap();
    let closer: Uuid =
        one(&t.owner, "select id from identity.staff where login = 'finance01'").await;
    let actor = testing::actor(closer.into(), payments::permissions::ALL, "/");
    let mut tx = t.tx(&actor).await;
    for (on, kept) in &days {
        let anew = payments::day_books(&mut tx, *on).await.unwrap();
        assert!(anew.closed_at.is_none() && anew.received_fen > Fen::ZERO, "{on}");
        assert_eq!(anew.difference_fen, Fen::ZERO, "{anew:?}");
        assert_eq!(serde_json::to_value(&anew.lines).unwrap(), *kept, "{on}");
    }
    drop(tx);
    while ledger::seal_next(&t.app, 100_000).await.unwrap() > 0 {}
    let proof = ledger::verify(&t.app, None, &|_| ()).await.unwrap();
    assert!(proof.broken.is_empty(), "{:?}", proof.broken);
}

/// accepts BI-06 BI-07 BI-10 XB-08: desks have business in hand, and the book still balances.
#[tokio::test]
async fn the_demonstrations_desks_have_work() {
    let t = TestApp::new().await;
    let plan = Plan { accounts: 1500, with_business: true, with_history: false, ..plan(t.now()) };
    load(&t.owner, plan, &|_| ()).await.unwrap();
    let mut lacking = Vec::new();
    for (least, what) in [
        (2, "billing.application where state = 'checked' and needs_approval"),
        (1, "billing.application where state = 'done'"),
        (1, "billing.application where state = 'refused'"),
        (1, "billing.application where jsonb_array_length(objections) > 0"),
        (2, "billing.adjustment where state = 'proposed'"),
        (1, "billing.adjustment where state = 'posted'"),
        (4, "billing.hold where released_at is null"),
        (1, "billing.hold where released_at is not null"),
        (20, "billing.reading"),
        (1, "billing.reading where cardinality(oddities) > 0"),
        (7, "billing.opening where state = 'posted' and done = households and amount_fen > 0"),
        (2, "payments.suspense where state = 'open'"),
        (1, "payments.suspense where state = 'assigned'"),
        (1, "payments.refund where state = 'requested'"),
        (1, "payments.collection_list"),
        (8, "directory.contact"),
        (5, "directory.finding where state = 'open'"),
    ] {
        let found = count(&t, what).await;
        if found < least {
            lacking.push((what, found));
        }
    }
    assert!(lacking.is_empty(), "{lacking:#?}");
    let trial: i64 = one(&t.app.pool, "select sum(amount_fen)::bigint from ledger.entry").await;
    assert_eq!(trial, 0);
    while ledger::seal_next(&t.app, 100_000).await.unwrap() > 0 {}
    let proof = ledger::verify(&t.app, None, &|_| ()).await.unwrap();
    assert!(proof.broken.is_empty(), "{:?}", proof.broken);
}

/// accepts BI-13 BI-16 (a recomputation finds nothing to correct)
#[tokio::test]
async fn billing_reckons_every_household_again_and_finds_nothing_to_correct() {
    let t = TestApp::new().await;
    let plan = Plan { accounts: 120, with_history: false, ..plan(t.now()) };
    load(&t.owner, plan, &|_| ()).await.unwrap();
    let pairs: Vec<(Uuid, Uuid)> =
        sqlx::query_as("select distinct account_id, season_id from billing.charge order by 1, 2")
            .fetch_all(&t.owner)
            .await
            .unwrap();
    assert!(pairs.len() > 600, "{}", pairs.len());
    let mut tx = t.tx(&kernel::Actor::system("test")).await;
    for (account, season) in pairs {
        let cause = billing::Cause { reason: billing::ChargeReason::Facts, id: None, from: None };
        let again = billing::recalculate(&mut tx, account.into(), season.into(), cause).await;
        assert_eq!(again.unwrap(), None, "{account} {season}");
    }
}
