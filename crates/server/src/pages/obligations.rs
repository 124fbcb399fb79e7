//! What the law asks of AI systems: of all, and of each with why, why not, and for two roles side by side.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use jiff::{ToSpan, civil::Date};
use surety_aims::RecordId;
use surety_engine::{
    View,
    law::{SystemObligation, SystemObligations},
    sheets,
    views::STANDARD,
};
use surety_law::obligation::{Entry, Standing, State};
use surety_reports::{
    Sheet,
    sheet::{Cell, Row},
    views,
};

use super::{
    classes::{system, tabs},
    legal,
    reasons::Class,
    views::named,
};
use crate::{
    call::Call,
    endpoint::{Endpoint, Handler, Is, handler, param},
    html::{self, Choice, Filter, Leads, Listing, ListingPage, Shell, Shows, capitalised},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    listing(
        "/obligations",
        "obligationsPage",
        "What the law asks of all AI systems.",
        handler!(Organisation, all),
    )
    .query(&[
        param("system", Is::Text, "Only those of this AI system."),
        param("role", Is::Text, "Only what addresses this role of ours."),
        param("standing", Is::Text, "Only what stands like this."),
        param("state", Is::Text, "Only what is fulfilled so far."),
        param("days", Is::Number(0, 100_000), "Only what binds within so many days."),
    ]),
    listing(
        "/obligations/{id}",
        "systemObligationsPage",
        "What the law asks of an AI system, from when, and why.",
        handler!(Organisation, binding),
    )
    .query(&[param("standing", Is::Text, "Only what stands like this.")]),
    listing(
        "/obligations/{id}/why-not",
        "whyNotPage",
        "What the law does not ask of an AI system, and why not.",
        handler!(Organisation, why_not),
    ),
    listing(
        "/obligations/{id}/side-by-side",
        "sideBySidePage",
        "What two roles owe for the same AI system.",
        handler!(Organisation, side_by_side),
    )
    .query(&[param("left", Is::Text, "A role of the law."), param("right", Is::Text, "Another.")]),
];

const fn listing(
    path: &'static str,
    operation: &'static str,
    says: &'static str,
    handler: Handler,
) -> Endpoint {
    Endpoint::page(path, operation, says, handler).listing().kept()
}

/// Standings of what applies, as addresses name them.
const STANDINGS: &[(&str, &str, Standing)] = &[
    ("binds", "Binds today", Standing::Binds),
    ("upcoming", "Will bind", Standing::Upcoming),
    ("waits", "Waits for something", Standing::Waits),
];

const STATES: &[(&str, State)] = &[
    ("met", State::Met),
    ("partly", State::Partly),
    ("open", State::Open),
    ("not_addressed", State::NotAddressed),
];

/// What is asked of a list of obligations.
struct Wanted<'c> {
    role: Option<&'c str>,
    standing: Option<Standing>,
    state: Option<State>,
    until: Option<Date>,
}

impl<'c> Wanted<'c> {
    fn of(call: &'c Call, on: Date) -> Result<Wanted<'c>, Problem> {
        let asked = |name| -> Result<Option<&str>, Problem> {
            Ok(call.text(name)?.filter(|text| !text.is_empty()))
        };
        let standing = asked("standing")?;
        let state = asked("state")?;
        let days = asked("days")?.map(str::parse::<i32>).transpose();
        let days = days.map_err(|_| Problem::bad("`days` is no number"))?;
        Ok(Wanted {
            role: asked("role")?,
            standing: standing
                .and_then(|name| STANDINGS.iter().find(|one| one.0 == name).map(|one| one.2)),
            state: state.and_then(|name| STATES.iter().find(|one| one.0 == name).map(|one| one.1)),
            until: days.map(|days| on.saturating_add(days.days())),
        })
    }

    fn fits(&self, one: &SystemObligation<'_>) -> bool {
        let entry = &one.entry;
        self.role.is_none_or(|role| entry.why.roles.contains(&role))
            && self.standing.is_none_or(|standing| entry.standing == standing)
            && self.state.is_none_or(|state| one.state == state)
            && self.until.is_none_or(|until| entry.binds_from.is_some_and(|from| from <= until))
    }
}

async fn all(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let soa = view.soa(STANDARD, None)?;
    let mut found = view.all_obligations(&soa, view.on)?;
    let wanted = Wanted::of(&call, view.on)?;
    let shows = Shows {
        filters: filters(&call, &view, &found)?,
        usual: &[
            "system",
            "name",
            "ref",
            "title",
            "standing",
            "binds_from",
            "why",
            "state",
            "owner",
        ],
        leads: Some(Leads { column: "name", to: "/obligations", by: "system" }),
        ..Shows::rows(
            "obligations",
            "obligations",
            "No AI system is classified yet. Obligations under the AI Act follow from classes; begin under Classes.",
        )
    };
    let system = call.text("system")?.unwrap_or_default();
    found.retain(|one| system.is_empty() || one.system.to_string() == system);
    for one in &mut found {
        one.obligations.retain(|one| wanted.fits(one));
    }
    let mut sheet = named(&call, &view, |names| {
        sheets::all_obligations(&found, view.book(), &|owner| (names.person)(owner))
    })
    .await?;
    let entries = found.iter().flat_map(|one| &one.obligations);
    explain(&mut sheet, entries.map(|one| &one.entry));
    if let Some(file) = Listing::file(&call, &view, &sheet, &shows).await? {
        return Ok(file);
    }
    let law = legal::governing(&view)?;
    let lead = format!("What the {law} asks of each AI system, from when, and how far it is done.");
    let shell = Shell::of(&call, &view, "Obligations", &lead).await?;
    let listing = Listing::of(&call, &shell, &sheet, shows)?;
    html::page(&ListingPage { shell, listing, tabs: Vec::new(), action: None, import: None })
}

fn filters(
    call: &Call,
    view: &View,
    found: &[SystemObligations<'_>],
) -> Result<Vec<Filter>, Problem> {
    let title = |id: RecordId| view.book().get(id).map(super::record::title).unwrap_or_default();
    let systems = found.iter().map(|one| one.system);
    let systems = systems.map(|id| (id.to_string(), format!("{id} {}", title(id))));
    let all = found.iter().flat_map(|one| &one.obligations);
    let roles: BTreeSet<&str> = all.flat_map(|one| one.entry.why.roles.iter().copied()).collect();
    let spoken = |name: &str| (name.to_owned(), capitalised(&legal::spoken(name)));
    let standings = STANDINGS.iter().map(|one| (one.0.to_owned(), one.1.to_owned()));
    let horizons = [("0", "Today"), ("180", "Within 180 days"), ("365", "Within a year")];
    let horizons = horizons.into_iter().map(|(days, name)| (days.to_owned(), name.to_owned()));
    Ok(vec![
        Filter::new(call, ("system", "AI system"), systems)?,
        Filter::new(call, ("role", "Role"), roles.into_iter().map(spoken))?,
        Filter::new(call, ("standing", "Standing"), standings)?,
        Filter::new(call, ("state", "State"), STATES.iter().map(|one| spoken(one.0)))?,
        Filter::new(call, ("days", "Binds"), horizons)?,
    ])
}

/// Beside the title of each provision what it says, from when, and what there is to know about it.
fn explain<'e, 'l: 'e>(sheet: &mut Sheet, entries: impl Iterator<Item = &'e Entry<'l>>) {
    let place = |key: &str| sheet.columns.iter().position(|column| column.key == key);
    let (title, why) = (place("title"), place("why"));
    for (row, entry) in sheet.rows.iter_mut().zip(entries) {
        let Row::Cells(cells) = row else { continue };
        if let Some(cell) = title.and_then(|at| cells.get_mut(at)) {
            cell.why = Some(told(entry));
        }
        if let Some(cell) = why.and_then(|at| cells.get_mut(at)) {
            *cell = Cell::text(legal::why(entry));
        }
    }
}

fn told(entry: &Entry<'_>) -> String {
    let one = entry.obligation;
    let start =
        entry.starts.first().map(|(tier, start)| format!("For {}: {start}.", legal::spoken(tier)));
    let list = |name: &str, all: &[String]| {
        (!all.is_empty()).then(|| format!("{name}: {}.", all.join("; ")))
    };
    let parts = [
        Some(format!("{}: {}", one.reference, entry.text)),
        start,
        list("Exceptions", &one.exceptions),
        list("Evidence expected", &one.evidence),
        entry.caution.map(|caution| caution.says.clone()),
        legal::doubt(entry.confidence, &one.note),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

#[derive(Template)]
#[template(path = "obligations.html")]
struct ObligationsPage {
    shell: Shell,
    system: (String, String),
    tabs: Vec<Choice>,
    law: String,
    class: Option<Class>,
    stale: Vec<String>,
    /// How many stand how, and where those are listed.
    figures: Vec<(usize, &'static str, String)>,
    wizard: String,
    listing: Option<Listing>,
}

impl ObligationsPage {
    /// The page of an AI system that nothing is known about.
    fn of(
        shell: Shell,
        view: &View,
        system: RecordId,
        part: &str,
    ) -> Result<ObligationsPage, Problem> {
        let record = view.book().get(system).map(super::record::title);
        let kept = view.kept_class(system, view.on);
        let law = view.ai_act()?;
        let class = kept.record.map(|_| Class::of(kept.outcome, kept.possible_outcomes));
        Ok(ObligationsPage {
            system: (system.to_string(), record.unwrap_or_default()),
            tabs: tabs(&shell, system, part),
            law: legal::governing(view)?,
            class,
            stale: kept.stale.iter().map(|stale| legal::stale(law, stale)).collect(),
            figures: Vec::new(),
            wizard: shell.link(format!("/classes/{system}/classify")),
            listing: None,
            shell,
        })
    }
}

/// The page of an AI system with one of its tables, or the table as a file.
async fn page(
    call: &Call,
    view: &View,
    (system, part): (RecordId, &str),
    table: Option<(Sheet, Shows)>,
    figures: Vec<(usize, &'static str, String)>,
) -> Result<Response, Problem> {
    if let Some((sheet, shows)) = &table
        && let Some(file) = Listing::file(call, view, sheet, shows).await?
    {
        return Ok(file);
    }
    let title = view.book().get(system).map(super::record::title).unwrap_or_default();
    let shell = Shell::of(call, view, &title, "").await?;
    let mut page = ObligationsPage::of(shell, view, system, part)?;
    if let Some((sheet, shows)) = table {
        page.listing = Some(Listing::of(call, &page.shell, &sheet, shows)?);
    }
    page.figures = figures;
    html::page(&page)
}

async fn binding(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let (system, _) = system(&call, &view)?;
    if view.classification(system).is_none() {
        return page(&call, &view, (system, "Obligations"), None, Vec::new()).await;
    }
    let soa = view.soa(STANDARD, None)?;
    let mut found = view.obligations(&soa, system, view.on)?;
    let figures = figures(&call, &found);
    let wanted = Wanted::of(&call, view.on)?;
    found.obligations.retain(|one| wanted.fits(one));
    let mut sheet = named(&call, &view, |names| {
        sheets::obligations(&found, &|owner| (names.person)(owner), false)
    })
    .await?;
    explain(&mut sheet, found.obligations.iter().map(|one| &one.entry));
    sheet.notes.clear();
    let standings = STANDINGS.iter().map(|one| (one.0.to_owned(), one.1.to_owned()));
    let shows = Shows {
        filters: vec![Filter::new(&call, ("standing", "Standing"), standings)?],
        usual: &[
            "ref",
            "title",
            "kind",
            "standing",
            "binds_from",
            "why",
            "state",
            "owner",
            "given",
        ],
        ..Shows::rows("obligations", "obligations", "Nothing binds this AI system, now or later.")
    };
    page(&call, &view, (system, "Obligations"), Some((sheet, shows)), figures).await
}

/// How many obligations stand how.
fn figures(call: &Call, found: &SystemObligations<'_>) -> Vec<(usize, &'static str, String)> {
    let path = call.uri.path();
    let past = call.query.iter().filter(|(name, _)| name == "as_of").cloned();
    let past: Vec<_> = past.collect();
    let count =
        |standing| found.obligations.iter().filter(|one| one.entry.standing == standing).count();
    let standings = STANDINGS.iter().map(|(name, says, standing)| {
        let mut query = past.clone();
        query.push(("standing".to_owned(), (*name).to_owned()));
        (count(*standing), *says, html::addressed(path, &query))
    });
    let why_not = html::addressed(&format!("{path}/why-not"), &past);
    standings.chain([(found.not_applying.len(), "Does not apply", why_not)]).collect()
}

async fn why_not(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let (system, _) = system(&call, &view)?;
    if view.classification(system).is_none() {
        return page(&call, &view, (system, "Why not"), None, Vec::new()).await;
    }
    let soa = view.soa(STANDARD, None)?;
    let mut found = view.obligations(&soa, system, view.on)?;
    found.obligations.clear();
    let mut sheet = sheets::obligations(&found, &|_| String::new(), true);
    explain(&mut sheet, found.not_applying.iter());
    sheet.notes.clear();
    let shows = Shows {
        usual: &["ref", "title", "kind", "standing", "why"],
        ..Shows::rows("why-not", "provisions", "Every provision applies.")
    };
    page(&call, &view, (system, "Why not"), Some((sheet, shows)), Vec::new()).await
}

async fn side_by_side(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let (system, _) = system(&call, &view)?;
    let Some(subject) = view.subject(system) else {
        return page(&call, &view, (system, "Side by side"), None, Vec::new()).await;
    };
    let roles = &view.ai_act()?.roles;
    let ours = subject.roles.iter().find(|role| roles.contains(role)).or(roles.first());
    let ours = ours.map(String::as_str).unwrap_or_default();
    let other = roles.iter().find(|role| *role != ours).map(String::as_str).unwrap_or_default();
    let asked = |name, usual| -> Result<&str, Problem> {
        Ok(call.text(name)?.filter(|text| !text.is_empty()).unwrap_or(usual))
    };
    let (left, right) = (asked("left", ours)?, asked("right", other)?);
    let rows = view.side_by_side(system, view.on, (left, right))?;
    let sheet = views::law::side_by_side(&system.to_string(), (left, right), &rows);
    let choices = |chosen: &str| -> Vec<Choice> {
        let choice = |role: &String| Choice {
            name: capitalised(&legal::spoken(role)),
            value: role.clone(),
            chosen: role == chosen,
        };
        roles.iter().map(choice).collect()
    };
    let shows = Shows {
        filters: vec![
            Filter { name: "left", label: "Left", choices: choices(left), is_needed: true },
            Filter { name: "right", label: "Right", choices: choices(right), is_needed: true },
        ],
        ..Shows::rows("side-by-side", "articles", "Neither role owes anything for it.")
    };
    page(&call, &view, (system, "Side by side"), Some((sheet, shows)), Vec::new()).await
}
