-- A run over many households, step by step: what new rules come to, looked at before they are
-- published and posted after; the settlement of a season's meters; and the close of its late
-- fees. First everybody is
-- reckoned and nothing posted; then, when somebody said yes, it is posted. Killed at any instant,
-- it goes on behind the household to which it had come.
create table billing.run (
  id            uuid constraint run_pkey primary key,
  kind          text not null constraint run_kind_known check (kind in ('rules', 'settlement', 'late')),
  -- the rules that it is about, as they were written at that count of changes
  pack_version_id uuid constraint run_pack references billing.rule_pack_version,
  revision      int,
  -- the season whose meters are settled, or whose late fees are closed
  season_id     uuid constraint run_season references ledger.season,
  -- the day until which late fees have grown
  on_day        date constraint run_day check ((kind = 'late') = (on_day is not null)),
  org_paths     text[] not null,
  state         text not null constraint run_state_known
                check (state in ('reckoning', 'ready', 'posting', 'posted', 'withdrawn')),
  -- where it has come to in the phase that runs; nothing before its first household
  at_season     uuid,
  at_account    uuid,
  -- households (each season's counted) that are looked at
  households    int not null default 0,
  looked        int not null default 0,
  -- whose charge differs, and what they were charged and would be, in fen
  changed       int not null default 0,
  refused       int not null default 0,
  from_fen      bigint not null default 0,
  to_fen        bigint not null default 0,
  -- looked at again while posting, and corrected by then
  done          int not null default 0,
  corrected     int not null default 0,
  made_at       timestamptz not null,
  made_by       uuid,
  made_by_name  text not null,
  posted_at     timestamptz,
  posted_by_name text,
  finished_at   timestamptz,
  constraint run_about check ((kind = 'rules') = (pack_version_id is not null)
                              and (kind = 'rules') = (revision is not null)
                              and (kind <> 'rules') = (season_id is not null)),
  constraint run_state_facts check ((posted_at is not null) = (state in ('posting', 'posted'))
                                    and (finished_at is not null) = (state = 'posted'))
);
create index run_pack_idx on billing.run (pack_version_id);
create index run_newest on billing.run (made_at desc, id desc);

create table billing.run_sum (
  run_id     uuid not null constraint run_sum_run references billing.run,
  season_id  uuid not null constraint run_sum_season references ledger.season,
  org_path   text not null,
  user_class text not null,
  households int not null,
  from_fen   bigint not null,
  to_fen     bigint not null,
  constraint run_sum_pkey primary key (run_id, season_id, org_path, user_class)
);
-- the households whose charge differs
create table billing.run_change (
  run_id     uuid not null constraint run_change_run references billing.run,
  season_id  uuid not null constraint run_change_season references ledger.season,
  account_id uuid not null constraint run_change_account references directory.account,
  from_fen   bigint not null,
  to_fen     bigint not null,
  constraint run_change_pkey primary key (run_id, season_id, account_id)
);
-- the households for which nothing could be reckoned, and why
create table billing.run_refusal (
  run_id     uuid not null constraint run_refusal_run references billing.run,
  season_id  uuid not null constraint run_refusal_season references ledger.season,
  account_id uuid not null constraint run_refusal_account references directory.account,
  code       text not null,
  zh         text not null,
  en         text not null,
  constraint run_refusal_pkey primary key (run_id, season_id, account_id)
);
