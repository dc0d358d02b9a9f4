use crate::{FileRule, Files, sniff};
use bytes::Bytes;
use kernel::Rule as _;
use testing::{TestApp, actor, nobody};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and then some";

fn folder() -> std::path::PathBuf {
    std::env::temp_dir().join(format!("hearthline-files-{}", uuid::Uuid::new_v4()))
}

/// accepts MO-04
#[tokio::test]
async fn a_picture_comes_back_as_it_was_sent_and_is_stored_once() {
    let t = TestApp::new().await;
    let (dir, someone) = (folder(), actor(nobody(), &[], "/"));
    let files = Files::local(&dir).unwrap();
    let mut tx = t.tx(&someone).await;
    let a = files.put(&mut tx, Bytes::from_static(PNG), "a.png", "photo_before").await.unwrap();
    let b =
        files.put(&mut tx, Bytes::from_static(PNG), "../../b.png", "photo_after").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((a.media_type.as_str(), a.sha256.len(), a.size), ("image/png", 64, 22));
    assert_eq!((&a.sha256, b.name.as_str()), (&b.sha256, "....b.png"));
    assert_ne!(a.id, b.id);
    assert_eq!(files.read(&a, None).await.unwrap(), PNG);
    assert_eq!(files.read(&a, Some((1, 3))).await.unwrap(), &PNG[1..=3]);
    let _ = std::fs::remove_dir_all(dir);
}

#[tokio::test]
async fn what_is_no_media_is_refused_and_leaves_no_row() {
    let t = TestApp::new().await;
    let (dir, someone) = (folder(), actor(nobody(), &[], "/"));
    let files = Files::local(&dir).unwrap();
    let cases = [("<svg onload=alert(1)>", FileRule::UnknownMedia), ("", FileRule::Empty)];
    for (bytes, rule) in cases {
        let mut tx = t.tx(&someone).await;
        let refused = files.put(&mut tx, Bytes::from(bytes), "x", "photo").await.unwrap_err();
        assert_eq!(refused.problem().code, rule.code());
    }
    let rows: i64 =
        sqlx::query_scalar("select count(*) from files.file").fetch_one(&t.app.pool).await.unwrap();
    assert_eq!(rows, 0);
    let _ = std::fs::remove_dir_all(dir);
}

#[test]
fn media_are_told_by_their_first_bytes() {
    assert_eq!(sniff(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
    assert_eq!(sniff(b"RIFF\0\0\0\0WAVEfmt "), Some("audio/wav"));
    assert_eq!(sniff(b"\0\0\0\x18ftypmp42"), Some("video/mp4"));
    // A phone's recorder puts sound and film into the same containers.
    assert_eq!(sniff(b"\x1a\x45\xdf\xa3..\x86\x86A_OPUS"), Some("audio/webm"));
    assert_eq!(sniff(b"\x1a\x45\xdf\xa3..\x86\x85V_VP8..\x86\x86A_OPUS"), Some("video/webm"));
    assert_eq!(sniff(b"\0\0\0\x18ftypisom..hdlr....soun"), Some("audio/mp4"));
    assert_eq!(sniff(b"\0\0\0\x18ftypisom..hdlr....soun..hdlr....vide"), Some("video/mp4"));
    for other in [&b""[..], b"GIF", b"<!doctype html>", b"MZ"] {
        assert_eq!(sniff(other), None);
    }
}
