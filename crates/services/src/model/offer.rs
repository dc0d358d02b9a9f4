//! How an offer is priced: the list's price, the rule's warranty, and what a person may change
//! with a word why.

use crate::{
    Before, Facts, Item, ItemId, Line, MOST, Price, Proposal, Rule, ServiceRule, WantedLine,
    pay_of, price_of, propose,
};
use chrono::NaiveDate;
use kernel::{Fen, UserId};
use std::collections::HashMap;

/// The most lines that one offer has.
pub const MOST_LINES: usize = 30;

/// What the price of an offer depends on.
#[derive(Debug)]
pub struct Ground<'a> {
    /// What is offered that day.
    pub items: &'a [Item],
    /// The warranty in force.
    pub rule: &'a Rule,
    /// The day.
    pub on: NaiveDate,
    /// Who offers it.
    pub staff: UserId,
    /// Since when the flat has heat.
    pub installed_on: Option<NaiveDate>,
    /// What was done there before.
    pub before: &'a HashMap<ItemId, Before>,
}

/// The lines of an offer.
pub fn offer(ground: &Ground<'_>, wanted: &[WantedLine]) -> Result<Vec<Line>, ServiceRule> {
    wanted.iter().map(|w| line(ground, w)).collect()
}

/// What the household pays and what the repairer earns.
pub fn totals(lines: &[Line]) -> Result<(Fen, Fen), ServiceRule> {
    let charge = ledger::sum(lines.iter().map(|l| l.charge_fen)).ok_or(ServiceRule::TooMuch)?;
    let pay = ledger::sum(lines.iter().map(|l| l.pay_fen)).ok_or(ServiceRule::TooMuch)?;
    let worth = ledger::sum(lines.iter().map(|l| l.sum_fen)).ok_or(ServiceRule::TooMuch)?;
    if worth > MOST { Err(ServiceRule::TooMuch) } else { Ok((charge, pay)) }
}

fn line(g: &Ground<'_>, w: &WantedLine) -> Result<Line, ServiceRule> {
    let unknown = || ServiceRule::NotOffered(String::new());
    let item = g.items.iter().find(|i| i.id == w.item_id).ok_or_else(unknown)?;
    let gone = || ServiceRule::NotOffered(item.name.clone());
    let price = item.price.as_ref().filter(|p| p.offered).ok_or_else(gone)?;
    let unit = unit_price(item, price, w)?;
    let before = g.before.get(&item.id).copied();
    let (class, part, installed_on) = (item.class, item.part, g.installed_on);
    let rule = propose(g.rule, &Facts { class, part, installed_on, before }, g.on);
    let covered = w.covered.unwrap_or(rule.covered);
    let said = w.said.trim().to_owned();
    if (covered != rule.covered || unit != price.price_fen) && said.is_empty() {
        return Err(ServiceRule::ReasonMissing(item.name.clone()));
    }
    let sum = price_of(unit, w.quantity).ok_or(ServiceRule::TooMuch)?;
    Ok(Line {
        item_id: item.id,
        price_id: price.id,
        code: item.code.clone(),
        name: item.name.clone(),
        name_en: item.name_en.clone(),
        unit: item.unit.clone(),
        kind: item.kind,
        quantity: w.quantity,
        list_fen: price.price_fen,
        unit_fen: unit,
        sum_fen: sum,
        rule_covered: rule.covered,
        rule_reason: rule.reason,
        rule_until: rule.until,
        rule_sheet_id: rule.before.map(|b| b.sheet),
        covered,
        said,
        charge_fen: if covered { Fen::ZERO } else { sum },
        pay_fen: earned(g, w, price, &rule, sum)?,
    })
}

fn unit_price(item: &Item, price: &Price, w: &WantedLine) -> Result<Fen, ServiceRule> {
    let unit = w.unit_fen.unwrap_or(price.price_fen);
    if unit != price.price_fen && !price.negotiable {
        return Err(ServiceRule::PriceFixed(item.name.clone()));
    }
    if unit < Fen::ZERO || unit > MOST {
        return Err(ServiceRule::TooMuch);
    }
    Ok(unit)
}

/// Who makes good what he did himself earns nothing by it.
fn earned(
    g: &Ground<'_>,
    w: &WantedLine,
    price: &Price,
    rule: &Proposal,
    worth: Fen,
) -> Result<Fen, ServiceRule> {
    if rule.is_own_rework(g.staff) {
        return Ok(Fen::ZERO);
    }
    pay_of(price.pay_fixed_fen, w.quantity, price.pay_share_bp, worth).ok_or(ServiceRule::TooMuch)
}
