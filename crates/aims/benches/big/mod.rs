//! A large organisation, the same on every run: 1,000 AI systems, a decision for each of 38 controls on each of them,
//! 100,000 pieces of evidence, and with them the risks, documents and assessments of a ledger of that size.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan, civil::Date};
use serde_json::{Map, Value, json};
use surety_aims::{Body, Event, Happened, Kind, RecordId, Stated};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SYSTEMS: u32 = 1_000;
const CONTROLS: u32 = 38;
const GROUPS: u32 = 40;
const PERSONS: u32 = 400;
const DOCUMENTS: u32 = 400;

/// The day of all questions.
pub(crate) const TODAY: Date = jiff::civil::date(2026, 11, 21);

/// How many records there are of the kinds that vary.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) evidence: u32,
    pub(crate) risks: u32,
    pub(crate) assessments: u32,
    pub(crate) actions: u32,
    pub(crate) resources: u32,
}

/// The ids of the controls of ISO/IEC 42001 Annex A.
pub(crate) const CONTROL_IDS: [&str; 38] = [
    "A.2.2", "A.2.3", "A.2.4", "A.3.2", "A.3.3", "A.4.2", "A.4.3", "A.4.4", "A.4.5", "A.4.6",
    "A.5.2", "A.5.3", "A.5.4", "A.5.5", "A.6.1.2", "A.6.1.3", "A.6.2.2", "A.6.2.3", "A.6.2.4",
    "A.6.2.5", "A.6.2.6", "A.6.2.7", "A.6.2.8", "A.7.2", "A.7.3", "A.7.4", "A.7.5", "A.7.6",
    "A.8.2", "A.8.3", "A.8.4", "A.8.5", "A.9.2", "A.9.3", "A.9.4", "A.10.2", "A.10.3", "A.10.4",
];

/// Writes the entries of the organisation one after the other.
struct Writer<F> {
    random: u64,
    seq: u64,
    at: Timestamp,
    people: Vec<Arc<str>>,
    numbers: Vec<u32>,
    write: F,
}

/// Calls `write` with every entry. Once all records stand, they are restated until there are `entries`.
pub(crate) fn write(size: Size, entries: u64, write: impl FnMut(Happened)) {
    let people = (1..=PERSONS).map(|number| format!("PER-{number}").into()).collect();
    let numbers = vec![0; Kind::ALL.len()];
    let at = "2024-01-01T08:00:00.123456Z".parse().unwrap();
    let mut writer = Writer { random: 42, seq: 0, at, people, numbers, write };
    writer.organisation();
    writer.systems();
    writer.documents();
    writer.decisions();
    writer.evidence(size.evidence);
    writer.risks(size.risks);
    writer.assessments(size.assessments);
    writer.actions(size.actions);
    writer.resources(size.resources);
    while writer.seq < entries {
        let number = writer.below(SYSTEMS * CONTROLS) + 1;
        let id = RecordId::new(Kind::ControlImplementation, number);
        let event = writer.decision((number - 1) % CONTROLS, Some((number - 1) / CONTROLS + 1));
        writer.restate(id, 2, event);
    }
}

impl<F: FnMut(Happened)> Writer<F> {
    /// A pseudo-random number below `limit` (Knuth's MMIX generator).
    fn below(&mut self, limit: u32) -> u32 {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let high = u32::try_from(self.random >> 33).unwrap();
        high % limit
    }

    fn entry(&mut self, event: Event) {
        self.at += 67.seconds();
        let by = self.below(PERSONS);
        let by = self.people[usize::try_from(by).unwrap()].clone();
        (self.write)(Happened { seq: self.seq, at: self.at, by, event });
        self.seq += 1;
    }

    /// States a new record and moves it on, step by step.
    fn record(&mut self, body: Body, states: &[&'static str]) -> RecordId {
        let kind = body.kind();
        let number = &mut self.numbers[Kind::ALL.iter().position(|other| *other == kind).unwrap()];
        *number += 1;
        let id = RecordId::new(kind, *number);
        self.restate(id, 1, body);
        let mut from = kind.lifecycle().initial();
        for state in states {
            self.entry(Event::Moved {
                id,
                from,
                to: state,
                note: "as agreed in the meeting".to_owned(),
            });
            from = state;
        }
        id
    }

    fn restate(&mut self, id: RecordId, version: u32, body: Body) {
        let (custom, external) = (Map::new(), Vec::new());
        self.entry(Event::Stated(Box::new(Stated { id, version, body, custom, external })));
    }

    fn person(&mut self) -> String {
        format!("PER-{}", self.below(PERSONS) + 1)
    }

    fn day(&mut self, from: i32, to: i32) -> String {
        let span = u32::try_from(to - from).unwrap();
        let days = from + i32::try_from(self.below(span)).unwrap();
        TODAY.checked_add(days.days()).unwrap().to_string()
    }

    fn control(&mut self) -> String {
        let position = self.below(CONTROLS);
        format!("iso42001:{}", CONTROL_IDS[usize::try_from(position).unwrap()])
    }

    fn organisation(&mut self) {
        self.record(
            of(Kind::Organisation, json!({ "name": "Havnbank ASA", "sector": "banking" })),
            &["active"],
        );
        for number in 1..=PERSONS {
            let position = format!("Position {number} in the organisation");
            self.record(
                of(Kind::Person, json!({ "position": position, "unit": "Credit" })),
                &["active"],
            );
        }
        for number in 1..=GROUPS {
            let (name, owner) = (format!("Group {number}"), self.person());
            let body = json!({ "name": name, "description": text(60), "owner": owner });
            self.record(of(Kind::SystemGroup, body), &["active"]);
        }
    }

    fn systems(&mut self) {
        for number in 1..=SYSTEMS {
            let body = json!({
                "name": format!("AI system {number}"), "purpose": text(120), "description": text(200),
                "kind": "predictive", "origin": "built", "owner": self.person(),
                "group": format!("GRP-{}", number % GROUPS + 1), "roles": ["provider", "user"],
                "affected_people": "customers", "decision_effect": "recommends", "automation_level": "human_in_loop",
                "personal_data": true, "ai_act_class": "high", "criticality": "medium",
                "next_review": self.day(-30, 300), "jurisdictions": ["NO", "SE"],
            });
            let states: &[_] =
                if number % 4 == 0 { &["under_assessment"] } else { &["in_operation"] };
            self.record(of(Kind::AiSystem, body), states);
        }
    }

    fn documents(&mut self) {
        for number in 1..=DOCUMENTS {
            let control = self.control();
            let body = json!({
                "title": format!("Procedure {number}"), "document_type": "operational_procedure",
                "version": "1.0", "owner": self.person(), "clause_refs": [control],
                "effective_from": "2025-01-01", "next_review": self.day(-10, 300), "body": text(400),
            });
            self.record(of(Kind::ControlledDocument, body), &["in_review", "approved"]);
        }
    }

    fn decisions(&mut self) {
        for system in 1..=SYSTEMS {
            for control in 0..CONTROLS {
                let body = self.decision(control, Some(system));
                let states: &[_] = if self.below(5) == 0 {
                    &["planned"]
                } else {
                    &["planned", "in_progress", "implemented"]
                };
                self.record(body, states);
            }
        }
        for control in 0..CONTROLS {
            let body = self.decision(control, None);
            self.record(body, &["planned", "in_progress", "implemented"]);
        }
    }

    fn decision(&mut self, control: u32, system: Option<u32>) -> Body {
        let mut body = json!({
            "control": format!("iso42001:{}", CONTROL_IDS[usize::try_from(control).unwrap()]),
            "applicable": self.below(12) != 0, "justification": text(80), "basis": ["risk", "law"],
            "description": text(200), "owner": self.person(), "artefact": "log of the runs",
            "cadence": "quarterly", "due": self.day(-300, 200), "next_review": self.day(-20, 300),
        });
        if let Some(system) = system {
            body["ai_system"] = format!("SYS-{system}").into();
        }
        if self.below(3) == 0 {
            body["documents"] = json!([format!("DOC-{}", self.below(DOCUMENTS) + 1)]);
        }
        of(Kind::ControlImplementation, body)
    }

    fn evidence(&mut self, count: u32) {
        for number in 1..=count {
            let back = i32::try_from(self.below(700)).unwrap();
            let day = |days: i32| TODAY.checked_sub(days.days()).unwrap().to_string();
            let mut supports = vec![self.control()];
            if number % 3 == 0 {
                supports.push(self.control());
            }
            let body = json!({
                "title": format!("Export {number} of the monitoring"), "source": text(60),
                "kind": if number % 20 == 0 { "policy" } else { "export" },
                "collected_by": self.person(), "collected_on": day(back), "period_from": day(back + 31),
                "period_to": day(back), "supports": supports, "confidentiality": "internal",
                "ai_systems": [format!("SYS-{}", self.below(SYSTEMS) + 1)], "automated": true,
                "file": {
                    "sha256": format!("{number:064x}"), "name": format!("export-{number}.csv"),
                    "media_type": "text/csv", "bytes": 12_345,
                },
            });
            self.record(of(Kind::EvidenceItem, body), &["accepted"]);
        }
    }

    fn risks(&mut self, count: u32) {
        for number in 1..=count {
            let rating = json!({ "organisation": 3, "individuals": 2 + self.below(3), "society": 2, "likelihood": 3 });
            let body = json!({
                "title": format!("Risk {number}"), "kind": "threat", "description": text(250),
                "ai_system": format!("SYS-{}", self.below(SYSTEMS) + 1), "sources": ["iso42001:C.3.2"],
                "owner": self.person(), "inherent": rating, "residual": rating, "treatment": "modify",
                "controls": [self.control()], "next_review": self.day(-20, 300),
                "accepted_by": self.person(), "acceptance_reason": text(50),
            });
            self.record(
                of(Kind::Risk, body),
                &["analysed", "evaluated", "in_treatment", "accepted"],
            );
        }
    }

    fn assessments(&mut self, count: u32) {
        for number in 1..=count {
            let system = format!("SYS-{}", (number - 1) % SYSTEMS + 1);
            let body = json!({
                "ai_system": system, "reason": "planned", "method_version": "2.1", "criteria_version": "1.4",
                "risks": ["RSK-1", "RSK-2"], "summary": text(200), "assessor": self.person(),
                "performed_on": self.day(-300, -20), "next_due": self.day(-20, 300),
            });
            self.record(of(Kind::RiskAssessment, body), &["in_progress", "in_review", "approved"]);
            let body = json!({
                "ai_system": system, "reason": "planned", "process_version": "2.0", "scope": text(120),
                "purpose": text(100), "interested_parties": ["customers", "staff"],
                "impacts": [
                    { "party": "customers", "kind": "fairness", "effect": "harm", "severity": 3, "likelihood": 2, "note": text(90) },
                    { "party": "customers", "kind": "privacy", "effect": "harm", "severity": 2, "likelihood": 2, "note": text(90) },
                ],
                "assessor": self.person(), "performed_on": self.day(-300, -20), "next_due": self.day(-20, 300),
            });
            self.record(
                of(Kind::ImpactAssessment, body),
                &["in_progress", "in_review", "approved"],
            );
        }
    }

    fn actions(&mut self, count: u32) {
        for number in 1..=count {
            let body = json!({
                "title": format!("Action {number}"), "source": "gap", "requirement": self.control(),
                "ai_system": format!("SYS-{}", self.below(SYSTEMS) + 1), "benefit": text(100),
                "owner": self.person(), "due": self.day(-100, 200),
            });
            let states: &[_] = if number % 2 == 0 {
                &["in_progress"]
            } else {
                &["in_progress", "implemented", "verified", "closed"]
            };
            self.record(of(Kind::ImprovementAction, body), states);
        }
    }

    fn resources(&mut self, count: u32) {
        for number in 1..=count {
            let body = json!({
                "ai_system": format!("SYS-{}", number % SYSTEMS + 1), "kind": "tooling",
                "name": format!("Tool {number}"), "owner": self.person(), "version": "3.1.4",
                "location": "eu-north-1", "last_verified": self.day(-300, -1), "next_review": self.day(-20, 300),
            });
            self.record(of(Kind::Resource, body), &["active"]);
        }
    }
}

fn of(kind: Kind, body: Value) -> Body {
    kind.body(body).unwrap()
}

/// So many characters of prose.
fn text(length: usize) -> String {
    "The team checks this every quarter and keeps what it found. "
        .chars()
        .cycle()
        .take(length)
        .collect()
}
