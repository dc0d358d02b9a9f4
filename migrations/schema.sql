-- The whole schema as the migrations make it; a test keeps it true.

table billing.adjustment
  id uuid not null
  kind text not null
  account_id uuid not null
  org_path text not null
  season_id uuid
  item text not null
  amount_fen int8 not null
  reason_class text
  reason text not null
  state text not null
  made_at timestamptz not null
  made_by uuid
  made_by_name text not null
  decided_at timestamptz
  decided_by uuid
  decided_by_name text
  decision text
  posting_id uuid
  : adjustment_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : adjustment_amount CHECK (((amount_fen > 0) OR ((kind = 'correction'::text) AND (amount_fen <> 0))))
  : adjustment_kind_known CHECK ((kind = ANY (ARRAY['reduction'::text, 'correction'::text, 'carry_forward'::text, 'write_off'::text, 'recovery'::text, 'refund'::text])))
  : adjustment_pkey PRIMARY KEY (id)
  : adjustment_posting FOREIGN KEY (posting_id) REFERENCES ledger.posting(id)
  : adjustment_reason_class_known CHECK ((reason_class = ANY (ARRAY['temperature'::text, 'outage'::text, 'area_error'::text, 'double_payment'::text, 'metering'::text, 'policy'::text])))
  : adjustment_reason_said CHECK ((reason <> ''::text))
  : adjustment_refund_class CHECK (((kind = 'refund'::text) = (reason_class IS NOT NULL)))
  : adjustment_season FOREIGN KEY (season_id) REFERENCES ledger.season(id)
  : adjustment_state_facts CHECK ((((state = 'posted'::text) = (posting_id IS NOT NULL)) AND ((state = 'proposed'::text) = (decided_at IS NULL))))
  : adjustment_state_known CHECK ((state = ANY (ARRAY['proposed'::text, 'posted'::text, 'refused'::text, 'withdrawn'::text])))

table billing.application
  id uuid not null
  no text not null
  kind text not null
  account_id uuid not null
  org_path text not null
  matter_id uuid not null
  season_id uuid not null
  pack_version_id uuid not null
  form jsonb not null
  declared jsonb not null
  note text not null
  asked_from date not null
  state text not null
  needs_approval bool not null
  objections jsonb not null
  despite text
  preview jsonb not null
  effective_on date
  made_at timestamptz not null
  made_by uuid
  made_by_name text not null
  answer_by date not null
  checked_at timestamptz
  decided_at timestamptz
  decided_by uuid
  decided_by_name text
  decision text
  done_at timestamptz
  version int4 not null
  : application_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : application_despite_said CHECK ((despite <> ''::text))
  : application_done_facts CHECK ((((state = 'done'::text) = (done_at IS NOT NULL)) AND ((state <> 'done'::text) OR (effective_on IS NOT NULL))))
  : application_kind_known CHECK ((kind = ANY (ARRAY['entry'::text, 'stop'::text, 'restore'::text, 'transfer'::text, 'split'::text, 'merge'::text, 'area'::text, 'class'::text, 'demolition'::text])))
  : application_no_key UNIQUE (no)
  : application_pkey PRIMARY KEY (id)
  : application_season FOREIGN KEY (season_id) REFERENCES ledger.season(id)
  : application_state_known CHECK ((state = ANY (ARRAY['submitted'::text, 'checked'::text, 'approved'::text, 'refused'::text, 'done'::text, 'withdrawn'::text])))

table billing.application_paper
  application_id uuid not null
  file_id uuid not null
  kind text not null
  added_at timestamptz not null
  added_by_name text not null
  : application_paper_application FOREIGN KEY (application_id) REFERENCES billing.application(id)
  : application_paper_file FOREIGN KEY (file_id) REFERENCES files.file(id)
  : application_paper_pkey PRIMARY KEY (application_id, file_id)

table billing.charge
  account_id uuid not null
  season_id uuid not null
  pack_version_id uuid not null
  posting_id uuid
  charged_at timestamptz not null
  amount_fen int8 not null
  heat_fen int8
  basic_fen int8
  metered_fen int8
  height_fen int8
  version int4 not null
  segment_id int4 not null
  reason text not null
  cause_id uuid
  facts text not null
  : charge_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : charge_pack FOREIGN KEY (pack_version_id) REFERENCES billing.rule_pack_version(id)
  : charge_posting FOREIGN KEY (posting_id) REFERENCES ledger.posting(id)
  : charge_reason_known CHECK ((reason = ANY (ARRAY['opening'::text, 'entry'::text, 'facts'::text, 'rules'::text])))
  : charge_segment FOREIGN KEY (segment_id) REFERENCES ledger.segment(id)
  : charge_sums CHECK ((amount_fen = (((COALESCE(heat_fen, (0)::bigint) + COALESCE(basic_fen, (0)::bigint)) + COALESCE(metered_fen, (0)::bigint)) + COALESCE(height_fen, (0)::bigint))))
  : charge_version_counts CHECK ((version > 0))

table billing.hold
  id uuid not null
  account_id uuid not null
  kind text not null
  reason_class text not null
  reason text not null
  words text not null
  source text not null
  source_id text
  from_on date not null
  until_on date
  made_at timestamptz not null
  made_by uuid
  made_by_name text not null
  released_at timestamptz
  released_by uuid
  released_by_name text
  release_reason text
  : hold_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : hold_forward CHECK ((until_on >= from_on))
  : hold_kind_known CHECK ((kind = ANY (ARRAY['block_all'::text, 'block_current'::text, 'warn'::text])))
  : hold_pkey PRIMARY KEY (id)
  : hold_reason_class_known CHECK ((reason_class = ANY (ARRAY['inspection'::text, 'dispute'::text, 'legal'::text, 'bounced_cheque'::text, 'data'::text, 'other'::text])))
  : hold_reason_said CHECK ((reason <> ''::text))
  : hold_released_facts CHECK ((((released_at IS NULL) = (release_reason IS NULL)) AND ((released_at IS NULL) = (released_by_name IS NULL))))
  : hold_source_key UNIQUE (source, source_id)
  : hold_words_said CHECK ((words <> ''::text))

table billing.late_close
  through date not null
  season_id uuid not null
  packs _uuid not null
  debts int8 not null
  : late_close_period FOREIGN KEY (through) REFERENCES ledger.period(through)
  : late_close_pkey PRIMARY KEY (through, season_id)
  : late_close_season FOREIGN KEY (season_id) REFERENCES ledger.season(id)

table billing.late_sheet
  through date not null
  season_id uuid not null
  part int4 not null
  debts bytea not null
  : late_sheet_close FOREIGN KEY (through, season_id) REFERENCES billing.late_close(through, season_id)
  : late_sheet_part_counts CHECK ((part >= 0))
  : late_sheet_pkey PRIMARY KEY (through, season_id, part)

table billing.opening
  id uuid not null
  season_id uuid not null
  selection jsonb not null
  valid_on date not null
  org_paths _text not null
  state text not null
  made_at timestamptz not null
  made_by uuid
  made_by_name text not null
  posted_at timestamptz
  posted_by uuid
  posted_by_name text
  finished_at timestamptz
  households int4 not null
  refused int4 not null
  skipped int4 not null
  done int4 not null
  amount_fen int8 not null
  before_fen int8 not null
  : opening_pkey PRIMARY KEY (id)
  : opening_season FOREIGN KEY (season_id) REFERENCES ledger.season(id)
  : opening_state_facts CHECK ((((posted_at IS NOT NULL) = (state = ANY (ARRAY['posting'::text, 'posted'::text]))) AND ((finished_at IS NOT NULL) = (state = 'posted'::text))))
  : opening_state_known CHECK ((state = ANY (ARRAY['reckoning'::text, 'ready'::text, 'posting'::text, 'posted'::text, 'withdrawn'::text])))

table billing.opening_change
  opening_id uuid not null
  place int4 not null
  account_id uuid not null
  before_fen int8 not null
  amount_fen int8 not null
  : opening_change_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : opening_change_opening FOREIGN KEY (opening_id) REFERENCES billing.opening(id)
  : opening_change_pkey PRIMARY KEY (opening_id, place)

table billing.opening_refusal
  opening_id uuid not null
  account_id uuid not null
  code text not null
  zh text not null
  en text not null
  : opening_refusal_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : opening_refusal_opening FOREIGN KEY (opening_id) REFERENCES billing.opening(id)
  : opening_refusal_pkey PRIMARY KEY (opening_id, account_id)

table billing.opening_sum
  opening_id uuid not null
  org_path text not null
  user_class text not null
  households int4 not null
  amount_fen int8 not null
  before_fen int8 not null
  : opening_sum_opening FOREIGN KEY (opening_id) REFERENCES billing.opening(id)
  : opening_sum_pkey PRIMARY KEY (opening_id, org_path, user_class)

table billing.reading
  id uuid not null
  meter_id uuid not null
  read_on date not null
  value_milli int8 not null
  source text not null
  oddities _text not null
  note text not null
  corrects_id uuid
  recorded_at timestamptz not null
  recorded_by uuid
  recorded_by_name text not null
  : reading_corrected_once UNIQUE (corrects_id)
  : reading_correction_said CHECK (((corrects_id IS NULL) OR (note <> ''::text)))
  : reading_corrects FOREIGN KEY (corrects_id) REFERENCES billing.reading(id)
  : reading_counts CHECK ((value_milli >= 0))
  : reading_meter FOREIGN KEY (meter_id) REFERENCES directory.meter(id)
  : reading_pkey PRIMARY KEY (id)
  : reading_source_known CHECK ((source = ANY (ARRAY['manual'::text, 'import'::text, 'remote'::text])))

table billing.rule_pack_version
  id uuid not null
  code text not null
  version int4 not null
  name text not null
  name_en text not null
  org_path text not null
  first_season int4 not null
  state text not null
  pack jsonb not null
  results jsonb
  revision int4 not null
  note text not null
  author_id uuid
  author_name text not null
  created_at timestamptz not null
  changed_at timestamptz not null
  submitted_at timestamptz
  approver_id uuid
  approver_name text
  approved_at timestamptz
  published_at timestamptz
  superseded_at timestamptz
  : rule_pack_version_code_form CHECK ((code ~ '^[a-z0-9_]{1,40}$'::text))
  : rule_pack_version_counts CHECK ((version > 0))
  : rule_pack_version_facts CHECK ((((submitted_at IS NOT NULL) = (state <> 'draft'::text)) AND ((results IS NOT NULL) = (state <> 'draft'::text)) AND ((approved_at IS NOT NULL) = (state = ANY (ARRAY['approved'::text, 'published'::text, 'superseded'::text]))) AND ((approver_name IS NOT NULL) = (approved_at IS NOT NULL)) AND ((published_at IS NOT NULL) = (state = ANY (ARRAY['published'::text, 'superseded'::text]))) AND ((superseded_at IS NOT NULL) = (state = 'superseded'::text))))
  : rule_pack_version_key UNIQUE (code, version)
  : rule_pack_version_pkey PRIMARY KEY (id)
  : rule_pack_version_season CHECK (((first_season >= 2000) AND (first_season <= 2100)))
  : rule_pack_version_second_person CHECK (((approver_id IS NULL) OR (author_id IS NULL) OR (approver_id <> author_id)))
  : rule_pack_version_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'approved'::text, 'published'::text, 'superseded'::text])))

table billing.run
  id uuid not null
  kind text not null
  pack_version_id uuid
  revision int4
  season_id uuid
  on_day date
  org_paths _text not null
  state text not null
  at_season uuid
  at_account uuid
  households int4 not null
  looked int4 not null
  changed int4 not null
  refused int4 not null
  from_fen int8 not null
  to_fen int8 not null
  done int4 not null
  corrected int4 not null
  made_at timestamptz not null
  made_by uuid
  made_by_name text not null
  posted_at timestamptz
  posted_by_name text
  finished_at timestamptz
  : run_about CHECK ((((kind = 'rules'::text) = (pack_version_id IS NOT NULL)) AND ((kind = 'rules'::text) = (revision IS NOT NULL)) AND ((kind <> 'rules'::text) = (season_id IS NOT NULL))))
  : run_day CHECK (((kind = 'late'::text) = (on_day IS NOT NULL)))
  : run_kind_known CHECK ((kind = ANY (ARRAY['rules'::text, 'settlement'::text, 'late'::text])))
  : run_pack FOREIGN KEY (pack_version_id) REFERENCES billing.rule_pack_version(id)
  : run_pkey PRIMARY KEY (id)
  : run_season FOREIGN KEY (season_id) REFERENCES ledger.season(id)
  : run_state_facts CHECK ((((posted_at IS NOT NULL) = (state = ANY (ARRAY['posting'::text, 'posted'::text]))) AND ((finished_at IS NOT NULL) = (state = 'posted'::text))))
  : run_state_known CHECK ((state = ANY (ARRAY['reckoning'::text, 'ready'::text, 'posting'::text, 'posted'::text, 'withdrawn'::text])))

table billing.run_change
  run_id uuid not null
  season_id uuid not null
  account_id uuid not null
  from_fen int8 not null
  to_fen int8 not null
  : run_change_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : run_change_pkey PRIMARY KEY (run_id, season_id, account_id)
  : run_change_run FOREIGN KEY (run_id) REFERENCES billing.run(id)
  : run_change_season FOREIGN KEY (season_id) REFERENCES ledger.season(id)

table billing.run_refusal
  run_id uuid not null
  season_id uuid not null
  account_id uuid not null
  code text not null
  zh text not null
  en text not null
  : run_refusal_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : run_refusal_pkey PRIMARY KEY (run_id, season_id, account_id)
  : run_refusal_run FOREIGN KEY (run_id) REFERENCES billing.run(id)
  : run_refusal_season FOREIGN KEY (season_id) REFERENCES ledger.season(id)

table billing.run_sum
  run_id uuid not null
  season_id uuid not null
  org_path text not null
  user_class text not null
  households int4 not null
  from_fen int8 not null
  to_fen int8 not null
  : run_sum_pkey PRIMARY KEY (run_id, season_id, org_path, user_class)
  : run_sum_run FOREIGN KEY (run_id) REFERENCES billing.run(id)
  : run_sum_season FOREIGN KEY (season_id) REFERENCES ledger.season(id)

table billing.settlement
  account_id uuid not null
  season_id uuid not null
  version int4 not null
  pack_version_id uuid not null
  inputs jsonb not null
  result jsonb not null
  posting_id uuid
  reason text not null
  settled_at timestamptz not null
  settled_by uuid
  settled_by_name text not null
  : settlement_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : settlement_pkey PRIMARY KEY (account_id, season_id, version)
  : settlement_posting FOREIGN KEY (posting_id) REFERENCES ledger.posting(id)
  : settlement_season FOREIGN KEY (season_id) REFERENCES ledger.season(id)
  : settlement_version_counts CHECK ((version > 0))

table billing.valve_request
  id uuid not null
  application_id uuid not null
  account_id uuid not null
  action text not null
  requested_at timestamptz not null
  order_id uuid
  moved_on date
  void_reason text
  : valve_request_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : valve_request_action_known CHECK ((action = ANY (ARRAY['open'::text, 'close'::text])))
  : valve_request_application FOREIGN KEY (application_id) REFERENCES billing.application(id)
  : valve_request_once UNIQUE (application_id)
  : valve_request_order_key UNIQUE (order_id)
  : valve_request_pkey PRIMARY KEY (id)

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
  network_state text not null
  charge_type text not null
  low_income bool not null
  tags _text not null
  org_path text not null
  grams _text not null
  opened_on date not null
  : account_charge_type_known CHECK ((charge_type = ANY (ARRAY['area'::text, 'two_part'::text, 'metered'::text])))
  : account_heat_use_state_known CHECK ((heat_use_state = ANY (ARRAY['using'::text, 'stopped'::text, 'forced_stop'::text, 'not_connected'::text])))
  : account_network_state_known CHECK ((network_state = ANY (ARRAY['planned'::text, 'connected'::text, 'cut'::text, 'removed'::text])))
  : account_no_key UNIQUE (account_no)
  : account_person FOREIGN KEY (person_id) REFERENCES directory.person(id)
  : account_pkey PRIMARY KEY (id)
  : account_premise FOREIGN KEY (premise_id) REFERENCES directory.premise(id)
  : account_utility_known CHECK ((utility = ANY (ARRAY['heat'::text, 'water'::text, 'gas'::text, 'power'::text])))

table directory.account_room
  account_id uuid not null
  premise_id uuid not null
  valid_from date not null
  valid_to date not null
  recorded_at timestamptz not null
  superseded_at timestamptz not null
  recorded_by uuid
  change_id uuid
  : account_room_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : account_room_believed CHECK ((recorded_at < superseded_at))
  : account_room_change FOREIGN KEY (change_id) REFERENCES directory.change(id)
  : account_room_forward CHECK ((valid_from < valid_to))
  : account_room_pkey PRIMARY KEY (account_id, premise_id, valid_from, recorded_at)
  : account_room_premise FOREIGN KEY (premise_id) REFERENCES directory.premise(id)

table directory.account_version
  account_id uuid not null
  valid_from date not null
  valid_to date not null
  recorded_at timestamptz not null
  superseded_at timestamptz not null
  recorded_by uuid
  change_id uuid
  person_id uuid not null
  network_state text not null
  heat_use_state text not null
  charge_type text not null
  low_income bool not null
  : account_version_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : account_version_believed CHECK ((recorded_at < superseded_at))
  : account_version_change FOREIGN KEY (change_id) REFERENCES directory.change(id)
  : account_version_charge_type_known CHECK ((charge_type = ANY (ARRAY['area'::text, 'two_part'::text, 'metered'::text])))
  : account_version_forward CHECK ((valid_from < valid_to))
  : account_version_heat_use_state_known CHECK ((heat_use_state = ANY (ARRAY['using'::text, 'stopped'::text, 'forced_stop'::text, 'not_connected'::text])))
  : account_version_network_state_known CHECK ((network_state = ANY (ARRAY['planned'::text, 'connected'::text, 'cut'::text, 'removed'::text])))
  : account_version_person FOREIGN KEY (person_id) REFERENCES directory.person(id)
  : account_version_pkey PRIMARY KEY (account_id, valid_from, recorded_at)

table directory.blacklist
  id uuid not null
  account_id uuid not null
  reason text not null
  since date not null
  listed_by uuid
  listed_at timestamptz not null
  lifted_at timestamptz
  lifted_by uuid
  lift_reason text
  : blacklist_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : blacklist_lifted_facts CHECK (((lifted_at IS NULL) = (lift_reason IS NULL)))
  : blacklist_pkey PRIMARY KEY (id)
  : blacklist_reason_said CHECK ((reason <> ''::text))

table directory.change
  id uuid not null
  recorded_at timestamptz not null
  recorded_by uuid
  actor text not null
  reason text not null
  source text not null
  source_id uuid
  : change_pkey PRIMARY KEY (id)
  : change_reason_said CHECK ((reason <> ''::text))

table directory.contact
  id uuid not null
  name text not null
  organisation text not null
  post text not null
  phone text not null
  email text not null
  groups _text not null
  note text not null
  grams _text not null
  org_path text not null
  updated_at timestamptz not null
  removed_at timestamptz
  : contact_named CHECK ((name <> ''::text))
  : contact_phone_digits CHECK ((phone ~ '^[0-9]{3,20}$'::text))
  : contact_pkey PRIMARY KEY (id)

table directory.document
  id uuid not null
  account_id uuid not null
  kind text not null
  title text not null
  file_id uuid
  contract_no text
  signed_on date
  valid_to date
  added_by uuid
  added_at timestamptz not null
  removed_at timestamptz
  removed_by uuid
  : document_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : document_contract_no_key UNIQUE (contract_no)
  : document_file FOREIGN KEY (file_id) REFERENCES files.file(id)
  : document_pkey PRIMARY KEY (id)
  : document_titled CHECK ((title <> ''::text))

table directory.finding
  id uuid not null
  rule text not null
  subject text not null
  subject_ids _uuid not null
  org_path text not null
  detail jsonb not null
  state text not null
  assignee_id uuid
  found_at timestamptz not null
  decided_at timestamptz
  decided_by uuid
  note text
  : finding_once UNIQUE (rule, subject_ids)
  : finding_pkey PRIMARY KEY (id)
  : finding_state_known CHECK ((state = ANY (ARRAY['open'::text, 'resolved'::text, 'skipped'::text, 'gone'::text])))
  : finding_subject_known CHECK ((subject = ANY (ARRAY['person'::text, 'premise'::text, 'account'::text])))

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

table directory.merge
  id uuid not null
  subject text not null
  kept_id uuid not null
  gone_id uuid not null
  change_id uuid not null
  moved jsonb not null
  merged_at timestamptz not null
  merged_by uuid
  undone_at timestamptz
  undone_by uuid
  : merge_change FOREIGN KEY (change_id) REFERENCES directory.change(id)
  : merge_pkey PRIMARY KEY (id)
  : merge_subject_known CHECK ((subject = ANY (ARRAY['person'::text, 'premise'::text])))
  : merge_two CHECK ((kept_id <> gone_id))

table directory.meter
  id uuid not null
  number text not null
  premise_id uuid not null
  kind text not null
  unit text not null
  start_reading numeric not null
  valid_from date not null
  valid_to date not null
  : meter_forward CHECK ((valid_from < valid_to))
  : meter_kind_known CHECK ((kind = ANY (ARRAY['heat'::text, 'water'::text, 'gas'::text, 'power'::text])))
  : meter_number_key UNIQUE (number, valid_from)
  : meter_pkey PRIMARY KEY (id)
  : meter_premise FOREIGN KEY (premise_id) REFERENCES directory.premise(id)
  : meter_unit_known CHECK ((unit = ANY (ARRAY['GJ'::text, 'kWh'::text, 'MWh'::text, 'm3'::text])))

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
  customer_type text
  relation_level text
  signatory text
  tax_number text
  merged_into uuid
  : person_kind_known CHECK ((kind = ANY (ARRAY['natural'::text, 'body'::text])))
  : person_merged_into FOREIGN KEY (merged_into) REFERENCES directory.person(id)
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
  usable_area numeric
  heated_area numeric not null
  charged_area numeric
  storey_height numeric
  user_class text not null
  heating_manner text not null
  valve_state text not null
  org_path text not null
  lng float8 not null
  lat float8 not null
  merged_into uuid
  : premise_building_area_positive CHECK ((building_area > (0)::numeric))
  : premise_charged_area_positive CHECK ((charged_area >= (0)::numeric))
  : premise_code_key UNIQUE (code)
  : premise_heated_area_positive CHECK ((heated_area > (0)::numeric))
  : premise_heating_manner_known CHECK ((heating_manner = ANY (ARRAY['radiator'::text, 'floor'::text, 'fan_coil'::text])))
  : premise_merged_into FOREIGN KEY (merged_into) REFERENCES directory.premise(id)
  : premise_pkey PRIMARY KEY (id)
  : premise_riser FOREIGN KEY (riser_id) REFERENCES directory.network_node(id)
  : premise_storey_height_sane CHECK (((storey_height >= (1)::numeric) AND (storey_height <= (30)::numeric)))
  : premise_unit FOREIGN KEY (unit_id) REFERENCES directory.place(id)
  : premise_usable_area_positive CHECK ((usable_area > (0)::numeric))
  : premise_user_class_known CHECK ((user_class = ANY (ARRAY['resident'::text, 'shop'::text, 'public'::text, 'garage'::text])))
  : premise_valve_state_known CHECK ((valve_state = ANY (ARRAY['open'::text, 'closed'::text, 'sealed'::text, 'none'::text])))

table directory.premise_version
  premise_id uuid not null
  valid_from date not null
  valid_to date not null
  recorded_at timestamptz not null
  superseded_at timestamptz not null
  recorded_by uuid
  change_id uuid
  building_area numeric not null
  usable_area numeric
  heated_area numeric not null
  charged_area numeric not null
  storey_height numeric
  user_class text not null
  heating_manner text not null
  : premise_version_areas CHECK (((building_area > (0)::numeric) AND (heated_area > (0)::numeric) AND (charged_area >= (0)::numeric) AND (usable_area > (0)::numeric)))
  : premise_version_believed CHECK ((recorded_at < superseded_at))
  : premise_version_change FOREIGN KEY (change_id) REFERENCES directory.change(id)
  : premise_version_forward CHECK ((valid_from < valid_to))
  : premise_version_heating_manner_known CHECK ((heating_manner = ANY (ARRAY['radiator'::text, 'floor'::text, 'fan_coil'::text])))
  : premise_version_pkey PRIMARY KEY (premise_id, valid_from, recorded_at)
  : premise_version_premise FOREIGN KEY (premise_id) REFERENCES directory.premise(id)
  : premise_version_user_class_known CHECK ((user_class = ANY (ARRAY['resident'::text, 'shop'::text, 'public'::text, 'garage'::text])))

table directory.retraction
  subject_id uuid not null
  subject text not null
  name text not null
  batch_id uuid not null
  retracted_at timestamptz not null
  xid xid8 not null
  : retraction_pkey PRIMARY KEY (subject_id)
  : retraction_subject_known CHECK ((subject = ANY (ARRAY['account'::text, 'premise'::text])))

table directory.term
  dictionary text not null
  code text not null
  zh text not null
  en text not null
  position int4 not null
  retired bool not null
  : term_code_plain CHECK ((code ~ '^[a-z0-9_]{1,40}$'::text))
  : term_pkey PRIMARY KEY (dictionary, code)

table directory.utility
  code text not null
  company text not null
  hotline text not null
  org_id uuid
  arrive_minutes int4 not null
  repair_minutes int4 not null
  : utility_arrive_positive CHECK ((arrive_minutes > 0))
  : utility_code_known CHECK ((code = ANY (ARRAY['heat'::text, 'water'::text, 'gas'::text, 'power'::text])))
  : utility_org FOREIGN KEY (org_id) REFERENCES identity.org(id)
  : utility_pkey PRIMARY KEY (code)
  : utility_repair_positive CHECK ((repair_minutes > 0))

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

table imports.batch
  id uuid not null
  kind text not null
  file_name text not null
  file_size int8 not null
  sha256 bytea not null
  file_id uuid not null
  headers _text not null
  mapping jsonb not null
  org_path text not null
  state text not null
  refusal text
  row_count int4 not null
  error_count int4 not null
  left_count int4 not null
  done_count int4 not null
  attempt int4 not null
  at_line int4 not null
  step_began_at timestamptz
  step_at timestamptz
  totals jsonb not null
  stated jsonb not null
  trial jsonb
  created_at timestamptz not null
  created_by uuid
  created_by_name text not null
  committed_at timestamptz
  undone_at timestamptz
  : batch_committed CHECK (((committed_at IS NOT NULL) = (state = ANY (ARRAY['committed'::text, 'undoing'::text, 'undone'::text]))))
  : batch_file FOREIGN KEY (file_id) REFERENCES files.file(id)
  : batch_hash_length CHECK ((length(sha256) = 32))
  : batch_kind_known CHECK ((kind = ANY (ARRAY['households'::text, 'charges'::text, 'payments'::text])))
  : batch_pkey PRIMARY KEY (id)
  : batch_refused CHECK (((refusal IS NOT NULL) = (state = 'refused'::text)))
  : batch_state_known CHECK ((state = ANY (ARRAY['reading'::text, 'refused'::text, 'staged'::text, 'checking'::text, 'checked'::text, 'committing'::text, 'committed'::text, 'undoing'::text, 'undone'::text])))
  : batch_undone CHECK (((undone_at IS NOT NULL) = (state = 'undone'::text)))

table imports.certificate
  id uuid not null
  shadow_id uuid not null
  season_id uuid not null
  org_paths _text not null
  body text not null
  digest bytea not null
  signature bytea not null
  public_key bytea not null
  made_at timestamptz not null
  made_by uuid
  made_by_name text not null
  : certificate_digest_length CHECK ((length(digest) = 32))
  : certificate_key_length CHECK ((length(public_key) = 32))
  : certificate_pkey PRIMARY KEY (id)
  : certificate_season FOREIGN KEY (season_id) REFERENCES ledger.season(id)
  : certificate_shadow FOREIGN KEY (shadow_id) REFERENCES imports.shadow(id)
  : certificate_signature_length CHECK ((length(signature) = 64))

table imports.line
  batch_id uuid not null
  no int4 not null
  cells _text not null
  faults jsonb
  left_out bool not null
  original _text
  note text
  assignee_id uuid
  decided_at timestamptz
  decided_by text
  : line_assignee FOREIGN KEY (assignee_id) REFERENCES identity.staff(id)
  : line_batch FOREIGN KEY (batch_id) REFERENCES imports.batch(id) ON DELETE CASCADE
  : line_pkey PRIMARY KEY (batch_id, no)

table imports.made
  batch_id uuid not null
  no int4 not null
  account_id uuid not null
  premise_id uuid not null
  person_id uuid
  phone text
  : made_batch FOREIGN KEY (batch_id) REFERENCES imports.batch(id)
  : made_pkey PRIMARY KEY (batch_id, no)

table imports.mapping
  kind text not null
  headers text not null
  mapping jsonb not null
  used_at timestamptz not null
  : mapping_pkey PRIMARY KEY (kind, headers)

table imports.posted
  batch_id uuid not null
  posting_id uuid not null
  : posted_batch FOREIGN KEY (batch_id) REFERENCES imports.batch(id)
  : posted_pkey PRIMARY KEY (batch_id, posting_id)
  : posted_posting FOREIGN KEY (posting_id) REFERENCES ledger.posting(id)

table imports.shadow
  id uuid not null
  season_id uuid not null
  org_paths _text not null
  basis text not null
  state text not null
  at_account uuid not null
  households int4 not null
  done int4 not null
  began_at timestamptz not null
  step_at timestamptz not null
  made_by uuid
  made_by_name text not null
  : shadow_basis_known CHECK ((basis = ANY (ARRAY['import'::text, 'book'::text])))
  : shadow_pkey PRIMARY KEY (id)
  : shadow_season FOREIGN KEY (season_id) REFERENCES ledger.season(id)
  : shadow_state_known CHECK ((state = ANY (ARRAY['running'::text, 'done'::text])))

table imports.shadow_row
  shadow_id uuid not null
  account_id uuid not null
  account_no text not null
  org_path text not null
  user_class text not null
  cause text not null
  old_fen int8 not null
  new_fen int8 not null
  : shadow_row_pkey PRIMARY KEY (shadow_id, account_id)
  : shadow_row_shadow FOREIGN KEY (shadow_id) REFERENCES imports.shadow(id) ON DELETE CASCADE

table imports.shadow_sum
  shadow_id uuid not null
  org_path text not null
  user_class text not null
  cause text not null
  households int8 not null
  old_fen int8 not null
  new_fen int8 not null
  : shadow_sum_pkey PRIMARY KEY (shadow_id, org_path, user_class, cause)
  : shadow_sum_shadow FOREIGN KEY (shadow_id) REFERENCES imports.shadow(id) ON DELETE CASCADE

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

table ledger.closing
  through date not null
  balances int8 not null
  receivable_fen int8 not null
  advance_fen int8 not null
  balanced_at timestamptz not null
  : closing_period FOREIGN KEY (through) REFERENCES ledger.period(through)
  : closing_pkey PRIMARY KEY (through)

table ledger.closing_balance
  account_id uuid
  season_id uuid
  amount_fen int8 not null
  through date not null
  segment_id int4
  ledger text not null
  item text not null
  : closing_balance_not_zero CHECK ((amount_fen <> 0))
  : closing_balance_period FOREIGN KEY (through) REFERENCES ledger.period(through)

table ledger.digest
  day date not null
  seq int8 not null
  hash bytea not null
  signature bytea not null
  public_key bytea not null
  made_at timestamptz not null
  : digest_key_length CHECK ((length(public_key) = 32))
  : digest_pkey PRIMARY KEY (day)
  : digest_seal FOREIGN KEY (seq) REFERENCES ledger.seal(seq)
  : digest_signature_length CHECK ((length(signature) = 64))

table ledger.entry
  posting_id uuid not null
  account_id uuid
  season_id uuid
  amount_fen int8 not null
  recorded_at timestamptz not null
  valid_on date not null
  line int4 not null
  segment_id int4
  ledger text not null
  item text not null
  : entry_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : entry_customer CHECK (((ledger <> ALL (ARRAY['receivable'::text, 'advance'::text])) OR (account_id IS NOT NULL)))
  : entry_customer_only CHECK (((ledger = ANY (ARRAY['receivable'::text, 'advance'::text, 'refund_payable'::text])) OR (account_id IS NULL)))
  : entry_ledger_known CHECK ((ledger = ANY (ARRAY['receivable'::text, 'advance'::text, 'cash'::text, 'bank'::text, 'wechat'::text, 'alipay'::text, 'card'::text, 'cheque'::text, 'revenue'::text, 'suspense'::text, 'rounding'::text, 'bad_debt'::text, 'refund_payable'::text, 'discount'::text, 'payable'::text, 'expense'::text])))
  : entry_line_counts CHECK ((line > 0))
  : entry_not_zero CHECK ((amount_fen <> 0))
  : entry_segment FOREIGN KEY (segment_id) REFERENCES ledger.segment(id)

table ledger.entry_none
  posting_id uuid not null
  account_id uuid
  season_id uuid
  amount_fen int8 not null
  recorded_at timestamptz not null
  valid_on date not null
  line int4 not null
  segment_id int4
  ledger text not null
  item text not null
  : entry_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : entry_customer CHECK (((ledger <> ALL (ARRAY['receivable'::text, 'advance'::text])) OR (account_id IS NOT NULL)))
  : entry_customer_only CHECK (((ledger = ANY (ARRAY['receivable'::text, 'advance'::text, 'refund_payable'::text])) OR (account_id IS NULL)))
  : entry_ledger_known CHECK ((ledger = ANY (ARRAY['receivable'::text, 'advance'::text, 'cash'::text, 'bank'::text, 'wechat'::text, 'alipay'::text, 'card'::text, 'cheque'::text, 'revenue'::text, 'suspense'::text, 'rounding'::text, 'bad_debt'::text, 'refund_payable'::text, 'discount'::text, 'payable'::text, 'expense'::text])))
  : entry_line_counts CHECK ((line > 0))
  : entry_not_zero CHECK ((amount_fen <> 0))
  : entry_segment FOREIGN KEY (segment_id) REFERENCES ledger.segment(id)

table ledger.period
  through date not null
  closed_at timestamptz not null
  closed_by uuid
  : period_is_month CHECK ((EXTRACT(day FROM (through + 1)) = (1)::numeric))
  : period_pkey PRIMARY KEY (through)

table ledger.posting
  id uuid not null
  source text not null
  source_id text not null
  corrects_id uuid
  memo text not null
  channel text
  valid_on date not null
  recorded_at timestamptz not null
  recorded_by uuid
  xid xid8 not null
  : posting_corrects FOREIGN KEY (corrects_id) REFERENCES ledger.posting(id)
  : posting_has_lines TRIGGER DEFERRABLE INITIALLY DEFERRED
  : posting_pkey PRIMARY KEY (id)
  : posting_source_id_named CHECK ((source_id <> ''::text))
  : posting_source_key UNIQUE (source, source_id)
  : posting_source_named CHECK ((source <> ''::text))

table ledger.seal
  seq int8 not null
  posting_id uuid not null
  hash bytea not null
  : seal_hash_length CHECK ((length(hash) = 32))
  : seal_pkey PRIMARY KEY (seq)
  : seal_posting FOREIGN KEY (posting_id) REFERENCES ledger.posting(id)
  : seal_posting_key UNIQUE (posting_id)

table ledger.season
  id uuid not null
  code text not null
  starts_at timestamptz not null
  ends_at timestamptz not null
  : season_code_form CHECK ((code ~ '^[0-9a-z][0-9a-z-]{0,39}$'::text))
  : season_code_key UNIQUE (code)
  : season_forward CHECK ((starts_at < ends_at))
  : season_pkey PRIMARY KEY (id)

table ledger.segment
  id int4 not null
  org_path text not null
  user_class text not null
  charge_type text not null
  : segment_key UNIQUE (org_path, user_class, charge_type)
  : segment_pkey PRIMARY KEY (id)

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
  utility text
  sort int4 not null
  active bool not null
  : symptom_kind FOREIGN KEY (kind) REFERENCES orders.kind(key)
  : symptom_pkey PRIMARY KEY (key)
  : symptom_urgency CHECK (((urgency >= 1) AND (urgency <= 3)))
  : symptom_utility FOREIGN KEY (utility) REFERENCES directory.utility(code)

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

table payments.attempt
  id uuid not null
  order_id uuid not null
  channel text not null
  reference text not null
  amount_fen int8 not null
  state text not null
  outcome text
  began_at timestamptz not null
  told_at timestamptz
  queries int4 not null
  next_query_at timestamptz
  last_error text not null
  : attempt_channel_known CHECK ((channel = ANY (ARRAY['cash'::text, 'card'::text, 'transfer'::text, 'cheque'::text, 'wechat'::text, 'alipay'::text, 'bank'::text, 'suspense'::text])))
  : attempt_order FOREIGN KEY (order_id) REFERENCES payments.payment_order(id)
  : attempt_outcome CHECK (((outcome IS NOT NULL) = (state = 'succeeded'::text)))
  : attempt_outcome_known CHECK ((outcome = ANY (ARRAY['settled'::text, 'surplus'::text])))
  : attempt_pkey PRIMARY KEY (id)
  : attempt_positive CHECK ((amount_fen > 0))
  : attempt_reference_key UNIQUE (channel, reference)
  : attempt_reference_there CHECK ((reference <> ''::text))
  : attempt_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'unknown'::text, 'failed'::text, 'succeeded'::text])))

table payments.collection_contact
  id uuid not null
  list_id uuid not null
  account_id uuid not null
  way text not null
  result text
  note text not null
  promised_on date
  next_on date
  at timestamptz not null
  by_id uuid
  by_name text not null
  : collection_contact_by FOREIGN KEY (by_id) REFERENCES identity.staff(id)
  : collection_contact_item FOREIGN KEY (list_id, account_id) REFERENCES payments.collection_item(list_id, account_id)
  : collection_contact_pkey PRIMARY KEY (id)
  : collection_contact_promise CHECK (((promised_on IS NOT NULL) = (NOT (result IS DISTINCT FROM 'promised'::text))))
  : collection_contact_result CHECK (((result IS NULL) = (way = 'message'::text)))
  : collection_contact_result_known CHECK ((result = ANY (ARRAY['promised'::text, 'refused'::text, 'absent'::text, 'disputed'::text, 'paid'::text])))
  : collection_contact_way_known CHECK ((way = ANY (ARRAY['visit'::text, 'call'::text, 'message'::text])))

table payments.collection_item
  list_id uuid not null
  account_id uuid not null
  owed_fen int8 not null
  result text
  note text not null
  promised_on date
  next_on date
  visited_at timestamptz
  told_at timestamptz
  : collection_item_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : collection_item_list FOREIGN KEY (list_id) REFERENCES payments.collection_list(id)
  : collection_item_pkey PRIMARY KEY (list_id, account_id)
  : collection_item_result_known CHECK ((result = ANY (ARRAY['promised'::text, 'refused'::text, 'absent'::text, 'disputed'::text, 'paid'::text])))

table payments.collection_list
  id uuid not null
  no text not null
  org_path text not null
  place_id uuid
  title text not null
  collector_id uuid not null
  due_on date not null
  made_by uuid
  made_at timestamptz not null
  : collection_list_collector FOREIGN KEY (collector_id) REFERENCES identity.staff(id)
  : collection_list_made_by FOREIGN KEY (made_by) REFERENCES identity.staff(id)
  : collection_list_no_key UNIQUE (no)
  : collection_list_pkey PRIMARY KEY (id)
  : collection_list_place FOREIGN KEY (place_id) REFERENCES directory.place(id)

table payments.day_close
  id uuid not null
  on_date date not null
  org_path text not null
  lines jsonb not null
  difference_fen int8 not null
  explanation text not null
  closed_by uuid
  closed_at timestamptz not null
  : day_close_closed_by FOREIGN KEY (closed_by) REFERENCES identity.staff(id)
  : day_close_difference_named CHECK (((difference_fen = 0) OR (explanation <> ''::text)))
  : day_close_key UNIQUE (on_date, org_path)
  : day_close_pkey PRIMARY KEY (id)

table payments.payment_order
  id uuid not null
  no text not null
  method text not null
  amount_fen int8 not null
  rounding_fen int8 not null
  tendered_fen int8
  change_fen int8
  state text not null
  org_path text not null
  shift_id uuid
  payer text not null
  memo text not null
  created_by uuid
  created_by_name text not null
  created_at timestamptz not null
  settled_at timestamptz
  posting_id uuid
  late_posting_id uuid
  reversed_at timestamptz
  reversal_posting_id uuid
  reversal_reason text not null
  : payment_order_amount_sane CHECK (((amount_fen >= 1) AND (amount_fen <= '100000000000'::bigint)))
  : payment_order_change CHECK (((tendered_fen IS NULL) OR ((tendered_fen - change_fen) = (amount_fen - rounding_fen))))
  : payment_order_created_by FOREIGN KEY (created_by) REFERENCES identity.staff(id)
  : payment_order_method_known CHECK ((method = ANY (ARRAY['cash'::text, 'card'::text, 'transfer'::text, 'cheque'::text, 'wechat'::text, 'alipay'::text, 'bank'::text, 'suspense'::text])))
  : payment_order_no_key UNIQUE (no)
  : payment_order_pkey PRIMARY KEY (id)
  : payment_order_reversed CHECK ((((state = 'reversed'::text) = (reversed_at IS NOT NULL)) AND ((state = 'reversed'::text) = (reversal_reason <> ''::text))))
  : payment_order_rounding_small CHECK ((abs(rounding_fen) < 100))
  : payment_order_settled CHECK ((((state = 'open'::text) = (settled_at IS NULL)) AND ((state = 'open'::text) = (posting_id IS NULL))))
  : payment_order_shift FOREIGN KEY (shift_id) REFERENCES payments.shift(id)
  : payment_order_state_known CHECK ((state = ANY (ARRAY['open'::text, 'settled'::text, 'reversed'::text])))

table payments.receipt
  id uuid not null
  no text not null
  range_id uuid not null
  order_id uuid not null
  state text not null
  amount_fen int8 not null
  face_version int4 not null
  content jsonb not null
  copies int4 not null
  issued_at timestamptz not null
  issued_by uuid
  voided_at timestamptz
  voided_by uuid
  void_reason text not null
  : receipt_face FOREIGN KEY (face_version) REFERENCES payments.receipt_face(version)
  : receipt_issued_by FOREIGN KEY (issued_by) REFERENCES identity.staff(id)
  : receipt_no_key UNIQUE (no)
  : receipt_order FOREIGN KEY (order_id) REFERENCES payments.payment_order(id)
  : receipt_pkey PRIMARY KEY (id)
  : receipt_range FOREIGN KEY (range_id) REFERENCES payments.receipt_range(id)
  : receipt_state_known CHECK ((state = ANY (ARRAY['issued'::text, 'void'::text])))
  : receipt_void CHECK ((((state = 'void'::text) = (voided_at IS NOT NULL)) AND ((state = 'void'::text) = (void_reason <> ''::text))))
  : receipt_voided_by FOREIGN KEY (voided_by) REFERENCES identity.staff(id)

table payments.receipt_face
  version int4 not null
  face jsonb not null
  made_by uuid
  made_at timestamptz not null
  : receipt_face_made_by FOREIGN KEY (made_by) REFERENCES identity.staff(id)
  : receipt_face_pkey PRIMARY KEY (version)

table payments.receipt_range
  id uuid not null
  org_path text not null
  cashier_id uuid
  prefix text not null
  digits int4 not null
  first_no int8 not null
  last_no int8 not null
  next_no int8 not null
  given_by uuid
  given_at timestamptz not null
  closed_at timestamptz
  : receipt_range_cashier FOREIGN KEY (cashier_id) REFERENCES identity.staff(id)
  : receipt_range_digits CHECK (((digits >= 4) AND (digits <= 12)))
  : receipt_range_forward CHECK (((0 < first_no) AND (first_no <= last_no) AND ((next_no >= first_no) AND (next_no <= (last_no + 1)))))
  : receipt_range_given_by FOREIGN KEY (given_by) REFERENCES identity.staff(id)
  : receipt_range_pkey PRIMARY KEY (id)
  : receipt_range_prefix CHECK ((prefix ~ '^[A-Z0-9-]{0,12}$'::text))

table payments.refund
  id uuid not null
  order_id uuid
  attempt_id uuid
  account_id uuid
  org_path text not null
  amount_fen int8 not null
  method text not null
  kind text not null
  reason text not null
  state text not null
  requested_by uuid
  requested_at timestamptz not null
  decided_by uuid
  decided_at timestamptz
  tries int4 not null
  next_try_at timestamptz
  last_error text not null
  done_at timestamptz
  paid_in uuid
  reference text not null
  owed_posting_id uuid
  paid_posting_id uuid
  : refund_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : refund_attempt FOREIGN KEY (attempt_id) REFERENCES payments.attempt(id)
  : refund_attempt_key UNIQUE (attempt_id)
  : refund_decided_by FOREIGN KEY (decided_by) REFERENCES identity.staff(id)
  : refund_done CHECK (((state = 'done'::text) = (done_at IS NOT NULL)))
  : refund_kind_known CHECK ((kind = ANY (ARRAY['double_success'::text, 'order'::text, 'credit'::text])))
  : refund_method_known CHECK ((method = ANY (ARRAY['cash'::text, 'card'::text, 'transfer'::text, 'cheque'::text, 'wechat'::text, 'alipay'::text, 'bank'::text, 'suspense'::text])))
  : refund_order FOREIGN KEY (order_id) REFERENCES payments.payment_order(id)
  : refund_paid_in FOREIGN KEY (paid_in) REFERENCES payments.shift(id)
  : refund_pkey PRIMARY KEY (id)
  : refund_positive CHECK ((amount_fen > 0))
  : refund_requested_by FOREIGN KEY (requested_by) REFERENCES identity.staff(id)
  : refund_state_known CHECK ((state = ANY (ARRAY['requested'::text, 'refused'::text, 'running'::text, 'done'::text])))
  : refund_tried CHECK (((next_try_at IS NOT NULL) <= (state = 'running'::text)))
  : refund_two_people CHECK (((decided_by IS NULL) OR (requested_by IS NULL) OR (decided_by <> requested_by)))

table payments.share
  order_id uuid not null
  account_id uuid not null
  amount_fen int8 not null
  : share_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : share_order FOREIGN KEY (order_id) REFERENCES payments.payment_order(id)
  : share_pkey PRIMARY KEY (order_id, account_id)
  : share_positive CHECK ((amount_fen > 0))

table payments.shift
  id uuid not null
  no text not null
  cashier_id uuid not null
  org_path text not null
  counter text not null
  float_fen int8 not null
  state text not null
  opened_at timestamptz not null
  counted_at timestamptz
  counted_fen int8
  expected_fen int8
  difference_reason text not null
  closed_at timestamptz
  handed_to uuid
  posting_id uuid
  : shift_cashier FOREIGN KEY (cashier_id) REFERENCES identity.staff(id)
  : shift_closed CHECK (((closed_at IS NOT NULL) = (state = 'closed'::text)))
  : shift_counted CHECK ((((counted_at IS NOT NULL) = (state <> 'open'::text)) AND ((counted_fen IS NOT NULL) = (state <> 'open'::text)) AND ((expected_fen IS NOT NULL) = (state <> 'open'::text))))
  : shift_difference_named CHECK (((state <> 'closed'::text) OR (counted_fen = expected_fen) OR (difference_reason <> ''::text)))
  : shift_float_sane CHECK (((float_fen >= 0) AND (float_fen <= 100000000)))
  : shift_handed_to FOREIGN KEY (handed_to) REFERENCES identity.staff(id)
  : shift_no_key UNIQUE (no)
  : shift_pkey PRIMARY KEY (id)
  : shift_state_known CHECK ((state = ANY (ARRAY['open'::text, 'counted'::text, 'closed'::text])))

table payments.suspense
  id uuid not null
  channel text not null
  reference text not null
  amount_fen int8 not null
  payer text not null
  remark text not null
  received_on date not null
  org_path text not null
  state text not null
  order_id uuid
  posting_id uuid not null
  created_by uuid
  created_at timestamptz not null
  decided_by uuid
  decided_at timestamptz
  reason text not null
  : suspense_amount_sane CHECK (((amount_fen >= 1) AND (amount_fen <= '100000000000'::bigint)))
  : suspense_assigned CHECK (((state = 'assigned'::text) = (order_id IS NOT NULL)))
  : suspense_channel_known CHECK ((channel = ANY (ARRAY['cash'::text, 'card'::text, 'transfer'::text, 'cheque'::text, 'wechat'::text, 'alipay'::text, 'bank'::text])))
  : suspense_created_by FOREIGN KEY (created_by) REFERENCES identity.staff(id)
  : suspense_decided CHECK (((state = 'open'::text) = (decided_at IS NULL)))
  : suspense_decided_by FOREIGN KEY (decided_by) REFERENCES identity.staff(id)
  : suspense_order FOREIGN KEY (order_id) REFERENCES payments.payment_order(id)
  : suspense_pkey PRIMARY KEY (id)
  : suspense_reference_key UNIQUE (channel, reference)
  : suspense_reference_there CHECK ((reference <> ''::text))
  : suspense_state_known CHECK ((state = ANY (ARRAY['open'::text, 'assigned'::text, 'returned'::text])))

table portal.invitation
  id uuid not null
  account_id uuid not null
  person_id uuid not null
  phone text not null
  sent_by uuid
  made_at timestamptz not null
  expires_at timestamptz not null
  : invitation_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : invitation_forward CHECK ((made_at < expires_at))
  : invitation_person FOREIGN KEY (person_id) REFERENCES directory.person(id)
  : invitation_phone_digits CHECK ((phone ~ '^[0-9]{3,20}$'::text))
  : invitation_pkey PRIMARY KEY (id)

table services.audit
  sheet_id uuid not null
  org_path text not null
  findings _text not null
  found_at timestamptz not null
  state text not null
  decided_at timestamptz
  decided_by uuid
  decided_by_name text not null
  note text not null
  : audit_decided CHECK (((state = 'open'::text) = (decided_at IS NULL)))
  : audit_decider FOREIGN KEY (decided_by) REFERENCES identity.staff(id)
  : audit_found CHECK (((cardinality(findings) > 0) AND (findings <@ ARRAY['against_rule'::text, 'price_changed'::text, 'again'::text, 'sample'::text])))
  : audit_pkey PRIMARY KEY (sheet_id)
  : audit_sheet FOREIGN KEY (sheet_id) REFERENCES services.sheet(id)
  : audit_state_known CHECK ((state = ANY (ARRAY['open'::text, 'passed'::text, 'objected'::text])))
  : audit_words CHECK (((state <> 'objected'::text) OR (note <> ''::text)))

table services.item
  id uuid not null
  code text not null
  sort int4 not null
  kind text not null
  class text not null
  part text not null
  name text not null
  name_en text not null
  unit text not null
  made_at timestamptz not null
  : item_class_known CHECK ((class = ANY (ARRAY['repair'::text, 'value_added'::text])))
  : item_code_form CHECK ((code ~ '^[0-9A-Z][0-9A-Z-]{0,19}$'::text))
  : item_code_key UNIQUE (code)
  : item_kind_known CHECK ((kind = ANY (ARRAY['service'::text, 'material'::text])))
  : item_named CHECK ((name <> ''::text))
  : item_part_known CHECK ((part = ANY (ARRAY['public'::text, 'inside'::text])))
  : item_pkey PRIMARY KEY (id)
  : item_unit_named CHECK ((unit <> ''::text))

table services.line
  sheet_id uuid not null
  line int4 not null
  item_id uuid not null
  price_id uuid not null
  quantity int4 not null
  list_fen int8 not null
  unit_fen int8 not null
  sum_fen int8 not null
  rule_covered bool not null
  rule_reason text not null
  rule_until date
  rule_sheet_id uuid
  covered bool not null
  said text not null
  charge_fen int8 not null
  pay_fen int8 not null
  : line_charge CHECK ((charge_fen =
CASE
    WHEN covered THEN (0)::bigint
    ELSE sum_fen
END))
  : line_counts CHECK ((line > 0))
  : line_item FOREIGN KEY (item_id) REFERENCES services.item(id)
  : line_pay CHECK ((pay_fen >= 0))
  : line_pkey PRIMARY KEY (sheet_id, line)
  : line_price FOREIGN KEY (price_id) REFERENCES services.price(id)
  : line_quantity CHECK (((quantity >= 1) AND (quantity <= 1000000)))
  : line_reason_known CHECK ((rule_reason = ANY (ARRAY['public_part'::text, 'new_installation'::text, 'repaired'::text, 'value_added'::text, 'out'::text])))
  : line_rule_sheet FOREIGN KEY (rule_sheet_id) REFERENCES services.sheet(id)
  : line_said CHECK ((((covered = rule_covered) AND (unit_fen = list_fen)) OR (said <> ''::text)))
  : line_sheet FOREIGN KEY (sheet_id) REFERENCES services.sheet(id)
  : line_sum CHECK ((sum_fen >= 0))
  : line_unit CHECK (((unit_fen >= 0) AND (unit_fen <= 10000000)))

table services.price
  id uuid not null
  item_id uuid not null
  valid_from date not null
  offered bool not null
  price_fen int8 not null
  negotiable bool not null
  warranty_days int4 not null
  pay_fixed_fen int8 not null
  pay_share_bp int4 not null
  recorded_at timestamptz not null
  recorded_by text not null
  superseded_at timestamptz
  : price_item FOREIGN KEY (item_id) REFERENCES services.item(id)
  : price_pay_fixed CHECK (((pay_fixed_fen >= 0) AND (pay_fixed_fen <= 10000000)))
  : price_pay_share CHECK (((pay_share_bp >= 0) AND (pay_share_bp <= 10000)))
  : price_pkey PRIMARY KEY (id)
  : price_sane CHECK (((price_fen >= 0) AND (price_fen <= 10000000)))
  : price_warranty CHECK (((warranty_days >= 0) AND (warranty_days <= 3650)))

table services.rule
  id uuid not null
  valid_from date not null
  public_free bool not null
  installation_days int4 not null
  repeat_days int4 not null
  sample_percent int4 not null
  citation text not null
  recorded_at timestamptz not null
  recorded_by text not null
  superseded_at timestamptz
  : rule_installation CHECK (((installation_days >= 0) AND (installation_days <= 7300)))
  : rule_pkey PRIMARY KEY (id)
  : rule_repeat CHECK (((repeat_days >= 0) AND (repeat_days <= 730)))
  : rule_sample CHECK (((sample_percent >= 0) AND (sample_percent <= 100)))

table services.sheet
  id uuid not null
  no text not null
  order_id uuid not null
  round int4 not null
  account_id uuid not null
  premise_id uuid not null
  org_path text not null
  staff_id uuid not null
  state text not null
  priced_on date not null
  rule_id uuid not null
  total_fen int8 not null
  pay_fen int8 not null
  quoted_at timestamptz not null
  agreed_at timestamptz
  signer text not null
  signature_id uuid
  charged_at timestamptz
  charged_on date
  posting_id uuid
  ended_at timestamptz
  ended_by text not null
  end_reason text not null
  reversal_id uuid
  : sheet_account FOREIGN KEY (account_id) REFERENCES directory.account(id)
  : sheet_charge CHECK ((((state = ANY (ARRAY['charged'::text, 'reversed'::text])) = (charged_at IS NOT NULL)) AND ((charged_at IS NULL) = (charged_on IS NULL)) AND ((charged_at IS NULL) OR ((posting_id IS NOT NULL) = (total_fen > 0)))))
  : sheet_consent CHECK (((state <> ALL (ARRAY['agreed'::text, 'charged'::text, 'reversed'::text])) OR ((agreed_at IS NOT NULL) AND (signature_id IS NOT NULL) AND (signer <> ''::text))))
  : sheet_end CHECK ((((state = ANY (ARRAY['declined'::text, 'withdrawn'::text, 'reversed'::text])) = (ended_at IS NOT NULL)) AND ((ended_at IS NULL) OR (end_reason <> ''::text)) AND ((reversal_id IS NOT NULL) = ((state = 'reversed'::text) AND (total_fen > 0)))))
  : sheet_no_key UNIQUE (no)
  : sheet_order FOREIGN KEY (order_id) REFERENCES orders.work_order(id)
  : sheet_pay CHECK ((pay_fen >= 0))
  : sheet_pkey PRIMARY KEY (id)
  : sheet_posting FOREIGN KEY (posting_id) REFERENCES ledger.posting(id)
  : sheet_premise FOREIGN KEY (premise_id) REFERENCES directory.premise(id)
  : sheet_reversal FOREIGN KEY (reversal_id) REFERENCES ledger.posting(id)
  : sheet_rule FOREIGN KEY (rule_id) REFERENCES services.rule(id)
  : sheet_signature FOREIGN KEY (signature_id) REFERENCES files.file(id)
  : sheet_staff FOREIGN KEY (staff_id) REFERENCES identity.staff(id)
  : sheet_state_known CHECK ((state = ANY (ARRAY['quoted'::text, 'agreed'::text, 'charged'::text, 'declined'::text, 'withdrawn'::text, 'reversed'::text])))
  : sheet_total CHECK ((total_fen >= 0))

table services.statement
  id uuid not null
  no text not null
  staff_id uuid not null
  org_path text not null
  from_day date not null
  through date not null
  state text not null
  earned_fen int8 not null
  deducted_fen int8 not null
  made_at timestamptz not null
  made_by uuid not null
  made_by_name text not null
  decided_at timestamptz
  decided_by uuid
  decided_by_name text not null
  decision text not null
  posting_id uuid
  reversed_at timestamptz
  reversed_by_name text not null
  reverse_reason text not null
  reversal_id uuid
  : statement_decider FOREIGN KEY (decided_by) REFERENCES identity.staff(id)
  : statement_deducted CHECK ((deducted_fen >= 0))
  : statement_earned CHECK ((earned_fen >= 0))
  : statement_forward CHECK ((from_day <= through))
  : statement_maker FOREIGN KEY (made_by) REFERENCES identity.staff(id)
  : statement_no_key UNIQUE (no)
  : statement_pkey PRIMARY KEY (id)
  : statement_posting FOREIGN KEY (posting_id) REFERENCES ledger.posting(id)
  : statement_reversal FOREIGN KEY (reversal_id) REFERENCES ledger.posting(id)
  : statement_second_person CHECK (((decided_by IS NULL) OR ((decided_by <> made_by) AND (decided_by <> staff_id))))
  : statement_staff FOREIGN KEY (staff_id) REFERENCES identity.staff(id)
  : statement_state_facts CHECK ((((state = 'proposed'::text) = (decided_at IS NULL)) AND ((state = 'reversed'::text) = (reversed_at IS NOT NULL)) AND ((state <> ALL (ARRAY['posted'::text, 'reversed'::text])) OR (earned_fen = deducted_fen) OR (posting_id IS NOT NULL))))
  : statement_state_known CHECK ((state = ANY (ARRAY['proposed'::text, 'posted'::text, 'refused'::text, 'reversed'::text])))

table services.statement_line
  statement_id uuid not null
  sheet_id uuid not null
  kind text not null
  amount_fen int8 not null
  released bool not null
  : statement_line_kind_known CHECK ((kind = ANY (ARRAY['earned'::text, 'deducted'::text])))
  : statement_line_pkey PRIMARY KEY (statement_id, sheet_id, kind)
  : statement_line_sheet FOREIGN KEY (sheet_id) REFERENCES services.sheet(id)
  : statement_line_statement FOREIGN KEY (statement_id) REFERENCES services.statement(id)

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
