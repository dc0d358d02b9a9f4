//! The wording of messages. Placeholders are filled once, from values made harmless first.

use chrono::{DateTime, Utc};
use kernel::clock::SHANGHAI;

/// In which language somebody is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Chinese: what customers and staff get unless they asked otherwise.
    #[default]
    Zh,
    /// English.
    En,
}

/// One wording, in each language, with `{placeholders}`.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// Stable name, as `channels.message` keeps it.
    pub key: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// To the repairer who got an order.
pub const ORDER_FOR_REPAIRER: Template = Template {
    key: "order_for_repairer",
    zh: "【暖线】新工单{no}：{kind}，{address}，联系人{contact} {phone}，预约{window}，请于{due}前到达。",
    en: "[Hearthline] New order {no}: {kind}, {address}, contact {contact} {phone}, \
         appointment {window}; be there by {due}.",
};

/// To the customer whose order got a repairer.
pub const REPAIRER_FOR_CUSTOMER: Template = Template {
    key: "repairer_for_customer",
    zh: "【暖线】您的{kind}（{no}）已安排{name}（工号{job_no}，电话{phone}）上门，\
         时间{window}。查看进度：{link}",
    en: "[Hearthline] Your request {no} ({kind}) was given to {name} (job number {job_no}, \
         phone {phone}), time {window}. Progress: {link}",
};

/// To the customer whose order is finished.
pub const FINISHED_FOR_CUSTOMER: Template = Template {
    key: "finished_for_customer",
    zh: "【暖线】您的{kind}（{no}）已处理完毕，客服将电话回访。如仍有问题请告知我们：{link}",
    en: "[Hearthline] Your request {no} ({kind}) is finished; we will call you to ask how it \
         went. Still a problem? Tell us: {link}",
};

/// To a household's holder: the link to its own page.
pub const HOUSEHOLD_LINK: Template = Template {
    key: "household_link",
    zh: "【暖线】您的自助办理链接：{link}，{until}前有效。可网上报停，请勿转发。",
    en: "[Hearthline] Your link to your household's page: {link}, until {until}. Stop heat online; \
         do not pass it on.",
};

/// To a household that owes.
pub const ARREARS_REMINDER: Template = Template {
    key: "arrears_reminder",
    zh: "【暖线】{address}用户：截至{day}，您户欠供热费{amount}元（已扣除预存款）。\
         请到营业厅或通过线上渠道缴纳；如已缴费请忽略，如有疑问请致电客服。",
    en: "[Hearthline] {address}: as of {day} you owe {amount} yuan for heat (what you paid ahead \
         is taken off). Please pay at a counter or online; ignore this if you have paid, and call \
         us if you have questions.",
};

/// Every wording.
pub const ALL: &[Template] = &[
    ORDER_FOR_REPAIRER,
    REPAIRER_FOR_CUSTOMER,
    FINISHED_FOR_CUSTOMER,
    HOUSEHOLD_LINK,
    ARREARS_REMINDER,
];

/// The most characters of one value: an address fits, an essay in a name field does not.
const MAX_VALUE: usize = 160;

impl Template {
    /// The text with its placeholders filled; one without a value becomes a dash.
    pub fn fill(&self, lang: Lang, values: &[(&str, &str)]) -> String {
        let text = match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        };
        let value = |key: &str| {
            let found = values.iter().find(|(k, _)| *k == key).map(|(_, v)| harmless(v));
            found.filter(|v| !v.is_empty()).unwrap_or_else(|| "-".to_owned())
        };
        let mut out = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((key, tail)) = after.split_once('}') else { break };
            out.push_str(before);
            out.push_str(&value(key));
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

/// A time as short messages say it: `11-22 14:30`, Shanghai's.
pub fn moment(at: DateTime<Utc>) -> String {
    at.with_timezone(&SHANGHAI).format("%m-%d %H:%M").to_string()
}

/// A span as short messages say it: `11-22 14:30-16:00`.
pub fn window(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    let (from, to) = (from.with_timezone(&SHANGHAI), to.with_timezone(&SHANGHAI));
    let end = if from.date_naive() == to.date_naive() { "%H:%M" } else { "%m-%d %H:%M" };
    format!("{}-{}", from.format("%m-%d %H:%M"), to.format(end))
}

/// No line breaks, and no brackets in which networks expect the sender's name: what a customer
/// typed must not look like another message of another sender.
fn harmless(value: &str) -> String {
    let plain = |c: char| if c.is_control() || matches!(c, '【' | '】') { ' ' } else { c };
    value.chars().map(plain).take(MAX_VALUE).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|s| s.split_once('}').map(|(key, _)| key)).collect()
    }

    #[test]
    fn both_languages_say_the_same() {
        for template in ALL {
            assert_eq!(placeholders(template.zh), placeholders(template.en), "{}", template.key);
        }
        let keys: BTreeSet<_> = ALL.iter().map(|t| t.key).collect();
        assert_eq!(keys.len(), ALL.len());
    }

    #[test]
    fn a_value_is_never_read_as_a_template() {
        let text = FINISHED_FOR_CUSTOMER.fill(
            Lang::En,
            &[("no", "{kind}"), ("kind", "a\n【Bank】\u{7}pay"), ("link", "https://x/p/1")],
        );
        assert!(text.contains("Your request {kind} (a  Bank  pay) is finished"), "{text}");
        assert!(text.ends_with("https://x/p/1"));
    }

    #[test]
    fn times_are_shanghais() {
        let at = |text: &str| text.parse().unwrap();
        let (from, to) = (at("2026-11-22T15:00:00Z"), at("2026-11-22T15:59:00Z"));
        assert_eq!(window(from, to), "11-22 23:00-23:59");
        assert_eq!(window(from, at("2026-11-22T16:30:00Z")), "11-22 23:00-11-23 00:30");
        assert_eq!(moment(to), "11-22 23:59");
    }

    #[test]
    fn what_is_missing_or_endless_stays_readable() {
        let text = ORDER_FOR_REPAIRER.fill(Lang::Zh, &[("address", &"长".repeat(5000))]);
        assert!(text.chars().count() < 300, "{text}");
        assert!(text.contains("新工单-："), "{text}");
    }
}
