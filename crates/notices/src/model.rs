//! Notices and readings, and what is told about them.

use chrono::{DateTime, Utc};
use kernel::{Event, NetworkNodeId, NoticeId, PlaceId, Rule, Subject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a notice tells of.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = NoticeKind)]
pub enum Kind {
    /// Something broke.
    Incident,
    /// Somebody digs.
    Works,
    /// Heat is off.
    Outage,
    /// Something to know.
    Announcement,
}

/// What concerns an area for a time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Notice {
    /// The notice.
    pub id: NoticeId,
    /// `incident`, `works`, `outage` or `announcement`.
    pub kind: String,
    /// One line.
    pub title: String,
    /// All of it.
    pub body: String,
    /// The community, building or unit that it concerns.
    #[schema(required)]
    pub place_id: Option<PlaceId>,
    /// The part of the heat network that it concerns.
    #[schema(required)]
    pub node_id: Option<NetworkNodeId>,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when, as far as is known.
    #[schema(required)]
    pub expected_end_at: Option<DateTime<Utc>>,
    /// When it was over.
    #[schema(required)]
    pub ended_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    pub(crate) org_path: String,
}

/// A notice to be published.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNotice {
    /// What it tells of.
    pub kind: Kind,
    /// One line, at most 100 characters.
    pub title: String,
    /// All of it, at most 2,000 characters.
    #[serde(default)]
    pub body: String,
    /// The community, building or unit that it concerns; or `node_id`; or neither, for all that
    /// the publisher looks after.
    pub place_id: Option<PlaceId>,
    /// The part of the heat network that it concerns.
    pub node_id: Option<NetworkNodeId>,
    /// From when; now when absent.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when, as far as is known.
    pub expected_end_at: Option<DateTime<Utc>>,
}

/// What changes about a notice; absent is unchanged.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeChange {
    /// One line, at most 100 characters.
    pub title: Option<String>,
    /// All of it, at most 2,000 characters.
    pub body: Option<String>,
    /// Until when, as far as is known now.
    pub expected_end_at: Option<DateTime<Utc>>,
}

/// What an exchange station measured at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reading {
    /// The exchange station.
    pub node_id: NetworkNodeId,
    /// When.
    pub at: DateTime<Utc>,
    /// Secondary supply, tenths of a degree Celsius.
    pub supply_decidegrees: i32,
    /// Secondary return, tenths of a degree Celsius.
    pub return_decidegrees: i32,
    /// Supply pressure, kilopascal.
    pub supply_kpa: i32,
    /// Return pressure, kilopascal.
    pub return_kpa: i32,
    /// Flow, litres an hour.
    pub flow_lph: i32,
}

/// How an exchange station runs: its newest reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Station {
    /// The exchange station.
    pub node_id: NetworkNodeId,
    /// Its name.
    pub name: String,
    /// When it last reported.
    pub at: DateTime<Utc>,
    /// Secondary supply, tenths of a degree Celsius.
    pub supply_decidegrees: i32,
    /// Secondary return, tenths of a degree Celsius.
    pub return_decidegrees: i32,
    /// Supply pressure, kilopascal.
    pub supply_kpa: i32,
    /// Return pressure, kilopascal.
    pub return_kpa: i32,
    /// Flow, litres an hour.
    pub flow_lph: i32,
}

/// A point of a station's temperature curve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Temperatures {
    /// When.
    pub at: DateTime<Utc>,
    /// Secondary supply, tenths of a degree Celsius.
    pub supply: i32,
    /// Secondary return, tenths of a degree Celsius.
    #[serde(rename = "return")]
    pub back: i32,
}

/// How an exchange station runs and ran of late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StationTrend {
    /// Its newest reading.
    #[serde(flatten)]
    pub now: Station,
    /// The last twelve readings, oldest first.
    pub recent: Vec<Temperatures>,
}

/// Why a notice is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeRule {
    /// No title, or too long a one or too long a body.
    TextLength,
    /// Both a place and a node.
    TwoAreas,
    /// It ends before it starts.
    Backward,
    /// It is over already.
    Ended,
}

impl Rule for NoticeRule {
    fn code(&self) -> &'static str {
        match self {
            Self::TextLength => "notice.text_length",
            Self::TwoAreas => "notice.two_areas",
            Self::Backward => "notice.backward",
            Self::Ended => "notice.ended",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::TextLength => "标题应为 1 至 100 字，正文不超过 2000 字",
            Self::TwoAreas => "地址范围与管网范围只能选一个",
            Self::Backward => "预计结束时间应晚于开始时间",
            Self::Ended => "该公告已经结束",
        }
        .to_owned()
    }

    fn en(&self) -> String {
        match self {
            Self::TextLength => "A title has 1 to 100 characters, a body at most 2,000",
            Self::TwoAreas => "Choose a place or a part of the network, not both",
            Self::Backward => "The expected end must be after the start",
            Self::Ended => "This notice is over already",
        }
        .to_owned()
    }
}

/// Refuses a text that is missing or does not fit.
pub(crate) fn check_text(title: &str, body: &str) -> Result<(), NoticeRule> {
    let title = title.trim().chars().count();
    let fits = (1..=100).contains(&title) && body.chars().count() <= 2_000;
    if fits { Ok(()) } else { Err(NoticeRule::TextLength) }
}

/// Something happened to a notice: from what to what.
#[derive(Debug, Serialize)]
pub struct NoticeEvent {
    #[serde(skip)]
    pub(crate) kind: &'static str,
    /// The notice.
    pub notice_id: NoticeId,
    /// How it was; absent when it is new.
    pub from: Option<Notice>,
    /// How it is.
    pub to: Notice,
}

impl Event for NoticeEvent {
    fn kind(&self) -> &'static str {
        self.kind
    }
    fn subject(&self) -> Subject {
        Subject { kind: "notice", id: *self.notice_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.to.org_path)
    }
}
