//! Short ids out of the identifiers of publishers.

use std::collections::{HashMap, HashSet};

/// The key under which identifiers are compared: publishers are not consistent about case.
pub(super) fn fold(identifier: &str) -> String {
    identifier.trim().to_lowercase()
}

/// The last component of a URN as a short id without colon: `urn:acme:risk:framework:AI Act` becomes `ai-act`.
pub(super) fn slug_of_urn(urn: &str) -> String {
    let tail = urn.trim().rsplit(':').find(|part| !part.is_empty());
    slug(tail.unwrap_or(urn))
}

/// Lower-case letters, digits, `.`, `_` and single hyphens; never empty.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() || matches!(character, '.' | '_') {
            slug.push(character);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "library".to_owned() } else { slug.to_owned() }
}

/// What a node's URN says beyond its framework: `4.1` of `urn:acme:risk:req_node:iso42001:4.1`. It may hold colons.
pub(super) fn tail_of_urn(urn: &str) -> &str {
    let mut rest = urn.trim();
    let mut tail = rest;
    // urn, packager, domain, type, framework
    for _ in 0..5 {
        match rest.split_once(':') {
            Some((_, after)) if !after.is_empty() => {
                rest = after;
                tail = after;
            }
            Some(_) | None => break,
        }
    }
    tail
}

/// Ids given out in one place, each only once without regard to case.
#[derive(Default)]
pub(super) struct Ids {
    taken: HashSet<String>,
    /// The next number to try behind a text that was asked for before; else many equal texts would take for ever.
    next: HashMap<String, usize>,
}

impl Ids {
    /// Gives out `text` itself, or answers `false` if it is taken.
    pub(super) fn claim(&mut self, text: &str) -> bool {
        self.taken.insert(fold(text))
    }

    /// Gives out `text`, or `text-2`, `text-3`, ... if it is taken.
    pub(super) fn unique(&mut self, text: String) -> String {
        if self.claim(&text) {
            return text;
        }
        let next = self.next.entry(fold(&text)).or_insert(2);
        loop {
            let candidate = format!("{text}-{next}");
            *next += 1;
            if self.taken.insert(fold(&candidate)) {
                return candidate;
            }
        }
    }
}
