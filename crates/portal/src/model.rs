//! What a customer may see of his order. Pure.

mod stop;

pub use stop::*;

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
    /// The household's holder has no number that a link could be sent to.
    NoPhone,
    /// A link was sent a moment ago.
    LinkSent,
    /// The notice was not agreed to.
    ConsentMissing,
    /// There is no signature, or it is no picture.
    SignatureMissing,
    /// A paper is no picture, too large, or one too many.
    PaperUnreadable,
}

impl kernel::Rule for PortalRule {
    fn code(&self) -> &'static str {
        self.into()
    }
    fn zh(&self) -> String {
        match self {
            Self::ChasedAlready => "您刚刚已催办，我们正在处理",
            Self::NoPhone => "该户没有登记手机号，无法发送链接",
            Self::LinkSent => "链接刚刚已发送，请稍等两分钟再试",
            Self::ConsentMissing => "请先阅读并同意停热须知",
            Self::SignatureMissing => "请在签名框内签名",
            Self::PaperUnreadable => "资料须为照片，最多三张，每张不超过 1.5 MB",
        }
        .to_owned()
    }
    fn en(&self) -> String {
        match self {
            Self::ChasedAlready => "We heard you a moment ago and are on it",
            Self::NoPhone => "The household has no number that a link could be sent to",
            Self::LinkSent => "A link was sent a moment ago; try again in two minutes",
            Self::ConsentMissing => "Please read the notice and agree to it",
            Self::SignatureMissing => "Please sign in the box",
            Self::PaperUnreadable => "Papers are photographs, at most three, each below 1.5 MB",
        }
        .to_owned()
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
