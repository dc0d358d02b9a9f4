//! The price list and the warranty.

use crate::event::{What, tell};
use crate::permissions::{CATALOGUE, VIEW, WORK};
use crate::{Catalogue, ItemId, MOST, NewItem, NewPrice, NewRule, Rule, ServiceRule, store};
use chrono::NaiveDate;
use kernel::clock::local_date;
use kernel::{Error, Fen, Result, Tx};

/// What is offered on a day, at what price and under which warranty; today where nothing is said.
pub async fn catalogue(tx: &mut Tx, on: Option<NaiveDate>) -> Result<Catalogue> {
    if tx.require(WORK).is_err() {
        tx.require(VIEW)?;
    }
    let on = on.unwrap_or_else(|| local_date(tx.now()));
    listed(tx, on).await
}

/// The same, for a use case that has asked whether the caller may.
pub(super) async fn listed(tx: &mut Tx, on: NaiveDate) -> Result<Catalogue> {
    let (items, rules) = (store::items(tx, on).await?, store::rules(tx).await?);
    let rule: Option<Rule> = rules.iter().find(|r| r.valid_from <= on).cloned();
    Ok(Catalogue { on, items, rule, rules })
}

/// Adds a service or a material with its first price.
pub async fn add_item(tx: &mut Tx, new: NewItem) -> Result<ItemId> {
    tx.require(CATALOGUE)?;
    let new = checked_item(new)?;
    check_price(tx, &new.price)?;
    let id = store::insert_item(tx, &new).await?;
    store::insert_price(tx, id, &new.price).await?;
    tell_price(tx, id, &new.price)?;
    Ok(id)
}

/// Sets a price from today or a later day on. What was charged keeps its price.
pub async fn set_price(tx: &mut Tx, item: ItemId, new: NewPrice) -> Result<()> {
    tx.require(CATALOGUE)?;
    check_price(tx, &new)?;
    store::insert_price(tx, item, &new).await?;
    tell_price(tx, item, &new)
}

/// Sets the warranty from today or a later day on.
pub async fn set_rule(tx: &mut Tx, new: NewRule) -> Result<()> {
    tx.require(CATALOGUE)?;
    if new.valid_from < local_date(tx.now()) {
        return Err(ServiceRule::TooEarly.into());
    }
    within("installation_days", new.installation_days, 7_300)?;
    within("repeat_days", new.repeat_days, 730)?;
    within("sample_percent", new.sample_percent, 100)?;
    let citation = super::needed("citation", &new.citation)?;
    let new = NewRule { citation, ..new };
    store::insert_rule(tx, &new).await?;
    let what = What::RuleSet { valid_from: new.valid_from, citation: new.citation };
    let id = tx.new_id();
    tell(tx, ("service_rule", id), None, &what)
}

fn tell_price(tx: &mut Tx, id: ItemId, p: &NewPrice) -> Result<()> {
    let (valid_from, price, offered) = (p.valid_from, p.price_fen, p.offered);
    tell(tx, ("service_item", *id), None, &What::PriceSet { valid_from, price, offered })
}

fn checked_item(new: NewItem) -> Result<NewItem> {
    let code = new.code.trim().to_uppercase();
    let fits = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '-';
    if code.is_empty() || code.len() > 20 || code.starts_with('-') || !code.chars().all(fits) {
        let zh = "编码由大写字母、数字和“-”组成，不超过 20 位";
        return Err(Error::invalid("code", zh, "capitals, digits and -, at most 20"));
    }
    let name = short("name", &new.name)?;
    let unit = short("unit", &new.unit)?;
    let name_en = new.name_en.trim().to_owned();
    if name_en.chars().count() > 60 {
        return Err(Error::invalid("name_en", "不超过 60 字", "at most 60 characters"));
    }
    Ok(NewItem { code, name, name_en, unit, ..new })
}

fn short(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 60 {
        return Err(Error::invalid(field, "请填写，不超过 60 字", "1 to 60 characters"));
    }
    Ok(text.to_owned())
}

fn check_price(tx: &Tx, p: &NewPrice) -> Result<()> {
    if p.valid_from < local_date(tx.now()) {
        return Err(ServiceRule::TooEarly.into());
    }
    for (field, fen) in [("price_fen", p.price_fen), ("pay_fixed_fen", p.pay_fixed_fen)] {
        if !(Fen::ZERO..=MOST).contains(&fen) {
            return Err(Error::invalid(field, "金额超出范围", "from 0 to 100,000 yuan"));
        }
    }
    within("warranty_days", p.warranty_days, 3_650)?;
    within("pay_share_bp", p.pay_share_bp, 10_000)
}

fn within(field: &str, value: i32, most: i32) -> Result<()> {
    if (0..=most).contains(&value) {
        return Ok(());
    }
    let (zh, en) = (format!("应在 0 至 {most} 之间"), format!("from 0 to {most}"));
    Err(Error::invalid(field, &zh, &en))
}
