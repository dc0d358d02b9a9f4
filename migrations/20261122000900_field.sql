create schema field;

-- One repairer's work on one round of an order.
create table field.visit (
  id           uuid constraint visit_pkey primary key,
  order_id     uuid not null constraint visit_order references orders.work_order,
  round        integer not null,
  staff_id     uuid not null constraint visit_staff references identity.staff,
  accepted_at  timestamptz not null,
  set_out_at   timestamptz,
  arrived_at   timestamptz,
  arrived_lng  double precision,
  arrived_lat  double precision,
  accuracy_m   double precision,
  -- metres between where he stood and the house; the further, the less the arrival proves
  distance_m   double precision,
  finished_at  timestamptz,
  returned_at  timestamptz,
  return_reason text not null default '',
  cause        text constraint visit_cause references orders.cause,
  note         text not null default '',
  constraint visit_end_once check (finished_at is null or returned_at is null)
);
create index visit_order on field.visit (order_id, accepted_at);
-- one visit under way for each repairer and round
create unique index visit_open on field.visit (order_id, round, staff_id)
  where finished_at is null and returned_at is null;
create index visit_staff on field.visit (staff_id, accepted_at desc);

create table field.evidence (
  id          uuid constraint evidence_pkey primary key,
  visit_id    uuid not null constraint evidence_visit references field.visit,
  kind        text not null constraint evidence_kind_known
              check (kind in ('photo_before', 'photo_after', 'signature', 'audio', 'video')),
  file_id     uuid not null constraint evidence_file references files.file,
  taken_at    timestamptz not null,
  received_at timestamptz not null,
  lng         double precision,
  lat         double precision
);
create index evidence_visit on field.evidence (visit_id);

create table field.temperature (
  id       uuid constraint temperature_pkey primary key,
  visit_id uuid not null constraint temperature_visit references field.visit,
  room     text not null constraint temperature_room_known
           check (room in ('living', 'bedroom', 'kitchen', 'bath', 'other')),
  -- tenths of a degree Celsius
  decidegrees integer not null constraint temperature_plausible check (decidegrees between -400 and 600),
  taken_at timestamptz not null
);
create index temperature_visit on field.temperature (visit_id);
