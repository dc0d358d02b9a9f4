-- Versions of the rules by which heat is charged (crate tariff, `Pack`). A version is written by
-- one person, approved by another, and never changes after it was handed in.
create table billing.rule_pack_version (
  id             uuid constraint rule_pack_version_pkey primary key,
  code           text not null constraint rule_pack_version_code_form
                 check (code ~ '^[a-z0-9_]{1,40}$'),
  version        int not null constraint rule_pack_version_counts check (version > 0),
  name           text not null,
  name_en        text not null,
  -- the organisation whose households it is for; the nearest above a household applies
  org_path       text collate "C" not null,
  -- the year in which the first season begins that it applies to
  first_season   int not null constraint rule_pack_version_season
                 check (first_season between 2000 and 2100),
  state          text not null constraint rule_pack_version_state_known
                 check (state in ('draft', 'submitted', 'approved', 'published', 'superseded')),
  -- tariff::Pack
  pack           jsonb not null,
  -- how its worked examples came out when it was handed in
  results        jsonb,
  -- counts changes of a draft, so that two editors do not overwrite one another
  revision       int not null,
  note           text not null,
  author_id      uuid,
  author_name    text not null,
  created_at     timestamptz not null,
  changed_at     timestamptz not null,
  submitted_at   timestamptz,
  approver_id    uuid,
  approver_name  text,
  approved_at    timestamptz,
  published_at   timestamptz,
  superseded_at  timestamptz,
  constraint rule_pack_version_key unique (code, version),
  constraint rule_pack_version_facts check (
    (submitted_at is not null) = (state <> 'draft')
    and (results is not null) = (state <> 'draft')
    and (approved_at is not null) = (state in ('approved', 'published', 'superseded'))
    and (approver_name is not null) = (approved_at is not null)
    and (published_at is not null) = (state in ('published', 'superseded'))
    and (superseded_at is not null) = (state = 'superseded')),
  constraint rule_pack_version_second_person check (
    approver_id is null or author_id is null or approver_id <> author_id)
);
create index rule_pack_version_applies on billing.rule_pack_version
  (org_path, first_season desc, version desc) where state = 'published';

-- What was handed in stays as it was.
create function billing.keep_pack() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'draft' and (old.pack <> new.pack or old.code <> new.code
     or old.version <> new.version or old.org_path <> new.org_path
     or old.first_season <> new.first_season or old.author_id is distinct from new.author_id) then
    raise exception 'a version of the rules is kept as it was handed in'
      using errcode = 'check_violation', constraint = 'rule_pack_version_kept';
  end if;
  if old.state in ('published', 'superseded') and new.state not in ('published', 'superseded') then
    raise exception 'what was published stays published'
      using errcode = 'check_violation', constraint = 'rule_pack_version_stays';
  end if;
  return new;
end $$;
create trigger rule_pack_version_kept before update or delete on billing.rule_pack_version
  for each row execute function billing.keep_pack();
create trigger rule_pack_version_no_truncate before truncate on billing.rule_pack_version
  for each statement execute function kernel.refuse_change();
