//! Everything about one AI system, as an auditor or an authority asks for it.
//!
//! Knows the records around the AI system. What the law says of it, and what happened to it, the caller adds.

use jiff::civil::Date;
use surety_aims::{
    Kind as Of, Record, RecordId,
    derive::{risks::Register, soa::Soa},
    of,
    records::{AiSystem, EvidenceItem, ImpactAssessment, Incident, RiskAssessment},
};

pub use super::policy::Step;
use super::{
    Names, facts, id, policy, risks, soa,
    words::{choice, said},
};
use crate::sheet::{Cell, Column, Kind, Sheet};

/// Fields in the order in which somebody who does not know the system wants to read them.
const FIRST: [&str; 22] = [
    "name",
    "code",
    "purpose",
    "description",
    "kind",
    "origin",
    "version",
    "owner",
    "unit",
    "group",
    "roles",
    "role_reasons",
    "ai_act_roles",
    "ai_act_class",
    "criticality",
    "users",
    "affected_people",
    "decision_effect",
    "automation_level",
    "personal_data",
    "special_category_data",
    "jurisdictions",
];

/// The title of a document of this view.
pub fn title(system: &Record) -> String {
    format!("Dossier of {} {}", system.id, system.title())
}

/// What the dossier says before the law: what the system is and who answers for it.
pub fn overview(system: &Record, names: &Names<'_>) -> Sheet {
    let mut sheet = facts::sheet("Overview", "What it is and who answers for it");
    sheet.push(vec!["Id".into(), id(system.id)]);
    sheet.push(vec!["State".into(), said(system.state)]);
    for (label, value) in facts::of(system, &FIRST, names) {
        sheet.push(vec![label.into(), value]);
    }
    sheet
}

/// The controls of one AI system: the column of the Statement of Applicability, with why.
pub fn controls(soa: &Soa<'_>, system: RecordId, names: &Names<'_>) -> Sheet {
    let columns = vec![
        Column::new("control", "Control", Kind::Id).wide(10),
        Column::new("title", "Title", Kind::Text).wide(30),
        Column::new("standing", "Standing", Kind::Status).wide(15),
        Column::new("justification", "Justification", Kind::LongText).wide(44),
        Column::new("source", "Decided by", Kind::Id),
        Column::new("owner", "Owner", Kind::Text).wide(20),
        Column::new("uncovered_days", "Days uncovered", Kind::Number).wide(9),
        Column::new("why", "Why", Kind::LongText).wide(50),
    ];
    let mut sheet =
        Sheet::new("Controls", "Statement of Applicability for this AI system", columns);
    sheet.legend = soa::Standing::legend();
    sheet.notes.push(format!(
        "Days without operating evidence are counted from {} to {}.",
        soa.window.from, soa.window.to
    ));
    let cells = soa.cells.iter().filter(|cell| cell.system == Some(system));
    for cell in cells {
        let title = soa.controls.iter().find(|control| control.id == cell.control);
        let standing = soa::Standing::of(cell);
        sheet.push(vec![
            cell.control.to_owned().into(),
            title.map(|control| control.title.to_owned()).into(),
            Cell::status(standing.word(), standing.mark()),
            cell.justification.to_owned().into(),
            cell.decided_by.map(id).unwrap_or_default(),
            names.person(cell.owner),
            i64::from(cell.uncovered.days()).into(),
            soa::why(&cell.why).into(),
        ]);
    }
    sheet
}

/// The risks of one AI system.
pub fn risks_of(register: &Register<'_>, system: RecordId, names: &Names<'_>) -> Sheet {
    let mine = register.risks.iter();
    let mine = mine.filter(|risk| risk.ai_system.map(|own| own.id()) == Some(system));
    let register = Register { on: register.on, risks: mine.cloned().collect() };
    let mut sheet = risks::risks(&register, names);
    "Risks of this AI system".clone_into(&mut sheet.title);
    sheet
}

/// Its risk and impact assessments, newest first.
pub fn assessments(system: RecordId, names: &Names<'_>) -> Sheet {
    let columns = vec![
        Column::new("id", "Assessment", Kind::Id),
        Column::new("kind", "Of", Kind::Text).wide(12),
        Column::new("state", "State", Kind::Text).wide(14),
        Column::new("reason", "Why done", Kind::Text).wide(14),
        Column::new("performed_on", "Done on", Kind::Date),
        Column::new("next_due", "Next due", Kind::Date),
        Column::new("result", "What came out", Kind::LongText).wide(60),
        Column::new("by", "By", Kind::Text),
    ];
    let mut sheet = Sheet::new("Assessments", "Risk and impact assessments", columns);
    let mut found: Vec<(Option<Date>, Vec<Cell>)> =
        naming(system, names).filter_map(|record| assessment(record, system, names)).collect();
    found.sort_by_key(|(performed, _)| std::cmp::Reverse(*performed));
    found.into_iter().for_each(|(_, cells)| sheet.push(cells));
    sheet
}

fn assessment(
    record: &Record,
    system: RecordId,
    names: &Names<'_>,
) -> Option<(Option<Date>, Vec<Cell>)> {
    let (own, kind, reason, performed, next, result) =
        if let Some(found) = of::<RiskAssessment>(record) {
            let reason = choice(found.reason);
            (found.ai_system, "risks", reason, found.performed_on, found.next_due, &found.summary)
        } else {
            let found = of::<ImpactAssessment>(record)?;
            let reason = choice(found.reason);
            let result = &found.residual_effect;
            (found.ai_system, "impact", reason, found.performed_on, found.next_due, result)
        };
    if own.map(|own| own.id()) != Some(system) {
        return None;
    }
    let cells = vec![
        id(record.id),
        kind.into(),
        said(record.state),
        reason,
        performed.into(),
        next.into(),
        result.clone().into(),
        names.person(record.body.owner()),
    ];
    Some((performed, cells))
}

/// The records of other kinds that it is made of: data, models and other resources, suppliers.
pub fn parts(system: &Record, names: &Names<'_>) -> Sheet {
    let columns = vec![
        Column::new("id", "Record", Kind::Id),
        Column::new("kind", "Kind", Kind::Text).wide(18),
        Column::new("title", "Title", Kind::Text).wide(36),
        Column::new("state", "State", Kind::Text).wide(14),
        Column::new("owner", "Owner", Kind::Text),
        Column::new("about", "What is stated", Kind::LongText).wide(80),
    ];
    let mut sheet = Sheet::new("Parts", "Data, models, resources and suppliers", columns);
    let named = of::<AiSystem>(system).into_iter().flat_map(|said| {
        let suppliers = said.suppliers.iter().map(|supplier| supplier.id());
        suppliers.chain(said.datasets.iter().map(|dataset| dataset.id()))
    });
    let naming = naming(system.id, names).map(|record| record.id);
    let mut ids: Vec<RecordId> = named.chain(naming).collect();
    ids.retain(|id| matches!(id.kind, Of::Supplier | Of::DatasetCard | Of::Resource));
    ids.sort_unstable();
    ids.dedup();
    for record in ids.into_iter().filter_map(|id| names.book.get(id)) {
        let about = facts::of(record, &[], names).into_iter();
        let about = about.filter(|(label, _)| !matches!(label.as_str(), "Name" | "Owner"));
        let about: Vec<String> =
            about.map(|(label, value)| format!("{label}: {}", value.words())).collect();
        sheet.push(vec![
            id(record.id),
            super::words::kind(record.kind()).into(),
            record.title().to_owned().into(),
            said(record.state),
            names.person(record.body.owner()),
            about.join("; ").into(),
        ]);
    }
    sheet
}

/// The evidence for it, newest first, with the days that each item covers.
pub fn evidence(system: RecordId, names: &Names<'_>) -> Sheet {
    let columns = vec![
        Column::new("id", "Evidence", Kind::Id),
        Column::new("title", "Title", Kind::Text).wide(40),
        Column::new("state", "State", Kind::Text).wide(14),
        Column::new("collected_on", "Collected on", Kind::Date),
        Column::new("from", "Covers from", Kind::Date),
        Column::new("to", "Covers to", Kind::Date),
        Column::new("fresh_until", "Fresh until", Kind::Date),
        Column::new("supports", "Speaks for", Kind::LongText).wide(40),
        Column::new("source", "Source", Kind::Text).wide(20),
    ];
    let mut sheet = Sheet::new("Evidence", "Evidence for this AI system", columns);
    let mut found: Vec<_> = naming(system, names)
        .filter_map(|record| Some((record, of::<EvidenceItem>(record)?)))
        .collect();
    found.sort_by_key(|(record, item)| (std::cmp::Reverse(item.collected_on), record.id));
    for (record, item) in found {
        let supports = item.supports.iter().map(|requirement| requirement.0.as_str());
        sheet.push(vec![
            id(record.id),
            item.title.clone().into(),
            said(record.state),
            item.collected_on.into(),
            item.period_from.into(),
            item.period_to.into(),
            item.fresh_until.into(),
            supports.collect::<Vec<_>>().join(", ").into(),
            item.source.clone().into(),
        ]);
    }
    sheet
}

/// The incidents that it was part of.
pub fn incidents(system: RecordId, names: &Names<'_>) -> Sheet {
    let columns = vec![
        Column::new("id", "Incident", Kind::Id),
        Column::new("title", "Title", Kind::Text).wide(36),
        Column::new("state", "State", Kind::Text).wide(16),
        Column::new("severity", "Severity", Kind::Text).wide(12),
        Column::new("drill", "Exercise", Kind::Bool),
        Column::new("description", "What happened", Kind::LongText),
        Column::new("cause", "Cause", Kind::LongText),
        Column::new("lesson", "Lesson", Kind::LongText),
    ];
    let mut sheet = Sheet::new("Incidents", "Incidents", columns);
    let found = naming(system, names).filter_map(|record| Some((record, of::<Incident>(record)?)));
    for (record, incident) in found {
        sheet.push(vec![
            id(record.id),
            incident.title.clone().into(),
            said(record.state),
            choice(incident.severity),
            incident.drill.into(),
            incident.description.clone().into(),
            incident.cause.clone().into(),
            incident.lesson.clone().into(),
        ]);
    }
    sheet
}

/// The steps of its life cycle, which are its gates: each with who took it and why.
pub fn gates(history: &[Step], names: &Names<'_>) -> Sheet {
    let steps: Vec<Step> =
        history.iter().filter(|step| step.what.starts_with("moved")).cloned().collect();
    let mut sheet = policy::steps("Gates that it has passed", &steps, names);
    "Gates".clone_into(&mut sheet.name);
    sheet
}

/// Every entry of the ledger about it.
pub fn history(history: &[Step], names: &Names<'_>) -> Sheet {
    policy::steps("Entries of the ledger about this AI system", history, names)
}

fn naming<'a>(system: RecordId, names: &Names<'a>) -> impl Iterator<Item = &'a Record> + use<'a> {
    names.book.referrers(system)
}
