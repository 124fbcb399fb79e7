//! Derived views as lists: the same tables as in documents and on the command line.

use axum::response::Response;
use jiff::{ToSpan, civil::Date};
use surety_aims::{Ref, derive::Window};
use surety_engine::{View, views::STANDARD};
use surety_reports::{Sheet, views};

use super::timeline;
use crate::{
    call::Call,
    endpoint::{Endpoint, Handler, Is, Param, handler, param},
    html::{self, Choice, Filter, Listing, ListingPage, Shell, Shows},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    listing("/plan", "planPage", "The action plan.", handler!(Organisation, plan)).query(&[
        FRAMEWORK,
        param("view", Is::OneOf(&["timeline"]), "Adopted actions by due date."),
    ]),
    listing("/due", "duePage", "Everything with a date.", handler!(Organisation, due))
        .query(&[param("days", Is::Number(-100_000, 100_000), "Only up to so many days ahead.")]),
    listing("/gap", "gapPage", "The gap analysis.", handler!(Organisation, gap))
        .query(&[FRAMEWORK, param("view", Is::Text, "What is shown of it.")]),
    listing(
        "/readiness",
        "readinessPage",
        "Readiness for an audit.",
        handler!(Organisation, readiness),
    ),
    listing(
        "/coverage",
        "coveragePage",
        "What work for one framework does for another.",
        handler!(Organisation, coverage),
    )
    .query(&[
        param("from", Is::Text, "The framework for which work was done."),
        param("to", Is::Text, "The framework that is to be covered."),
    ]),
    listing("/activity", "activityPage", "What happened.", handler!(Organisation, activity)).query(
        &[
            param("from", Is::Day, "The first day; 30 days before the last if not given."),
            param("to", Is::Day, "The last day; today if not given."),
        ],
    ),
];

const FRAMEWORK: Param = param("framework", Is::Text, "A framework in use.");

/// A page that is a list.
const fn listing(
    path: &'static str,
    operation: &'static str,
    says: &'static str,
    handler: Handler,
) -> Endpoint {
    Endpoint::page(path, operation, says, handler).listing().kept()
}

/// What a page of a view says about itself.
struct About {
    title: &'static str,
    lead: &'static str,
    shows: Shows,
    tabs: Vec<Choice>,
}

impl About {
    fn new(title: &'static str, lead: &'static str, shows: Shows) -> About {
        About { title, lead, shows, tabs: Vec::new() }
    }
}

/// The page of a sheet, or the sheet as a file if that is asked for.
async fn shown(call: &Call, view: &View, about: About, sheet: &Sheet) -> Result<Response, Problem> {
    if let Some(file) = Listing::file(call, view, sheet, &about.shows).await? {
        return Ok(file);
    }
    let shell = Shell::of(call, view, about.title, about.lead).await?;
    let listing = Listing::of(call, &shell, sheet, about.shows)?;
    html::page(&ListingPage { shell, listing, tabs: about.tabs, action: None, import: None })
}

/// What is drawn with the names of people.
pub(super) async fn named<T>(
    call: &Call,
    view: &View,
    draw: impl FnOnce(&views::Names<'_>) -> T,
) -> Result<T, Problem> {
    let people = call.people().await?;
    let person = |person: Ref<_>| people.name(view.book(), person);
    Ok(draw(&views::Names { book: view.book(), person: &person }))
}

/// The frameworks in use, to choose one.
pub(super) fn frameworks(call: &Call, view: &View) -> Result<Filter, Problem> {
    let known = view.catalogs.frameworks();
    let known = known.map(|framework| (framework.id.clone(), framework.name.clone()));
    Ok(Filter::new(call, ("framework", "Framework"), known)?.with_usual(STANDARD))
}

/// The framework that is asked for, or the standard.
pub(super) fn framework(call: &Call) -> Result<&str, Problem> {
    let asked = call.text("framework")?.filter(|asked| !asked.is_empty());
    Ok(asked.unwrap_or(STANDARD))
}

async fn plan(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    if call.text("view")?.is_some() {
        return timeline::page(&call, &view).await;
    }
    let soa = view.soa(STANDARD, None)?;
    let gaps = view.gaps(&soa, &[framework(&call)?.to_owned()])?;
    let plan = view.plan(&gaps);
    let mut shows = Shows::rows("plan", "actions", "Nothing is missing.");
    shows.filters.push(frameworks(&call, &view)?);
    let lead = "What to do next, the most pressing first, and what each action serves.";
    let sheet = first(named(&call, &view, |names| views::plan::sheets(&plan, names)).await?)?;
    let about = About { tabs: timeline::tabs(&call, false), ..About::new("Plan", lead, shows) };
    shown(&call, &view, about, &sheet).await
}

async fn due(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let due = view.due(call.number("days", -100_000..=100_000)?);
    let mut shows = Shows::rows("due", "dates", "Nothing has a date yet.");
    let horizons = [("0", "Overdue and today"), ("30", "Within 30 days"), ("90", "Within 90 days")];
    let horizons = horizons.into_iter().map(|(days, name)| (days.to_owned(), name.to_owned()));
    shows.filters.push(Filter::new(&call, ("days", "Until"), horizons)?);
    let lead = "Every date by which somebody has to act, overdue first.";
    let sheet = first(named(&call, &view, |names| views::due::sheets(&due, names)).await?)?;
    shown(&call, &view, About::new("Due", lead, shows), &sheet).await
}

async fn gap(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let soa = view.soa(STANDARD, None)?;
    let gaps = view.gaps(&soa, &[framework(&call)?.to_owned()])?;
    let gaps: Vec<_> = gaps.iter().map(|(_, gap)| gap).collect();
    let sheets = named(&call, &view, |names| views::gap::sheets(&gaps, names)).await?;
    let asked = call.text("view")?.unwrap_or_default();
    let at = sheets.iter().position(|sheet| sheet.name == asked).unwrap_or(0);
    let mut tabs = Vec::new();
    for (number, sheet) in sheets.iter().enumerate() {
        let mut query = call.query.clone();
        query.retain(|(name, _)| matches!(name.as_str(), "framework" | "as_of"));
        query.push(("view".to_owned(), sheet.name.clone()));
        let value = html::addressed(call.uri.path(), &query);
        tabs.push(Choice { name: sheet.name.clone(), value, chosen: number == at });
    }
    let mut shows = Shows::rows("gap", "rows", "There is nothing to judge.");
    shows.filters.push(frameworks(&call, &view)?);
    let lead = "Every requirement judged from the records: what was found and what is missing.";
    let sheet = sheets.get(at).ok_or_else(|| Problem::not_found("such a table"))?;
    let about = About { tabs, ..About::new("Gap", lead, shows) };
    shown(&call, &view, about, sheet).await
}

async fn readiness(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let soa = view.soa(STANDARD, None)?;
    let readiness = view.readiness(&soa)?;
    let shows = Shows::rows("readiness", "checks", "There is nothing to check.");
    let lead =
        "Whether Stage 1 and Stage 2 of a certification audit can be passed as things stand.";
    let sheet = first(views::readiness::sheets(&readiness))?;
    let about =
        About { tabs: readiness_tabs(&call, "Checks"), ..About::new("Readiness", lead, shows) };
    shown(&call, &view, about, &sheet).await
}

/// What there is to see of readiness, of the same day.
pub(super) fn readiness_tabs(call: &Call, current: &str) -> Vec<Choice> {
    let (organisation, ..) = call.names();
    let day: Vec<_> = call.query.iter().filter(|(name, _)| name == "as_of").cloned().collect();
    let tab = |(name, path): (&str, &str)| Choice {
        name: name.to_owned(),
        value: html::addressed(&format!("/o/{organisation}{path}"), &day),
        chosen: name == current,
    };
    [("Checks", "/readiness"), ("Trend", "/readiness/trend")].map(tab).to_vec()
}

async fn coverage(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let given = |name, usual| -> Result<&str, Problem> {
        Ok(call.text(name)?.filter(|given| !given.is_empty()).unwrap_or(usual))
    };
    let (from, to) = (given("from", STANDARD)?, given("to", "iso27001")?);
    let soa = view.soa(STANDARD, None)?;
    let coverage = view.coverage(&soa, from, to)?;
    let mut shows = Shows::rows("coverage", "requirements", "Nothing is mapped.");
    for (name, label, usual) in [("from", "Work for", from), ("to", "Covers", to)] {
        let known = view.catalogs.frameworks();
        let known = known.map(|framework| (framework.id.clone(), framework.name.clone()));
        shows.filters.push(Filter::new(&call, (name, label), known)?.with_usual(usual));
    }
    let lead = "How far work done for one framework covers another, and by which mappings.";
    let sheet = first(views::coverage::sheets(&coverage))?;
    shown(&call, &view, About::new("Coverage", lead, shows), &sheet).await
}

async fn activity(call: Call) -> Result<Response, Problem> {
    let today = call.until.unwrap_or_else(|| call.today());
    let view = call.view().await?;
    let newest = call.parsed::<Date>("as_of")?.unwrap_or(today).min(today);
    let to = call.parsed::<Date>("to")?.unwrap_or(newest).min(newest);
    let from = call.parsed("from")?.unwrap_or_else(|| to.saturating_sub(30.days()));
    if from > to {
        return Err(Problem::bad(format!("`from={from}` lies after `to={to}`")));
    }
    let activity = call.activity(&view, Window { from, to }).await?;
    let shows = Shows::rows("activity", "entries", "Nothing happened in this period.");
    let lead = "What was stated and moved in the last thirty days, by whom and for which control.";
    let mut sheet =
        first(named(&call, &view, |names| views::activity::sheets(&activity, names)).await?)?;
    // Whoever looks wants to know what happened last.
    sheet.rows.reverse();
    shown(&call, &view, About::new("Activity", lead, shows), &sheet).await
}

/// The sheet that stands for the view.
fn first(sheets: Vec<Sheet>) -> Result<Sheet, Problem> {
    sheets.into_iter().next().ok_or_else(|| Problem::not_found("such a table"))
}
