//! What stands on a receipt, and how it looks.

use super::{AppliedLine, PayMethod, PaymentRule};
use chrono::{DateTime, Utc};
use kernel::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The face of receipts, as a company sets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptFace {
    /// On top, such as 供热收费收据.
    pub title: String,
    /// Whose receipt it is.
    pub company: String,
    /// Below the sum: conditions, telephone, thanks.
    pub footer: Vec<String>,
    /// Width of the paper in millimetres.
    pub width_mm: u16,
    /// Height of the paper in millimetres.
    pub height_mm: u16,
    /// Whether the charged area is printed.
    pub show_area: bool,
    /// Whether what remains to be paid is printed.
    pub show_balance: bool,
    /// What stands where the seal goes.
    pub seal: String,
}

impl Default for ReceiptFace {
    fn default() -> Self {
        Self {
            title: "供热收费收据".to_owned(),
            company: "暖线供热有限公司".to_owned(),
            footer: vec!["请妥善保存，作为缴费凭证。客服电话 95700".to_owned()],
            width_mm: 210,
            height_mm: 99,
            show_area: true,
            show_balance: true,
            seal: "收款单位（盖章）".to_owned(),
        }
    }
}

impl ReceiptFace {
    /// Refuses what no printer takes.
    pub fn check(&self) -> Result<(), PaymentRule> {
        let side = 60..=297;
        let fits = side.contains(&self.width_mm) && side.contains(&self.height_mm);
        let short = |s: &str| s.chars().count() <= 60;
        let words = short(&self.title) && short(&self.company) && short(&self.seal);
        let footer = self.footer.len() <= 6 && self.footer.iter().all(|l| short(l));
        let titled = !self.title.trim().is_empty();
        (fits && words && footer && titled).then_some(()).ok_or(PaymentRule::FaceWrong)
    }
}

/// Everything on one receipt. Kept with it: the same paper comes out again, whatever happens later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptContent {
    /// The payment's number.
    pub order_no: String,
    /// Who paid.
    pub payer: String,
    /// Accounts on it.
    pub accounts: Vec<ReceiptAccount>,
    /// How it was paid.
    pub method: PayMethod,
    /// What the accounts got.
    pub amount: Fen,
    /// What rounding gave.
    pub rounding: Fen,
    /// Cash on the counter.
    pub tendered: Option<Fen>,
    /// Change given.
    pub change: Option<Fen>,
    /// The slip's number.
    pub reference: String,
    /// Who took it.
    pub cashier: String,
    /// The window.
    pub counter: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// One account on a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptAccount {
    /// Its number.
    pub account_no: String,
    /// Who holds it.
    pub name: String,
    /// Where.
    pub address: String,
    /// Charged area.
    pub area: String,
    /// What it got.
    pub amount: Fen,
    /// What it still owes.
    pub left: Fen,
    /// What was paid.
    pub lines: Vec<AppliedLine>,
}

/// A sum in the characters that nobody can alter: 壹仟贰佰元伍角整.
pub fn capitals(amount: Fen) -> String {
    const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
    let digit = |n: u64| DIGITS.get(usize::try_from(n).unwrap_or(0)).copied().unwrap_or("零");
    let fen = amount.get().unsigned_abs();
    let (yuan, jiao, rest) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut words = if amount.get() < 0 { "负".to_owned() } else { String::new() };
    if yuan > 0 {
        words.push_str(&whole(yuan, digit));
        words.push('元');
    }
    match (jiao, rest) {
        (0, 0) if yuan > 0 => words.push('整'),
        (0, 0) => words.push_str("零元整"),
        (0, f) => {
            if yuan > 0 {
                words.push('零');
            }
            words.push_str(&format!("{}分", digit(f)));
        }
        (j, 0) => words.push_str(&format!("{}角整", digit(j))),
        (j, f) => words.push_str(&format!("{}角{}分", digit(j), digit(f))),
    }
    words
}

/// A whole number in groups of four: 亿, 万, and below.
fn whole(number: u64, digit: impl Fn(u64) -> &'static str) -> String {
    const GROUPS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];
    const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
    let mut words = String::new();
    let mut gap = false;
    for group in (0..GROUPS.len()).rev() {
        let scale = 10_000_u64.pow(u32::try_from(group).unwrap_or(0));
        let part = number / scale % 10_000;
        if part == 0 {
            gap |= !words.is_empty();
            continue;
        }
        for place in (0..4).rev() {
            let n = part / 10_u64.pow(u32::try_from(place).unwrap_or(0)) % 10;
            if n == 0 {
                gap |= !words.is_empty();
                continue;
            }
            if gap {
                words.push('零');
                gap = false;
            }
            words.push_str(digit(n));
            words.push_str(PLACES.get(place).copied().unwrap_or(""));
        }
        words.push_str(GROUPS.get(group).copied().unwrap_or(""));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// accepts IN-01: the sum in capital figures, as Chinese receipts must have it.
    #[test]
    fn sums_are_written_in_capitals() {
        for (fen, words) in [
            (0, "零元整"),
            (5, "伍分"),
            (50, "伍角整"),
            (105, "壹元零伍分"),
            (123_456, "壹仟贰佰叁拾肆元伍角陆分"),
            (100_000, "壹仟元整"),
            (1_000_500, "壹万零伍元整"),
            (10_000_000, "壹拾万元整"),
            (200_000_100, "贰佰万零壹元整"),
            (10_001_000_000, "壹亿零壹万元整"),
            (-2_430, "负贰拾肆元叁角整"),
        ] {
            assert_eq!(capitals(Fen::new(fen)), words, "{fen}");
        }
    }

    #[test]
    fn a_face_that_no_printer_takes_is_refused() {
        assert_eq!(ReceiptFace::default().check(), Ok(()));
        for wrong in [
            ReceiptFace { title: " ".to_owned(), ..ReceiptFace::default() },
            ReceiptFace { width_mm: 10, ..ReceiptFace::default() },
            ReceiptFace { height_mm: 300, ..ReceiptFace::default() },
            ReceiptFace { footer: vec![String::new(); 7], ..ReceiptFace::default() },
        ] {
            assert_eq!(wrong.check(), Err(PaymentRule::FaceWrong));
        }
    }
}
