//! What somebody means by what they typed into the one search box.

use crate::DirectoryRule;
use crate::grams::{address_grams, initial_grams, name_grams, normalise};
use crate::phone::{half_width, normalise_phone};

/// What to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Needle {
    /// Digits: a phone or a part of one, or an account number.
    Number(String),
    /// A name, an address or a scrap of either.
    Words(Box<Words>),
}

/// A name, an address or a scrap of either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// The whole, when it may be a name or an account number.
    pub name: Option<String>,
    /// Pieces of the name.
    pub name_grams: Vec<String>,
    /// Where in the address tree.
    pub at: Option<AddressParts>,
    /// Pieces of the address, for what does not fit the tree.
    pub address_grams: Vec<String>,
    /// Pieces of a name's initials, when it may be typed so.
    pub initials: Vec<String>,
    /// As it was typed, when it may be a meter's number.
    pub typed: String,
    /// Two words may be a community and a name, in either order.
    pub mixed: [Vec<String>; 2],
}

/// A place in the address tree, as far as it was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AddressParts {
    /// Characters of the community's name.
    pub community: Option<String>,
    /// Number of the building.
    pub building: Option<String>,
    /// Number of the unit.
    pub unit: Option<String>,
    /// Number of the room, or its beginning.
    pub room: Option<String>,
}

/// Reads what was typed; refuses what would find everybody.
pub(crate) fn parse(typed: &str) -> Result<Needle, DirectoryRule> {
    let typed: String = typed.trim().chars().take(60).map(half_width).collect();
    if let Some(at) = bare_door(&typed) {
        return Ok(Needle::Words(Box::new(Words { at: Some(at), ..Words::default() })));
    }
    if let Some(digits) = normalise_phone(&typed) {
        return Ok(Needle::Number(digits));
    }
    let whole = normalise(&typed);
    if whole.chars().count() < 2 || whole.chars().all(|c| c.is_ascii_digit()) {
        return Err(DirectoryRule::QueryTooShort);
    }
    let words = words(&typed, whole);
    let nothing = Words { typed: words.typed.clone(), ..Words::default() };
    if words == nothing {
        Err(DirectoryRule::QueryTooShort)
    } else {
        Ok(Needle::Words(Box::new(words)))
    }
}

/// `3-2-602`, without a community: building, unit and room.
fn bare_door(typed: &str) -> Option<AddressParts> {
    let parts: Vec<&str> = typed.split('-').map(str::trim).collect();
    let [building, unit, room] = parts[..] else { return None };
    let short = |s: &str, most| (1..=most).contains(&s.len()) && digits_only(s);
    (short(building, 3) && short(unit, 2) && short(room, 4)).then(|| AddressParts {
        community: None,
        building: Some(building.to_owned()),
        unit: Some(unit.to_owned()),
        room: Some(room.to_owned()),
    })
}

fn words(typed: &str, whole: String) -> Words {
    let has_digit = whole.chars().any(|c| c.is_ascii_digit());
    let tokens: Vec<&str> = typed.split_whitespace().collect();
    let mixed = match tokens[..] {
        [a, b] if !has_digit => [mixed(a, b), mixed(b, a)],
        _ => Default::default(),
    };
    let may_be_name = !has_digit || whole.is_ascii();
    let initials = match whole.len() {
        2..=6 if whole.bytes().all(|b| b.is_ascii_alphabetic()) => initial_grams(&whole),
        _ => Vec::new(),
    };
    let address_grams = tokens.iter().flat_map(|t| address_grams(t)).collect();
    Words {
        name_grams: if has_digit { Vec::new() } else { name_grams(&whole) },
        name: may_be_name.then_some(whole),
        at: address_parts(typed),
        address_grams,
        initials,
        typed: typed.to_uppercase(),
        mixed,
    }
}

fn mixed(name: &str, address: &str) -> Vec<String> {
    let (name, address) = (name_grams(name), address_grams(address));
    if name.is_empty() || address.is_empty() { Vec::new() } else { [name, address].concat() }
}

/// What a number in an address counts, by the word after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Building,
    Unit,
    Room,
    Unsaid,
}

fn address_parts(typed: &str) -> Option<AddressParts> {
    let (community, tail) = split_community(typed);
    let mut at = AddressParts { community, ..AddressParts::default() };
    let mut unsaid = Vec::new();
    for (number, counts) in numbers(&tail) {
        match counts {
            Counts::Building => at.building = Some(number),
            Counts::Unit => at.unit = Some(number),
            Counts::Room => at.room = Some(number),
            Counts::Unsaid => unsaid.push(number),
        }
    }
    place_unsaid(&mut at, unsaid);
    let narrow = at.community.is_some() || (at.building.is_some() && at.room.is_some());
    narrow.then_some(at)
}

/// Numbers without a word after them fill what is still open, from the building down; a single
/// one of three digits or more is a room.
fn place_unsaid(at: &mut AddressParts, unsaid: Vec<String>) {
    let count = unsaid.len();
    for (i, number) in unsaid.into_iter().enumerate() {
        let last = i + 1 == count;
        let roomy = last && (number.len() >= 3 || (at.building.is_some() && at.unit.is_some()));
        let slot = if roomy {
            &mut at.room
        } else if at.building.is_none() {
            &mut at.building
        } else if at.unit.is_none() {
            &mut at.unit
        } else {
            &mut at.room
        };
        slot.get_or_insert(number);
    }
}

/// The community's name goes as far as the first number.
fn split_community(typed: &str) -> (Option<String>, String) {
    let end = typed.find(|c: char| c.is_ascii_digit()).unwrap_or(typed.len());
    let (before, tail) = typed.split_at(end);
    let community = normalise(before);
    ((community.chars().count() >= 2).then_some(community), tail.to_owned())
}

fn numbers(tail: &str) -> Vec<(String, Counts)> {
    let mut found = Vec::new();
    let mut rest = tail;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = rest.split_at(start).1;
        let len = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(len);
        found.push((number.to_lowercase(), counts(after)));
        rest = after;
    }
    found
}

fn counts(after: &str) -> Counts {
    const WORDS: [(&str, Counts); 10] = [
        ("号楼", Counts::Building),
        ("栋", Counts::Building),
        ("幢", Counts::Building),
        ("楼", Counts::Building),
        ("#", Counts::Building),
        ("单元", Counts::Unit),
        ("门", Counts::Unit),
        ("室", Counts::Room),
        ("房", Counts::Room),
        ("户", Counts::Room),
    ];
    let after = after.trim_start();
    WORDS.iter().find(|(word, _)| after.starts_with(word)).map_or(Counts::Unsaid, |(_, c)| *c)
}

fn digits_only(s: &str) -> bool {
    s.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(typed: &str) -> [Option<String>; 4] {
        match parse(typed) {
            Ok(Needle::Words(words)) => {
                let a = words.at.unwrap_or_else(|| panic!("{typed} is no address"));
                [a.community, a.building, a.unit, a.room]
            }
            other => panic!("{typed}: {other:?}"),
        }
    }

    /// accepts AD-02
    #[test]
    fn an_address_is_read_in_the_ways_that_people_say_it() {
        for (typed, parts) in [
            ("阳光 3-2-602", ["阳光", "3", "2", "602"]),
            ("阳光小区3号楼2单元602", ["阳光小区", "3", "2", "602"]),
            ("阳光小区 3#2单元602室", ["阳光小区", "3", "2", "602"]),
            ("阳光３栋２单元", ["阳光", "3", "2", ""]),
            ("阳光 602", ["阳光", "", "", "602"]),
            ("阳光 12", ["阳光", "12", "", ""]),
            ("阳光 12-602", ["阳光", "12", "", "602"]),
            ("阳光12楼3", ["阳光", "12", "3", ""]),
            ("阳光 3-2-15", ["阳光", "3", "2", "15"]),
            ("阳光", ["阳光", "", "", ""]),
            ("3-2-602", ["", "3", "2", "602"]),
            ("阳光A区 12a-1-101", ["阳光a区", "12a", "1", "101"]),
        ] {
            let some = parts.map(|p| (!p.is_empty()).then(|| p.to_owned()));
            assert_eq!(at(typed), some, "{typed}");
        }
    }

    #[test]
    fn digits_are_a_phone_or_an_account() {
        for (typed, digits) in [
            ("5678", "5678"),
            ("138-1234-5678", "13812345678"),
            ("+86 13812345678", "13812345678"),
            ("0352-6025678", "03526025678"),
            ("602", "602"),
        ] {
            assert_eq!(parse(typed), Ok(Needle::Number(digits.to_owned())));
        }
    }

    #[test]
    fn next_to_nothing_is_refused() {
        for typed in ["", " ", "李", "12", "-", "，。", "1 2", "李 "] {
            assert_eq!(parse(typed), Err(DirectoryRule::QueryTooShort), "{typed:?}");
        }
    }

    #[test]
    fn a_community_and_a_name_may_come_together() {
        let Ok(Needle::Words(w)) = parse("阳光 王建国") else { panic!() };
        assert_eq!(w.mixed[1], ["@建国", "@王建", "阳光"]);
        assert_eq!(w.mixed[0], ["@阳光", "建国", "王建"]);
    }
}
