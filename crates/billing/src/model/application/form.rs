//! The forms, and which facts each of them changes.

use chrono::NaiveDate;
use directory::{
    AccountPatch, Change, HeatUseState, Measure, NetworkState, PremisePatch, UserClass as RoomClass,
};
use kernel::{AccountId, PersonId, PremiseId};
use serde::{Deserialize, Serialize};
use tariff::{ChangeKind, Period};
use utoipa::ToSchema;

/// Which business.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    sqlx::Type,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ApplicationKind {
    /// Network entry (入网).
    Entry,
    /// Heat is stopped (报停).
    Stop,
    /// Heat again (复热).
    Restore,
    /// Another holder (过户).
    Transfer,
    /// Rooms go to another account (分户).
    Split,
    /// Another account is joined to this one (合户).
    Merge,
    /// Another area (面积变更).
    Area,
    /// Another class of use (性质变更).
    Class,
    /// Demolition (拆迁).
    Demolition,
}

impl ApplicationKind {
    /// What people call it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Entry => "入网",
            Self::Stop => "报停",
            Self::Restore => "复热",
            Self::Transfer => "过户",
            Self::Split => "分户",
            Self::Merge => "合户",
            Self::Area => "面积变更",
            Self::Class => "用热性质变更",
            Self::Demolition => "拆迁",
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ApplicationForm {
    /// The household joins the network.
    Entry {
        /// First day of heat.
        from: NaiveDate,
    },
    /// No heat for some days.
    Stop {
        /// First day without.
        from: NaiveDate,
        /// First day with heat again; the season's end without it.
        #[schema(required)]
        to: Option<NaiveDate>,
    },
    /// Heat again.
    Restore {
        /// First day of heat.
        from: NaiveDate,
    },
    /// Another holder.
    Transfer {
        /// His first day.
        from: NaiveDate,
        /// Who.
        person_id: PersonId,
    },
    /// Rooms go to another account.
    Split {
        /// Its first day.
        from: NaiveDate,
        /// Which rooms.
        premise_ids: Vec<PremiseId>,
        /// The account that was opened for them.
        other_id: AccountId,
    },
    /// Another account's rooms come to this one, and it ends.
    Merge {
        /// First day together.
        from: NaiveDate,
        /// The account that ends.
        other_id: AccountId,
    },
    /// Another area.
    Area {
        /// First day.
        from: NaiveDate,
        /// Which room.
        premise_id: PremiseId,
        /// Of the deed.
        #[schema(required)]
        building_area: Option<Measure>,
        /// Inside the walls.
        #[schema(required)]
        usable_area: Option<Measure>,
        /// That is heated.
        #[schema(required)]
        heated_area: Option<Measure>,
        /// That is paid for.
        #[schema(required)]
        charged_area: Option<Measure>,
    },
    /// Another class of use.
    Class {
        /// First day.
        from: NaiveDate,
        /// Which room.
        premise_id: PremiseId,
        /// Of which class.
        #[schema(inline)]
        user_class: RoomClass,
    },
    /// The house is torn down.
    Demolition {
        /// First day without it.
        from: NaiveDate,
    },
}

/// One change of facts and its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// What changes.
    pub change: Change,
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    pub to: Option<NaiveDate>,
}

impl ApplicationForm {
    /// Which business.
    pub fn kind(&self) -> ApplicationKind {
        match self {
            Self::Entry { .. } => ApplicationKind::Entry,
            Self::Stop { .. } => ApplicationKind::Stop,
            Self::Restore { .. } => ApplicationKind::Restore,
            Self::Transfer { .. } => ApplicationKind::Transfer,
            Self::Split { .. } => ApplicationKind::Split,
            Self::Merge { .. } => ApplicationKind::Merge,
            Self::Area { .. } => ApplicationKind::Area,
            Self::Class { .. } => ApplicationKind::Class,
            Self::Demolition { .. } => ApplicationKind::Demolition,
        }
    }

    /// From when it is wanted.
    pub fn from(&self) -> NaiveDate {
        match self {
            Self::Entry { from }
            | Self::Stop { from, .. }
            | Self::Restore { from }
            | Self::Transfer { from, .. }
            | Self::Split { from, .. }
            | Self::Merge { from, .. }
            | Self::Area { from, .. }
            | Self::Class { from, .. }
            | Self::Demolition { from } => *from,
        }
    }

    /// The second account, where there is one.
    pub fn other(&self) -> Option<AccountId> {
        match self {
            Self::Split { other_id, .. } | Self::Merge { other_id, .. } => Some(*other_id),
            _ => None,
        }
    }

    /// The rooms that it names.
    pub fn rooms(&self) -> &[PremiseId] {
        match self {
            Self::Split { premise_ids, .. } => premise_ids,
            Self::Area { premise_id, .. } | Self::Class { premise_id, .. } => {
                std::slice::from_ref(premise_id)
            }
            _ => &[],
        }
    }

    /// As the rule pack asks.
    pub fn asked(&self, season_end: NaiveDate) -> tariff::Application {
        let change = |change| tariff::Application::Change { change };
        match self {
            Self::Stop { from, to } => {
                let during = Period::new(*from, to.unwrap_or(season_end));
                tariff::Application::Stop { during }
            }
            Self::Restore { from } => tariff::Application::Restore { from: *from },
            Self::Entry { .. } => change(ChangeKind::Entry),
            Self::Transfer { .. } => change(ChangeKind::Transfer),
            Self::Split { .. } => change(ChangeKind::Split),
            Self::Merge { .. } => change(ChangeKind::Merge),
            Self::Area { .. } => change(ChangeKind::Area),
            Self::Class { .. } => change(ChangeKind::Class),
            Self::Demolition { .. } => change(ChangeKind::Demolition),
        }
    }

    /// What it changes from `from` on. `stop_end` is the end of a stop; `rooms_of_other` are the
    /// rooms of an account that ends.
    pub fn effects(
        &self,
        account: AccountId,
        from: NaiveDate,
        stop_end: Option<NaiveDate>,
        rooms_of_other: &[PremiseId],
    ) -> Vec<Effect> {
        let patch = |account_id, patch| Change::Account { account_id, patch };
        let on = |change| Effect { change, from, to: None };
        match self {
            Self::Stop { .. } => {
                let change = patch(account, uses(HeatUseState::Stopped));
                vec![Effect { change, from, to: stop_end }]
            }
            Self::Restore { .. } => vec![on(patch(account, uses(HeatUseState::Using)))],
            Self::Entry { .. } => vec![on(patch(
                account,
                AccountPatch {
                    network_state: Some(NetworkState::Connected),
                    ..uses(HeatUseState::Using)
                },
            ))],
            Self::Transfer { person_id, .. } => vec![on(patch(
                account,
                AccountPatch { person_id: Some(*person_id), ..AccountPatch::default() },
            ))],
            Self::Split { premise_ids, other_id, .. } => {
                let joined = AccountPatch {
                    network_state: Some(NetworkState::Connected),
                    ..uses(HeatUseState::Using)
                };
                let mut all = moved(premise_ids, account, *other_id, from);
                all.push(on(patch(*other_id, joined)));
                all
            }
            Self::Merge { other_id, .. } => {
                let mut all = vec![on(patch(*other_id, gone()))];
                all.extend(moved(rooms_of_other, *other_id, account, from));
                all
            }
            Self::Area {
                premise_id,
                building_area,
                usable_area,
                heated_area,
                charged_area,
                ..
            } => {
                let patch = PremisePatch {
                    building_area: *building_area,
                    usable_area: *usable_area,
                    heated_area: *heated_area,
                    charged_area: *charged_area,
                    ..PremisePatch::default()
                };
                vec![on(Change::Premise { premise_id: *premise_id, patch })]
            }
            Self::Class { premise_id, user_class, .. } => {
                let user_class = Some(*user_class);
                let patch = PremisePatch { user_class, ..PremisePatch::default() };
                vec![on(Change::Premise { premise_id: *premise_id, patch })]
            }
            Self::Demolition { .. } => vec![on(patch(account, gone()))],
        }
    }
}

fn uses(state: HeatUseState) -> AccountPatch {
    AccountPatch { heat_use_state: Some(state), ..AccountPatch::default() }
}

fn gone() -> AccountPatch {
    AccountPatch { network_state: Some(NetworkState::Removed), ..uses(HeatUseState::NotConnected) }
}

fn moved(rooms: &[PremiseId], out: AccountId, into: AccountId, from: NaiveDate) -> Vec<Effect> {
    let on = |change| Effect { change, from, to: None };
    let both = |premise_id: &PremiseId| {
        let premise_id = *premise_id;
        [
            on(Change::LeaveRoom { account_id: out, premise_id }),
            on(Change::TakeRoom { account_id: into, premise_id }),
        ]
    };
    rooms.iter().flat_map(both).collect()
}
