//! Judging one condition of the catalog against the records.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::civil::Date;
use serde::{Serialize, Serializer, ser::SerializeStruct};
use surety_catalog::{Cadence, Condition, Effort, Framework, Per, Requirement, RequirementRef, Test};

use super::{
    covered,
    gap::Outcome,
    soa::{Cell, Soa, in_force},
};
use crate::{
    Body, Book, Kind, Record, RecordId, Ref,
    book::day,
    of,
    records::{
        self, AiSystem, AssessedResult, ControlImplementation, ControlledDocument, Policy,
        RequirementAssessment, Typed,
    },
    walk::Leaf,
};

/// Whether one condition holds, what was found and what is missing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding<'b> {
    pub id: &'b str,
    pub says: &'b str,
    pub effort: Effort,
    pub holds: bool,
    /// Of how many it is asked: 1 for the organisation, else the AI systems concerned.
    pub asked: u32,
    pub held: u32,
    /// Records that make it hold, the first few.
    pub found: Vec<RecordId>,
    pub missing: Vec<Missing<'b>>,
}

/// How many records a finding names.
const SHOWN: usize = 5;

impl Finding<'_> {
    /// The condition as a result.
    pub fn outcome(&self) -> Outcome {
        match (self.asked, self.held) {
            (0, _) => Outcome::NotApplicable,
            (asked, held) if asked == held => Outcome::Met,
            (_, 0) => Outcome::NotMet,
            _ => Outcome::Partly,
        }
    }
}

/// One record that is missing or not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing<'b> {
    /// The AI system for which it is missing.
    pub system: Option<RecordId>,
    /// The kind of record, or what else is wanted.
    pub wanted: &'b str,
    /// The record that comes nearest.
    pub record: Option<RecordId>,
    pub lack: Lack<'b>,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack<'b> {
    /// There is none.
    None,
    /// In another state than wanted.
    State(&'static str),
    /// This field does not say what is wanted.
    Field(&'b str),
    /// Past its review date.
    Stale,
    /// A score of the Statement of Applicability is not reached.
    Score(&'static str),
}

impl std::fmt::Display for Missing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let wanted = self.wanted.replace('_', " ");
        match (self.record, self.lack) {
            (Some(record), Lack::State(state)) => write!(f, "{wanted} {record} is {state}")?,
            (Some(record), Lack::Field(field)) => {
                write!(f, "{wanted} {record} does not say it in `{field}`")?;
            }
            (Some(record), Lack::Stale) => write!(f, "{wanted} {record} is past its review date")?,
            (_, Lack::Score(score)) => write!(f, "control is not {score}")?,
            (_, Lack::None | Lack::State(_) | Lack::Field(_) | Lack::Stale) => {
                write!(f, "no {wanted}")?;
            }
        }
        match self.system {
            Some(system) => write!(f, " for {system}"),
            None => Ok(()),
        }
    }
}

impl Serialize for Missing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut missing = serializer.serialize_struct("Missing", 4)?;
        missing.serialize_field("system", &self.system)?;
        missing.serialize_field("wanted", self.wanted)?;
        missing.serialize_field("record", &self.record)?;
        missing.serialize_field("says", &self.to_string())?;
        missing.end()
    }
}

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
}

impl Place<'_, '_> {
    /// The assessable requirements above this one, nearest first.
    fn above(&self) -> Vec<RequirementRef> {
        let mut above = Vec::new();
        let mut next = self.requirement.parent.as_deref();
        while let Some(id) = next.take() {
            let Some(parent) = self.framework.requirements.iter().find(|other| other.id == id) else { break };
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
        let place = Place { reference, framework, requirement };
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
        let alike = matches!(test, Test::Record { .. } | Test::Every { .. } | Test::SoaComplete);
        if alike && let Some((_, known)) = self.remembered.iter().find(|(known, _)| *known == test) {
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
                self.record(&wanted, *at_least, *per)
            }
            Test::Every { kind, only, states, with, fresh, at_least, per } => {
                let wanted = Wanted { kind, states, with: fields(with), fresh: *fresh };
                self.every(&wanted, &fields(only), *at_least, *per)
            }
            Test::Document { document, per } => self.document(place, document.as_deref(), *per),
            Test::Evidence { requirement, per } => {
                let named = requirement.as_deref().map(|id| RequirementRef::new(&place.framework.id, id));
                let mut asked = vec![named.unwrap_or_else(|| place.reference.clone())];
                if requirement.is_none() {
                    asked.extend(place.above());
                }
                self.evidence(&asked, place.requirement, *per)
            }
            Test::SoaComplete => self.soa_complete(),
            Test::ControlDesigned => self.control(place, "designed", |cell| cell.designed),
            Test::ControlDocumented => self.control(place, "documented", |cell| cell.documented),
            Test::ControlOperating => self.control(place, "operating", |cell| cell.operating),
            Test::AnyOf { of } => self.any_of(place, of),
        }
    }

    /// The AI systems that a condition is asked of.
    fn asked_of(&self, per: Per) -> Vec<&'b Record> {
        let operating = |system: &&&Record| per != Per::OperatingAiSystem || system.state == "in_operation";
        self.systems.iter().filter(operating).copied().collect()
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

    fn record(&self, wanted: &Wanted<'b>, at_least: u32, per: Per) -> Answer<'b> {
        let mut answer = Answer::default();
        let Some(kind) = Kind::from_name(wanted.kind) else { return answer };
        if per == Per::Organisation {
            self.enough(wanted, self.book.of_kind(kind), at_least, None, &mut answer);
        } else {
            for system in self.asked_of(per) {
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
        let counts = |record: &&Record| record.is_live() || wanted.states.iter().any(|s| s == record.state);
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

    fn every(&self, wanted: &Wanted<'b>, only: &[Field<'b>], at_least: u32, per: Per) -> Answer<'b> {
        let mut answer = Answer::default();
        let Some(kind) = Kind::from_name(wanted.kind) else { return answer };
        if per == Per::Organisation {
            self.all(wanted, only, self.book.of_kind(kind), at_least, None, &mut answer);
        } else {
            for system in self.asked_of(per) {
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
            self.asked_of(per).into_iter().for_each(|system| ask(Some(system.id)));
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

    fn evidence(&self, asked: &[RequirementRef], requirement: &Requirement, per: Per) -> Answer<'b> {
        let cadence = requirement.cadence.unwrap_or(Cadence::Annual);
        let today = day(self.on);
        let mut covering: BTreeMap<u32, u32> = BTreeMap::new();
        for ((system, item), span) in asked.iter().flat_map(|asked| self.book.coverage(asked.as_str())) {
            let covers = covered(span, cadence).is_some_and(|(from, to)| (from..=to).contains(&today));
            if covers {
                covering.entry(system).or_insert(item);
            }
        }
        let mut answer = Answer::default();
        let mut ask = |item: Option<u32>, system: Option<RecordId>| match item {
            Some(item) => answer.holds(Some(RecordId::new(Kind::EvidenceItem, item))),
            None => answer.lacks(Missing { system, wanted: "evidence_item", record: None, lack: Lack::None }),
        };
        if per == Per::Organisation {
            ask(covering.values().next().copied(), None);
        } else {
            for system in self.asked_of(per) {
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
            let decided = |cell: &Cell<'_>| cell.applicable.is_some() && !cell.justification.is_empty();
            let open = cells.chain((width == 0).then_some(&control.organisation)).find(|cell| !decided(cell));
            match open {
                None => answer.holds(control.organisation.decided_by),
                Some(cell) => answer.lacks(Missing {
                    system: cell.system,
                    wanted: "control_implementation",
                    record: cell.decided_by,
                    lack: if cell.applicable.is_some() { Lack::Field("justification") } else { Lack::None },
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
        let mut answer = Answer::default();
        let mine = |control: &super::soa::Control<'_>| {
            self.soa.framework == place.framework.id && control.id == place.requirement.id
        };
        let Some(position) = self.soa.controls.iter().position(mine) else {
            return self.decided(place, score);
        };
        let width = self.soa.systems.len();
        let organisation = self.soa.controls.get(position).map(|control| &control.organisation);
        let cells = self.soa.cells.iter().skip(position.saturating_mul(width)).take(width);
        for cell in cells.chain(organisation.filter(|_| width == 0)) {
            let settled = cell.applicable == Some(false) && !cell.justification.is_empty();
            if reached(cell) {
                answer.holds(cell.implementation);
            } else if !settled {
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
        let mut nearest = None;
        let decisions = self.book.all_naming::<ControlImplementation>(place.reference.as_str());
        for (record, said) in decisions.filter(|(record, _)| record.is_live()) {
            let justified = !said.justification.is_empty();
            match said.applicable {
                Some(false) if justified => return answer,
                Some(true) if justified && !said.description.is_empty() && said.owner.is_some() => {
                    answer.holds(Some(record.id));
                    return answer;
                }
                Some(_) | None => nearest = Some(record.id),
            }
        }
        let lack = if nearest.is_some() { Lack::Score(score) } else { Lack::None };
        answer.lacks(Missing { system: None, wanted: "control_implementation", record: nearest, lack });
        answer
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

/// A policy or document that may answer a document test.
struct Document<'b> {
    id: RecordId,
    document_type: &'b str,
    clauses: &'b [records::Requirement],
    /// The AI systems that it is about; none for all.
    systems: &'b [Ref<AiSystem>],
    lack: Option<Lack<'b>>,
}

impl Document<'_> {
    fn names(&self, requirement: &RequirementRef) -> bool {
        self.clauses.iter().any(|clause| clause.0 == *requirement)
    }

    fn speaks_for(&self, system: Option<RecordId>) -> bool {
        let is_listed = |system: RecordId| self.systems.iter().any(|listed| listed.id() == system);
        self.systems.is_empty() || system.is_none_or(is_listed)
    }
}

/// What a record test wants.
struct Wanted<'b> {
    kind: &'b str,
    states: &'b [String],
    with: Vec<Field<'b>>,
    fresh: bool,
}

/// A field, as a path with dots, and the values of which it is to have one.
struct Field<'b> {
    name: &'b str,
    path: Vec<&'b str>,
    values: &'b [String],
}

fn fields(fields: &BTreeMap<String, Vec<String>>) -> Vec<Field<'_>> {
    fields
        .iter()
        .map(|(name, values)| Field { name, path: name.split('.').collect(), values })
        .collect()
}

impl Field<'_> {
    /// Whether the field has one of the values; `*` stands for any.
    fn is_said_by(&self, body: &Body) -> bool {
        let is = |text: &str| self.values.iter().any(|value| value == text || value == "*");
        let mut said = false;
        body.walk_field(&self.path, &mut |leaf| {
            said = said
                || match leaf {
                    Leaf::Empty => false,
                    Leaf::Text(text) | Leaf::Requirement(text) => is(text),
                    Leaf::Bool(value) => is(if value { "true" } else { "false" }),
                    Leaf::Number(value) => is(&value.to_string()),
                    Leaf::Reference(id) => is(&id.to_string()),
                };
        });
        said
    }
}

impl<'b> Wanted<'b> {
    /// What is wrong with a record, if anything.
    fn lack(&self, record: &Record, on: Date) -> Option<Lack<'b>> {
        let body = match self.speaking(record) {
            Ok(body) => body,
            Err(lack) => return Some(lack),
        };
        if let Some(field) = self.with.iter().find(|field| !field.is_said_by(body)) {
            return Some(Lack::Field(field.name));
        }
        (self.fresh && is_stale(body, on)).then_some(Lack::Stale)
    }

    /// The version that counts: the current one if its state is wanted, else the one in force if that state is.
    fn speaking<'r>(&self, record: &'r Record) -> Result<&'r Body, Lack<'b>> {
        let wants = |state: &str| self.states.is_empty() || self.states.iter().any(|s| s == state);
        let lifecycle = record.lifecycle();
        match &record.in_force {
            _ if wants(record.state) => Ok(&record.body),
            Some(in_force) if lifecycle.in_force.iter().any(|state| wants(state)) => Ok(&in_force.body),
            Some(_) | None => Err(Lack::State(record.state)),
        }
    }
}

/// Dates whose passing makes a record stale, by field name.
const REVIEW_DATES: [&str; 6] =
    ["next_review", "next_due", "fresh_until", "valid_until", "assurance_until", "to"];

fn is_stale(body: &Body, on: Date) -> bool {
    body.dates().iter().any(|(field, date)| REVIEW_DATES.contains(field) && *date < on)
}

fn is_out_of_scope(record: &Record) -> bool {
    of::<AiSystem>(record).is_some_and(|system| !system.in_scope)
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
