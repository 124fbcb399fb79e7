//! A fictional bank with three AI systems, and books of any size.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde_json::{Map, Value, json};
use surety_aims::{Book, Event, Happened, Kind, RecordId, Stated};
use surety_reports::sheet::{Meta, Sheet, Workbook};

/// The day of all questions.
pub(crate) const TODAY: Date = date(2026, 11, 21);

/// Where the figures of the snapshots come from.
pub(crate) fn workbook(title: &str, sheets: Vec<Sheet>) -> Workbook {
    let meta = Meta {
        organisation: "Havnbank ASA".to_owned(),
        title: title.to_owned(),
        as_of: TODAY,
        made_at: "2026-11-21T09:30:00Z".parse().unwrap(),
        ledger_size: 60,
        ledger_root: "MzdqO9Y+mZNwioTd/mworli4NQXdH+1xG9kk7FpiOfA=".to_owned(),
        logo: None,
        front: Vec::new(),
    };
    Workbook { meta, sheets }
}

/// Writes a Book, and keeps what happened.
pub(crate) struct Desk {
    pub(crate) book: Book,
    pub(crate) events: Vec<Happened>,
    at: Timestamp,
}

impl Desk {
    pub(crate) fn new() -> Desk {
        let at = "2026-11-02T08:00:00Z".parse().unwrap();
        Desk { book: Book::default(), events: Vec::new(), at }
    }

    /// States a new record and moves it through `states`.
    pub(crate) fn record(&mut self, kind: Kind, body: Value, states: &[&'static str]) -> RecordId {
        let id = RecordId::new(kind, self.book.next_number(kind));
        let body = kind.body(body).unwrap_or_else(|error| panic!("{id}: {error}"));
        let stated = Stated { id, version: 1, body, custom: Map::new(), external: Vec::new() };
        self.happen(Event::Stated(Box::new(stated)));
        let mut from = kind.lifecycle().initial();
        for to in states {
            self.happen(Event::Moved { id, from, to, note: "as agreed".to_owned() });
            from = to;
        }
        id
    }

    fn happen(&mut self, event: Event) {
        self.at += jiff::SignedDuration::from_mins(61);
        let seq = self.book.size();
        let happened = Happened { seq, at: self.at, by: "PER-1".into(), event };
        self.events.push(happened.clone());
        self.book.apply(happened);
    }
}

/// The bank: decisions at every level, evidence that holds, that lapsed, and that never was.
pub(crate) fn bank() -> Desk {
    let mut desk = Desk::new();
    inventory(&mut desk);
    documents(&mut desk);
    decisions(&mut desk);
    evidence(&mut desk);
    assessments(&mut desk);
    desk
}

fn inventory(desk: &mut Desk) {
    desk.record(Kind::Person, json!({ "position": "AI officer" }), &["active"]);
    desk.record(Kind::Person, json!({ "position": "Head of credit" }), &["active"]);
    let group = json!({ "name": "Credit decisions", "owner": "PER-2" });
    desk.record(Kind::SystemGroup, group, &["active"]);
    let supplier = json!({
        "name": "Fjord Bureau AS", "supplies": ["data", "service"], "criticality": "medium",
        "contract": "C-2025-17", "ai_clauses": ["notice of changes"], "assurance_until": "2026-09-30",
        "owner": "PER-1", "next_review": "2027-01-31",
    });
    desk.record(Kind::Supplier, supplier, &["in_due_diligence", "approved"]);
    let credit = json!({
        "name": "Credit score", "kind": "predictive", "origin": "hybrid", "owner": "PER-2", "group": "GRP-1",
        "roles": ["provider", "user"], "suppliers": ["SUP-1"], "personal_data": true, "ai_act_class": "high",
        "criticality": "high", "go_live": "2025-03-01", "next_review": "2026-11-10",
    });
    desk.record(Kind::AiSystem, credit, &["in_operation"]);
    let chat = json!({
        "name": "Branch chat | assistant", "kind": "generative", "origin": "open_model", "owner": "PER-1",
        "ai_act_class": "limited", "criticality": "medium", "next_review": "2026-12-05",
    });
    desk.record(Kind::AiSystem, chat, &["under_assessment"]);
    let notes = json!({ "name": "=Meeting notes", "criticality": "low", "in_scope": true, "next_review": "2027-06-01" });
    desk.record(Kind::AiSystem, notes, &[]);
    let spam = json!({ "name": "Spam filter", "in_scope": false, "ai_act_class": "gpai" });
    desk.record(Kind::AiSystem, spam, &["in_operation"]);
    let loans = json!({
        "name": "Loan history", "version": "2025-12", "ai_systems": ["SYS-1"], "use": "training", "source": "internal",
        "rights_basis": "credit agreements", "personal_data": "pseudonymized", "steward": "PER-2",
        "next_review": "2026-12-31",
    });
    desk.record(Kind::DatasetCard, loans, &["in_review", "approved"]);
}

fn documents(desk: &mut Desk) {
    let policy = json!({
        "kind": "ai_policy", "title": "AI policy", "version": "1.0", "owner": "PER-1",
        "clause_refs": ["iso42001:A.2.2"], "effective_from": "2026-03-01", "next_review": "2027-03-01",
    });
    desk.record(Kind::Policy, policy, &["in_review", "approved"]);
}

fn decisions(desk: &mut Desk) {
    let done: &[&'static str] = &["planned", "in_progress", "implemented"];
    let policy = json!({
        "control": "iso42001:A.2.2", "applicable": true, "justification": "Direction from the board.",
        "basis": ["law", "good_practice"], "description": "One policy for all, read by the board each year.",
        "owner": "PER-1", "cadence": "annual",
    });
    desk.record(Kind::ControlImplementation, policy, done);
    let excluded = json!({ "control": "iso42001:A.2.3", "applicable": false, "justification": "One policy is all we have." });
    desk.record(Kind::ControlImplementation, excluded, &[]);
    let in_group = json!({
        "control": "iso42001:A.6.2.4", "group": "GRP-1", "applicable": true, "justification": "A wrong score harms.",
        "basis": ["risk"], "description": "Every release is validated.", "owner": "PER-2", "cadence": "quarterly",
        "due": "2026-12-15",
    });
    desk.record(Kind::ControlImplementation, in_group, done);
    let unjustified =
        json!({ "control": "iso42001:A.6.2.4", "ai_system": "SYS-3", "applicable": false });
    desk.record(Kind::ControlImplementation, unjustified, &[]);
    let watched = json!({
        "control": "iso42001:A.6.2.6", "ai_system": "SYS-1", "applicable": true, "justification": "Scores drift.",
        "description": "Drift is measured.", "owner": "PER-2", "cadence": "monthly",
    });
    desk.record(Kind::ControlImplementation, watched, done);
}

fn evidence(desk: &mut Desk) {
    let minutes = json!({
        "title": "Minutes of the board", "kind": "export", "collected_on": "2026-10-02", "period_from": "2026-03-01",
        "period_to": "2026-10-01", "supports": ["iso42001:A.2.2"],
    });
    desk.record(Kind::EvidenceItem, minutes, &["accepted"]);
    let validation = json!({
        "title": "Validation of release 4", "kind": "test_result", "collected_on": "2026-05-02",
        "period_from": "2026-04-01", "period_to": "2026-04-30", "supports": ["iso42001:A.6.2.4"],
        "ai_systems": ["SYS-1"], "fresh_until": "2026-12-01",
    });
    desk.record(Kind::EvidenceItem, validation, &["accepted"]);
}

fn assessments(desk: &mut Desk) {
    let risk = json!({
        "title": "Score disfavours newcomers", "kind": "threat", "ai_system": "SYS-1", "owner": "PER-2",
        "inherent": { "organisation": 3, "individuals": 4, "society": 2, "likelihood": 3 },
        "next_review": "2027-01-01",
    });
    desk.record(Kind::Risk, risk, &["analysed"]);
    let assessed = json!({
        "ai_system": "SYS-1", "reason": "initial", "risks": ["RSK-1"], "summary": "First run", "assessor": "PER-2",
        "performed_on": "2026-04-10", "next_due": "2027-04-10",
    });
    desk.record(Kind::RiskAssessment, assessed, &["in_progress", "in_review", "approved"]);
    let started = json!({ "ai_system": "SYS-2", "reason": "initial", "summary": "Chat", "next_due": "2026-12-20" });
    desk.record(Kind::RiskAssessment, started, &["in_progress"]);
    let judged = json!({
        "requirement": "iso42001:6.1.3", "result": "partly", "reason": "Two decisions are still being made.",
        "assessed_by": "PER-1", "assessed_on": "2026-11-01", "valid_until": "2027-02-01",
    });
    desk.record(Kind::RequirementAssessment, judged, &["active"]);
    let action = json!({
        "title": "Assess the rest", "source": "gap", "requirement": "iso42001:6.1.2", "condition": "assessed",
        "owner": "PER-1", "due": "2026-11-15",
    });
    desk.record(Kind::ImprovementAction, action, &["in_progress"]);
}
