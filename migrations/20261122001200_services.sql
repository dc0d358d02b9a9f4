-- Paid services: what they cost, what the warranty covers, what was done in whose flat, and what
-- the repairer earns by it.
create schema services;

-- The book gets what is owed to those who repair, and what their work costs.
alter table ledger.entry drop constraint entry_ledger_known;
alter table ledger.entry add constraint entry_ledger_known
  check (ledger in ('receivable', 'advance', 'cash', 'bank', 'wechat', 'alipay', 'card',
                    'cheque', 'revenue', 'suspense', 'rounding', 'bad_debt',
                    'refund_payable', 'discount', 'payable', 'expense'));

-- What can be done or fitted, and what must be paid for it: data, so that a company sets its own.
create table services.item (
  id       uuid constraint item_pkey primary key,
  code     text not null constraint item_code_key unique
           constraint item_code_form check (code ~ '^[0-9A-Z][0-9A-Z-]{0,19}$'),
  sort     integer not null,
  kind     text not null constraint item_kind_known check (kind in ('service', 'material')),
  -- public service that is paid out of warranty, or a service of the market beside it
  class    text not null constraint item_class_known check (class in ('repair', 'value_added')),
  -- whose the thing is that is worked on: the company's up to the flat, the household's inside
  part     text not null constraint item_part_known check (part in ('public', 'inside')),
  name     text not null constraint item_named check (name <> ''),
  name_en  text not null default '',
  unit     text not null constraint item_unit_named check (unit <> ''),
  made_at  timestamptz not null
);

-- Its prices, each from a day on until the next one; what was in force stays readable for ever.
create table services.price (
  id             uuid constraint price_pkey primary key,
  item_id        uuid not null constraint price_item references services.item,
  valid_from     date not null,
  -- false: not offered any more from that day on
  offered        boolean not null,
  price_fen      bigint not null
                 constraint price_sane check (price_fen between 0 and 10000000),
  -- whether the repairer may agree on another price, and say why
  negotiable     boolean not null,
  -- how long what was done is covered when it fails again
  warranty_days  integer not null constraint price_warranty check (warranty_days between 0 and 3650),
  -- what the repairer earns: so much for each unit, and so many hundredths of a percent of the price
  pay_fixed_fen  bigint not null constraint price_pay_fixed check (pay_fixed_fen between 0 and 10000000),
  pay_share_bp   integer not null constraint price_pay_share check (pay_share_bp between 0 and 10000),
  recorded_at    timestamptz not null,
  recorded_by    text not null,
  -- a price that had not begun was replaced by another one of the same day
  superseded_at  timestamptz
);
create unique index price_once on services.price (item_id, valid_from) where superseded_at is null;

-- What the warranty covers, and what an audit looks for; from a day on until the next one.
create table services.rule (
  id                 uuid constraint rule_pkey primary key,
  valid_from         date not null,
  -- work on the company's part costs the household nothing
  public_free        boolean not null,
  -- days from the opening of the first account of the flat
  installation_days  integer not null
                     constraint rule_installation check (installation_days between 0 and 7300),
  -- the same flat within so many days is looked at
  repeat_days        integer not null constraint rule_repeat check (repeat_days between 0 and 730),
  sample_percent     integer not null constraint rule_sample check (sample_percent between 0 and 100),
  -- on what paper it stands
  citation           text not null,
  recorded_at        timestamptz not null,
  recorded_by        text not null,
  superseded_at      timestamptz
);
create unique index rule_once on services.rule (valid_from) where superseded_at is null;

create sequence services.sheet_number;
create sequence services.statement_number;

-- One offer to a household: shown before the work, agreed to by signature, charged when done.
create table services.sheet (
  id            uuid constraint sheet_pkey primary key,
  no            text not null constraint sheet_no_key unique,
  order_id      uuid not null constraint sheet_order references orders.work_order,
  round         integer not null,
  account_id    uuid not null constraint sheet_account references directory.account,
  premise_id    uuid not null constraint sheet_premise references directory.premise,
  org_path      text collate "C" not null,
  staff_id      uuid not null constraint sheet_staff references identity.staff,
  state         text not null constraint sheet_state_known check (state in
                ('quoted', 'agreed', 'charged', 'declined', 'withdrawn', 'reversed')),
  -- the day whose prices and warranty count
  priced_on     date not null,
  rule_id       uuid not null constraint sheet_rule references services.rule,
  -- what the household pays, and what the repairer earns
  total_fen     bigint not null constraint sheet_total check (total_fen >= 0),
  pay_fen       bigint not null constraint sheet_pay check (pay_fen >= 0),
  quoted_at     timestamptz not null,
  agreed_at     timestamptz,
  signer        text not null default '',
  signature_id  uuid constraint sheet_signature references files.file,
  charged_at    timestamptz,
  charged_on    date,
  posting_id    uuid constraint sheet_posting references ledger.posting,
  ended_at      timestamptz,
  ended_by      text not null default '',
  end_reason    text not null default '',
  reversal_id   uuid constraint sheet_reversal references ledger.posting,
  constraint sheet_consent check (
    state not in ('agreed', 'charged', 'reversed')
    or (agreed_at is not null and signature_id is not null and signer <> '')),
  constraint sheet_charge check (
    (state in ('charged', 'reversed')) = (charged_at is not null)
    and (charged_at is null) = (charged_on is null)
    and (charged_at is null or (posting_id is not null) = (total_fen > 0))),
  constraint sheet_end check (
    (state in ('declined', 'withdrawn', 'reversed')) = (ended_at is not null)
    and (ended_at is null or end_reason <> '')
    and (reversal_id is not null) = (state = 'reversed' and total_fen > 0))
);
-- one offer lies on the table at a time
create unique index sheet_open on services.sheet (order_id) where state in ('quoted', 'agreed');
create index sheet_of_order on services.sheet (order_id);
create index sheet_of_premise on services.sheet (premise_id, charged_on) where charged_on is not null;
create index sheet_of_staff on services.sheet (staff_id, charged_on) where charged_on is not null;
create index sheet_newest on services.sheet (quoted_at desc, id desc);

create table services.line (
  sheet_id      uuid not null constraint line_sheet references services.sheet,
  line          integer not null constraint line_counts check (line > 0),
  item_id       uuid not null constraint line_item references services.item,
  price_id      uuid not null constraint line_price references services.price,
  -- hundredths of the unit
  quantity      integer not null constraint line_quantity check (quantity between 1 and 1000000),
  list_fen      bigint not null,
  unit_fen      bigint not null constraint line_unit check (unit_fen between 0 and 10000000),
  -- what it is worth; what the household pays is nothing when it is covered
  sum_fen       bigint not null constraint line_sum check (sum_fen >= 0),
  -- what the rule says about the warranty, why, and until when or of which earlier work
  rule_covered  boolean not null,
  rule_reason   text not null constraint line_reason_known check (rule_reason in
                ('public_part', 'new_installation', 'repaired', 'value_added', 'out')),
  rule_until    date,
  rule_sheet_id uuid constraint line_rule_sheet references services.sheet,
  -- what was done, and why when it is not what the rule or the price list says
  covered       boolean not null,
  said          text not null default '',
  charge_fen    bigint not null,
  pay_fen       bigint not null constraint line_pay check (pay_fen >= 0),
  constraint line_pkey primary key (sheet_id, line),
  constraint line_charge check (charge_fen = case when covered then 0 else sum_fen end),
  constraint line_said check ((covered = rule_covered and unit_fen = list_fen) or said <> '')
);
create index line_of_item on services.line (item_id);

-- What somebody must look at, and what he decided.
create table services.audit (
  sheet_id    uuid constraint audit_pkey primary key
              constraint audit_sheet references services.sheet,
  org_path    text collate "C" not null,
  findings    text[] not null constraint audit_found check (
              cardinality(findings) > 0
              and findings <@ array['against_rule', 'price_changed', 'again', 'sample']),
  found_at    timestamptz not null,
  state       text not null constraint audit_state_known check (state in ('open', 'passed', 'objected')),
  decided_at  timestamptz,
  decided_by  uuid constraint audit_decider references identity.staff,
  decided_by_name text not null default '',
  note        text not null default '',
  constraint audit_decided check ((state = 'open') = (decided_at is null)),
  constraint audit_words check (state <> 'objected' or note <> '')
);
create index audit_open on services.audit (found_at, sheet_id) where state = 'open';

-- What one repairer earned in a period, proposed by one person and approved by another.
create table services.statement (
  id           uuid constraint statement_pkey primary key,
  no           text not null constraint statement_no_key unique,
  staff_id     uuid not null constraint statement_staff references identity.staff,
  org_path     text collate "C" not null,
  from_day     date not null,
  through      date not null,
  state        text not null constraint statement_state_known check (state in
               ('proposed', 'posted', 'refused', 'reversed')),
  earned_fen   bigint not null constraint statement_earned check (earned_fen >= 0),
  deducted_fen bigint not null constraint statement_deducted check (deducted_fen >= 0),
  made_at      timestamptz not null,
  made_by      uuid not null constraint statement_maker references identity.staff,
  made_by_name text not null,
  decided_at   timestamptz,
  decided_by   uuid constraint statement_decider references identity.staff,
  decided_by_name text not null default '',
  decision     text not null default '',
  posting_id   uuid constraint statement_posting references ledger.posting,
  reversed_at  timestamptz,
  reversed_by_name text not null default '',
  reverse_reason text not null default '',
  reversal_id  uuid constraint statement_reversal references ledger.posting,
  constraint statement_forward check (from_day <= through),
  constraint statement_second_person check (
    decided_by is null or (decided_by <> made_by and decided_by <> staff_id)),
  constraint statement_state_facts check (
    (state = 'proposed') = (decided_at is null)
    and (state = 'reversed') = (reversed_at is not null)
    and (state not in ('posted', 'reversed') or earned_fen = deducted_fen
         or posting_id is not null))
);
create index statement_newest on services.statement (made_at desc, id desc);

-- Its lines: each sheet is earned once and deducted once, unless what settled it fell away.
create table services.statement_line (
  statement_id uuid not null constraint statement_line_statement references services.statement,
  sheet_id     uuid not null constraint statement_line_sheet references services.sheet,
  kind         text not null constraint statement_line_kind_known check (kind in ('earned', 'deducted')),
  amount_fen   bigint not null,
  released     boolean not null default false,
  constraint statement_line_pkey primary key (statement_id, sheet_id, kind)
);
create unique index statement_line_once on services.statement_line (sheet_id, kind) where not released;

-- What was charged, signed or settled is not unmade by deleting it.
revoke delete on all tables in schema services from hearthline_app;
revoke update on services.item, services.line from hearthline_app;
