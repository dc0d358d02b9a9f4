//! The book as a journal of plain text.

use crate::AsOf;
use futures_util::TryStreamExt as _;
use kernel::{Fen, PostingId, Result};
use sqlx::PgConnection;
use std::fmt::Write as _;

/// What an account's or a memo's text may be in a journal: one line, no separators.
fn plain(text: &str) -> String {
    let bad = |c: char| c.is_control() || c == ';' || c == ':' || c == '|';
    let text: String = text.chars().map(|c| if bad(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() { "-".to_owned() } else { words.join(" ") }
}

/// Hands every posting of a moment to `write`.
pub(crate) async fn export(
    db: &mut PgConnection,
    as_of: AsOf,
    write: &mut (dyn FnMut(&str) -> Result<()> + Send),
) -> Result<()> {
    let mut open: Option<PostingId> = None;
    let mut text = String::new();
    let mut rows = sqlx::query!(
        r#"select p.id, p.source, p.source_id, p.memo, p.valid_on, e.ledger, e.item,
                  e.amount_fen, coalesce(n.code, '') as "season!",
                  coalesce(s.org_path, '') as "org_path!",
                  coalesce(a.account_no, '') as "account_no!"
           from ledger.posting p
           join ledger.entry e on e.posting_id = p.id
           left join ledger.season n on n.id = e.season_id
           left join ledger.segment s on s.id = e.segment_id
           left join directory.account a on a.id = e.account_id
           where p.valid_on <= $1 and p.recorded_at <= $2
           order by p.valid_on, p.id, e.line"#,
        as_of.valid_on,
        as_of.known_at,
    )
    .fetch(db);
    while let Some(r) = rows.try_next().await? {
        if open != Some(r.id) {
            open = Some(r.id);
            if text.len() > 64 * 1024 {
                write(&text)?;
                text.clear();
            }
            let memo = plain(&r.memo);
            let (source, id) = (plain(&r.source), plain(&r.source_id));
            // Writing to a String cannot fail.
            let _ = write!(text, "\n{} ({source} {id}) {memo}\n", r.valid_on);
        }
        let parts = [&r.ledger, &r.season, &r.item, &r.org_path, &r.account_no];
        let account: Vec<String> = parts.iter().map(|p| plain(p)).collect();
        let amount: Fen = r.amount_fen;
        let _ = writeln!(text, "    {}  {amount} CNY", account.join(":"));
    }
    write(&text)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_would_break_a_journal_becomes_a_space() {
        assert_eq!(plain("a;b:c\n2026|x"), "a b c 2026 x");
        assert_eq!(plain(" \t"), "-");
    }
}
