//! Routes and shapes.

use crate::model::*;
use crate::service::{self, LogQuery, NewStaff, StaffChange};
use crate::session::{self, Gate, Session};
use axum::extract::{Extension, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use kernel::error::extract::{Json, Path, Query};
use kernel::{
    App, Caller, Done, EventRow, Items, OrgId, Page, Permission, Problem, Result, RoleId, UserId,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// What the routes need beside the application.
#[derive(Clone)]
pub struct Door {
    /// Who came in, and how often.
    pub gate: Arc<Gate>,
    /// Every permission of every domain.
    pub permissions: &'static [Permission],
    /// Whether the cookie travels only over TLS.
    pub secure_cookie: bool,
}

impl Door {
    fn keys(&self) -> Vec<&'static str> {
        self.permissions.iter().map(|p| p.key).collect()
    }
}

/// All routes of identity.
pub fn router(door: Door) -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(sign_out_everywhere))
        .routes(routes!(me, change_me))
        .routes(routes!(change_password))
        .routes(routes!(list_sessions))
        .routes(routes!(list_orgs, create_org))
        .routes(routes!(change_org))
        .routes(routes!(list_staff, create_staff))
        .routes(routes!(change_staff))
        .routes(routes!(reset_password))
        .routes(routes!(sign_out_staff))
        .routes(routes!(set_staff_roles))
        .routes(routes!(list_roles, create_role))
        .routes(routes!(set_role_permissions))
        .routes(routes!(list_permissions))
        .routes(routes!(list_events))
        .layer(Extension(door))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    login: String,
    password: String,
    app: AppKind,
}

/// Opens a session and sets its cookie.
#[utoipa::path(post, path = "/api/identity/sign-in", tag = "identity", request_body = SignIn,
    responses((status = 200, body = Me), (status = "4XX", body = Problem)))]
async fn sign_in(
    Extension(door): Extension<Door>,
    axum::extract::State(app): axum::extract::State<App>,
    request: Request,
) -> Result<Response> {
    use axum::extract::FromRequest as _;
    let ip = session::address_of(&request);
    let agent = agent_of(request.headers());
    let Json(cmd) = Json::<SignIn>::from_request(request, &app).await?;
    door.gate.admit_sign_in(&cmd.login)?;
    let done = service::sign_in(&app, &cmd.login, &cmd.password, cmd.app, &ip, &agent).await?;
    let cookie = session::cookie(Some(&done.token), cmd.app, door.secure_cookie);
    Ok(([(header::SET_COOKIE, cookie)], axum::Json(done.me)).into_response())
}

fn agent_of(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    agent.chars().take(200).collect()
}

/// Ends the session.
#[utoipa::path(post, path = "/api/identity/sign-out", tag = "identity",
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
async fn sign_out(
    by: Caller,
    Extension(door): Extension<Door>,
    Extension(session): Extension<Session>,
) -> Result<Response> {
    let mut tx = by.begin().await?;
    service::sign_out(&mut tx, Some(session.id)).await?;
    tx.commit().await?;
    door.gate.forget(|s, _| s.id == session.id);
    let cookie = session::cookie(None, session.app, door.secure_cookie);
    Ok(([(header::SET_COOKIE, cookie)], axum::Json(Done {})).into_response())
}

/// Ends all sessions of the caller, on every device.
#[utoipa::path(post, path = "/api/identity/sign-out-everywhere", tag = "identity",
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
async fn sign_out_everywhere(
    by: Caller,
    Extension(door): Extension<Door>,
) -> Result<axum::Json<Done>> {
    let user = by.actor().user;
    let mut tx = by.begin().await?;
    service::sign_out(&mut tx, None).await?;
    let done = tx.reply(Done {}).await?;
    door.gate.forget(|_, a| a.user == user);
    Ok(done)
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/identity/me", tag = "identity",
    responses((status = 200, body = Me), (status = "4XX", body = Problem)))]
async fn me(by: Caller, Extension(session): Extension<Session>) -> Result<axum::Json<Me>> {
    let mut tx = by.read().await?;
    let user = tx.user()?;
    Ok(axum::Json(service::me(&mut tx, user, session.app).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeMe {
    name: Option<String>,
    phone: Option<String>,
}

/// Changes the caller's own name or telephone.
#[utoipa::path(patch, path = "/api/identity/me", tag = "identity", request_body = ChangeMe,
    responses((status = 200, body = Me), (status = "4XX", body = Problem)))]
async fn change_me(
    by: Caller,
    Extension(session): Extension<Session>,
    Json(cmd): Json<ChangeMe>,
) -> Result<axum::Json<Me>> {
    let mut tx = by.begin().await?;
    service::change_me(&mut tx, cmd.name, cmd.phone).await?;
    let user = tx.user()?;
    let me = service::me(&mut tx, user, session.app).await?;
    tx.reply(me).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    old: String,
    new: String,
}

/// Changes the caller's own password; all other sessions end.
#[utoipa::path(post, path = "/api/identity/password", tag = "identity", request_body = ChangePassword,
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
async fn change_password(
    by: Caller,
    Extension(door): Extension<Door>,
    Extension(session): Extension<Session>,
    Json(cmd): Json<ChangePassword>,
) -> Result<axum::Json<Done>> {
    let user = by.actor().user;
    let mut tx = by.begin().await?;
    service::change_password(&mut tx, cmd.old, cmd.new, session.id).await?;
    let done = tx.reply(Done {}).await?;
    door.gate.forget(|s, a| a.user == user && s.id != session.id);
    Ok(done)
}

/// The caller's sessions on all devices.
#[utoipa::path(get, path = "/api/identity/sessions", tag = "identity",
    responses((status = 200, body = Items<SessionInfo>), (status = "4XX", body = Problem)))]
async fn list_sessions(by: Caller) -> Result<axum::Json<Items<SessionInfo>>> {
    let mut tx = by.read().await?;
    Ok(axum::Json(Items { items: service::sessions(&mut tx).await? }))
}

/// The organisation tree, parents before children.
#[utoipa::path(get, path = "/api/identity/orgs", tag = "identity",
    responses((status = 200, body = Items<Org>), (status = "4XX", body = Problem)))]
async fn list_orgs(by: Caller) -> Result<axum::Json<Items<Org>>> {
    let mut tx = by.read().await?;
    Ok(axum::Json(Items { items: service::orgs(&mut tx).await? }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateOrg {
    parent_id: OrgId,
    kind: String,
    code: String,
    name: String,
    phone: Option<String>,
}

/// Adds an organisation.
#[utoipa::path(post, path = "/api/identity/orgs", tag = "identity", request_body = CreateOrg,
    responses((status = 200, body = Org), (status = "4XX", body = Problem)))]
async fn create_org(by: Caller, Json(cmd): Json<CreateOrg>) -> Result<axum::Json<Org>> {
    let mut tx = by.begin().await?;
    let org = service::create_org(&mut tx, cmd.parent_id, cmd.kind, cmd.code, cmd.name, cmd.phone)
        .await?;
    tx.reply(org).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeOrg {
    name: Option<String>,
    phone: Option<String>,
    active: Option<bool>,
}

/// Changes an organisation, or closes it.
#[utoipa::path(patch, path = "/api/identity/orgs/{id}", tag = "identity", request_body = ChangeOrg,
    params(("id" = OrgId, Path)),
    responses((status = 200, body = Org), (status = "4XX", body = Problem)))]
async fn change_org(
    by: Caller,
    Path(id): Path<OrgId>,
    Json(cmd): Json<ChangeOrg>,
) -> Result<axum::Json<Org>> {
    let mut tx = by.begin().await?;
    let org = service::change_org(&mut tx, id, cmd.name, cmd.phone, cmd.active).await?;
    tx.reply(org).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct StaffQuery {
    /// Part of name, login or job number.
    q: Option<String>,
    /// Path of an organisation: it and all below.
    org: Option<String>,
    limit: Option<i64>,
    after: Option<String>,
}

/// People in sight.
#[utoipa::path(get, path = "/api/identity/staff", tag = "identity", params(StaffQuery),
    responses((status = 200, body = Page<Staff>), (status = "4XX", body = Problem)))]
async fn list_staff(by: Caller, Query(q): Query<StaffQuery>) -> Result<axum::Json<Page<Staff>>> {
    let mut tx = by.read().await?;
    let limit = kernel::page::limit(q.limit);
    let (text, org, after) = (q.q.as_deref(), q.org.as_deref(), q.after.as_deref());
    Ok(axum::Json(service::list_staff(&mut tx, text, org, after, limit).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateStaff {
    login: String,
    name: String,
    job_no: Option<String>,
    phone: Option<String>,
    org_id: OrgId,
    password: String,
}

/// Adds a person.
#[utoipa::path(post, path = "/api/identity/staff", tag = "identity", request_body = CreateStaff,
    responses((status = 200, body = Staff), (status = "4XX", body = Problem)))]
async fn create_staff(by: Caller, Json(cmd): Json<CreateStaff>) -> Result<axum::Json<Staff>> {
    let CreateStaff { login, name, job_no, phone, org_id, password } = cmd;
    let mut tx = by.begin().await?;
    let new = NewStaff { login, name, job_no, phone, org_id, password };
    let staff = service::create_staff(&mut tx, new).await?;
    tx.reply(staff).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeStaff {
    name: Option<String>,
    job_no: Option<String>,
    phone: Option<String>,
    org_id: Option<OrgId>,
    active: Option<bool>,
}

/// Changes a person.
#[utoipa::path(patch, path = "/api/identity/staff/{id}", tag = "identity", request_body = ChangeStaff,
    params(("id" = UserId, Path)),
    responses((status = 200, body = Staff), (status = "4XX", body = Problem)))]
async fn change_staff(
    by: Caller,
    Extension(door): Extension<Door>,
    Path(id): Path<UserId>,
    Json(cmd): Json<ChangeStaff>,
) -> Result<axum::Json<Staff>> {
    let ChangeStaff { name, job_no, phone, org_id, active } = cmd;
    let mut tx = by.begin().await?;
    let change = StaffChange { name, job_no, phone, org_id, active };
    let staff = service::change_staff(&mut tx, id, change).await?;
    let done = tx.reply(staff).await?;
    door.gate.forget(|_, a| a.user == Some(id));
    Ok(done)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetPassword {
    password: String,
}

/// Sets a person's password for him.
#[utoipa::path(post, path = "/api/identity/staff/{id}/reset-password", tag = "identity",
    request_body = ResetPassword, params(("id" = UserId, Path)),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
async fn reset_password(
    by: Caller,
    Extension(door): Extension<Door>,
    Path(id): Path<UserId>,
    Json(cmd): Json<ResetPassword>,
) -> Result<axum::Json<Done>> {
    let mut tx = by.begin().await?;
    service::reset_password(&mut tx, id, cmd.password).await?;
    let done = tx.reply(Done {}).await?;
    door.gate.forget(|_, a| a.user == Some(id));
    Ok(done)
}

/// Ends all sessions of a person.
#[utoipa::path(post, path = "/api/identity/staff/{id}/sign-out", tag = "identity",
    params(("id" = UserId, Path)),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
async fn sign_out_staff(
    by: Caller,
    Extension(door): Extension<Door>,
    Path(id): Path<UserId>,
) -> Result<axum::Json<Done>> {
    let mut tx = by.begin().await?;
    service::sign_out_staff(&mut tx, id).await?;
    let done = tx.reply(Done {}).await?;
    door.gate.forget(|_, a| a.user == Some(id));
    Ok(done)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetRoles {
    roles: Vec<RoleGrant>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleGrant {
    role_id: RoleId,
    org_id: OrgId,
}

/// Gives a person exactly these roles.
#[utoipa::path(put, path = "/api/identity/staff/{id}/roles", tag = "identity", request_body = SetRoles,
    params(("id" = UserId, Path)),
    responses((status = 200, body = Staff), (status = "4XX", body = Problem)))]
async fn set_staff_roles(
    by: Caller,
    Extension(door): Extension<Door>,
    Path(id): Path<UserId>,
    Json(cmd): Json<SetRoles>,
) -> Result<axum::Json<Staff>> {
    let mut tx = by.begin().await?;
    let roles: Vec<_> = cmd.roles.iter().map(|r| (r.role_id, r.org_id)).collect();
    let staff = service::set_roles(&mut tx, id, &roles).await?;
    let done = tx.reply(staff).await?;
    door.gate.forget(|_, a| a.user == Some(id));
    Ok(done)
}

/// All roles with their keys.
#[utoipa::path(get, path = "/api/identity/roles", tag = "identity",
    responses((status = 200, body = Items<Role>), (status = "4XX", body = Problem)))]
async fn list_roles(by: Caller) -> Result<axum::Json<Items<Role>>> {
    let mut tx = by.read().await?;
    Ok(axum::Json(Items { items: service::roles(&mut tx).await? }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateRole {
    key: String,
    name: String,
    name_en: String,
    permissions: Vec<RoleKey>,
}

/// Adds a role.
#[utoipa::path(post, path = "/api/identity/roles", tag = "identity", request_body = CreateRole,
    responses((status = 200, body = Role), (status = "4XX", body = Problem)))]
async fn create_role(
    by: Caller,
    Extension(door): Extension<Door>,
    Json(cmd): Json<CreateRole>,
) -> Result<axum::Json<Role>> {
    let mut tx = by.begin().await?;
    let CreateRole { key, name, name_en, permissions } = cmd;
    let role = service::create_role(&mut tx, key, name, name_en, permissions, &door.keys()).await?;
    tx.reply(role).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetPermissions {
    permissions: Vec<RoleKey>,
}

/// Replaces the keys of a role.
#[utoipa::path(put, path = "/api/identity/roles/{id}/permissions", tag = "identity",
    request_body = SetPermissions, params(("id" = RoleId, Path)),
    responses((status = 200, body = Role), (status = "4XX", body = Problem)))]
async fn set_role_permissions(
    by: Caller,
    Extension(door): Extension<Door>,
    Path(id): Path<RoleId>,
    Json(cmd): Json<SetPermissions>,
) -> Result<axum::Json<Role>> {
    let mut tx = by.begin().await?;
    let role = service::set_role_permissions(&mut tx, id, cmd.permissions, &door.keys()).await?;
    let done = tx.reply(role).await?;
    door.gate.forget(|_, _| true);
    Ok(done)
}

#[derive(Serialize, ToSchema)]
struct PermissionInfo {
    key: &'static str,
    zh: &'static str,
    en: &'static str,
}

/// Every permission that a role can hold.
#[utoipa::path(get, path = "/api/identity/permissions", tag = "identity",
    responses((status = 200, body = Items<PermissionInfo>), (status = "4XX", body = Problem)))]
async fn list_permissions(
    by: Caller,
    Extension(door): Extension<Door>,
) -> Result<axum::Json<Items<PermissionInfo>>> {
    by.read().await?.require(crate::permissions::VIEW)?;
    let info = |p: &Permission| PermissionInfo { key: p.key, zh: p.zh, en: p.en };
    Ok(axum::Json(Items { items: door.permissions.iter().map(info).collect() }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct EventQuery {
    subject: Option<Uuid>,
    actor: Option<Uuid>,
    /// Beginning of the kind, such as `order.`.
    kind: Option<String>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    limit: Option<i64>,
    after: Option<String>,
}

/// The operation log, newest first.
#[utoipa::path(get, path = "/api/identity/events", tag = "identity", params(EventQuery),
    responses((status = 200, body = Page<EventRow>), (status = "4XX", body = Problem)))]
async fn list_events(
    by: Caller,
    Query(q): Query<EventQuery>,
) -> Result<axum::Json<Page<EventRow>>> {
    let mut tx = by.read().await?;
    let query = LogQuery {
        subject: q.subject,
        actor: q.actor,
        kind: q.kind,
        from: q.from,
        to: q.to,
        after: q.after,
        limit: kernel::page::limit(q.limit),
    };
    Ok(axum::Json(service::log(&mut tx, query).await?))
}
