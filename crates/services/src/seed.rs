//! A price list and a warranty to begin with, as a middling northern city has them. Examples,
//! nobody's law: a company sets its own.

use crate::permissions::CATALOGUE;
use crate::{ItemKind, NewItem, NewPrice, NewRule, Part, ServiceClass, store};
use chrono::NaiveDate;
use kernel::{Fen, Result, Tx};

/// Code, names, unit; what it is; price in yuan, warranty in days, pay in yuan and in percent.
type Row = (&'static str, [&'static str; 3], Sort, [i32; 4]);
type Sort = (ItemKind, ServiceClass, Part);

const WORK: Sort = (ItemKind::Service, ServiceClass::Repair, Part::Inside);
const OURS: Sort = (ItemKind::Service, ServiceClass::Repair, Part::Public);
const THING: Sort = (ItemKind::Material, ServiceClass::Repair, Part::Inside);
const EXTRA: Sort = (ItemKind::Service, ServiceClass::ValueAdded, Part::Inside);

const ITEMS: &[Row] = &[
    ("FW-101", ["散热器放气疏通", "Bleeding a radiator", "组"], WORK, [30, 90, 12, 0]),
    ("FW-102", ["户内阀门更换", "Replacing a valve inside", "个"], WORK, [60, 180, 25, 0]),
    ("FW-103", ["户内管道漏水维修", "Mending a leak inside", "处"], WORK, [120, 180, 50, 0]),
    ("FW-104", ["过滤器清洗", "Cleaning a filter", "个"], WORK, [40, 90, 18, 0]),
    ("FW-105", ["立管及入户阀维修", "Riser and house valve", "次"], OURS, [150, 180, 45, 0]),
    ("CL-201", ["铜球阀 DN20", "Brass ball valve DN20", "个"], THING, [45, 365, 0, 5]),
    ("CL-202", ["铜球阀 DN25", "Brass ball valve DN25", "个"], THING, [65, 365, 0, 5]),
    ("CL-203", ["自动放气阀", "Automatic air vent", "个"], THING, [35, 365, 0, 5]),
    ("CL-204", ["PPR 管 DN25", "PPR pipe DN25", "米"], THING, [18, 365, 0, 5]),
    ("CL-205", ["软连接", "Flexible connector", "根"], THING, [28, 365, 0, 5]),
    ("ZZ-301", ["地暖清洗", "Flushing underfloor heating", "路"], EXTRA, [80, 30, 0, 40]),
    ("ZZ-302", ["散热器移位改造", "Moving a radiator", "组"], EXTRA, [260, 180, 0, 45]),
    ("ZZ-303", ["散热器代购安装", "Supplying a radiator", "组"], EXTRA, [480, 365, 0, 15]),
    ("ZZ-304", ["户内系统检测", "Testing the flat's system", "次"], EXTRA, [100, 0, 0, 40]),
];

/// Writes the defaults where there is no price list yet.
pub async fn seed_defaults(tx: &mut Tx) -> Result<()> {
    tx.require(CATALOGUE)?;
    if store::has_items(tx).await? {
        return Ok(());
    }
    let valid_from = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default();
    for (code, [name, name_en, unit], (kind, class, part), numbers) in ITEMS {
        let [price, warranty_days, fixed, percent] = *numbers;
        let yuan = |yuan: i32| Fen::new(i64::from(yuan) * 100);
        let price = NewPrice {
            valid_from,
            offered: true,
            price_fen: yuan(price),
            negotiable: *class == ServiceClass::ValueAdded,
            warranty_days,
            pay_fixed_fen: yuan(fixed),
            pay_share_bp: percent * 100,
        };
        let text = |t: &&str| (*t).to_owned();
        let (code, name, name_en, unit) = (text(code), text(name), text(name_en), text(unit));
        let (kind, class, part) = (*kind, *class, *part);
        let new = NewItem { code, kind, class, part, name, name_en, unit, price };
        let id = store::insert_item(tx, &new).await?;
        store::insert_price(tx, id, &new.price).await?;
    }
    let rule = NewRule {
        valid_from,
        public_free: true,
        installation_days: 730,
        repeat_days: 30,
        sample_percent: 5,
        citation: "示例：保修期两个采暖期，户外共用设施免费维修".to_owned(),
    };
    store::insert_rule(tx, &rule).await
}
