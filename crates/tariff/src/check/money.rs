//! Late fee, discounts, refunds, order of application.

use super::{Findings, values};
use crate::{Bucket, Decimal, Item, LateCap, LateStart, Pack};
use kernel::Fen;
use strum::VariantArray as _;

/// The highest late fee that is accepted: 5 ‰ a day.
pub(super) const MOST_DAILY: Decimal = Decimal::from_micro(5_000);

impl Pack {
    pub(super) fn check_late(&self, found: &mut Findings) {
        let late = &self.late;
        let rate = late.daily_rate.value;
        let zh = format!(
            "日费率 {}‰（即 {}%）超过 5‰：是否把 ‰ 当成了 %？",
            rate.per_mille(),
            rate.percent()
        );
        let en = format!(
            "{} ‰ ({} %) a day is above 5 ‰: was per mille taken for per cent?",
            rate.per_mille(),
            rate.percent()
        );
        let path = "late.daily_rate";
        found.error(rate > MOST_DAILY, "late_rate_absurd", path, [&zh, &en]);
        found.error(
            rate < Decimal::ZERO,
            "out_of_range",
            path,
            ["费率不能为负", "A rate is not below nothing"],
        );
        let words = ["日费率超过 1‰，请再核对依据", "More than 1 ‰ a day: check what it follows"];
        let odd = rate > Decimal::from_micro(1_000) && rate <= MOST_DAILY;
        found.warn(odd, "late_rate_high", path, words);
        match late.cap.value {
            LateCap::Never => {
                let words = ["滞纳金不封顶", "The late fee grows without end"];
                found.warn(true, "late_uncapped", "late.cap", words);
            }
            LateCap::Charged { share } | LateCap::Overdue { share } => {
                found.share("late.cap", share);
            }
        }
        if let LateStart::Date { day } = late.start.value {
            found.day("late.start", day);
        }
        found.once("late.items", late.items.value.iter());
        let words = ["滞纳金不能再计滞纳金", "A late fee does not grow itself"];
        let itself = late.items.value.contains(&Item::Late);
        found.error(itself, "late_on_late", "late.items", words);
        let words = ["宽限不应超过一年", "More than a year of grace"];
        found.error(late.grace_days.value > 365, "out_of_range", "late.grace_days", words);
        let least = late.least_fen.value.get();
        let words = ["起收额应为 0 至 100 元", "The least is 0 to 100 yuan"];
        found.error(!(0..=10_000).contains(&least), "out_of_range", "late.least_fen", words);
        let levels = &late.waivers.value;
        let rising = levels.is_sorted_by(|a, b| a.up_to_fen < b.up_to_fen);
        let sound = levels.iter().all(|w| !w.role.trim().is_empty() && w.up_to_fen > Fen::ZERO);
        let words = ["减免权限应由低到高", "Waivers must rise from level to level"];
        found.error(!rising || !sound, "waivers_out_of_order", "late.waivers", words);
    }

    pub(super) fn check_money(&self, found: &mut Findings) {
        let m = &self.money;
        let rows = values(&m.pay_by);
        found.once("money.pay_by", rows.iter().map(|p| (p.user_class, p.charge_type)));
        for (n, row) in rows.iter().enumerate() {
            found.day(&format!("money.pay_by.{n}"), row.by);
        }
        found.share("money.instalments", m.instalments.value.first_share);
        let words = ["应在季末前 0 至 120 天内缴清", "All is paid 0 to 120 days before the end"];
        let odd = m.instalments.value.days_before_end > 120;
        found.error(odd, "out_of_range", "money.instalments", words);
        found.once("money.order", m.order.value.iter());
        let words = ["缴费分摊顺序不完整", "The order of application leaves something out"];
        let lacks = Bucket::VARIANTS.iter().any(|b| !m.order.value.contains(b));
        found.error(lacks, "order_incomplete", "money.order", words);
        found.once("money.item_order", m.item_order.value.iter());
        for (n, row) in values(&self.discounts.early).iter().enumerate() {
            let path = format!("discounts.early.{n}");
            found.day(&path, row.by);
            found.within(&path, row.share, Decimal::ZERO, Decimal::from_micro(300_000));
            let words = ["优惠超过 10%", "The rebate is above 10 %"];
            found.warn(row.share > Decimal::from_micro(100_000), "high_rebate", &path, words);
        }
    }

    pub(super) fn check_approvals(&self, found: &mut Findings) {
        let a = &self.approvals;
        let [alone, ordinary, most] =
            [a.alone_fen.value, a.ordinary_fen.value, a.most_fen.value].map(Fen::get);
        let rising = (0..=ordinary).contains(&alone) && ordinary <= most;
        let words = ["审批限额应由低到高", "The limits must rise from level to level"];
        found.error(!rising, "approvals_out_of_order", "approvals", words);
        let words = ["单笔上限不应超过十亿元", "One adjustment is at most a billion yuan"];
        found.error(most > 100_000_000_000, "out_of_range", "approvals.most_fen", words);
        let words = ["免审批限额超过 1,000 元", "More than 1,000 yuan without a second person"];
        found.warn(alone > 100_000, "high_alone", "approvals.alone_fen", words);
    }

    pub(super) fn check_refunds(&self, found: &mut Findings) {
        let r = &self.refunds;
        let least = r.least_celsius.value;
        found.within("refunds.least_celsius", least, Decimal::whole(10), Decimal::whole(26));
        let mut bands = values(&r.bands);
        found.once("refunds.bands", bands.iter().map(|b| b.below));
        for (n, band) in bands.iter().enumerate() {
            let path = format!("refunds.bands.{n}");
            found.share(&path, band.share);
            found.within(&path, band.below, Decimal::ZERO, least);
        }
        bands.sort_by_key(|b| b.below);
        let falling = bands.is_sorted_by(|a, b| a.share >= b.share);
        let words = ["温度越低，退费比例应越高", "Colder rooms must get more"];
        found.error(!falling, "bands_out_of_order", "refunds.bands", words);
        let words = ["停热退费起算应为 1 至 240 小时", "Outages count from 1 to 240 hours"];
        let odd = !(1..=240).contains(&r.outage_hours.value);
        found.error(odd, "out_of_range", "refunds.outage_hours", words);
        found.share("refunds.cap_share", r.cap_share.value);
        let words = ["退费结算不应晚于一年", "Refunds are settled within a year"];
        found.error(r.settle_days.value > 365, "out_of_range", "refunds.settle_days", words);
    }
}
