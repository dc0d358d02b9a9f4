//! Telephone numbers as they are kept: digits only, a mobile without `+86` and without the
//! trunk zero, a landline with its area code.

/// The digits under which a number is kept, or nothing when it is no number: withheld, a SIP
/// name, too short or too long.
pub fn normalise_phone(written: &str) -> Option<String> {
    let mut digits = String::with_capacity(written.len());
    for c in written.chars().map(half_width) {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() => digits.push_str("00"),
            ' ' | '-' | '(' | ')' | '.' | '\u{a0}' => {}
            _ => return None,
        }
    }
    let national = national(&digits);
    (3..=20).contains(&national.len()).then(|| national.into_owned())
}

/// A number as lists show it: enough to recognise, not enough to call. Short numbers are
/// services' and stay as they are.
pub fn mask_phone(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    let n = digits.len();
    let tail = |k: usize| digits.iter().skip(n.saturating_sub(k)).collect::<String>();
    match n {
        0..=6 => number.to_owned(),
        7..=10 => format!("****{}", tail(4)),
        _ => format!("{}****{}", digits.iter().take(3).collect::<String>(), tail(4)),
    }
}

/// An identity number as pages show it: where and when somebody was born stays hidden.
pub fn mask_id_number(number: &str) -> String {
    let n = number.chars().count();
    let head: String = number.chars().take(3.min(n / 3)).collect();
    let tail: String = number.chars().skip(n - 2.min(n / 3)).collect();
    format!("{head}****{tail}")
}

/// A name as events keep it: the first character.
pub fn mask_name(name: &str) -> String {
    name.chars().take(1).chain("*".chars()).collect()
}

fn national(digits: &str) -> std::borrow::Cow<'_, str> {
    let rest = digits.strip_prefix("0086").unwrap_or(digits);
    let rest = rest.strip_prefix("86").filter(|r| is_mobile(r)).unwrap_or(rest);
    let rest = rest.strip_prefix('0').filter(|r| is_mobile(r)).unwrap_or(rest);
    let abroad = digits.starts_with("0086") && !is_mobile(rest) && !rest.starts_with('0');
    // A landline called from abroad lacks the trunk zero that its area code is kept with.
    if abroad && (9..=11).contains(&rest.len()) { format!("0{rest}").into() } else { rest.into() }
}

fn is_mobile(digits: &str) -> bool {
    let second = digits.as_bytes().get(1).copied().unwrap_or_default();
    digits.len() == 11 && digits.starts_with('1') && second >= b'3'
}

/// Full-width forms, as Chinese input methods make them, are their ASCII twins.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// accepts PB-05
    #[test]
    fn one_number_is_kept_in_one_way_however_it_is_written() {
        for (written, kept) in [
            ("13812345678", Some("13812345678")),
            ("+86 138-1234-5678", Some("13812345678")),
            ("008613812345678", Some("13812345678")),
            ("8613812345678", Some("13812345678")),
            ("013812345678", Some("13812345678")),
            ("+86(138)12345678", Some("13812345678")),
            ("１３８ １２３４ ５６７８", Some("13812345678")),
            ("0352-6025678", Some("03526025678")),
            ("+86 352 6025678", Some("03526025678")),
            ("+86 10 62781234", Some("01062781234")),
            ("6025678", Some("6025678")),
            ("12345", Some("12345")),
            ("86123456", Some("86123456")),
            ("+1 415 555 0100", Some("0014155550100")),
            ("anonymous", None),
            ("", None),
            ("12", None),
            ("123456789012345678901", None),
            ("138x2345678", None),
            ("1381234+5678", None),
        ] {
            assert_eq!(normalise_phone(written).as_deref(), kept, "{written}");
        }
    }

    #[test]
    fn normalising_twice_changes_nothing_more() {
        for written in ["+86 138-1234-5678", "0352-6025678", "+1 415 555 0100", "95598"] {
            let once = normalise_phone(written).unwrap();
            assert_eq!(normalise_phone(&once).as_deref(), Some(once.as_str()));
        }
    }

    #[test]
    fn a_masked_number_keeps_its_tail_and_loses_its_middle() {
        for (number, masked) in [
            ("13812345678", "138****5678"),
            ("03526025678", "035****5678"),
            ("6025678", "****5678"),
            ("95598", "95598"),
            ("", ""),
        ] {
            assert_eq!(mask_phone(number), masked);
        }
    }
}
