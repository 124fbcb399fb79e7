//! Names of worksheets as Excel allows them.

use std::collections::BTreeSet;

/// Characters of a worksheet's name, in UTF-16 units.
const LONGEST: usize = 31;

/// The names given so far, in lower case: Excel compares them so.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// A name made of `wanted` that Excel allows and no other worksheet has; `number` > 1 marks a continuation.
    pub(super) fn unique(&mut self, wanted: &str, number: usize) -> String {
        let base = allowed(wanted);
        let mut count = number;
        loop {
            let suffix = if count > 1 { format!(" ({count})") } else { String::new() };
            let name = format!("{}{suffix}", cut(&base, LONGEST - suffix.len()).trim_end());
            if self.0.insert(name.to_lowercase()) {
                return name;
            }
            count += 1;
        }
    }
}

/// `wanted` without forbidden characters, apostrophes at the ends and the one reserved name.
fn allowed(wanted: &str) -> String {
    let replaced: String = wanted
        .chars()
        .map(|character| match character {
            '*' | '?' | ':' | '[' | ']' | '\\' | '/' => '-',
            '\u{FFFE}' | '\u{FFFF}' => '-',
            _ if character.is_control() => ' ',
            _ => character,
        })
        .collect();
    let trimmed = cut(replaced.trim(), LONGEST).trim_matches(['\'', ' ']).to_owned();
    match trimmed.to_lowercase().as_str() {
        "" => "Sheet".to_owned(),
        // Excel keeps this name for itself.
        "history" => format!("{trimmed}-"),
        _ => trimmed,
    }
}

/// The longest beginning of `text` of at most `units` UTF-16 units.
pub(super) fn cut(text: &str, units: usize) -> &str {
    let mut used = 0;
    for (at, character) in text.char_indices() {
        used += character.len_utf16();
        if used > units {
            return text.get(..at).unwrap_or(text);
        }
    }
    text
}
