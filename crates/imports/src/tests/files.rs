//! Files good and bad.

use crate::ImportRule;
use crate::read::read;
use std::io::Write as _;
use std::path::PathBuf;

fn written(bytes: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("hearthline-test-{}", uuid::Uuid::new_v4()));
    std::fs::write(&path, bytes).unwrap();
    path
}

async fn lines(bytes: &[u8]) -> Result<Vec<Vec<String>>, ImportRule> {
    let path = written(bytes);
    let (to, mut chunks) = tokio::sync::mpsc::channel(4);
    let from = path.clone();
    let reading = tokio::task::spawn_blocking(move || read(&from, &to));
    let mut all = Vec::new();
    while let Some(chunk) = chunks.recv().await {
        all.extend(chunk);
    }
    std::fs::remove_file(path).unwrap();
    reading.await.unwrap().map(|()| all)
}

#[tokio::test]
async fn text_comes_in_utf8_or_gbk_with_comma_or_tab() {
    let wanted = vec![vec!["户号", "姓名"], vec!["6001", "王强"]];
    let gbk = encoding_rs::GBK.encode("户号\t姓名\r\n6001\t王强\r\n\r\n").0;
    let utf8 = "\u{feff}户号,姓名\n6001,\"王强\"\n".as_bytes();
    for bytes in [gbk.as_ref(), utf8] {
        assert_eq!(lines(bytes).await.unwrap(), wanted);
    }
}

#[tokio::test]
async fn a_spreadsheet_comes_in_with_its_numbers_and_days() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    sheet.write(0, 0, "户号").unwrap();
    sheet.write(0, 2, "日期").unwrap();
    sheet.write(2, 0, 6001).unwrap();
    sheet.write(2, 1, 89.5).unwrap();
    sheet.write_with_format(2, 2, 45_987.0, &day).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let wanted = vec![vec!["户号", "", "日期"], vec!["6001", "89.5", "2025-11-26"]];
    assert_eq!(lines(&bytes).await.unwrap(), wanted);
}

/// accepts CU-06 XB-17 (a broken file is refused politely)
#[tokio::test]
async fn what_is_no_table_is_refused() {
    let empty = "户号,姓名\n".as_bytes();
    assert_eq!(lines(empty).await.unwrap_err(), ImportRule::Empty);
    assert_eq!(lines(b"").await.unwrap_err(), ImportRule::Empty);
    for broken in [&b"PK\x03\x04 not really"[..], b"%PDF-1.7 \0\0\0", b"\xd0\xcf\x11\xe0\0\0"] {
        assert_eq!(lines(broken).await.unwrap_err(), ImportRule::Unreadable);
    }
    let wide = format!("{}\n{}\n", "a,".repeat(200), "1,".repeat(200)).replace(",\n", ",x\n");
    assert_eq!(lines(wide.as_bytes()).await.unwrap_err(), ImportRule::TooMuch);
}

/// accepts CU-06 XB-17 (a file that unpacks beyond the bound is refused)
#[tokio::test]
async fn a_small_file_that_unpacks_without_end_is_refused() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .large_file(true);
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let nothing = vec![b' '; 16 * 1024 * 1024];
    for _ in 0..5 {
        zip.write_all(&nothing).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 1024 * 1024, "{}", bytes.len());
    assert_eq!(lines(&bytes).await.unwrap_err(), ImportRule::TooLarge);
}

/// accepts CU-06 XB-17 (merged cells, formulas, days and long numbers of spreadsheets)
#[tokio::test]
async fn a_spreadsheet_with_merged_cells_and_formulas_comes_in_as_it_shows() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let plain = rust_xlsxwriter::Format::new();
    sheet.write_row(0, 0, ["户号", "小区", "面积"]).unwrap();
    sheet.merge_range(1, 1, 2, 1, "阳光小区", &plain).unwrap();
    sheet.write(1, 0, "6001").unwrap();
    sheet.write(2, 0, 140_299_197_001_010_123_f64).unwrap();
    let sum = rust_xlsxwriter::Formula::new("=A1+1").set_result("89.5");
    sheet.write_formula(1, 2, sum).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let found = lines(&bytes).await.unwrap();
    assert_eq!(found[1], ["6001", "阳光小区", "89.5"]);
    // Below a merged cell there is nothing, and digits that the spreadsheet lost are not made up.
    assert!(found[2][0].starts_with('≈') && found[2].get(1).is_none_or(String::is_empty));
}
