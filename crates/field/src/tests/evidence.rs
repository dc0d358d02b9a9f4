//! What is handed in.

use super::*;

/// accepts MO-04 MO-07 MO-08: finishing names what lacks
#[tokio::test]
async fn finishing_is_refused_until_all_is_there() {
    let h = House::new().await;
    let who = h.t.staff("li", h.orgs.s1).await;
    let id = h.order_for(who).await;
    h.arrive(id, who, h.at_the_door()).await.unwrap();
    let refused = h.finish(id, who, None).await.unwrap_err().problem();
    assert_eq!(refused.code, "field.evidence_missing");
    for word in ["维修前照片", "维修后照片", "室温", "客户签字", "故障原因"] {
        assert!(refused.title.contains(word), "{}", refused.title);
    }
    h.hand_in_all(id, who).await;
    let refused = h.finish(id, who, Some(" ")).await.unwrap_err().problem();
    assert_eq!(refused.title_en, "Before finishing, hand in: cause");
    assert_eq!(code(h.finish(id, who, Some("no_such_cause")).await), "invalid");
    assert_eq!(h.told("order.finished").await, 0, "nothing half done");
    h.finish(id, who, Some("air_lock")).await.unwrap();
}

/// accepts MO-04: the same picture sent twice is there once
#[tokio::test]
async fn evidence_sent_twice_is_kept_once() {
    let h = House::new().await;
    let who = h.t.staff("li", h.orgs.s1).await;
    let id = h.order_for(who).await;
    h.accept(id, who, h.t.now()).await.unwrap();
    let piece = h.piece(who, EvidenceKind::PhotoBefore, "image/jpeg").await;
    let (a, b, c) = tokio::join!(
        h.hand_in(id, who, piece.clone()),
        h.hand_in(id, who, piece.clone()),
        h.hand_in(id, who, piece.clone()),
    );
    for sent in [a, b, c] {
        sent.unwrap();
    }
    assert_eq!(h.told("field.evidence_added").await, 1);
    let other = NewEvidence { kind: EvidenceKind::PhotoAfter, ..piece };
    assert_eq!(code(h.hand_in(id, who, other).await), "field.id_taken");
}

/// The lesson "photos lost on sync": a picture that comes late still finds its visit.
#[tokio::test]
async fn a_picture_that_comes_late_belongs_to_its_visit() {
    let h = House::new().await;
    let (li, wu) = (h.t.staff("li", h.orgs.s1).await, h.t.staff("wu", h.orgs.s1).await);
    let id = h.order_for(li).await;
    let early = h.piece(li, EvidenceKind::PhotoBefore, "image/png").await;
    h.hand_in(id, li, early).await.unwrap();
    h.give(id, wu, "换人").await;
    h.accept(id, wu, h.t.now()).await.unwrap();
    let late = h.piece(li, EvidenceKind::PhotoBefore, "image/png").await;
    let late = NewEvidence { taken_at: h.t.now() + TimeDelta::days(1), ..late };
    h.hand_in(id, li, late).await.unwrap();
    let mut tx = h.t.tx(&desk()).await;
    let visits = crate::visits(&mut tx, id).await.unwrap();
    let of = |who| visits.iter().find(|v| v.staff_id == who).unwrap();
    assert_eq!((of(li).evidence.len(), of(wu).evidence.len()), (2, 0));
    assert!(of(li).evidence.iter().all(|e| e.taken_at <= h.t.now()));
}

/// Somebody else's file, a recording as a photo, a fever of a thousand degrees.
#[tokio::test]
async fn what_cannot_be_is_refused() {
    let h = House::new().await;
    let (li, wu) = (h.t.staff("li", h.orgs.s1).await, h.t.staff("wu", h.orgs.s1).await);
    let id = h.order_for(li).await;
    h.accept(id, li, h.t.now()).await.unwrap();
    let foreign = h.piece(wu, EvidenceKind::PhotoBefore, "image/jpeg").await;
    assert_eq!(code(h.hand_in(id, li, foreign).await), "not_found");
    let sound = h.piece(li, EvidenceKind::PhotoBefore, "audio/ogg").await;
    assert_eq!(code(h.hand_in(id, li, sound).await), "field.wrong_file");
    let missing = NewEvidence {
        file_id: Uuid::nil().into(),
        ..h.piece(li, EvidenceKind::PhotoBefore, "image/jpeg").await
    };
    assert_eq!(code(h.hand_in(id, li, missing).await), "not_found");
    let absurd = NewEvidence {
        point: Some(Point { lng: 0.0, lat: 0.0 }),
        ..h.piece(li, EvidenceKind::Audio, "audio/ogg").await
    };
    assert_eq!(code(h.hand_in(id, li, absurd).await), "invalid");
    for decidegrees in [i32::MIN, -301, 451, 10_000, i32::MAX] {
        assert_eq!(code(h.measure(id, li, decidegrees).await), "invalid", "{decidegrees}");
    }
    h.measure(id, li, -300).await.unwrap();
}

/// accepts MO-05 MO-06: sound and film belong to the visit as pictures do, each as what it is
#[tokio::test]
async fn sound_and_film_are_evidence_of_the_visit() {
    let h = House::new().await;
    let li = h.t.staff("li", h.orgs.s1).await;
    let id = h.order_for(li).await;
    h.accept(id, li, h.t.now()).await.unwrap();
    let kinds = [(EvidenceKind::Audio, "audio/webm"), (EvidenceKind::Video, "video/webm")];
    for (kind, media) in kinds {
        let piece = h.piece(li, kind, media).await;
        h.hand_in(id, li, piece).await.unwrap();
    }
    for (kind, media) in [(EvidenceKind::Audio, "video/webm"), (EvidenceKind::Video, "audio/webm")]
    {
        let wrong = h.piece(li, kind, media).await;
        assert_eq!(code(h.hand_in(id, li, wrong).await), "field.wrong_file");
    }
    let mut tx = h.t.tx(&desk()).await;
    let visits = crate::visits(&mut tx, id).await.unwrap();
    let mut kept: Vec<_> = visits[0].evidence.iter().map(|e| e.kind).collect();
    kept.sort_by_key(|kind| *kind == EvidenceKind::Video);
    assert_eq!(kept, kinds.map(|(kind, _)| kind));
}

#[tokio::test]
async fn nobody_hands_in_without_end() {
    let h = House::new().await;
    let who = h.t.staff("li", h.orgs.s1).await;
    let id = h.order_for(who).await;
    for _ in 0..60 {
        h.measure(id, who, 200).await.unwrap();
    }
    assert_eq!(code(h.measure(id, who, 200).await), "field.too_much");
}
