//! Lists that leave the house.

use crate::{ListCell, ListSheet, permissions, service};
use calamine::{Data, Reader as _, Xlsx};
use std::io::Cursor;
use testing::{TestApp, actor};

fn list(rows: Vec<Vec<ListCell>>) -> ListSheet {
    ListSheet {
        title: "欠费/用户:2026*".to_owned(),
        page: "/fees/collect?years=1".to_owned(),
        columns: vec!["户名".to_owned(), "户数".to_owned(), "欠费".to_owned()],
        rows,
        printed: false,
    }
}

fn row(name: &str) -> Vec<ListCell> {
    vec![ListCell::Text(name.to_owned()), ListCell::Count(3), ListCell::Fen { fen: 12_345 }]
}

/// accepts PY-06: any list of the desk leaves as a spreadsheet whose amounts are numbers and whose
/// words are words, whatever stands in them; who took what stays in history, and the whole stock
/// does not leave.
#[tokio::test]
async fn a_list_leaves_as_a_spreadsheet_and_leaves_a_trace() {
    let t = TestApp::new().await;
    let orgs = t.orgs().await;
    let head = actor(t.staff("head", orgs.s1).await, &[permissions::EXPORT], "/hq/east/");
    let mut tx = t.tx(&head).await;
    let hostile = "=cmd|' /C calc'!A0";
    let sheet = service::list_sheet(&mut tx, list(vec![row("王五"), row(hostile)])).await.unwrap();
    let bytes = sheet.write(false).unwrap();
    tx.commit().await.unwrap();
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let (name, range) = book.worksheets().remove(0);
    assert_eq!(name, "欠费 用户 2026 ");
    assert_eq!(range.get_value((0, 2)), Some(&Data::String("欠费".to_owned())));
    assert_eq!(range.get_value((1, 2)), Some(&Data::Float(123.45)));
    assert_eq!(range.get_value((2, 0)), Some(&Data::String(hostile.to_owned())), "no formula");

    let sql = "select payload from kernel.event where kind = 'insight.list_taken'";
    let told: serde_json::Value = sqlx::query_scalar(sql).fetch_one(&t.app.pool).await.unwrap();
    assert_eq!((&told["rows"], &told["page"]), (&2.into(), &"/fees/collect?years=1".into()));

    let mut tx = t.tx(&head).await;
    let many = service::list_sheet(&mut tx, list(vec![row("x"); 5_001])).await;
    assert_eq!(many.err().unwrap().problem().code, "invalid");
    let stranger = actor(t.staff("stranger", orgs.s1).await, &[], "/hq/east/");
    let mut tx = t.tx(&stranger).await;
    let refused = service::list_sheet(&mut tx, list(vec![])).await;
    assert_eq!(refused.err().unwrap().problem().code, "forbidden");
}
