//! What the planner is told: one order, and the repairers who might take it.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Point;

/// How soon somebody must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// In its turn.
    Ordinary = 1,
    /// Before the ordinary ones.
    Urgent = 2,
    /// At once: a burst pipe, a flooded home.
    Emergency = 3,
}

/// An urgency is 1, 2 or 3; this is neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownUrgency(pub i16);

impl fmt::Display for UnknownUrgency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "urgency is 1, 2 or 3, not {}", self.0)
    }
}

impl std::error::Error for UnknownUrgency {}

impl TryFrom<i16> for Urgency {
    type Error = UnknownUrgency;

    fn try_from(level: i16) -> Result<Self, UnknownUrgency> {
        match level {
            1 => Ok(Self::Ordinary),
            2 => Ok(Self::Urgent),
            3 => Ok(Self::Emergency),
            other => Err(UnknownUrgency(other)),
        }
    }
}

/// The order that needs somebody.
#[derive(Clone, Debug)]
pub struct Order {
    /// Skill that the work needs; none if anybody can do it.
    pub skill: Option<String>,
    /// Where it is; none if the address has no coordinates yet.
    pub at: Option<Point>,
    /// Branch that owns the order.
    pub branch: Uuid,
    /// Territory that the address lies in.
    pub territory: Option<Uuid>,
    /// Station that heats the address.
    pub station: Option<Uuid>,
    /// Building of the address.
    pub building: Option<Uuid>,
    /// Unit (stairway) of the address.
    pub unit: Option<Uuid>,
    /// Riser that feeds the address.
    pub riser: Option<Uuid>,
    /// How soon somebody must be there.
    pub urgency: Urgency,
    /// Minutes until the arrival is due, negative when overdue; none without a time limit.
    pub minutes_left: Option<i64>,
}

/// A repairer who might go. Ids are unique among the candidates of one ranking.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The repairer.
    pub id: Uuid,
    /// Skills that he holds, in the order's words.
    pub skills: Vec<String>,
    /// Branch that he works for.
    pub branch: Uuid,
    /// Station that he starts from.
    pub home_station: Option<Uuid>,
    /// Where that station is: he is presumed there when nothing better is known.
    pub home_at: Option<Point>,
    /// Territories that are his.
    pub territories: Vec<Uuid>,
    /// Last report of his phone.
    pub position: Option<Position>,
    /// Is this his working time?
    pub on_shift: bool,
    /// False while he has paused taking orders.
    pub accepting: bool,
    /// Has he already declined this very order?
    pub declined: bool,
    /// Minutes since his app was last heard, 0 when connected; none if it never was.
    pub silent_minutes: Option<u32>,
    /// Orders that he holds and has not finished.
    pub open: Vec<OpenOrder>,
}

/// Where a phone said it was.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// The place.
    pub at: Point,
    /// How long ago, in seconds.
    pub age_seconds: u32,
    /// Radius of uncertainty in metres, as the phone states it.
    pub accuracy_metres: u32,
}

impl Position {
    /// Full minutes since the report.
    pub fn age_minutes(self) -> u32 {
        self.age_seconds / 60
    }
}

/// An order that a repairer already holds.
#[derive(Clone, Debug)]
pub struct OpenOrder {
    /// How urgent that one is.
    pub urgency: Urgency,
    /// Is he on his way to it, or at work on it?
    pub started: bool,
    /// Its building.
    pub building: Option<Uuid>,
    /// Its unit.
    pub unit: Option<Uuid>,
    /// Its riser.
    pub riser: Option<Uuid>,
}
