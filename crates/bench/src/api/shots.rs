//! What is asked of the house and of its floor: the same things, each in its own words.

use super::load::Shot;
use crate::desk::Desk;
use crate::ground::{Ground, PASSWORD};
use anyhow::{Context as _, Result};
use kernel::Clock;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use uuid::Uuid;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A repair is written down.
    CreateOrder,
    /// A repairer looks at his own open repairs, twenty of them.
    MyQueue,
    /// A household by its telephone.
    FindPhone,
    /// A household by a name or the last two characters of one.
    FindName,
    /// A household by community and building.
    FindAddress,
    /// A repairer confirms an order.
    TakeStep,
}

impl Operation {
    /// In the order in which they are measured.
    pub const ALL: [Self; 6] = [
        Self::CreateOrder,
        Self::MyQueue,
        Self::FindPhone,
        Self::FindName,
        Self::FindAddress,
        Self::TakeStep,
    ];

    /// As figures call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::CreateOrder => "create_order",
            Self::MyQueue => "my_queue",
            Self::FindPhone => "find_phone",
            Self::FindName => "find_name",
            Self::FindAddress => "find_address",
            Self::TakeStep => "take_step",
        }
    }
}

/// Which of the two is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The product.
    House,
    /// The bare handlers.
    Floor,
}

#[derive(sqlx::FromRow)]
struct Home {
    account_id: Uuid,
    name: String,
    phone: String,
    community: String,
    building: String,
}

struct Repairer {
    id: Uuid,
    cookie: String,
}

/// People, households and orders to ask about.
pub struct Shots {
    house: String,
    floor: String,
    agent: String,
    symptom: String,
    homes: Vec<Home>,
    repairers: Vec<Repairer>,
    /// Orders that wait for their repairer's word, and whose they are.
    waiting: Vec<(Uuid, usize)>,
    asked: usize,
}

/// Orders that can be confirmed in one run.
const WAITING: i64 = 24_000;

impl Shots {
    /// Signs everybody in and lays out the orders.
    pub async fn lay(ground: &Ground, house: &str, floor: &str) -> Result<Self> {
        let agent = Desk::sign_in(house, "agent01", PASSWORD, "desk").await?.cookie;
        let sql =
            "select id, login from identity.staff where login like 'repairer%' order by login";
        let staff: Vec<(Uuid, String)> = sqlx::query_as(sql).fetch_all(&ground.pool).await?;
        let mut repairers = Vec::new();
        for (id, login) in staff {
            let cookie = Desk::sign_in(house, &login, PASSWORD, "field").await?.cookie;
            repairers.push(Repairer { id, cookie });
        }
        let sql = "select key from orders.symptom where kind = 'repair' order by sort limit 1";
        let symptom = sqlx::query_scalar(sql).fetch_one(&ground.pool).await?;
        let homes = sqlx::query_as(HOMES).fetch_all(&ground.pool).await?;
        let waiting = wait(ground, &repairers).await?;
        let (house, floor) = (house.to_owned(), floor.to_owned());
        Ok(Self { house, floor, agent, symptom, homes, repairers, waiting, asked: 0 })
    }

    /// The next requests of a sort.
    pub fn some(&mut self, op: Operation, side: Side, count: usize) -> Result<Vec<Shot>> {
        (0..count).map(|_| self.next(op, side)).collect()
    }

    /// The last request once more, for the other side.
    pub fn rewind(&mut self) {
        self.asked -= 1;
    }

    fn next(&mut self, op: Operation, side: Side) -> Result<Shot> {
        self.asked += 1;
        let n = self.asked;
        let home = &self.homes[n % self.homes.len()];
        let whole = n.is_multiple_of(2) || home.name.chars().count() < 3;
        let name: String = home.name.chars().skip(usize::from(!whole)).collect();
        let (community, building) = (&home.community, &home.building);
        let address = format!("{community}{building}号楼");
        let first = &self.repairers[0];
        let kind = ("kind", "repair");
        match (op, side) {
            (Operation::CreateOrder, Side::House) => {
                self.change(side, "/api/orders", &self.agent, self.new_order(home))
            }
            (Operation::CreateOrder, Side::Floor) => {
                self.change(side, "/orders", "", self.new_order(home))
            }
            (Operation::MyQueue, Side::House) => {
                let filter = [("mine", "1"), ("open", "1"), kind, ("limit", "20")];
                self.read(side, "/api/orders", &first.cookie, &filter)
            }
            (Operation::MyQueue, Side::Floor) => {
                self.read(side, "/orders", "", &[("staff", &first.id.to_string()), kind])
            }
            (Operation::FindPhone, Side::House) => self.find(&home.phone),
            (Operation::FindPhone, Side::Floor) => {
                self.read(side, "/find", "", &[("digits", &home.phone)])
            }
            (Operation::FindName, Side::House) => self.find(&name),
            (Operation::FindName, Side::Floor) => self.read(side, "/find", "", &[("name", &name)]),
            (Operation::FindAddress, Side::House) => self.find(&address),
            (Operation::FindAddress, Side::Floor) => {
                let place = [("community", community.as_str()), ("building", building)];
                self.read(side, "/find", "", &place)
            }
            (Operation::TakeStep, _) => {
                let (order, whose) = self.waiting.pop().context("no order waits any more")?;
                self.step(side, order, &self.repairers[whose])
            }
        }
    }

    fn new_order(&self, home: &Home) -> Value {
        json!({
            "kind": "repair", "symptom": self.symptom, "urgency": 1,
            "account_id": home.account_id, "contact_name": home.name,
            "contact_phone": home.phone, "channel": "phone",
            "description": "客厅暖气不热，室温只有十六度，请尽快上门看一看。",
        })
    }

    fn step(&self, side: Side, order: Uuid, by: &Repairer) -> Result<Shot> {
        let at = Clock::System.now();
        match side {
            Side::House => {
                let path = format!("/api/field/tasks/{order}/accept");
                self.change(side, &path, &by.cookie, json!({ "at": at }))
            }
            Side::Floor => {
                let body = json!({ "at": at, "staff": by.id });
                self.change(side, &format!("/step/{order}"), "", body)
            }
        }
    }

    fn find(&self, typed: &str) -> Result<Shot> {
        self.read(Side::House, "/api/directory/find", &self.agent, &[("q", typed)])
    }

    fn base(&self, side: Side) -> &str {
        if side == Side::House { &self.house } else { &self.floor }
    }

    fn read(&self, side: Side, path: &str, cookie: &str, query: &[(&str, &str)]) -> Result<Shot> {
        let url = Url::parse_with_params(&format!("{}{path}", self.base(side)), query)?.into();
        Ok(Shot { method: Method::GET, url, cookie: cookie.to_owned(), body: None })
    }

    fn change(&self, side: Side, path: &str, cookie: &str, body: Value) -> Result<Shot> {
        let url = format!("{}{path}", self.base(side));
        Ok(Shot { method: Method::POST, url, cookie: cookie.to_owned(), body: Some(body) })
    }
}

/// Households scattered over the city, with a number of their own.
const HOMES: &str = "
  select a.id as account_id, p.name, min(f.number) as phone, lower(c.name) as community,
         substring(b.name from '[0-9]+') as building
  from directory.account a
  join directory.person p on p.id = a.person_id and p.kind = 'natural'
  join directory.phone f on f.person_id = p.id
  join directory.premise m on m.id = a.premise_id and m.user_class = 'resident'
  join directory.place u on u.id = m.unit_id
  join directory.place b on b.id = u.parent_id
  join directory.place c on c.id = b.parent_id
  where hashtext(a.account_no) % 199 = 0 and b.name ~ '^[0-9]+'
  group by a.id, p.name, c.name, b.name
  order by md5(a.account_no) limit 4000";

/// Gives orders to all repairers but the first, whose queue is looked at.
async fn wait(ground: &Ground, repairers: &[Repairer]) -> Result<Vec<(Uuid, usize)>> {
    let ids: Vec<Uuid> = repairers.iter().skip(1).map(|r| r.id).collect();
    let made: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "insert into orders.work_order
           (id, no, matter_id, kind, urgency, state, account_id, premise_id, unit_id, riser_id,
            community, address, lng, lat, contact_name, contact_phone, description, channel,
            org_id, org_path, assignee_id, accept_due, arrive_due, finish_due, next_due,
            opened_at, dispatched_at)
         select gen_random_uuid(), no || 'W', gen_random_uuid(), 'repair', urgency, 'dispatched',
                account_id, premise_id, unit_id, riser_id, community, address, lng, lat,
                contact_name, contact_phone, description, channel, org_id, org_path,
                ($2::uuid[])[1 + (row_number() over ()) % cardinality($2)],
                now() + interval '1 day', now() + interval '1 day', now() + interval '2 days',
                now() + interval '1 day', now() - interval '1 hour', now() - interval '1 minute'
         from (select * from orders.work_order where state = 'closed' limit $1) o
         returning id, assignee_id",
    )
    .bind(WAITING)
    .bind(&ids)
    .fetch_all(&ground.pool)
    .await?;
    let place = |who| repairers.iter().position(|r| r.id == who);
    Ok(made.into_iter().filter_map(|(order, who)| Some((order, place(who)?))).collect())
}
