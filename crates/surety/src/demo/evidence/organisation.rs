//! Evidence about the organisation as a whole: training, minutes, registers, samples.

use jiff::civil::{Date, date};

use super::{Item, Shelf, clauses};
use crate::demo::{
    calendar::{END, months_later, plus, roll},
    files,
    story::Story,
    systems::OFFICER,
};

/// Writes what comes in regularly about the organisation.
pub(super) fn write(story: &mut Story, shelf: &mut Shelf) {
    trainings(story, shelf);
    of_the_organisation(story, shelf);
    samples(story, shelf);
}

fn trainings(story: &mut Story, shelf: &mut Shelf) {
    let units = ["Operations", "Customer care", "Claims", "Shuttle", "IT", "People"];
    let later = ["Public customers", "Traffic engineering", "Driving academy", "Station services"];
    for (year, title) in
        [(2024, "AI awareness"), (2025, "AI literacy"), (2026, "AI literacy and oversight")]
    {
        let more = if year == 2024 { &[][..] } else { &later[..] };
        for (number, unit) in (0..).zip(units.iter().chain(more)) {
            // The academy's tutors have not been trained this year.
            if year == 2026 && *unit == "Driving academy" {
                continue;
            }
            let day = plus(date(year, 4, 15), 9 * number);
            shelf.add(
                story,
                Item {
                    title: format!("{title}: attendance and tests, {unit}, {day}"),
                    kind: "export",
                    source: "Learning platform".to_owned(),
                    collected: plus(day, 3),
                    by: 4,
                    period: (plus(day, -14), day),
                    fresh_until: Some(months_later(day, 13)),
                    supports: clauses(&[
                        "7.2-2", "7.2-3", "7.2-4", "7.3-1", "7.3-2", "7.3-3", "A.4.6",
                    ]),
                    systems: Vec::new(),
                    file: Some(files::training(unit, title, day)),
                    automated: true,
                    certain: false,
                },
            );
        }
    }
}

/// A regular proof about the organisation: title, source, kind, what it supports, months between, first month, who.
struct Regular {
    title: &'static str,
    source: &'static str,
    kind: &'static str,
    supports: &'static [&'static str],
    months: i32,
    first: Date,
    by: u32,
    points: &'static [&'static str],
}

const REGULAR: [Regular; 19] = [
    Regular {
        title: "Complaints about AI, by system",
        source: "Customer care, case system",
        kind: "export",
        supports: &["A.9.3", "9.1-5"],
        months: 1,
        first: date(2024, 6, 3),
        by: 3,
        points: &[],
    },
    Regular {
        title: "Alarms of monitoring and who answered them",
        source: "Monitoring platform",
        kind: "log",
        supports: &["9.1-5", "8.1-7"],
        months: 1,
        first: date(2024, 7, 4),
        by: 16,
        points: &[],
    },
    Regular {
        title: "Figures of AI objectives",
        source: "KPI report",
        kind: "export",
        supports: &["6.2.d", "9.1-5", "9.1-6", "A.6.1.2", "A.9.3"],
        months: 3,
        first: date(2024, 6, 28),
        by: OFFICER,
        points: &[],
    },
    Regular {
        title: "Minutes of the gate meeting",
        source: "Gate meeting",
        kind: "file",
        supports: &["8.1-2", "8.1-5", "A.6.1.3", "A.9.2"],
        months: 3,
        first: date(2024, 5, 27),
        by: OFFICER,
        points: &[
            "Gates passed and refused, with reasons",
            "Open conditions and their dates",
            "Changes asked for since the last meeting",
        ],
    },
    Regular {
        title: "Report to management on the AI management system",
        source: "Quarterly report",
        kind: "file",
        supports: &["5.3.b", "5.1-5", "9.1-6"],
        months: 3,
        first: date(2024, 7, 15),
        by: OFFICER,
        points: &[
            "Objectives: seven of nine on their way",
            "Overdue actions and who acts",
            "Incidents and what was learned",
            "Law: what comes within a year",
        ],
    },
    Regular {
        title: "Changes asked for, decided and followed",
        source: "Change log",
        kind: "export",
        supports: &["6.3", "8.1-6", "8.1-7"],
        months: 3,
        first: date(2024, 8, 19),
        by: 17,
        points: &[],
    },
    Regular {
        title: "Register of concerns",
        source: "Mailbox for concerns, without names",
        kind: "export",
        supports: &["A.3.3", "A.8.3"],
        months: 6,
        first: date(2024, 6, 24),
        by: OFFICER,
        points: &[],
    },
    Regular {
        title: "Role register against the organisation chart",
        source: "Comparison by the AI officer",
        kind: "attestation",
        supports: &["A.3.2", "5.3.b", "5.1-8"],
        months: 6,
        first: date(2024, 6, 10),
        by: OFFICER,
        points: &[],
    },
    Regular {
        title: "AI policy read and confirmed",
        source: "Intranet, confirmations",
        kind: "export",
        supports: &["5.2-3", "7.3-1", "A.2.2"],
        months: 12,
        first: date(2024, 3, 18),
        by: 4,
        points: &[],
    },
    Regular {
        title: "Review of the AI policy and of policies beside it",
        source: "Minutes of the review",
        kind: "file",
        supports: &["A.2.3", "A.2.4"],
        months: 12,
        first: date(2024, 6, 17),
        by: OFFICER,
        points: &[
            "Policies of security, privacy, people and purchasing read against the AI policy",
            "Two sentences changed",
            "Next review in a year",
        ],
    },
    Regular {
        title: "Screening and results of impact assessments",
        source: "Register of assessments",
        kind: "export",
        supports: &["A.5.2", "A.5.3", "A.5.4", "8.4-1"],
        months: 6,
        first: date(2024, 7, 1),
        by: 2,
        points: &[],
    },
    Regular {
        title: "Reviews of AI suppliers",
        source: "Purchasing, questionnaires",
        kind: "file",
        supports: &["A.10.3", "8.1-8"],
        months: 6,
        first: date(2024, 6, 24),
        by: 19,
        points: &[
            "Suppliers looked at: all of high criticality",
            "Certificates and their dates",
            "Conditions that are open",
        ],
    },
    Regular {
        title: "Tables of duties with suppliers",
        source: "Contract store",
        kind: "attestation",
        supports: &["A.10.2"],
        months: 12,
        first: date(2025, 6, 23),
        by: 19,
        points: &[],
    },
    Regular {
        title: "Means granted for the year",
        source: "Budget of the managing director",
        kind: "attestation",
        supports: &["5.1-3", "7.1-1"],
        months: 12,
        first: date(2024, 1, 29),
        by: 2,
        points: &[],
    },
    Regular {
        title: "Message of the managing director on AI",
        source: "Intranet",
        kind: "link",
        supports: &["5.1-4", "6.2.e", "6.1.3-5"],
        months: 6,
        first: date(2024, 3, 4),
        by: OFFICER,
        points: &[],
    },
    Regular {
        title: "Text for incidents tried",
        source: "Exercise with customer care",
        kind: "attestation",
        supports: &["A.8.4", "7.4"],
        months: 12,
        first: date(2024, 7, 1),
        by: 7,
        points: &[],
    },
    Regular {
        title: "Access to documents checked",
        source: "Document store",
        kind: "export",
        supports: &["7.5.3-2", "7.5.1.a"],
        months: 6,
        first: date(2024, 9, 16),
        by: 7,
        points: &[],
    },
    Regular {
        title: "Causes of findings looked for elsewhere",
        source: "Review of findings",
        kind: "attestation",
        supports: &["10.2.b3", "10.2.e"],
        months: 6,
        first: date(2024, 12, 9),
        by: OFFICER,
        points: &[],
    },
    Regular {
        title: "Answers of customers of our AI",
        source: "Interviews",
        kind: "file",
        supports: &["A.10.4"],
        months: 6,
        first: date(2026, 5, 4),
        by: 12,
        points: &[
            "What the system is used for",
            "What is missing in the documentation",
            "What went wrong, and who was told",
        ],
    },
];

fn of_the_organisation(story: &mut Story, shelf: &mut Shelf) {
    for regular in &REGULAR {
        let mut day = regular.first;
        while day <= END {
            let skipped = roll(&format!("skip {} {day}", regular.title), 15) == 0;
            let title = format!("{}, {day}", regular.title);
            let file = (!regular.points.is_empty())
                .then(|| files::minutes(regular.title, day, regular.points));
            if !skipped || day == regular.first {
                shelf.add(
                    story,
                    Item {
                        title,
                        kind: regular.kind,
                        source: regular.source.to_owned(),
                        collected: plus(day, 1),
                        by: regular.by,
                        period: (months_later(day, -regular.months).max(date(2023, 12, 1)), day),
                        fresh_until: None,
                        supports: clauses(regular.supports),
                        systems: Vec::new(),
                        file,
                        automated: false,
                        certain: false,
                    },
                );
            }
            day = months_later(day, regular.months);
        }
    }
}

/// Each half year a control is looked at by sample, wherever it is in place.
fn samples(story: &mut Story, shelf: &mut Shelf) {
    let controls = [
        ("A.4.6", "Competence profiles and proofs"),
        ("A.6.1.2", "Objectives in project charters"),
        ("A.6.2.5", "Return to an old version"),
        ("A.8.2", "Notices read by customers"),
        ("A.9.3", "Objectives of use by system"),
        ("A.9.2", "Intake of new uses"),
    ];
    for (number, (control, what)) in (0..).zip(controls) {
        let mut day = plus(date(2024, 9, 9), 11 * number);
        while day < END {
            shelf.add(
                story,
                Item {
                    title: format!("Sample: {what}, {day}"),
                    kind: "test_result",
                    source: "Quality, three cases".to_owned(),
                    collected: day,
                    by: 16,
                    period: (plus(day, -90), day),
                    fresh_until: None,
                    supports: clauses(&[control]),
                    systems: Vec::new(),
                    file: None,
                    automated: false,
                    certain: false,
                },
            );
            day = plus(day, 182);
        }
    }
}
