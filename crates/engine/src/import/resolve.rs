//! Which record a proposal is: one that was imported before, one of the same name, or a new one.

use std::collections::{BTreeMap, HashMap, HashSet};

use surety_aims::{Book, ExternalId, Kind, RecordId, records::Person};
use surety_formats::inventory::{self, Identity, Proposal, Target};
use surety_store::PersonalData;

/// Knows the records of a Book by name, and gives out numbers for new ones.
pub(super) struct Resolver<'a> {
    book: &'a Book,
    by_name: HashMap<(Kind, String), RecordId>,
    by_email: HashMap<String, RecordId>,
    next: HashMap<Kind, u32>,
    /// The record of each proposal, by (kind, source, external id).
    known: HashMap<(Kind, String, String), RecordId>,
    /// Records that a proposal of this file states: another one of the same name is another thing.
    claimed: HashSet<RecordId>,
}

/// The record that a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identified {
    Existing(RecordId),
    New(RecordId),
}

impl Identified {
    pub(super) fn id(self) -> RecordId {
        match self {
            Identified::Existing(id) | Identified::New(id) => id,
        }
    }
}

impl<'a> Resolver<'a> {
    pub(super) fn new(book: &'a Book, people: &BTreeMap<String, PersonalData>) -> Resolver<'a> {
        let mut resolver = Resolver {
            book,
            by_name: HashMap::new(),
            by_email: HashMap::new(),
            next: HashMap::new(),
            known: HashMap::new(),
            claimed: HashSet::new(),
        };
        for record in book.records().filter(|record| record.is_live()) {
            let name = inventory::fold_name(record.title());
            if record.kind() != Kind::Person && !name.is_empty() {
                resolver.by_name.entry((record.kind(), name)).or_insert(record.id);
            }
        }
        for (person, data) in people {
            let Ok(id) = person.parse::<RecordId>() else { continue };
            let identity = Identity { name: Some(data.name.clone()), email: data.email.clone() };
            resolver.remember_person(&identity, id);
        }
        resolver
    }

    /// The record of a proposal; a new one gets the next number.
    pub(super) fn identify(&mut self, kind: Kind, proposal: &Proposal) -> Identified {
        let key = (kind, proposal.source.clone(), proposal.external_id.clone());
        if let Some(id) = self.known.get(&key) {
            return self.found(*id);
        }
        let imported = self.book.imported(&external_id(kind, proposal)).map(|record| record.id);
        let identified = match imported.or_else(|| self.of_proposal(kind, proposal)) {
            Some(id) => self.found(id),
            None => Identified::New(self.number(kind)),
        };
        self.known.insert(key, identified.id());
        if !proposal.mention {
            self.claimed.insert(identified.id());
        }
        match (&proposal.identity, kind) {
            (Some(identity), _) => self.remember_person(identity, identified.id()),
            (None, Kind::Person) => {}
            (None, _) => {
                let name = inventory::fold_name(&proposal.name);
                self.by_name.entry((kind, name)).or_insert(identified.id());
            }
        }
        identified
    }

    /// The record that a link leads to, if it is known.
    pub(super) fn target(&self, target: &Target) -> Option<RecordId> {
        match target {
            Target::External { kind, source, external_id } => {
                let kind = Kind::from_name(kind)?;
                let key = (kind, source.clone(), external_id.clone());
                let imported = || {
                    let source = format!("{kind}:{source}");
                    self.book.imported(&ExternalId { source, id: external_id.clone() })
                };
                self.known.get(&key).copied().or_else(|| imported().map(|record| record.id))
            }
            Target::Named { kind, name, email } => {
                self.named(Kind::from_name(kind)?, name, email.as_deref())
            }
            Target::Record { id, .. } => id.parse().ok(),
        }
    }

    fn found(&self, id: RecordId) -> Identified {
        if self.book.get(id).is_some() { Identified::Existing(id) } else { Identified::New(id) }
    }

    /// The record of the same name, unless it is known to be another thing.
    fn of_proposal(&self, kind: Kind, proposal: &Proposal) -> Option<RecordId> {
        let email = proposal.identity.as_ref().and_then(|identity| identity.email.as_deref());
        let id = self.named(kind, &proposal.name, email)?;
        let mine = external_id(kind, proposal);
        let is_other = |known: &ExternalId| known.source == mine.source && known.id != mine.id;
        let other = self.book.get(id).is_some_and(|record| record.external.iter().any(is_other));
        (proposal.mention || (!other && !self.claimed.contains(&id))).then_some(id)
    }

    fn named(&self, kind: Kind, name: &str, email: Option<&str>) -> Option<RecordId> {
        let by_email = email.and_then(|email| self.by_email.get(&email.to_lowercase()));
        let by_name = || self.by_name.get(&(kind, inventory::fold_name(name)));
        by_email.or_else(by_name).copied()
    }

    fn remember_person(&mut self, identity: &Identity, id: RecordId) {
        if let Some(email) = &identity.email {
            self.by_email.entry(email.to_lowercase()).or_insert(id);
        }
        if let Some(name) = &identity.name {
            self.by_name.entry((Kind::Person, inventory::fold_name(name))).or_insert(id);
        }
    }

    fn number(&mut self, kind: Kind) -> RecordId {
        let book = self.book;
        let next = self.next.entry(kind).or_insert_with(|| book.next_number(kind));
        let id = RecordId::new(kind, *next);
        *next = next.saturating_add(1);
        id
    }
}

/// The identity that a record keeps of where it came from. Sources may give the same id to things of different kinds.
pub(super) fn external_id(kind: Kind, proposal: &Proposal) -> ExternalId {
    ExternalId { source: format!("{kind}:{}", proposal.source), id: proposal.external_id.clone() }
}

/// Position, unit and the like of somebody who is only named.
pub(super) fn person_body() -> Person {
    Person { position: "not stated".to_owned(), ..Person::default() }
}
