//! How fast the company must come.

use super::{Cited, Phase};
use crate::SeasonCalendar;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Time limits for one sort of request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponseTime {
    /// The order's kind, such as `leak` or `no_heat`.
    pub kind: String,
    /// In this phase only; in every other one without it.
    #[schema(required)]
    pub phase: Option<Phase>,
    /// Minutes to an answer.
    pub answer_minutes: u32,
    /// Minutes to being there.
    pub on_site_minutes: u32,
    /// Minutes to the repair's end.
    pub finish_minutes: u32,
}

/// How fast the company must come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceRules {
    /// One row a kind, and more where a phase differs.
    pub response: Vec<Cited<ResponseTime>>,
    /// A cold room is measured within so many hours of the wish.
    pub test_hours: Cited<u16>,
}

impl ServiceRules {
    /// The limits for one kind of request on one day.
    pub fn response(
        &self,
        kind: &str,
        day: NaiveDate,
        season: &SeasonCalendar,
    ) -> Option<&ResponseTime> {
        let phase = season.phase(day);
        let rows = || self.response.iter().map(|r| &r.value).filter(|r| r.kind == kind);
        let special = rows().find(|r| r.phase.is_some() && r.phase == phase);
        special.or_else(|| rows().find(|r| r.phase.is_none()))
    }
}
