//! Evidence: proof with its origin and period (ISO/IEC 42001 7.5, 8.1, 9.1).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AiSystem, Confidentiality, FileRef, Person, Requirement, given, in_order, is_file, require,
};
use crate::{Book, Lifecycle, Problems, Record, RecordId, RecordKind, Ref, Transition, of};

choice! {
    /// What sort of proof it is. Policies and templates say what should be done, not that it is done.
    EvidenceKind { File, Link, Screenshot, Log, Export, Attestation, TestResult, Policy, Template }
}

/// A piece of proof. Once accepted it is replaced, never edited: a new version has to be accepted again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EvidenceItem {
    /// What it shows, in one line.
    pub title: String,
    /// What sort of proof it is.
    pub kind: Option<EvidenceKind>,
    /// Where it comes from: system and query, or who said so.
    pub source: String,
    /// Who collected it.
    pub collected_by: Option<Ref<Person>>,
    /// When it was collected.
    pub collected_on: Option<Date>,
    /// First day that it speaks for.
    pub period_from: Option<Date>,
    /// Last day that it speaks for.
    pub period_to: Option<Date>,
    /// Last day on which it still counts.
    pub fresh_until: Option<Date>,
    /// Requirements and controls that it supports.
    pub supports: Vec<Requirement>,
    /// AI systems that it is about; empty for the whole organisation.
    pub ai_systems: Vec<Ref<AiSystem>>,
    /// The proof as a file.
    pub file: Option<FileRef>,
    /// Where it can be seen, if it is not a file.
    pub url: String,
    /// Who may read it.
    pub confidentiality: Option<Confidentiality>,
    /// Collected by a machine.
    pub automated: bool,
}

impl RecordKind for EvidenceItem {
    kind! { EvidenceItem, "evidence_item", "EVD", "an item of evidence", LIFE, [
        "kind", "source", "collected_on", "supports",
    ] }

    fn title(&self) -> &str {
        &self.title
    }

    fn file(&self) -> Option<&FileRef> {
        self.file.as_ref()
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.collected_by
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("fresh_until", self.fresh_until)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.title.trim().is_empty(), "title", "say in one line what it shows");
        is_file(problems, self.file.as_ref());
        in_order(problems, ("period_from", self.period_from), ("period_to", self.period_to));
        in_order(problems, ("period_from", self.period_from), ("collected_on", self.collected_on));
    }
}

/// The life of a piece of proof. Expired and superseded follow from dates and newer items.
static LIFE: Lifecycle = Lifecycle {
    name: "evidence",
    purpose: "Evidence: collected, then accepted or rejected by somebody who looked at it.",
    states: &["collected", "accepted", "rejected"],
    finals: &["rejected"],
    in_force: &["accepted"],
    reopens_to: Some("collected"),
    transitions: &[
        Transition::step("collected", "accept", "accepted")
            .complete()
            .approver()
            .guarded(is_provable),
        Transition::step("collected", "reject", "rejected").noted().approver(),
    ],
};

/// There is something to look at: content, an address, or at least the period that somebody vouches for.
fn is_provable(record: &Record, _: &Book) -> Result<(), String> {
    let Some(item) = of::<EvidenceItem>(record) else { return Ok(()) };
    let shown = item.file.is_some()
        || !item.url.trim().is_empty()
        || (item.period_from.is_some() && item.period_to.is_some());
    require(shown, "add a file, a url, or the period it speaks for first")
}
