//! Authorities and others outside whom reports go to (ISO/IEC 42001 A.8.3, A.8.5; EU AI Act Art. 70, 73).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Person, given};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::REGISTER};

/// An authority that the organisation deals with, where it reports to and how.
///
/// For its Member State it goes before the one of the built-in list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Authority {
    /// Its name.
    pub name: String,
    /// What it is, by the vocabulary of the clocks: `market_surveillance`, `supervisory_authority`, `csirt`.
    pub recipient: String,
    /// Its Member State (ISO 3166-1 alpha-2; EU for the institutions of the Union).
    pub member_state: String,
    /// Where reports go: portal, office address or telephone of the authority, never of a natural person.
    pub channel: String,
    /// What else to know: registration, form, language, times.
    pub remarks: String,
    /// Who keeps the contact.
    pub owner: Option<Ref<Person>>,
    /// When this is checked next.
    pub next_review: Option<Date>,
}

impl RecordKind for Authority {
    kind! { Authority, "authority", "AUT", "an authority", REGISTER, [
        "recipient", "member_state", "channel", "owner",
    ] }

    fn title(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.owner
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_review", self.next_review)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.name.trim().is_empty(), "name", "name the authority");
        let code = self.member_state.len() == 2
            && self.member_state.bytes().all(|letter| letter.is_ascii_uppercase());
        problems.unless(
            self.member_state.is_empty() || code,
            "member_state",
            "give two capital letters, such as DE, or EU",
        );
    }
}
