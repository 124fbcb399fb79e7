//! Comparing names: what counts as the same word, header or title.

/// The name by which two spellings of one thing compare: lower case, one space between words, punctuation gone
/// except `+` and `#`, which tell C from C++ and C#. Letters keep their accents.
pub fn fold_name(name: &str) -> String {
    words(name, |c| c.is_alphanumeric() || c == '+' || c == '#')
}

/// Folds as [`fold_name`] and also writes German and French letters in ASCII, so that headers compare however typed.
pub(crate) fn fold_word(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => ascii.push_str("ae"),
            'ö' => ascii.push_str("oe"),
            'ü' => ascii.push_str("ue"),
            'ß' => ascii.push_str("ss"),
            'œ' => ascii.push_str("oe"),
            'à' | 'á' | 'â' | 'ã' | 'å' => ascii.push('a'),
            'ç' => ascii.push('c'),
            'è' | 'é' | 'ê' | 'ë' => ascii.push('e'),
            'ì' | 'í' | 'î' | 'ï' => ascii.push('i'),
            'ñ' => ascii.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ø' => ascii.push('o'),
            'ù' | 'ú' | 'û' => ascii.push('u'),
            // An apostrophe joins: "système d'IA" has the words "d" and "ia", "owner's" is "owners".
            '\'' | '’' => ascii.push(' '),
            other => ascii.push(other),
        }
    }
    words(&ascii, char::is_alphanumeric)
}

/// Header words that carry no meaning of their own.
const FILLERS: &[&str] = &[
    "the",
    "a",
    "an",
    "of",
    "for",
    "in",
    "and",
    "or",
    "to",
    "this",
    "if",
    "is",
    "any",
    "please",
    "der",
    "die",
    "das",
    "des",
    "dem",
    "den",
    "und",
    "oder",
    "fuer",
    "von",
    "zur",
    "zum",
    "de",
    "du",
    "la",
    "le",
    "les",
    "d",
    "l",
    "et",
    "ou",
    "s",
    "e",
    "g",
    "eg",
    "mandatory",
    "required",
    "optional",
    "pflichtfeld",
];

/// What is left of a header when word order, fillers and the plural are set aside: `owner of the systems` and
/// `system owner` are the same key. Empty if only fillers are left.
pub(crate) fn header_key(header: &str) -> String {
    let folded = fold_word(header);
    let mut parts: Vec<&str> =
        folded.split(' ').filter(|word| !FILLERS.contains(word)).map(singular).collect();
    parts.sort_unstable();
    parts.dedup();
    parts.join(" ")
}

/// Whether `phrase` stands in `text` as whole words; both folded.
pub(crate) fn has_phrase(text: &str, phrase: &str) -> bool {
    !phrase.is_empty()
        && text.match_indices(phrase).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            let after = text.get(at.saturating_add(phrase.len())..).unwrap_or_default();
            (before.is_empty() || before.ends_with(' '))
                && (after.is_empty() || after.starts_with(' '))
        })
}

/// A short form of `text` for a message: one line, at most `most` characters.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = line.chars().take(most).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

fn singular(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(stem)
            if stem.len() > 2
                && !stem.ends_with('s')
                && !stem.ends_with('u')
                && !stem.ends_with('i') =>
        {
            stem
        }
        Some(_) | None => word,
    }
}

fn words(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if keep(c) {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.extend(c.to_lowercase());
        } else {
            gap = true;
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_case_space_and_punctuation_are_the_same_name() {
        for (one, other) in [
            ("CV-Screening  Tool", "cv screening tool"),
            (" Acme, Inc. ", "ACME Inc"),
            ("Über", "über"),
        ] {
            assert_eq!(fold_name(one), fold_name(other));
        }
        assert_ne!(fold_name("C"), fold_name("C++"));
        assert_ne!(fold_name("Müller"), fold_name("Muller"));
    }

    #[test]
    fn headers_compare_without_order_fillers_and_plural() {
        for (one, other) in [
            ("Owner of the system", "System Owner"),
            ("Systems", "system"),
            ("Zuständige Abteilung*", "zustaendige abteilung"),
            ("Nom du système", "Système: nom"),
            ("Business Owner (mandatory)", "business owner"),
        ] {
            assert_eq!(header_key(one), header_key(other), "{one} / {other}");
        }
        assert_ne!(header_key("status"), header_key("statu"));
    }

    #[test]
    fn a_phrase_is_found_as_whole_words_only() {
        assert!(has_phrase("a high risk system", "high risk"));
        assert!(!has_phrase("a highrisk system", "high"));
        assert!(!has_phrase("a", ""));
    }

    #[test]
    fn a_shortened_text_is_one_line() {
        assert_eq!(shortened("a\n  b   c", 3), "a b…");
        assert_eq!(shortened("äöü", 3), "äöü");
    }
}
