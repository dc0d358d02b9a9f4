-- Business of a household: holds, applications, adjustments, meters.

-- A hold binds every channel that takes money or applications: nothing, everything but arrears,
-- or only a warning. It ends by itself after its last day, or by who releases it and says why.
create table billing.hold (
  id           uuid constraint hold_pkey primary key,
  account_id   uuid not null constraint hold_account references directory.account,
  kind         text not null constraint hold_kind_known
               check (kind in ('block_all', 'block_current', 'warn')),
  reason_class text not null constraint hold_reason_class_known
               check (reason_class in ('inspection', 'dispute', 'legal', 'bounced_cheque',
                                       'data', 'other')),
  reason       text not null constraint hold_reason_said check (reason <> ''),
  -- what the customer is told
  words        text not null constraint hold_words_said check (words <> ''),
  -- what placed it: desk, or an event; the same cause holds once
  source       text not null,
  source_id    text,
  from_on      date not null,
  -- its last day
  until_on     date,
  made_at      timestamptz not null,
  made_by      uuid,
  made_by_name text not null,
  released_at  timestamptz,
  released_by  uuid,
  released_by_name text,
  release_reason text,
  constraint hold_forward check (until_on >= from_on),
  constraint hold_source_key unique (source, source_id),
  constraint hold_released_facts check (
    (released_at is null) = (release_reason is null)
    and (released_at is null) = (released_by_name is null))
);
create index hold_open on billing.hold (account_id) where released_at is null;
create index hold_newest on billing.hold (made_at desc, id desc);

create sequence billing.application_number;
create table billing.application (
  id           uuid constraint application_pkey primary key,
  no           text not null constraint application_no_key unique,
  kind         text not null constraint application_kind_known
               check (kind in ('entry', 'stop', 'restore', 'transfer', 'split', 'merge', 'area',
                               'class', 'demolition')),
  account_id   uuid not null constraint application_account references directory.account,
  org_path     text collate "C" not null,
  matter_id    uuid not null,
  season_id    uuid not null constraint application_season references ledger.season,
  pack_version_id uuid not null,
  -- what is asked for, and what was shown and declared with it
  form         jsonb not null,
  declared     jsonb not null,
  note         text not null default '',
  asked_from   date not null,
  state        text not null constraint application_state_known
               check (state in ('submitted', 'checked', 'approved', 'refused', 'done',
                                'withdrawn')),
  needs_approval boolean not null,
  -- what stood against it when it was checked, and why it went on all the same
  objections   jsonb not null default '[]',
  despite      text,
  -- what it was to change, in fen, when it was checked
  preview      jsonb not null,
  effective_on date,
  made_at      timestamptz not null,
  made_by      uuid,
  made_by_name text not null,
  answer_by    date not null,
  checked_at   timestamptz,
  decided_at   timestamptz,
  decided_by   uuid,
  decided_by_name text,
  decision     text,
  done_at      timestamptz,
  version      int not null default 1,
  constraint application_done_facts check (
    (state = 'done') = (done_at is not null)
    and (state <> 'done' or effective_on is not null)),
  constraint application_despite_said check (despite <> '')
);
create index application_account_idx on billing.application (account_id, made_at desc);
create index application_open on billing.application (state, made_at)
  where state in ('submitted', 'checked', 'approved');
create index application_newest on billing.application (made_at desc, id desc);

create table billing.application_paper (
  application_id uuid not null constraint application_paper_application
                 references billing.application,
  file_id        uuid not null constraint application_paper_file references files.file,
  kind           text not null,
  added_at       timestamptz not null,
  added_by_name  text not null,
  constraint application_paper_pkey primary key (application_id, file_id)
);

-- A valve to be moved for an application: filed as an order by a job, moved when the order says so.
create table billing.valve_request (
  id             uuid constraint valve_request_pkey primary key,
  application_id uuid not null constraint valve_request_application
                 references billing.application
                 constraint valve_request_once unique,
  account_id     uuid not null constraint valve_request_account references directory.account,
  action         text not null constraint valve_request_action_known
                 check (action in ('open', 'close')),
  requested_at   timestamptz not null,
  order_id       uuid constraint valve_request_order_key unique,
  moved_on       date,
  void_reason    text
);

create table billing.adjustment (
  id           uuid constraint adjustment_pkey primary key,
  kind         text not null constraint adjustment_kind_known
               check (kind in ('reduction', 'correction', 'carry_forward', 'write_off', 'recovery',
                               'refund')),
  account_id   uuid not null constraint adjustment_account references directory.account,
  org_path     text collate "C" not null,
  season_id    uuid constraint adjustment_season references ledger.season,
  item         text not null,
  amount_fen   bigint not null constraint adjustment_amount check (
                 amount_fen > 0 or (kind = 'correction' and amount_fen <> 0)),
  -- of a refund
  reason_class text constraint adjustment_reason_class_known
               check (reason_class in ('temperature', 'outage', 'area_error', 'double_payment',
                                       'metering', 'policy')),
  reason       text not null constraint adjustment_reason_said check (reason <> ''),
  state        text not null constraint adjustment_state_known
               check (state in ('proposed', 'posted', 'refused', 'withdrawn')),
  made_at      timestamptz not null,
  made_by      uuid,
  made_by_name text not null,
  decided_at   timestamptz,
  decided_by   uuid,
  decided_by_name text,
  decision     text,
  posting_id   uuid constraint adjustment_posting references ledger.posting,
  constraint adjustment_refund_class check ((kind = 'refund') = (reason_class is not null)),
  constraint adjustment_state_facts check (
    (state = 'posted') = (posting_id is not null)
    and (state = 'proposed') = (decided_at is null))
);
create index adjustment_account_idx on billing.adjustment (account_id, made_at desc);
create index adjustment_open on billing.adjustment (made_at) where state = 'proposed';
create index adjustment_newest on billing.adjustment (made_at desc, id desc);

-- What meters showed. A wrong reading is not edited: another one stands in its place and says why.
create table billing.reading (
  id            uuid constraint reading_pkey primary key,
  meter_id      uuid not null constraint reading_meter references directory.meter,
  read_on       date not null,
  -- thousandths of the meter's unit
  value_milli   bigint not null constraint reading_counts check (value_milli >= 0),
  source        text not null constraint reading_source_known
                check (source in ('manual', 'import', 'remote')),
  -- what is odd about it, as it was found when it came
  oddities      text[] not null default '{}',
  note          text not null default '',
  corrects_id   uuid constraint reading_corrects references billing.reading
                constraint reading_corrected_once unique,
  recorded_at   timestamptz not null,
  recorded_by   uuid,
  recorded_by_name text not null,
  constraint reading_correction_said check (corrects_id is null or note <> '')
);
create index reading_meter_idx on billing.reading (meter_id, read_on desc);
create trigger reading_append_only before update or delete or truncate on billing.reading
  for each statement execute function kernel.refuse_change();

-- What a season's metered heat came to: each version keeps its inputs, the difference is posted.
create table billing.settlement (
  account_id    uuid not null constraint settlement_account references directory.account,
  season_id     uuid not null constraint settlement_season references ledger.season,
  version       int not null constraint settlement_version_counts check (version > 0),
  pack_version_id uuid not null,
  -- first and last readings, units used, what was charged ahead: tariff::MeteredUse and its source
  inputs        jsonb not null,
  result        jsonb not null,
  posting_id    uuid constraint settlement_posting references ledger.posting,
  reason        text not null,
  settled_at    timestamptz not null,
  settled_by    uuid,
  settled_by_name text not null,
  constraint settlement_pkey primary key (account_id, season_id, version)
);
create trigger settlement_append_only before update or delete or truncate on billing.settlement
  for each statement execute function kernel.refuse_change();
