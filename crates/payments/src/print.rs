//! Paper: a receipt as PDF, from what is kept with it and its face.

mod paper;

use crate::{
    ADVANCE, AppliedLine, PayMethod, Receipt, ReceiptAccount, ReceiptContent, ReceiptFace,
    ReceiptState, capitals,
};
use anyhow::Result;
use chrono::{DateTime, Utc};
use kernel::Fen;
use kernel::clock::SHANGHAI;
use paper::{Ink, Pen, cut, pdf};
use std::str::FromStr as _;
use uuid::Uuid;

/// Space on each side, in millimetres.
const SIDE: f32 = 12.0;
/// Height of a row.
const ROW: f32 = 5.2;
/// What stands above and below the rows.
const HEAD: f32 = 33.0;
const FOOT: f32 = 31.0;

/// One row: what, for whom, how much.
struct Row {
    name: String,
    what: String,
    amount: Fen,
    is_account: bool,
}

/// The receipt. A copy and a void one say so across the page.
pub(crate) fn receipt(
    receipt: &Receipt,
    face: &ReceiptFace,
    content: &ReceiptContent,
) -> Result<Vec<u8>> {
    let rows = rows(face, content);
    let (width, height) = (f32::from(face.width_mm), f32::from(face.height_mm));
    let fit = per_page(height, rows.len());
    let pages = rows.len().div_ceil(fit).max(1);
    let all = all_texts(receipt, face, content, &rows);
    pdf(&receipt.no, &all, (width, height), pages, |n, pen| {
        let page = rows.chunks(fit).nth(n).unwrap_or(&[]);
        head(pen, width, receipt, face, content, (n, pages));
        body(pen, width, page);
        if n + 1 == pages {
            foot(pen, (width, height), face, content);
        }
        mark(pen, (width, height), receipt);
    })
}

fn per_page(height: f32, rows: usize) -> usize {
    let room = ((height - HEAD - FOOT) / ROW).floor().max(1.0);
    // As many as there are, when they fit: the division is small and exact enough.
    (1..=rows.max(1))
        .take_while(|n| u16::try_from(*n).is_ok_and(|n| f32::from(n) <= room))
        .last()
        .unwrap_or(1)
}

fn rows(face: &ReceiptFace, content: &ReceiptContent) -> Vec<Row> {
    let several = content.accounts.len() > 1;
    let mut rows = Vec::new();
    for account in &content.accounts {
        if several {
            rows.push(summary(account));
            continue;
        }
        let left = (face.show_balance && account.left > Fen::ZERO)
            .then(|| format!("（尚欠 {}）", account.left));
        rows.extend(account.lines.iter().map(line));
        if let Some(left) = left {
            let (name, what, amount) = (left, String::new(), Fen::ZERO);
            rows.push(Row { name, what, amount, is_account: false });
        }
    }
    rows
}

fn summary(account: &ReceiptAccount) -> Row {
    let name = format!("{} {}", account.account_no, account.name);
    Row { name, what: account.address.clone(), amount: account.amount, is_account: true }
}

fn line(line: &AppliedLine) -> Row {
    let name = match line.item.as_str() {
        ADVANCE if line.amount_fen < Fen::ZERO => "预存抵扣".to_owned(),
        ADVANCE => "预存".to_owned(),
        item => item_zh(item).to_owned(),
    };
    let what =
        if line.season.is_empty() { String::new() } else { format!("{} 采暖季", line.season) };
    Row { name, what, amount: line.amount_fen, is_account: false }
}

/// What people call an item of the book.
fn item_zh(item: &str) -> &str {
    tariff::Item::from_str(item).map_or(item, |known| known.zh())
}

fn all_texts(r: &Receipt, face: &ReceiptFace, c: &ReceiptContent, rows: &[Row]) -> String {
    let mut all = [&r.no, &face.title, &face.company, &face.seal, &c.payer, &c.cashier, &c.counter]
        .map(String::as_str)
        .concat();
    all.push_str(&face.footer.concat());
    for account in &c.accounts {
        all.push_str(&account.name);
        all.push_str(&account.address);
    }
    for row in rows {
        all.push_str(&row.name);
        all.push_str(&row.what);
    }
    all
}

fn head(
    pen: &mut Pen<'_, '_>,
    width: f32,
    receipt: &Receipt,
    face: &ReceiptFace,
    content: &ReceiptContent,
    (n, pages): (usize, usize),
) {
    let right = width - SIDE;
    pen.left(SIDE, 11.0, 9.0, Ink::Grey, &face.company);
    pen.centre(width / 2.0, 13.0, 16.0, Ink::Black, &face.title);
    pen.right(right, 11.0, 9.0, Ink::Red, &format!("No. {}", receipt.no));
    if pages > 1 {
        pen.right(right, 15.5, 8.0, Ink::Grey, &format!("第 {} 页，共 {pages} 页", n + 1));
    }
    let at = content.at.with_timezone(&SHANGHAI).format("%Y-%m-%d %H:%M").to_string();
    let half = width / 2.0;
    let caption = |pen: &mut Pen<'_, '_>, x: f32, y: f32, name: &str, text: &str, room: f32| {
        pen.left(x, y, 9.0, Ink::Grey, name);
        pen.left(x + 16.0, y, 9.0, Ink::Black, &cut(text, 9.0, room - 18.0));
    };
    let room = half - SIDE;
    match content.accounts.as_slice() {
        [one] => {
            let area =
                if face.show_area { format!("（{} ㎡）", one.area) } else { String::new() };
            caption(pen, SIDE, 21.0, "户号", &one.account_no, room);
            caption(pen, half, 21.0, "户名", &one.name, room);
            caption(pen, SIDE, 26.0, "地址", &format!("{}{area}", one.address), room);
            caption(pen, half, 26.0, "日期", &at, room);
        }
        several => {
            let many = format!("共 {} 户", several.len());
            caption(pen, SIDE, 21.0, "交款人", &content.payer, room);
            caption(pen, half, 21.0, "户数", &many, room);
            caption(pen, SIDE, 26.0, "单号", &content.order_no, room);
            caption(pen, half, 26.0, "日期", &at, room);
        }
    }
    pen.rule(SIDE, right, 29.0, 0.8);
}

fn body(pen: &mut Pen<'_, '_>, width: f32, rows: &[Row]) {
    let mut y = HEAD + 1.0;
    for row in rows {
        let (first, second) =
            if row.is_account { (58.0, width - 58.0 - 64.0) } else { (60.0, 70.0) };
        pen.left(SIDE, y, 9.5, Ink::Black, &cut(&row.name, 9.5, first));
        pen.left(SIDE + first, y, 9.5, Ink::Grey, &cut(&row.what, 9.5, second));
        if row.amount != Fen::ZERO {
            pen.right(width - SIDE, y, 9.5, Ink::Black, &row.amount.to_string());
        }
        y += ROW;
    }
}

fn foot(
    pen: &mut Pen<'_, '_>,
    (width, height): (f32, f32),
    face: &ReceiptFace,
    content: &ReceiptContent,
) {
    let (right, top) = (width - SIDE, height - FOOT + 5.0);
    pen.rule(SIDE, right, top - 4.6, 0.4);
    let words = format!("合计（大写）{}", capitals(content.amount));
    pen.left(SIDE, top, 10.0, Ink::Black, &words);
    pen.right(right, top, 12.0, Ink::Black, &format!("¥{}", content.amount));
    pen.left(SIDE, top + 5.4, 9.0, Ink::Grey, &paid(content));
    let by = format!(
        "收款人 {}    窗口 {}    单号 {}",
        content.cashier, content.counter, content.order_no
    );
    pen.left(SIDE, top + 10.6, 9.0, Ink::Grey, &by);
    pen.right(right - 4.0, top + 10.6, 9.0, Ink::Grey, &face.seal);
    let mut y = top + 15.4;
    for line in face.footer.iter().take_while(|_| height > 60.0) {
        pen.left(SIDE, y, 8.0, Ink::Grey, &cut(line, 8.0, width - 2.0 * SIDE));
        y += 3.8;
    }
}

fn paid(content: &ReceiptContent) -> String {
    let mut words = format!("付款方式 {}", content.method.zh());
    if !content.reference.is_empty() {
        words.push_str(&format!("    凭证号 {}", content.reference));
    }
    if let (Some(tendered), Some(change)) = (content.tendered, content.change) {
        words.push_str(&format!("    实收 {tendered}    找零 {change}"));
    }
    if content.rounding != Fen::ZERO {
        words.push_str(&format!("    舍入 {}", content.rounding));
    }
    words
}

fn mark(pen: &mut Pen<'_, '_>, (width, height): (f32, f32), receipt: &Receipt) {
    let words = match (receipt.state, receipt.copies) {
        (ReceiptState::Void, _) => "作　废",
        (ReceiptState::Issued, 0) => return,
        (ReceiptState::Issued, _) => "副本 补打",
    };
    pen.mark(width / 2.0, height / 2.0 + 4.0, 44.0, words);
}

/// A made-up receipt, to look at a face.
pub(crate) fn sample(at: DateTime<Utc>) -> (Receipt, ReceiptContent) {
    let amount = Fen::new(219_340);
    let line = |season: &str, item: &str, fen| AppliedLine {
        account_id: Uuid::nil().into(),
        season: season.to_owned(),
        item: item.to_owned(),
        amount_fen: Fen::new(fen),
    };
    let account = ReceiptAccount {
        account_no: "1000234567".to_owned(),
        name: "王秀英".to_owned(),
        address: "阳光小区3号楼2单元602".to_owned(),
        area: "88.50".to_owned(),
        amount,
        left: Fen::ZERO,
        lines: vec![
            line("2025-2026", "heat", 20_000),
            line("2025-2026", "late", 640),
            line("2026-2027", "heat", 198_700),
        ],
    };
    let content = ReceiptContent {
        order_no: "SF20261122-000001".to_owned(),
        payer: String::new(),
        accounts: vec![account],
        method: PayMethod::Cash,
        amount,
        rounding: Fen::ZERO,
        tendered: Some(Fen::new(220_000)),
        change: Some(Fen::new(660)),
        reference: String::new(),
        cashier: "李敏".to_owned(),
        counter: "1号窗口".to_owned(),
        at,
    };
    let receipt = Receipt {
        id: Uuid::nil().into(),
        no: "A0000001".to_owned(),
        order_id: Uuid::nil().into(),
        state: ReceiptState::Issued,
        amount_fen: amount,
        copies: 0,
        issued_at: at,
        void_reason: String::new(),
    };
    (receipt, content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> DateTime<Utc> {
        "2026-11-22T01:00:00Z".parse().unwrap()
    }

    /// accepts IN-01: a receipt is a PDF that carries its characters with it, and not the whole
    /// face.
    #[test]
    fn a_receipt_is_a_small_pdf_with_its_own_characters() {
        let (r, content) = sample(at());
        let paper = receipt(&r, &ReceiptFace::default(), &content).unwrap();
        assert!(paper.starts_with(b"%PDF-"));
        assert!((5_000..200_000).contains(&paper.len()), "{}", paper.len());
        if let Ok(dir) = std::env::var("RECEIPT_OUT") {
            std::fs::write(format!("{dir}/receipt.pdf"), &paper).unwrap();
            let copy = Receipt { copies: 1, ..r };
            let paper = receipt(&copy, &ReceiptFace::default(), &content).unwrap();
            std::fs::write(format!("{dir}/copy.pdf"), paper).unwrap();
        }
    }

    /// accepts IN-01 BI-04: four hundred flats on one receipt, over several pages.
    #[test]
    fn a_company_s_receipt_runs_over_pages() {
        let (r, mut content) = sample(at());
        let one = content.accounts[0].clone();
        content.accounts = vec![one; 400];
        let face = ReceiptFace { height_mm: 297, ..ReceiptFace::default() };
        let paper = receipt(&r, &face, &content).unwrap();
        assert_eq!((per_page(297.0, 400), per_page(297.0, 3), per_page(99.0, 400)), (44, 3, 6));
        let short = content.accounts.split_off(44);
        assert_eq!(short.len(), 356);
        let one_page = receipt(&r, &face, &content).unwrap();
        assert!(paper.len() > one_page.len() + 3_000, "{} {}", paper.len(), one_page.len());
        if let Ok(dir) = std::env::var("RECEIPT_OUT") {
            std::fs::write(format!("{dir}/company.pdf"), &paper).unwrap();
        }
    }

    #[test]
    fn a_rare_name_is_no_reason_to_fail() {
        let (r, mut content) = sample(at());
        content.accounts[0].name = "𠮷田\u{0}".to_owned();
        assert!(receipt(&r, &ReceiptFace::default(), &content).is_ok());
    }
}
