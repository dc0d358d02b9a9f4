create schema channels;

-- Messages out: what was sent to whom, by which provider, with what result.
create table channels.message (
  id          uuid constraint message_pkey primary key,
  -- why it is sent, such as order.dispatched/UUID/customer: the same reason sends once
  reason      text not null constraint message_reason_key unique,
  medium      text not null constraint message_medium_known check (medium in ('sms', 'wechat', 'mail')),
  receiver    text not null,
  template    text not null,
  body        text not null,
  matter_id   uuid,
  -- whose people may see it
  org_path    text collate "C" not null,
  state       text not null constraint message_state_known check (state in ('waiting', 'sent', 'failed')),
  attempts    integer not null default 0,
  error       text,
  provider_id text,
  made_at     timestamptz not null,
  -- when to try next, or when to take over from a sender that died
  next_at     timestamptz,
  sent_at     timestamptz,
  constraint message_waiting_facts check ((state = 'waiting') = (next_at is not null)),
  constraint message_sent_facts check ((state = 'sent') = (sent_at is not null))
);
create index message_matter on channels.message (matter_id);
create index message_made on channels.message (made_at desc, id desc);
create index message_waiting on channels.message (next_at) where state = 'waiting';
