//! A season opened by mass comes out as if household by household.

use super::ground::{Ground, area, day, heat_use};
use crate::{OpeningState, Selection, open_in_mass, post_opening};
use directory::HeatUseState::Stopped;
use kernel::AccountId;

async fn some_households(g: &Ground) -> Vec<AccountId> {
    let mut homes = Vec::new();
    for (no, org, class) in [
        ("1", "/hq/east/s1/", "resident"),
        ("2", "/hq/east/s2/", "shop"),
        ("3", "/hq/east/s1/", "public"),
        ("4", "/hq/west/s9/", "resident"),
        ("5", "/hq/east/s1/", "resident"),
    ] {
        homes.push(g.household(no, org, class).await);
    }
    g.amend(area(homes[0], "77.35"), day("2026-12-15"), None).await;
    g.amend(heat_use(homes[3], Stopped), day("2026-12-01"), Some(day("2027-01-01"))).await;
    homes
}

const CHARGES: &str = "select string_agg(concat_ws(' ', a.account_no, c.facts, c.amount_fen,
      s.org_path, s.user_class, c.heat_fen, c.basic_fen, c.posting_id is null), ',\n'
      order by a.account_no)
    from billing.charge c join directory.account a on a.id = c.account_id
    join ledger.segment s on s.id = c.segment_id";

async fn all_charges(g: &Ground) -> String {
    sqlx::query_scalar(CHARGES).fetch_one(&g.t.app.pool).await.unwrap()
}

/// accepts BI-01 XB-02: what the mass run writes is what the everyday way writes: charges, lines,
/// sums; and it can be corrected and explained like any other.
#[tokio::test]
async fn a_mass_run_charges_what_the_everyday_way_charges() {
    let g = Ground::new().await;
    let homes = some_households(&g).await;
    let opening = g.approved(Selection::default()).await;
    let run = open_in_mass(&g.t.app, opening.id).await.unwrap();
    assert_eq!(run.charges, 5);
    let report = g.report(&opening).await.opening;
    assert_eq!((report.state, report.done), (OpeningState::Posted, 5));
    let owed = "select sum(amount_fen)::bigint from ledger.entry where ledger = 'receivable'";
    assert_eq!(g.count(owed).await, report.amount_fen.get());
    assert_eq!(g.count("select sum(amount_fen)::bigint from ledger.entry").await, 0);
    let heads = "select count(*) from ledger.posting where source = 'season_opening'";
    assert_eq!(g.count(heads).await, 3, "one posting a station");
    let by_mass = all_charges(&g).await;

    g.amend(area(homes[0], "100"), day("2024-10-15"), None).await;
    g.follow_facts().await;
    let fees = g.fees(homes[0]).await;
    assert_eq!((fees.charges.len(), fees.owed_fen.get()), (2, 220_000));
    // Again: nothing more.
    open_in_mass(&g.t.app, opening.id).await.unwrap();
    post_opening(&g.t.app, opening.id).await.unwrap();
    assert_eq!(g.count("select count(*) from billing.charge").await, 6);

    let everyday = Ground::new().await;
    some_households(&everyday).await;
    everyday.opened().await;
    // Ids differ from ground to ground: compared by number.
    assert_eq!(by_mass, all_charges(&everyday).await);
    let sums = "select sum(amount_fen)::bigint from billing.charge where version = 1";
    assert_eq!(g.count(sums).await, everyday.count(sums).await);
}

/// A run that died after it had written beside the book is begun anew; what it left is gone and
/// nothing of it ever showed.
#[tokio::test]
async fn a_mass_run_that_was_killed_is_begun_anew_and_charges_once() {
    let g = Ground::new().await;
    let homes = some_households(&g).await;
    let opening = g.approved(Selection::default()).await;
    // What a killed run leaves: filled tables beside the book.
    for sql in [
        "select ledger.stage_open(id) from ledger.season",
        "select billing.stage_open(id) from ledger.season",
    ] {
        sqlx::query(sql).execute(&g.t.app.pool).await.unwrap();
    }
    let left = "insert into billing.stage_2026_2027
        (account_id, season_id, pack_version_id, charged_at, amount_fen, version, segment_id,
         reason, facts)
        select a.id, s.id, a.id, s.starts_at, 0, 1, 1, 'opening', ''
        from directory.account a, ledger.season s";
    sqlx::query(left).execute(&g.t.app.pool).await.unwrap();
    assert_eq!(g.count("select count(*) from billing.charge").await, 0, "nothing shows");
    open_in_mass(&g.t.app, opening.id).await.unwrap();
    assert_eq!(g.count("select count(*) from billing.charge").await, 5);
    assert_eq!(g.owed(homes[4]).await, 198_000);
    let stages = "select count(*) from pg_tables where tablename like 'stage_%'";
    assert_eq!(g.count(stages).await, 0);
}

/// Somebody who was charged while the run was under way makes it fail, not charge twice.
#[tokio::test]
async fn a_mass_run_does_not_charge_whom_somebody_charged_meanwhile() {
    let g = Ground::new().await;
    let homes = some_households(&g).await;
    let opening = g.approved(Selection::default()).await;
    let mut tx = g.system().await;
    let cause = crate::Cause { reason: crate::ChargeReason::Entry, id: None, from: None };
    crate::recalculate(&mut tx, homes[4], g.season, cause).await.unwrap();
    tx.commit().await.unwrap();
    let stale = open_in_mass(&g.t.app, opening.id).await;
    assert!(matches!(stale, Err(kernel::Error::Stale)), "{stale:?}");
    // The job comes again and goes the everyday way for the rest.
    post_opening(&g.t.app, opening.id).await.unwrap();
    assert_eq!(g.owed(homes[4]).await, 198_000);
    assert_eq!(g.count("select count(*) from billing.charge").await, 5);
}

/// A branch's opening is never a mass run: it would charge the others' households.
#[tokio::test]
async fn a_branch_does_not_open_a_season_by_mass() {
    let g = Ground::new().await;
    some_households(&g).await;
    let keys = &[crate::permissions::VIEW, crate::permissions::PREPARE, crate::permissions::OPEN];
    let west = testing::actor(testing::nobody(), keys, "/hq/west/");
    let mut tx = g.t.tx(&west).await;
    let selection = Selection::default();
    let new = crate::NewOpening { season_id: g.season, selection, valid_on: None };
    let opening = crate::create_opening(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    crate::reckon_opening(&g.t.app, opening.id).await.unwrap();
    let mut tx = g.t.tx(&west).await;
    crate::approve_opening(&mut tx, opening.id).await.unwrap();
    tx.commit().await.unwrap();
    let refused = open_in_mass(&g.t.app, opening.id).await;
    assert!(matches!(refused, Err(kernel::Error::Stale)), "{refused:?}");
    post_opening(&g.t.app, opening.id).await.unwrap();
    assert_eq!(g.count("select count(*) from billing.charge").await, 1);
}

/// The server dies at any instant, again and again; each time the job comes back. In the end
/// everybody was charged once, whichever way the opening goes.
#[tokio::test(flavor = "multi_thread")]
async fn an_opening_killed_at_any_instant_charges_everybody_once() {
    for mass in [false, true] {
        let g = Ground::new().await;
        some_households(&g).await;
        let opening = g.approved(Selection::default()).await;
        let mut wait = 1_u64;
        let mut deaths = 0;
        loop {
            // A server of its own each time: what a dead one held is gone with it.
            let options = (*g.t.app.pool.connect_options()).clone();
            let pool = sqlx::PgPool::connect_with(options).await.unwrap();
            let app = kernel::App::new(pool, g.t.app.clock.clone());
            let job = tokio::spawn(async move {
                if mass {
                    open_in_mass(&app, opening.id).await.map(drop)
                } else {
                    post_opening(&app, opening.id).await
                }
            });
            tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
            if job.is_finished() {
                job.await.unwrap().unwrap();
                break;
            }
            job.abort();
            let _ = job.await;
            // What the database still runs of it dies too, as when a dead server's sockets close; a
            // task that was only aborted may leave a COPY that waits for rows for ever.
            let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                       where datname = current_database() and pid <> pg_backend_pid()";
            sqlx::query(end).fetch_one(&g.t.owner).await.unwrap();
            deaths += 1;
            wait += wait.div_ceil(2);
        }
        assert!(deaths > 0, "it was killed at least once");
        assert_eq!(g.count("select count(*) from billing.charge").await, 5);
        let posted = "select sum(amount_fen)::bigint from ledger.entry
                      where ledger = 'receivable'";
        let charged = "select sum(amount_fen)::bigint from billing.charge";
        assert_eq!(g.count(posted).await, g.count(charged).await);
        assert_eq!(g.report(&opening).await.opening.done, 5);
    }
}
