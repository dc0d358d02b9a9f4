//! What is true of a household, from when to when.

use super::{FactRule, Measure};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, PersonId, PremiseId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type, Serialize, Deserialize,
                 ToSchema, strum::IntoStaticStr, strum::EnumString, strum::VariantArray)]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
    )+};
}

words! {
    /// What a room is used for, as tariffs divide it.
    UserClass {
        /// A home.
        Resident,
        /// A business.
        Shop,
        /// A school, an office, a hospital.
        Public,
        /// A garage or store room.
        Garage,
    }
    /// How a room is heated.
    HeatingManner {
        /// Radiators.
        Radiator,
        /// Under the floor.
        Floor,
        /// Fan coils.
        FanCoil,
    }
    /// Whether the account hangs on the network.
    NetworkState {
        /// To be connected.
        Planned,
        /// Connected.
        Connected,
        /// Cut off from the network.
        Cut,
        /// Demolished or given up.
        Removed,
    }
    /// Whether heat is used.
    HeatUseState {
        /// Heat is used.
        Using,
        /// Stopped at the customer's wish.
        Stopped,
        /// Stopped by the company.
        ForcedStop,
        /// Never connected.
        NotConnected,
    }
    /// How heat is paid for.
    ChargeType {
        /// By area.
        Area,
        /// A basic part by area and a metered part.
        TwoPart,
        /// By meter.
        Metered,
    }
}

/// What is true of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PremiseFacts {
    /// Of the deed.
    pub building_area: Measure,
    /// Inside the walls.
    #[schema(required)]
    pub usable_area: Option<Measure>,
    /// That is heated.
    pub heated_area: Measure,
    /// That is paid for.
    pub charged_area: Measure,
    /// Metres from floor to ceiling, when it matters.
    #[schema(required)]
    pub storey_height: Option<Measure>,
    /// What it is used for.
    pub user_class: UserClass,
    /// How it is heated.
    pub heating_manner: HeatingManner,
}

/// What is true of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountFacts {
    /// Who holds it.
    pub person_id: PersonId,
    /// Whether it hangs on the network.
    pub network_state: NetworkState,
    /// Whether heat is used.
    pub heat_use_state: HeatUseState,
    /// How heat is paid for.
    pub charge_type: ChargeType,
    /// Whether a low-income proof counts.
    pub low_income: bool,
}

/// That a room belongs to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held;

/// Facts that can be named one by one.
pub trait Facts: Clone + PartialEq {
    /// Each fact's name and value as history writes it.
    fn fields(&self) -> Vec<(&'static str, Option<String>)>;
}

fn word(word: impl Into<&'static str>) -> Option<String> {
    Some(word.into().to_owned())
}

impl Facts for PremiseFacts {
    fn fields(&self) -> Vec<(&'static str, Option<String>)> {
        let measure = |m: Measure| Some(m.to_string());
        vec![
            ("building_area", measure(self.building_area)),
            ("usable_area", self.usable_area.and_then(measure)),
            ("heated_area", measure(self.heated_area)),
            ("charged_area", measure(self.charged_area)),
            ("storey_height", self.storey_height.and_then(measure)),
            ("user_class", word(self.user_class)),
            ("heating_manner", word(self.heating_manner)),
        ]
    }
}

impl Facts for AccountFacts {
    fn fields(&self) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("person_id", Some(self.person_id.to_string())),
            ("network_state", word(self.network_state)),
            ("heat_use_state", word(self.heat_use_state)),
            ("charge_type", word(self.charge_type)),
            ("low_income", Some(self.low_income.to_string())),
        ]
    }
}

impl Facts for Held {
    fn fields(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("held", Some("true".to_owned()))]
    }
}

/// What changes of a room; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PremisePatch {
    /// Of the deed.
    pub building_area: Option<Measure>,
    /// Inside the walls.
    pub usable_area: Option<Measure>,
    /// That is heated.
    pub heated_area: Option<Measure>,
    /// That is paid for.
    pub charged_area: Option<Measure>,
    /// Metres from floor to ceiling.
    pub storey_height: Option<Measure>,
    /// What it is used for.
    pub user_class: Option<UserClass>,
    /// How it is heated.
    pub heating_manner: Option<HeatingManner>,
}

impl PremisePatch {
    /// The facts with this change.
    pub fn on(&self, old: &PremiseFacts) -> PremiseFacts {
        PremiseFacts {
            building_area: self.building_area.unwrap_or(old.building_area),
            usable_area: self.usable_area.or(old.usable_area),
            heated_area: self.heated_area.unwrap_or(old.heated_area),
            charged_area: self.charged_area.unwrap_or(old.charged_area),
            storey_height: self.storey_height.or(old.storey_height),
            user_class: self.user_class.unwrap_or(old.user_class),
            heating_manner: self.heating_manner.unwrap_or(old.heating_manner),
        }
    }
}

/// What changes of an account; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AccountPatch {
    /// Who holds it.
    pub person_id: Option<PersonId>,
    /// Whether it hangs on the network.
    pub network_state: Option<NetworkState>,
    /// Whether heat is used.
    pub heat_use_state: Option<HeatUseState>,
    /// How heat is paid for.
    pub charge_type: Option<ChargeType>,
    /// Whether a low-income proof counts.
    pub low_income: Option<bool>,
}

impl AccountPatch {
    /// The facts with this change.
    pub fn on(&self, old: &AccountFacts) -> AccountFacts {
        AccountFacts {
            person_id: self.person_id.unwrap_or(old.person_id),
            network_state: self.network_state.unwrap_or(old.network_state),
            heat_use_state: self.heat_use_state.unwrap_or(old.heat_use_state),
            charge_type: self.charge_type.unwrap_or(old.charge_type),
            low_income: self.low_income.unwrap_or(old.low_income),
        }
    }
}

/// One change of facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Change {
    /// Facts of an account.
    Account {
        /// Which.
        account_id: AccountId,
        /// What.
        patch: AccountPatch,
    },
    /// Facts of a room.
    Premise {
        /// Which.
        premise_id: PremiseId,
        /// What.
        patch: PremisePatch,
    },
    /// An account takes a room.
    TakeRoom {
        /// Which account.
        account_id: AccountId,
        /// Which room.
        premise_id: PremiseId,
    },
    /// An account gives a room back.
    LeaveRoom {
        /// Which account.
        account_id: AccountId,
        /// Which room.
        premise_id: PremiseId,
    },
}

/// A change of facts with everything that history wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// What changes.
    pub change: Change,
    /// First day on which it is so.
    pub from: NaiveDate,
    /// First day on which it is no longer so; it lasts when absent.
    pub to: Option<NaiveDate>,
    /// Why, in words.
    pub reason: String,
    /// What sort of business it comes from: `desk`, `application`, `import`, `merge`.
    pub source: &'static str,
    /// Which piece of that business.
    pub source_id: Option<uuid::Uuid>,
}

/// What an amendment did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Amended {
    /// Its number in history; absent when all was so already.
    #[schema(required)]
    pub change_id: Option<uuid::Uuid>,
    /// When it was written down; later answers "as known" before it leave it out.
    pub recorded_at: DateTime<Utc>,
    /// The accounts that it touches.
    pub account_ids: Vec<AccountId>,
    /// The first day on which something differs.
    #[schema(required)]
    pub from: Option<NaiveDate>,
}

/// The greatest area of anything, in hundredths of a square metre.
const GREATEST: i64 = 20_000_000;
/// The greatest area of a home or garage.
const GREATEST_HOME: i64 = 200_000;

impl PremiseFacts {
    /// Refuses what no room is like: a slip of the finger must not become a bill.
    pub fn check(&self) -> Result<(), FactRule> {
        let home = matches!(self.user_class, UserClass::Resident | UserClass::Garage);
        let most = if home { GREATEST_HOME } else { GREATEST };
        let building = self.building_area.hundredths();
        let within = |m: Measure, least: i64| (least..=most).contains(&m.hundredths());
        let near = |m: Measure| m.hundredths() * 2 <= building * 3;
        let sane = within(self.building_area, 100)
            && within(self.heated_area, 1)
            && near(self.heated_area)
            && self.usable_area.is_none_or(|m| within(m, 1) && near(m))
            && (0..=building * 5).contains(&self.charged_area.hundredths());
        if !sane {
            return Err(FactRule::AreaAbsurd);
        }
        let height = |m: Measure| (100..=3_000).contains(&m.hundredths());
        if self.storey_height.is_some_and(|m| !height(m)) {
            return Err(FactRule::HeightAbsurd);
        }
        Ok(())
    }
}

impl AccountFacts {
    /// Refuses states that contradict each other.
    pub fn check(&self) -> Result<(), FactRule> {
        let off = matches!(self.network_state, NetworkState::Removed | NetworkState::Planned);
        if off && self.heat_use_state == HeatUseState::Using {
            return Err(FactRule::StatesContradict);
        }
        Ok(())
    }
}
