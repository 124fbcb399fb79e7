//! The AI systems, with what stands around each.

use std::collections::HashMap;

use jiff::civil::Date;
use surety_aims::{
    Book, Kind as Of, Record, RecordId,
    derive::soa::{Scores, Soa},
    records::AiSystem,
};

use super::{by_date, linked, list, state};
use crate::{
    sheet::{Cell, Column, Frozen, Kind, LegendEntry, Sheet, Tone},
    views::{
        Names, id, soa,
        words::{choice, choices},
    },
};

/// Every AI system, those outside the scope and the retired ones too.
pub fn systems(on: Date, soa: Option<&Soa<'_>>, names: &Names<'_>) -> Sheet {
    let mut sheet = Sheet::new("AI systems", "Inventory of AI systems", columns());
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.legend = legend();
    sheet.notes = vec![
        format!("Every AI system on record on {on} (ISO/IEC 42001 4.3 and A.4.2)."),
        "Risks and actions count live records that name the AI system, evidence counts accepted items for it. Scores \
         are of the controls that apply to it in the Statement of Applicability or that nobody has decided."
            .to_owned(),
    ];
    let scores: HashMap<RecordId, Scores> = soa.map_or_else(HashMap::new, |soa| {
        soa.systems.iter().map(|system| system.id).zip(soa::column_scores(soa)).collect()
    });
    for (record, system) in names.book.all::<AiSystem>() {
        sheet.push(line(record, system, scores.get(&record.id), on, names));
    }
    sheet
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("id", "AI system", Kind::Id),
        Column::new("name", "Name", Kind::Text).wide(30),
        Column::new("state", "State", Kind::Status).wide(20),
        Column::new("in_scope", "In scope", Kind::Bool).rank(3),
        Column::new("owner", "Owner", Kind::Text).wide(24).rank(1),
        Column::new("group", "Group", Kind::Text).wide(22).rank(5),
        Column::new("criticality", "Criticality", Kind::Status).wide(12),
        Column::new("ai_act_class", "EU AI Act class", Kind::Status).wide(16),
        Column::new("kind", "Kind", Kind::Text).wide(14).rank(4),
        Column::new("origin", "Origin", Kind::Text).wide(12).rank(4),
        Column::new("roles", "Roles", Kind::Text).wide(20).rank(5),
        Column::new("ai_act_roles", "Roles under the AI Act", Kind::Text).wide(20).rank(6),
        Column::new("suppliers", "Suppliers", Kind::Text).wide(24).rank(5),
        Column::new("datasets", "Datasets", Kind::Text).wide(24).rank(6),
        Column::new("personal_data", "Personal data", Kind::Bool).wide(10).rank(4),
        Column::new("go_live", "In use since", Kind::Date).rank(6),
        Column::new("next_review", "Next review", Kind::Date).rank(2),
        Column::new("risks", "Risks", Kind::Number).wide(8).rank(3),
        Column::new("open_actions", "Open actions", Kind::Number).wide(8).rank(3),
        Column::new("evidence", "Evidence", Kind::Number).rank(3),
        Column::new("designed", "Designed %", Kind::Number).rank(2),
        Column::new("documented", "Documented %", Kind::Number).wide(12).rank(2),
        Column::new("operating", "Operating %", Kind::Number).wide(11).rank(1),
    ]
}

fn legend() -> Vec<LegendEntry> {
    vec![
        LegendEntry::new(Tone::Good, "in force", "Approved or in operation."),
        LegendEntry::new(Tone::Info, "on its way", "Not yet approved or in operation."),
        LegendEntry::new(Tone::NotApplicable, "over", "Retired or rejected."),
        LegendEntry::new(
            Tone::Bad,
            "serious",
            "High criticality, high-risk or prohibited; of a date: it has passed.",
        ),
        LegendEntry::new(Tone::Warn, "medium", "Medium criticality, or a class with some duties."),
        LegendEntry::new(
            Tone::Neutral,
            "slight or not known",
            "Low criticality, or no class with duties.",
        ),
    ]
}

fn line(
    record: &Record,
    system: &AiSystem,
    scores: Option<&Scores>,
    on: Date,
    names: &Names<'_>,
) -> Vec<Cell> {
    let suppliers = system.suppliers.iter().map(|supplier| supplier.id());
    let suppliers = linked(names.book, record.id, suppliers, Of::Supplier);
    let datasets = system.datasets.iter().map(|dataset| dataset.id());
    let datasets = linked(names.book, record.id, datasets, Of::DatasetCard);
    let counts = Counts::of(names.book, record.id);
    let percent = |part: fn(&Scores) -> u32| {
        Cell::from(scores.map(|scores| i64::from(scores.percent(part(scores)))))
    };
    vec![
        id(record.id),
        system.name.clone().into(),
        state(record),
        system.in_scope.into(),
        names.person(system.owner),
        system.group.map(|group| names.record(group.id())).into(),
        weighed(choice(system.criticality)),
        weighed(choice(system.ai_act_class)),
        choice(system.kind),
        choice(system.origin),
        choices(&system.roles),
        choices(&system.ai_act_roles),
        list(&suppliers, names),
        list(&datasets, names),
        system.personal_data.into(),
        system.go_live.into(),
        by_date(record, system.next_review, on),
        counts.risks.into(),
        counts.open_actions.into(),
        counts.evidence.into(),
        percent(|scores| scores.designed),
        percent(|scores| scores.documented),
        percent(|scores| scores.operating),
    ]
}

/// A class or criticality with the mark of its weight.
fn weighed(cell: Cell) -> Cell {
    let tone = match cell.words().as_ref() {
        "" => return cell,
        "high" | "prohibited" => Tone::Bad,
        "medium" | "limited" | "general-purpose AI" => Tone::Warn,
        _ => Tone::Neutral,
    };
    cell.marked(tone)
}

/// How many records stand around an AI system.
#[derive(Default)]
struct Counts {
    risks: i64,
    open_actions: i64,
    evidence: i64,
}

impl Counts {
    fn of(book: &Book, system: RecordId) -> Counts {
        let mut counts = Counts::default();
        for record in book.referrers(system) {
            if record.kind() == Of::Risk {
                counts.risks += i64::from(record.is_live());
            } else if record.kind() == Of::ImprovementAction {
                counts.open_actions += i64::from(record.is_live());
            } else if record.kind() == Of::EvidenceItem {
                counts.evidence += i64::from(record.state == "accepted");
            }
        }
        counts
    }
}
