//! One byte range of a request (RFC 9110 §14): players seek with it.

/// The bytes that a `Range` header asks for, as first and last inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All of it.
    Whole,
    /// From the first to the last byte.
    Part(u64, u64),
    /// Nothing that exists.
    Nothing,
}

/// Reads the header; several ranges, or one that we cannot read, mean the whole file.
pub fn asked(header: Option<&str>, size: u64) -> Asked {
    let Some(spec) = header.and_then(|h| h.strip_prefix("bytes=")) else { return Asked::Whole };
    let Some((from, to)) = spec.split_once('-') else { return Asked::Whole };
    let number = |s: &str| s.trim().parse::<u64>();
    match (number(from), number(to)) {
        (Ok(from), _) if from >= size => Asked::Nothing,
        (Ok(from), Ok(to)) if to < from => Asked::Whole,
        (Ok(from), Ok(to)) => Asked::Part(from, to.min(size - 1)),
        (Ok(from), Err(_)) if to.trim().is_empty() => Asked::Part(from, size - 1),
        (Err(_), Ok(0)) => Asked::Nothing,
        (Err(_), Ok(last)) if from.trim().is_empty() && size > 0 => {
            Asked::Part(size.saturating_sub(last), size - 1)
        }
        _ => Asked::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_rfc_says() {
        for (header, expected) in [
            (None, Asked::Whole),
            (Some("bytes=0-"), Asked::Part(0, 99)),
            (Some("bytes=10-19"), Asked::Part(10, 19)),
            (Some("bytes=90-500"), Asked::Part(90, 99)),
            (Some("bytes=-10"), Asked::Part(90, 99)),
            (Some("bytes=-500"), Asked::Part(0, 99)),
            (Some("bytes=100-"), Asked::Nothing),
            (Some("bytes=-0"), Asked::Nothing),
            (Some("bytes=5-2"), Asked::Whole),
            (Some("bytes=0-1,5-9"), Asked::Whole),
            (Some("lines=1-2"), Asked::Whole),
            (Some("bytes=a-b"), Asked::Whole),
        ] {
            assert_eq!(asked(header, 100), expected, "{header:?}");
        }
    }
}
