//! The company: its organisation, and forty-odd people with their roles and seats.

use crate::Plan;
use crate::random::{Ids, Rng};
use crate::sheet::Sheet;
use crate::words;
use chrono::TimeDelta;
use kernel::{Result, Tx};
use uuid::Uuid;

/// The middle of the city.
pub(crate) const CENTRE: (f64, f64) = (113.300, 40.080);
const ROOT: &str = "/hq/";

/// A repair station and the quarter that it serves.
#[derive(Clone, Debug)]
pub(crate) struct Station {
    pub id: Uuid,
    pub path: String,
    /// Towards which corner its quarter lies: signs of longitude and latitude.
    pub corner: (f64, f64),
}

impl Station {
    /// The last part of its path.
    pub(crate) fn code(&self) -> &str {
        self.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }
}

/// Somebody who works here.
#[derive(Clone, Debug)]
pub(crate) struct Staff {
    pub id: Uuid,
    pub login: String,
    pub name: String,
    pub role: &'static str,
    /// Where he belongs.
    pub org: Uuid,
    pub path: String,
    /// Which station, for people of a station.
    pub station: Option<usize>,
}

/// All of it.
pub(crate) struct Company {
    pub stations: Vec<Station>,
    pub staff: Vec<Staff>,
    root: Uuid,
}

/// Key, place in the tree, name; the kind follows from the key.
const ORGS: &[(&str, &str, &str, &str, f64, f64)] = &[
    ("company", "", "hq", "暖线热力", 0.0, 0.0),
    ("hall", "hq", "hall", "平城营业厅", 0.002, -0.001),
    ("branch", "hq", "east", "城东分公司", 0.012, 0.0),
    ("branch", "hq", "west", "城西分公司", -0.012, 0.0),
    ("station", "east", "s1", "御东维修站", 0.008, 0.006),
    ("station", "east", "s2", "城南维修站", 0.008, -0.006),
    ("station", "west", "s3", "城北维修站", -0.008, 0.006),
    ("station", "west", "s4", "西苑维修站", -0.008, -0.006),
    ("team", "s1", "t1", "御东一队", 0.008, 0.006),
    ("team", "s1", "t2", "御东二队", 0.008, 0.006),
    ("team", "s2", "t3", "城南维修队", 0.008, -0.006),
    ("team", "s3", "t4", "城北一队", -0.008, 0.006),
    ("team", "s3", "t5", "城北二队", -0.008, 0.006),
    ("team", "s4", "t6", "西苑维修队", -0.008, -0.006),
];

/// Login, how many, role, in which organisations in turn, where the role counts.
const CREW: &[(&str, usize, &str, &[&str])] = &[
    ("agent", 12, "agent", &["hq"]),
    ("lead", 2, "agent_lead", &["hq"]),
    ("repairer", 14, "repairer", &["t1", "t3", "t4", "t6", "t2", "t3", "t5", "t6"]),
    ("team", 4, "team_leader", &["t1", "t3", "t4", "t6"]),
    ("station", 4, "station_head", &["s1", "s2", "s3", "s4"]),
    ("manager", 2, "manager", &["hq", "east"]),
    ("dispatcher", 2, "dispatcher", &["hq"]),
    ("cashier", 2, "cashier", &["hall"]),
    ("admin", 1, "admin", &["hq"]),
    ("wall", 1, "wall", &["hq"]),
    ("clerk", 2, "business_clerk", &["hall"]),
    ("billing", 1, "business_head", &["hq"]),
    ("finance", 2, "business_head", &["hq"]),
];

struct Org {
    id: Uuid,
    code: &'static str,
    path: String,
}

/// Writes the company and its people.
pub(crate) async fn found(tx: &mut Tx, plan: &Plan, ids: &mut Ids) -> Result<Company> {
    let orgs = organisations(tx, ids).await?;
    let find = |code: &str| orgs.iter().find(|o| o.code == code);
    let corners = [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)];
    let stations: Vec<Station> = ["s1", "s2", "s3", "s4"]
        .iter()
        .zip(corners)
        .filter_map(|(code, corner)| {
            let org = find(code)?;
            Some(Station { id: org.id, path: org.path.clone(), corner })
        })
        .collect();
    let mut rng = Rng::new(plan.seed, "staff");
    let mut staff = Vec::new();
    for (login, many, role, places) in CREW {
        for n in 0..*many {
            let Some(org) = find(places[n % places.len()]) else { continue };
            staff.push(Staff {
                id: ids.next(),
                login: if *many == 1 {
                    (*login).to_owned()
                } else {
                    format!("{login}{:02}", n + 1)
                },
                name: words::person(&mut rng),
                role,
                org: org.id,
                path: org.path.clone(),
                station: stations.iter().position(|s| org.path.starts_with(&s.path)),
            });
        }
    }
    let root = find("hq").map(|o| o.id).unwrap_or_default();
    let company = Company { stations, staff, root };
    people(tx, plan, &company).await?;
    seats(tx, plan, &company).await?;
    Ok(company)
}

async fn organisations(tx: &mut Tx, ids: &mut Ids) -> Result<Vec<Org>> {
    let mut sheet =
        Sheet::new("identity.org (id, parent_id, kind, code, name, path, phone, lng, lat)");
    let mut orgs: Vec<Org> = Vec::new();
    for (n, (kind, above, code, name, east, north)) in (0_i64..).zip(ORGS) {
        let parent = orgs.iter().find(|o| o.code == *above);
        let path = format!("{}{code}/", parent.map_or("/", |p| p.path.as_str()));
        let phone = format!("0352{}", 6_020_000 + n);
        let (id, (lng, lat)) = (ids.next(), (CENTRE.0 + east, CENTRE.1 + north));
        let parent = parent.map(|p| p.id);
        sheet.row(&[&id, &parent, kind, code, name, &path, &phone, &lng, &lat]);
        orgs.push(Org { id, code, path });
    }
    sheet.flush(tx.db()).await?;
    Ok(orgs)
}

async fn people(tx: &mut Tx, plan: &Plan, company: &Company) -> Result<()> {
    let hash = identity::hash_password(&plan.password)?;
    let mut sheet = Sheet::new(
        "identity.staff (id, login, name, job_no, phone, org_id, password_hash,
                         password_changed_at, created_at)",
    );
    let mut grants = Vec::new();
    for (n, s) in (1_i64..).zip(&company.staff) {
        let (job, phone) = (format!("{}", 1000 + n), format!("199035200{n:02}"));
        sheet.row(&[&s.id, &s.login, &s.name, &job, &phone, &s.org, &hash, &plan.now, &plan.now]);
        let whole = ["cashier", "business_clerk", "repairer", "team_leader"].contains(&s.role);
        grants.push((s.id, s.role, if whole { reach(company, s) } else { s.org }));
    }
    sheet.flush(tx.db()).await?;
    for (staff, role, org) in grants {
        sqlx::query(
            "insert into identity.staff_role (staff_id, role_id, org_id)
             select $1, id, $3 from identity.role where key = $2",
        )
        .bind(staff)
        .bind(role)
        .bind(org)
        .execute(tx.db())
        .await?;
    }
    if plan.with_billing {
        return Ok(());
    }
    // The counters' first block of receipt numbers; a past that was paid has used some.
    sqlx::query(
        "insert into payments.receipt_range
           (id, org_path, prefix, digits, first_no, last_no, next_no, given_at)
         values ($1, $2, 'A', 8, 1, 99999, 1, $3)",
    )
    .bind(tx.new_id::<Uuid>())
    .bind(ROOT)
    .bind(plan.now)
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Households belong to stations, so a team's people hold their roles there; a cashier serves
/// whoever comes in.
fn reach(company: &Company, s: &Staff) -> Uuid {
    s.station.and_then(|n| company.stations.get(n)).map_or(company.root, |station| station.id)
}

async fn seats(tx: &mut Tx, plan: &Plan, company: &Company) -> Result<()> {
    let mut seats = Sheet::new("telephony.agent (staff_id, endpoint, state, since, org_path)");
    for s in company.agents() {
        seats.row(&[&s.id, &s.login, &"offline", &plan.now, &ROOT]);
    }
    seats.flush(tx.db()).await?;
    let mut workers = Sheet::new(
        "dispatch.worker (staff_id, org_path, skills, on_shift, seen_at, lng, lat, accuracy_m,
                          position_at)",
    );
    let mut rng = Rng::new(plan.seed, "workers");
    for (n, s) in company.repairers().enumerate() {
        let Some(station) = s.station.and_then(|n| company.stations.get(n)) else { continue };
        let mut skills = vec!["repair", "temperature"];
        skills.extend([["valve", "inspection"], ["valve", "network"]][n % 2]);
        let (lng, lat) = spot(&mut rng, station);
        let seen = plan.now - TimeDelta::seconds(rng.between(20, 200));
        let on_shift = n % 5 != 4;
        let accuracy = 12.0;
        workers.row(&[&s.id, &s.path, &skills, &on_shift, &seen, &lng, &lat, &accuracy, &seen]);
    }
    workers.flush(tx.db()).await?;
    Ok(())
}

/// Somewhere in a station's quarter.
fn spot(rng: &mut Rng, station: &Station) -> (f64, f64) {
    let (east, north) = station.corner;
    let lng = CENTRE.0 + east * (0.010 + 0.006 * rng.wobble());
    (lng, CENTRE.1 + north * (0.008 + 0.005 * rng.wobble()))
}

/// Everybody with a seat answers every queue that there is; leads come after agents.
pub(crate) async fn join_queues(tx: &mut Tx) -> Result<()> {
    sqlx::query(
        "insert into telephony.queue_member (queue_id, staff_id, sort)
         select q.id, a.staff_id,
                case when s.login like 'agent%' then 0 when s.login like 'lead%' then 50
                     else 90 end
         from telephony.queue q, telephony.agent a join identity.staff s on s.id = a.staff_id
         where s.login like 'agent%' or s.login like 'lead%' or q.key = 'repair'
         on conflict do nothing",
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

impl Company {
    /// People who sit at the telephone.
    pub(crate) fn agents(&self) -> impl Iterator<Item = &Staff> {
        let seated = ["agent", "agent_lead", "dispatcher"];
        self.staff.iter().filter(move |s| seated.contains(&s.role))
    }

    /// People who go out.
    pub(crate) fn repairers(&self) -> impl Iterator<Item = &Staff> {
        self.staff.iter().filter(|s| ["repairer", "team_leader"].contains(&s.role))
    }

    /// The first of that role at that station.
    pub(crate) fn of_station(&self, role: &str, station: usize) -> Option<&Staff> {
        self.staff.iter().find(|s| s.role == role && s.station == Some(station))
    }
}
