create schema directory;

-- The address tree: community > building > unit. The code is the unified address code.
create table directory.place (
  id        uuid constraint place_pkey primary key,
  parent_id uuid constraint place_parent references directory.place,
  kind      text not null constraint place_kind_known check (kind in ('community', 'building', 'unit')),
  code      text not null constraint place_code_key unique,
  name      text not null,
  -- the station that serves it
  org_path  text collate "C" not null,
  lng       double precision not null,
  lat       double precision not null,
  -- what people count buildings and units by: 3 of 3号楼; empty when the name has none
  number    text collate "C" not null generated always as
            (coalesce(lower(substring(name from '[0-9]+[A-Za-z]?')), '')) stored,
  constraint place_root_is_community check ((parent_id is null) = (kind = 'community'))
);
create index place_children on directory.place (parent_id, number);
create index place_communities on directory.place (name) include (id, org_path)
  where parent_id is null;

-- The heat network: source > station (exchange station) > loop > riser.
create table directory.network_node (
  id        uuid constraint network_node_pkey primary key,
  parent_id uuid constraint network_node_parent references directory.network_node,
  kind      text not null constraint network_node_kind_known
            check (kind in ('source', 'station', 'loop', 'riser')),
  code      text not null constraint network_node_code_key unique,
  name      text not null,
  org_path  text collate "C" not null,
  lng       double precision,
  lat       double precision
);
create index network_node_children on directory.network_node (parent_id);

create table directory.person (
  id        uuid constraint person_pkey primary key,
  kind      text not null default 'natural' constraint person_kind_known
            check (kind in ('natural', 'body')),
  name      text collate "C" not null,
  id_number text,
  -- what sort of customer, a term of the dictionary customer_type
  customer_type text,
  -- how much the house cares for him, a term of the dictionary relation_level
  relation_level text,
  -- a body's legal form: who signs, tax number
  signatory text,
  tax_number text,
  -- the same person under another row, when the two were found to be one
  merged_into uuid constraint person_merged_into references directory.person
);
create index person_name on directory.person (name);
create index person_id_number on directory.person (id_number) where id_number is not null;

create table directory.phone (
  person_id uuid not null constraint phone_person references directory.person,
  number    text collate "C" not null constraint phone_digits check (number ~ '^[0-9]{3,20}$'),
  label     text not null default '',
  constraint phone_pkey primary key (person_id, number)
);
create index phone_number on directory.phone (number);
create index phone_tail on directory.phone (reverse(number) collate "C");

create table directory.premise (
  id              uuid constraint premise_pkey primary key,
  unit_id         uuid not null constraint premise_unit references directory.place,
  riser_id        uuid constraint premise_riser references directory.network_node,
  code            text not null constraint premise_code_key unique,
  floor           integer not null,
  room            text not null,
  -- as people say it: 阳光小区3号楼2单元602
  address         text not null,
  -- the facts of today: a projection of premise_version
  building_area   numeric(10, 2) not null constraint premise_building_area_positive check (building_area > 0),
  usable_area     numeric(10, 2) constraint premise_usable_area_positive check (usable_area > 0),
  heated_area     numeric(10, 2) not null constraint premise_heated_area_positive check (heated_area > 0),
  -- what is paid for; the heated area when absent
  charged_area    numeric(10, 2) constraint premise_charged_area_positive check (charged_area >= 0),
  storey_height   numeric(4, 2) constraint premise_storey_height_sane check (storey_height between 1 and 30),
  user_class      text not null constraint premise_user_class_known
                  check (user_class in ('resident', 'shop', 'public', 'garage')),
  heating_manner  text not null constraint premise_heating_manner_known
                  check (heating_manner in ('radiator', 'floor', 'fan_coil')),
  valve_state     text not null constraint premise_valve_state_known
                  check (valve_state in ('open', 'closed', 'sealed', 'none')),
  org_path        text collate "C" not null,
  lng             double precision not null,
  lat             double precision not null,
  -- the same room under another code, when the two were found to be one
  merged_into     uuid constraint premise_merged_into references directory.premise
);
create index premise_door on directory.premise (unit_id, lower(room) collate "C");
create index premise_riser on directory.premise (riser_id);

create table directory.account (
  id             uuid constraint account_pkey primary key,
  account_no     text collate "C" not null constraint account_no_key unique,
  utility        text not null default 'heat' constraint account_utility_known
                 check (utility in ('heat', 'water', 'gas', 'power')),
  premise_id     uuid not null constraint account_premise references directory.premise,
  person_id      uuid not null constraint account_person references directory.person,
  heat_use_state text not null constraint account_heat_use_state_known
                 check (heat_use_state in ('using', 'stopped', 'forced_stop', 'not_connected')),
  network_state  text not null default 'connected' constraint account_network_state_known
                 check (network_state in ('planned', 'connected', 'cut', 'removed')),
  charge_type    text not null default 'area' constraint account_charge_type_known
                 check (charge_type in ('area', 'two_part', 'metered')),
  low_income     boolean not null default false,
  -- big, key, sensitive, repeat_complainer
  tags           text[] not null default '{}',
  org_path       text collate "C" not null,
  -- what it is searched by: two-character pieces of the holder's name (marked @), its initials (#)
  -- and the address, three-digit pieces of his phones (+), the organisations above (/hq/east/)
  grams          text[] not null,
  opened_on      date not null
);
create index account_premise on directory.account (premise_id);
-- account numbers within one organisation
create index account_org_no on directory.account (org_path, account_no);
create index account_person on directory.account (person_id);
create index account_grams on directory.account using gin (grams) with (fastupdate = off);

-- Numbers for accounts that are opened here; imported ones keep theirs.
create sequence directory.account_no start 70000001;

-- A number that somebody called from and that an agent bound to a household.
create table directory.phone_binding (
  number     text collate "C" not null constraint phone_binding_digits check (number ~ '^[0-9]{3,20}$'),
  account_id uuid not null constraint phone_binding_account references directory.account,
  bound_by   uuid,
  bound_at   timestamptz not null,
  constraint phone_binding_pkey primary key (number, account_id)
);
create index phone_binding_tail on directory.phone_binding (reverse(number) collate "C");

-- Marks on a household that an agent must see: alteration, violation, stop-heat.
create table directory.mark (
  id         uuid constraint mark_pkey primary key,
  account_id uuid not null constraint mark_account references directory.account,
  kind       text not null constraint mark_kind_known
             check (kind in ('alteration', 'violation', 'stop_heat', 'restore')),
  note       text not null,
  since      date not null,
  until      date
);
create index mark_account on directory.mark (account_id);

-- Facts and their validity ------------------------------------------------------------------
--
-- A version says what is true from valid_from up to, not including, valid_to; and that we
-- believed so from recorded_at up to superseded_at. Nothing is ever edited: a change supersedes
-- versions and adds others. Rows with superseded_at = 'infinity' are what we believe now.

-- Who changed facts, when and why: one row for each act.
create table directory.change (
  id          uuid constraint change_pkey primary key,
  recorded_at timestamptz not null,
  recorded_by uuid,
  actor       text not null,
  reason      text not null constraint change_reason_said check (reason <> ''),
  -- what sort of business it was: desk, application, import, merge ...
  source      text not null,
  source_id   uuid
);

create table directory.premise_version (
  premise_id     uuid not null constraint premise_version_premise references directory.premise,
  valid_from     date not null,
  valid_to       date not null default 'infinity',
  recorded_at    timestamptz not null,
  superseded_at  timestamptz not null default 'infinity',
  recorded_by    uuid,
  change_id      uuid constraint premise_version_change references directory.change,
  building_area  numeric(10, 2) not null,
  usable_area    numeric(10, 2),
  heated_area    numeric(10, 2) not null,
  charged_area   numeric(10, 2) not null,
  storey_height  numeric(4, 2),
  user_class     text not null,
  heating_manner text not null,
  constraint premise_version_pkey primary key (premise_id, valid_from, recorded_at),
  constraint premise_version_forward check (valid_from < valid_to),
  constraint premise_version_believed check (recorded_at < superseded_at),
  constraint premise_version_areas
    check (building_area > 0 and heated_area > 0 and charged_area >= 0 and usable_area > 0),
  constraint premise_version_user_class_known
    check (user_class in ('resident', 'shop', 'public', 'garage')),
  constraint premise_version_heating_manner_known
    check (heating_manner in ('radiator', 'floor', 'fan_coil'))
);

create table directory.account_version (
  account_id     uuid not null constraint account_version_account references directory.account,
  valid_from     date not null,
  valid_to       date not null default 'infinity',
  recorded_at    timestamptz not null,
  superseded_at  timestamptz not null default 'infinity',
  recorded_by    uuid,
  change_id      uuid constraint account_version_change references directory.change,
  person_id      uuid not null constraint account_version_person references directory.person,
  network_state  text not null,
  heat_use_state text not null,
  charge_type    text not null,
  low_income     boolean not null,
  constraint account_version_pkey primary key (account_id, valid_from, recorded_at),
  constraint account_version_forward check (valid_from < valid_to),
  constraint account_version_believed check (recorded_at < superseded_at),
  constraint account_version_network_state_known
    check (network_state in ('planned', 'connected', 'cut', 'removed')),
  constraint account_version_heat_use_state_known
    check (heat_use_state in ('using', 'stopped', 'forced_stop', 'not_connected')),
  constraint account_version_charge_type_known
    check (charge_type in ('area', 'two_part', 'metered'))
);
-- When debts may rest: read for everybody at once.
create index account_version_rests on directory.account_version (account_id)
  where low_income or heat_use_state = 'forced_stop';

-- The rooms that an account pays for; the main one is account.premise_id too.
create table directory.account_room (
  account_id    uuid not null constraint account_room_account references directory.account,
  premise_id    uuid not null constraint account_room_premise references directory.premise,
  valid_from    date not null,
  valid_to      date not null default 'infinity',
  recorded_at   timestamptz not null,
  superseded_at timestamptz not null default 'infinity',
  recorded_by   uuid,
  change_id     uuid constraint account_room_change references directory.change,
  constraint account_room_pkey primary key (account_id, premise_id, valid_from, recorded_at),
  constraint account_room_forward check (valid_from < valid_to),
  constraint account_room_believed check (recorded_at < superseded_at)
);
create index account_room_premise_idx on directory.account_room (premise_id);

-- What was decided ahead begins on its day.
create index premise_version_turning on directory.premise_version (valid_from)
  where change_id is not null and superseded_at = 'infinity';
create index account_version_turning on directory.account_version (valid_from)
  where change_id is not null and superseded_at = 'infinity';
create index account_room_turning on directory.account_room (valid_from)
  where change_id is not null and superseded_at = 'infinity';
create index account_room_ending on directory.account_room (valid_to)
  where change_id is not null and superseded_at = 'infinity';

-- What a load brought and took back before anybody did business with it. Only the loading room's
-- function writes here (imports.unmake), and it stays for ever: who had stood there, since when not.
create table directory.retraction (
  subject_id   uuid constraint retraction_pkey primary key,
  subject      text not null constraint retraction_subject_known
               check (subject in ('account', 'premise')),
  -- the number or code that people knew it by
  name         text not null,
  batch_id     uuid not null,
  retracted_at timestamptz not null,
  xid          xid8 not null default pg_current_xact_id()
);
create trigger retraction_append_only before update or delete or truncate on directory.retraction
  for each statement execute function kernel.refuse_change();
revoke all on directory.retraction from hearthline_app;
grant select on directory.retraction to hearthline_app;

-- What was once believed is believed to have been believed for ever: only the end of a belief
-- may be written, and once. The exception is a first belief that nobody changed, of a subject that
-- this very transaction retracts.
create function directory.version_is_history() returns trigger
  language plpgsql as $$
declare
  whose uuid;
begin
  if tg_op = 'DELETE' then
    whose := coalesce(to_jsonb(old) ->> 'account_id', to_jsonb(old) ->> 'premise_id');
    if old.superseded_at = 'infinity' and old.change_id is null
       and exists (select from directory.retraction r
                   where r.subject_id = whose and r.xid = pg_current_xact_id()) then
      return old;
    end if;
  elsif old.superseded_at = 'infinity'
     and to_jsonb(new) - 'superseded_at' = to_jsonb(old) - 'superseded_at' then
    return new;
  end if;
  raise exception 'a version of the past is not edited' using errcode = 'restrict_violation';
end $$;
create trigger premise_version_is_history before update or delete on directory.premise_version
  for each row execute function directory.version_is_history();
create trigger account_version_is_history before update or delete on directory.account_version
  for each row execute function directory.version_is_history();
create trigger account_room_is_history before update or delete on directory.account_room
  for each row execute function directory.version_is_history();

-- A premise or account that is simply written has the facts that it is written with, from the
-- beginning. Who writes the versions himself (an entry, a loader) says so for his transaction:
-- set local directory.with_versions = 'on'.
create function directory.first_premise_version() returns trigger
  language plpgsql as $$
begin
  if coalesce(current_setting('directory.with_versions', true), '') <> 'on' then
    insert into directory.premise_version
      (premise_id, valid_from, recorded_at, building_area, usable_area, heated_area,
       charged_area, storey_height, user_class, heating_manner)
    select id, date '1970-01-01', timestamptz '1970-01-01 00:00+00', building_area, usable_area,
           heated_area, coalesce(charged_area, heated_area), storey_height, user_class,
           heating_manner
    from written;
  end if;
  return null;
end $$;
create trigger premise_has_facts after insert on directory.premise
  referencing new table as written
  for each statement execute function directory.first_premise_version();

create function directory.first_account_version() returns trigger
  language plpgsql as $$
begin
  if coalesce(current_setting('directory.with_versions', true), '') <> 'on' then
    insert into directory.account_version
      (account_id, valid_from, recorded_at, person_id, network_state, heat_use_state,
       charge_type, low_income)
    select id, opened_on, timestamptz '1970-01-01 00:00+00', person_id, network_state,
           heat_use_state, charge_type, low_income
    from written;
    insert into directory.account_room (account_id, premise_id, valid_from, recorded_at)
    select id, premise_id, opened_on, timestamptz '1970-01-01 00:00+00' from written;
  end if;
  return null;
end $$;
create trigger account_has_facts after insert on directory.account
  referencing new table as written
  for each statement execute function directory.first_account_version();

create table directory.meter (
  id         uuid constraint meter_pkey primary key,
  number     text collate "C" not null,
  premise_id uuid not null constraint meter_premise references directory.premise,
  kind       text not null constraint meter_kind_known check (kind in ('heat', 'water', 'gas', 'power')),
  unit       text not null constraint meter_unit_known check (unit in ('GJ', 'kWh', 'MWh', 'm3')),
  -- what the counter showed when it was fitted
  start_reading numeric(14, 3) not null default 0,
  valid_from date not null,
  valid_to   date not null default 'infinity',
  constraint meter_forward check (valid_from < valid_to),
  constraint meter_number_key unique (number, valid_from)
);
create index meter_premise_idx on directory.meter (premise_id);

-- Around the household --------------------------------------------------------------------

-- Words that people choose from: customer types, relation levels, tags, sorts of documents.
create table directory.term (
  dictionary text not null,
  code       text not null constraint term_code_plain check (code ~ '^[a-z0-9_]{1,40}$'),
  zh         text not null,
  en         text not null,
  position   integer not null default 0,
  retired    boolean not null default false,
  constraint term_pkey primary key (dictionary, code)
);
insert into directory.term (dictionary, code, zh, en, position) values
  ('customer_type', 'household', '居民用户', 'Household', 1),
  ('customer_type', 'commercial', '工商业用户', 'Commercial', 2),
  ('customer_type', 'institution', '机关事业单位', 'Institution', 3),
  ('customer_type', 'enterprise', '企业单位', 'Enterprise', 4),
  ('relation', 'self', '本人', 'Holder', 1),
  ('relation', 'spouse', '配偶', 'Spouse', 2),
  ('relation', 'child', '子女', 'Child', 3),
  ('relation', 'parent', '父母', 'Parent', 4),
  ('relation', 'tenant', '租户', 'Tenant', 5),
  ('relation', 'agent', '经办人', 'Acts for the holder', 6),
  ('relation_level', 'ordinary', '普通客户', 'Ordinary', 1),
  ('relation_level', 'important', '重要客户', 'Important', 2),
  ('relation_level', 'vip', '战略客户', 'Strategic', 3),
  ('tag', 'big', '大客户', 'Big customer', 1),
  ('tag', 'key', '重点客户', 'Key customer', 2),
  ('tag', 'sensitive', '敏感客户', 'Sensitive', 3),
  ('tag', 'repeat_complainer', '多次投诉', 'Repeat complainer', 4),
  ('tag', 'elderly', '独居老人', 'Lives alone, elderly', 5),
  ('document', 'contract', '供用热合同', 'Supply contract', 1),
  ('document', 'identity', '身份证明', 'Proof of identity', 2),
  ('document', 'deed', '房产证明', 'Property deed', 3),
  ('document', 'low_income', '低保证明', 'Low-income proof', 4),
  ('document', 'survey', '测量记录', 'Survey', 5),
  ('document', 'other', '其他资料', 'Other papers', 6);

-- Several companies under one roof: who answers for which utility.
create table directory.utility (
  code     text constraint utility_pkey primary key
           constraint utility_code_known check (code in ('heat', 'water', 'gas', 'power')),
  company  text not null,
  hotline  text not null,
  -- whose its orders are; of heat they are the station's that serves the address
  org_id   uuid constraint utility_org references identity.org,
  -- the standard that is promised for repairs, in minutes: at the door, repaired. What the kind of
  -- order promises holds for every utility; who promises more is held to it
  arrive_minutes integer not null constraint utility_arrive_positive check (arrive_minutes > 0),
  repair_minutes integer not null constraint utility_repair_positive check (repair_minutes > 0)
);
insert into directory.utility (code, company, hotline, arrive_minutes, repair_minutes) values
  ('heat', '热力公司', '96069', 240, 1440),
  ('water', '自来水公司', '96069', 60, 1440),
  ('gas', '燃气公司', '96069', 30, 240),
  ('power', '供电服务', '95598', 45, 240);

create table directory.document (
  id          uuid constraint document_pkey primary key,
  account_id  uuid not null constraint document_account references directory.account,
  kind        text not null,
  title       text not null constraint document_titled check (title <> ''),
  file_id     uuid constraint document_file references files.file,
  -- of a contract that is kept electronically
  contract_no text,
  signed_on   date,
  valid_to    date,
  added_by    uuid,
  added_at    timestamptz not null,
  removed_at  timestamptz,
  removed_by  uuid,
  constraint document_contract_no_key unique (contract_no)
);
create index document_account_idx on directory.document (account_id);

create table directory.blacklist (
  id         uuid constraint blacklist_pkey primary key,
  account_id uuid not null constraint blacklist_account references directory.account,
  reason     text not null constraint blacklist_reason_said check (reason <> ''),
  since      date not null,
  listed_by  uuid,
  listed_at  timestamptz not null,
  lifted_at  timestamptz,
  lifted_by  uuid,
  lift_reason text,
  constraint blacklist_lifted_facts check ((lifted_at is null) = (lift_reason is null))
);
create unique index blacklist_once on directory.blacklist (account_id) where lifted_at is null;

-- The address book: people whom the house rings or writes to, who need not be customers.
create table directory.contact (
  id           uuid constraint contact_pkey primary key,
  name         text not null constraint contact_named check (name <> ''),
  organisation text not null default '',
  post         text not null default '',
  phone        text collate "C" not null constraint contact_phone_digits check (phone ~ '^[0-9]{3,20}$'),
  email        text not null default '',
  groups       text[] not null default '{}',
  note         text not null default '',
  grams        text[] not null,
  org_path     text collate "C" not null,
  updated_at   timestamptz not null,
  removed_at   timestamptz
);
create index contact_grams on directory.contact using gin (grams);

-- Data quality -----------------------------------------------------------------------------

create table directory.finding (
  id          uuid constraint finding_pkey primary key,
  rule        text not null,
  -- what it is about, always in the same order, so that one thing is found once
  subject     text not null constraint finding_subject_known check (subject in ('person', 'premise', 'account')),
  subject_ids uuid[] not null,
  org_path    text collate "C" not null,
  detail      jsonb not null,
  state       text not null default 'open' constraint finding_state_known
              check (state in ('open', 'resolved', 'skipped', 'gone')),
  assignee_id uuid,
  found_at    timestamptz not null,
  decided_at  timestamptz,
  decided_by  uuid,
  note        text,
  constraint finding_once unique (rule, subject_ids)
);
create index finding_open on directory.finding (rule, found_at, id) where state = 'open';

-- Two rows that were one person or one room: what was moved, so that it can be put back.
create table directory.merge (
  id          uuid constraint merge_pkey primary key,
  subject     text not null constraint merge_subject_known check (subject in ('person', 'premise')),
  kept_id     uuid not null,
  gone_id     uuid not null,
  change_id   uuid not null constraint merge_change references directory.change,
  moved       jsonb not null,
  merged_at   timestamptz not null,
  merged_by   uuid,
  undone_at   timestamptz,
  undone_by   uuid,
  constraint merge_two check (kept_id <> gone_id)
);
create index merge_gone on directory.merge (gone_id);
