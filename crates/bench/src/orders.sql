-- $1 orders, one every fifty seconds back from now. Out of a hundred: 85 closed, 7 in revisit,
-- 5 filed, 3 in hand.
with repairer as (
  select id, row_number() over (order by login) - 1 as place, count(*) over () as of
  from identity.staff where login like 'repairer%'
), home as (
  select a.id as account_id, m.id as premise_id, m.unit_id, m.riser_id, m.address, m.lng, m.lat,
         p.name, a.org_path, row_number() over (order by a.account_no) as n
  from directory.account a
  join directory.premise m on m.id = a.premise_id
  join directory.person p on p.id = a.person_id
), chosen as (
  select home.* from home order by (n * 611953) % 1000003 limit $1
), told as (
  select c.*, row_number() over () as k from chosen c
), placed as (
  select t.*, k % 100 as lot, now() - k * interval '50 seconds' as opened,
         (select name from directory.place where id =
           (select parent_id from directory.place where id =
             (select parent_id from directory.place where id = t.unit_id))) as community,
         (select id from identity.org g where t.org_path ^@ g.path order by length(g.path) desc
          limit 1) as org_id,
         (select id from repairer where place = k / 100 % repairer.of) as repairer_id,
         coalesce((select number from directory.phone f
                   join directory.account a on a.person_id = f.person_id
                   where a.id = t.account_id order by number limit 1), '13900000000') as phone
  from told t
)
insert into orders.work_order
  (id, no, matter_id, kind, urgency, state, account_id, premise_id, unit_id, riser_id, community,
   address, lng, lat, contact_name, contact_phone, description, channel, org_id, org_path,
   assignee_id, accept_due, arrive_due, finish_due, revisit_due, next_due, opened_at,
   dispatched_at, accepted_at, finished_at, closed_at, satisfaction)
select (lpad(to_hex((extract(epoch from opened) * 1000)::bigint), 12, '0') || '7'
         || substr(md5(k::text), 1, 3) || '8' || substr(md5(k::text), 4, 15))::uuid,
       'GD' || to_char(opened, 'YYYYMMDD') || '-B' || k, gen_random_uuid(),
       case when k % 7 = 0 then 'temperature_test' else 'repair' end, 1 + (k % 10 = 0)::int,
       case when lot < 85 then 'closed' when lot < 92 then 'revisit' when lot < 97 then 'filed'
            else 'accepted' end,
       account_id, premise_id, unit_id, riser_id, community, address, lng, lat, name, phone,
       '客厅和卧室的暖气不热，室温只有十五六度，家里有老人，请尽快上门看一看。', 'phone', org_id,
       org_path, case when lot < 92 or lot >= 97 then repairer_id end,
       opened + interval '30 minutes', opened + interval '4 hours', opened + interval '1 day',
       case when lot < 92 then opened + interval '2 days' end,
       case when lot >= 85 then now() + (k % 5000) * interval '1 minute' + interval '1 day' end,
       opened, case when lot < 92 or lot >= 97 then opened + interval '5 minutes' end,
       case when lot < 92 or lot >= 97 then opened + interval '15 minutes' end,
       case when lot < 92 then opened + interval '6 hours' end,
       case when lot < 85 then opened + interval '1 day' end,
       case when lot < 85 then 'satisfied' end
from placed
