//! Into the house and out again.

use crate::permissions::{ALL, STAGE, VIEW};
use crate::service::{bring_in, go_on, take_back};
use crate::*;
use files::Files;
use kernel::{Actor, Error, Result};
use ledger::Signer;
use sha2::{Digest as _, Sha256};
use sqlx::AssertSqlSafe;
use testing::{TestApp, actor, nobody};
use uuid::Uuid;

pub(super) const HEAD: &str = "户号,姓名,身份证号,联系电话,维修站,小区,楼号,单元,楼层,房号,建筑面积,供热面积,\
                    用户类别,用热状态,开户日期\n";

pub(super) fn homes(first: usize, many: usize) -> String {
    let line = |n: usize| {
        format!(
            "A{n:05},王{n},14029919700101{n:04},1380000{n:04},s1,阳光小区,{},1,{},{:02},{}.50,\
             {}.50,居民,用热,2015-10-01\n",
            n % 5 + 1,
            n % 6 + 1,
            n % 2 + 1,
            80 + n % 40,
            78 + n % 40
        )
    };
    HEAD.to_owned() + &(first..first + many).map(line).collect::<String>()
}

pub(super) struct House {
    pub t: TestApp,
    pub who: Actor,
    pub files: Files,
    pub signer: Signer,
}

pub(super) async fn house() -> House {
    let t = TestApp::new().await;
    t.orgs().await;
    let who = actor(nobody(), ALL, "/hq/");
    House { t, who, files: Files::in_memory(), signer: Signer::new(&[9; 32]) }
}

impl House {
    /// Stages a file; a large one by its job, too.
    pub async fn stage(&self, kind: Kind, text: &str) -> Result<BatchFile> {
        let staged = self.send(kind, text).await?;
        if staged.batch.state == BatchState::Reading {
            bring_in(&self.t.app, &self.files, staged.batch.id).await?;
        }
        Ok(self.see(staged.batch.id).await)
    }

    pub async fn send(&self, kind: Kind, text: &str) -> Result<BatchFile> {
        let path = std::env::temp_dir().join(format!("hearthline-test-{}", Uuid::new_v4()));
        std::fs::write(&path, text).unwrap();
        let upload = Upload {
            path: path.clone(),
            name: "old.csv".into(),
            size: text.len().try_into().unwrap(),
            sha256: Sha256::digest(text).into(),
        };
        let mut tx = self.t.tx(&self.who).await;
        let out = stage(&mut tx, &self.files, kind, upload).await;
        std::fs::remove_file(path).unwrap();
        if out.is_ok() {
            tx.commit().await.unwrap();
        }
        out
    }

    pub async fn commit(&self, id: Uuid) -> Result<()> {
        let mut tx = self.t.tx(&self.who).await;
        commit_import(&mut tx, id).await?;
        tx.commit().await?;
        go_on(&self.t.app, id).await
    }

    pub async fn undo(&self, id: Uuid) -> Result<()> {
        let mut tx = self.t.tx(&self.who).await;
        undo_import(&mut tx, id).await?;
        tx.commit().await?;
        take_back(&self.t.app, id).await
    }

    pub async fn see(&self, id: Uuid) -> BatchFile {
        import(&mut self.t.tx(&self.who).await, id).await.unwrap()
    }

    pub async fn one(&self, sql: &str) -> i64 {
        let sql = format!("select coalesce(({sql}), 0)::bigint");
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.t.owner).await.unwrap()
    }

    pub async fn put(&self, kind: Kind, text: &str) -> Uuid {
        let staged = self.stage(kind, text).await.unwrap();
        assert_eq!(staged.batch.error_count, 0);
        self.commit(staged.batch.id).await.unwrap();
        staged.batch.id
    }

    pub async fn season(&self) -> kernel::SeasonId {
        let mut tx = self.t.app.begin(Actor::system("test")).await.unwrap();
        let at = |s: &str| s.parse().unwrap();
        let from = at("2025-11-14T16:00:00Z");
        let id = ledger::add_season(&mut tx, "2025-2026", from, at("2026-03-15T16:00:00Z"));
        let id = id.await.unwrap();
        tx.commit().await.unwrap();
        id
    }
}

/// accepts MG-01 XB-17 CU-06 (staging, control totals, dry run, commit, undo of households)
#[tokio::test]
async fn households_come_in_with_their_facts_and_go_out_without_a_trace() {
    let h = house().await;
    let staged = h.stage(Kind::Households, &homes(1, 30)).await.unwrap();
    let id = staged.batch.id;
    assert_eq!((staged.batch.state, staged.batch.error_count), (BatchState::Checked, 0));
    assert_eq!(h.one("select count(*) from directory.account").await, 0, "staged is not in");

    let mut tx = h.t.tx(&h.who).await;
    let run = dry_run(&mut tx, &h.t.app, id).await.unwrap();
    assert_eq!((run.lines, run.households), (30, 30));
    drop(tx);
    assert_eq!(h.one("select count(*) from directory.account").await, 0, "a dry run is forgotten");

    h.commit(id).await.unwrap();
    let seen = h.see(id).await;
    assert_eq!((seen.batch.state, seen.batch.done_count), (BatchState::Committed, 30));
    assert!(!seen.totals.is_empty());
    for total in &seen.totals {
        assert_eq!((total.file.lines, total.file.sum), (total.lines_in, total.sum_in), "{total:?}");
    }
    assert_eq!(h.one("select count(*) from directory.account_version").await, 30);
    assert_eq!(
        h.one("select sum(charged_area) * 100 from directory.premise_version").await,
        h.one("select sum(heated_area) * 100 from directory.premise").await
    );

    h.undo(id).await.unwrap();
    for table in ["account", "premise", "person", "phone", "account_version", "premise_version"] {
        let left = h.one(&format!("select count(*) from directory.{table}")).await;
        assert_eq!(left, 0, "{table}");
    }
    let trace = "select count(*) from directory.retraction where subject = 'account'";
    assert_eq!(h.one(trace).await, 30, "what stood here is remembered");
    let again = h.put(Kind::Households, &homes(1, 30)).await;
    assert_eq!(h.see(again).await.batch.done_count, 30);
}

/// accepts CU-06 MG-02 (every line is checked, faults stand beside the line)
#[tokio::test]
async fn every_wrong_line_says_what_is_wrong_and_nothing_goes_in() {
    let h = house().await;
    let good = homes(1, 2);
    let text = format!(
        "{good}{}{}{}",
        "A00001,王二,,,s1,阳光小区,1,1,1,01,80,78,居民,用热,2015-10-01\n",
        "A00008,王八,,12ab,s7,阳光小区,1,1,500,01,-4,78,宇宙,用热,2030-10-01\n",
        "A00009,王九,,,s9x,阳光小区,1,1,1,01,80,90,居民,用热,2015-10-01\n",
    );
    let staged = h.stage(Kind::Households, &text).await.unwrap();
    assert_eq!((staged.batch.row_count, staged.batch.error_count), (5, 3));
    let mut tx = h.t.tx(&h.who).await;
    let filter = LineFilter { wrong: true, ..LineFilter::default() };
    let lines = import_lines(&mut tx, staged.batch.id, filter.clone()).await.unwrap();
    let fields = |no: i32| -> Vec<&str> {
        let line = lines.iter().find(|l| l.no == no).expect("a wrong line");
        line.faults.iter().map(|f| f.field.as_str()).collect()
    };
    assert_eq!(fields(3), ["account_no"]);
    assert_eq!(fields(4), ["phone", "floor", "building_area", "user_class", "opened_on"]);
    assert_eq!(fields(5), ["heated_area"]);
    let sheet = export_lines(&mut tx, staged.batch.id, filter, false).await.unwrap();
    assert!(sheet.starts_with(b"PK") && sheet.len() > 2000);
    let refused = commit_import(&mut tx, staged.batch.id).await.unwrap_err();
    assert!(matches!(refused, Error::Rule { code: "imports.faults", .. }), "{refused}");
    assert_eq!(h.one("select count(*) from directory.account").await, 0);
}

#[tokio::test]
async fn a_mapping_is_remembered_for_files_of_that_shape() {
    let h = house().await;
    h.put(Kind::Households, &homes(1, 1)).await;
    h.season().await;
    let text = "甲,乙,丙,丁\nA00001,2025,100.00,2025-10-08\n";
    let staged = h.stage(Kind::Charges, text).await.unwrap();
    assert_eq!(staged.batch.state, BatchState::Staged);
    assert_eq!(staged.mapping_faults.len(), 4);
    let mapping = [("account_no", 0), ("season", 1), ("amount", 2), ("on", 3)];
    let mapping: Mapping = mapping.map(|(k, n)| (k.to_owned(), n)).into();
    let mut tx = h.t.tx(&h.who).await;
    let mapped = map_import(&mut tx, staged.batch.id, mapping).await.unwrap();
    assert_eq!((mapped.batch.state, mapped.batch.error_count), (BatchState::Checked, 0));
    tx.commit().await.unwrap();
    let next = h.stage(Kind::Charges, &text.replace("100.00", "7")).await.unwrap();
    assert_eq!(next.batch.state, BatchState::Checked);
}

/// accepts MG-01 MG-03 XB-17 (old charges and payments: balanced, once, to the fen, undone)
#[tokio::test]
async fn old_money_comes_in_once_and_can_be_taken_back() {
    let h = house().await;
    h.put(Kind::Households, &homes(1, 20)).await;
    h.season().await;
    let charge = |n: usize| format!("A{n:05},2025,采暖费,{}.{:02},2025-10-08\n", 1900 + n, n);
    let head = "户号,采暖季,费用项目,应收金额,应收日期\n";
    let charges = head.to_owned() + &(1..=20).map(charge).collect::<String>();
    let id = h.put(Kind::Charges, &charges).await;
    let owed = "select sum(amount_fen) from ledger.entry where ledger = 'receivable'";
    let wanted: i64 = (1..=20).map(|n| (1900 + n) * 100 + n).sum();
    assert_eq!(h.one(owed).await, wanted);
    let seen = h.see(id).await;
    assert!(seen.totals.iter().all(|t| t.file.sum == t.sum_in), "{:?}", seen.totals);

    let again = h.stage(Kind::Charges, &charges).await.unwrap();
    let twice = h.commit(again.batch.id).await.unwrap_err();
    assert!(matches!(twice, Error::Rule { code: "imports.twice", .. }), "{twice}");

    let pay = "户号,采暖季,实收金额,缴费日期,缴费渠道\nA00001,2025,1901.01,2025-11-01,微信\n\
               A00002,2025,2.50,2025-11-01,现金\n";
    let paid = h.put(Kind::Payments, pay).await;
    assert_eq!(h.one(owed).await, wanted - 190_351);
    assert_eq!(h.one("select sum(amount_fen) from ledger.entry where ledger = 'cash'").await, 250);
    let seen = h.see(paid).await;
    assert!(seen.totals.iter().all(|t| t.file.sum == t.sum_in), "{:?}", seen.totals);

    h.undo(paid).await.unwrap();
    assert_eq!(h.one(owed).await, wanted);
    h.undo(id).await.unwrap();
    assert_eq!(h.one(owed).await, 0);
    let trial = "select sum(abs(t)) from (select sum(amount_fen) as t from ledger.entry
                 group by posting_id) p";
    assert_eq!(h.one(trial).await, 0);
    h.put(Kind::Charges, &charges).await;
    assert_eq!(h.one(owed).await, wanted, "after an undo the same file may come again");
}

/// accepts XB-17 (killed in the middle, a commit goes on where it was)
#[tokio::test]
async fn a_commit_that_was_killed_goes_on_and_nothing_goes_in_twice() {
    let h = house().await;
    let staged = h.stage(Kind::Households, &homes(1, 1200)).await.unwrap();
    let id = staged.batch.id;
    let mut tx = h.t.tx(&h.who).await;
    commit_import(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    // The server dies at some instant within the second step: its connection goes away.
    let app = h.t.app.clone();
    let working = tokio::spawn(async move { go_on(&app, id).await });
    while h.one("select done_count from imports.batch").await < 500 && !working.is_finished() {
        tokio::task::yield_now().await;
    }
    working.abort();
    let _ = working.await;
    let (a, b) = tokio::join!(go_on(&h.t.app, id), go_on(&h.t.app, id));
    a.and(b).unwrap();
    let seen = h.see(id).await;
    assert_eq!((seen.batch.state, seen.batch.done_count), (BatchState::Committed, 1200));
    assert_eq!(h.one("select count(*) from directory.account").await, 1200);
}

#[tokio::test]
async fn who_may_look_may_not_let_in_and_other_companies_files_are_unseen() {
    let h = house().await;
    let staged = h.stage(Kind::Households, &homes(1, 1)).await.unwrap();
    let id = staged.batch.id;
    let looker = actor(nobody(), &[VIEW, STAGE], "/hq/");
    let refused = commit_import(&mut h.t.tx(&looker).await, id).await.unwrap_err();
    assert!(matches!(refused, Error::Forbidden(_)), "{refused}");
    let other = actor(nobody(), ALL, "/hq/west/");
    let unseen = import(&mut h.t.tx(&other).await, id).await.unwrap_err();
    assert!(matches!(unseen, Error::NotFound(_)), "{unseen}");
}
