create schema payments;

-- A cashier's turn at the till: the float goes in, money is taken, the drawer is counted, and what
-- is over or short has a name before the turn can close.
create sequence payments.shift_no as bigint;
create table payments.shift (
  id                uuid constraint shift_pkey primary key,
  no                text not null constraint shift_no_key unique,
  cashier_id        uuid not null constraint shift_cashier references identity.staff,
  org_path          text collate "C" not null,
  -- the window, as it stands above the glass
  counter           text not null,
  float_fen         bigint not null
                    constraint shift_float_sane check (float_fen between 0 and 100000000),
  state             text not null constraint shift_state_known
                    check (state in ('open', 'counted', 'closed')),
  opened_at         timestamptz not null,
  counted_at        timestamptz,
  -- what was in the drawer, and what should have been
  counted_fen       bigint,
  expected_fen      bigint,
  difference_reason text not null default '',
  closed_at         timestamptz,
  -- who took the drawer over; nobody when it went to the safe
  handed_to         uuid constraint shift_handed_to references identity.staff,
  -- the posting that books what was over or short
  posting_id        uuid,
  constraint shift_counted check ((counted_at is not null) = (state <> 'open')
    and (counted_fen is not null) = (state <> 'open')
    and (expected_fen is not null) = (state <> 'open')),
  constraint shift_closed check ((closed_at is not null) = (state = 'closed')),
  constraint shift_difference_named
    check (state <> 'closed' or counted_fen = expected_fen or difference_reason <> '')
);
create unique index shift_one_open on payments.shift (cashier_id) where state <> 'closed';
create index shift_by_day on payments.shift (opened_at, id);

-- What somebody set out to pay, for one account or for four hundred.
create sequence payments.order_no as bigint;
create table payments.payment_order (
  id                  uuid constraint payment_order_pkey primary key,
  no                  text not null constraint payment_order_no_key unique,
  -- how it is meant to be paid; an attempt may come another way
  method              text not null constraint payment_order_method_known
                      check (method in ('cash', 'card', 'transfer', 'cheque', 'wechat', 'alipay',
                                        'bank', 'suspense')),
  -- what the accounts get
  amount_fen          bigint not null
                      constraint payment_order_amount_sane
                      check (amount_fen between 1 and 100000000000),
  -- what rounding gives (positive: the house waives it) when the drawer has no small coins
  rounding_fen        bigint not null default 0
                      constraint payment_order_rounding_small check (abs(rounding_fen) < 100),
  tendered_fen        bigint,
  change_fen          bigint,
  state               text not null constraint payment_order_state_known
                      check (state in ('open', 'settled', 'reversed')),
  org_path            text collate "C" not null,
  shift_id            uuid constraint payment_order_shift references payments.shift,
  payer               text not null default '',
  memo                text not null default '',
  created_by          uuid constraint payment_order_created_by references identity.staff,
  created_by_name     text not null default '',
  created_at          timestamptz not null,
  settled_at          timestamptz,
  -- the ledger's postings: the money, late fees booked with it, and the way back
  posting_id          uuid,
  late_posting_id     uuid,
  reversed_at         timestamptz,
  reversal_posting_id uuid,
  reversal_reason     text not null default '',
  constraint payment_order_settled
    check ((state = 'open') = (settled_at is null) and (state = 'open') = (posting_id is null)),
  constraint payment_order_reversed
    check ((state = 'reversed') = (reversed_at is not null)
       and (state = 'reversed') = (reversal_reason <> '')),
  constraint payment_order_change
    check (tendered_fen is null or tendered_fen - change_fen = amount_fen - rounding_fen)
);
create index payment_order_by_time on payments.payment_order (created_at desc, id desc);
create index payment_order_shift on payments.payment_order (shift_id, created_at)
  where shift_id is not null;
create index payment_order_settled_at on payments.payment_order (settled_at)
  where settled_at is not null;

-- Who gets how much of it.
create table payments.share (
  order_id   uuid not null constraint share_order references payments.payment_order,
  account_id uuid not null constraint share_account references directory.account,
  amount_fen bigint not null constraint share_positive check (amount_fen > 0),
  constraint share_pkey primary key (order_id, account_id)
);
create index share_account on payments.share (account_id, order_id);

-- One try to pay an order. What a provider says may come twice, late and in any order: the state
-- only rises (pending, unknown, failed, succeeded).
create table payments.attempt (
  id            uuid constraint attempt_pkey primary key,
  order_id      uuid not null constraint attempt_order references payments.payment_order,
  channel       text not null constraint attempt_channel_known
                check (channel in ('cash', 'card', 'transfer', 'cheque', 'wechat', 'alipay',
                                   'bank', 'suspense')),
  -- the provider's own number of it
  reference     text not null constraint attempt_reference_there check (reference <> ''),
  amount_fen    bigint not null constraint attempt_positive check (amount_fen > 0),
  state         text not null constraint attempt_state_known
                check (state in ('pending', 'unknown', 'failed', 'succeeded')),
  -- a success settles its order, or it is too much and goes back
  outcome       text constraint attempt_outcome_known check (outcome in ('settled', 'surplus')),
  began_at      timestamptz not null,
  told_at       timestamptz,
  queries       integer not null default 0,
  next_query_at timestamptz,
  last_error    text not null default '',
  constraint attempt_reference_key unique (channel, reference),
  constraint attempt_outcome check ((outcome is not null) = (state = 'succeeded'))
);
create index attempt_order on payments.attempt (order_id);
-- The database's own guard: whatever the code does, an order is settled once.
create unique index attempt_settles_once on payments.attempt (order_id) where outcome = 'settled';
create index attempt_to_query on payments.attempt (next_query_at)
  where state in ('pending', 'unknown');

-- Money that goes back, and how far it has come.
create table payments.refund (
  id              uuid constraint refund_pkey primary key,
  order_id        uuid constraint refund_order references payments.payment_order,
  attempt_id      uuid constraint refund_attempt references payments.attempt,
  account_id      uuid constraint refund_account references directory.account,
  org_path        text collate "C" not null,
  amount_fen      bigint not null constraint refund_positive check (amount_fen > 0),
  method          text not null constraint refund_method_known
                  check (method in ('cash', 'card', 'transfer', 'cheque', 'wechat', 'alipay',
                                    'bank', 'suspense')),
  kind            text not null constraint refund_kind_known
                  check (kind in ('double_success', 'order', 'credit')),
  reason          text not null,
  state           text not null constraint refund_state_known
                  check (state in ('requested', 'refused', 'running', 'done')),
  requested_by    uuid constraint refund_requested_by references identity.staff,
  requested_at    timestamptz not null,
  decided_by      uuid constraint refund_decided_by references identity.staff,
  decided_at      timestamptz,
  tries           integer not null default 0,
  next_try_at     timestamptz,
  last_error      text not null default '',
  done_at         timestamptz,
  -- the turn at the till whose drawer it left, when it was paid over the counter
  paid_in         uuid constraint refund_paid_in references payments.shift,
  reference       text not null default '',
  -- what booked the debt to the customer, and what booked its payment
  owed_posting_id uuid,
  paid_posting_id uuid,
  constraint refund_attempt_key unique (attempt_id),
  constraint refund_two_people
    check (decided_by is null or requested_by is null or decided_by <> requested_by),
  constraint refund_done check ((state = 'done') = (done_at is not null)),
  constraint refund_tried check ((next_try_at is not null) <= (state = 'running'))
);
create unique index refund_of_order on payments.refund (order_id)
  where kind = 'order' and state <> 'refused';
create index refund_open on payments.refund (requested_at) where state in ('requested', 'running');
create index refund_paid_in on payments.refund (paid_in) where paid_in is not null;
create index refund_to_try on payments.refund (next_try_at) where next_try_at is not null;

-- The stock of numbers: a block that a cashier or a hall was given.
create table payments.receipt_range (
  id         uuid constraint receipt_range_pkey primary key,
  org_path   text collate "C" not null,
  -- whose; everybody's of the organisation when empty
  cashier_id uuid constraint receipt_range_cashier references identity.staff,
  prefix     text not null constraint receipt_range_prefix check (prefix ~ '^[A-Z0-9-]{0,12}$'),
  digits     integer not null constraint receipt_range_digits check (digits between 4 and 12),
  first_no   bigint not null,
  last_no    bigint not null,
  next_no    bigint not null,
  given_by   uuid constraint receipt_range_given_by references identity.staff,
  given_at   timestamptz not null,
  closed_at  timestamptz,
  constraint receipt_range_forward
    check (0 < first_no and first_no <= last_no and next_no between first_no and last_no + 1)
);
create index receipt_range_open on payments.receipt_range (cashier_id, given_at)
  where closed_at is null;

-- How a receipt looks; each change is a new version, and a receipt keeps the one it was made with.
create table payments.receipt_face (
  version  integer constraint receipt_face_pkey primary key,
  face     jsonb not null,
  made_by  uuid constraint receipt_face_made_by references identity.staff,
  made_at  timestamptz not null
);

create table payments.receipt (
  id           uuid constraint receipt_pkey primary key,
  no           text not null constraint receipt_no_key unique,
  range_id     uuid not null constraint receipt_range references payments.receipt_range,
  order_id     uuid not null constraint receipt_order references payments.payment_order,
  state        text not null constraint receipt_state_known check (state in ('issued', 'void')),
  amount_fen   bigint not null,
  face_version integer not null constraint receipt_face references payments.receipt_face,
  -- everything that stands on it: the same paper again, whatever happened since
  content      jsonb not null,
  copies       integer not null default 0,
  issued_at    timestamptz not null,
  issued_by    uuid constraint receipt_issued_by references identity.staff,
  voided_at    timestamptz,
  voided_by    uuid constraint receipt_voided_by references identity.staff,
  void_reason  text not null default '',
  constraint receipt_void
    check ((state = 'void') = (voided_at is not null) and (state = 'void') = (void_reason <> ''))
);
create unique index receipt_one_valid on payments.receipt (order_id) where state = 'issued';
create index receipt_order on payments.receipt (order_id);

-- Money that came and nobody knows for whom.
create table payments.suspense (
  id          uuid constraint suspense_pkey primary key,
  channel     text not null constraint suspense_channel_known
              check (channel in ('cash', 'card', 'transfer', 'cheque', 'wechat', 'alipay', 'bank')),
  reference   text not null constraint suspense_reference_there check (reference <> ''),
  amount_fen  bigint not null
              constraint suspense_amount_sane check (amount_fen between 1 and 100000000000),
  payer       text not null default '',
  remark      text not null default '',
  received_on date not null,
  org_path    text collate "C" not null,
  state       text not null constraint suspense_state_known
              check (state in ('open', 'assigned', 'returned')),
  order_id    uuid constraint suspense_order references payments.payment_order,
  posting_id  uuid not null,
  created_by  uuid constraint suspense_created_by references identity.staff,
  created_at  timestamptz not null,
  decided_by  uuid constraint suspense_decided_by references identity.staff,
  decided_at  timestamptz,
  reason      text not null default '',
  constraint suspense_reference_key unique (channel, reference),
  constraint suspense_decided check ((state = 'open') = (decided_at is null)),
  constraint suspense_assigned check ((state = 'assigned') = (order_id is not null))
);
create index suspense_open on payments.suspense (received_on) where state = 'open';

-- A day's books of an organisation, agreed or with the difference named.
create table payments.day_close (
  id             uuid constraint day_close_pkey primary key,
  on_date        date not null,
  org_path       text collate "C" not null,
  -- each channel: by orders, by the ledger, in the drawers
  lines          jsonb not null,
  difference_fen bigint not null,
  explanation    text not null default '',
  closed_by      uuid constraint day_close_closed_by references identity.staff,
  closed_at      timestamptz not null,
  constraint day_close_key unique (on_date, org_path),
  constraint day_close_difference_named check (difference_fen = 0 or explanation <> '')
);

-- Who is asked to pay what he owes: arrears of a place or a branch in a collector's hand.
create sequence payments.collection_no as bigint;
create table payments.collection_list (
  id           uuid constraint collection_list_pkey primary key,
  no           text not null constraint collection_list_no_key unique,
  org_path     text collate "C" not null,
  -- the place that was asked for; none when households were chosen otherwise
  place_id     uuid constraint collection_list_place references directory.place,
  -- what it is, in words
  title        text not null default '',
  collector_id uuid not null constraint collection_list_collector references identity.staff,
  due_on       date not null,
  made_by      uuid constraint collection_list_made_by references identity.staff,
  made_at      timestamptz not null
);
create index collection_list_collector on payments.collection_list (collector_id, due_on);
create table payments.collection_item (
  list_id     uuid not null constraint collection_item_list references payments.collection_list,
  account_id  uuid not null constraint collection_item_account references directory.account,
  -- owed when the list was made
  owed_fen    bigint not null,
  -- the newest of its contacts
  result      text constraint collection_item_result_known
              check (result in ('promised', 'refused', 'absent', 'disputed', 'paid')),
  note        text not null default '',
  promised_on date,
  next_on     date,
  visited_at  timestamptz,
  -- when the last message went out
  told_at     timestamptz,
  constraint collection_item_pkey primary key (list_id, account_id)
);
create index collection_item_account on payments.collection_item (account_id);

-- What was tried with a household, one row a visit, call or message; nothing is overwritten.
create table payments.collection_contact (
  id          uuid constraint collection_contact_pkey primary key,
  list_id     uuid not null,
  account_id  uuid not null,
  way         text not null constraint collection_contact_way_known
              check (way in ('visit', 'call', 'message')),
  result      text constraint collection_contact_result_known
              check (result in ('promised', 'refused', 'absent', 'disputed', 'paid')),
  note        text not null default '',
  promised_on date,
  next_on     date,
  at          timestamptz not null,
  by_id       uuid constraint collection_contact_by references identity.staff,
  by_name     text not null,
  constraint collection_contact_item foreign key (list_id, account_id)
    references payments.collection_item,
  constraint collection_contact_result check ((result is null) = (way = 'message')),
  constraint collection_contact_promise
    check ((promised_on is not null) = (result is not distinct from 'promised'))
);
create index collection_contact_account on payments.collection_contact (account_id, at desc);
