create schema identity;

create table identity.org (
  id        uuid constraint org_pkey primary key,
  parent_id uuid constraint org_parent references identity.org,
  kind      text not null constraint org_kind_known
            check (kind in ('company', 'branch', 'hall', 'station', 'team')),
  code      text not null constraint org_code_key unique,
  name      text not null,
  -- codes from the root down, such as /hq/east/s1/
  path      text collate "C" not null constraint org_path_key unique,
  phone     text,
  lng       double precision,
  lat       double precision,
  active    boolean not null default true,
  constraint org_root_is_company check ((parent_id is null) = (kind = 'company')),
  constraint org_path_ends_in_code check (path like '%/' || code || '/')
);

-- People who sign in.
create table identity.staff (
  id                  uuid constraint staff_pkey primary key,
  login               text not null constraint staff_login_key unique,
  name                text not null,
  job_no              text constraint staff_job_no_key unique,
  phone               text,
  org_id              uuid not null constraint staff_org references identity.org,
  password_hash       text not null,
  password_changed_at timestamptz not null,
  failed_attempts     integer not null default 0,
  locked_until        timestamptz,
  active              boolean not null default true,
  created_at          timestamptz not null
);
create index staff_org on identity.staff (org_id);

create table identity.role (
  id      uuid constraint role_pkey primary key,
  key     text not null constraint role_key_key unique,
  name    text not null,
  name_en text not null,
  builtin boolean not null default false
);
create table identity.role_permission (
  role_id uuid not null constraint role_permission_role references identity.role,
  key     text not null,
  reach   text not null constraint role_permission_reach_known check (reach in ('subtree', 'own')),
  constraint role_permission_pkey primary key (role_id, key)
);
-- A person holds a role within an organisation and all below it.
create table identity.staff_role (
  staff_id uuid not null constraint staff_role_staff references identity.staff,
  role_id  uuid not null constraint staff_role_role references identity.role,
  org_id   uuid not null constraint staff_role_org references identity.org,
  constraint staff_role_pkey primary key (staff_id, role_id, org_id)
);

create table identity.session (
  token_hash bytea constraint session_pkey primary key,
  id         uuid not null constraint session_id_key unique,
  staff_id   uuid not null constraint session_staff references identity.staff,
  app        text not null constraint session_app_known check (app in ('desk', 'field', 'wall')),
  ip         text not null,
  agent      text not null,
  created_at timestamptz not null,
  seen_at    timestamptz not null,
  ended_at   timestamptz,
  ended_why  text,
  constraint session_end_has_reason check ((ended_at is null) = (ended_why is null))
);
create index session_of_staff on identity.session (staff_id) where ended_at is null;
