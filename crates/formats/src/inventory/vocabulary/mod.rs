//! What tables call things: for each record kind that a table can hold, its fields, the headers under which they
//! are found (English, German, French) and the words for each choice.
//!
//! The fields are those of the record layer; a test holds them against its schemas.

mod ai_system;
mod choices;
mod governance;
mod improvement;
mod people;
mod supply;

use std::{collections::HashMap, sync::LazyLock};

use super::fold::header_key;

#[cfg(test)]
pub(crate) use choices::{BOOLEAN, SCOPE};

/// A kind of record that a row can stand for.
#[derive(Debug)]
pub(crate) struct Kind {
    /// As in the record layer: `ai_system`.
    pub(crate) name: &'static str,
    /// In messages: `AI system`.
    pub(crate) label: &'static str,
    /// The column that names the row: a record field, or `name` of a person.
    pub(crate) title: &'static str,
    /// Words of a sheet or file name that suggest it; folded.
    pub(crate) sheets: &'static [&'static str],
    pub(crate) fields: &'static [Field],
    /// Its life-cycle states.
    pub(crate) states: &'static [Choice],
    /// Registers that governments prescribe ask whole questions as headers; these phrases tell which field each means.
    pub(crate) questions: &'static [(&'static str, &'static str)],
}

impl Kind {
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(crate) fn named(name: &str) -> Option<&'static Kind> {
        KINDS.iter().copied().find(|kind| kind.name == name)
    }
}

/// A field that a column can fill.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// Headers, the surest first.
    pub(crate) headers: &'static [&'static str],
}

/// What a cell of the column turns into.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Text,
    Bool(&'static [Choice]),
    Date,
    List,
    /// Countries as ISO 3166-1 alpha-2 where recognised.
    Places,
    One(&'static [Choice]),
    Many(&'static [Choice]),
    /// A reference to a person by name or e-mail.
    Person,
    Link(&'static str),
    Links(&'static str),
    Requirement,
    Requirements,
    /// One member of a rating, 1 to 5: (field, member); `consequence` stands for all three parties.
    Level(&'static str, &'static str),
    State,
    /// The identifier that the register gives the row; not a field.
    Identifier,
    /// Of a person; not fields of the record.
    PersonName,
    Email,
    /// Results such as `accuracy 0.93; F1: 0.88`.
    Metrics,
}

/// One value of a choice and the words for it; folded.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) value: &'static str,
    pub(crate) words: &'static [&'static str],
}

const fn field(name: &'static str, shape: Shape, headers: &'static [&'static str]) -> Field {
    Field { name, shape, headers }
}

const fn choice(value: &'static str, words: &'static [&'static str]) -> Choice {
    Choice { value, words }
}

/// In order of preference when two fit equally.
pub(crate) static KINDS: &[&Kind] = &[
    &ai_system::AI_SYSTEM,
    &supply::SUPPLIER,
    &supply::DATASET_CARD,
    &supply::RESOURCE,
    &governance::RISK,
    &governance::EVIDENCE_ITEM,
    &people::PERSON,
    &governance::CONTROL_IMPLEMENTATION,
    &improvement::LEGAL_OBLIGATION,
    &improvement::IMPROVEMENT_ACTION,
    &improvement::AUDIT_FINDING,
];

/// A field that a header may mean. Less is surer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) field: &'static Field,
    pub(crate) rank: usize,
}

/// The fields of `kind` that `header` may mean, surest first.
pub(crate) fn candidates(kind: &'static Kind, header: &str) -> Vec<Candidate> {
    let mut found = exact(kind, header);
    if found.is_empty() {
        // "Owner (name, e-mail)", "Risk level [1-5]": what is in brackets explains.
        let bare = header.split(['(', '[', '\n', ':', '?']).next().unwrap_or_default();
        if bare.len() < header.len() && !bare.trim().is_empty() {
            found = exact(kind, bare);
        }
    }
    if found.is_empty() {
        found = phrases(kind, header);
    }
    found.sort_by_key(|candidate| candidate.rank);
    found
}

fn exact(kind: &'static Kind, header: &str) -> Vec<Candidate> {
    let key = header_key(header);
    INDEX.get(&(kind.name, key)).cloned().unwrap_or_default()
}

/// Headers that are whole questions: "What is the intended purpose of the AI?" has the words of "intended purpose".
fn phrases(kind: &'static Kind, header: &str) -> Vec<Candidate> {
    let text = super::fold::fold_word(header);
    kind.questions
        .iter()
        .enumerate()
        .filter(|(_, (_, phrase))| super::fold::has_phrase(&text, phrase))
        .filter_map(|(at, (field, _))| {
            Some(Candidate { field: kind.field(field)?, rank: at.saturating_add(PHRASE) })
        })
        .collect()
}

/// Ranks from here on come from a phrase inside a longer header.
pub(crate) const PHRASE: usize = 100;

static INDEX: LazyLock<HashMap<(&'static str, String), Vec<Candidate>>> = LazyLock::new(|| {
    let mut index: HashMap<_, Vec<Candidate>> = HashMap::new();
    for kind in KINDS {
        for field in kind.fields {
            // The field's own name always names it, so that an exported table comes back in.
            let names = std::iter::once(field.name).chain(field.headers.iter().copied());
            for (rank, header) in names.enumerate() {
                let entry = index.entry((kind.name, header_key(header))).or_default();
                if entry.iter().all(|known| known.field.name != field.name) {
                    entry.push(Candidate { field, rank });
                }
            }
        }
    }
    index
});

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::inventory::fold::fold_word;

    #[test]
    fn every_word_is_written_folded_and_means_one_choice_of_its_field() {
        for kind in KINDS {
            for choices in kind.fields.iter().filter_map(choices_of).chain([kind.states]) {
                let mut seen = HashSet::new();
                for choice in choices {
                    for word in choice.words {
                        assert_eq!(&fold_word(word), word, "{}", kind.name);
                        assert!(seen.insert(*word), "{}: {word} stands twice", kind.name);
                    }
                }
            }
            for field in kind.fields {
                for header in field.headers {
                    assert_eq!(&fold_word(header), header, "{}.{}", kind.name, field.name);
                    assert!(!header_key(header).is_empty(), "{header}");
                }
            }
        }
    }

    #[test]
    fn every_kind_has_its_title_among_its_fields() {
        for kind in KINDS {
            assert!(kind.field(kind.title).is_some(), "{}", kind.name);
            for (field, phrase) in kind.questions {
                assert!(kind.field(field).is_some(), "{}: {phrase}", kind.name);
            }
        }
    }

    fn choices_of(field: &Field) -> Option<&'static [Choice]> {
        let (Shape::One(choices) | Shape::Many(choices) | Shape::Bool(choices)) = field.shape
        else {
            return None;
        };
        Some(choices)
    }
}
