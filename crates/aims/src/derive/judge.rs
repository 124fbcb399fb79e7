//! Judging one condition of the catalog against the records.

mod cadence;
mod census;
mod document;
mod evidence;
mod finding;
mod wanted;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::civil::Date;
use surety_catalog::{Condition, Framework, Per, Requirement, RequirementRef, Test};

pub use cadence::Rhythm;
use census::{Census, Questions};
use document::{Document, Documents};
pub use finding::{Finding, Lack, Missing};
use wanted::{Field, Wanted, fields};

use super::soa::{Cell, Soa};
use crate::{
    Book, Kind, Record, RecordId,
    records::{AiSystem, AssessedResult, ControlImplementation, RequirementAssessment},
};

/// Asks of some records of a census, by their positions; `None`: on behalf of the organisation.
type Ask<'a> = dyn FnMut(&mut dyn Iterator<Item = usize>, Option<RecordId>) + 'a;

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
    /// How often evidence was wanted, each once, the first few.
    cadences: Vec<Rhythm>,
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
    /// AI systems to which the requirement, a control, does not apply, by number.
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

/// Judges conditions over one Book on one day. Reads the records of a kind once for all conditions.
pub(super) struct Judge<'b> {
    book: &'b Book,
    soa: &'b Soa<'b>,
    on: Date,
    systems: Vec<&'b Record>,
    documents: Documents<'b>,
    questions: Questions<'b>,
    censuses: HashMap<Kind, Arc<Census>>,
    /// By kind: for each of the AI systems, the records that have to do with it.
    neighbours: HashMap<Kind, Arc<Vec<Vec<RecordId>>>>,
}

impl<'b> Judge<'b> {
    pub(super) fn new(book: &'b Book, soa: &'b Soa<'b>, on: Date) -> Judge<'b> {
        let systems: Vec<_> = book
            .all::<AiSystem>()
            .filter(|(record, system)| record.is_live() && system.in_scope)
            .map(|(record, _)| record)
            .collect();
        Judge {
            book,
            soa,
            on,
            systems,
            documents: Documents::on(book, on),
            questions: Questions::default(),
            censuses: HashMap::new(),
            neighbours: HashMap::new(),
        }
    }

    /// Takes up what the conditions of a framework ask, so that records are read once for all of them.
    pub(super) fn prepare(&mut self, framework: &'b Framework) {
        let conditions = framework.requirements.iter().flat_map(|r| &r.conditions);
        conditions.for_each(|condition| self.take_up(&condition.test));
    }

    fn take_up(&mut self, test: &'b Test) {
        for kind in self.questions.add(test) {
            self.censuses.remove(&kind);
            self.neighbours.clear();
        }
    }

    fn census(&mut self, kind: Kind) -> Arc<Census> {
        let census = self.censuses.entry(kind);
        census
            .or_insert_with(|| Arc::new(Census::take(self.book, kind, &self.questions, self.on)))
            .clone()
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
        let mut answer = self.ask(place, &condition.test);
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
            cadences: answer.cadences,
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

    fn ask(&mut self, place: Place<'_, 'b>, test: &'b Test) -> Answer<'b> {
        self.take_up(test);
        match test {
            Test::Record { kind, states, with, fresh, at_least, per } => {
                self.record(place, (kind, states, with, *fresh), *at_least, *per)
            }
            Test::Every { kind, only, states, with, fresh, at_least, per } => {
                self.every(place, (kind, states, with, *fresh), only, *at_least, *per)
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

    /// The AI systems that a condition is asked of, each with its position.
    fn asked_of(
        &self,
        place: Place<'_, 'b>,
        per: Per,
    ) -> impl Iterator<Item = (usize, &'b Record)> {
        let concerned = move |(_, system): &(usize, &Record)| {
            (per != Per::OperatingAiSystem || system.state == "in_operation")
                && place.excluded.binary_search(&system.id).is_err()
        };
        self.systems.iter().copied().enumerate().filter(concerned)
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

    /// For each AI system the records of a kind that have to do with it: itself, those that refer to it, those that it
    /// refers to. Looked up once for all kinds that are asked about for each AI system.
    fn neighbours(&mut self, kind: Kind) -> Arc<Vec<Vec<RecordId>>> {
        if self.neighbours.is_empty() {
            let mut all: HashMap<Kind, Vec<Vec<RecordId>>> = HashMap::new();
            for (position, system) in self.systems.iter().enumerate() {
                let near = neighbours(self.book, system);
                for id in near.filter(|id| self.questions.are_per_system(id.kind)) {
                    let lists =
                        all.entry(id.kind).or_insert_with(|| vec![Vec::new(); self.systems.len()]);
                    if let Some(list) = lists.get_mut(position) {
                        list.push(id);
                    }
                }
            }
            self.neighbours =
                all.into_iter().map(|(kind, lists)| (kind, Arc::new(lists))).collect();
        }
        self.neighbours.get(&kind).cloned().unwrap_or_default()
    }

    /// What a test wants of the records of a kind, and all that is known of them.
    fn wanted(
        &mut self,
        (kind, states, with, fresh): Wishes<'b>,
        only: &'b Fields,
    ) -> Option<(Wanted<'b>, Vec<Field<'b>>, Arc<Census>)> {
        let of_kind = Kind::from_name(kind)?;
        let with = fields(&self.questions, of_kind, with);
        let only = fields(&self.questions, of_kind, only);
        Some((Wanted { kind, states, with, fresh }, only, self.census(of_kind)))
    }

    fn record(
        &mut self,
        place: Place<'_, 'b>,
        wishes: Wishes<'b>,
        at_least: u32,
        per: Per,
    ) -> Answer<'b> {
        let mut answer = Answer::default();
        let Some((wanted, _, census)) = self.wanted(wishes, &NONE) else { return answer };
        let mut ask = |positions: &mut dyn Iterator<Item = usize>, system| match enough(
            &wanted, &census, positions, at_least,
        ) {
            Ok(record) => answer.holds(Some(record)),
            Err((record, lack)) => {
                answer.lacks(Missing { system, wanted: wanted.kind, record, lack });
            }
        };
        self.ask_each(place, per, &census, &mut ask);
        answer
    }

    /// Asks of all records of the census at once, or for each AI system of those about it.
    fn ask_each(&mut self, place: Place<'_, 'b>, per: Per, census: &Census, ask: &mut Ask<'_>) {
        if per == Per::Organisation {
            return ask(&mut (0..census.records.len()), None);
        }
        let about = census.about(&self.neighbours(census.kind));
        for (position, system) in self.asked_of(place, per) {
            let mut positions = about.get(position).into_iter().flatten().copied();
            ask(&mut positions, Some(system.id));
        }
    }

    fn every(
        &mut self,
        place: Place<'_, 'b>,
        wishes: Wishes<'b>,
        only: &'b Fields,
        at_least: u32,
        per: Per,
    ) -> Answer<'b> {
        let mut answer = Answer::default();
        let Some((wanted, only, census)) = self.wanted(wishes, only) else { return answer };
        let mut ask = |positions: &mut dyn Iterator<Item = usize>, system| {
            let mut count = 0;
            for position in positions {
                let Some(seen) = census.records.get(position) else { continue };
                let concerned = seen.live
                    && seen.in_scope
                    && only.iter().all(|field| census.says(position, field.question));
                if !concerned {
                    continue;
                }
                count += 1;
                match wanted.lack(&census, position, seen) {
                    None => answer.holds(Some(seen.id)),
                    Some(lack) => {
                        let (wanted, record) = (wanted.kind, Some(seen.id));
                        answer.lacks(Missing { system, wanted, record, lack });
                    }
                }
            }
            if count < at_least {
                let (wanted, lack) = (wanted.kind, Lack::None);
                answer.lacks(Missing { system, wanted, record: None, lack });
            }
        };
        self.ask_each(place, per, &census, &mut ask);
        answer
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
            self.asked_of(place, per).for_each(|(_, system)| ask(Some(system.id)));
        }
        answer
    }

    /// Documents of the wanted type or, without one, those that name the requirement or one above it.
    fn documents(&self, place: Place<'_, 'b>, wanted: Option<&str>) -> Vec<&Document<'b>> {
        if let Some(wanted) = wanted {
            return self.documents.of_type(wanted).collect();
        }
        let asked = std::iter::once(place.reference.clone()).chain(place.above());
        asked.flat_map(|asked| self.documents.naming(asked.as_str())).collect()
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
        let answers = tests.iter().map(|test| self.ask(place, test));
        let best = answers.max_by_key(|answer| (answer.asked == answer.held, answer.held));
        best.unwrap_or_default()
    }
}

/// Fields, as paths with dots, and the values of which each is to have one.
type Fields = BTreeMap<String, Vec<String>>;

/// What a test on records names: kind, states, fields, and whether they must not be past their review date.
type Wishes<'b> = (&'b str, &'b [String], &'b Fields, bool);

/// No fields.
static NONE: Fields = BTreeMap::new();

/// Which record makes it enough of those that are wanted; else the one that comes nearest.
fn enough<'b>(
    wanted: &Wanted<'b>,
    census: &Census,
    positions: &mut dyn Iterator<Item = usize>,
    at_least: u32,
) -> Result<RecordId, (Option<RecordId>, Lack<'b>)> {
    let mut count = 0;
    let mut nearest = (None, Lack::None);
    for position in positions {
        let Some(seen) = census.records.get(position) else { continue };
        // A final state counts when it is named: a closed action, a retired system.
        if !seen.live && !wanted.names(seen.state) {
            continue;
        }
        match wanted.lack(census, position, seen) {
            None => count += 1,
            Some(lack) => {
                if nearest.0.is_none() {
                    nearest = (Some(seen.id), lack);
                }
                continue;
            }
        }
        if count >= at_least {
            return Ok(seen.id);
        }
    }
    Err(nearest)
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

/// The records that have to do with an AI system.
fn neighbours(book: &Book, system: &Record) -> impl Iterator<Item = RecordId> {
    let id = system.id;
    let mut targets: Vec<_> =
        system.body.references().into_iter().map(|(_, target)| target).collect();
    targets.sort_unstable();
    targets.dedup();
    let others = targets.into_iter().filter(move |target| !book.refers(*target, id));
    book.referring(id).chain([id]).chain(others)
}
