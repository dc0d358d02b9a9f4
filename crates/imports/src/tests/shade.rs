//! A season charged again in the shade.

use super::house::{homes, house};
use crate::permissions::VIEW;
use crate::service::go_on_shading;
use crate::*;
use kernel::{Actor, Error};
use testing::{actor, nobody};

/// accepts MG-03 XB-17 (shadow billing of the last season over everybody, differences by branch,
/// class and reason down to the household, a signed certificate that nobody can change)
#[tokio::test]
async fn the_last_season_is_charged_again_in_the_shade() {
    let h = house().await;
    h.put(Kind::Households, &homes(1, 5)).await;
    let season = h.season().await;
    let mut tx = h.t.app.begin(Actor::system("test")).await.unwrap();
    billing::publish_demonstration(&mut tx).await.unwrap();
    let (_, pack) = billing::pack_for(&mut tx, season, "/hq/").await.unwrap();
    tx.commit().await.unwrap();
    let nothing = begin_shadow(&mut h.t.tx(&h.who).await, season).await.unwrap_err();
    assert!(matches!(nothing, Error::Rule { code: "imports.nothing_to_compare", .. }));
    let price = pack.season_price(tariff::UserClass::Resident, false).unwrap().1.micro();
    // Buildings of 81.50 to 84.50 square metres: exact, 37 fen off, a wider area, and nonsense;
    // the fifth was not charged.
    let fee = |hundredths: i64| hundredths * price / 1_000_000;
    let old = [fee(8150), fee(8250) + 37, fee(9000), 12_345];
    let mut text = "户号,采暖季,应收金额,应收日期\n".to_owned();
    for (n, fen) in (1..).zip(old) {
        text += &format!("A{n:05},2025,{}.{:02},2025-10-08\n", fen / 100, fen % 100);
    }
    h.put(Kind::Charges, &text).await;

    let mut tx = h.t.tx(&h.who).await;
    let run = begin_shadow(&mut tx, season).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((run.basis.as_str(), run.households, run.finished), ("import", 5, false));
    let mut tx = h.t.tx(&h.who).await;
    let early = certify(&mut tx, &h.signer, run.id).await.unwrap_err();
    assert!(matches!(early, Error::Rule { code: "imports.still_running", .. }), "{early}");
    drop(tx);
    // Two workers at once: every household is counted once.
    let (a, b) = tokio::join!(go_on_shading(&h.t.app, run.id), go_on_shading(&h.t.app, run.id));
    a.and(b).unwrap();

    let mut tx = h.t.tx(&h.who).await;
    let found = shadow_found(&mut tx, run.id).await.unwrap();
    assert!(found.run.finished && found.run.done == 5);
    let made = certify(&mut tx, &h.signer, run.id).await.unwrap();
    let many: Vec<_> = made.body.causes.iter().map(|c| (c.cause, c.households)).collect();
    let one = [Cause::Equal, Cause::Rounding, Cause::Area, Cause::Uncharged, Cause::Other];
    assert_eq!(many, one.map(|c| (c, 1)), "{:?}", made.body.causes);
    assert_eq!(made.body.old_fen, old.iter().sum::<i64>());
    let rows = shadow_rows(&mut tx, run.id, ShadowFilter::default()).await.unwrap();
    assert_eq!(rows.len(), 4, "who is equal is not listed");
    let wider = ShadowFilter { cause: Some(Cause::Area), ..ShadowFilter::default() };
    let rows = shadow_rows(&mut tx, run.id, wider.clone()).await.unwrap();
    assert_eq!((rows[0].account_no.as_str(), rows[0].old_fen), ("A00003", fee(9000)));
    let sheet = export_shadow(&mut tx, run.id, wider, false).await.unwrap();
    assert!(sheet.starts_with(b"PK"));
    tx.commit().await.unwrap();

    let mut tx = h.t.tx(&h.who).await;
    let kept = certificate(&mut tx, &h.signer, made.body.id).await.unwrap();
    assert!(kept.valid && kept.ours);
    assert_eq!(kept.file.prove(Some(&h.signer.public_key())).unwrap(), made.body);
    let stranger = ledger::Signer::new(&[1; 32]);
    assert!(!certificate(&mut tx, &stranger, made.body.id).await.unwrap().ours);
    drop(tx);
    let forge = "update imports.certificate set body = replace(body, '1', '2')";
    sqlx::query(forge).execute(&h.t.owner).await.unwrap_err();
    let west = actor(nobody(), &[VIEW], "/hq/west/");
    let mut tx = h.t.tx(&west).await;
    assert!(shadows(&mut tx).await.unwrap().is_empty());
    assert!(certificates(&mut tx, &h.signer).await.unwrap().is_empty());
}
