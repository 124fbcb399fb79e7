//! A fictional credit union and its AI systems, for tests, benchmarks and the example.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde_json::value::RawValue;
use surety_reports::reader::{HistoryEntry, ReaderInput, ReaderRecord, Section, usual_steps};
use surety_reports::sheet::{Cell, Column, Kind, LegendEntry, Meta, Sheet, Tone};

#[path = "soa.rs"]
pub(crate) mod soa;
use soa::{Applicability, SoaCell, SoaControl, SoaGroup, SoaMatrix, SoaState, SoaSystem};

/// A heading with the id and title of each of its controls.
type Group = (&'static str, &'static [(&'static str, &'static str)]);

const GROUPS: &[Group] = &[
    (
        "A.2 Policies",
        &[("A.2.2", "AI policy"), ("A.2.3", "Fit with other policies"), ("A.2.4", "Policy review")],
    ),
    ("A.3 Organisation", &[("A.3.2", "Roles and duties"), ("A.3.3", "Raising concerns")]),
    (
        "A.4 Resources",
        &[
            ("A.4.2", "List of resources"),
            ("A.4.3", "Data"),
            ("A.4.4", "Tools"),
            ("A.4.5", "Computing"),
            ("A.4.6", "People and skills"),
        ],
    ),
    (
        "A.5 Impact",
        &[
            ("A.5.2", "Impact assessment process"),
            ("A.5.3", "Keeping the assessments"),
            ("A.5.4", "Effects on people"),
            ("A.5.5", "Effects on society"),
        ],
    ),
    (
        "A.6 Life cycle",
        &[
            ("A.6.1.2", "Aims of responsible development"),
            ("A.6.1.3", "Development process"),
            ("A.6.2.2", "Requirements"),
            ("A.6.2.3", "Design record"),
            ("A.6.2.4", "Verification and validation"),
            ("A.6.2.5", "Deployment"),
            ("A.6.2.6", "Operation and monitoring"),
            ("A.6.2.7", "Technical documentation"),
            ("A.6.2.8", "Event logs"),
        ],
    ),
    (
        "A.7 Data",
        &[
            ("A.7.2", "Data for development"),
            ("A.7.3", "Acquiring data"),
            ("A.7.4", "Data quality"),
            ("A.7.5", "Where data comes from"),
            ("A.7.6", "Preparing data"),
        ],
    ),
    (
        "A.8 Information",
        &[
            ("A.8.2", "Information for users"),
            ("A.8.3", "Reports from outside"),
            ("A.8.4", "Telling of incidents"),
            ("A.8.5", "Interested parties"),
        ],
    ),
    (
        "A.9 Use",
        &[("A.9.2", "Responsible use"), ("A.9.3", "Aims of use"), ("A.9.4", "Intended use")],
    ),
    (
        "A.10 Third parties",
        &[("A.10.2", "Shared duties"), ("A.10.3", "Suppliers"), ("A.10.4", "Customers")],
    ),
];
const SYSTEMS: [&str; 8] = [
    "Credit scoring",
    "Fraud alerts",
    "Branch chat assistant",
    "Document reader",
    "Call summaries",
    "Cash forecast",
    "CV screening",
    "Meeting notes",
];
const OWNERS: [&str; 4] =
    ["PER-1 Head of Lending", "PER-2 Head of Fraud", "PER-3 Head of IT", "PER-4 AI Officer"];

pub(crate) fn meta() -> Meta {
    Meta {
        organisation: "Harbour Lane Credit Union".to_owned(),
        title: "Audit pack of the AI management system".to_owned(),
        as_of: as_of(),
        made_at: "2026-11-21T09:30:00Z".parse().unwrap(),
        ledger_size: 4,
        ledger_root: LEDGER_ROOT.to_owned(),
        logo: None,
        front: Vec::new(),
    }
}

fn as_of() -> Date {
    date(2026, 11, 21)
}

/// The Statement of Applicability of all 38 controls for `systems` systems.
pub(crate) fn matrix(systems: usize) -> SoaMatrix {
    let system = |number: usize| {
        let name = SYSTEMS[number % SYSTEMS.len()];
        let name =
            if number < SYSTEMS.len() { name.to_owned() } else { format!("{name} {number}") };
        SoaSystem { id: format!("SYS-{}", number + 1), name }
    };
    let group = |(index, (heading, controls)): (usize, &Group)| SoaGroup {
        heading: (*heading).to_owned(),
        controls: controls
            .iter()
            .enumerate()
            .map(|(at, of)| control(index * 7 + at * 3, of, systems))
            .collect(),
    };
    SoaMatrix {
        systems: (0..systems).map(system).collect(),
        groups: GROUPS.iter().enumerate().map(group).collect(),
        notes: vec!["Framework: ISO/IEC 42001:2023, Annex A.".to_owned()],
    }
}

fn control(seed: usize, (id, title): &(&str, &str), systems: usize) -> SoaControl {
    let state = SoaState::ALL[seed % 6];
    let applies = seed % 11 != 10;
    let cell = |number: usize| SoaCell {
        state: SoaState::ALL[(seed + number * number) % 8],
        why: format!(
            "Decided at the organisation; EVD-{} covers it until 2 Dec 2026.",
            seed + number
        ),
    };
    SoaControl {
        id: (*id).to_owned(),
        title: (*title).to_owned(),
        applicable: if applies { Applicability::Yes } else { Applicability::No },
        justification: if applies {
            "Treats RSK-7, unfair refusals, and is asked for by the consumer credit rules that apply to SYS-1.".to_owned()
        } else {
            "No model is placed on the market under our name.".to_owned()
        },
        owner: OWNERS[seed % 4].to_owned(),
        state: if applies { state } else { SoaState::NotApplicable },
        cadence: ["quarterly", "monthly", "annual", "on event"][seed % 4].to_owned(),
        implementation: "Checked in the release gate; the result is filed with the release and read by the AI officer."
            .to_owned(),
        evidence: (0..seed % 3).map(|number| format!("EVD-{}", seed + number)).collect(),
        designed: applies.then_some(100),
        documented: applies.then_some(75),
        operating: applies.then(|| u8::try_from(seed % 101).unwrap()),
        why: format!("Worst of {systems} systems: the evidence of SYS-1 ended on 1 Nov 2026, its cadence is quarterly."),
        cells: (0..systems).map(cell).collect(),
    }
}

/// What is due, with every kind of value.
pub(crate) fn due() -> Sheet {
    let mut sheet = Sheet::new(
        "Due",
        "Everything with a date, overdue first",
        vec![
            Column::new("record", "Record", Kind::Id),
            Column::new("what", "What", Kind::LongText),
            Column::new("owner", "Owner", Kind::Text).rank(1),
            Column::new("due", "Due", Kind::Date),
            Column::new("days", "Days", Kind::Number),
            Column::new("state", "State", Kind::Status),
            Column::new("legal", "By law", Kind::Bool).rank(2),
        ],
    );
    sheet.legend = vec![
        LegendEntry::new(Tone::Bad, "overdue", "The date has passed."),
        LegendEntry::new(Tone::Warn, "soon", "Within 30 days."),
    ];
    sheet.group("Overdue");
    sheet.push(vec![
        "RSK-7".into(),
        "Review the risk of unfair refusals".into(),
        OWNERS[0].into(),
        date(2026, 11, 1).into(),
        Cell::from(-20).marked(Tone::Bad),
        Cell::status("overdue", Tone::Bad)
            .because("RSK-7 says next_review 2026-11-01; the day is 2026-11-21."),
        false.into(),
    ]);
    sheet.group("Next 30 days");
    sheet.push(vec![
        "SYS-1".into(),
        "Register the high-risk system | before use".into(),
        OWNERS[3].into(),
        date(2026, 12, 2).into(),
        Cell::from(11).marked(Tone::Warn),
        Cell::status("soon", Tone::Warn),
        true.into(),
    ]);
    sheet.push(vec![
        "SUP-1".into(),
        "Ask for the new assurance report".into(),
        OWNERS[2].into(),
        date(2026, 12, 20).into(),
        29.into(),
        Cell::status("soon", Tone::Warn),
        false.into(),
    ]);
    sheet
}

/// Four leaves whose inclusion proofs lead to [`LEDGER_ROOT`]: SHA-256 of 0x00 and the letters a, b, c, d.
pub(crate) const LEDGER_ROOT: &str = "MzdqO9Y+mZNwioTd/mworli4NQXdH+1xG9kk7FpiOfA=";
const LEAVES: [&str; 4] = [
    "Aippeebat6pa5MPl5F9+l3ESp+Y1k4INvsHsc4ok+Tw=",
    "V+s1YV1H807HFMrN9f10YIpejhAnJOgLJLKHwMJ7ajE=",
    "WX/LMSgtNGVMIA00GPylcFxkjr8ybsc9jd7xGEH4dtg=",
    "0HDcW42prqfcD1rUwp2JllIABZyaDOyjq9XaJJLctx0=",
];
const PAIRS: [&str; 2] = [
    "sTeYX/SE+2ANuTEHx3sDZcgNePW0Kd7Q/Zc2HQd5mes=",
    "271owyVhSnPay056h6K3tK6XJLSJ5WKe6DFR/o8Or9c=",
];

fn entry(seq: usize, at: &str, action: &str, reason: &str) -> HistoryEntry {
    HistoryEntry {
        seq: u64::try_from(seq).unwrap(),
        at: at.parse::<Timestamp>().unwrap(),
        actor: "PER-4".to_owned(),
        action: action.to_owned(),
        reason: reason.to_owned(),
        leaf_hash: LEAVES[seq].to_owned(),
        proof: Some(vec![LEAVES[seq ^ 1].to_owned(), PAIRS[1 - seq / 2].to_owned()]),
    }
}

fn record(
    id: &str,
    kind: &str,
    title: &str,
    state: &str,
    body: &str,
    history: Vec<HistoryEntry>,
) -> ReaderRecord {
    ReaderRecord {
        id: id.to_owned(),
        kind: kind.to_owned(),
        title: title.to_owned(),
        state: state.to_owned(),
        mark: None,
        body: RawValue::from_string(body.to_owned()).unwrap(),
        history,
    }
}

pub(crate) fn records() -> Vec<ReaderRecord> {
    vec![
        record(
            "SYS-1",
            "AI system",
            "Credit scoring",
            "in_operation",
            r#"{"name": "Credit scoring", "purpose": "Scores applications for personal loans.", "kind": "predictive", "origin": "bought", "owner": "PER-4", "personal_data": true, "jurisdictions": ["IE", "DE"], "next_review": "2027-03-01", "metrics": [{ "name": "AUC", "value": "0.81", "slice": "all" }], "limitations": "Not for business loans.\nSee RSK-7."}"#,
            vec![
                entry(0, "2026-02-03T08:00:00Z", "stated", ""),
                entry(
                    2,
                    "2026-05-11T14:05:09Z",
                    "moved to in operation",
                    "Validation passed, see RSK-7.",
                ),
            ],
        ),
        record(
            "RSK-7",
            "Risk",
            "Unfair refusals",
            "in_treatment",
            r#"{"title": "Unfair refusals", "ai_system": "SYS-1", "inherent": { "individuals": 4, "likelihood": 3 }}"#,
            vec![entry(1, "2026-02-03T08:10:00Z", "stated", "")],
        ),
        record(
            "PER-4",
            "Person",
            "AI Officer",
            "active",
            r#"{"position": "AI Officer", "unit": "Compliance"}"#,
            vec![entry(3, "2026-06-01T09:00:00Z", "stated", "")],
        ),
    ]
}

pub(crate) fn reader(systems: usize) -> ReaderInput {
    let matrix = matrix(systems);
    let section = |anchor: &str, lead: &str, sheet: Sheet| Section {
        anchor: anchor.to_owned(),
        lead: lead.to_owned(),
        sheet,
    };
    ReaderInput {
        meta: meta(),
        facts: vec![
            ("Law".to_owned(), "AI Act as amended 27 July 2026".to_owned()),
            ("Framework".to_owned(), "ISO/IEC 42001:2023".to_owned()),
            ("Evidence files".to_owned(), "12".to_owned()),
            ("Records".to_owned(), "3".to_owned()),
        ],
        checkpoint: format!(
            "harbour-lane.example/aims\n4\n{LEDGER_ROOT}\n\n\u{2014} harbour-lane.example/aims c2lnbmF0dXJlIG9mIHRoZSBmaXh0dXJl\n"
        ),
        steps: usual_steps("harbour-lane-2026-11-21.zip"),
        sections: vec![
            section(
                "soa",
                "Which controls apply, why, and how far each has come.",
                soa::statement(&matrix),
            ),
            section("matrix", "The same, system by system.", soa::systems(&matrix)),
            section("due", "What has to be done by when.", due()),
        ],
        records: records(),
    }
}
