//! Views as tables, with what every document says about itself.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use surety_aims::{Ref, records::Person};
use surety_reports::{Cell, Column, Kind, Meta, Sheet, Tone, Workbook, reader::Section, views};

use crate::{Error, View, staleness::KeptClass, views::STANDARD};

/// Where the figures of a document come from.
pub fn meta(organisation: &str, made_at: Timestamp, view: &View, title: &str) -> Meta {
    Meta {
        organisation: organisation.to_owned(),
        title: title.to_owned(),
        as_of: view.on,
        made_at,
        ledger_size: view.book().size(),
        ledger_root: view.position.frontier.root().to_base64(),
    }
}

/// Tables that are about no organisation: what a law says, which clocks there are.
pub fn without_ledger(title: &str, on: Date, made_at: Timestamp, sheets: Vec<Sheet>) -> Workbook {
    let meta = Meta {
        organisation: "Surety".to_owned(),
        title: title.to_owned(),
        as_of: on,
        made_at,
        ledger_size: 0,
        ledger_root: String::new(),
    };
    Workbook { meta, sheets }
}

/// The tables of a pack's reader.
pub(crate) fn reader_sections(
    view: &View,
    people: &BTreeMap<String, String>,
) -> Result<Vec<Section>, Error> {
    let person = |person: Ref<Person>| {
        let id = person.to_string();
        people.get(&id).cloned().unwrap_or_else(|| views::positions(view.book())(person))
    };
    let names = views::Names { book: view.book(), person: &person };
    let soa = view.soa(STANDARD, None)?;
    let framework = view.framework(STANDARD)?;
    let gaps = view.gaps(&soa, &[])?;
    let plan = view.plan(&gaps);
    let due = view.due(Some(90));
    let gaps: Vec<_> = gaps.iter().map(|(_, gap)| gap).collect();
    let standard: Vec<_> = gaps.iter().filter(|gap| gap.framework == STANDARD).collect();
    let section = |anchor: &str, lead: &str, sheet: Sheet| Section {
        anchor: anchor.to_owned(),
        lead: lead.to_owned(),
        sheet,
    };
    let mut sections = vec![
        section(
            "soa",
            "Which controls apply, why, and how far they are designed, documented and operating.",
            views::soa::statement(&soa, framework, &names),
        ),
        section("matrix", "Each control for each AI system.", views::soa::matrix(&soa, framework)),
        section(
            "systems",
            "The AI systems of the inventory.",
            views::inventory::systems(view.on, Some(&soa), &names),
        ),
        section(
            "classes",
            "The class of each AI system under the EU AI Act as it was kept, and whether it still holds.",
            classes(&view.kept_classes(view.on)),
        ),
        section(
            "gap-summary",
            "How many requirements of each framework are met.",
            views::gap::summary(&gaps),
        ),
    ];
    for gap in standard {
        sections.push(section(
            "gap",
            "Every requirement, judged from the records.",
            views::gap::requirements(gap, &names),
        ));
    }
    for (anchor, lead, sheets) in [
        ("plan", "What to do, the most pressing first.", views::plan::sheets(&plan, &names)),
        ("due", "What is due within 90 days, overdue first.", views::due::sheets(&due, &names)),
    ] {
        sections.extend(sheets.into_iter().take(1).map(|sheet| section(anchor, lead, sheet)));
    }
    Ok(sections)
}

/// The kept classes of AI systems: what was found, under which law, and whether it still holds.
pub fn classes(kept: &[KeptClass<'_>]) -> Sheet {
    let columns = vec![
        Column::new("system", "AI system", Kind::Id),
        Column::new("name", "Name", Kind::Text).wide(32),
        Column::new("class", "Class", Kind::Text).wide(34),
        Column::new("holds", "Holds", Kind::Status).wide(14),
        Column::new("reasons", "Why not", Kind::LongText).wide(60),
        Column::new("record", "Record", Kind::Id),
        Column::new("state", "State", Kind::Text).rank(1),
        Column::new("roles", "Roles", Kind::Text).wide(24).rank(1),
        Column::new("findings", "Findings", Kind::LongText).wide(60).rank(1),
        Column::new("law", "Law", Kind::Text).rank(2),
        Column::new("performed_on", "Assessed on", Kind::Date).rank(1),
    ];
    let mut sheet = Sheet::new("Classes", "Classes under the EU AI Act", columns);
    for one in kept {
        let (holds, reasons) = holds(one);
        let findings = one.findings.iter().map(|found| match found.citations.join(", ") {
            none if none.is_empty() => found.text.to_string(),
            citations => format!("{} ({citations})", found.text),
        });
        sheet.push(vec![
            one.system.to_string().into(),
            one.name.to_owned().into(),
            class(one).into(),
            holds,
            reasons.into(),
            one.record.map(|record| record.to_string()).unwrap_or_default().into(),
            spaced(one.state).into(),
            spaced(&one.roles.join(", ")).into(),
            findings.collect::<Vec<_>>().join("; ").into(),
            one.law_version.to_owned().into(),
            one.performed_on.map(Cell::from).unwrap_or_default(),
        ]);
    }
    sheet
}

fn class(kept: &KeptClass<'_>) -> String {
    match (kept.outcome, kept.possible_outcomes) {
        ("", []) => String::new(),
        ("", possible) if possible.len() > 4 => {
            format!("open: {} outcomes possible", possible.len())
        }
        ("", possible) => format!("open: {}", spaced(&possible.join(", "))),
        (outcome, _) => spaced(outcome),
    }
}

fn holds(kept: &KeptClass<'_>) -> (Cell, String) {
    if kept.record.is_none() {
        return (Cell::status("not classified", Tone::Bad), String::new());
    }
    let reasons: Vec<_> = kept.stale.iter().map(ToString::to_string).collect();
    let (word, tone) =
        match (reasons.is_empty(), kept.still_open.is_empty() && !kept.outcome.is_empty()) {
            (false, _) => ("stale", Tone::Bad),
            (true, false) => ("open", Tone::Warn),
            (true, true) => ("holds", Tone::Good),
        };
    (Cell::status(word, tone), reasons.join("; "))
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}
