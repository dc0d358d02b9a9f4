-- The whole schema as the migrations make it; a test keeps it true.

table billing.entry
  posting_id uuid not null
  line int2 not null
  ledger text not null
  account_id uuid
  season_id uuid
  item text not null
  amount_fen int8 not null
  : entry_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : entry_balances TRIGGER DEFERRABLE INITIALLY DEFERRED
  : entry_customer CHECK (((ledger <> ALL (ARRAY['receivable'::text, 'advance'::text])) OR (account_id IS NOT NULL)))
  : entry_ledger_known CHECK ((ledger = ANY (ARRAY['receivable'::text, 'cash'::text, 'bank'::text, 'wechat'::text, 'revenue'::text, 'advance'::text, 'suspense'::text, 'rounding'::text])))
  : entry_not_zero CHECK ((amount_fen <> 0))
  : entry_pkey PRIMARY KEY (posting_id, line)
  : entry_posting FOREIGN KEY (posting_id) REFERENCES billing.posting(id)
  : entry_season FOREIGN KEY (season_id) REFERENCES billing.season(id)

table billing.posting
  id uuid not null
  source text not null
  source_id text not null
  corrects_id uuid
  memo text not null
  valid_on date not null
  recorded_at timestamptz not null
  recorded_by uuid
  : posting_balances TRIGGER DEFERRABLE INITIALLY DEFERRED
  : posting_corrects FOREIGN KEY (corrects_id) REFERENCES billing.posting(id)
  : posting_pkey PRIMARY KEY (id)
  : posting_source_key UNIQUE (source, source_id)

table billing.season
  id uuid not null
  code text not null
  starts_at timestamptz not null
  ends_at timestamptz not null
  : season_code_key UNIQUE (code)
  : season_forward CHECK ((starts_at < ends_at))
  : season_pkey PRIMARY KEY (id)

table channels.message
  id uuid not null
  reason text not null
  medium text not null
  receiver text not null
  template text not null
  body text not null
  matter_id uuid
  org_path text not null
  state text not null
  attempts int4 not null
  error text
  provider_id text
  made_at timestamptz not null
  next_at timestamptz
  sent_at timestamptz
  : message_medium_known CHECK ((medium = ANY (ARRAY['sms'::text, 'wechat'::text, 'mail'::text])))
  : message_pkey PRIMARY KEY (id)
  : message_reason_key UNIQUE (reason)
  : message_sent_facts CHECK (((state = 'sent'::text) = (sent_at IS NOT NULL)))
  : message_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text])))
  : message_waiting_facts CHECK (((state = 'waiting'::text) = (next_at IS NOT NULL)))

table directory.account
  id uuid not null
  account_no text not null
  utility text not null
  premise_id uuid not null
  person_id uuid not null
  heat_use_state text not null
  tags _text not null
  org_path text not null
  grams _text not null
  opened_on date not null
  : account_heat_use_state_known CHECK ((heat_use_state = ANY (ARRAY['using'::text, 'stopped'::text, 'forced_stop'::text, 'not_connected'::text])))
  : account_no_key UNIQUE (account_no)
  : account_person FOREIGN KEY (person_id) REFERENCES directory.person(id)
  : account_pkey PRIMARY KEY (id)
  : account_premise FOREIGN KEY (premise_id) REFERENCES directory.premise(id)
  : account_utility_known CHECK ((utility = ANY (ARRAY['heat'::text, 'water'::text, 'gas'::text, 'power'::text])))

table directory.mark
  id uuid not null
  account_id uuid not null
  kind text not null
  note text not null
  since date not null
  until date
  : mark_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : mark_kind_known CHECK ((kind = ANY (ARRAY['alteration'::text, 'violation'::text, 'stop_heat'::text, 'restore'::text])))
  : mark_pkey PRIMARY KEY (id)

table directory.network_node
  id uuid not null
  parent_id uuid
  kind text not null
  code text not null
  name text not null
  org_path text not null
  lng float8
  lat float8
  : network_node_code_key UNIQUE (code)
  : network_node_kind_known CHECK ((kind = ANY (ARRAY['source'::text, 'station'::text, 'loop'::text, 'riser'::text])))
  : network_node_parent FOREIGN KEY (parent_id) REFERENCES directory.network_node(id)
  : network_node_pkey PRIMARY KEY (id)

table directory.person
  id uuid not null
  kind text not null
  name text not null
  id_number text
  : person_kind_known CHECK ((kind = ANY (ARRAY['natural'::text, 'body'::text])))
  : person_pkey PRIMARY KEY (id)

table directory.phone
  person_id uuid not null
  number text not null
  label text not null
  : phone_digits CHECK ((number ~ '^[0-9]{3,20}$'::text))
  : phone_person FOREIGN KEY (person_id) REFERENCES directory.person(id)
  : phone_pkey PRIMARY KEY (person_id, number)

table directory.phone_binding
  number text not null
  account_id uuid not null
  bound_by uuid
  bound_at timestamptz not null
  : phone_binding_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : phone_binding_digits CHECK ((number ~ '^[0-9]{3,20}$'::text))
  : phone_binding_pkey PRIMARY KEY (number, account_id)

table directory.place
  id uuid not null
  parent_id uuid
  kind text not null
  code text not null
  name text not null
  org_path text not null
  lng float8 not null
  lat float8 not null
  number text not null
  : place_code_key UNIQUE (code)
  : place_kind_known CHECK ((kind = ANY (ARRAY['community'::text, 'building'::text, 'unit'::text])))
  : place_parent FOREIGN KEY (parent_id) REFERENCES directory.place(id)
  : place_pkey PRIMARY KEY (id)
  : place_root_is_community CHECK (((parent_id IS NULL) = (kind = 'community'::text)))

table directory.premise
  id uuid not null
  unit_id uuid not null
  riser_id uuid
  code text not null
  floor int4 not null
  room text not null
  address text not null
  building_area numeric not null
  heated_area numeric not null
  user_class text not null
  heating_manner text not null
  valve_state text not null
  org_path text not null
  lng float8 not null
  lat float8 not null
  : premise_building_area_positive CHECK ((building_area > (0)::numeric))
  : premise_code_key UNIQUE (code)
  : premise_heated_area_positive CHECK ((heated_area > (0)::numeric))
  : premise_heating_manner_known CHECK ((heating_manner = ANY (ARRAY['radiator'::text, 'floor'::text, 'fan_coil'::text])))
  : premise_pkey PRIMARY KEY (id)
  : premise_riser FOREIGN KEY (riser_id) REFERENCES directory.network_node(id)
  : premise_unit FOREIGN KEY (unit_id) REFERENCES directory.place(id)
  : premise_user_class_known CHECK ((user_class = ANY (ARRAY['resident'::text, 'shop'::text, 'public'::text, 'garage'::text])))
  : premise_valve_state_known CHECK ((valve_state = ANY (ARRAY['open'::text, 'closed'::text, 'sealed'::text, 'none'::text])))

table dispatch.proposal
  id uuid not null
  order_id uuid not null
  round int4 not null
  ranking jsonb not null
  assigned_to uuid
  chosen_id uuid
  manner text
  made_at timestamptz not null
  decided_at timestamptz
  : proposal_chosen FOREIGN KEY (chosen_id) REFERENCES dispatch.worker(staff_id)
  : proposal_decided_facts CHECK ((((decided_at IS NULL) = (chosen_id IS NULL)) AND ((decided_at IS NULL) = (manner IS NULL))))
  : proposal_manner_known CHECK ((manner = ANY (ARRAY['automatic'::text, 'proposed'::text, 'other'::text])))
  : proposal_order FOREIGN KEY (order_id) REFERENCES orders.work_order(id)
  : proposal_pkey PRIMARY KEY (id)

table dispatch.setting
  org_path text not null
  automatic bool not null
  : setting_pkey PRIMARY KEY (org_path)

table dispatch.territory
  place_id uuid not null
  staff_id uuid not null
  : territory_pkey PRIMARY KEY (place_id, staff_id)
  : territory_place FOREIGN KEY (place_id) REFERENCES directory.place(id)
  : territory_staff FOREIGN KEY (staff_id) REFERENCES dispatch.worker(staff_id)

table dispatch.track
  staff_id uuid not null
  at timestamptz not null
  lng float8 not null
  lat float8 not null
  accuracy_m float8 not null
  : track_pkey PRIMARY KEY (staff_id, at)
  : track_staff FOREIGN KEY (staff_id) REFERENCES dispatch.worker(staff_id)

table dispatch.worker
  staff_id uuid not null
  org_path text not null
  skills _text not null
  on_shift bool not null
  seen_at timestamptz
  lng float8
  lat float8
  accuracy_m float8
  position_at timestamptz
  load_cap int4 not null
  : worker_load_cap CHECK (((load_cap >= 1) AND (load_cap <= 100)))
  : worker_pkey PRIMARY KEY (staff_id)
  : worker_position_facts CHECK ((((lng IS NULL) = (position_at IS NULL)) AND ((lng IS NULL) = (lat IS NULL))))
  : worker_staff FOREIGN KEY (staff_id) REFERENCES identity.staff(id)

table field.evidence
  id uuid not null
  visit_id uuid not null
  kind text not null
  file_id uuid not null
  taken_at timestamptz not null
  received_at timestamptz not null
  lng float8
  lat float8
  : evidence_file FOREIGN KEY (file_id) REFERENCES files.file(id)
  : evidence_kind_known CHECK ((kind = ANY (ARRAY['photo_before'::text, 'photo_after'::text, 'signature'::text, 'audio'::text, 'video'::text])))
  : evidence_pkey PRIMARY KEY (id)
  : evidence_visit FOREIGN KEY (visit_id) REFERENCES field.visit(id)

table field.temperature
  id uuid not null
  visit_id uuid not null
  room text not null
  decidegrees int4 not null
  taken_at timestamptz not null
  : temperature_pkey PRIMARY KEY (id)
  : temperature_plausible CHECK (((decidegrees >= '-400'::integer) AND (decidegrees <= 600)))
  : temperature_room_known CHECK ((room = ANY (ARRAY['living'::text, 'bedroom'::text, 'kitchen'::text, 'bath'::text, 'other'::text])))
  : temperature_visit FOREIGN KEY (visit_id) REFERENCES field.visit(id)

table field.visit
  id uuid not null
  order_id uuid not null
  round int4 not null
  staff_id uuid not null
  accepted_at timestamptz not null
  set_out_at timestamptz
  arrived_at timestamptz
  arrived_lng float8
  arrived_lat float8
  accuracy_m float8
  distance_m float8
  finished_at timestamptz
  returned_at timestamptz
  return_reason text not null
  cause text
  note text not null
  : visit_cause FOREIGN KEY (cause) REFERENCES orders.cause(key)
  : visit_end_once CHECK (((finished_at IS NULL) OR (returned_at IS NULL)))
  : visit_order FOREIGN KEY (order_id) REFERENCES orders.work_order(id)
  : visit_pkey PRIMARY KEY (id)
  : visit_staff FOREIGN KEY (staff_id) REFERENCES identity.staff(id)

table files.file
  id uuid not null
  sha256 bytea not null
  size int8 not null
  media_type text not null
  name text not null
  purpose text not null
  created_by uuid
  created_at timestamptz not null
  : file_pkey PRIMARY KEY (id)
  : file_sha256_size CHECK ((length(sha256) = 32))
  : file_size_positive CHECK ((size >= 0))

table identity.org
  id uuid not null
  parent_id uuid
  kind text not null
  code text not null
  name text not null
  path text not null
  phone text
  lng float8
  lat float8
  active bool not null
  : org_code_key UNIQUE (code)
  : org_kind_known CHECK ((kind = ANY (ARRAY['company'::text, 'branch'::text, 'hall'::text, 'station'::text, 'team'::text])))
  : org_parent FOREIGN KEY (parent_id) REFERENCES identity.org(id)
  : org_path_ends_in_code CHECK ((path ~~ (('%/'::text || code) || '/'::text)))
  : org_path_key UNIQUE (path)
  : org_pkey PRIMARY KEY (id)
  : org_root_is_company CHECK (((parent_id IS NULL) = (kind = 'company'::text)))

table identity.role
  id uuid not null
  key text not null
  name text not null
  name_en text not null
  builtin bool not null
  : role_key_key UNIQUE (key)
  : role_pkey PRIMARY KEY (id)

table identity.role_permission
  role_id uuid not null
  key text not null
  reach text not null
  : role_permission_pkey PRIMARY KEY (role_id, key)
  : role_permission_reach_known CHECK ((reach = ANY (ARRAY['subtree'::text, 'own'::text])))
  : role_permission_role FOREIGN KEY (role_id) REFERENCES identity.role(id)

table identity.session
  token_hash bytea not null
  id uuid not null
  staff_id uuid not null
  app text not null
  ip text not null
  agent text not null
  created_at timestamptz not null
  seen_at timestamptz not null
  ended_at timestamptz
  ended_why text
  : session_app_known CHECK ((app = ANY (ARRAY['desk'::text, 'field'::text, 'wall'::text])))
  : session_end_has_reason CHECK (((ended_at IS NULL) = (ended_why IS NULL)))
  : session_id_key UNIQUE (id)
  : session_pkey PRIMARY KEY (token_hash)
  : session_staff FOREIGN KEY (staff_id) REFERENCES identity.staff(id)

table identity.staff
  id uuid not null
  login text not null
  name text not null
  job_no text
  phone text
  org_id uuid not null
  password_hash text not null
  password_changed_at timestamptz not null
  failed_attempts int4 not null
  locked_until timestamptz
  active bool not null
  created_at timestamptz not null
  : staff_job_no_key UNIQUE (job_no)
  : staff_login_key UNIQUE (login)
  : staff_org FOREIGN KEY (org_id) REFERENCES identity.org(id)
  : staff_pkey PRIMARY KEY (id)

table identity.staff_role
  staff_id uuid not null
  role_id uuid not null
  org_id uuid not null
  : staff_role_org FOREIGN KEY (org_id) REFERENCES identity.org(id)
  : staff_role_pkey PRIMARY KEY (staff_id, role_id, org_id)
  : staff_role_role FOREIGN KEY (role_id) REFERENCES identity.role(id)
  : staff_role_staff FOREIGN KEY (staff_id) REFERENCES identity.staff(id)

table kernel.command
  id uuid not null
  operation text not null
  actor_id uuid
  answer jsonb not null
  at timestamptz not null
  : command_pkey PRIMARY KEY (id)

table kernel.cursor
  reader text not null
  xid int8 not null
  event int8 not null
  : cursor_pkey PRIMARY KEY (reader)

table kernel.event
  id int8 not null
  xid xid8 not null
  kind text not null
  subject text not null
  subject_id uuid not null
  matter_id uuid
  org_path text
  payload jsonb not null
  actor_id uuid
  actor_name text not null
  channel text not null
  at timestamptz not null
  : event_channel_known CHECK ((channel = ANY (ARRAY['desk'::text, 'field'::text, 'portal'::text, 'phone'::text, 'system'::text])))
  : event_pkey PRIMARY KEY (id)

table kernel.secret
  name text not null
  value bytea not null
  : secret_pkey PRIMARY KEY (name)

table notices.notice
  id uuid not null
  kind text not null
  title text not null
  body text not null
  place_id uuid
  node_id uuid
  org_path text not null
  starts_at timestamptz not null
  expected_end_at timestamptz
  ended_at timestamptz
  created_by uuid
  : notice_forward CHECK ((expected_end_at > starts_at))
  : notice_kind_known CHECK ((kind = ANY (ARRAY['incident'::text, 'works'::text, 'outage'::text, 'announcement'::text])))
  : notice_node FOREIGN KEY (node_id) REFERENCES directory.network_node(id)
  : notice_pkey PRIMARY KEY (id)
  : notice_place FOREIGN KEY (place_id) REFERENCES directory.place(id)

table notices.reading
  node_id uuid not null
  at timestamptz not null
  supply_decidegrees int4 not null
  return_decidegrees int4 not null
  supply_kpa int4 not null
  return_kpa int4 not null
  flow_lph int4 not null
  : reading_node FOREIGN KEY (node_id) REFERENCES directory.network_node(id)
  : reading_pkey PRIMARY KEY (node_id, at)

table orders.cause
  key text not null
  kind text not null
  name text not null
  name_en text not null
  side text not null
  sort int4 not null
  active bool not null
  : cause_kind FOREIGN KEY (kind) REFERENCES orders.kind(key)
  : cause_pkey PRIMARY KEY (key)
  : cause_side_known CHECK ((side = ANY (ARRAY['user'::text, 'network'::text, 'none'::text])))

table orders.kind
  key text not null
  name text not null
  name_en text not null
  sort int4 not null
  needs_visit bool not null
  needs_revisit bool not null
  auto_audit bool not null
  skill text
  accept_min _int4 not null
  arrive_min _int4 not null
  finish_min _int4 not null
  revisit_min int4 not null
  active bool not null
  : kind_accept_min CHECK ((array_length(accept_min, 1) = 3))
  : kind_arrive_min CHECK ((array_length(arrive_min, 1) = 3))
  : kind_finish_min CHECK ((array_length(finish_min, 1) = 3))
  : kind_pkey PRIMARY KEY (key)

table orders.order_call
  order_id uuid not null
  call_id uuid not null
  why text not null
  at timestamptz not null
  : order_call_order FOREIGN KEY (order_id) REFERENCES orders.work_order(id)
  : order_call_pkey PRIMARY KEY (order_id, call_id)
  : order_call_why_known CHECK ((why = ANY (ARRAY['filing'::text, 'chase'::text, 'revisit'::text, 'other'::text])))

table orders.revisit
  id uuid not null
  order_id uuid not null
  round int4 not null
  state text not null
  due_at timestamptz not null
  attempts int4 not null
  result text
  reason text not null
  done_by uuid
  done_at timestamptz
  : revisit_done_facts CHECK (((state = 'done'::text) = ((result IS NOT NULL) AND (done_at IS NOT NULL))))
  : revisit_order FOREIGN KEY (order_id) REFERENCES orders.work_order(id)
  : revisit_pkey PRIMARY KEY (id)
  : revisit_result_known CHECK ((result = ANY (ARRAY['satisfied'::text, 'fair'::text, 'unsatisfied'::text])))
  : revisit_round_key UNIQUE (order_id, round)
  : revisit_state_known CHECK ((state = ANY (ARRAY['open'::text, 'done'::text])))

table orders.symptom
  key text not null
  kind text not null
  name text not null
  name_en text not null
  urgency int2 not null
  sort int4 not null
  active bool not null
  : symptom_kind FOREIGN KEY (kind) REFERENCES orders.kind(key)
  : symptom_pkey PRIMARY KEY (key)
  : symptom_urgency CHECK (((urgency >= 1) AND (urgency <= 3)))

table orders.warning
  order_id uuid not null
  round int4 not null
  step text not null
  level text not null
  at timestamptz not null
  : warning_level_known CHECK ((level = ANY (ARRAY['at_risk'::text, 'late'::text])))
  : warning_order FOREIGN KEY (order_id) REFERENCES orders.work_order(id)
  : warning_pkey PRIMARY KEY (order_id, round, step, level)

table orders.work_order
  id uuid not null
  no text not null
  matter_id uuid not null
  kind text not null
  symptom text
  urgency int2 not null
  state text not null
  round int4 not null
  account_id uuid
  premise_id uuid
  unit_id uuid
  riser_id uuid
  community text not null
  address text not null
  lng float8
  lat float8
  contact_name text not null
  contact_phone text not null
  description text not null
  channel text not null
  org_id uuid not null
  org_path text not null
  assignee_id uuid
  supervisor_id uuid
  appointment_from timestamptz
  appointment_to timestamptz
  accept_due timestamptz not null
  arrive_due timestamptz not null
  finish_due timestamptz not null
  revisit_due timestamptz
  next_due timestamptz
  warn_at timestamptz
  chases int4 not null
  cause text
  resolution text not null
  satisfaction text
  opened_by uuid
  opened_at timestamptz not null
  dispatched_at timestamptz
  accepted_at timestamptz
  set_out_at timestamptz
  arrived_at timestamptz
  finished_at timestamptz
  closed_at timestamptz
  version int4 not null
  : work_order_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : work_order_appointment_forward CHECK ((appointment_from < appointment_to))
  : work_order_assignee FOREIGN KEY (assignee_id) REFERENCES identity.staff(id)
  : work_order_cause FOREIGN KEY (cause) REFERENCES orders.cause(key)
  : work_order_channel_known CHECK ((channel = ANY (ARRAY['phone'::text, 'wechat'::text, 'app'::text, 'web'::text, 'hall'::text, 'staff'::text, 'hotline'::text, 'voicemail'::text, 'other'::text])))
  : work_order_kind FOREIGN KEY (kind) REFERENCES orders.kind(key)
  : work_order_no_key UNIQUE (no)
  : work_order_org FOREIGN KEY (org_id) REFERENCES identity.org(id)
  : work_order_pkey PRIMARY KEY (id)
  : work_order_premise FOREIGN KEY (premise_id) REFERENCES directory.premise(id)
  : work_order_riser FOREIGN KEY (riser_id) REFERENCES directory.network_node(id)
  : work_order_round CHECK ((round >= 1))
  : work_order_satisfaction_known CHECK ((satisfaction = ANY (ARRAY['satisfied'::text, 'fair'::text, 'unsatisfied'::text])))
  : work_order_state_facts CHECK ((((state <> ALL (ARRAY['dispatched'::text, 'accepted'::text, 'en_route'::text, 'on_site'::text])) OR ((assignee_id IS NOT NULL) AND (dispatched_at IS NOT NULL))) AND ((state <> ALL (ARRAY['accepted'::text, 'en_route'::text, 'on_site'::text])) OR (accepted_at IS NOT NULL)) AND ((state <> 'on_site'::text) OR (arrived_at IS NOT NULL)) AND ((closed_at IS NOT NULL) = (state = ANY (ARRAY['closed'::text, 'voided'::text]))) AND ((next_due IS NULL) = (state = ANY (ARRAY['closed'::text, 'voided'::text])))))
  : work_order_state_known CHECK ((state = ANY (ARRAY['filed'::text, 'dispatched'::text, 'accepted'::text, 'en_route'::text, 'on_site'::text, 'finished'::text, 'revisit'::text, 'closed'::text, 'voided'::text])))
  : work_order_supervisor FOREIGN KEY (supervisor_id) REFERENCES identity.staff(id)
  : work_order_symptom FOREIGN KEY (symptom) REFERENCES orders.symptom(key)
  : work_order_unit FOREIGN KEY (unit_id) REFERENCES directory.place(id)
  : work_order_urgency CHECK (((urgency >= 1) AND (urgency <= 3)))

table telephony.agent
  staff_id uuid not null
  endpoint text not null
  state text not null
  reason text not null
  since timestamptz not null
  idle_since timestamptz
  wrap_until timestamptz
  call_id uuid
  seen_at timestamptz
  tab uuid
  secret text
  org_path text not null
  : agent_endpoint_key UNIQUE (endpoint)
  : agent_pkey PRIMARY KEY (staff_id)
  : agent_staff FOREIGN KEY (staff_id) REFERENCES identity.staff(id)
  : agent_state_facts CHECK ((((call_id IS NOT NULL) = (state = ANY (ARRAY['reserved'::text, 'ringing'::text, 'talking'::text]))) AND ((idle_since IS NOT NULL) = (state = 'idle'::text)) AND ((wrap_until IS NOT NULL) = (state = 'wrap_up'::text))))
  : agent_state_known CHECK ((state = ANY (ARRAY['offline'::text, 'idle'::text, 'reserved'::text, 'ringing'::text, 'talking'::text, 'wrap_up'::text, 'away'::text, 'unreachable'::text])))

table telephony.call
  id uuid not null
  matter_id uuid not null
  direction text not null
  peer_number text not null
  service_number text not null
  account_id uuid
  state text not null
  outcome text
  hung_up_by text
  flow text
  flow_version int4
  node text
  tries int4 not null
  digits text not null
  prompts _text not null
  turn int4 not null
  due_at timestamptz
  queue_id uuid
  agent_id uuid
  purpose text not null
  peer_channel text
  agent_channel text
  legs int4 not null
  arrived_at timestamptz not null
  queued_at timestamptz
  offered_at timestamptz
  answered_at timestamptz
  ended_at timestamptz
  org_path text not null
  : call_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : call_agent FOREIGN KEY (agent_id) REFERENCES telephony.agent(staff_id)
  : call_answered_facts CHECK (((outcome IS DISTINCT FROM 'answered'::text) OR (answered_at IS NOT NULL)))
  : call_direction_known CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text])))
  : call_end_facts CHECK (((state = 'ended'::text) = ((ended_at IS NOT NULL) AND (outcome IS NOT NULL))))
  : call_hung_up_by_known CHECK ((hung_up_by = ANY (ARRAY['peer'::text, 'agent'::text, 'system'::text])))
  : call_outcome_known CHECK ((outcome = ANY (ARRAY['answered'::text, 'abandoned_greeting'::text, 'abandoned_menu'::text, 'abandoned_queue'::text, 'abandoned_ringing'::text, 'no_answer'::text, 'busy'::text, 'failed'::text, 'rejected'::text, 'self_service'::text])))
  : call_pkey PRIMARY KEY (id)
  : call_queue FOREIGN KEY (queue_id) REFERENCES telephony.queue(id)
  : call_state_known CHECK ((state = ANY (ARRAY['ivr'::text, 'queued'::text, 'ringing'::text, 'talking'::text, 'held'::text, 'dialing'::text, 'ended'::text])))
  : call_times CHECK (((answered_at >= arrived_at) AND (ended_at >= arrived_at)))

table telephony.flow
  id uuid not null
  key text not null
  version int4 not null
  graph jsonb not null
  published_at timestamptz
  published_by uuid
  : flow_pkey PRIMARY KEY (id)
  : flow_version_key UNIQUE (key, version)

table telephony.offer
  call_id uuid not null
  seq int4 not null
  agent_id uuid not null
  channel text not null
  offered_at timestamptz not null
  ended_at timestamptz
  result text
  : offer_agent FOREIGN KEY (agent_id) REFERENCES telephony.agent(staff_id)
  : offer_call FOREIGN KEY (call_id) REFERENCES telephony.call(id)
  : offer_end_facts CHECK (((ended_at IS NULL) = (result IS NULL)))
  : offer_pkey PRIMARY KEY (call_id, seq)
  : offer_result_known CHECK ((result = ANY (ARRAY['answered'::text, 'missed'::text, 'declined'::text, 'caller_gone'::text, 'unreachable'::text])))

table telephony.queue
  id uuid not null
  key text not null
  name text not null
  name_en text not null
  strategy text not null
  music text not null
  ring_s int4 not null
  wrap_up_s int4 not null
  comfort_s int4 not null
  last_rung uuid
  active bool not null
  : queue_comfort_s CHECK (((comfort_s >= 10) AND (comfort_s <= 600)))
  : queue_key_key UNIQUE (key)
  : queue_pkey PRIMARY KEY (id)
  : queue_ring_s CHECK (((ring_s >= 5) AND (ring_s <= 120)))
  : queue_strategy_known CHECK ((strategy = ANY (ARRAY['longest_idle'::text, 'sequential'::text, 'round_robin'::text, 'random'::text, 'ring_all'::text, 'skill'::text])))
  : queue_wrap_up_s CHECK (((wrap_up_s >= 0) AND (wrap_up_s <= 1800)))

table telephony.queue_member
  queue_id uuid not null
  staff_id uuid not null
  manner text not null
  sort int4 not null
  : queue_member_manner_known CHECK ((manner = ANY (ARRAY['static'::text, 'dynamic'::text])))
  : queue_member_pkey PRIMARY KEY (queue_id, staff_id)
  : queue_member_queue FOREIGN KEY (queue_id) REFERENCES telephony.queue(id)
  : queue_member_staff FOREIGN KEY (staff_id) REFERENCES identity.staff(id)

table telephony.recording
  call_id uuid not null
  name text not null
  state text not null
  started_at timestamptz not null
  file_id uuid
  seconds float8
  peaks bytea
  : recording_call FOREIGN KEY (call_id) REFERENCES telephony.call(id)
  : recording_file FOREIGN KEY (file_id) REFERENCES files.file(id)
  : recording_name_key UNIQUE (name)
  : recording_pkey PRIMARY KEY (call_id)
  : recording_state_known CHECK ((state = ANY (ARRAY['recording'::text, 'stored'::text, 'missing'::text])))
  : recording_stored_facts CHECK (((state = 'stored'::text) = (file_id IS NOT NULL)))

table telephony.service_number
  number text not null
  flow text not null
  name text not null
  : service_number_pkey PRIMARY KEY (number)
