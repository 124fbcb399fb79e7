//! Comments on records: questions, remarks and answers beside what the management system states (ISO/IEC 42001 7.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Person;
use crate::{Book, Kind, Problems, RecordId, RecordKind, Ref, lifecycle::COMMENT, of};

/// The longest comment, in characters.
const LONGEST: usize = 20_000;

/// What somebody says about a record. Goes with it when that is withdrawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Comment {
    /// The record that it is about, of any kind.
    pub about: Option<RecordId>,
    /// What is said.
    pub text: String,
    /// Persons whom it addresses.
    pub mentions: Vec<Ref<Person>>,
    /// The comment on the same record that it answers.
    pub reply_to: Option<Ref<Comment>>,
}

impl RecordKind for Comment {
    kind! { Comment, "comment", "CMT", "a comment", COMMENT, [] }

    fn title(&self) -> &str {
        self.text.trim().lines().next().unwrap_or_default()
    }

    fn about(&self) -> Option<RecordId> {
        self.about
    }

    fn check(&self, id: RecordId, book: &Book, problems: &mut Problems) {
        problems.unless(!self.text.trim().is_empty(), "text", "say something");
        let short = self.text.chars().nth(LONGEST).is_none();
        problems.unless(short, "text", "is longer than 20000 characters; attach a file instead");
        problems.unless(self.about.is_some(), "about", "name the record that it is about");
        let answers_none = self.about.is_none_or(|about| about.kind != Kind::Comment);
        problems.unless(answers_none, "about", "is a comment; answer it with `reply_to`");
        let moved = book.get(id).and_then(of::<Comment>).is_some_and(|old| old.about != self.about);
        problems.unless(!moved, "about", "a comment stays with its record; write a new one there");
        if let Some((_, answered)) = self.reply_to.and_then(|answered| book.find(answered)) {
            let same = answered.about == self.about;
            problems.unless(same, "reply_to", "is a comment on another record");
        }
    }
}
