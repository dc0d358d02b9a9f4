//! Why an application is refused.

use super::{ApplicationAction, ApplicationState, Objection};
use kernel::Rule;

/// The refusals of applications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplicationRule {
    /// The state table has no such step.
    NoSuchStep(ApplicationState, ApplicationAction),
    /// The rules object.
    Objected(Vec<Objection>),
    /// Who took it in does not decide.
    SecondPerson,
    /// There is no season that it could be for.
    NoSeason,
    /// The room is not the household's.
    NotItsRoom,
    /// The other household is this one.
    SameHousehold,
    /// Another application of that kind is open.
    OpenAlready(String),
}

impl Rule for ApplicationRule {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchStep(..) => "billing.application_no_such_step",
            Self::Objected(_) => "billing.application_objected",
            Self::SecondPerson => "billing.second_person",
            Self::NoSeason => "billing.no_season",
            Self::NotItsRoom => "billing.not_its_room",
            Self::SameHousehold => "billing.same_household",
            Self::OpenAlready(_) => "billing.application_open",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::NoSuchStep(state, action) => {
                format!("业务处于“{}”，不能{}", state.zh(), action.zh())
            }
            Self::Objected(all) => all.iter().map(|o| o.zh.as_str()).collect::<Vec<_>>().join("；"),
            Self::SecondPerson => "受理人不能审批自己受理的业务".to_owned(),
            Self::NoSeason => "没有可办理的采暖季，请先建立采暖季".to_owned(),
            Self::NotItsRoom => "该房屋不属于此户".to_owned(),
            Self::SameHousehold => "两户不能是同一户".to_owned(),
            Self::OpenAlready(no) => format!("该户已有同类业务 {no} 在办"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::NoSuchStep(state, action) => {
                let (state, action) = (<&str>::from(*state), <&str>::from(*action));
                format!("The application is {state}: there is no step {action}")
            }
            Self::Objected(all) => all.iter().map(|o| o.en.as_str()).collect::<Vec<_>>().join("; "),
            Self::SecondPerson => "Who took it in does not decide on it".to_owned(),
            Self::NoSeason => "There is no season that it could be for".to_owned(),
            Self::NotItsRoom => "The room is not the household's".to_owned(),
            Self::SameHousehold => "Two different households are needed".to_owned(),
            Self::OpenAlready(no) => format!("{no} of the same kind is open for the household"),
        }
    }
}
