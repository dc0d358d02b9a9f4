//! The words of the fee reports as papers print them.

/// Key, Chinese, English.
const WORDS: &[(&str, &str, &str)] = &[
    ("receivable", "应收账款", "Receivables"),
    ("advance", "预收账款", "Advances"),
    ("cash", "现金", "Cash"),
    ("bank", "银行存款", "Bank"),
    ("wechat", "微信", "WeChat"),
    ("alipay", "支付宝", "Alipay"),
    ("card", "刷卡", "Card"),
    ("cheque", "支票", "Cheques"),
    ("revenue", "供热收入", "Revenue"),
    ("suspense", "待查款", "Suspense"),
    ("rounding", "尾差", "Rounding"),
    ("bad_debt", "坏账", "Bad debt"),
    ("refund_payable", "应退款", "Refunds payable"),
    ("discount", "优惠", "Discounts"),
    ("payable", "应付账款", "Payables"),
    ("expense", "维修成本", "Repair costs"),
    ("heat", "采暖费", "Heat"),
    ("basic", "停热基础费", "Basic fee"),
    ("metered", "计量热费", "Metered heat"),
    ("height", "超高费", "Height surcharge"),
    ("late", "滞纳金", "Late fee"),
    ("service", "有偿服务费", "Paid services"),
    ("connection", "入网费", "Connection"),
    ("reconnect", "开栓费", "Reconnection"),
    ("counter", "柜台", "Counter"),
    ("resident", "居民", "Residents"),
    ("shop", "底商", "Shops"),
    ("public", "非居民", "Non-residents"),
    ("garage", "车库", "Garages"),
    ("area", "按面积", "By area"),
    ("two_part", "两部制", "Two-part"),
    ("using", "用热", "Using"),
    ("stopped", "报停", "Stopped"),
    ("forced_stop", "强停", "Stopped by force"),
    ("not_connected", "未入网", "Not connected"),
    ("current", "当季", "Current"),
    ("one_year", "1 年内", "Up to 1 year"),
    ("two_years", "1–2 年", "1 to 2 years"),
    ("three_years", "2–3 年", "2 to 3 years"),
    ("older", "3 年以上", "Over 3 years"),
];

/// The word for a key; the key itself where there is none.
pub(crate) fn word(key: &str, english: bool) -> &str {
    let found = WORDS.iter().find(|w| w.0 == key);
    found.map_or(key, |(_, zh, en)| if english { en } else { zh })
}
