use crate::permissions::{GRANT, MANAGE, VIEW};
use crate::{AppKind, NewStaff, Org, StaffChange, service};
use chrono::TimeDelta;
use kernel::{Actor, Error, OrgId, Result, UserId};
use testing::{Orgs, TestApp, actor, nobody};

const PASSWORD: &str = "Nuanxian-2026";

struct House {
    t: TestApp,
    orgs: Orgs,
    boss: Actor,
}

impl House {
    async fn new() -> Self {
        let t = TestApp::new().await;
        let orgs = t.orgs().await;
        let mut tx = t.tx(&Actor::system("test")).await;
        service::ensure_builtin_roles(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        Self { t, orgs, boss: actor(nobody(), &[VIEW, MANAGE, GRANT], "/hq/") }
    }

    async fn hire(&self, login: &str, org: OrgId) -> UserId {
        let mut tx = self.t.tx(&self.boss).await;
        let staff = service::create_staff(&mut tx, new(login, org)).await.unwrap();
        tx.commit().await.unwrap();
        staff.id
    }

    async fn sign_in(&self, login: &str, password: &str) -> Result<crate::session::SignedIn> {
        let app = &self.t.app;
        service::sign_in(app, login, password, AppKind::Desk, "127.0.0.1", "test").await
    }

    async fn role(&self, key: &str) -> kernel::RoleId {
        let mut tx = self.t.tx(&self.boss).await;
        let roles = service::roles(&mut tx).await.unwrap();
        roles.into_iter().find(|r| r.key == key).unwrap().id
    }
}

fn new(login: &str, org_id: OrgId) -> NewStaff {
    NewStaff {
        login: login.to_owned(),
        name: "王建国".to_owned(),
        job_no: Some(format!("J-{login}")),
        phone: Some("139 0000 0001".to_owned()),
        org_id,
        password: PASSWORD.to_owned(),
    }
}

fn code<T>(result: Result<T>) -> String {
    result.err().map(|e| e.problem().code).unwrap_or_default()
}

/// accepts PL-02
#[tokio::test]
async fn a_new_person_signs_in_and_is_who_he_is() {
    let h = House::new().await;
    let id = h.hire("wang", h.orgs.s1).await;
    let done = h.sign_in("wang", PASSWORD).await.unwrap();
    assert_eq!((done.me.id, done.me.org.path.as_str()), (id, "/hq/east/s1/"));
    assert_eq!(done.me.phone.as_deref(), Some("13900000001"), "spaces are not part of a number");
    assert_eq!(done.token.len(), 43, "256 bits");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_look_the_same() {
    let h = House::new().await;
    h.hire("wang", h.orgs.s1).await;
    let wrong = h.sign_in("wang", "x").await.err().unwrap().problem();
    let unknown = h.sign_in("nobody", "x").await.err().unwrap().problem();
    assert_eq!((wrong.status, &wrong.code), (422, &"identity.wrong_password".to_owned()));
    assert_eq!((wrong.code, wrong.title), (unknown.code, unknown.title));
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_login_for_a_quarter_of_an_hour() {
    let h = House::new().await;
    h.hire("wang", h.orgs.s1).await;
    for _ in 0..5 {
        assert_eq!(code(h.sign_in("wang", "x").await), "identity.wrong_password");
    }
    assert_eq!(code(h.sign_in("wang", PASSWORD).await), "identity.wrong_password", "locked");
    h.t.advance(TimeDelta::minutes(15));
    h.sign_in("wang", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn who_signs_out_everywhere_has_no_session_left() {
    let h = House::new().await;
    let id = h.hire("wang", h.orgs.s1).await;
    h.sign_in("wang", PASSWORD).await.unwrap();
    h.sign_in("wang", PASSWORD).await.unwrap();
    let me = actor(id, &[], "/hq/");
    let mut tx = h.t.tx(&me).await;
    assert_eq!(service::sessions(&mut tx).await.unwrap().len(), 2);
    service::sign_out(&mut tx, None).await.unwrap();
    assert_eq!(service::sessions(&mut tx).await.unwrap().len(), 0);
}

/// accepts AD-16
#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_the_old_password() {
    let h = House::new().await;
    let id = h.hire("wang", h.orgs.s1).await;
    h.sign_in("wang", PASSWORD).await.unwrap();
    h.sign_in("wang", PASSWORD).await.unwrap();
    let me = actor(id, &[], "/hq/");
    let mut tx = h.t.tx(&me).await;
    let keep = service::sessions(&mut tx).await.unwrap()[0].id;
    let weak = service::change_password(&mut tx, PASSWORD.into(), "short".into(), keep).await;
    assert_eq!(code(weak), "invalid");
    let wrong = service::change_password(&mut tx, "x".into(), "Other-pass-1".into(), keep).await;
    assert_eq!(code(wrong), "identity.wrong_password");
    let new = "Other-pass-1".to_owned();
    service::change_password(&mut tx, PASSWORD.into(), new, keep).await.unwrap();
    assert_eq!(service::sessions(&mut tx).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
    assert_eq!(code(h.sign_in("wang", PASSWORD).await), "identity.wrong_password");
    h.sign_in("wang", "Other-pass-1").await.unwrap();
}

/// accepts R-14 PL-01 PL-11
#[tokio::test]
async fn a_branch_manages_what_is_below_it_and_does_not_see_its_neighbour() {
    let h = House::new().await;
    h.hire("east", h.orgs.s1).await;
    let far = h.hire("west", h.orgs.s9).await;
    let head = actor(nobody(), &[VIEW, MANAGE], "/hq/east/");
    let mut tx = h.t.tx(&head).await;
    let seen = service::list_staff(&mut tx, None, None, None, 20).await.unwrap();
    assert_eq!(seen.items.iter().map(|s| s.login.as_str()).collect::<Vec<_>>(), ["east"]);
    let gone = StaffChange { active: Some(false), ..StaffChange::default() };
    assert_eq!(code(service::change_staff(&mut tx, far, gone).await), "not_found");
    assert_eq!(code(service::create_staff(&mut tx, new("x1", h.orgs.west)).await), "not_found");
    let team = |code: &str| (h.orgs.s2, "team".to_owned(), code.to_owned());
    let (parent, kind, name) = team("t7");
    let org: Org =
        service::create_org(&mut tx, parent, kind, name, "七班".into(), None).await.unwrap();
    assert_eq!(org.path, "/hq/east/s2/t7/");
    let (parent, kind, name) = team("../hq");
    let bad = service::create_org(&mut tx, parent, kind, name, "x".into(), None).await;
    assert_eq!(code(bad), "invalid");
}

#[tokio::test]
async fn an_organisation_with_people_is_not_closed() {
    let h = House::new().await;
    h.hire("wang", h.orgs.t1).await;
    let mut tx = h.t.tx(&h.boss).await;
    let closed = service::change_org(&mut tx, h.orgs.t1, None, None, Some(false)).await;
    assert_eq!(code(closed), "identity.org_in_use");
    service::change_org(&mut tx, h.orgs.s9, None, None, Some(false)).await.unwrap();
}

/// accepts PL-03
#[tokio::test]
async fn a_role_given_is_a_set_of_keys_in_a_place() {
    let h = House::new().await;
    let id = h.hire("wang", h.orgs.s1).await;
    let role = h.role("repairer").await;
    let mut tx = h.t.tx(&h.boss).await;
    service::set_roles(&mut tx, id, &[(role, h.orgs.s1)]).await.unwrap();
    tx.commit().await.unwrap();
    let me = h.sign_in("wang", PASSWORD).await.unwrap().me;
    assert_eq!(me.roles[0].key, "repairer");
    assert!(me.permissions.contains(&"order.handle".to_owned()), "{:?}", me.permissions);
}

#[tokio::test]
async fn nobody_gives_more_than_he_holds_or_where_he_does_not() {
    let h = House::new().await;
    let id = h.hire("wang", h.orgs.s1).await;
    let (repairer, admin) = (h.role("repairer").await, h.role("admin").await);
    let clerk = actor(nobody(), &[VIEW, GRANT], "/hq/east/");
    let mut tx = h.t.tx(&clerk).await;
    for (role, org) in [(admin, h.orgs.s1), (repairer, h.orgs.s9), (repairer, h.orgs.s1)] {
        let given = service::set_roles(&mut tx, id, &[(role, org)]).await;
        assert_eq!(code(given), "identity.grant_beyond_own");
    }
}

#[tokio::test]
async fn the_products_own_roles_keep_their_keys() {
    let h = House::new().await;
    let agent = h.role("agent").await;
    let mut tx = h.t.tx(&h.boss).await;
    let changed = service::set_role_permissions(&mut tx, agent, vec![], &[]).await;
    assert_eq!(code(changed), "identity.builtin_role");
    let key = crate::RoleKey { key: "no.such".into(), reach: "own".into() };
    let made = service::create_role(&mut tx, "x".into(), "x".into(), "x".into(), vec![key], &[]);
    assert_eq!(code(made.await), "identity.unknown_permission");
}

#[tokio::test]
async fn a_login_exists_once() {
    let h = House::new().await;
    h.hire("wang", h.orgs.s1).await;
    let mut tx = h.t.tx(&h.boss).await;
    let twice = service::create_staff(&mut tx, new("wang", h.orgs.s2)).await;
    assert_eq!(code(twice), "identity.duplicate_login");
}

#[tokio::test]
async fn without_the_key_one_is_told_so() {
    let h = House::new().await;
    let clerk = actor(nobody(), &[VIEW], "/hq/");
    let mut tx = h.t.tx(&clerk).await;
    let refused = service::create_staff(&mut tx, new("wang", h.orgs.s1)).await;
    assert!(matches!(refused, Err(Error::Forbidden(p)) if p == MANAGE));
}

/// accepts PL-04 PL-08
#[tokio::test]
async fn the_log_says_from_what_to_what() {
    let h = House::new().await;
    let id = h.hire("wang", h.orgs.s1).await;
    let mut tx = h.t.tx(&h.boss).await;
    let change = StaffChange { name: Some("李四".into()), ..StaffChange::default() };
    service::change_staff(&mut tx, id, change).await.unwrap();
    tx.commit().await.unwrap();
    let auditor = actor(nobody(), &[crate::permissions::AUDIT], "/hq/");
    let mut tx = h.t.tx(&auditor).await;
    let query = service::LogQuery { subject: Some(*id), limit: 10, ..Default::default() };
    let log = service::log(&mut tx, query).await.unwrap();
    let newest = &log.items[0];
    assert_eq!(newest.kind, "identity.staff_changed");
    assert_eq!(newest.payload["from"]["name"], "王建国");
    assert_eq!(newest.payload["to"]["name"], "李四");
    assert!(!newest.payload.to_string().contains("argon2"), "no password in the log");
}
