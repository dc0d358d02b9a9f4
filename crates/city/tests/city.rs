//! The loader over a real database: the same twice, true to every rule, and only once.

use chrono::{DateTime, Utc};
use city::{Plan, Summary, demo_callers, load};
use sqlx::PgPool;
use testing::TestApp;

const TABLES: [&str; 30] = [
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
];

fn plan(now: DateTime<Utc>) -> Plan {
    Plan { accounts: 500, ..Plan::demonstration(now, "Nuan-xian-2026") }
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
                  ('season_opening', 'charge', 'recalculation')), 0)::bigint,
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

/// accepts MG-02 (the answer key)
#[tokio::test]
async fn planted_faults_are_where_the_answer_key_says() {
    let t = TestApp::new().await;
    let plan = Plan { accounts: 4000, with_history: false, ..plan(t.now()) };
    let s = load(&t.owner, plan, &|_| ()).await.unwrap();
    let of = |kind: &str| s.faults.iter().filter(|f| f.kind == kind).collect::<Vec<_>>();
    for kind in [
        "duplicate_person",
        "namesake",
        "duplicate_premise",
        "missing_phone",
        "impossible_area",
        "misfiled",
        "double_payment",
    ] {
        assert!(!of(kind).is_empty(), "no {kind}");
    }
    for fault in of("duplicate_person") {
        let same = format!(
            "directory.person where (name, id_number) in (select name, id_number
               from directory.person where id = '{}') and id in ('{0}', '{}')",
            fault.ids[0], fault.ids[1]
        );
        assert_eq!(count(&t, &same).await, 2, "{fault:?}");
    }
    for fault in of("missing_phone") {
        let phones = format!("directory.phone where person_id = '{}'", fault.ids[0]);
        assert_eq!(count(&t, &phones).await, 0, "{fault:?}");
    }
    let wide = count(&t, "directory.premise where building_area > 2000").await;
    assert!(wide >= i64::try_from(of("impossible_area").len()).unwrap());
    for fault in of("double_payment") {
        let paid = format!(
            "ledger.entry where posting_id in ('{}', '{}') and ledger in ('wechat', 'alipay')
               and amount_fen = {}",
            fault.ids[0],
            fault.ids[1],
            fault.right.replace('.', "")
        );
        assert_eq!(count(&t, &paid).await, 2, "{fault:?}");
    }
}

/// accepts BI-13 BI-16 (a recomputation finds nothing to correct)
#[tokio::test]
async fn billing_reckons_every_household_again_and_finds_nothing_to_correct() {
    let t = TestApp::new().await;
    let plan = Plan { accounts: 120, with_history: false, ..plan(t.now()) };
    load(&t.owner, plan, &|_| ()).await.unwrap();
    let pairs: Vec<(uuid::Uuid, uuid::Uuid)> =
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
