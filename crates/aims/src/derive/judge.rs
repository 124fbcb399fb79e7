//! Judging one condition of the catalog against the records.

mod document;
mod finding;
mod wanted;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::civil::Date;
use surety_catalog::{Cadence, Condition, Framework, Per, Requirement, RequirementRef, Test};

use document::Document;
pub use finding::{Finding, Lack, Missing};
use wanted::{Field, Wanted, fields, is_out_of_scope, is_stale};

use super::{
    covered,
    soa::{Cell, Soa, in_force},
};
use crate::{
    Book, Kind, Record, RecordId,
    book::day,
    records::{
        AiSystem, AssessedResult, ControlImplementation, ControlledDocument, Policy,
        RequirementAssessment, Typed,
    },
};

/// How many records a finding names.
const SHOWN: usize = 5;

/// What a test found, before it is put into words.
#[derive(Clone, Debug, Default)]
struct Answer<'b> {
    asked: u32,
    held: u32,
    found: Vec<RecordId>,
    missing: Vec<Missing<'b>>,
    /// What is missing names an AI system only as an example of several.
    by_example: bool,
}

impl<'b> Answer<'b> {
    fn holds(&mut self, record: Option<RecordId>) {
        self.asked += 1;
        self.held += 1;
        if let (Some(record), true) = (record, self.found.len() < SHOWN) {
            self.found.push(record);
        }
    }

    fn lacks(&mut self, missing: Missing<'b>) {
        self.asked += 1;
        self.missing.push(missing);
    }
}

/// Where a test is asked: the requirement that it belongs to.
#[derive(Clone, Copy)]
struct Place<'a, 'b> {
    reference: &'a RequirementRef,
    framework: &'b Framework,
    requirement: &'b Requirement,
    /// AI systems to which the requirement, a control, does not apply.
    excluded: &'a [RecordId],
}

impl Place<'_, '_> {
    /// The assessable requirements above this one, nearest first.
    fn above(&self) -> Vec<RequirementRef> {
        let mut above = Vec::new();
        let mut next = self.requirement.parent.as_deref();
        while let Some(id) = next.take() {
            let Some(parent) = self.framework.requirements.iter().find(|other| other.id == id)
            else {
                break;
            };
            if parent.assessable {
                above.push(RequirementRef::new(&self.framework.id, id));
            }
            next = parent.parent.as_deref().filter(|_| above.len() < DEPTH);
        }
        above
    }
}

/// How deep frameworks are read, so that a circle of parents ends.
const DEPTH: usize = 64;

/// Judges conditions over one Book on one day. Remembers what several requirements ask alike.
pub(super) struct Judge<'b> {
    book: &'b Book,
    soa: &'b Soa<'b>,
    on: Date,
    systems: Vec<&'b Record>,
    /// By AI system number and kind: the records that it refers to.
    references: HashMap<(u32, Kind), Vec<RecordId>>,
    remembered: Vec<(&'b Test, Arc<Answer<'b>>)>,
}

impl<'b> Judge<'b> {
    pub(super) fn new(book: &'b Book, soa: &'b Soa<'b>, on: Date) -> Judge<'b> {
        let systems: Vec<_> = book
            .all::<AiSystem>()
            .filter(|(record, system)| record.is_live() && system.in_scope)
            .map(|(record, _)| record)
            .collect();
        let references = references(&systems);
        Judge { book, soa, on, systems, references, remembered: Vec::new() }
    }

    /// Judges one condition of one requirement.
    pub(super) fn find(
        &mut self,
        reference: &RequirementRef,
        framework: &'b Framework,
        requirement: &'b Requirement,
        condition: &'b Condition,
    ) -> Arc<Finding<'b>> {
        let excluded = self.excluded_systems(framework, requirement);
        let place = Place { reference, framework, requirement, excluded: &excluded };
        let mut answer = self.answer(place, &condition.test).as_ref().clone();
        self.excuse(reference, &mut answer);
        Arc::new(Finding {
            id: &condition.id,
            says: &condition.says,
            effort: condition.effort,
            holds: answer.asked == answer.held,
            asked: answer.asked,
            held: answer.held,
            found: answer.found,
            missing: answer.missing,
        })
    }

    /// A person's newest valid assessment for one AI system settles what is missing there.
    fn excuse(&self, reference: &RequirementRef, answer: &mut Answer<'b>) {
        if answer.missing.is_empty() || answer.by_example {
            return;
        }
        let mut settled: BTreeMap<u32, bool> = BTreeMap::new();
        for (record, said) in self.book.all_naming::<RequirementAssessment>(reference.as_str()) {
            let valid = record.lifecycle().is_in_force(record.state)
                && said.valid_until.is_none_or(|until| until >= self.on);
            if let (Some(system), Some(result), true) = (said.ai_system, said.result, valid) {
                let settles = matches!(result, AssessedResult::Met | AssessedResult::NotApplicable);
                settled.insert(system.number, settles);
            }
        }
        let before = answer.missing.len();
        let is_settled = |system: RecordId| settled.get(&system.number).copied().unwrap_or(false);
        answer.missing.retain(|missing| !missing.system.is_some_and(is_settled));
        let settled = u32::try_from(before - answer.missing.len()).unwrap_or(0);
        answer.held = answer.held.saturating_add(settled);
    }

    fn answer(&mut self, place: Place<'_, 'b>, test: &'b Test) -> Arc<Answer<'b>> {
        // Where some AI systems are left out, the answer is this control's own.
        let alike = place.excluded.is_empty()
            && matches!(test, Test::Record { .. } | Test::Every { .. } | Test::SoaComplete);
        if alike && let Some((_, known)) = self.remembered.iter().find(|(known, _)| *known == test)
        {
            return known.clone();
        }
        let answer = Arc::new(self.ask(place, test));
        if alike {
            self.remembered.push((test, answer.clone()));
        }
        answer
    }

    fn ask(&mut self, place: Place<'_, 'b>, test: &'b Test) -> Answer<'b> {
        match test {
            Test::Record { kind, states, with, fresh, at_least, per } => {
                let wanted = Wanted { kind, states, with: fields(with), fresh: *fresh };
                self.record(place, &wanted, *at_least, *per)
            }
            Test::Every { kind, only, states, with, fresh, at_least, per } => {
                let wanted = Wanted { kind, states, with: fields(with), fresh: *fresh };
                self.every(place, &wanted, &fields(only), *at_least, *per)
            }
            Test::Document { document, per } => self.document(place, document.as_deref(), *per),
            Test::Evidence { requirement, per } => {
                let named =
                    requirement.as_deref().map(|id| RequirementRef::new(&place.framework.id, id));
                let mut asked = vec![named.unwrap_or_else(|| place.reference.clone())];
                if requirement.is_none() {
                    asked.extend(place.above());
                }
                self.evidence(place, &asked, *per)
            }
            Test::SoaComplete => self.soa_complete(),
            Test::ControlDesigned => self.control(place, "designed", |cell| cell.designed),
            Test::ControlDocumented => self.control(place, "documented", |cell| cell.documented),
            Test::ControlOperating => self.control(place, "operating", |cell| cell.operating),
            Test::AnyOf { of } => self.any_of(place, of),
        }
    }

    /// The AI systems that a condition is asked of.
    fn asked_of(&self, place: Place<'_, 'b>, per: Per) -> Vec<&'b Record> {
        let concerned = |system: &&&Record| {
            (per != Per::OperatingAiSystem || system.state == "in_operation")
                && !place.excluded.contains(&system.id)
        };
        self.systems.iter().filter(concerned).copied().collect()
    }

    /// The cells of a control of the matrix, or the organisation's own decision if there is no AI system.
    fn cells(
        &self,
        framework: &Framework,
        requirement: &Requirement,
    ) -> Option<impl Iterator<Item = &'b Cell<'b>> + use<'b>> {
        let mine = |control: &super::soa::Control<'_>| {
            self.soa.framework == framework.id && control.id == requirement.id
        };
        let soa = self.soa;
        let position = soa.controls.iter().position(mine)?;
        let width = soa.systems.len();
        let organisation = soa.controls.get(position).map(|control| &control.organisation);
        let cells = soa.cells.iter().skip(position.saturating_mul(width)).take(width);
        Some(cells.chain(organisation.filter(move |_| width == 0)))
    }

    /// The AI systems for which the Statement of Applicability excludes a control.
    fn excluded_systems(&self, framework: &Framework, requirement: &Requirement) -> Vec<RecordId> {
        let cells = self.cells(framework, requirement).into_iter().flatten();
        cells.filter(|cell| is_settled(cell)).filter_map(|cell| cell.system).collect()
    }

    /// The decision that excludes a control altogether, with a justification: then nothing is asked of it.
    pub(super) fn exclusion(
        &self,
        reference: &RequirementRef,
        framework: &Framework,
        requirement: &Requirement,
    ) -> Option<RecordId> {
        if let Some(mut cells) = self.cells(framework, requirement) {
            let first = cells.next()?;
            return (is_settled(first) && cells.all(is_settled))
                .then_some(first.decided_by)
                .flatten();
        }
        let by_default = requirement.conditions.is_empty() && requirement.assessable;
        match self.decision(reference) {
            Decided::Excluded(record) if by_default => Some(record),
            Decided::Excluded(_) | Decided::Designed(_) | Decided::Open(_) => None,
        }
    }

    /// The records of a kind that have to do with an AI system: itself, those that refer to it, those that it refers to.
    fn about(&self, kind: Kind, system: RecordId) -> impl Iterator<Item = &'b Record> {
        let book = self.book;
        let own = (kind == Kind::AiSystem).then_some(system);
        let targets = self.references.get(&(system.number, kind)).into_iter().flatten().copied();
        let others = targets.filter(move |target| !book.refers(*target, system));
        let named = own.into_iter().chain(others).filter_map(|id| book.get(id));
        book.referrers_of_kind(system, kind).chain(named)
    }

    fn record(
        &self,
        place: Place<'_, 'b>,
        wanted: &Wanted<'b>,
        at_least: u32,
        per: Per,
    ) -> Answer<'b> {
        let mut answer = Answer::default();
        let Some(kind) = Kind::from_name(wanted.kind) else { return answer };
        if per == Per::Organisation {
            self.enough(wanted, self.book.of_kind(kind), at_least, None, &mut answer);
        } else {
            for system in self.asked_of(place, per) {
                let records = self.about(kind, system.id);
                self.enough(wanted, records, at_least, Some(system.id), &mut answer);
            }
        }
        answer
    }

    /// Whether `at_least` of the records are as wanted; else the one that comes nearest.
    fn enough(
        &self,
        wanted: &Wanted<'b>,
        records: impl Iterator<Item = &'b Record>,
        at_least: u32,
        system: Option<RecordId>,
        answer: &mut Answer<'b>,
    ) {
        let mut count = 0;
        let mut nearest = None;
        // A final state counts when it is named: a closed action, a retired system.
        let counts =
            |record: &&Record| record.is_live() || wanted.states.iter().any(|s| s == record.state);
        for record in records.filter(counts) {
            match wanted.lack(record, self.on) {
                None => count += 1,
                Some(lack) => {
                    nearest.get_or_insert((record.id, lack));
                    continue;
                }
            }
            if count >= at_least {
                return answer.holds(Some(record.id));
            }
        }
        let (record, lack) = nearest.map_or((None, Lack::None), |(id, lack)| (Some(id), lack));
        answer.lacks(Missing { system, wanted: wanted.kind, record, lack });
    }

    fn every(
        &self,
        place: Place<'_, 'b>,
        wanted: &Wanted<'b>,
        only: &[Field<'b>],
        at_least: u32,
        per: Per,
    ) -> Answer<'b> {
        let mut answer = Answer::default();
        let Some(kind) = Kind::from_name(wanted.kind) else { return answer };
        if per == Per::Organisation {
            self.all(wanted, only, self.book.of_kind(kind), at_least, None, &mut answer);
        } else {
            for system in self.asked_of(place, per) {
                let records = self.about(kind, system.id);
                self.all(wanted, only, records, at_least, Some(system.id), &mut answer);
            }
        }
        answer
    }

    /// Whether each of the records that match `only` is as wanted, and there are `at_least` of them.
    fn all(
        &self,
        wanted: &Wanted<'b>,
        only: &[Field<'b>],
        records: impl Iterator<Item = &'b Record>,
        at_least: u32,
        system: Option<RecordId>,
        answer: &mut Answer<'b>,
    ) {
        let concerned = |record: &&Record| {
            record.is_live()
                && !is_out_of_scope(record)
                && only.iter().all(|field| field.is_said_by(&record.body))
        };
        let mut count = 0;
        for record in records.filter(concerned) {
            count += 1;
            match wanted.lack(record, self.on) {
                None => answer.holds(Some(record.id)),
                Some(lack) => {
                    let record = Some(record.id);
                    answer.lacks(Missing { system, wanted: wanted.kind, record, lack });
                }
            }
        }
        if count < at_least {
            answer.lacks(Missing { system, wanted: wanted.kind, record: None, lack: Lack::None });
        }
    }

    fn document(&self, place: Place<'_, 'b>, wanted: Option<&'b str>, per: Per) -> Answer<'b> {
        let documents = self.documents(place, wanted);
        let mut answer = Answer::default();
        let mut ask = |system: Option<RecordId>| {
            let mut nearest = None;
            for document in documents.iter().filter(|document| document.speaks_for(system)) {
                match document.lack {
                    None => return answer.holds(Some(document.id)),
                    Some(lack) => nearest = Some((document.id, lack)),
                }
            }
            let (record, lack) = nearest.map_or((None, Lack::None), |(id, lack)| (Some(id), lack));
            answer.lacks(Missing { system, wanted: wanted.unwrap_or("document"), record, lack });
        };
        if per == Per::Organisation {
            ask(None);
        } else {
            self.asked_of(place, per).into_iter().for_each(|system| ask(Some(system.id)));
        }
        answer
    }

    /// Live documents of the wanted type or, without one, those that name the requirement or one above it.
    fn documents(&self, place: Place<'_, 'b>, wanted: Option<&str>) -> Vec<Document<'b>> {
        let book = self.book;
        if let Some(wanted) = wanted {
            return book
                .of_kind(Kind::ControlledDocument)
                .filter_map(|record| self.judged(record))
                .filter(|document| document.document_type == wanted)
                .collect();
        }
        let mut documents = Vec::new();
        for asked in std::iter::once(place.reference.clone()).chain(place.above()) {
            let of_kind = |kind| book.naming_of_kind(asked.as_str(), kind);
            let all = of_kind(Kind::Policy).chain(of_kind(Kind::ControlledDocument));
            let judged = all.filter_map(|record| self.judged(record));
            documents.extend(judged.filter(|document| document.names(&asked)));
        }
        documents
    }

    /// A live policy or document, as the version that counts says.
    fn judged(&self, record: &'b Record) -> Option<Document<'b>> {
        if !record.is_live() {
            return None;
        }
        let body = record.effective().unwrap_or(&record.body);
        let lack = match in_force(record, self.on) {
            None => Some(Lack::State(record.state)),
            Some(body) => is_stale(body, self.on).then_some(Lack::Stale),
        };
        let id = record.id;
        if let Some(document) = ControlledDocument::of(body) {
            let (clauses, systems) = (&document.clause_refs, document.ai_systems.as_slice());
            Some(Document { id, document_type: &document.document_type, clauses, systems, lack })
        } else {
            let clauses = &Policy::of(body)?.clause_refs;
            Some(Document { id, document_type: "", clauses, systems: &[], lack })
        }
    }

    fn evidence(&self, place: Place<'_, 'b>, asked: &[RequirementRef], per: Per) -> Answer<'b> {
        let cadence = place.requirement.cadence.unwrap_or(Cadence::Annual);
        let today = day(self.on);
        let mut covering: BTreeMap<u32, u32> = BTreeMap::new();
        for ((system, item), span) in
            asked.iter().flat_map(|asked| self.book.coverage(asked.as_str()))
        {
            let covers =
                covered(span, cadence).is_some_and(|(from, to)| (from..=to).contains(&today));
            if covers {
                covering.entry(system).or_insert(item);
            }
        }
        let mut answer = Answer::default();
        let mut ask = |item: Option<u32>, system: Option<RecordId>| match item {
            Some(item) => answer.holds(Some(RecordId::new(Kind::EvidenceItem, item))),
            None => answer.lacks(Missing {
                system,
                wanted: "evidence_item",
                record: None,
                lack: Lack::None,
            }),
        };
        if per == Per::Organisation {
            ask(covering.values().next().copied(), None);
        } else {
            for system in self.asked_of(place, per) {
                let item = covering.get(&system.id.number).or_else(|| covering.get(&0));
                ask(item.copied(), Some(system.id));
            }
        }
        answer
    }

    fn soa_complete(&self) -> Answer<'b> {
        let mut answer = Answer { by_example: true, ..Answer::default() };
        let width = self.soa.systems.len();
        for (position, control) in self.soa.controls.iter().enumerate() {
            let cells = self.soa.cells.iter().skip(position.saturating_mul(width)).take(width);
            let decided =
                |cell: &Cell<'_>| cell.applicable.is_some() && !cell.justification.is_empty();
            let open = cells
                .chain((width == 0).then_some(&control.organisation))
                .find(|cell| !decided(cell));
            match open {
                None => answer.holds(control.organisation.decided_by),
                Some(cell) => answer.lacks(Missing {
                    system: cell.system,
                    wanted: "control_implementation",
                    record: cell.decided_by,
                    lack: if cell.applicable.is_some() {
                        Lack::Field("justification")
                    } else {
                        Lack::None
                    },
                }),
            }
        }
        answer
    }

    /// A score of this control: in every cell where it applies or is undecided, or by the organisation's own decision if there is no cell.
    fn control(
        &self,
        place: Place<'_, 'b>,
        score: &'static str,
        reached: fn(&Cell<'_>) -> bool,
    ) -> Answer<'b> {
        let Some(cells) = self.cells(place.framework, place.requirement) else {
            return self.decided(place, score);
        };
        let mut answer = Answer::default();
        for cell in cells {
            if reached(cell) {
                answer.holds(cell.implementation);
            } else if !is_settled(cell) {
                let (system, record) = (cell.system, cell.implementation);
                let wanted = "control_implementation";
                answer.lacks(Missing { system, wanted, record, lack: Lack::Score(score) });
            }
        }
        answer
    }

    /// The same for a requirement outside the matrix: by the decisions that name it.
    fn decided(&self, place: Place<'_, 'b>, score: &'static str) -> Answer<'b> {
        let mut answer = Answer::default();
        match self.decision(place.reference) {
            Decided::Excluded(_) => {}
            Decided::Designed(record) => answer.holds(Some(record)),
            Decided::Open(record) => {
                let lack = if record.is_some() { Lack::Score(score) } else { Lack::None };
                answer.lacks(Missing {
                    system: None,
                    wanted: "control_implementation",
                    record,
                    lack,
                });
            }
        }
        answer
    }

    /// The first decision about a requirement outside the matrix that is good enough, either way.
    fn decision(&self, reference: &RequirementRef) -> Decided {
        let mut nearest = None;
        let decisions = self.book.all_naming::<ControlImplementation>(reference.as_str());
        for (record, said) in decisions.filter(|(record, _)| record.is_live()) {
            let justified = !said.justification.is_empty();
            match said.applicable {
                Some(false) if justified => return Decided::Excluded(record.id),
                Some(true) if justified && !said.description.is_empty() && said.owner.is_some() => {
                    return Decided::Designed(record.id);
                }
                Some(_) | None => nearest = Some(record.id),
            }
        }
        Decided::Open(nearest)
    }

    fn any_of(&mut self, place: Place<'_, 'b>, tests: &'b [Test]) -> Answer<'b> {
        let answers: Vec<_> = tests.iter().map(|test| self.answer(place, test)).collect();
        let best = answers
            .iter()
            .max_by_key(|answer| (answer.asked == answer.held, answer.held))
            .map(|answer| answer.as_ref().clone());
        best.unwrap_or_default()
    }
}

/// How a requirement outside the matrix is decided.
enum Decided {
    Excluded(RecordId),
    Designed(RecordId),
    /// Not well enough; the decision that comes nearest.
    Open(Option<RecordId>),
}

/// Whether a control is excluded here with a justification, so that nothing more is asked of it.
fn is_settled(cell: &Cell<'_>) -> bool {
    cell.applicable == Some(false) && !cell.justification.is_empty()
}

/// What each of the AI systems refers to, by its number and the kind.
fn references(systems: &[&Record]) -> HashMap<(u32, Kind), Vec<RecordId>> {
    let mut references: HashMap<(u32, Kind), Vec<RecordId>> = HashMap::new();
    for system in systems {
        for (_, target) in system.body.references() {
            let targets = references.entry((system.id.number, target.kind)).or_default();
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
    }
    references
}
