//! Organisations, people, roles, and the rules about signing in.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Event, OrgId, RoleId, Subject, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Wrong passwords in a row that lock a login.
pub const ATTEMPTS: i32 = 5;
/// How long a login stays locked.
pub const LOCKED: TimeDelta = TimeDelta::minutes(15);

/// Where a session is used; each has its own limits.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AppKind {
    /// The office's screens.
    Desk,
    /// The repairer's phone.
    Field,
    /// A wall display.
    Wall,
}

impl AppKind {
    /// How long a session may lie unused.
    pub fn idle(self) -> TimeDelta {
        match self {
            Self::Desk => TimeDelta::hours(4),
            Self::Field => TimeDelta::days(7),
            Self::Wall => TimeDelta::days(90),
        }
    }

    /// How long a session lasts at most.
    pub fn absolute(self) -> TimeDelta {
        match self {
            Self::Desk => TimeDelta::hours(14),
            Self::Field => TimeDelta::days(30),
            Self::Wall => TimeDelta::days(365),
        }
    }
}

/// Whether a session still opens the door.
pub fn is_alive(
    app: AppKind,
    created: DateTime<Utc>,
    seen: DateTime<Utc>,
    now: DateTime<Utc>,
) -> bool {
    now < seen + app.idle() && now < created + app.absolute()
}

/// What a wrong password does to the counter and the lock.
pub fn after_failure(failed: i32, now: DateTime<Utc>) -> (i32, Option<DateTime<Utc>>) {
    let failed = failed + 1;
    if failed >= ATTEMPTS { (0, Some(now + LOCKED)) } else { (failed, None) }
}

/// A company, branch, hall, station or team.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Org {
    /// Its id.
    pub id: OrgId,
    /// What it is part of; nothing for the company.
    #[schema(required)]
    pub parent_id: Option<OrgId>,
    /// company, branch, hall, station or team.
    pub kind: String,
    /// Short unique name, part of the path.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Codes from the root down.
    pub path: String,
    /// Its telephone.
    #[schema(required)]
    pub phone: Option<String>,
    /// False once it was closed.
    pub active: bool,
}

/// The organisation that somebody belongs to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrgRef {
    /// Its id.
    pub id: OrgId,
    /// Its name.
    pub name: String,
    /// Codes from the root down.
    pub path: String,
    /// company, branch, hall, station or team.
    pub kind: String,
}

/// A role that somebody holds, and where.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct HeldRole {
    /// The role.
    pub role_id: RoleId,
    /// Its stable name.
    pub key: String,
    /// Its name, Chinese.
    pub name: String,
    /// Its name, English.
    pub name_en: String,
    /// Where it is held.
    pub org_id: OrgId,
    /// Name of that organisation.
    pub org_name: String,
}

/// The person who signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// Id.
    pub id: UserId,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Number at work, said to customers.
    #[schema(required)]
    pub job_no: Option<String>,
    /// Telephone.
    #[schema(required)]
    pub phone: Option<String>,
    /// Where he belongs.
    pub org: OrgRef,
    /// The roles that he holds.
    pub roles: Vec<HeldRole>,
    /// The keys that those roles give.
    pub permissions: Vec<String>,
    /// What the session is for.
    pub app: AppKind,
}

/// Somebody who works here.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Staff {
    /// Id.
    pub id: UserId,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Number at work.
    #[schema(required)]
    pub job_no: Option<String>,
    /// Telephone.
    #[schema(required)]
    pub phone: Option<String>,
    /// Where he belongs.
    pub org: OrgRef,
    /// The roles that he holds.
    pub roles: Vec<HeldRole>,
    /// False once he left.
    pub active: bool,
    /// Until when wrong passwords lock him out.
    #[schema(required)]
    pub locked_until: Option<DateTime<Utc>>,
}

/// A role with its keys.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Role {
    /// Id.
    pub id: RoleId,
    /// Stable name.
    pub key: String,
    /// Name, Chinese.
    pub name: String,
    /// Name, English.
    pub name_en: String,
    /// Came with the product.
    pub builtin: bool,
    /// What it allows.
    pub permissions: Vec<RoleKey>,
}

/// One key of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleKey {
    /// The permission's key.
    pub key: String,
    /// `subtree` or `own`.
    pub reach: String,
}

/// One sign-in of the person who asks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionInfo {
    /// Id.
    pub id: Uuid,
    /// desk, field or wall.
    pub app: String,
    /// Where it came from.
    pub ip: String,
    /// The browser.
    pub agent: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Last used.
    pub seen_at: DateTime<Utc>,
}

/// Why identity refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", prefix = "identity.")]
pub enum IdentityRule {
    /// Login or password wrong, or the login locked: we do not say which.
    WrongPassword,
    /// The login exists.
    DuplicateLogin,
    /// The number at work exists.
    DuplicateJobNo,
    /// The organisation's code exists.
    DuplicateCode,
    /// One cannot give more than one holds.
    GrantBeyondOwn,
    /// No such permission key.
    UnknownPermission,
    /// The product's own roles keep their keys.
    BuiltinRole,
    /// People still work there.
    OrgInUse,
}

impl kernel::Rule for IdentityRule {
    fn code(&self) -> &'static str {
        self.into()
    }

    fn zh(&self) -> String {
        match self {
            Self::WrongPassword => "登录名或密码错误，连续五次错误将锁定十五分钟",
            Self::DuplicateLogin => "登录名已存在",
            Self::DuplicateJobNo => "工号已存在",
            Self::DuplicateCode => "机构编码已存在",
            Self::GrantBeyondOwn => "不能授予超出本人权限范围的角色",
            Self::UnknownPermission => "权限不存在",
            Self::BuiltinRole => "内置角色不可修改，请复制后再调整",
            Self::OrgInUse => "该机构下仍有人员或下级机构，不能停用",
        }
        .to_owned()
    }

    fn en(&self) -> String {
        match self {
            Self::WrongPassword => "Wrong login or password; five in a row lock it for 15 minutes",
            Self::DuplicateLogin => "This login exists already",
            Self::DuplicateJobNo => "This job number exists already",
            Self::DuplicateCode => "This organisation code exists already",
            Self::GrantBeyondOwn => "You cannot give more than you hold",
            Self::UnknownPermission => "No such permission",
            Self::BuiltinRole => "Built-in roles stay as they are; make a copy",
            Self::OrgInUse => "People or organisations still belong to it",
        }
        .to_owned()
    }
}

/// What identity tells. `from` and `to` hold what changed, never a password.
#[derive(Clone, Debug, Serialize)]
pub struct Changed<T: Serialize> {
    /// Stable name of the event.
    #[serde(skip)]
    pub kind: &'static str,
    /// What it is about.
    #[serde(skip)]
    pub subject: (&'static str, Uuid),
    /// As it was.
    pub from: Option<T>,
    /// As it is.
    pub to: Option<T>,
}

impl<T: Serialize> Event for Changed<T> {
    fn kind(&self) -> &'static str {
        self.kind
    }
    fn subject(&self) -> Subject {
        Subject { kind: self.subject.0, id: self.subject.1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// accepts PL-02
    #[test]
    fn a_session_ends_by_idleness_and_by_age() {
        let t = at("2026-11-22T00:00:00Z");
        let alive = |seen: i64, now: i64| {
            is_alive(AppKind::Desk, t, t + TimeDelta::minutes(seen), t + TimeDelta::minutes(now))
        };
        assert!(alive(0, 239));
        assert!(!alive(0, 240), "four hours unused");
        assert!(alive(800, 839));
        assert!(!alive(839, 840), "fourteen hours in all, though just used");
    }

    #[test]
    fn the_fifth_wrong_password_locks() {
        let t = at("2026-11-22T00:00:00Z");
        assert_eq!(after_failure(0, t), (1, None));
        assert_eq!(after_failure(4, t), (0, Some(t + LOCKED)));
    }
}
