create schema dispatch;

-- A repairer: what he can do, for whom, and where he is.
create table dispatch.worker (
  staff_id    uuid constraint worker_pkey primary key constraint worker_staff references identity.staff,
  org_path    text collate "C" not null,
  skills      text[] not null default '{}',
  on_shift    boolean not null default false,
  -- last sign of life of the phone app
  seen_at     timestamptz,
  lng         double precision,
  lat         double precision,
  accuracy_m  double precision,
  position_at timestamptz,
  load_cap    integer not null default 8 constraint worker_load_cap check (load_cap between 1 and 100),
  constraint worker_position_facts check ((lng is null) = (position_at is null) and (lng is null) = (lat is null))
);

-- Communities that a repairer looks after.
create table dispatch.territory (
  place_id uuid not null constraint territory_place references directory.place,
  staff_id uuid not null constraint territory_staff references dispatch.worker,
  constraint territory_pkey primary key (place_id, staff_id)
);

-- Where each repairer has been.
create table dispatch.track (
  staff_id   uuid not null constraint track_staff references dispatch.worker,
  at         timestamptz not null,
  lng        double precision not null,
  lat        double precision not null,
  accuracy_m double precision not null,
  constraint track_pkey primary key (staff_id, at)
);

-- Who was proposed for an order, and why; kept whatever was decided.
create table dispatch.proposal (
  id         uuid constraint proposal_pkey primary key,
  order_id   uuid not null constraint proposal_order references orders.work_order,
  round      integer not null,
  -- ranked candidates with reasons, excluded ones with theirs, as the scorer gave them
  ranking    jsonb not null,
  -- who had the order then: a change of hands since makes the ranking stale
  assigned_to uuid,
  chosen_id  uuid constraint proposal_chosen references dispatch.worker,
  manner     text constraint proposal_manner_known check (manner in ('automatic', 'proposed', 'other')),
  made_at    timestamptz not null,
  decided_at timestamptz,
  constraint proposal_decided_facts check ((decided_at is null) = (chosen_id is null) and (decided_at is null) = (manner is null))
);
create index proposal_order on dispatch.proposal (order_id, made_at desc);

create table dispatch.setting (
  org_path  text collate "C" constraint setting_pkey primary key,
  automatic boolean not null
);
