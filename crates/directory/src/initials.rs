//! First letters of a name's syllables, as people type them: 王建国 is `wjg`.

use crate::grams::normalise;
use pinyin::ToPinyin as _;

/// Surnames that are not read as their character is elsewhere.
const SURNAMES: [(char, char); 12] = [
    ('单', 's'),
    ('曾', 'z'),
    ('解', 'x'),
    ('仇', 'q'),
    ('查', 'z'),
    ('区', 'o'),
    ('朴', 'p'),
    ('翟', 'z'),
    ('尉', 'y'),
    ('盖', 'g'),
    ('重', 'c'),
    ('种', 'c'),
];

/// The initials of a name; two when its first character is a surname that is read in its own way.
pub(crate) fn initials(name: &str) -> Vec<String> {
    let letters: String = normalise(name).chars().filter_map(initial).collect();
    if letters.is_empty() {
        return Vec::new();
    }
    let first = name.trim().chars().next().unwrap_or_default();
    let surname = SURNAMES.iter().find(|(c, _)| *c == first).map(|(_, letter)| *letter);
    let other = surname.filter(|s| !letters.starts_with(*s));
    let other = other.map(|s| std::iter::once(s).chain(letters.chars().skip(1)).collect());
    std::iter::once(letters).chain(other).collect()
}

fn initial(c: char) -> Option<char> {
    if c.is_ascii_alphanumeric() {
        return Some(c);
    }
    c.to_pinyin().and_then(|p| p.plain().chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_what_people_type() {
        for (name, expected) in [
            ("王建国", &["wjg"][..]),
            ("欧阳娜娜", &["oynn"]),
            ("单雄信", &["dxx", "sxx"]),
            ("KTV 天堂", &["ktvtt"]),
            ("、", &[]),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
