//! An independent program reads the book and comes to the same fen.

use super::household::{app, household, moved};
use super::period::{accountant, day};
use crate::Ledger::{Advance, Bank, Cash, Receivable, Revenue};
use crate::{
    AsOf, Figure, Posting, add_season, arrears_households, balance_closings, close, export_hledger,
    open_day, post, reverse, trial_balance,
};
use chrono::{Days, TimeDelta};
use kernel::{AccountId, Scope, SeasonId, Tx};
use std::collections::BTreeMap;
use std::process::Command;
use testing::TestApp;

/// Balances by the first `depth` parts of the account's name, as hledger gives them, in fen.
fn by_hledger(journal: &[u8], depth: usize) -> BTreeMap<String, i64> {
    let file = std::env::temp_dir().join(format!("{}.journal", uuid::Uuid::new_v4()));
    std::fs::write(&file, journal).unwrap();
    let output = Command::new("hledger")
        .arg("-f")
        .arg(&file)
        .args(["balance", "--flat", "--no-total", "--output-format=csv"])
        .args(["--commodity-style=1000.00 CNY"])
        .arg(format!("--depth={depth}"))
        .env("LANG", "C.UTF-8")
        .output()
        .expect("hledger is installed: apt-get install hledger");
    std::fs::remove_file(&file).unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let text = String::from_utf8(output.stdout).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('"').split("\",\"").collect();
        let [account, amount] = cells.as_slice() else { panic!("{line}") };
        let digits: String = amount.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
        ((*account).to_owned(), digits.parse().unwrap())
    };
    text.lines().skip(1).map(row).filter(|(_, fen)| *fen != 0).collect()
}

/// The same by our own sums: depth three, and each household's receivables.
async fn by_us(tx: &mut Tx, as_of: AsOf) -> (BTreeMap<String, i64>, BTreeMap<AccountId, i64>) {
    let dash = |s: &str| if s.is_empty() { "-".to_owned() } else { s.to_owned() };
    let trial = trial_balance(tx, as_of).await.unwrap();
    let mut sums = BTreeMap::new();
    for r in trial.items {
        let key = format!("{}:{}:{}", <&str>::from(r.ledger), dash(&r.season), dash(&r.item));
        *sums.entry(key).or_insert(0) += r.amount_fen.get();
    }
    let figure = Figure {
        ledger: Receivable,
        seasons: Vec::new(),
        items: Vec::new(),
        segments: Vec::new(),
        after: None,
        limit: 1_000,
    };
    let owing = arrears_households(tx, as_of, &figure, &Scope::all()).await.unwrap();
    (sums, owing.into_iter().map(|(account, fen)| (account, fen.get())).collect())
}

/// Two seasons of charges, payments, advances and corrections of three households, with closes
/// between; the moments of the history.
async fn history(t: &TestApp) -> Vec<AsOf> {
    let mut accounts = Vec::new();
    for _ in 0..3 {
        accounts.push(household(t).await);
    }
    let mut tx = accountant(t).await;
    let at = |s: &str| s.parse().unwrap();
    let mut seasons: Vec<Option<SeasonId>> = vec![None];
    for year in [2025, 2026] {
        let (from, to) =
            (format!("{year}-10-15T00:00:00Z"), format!("{}-04-15T00:00:00Z", year + 1));
        let code = format!("{year}-{}", year + 1);
        seasons.push(Some(add_season(&mut tx, &code, at(&from), at(&to)).await.unwrap()));
    }
    tx.commit().await.unwrap();
    let ways = [(Revenue, Receivable), (Receivable, Cash), (Advance, Bank), (Receivable, Advance)];
    let mut moments = Vec::new();
    for n in 0..24_usize {
        t.advance(TimeDelta::days(4));
        let mut tx = accountant(t).await;
        let today = kernel::clock::local_date(t.now());
        let back = u64::try_from(n * 7 % 40).unwrap();
        let wanted = today.checked_sub_days(Days::new(back)).unwrap();
        let valid_on = open_day(&mut tx, wanted).await.unwrap();
        let fen = i64::try_from(n * n * 137 + 1).unwrap();
        let posting =
            moved(&n.to_string(), accounts[n % 3], seasons[n % 3], ways[n % ways.len()], fen);
        let memo = "采暖费; 2026:x".to_owned();
        let id = post(&mut tx, Posting { valid_on, memo, ..posting }).await.unwrap();
        tx.commit().await.unwrap();
        if n % 5 == 4 {
            t.advance(TimeDelta::hours(1));
            let mut tx = accountant(t).await;
            reverse(&mut tx, id, "退").await.unwrap();
            if let Some(end) = crate::periods(&mut tx).await.unwrap().closable.last() {
                close(&mut tx, *end).await.unwrap();
            }
            tx.commit().await.unwrap();
            balance_closings(&t.app).await.unwrap();
        }
        for back in [0, 11] {
            let valid_on = today.checked_sub_days(Days::new(back)).unwrap();
            moments.push(AsOf { valid_on, known_at: t.now() });
        }
    }
    moments
}

/// accepts BI-16 BI-17 XB-02: hledger's balances and ours differ by 0 fen, at every past moment.
#[tokio::test]
async fn hledger_comes_to_the_same_fen_at_every_past_moment() {
    let t = app().await;
    let moments = history(&t).await;
    let numbers: BTreeMap<String, AccountId> =
        sqlx::query_as::<_, (String, uuid::Uuid)>("select account_no, id from directory.account")
            .fetch_all(&t.app.pool)
            .await
            .unwrap()
            .into_iter()
            .map(|(no, id)| (no, id.into()))
            .collect();
    let mut compared = 0;
    for as_of in moments.into_iter().step_by(5) {
        let mut journal = Vec::new();
        export_hledger(&t.app, as_of, &mut journal).await.unwrap();
        let mut tx = accountant(&t).await;
        let (sums, owing) = by_us(&mut tx, as_of).await;
        assert_eq!(by_hledger(&journal, 3), sums, "{as_of:?}");
        let mut theirs: BTreeMap<AccountId, i64> = BTreeMap::new();
        for (name, fen) in by_hledger(&journal, 9) {
            if let Some(no) = name.strip_prefix("receivable:").and_then(|n| n.rsplit(':').next()) {
                *theirs.entry(numbers[no]).or_default() += fen;
            }
        }
        theirs.retain(|_, fen| *fen != 0);
        assert_eq!(theirs, owing, "{as_of:?}");
        compared += sums.len();
    }
    assert!(compared > 30, "{compared} balances were compared");
    assert!(!by_hledger(b"; nothing\n", 3).contains_key("cash"), "and an empty book is empty");
}

/// The oracle would see a difference: one fen more in the journal is one fen more in its sum.
#[test]
fn the_oracle_reads_what_is_written() {
    let journal =
        b"commodity 1000.00 CNY\n\n2026-11-22 x\n    cash  1234.56 CNY\n    bank  -1234.56 CNY\n";
    let sums = by_hledger(journal, 3);
    assert_eq!(sums, BTreeMap::from([("cash".to_owned(), 123_456), ("bank".to_owned(), -123_456)]));
    let _ = day("2026-11-22");
}
