//! The gap analysis against a plain re-computation: every test, every level, every override.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};
use surety_aims::{
    Book, Kind, Record,
    derive::{
        Window,
        gap::{Analysis, Gap, Outcome, together},
        soa::{Soa, soa},
    },
    of,
    records::{
        AiSystem, AssessedResult, ControlImplementation, EvidenceItem, RequirementAssessment,
    },
};
use surety_catalog::{Cadence, Condition, Framework, Per, Requirement, RequirementKind, Test};

use crate::{
    cadence::wanted,
    given::World,
    random::{KINDS, TODAY, world},
    soa::in_force,
};

/// Applicability, system, the three scores, days without evidence.
type Cell = (Option<bool>, String, [bool; 3], Option<u32>);

/// A row of the framework with its tests.
type Tested<'t, K> = ((&'t str, Option<&'t str>, bool, K), Vec<Test>);

/// Every type of test, in every variety.
fn tests() -> Vec<Test> {
    let tests = json!([
        { "type": "record", "kind": "risk_assessment", "states": ["approved"], "fresh": true, "per": "ai_system" },
        { "type": "record", "kind": "policy", "states": ["approved"], "at_least": 2 },
        { "type": "record", "kind": "supplier", "per": "ai_system" },
        { "type": "record", "kind": "person", "states": ["active"], "per": "ai_system" },
        { "type": "record", "kind": "evidence_item", "states": ["accepted"], "with": { "kind": ["export"] }, "per": "operating_ai_system" },
        { "type": "record", "kind": "improvement_action", "states": ["closed"] },
        { "type": "record", "kind": "ai_system", "with": { "criticality": ["high"] }, "per": "ai_system" },
        { "type": "record", "kind": "risk", "with": { "inherent.individuals": ["3", "4"], "owner": ["*"] } },
        { "type": "record", "kind": "controlled_document", "states": ["approved"], "with": { "clause_refs": ["fw:1.1"] }, "fresh": true },
        { "type": "every", "kind": "ai_system", "only": { "criticality": ["high"] }, "with": { "owner": ["*"], "purpose": ["*"] } },
        { "type": "every", "kind": "risk", "with": { "treatment": ["modify"] }, "at_least": 1, "per": "ai_system" },
        { "type": "every", "kind": "controlled_document", "states": ["approved"], "fresh": true },
        { "type": "every", "kind": "control_implementation", "only": { "applicable": ["true"] }, "with": { "owner": ["*"] }, "per": "operating_ai_system" },
        { "type": "every", "kind": "audit_finding", "at_least": 2 },
        { "type": "document" },
        { "type": "document", "per": "ai_system" },
        { "type": "document", "document": "objective" },
        { "type": "document", "document": "management_review", "per": "operating_ai_system" },
        { "type": "evidence" },
        { "type": "evidence", "requirement": "1.2", "per": "ai_system" },
        { "type": "evidence", "per": "operating_ai_system" },
        { "type": "soa_complete" },
        { "type": "control_designed" },
        { "type": "control_documented" },
        { "type": "control_operating" },
        { "type": "any_of", "of": [
            { "type": "record", "kind": "policy", "states": ["approved"] },
            { "type": "evidence", "per": "ai_system" },
            { "type": "control_designed" },
        ] },
    ]);
    serde_json::from_value(tests).unwrap()
}

/// A framework with a heading, a clause in two parts, and three controls; each with some of the tests.
pub(crate) fn framework() -> impl Strategy<Value = Framework> {
    let wanted = vec(vec(select(tests()), 0..3), 7);
    (wanted, vec(select(&[None, Some(Cadence::Weekly), Some(Cadence::OnEvent)]), 7)).prop_map(
        |(wanted, cadences)| {
            let rows = [
                ("1", None, true, RequirementKind::Clause),
                ("1.1", Some("1"), true, RequirementKind::Clause),
                ("1.2", Some("1"), true, RequirementKind::Clause),
                ("A", None, false, RequirementKind::Heading),
                ("A.1", Some("A"), true, RequirementKind::Control),
                ("A.2", Some("A"), true, RequirementKind::Control),
                ("A.3", Some("A"), true, RequirementKind::Control),
            ];
            let requirement = |((row, tests), cadence): (Tested<'_, _>, _)| {
                let (id, parent, assessable, kind) = row;
                let condition = |(number, test)| Condition {
                    id: format!("c{number}"),
                    says: "it holds".to_owned(),
                    test,
                    effort: Default::default(),
                };
                Requirement {
                    id: id.to_owned(),
                    parent: parent.map(str::to_owned),
                    kind,
                    assessable,
                    cadence,
                    conditions: tests.into_iter().enumerate().map(condition).collect(),
                    ..Requirement::default()
                }
            };
            Framework {
                id: "fw".to_owned(),
                requirements: rows.into_iter().zip(wanted).zip(cadences).map(requirement).collect(),
                ..Framework::default()
            }
        },
    )
}

pub(crate) fn controls(framework: &Framework) -> Vec<&Requirement> {
    framework.requirements.iter().filter(|r| r.kind == RequirementKind::Control).collect()
}

/// What one test finds: how many it asks, how many hold, and for which AI systems (or the organisation) it does not.
#[derive(Debug, Default, PartialEq)]
struct Found {
    asked: u32,
    held: u32,
    lacking: Vec<Option<u32>>,
}

impl Found {
    fn ask(&mut self, system: Option<u32>, holds: bool) {
        self.asked += 1;
        if holds {
            self.held += 1;
        } else {
            self.lacking.push(system);
        }
    }

    fn outcome(&self) -> Outcome {
        if self.asked == 0 {
            Outcome::NotApplicable
        } else if self.held == self.asked {
            Outcome::Met
        } else if self.held == 0 {
            Outcome::NotMet
        } else {
            Outcome::Partly
        }
    }
}

struct Oracle<'b> {
    book: &'b Book,
    framework: &'b Framework,
    soa: &'b Soa<'b>,
}

/// The texts at a path with dots, of lists all.
fn texts(value: &Value, path: &[&str]) -> Vec<String> {
    match (value, path) {
        (Value::Array(list), _) => list.iter().flat_map(|item| texts(item, path)).collect(),
        (Value::Object(map), [first, rest @ ..]) => {
            map.get(*first).map(|inner| texts(inner, rest)).unwrap_or_default()
        }
        (Value::Object(map), []) => map.values().flat_map(|inner| texts(inner, &[])).collect(),
        (Value::Null, _) | (_, [_, ..]) => Vec::new(),
        (Value::String(text), []) => vec![text.clone()],
        (other, []) => vec![other.to_string()],
    }
}

fn says(body: &Value, fields: &std::collections::BTreeMap<String, Vec<String>>) -> bool {
    fields.iter().all(|(field, values)| {
        let said = texts(body, &field.split('.').collect::<Vec<_>>());
        said.iter().any(|text| values.iter().any(|value| value == "*" || value == text))
    })
}

fn is_stale(body: &Value) -> bool {
    let names = ["next_review", "next_due", "fresh_until", "valid_until", "assurance_until", "to"];
    names
        .iter()
        .any(|name| body[*name].as_str().is_some_and(|date| date < TODAY.to_string().as_str()))
}

/// Whether the record is one that is wanted, in the version that counts.
fn is_wanted(
    record: &Record,
    states: &[String],
    with: &std::collections::BTreeMap<String, Vec<String>>,
    fresh: bool,
) -> bool {
    let named = |state: &str| states.is_empty() || states.iter().any(|wanted| wanted == state);
    let body = if named(record.state) {
        record.body.to_json()
    } else if let Some(old) = &record.in_force
        && record.lifecycle().in_force.iter().any(|state| named(state))
    {
        old.body.to_json()
    } else {
        return false;
    };
    says(&body, with) && !(fresh && is_stale(&body))
}

fn mentions(record: &Record, id: &Record) -> bool {
    let text = format!("\"{}\"", id.id);
    record.body.to_json().to_string().contains(&text)
        || record
            .in_force
            .as_ref()
            .is_some_and(|old| old.body.to_json().to_string().contains(&text))
}

impl<'b> Oracle<'b> {
    fn systems(&self, per: Per) -> Vec<&'b Record> {
        self.book
            .all::<AiSystem>()
            .filter(|(record, system)| {
                system.in_scope
                    && !["retired", "rejected"].contains(&record.state)
                    && (per != Per::OperatingAiSystem || record.state == "in_operation")
            })
            .map(|(record, _)| record)
            .collect()
    }

    /// Whom a test asks: each AI system to which the requirement applies, or the organisation.
    fn asked(&self, requirement: &Requirement, per: Per) -> Vec<Option<&'b Record>> {
        let excluded = |system: &&Record| {
            requirement.kind == RequirementKind::Control
                && self.cells(&requirement.id).iter().any(|cell| {
                    cell.3 == Some(system.id.number) && cell.0 == Some(false) && !cell.1.is_empty()
                })
        };
        match per {
            Per::Organisation => vec![None],
            Per::AiSystem | Per::OperatingAiSystem => {
                self.systems(per).into_iter().filter(|system| !excluded(system)).map(Some).collect()
            }
        }
    }

    /// Whether a decision takes the requirement out altogether, so that nothing is asked of it.
    fn is_excluded(&self, requirement: &Requirement) -> bool {
        if requirement.kind == RequirementKind::Control {
            return self
                .cells(&requirement.id)
                .iter()
                .all(|cell| cell.0 == Some(false) && !cell.1.is_empty());
        }
        let mut found = Found::default();
        self.decided(requirement, &mut found);
        requirement.conditions.is_empty() && requirement.assessable && found.asked == 0
    }

    /// The records of a kind that have to do with the AI system, or all.
    fn about(&self, kind: &str, system: Option<&Record>) -> Vec<&'b Record> {
        self.book
            .records()
            .filter(|record| record.kind().name() == kind)
            .filter(|record| {
                system.is_none_or(|system| {
                    record.id == system.id || mentions(record, system) || mentions(system, record)
                })
            })
            .collect()
    }

    /// The requirement and the assessable ones above it.
    fn with_those_above(&self, requirement: &Requirement) -> Vec<String> {
        let mut names = vec![format!("fw:{}", requirement.id)];
        let parent = |id: &str| self.framework.requirements.iter().find(|other| other.id == id);
        let mut next = requirement.parent.as_deref().and_then(parent);
        while let Some(above) = next {
            if above.assessable {
                names.push(format!("fw:{}", above.id));
            }
            next = above.parent.as_deref().and_then(parent);
        }
        names
    }

    fn find(&self, requirement: &Requirement, test: &Test) -> Found {
        let mut found = Found::default();
        let number = |system: Option<&Record>| system.map(|system| system.id.number);
        match test {
            Test::Record { kind, states, with, fresh, at_least, per } => {
                for system in self.asked(requirement, *per) {
                    let wanted = |record: &&&Record| {
                        let counts =
                            record.is_live() || states.iter().any(|state| state == record.state);
                        counts && is_wanted(record, states, with, *fresh)
                    };
                    let count = self.about(kind, system).iter().filter(wanted).count();
                    found.ask(number(system), count >= usize::try_from(*at_least).unwrap());
                }
            }
            Test::Every { kind, only, states, with, fresh, at_least, per } => {
                for system in self.asked(requirement, *per) {
                    let mut all = self.about(kind, system);
                    all.retain(|record| {
                        record.is_live()
                            && of::<AiSystem>(record).is_none_or(|system| system.in_scope)
                            && says(&record.body.to_json(), only)
                    });
                    for record in &all {
                        found.ask(number(system), is_wanted(record, states, with, *fresh));
                    }
                    if all.len() < usize::try_from(*at_least).unwrap() {
                        found.ask(number(system), false);
                    }
                }
            }
            Test::Document { document, per } => {
                for system in self.asked(requirement, *per) {
                    let holds = self.documents(requirement, document.as_deref(), system);
                    found.ask(number(system), holds);
                }
            }
            Test::Evidence { requirement: named, per } => {
                let asked = match named {
                    Some(named) => vec![format!("fw:{named}")],
                    None => self.with_those_above(requirement),
                };
                for system in self.asked(requirement, *per) {
                    found.ask(number(system), self.is_evidenced(requirement, &asked, system));
                }
            }
            Test::SoaComplete => {
                for control in controls(self.framework) {
                    let decided = self
                        .cells(&control.id)
                        .iter()
                        .all(|cell| cell.0.is_some() && !cell.1.is_empty());
                    found.ask(None, decided);
                    // Which system is named is looked at by no one here.
                    found.lacking.clear();
                }
            }
            Test::ControlDesigned => self.control(requirement, |cell| cell.2[0], &mut found),
            Test::ControlDocumented => self.control(requirement, |cell| cell.2[1], &mut found),
            Test::ControlOperating => self.control(requirement, |cell| cell.2[2], &mut found),
            Test::AnyOf { of } => {
                let all = of.iter().map(|test| self.find(requirement, test));
                found = all.max_by_key(|one| (one.asked == one.held, one.held)).unwrap();
            }
        }
        found
    }

    fn documents(
        &self,
        requirement: &Requirement,
        wanted: Option<&str>,
        system: Option<&Record>,
    ) -> bool {
        self.book.records().any(|record| {
            let Some(body) = in_force(record) else { return false };
            let fits = match wanted {
                Some(wanted) => {
                    record.kind() == Kind::ControlledDocument && body["document_type"] == wanted
                }
                None => {
                    let named = texts(&body, &["clause_refs"]);
                    self.with_those_above(requirement).iter().any(|name| named.contains(name))
                }
            };
            let listed = texts(&body, &["ai_systems"]);
            let about = listed.is_empty()
                || system.is_none_or(|system| listed.contains(&system.id.to_string()));
            fits && about && !is_stale(&body)
        })
    }

    fn is_evidenced(
        &self,
        requirement: &Requirement,
        asked: &[String],
        system: Option<&Record>,
    ) -> bool {
        self.book.all::<EvidenceItem>().any(|(record, item)| {
            let named =
                item.supports.iter().any(|name| asked.iter().any(|asked| asked == name.0.as_str()));
            let about = system.is_none_or(|system| {
                item.ai_systems.is_empty()
                    || item.ai_systems.iter().any(|listed| listed.id() == system.id)
            });
            let Some(from) = item.period_from.or(item.period_to).or(item.collected_on) else {
                return false;
            };
            let to = item.period_to.or(item.collected_on).unwrap_or(from).max(from);
            let after = surety_aims::day(TODAY) - surety_aims::day(to);
            let asked_for: Vec<_> = match system {
                Some(system) => vec![Some(system.id.number)],
                None if item.ai_systems.is_empty() => vec![None],
                None => item.ai_systems.iter().map(|listed| Some(listed.number)).collect(),
            };
            let in_time = |system: Option<u32>| {
                let cadence = wanted(self.book, requirement, system);
                cadence.days().is_none_or(|days| after <= i32::try_from(days).unwrap())
            };
            let holds = asked_for.into_iter().any(in_time)
                && item.fresh_until.is_none_or(|until| TODAY <= until);
            record.state == "accepted" && named && about && from <= TODAY && holds
        })
    }

    /// The cells of a control: applicable, justification, the three scores, AI system.
    fn cells(&self, control: &str) -> Vec<Cell> {
        let organisation =
            self.soa.controls.iter().find(|row| row.id == control).map(|row| &row.organisation);
        let cells: Vec<_> = self.soa.cells.iter().filter(|cell| cell.control == control).collect();
        let cells = if cells.is_empty() { organisation.into_iter().collect() } else { cells };
        cells
            .into_iter()
            .map(|cell| {
                let scores = [cell.designed, cell.documented, cell.operating];
                let system = cell.system.map(|system| system.number);
                (cell.applicable, cell.justification.to_owned(), scores, system)
            })
            .collect()
    }

    fn control(&self, requirement: &Requirement, reached: fn(&Cell) -> bool, found: &mut Found) {
        if requirement.kind != RequirementKind::Control {
            return self.decided(requirement, found);
        }
        for cell in self.cells(&requirement.id) {
            let settled = cell.0 == Some(false) && !cell.1.is_empty();
            if reached(&cell) || !settled {
                found.ask(cell.3, reached(&cell));
            }
        }
    }

    /// Outside the matrix: the first decision that is good enough, either way.
    fn decided(&self, requirement: &Requirement, found: &mut Found) {
        let name = format!("fw:{}", requirement.id);
        for (record, said) in self.book.all::<ControlImplementation>() {
            let named = said.control.as_ref().is_some_and(|control| control.0.as_str() == name);
            if !named || record.state == "retired" || said.justification.is_empty() {
                continue;
            }
            match said.applicable {
                Some(false) => return,
                Some(true) if !said.description.is_empty() && said.owner.is_some() => {
                    return found.ask(None, true);
                }
                _ => {}
            }
        }
        found.ask(None, false);
    }

    /// The newest assessments of a requirement that are valid: of the organisation, or of an AI system.
    fn assessed(&self, requirement: &Requirement, system: Option<u32>) -> Option<AssessedResult> {
        let name = format!("fw:{}", requirement.id);
        self.book
            .all::<RequirementAssessment>()
            .filter(|(record, said)| {
                record.state == "active"
                    && said.requirement.as_ref().is_some_and(|named| named.0.as_str() == name)
                    && said.ai_system.map(|system| system.number) == system
                    && said.valid_until.is_none_or(|until| TODAY <= until)
            })
            .filter_map(|(_, said)| said.result)
            .last()
    }

    /// Each condition with what it finds, after people's assessments of single AI systems.
    fn conditions(&self, requirement: &Requirement) -> Vec<Found> {
        let parts = self
            .framework
            .requirements
            .iter()
            .any(|other| other.parent.as_ref() == Some(&requirement.id));
        let default =
            [Test::ControlDesigned, Test::Evidence { requirement: None, per: Per::Organisation }];
        let mut tests: Vec<Test> =
            requirement.conditions.iter().map(|condition| condition.test.clone()).collect();
        if tests.is_empty() && requirement.assessable && !parts {
            tests.extend(default);
        }
        if self.is_excluded(requirement) {
            tests.clear();
        }
        let mut conditions: Vec<_> =
            tests.iter().map(|test| self.find(requirement, test)).collect();
        for found in &mut conditions {
            let settled = |system: &Option<u32>| {
                let said = system.and_then(|system| self.assessed(requirement, Some(system)));
                matches!(said, Some(AssessedResult::Met | AssessedResult::NotApplicable))
            };
            let before = found.lacking.len();
            found.lacking.retain(|system| !settled(system));
            found.held += u32::try_from(before - found.lacking.len()).unwrap();
        }
        conditions
    }

    fn result(&self, requirement: &Requirement) -> Outcome {
        match self.assessed(requirement, None) {
            Some(AssessedResult::Met) => Outcome::Met,
            Some(AssessedResult::Partly) => Outcome::Partly,
            Some(AssessedResult::NotMet) => Outcome::NotMet,
            Some(AssessedResult::NotApplicable) => Outcome::NotApplicable,
            None => self.derived(requirement),
        }
    }

    fn derived(&self, requirement: &Requirement) -> Outcome {
        let own = self.conditions(requirement);
        let parts = self
            .framework
            .requirements
            .iter()
            .filter(|other| other.parent.as_ref() == Some(&requirement.id));
        let all: Vec<Outcome> =
            own.iter().map(Found::outcome).chain(parts.map(|part| self.result(part))).collect();
        let some = |outcomes: &[Outcome]| all.iter().any(|one| outcomes.contains(one));
        match (some(&[Outcome::Met, Outcome::Partly]), some(&[Outcome::NotMet, Outcome::Partly])) {
            (true, true) => Outcome::Partly,
            (true, false) => Outcome::Met,
            (false, true) => Outcome::NotMet,
            (false, false) => Outcome::NotApplicable,
        }
    }
}

pub(crate) fn judged<'b>(book: &'b Book, framework: &'b Framework, soa: &'b Soa<'b>) -> Gap<'b> {
    Analysis::new(book, soa, TODAY).gap(framework)
}

pub(crate) fn matrix<'b>(world: &'b World, framework: &'b Framework) -> Soa<'b> {
    soa(&world.book, "fw", &controls(framework), TODAY, Window::year_to(TODAY))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn every_requirement_equals_a_plain_recomputation(world in world(&KINDS, 90), framework in framework()) {
        let soa = matrix(&world, &framework);
        let gap = judged(&world.book, &framework, &soa);
        let oracle = Oracle { book: &world.book, framework: &framework, soa: &soa };
        for (requirement, judged) in framework.requirements.iter().zip(&gap.results) {
            prop_assert_eq!(judged.id, &requirement.id);
            for (position, (finding, expected)) in judged.conditions.iter().zip(oracle.conditions(requirement)).enumerate() {
                let condition = requirement.conditions.get(position);
                prop_assert_eq!((finding.asked, finding.held), (expected.asked, expected.held), "{:?}", condition);
                let whole = condition.is_some_and(|condition| {
                    matches!(condition.test, Test::SoaComplete | Test::AnyOf { .. })
                });
                if !whole {
                    let lacking: Vec<_> =
                        finding.missing.iter().map(|missing| missing.system.map(|system| system.number)).collect();
                    prop_assert_eq!(lacking, expected.lacking, "{:?}", condition);
                }
                prop_assert_eq!(finding.holds, finding.asked == finding.held);
            }
            prop_assert_eq!(judged.conditions.len(), oracle.conditions(requirement).len());
            prop_assert_eq!(judged.derived, oracle.derived(requirement), "{}", requirement.id);
            prop_assert_eq!(judged.result, oracle.result(requirement), "{}", requirement.id);
        }
        let leaves: Vec<_> = gap.results.iter().filter(|judged| judged.assessable && !judged.has_parts).collect();
        let count = |outcome| u32::try_from(leaves.iter().filter(|judged| judged.result == outcome).count()).unwrap();
        prop_assert_eq!(gap.totals.met, count(Outcome::Met));
        prop_assert_eq!(gap.totals.partly, count(Outcome::Partly));
        prop_assert_eq!(gap.totals.not_met, count(Outcome::NotMet));
        prop_assert_eq!(gap.totals.not_applicable, count(Outcome::NotApplicable));
    }

    /// Whatever is missing is a record that a person can look at, in words.
    #[test]
    fn what_is_missing_is_said_in_words_and_names_records_that_exist(world in world(&KINDS, 90), framework in framework()) {
        let soa = matrix(&world, &framework);
        for judged in judged(&world.book, &framework, &soa).results {
            for finding in judged.conditions {
                prop_assert!(finding.found.iter().all(|id| world.book.get(*id).is_some()));
                for missing in &finding.missing {
                    prop_assert!(!missing.to_string().is_empty());
                    prop_assert!(missing.record.is_none_or(|id| world.book.get(id).is_some()));
                }
            }
        }
    }
}

#[test]
fn a_whole_is_what_its_parts_are_and_what_does_not_apply_says_nothing() {
    use Outcome::{Met, NotApplicable, NotMet, Partly};
    let table: [(&[Outcome], Outcome); 8] = [
        (&[], NotApplicable),
        (&[NotApplicable], NotApplicable),
        (&[Met, NotApplicable], Met),
        (&[NotMet, NotApplicable], NotMet),
        (&[Met, NotMet], Partly),
        (&[Partly], Partly),
        (&[Met, Met], Met),
        (&[NotMet, Partly], Partly),
    ];
    for (parts, whole) in table {
        assert_eq!(together(parts.iter().copied()), whole, "{parts:?}");
    }
}
