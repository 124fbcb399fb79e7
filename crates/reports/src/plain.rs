//! Text made harmless where a format has no escape for it.
//!
//! Knows characters only: which of them steer a terminal, reorder a line or are not allowed in XML.

use std::borrow::Cow;

/// `text` without characters that steer a terminal or reorder what is read: line ends become `\n`, a tab becomes a
/// space, every other control character (C0, DEL, C1), bidirectional override and tag character becomes U+FFFD.
pub(crate) fn without_controls(text: &str) -> Cow<'_, str> {
    replace(text, |character| match character {
        '\n' => None,
        '\t' => Some(' '),
        _ if character.is_control() || reorders(character) || is_tag(character) => {
            Some(char::REPLACEMENT_CHARACTER)
        }
        _ => None,
    })
}

/// `text` with only the characters that XML 1.0 (section 2.2) and HTML allow; others become U+FFFD.
pub(crate) fn xml_characters(text: &str) -> Cow<'_, str> {
    replace(text, |character| match character {
        '\n' | '\t' => None,
        '\u{FFFE}' | '\u{FFFF}' => Some(char::REPLACEMENT_CHARACTER),
        _ if character.is_control() => Some(char::REPLACEMENT_CHARACTER),
        _ => None,
    })
}

/// Embeddings, overrides and isolates of the Unicode bidirectional algorithm (UAX 9).
fn reorders(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The invisible tag characters; the terminal tables use them as private marks.
pub(crate) fn is_tag(character: char) -> bool {
    matches!(character, '\u{E0000}'..='\u{E007F}')
}

fn replace(text: &str, with: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    if !text.chars().any(|character| character == '\r' || with(character).is_some()) {
        return Cow::Borrowed(text);
    }
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(unified.chars().map(|character| with(character).unwrap_or(character)).collect())
}
