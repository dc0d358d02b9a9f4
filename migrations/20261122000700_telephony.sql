create schema telephony;

create table telephony.queue (
  id        uuid constraint queue_pkey primary key,
  key       text not null constraint queue_key_key unique,
  name      text not null,
  name_en   text not null,
  strategy  text not null constraint queue_strategy_known
            check (strategy in ('longest_idle', 'sequential', 'round_robin', 'random', 'ring_all', 'skill')),
  music     text not null default 'default',
  -- seconds that one agent is rung before the next is tried
  ring_s    integer not null default 20 constraint queue_ring_s check (ring_s between 5 and 120),
  -- seconds of after-call work
  wrap_up_s integer not null default 30 constraint queue_wrap_up_s check (wrap_up_s between 0 and 1800),
  -- seconds after which the caller is told again that seats are busy
  comfort_s integer not null default 30
            constraint queue_comfort_s check (comfort_s between 10 and 600),
  -- whom a round-robin queue rang last
  last_rung uuid,
  active    boolean not null default true
);
create table telephony.queue_member (
  queue_id uuid not null constraint queue_member_queue references telephony.queue,
  staff_id uuid not null constraint queue_member_staff references identity.staff,
  -- static members are always in; dynamic ones join for a shift
  manner   text not null default 'static' constraint queue_member_manner_known
           check (manner in ('static', 'dynamic')),
  sort     integer not null default 0,
  constraint queue_member_pkey primary key (queue_id, staff_id)
);
create index queue_member_staff on telephony.queue_member (staff_id);

-- Voice menus are data: a graph of nodes, versioned; the newest published one answers.
create table telephony.flow (
  id           uuid constraint flow_pkey primary key,
  key          text not null,
  version      integer not null,
  graph        jsonb not null,
  published_at timestamptz,
  published_by uuid,
  constraint flow_version_key unique (key, version)
);
create table telephony.service_number (
  number text constraint service_number_pkey primary key,
  flow   text not null,
  name   text not null
);

-- An agent's seat. Its state must follow from live calls; the reconciler heals what does not.
create table telephony.agent (
  staff_id   uuid constraint agent_pkey primary key constraint agent_staff references identity.staff,
  endpoint   text not null constraint agent_endpoint_key unique,
  state      text not null constraint agent_state_known check (state in
             ('offline', 'idle', 'reserved', 'ringing', 'talking', 'wrap_up', 'away', 'unreachable')),
  reason     text not null default '',
  since      timestamptz not null,
  -- the start of the present idle time: who has waited longest is rung first
  idle_since timestamptz,
  wrap_until timestamptz,
  call_id    uuid,
  -- last sign of life of the softphone
  seen_at    timestamptz,
  -- the browser tab that holds the softphone: the newest leads
  tab        uuid,
  -- the phone's present password at the switch, to register it again when the switch forgot
  secret     text,
  org_path   text collate "C" not null,
  constraint agent_state_facts check (
    ((call_id is not null) = (state in ('reserved', 'ringing', 'talking')))
    and ((idle_since is not null) = (state = 'idle'))
    and ((wrap_until is not null) = (state = 'wrap_up')))
);
create index agent_idle on telephony.agent (idle_since) where state = 'idle';

-- One conversation, one row, however many legs it had.
create table telephony.call (
  id             uuid constraint call_pkey primary key,
  matter_id      uuid not null,
  direction      text not null constraint call_direction_known check (direction in ('in', 'out')),
  -- the outside party's number; empty when withheld
  peer_number    text not null,
  service_number text not null,
  account_id     uuid constraint call_account references directory.account,
  state          text not null constraint call_state_known check (state in
                 ('ivr', 'queued', 'ringing', 'talking', 'held', 'dialing', 'ended')),
  outcome        text constraint call_outcome_known check (outcome in
                 ('answered', 'abandoned_greeting', 'abandoned_menu', 'abandoned_queue',
                  'abandoned_ringing', 'no_answer', 'busy', 'failed', 'rejected', 'self_service')),
  hung_up_by     text constraint call_hung_up_by_known check (hung_up_by in ('peer', 'agent', 'system')),
  flow           text,
  flow_version   integer,
  node           text,
  -- tries at the present menu
  tries          integer not null default 0,
  -- keys that the caller pressed, in order
  digits         text not null default '',
  -- what the caller is told now; each new thing said is one turn more
  prompts        text[] not null default '{}',
  turn           integer not null default 0,
  -- when something falls due by itself: a menu's silence, an unanswered ring, the next comfort
  due_at         timestamptz,
  queue_id       uuid constraint call_queue references telephony.queue,
  agent_id       uuid constraint call_agent references telephony.agent,
  -- for an outbound call: the thing it is made for, such as revisit/UUID
  purpose        text not null default '',
  peer_channel   text,
  agent_channel  text,
  -- how many channels were dialled for it; each has the number in its name
  legs           integer not null default 0,
  arrived_at     timestamptz not null,
  queued_at      timestamptz,
  offered_at     timestamptz,
  answered_at    timestamptz,
  ended_at       timestamptz,
  org_path       text collate "C" not null,
  constraint call_end_facts check ((state = 'ended') = (ended_at is not null and outcome is not null)),
  constraint call_answered_facts check (outcome is distinct from 'answered' or answered_at is not null),
  constraint call_times check (answered_at >= arrived_at and ended_at >= arrived_at)
);
create index call_live on telephony.call (state, arrived_at) where state <> 'ended';
create index call_due on telephony.call (due_at) where due_at is not null;
create unique index call_peer_channel on telephony.call (peer_channel) where peer_channel is not null;
create unique index call_agent_channel on telephony.call (agent_channel) where agent_channel is not null;
create index call_peer on telephony.call (peer_number, arrived_at desc);
create index call_account on telephony.call (account_id, arrived_at desc);
create index call_arrived on telephony.call (arrived_at desc, id desc);
create index call_of_agent on telephony.call (agent_id, arrived_at desc);

-- Each time an agent was rung for a call.
create table telephony.offer (
  call_id    uuid not null constraint offer_call references telephony.call,
  seq        integer not null,
  agent_id   uuid not null constraint offer_agent references telephony.agent,
  channel    text not null,
  offered_at timestamptz not null,
  ended_at   timestamptz,
  result     text constraint offer_result_known check (result in
             ('answered', 'missed', 'declined', 'caller_gone', 'unreachable')),
  constraint offer_pkey primary key (call_id, seq),
  constraint offer_end_facts check ((ended_at is null) = (result is null))
);
create index offer_of_agent on telephony.offer (agent_id, offered_at desc);

create table telephony.recording (
  call_id    uuid constraint recording_pkey primary key constraint recording_call references telephony.call,
  name       text not null constraint recording_name_key unique,
  state      text not null constraint recording_state_known check (state in ('recording', 'stored', 'missing')),
  started_at timestamptz not null,
  file_id    uuid constraint recording_file references files.file,
  seconds    double precision,
  -- the loudest of each of up to 800 equal parts, for the picture
  peaks      bytea,
  constraint recording_stored_facts check ((state = 'stored') = (file_id is not null))
);
create index recording_open on telephony.recording (started_at) where state = 'recording';
