//! Communities, buildings, units, the heat network below them, and the households in them.

use crate::company::{CENTRE, Station};
use crate::household::{Door, Households};
use crate::random::{Ids, Rng};
use crate::sheet::{Parcel, Sheet};
use crate::words;
use crate::{Job, Plan};
use tokio::sync::mpsc::Sender;
use uuid::Uuid;

/// Rows are sent whenever so many households wait.
const BATCH: u32 = 10_000;

/// A community, for what is laid over the town afterwards.
#[derive(Clone, Debug)]
pub(crate) struct Community {
    pub id: Uuid,
    pub name: String,
    /// Its repair station.
    pub station: usize,
    /// Its exchange station.
    pub exchange: Uuid,
}

/// The city under construction.
pub(crate) struct Town {
    stations: Vec<Station>,
    rng: Rng,
    ids: Ids,
    places: Sheet,
    nodes: Sheet,
    pub households: Households,
    pub communities: Vec<Community>,
    /// Exchange stations with their repair station.
    pub exchanges: Vec<(Uuid, usize)>,
    /// The exchange station of each quarter that has room for another community.
    roomy: [Option<Exchange>; 4],
    sources: Vec<Uuid>,
}

#[derive(Clone, Copy)]
struct Exchange {
    id: Uuid,
    low: Uuid,
    high: Uuid,
}

struct Building<'a> {
    community: &'a str,
    code: String,
    name: String,
    org_path: &'a str,
    floors: i64,
    units: i64,
    station: usize,
    shops: bool,
    lng: f64,
    lat: f64,
    id: Uuid,
    exchange: Exchange,
}

/// A block of the city's street grid, in degrees.
const BLOCK: (f64, f64) = (0.0056, 0.0042);
/// Floors above this one hang on the high-zone loop.
const LOW_ZONE: i64 = 9;

impl Town {
    pub(crate) fn new(
        plan: &Plan,
        stations: Vec<Station>,
        ids: Ids,
        households: Households,
    ) -> Self {
        Self {
            stations,
            rng: Rng::new(plan.seed, "town"),
            ids,
            places: Sheet::binary(
                "directory.place (id, parent_id, kind, code, name, org_path, lng, lat)",
            ),
            nodes: Sheet::binary(
                "directory.network_node (id, parent_id, kind, code, name, org_path, lng, lat)",
            ),
            households,
            communities: Vec::new(),
            exchanges: Vec::new(),
            roomy: [None; 4],
            sources: Vec::new(),
        }
    }

    /// Builds communities until everybody has a home, and hands over rows as they come; stops
    /// when nobody takes them.
    pub(crate) fn build(&mut self, to: &Sender<Job>) {
        self.sources();
        let mut waiting = 0;
        while self.households.wanted() > 0 {
            let before = self.households.made();
            self.community(self.communities.len());
            waiting += self.households.made() - before;
            if waiting >= BATCH || self.households.wanted() == 0 {
                let last = self.households.wanted() == 0;
                if last {
                    self.households.finish();
                }
                let mut parcels: Vec<Parcel> =
                    [self.places.take(), self.nodes.take()].into_iter().flatten().collect();
                self.households.take(&mut parcels);
                if to.blocking_send(Job { parcels, made: self.households.made() }).is_err() {
                    return;
                }
                waiting = 0;
            }
        }
    }

    fn sources(&mut self) {
        let at =
            [("RY1", "城东热源厂", "/hq/east/", 0.03), ("RY2", "城西热源厂", "/hq/west/", -0.03)];
        for (code, name, path, east) in at {
            let id = self.ids.next();
            let (lng, lat) = (CENTRE.0 + east, CENTRE.1 - 0.02);
            let none = None::<Uuid>;
            self.nodes.row(&[&id, &none, &"source", &code, &name, &path, &lng, &lat]);
            self.sources.push(id);
        }
    }

    fn community(&mut self, n: usize) {
        let (quarter, nth) = (n % self.stations.len(), n / self.stations.len());
        let station = self.stations[quarter].clone();
        let (lng, lat) = block(nth, station.corner, &mut self.rng);
        let (id, name) = (self.ids.next(), words::community(n));
        let code = format!("PC{:04}", n + 1);
        let none = None::<Uuid>;
        let path = station.path.as_str();
        self.places.row(&[&id, &none, &"community", &code, &name, &path, &lng, &lat]);
        let exchange = self.exchange(quarter, &name, path, (lng, lat));
        self.communities.push(Community {
            id,
            name: name.clone(),
            station: quarter,
            exchange: exchange.id,
        });
        for number in 1..=self.rng.between(4, 8) {
            if self.households.wanted() == 0 {
                return;
            }
            let (column, row) = ((number - 1) % 3 - 1, (number - 1) / 3 - 1);
            let floors = self.rng.weighted(&[(6, 55), (11, 25), (18, 15), (7, 5)]);
            let building = Building {
                community: &name,
                code: format!("{code}-{number:02}"),
                name: format!("{number}号楼"),
                org_path: path,
                station: quarter,
                floors,
                units: if floors > LOW_ZONE { 2 } else { self.rng.between(2, 4) },
                shops: self.rng.chance(120),
                lng: lng + small(column) * 0.001_35 + self.rng.wobble() * 0.000_05,
                lat: lat - small(row) * 0.000_95 + self.rng.wobble() * 0.000_04,
                id: self.ids.next(),
                exchange,
            };
            self.building(&building, id);
        }
    }

    fn exchange(&mut self, quarter: usize, name: &str, path: &str, at: (f64, f64)) -> Exchange {
        if let Some(shared) = self.roomy[quarter].take() {
            return shared;
        }
        let n = self.exchanges.len() + 1;
        let source = self.sources[quarter / 2];
        let (id, low, high) = (self.ids.next(), self.ids.next(), self.ids.next());
        let (lng, lat) = (at.0 + 0.0018, at.1 - 0.0014);
        let code = format!("HRZ{n:04}");
        let title = format!("{name}换热站");
        self.nodes.row(&[&id, &source, &"station", &code, &title, &path, &lng, &lat]);
        for (loop_id, key, zone) in [(low, "D", "低区环路"), (high, "G", "高区环路")] {
            let (code, title) = (format!("{code}-{key}"), format!("{name}{zone}"));
            self.nodes.row(&[&loop_id, &id, &"loop", &code, &title, &path, &lng, &lat]);
        }
        self.exchanges.push((id, quarter));
        let made = Exchange { id, low, high };
        self.roomy[quarter] = self.rng.chance(500).then_some(made);
        made
    }

    fn building(&mut self, b: &Building<'_>, community: Uuid) {
        let Building { id, code, name, org_path, lng, lat, .. } = b;
        self.places.row(&[id, &community, &"building", code, name, org_path, lng, lat]);
        for unit in 1..=b.units {
            if self.households.wanted() == 0 {
                return;
            }
            self.unit(b, unit);
        }
    }

    fn unit(&mut self, b: &Building<'_>, unit: i64) {
        let id = self.ids.next();
        let (code, name) = (format!("{}-{unit}", b.code), format!("{unit}单元"));
        let lng = b.lng + (small(unit) - (small(b.units) + 1.0) / 2.0) * 0.000_22;
        self.places.row(&[&id, &b.id, &"unit", &code, &name, &b.org_path, &lng, &b.lat]);
        let address = format!("{}{}{name}", b.community, b.name);
        let low = self.risers(b, &code, &address, lng, ("D", b.exchange.low));
        let high = if b.floors > LOW_ZONE {
            self.risers(b, &code, &address, lng, ("G", b.exchange.high))
        } else {
            low
        };
        for floor in 1..=b.floors {
            for room in 1..=2_i64 {
                if self.households.wanted() == 0 {
                    return;
                }
                let side = usize::from(room == 2);
                let riser = if floor > LOW_ZONE { high[side] } else { low[side] };
                self.households.move_in(&Door {
                    unit: id,
                    unit_code: &code,
                    unit_address: &address,
                    community: b.community,
                    station: b.station,
                    org_path: b.org_path,
                    riser,
                    floor,
                    room,
                    shop: b.shops && floor == 1,
                    lng: lng + (small(room) - 1.5) * 0.000_08,
                    lat: b.lat,
                });
            }
        }
    }

    fn risers(
        &mut self,
        b: &Building<'_>,
        code: &str,
        address: &str,
        lng: f64,
        (zone, above): (&str, Uuid),
    ) -> [Uuid; 2] {
        ["01", "02"].map(|room| {
            let id = self.ids.next();
            let code = format!("{code}-{zone}{room}");
            let title = format!("{address}{room}立管");
            self.nodes.row(&[&id, &above, &"riser", &code, &title, &b.org_path, &lng, &b.lat]);
            id
        })
    }
}

/// Where a quarter's n-th block lies: nearest to the centre first.
fn block(nth: usize, corner: (f64, f64), rng: &mut Rng) -> (f64, f64) {
    let (mut diagonal, mut left) = (0_usize, nth);
    while left > diagonal {
        left -= diagonal + 1;
        diagonal += 1;
    }
    let along = |steps: usize| f64::from(u32::try_from(steps).unwrap_or_default()) + 0.6;
    let lng = CENTRE.0 + corner.0 * along(left) * BLOCK.0 + rng.wobble() * 0.0002;
    (lng, CENTRE.1 + corner.1 * along(diagonal - left) * BLOCK.1 + rng.wobble() * 0.0002)
}

fn small(n: i64) -> f64 {
    f64::from(i32::try_from(n).unwrap_or_default())
}
