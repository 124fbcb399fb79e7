//! References to clauses and controls: `A.6.2.4`, `ISO 42001 clause 6.1.2`, `iso42001:A.6.2.4`.

use super::{Taken, is_blank};

/// The one reference of a cell.
pub(super) fn one(text: &str) -> Result<Option<Taken>, String> {
    let (found, missed) = references(text);
    match (found.as_slice(), missed.is_empty()) {
        ([], true) => Ok(None),
        ([one], true) => Ok(Some(Taken::sure(one.as_str()))),
        ([one, rest @ ..], _) => Ok(Some(Taken {
            value: one.as_str().into(),
            warning: Some(if rest.is_empty() {
                format!("only {one} was taken: the field holds one reference")
            } else {
                format!("names several, only {one} was taken: give each its own row")
            }),
        })),
        ([], false) => Err(how()),
    }
}

/// All references of a cell.
pub(super) fn many(text: &str) -> Result<Option<Taken>, String> {
    let (found, missed) = references(text);
    if found.is_empty() {
        return if missed.is_empty() { Ok(None) } else { Err(how()) };
    }
    let warning = (!missed.is_empty()).then(|| {
        format!(
            "\"{}\" is no reference to a clause or control: only the rest was taken",
            missed.join("\", \"")
        )
    });
    Ok(Some(Taken { value: found.into(), warning }))
}

fn how() -> String {
    "is no reference to a clause or control: write it like A.6.2.4, 6.1.2 or iso27001:A.5.1"
        .to_owned()
}

fn references(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut found, mut missed) = (Vec::new(), Vec::new());
    for part in
        text.split([',', ';', '\n', '\r', '|', '&']).map(str::trim).filter(|part| !is_blank(part))
    {
        match reference(part) {
            Some(reference) if found.contains(&reference) => {}
            Some(reference) => found.push(reference),
            None => missed.push(part.to_owned()),
        }
    }
    (found, missed)
}

fn reference(part: &str) -> Option<String> {
    if let Some((framework, id)) = part.split_once(':') {
        let plain = |text: &str| {
            !text.is_empty()
                && text
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '(' | ')'))
        };
        if plain(framework) && plain(id) && framework.chars().any(|c| c.is_ascii_lowercase()) {
            return Some(part.to_owned());
        }
    }
    let framework = if part.contains("27001") { "iso27001" } else { "iso42001" };
    let id = part.split_whitespace().find_map(numbered)?;
    // "A 6.2.4" writes the annex apart.
    let annexed =
        !id.starts_with("A.") && part.split([' ', '.', '-']).any(|word| word == "A" || word == "a");
    Some(if annexed { format!("{framework}:A.{id}") } else { format!("{framework}:{id}") })
}

/// `A.6.2.4`, `a.6.2.4`, `6.1.2`, `4`; not a standard's number or a year.
fn numbered(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let (annex, digits) = match word.strip_prefix(['A', 'a']) {
        Some(rest) => (true, rest.strip_prefix(['.', '-']).unwrap_or(rest)),
        None => (false, word),
    };
    let parts: Vec<&str> = digits.split('.').collect();
    let numbers = parts
        .iter()
        .all(|part| matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit()));
    if !numbers || parts.len() > 5 || (annex && parts.len() < 2) {
        return None;
    }
    Some(if annex { format!("A.{digits}") } else { digits.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_people_write_them() {
        for (text, expected) in [
            ("A.6.2.4", "iso42001:A.6.2.4"),
            ("a.6.2.4 Verification", "iso42001:A.6.2.4"),
            ("A 6.2.4", "iso42001:A.6.2.4"),
            ("ISO/IEC 42001:2023 A.6.2.4", "iso42001:A.6.2.4"),
            ("Clause 6.1.2", "iso42001:6.1.2"),
            ("§ 9.2", "iso42001:9.2"),
            ("ISO 27001 A.5.1", "iso27001:A.5.1"),
            ("nist-ai-rmf:GOVERN-1.1", "nist-ai-rmf:GOVERN-1.1"),
        ] {
            assert_eq!(reference(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["encryption", "ISO 42001", "2023", "Annex A"] {
            assert_eq!(reference(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_reference_is_named_and_the_rest_taken() {
        let taken = many("A.5.2; firewall, A.5.2, 6.1.2").unwrap().unwrap();
        assert_eq!(taken.value, serde_json::json!(["iso42001:A.5.2", "iso42001:6.1.2"]));
        assert!(taken.warning.unwrap().contains("firewall"));
    }
}
