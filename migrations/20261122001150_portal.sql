create schema portal;

-- A link to a household's own page, sent to a phone of its holder. It ends by itself, and with the
-- holder: who moved out opens nothing.
create table portal.invitation (
  id         uuid constraint invitation_pkey primary key,
  account_id uuid not null constraint invitation_account references directory.account,
  person_id  uuid not null constraint invitation_person references directory.person,
  phone      text collate "C" not null constraint invitation_phone_digits
             check (phone ~ '^[0-9]{3,20}$'),
  -- who of the house sent it; nobody when the customer asked himself
  sent_by    uuid,
  made_at    timestamptz not null,
  expires_at timestamptz not null,
  constraint invitation_forward check (made_at < expires_at)
);
create index invitation_recent on portal.invitation (account_id, made_at);
