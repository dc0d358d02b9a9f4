create schema imports;

-- A file that came in, on its way into the house: staged, checked, committed, perhaps undone.
create table imports.batch (
  id              uuid constraint batch_pkey primary key,
  kind            text not null constraint batch_kind_known
                  check (kind in ('households', 'charges', 'payments')),
  file_name       text not null,
  file_size       bigint not null,
  sha256          bytea not null constraint batch_hash_length check (length(sha256) = 32),
  headers         text[] not null,
  -- which column holds which field
  mapping         jsonb not null,
  org_path        text collate "C" not null,
  state           text not null constraint batch_state_known
                  check (state in ('staged', 'checked', 'committing', 'committed', 'undoing', 'undone')),
  row_count       int not null,
  error_count     int not null default 0,
  done_count      int not null default 0,
  -- control totals of the file, as the check found them
  totals          jsonb not null default '[]',
  created_at      timestamptz not null,
  created_by      uuid,
  created_by_name text not null,
  committed_at    timestamptz,
  undone_at       timestamptz,
  constraint batch_committed
    check ((committed_at is not null) = (state in ('committed', 'undoing', 'undone'))),
  constraint batch_undone check ((undone_at is not null) = (state = 'undone'))
);
create index batch_by_time on imports.batch (created_at desc, id desc);
-- The same file goes in once, unless it was undone.
create unique index batch_once on imports.batch (kind, sha256)
  where state in ('committing', 'committed', 'undoing');

create table imports.line (
  batch_id uuid not null constraint line_batch references imports.batch on delete cascade,
  no       int not null,
  cells    jsonb not null,
  -- what is wrong with it; nothing when it may go in
  faults   jsonb,
  done     boolean not null default false,
  -- what was made of it, to be taken back
  made     jsonb,
  constraint line_pkey primary key (batch_id, no)
);
create index line_wrong on imports.line (batch_id, no) where faults is not null;

-- How columns of that shape were read the last time.
create table imports.mapping (
  kind    text not null,
  headers text not null,
  mapping jsonb not null,
  used_at timestamptz not null,
  constraint mapping_pkey primary key (kind, headers)
);

-- What the rules make of the last season beside what the old house charged.
create table imports.certificate (
  id            uuid constraint certificate_pkey primary key,
  season_id     uuid not null constraint certificate_season references ledger.season,
  org_path      text collate "C" not null,
  body          jsonb not null,
  -- of the body's text
  digest        bytea not null constraint certificate_digest_length check (length(digest) = 32),
  made_at       timestamptz not null,
  made_by       uuid,
  made_by_name  text not null
);
create index certificate_season_idx on imports.certificate (season_id, made_at desc);
create trigger certificate_append_only before update or delete or truncate on imports.certificate
  for each statement execute function kernel.refuse_change();

-- Takes households out again that an import has just made and nobody has done business with: what
-- refers to them refuses it. The one way by which versions of facts go, and only from their first
-- belief.
create function imports.unmake(accounts uuid[], premises uuid[], persons uuid[]) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from unnest(accounts) a (id) where not exists (
       select from imports.line l
       join imports.batch b on b.id = l.batch_id and b.state = 'undoing'
       where (l.made->>'account')::uuid = a.id)) then
    raise exception 'only what an import made is taken out' using errcode = 'restrict_violation';
  end if;
  alter table directory.account_room disable trigger account_room_is_history;
  alter table directory.account_version disable trigger account_version_is_history;
  alter table directory.premise_version disable trigger premise_version_is_history;
  delete from directory.account_room where account_id = any(accounts);
  delete from directory.account_version where account_id = any(accounts);
  delete from directory.account where id = any(accounts);
  delete from directory.premise_version where premise_id = any(premises);
  delete from directory.premise where id = any(premises);
  delete from directory.phone where person_id = any(persons);
  delete from directory.person where id = any(persons);
  alter table directory.account_room enable trigger account_room_is_history;
  alter table directory.account_version enable trigger account_version_is_history;
  alter table directory.premise_version enable trigger premise_version_is_history;
end $$;
revoke execute on function imports.unmake from public;
grant execute on function imports.unmake to hearthline_app;
