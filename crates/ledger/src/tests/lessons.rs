//! What goes wrong elsewhere with books.

use super::household::{app, bookkeeper, household, moved};
use crate::Ledger::{Receivable, Revenue};
use crate::post;
use kernel::{Actor, Error, SeasonId};
use testing::TestApp;

async fn season(t: &TestApp, year: i32) -> SeasonId {
    let mut tx = t.tx(&Actor::system("test")).await;
    let at = |s: String| s.parse().unwrap();
    let (from, to) = (format!("{year}-11-14T16:00:00Z"), format!("{}-03-15T16:00:00Z", year + 1));
    let code = format!("{year}-{}", year + 1);
    let id = crate::add_season(&mut tx, &code, at(from), at(to)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// The lesson of the misfiled row: what is for a season that does not exist is refused and leaves
/// nothing; a season's part of the book takes no line of another, whoever writes it.
#[tokio::test]
async fn a_line_of_a_wrong_season_gets_nowhere() {
    let t = app().await;
    let account = household(&t).await;
    let (last, this) = (season(&t, 2025).await, season(&t, 2026).await);
    let mut tx = bookkeeper(&t, "/hq/").await;
    let none: SeasonId = t.app.new_id();
    let refused = post(&mut tx, moved("1", account, Some(none), (Revenue, Receivable), 5)).await;
    assert!(matches!(refused, Err(Error::NotFound("season"))), "{refused:?}");
    drop(tx);
    let mut tx = bookkeeper(&t, "/hq/").await;
    post(&mut tx, moved("1", account, Some(last), (Revenue, Receivable), 5)).await.unwrap();
    tx.commit().await.unwrap();
    let heads = "select count(*) from ledger.posting";
    let heads: i64 = sqlx::query_scalar(heads).fetch_one(&t.app.pool).await.unwrap();
    assert_eq!(heads, 1, "the refused one left nothing");

    let misfiled = "insert into ledger.entry_2026_2027
                      select posting_id, account_id, season_id, amount_fen, recorded_at, valid_on,
                             line + 2, segment_id, ledger, item
                      from ledger.entry where season_id = $1";
    for (pool, why) in [(&t.app.pool, "permission denied"), (&t.owner, "partition constraint")] {
        let refused = sqlx::query(misfiled).bind(*last).execute(pool).await.unwrap_err();
        assert!(refused.to_string().contains(why), "{refused}");
    }
    let here = "select count(*) from ledger.entry where season_id = $1";
    let here: i64 = sqlx::query_scalar(here).bind(*this).fetch_one(&t.app.pool).await.unwrap();
    assert_eq!(here, 0);
}
