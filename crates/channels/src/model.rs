//! Messages and how they fare.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Event, MatterId, MessageId, Subject};

/// By which way a message travels.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    sqlx::Type,
    serde::Serialize,
    strum::IntoStaticStr,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = MessageMedium)]
pub enum Medium {
    /// Short message to a telephone.
    Sms,
    /// The company's WeChat account.
    Wechat,
    /// E-mail.
    Mail,
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = MessageState)]
pub enum SendState {
    /// To be sent, or to be tried again.
    Waiting,
    /// The provider took it.
    Sent,
    /// Given up.
    Failed,
}

/// A message to queue.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Why it is sent, such as `order.dispatched/42/customer`: the same reason sends once.
    pub reason: String,
    /// By which way.
    pub medium: Medium,
    /// Telephone number or address.
    pub receiver: String,
    /// Key of the template that it was made from.
    pub template: &'static str,
    /// The words.
    pub body: String,
    /// The matter that it belongs to.
    pub matter_id: Option<MatterId>,
    /// Whose people may see it.
    pub org_path: String,
}

/// A message as the desk sees it: nobody's number, nobody's link.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Message {
    /// Which one.
    pub id: MessageId,
    /// By which way.
    pub medium: Medium,
    /// To whom, masked.
    pub receiver: String,
    /// Key of its template.
    pub template: String,
    /// The words, with numbers and links masked.
    pub body: String,
    /// The matter that it belongs to.
    #[schema(required)]
    pub matter_id: Option<MatterId>,
    /// How far it has come.
    pub state: SendState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When the provider took it.
    #[schema(required)]
    pub sent_at: Option<DateTime<Utc>>,
    /// Why the last try failed.
    #[schema(required)]
    pub error: Option<String>,
}

impl Message {
    /// Hides what only the receiver may read.
    pub(crate) fn masked(self) -> Self {
        let receiver = directory::mask_phone(&self.receiver);
        Self { receiver, body: mask_body(&self.body), ..self }
    }
}

/// Masks every telephone number (11 digits and more) and every signed link in a text.
fn mask_body(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find(|c: char| c.is_ascii_alphanumeric() || c == '/') {
        let (before, from) = rest.split_at(at);
        let end = from
            .find(|c: char| !(c.is_ascii_alphanumeric() || "/-_.:".contains(c)))
            .unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        out.push_str(before);
        match word.split_once("/p/") {
            Some((base, _)) => out.extend([base, "/p/…"]),
            None if word.len() >= 11 && word.bytes().all(|b| b.is_ascii_digit()) => {
                out.push_str(&directory::mask_phone(word));
            }
            None => out.push_str(word),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A message has been tried this often when it is given up.
pub(crate) const MAX_ATTEMPTS: i32 = 5;

/// How long to wait after so many tries: 30 s, 2 min, 8 min, 32 min. Also how long a sender has
/// before another may take over.
pub(crate) fn pause(attempts: i32) -> TimeDelta {
    let exponent = u32::try_from(attempts.saturating_sub(1)).unwrap_or_default().min(6);
    TimeDelta::seconds(30 * 4_i64.pow(exponent))
}

/// The provider took a message, or it was given up.
#[derive(Debug, serde::Serialize)]
pub(crate) struct MessageSettled {
    #[serde(skip)]
    pub id: MessageId,
    #[serde(skip)]
    pub matter_id: Option<MatterId>,
    #[serde(skip)]
    pub org_path: String,
    pub medium: &'static str,
    pub receiver: String,
    pub template: String,
    pub attempts: i32,
    /// Absent when it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Event for MessageSettled {
    fn kind(&self) -> &'static str {
        if self.error.is_none() { "channels.message_sent" } else { "channels.message_failed" }
    }
    fn subject(&self) -> Subject {
        Subject { kind: "message", id: *self.id }
    }
    fn matter(&self) -> Option<MatterId> {
        self.matter_id
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_message_shows_neither_number_nor_link() {
        let body = "【暖线】您的报修（GD20261122-0042）电话13812345678，8:30-9:30。\
                    查看进度：https://a.example/p/AbC-_12345678901 完";
        let masked = mask_body(body);
        assert!(!masked.contains("13812345678") && !masked.contains("AbC-"), "{masked}");
        assert!(masked.contains("GD20261122-0042") && masked.contains("8:30-9:30"), "{masked}");
        assert!(masked.ends_with("https://a.example/p/… 完"), "{masked}");
    }

    #[test]
    fn tries_lie_further_and_further_apart() {
        let pauses: Vec<_> = (1..=4).map(|n| pause(n).num_seconds()).collect();
        assert_eq!(pauses, [30, 120, 480, 1920]);
        assert_eq!(pause(i32::MAX), pause(7));
    }
}
