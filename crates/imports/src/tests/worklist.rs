//! Problem lines in business's hands; totals that the old system states.

use super::house::{HEAD, homes, house};
use crate::*;
use kernel::Error;

fn wrong() -> LineFilter {
    LineFilter { wrong: true, ..LineFilter::default() }
}

/// accepts MG-02 XB-17 (problem data are handed to business: assigned, put right in place, left out
/// with a reason, checked again, exported)
#[tokio::test]
async fn wrong_lines_are_given_out_put_right_in_place_or_left_out() {
    let h = house().await;
    let someone = h.t.staff("li", testing_org(&h).await).await;
    let text = homes(1, 2)
        + "A00008,王八,,,s1,阳光小区,1,1,5,01,80,78,宇宙,用热,2015-10-01\n"
        + "A00009,王九,,,s7,阳光小区,1,1,1,01,80,70,居民,用热,2015-10-01\n";
    let staged = h.stage(Kind::Households, &text).await.unwrap();
    let id = staged.batch.id;
    assert_eq!(staged.batch.error_count, 2);
    let counted: Vec<_> = staged.faults.iter().map(|f| (f.field.as_str(), f.lines)).collect();
    assert_eq!(counted, [("station", 1), ("user_class", 1)]);

    let mut tx = h.t.tx(&h.who).await;
    let whose = Assignment { field: Some("station".into()), nos: vec![], to: Some(someone) };
    assert_eq!(assign_lines(&mut tx, id, whose).await.unwrap(), 1);
    let mine = LineFilter { assignee: Some(someone), ..LineFilter::default() };
    let lines = import_lines(&mut tx, id, mine).await.unwrap();
    assert_eq!((lines.len(), lines[0].no), (1, 4));

    let before = import_lines(&mut tx, id, wrong()).await.unwrap();
    let mut cells = before[0].cells.clone();
    cells[12] = "居民".into();
    let right = LineDecision::Correct { cells };
    let seen = decide_line(&mut tx, id, 3, right).await.unwrap();
    assert_eq!((seen.batch.state, seen.batch.error_count), (BatchState::Staged, 1));
    let early = commit_import(&mut tx, id).await.unwrap_err();
    assert!(matches!(early, Error::Rule { code: "imports.not_now", .. }), "{early}");
    let silent = LineDecision::LeaveOut { note: "  ".into() };
    assert!(decide_line(&mut tx, id, 4, silent).await.is_err(), "a reason is asked for");
    let out = LineDecision::LeaveOut { note: "该站已移交".into() };
    let seen = decide_line(&mut tx, id, 4, out).await.unwrap();
    assert_eq!((seen.batch.error_count, seen.batch.left_count), (0, 1));
    let checked = check_import(&mut tx, id).await.unwrap();
    assert_eq!((checked.batch.state, checked.batch.error_count), (BatchState::Checked, 0));
    let decided = LineFilter { decided: true, ..LineFilter::default() };
    let lines = import_lines(&mut tx, id, decided).await.unwrap();
    assert_eq!(
        lines.iter().map(|l| (l.no, l.left_out)).collect::<Vec<_>>(),
        [(3, false), (4, true)]
    );
    assert_eq!(lines[0].original.as_ref().unwrap()[12], "宇宙", "what the file had is kept");
    assert!(lines[0].decided_by.is_some() && lines[1].note.as_deref() == Some("该站已移交"));
    let sheet = export_lines(&mut tx, id, wrong(), true).await.unwrap();
    assert!(sheet.starts_with(b"PK"));
    tx.commit().await.unwrap();

    h.commit(id).await.unwrap();
    let seen = h.see(id).await.batch;
    assert_eq!((seen.state, seen.done_count, seen.row_count), (BatchState::Committed, 3, 4));
    assert_eq!(h.one("select count(*) from directory.account").await, 3);
    let late = LineDecision::TakeBack;
    let late = decide_line(&mut h.t.tx(&h.who).await, id, 4, late).await.unwrap_err();
    assert!(matches!(late, Error::Rule { code: "imports.not_now", .. }), "{late}");
}

async fn testing_org(h: &super::house::House) -> kernel::OrgId {
    let id: uuid::Uuid = sqlx::query_scalar("select id from identity.org where code = 's1'")
        .fetch_one(&h.t.owner)
        .await
        .unwrap();
    id.into()
}

/// accepts XB-17 MG-01 (control totals by year, item and branch, and by state, against what the old
/// system states)
#[tokio::test]
async fn what_the_old_system_states_stands_beside_the_file_and_the_house() {
    let h = house().await;
    let staged = h.stage(Kind::Households, &homes(1, 3)).await.unwrap();
    let id = staged.batch.id;
    let mut tx = h.t.tx(&h.who).await;
    let text = "s1\t用热\t3\t247.50\r\n\r\ns2,停热,1,80.00\n";
    let seen = state_totals(&mut tx, id, text).await.unwrap();
    let row = |path: &str| seen.totals.iter().find(|t| t.file.org_path == path).unwrap();
    let s1 = row("/hq/east/s1/");
    assert_eq!((s1.file.sum, s1.sum_stated, s1.lines_stated), (24_750, Some(24_750), Some(3)));
    let s2 = row("/hq/east/s2/");
    assert_eq!((s2.file.lines, s2.lines_stated, s2.sum_stated), (0, Some(1), Some(8_000)));
    let bad = state_totals(&mut tx, id, "s1,用热,3,247.50\ns1,飞行,1,1").await.unwrap_err();
    match bad {
        Error::Rule { code: "imports.no_totals", zh, .. } => assert!(zh.contains("第 2 行")),
        other => panic!("{other}"),
    }
    tx.commit().await.unwrap();
    h.commit(id).await.unwrap();
    h.season().await;
    let charge = "户号,采暖季,应收金额,应收日期\nA00002,2025,10.50,2025-10-08\n";
    let staged = h.stage(Kind::Charges, charge).await.unwrap();
    let mut tx = h.t.tx(&h.who).await;
    let text = "2025,s1,采暖费,1,10.51";
    let seen = state_totals(&mut tx, staged.batch.id, text).await.unwrap();
    assert_eq!((seen.totals[0].file.sum, seen.totals[0].sum_stated), (1050, Some(1051)));
}

/// accepts CU-06 XB-17 (what a spreadsheet may do to a list does not get into the house)
#[tokio::test]
async fn formulas_lost_digits_and_days_as_numbers_are_seen() {
    let h = house().await;
    let line = |no: &str, name: &str, id: &str, day: &str| {
        format!("{no},{name},{id},,s1,阳光小区,1,1,1,01,80,78,居民,用热,{day}\n")
    };
    let text = HEAD.to_owned()
        + &line("A1", "=HYPERLINK(\"x\")", "", "2015-10-01").replace("\"x\"", "1")
        + &line("A2", "王二", "≈140299197001010100", "2015-10-01")
        + &line("A3", "王三", "", "42278")
        + &line("A4", "王四", "", "99999");
    let staged = h.stage(Kind::Households, &text).await.unwrap();
    let mut tx = h.t.tx(&h.who).await;
    let lines = import_lines(&mut tx, staged.batch.id, wrong()).await.unwrap();
    let fields: Vec<_> = lines.iter().map(|l| (l.no, l.faults[0].field.as_str())).collect();
    assert_eq!(fields, [(1, "name"), (2, "id_number"), (4, "opened_on")]);
}
