create schema orders;

-- What can be asked for, and the policy of each: data, so that a company sets its own.
create table orders.kind (
  key            text constraint kind_pkey primary key,
  name           text not null,
  name_en        text not null,
  sort           integer not null,
  needs_visit    boolean not null,
  needs_revisit  boolean not null,
  -- finished with complete evidence goes on without a person's audit
  auto_audit     boolean not null,
  skill          text,
  -- minutes from filing, for urgency 1 (ordinary), 2 (urgent), 3 (emergency)
  accept_min     integer[] not null constraint kind_accept_min check (array_length(accept_min, 1) = 3),
  arrive_min     integer[] not null constraint kind_arrive_min check (array_length(arrive_min, 1) = 3),
  finish_min     integer[] not null constraint kind_finish_min check (array_length(finish_min, 1) = 3),
  -- minutes from finish
  revisit_min    integer not null,
  active         boolean not null default true
);
create table orders.symptom (
  key     text constraint symptom_pkey primary key,
  kind    text not null constraint symptom_kind references orders.kind,
  name    text not null,
  name_en text not null,
  urgency smallint not null constraint symptom_urgency check (urgency between 1 and 3),
  -- of which utility; of any when absent
  utility text constraint symptom_utility references directory.utility,
  sort    integer not null,
  active  boolean not null default true
);
-- Causes that a repairer chooses from on finishing.
create table orders.cause (
  key     text constraint cause_pkey primary key,
  kind    text not null constraint cause_kind references orders.kind,
  name    text not null,
  name_en text not null,
  -- user side or network side
  side    text not null constraint cause_side_known check (side in ('user', 'network', 'none')),
  sort    integer not null,
  active  boolean not null default true
);

-- A kind's promise, held to what a utility's company promises where that is less. One standard for
-- every utility, and never more time than the company itself says.
create function orders.held_to(minutes integer[], most integer) returns integer[]
  language sql immutable parallel safe
  return array(select least(m, most) from unnest(minutes) with ordinality as x (m, n) order by n);

create sequence orders.number;

create table orders.work_order (
  id               uuid constraint work_order_pkey primary key,
  no               text not null constraint work_order_no_key unique,
  matter_id        uuid not null,
  kind             text not null constraint work_order_kind references orders.kind,
  symptom          text constraint work_order_symptom references orders.symptom,
  urgency          smallint not null constraint work_order_urgency check (urgency between 1 and 3),
  state            text not null constraint work_order_state_known check (state in
                   ('filed', 'dispatched', 'accepted', 'en_route', 'on_site', 'finished',
                    'revisit', 'closed', 'voided')),
  -- 1 for the first visit; each rework adds one
  round            integer not null default 1 constraint work_order_round check (round >= 1),
  account_id       uuid constraint work_order_account references directory.account,
  premise_id       uuid constraint work_order_premise references directory.premise,
  unit_id          uuid constraint work_order_unit references directory.place,
  riser_id         uuid constraint work_order_riser references directory.network_node,
  community        text not null default '',
  address          text not null,
  lng              double precision,
  lat              double precision,
  contact_name     text not null,
  contact_phone    text not null,
  description      text not null default '',
  channel          text not null constraint work_order_channel_known check (channel in
                   ('phone', 'wechat', 'app', 'web', 'hall', 'staff', 'hotline', 'voicemail', 'other')),
  -- the station that is responsible
  org_id           uuid not null constraint work_order_org references identity.org,
  org_path         text collate "C" not null,
  assignee_id      uuid constraint work_order_assignee references identity.staff,
  supervisor_id    uuid constraint work_order_supervisor references identity.staff,
  appointment_from timestamptz,
  appointment_to   timestamptz,
  accept_due       timestamptz not null,
  arrive_due       timestamptz not null,
  finish_due       timestamptz not null,
  revisit_due      timestamptz,
  -- the limit that runs now; none when nothing runs
  next_due         timestamptz,
  -- when the next warning about it is due: at risk first, then late
  warn_at          timestamptz,
  chases           integer not null default 0,
  cause            text constraint work_order_cause references orders.cause,
  resolution       text not null default '',
  satisfaction     text constraint work_order_satisfaction_known
                   check (satisfaction in ('satisfied', 'fair', 'unsatisfied')),
  opened_by        uuid,
  opened_at        timestamptz not null,
  dispatched_at    timestamptz,
  accepted_at      timestamptz,
  set_out_at       timestamptz,
  arrived_at       timestamptz,
  finished_at      timestamptz,
  closed_at        timestamptz,
  -- counts changes, for "somebody else changed it first"
  version          integer not null default 1,
  constraint work_order_appointment_forward check (appointment_from < appointment_to),
  constraint work_order_state_facts check (
    (state not in ('dispatched', 'accepted', 'en_route', 'on_site') or
       (assignee_id is not null and dispatched_at is not null))
    and (state not in ('accepted', 'en_route', 'on_site') or accepted_at is not null)
    and (state <> 'on_site' or arrived_at is not null)
    and ((closed_at is not null) = (state in ('closed', 'voided')))
    and ((next_due is null) = (state in ('closed', 'voided'))))
);
create index work_order_queue on orders.work_order (state, next_due, id);
create index work_order_assignee on orders.work_order (assignee_id, state, next_due)
  where state not in ('closed', 'voided');
create index work_order_account on orders.work_order (account_id, opened_at desc);
create index work_order_unit on orders.work_order (unit_id, opened_at desc);
create index work_order_riser on orders.work_order (riser_id) where state not in ('closed', 'voided');
create index work_order_phone on orders.work_order (contact_phone, opened_at desc);
create index work_order_opened on orders.work_order (opened_at desc, id desc);
create index work_order_matter on orders.work_order (matter_id);
create index work_order_due on orders.work_order (next_due, id) where next_due is not null;
create index work_order_warn on orders.work_order (warn_at) where warn_at is not null;
-- the day's numbers
create index work_order_finished on orders.work_order (finished_at) where finished_at is not null;
create index work_order_closed on orders.work_order (closed_at) where closed_at is not null;

-- Calls that belong to an order, and why: the filing, a chase, a revisit.
create table orders.order_call (
  order_id uuid not null constraint order_call_order references orders.work_order,
  call_id  uuid not null,
  why      text not null constraint order_call_why_known check (why in ('filing', 'chase', 'revisit', 'other')),
  at       timestamptz not null,
  constraint order_call_pkey primary key (order_id, call_id)
);
create index order_call_call on orders.order_call (call_id);

create table orders.revisit (
  id       uuid constraint revisit_pkey primary key,
  order_id uuid not null constraint revisit_order references orders.work_order,
  round    integer not null,
  state    text not null constraint revisit_state_known check (state in ('open', 'done')),
  due_at   timestamptz not null,
  attempts integer not null default 0,
  result   text constraint revisit_result_known check (result in ('satisfied', 'fair', 'unsatisfied')),
  reason   text not null default '',
  done_by  uuid,
  done_at  timestamptz,
  constraint revisit_round_key unique (order_id, round),
  constraint revisit_done_facts check ((state = 'done') = (result is not null and done_at is not null))
);
create index revisit_open on orders.revisit (due_at) where state = 'open';
create index revisit_done on orders.revisit (done_at) where state = 'done';

-- Warnings given, so that each is given once a round and step.
create table orders.warning (
  order_id uuid not null constraint warning_order references orders.work_order,
  round    integer not null,
  step     text not null,
  level    text not null constraint warning_level_known check (level in ('at_risk', 'late')),
  at       timestamptz not null,
  constraint warning_pkey primary key (order_id, round, step, level)
);
