-- What a household was charged for a season: each version keeps the facts that we believed, the
-- version of the rules, and what came of them. Never edited: a correction is the next version.
create table billing.charge (
  account_id      uuid not null constraint charge_account references directory.account,
  season_id       uuid not null,
  pack_version_id uuid not null constraint charge_pack references billing.rule_pack_version,
  -- the posting that it made: the whole of a first version, the difference of a later one;
  -- nothing when there was nothing to post
  posting_id      uuid constraint charge_posting references ledger.posting,
  charged_at      timestamptz not null,
  amount_fen      bigint not null,
  heat_fen        bigint,
  basic_fen       bigint,
  metered_fen     bigint,
  height_fen      bigint,
  version         int not null constraint charge_version_counts check (version > 0),
  segment_id      int not null constraint charge_segment references ledger.segment,
  -- why there is this version, and what set it off: an opening, a change of facts, ...
  reason          text not null constraint charge_reason_known
                  check (reason in ('opening', 'entry', 'facts', 'rules')),
  cause_id        uuid,
  -- tariff::Facts as JSON, cut to the season
  facts           text not null,
  constraint charge_sums check (amount_fen = coalesce(heat_fen, 0) + coalesce(basic_fen, 0)
                                + coalesce(metered_fen, 0) + coalesce(height_fen, 0))
) partition by list (season_id);
create trigger charge_append_only before update or delete or truncate on billing.charge
  for each statement execute function kernel.refuse_change();
revoke all on billing.charge from hearthline_app;
grant select, insert on billing.charge to hearthline_app;

-- What follows changes tables' shape: it runs as the owner.
create function billing.part_of(of_season uuid) returns text language sql stable
  return (select 'charge_' || replace(code, '-', '_') from ledger.season where id = of_season);

-- A season's charges lie in a part of their own, which comes with the season.
create function billing.open_part() returns trigger language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
declare
  part text := billing.part_of(new.id);
begin
  execute format('create table billing.%I (like billing.charge including constraints)', part);
  execute format('create unique index %I on billing.%I (account_id, version)',
                 part || '_key', part);
  execute format('alter table billing.charge attach partition billing.%I for values in (%L)',
                 part, new.id);
  execute format('create trigger charge_append_only before update or delete or truncate
                  on billing.%I for each statement execute function kernel.refuse_change()', part);
  execute format('revoke all on billing.%I from hearthline_app', part);
  execute format('grant select on billing.%I to hearthline_app', part);
  return null;
end $$;
create trigger season_has_charges after insert on ledger.season
  for each row execute function billing.open_part();

-- A mass run fills a table of its own, bare of indexes, and attaches it as the season's part:
-- stage_open, copy into billing.stage_<code>, stage_index, and at the end stage_attach.
create function billing.stage_of(season uuid) returns text language sql stable
  return replace(billing.part_of(season), 'charge_', 'stage_');
create function billing.stage_open(season uuid) returns text language plpgsql
  security definer set search_path = pg_catalog, pg_temp
  set lock_timeout = '60s' as $$
declare
  stage text := billing.stage_of(season);
begin
  if stage is null then
    raise exception 'no such season' using errcode = 'foreign_key_violation';
  end if;
  execute format('drop table if exists billing.%I', stage);
  execute format('create table billing.%I (like billing.charge including constraints)', stage);
  execute format('alter table billing.%I set (autovacuum_enabled = off)', stage);
  execute format('revoke all on billing.%I from hearthline_app', stage);
  execute format('grant select, insert on billing.%I to hearthline_app', stage);
  return 'billing.' || stage;
end $$;
create function billing.stage_drop(season uuid) returns void language plpgsql
  security definer set search_path = pg_catalog, pg_temp
  set lock_timeout = '60s' as $$
begin
  execute format('drop table if exists billing.%I', billing.stage_of(season));
end $$;

-- All that can be done before the postings are there.
create function billing.stage_index(season uuid) returns void language plpgsql
  security definer set search_path = pg_catalog, pg_temp
  set lock_timeout = '60s' as $$
declare
  stage text := billing.stage_of(season);
begin
  execute format('revoke insert on billing.%I from hearthline_app', stage);
  execute format('create unique index %I on billing.%I (account_id, version)',
                 stage || '_key', stage);
  execute format(
    'alter table billing.%I
       add constraint charge_account foreign key (account_id) references directory.account
         not valid,
       add constraint charge_segment foreign key (segment_id) references ledger.segment not valid,
       add constraint charge_pack foreign key (pack_version_id)
         references billing.rule_pack_version not valid,
       add constraint charge_part check (season_id is not null and season_id = %L)',
    stage, season);
end $$;

create function billing.stage_validate(season uuid) returns void language plpgsql
  security definer set search_path = pg_catalog, pg_temp
  set lock_timeout = '60s' set enable_hashjoin = on as $$
begin
  execute format('alter table billing.%I validate constraint charge_account,
                                         validate constraint charge_pack,
                                         validate constraint charge_segment',
                 billing.stage_of(season));
end $$;

-- The season's part must be empty still: who was charged is not charged again. Its charges name a
-- few postings of millions: they are looked up, one after the other in the order of stations.
create function billing.stage_attach(season uuid) returns void language plpgsql
  security definer set search_path = pg_catalog, pg_temp
  set lock_timeout = '10s' set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  part  text := billing.part_of(season);
  stage text := billing.stage_of(season);
  taken boolean;
begin
  execute format('lock table billing.%I in access exclusive mode', part);
  execute format('select exists (select from billing.%I)', part) into taken;
  if taken then
    raise exception 'the season has charges' using errcode = 'unique_violation',
      constraint = 'charge_once';
  end if;
  perform billing.stage_validate(season);
  execute format('alter table billing.%I add constraint charge_posting
                  foreign key (posting_id) references ledger.posting', stage);
  execute format('alter table billing.charge detach partition billing.%I', part);
  execute format('drop table billing.%I', part);
  execute format('alter table billing.charge attach partition billing.%I for values in (%L)',
                 stage, season);
  execute format('alter table billing.%I drop constraint charge_part', stage);
  execute format('alter table billing.%I rename to %I', stage, part);
  execute format('alter index billing.%I rename to %I', stage || '_key', part || '_key');
  execute format('alter table billing.%I reset (autovacuum_enabled)', part);
  execute format('create trigger charge_append_only before update or delete or truncate
                  on billing.%I for each statement execute function kernel.refuse_change()', part);
end $$;
revoke execute on function billing.part_of, billing.stage_of, billing.stage_open,
  billing.stage_drop, billing.stage_index, billing.stage_validate, billing.stage_attach from public;
grant execute on function billing.part_of, billing.stage_of, billing.stage_open,
  billing.stage_drop, billing.stage_index, billing.stage_validate, billing.stage_attach
  to hearthline_app;

-- What late fees are reckoned from, as of a close: every debt of the season that was open then or
-- whose late fee was not paid, with all its changes up to that day. A copy of the book, so that a
-- moment's late fees over everybody need not read all of it; without a row here they do.
create table billing.late_close (
  through   date not null constraint late_close_period references ledger.period,
  season_id uuid not null constraint late_close_season references ledger.season,
  -- the versions of the rules by which it was decided which debts are done with
  packs     uuid[] not null,
  debts     bigint not null,
  constraint late_close_pkey primary key (through, season_id)
);
create table billing.late_sheet (
  through   date not null,
  season_id uuid not null,
  part      int not null constraint late_sheet_part_counts check (part >= 0),
  -- debts in order of households: see model::late::sheet
  debts     bytea not null,
  constraint late_sheet_pkey primary key (through, season_id, part),
  constraint late_sheet_close foreign key (through, season_id) references billing.late_close
);
alter table billing.late_sheet alter column debts set storage external;
create trigger late_close_append_only before update or delete or truncate on billing.late_close
  for each statement execute function kernel.refuse_change();
create trigger late_sheet_append_only before update or delete or truncate on billing.late_sheet
  for each statement execute function kernel.refuse_change();
revoke all on billing.late_close, billing.late_sheet from hearthline_app;
grant select, insert on billing.late_close, billing.late_sheet to hearthline_app;

-- A run that opens a season for some or all households: reckoned first, then looked at, then
-- posted by a job that may be killed at any instant and goes on.
create table billing.opening (
  id            uuid constraint opening_pkey primary key,
  season_id     uuid not null constraint opening_season references ledger.season,
  -- whom it is for
  selection     jsonb not null,
  -- the day for which its postings count
  valid_on      date not null,
  org_paths     text[] not null,
  state         text not null constraint opening_state_known
                check (state in ('reckoning', 'ready', 'posting', 'posted', 'withdrawn')),
  made_at       timestamptz not null,
  made_by       uuid,
  made_by_name  text not null,
  posted_at     timestamptz,
  posted_by     uuid,
  posted_by_name text,
  finished_at   timestamptz,
  households    int not null default 0,
  refused       int not null default 0,
  -- charged already: left alone
  skipped       int not null default 0,
  done          int not null default 0,
  amount_fen    bigint not null default 0,
  before_fen    bigint not null default 0,
  constraint opening_state_facts
    check ((posted_at is not null) = (state in ('posting', 'posted'))
           and (finished_at is not null) = (state = 'posted'))
);
create index opening_season_idx on billing.opening (season_id);
create table billing.opening_sum (
  opening_id uuid not null constraint opening_sum_opening references billing.opening,
  org_path   text not null,
  user_class text not null,
  households int not null,
  amount_fen bigint not null,
  before_fen bigint not null,
  constraint opening_sum_pkey primary key (opening_id, org_path, user_class)
);
create table billing.opening_change (
  opening_id uuid not null constraint opening_change_opening references billing.opening,
  place      int not null,
  account_id uuid not null constraint opening_change_account references directory.account,
  before_fen bigint not null,
  amount_fen bigint not null,
  constraint opening_change_pkey primary key (opening_id, place)
);
create table billing.opening_refusal (
  opening_id uuid not null constraint opening_refusal_opening references billing.opening,
  account_id uuid not null constraint opening_refusal_account references directory.account,
  code       text not null,
  zh         text not null,
  en         text not null,
  constraint opening_refusal_pkey primary key (opening_id, account_id)
);
