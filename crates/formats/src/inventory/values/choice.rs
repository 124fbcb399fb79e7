//! Which choice a text means.

use crate::inventory::{
    fold::{fold_word, has_phrase},
    vocabulary::Choice,
};

/// Why no choice was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Miss {
    Unknown,
    /// The text has words for each of these.
    Several(Vec<&'static str>),
}

impl Miss {
    pub(crate) fn sentence(&self, choices: &[Choice], _text: &str) -> String {
        match self {
            Miss::Unknown => format!("is not one of {}: write one of them", known(choices)),
            Miss::Several(fits) => format!("fits {}: write one of them", fits.join(" and ")),
        }
    }
}

/// The choice that `text` means: its value or one of its words as the whole text, else as what stands before a dash, a
/// colon or a bracket ("d) Retired – no longer used"), else the one choice whose words stand in the text ("High risk under
/// Annex III" is `high`). A text with "not" in it means a choice only as a whole.
pub(crate) fn chosen(choices: &'static [Choice], text: &str) -> Result<&'static str, Miss> {
    let text = without_numbering(text);
    within(choices, text).or_else(|miss| {
        let head =
            [" – ", " — ", " - ", ": ", "(", "\n"].iter().filter_map(|dash| text.find(dash)).min();
        match head.and_then(|end| text.get(..end)).filter(|head| !head.trim().is_empty()) {
            Some(head) => within(choices, head).map_err(|_| miss),
            None => Err(miss),
        }
    })
}

/// Without the letter or number of a list: `b) Pilot`, `2. Pilot`.
fn without_numbering(text: &str) -> &str {
    let text = text.trim();
    match text.split_once([')', '.']) {
        Some((mark, rest))
            if mark.len() <= 2
                && mark.chars().all(char::is_alphanumeric)
                && rest.starts_with(' ') =>
        {
            rest.trim()
        }
        Some(_) | None => text,
    }
}

fn within(choices: &'static [Choice], text: &str) -> Result<&'static str, Miss> {
    let folded = fold_word(text);
    if folded.is_empty() {
        return Err(Miss::Unknown);
    }
    let whole = choices.iter().find(|choice| {
        fold_word(choice.value) == folded || choice.words.contains(&folded.as_str())
    });
    if let Some(choice) = whole {
        return Ok(choice.value);
    }
    const NEGATIONS: &[&str] = &[
        "not", "no", "non", "kein", "keine", "nicht", "without", "ohne", "pas", "never", "neither",
    ];
    if folded.split(' ').any(|word| NEGATIONS.contains(&word)) {
        return Err(Miss::Unknown);
    }
    contained(choices, &folded)
}

/// The values, for messages.
pub(crate) fn known(choices: &[Choice]) -> String {
    choices.iter().map(|choice| choice.value).collect::<Vec<_>>().join(", ")
}

fn contained(choices: &'static [Choice], folded: &str) -> Result<&'static str, Miss> {
    let found: Vec<(&'static str, &'static str)> = choices
        .iter()
        .flat_map(|choice| choice.words.iter().map(|word| (choice.value, *word)))
        .filter(|(_, word)| word.len() > 2 && has_phrase(folded, word))
        .collect();
    // "high" inside "very high" says nothing of its own.
    let own = found.iter().filter(|(_, word)| {
        !found.iter().any(|(_, other)| other.len() > word.len() && has_phrase(other, word))
    });
    let mut values: Vec<&'static str> = Vec::new();
    for (value, _) in own {
        if !values.contains(value) {
            values.push(value);
        }
    }
    match values.as_slice() {
        [] => Err(Miss::Unknown),
        [value] => Ok(value),
        _ => Err(Miss::Several(values)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::vocabulary::{Kind, Shape};

    fn read(field: &str, text: &str) -> Result<&'static str, Miss> {
        let kind = Kind::named("ai_system").unwrap();
        let Shape::One(choices) = kind.field(field).unwrap().shape else {
            return chosen(kind.states, text);
        };
        chosen(choices, text)
    }

    #[test]
    fn choices_are_read_as_people_write_them() {
        for (field, text, value) in [
            ("ai_act_class", "High risk", "high"),
            ("ai_act_class", "HIGH-RISK (Annex III, 4a)", "high"),
            ("ai_act_class", "Hochrisiko", "high"),
            ("ai_act_class", "Minimal or no risk", "minimal"),
            ("ai_act_class", "Not in scope", "out_of_scope"),
            ("ai_act_class", "N/A", "out_of_scope"),
            ("kind", "Generative AI (LLM)", "generative"),
            ("kind", "Computer vision", "vision"),
            ("kind", "rule_based", "rule_based"),
            ("origin", "Vendor", "bought"),
            ("origin", "Third-party SaaS", "bought"),
            ("origin", "Eigenentwicklung", "built"),
            ("state", "In production", "in_operation"),
            ("state", "Pre-deployment", "in_development"),
            ("state", "b) Operation and Maintenance", "in_operation"),
            ("state", "pilot phase", "in_evaluation"),
            ("state", "d) Retired – its development was discontinued", "retired"),
            ("kind", "Computer Vision: AI that processes images, text and speech", "vision"),
            ("automation_level", "Human-in-the-loop", "human_in_loop"),
            ("decision_effect", "Decision support only", "informs"),
        ] {
            assert_eq!(read(field, text), Ok(value), "{field}: {text}");
        }
    }

    #[test]
    fn what_is_unclear_is_not_guessed() {
        assert_eq!(read("ai_act_class", "Not high-risk"), Err(Miss::Unknown));
        assert_eq!(
            read("ai_act_class", "limited to minimal"),
            Err(Miss::Several(vec!["limited", "minimal"]))
        );
        assert_eq!(read("state", "purple"), Err(Miss::Unknown));
        assert_eq!(read("state", ""), Err(Miss::Unknown));
    }
}
