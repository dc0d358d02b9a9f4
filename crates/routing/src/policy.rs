//! What a company finds important, as numbers that it may set.

use serde::{Deserialize, Serialize};

use crate::Urgency;

/// One value for each urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByUrgency<T> {
    /// For [`Urgency::Ordinary`].
    pub ordinary: T,
    /// For [`Urgency::Urgent`].
    pub urgent: T,
    /// For [`Urgency::Emergency`].
    pub emergency: T,
}

impl<T: Copy> ByUrgency<T> {
    /// The value for this urgency.
    pub fn of(&self, urgency: Urgency) -> T {
        match urgency {
            Urgency::Ordinary => self.ordinary,
            Urgency::Urgent => self.urgent,
            Urgency::Emergency => self.emergency,
        }
    }
}

/// Weights and limits of a ranking. A point is worth one minute of travel on an ordinary order, so
/// each weight answers "how many more minutes may he travel for that?". None can be negative:
/// nearer, freer and fresher never counts against anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Door-to-door speed in town. Default 20 km/h; less than 1 is read as 1.
    pub speed_kmh: u16,
    /// Road metres for 100 m of bee-line. Default 140; less than 100 is read as 100.
    pub detour_percent: u16,
    /// Minutes assumed when nobody knows where he, or the order, is. Default 30.
    pub assumed_travel_minutes: u16,
    /// Minutes that one order takes on the spot; a started one half of it. Default 40.
    pub service_minutes: u16,

    /// Not offered to an app unheard for longer than this. Default 10 minutes.
    pub offline_after_minutes: u16,
    /// Not offered to whoever holds this many orders, by the new order's urgency: an emergency may
    /// go on top. Default 6, 7, 8.
    pub load_cap: ByUrgency<u16>,

    /// Cost of a minute of travel, by the new order's urgency: distance comes to dominate.
    /// Default 1, 2, 4.
    pub travel: ByUrgency<u16>,
    /// Cost of each order already held, by the urgency of that order. Default 8, 10, 14.
    pub load: ByUrgency<u16>,
    /// Cost of each minute that he would arrive late. Default 3.
    pub late: u16,
    /// Lateness beyond this costs no more. Default 240 minutes.
    pub late_cap_minutes: u16,

    /// Gain when the address lies in his territory. Default 10.
    pub territory: u16,
    /// Gain when the address is heated by his home station. Default 5.
    pub home_station: u16,
    /// Gain when he holds an order on the same riser: likely the same fault. Default 30.
    pub same_riser: u16,
    /// Gain when he holds an order in the same unit. Default 25.
    pub same_unit: u16,
    /// Gain when he holds an order in the same building. Default 12.
    pub same_building: u16,

    /// Cost of each minute that his position is older than fresh. Default 1.
    pub stale: u16,
    /// A position is fresh up to this age. Default 3 minutes.
    pub fresh_minutes: u16,
    /// From this age on a position counts as lost. Default 30 minutes.
    pub lost_minutes: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            speed_kmh: 20,
            detour_percent: 140,
            assumed_travel_minutes: 30,
            service_minutes: 40,
            offline_after_minutes: 10,
            load_cap: ByUrgency { ordinary: 6, urgent: 7, emergency: 8 },
            travel: ByUrgency { ordinary: 1, urgent: 2, emergency: 4 },
            load: ByUrgency { ordinary: 8, urgent: 10, emergency: 14 },
            late: 3,
            late_cap_minutes: 240,
            territory: 10,
            home_station: 5,
            same_riser: 30,
            same_unit: 25,
            same_building: 12,
            stale: 1,
            fresh_minutes: 3,
            lost_minutes: 30,
        }
    }
}
