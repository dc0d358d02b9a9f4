//! Rule packs on a real database: two persons, sound parameters, the right version for a season.

use crate::permissions::{PACK_APPROVE, PACK_EDIT, VIEW};
use crate::tests::ground::Ground;
use crate::{
    NewPack, PackDetail, PackEdit, PackReturn, PackState, PackTrial, approve_pack, create_pack,
    edit_pack, pack, pack_for, packs, publish_pack, return_pack, submit_pack, try_pack,
};
use kernel::{Actor, Error, PackVersionId, Tx, UserId};
use tariff::{Decimal, Pack};

struct House {
    g: Ground,
    author: Actor,
    second: Actor,
}

impl House {
    async fn new() -> Self {
        let g = Ground::new().await;
        let keys = &[VIEW, PACK_EDIT, PACK_APPROVE];
        let person = |path: &str| testing::actor(testing::nobody(), keys, path);
        let (author, second) = (person("/hq/"), person("/hq/"));
        assert_ne!(author.user, second.user);
        Self { g, author, second }
    }

    async fn tx(&self, who: &Actor) -> Tx {
        self.g.t.tx(who).await
    }

    async fn draft(&self, first_season: i32) -> PackDetail {
        let mut tx = self.tx(&self.author).await;
        let new = NewPack {
            copy_of: None,
            code: Some("test".to_owned()),
            org_id: None,
            first_season,
            note: String::new(),
        };
        let detail = create_pack(&mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        detail
    }

    async fn edit(&self, of: &PackDetail, change: impl FnOnce(&mut Pack)) -> PackDetail {
        let mut rules = of.pack.clone();
        change(&mut rules);
        let edit = PackEdit {
            revision: of.version.revision,
            pack: rules,
            first_season: of.version.first_season,
            note: "edited".to_owned(),
        };
        let mut tx = self.tx(&self.author).await;
        let detail = edit_pack(&mut tx, of.version.id, edit).await.unwrap();
        tx.commit().await.unwrap();
        detail
    }

    /// Through every step to being in force.
    async fn publish(&self, id: PackVersionId) {
        let mut tx = self.tx(&self.author).await;
        submit_pack(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = self.tx(&self.second).await;
        approve_pack(&mut tx, id).await.unwrap();
        publish_pack(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().problem().code
}

/// accepts XB-03: a second person approves; who wrote it cannot
#[tokio::test]
async fn who_wrote_a_version_cannot_approve_it() {
    let house = House::new().await;
    let id = house.draft(2026).await.version.id;
    let mut tx = house.tx(&house.author).await;
    let submitted = submit_pack(&mut tx, id).await.unwrap();
    assert_eq!(
        submitted.actions,
        ["return", "preview", "copy"],
        "he may take it back, not approve it"
    );
    assert_eq!(code(approve_pack(&mut tx, id).await), "billing.pack_second_person");
    tx.commit().await.unwrap();
    let mut tx = house.tx(&house.second).await;
    assert_eq!(code(publish_pack(&mut tx, id).await), "billing.pack_step", "not approved yet");
    let approved = approve_pack(&mut tx, id).await.unwrap();
    assert_eq!(approved.version.state, PackState::Approved);
    let published = publish_pack(&mut tx, id).await.unwrap();
    assert_eq!(published.version.state, PackState::Published);
    tx.commit().await.unwrap();
    // the database refuses it as well, whatever program writes
    let late =
        sqlx::query("update billing.rule_pack_version set approver_id = author_id where id = $1")
            .bind(*id)
            .execute(&house.g.t.app.pool)
            .await;
    let refused = late.unwrap_err().to_string();
    assert!(refused.contains("rule_pack_version_second_person"), "{refused}");
}

/// accepts XB-03: 5 % a day where 5 ‰ was meant is not handed in
#[tokio::test]
async fn an_absurd_late_fee_is_not_handed_in() {
    let house = House::new().await;
    let draft = house.draft(2026).await;
    let absurd =
        house.edit(&draft, |p| p.late.daily_rate.value = "0.05".parse::<Decimal>().unwrap()).await;
    assert!(!absurd.report.sound && !absurd.actions.contains(&"submit"));
    let finding = &absurd.report.findings[0];
    assert_eq!((finding.code, finding.path.as_str()), ("late_rate_absurd", "late.daily_rate"));
    let mut tx = house.tx(&house.author).await;
    assert_eq!(code(submit_pack(&mut tx, draft.version.id).await), "billing.pack_unsound");
}

/// accepts XB-03: executable examples run before a version can be published
#[tokio::test]
async fn a_version_whose_example_does_not_come_out_is_not_handed_in() {
    let house = House::new().await;
    let draft = house.draft(2026).await;
    let dearer = house.edit(&draft, |p| p.prices.tariffs[0].value.price = Decimal::whole(23)).await;
    assert!(dearer.report.findings.is_empty() && !dearer.report.sound);
    let failed = dearer.report.examples.iter().filter(|e| !e.passed).count();
    assert!(failed > 3 && failed < dearer.report.examples.len(), "{failed}");
    let mut tx = house.tx(&house.author).await;
    assert_eq!(code(submit_pack(&mut tx, draft.version.id).await), "billing.pack_example_fails");
}

/// accepts XB-03: effective dates; the nearest organisation's version counts
#[tokio::test]
async fn each_season_and_organisation_has_its_own_version() {
    let house = House::new().await;
    let old = house.draft(2020).await.version.id;
    house.publish(old).await;
    let new = house.draft(2027).await.version.id;
    house.publish(new).await;
    let mut tx = house.g.system().await;
    let season = house.g.season;
    let (found, rules) = pack_for(&mut tx, season, "/hq/east/s1/").await.unwrap();
    assert_eq!((found, rules.code.as_str()), (old, "test"), "2026 is before 2027");
    drop(tx);
    // the same seasons again: the earlier version is superseded, and kept
    let better = house.draft(2020).await;
    house.publish(better.version.id).await;
    let mut tx = house.g.system().await;
    let found = pack_for(&mut tx, season, "/hq/west/").await.unwrap().0;
    assert_eq!(found, better.version.id);
    let states: Vec<_> =
        packs(&mut tx).await.unwrap().into_iter().map(|v| (v.version, v.state)).collect();
    assert!(states.contains(&(1, PackState::Superseded)), "{states:?}");
    drop(tx);
    let changed = sqlx::query(
        "update billing.rule_pack_version set pack = pack || '{\"code\": \"x\"}' where id = $1",
    )
    .bind(*old)
    .execute(&house.g.t.app.pool)
    .await;
    assert!(changed.unwrap_err().to_string().contains("kept as it was handed in"));
}

#[tokio::test]
async fn without_published_rules_nothing_is_charged() {
    let house = House::new().await;
    sqlx::query("alter table billing.rule_pack_version disable trigger all; ")
        .execute(&house.g.t.owner)
        .await
        .unwrap();
    sqlx::query("delete from billing.rule_pack_version").execute(&house.g.t.owner).await.unwrap();
    let mut tx = house.g.system().await;
    assert_eq!(code(pack_for(&mut tx, house.g.season, "/hq/").await), "billing.no_pack");
}

/// accepts XB-03: what differs from the version in force is shown
#[tokio::test]
async fn a_draft_shows_what_differs_from_the_version_in_force() {
    let house = House::new().await;
    let first = house.draft(2026).await;
    house.publish(first.version.id).await;
    let mut tx = house.tx(&house.author).await;
    let new = NewPack {
        copy_of: Some(first.version.id),
        code: None,
        org_id: None,
        first_season: 2027,
        note: "2027 年调价".to_owned(),
    };
    let copy = create_pack(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((copy.version.version, copy.report.differences.len()), (2, 0));
    assert_eq!(copy.report.compared_to, Some(first.version.id));
    let mut rules = copy.pack.clone();
    rules.stop.reconnect_fen.value = kernel::Fen::new(6_000);
    let mut tx = house.tx(&house.second).await;
    let report = try_pack(&mut tx, copy.version.id, &PackTrial { pack: rules }).await.unwrap();
    assert_eq!(report.differences.len(), 1);
    assert_eq!(report.differences[0].path, "stop.reconnect_fen.value");
    assert!(!report.sound, "the example about the valve says 50 yuan");
    let unchanged = pack(&mut tx, copy.version.id).await.unwrap();
    assert_eq!(unchanged.report.differences, [], "looking keeps nothing");
}

#[tokio::test]
async fn two_editors_do_not_overwrite_one_another_and_only_the_author_edits() {
    let house = House::new().await;
    let draft = house.draft(2026).await;
    house.edit(&draft, |p| p.names.zh = "改名".to_owned()).await;
    let stale = PackEdit {
        revision: draft.version.revision,
        pack: draft.pack.clone(),
        first_season: 2026,
        note: String::new(),
    };
    let mut tx = house.tx(&house.author).await;
    let refused = edit_pack(&mut tx, draft.version.id, stale.clone()).await;
    assert!(matches!(refused, Err(Error::Stale)));
    drop(tx);
    let mut tx = house.tx(&house.second).await;
    assert_eq!(
        code(edit_pack(&mut tx, draft.version.id, stale.clone()).await),
        "billing.pack_not_author"
    );
    assert_eq!(code(submit_pack(&mut tx, draft.version.id).await), "billing.pack_not_author");
    drop(tx);
    let mut tx = house.tx(&house.author).await;
    let silly = PackEdit { first_season: 20_260, ..stale };
    assert_eq!(code(edit_pack(&mut tx, draft.version.id, silly).await), "invalid");
}

#[tokio::test]
async fn a_version_goes_back_with_a_reason_and_a_station_cannot_touch_the_companys_rules() {
    let house = House::new().await;
    let id = house.draft(2026).await.version.id;
    let mut tx = house.tx(&house.author).await;
    submit_pack(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    let keys = &[VIEW, PACK_EDIT, PACK_APPROVE];
    let station: Actor = testing::actor(UserId::from(uuid::Uuid::new_v4()), keys, "/hq/east/");
    let mut tx = house.tx(&station).await;
    assert!(matches!(approve_pack(&mut tx, id).await, Err(Error::NotFound(_))));
    let seen = pack(&mut tx, id).await.unwrap();
    drop(tx);
    assert!(seen.actions.is_empty(), "he may read what applies to him");
    let mut tx = house.tx(&house.second).await;
    let silent = return_pack(&mut tx, id, PackReturn { reason: " ".to_owned() }).await;
    assert_eq!(code(silent), "invalid");
    let why = PackReturn { reason: "依据不清".to_owned() };
    let back = return_pack(&mut tx, id, why).await.unwrap();
    assert_eq!((back.version.state, back.version.note.as_str()), (PackState::Draft, "依据不清"));
}
