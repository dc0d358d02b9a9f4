//! Large files, and what an evil sender does.

use super::house::{homes, house};
use crate::service::{bring_in, check_behind};
use crate::*;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::{Extension, middleware};
use bytes::Bytes;
use futures_util::StreamExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tower::ServiceExt as _;

/// accepts MG-01 XB-17 (a large file is read by steps; killed, it goes on with the next line)
#[tokio::test]
async fn a_large_file_that_was_killed_while_it_was_read_goes_on() {
    let h = house().await;
    let text = homes(1, 12_000);
    let sent = h.send(Kind::Households, &text).await.unwrap();
    let id = sent.batch.id;
    assert_eq!((sent.batch.state, sent.batch.row_count), (BatchState::Reading, 0));
    // The server dies after the first step: its connection goes away.
    let (app, files) = (h.t.app.clone(), h.files.clone());
    let working = tokio::spawn(async move { bring_in(&app, &files, id).await });
    while h.one("select row_count from imports.batch").await == 0 && !working.is_finished() {
        tokio::task::yield_now().await;
    }
    working.abort();
    let _ = working.await;
    bring_in(&h.t.app, &h.files, id).await.unwrap();
    check_behind(&h.t.app, id).await.unwrap();
    let seen = h.see(id).await;
    assert_eq!((seen.batch.state, seen.batch.row_count), (BatchState::Checked, 12_000));
    assert_eq!(seen.batch.error_count, 0);
    assert_eq!(h.one("select count(distinct cells[1]) from imports.line").await, 12_000);
    assert_eq!(h.one("select max(no) from imports.line").await, 12_000);
    // The file itself can be had again, to the byte.
    let mut tx = h.t.tx(&h.who).await;
    let file = import_file(&mut tx, id).await.unwrap();
    let mut bytes = h.files.stream(&file).await.unwrap();
    let mut all = Vec::new();
    while let Some(piece) = bytes.next().await {
        all.extend_from_slice(&piece.unwrap());
    }
    assert_eq!(all, text.as_bytes());
}

/// accepts XB-17 (a large file that turns out to be broken is refused, and says so)
#[tokio::test]
async fn a_large_file_that_breaks_in_the_middle_is_refused() {
    let h = house().await;
    let wide = "x,".repeat(200);
    let text = homes(1, 1200) + &wide + "\n";
    let sent = h.send(Kind::Households, &text).await.unwrap();
    bring_in(&h.t.app, &h.files, sent.batch.id).await.unwrap();
    let seen = h.see(sent.batch.id).await.batch;
    assert_eq!(seen.state, BatchState::Refused);
    assert_eq!(seen.refusal.as_deref(), Some("imports.too_much"));
}

/// accepts CU-06 XB-17 (a gigabyte is refused while it comes, not after)
#[tokio::test]
async fn an_endless_upload_is_refused_in_the_middle() {
    let h = house().await;
    let signer = Arc::new(ledger::Signer::new(&[3; 32]));
    let (router, _) = crate::router(h.files.clone(), signer).split_for_parts();
    let app = h.t.app.clone();
    let idempotent = middleware::from_fn_with_state(app.clone(), kernel::command::idempotent);
    let router = router.layer(idempotent).with_state(app).layer(Extension(h.who.clone()));
    let head = "--x\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\nhouseholds\r\n\
                --x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n";
    let sent = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&sent);
    let row = Bytes::from("户号,姓名\n".repeat(4096));
    let endless = futures_util::stream::repeat(row).map(move |row| {
        counting.fetch_add(row.len(), Ordering::Relaxed);
        Ok::<_, std::io::Error>(row)
    });
    let first = futures_util::stream::iter([Ok(Bytes::from(head))]);
    let request = Request::builder()
        .method("POST")
        .uri("/api/imports")
        .header(kernel::command::HEADER, uuid::Uuid::new_v4().to_string())
        .header("content-type", "multipart/form-data; boundary=x")
        .body(Body::from_stream(first.chain(endless)))
        .unwrap();
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let taken = sent.load(Ordering::Relaxed);
    assert!(taken < 8 * 1024 * 1024, "{taken} bytes were taken");
    assert_eq!(h.one("select count(*) from imports.batch").await, 0);
    assert_eq!(h.one("select count(*) from files.file").await, 0);
}
