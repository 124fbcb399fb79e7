//! Classes of AI systems under the law: all as they are kept, and each with its reasons.

use askama::Template;
use axum::response::Response;
use surety_aims::{Action, Kind, RecordId};
use surety_catalog::Law;
use surety_engine::{
    View, sheets,
    staleness::{ClassStanding, KeptClass},
};
use surety_reports::{
    Sheet,
    sheet::{Cell, Row},
};

use super::{
    legal,
    reasons::{Class, Reasons},
};
use crate::{
    call::Call,
    endpoint::{Endpoint, Is, handler, param},
    html::{
        self, Choice, Filter, Leads, Listing, ListingPage, Pieces, Shell, Shows, capitalised, day,
    },
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page(
        "/classes",
        "classesPage",
        "The class of each AI system as it is kept.",
        handler!(Organisation, list),
    )
    .listing()
    .query(&[
        param("class", Is::Text, "Only AI systems of this class."),
        param("holds", Is::Text, "Only classes that stand like this."),
    ])
    .kept(),
    Endpoint::page(
        "/classes/{id}",
        "classPage",
        "The kept class of an AI system, with its reasons.",
        handler!(Organisation, show),
    )
    .query(&[param("kept", Is::OneOf(&["new", "same"]), "What keeping it has just done.")])
    .kept(),
];

async fn list(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let all = view.kept_classes(view.on);
    let shows = Shows {
        filters: filters(&call, &all)?,
        usual: &["system", "name", "class", "holds", "reasons", "roles", "performed_on"],
        leads: Some(Leads { column: "name", to: "/classes", by: "system" }),
        ..Shows::rows(
            "classes",
            "AI systems",
            "There is no AI system yet. The AI Act sorts each into a class, and from that its duties follow; state the first under Systems.",
        )
    };
    let (class, holds) = (asked(&call, "class")?, asked(&call, "holds")?);
    let next = next(&all);
    let fits = |one: &KeptClass<'_>| {
        class.is_none_or(|class| class_of(one) == class)
            && holds.is_none_or(|holds| one.standing().name() == holds)
    };
    let shown: Vec<_> = all.into_iter().filter(fits).collect();
    let sheet = worded(view.ai_act()?, sheets::classes(&shown), &shown);
    if let Some(file) = Listing::file(&call, &view, &sheet, &shows).await? {
        return Ok(file);
    }
    let lead = format!(
        "What each AI system is under the {}, and whether what was kept still holds.",
        legal::governing(&view)?
    );
    let shell = Shell::of(&call, &view, "Classes", &lead).await?;
    let listing = Listing::of(&call, &shell, &sheet, shows)?;
    let action = next.filter(|_| shell.may(Action::State(Kind::Classification)));
    let action =
        action.map(|id| (format!("Classify {id}"), shell.link(format!("/classes/{id}/classify"))));
    html::page(&ListingPage { shell, listing, tabs: Vec::new(), action, import: None })
}

fn asked<'c>(call: &'c Call, name: &str) -> Result<Option<&'c str>, Problem> {
    Ok(call.text(name)?.filter(|text| !text.is_empty()))
}

/// What an open class is called where classes are chosen.
const OPEN: &str = "open";

/// The class by name, also of what has none.
fn class_of<'k>(kept: &KeptClass<'k>) -> &'k str {
    if kept.outcome.is_empty() { OPEN } else { kept.outcome }
}

fn filters(call: &Call, all: &[KeptClass<'_>]) -> Result<Vec<Filter>, Problem> {
    let mut classes: Vec<_> = all.iter().map(class_of).collect();
    classes.sort_unstable();
    classes.dedup();
    let title = |class: &str| match class {
        OPEN => "Open or not classified".to_owned(),
        _ => legal::outcome(class),
    };
    let classes = classes.into_iter().map(|class| (class.to_owned(), title(class)));
    let standings = ClassStanding::ALL.iter().map(|one| one.name());
    let standings = standings.map(|name| (name.to_owned(), capitalised(name)));
    Ok(vec![
        Filter::new(call, ("class", "Class"), classes)?,
        Filter::new(call, ("holds", "Holds"), standings)?,
    ])
}

/// The AI system to classify next: one that is not, else one whose class is stale or open.
fn next(all: &[KeptClass<'_>]) -> Option<RecordId> {
    let first = |standing| all.iter().find(|one| one.standing() == standing);
    let wanted = [ClassStanding::NotClassified, ClassStanding::Stale, ClassStanding::Open];
    wanted.into_iter().find_map(first).map(|one| one.system)
}

/// The same with classes, reasons and versions of the law in words.
fn worded(law: &Law, mut sheet: Sheet, kept: &[KeptClass<'_>]) -> Sheet {
    let place = |key: &str| sheet.columns.iter().position(|column| column.key == key);
    let (class, reasons, version) = (place("class"), place("reasons"), place("law"));
    for (row, one) in sheet.rows.iter_mut().zip(kept) {
        let Row::Cells(cells) = row else { continue };
        let mut say = |at: Option<usize>, says: String| {
            if let Some(cell) = at.and_then(|at| cells.get_mut(at)).filter(|_| !says.is_empty()) {
                *cell = Cell::text(says);
            }
        };
        let stale: Vec<_> = one.stale.iter().map(|stale| legal::stale(law, stale)).collect();
        say(reasons, stale.join(". "));
        say(version, legal::version(law, one.law_version));
        if !one.outcome.is_empty() {
            say(class, legal::outcome(one.outcome));
        }
    }
    sheet
}

#[derive(Template)]
#[template(path = "class.html")]
struct ClassPage {
    shell: Shell,
    /// Id, name and place of the AI system.
    system: (String, String, String),
    class: Class,
    is_classified: bool,
    /// The law, the day and the record of what is kept.
    made: Pieces,
    standing: &'static str,
    stale: Vec<String>,
    reasons: Option<Reasons>,
    /// Where answers are changed.
    wizard: String,
    may_classify: bool,
    obligations: String,
    kept: Option<&'static str>,
    tabs: Vec<Choice>,
}

async fn show(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let (system, name) = system(&call, &view)?;
    let kept = view.kept_class(system, view.on);
    let shell = Shell::of(&call, &view, &name, "").await?;
    let (law, class) = (view.ai_act()?, Class::of(kept.outcome, kept.possible_outcomes));
    let links = shell.links();
    let page = ClassPage {
        system: (system.to_string(), name, links.record(system)),
        class,
        is_classified: kept.record.is_some(),
        made: links.pieces(&made(&view, &kept)?),
        standing: kept.standing().name(),
        stale: kept.stale.iter().map(|stale| legal::stale(law, stale)).collect(),
        reasons: view.kept_reasons(system).as_ref().map(Reasons::of),
        wizard: shell.link(format!("/classes/{system}/classify")),
        may_classify: shell.may(Action::State(Kind::Classification)),
        obligations: shell.link(format!("/obligations/{system}")),
        tabs: tabs(&shell, system, "Class"),
        kept: match call.text("kept")? {
            Some("new") => Some("The class is on the ledger."),
            Some(_) => Some("The same class is kept already; nothing was written."),
            None => None,
        },
        shell,
    };
    html::page(&page)
}

/// Under which law, when and in which record it was kept.
fn made(view: &View, kept: &KeptClass<'_>) -> Result<String, Problem> {
    let Some(record) = kept.record else { return Ok(String::new()) };
    let law = legal::version(view.ai_act()?, kept.law_version);
    let on = kept.performed_on.map(|on| format!(", assessed on {}", day(on))).unwrap_or_default();
    Ok(format!("{law}{on}. Kept as {record}, {}.", surety_reports::views::words(kept.state)))
}

/// The AI system of the address, and its name.
pub(super) fn system(call: &Call, view: &View) -> Result<(RecordId, String), Problem> {
    let id = call.id()?;
    let record = view.book().get(id).filter(|_| id.kind == Kind::AiSystem);
    let record = record.ok_or_else(|| Problem::not_found(id))?;
    Ok((id, super::record::title(record)))
}

/// The parts of what the law says about an AI system.
pub(super) fn tabs(shell: &Shell, system: RecordId, current: &str) -> Vec<Choice> {
    let parts = [
        ("Class", format!("/classes/{system}")),
        ("Obligations", format!("/obligations/{system}")),
        ("Why not", format!("/obligations/{system}/why-not")),
        ("Side by side", format!("/obligations/{system}/side-by-side")),
    ];
    let choice = |(name, path): (&str, String)| Choice {
        name: name.to_owned(),
        value: shell.link(&path),
        chosen: name == current,
    };
    parts.map(choice).to_vec()
}
