//! The loader over a real database: the same twice, true to every rule, and only once.

use chrono::{DateTime, Utc};
use city::{Plan, Summary, demo_callers, load};
use sqlx::PgPool;
use testing::TestApp;

const TABLES: [&str; 24] = [
    "identity.org",
    "directory.place",
    "directory.network_node",
    "directory.person",
    "directory.phone",
    "directory.premise",
    "directory.account",
    "directory.mark",
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
               select to_jsonb(t) - 'password_hash' - 'queue_id' - 'xid' as row from {table} t) r"
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
        ("telephony.call", s.calls),
        ("orders.work_order", s.orders),
    ] {
        assert_eq!(count(&t, table).await, i64::try_from(total).unwrap(), "{table}");
    }
    let sum = |filter: &str| {
        format!("select coalesce(sum(amount_fen), 0)::bigint from ledger.entry where {filter}")
    };
    let charged: i64 = one(&t.app.pool, &sum("ledger = 'revenue'")).await;
    let paid: i64 = one(&t.app.pool, &sum("ledger in ('cash', 'bank', 'wechat')")).await;
    let owed: i64 = one(&t.app.pool, &sum("ledger = 'receivable'")).await;
    assert_eq!((s.charged_fen, s.paid_fen, s.arrears_fen), (-charged, paid, owed));
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
                 group by 1, 2 having sum(amount_fen) < 0) x";
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
    loaded(&t).await;
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
    assert_eq!(count(&t, whole).await, 500);
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
    assert_eq!(count(&t, roles).await, 10);
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
