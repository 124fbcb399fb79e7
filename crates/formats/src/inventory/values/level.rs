//! Likelihood and consequence on the scale from 1 to 5.

use crate::inventory::fold::fold_word;

use super::is_blank;

const WORDS: &[&[&str]] = &[
    &[
        "very low",
        "rare",
        "negligible",
        "insignificant",
        "remote",
        "sehr gering",
        "sehr niedrig",
        "vernachlaessigbar",
        "tres faible",
        "negligeable",
        "highly unlikely",
        "unwahrscheinlich gering",
    ],
    &["low", "unlikely", "minor", "gering", "niedrig", "unwahrscheinlich", "faible", "mineur", "l"],
    &[
        "medium",
        "moderate",
        "possible",
        "mittel",
        "moeglich",
        "moyen",
        "modere",
        "significant",
        "occasional",
        "m",
        "med",
        "limited",
    ],
    &[
        "high",
        "likely",
        "major",
        "hoch",
        "wahrscheinlich",
        "eleve",
        "majeur",
        "serious",
        "probable",
        "h",
    ],
    &[
        "very high",
        "almost certain",
        "critical",
        "severe",
        "catastrophic",
        "extreme",
        "sehr hoch",
        "fast sicher",
        "sehr wahrscheinlich",
        "katastrophal",
        "kritisch",
        "tres eleve",
        "critique",
        "certain",
        "very likely",
        "frequent",
    ],
];

/// The level that a cell states: `4`, `4 - likely`, `High`. `None`: the cell says nothing.
pub(crate) fn level(text: &str) -> Result<Option<u8>, String> {
    if let Some(number) = leading_number(text) {
        return match number.parse() {
            Ok(level @ 1..=5) => Ok(Some(level)),
            Ok(_) | Err(_) => {
                Err("is not on the scale from 1 to 5: translate it to that scale".to_owned())
            }
        };
    }
    let folded = fold_word(text);
    if let Some(at) = WORDS.iter().position(|words| words.contains(&folded.as_str())) {
        return Ok(u8::try_from(at.saturating_add(1)).ok());
    }
    if is_blank(text) {
        return Ok(None);
    }
    Err("is no level: write a whole number from 1 (very low) to 5 (very high)".to_owned())
}

/// The whole number that the cell begins with; `4.0` is one, `2.5` and `30 %` are not.
fn leading_number(text: &str) -> Option<&str> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, after) = text.split_at_checked(end)?;
    let fraction = after.strip_prefix(['.', ',']).is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().any(|c| matches!(c, '1'..='9'))
    });
    (!digits.is_empty() && !fraction && !after.trim_start().starts_with('%')).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_numbers_or_words_from_one_to_five() {
        for (text, expected) in [
            ("1", 1),
            ("5", 5),
            ("4.0", 4),
            ("3 - Moderate", 3),
            ("2 (unlikely)", 2),
            ("High", 4),
            ("Very High", 5),
            ("sehr gering", 1),
            ("Almost certain", 5),
        ] {
            assert_eq!(level(text), Ok(Some(expected)), "{text}");
        }
        assert_eq!(level("n/a"), Ok(None));
        for text in ["0", "6", "30%", "0.3", "2.5", "purple", "999999"] {
            assert!(level(text).is_err(), "{text}");
        }
    }
}
