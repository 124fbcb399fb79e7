//! The Statement of Applicability (ISO/IEC 42001 6.1.3 f) as a matrix: controls x AI systems.
//!
//! A decision is looked for at the AI system, then at its group, then at the organisation; the first that says anything
//! counts. The same goes, field by field, for how the control is done, who owns it and how often it runs.
//!
//! Three scores, never mixed: *designed* (decided with a justification, described, owned), *documented* (an approved
//! document is in force) and *operating* (implemented, and accepted evidence other than policies and templates covers
//! the day).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use surety_catalog::{Cadence, Requirement, RequirementRef};

use super::{Gaps, Reason, Rule, Window, cover, covered};
use crate::{
    Body, Book, Kind, Record, RecordId, Ref, Span,
    book::{date, day},
    of,
    records::{self, AiSystem, ControlImplementation, ControlledDocument, Person, Policy, Typed},
};

/// The matrix. Cells stand control by control, in the order of `systems`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Soa<'b> {
    pub framework: &'b str,
    /// The day asked about.
    pub on: Date,
    /// The period in which uncovered days are counted.
    pub window: Window,
    pub systems: Vec<System<'b>>,
    pub controls: Vec<Control<'b>>,
    pub cells: Vec<Cell<'b>>,
    pub scores: Scores,
}

/// A column: an AI system in scope that is not retired or rejected.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct System<'b> {
    pub id: RecordId,
    pub name: &'b str,
    pub state: &'static str,
    pub group: Option<RecordId>,
}

/// A row: a control, with the decision for the organisation as a whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Control<'b> {
    pub id: &'b str,
    pub title: &'b str,
    /// The heading that it stands under.
    pub objective: Option<&'b str>,
    pub organisation: Cell<'b>,
    pub scores: Scores,
}

/// How many cells apply, and how many of these reach each score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Scores {
    pub applicable: u32,
    pub excluded: u32,
    pub undecided: u32,
    pub designed: u32,
    pub documented: u32,
    pub operating: u32,
}

impl Scores {
    fn count(&mut self, cell: &Cell<'_>) {
        match cell.applicable {
            Some(true) => self.applicable += 1,
            Some(false) => self.excluded += 1,
            None => self.undecided += 1,
        }
        self.designed += u32::from(cell.designed);
        self.documented += u32::from(cell.documented);
        self.operating += u32::from(cell.operating);
    }

    /// `part` of the cells that count (applicable or undecided), in whole percent, rounded down.
    pub fn percent(&self, part: u32) -> u32 {
        part.saturating_mul(100)
            .checked_div(self.applicable.saturating_add(self.undecided))
            .unwrap_or(0)
    }

    fn add(&mut self, other: Scores) {
        self.applicable += other.applicable;
        self.excluded += other.excluded;
        self.undecided += other.undecided;
        self.designed += other.designed;
        self.documented += other.documented;
        self.operating += other.operating;
    }
}

/// One control for one AI system, or for the organisation as a whole.
#[derive(Clone, Debug, PartialEq, JsonSchema)]
#[schemars(with = "Shown<'b>")]
pub struct Cell<'b> {
    pub control: &'b str,
    /// `None`: the organisation as a whole.
    pub system: Option<RecordId>,
    /// `None`: nobody has decided.
    pub applicable: Option<bool>,
    pub justification: &'b str,
    /// The record that decides.
    pub decided_by: Option<RecordId>,
    /// The record that says how it is done, and its state.
    pub implementation: Option<RecordId>,
    pub state: &'static str,
    pub owner: Option<Ref<Person>>,
    pub cadence: Cadence,
    pub designed: bool,
    pub documented: bool,
    pub operating: bool,
    /// Days of the window without operating evidence; empty for a control that does not apply.
    pub uncovered: Gaps,
    pub why: Vec<Reason>,
}

/// Which decisions about one control stand where.
struct Decisions<'b> {
    organisation: Option<Decision<'b>>,
    groups: BTreeMap<u32, Decision<'b>>,
    /// By number of the AI system.
    systems: Vec<(u32, Decision<'b>)>,
}

/// One decision, as far as cells read it. Copied together, because cells take many of them from all over the memory.
#[derive(Clone, Copy)]
struct Decision<'b> {
    record: RecordId,
    state: &'static str,
    implemented: bool,
    /// Where it stands.
    level: Rule,
    applicable: Option<bool>,
    justification: &'b str,
    described: bool,
    owner: Option<Ref<Person>>,
    cadence: Option<records::Cadence>,
    documents: &'b [RecordId],
}

/// The decisions that speak for one cell, nearest first: AI system, group, organisation.
type Levels<'b> = [Option<Decision<'b>>; 3];

/// A document that names a requirement, and the AI systems that it is about; none for all.
type Naming<'b> = (RecordId, &'b [Ref<AiSystem>]);

/// Policies and controlled documents in force on a day.
struct Documents<'b> {
    in_force: BTreeSet<RecordId>,
    /// By requirement that the version in force names: the document and the AI systems it is about, none for all.
    naming: HashMap<&'b str, Vec<Naming<'b>>>,
}

/// What all cells of one control share.
struct Row<'a, 'b> {
    control: &'b Requirement,
    decisions: Decisions<'b>,
    documents: &'a Documents<'b>,
    /// Documents that name the control.
    named: &'a [(RecordId, &'b [Ref<AiSystem>])],
    /// Evidence about the whole organisation.
    whole: Vec<Evidence>,
    window: (i32, i32),
    on: i32,
}

type Evidence = (u32, Span);

/// What speaks for one cell in particular.
struct Place<'p, 'b> {
    system: Option<u32>,
    levels: Levels<'b>,
    /// Evidence about the AI system.
    evidence: &'p [Evidence],
}

/// The matrix of `controls` of `framework` on a day. Reads the records of `book` only.
pub fn soa<'b>(
    book: &'b Book,
    framework: &'b str,
    controls: &[&'b Requirement],
    on: Date,
    window: Window,
) -> Soa<'b> {
    let systems = systems(book);
    let documents = Documents::on(book, on);
    let mut rows = Vec::with_capacity(controls.len());
    let mut cells = Vec::with_capacity(controls.len().saturating_mul(systems.len()));
    let mut total = Scores::default();
    for control in controls {
        let reference = RequirementRef::new(framework, &control.id);
        let row = Row::new(book, reference.as_str(), control, &documents, on, window);
        let first = cells.len();
        row.fill(book.coverage(reference.as_str()), &systems, &mut cells);
        let mut scores = Scores::default();
        cells.iter().skip(first).for_each(|cell| scores.count(cell));
        total.add(scores);
        let levels = [None, None, row.decisions.organisation];
        rows.push(Control {
            id: &control.id,
            title: &control.title,
            objective: control.parent.as_deref(),
            organisation: row.cell(&Place { system: None, levels, evidence: &[] }, &mut Vec::new()),
            scores,
        });
    }
    let systems = systems.into_iter().map(|(system, _)| system).collect();
    Soa { framework, on, window, systems, controls: rows, cells, scores: total }
}

/// The columns, by number, with the number of their group.
fn systems(book: &Book) -> Vec<(System<'_>, Option<u32>)> {
    book.all::<AiSystem>()
        .filter(|(record, system)| record.is_live() && system.in_scope)
        .map(|(record, system)| {
            let group = system.group;
            let column = System {
                id: record.id,
                name: &system.name,
                state: record.state,
                group: group.map(Ref::id),
            };
            (column, group.map(|group| group.number))
        })
        .collect()
}

impl<'b> Documents<'b> {
    fn on(book: &'b Book, on: Date) -> Documents<'b> {
        let mut documents = Documents { in_force: BTreeSet::new(), naming: HashMap::new() };
        let all = book.of_kind(Kind::Policy).chain(book.of_kind(Kind::ControlledDocument));
        for record in all {
            let Some(body) = in_force(record, on) else { continue };
            documents.in_force.insert(record.id);
            let (names, systems): (&[_], &[_]) =
                match (Policy::of(body), ControlledDocument::of(body)) {
                    (Some(policy), _) => (&policy.clause_refs, &[]),
                    (_, Some(document)) => (&document.clause_refs, &document.ai_systems),
                    (None, None) => continue,
                };
            for name in names {
                documents.naming.entry(name.0.as_str()).or_default().push((record.id, systems));
            }
        }
        documents
    }
}

impl<'a, 'b> Row<'a, 'b> {
    fn new(
        book: &'b Book,
        reference: &str,
        control: &'b Requirement,
        documents: &'a Documents<'b>,
        on: Date,
        window: Window,
    ) -> Row<'a, 'b> {
        Row {
            decisions: Decisions::of(book, reference),
            documents,
            named: documents.naming.get(reference).map_or(&[], Vec::as_slice),
            whole: book.coverage_of(reference, 0).collect(),
            window: (day(window.from), day(window.to)),
            on: day(on),
            control,
        }
    }

    /// Adds the cells of all systems. Systems, decisions and evidence all come by number of the system.
    fn fill(
        &self,
        evidence: impl Iterator<Item = ((u32, u32), Span)>,
        systems: &[(System<'b>, Option<u32>)],
        cells: &mut Vec<Cell<'b>>,
    ) {
        let mut evidence = evidence.peekable();
        let mut decisions = self.decisions.systems.iter().peekable();
        let (mut own, mut runs) = (Vec::new(), Vec::new());
        for (system, group) in systems {
            let number = system.id.number;
            while evidence.next_if(|((other, _), _)| *other < number).is_some() {}
            own.clear();
            while let Some(((_, item), span)) = evidence.next_if(|((other, _), _)| *other == number)
            {
                own.push((item, span));
            }
            while decisions.next_if(|(other, _)| *other < number).is_some() {}
            let decision = decisions.next_if(|(other, _)| *other == number).map(|(_, said)| *said);
            let group = group.and_then(|group| self.decisions.groups.get(&group).copied());
            let levels = [decision, group, self.decisions.organisation];
            cells.push(
                self.cell(&Place { system: Some(number), levels, evidence: &own }, &mut runs),
            );
        }
    }

    /// One cell. `runs` is room to work in.
    fn cell(&self, place: &Place<'_, 'b>, runs: &mut Vec<(i32, i32)>) -> Cell<'b> {
        let levels = || place.levels.iter().flatten();
        let decision = levels().find(|said| said.applicable.is_some());
        let done = levels().find(|said| said.described).or(decision);
        let applicable = decision.and_then(|said| said.applicable);
        let cadence = levels().find_map(|said| said.cadence).map(Into::into);
        let mut cell = Cell {
            control: &self.control.id,
            system: place.system.map(|number| RecordId::new(Kind::AiSystem, number)),
            applicable,
            justification: decision.map_or("", |said| said.justification),
            decided_by: decision.map(|said| said.record),
            implementation: done.map(|said| said.record),
            state: match applicable {
                None => "undecided",
                Some(false) => "excluded",
                Some(true) => done.map_or("not_started", |said| said.state),
            },
            owner: levels().find_map(|said| said.owner),
            cadence: cadence.or(self.control.cadence).unwrap_or(Cadence::Annual),
            designed: false,
            documented: false,
            operating: false,
            uncovered: Gaps::default(),
            why: Vec::with_capacity(4),
        };
        cell.why.push(decided(&place.levels, decision));
        judge_design(&mut cell, done);
        if applicable == Some(true) {
            self.contradiction(&mut cell);
            self.judge_documents(&mut cell, place);
            self.judge_operation(&mut cell, place.evidence, done, runs);
        }
        cell
    }

    fn contradiction(&self, cell: &mut Cell<'b>) {
        if let Some(said) = self.decisions.organisation
            && said.applicable == Some(false)
        {
            let record = Some(said.record);
            cell.why.push(Reason { rule: Rule::ContradictsOrganisation, record });
        }
    }

    fn judge_documents(&self, cell: &mut Cell<'b>, place: &Place<'_, 'b>) {
        let linked = place
            .levels
            .iter()
            .flatten()
            .map(|said| said.documents)
            .find(|documents| !documents.is_empty())
            .and_then(|documents| documents.iter().find(|id| self.documents.in_force.contains(id)));
        let is_about = |systems: &[Ref<AiSystem>]| {
            systems.is_empty() || systems.iter().any(|listed| Some(listed.number) == place.system)
        };
        let named = || self.named.iter().find(|(_, systems)| is_about(systems)).map(|(id, _)| *id);
        let document = linked.copied().or_else(named);
        cell.documented = document.is_some();
        let rule = if cell.documented { Rule::Documented } else { Rule::NotDocumented };
        cell.why.push(Reason { rule, record: document });
    }

    fn judge_operation(
        &self,
        cell: &mut Cell<'b>,
        own: &[Evidence],
        done: Option<&Decision<'b>>,
        runs: &mut Vec<(i32, i32)>,
    ) {
        // What the whole organisation does is proved for the whole; what a system does its own way is not.
        let inherited = done.is_none_or(|said| said.level != Rule::DecidedForSystem);
        let whole: &[Evidence] = if inherited { &self.whole } else { &[] };
        let mut proof = None;
        runs.clear();
        for (item, span) in own.iter().chain(whole).filter(|(_, span)| span.operating) {
            let Some((from, to)) = covered(*span, cell.cadence) else { continue };
            runs.push((from, to));
            if proof.is_none() && (from..=to).contains(&self.on) {
                proof = Some(evidence(*item));
            }
        }
        cell.uncovered = cover::gaps(runs, self.window.0, self.window.1);
        let implemented = done.is_some_and(|said| said.implemented);
        cell.operating = implemented && proof.is_some();
        if !implemented {
            cell.why.push(Reason { rule: Rule::NotInOperation, record: cell.implementation });
        }
        cell.why.push(match proof {
            Some(proof) => Reason { rule: Rule::Covered, record: Some(proof) },
            None => unproved(own.iter().chain(whole)),
        });
    }
}

/// Why there is no proof for the day, by the latest item that comes nearest to one.
fn unproved<'e>(all: impl Iterator<Item = &'e Evidence>) -> Reason {
    match all.max_by_key(|(_, span)| (span.operating, span.to)) {
        None => Reason { rule: Rule::NeverEvidenced, record: None },
        Some((item, span)) => {
            let rule = if span.operating { Rule::NotCovered } else { Rule::PolicyOnly };
            Reason { rule, record: Some(evidence(*item)) }
        }
    }
}

fn decided(levels: &Levels<'_>, decision: Option<&Decision<'_>>) -> Reason {
    match decision {
        Some(said) => Reason { rule: said.level, record: Some(said.record) },
        None => {
            let record = levels.iter().flatten().next().map(|said| said.record);
            Reason { rule: Rule::Undecided, record }
        }
    }
}

fn judge_design(cell: &mut Cell<'_>, done: Option<&Decision<'_>>) {
    let before = cell.why.len();
    if cell.applicable.is_some() && cell.justification.is_empty() {
        cell.why.push(Reason { rule: Rule::NotJustified, record: cell.decided_by });
    }
    if cell.applicable == Some(true) {
        if done.is_none_or(|said| !said.described) {
            cell.why.push(Reason { rule: Rule::NotDescribed, record: cell.implementation });
        }
        if cell.owner.is_none() {
            cell.why.push(Reason { rule: Rule::NotOwned, record: cell.implementation });
        }
        cell.designed = cell.why.len() == before;
    }
}

fn evidence(number: u32) -> RecordId {
    Ref::<crate::records::EvidenceItem>::new(number).id()
}

impl<'b> Decisions<'b> {
    /// The live decisions about a control; of two for the same place, the first made counts.
    fn of(book: &'b Book, reference: &str) -> Decisions<'b> {
        // In three passes, each so short that the processor waits for many records at once.
        let named = book.naming_of_kind(reference, Kind::ControlImplementation);
        let records: Vec<&Record> = named.collect();
        let live: Vec<_> = records
            .into_iter()
            .filter(|record| record.is_live())
            .filter_map(|record| Some((record, of::<ControlImplementation>(record)?)))
            .collect();
        let mut decisions =
            Decisions { organisation: None, groups: BTreeMap::new(), systems: Vec::new() };
        for (record, said) in live {
            let decision = Decision::of(record, said);
            match (said.ai_system, said.group) {
                (Some(system), _) => decisions.systems.push((system.number, decision)),
                (None, Some(group)) => {
                    decisions.groups.entry(group.number).or_insert(decision);
                }
                (None, None) => {
                    decisions.organisation.get_or_insert(decision);
                }
            }
        }
        // Stable, so that the first made stays first.
        decisions.systems.sort_by_key(|(system, _)| *system);
        decisions.systems.dedup_by_key(|(system, _)| *system);
        decisions
    }
}

impl<'b> Decision<'b> {
    fn of(record: &'b Record, said: &'b ControlImplementation) -> Decision<'b> {
        Decision {
            record: record.id,
            state: record.state,
            implemented: record.lifecycle().is_in_force(record.state),
            level: match (said.ai_system, said.group) {
                (Some(_), _) => Rule::DecidedForSystem,
                (None, Some(_)) => Rule::DecidedForGroup,
                (None, None) => Rule::DecidedForOrganisation,
            },
            applicable: said.applicable,
            justification: &said.justification,
            described: !said.description.is_empty(),
            owner: said.owner,
            cadence: said.cadence,
            documents: &said.documents,
        }
    }
}

/// The version of a policy or document that is approved and whose time has come.
pub(super) fn in_force(record: &Record, on: Date) -> Option<&Body> {
    let body = record.effective()?;
    let from = match (Policy::of(body), ControlledDocument::of(body)) {
        (Some(policy), _) => policy.effective_from,
        (_, Some(document)) => document.effective_from,
        (None, None) => return None,
    };
    from.is_none_or(|from| from <= on).then_some(body)
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let window = |(from, to): &(i32, i32)| Window { from: date(*from), to: date(*to) };
        let shown = Shown {
            control: self.control,
            system: self.system,
            applicable: self.applicable,
            justification: self.justification,
            source: self.decided_by,
            level: self.level(),
            implementation: self.implementation,
            state: self.state,
            owner: self.owner,
            cadence: self.cadence,
            designed: self.designed,
            documented: self.documented,
            operating: self.operating,
            uncovered_days: self.uncovered.days(),
            uncovered: self.uncovered.0.iter().map(window).collect(),
            why: &self.why,
        };
        shown.serialize(serializer)
    }
}

/// A cell as files and programs read it.
#[derive(Serialize, JsonSchema)]
struct Shown<'b> {
    control: &'b str,
    /// Null: the organisation as a whole.
    system: Option<RecordId>,
    /// Null: nobody has decided.
    applicable: Option<bool>,
    justification: &'b str,
    /// The record that decides.
    source: Option<RecordId>,
    /// Where it stands: `ai_system`, `group` or `organisation`.
    level: Option<&'static str>,
    /// The record that says how it is done.
    implementation: Option<RecordId>,
    /// Its state, or `undecided`, `excluded`, `not_started`.
    state: &'static str,
    owner: Option<Ref<Person>>,
    cadence: Cadence,
    designed: bool,
    documented: bool,
    operating: bool,
    /// Days of the window without operating evidence.
    uncovered_days: u32,
    uncovered: Vec<Window>,
    why: &'b [Reason],
}

impl Cell<'_> {
    /// Where the decision stands: `ai_system`, `group` or `organisation`; `None` if there is none.
    pub fn level(&self) -> Option<&'static str> {
        self.why.iter().find_map(|reason| match reason.rule {
            Rule::DecidedForSystem => Some("ai_system"),
            Rule::DecidedForGroup => Some("group"),
            Rule::DecidedForOrganisation => Some("organisation"),
            Rule::Undecided
            | Rule::ContradictsOrganisation
            | Rule::NotJustified
            | Rule::NotDescribed
            | Rule::NotOwned
            | Rule::Documented
            | Rule::NotDocumented
            | Rule::Covered
            | Rule::NotCovered
            | Rule::NeverEvidenced
            | Rule::PolicyOnly
            | Rule::NotInOperation => None,
        })
    }
}
