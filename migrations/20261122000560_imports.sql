create schema imports;

-- A file that came in, on its way into the house: read, checked, committed, perhaps undone.
create table imports.batch (
  id              uuid constraint batch_pkey primary key,
  kind            text not null constraint batch_kind_known
                  check (kind in ('households', 'charges', 'payments')),
  file_name       text not null,
  file_size       bigint not null,
  sha256          bytea not null constraint batch_hash_length check (length(sha256) = 32),
  -- the bytes as they came
  file_id         uuid not null constraint batch_file references files.file,
  headers         text[] not null default '{}',
  -- which column holds which field
  mapping         jsonb not null default '{}',
  org_path        text collate "C" not null,
  state           text not null constraint batch_state_known
                  check (state in ('reading', 'refused', 'staged', 'checking', 'checked',
                                   'committing', 'committed', 'undoing', 'undone')),
  -- why the file was refused after all
  refusal         text,
  row_count       int not null default 0,
  error_count     int not null default 0,
  -- lines that people decided to leave out
  left_count      int not null default 0,
  done_count      int not null default 0,
  -- how often lines went in: postings of a second time are others
  attempt         int not null default 0,
  -- the running step: the last line that it has done, when it began, when it last did something
  at_line         int not null default 0,
  step_began_at   timestamptz,
  step_at         timestamptz,
  -- control totals of the file, as the check found them, and what the old system states
  totals          jsonb not null default '[]',
  stated          jsonb not null default '[]',
  -- how it went when somebody last let everything in and forgot it
  trial           jsonb,
  created_at      timestamptz not null,
  created_by      uuid,
  created_by_name text not null,
  committed_at    timestamptz,
  undone_at       timestamptz,
  constraint batch_committed
    check ((committed_at is not null) = (state in ('committed', 'undoing', 'undone'))),
  constraint batch_undone check ((undone_at is not null) = (state = 'undone')),
  constraint batch_refused check ((refusal is not null) = (state = 'refused'))
);
create index batch_by_time on imports.batch (created_at desc, id desc);
-- The same file goes in once, unless it was undone.
create unique index batch_once on imports.batch (kind, sha256)
  where state in ('committing', 'committed', 'undoing');

create table imports.line (
  batch_id    uuid not null constraint line_batch references imports.batch on delete cascade,
  no          int not null,
  cells       text[] not null,
  -- what is wrong with it; nothing when it may go in
  faults      jsonb,
  -- people decided that it does not go in
  left_out    boolean not null default false,
  -- as the file had it, when people put it right
  original    text[],
  note        text,
  assignee_id uuid constraint line_assignee references identity.staff,
  decided_at  timestamptz,
  decided_by  text,
  constraint line_pkey primary key (batch_id, no)
);
create index line_wrong on imports.line (batch_id, no) where faults is not null;
create index line_decided on imports.line (batch_id, no) where decided_at is not null;
create index line_assigned on imports.line (assignee_id) where assignee_id is not null;

-- What was made of lines, to be taken back.
create table imports.made (
  batch_id   uuid not null constraint made_batch references imports.batch,
  no         int not null,
  account_id uuid not null,
  premise_id uuid not null,
  -- nobody when the holder was known
  person_id  uuid,
  phone      text,
  constraint made_pkey primary key (batch_id, no)
);
create table imports.posted (
  batch_id   uuid not null constraint posted_batch references imports.batch,
  posting_id uuid not null constraint posted_posting references ledger.posting,
  constraint posted_pkey primary key (batch_id, posting_id)
);

-- How columns of that shape were read the last time.
create table imports.mapping (
  kind    text not null,
  headers text not null,
  mapping jsonb not null,
  used_at timestamptz not null,
  constraint mapping_pkey primary key (kind, headers)
);

-- A season charged again by the rules in force, over everybody in sight, step by step.
create table imports.shadow (
  id           uuid constraint shadow_pkey primary key,
  season_id    uuid not null constraint shadow_season references ledger.season,
  org_paths    text[] not null,
  -- what it is compared with: the charges that were imported, or those of the book
  basis        text not null constraint shadow_basis_known check (basis in ('import', 'book')),
  state        text not null constraint shadow_state_known check (state in ('running', 'done')),
  -- the last household that was done
  at_account   uuid not null default '00000000-0000-0000-0000-000000000000',
  households   int not null,
  done         int not null default 0,
  began_at     timestamptz not null,
  step_at      timestamptz not null,
  made_by      uuid,
  made_by_name text not null
);
create index shadow_by_time on imports.shadow (began_at desc);
create table imports.shadow_sum (
  shadow_id  uuid not null constraint shadow_sum_shadow references imports.shadow on delete cascade,
  org_path   text collate "C" not null,
  user_class text not null,
  cause      text not null,
  households bigint not null,
  old_fen    bigint not null,
  new_fen    bigint not null,
  constraint shadow_sum_pkey primary key (shadow_id, org_path, user_class, cause)
);
-- Households whose charge differs.
create table imports.shadow_row (
  shadow_id  uuid not null constraint shadow_row_shadow references imports.shadow on delete cascade,
  account_id uuid not null,
  account_no text not null,
  org_path   text collate "C" not null,
  user_class text not null,
  cause      text not null,
  old_fen    bigint not null,
  new_fen    bigint not null,
  constraint shadow_row_pkey primary key (shadow_id, account_id)
);

-- What a shadow run found, signed and put down for ever.
create table imports.certificate (
  id            uuid constraint certificate_pkey primary key,
  shadow_id     uuid not null constraint certificate_shadow references imports.shadow,
  season_id     uuid not null constraint certificate_season references ledger.season,
  org_paths     text[] not null,
  -- the very text that was signed
  body          text not null,
  digest        bytea not null constraint certificate_digest_length check (length(digest) = 32),
  signature     bytea not null constraint certificate_signature_length
                check (length(signature) = 64),
  public_key    bytea not null constraint certificate_key_length check (length(public_key) = 32),
  made_at       timestamptz not null,
  made_by       uuid,
  made_by_name  text not null
);
create index certificate_by_time on imports.certificate (made_at desc);
create trigger certificate_append_only before update or delete or truncate on imports.certificate
  for each statement execute function kernel.refuse_change();
revoke update, delete, truncate on imports.certificate from hearthline_app;

-- Who came to do business with what a batch of households made: every table of the house that
-- names an account, a premise or a person, now and in time to come, is looked through.
create function imports.in_use(of_batch uuid)
  returns table (what text, households bigint)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  c record;
begin
  for c in
    select n.nspname || '.' || r.relname as place, format('%I.%I', n.nspname, r.relname) as name,
           a.attname as field
    from pg_attribute a
    join pg_class r on r.oid = a.attrelid
    join pg_namespace n on n.oid = r.relnamespace
    where a.attname in ('account_id', 'premise_id', 'person_id')
      and a.atttypid = 'uuid'::regtype and not a.attisdropped
      and r.relkind in ('r', 'p') and not r.relispartition and n.nspname <> 'imports'
      and n.nspname || '.' || r.relname not in
          ('directory.account_version', 'directory.account_room', 'directory.premise_version',
           'directory.account', 'directory.phone')
    order by 1, 3
  loop
    what := c.place;
    execute format('select count(*) from imports.made m where m.batch_id = $1
                    and exists (select from %s x where x.%I = m.%I)', c.name, c.field, c.field)
      into households using of_batch;
    if households > 0 then
      return next;
    end if;
  end loop;
  what := 'directory.change';
  select count(*) into households from imports.made m where m.batch_id = of_batch and (
    exists (select from directory.account_version v where v.account_id = m.account_id
            and (v.superseded_at <> 'infinity' or v.change_id is not null))
    or exists (select from directory.account_room v where v.account_id = m.account_id
               and (v.superseded_at <> 'infinity' or v.change_id is not null))
    or exists (select from directory.premise_version v where v.premise_id = m.premise_id
               and (v.superseded_at <> 'infinity' or v.change_id is not null)));
  if households > 0 then
    return next;
  end if;
  what := 'directory.phone';
  select count(*) into households from imports.made m where m.batch_id = of_batch and exists (
    select from directory.phone t
    where t.person_id = m.person_id and t.number is distinct from m.phone);
  if households > 0 then
    return next;
  end if;
  what := 'directory.account';
  select count(*) into households from imports.made m where m.batch_id = of_batch and exists (
    select from directory.account a
    where (a.person_id = m.person_id or a.premise_id = m.premise_id)
      and not exists (select from imports.made o where o.batch_id = of_batch
                      and o.account_id = a.id));
  if households > 0 then
    return next;
  end if;
end $$;

-- Takes the next households of a batch out again. Every guard of the house stands: what refers to
-- them refuses it by its key, what was changed since by the history's trigger; and each that goes
-- leaves its retraction. Nothing but what this batch made can go this way.
create function imports.unmake(of_batch uuid, most int, now timestamptz) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  accounts uuid[];
  premises uuid[];
  persons  uuid[];
  nos      int[];
begin
  if not exists (select from imports.batch b
                 where b.id = of_batch and b.state = 'undoing' and b.kind = 'households') then
    raise exception 'only a batch that is being undone is taken out'
      using errcode = 'restrict_violation';
  end if;
  select array_agg(m.account_id), array_agg(m.premise_id),
         array_agg(m.person_id) filter (where m.person_id is not null), array_agg(m.no)
    into accounts, premises, persons, nos
  from (select * from imports.made where batch_id = of_batch order by no desc limit most) m;
  if nos is null then
    return 0;
  end if;
  insert into directory.retraction (subject_id, subject, name, batch_id, retracted_at)
    select id, 'account', account_no, of_batch, now from directory.account where id = any(accounts)
    union all
    select id, 'premise', code, of_batch, now from directory.premise where id = any(premises);
  delete from directory.account_room where account_id = any(accounts);
  delete from directory.account_version where account_id = any(accounts);
  delete from directory.account where id = any(accounts);
  delete from directory.premise_version where premise_id = any(premises);
  delete from directory.premise where id = any(premises);
  delete from directory.phone t using imports.made m
    where m.batch_id = of_batch and m.no = any(nos)
      and t.person_id = m.person_id and t.number = m.phone;
  delete from directory.person p where p.id = any(persons);
  delete from imports.made where batch_id = of_batch and no = any(nos);
  return cardinality(nos);
end $$;
revoke execute on function imports.unmake, imports.in_use from public;
grant execute on function imports.unmake, imports.in_use to hearthline_app;
