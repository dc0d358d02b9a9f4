-- An agent more, with the role and the place of the first one.
with a as (
  select * from identity.staff where login = 'agent01'
), s as (
  insert into identity.staff (id, login, name, org_id, password_hash, password_changed_at, created_at)
  select gen_random_uuid(), $1, a.name, a.org_id, a.password_hash, now(), now() from a
  returning id
), r as (
  insert into identity.staff_role (staff_id, role_id, org_id)
  select s.id, g.role_id, g.org_id from s, a join identity.staff_role g on g.staff_id = a.id
), t as (
  insert into telephony.agent (staff_id, endpoint, state, since, org_path)
  select s.id, $1, 'offline', now(), '/hq/' from s
)
select id from s
