//! Dates, stop and restore, response times.

use super::{Findings, values};
use crate::{DayBasis, DayWindow, Decimal, MonthDay, Pack, StopTerm};

impl Pack {
    pub(super) fn check_season(&self, found: &mut Findings) {
        let c = &self.calendar;
        for (path, at) in [("calendar.starts", c.starts.value), ("calendar.ends", c.ends.value)] {
            found.day(path, MonthDay::new(at.month, at.day));
            let words = ["小时应为 0 至 24", "An hour is 0 to 24"];
            found.error(at.hour > 24, "bad_hour", path, words);
        }
        if let DayBasis::Fixed { days } = c.day_basis.value {
            let words = ["固定天数应为 30 至 300", "A fixed number of days is 30 to 300"];
            let odd = !(30..=300).contains(&days);
            found.error(odd, "bad_days", "calendar.day_basis", words);
        }
        let orders = values(&c.ordered);
        found.once("calendar.ordered", orders.iter().map(|o| o.season));
        let mut years: Vec<i32> = orders.iter().map(|o| o.season).collect();
        years.push(2026);
        for year in years {
            self.check_year(year, found);
        }
    }

    fn check_year(&self, year: i32, found: &mut Findings) {
        let path = if year == 2026 { "calendar.ends" } else { "calendar.ordered" };
        let Ok(season) = self.season(year) else {
            let words = ["起止日期先后有误", "It ends before it begins, or lasts over a year"];
            found.error(true, "dates_out_of_order", path, words);
            return;
        };
        let days = (season.heat_end - season.heat_first).num_days();
        let words = ["采暖季应为 30 至 300 天", "A season lasts 30 to 300 days"];
        found.error(!(30..=300).contains(&days), "season_length", path, words);
        for (n, (_, from, to)) in season.phases.iter().enumerate() {
            let path = format!("calendar.phases.{n}");
            let words = ["阶段的起止先后有误", "The phase ends before it begins"];
            found.error(from >= to, "dates_out_of_order", &path, words);
            let mut earlier = season.phases.iter().take(n);
            let words = ["与其他阶段重叠", "It overlaps another phase"];
            let overlaps = earlier.any(|(_, a, b)| from.max(a) < to.min(b));
            found.error(overlaps, "phases_overlap", &path, words);
        }
    }

    pub(super) fn check_stop(&self, found: &mut Findings) {
        let s = &self.stop;
        window("stop.stop_window", s.stop_window.value, found);
        window("stop.restore_window", s.restore_window.value, found);
        let words = ["提前天数不应超过 180", "More than 180 days ahead"];
        found.error(s.lead_days.value > 180, "lead_too_long", "stop.lead_days", words);
        if let StopTerm::Periods { shortest_days, most } = s.term.value {
            let words =
                ["最短天数或次数不合理", "Shortest stop or number of stops is not plausible"];
            let odd = shortest_days > 300 || most == 0 || most > 12;
            found.error(odd, "bad_term", "stop.term", words);
        }
        found.once("stop.stop_conditions", s.stop_conditions.value.iter());
        found.once("stop.restore_conditions", s.restore_conditions.value.iter());
        found.share("stop.unit_share_limit", s.unit_share_limit.value);
        found.once("stop.basic", s.basic.iter().map(|b| b.value.user_class));
        for (n, row) in values(&s.basic).iter().enumerate() {
            let path = format!("stop.basic.{n}");
            found.share(&path, row.share);
            let words = ["基础费比例超过 60%", "The basic fee is above 60 %"];
            found.warn(row.share > Decimal::from_micro(600_000), "high_basic", &path, words);
        }
        found.share("stop.forced_basic_share", s.forced_basic_share.value);
        let fen = s.reconnect_fen.value.get();
        let words = ["开栓费应为 0 至 1000 元", "Opening a valve costs 0 to 1,000 yuan"];
        found.error(!(0..=100_000).contains(&fen), "out_of_range", "stop.reconnect_fen", words);
        let words = ["答复期限应为 1 至 60 天", "An answer takes 1 to 60 days"];
        let odd = !(1..=60).contains(&s.answer_days.value);
        found.error(odd, "out_of_range", "stop.answer_days", words);
        found.once("changes.rules", self.changes.rules.iter().map(|r| r.value.change));
        for (n, rule) in self.changes.rules.iter().enumerate() {
            window(&format!("changes.rules.{n}"), rule.value.window, found);
        }
        let prices = values(&self.changes.connection);
        found.once("changes.connection", prices.iter().map(|p| p.user_class));
        for (n, row) in prices.iter().enumerate() {
            let path = format!("changes.connection.{n}");
            found.within(&path, row.price, Decimal::ZERO, Decimal::whole(1_000));
        }
    }

    pub(super) fn check_service(&self, found: &mut Findings) {
        let rows = values(&self.service.response);
        let phase = |p: Option<crate::Phase>| p.map(<&str>::from);
        found.once("service.response", rows.iter().map(|r| (r.kind.clone(), phase(r.phase))));
        for (n, r) in rows.iter().enumerate() {
            let path = format!("service.response.{n}");
            let ordered = 0 < r.answer_minutes
                && r.answer_minutes <= r.on_site_minutes
                && r.on_site_minutes <= r.finish_minutes
                && r.finish_minutes <= 30 * 24 * 60;
            let words = ["应为：答复 ≤ 到场 ≤ 修复 ≤ 30 天", "Answer, arrival, repair must follow"];
            found.error(!ordered || r.kind.trim().is_empty(), "times_out_of_order", &path, words);
        }
        let words = ["测温时限应为 1 至 72 小时", "A measurement takes 1 to 72 hours"];
        let odd = !(1..=72).contains(&self.service.test_hours.value);
        found.error(odd, "out_of_range", "service.test_hours", words);
    }
}

fn window(path: &str, window: DayWindow, found: &mut Findings) {
    found.day(path, window.opens);
    found.day(path, window.closes);
}
