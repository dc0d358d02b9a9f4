//! Visits, evidence, and when it is complete. Pure.

use chrono::{DateTime, Utc};
use kernel::{FileId, MatterId, OrderId, Point, UserId, VisitId};
use notices::Station;
use orders::{Order, State};
use uuid::Uuid;

/// Who arrives further from the house than this is flagged, not refused: positions lie indoors.
pub const FAR_M: f64 = 300.0;

/// What a repairer hands in.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    sqlx::Type,
    serde::Serialize,
    serde::Deserialize,
    strum::IntoStaticStr,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A picture before the work.
    PhotoBefore,
    /// A picture after the work.
    PhotoAfter,
    /// The customer's signature.
    Signature,
    /// A sound recording.
    Audio,
    /// A film.
    Video,
}

impl EvidenceKind {
    /// Whether a file of this media type can be that.
    pub fn accepts(self, media_type: &str) -> bool {
        let family = match self {
            Self::PhotoBefore | Self::PhotoAfter | Self::Signature => "image/",
            Self::Audio => "audio/",
            Self::Video => "video/",
        };
        media_type.starts_with(family)
    }
}

/// Where a temperature was taken.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    sqlx::Type,
    serde::Serialize,
    serde::Deserialize,
    strum::IntoStaticStr,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Room {
    /// Living room.
    Living,
    /// Bedroom.
    Bedroom,
    /// Kitchen.
    Kitchen,
    /// Bathroom.
    Bath,
    /// Elsewhere.
    Other,
}

/// Something handed in.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Evidence {
    /// Made by the phone.
    pub id: Uuid,
    /// What it is.
    pub kind: EvidenceKind,
    /// Its file.
    pub file_id: FileId,
    /// When, by the phone's clock.
    pub taken_at: DateTime<Utc>,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
    /// Where, if the phone knew.
    #[schema(required)]
    pub point: Option<Point>,
}

/// A room's temperature.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = RoomTemperature)]
pub struct Temperature {
    /// Made by the phone.
    pub id: Uuid,
    /// Where.
    pub room: Room,
    /// Tenths of a degree Celsius.
    pub decidegrees: i32,
    /// When, by the phone's clock.
    pub taken_at: DateTime<Utc>,
}

/// One repairer's work on one round of an order.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Visit {
    /// Which.
    pub id: VisitId,
    /// Of which order.
    pub order_id: OrderId,
    /// 1 for the first visit; each rework adds one.
    pub round: i32,
    /// Who.
    pub staff_id: UserId,
    /// His name.
    pub staff_name: String,
    /// When he confirmed.
    pub accepted_at: DateTime<Utc>,
    /// When he left.
    #[schema(required)]
    pub set_out_at: Option<DateTime<Utc>>,
    /// When he arrived.
    #[schema(required)]
    pub arrived_at: Option<DateTime<Utc>>,
    /// Where he stood then.
    #[schema(required)]
    pub arrived: Option<Point>,
    /// How sure his phone was, metres.
    #[schema(required)]
    pub accuracy_m: Option<f64>,
    /// How far from the house that is, metres.
    #[schema(required)]
    pub distance_m: Option<f64>,
    /// Whether that is too far to prove anything, the phone's doubt allowed for.
    pub far: bool,
    /// When he was done.
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
    /// When he gave the order back.
    #[schema(required)]
    pub returned_at: Option<DateTime<Utc>>,
    /// Why.
    pub return_reason: String,
    /// What he found: a cause's key.
    #[schema(required)]
    pub cause: Option<String>,
    /// The cause's name.
    #[schema(required)]
    pub cause_name: Option<String>,
    /// What he did.
    pub note: String,
    /// What he handed in, in the order of taking.
    pub evidence: Vec<Evidence>,
    /// What he measured, in the order of taking.
    pub temperatures: Vec<Temperature>,
}

impl Visit {
    pub(crate) fn is_far(distance_m: Option<f64>, accuracy_m: Option<f64>) -> bool {
        let doubt = accuracy_m.unwrap_or_default().min(FAR_M);
        distance_m.is_some_and(|metres| metres - doubt > FAR_M)
    }
}

/// An order of the caller's, with his visit if he has accepted it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = FieldTask)]
pub struct Task {
    /// The order.
    #[serde(flatten)]
    pub order: Order,
    /// His work on it.
    #[schema(required)]
    pub visit: Option<Visit>,
    /// What must still be handed in before it can be finished.
    pub missing: Vec<Missing>,
}

/// All that he needs on the spot; the phone is in full while the order is his.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = FieldTaskDetail)]
pub struct TaskDetail {
    /// The order with what hangs on it.
    #[serde(flatten)]
    pub detail: orders::Detail,
    /// His work on it.
    #[schema(required)]
    pub visit: Option<Visit>,
    /// What must still be handed in before it can be finished.
    pub missing: Vec<Missing>,
    /// What he handed in.
    pub evidence: Vec<Evidence>,
    /// What he measured.
    pub temperatures: Vec<Temperature>,
    /// What happened in this household before, newest first, at most five.
    pub past_orders: Vec<PastOrder>,
    /// How the exchange station runs that heats the household.
    #[schema(required)]
    pub station: Option<Station>,
    /// What the household owes and has paid, while the order is his.
    #[schema(required)]
    pub balance: Option<ledger::Balance>,
    /// The last readings of the household's meters, newest first, while the order is his.
    pub readings: Vec<billing::MeterReading>,
}

/// An earlier order of the household.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct PastOrder {
    /// Which.
    pub id: OrderId,
    /// Its number.
    pub no: String,
    /// Its kind's name.
    pub kind_name: String,
    /// Its symptom's name.
    #[schema(required)]
    pub symptom_name: Option<String>,
    /// How it stands.
    pub state: State,
    /// What was found.
    #[schema(required)]
    pub cause_name: Option<String>,
    /// What was done.
    pub resolution: String,
    /// Who did it.
    #[schema(required)]
    pub assignee_name: Option<String>,
    /// When it was filed.
    pub opened_at: DateTime<Utc>,
}

/// An order of the caller's, locked, as the steps need it.
#[derive(Clone, Debug)]
pub(crate) struct Mine {
    pub order_id: OrderId,
    pub matter_id: MatterId,
    pub org_path: String,
    pub no: String,
    pub state: State,
    pub round: i32,
    pub assignee_id: Option<UserId>,
    pub lng: Option<f64>,
    pub lat: Option<f64>,
    pub needs_visit: bool,
    pub kind: String,
    pub symptom: Option<String>,
}

/// Symptoms of a cold home: the room's temperature is part of the proof.
const COLD: &[&str] = &["no_heat", "not_hot", "partly_cold", "unit_cold", "heat_quality"];

impl EvidencePolicy {
    /// What an order of this kind with this symptom asks for.
    pub fn of(needs_visit: bool, kind: &str, symptom: Option<&str>) -> Self {
        let cold = symptom.is_some_and(|s| COLD.contains(&s)) || kind == "temperature_test";
        Self { needs_visit, about_heat: needs_visit && cold }
    }
}

/// What must be handed in before work counts as finished.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, strum::IntoStaticStr, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = MissingEvidence)]
pub enum Missing {
    /// A picture before the work.
    PhotoBefore,
    /// A picture after the work.
    PhotoAfter,
    /// At least one temperature.
    Temperature,
    /// The customer's signature.
    Signature,
    /// What was found.
    Cause,
}

impl Missing {
    pub(crate) fn zh(self) -> &'static str {
        match self {
            Self::PhotoBefore => "维修前照片",
            Self::PhotoAfter => "维修后照片",
            Self::Temperature => "室温",
            Self::Signature => "客户签字",
            Self::Cause => "故障原因",
        }
    }
}

/// What a kind of order asks for.
#[derive(Clone, Copy, Debug)]
pub struct EvidencePolicy {
    /// Somebody goes there, so there is something to show.
    pub needs_visit: bool,
    /// The customer complains of the cold, so the room is measured.
    pub about_heat: bool,
}

/// What is still to be handed in, in the order of doing.
pub fn missing(
    policy: EvidencePolicy,
    evidence: &[EvidenceKind],
    temperatures: usize,
    cause: Option<&str>,
) -> Vec<Missing> {
    let has = |kind| evidence.contains(&kind);
    [
        (policy.needs_visit && !has(EvidenceKind::PhotoBefore), Missing::PhotoBefore),
        (cause.is_none_or(|c| c.trim().is_empty()), Missing::Cause),
        (policy.needs_visit && !has(EvidenceKind::PhotoAfter), Missing::PhotoAfter),
        (policy.about_heat && temperatures == 0, Missing::Temperature),
        (policy.needs_visit && !has(EvidenceKind::Signature), Missing::Signature),
    ]
    .into_iter()
    .filter_map(|(lacks, what)| lacks.then_some(what))
    .collect()
}

/// The refusals of this room.
#[derive(Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", prefix = "field.")]
pub enum FieldRule {
    /// Something must be handed in first.
    EvidenceMissing(Vec<Missing>),
    /// The order went to somebody else since.
    Reassigned,
    /// There is no visit that this could belong to.
    NoVisit,
    /// This id belongs to something else.
    IdTaken,
    /// The file is not of the kind that it is handed in as.
    WrongFile,
    /// Nobody hands in that much.
    TooMuch,
}

impl kernel::Rule for FieldRule {
    fn code(&self) -> &'static str {
        self.into()
    }

    fn zh(&self) -> String {
        match self {
            Self::EvidenceMissing(what) => {
                let names: Vec<_> = what.iter().map(|m| m.zh()).collect();
                format!("完工前还需要：{}", names.join("、"))
            }
            Self::Reassigned => "工单已改派他人".to_owned(),
            Self::NoVisit => "请先接单".to_owned(),
            Self::IdTaken => "编号已被占用".to_owned(),
            Self::WrongFile => "文件类型与用途不符".to_owned(),
            Self::TooMuch => "现场资料过多".to_owned(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::EvidenceMissing(what) => {
                let names: Vec<&str> = what.iter().map(|m| (*m).into()).collect();
                format!("Before finishing, hand in: {}", names.join(", "))
            }
            Self::Reassigned => "The order was given to somebody else".to_owned(),
            Self::NoVisit => "Accept the order first".to_owned(),
            Self::IdTaken => "This id belongs to something else".to_owned(),
            Self::WrongFile => "The file is not of that kind".to_owned(),
            Self::TooMuch => "That is more than one visit can have".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// accepts MO-04 MO-07 MO-08
    #[test]
    fn a_visit_about_the_cold_needs_everything() {
        let policy = EvidencePolicy { needs_visit: true, about_heat: true };
        use EvidenceKind::*;
        let all = [PhotoBefore, PhotoAfter, Signature];
        assert_eq!(missing(policy, &all, 1, Some("air_lock")), []);
        assert_eq!(missing(policy, &all, 0, Some("x")), [Missing::Temperature]);
        assert_eq!(missing(policy, &all[1..], 1, Some("x")), [Missing::PhotoBefore]);
        assert_eq!(missing(policy, &all, 1, Some("  ")), [Missing::Cause]);
        assert_eq!(missing(policy, &[Audio, Video], 0, None).len(), 5);
    }

    #[test]
    fn a_kind_without_a_visit_needs_its_cause_only() {
        let policy = EvidencePolicy { needs_visit: false, about_heat: false };
        assert_eq!(missing(policy, &[], 0, None), [Missing::Cause]);
    }

    #[test]
    fn far_is_what_the_phones_doubt_does_not_explain() {
        assert!(Visit::is_far(Some(400.0), Some(10.0)));
        assert!(!Visit::is_far(Some(400.0), Some(150.0)));
        assert!(!Visit::is_far(Some(299.0), None));
        assert!(!Visit::is_far(None, None));
        assert!(Visit::is_far(Some(5_000.0), Some(1e9)), "doubt excuses only so much");
    }
}
