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
  id_number text
);
create index person_name on directory.person (name);

-- Three-digit pieces of a number: any part of a phone is found by index.
create function directory.digit_grams(number text) returns text[]
  language sql immutable strict parallel safe
  return array(select substr(number, i, 3) from generate_series(1, length(number) - 2) i);

create table directory.phone (
  person_id uuid not null constraint phone_person references directory.person,
  number    text collate "C" not null constraint phone_digits check (number ~ '^[0-9]{3,20}$'),
  label     text not null default '',
  constraint phone_pkey primary key (person_id, number)
);
create index phone_number on directory.phone (number);
create index phone_tail on directory.phone (reverse(number) collate "C");
create index phone_grams on directory.phone using gin (directory.digit_grams(number));

create table directory.premise (
  id              uuid constraint premise_pkey primary key,
  unit_id         uuid not null constraint premise_unit references directory.place,
  riser_id        uuid constraint premise_riser references directory.network_node,
  code            text not null constraint premise_code_key unique,
  floor           integer not null,
  room            text not null,
  -- as people say it: 阳光小区3号楼2单元602
  address         text not null,
  building_area   numeric(10, 2) not null constraint premise_building_area_positive check (building_area > 0),
  heated_area     numeric(10, 2) not null constraint premise_heated_area_positive check (heated_area > 0),
  user_class      text not null constraint premise_user_class_known
                  check (user_class in ('resident', 'shop', 'public', 'garage')),
  heating_manner  text not null constraint premise_heating_manner_known
                  check (heating_manner in ('radiator', 'floor', 'fan_coil')),
  valve_state     text not null constraint premise_valve_state_known
                  check (valve_state in ('open', 'closed', 'sealed', 'none')),
  org_path        text collate "C" not null,
  lng             double precision not null,
  lat             double precision not null
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
  -- big, key, sensitive, repeat_complainer
  tags           text[] not null default '{}',
  org_path       text collate "C" not null,
  -- two-character pieces of holder's name (marked @) and of the address, made when either is written
  grams          text[] not null,
  opened_on      date not null
);
create index account_premise on directory.account (premise_id);
create index account_person on directory.account (person_id);
create index account_grams on directory.account using gin (grams) with (fastupdate = off);

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
