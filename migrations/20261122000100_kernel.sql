-- The role that the program works as. It owns nothing: what it is not granted, no program does.
do $$ begin
  create role hearthline_app nologin;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
  if not pg_has_role(current_user, 'hearthline_app', 'member') then
    execute format('grant hearthline_app to %I', current_user);
  end if;
end $$;
alter default privileges grant usage on schemas to hearthline_app;
alter default privileges grant select, insert, update, delete on tables to hearthline_app;
alter default privileges grant usage, select on sequences to hearthline_app;

create schema kernel;

-- What happened: outbox, audit trail and timeline in one, append-only.
create table kernel.event (
  id         bigint generated always as identity constraint event_pkey primary key,
  -- the writing transaction: readers stay below the oldest one that still runs
  xid        xid8 not null default pg_current_xact_id(),
  kind       text not null,
  subject    text not null,
  subject_id uuid not null,
  matter_id  uuid,
  org_path   text,
  payload    jsonb not null,
  actor_id   uuid,
  actor_name text not null,
  channel    text not null constraint event_channel_known
             check (channel in ('desk', 'field', 'portal', 'phone', 'system')),
  at         timestamptz not null
);
create index event_order on kernel.event (xid, id);
create index event_matter on kernel.event (matter_id, id) where matter_id is not null;
create index event_subject on kernel.event (subject_id, id);

-- A number of at least so many digits; longer ones keep all of theirs (lpad alone would cut them).
create function kernel.padded(n bigint, digits int) returns text
  language sql immutable parallel safe
  return lpad(n::text, greatest(digits, length(n::text)), '0');

create function kernel.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger event_append_only before update or delete or truncate on kernel.event
  for each statement execute function kernel.refuse_change();
revoke update, delete on kernel.event from hearthline_app;

-- The answer that each command got, so that the same command sent again happens once.
create table kernel.command (
  id        uuid constraint command_pkey primary key,
  operation text not null,
  actor_id  uuid,
  answer    jsonb not null,
  at        timestamptz not null
);

-- How far each reader of events has come.
create table kernel.cursor (
  reader text constraint cursor_pkey primary key,
  xid    bigint not null,
  event  bigint not null
);

-- Secrets that the installation made for itself, such as the key that signs links.
create table kernel.secret (
  name  text constraint secret_pkey primary key,
  value bytea not null
);
