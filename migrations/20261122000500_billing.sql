create schema billing;

create table billing.season (
  id        uuid constraint season_pkey primary key,
  code      text not null constraint season_code_key unique,
  starts_at timestamptz not null,
  ends_at   timestamptz not null,
  constraint season_forward check (starts_at < ends_at)
);

-- The book: double entry, in fen, append-only, bitemporal (valid_on: for which day it counts;
-- recorded_at: when we learned of it). Corrections are new postings that name what they correct.
create table billing.posting (
  id          uuid constraint posting_pkey primary key,
  -- what caused it; the same cause posts once
  source      text not null,
  source_id   text not null,
  corrects_id uuid constraint posting_corrects references billing.posting,
  memo        text not null,
  valid_on    date not null,
  recorded_at timestamptz not null,
  recorded_by uuid,
  constraint posting_source_key unique (source, source_id)
);
create table billing.entry (
  posting_id uuid not null constraint entry_posting references billing.posting,
  line       smallint not null,
  ledger     text not null constraint entry_ledger_known
             check (ledger in ('receivable', 'cash', 'bank', 'wechat', 'revenue', 'advance', 'suspense', 'rounding')),
  -- the customer's account, on receivable and advance
  account_id uuid constraint entry_account references directory.account,
  season_id  uuid constraint entry_season references billing.season,
  -- what for: heat, basic, late, reconnect
  item       text not null,
  -- debit positive, credit negative
  amount_fen bigint not null constraint entry_not_zero check (amount_fen <> 0),
  constraint entry_pkey primary key (posting_id, line),
  constraint entry_customer check (ledger not in ('receivable', 'advance') or account_id is not null)
);
create index entry_account on billing.entry (account_id, ledger) include (season_id, item, amount_fen)
  where account_id is not null;

-- At commit every posting has lines, and they sum to nothing.
create function billing.posting_balances() returns trigger language plpgsql as $$
declare
  the_posting uuid;
begin
  if tg_table_name = 'posting' then the_posting := new.id; else the_posting := new.posting_id; end if;
  if (select sum(amount_fen) from billing.entry where posting_id = the_posting)
     is distinct from 0 then
    raise exception 'posting % does not balance', the_posting
      using errcode = 'check_violation', constraint = 'posting_balances';
  end if;
  return null;
end $$;
create constraint trigger posting_balances after insert on billing.posting
  deferrable initially deferred for each row execute function billing.posting_balances();
create constraint trigger entry_balances after insert on billing.entry
  deferrable initially deferred for each row execute function billing.posting_balances();
create trigger posting_append_only before update or delete or truncate on billing.posting
  for each statement execute function kernel.refuse_change();
create trigger entry_append_only before update or delete or truncate on billing.entry
  for each statement execute function kernel.refuse_change();
