//! Views as tables, with what every document says about itself.

mod chosen;
mod classes;
mod dossier;
mod logo;
mod obligations;
mod people;

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use surety_aims::{Ref, records::Person};
use surety_reports::{Meta, Sheet, Workbook, reader::Section, views};

pub use chosen::{gap, soa};
pub use classes::classes;
pub use dossier::{dossier, policy};
pub use logo::with_logo;
pub use obligations::{all_obligations, obligations};
pub use people::{Contents, People, workbook};

use crate::{Error, View, views::STANDARD};

/// Where the figures of a document come from.
pub fn meta(organisation: &str, made_at: Timestamp, view: &View, title: &str) -> Meta {
    Meta {
        organisation: organisation.to_owned(),
        title: title.to_owned(),
        as_of: view.on,
        made_at,
        ledger_size: view.book().size(),
        ledger_root: view.position.frontier.root().to_base64(),
        logo: None,
        front: Vec::new(),
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
        logo: None,
        front: Vec::new(),
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
