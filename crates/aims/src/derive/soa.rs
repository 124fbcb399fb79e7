//! The Statement of Applicability (ISO/IEC 42001 6.1.3 f) as a matrix: controls x AI systems.
//!
//! A decision is looked for at the AI system, then at its group, then at the organisation; the first that says anything
//! counts. The same goes, field by field, for how the control is done, who owns it and how often it runs.
//!
//! Three scores, never mixed: *designed* (decided with a justification, described, owned), *documented* (an approved
//! document is in force) and *operating* (implemented, and accepted evidence other than policies and templates covers
//! the day).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Serialize, Serializer, ser::SerializeStruct};
use surety_catalog::{Cadence, Requirement, RequirementRef};

use super::{Gaps, Reason, Rule, Window, covered, cover};
use crate::{
    Book, Record, RecordId, Ref, Span,
    book::{date, day},
    of,
    records::{AiSystem, ControlImplementation, ControlledDocument, Person, Policy},
};

/// The matrix. Cells stand control by control, in the order of `systems`.
#[derive(Clone, Debug, Serialize)]
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
#[derive(Clone, Debug, Serialize)]
pub struct System<'b> {
    pub id: RecordId,
    pub name: &'b str,
    pub state: &'static str,
    pub group: Option<RecordId>,
}

/// A row: a control, with the decision for the organisation as a whole.
#[derive(Clone, Debug, Serialize)]
pub struct Control<'b> {
    pub id: &'b str,
    pub title: &'b str,
    /// The heading that it stands under.
    pub objective: Option<&'b str>,
    pub organisation: Cell<'b>,
    pub scores: Scores,
}

/// How many cells apply, and how many of these reach each score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
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
        part.saturating_mul(100).checked_div(self.applicable.saturating_add(self.undecided)).unwrap_or(0)
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
#[derive(Clone, Debug, PartialEq)]
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
    systems: BTreeMap<u32, Decision<'b>>,
}

type Decision<'b> = (&'b Record, &'b ControlImplementation);

/// What all cells of one control share.
struct Row<'b> {
    reference: String,
    control: &'b Requirement,
    decisions: Decisions<'b>,
    /// Approved documents that name the control: for the AI systems listed, or for all.
    documents: Vec<(RecordId, &'b [Ref<AiSystem>])>,
    whole: Vec<Evidence>,
    window: (i32, i32),
    on: i32,
}

type Evidence = (u32, Span);

/// The matrix of `controls` of `framework` on a day. Reads the records of `book` only.
pub fn soa<'b>(
    book: &'b Book,
    framework: &'b str,
    controls: &[&'b Requirement],
    on: Date,
    window: Window,
) -> Soa<'b> {
    let systems = systems(book);
    let mut rows = Vec::with_capacity(controls.len());
    let mut cells = Vec::with_capacity(controls.len().saturating_mul(systems.len()));
    let mut total = Scores::default();
    for control in controls {
        let row = Row::new(book, framework, control, on, window);
        let mut scores = Scores::default();
        let mut own = row.evidence_of_systems(book).peekable();
        for (system, group) in &systems {
            let mut evidence = Vec::new();
            while own.peek().is_some_and(|((number, _), _)| *number < system.id.number) {
                own.next();
            }
            while let Some(((_, item), span)) =
                own.next_if(|((number, _), _)| *number == system.id.number)
            {
                evidence.push((item, span));
            }
            let cell = row.cell(book, Some((system.id.number, *group)), &evidence);
            scores.count(&cell);
            cells.push(cell);
        }
        total.add(scores);
        let organisation = row.cell(book, None, &[]);
        rows.push(Control {
            id: &control.id,
            title: &control.title,
            objective: control.parent.as_deref(),
            organisation,
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

impl<'b> Row<'b> {
    fn new(
        book: &'b Book,
        framework: &str,
        control: &'b Requirement,
        on: Date,
        window: Window,
    ) -> Row<'b> {
        let reference = RequirementRef::new(framework, &control.id).to_string();
        let whole = book
            .coverage(&reference)
            .take_while(|((system, _), _)| *system == 0)
            .map(|((_, item), span)| (item, span))
            .collect();
        Row {
            decisions: Decisions::of(book, &reference),
            documents: documents(book, &reference, on),
            whole,
            window: (day(window.from), day(window.to)),
            on: day(on),
            reference,
            control,
        }
    }

    fn evidence_of_systems(&self, book: &'b Book) -> impl Iterator<Item = ((u32, u32), Span)> + use<'b> {
        // Sorted by system, so that the cells of a row take theirs one after the other.
        let spans: Vec<_> =
            book.coverage(&self.reference).skip_while(|((system, _), _)| *system == 0).collect();
        spans.into_iter()
    }

    /// The cell of a system (number, group), or that of the organisation.
    fn cell(&self, book: &Book, place: Option<(u32, Option<u32>)>, own: &[Evidence]) -> Cell<'b> {
        let system = place.map(|(number, _)| number);
        let levels = self.decisions.levels(place);
        let decision = levels.iter().flatten().find(|(_, said)| said.applicable.is_some());
        let done = levels.iter().flatten().find(|(_, said)| !said.description.is_empty()).or(decision);
        let owner = levels.iter().flatten().find_map(|(_, said)| said.owner);
        let cadence = levels.iter().flatten().find_map(|(_, said)| said.cadence);
        let applicable = decision.and_then(|(_, said)| said.applicable);
        let mut cell = Cell {
            control: &self.control.id,
            system: system.map(|number| Ref::<AiSystem>::new(number).id()),
            applicable,
            justification: decision.map_or("", |(_, said)| said.justification.as_str()),
            decided_by: decision.map(|(record, _)| record.id),
            implementation: done.map(|(record, _)| record.id),
            state: match applicable {
                None => "undecided",
                Some(false) => "excluded",
                Some(true) => done.map_or("not_started", |(record, _)| record.state),
            },
            owner,
            cadence: cadence.map(Into::into).or(self.control.cadence).unwrap_or(Cadence::Annual),
            designed: false,
            documented: false,
            operating: false,
            uncovered: Gaps::default(),
            why: Vec::with_capacity(6),
        };
        cell.why.push(self.decided(&levels, decision));
        self.judge_design(&mut cell, done.copied());
        if applicable == Some(true) {
            self.contradiction(&mut cell);
            self.judge_documents(book, &mut cell, &levels, system);
            // What the whole organisation does is proved for the whole; what a system does its own way is not.
            let inherited = done.is_none_or(|(_, said)| said.ai_system.is_none());
            let whole: &[Evidence] = if inherited { &self.whole } else { &[] };
            self.judge_operation(&mut cell, own, whole, done.copied());
        }
        cell
    }

    fn decided(&self, levels: &[Option<Decision<'b>>; 3], decision: Option<&Decision<'b>>) -> Reason {
        let Some((record, said)) = decision else {
            let record = levels.iter().flatten().next().map(|(record, _)| record.id);
            return Reason { rule: Rule::Undecided, record };
        };
        let rule = match (said.ai_system, said.group) {
            (Some(_), _) => Rule::DecidedForSystem,
            (None, Some(_)) => Rule::DecidedForGroup,
            (None, None) => Rule::DecidedForOrganisation,
        };
        Reason { rule, record: Some(record.id) }
    }

    fn contradiction(&self, cell: &mut Cell<'b>) {
        if let Some((record, said)) = self.decisions.organisation
            && said.applicable == Some(false)
        {
            cell.why.push(Reason { rule: Rule::ContradictsOrganisation, record: Some(record.id) });
        }
    }

    fn judge_design(&self, cell: &mut Cell<'b>, done: Option<Decision<'b>>) {
        let before = cell.why.len();
        if cell.applicable.is_some() && cell.justification.is_empty() {
            cell.why.push(Reason { rule: Rule::NotJustified, record: cell.decided_by });
        }
        if cell.applicable == Some(true) {
            if done.is_none_or(|(_, said)| said.description.is_empty()) {
                cell.why.push(Reason { rule: Rule::NotDescribed, record: cell.implementation });
            }
            if cell.owner.is_none() {
                cell.why.push(Reason { rule: Rule::NotOwned, record: cell.implementation });
            }
            cell.designed = cell.why.len() == before;
        }
    }

    fn judge_documents(
        &self,
        book: &Book,
        cell: &mut Cell<'b>,
        levels: &[Option<Decision<'b>>; 3],
        system: Option<u32>,
    ) {
        let on = date(self.on);
        let linked = levels
            .iter()
            .flatten()
            .map(|(_, said)| &said.documents)
            .find(|documents| !documents.is_empty())
            .and_then(|documents| {
                documents.iter().find(|id| book.get(**id).is_some_and(|document| is_in_force(document, on)))
            });
        let named = || {
            self.documents.iter().find(|(_, systems)| {
                systems.is_empty()
                    || systems.iter().any(|listed| Some(listed.number) == system)
            })
        };
        let document = linked.copied().or_else(|| named().map(|(id, _)| *id));
        cell.documented = document.is_some();
        let rule = if cell.documented { Rule::Documented } else { Rule::NotDocumented };
        cell.why.push(Reason { rule, record: document });
    }

    fn judge_operation(
        &self,
        cell: &mut Cell<'b>,
        own: &[Evidence],
        whole: &[Evidence],
        done: Option<Decision<'b>>,
    ) {
        let all = || own.iter().chain(whole);
        let mut runs: Vec<(i32, i32)> = all()
            .filter(|(_, span)| span.operating)
            .filter_map(|(_, span)| covered(*span, cell.cadence))
            .collect();
        cell.uncovered = cover::gaps(&mut runs, self.window.0, self.window.1);
        let today = |(item, span): &Evidence| {
            let (from, to) = covered(*span, cell.cadence).filter(|_| span.operating)?;
            (from..=to).contains(&self.on).then_some(evidence(*item))
        };
        let implemented = done.is_some_and(|(record, _)| record.lifecycle().is_in_force(record.state));
        let proof = all().find_map(today);
        cell.operating = implemented && proof.is_some();
        if !implemented {
            cell.why.push(Reason { rule: Rule::NotInOperation, record: cell.implementation });
        }
        let latest = || all().max_by_key(|(_, span)| span.to).map(|(item, _)| evidence(*item));
        cell.why.push(match proof {
            Some(proof) => Reason { rule: Rule::Covered, record: Some(proof) },
            None if runs.is_empty() && latest().is_none() => {
                Reason { rule: Rule::NeverEvidenced, record: None }
            }
            None if runs.is_empty() => Reason { rule: Rule::PolicyOnly, record: latest() },
            None => Reason { rule: Rule::NotCovered, record: latest() },
        });
    }
}

fn evidence(number: u32) -> RecordId {
    Ref::<crate::records::EvidenceItem>::new(number).id()
}

impl<'b> Decisions<'b> {
    /// The live decisions about a control; of two for the same place, the first made counts.
    fn of(book: &'b Book, reference: &str) -> Decisions<'b> {
        let mut decisions =
            Decisions { organisation: None, groups: BTreeMap::new(), systems: BTreeMap::new() };
        for record in book.naming(reference).filter(|record| record.is_live()) {
            let Some(said) = of::<ControlImplementation>(record) else { continue };
            match (said.ai_system, said.group) {
                (Some(system), _) => {
                    decisions.systems.entry(system.number).or_insert((record, said));
                }
                (None, Some(group)) => {
                    decisions.groups.entry(group.number).or_insert((record, said));
                }
                (None, None) => {
                    decisions.organisation.get_or_insert((record, said));
                }
            }
        }
        decisions
    }

    /// Nearest first: system, group, organisation.
    fn levels(&self, place: Option<(u32, Option<u32>)>) -> [Option<Decision<'b>>; 3] {
        let system = place.and_then(|(system, _)| self.systems.get(&system).copied());
        let group = place.and_then(|(_, group)| self.groups.get(&group?).copied());
        [system, group, self.organisation]
    }
}

/// Policies and controlled documents in force on a day that name the requirement.
fn documents<'b>(
    book: &'b Book,
    reference: &str,
    on: Date,
) -> Vec<(RecordId, &'b [Ref<AiSystem>])> {
    book.naming(reference)
        .filter(|record| is_in_force(record, on))
        .map(|record| {
            let systems = of::<ControlledDocument>(record).map(|document| document.ai_systems.as_slice());
            (record.id, systems.unwrap_or_default())
        })
        .collect()
}

/// Whether a policy or document has an approved version whose time has come.
pub(super) fn is_in_force(record: &Record, on: Date) -> bool {
    use crate::records::Typed;
    let Some(body) = record.effective() else { return false };
    let from = match (Policy::of(body), ControlledDocument::of(body)) {
        (Some(policy), _) => policy.effective_from,
        (_, Some(document)) => document.effective_from,
        (None, None) => return false,
    };
    from.is_none_or(|from| from <= on)
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut cell = serializer.serialize_struct("Cell", 16)?;
        cell.serialize_field("control", self.control)?;
        cell.serialize_field("system", &self.system)?;
        cell.serialize_field("applicable", &self.applicable)?;
        cell.serialize_field("justification", self.justification)?;
        cell.serialize_field("source", &self.decided_by)?;
        cell.serialize_field("level", &self.level())?;
        cell.serialize_field("implementation", &self.implementation)?;
        cell.serialize_field("state", self.state)?;
        cell.serialize_field("owner", &self.owner)?;
        cell.serialize_field("cadence", &self.cadence)?;
        cell.serialize_field("designed", &self.designed)?;
        cell.serialize_field("documented", &self.documented)?;
        cell.serialize_field("operating", &self.operating)?;
        cell.serialize_field("uncovered_days", &self.uncovered.days())?;
        let runs: Vec<Window> = self
            .uncovered
            .0
            .iter()
            .map(|(from, to)| Window { from: date(*from), to: date(*to) })
            .collect();
        cell.serialize_field("uncovered", &runs)?;
        cell.serialize_field("why", &self.why)?;
        cell.end()
    }
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
