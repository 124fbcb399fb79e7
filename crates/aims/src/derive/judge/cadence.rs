//! How often evidence is wanted: as the organisation has decided, else as the catalog proposes.
//!
//! ISO/IEC 42001 leaves it to the organisation how often it looks (9.1: when to monitor). So what it has decided is what its
//! evidence is held against, also where the catalog proposes something else.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use surety_catalog::{Cadence, Requirement, RequirementRef};

use crate::{
    Book, Record, RecordId,
    records::{AiSystem, ControlImplementation},
};

/// How often something is to be shown, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rhythm {
    pub cadence: Cadence,
    /// The decision that says so; null: the catalog proposes it.
    pub decided_by: Option<RecordId>,
}

impl std::fmt::Display for Rhythm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cadence = self.cadence.name().replace('_', " ");
        match self.decided_by {
            Some(record) => write!(f, "{cadence}, as {record} decides"),
            None => write!(f, "{cadence}, as the catalog proposes"),
        }
    }
}

/// What was decided in each place about how often a requirement is shown. A place that says nothing takes over what the wider
/// one says, as in the Statement of Applicability.
pub(super) struct Rhythms<'b> {
    book: &'b Book,
    proposed: Cadence,
    organisation: Option<Rhythm>,
    groups: BTreeMap<u32, Option<Rhythm>>,
    systems: BTreeMap<u32, Option<Rhythm>>,
}

impl<'b> Rhythms<'b> {
    pub(super) fn of(
        book: &'b Book,
        reference: &RequirementRef,
        requirement: &Requirement,
    ) -> Rhythms<'b> {
        let proposed = requirement.cadence.unwrap_or(Cadence::Annual);
        let (mut organisation, mut groups, mut systems) = (None, BTreeMap::new(), BTreeMap::new());
        let decisions = book.all_naming::<ControlImplementation>(reference.as_str());
        // Of two for the same place the first made counts.
        for (record, said) in decisions.filter(|(record, _)| record.is_live()) {
            let rhythm = decided(record, said);
            match (said.ai_system, said.group) {
                (Some(system), _) => drop(systems.entry(system.number).or_insert(rhythm)),
                (None, Some(group)) => drop(groups.entry(group.number).or_insert(rhythm)),
                (None, None) => drop(organisation.get_or_insert(rhythm)),
            }
        }
        let organisation = organisation.flatten();
        Rhythms { book, proposed, organisation, groups, systems }
    }

    /// How often it is wanted for an AI system, by number; 0: for the whole organisation.
    pub(super) fn wanted(&self, system: u32) -> Rhythm {
        let own = self.systems.get(&system).copied().flatten();
        own.or_else(|| self.of_group(system))
            .or(self.organisation)
            .unwrap_or(Rhythm { cadence: self.proposed, decided_by: None })
    }

    fn of_group(&self, system: u32) -> Option<Rhythm> {
        if self.groups.is_empty() {
            return None;
        }
        let (_, said) = self.book.find(crate::Ref::<AiSystem>::new(system))?;
        self.groups.get(&said.group?.number).copied().flatten()
    }
}

fn decided(record: &Record, said: &ControlImplementation) -> Option<Rhythm> {
    let cadence = said.cadence?.into();
    Some(Rhythm { cadence, decided_by: Some(record.id) })
}
