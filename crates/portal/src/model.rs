//! What a customer may see of his order. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use notices::Notice;
use orders::{Satisfaction, State};

/// A customer who presses is heard; the next time that counts is this much later.
pub const CHASE_EVERY: TimeDelta = TimeDelta::minutes(10);

/// An order as its customer sees it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = PortalMatter)]
pub struct Progress {
    /// Its number.
    pub no: String,
    /// What it is about.
    pub kind_name: String,
    /// How it stands.
    pub state: State,
    /// The way that it goes, with what is done already.
    pub steps: Vec<Step>,
    /// Where, without the room.
    pub address_masked: String,
    /// Who comes.
    #[schema(required)]
    pub repairer: Option<Repairer>,
    /// Start of the appointment.
    #[schema(required)]
    pub appointment_from: Option<DateTime<Utc>>,
    /// End of the appointment.
    #[schema(required)]
    pub appointment_to: Option<DateTime<Utc>>,
    /// By when somebody is to be there.
    pub arrive_due: DateTime<Utc>,
    /// What the customer said of the work.
    #[schema(required)]
    pub satisfaction: Option<Satisfaction>,
    /// Whether pressing for it would count now.
    pub can_chase: bool,
    /// Whether the work can be rated here; the revisit is a call for now.
    pub can_rate: bool,
    /// What concerns the household's area now.
    pub notices: Vec<Notice>,
}

/// A step of an order's way.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = PortalStep)]
pub struct Step {
    /// `filed`, `dispatched`, `accepted`, `en_route`, `on_site`, `finished` or `closed`.
    pub key: &'static str,
    /// When it was done; to come when absent.
    #[schema(required)]
    pub at: Option<DateTime<Utc>>,
}

/// Who comes.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = PortalRepairer)]
pub struct Repairer {
    /// His name.
    pub name: String,
    /// His telephone number, masked: the full one is in the message.
    pub phone_masked: String,
    /// The number on his badge.
    #[schema(required)]
    pub job_no: Option<String>,
}

/// Why the customer's page may refuse.
#[derive(Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", prefix = "portal.")]
pub enum PortalRule {
    /// He pressed a moment ago.
    ChasedAlready,
}

impl kernel::Rule for PortalRule {
    fn code(&self) -> &'static str {
        self.into()
    }
    fn zh(&self) -> String {
        "您刚刚已催办，我们正在处理".to_owned()
    }
    fn en(&self) -> String {
        "We heard you a moment ago and are on it".to_owned()
    }
}

/// An address without the room: `阳光小区3号楼2单元602` becomes `阳光小区3号楼2单元***`; what
/// ends in no number loses its last four characters.
pub(crate) fn mask_address(address: &str) -> String {
    let address = address.trim();
    let without_room = address.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    let shown = if without_room.len() == address.len() {
        let keep = address.chars().count().saturating_sub(4);
        address.chars().take(keep).collect()
    } else {
        without_room.to_owned()
    };
    shown + "***"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_loses_what_leads_to_the_door() {
        for (address, masked) in [
            ("阳光小区3号楼2单元602", "阳光小区3号楼2单元***"),
            ("阳光小区 3-2-602", "阳光小区 ***"),
            ("和平街12号张三家", "和平街12***"),
            ("家", "***"),
            ("", "***"),
        ] {
            assert_eq!(mask_address(address), masked);
        }
    }
}
