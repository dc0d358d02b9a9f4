//! The refusals of this domain.

use kernel::Rule;

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TelephonyRule {
    /// No switch is connected.
    NoSwitch,
    /// The person has no seat.
    NoSeat,
    /// The seat is on a call.
    SeatBusy,
    /// That colleague is not free.
    AgentNotFree,
    /// That colleague is in no queue that could take the caller back.
    AgentWithoutQueue,
    /// The call is not in a state in which this can be done.
    NotNow,
    /// That is somebody else's call.
    NotYourCall,
    /// Calls cannot be given out this way.
    StrategyUnsupported,
    /// There is no number to call.
    NoNumber,
}

impl Rule for TelephonyRule {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSwitch => "telephony.no_switch",
            Self::NoSeat => "telephony.no_seat",
            Self::SeatBusy => "telephony.seat_busy",
            Self::AgentNotFree => "telephony.agent_not_free",
            Self::AgentWithoutQueue => "telephony.agent_without_queue",
            Self::NotNow => "telephony.not_now",
            Self::NotYourCall => "telephony.not_your_call",
            Self::StrategyUnsupported => "telephony.strategy_unsupported",
            Self::NoNumber => "telephony.no_number",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::NoSwitch => "电话系统未启动",
            Self::NoSeat => "您还没有坐席，请先登录软电话",
            Self::SeatBusy => "通话或振铃中，请先结束当前通话",
            Self::AgentNotFree => "该坐席当前不空闲",
            Self::AgentWithoutQueue => "该坐席不属于任何队列，无法转接",
            Self::NotNow => "当前通话状态不能进行此操作",
            Self::NotYourCall => "这不是您的通话",
            Self::StrategyUnsupported => "暂不支持该分配方式",
            Self::NoNumber => "没有可拨打的号码",
        }
        .to_owned()
    }

    fn en(&self) -> String {
        match self {
            Self::NoSwitch => "The telephone system is not running",
            Self::NoSeat => "You have no seat yet; open the softphone first",
            Self::SeatBusy => "You are on a call; end it first",
            Self::AgentNotFree => "That agent is not free",
            Self::AgentWithoutQueue => "That agent is in no queue that could take the caller back",
            Self::NotNow => "The call is not in a state in which this can be done",
            Self::NotYourCall => "That is not your call",
            Self::StrategyUnsupported => "Calls cannot be given out this way yet",
            Self::NoNumber => "There is no number to call",
        }
        .to_owned()
    }
}
