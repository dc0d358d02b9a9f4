//! What is offered, at what price, under which warranty.

use crate::{Item, ItemId, NewItem, NewPrice, NewRule, Price, Rule, ServiceRule};
use chrono::NaiveDate;
use kernel::{Error, OnConstraint, Result, Tx};

/// Every item with all its prices, newest first; the one in force on that day apart.
pub(crate) async fn items(tx: &mut Tx, on: NaiveDate) -> Result<Vec<Item>> {
    let rows = sqlx::query!(
        "select id, code, kind, class, part, name, name_en, unit
         from services.item order by sort, code"
    )
    .fetch_all(tx.db())
    .await?;
    let prices = prices(tx).await?;
    let mut items = Vec::with_capacity(rows.len());
    for r in rows {
        let history: Vec<Price> = prices.iter().filter(|p| p.item_id == r.id).cloned().collect();
        let price = history.iter().find(|p| p.valid_from <= on).cloned();
        let (id, code, kind, class, part) = (r.id, r.code, r.kind, r.class, r.part);
        let (name, name_en, unit) = (r.name, r.name_en, r.unit);
        items.push(Item { id, code, kind, class, part, name, name_en, unit, price, history });
    }
    Ok(items)
}

async fn prices(tx: &mut Tx) -> Result<Vec<Price>> {
    Ok(sqlx::query_as!(
        Price,
        "select id, item_id, valid_from, offered, price_fen, negotiable, warranty_days,
                pay_fixed_fen, pay_share_bp, recorded_at, recorded_by
         from services.price where superseded_at is null
         order by valid_from desc"
    )
    .fetch_all(tx.db())
    .await?)
}

/// Adds an item without a price.
pub(crate) async fn insert_item(tx: &mut Tx, new: &NewItem) -> Result<ItemId> {
    let (id, now): (ItemId, _) = (tx.new_id(), tx.now());
    sqlx::query!(
        "insert into services.item
           (id, code, sort, kind, class, part, name, name_en, unit, made_at)
         select $1, $2, coalesce(max(sort), 0) + 10, $3, $4, $5, $6, $7, $8, $9
         from services.item",
        *id,
        new.code,
        <&str>::from(new.kind),
        <&str>::from(new.class),
        <&str>::from(new.part),
        new.name,
        new.name_en,
        new.unit,
        now,
    )
    .execute(tx.db())
    .await
    .on_constraint("item_code_key", ServiceRule::CodeTaken)?;
    Ok(id)
}

/// Whether there are items at all.
pub(crate) async fn has_items(tx: &mut Tx) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"select exists (select from services.item) as "is!""#)
        .fetch_one(tx.db())
        .await?)
}

/// Adds a price; one that has not begun and begins the same day falls away.
pub(crate) async fn insert_price(tx: &mut Tx, item: ItemId, new: &NewPrice) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().name.clone());
    let today = kernel::clock::local_date(now);
    sqlx::query!("select id from services.item where id = $1", *item)
        .fetch_optional(tx.db())
        .await?
        .ok_or(Error::NotFound("item"))?;
    sqlx::query!(
        "update services.price set superseded_at = $3
         where item_id = $1 and valid_from = $2 and superseded_at is null and valid_from > $4",
        *item,
        new.valid_from,
        now,
        today,
    )
    .execute(tx.db())
    .await?;
    let id: crate::PriceId = tx.new_id();
    sqlx::query!(
        "insert into services.price
           (id, item_id, valid_from, offered, price_fen, negotiable, warranty_days,
            pay_fixed_fen, pay_share_bp, recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        *id,
        *item,
        new.valid_from,
        new.offered,
        new.price_fen.get(),
        new.negotiable,
        new.warranty_days,
        new.pay_fixed_fen.get(),
        new.pay_share_bp,
        now,
        by,
    )
    .execute(tx.db())
    .await
    .on_constraint("price_once", ServiceRule::InForce)?;
    Ok(())
}

/// Every warranty, newest first.
pub(crate) async fn rules(tx: &mut Tx) -> Result<Vec<Rule>> {
    Ok(sqlx::query_as!(
        Rule,
        "select id, valid_from, public_free, installation_days, repeat_days, sample_percent,
                citation, recorded_at, recorded_by
         from services.rule where superseded_at is null order by valid_from desc"
    )
    .fetch_all(tx.db())
    .await?)
}

/// Adds a warranty; one that has not begun and begins the same day falls away.
pub(crate) async fn insert_rule(tx: &mut Tx, new: &NewRule) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().name.clone());
    let today = kernel::clock::local_date(now);
    sqlx::query!(
        "update services.rule set superseded_at = $2
         where valid_from = $1 and superseded_at is null and valid_from > $3",
        new.valid_from,
        now,
        today,
    )
    .execute(tx.db())
    .await?;
    let id: crate::RuleId = tx.new_id();
    sqlx::query!(
        "insert into services.rule
           (id, valid_from, public_free, installation_days, repeat_days, sample_percent,
            citation, recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *id,
        new.valid_from,
        new.public_free,
        new.installation_days,
        new.repeat_days,
        new.sample_percent,
        new.citation,
        now,
        by,
    )
    .execute(tx.db())
    .await
    .on_constraint("rule_once", ServiceRule::InForce)?;
    Ok(())
}
