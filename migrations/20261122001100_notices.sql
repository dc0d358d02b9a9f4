create schema notices;

-- Readings of an exchange station, one row each time it reports.
create table notices.reading (
  node_id           uuid not null constraint reading_node references directory.network_node,
  at                timestamptz not null,
  -- tenths of a degree Celsius, secondary side
  supply_decidegrees integer not null,
  return_decidegrees integer not null,
  -- kilopascal
  supply_kpa        integer not null,
  return_kpa        integer not null,
  -- litres an hour
  flow_lph          integer not null,
  constraint reading_pkey primary key (node_id, at)
);

-- What concerns an area for a time: incident, works, outage, announcement.
create table notices.notice (
  id         uuid constraint notice_pkey primary key,
  kind       text not null constraint notice_kind_known
             check (kind in ('incident', 'works', 'outage', 'announcement')),
  title      text not null,
  body       text not null,
  place_id   uuid constraint notice_place references directory.place,
  node_id    uuid constraint notice_node references directory.network_node,
  org_path   text collate "C" not null,
  starts_at  timestamptz not null,
  expected_end_at timestamptz,
  ended_at   timestamptz,
  created_by uuid,
  constraint notice_forward check (expected_end_at > starts_at)
);
create index notice_place on notices.notice (place_id);
create index notice_node on notices.notice (node_id);
