//! The law in time: what it brings on which day for which AI systems, and what a newer version changes.

use askama::Template;
use axum::response::Response;
use surety_aims::{Action, Kind, RecordId, permit};
use surety_engine::{Batch, Error, LawImpact, Moment, View};
use surety_law::obligation::{CalendarEntry, Impact, Occasion};
use surety_reports::{
    Sheet,
    sheet::{Cell, Row},
    views,
};

use super::legal;
use crate::{
    call::Call,
    endpoint::{Endpoint, Is, Param, handler, param},
    html::{self, Choice, Listing, Pieces, Shell, Shows, capitalised, day, distance},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page(
        "/law",
        "lawPage",
        "What the law brings on which day, and which AI systems it touches.",
        handler!(Organisation, calendar),
    )
    .query(&[param("system", Is::Text, "Only what touches this AI system.")])
    .kept(),
    Endpoint::page(
        "/law/impact",
        "lawImpactPage",
        "What a newer version of the law changes for our AI systems.",
        handler!(Organisation, impact),
    )
    .listing()
    .query(VERSIONS)
    .kept(),
    Endpoint::form(
        "/law/impact",
        "planReassessmentsForm",
        "Plan new classifications of the AI systems that a newer version of the law touches.",
        handler!(Organisation, plan),
    ),
];

const VERSIONS: &[Param] = &[
    param("from", Is::Text, "The older version."),
    param("to", Is::Text, "The newer version."),
    param("view", Is::Text, "What is shown of it."),
    param("planned", Is::Number(0, 1_000_000), "How many were just planned."),
];

#[derive(Template)]
#[template(path = "law.html")]
struct CalendarPage {
    shell: Shell,
    tabs: Vec<Choice>,
    law: String,
    systems: Vec<Choice>,
    coming: Vec<Day>,
    past: Vec<Day>,
}

/// A day on which the law brings something.
struct Day {
    date: String,
    distance: String,
    brings: Vec<Brings>,
}

/// What it brings.
struct Brings {
    /// Its name in the page.
    id: String,
    summary: String,
    occasion: &'static str,
    law: String,
    provisions: String,
    /// How many those are, if they are too many to stand there.
    many: Option<usize>,
    roles: String,
    /// Our AI systems that it touches.
    systems: Vec<(String, String)>,
    doubt: Option<String>,
}

async fn calendar(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let mut entries = view.law_calendar(view.on, view.on)?;
    let asked = call.text("system")?.filter(|asked| !asked.is_empty());
    if let Some(system) = asked {
        entries.retain(|entry| entry.systems.contains(system));
    }
    let law = legal::governing(&view)?;
    let lead = format!(
        "The dates of the {law} and of what was published with it, and the AI systems that each touches."
    );
    let shell = Shell::of(&call, &view, "Law calendar", &lead).await?;
    let (past, coming): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.past);
    let mut past = days(&view, &shell, &past)?;
    past.reverse();
    let known = view.subjects().into_iter().map(|subject| subject.id);
    let systems = known.map(|id| Choice {
        name: title(&view, &id),
        chosen: asked == Some(id.as_str()),
        value: id,
    });
    html::page(&CalendarPage {
        tabs: tabs(&shell, "Calendar"),
        law,
        systems: systems.collect(),
        coming: days(&view, &shell, &coming)?,
        past,
        shell,
    })
}

fn title(view: &View, id: &str) -> String {
    let record = id.parse::<RecordId>().ok().and_then(|id| view.book().get(id));
    record.map(|record| format!("{id} {}", super::record::title(record))).unwrap_or(id.to_owned())
}

fn tabs(shell: &Shell, current: &str) -> Vec<Choice> {
    let parts = [("Calendar", "/law"), ("Impact of a change", "/law/impact")];
    let choice = |(name, path): (&str, &str)| Choice {
        name: name.to_owned(),
        value: shell.link(path),
        chosen: name == current,
    };
    parts.map(choice).to_vec()
}

/// Provisions that stand there as they are.
const FEW: usize = 8;

/// Entries by day.
fn days(view: &View, shell: &Shell, entries: &[CalendarEntry<'_>]) -> Result<Vec<Day>, Problem> {
    let law = view.ai_act()?;
    let mut days: Vec<(jiff::civil::Date, Day)> = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        let systems = entry
            .systems
            .iter()
            .map(|id| (title(view, id), shell.link(format!("/obligations/{id}"))));
        let brings = Brings {
            id: format!("{}-{number}", entry.date),
            summary: entry.summary.to_owned(),
            occasion: occasion(entry.occasion),
            law: legal::version(law, entry.version),
            many: Some(entry.provisions.len()).filter(|count| *count > FEW),
            provisions: references(entry),
            roles: entry
                .roles
                .iter()
                .map(|role| legal::spoken(role))
                .collect::<Vec<_>>()
                .join(", "),
            systems: systems.collect(),
            doubt: legal::doubt(entry.confidence, ""),
        };
        match days.last_mut().filter(|(date, _)| *date == entry.date) {
            Some((_, last)) => last.brings.push(brings),
            None => {
                let date = day(entry.date);
                let distance = distance(entry.date, view.on);
                days.push((entry.date, Day { date, distance, brings: vec![brings] }));
            }
        }
    }
    Ok(days.into_iter().map(|(_, day)| day).collect())
}

/// What happens on a day, in words.
fn occasion(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::VersionInForce => "a version of the law enters into force",
        Occasion::Reworded => "reads differently",
        Occasion::FormallyApplies => "applies on its face",
        Occasion::Starts => "begins to bind",
        Occasion::Ends => "no longer binds",
        Occasion::Deadline => "is due",
    }
}

fn references(entry: &CalendarEntry<'_>) -> String {
    let mut references: Vec<&str> =
        entry.provisions.iter().map(|one| one.reference.as_str()).collect();
    references.dedup();
    references.join(", ")
}

#[derive(Template)]
#[template(path = "law_impact.html")]
struct ImpactPage {
    shell: Shell,
    tabs: Vec<Choice>,
    from: Vec<Choice>,
    to: Vec<Choice>,
    /// The two versions by their names.
    names: (String, String),
    totals: Vec<(usize, &'static str)>,
    left_out: Vec<Pieces>,
    parts: Vec<Choice>,
    listing: Listing,
    plan: Option<PlanForm>,
    planned: Option<usize>,
}

/// What would be planned.
struct PlanForm {
    action: String,
    from: String,
    to: String,
    /// The AI system, where its class stands, and the reasons.
    wanted: Vec<(String, String, Vec<String>)>,
    /// How many commands that makes: where one is planned already, it stays.
    new: usize,
    may: bool,
}

async fn impact(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let versions = versions(&call, &view)?;
    let (from, to) = (versions.0.as_str(), versions.1.as_str());
    let found = view.law_impact(from, to, &[view.on])?;
    let mut sheets = views::law::impact(&found.impact);
    titled(&mut sheets, &found.impact);
    let asked = call.text("view")?.unwrap_or_default();
    let at = sheets.iter().position(|sheet| sheet.name == asked).unwrap_or(0);
    let sheet = sheets.get(at).ok_or_else(|| Problem::not_found("such a table"))?;
    let shows = Shows::rows("law-impact", "rows", "Nothing changes.");
    if let Some(file) = Listing::file(&call, &view, sheet, &shows).await? {
        return Ok(file);
    }
    let lead = "Who changes class or duties when another version of the law governs, and what to assess again.";
    let shell = Shell::of(&call, &view, "Impact of a law change", lead).await?;
    let listing = Listing::of(&call, &shell, sheet, shows)?;
    let law = view.ai_act()?;
    let choices = |chosen: &str| -> Vec<Choice> {
        let choice = |one: &surety_catalog::LawVersion| Choice {
            name: legal::version(law, &one.id),
            value: one.id.clone(),
            chosen: one.id == chosen,
        };
        law.versions.iter().map(choice).collect()
    };
    let links = shell.links();
    html::page(&ImpactPage {
        tabs: tabs(&shell, "Impact of a change"),
        from: choices(from),
        to: choices(to),
        names: (legal::version(law, from), legal::version(law, to)),
        totals: totals(&found),
        left_out: found.left_out().iter().map(|says| links.pieces(says)).collect(),
        parts: parts(&shell, &sheets, at, (from, to)),
        plan: plan_form(&view, &shell, &found)?,
        planned: call.number("planned", 0..=1_000_000)?,
        listing,
        shell,
    })
}

/// The same with classes by their titles.
fn titled(sheets: &mut [Sheet], impact: &Impact<'_>) {
    let Some(sheet) = sheets.first_mut() else { return };
    let place = |key: &str| sheet.columns.iter().position(|column| column.key == key);
    let (before, after) = (place("before"), place("after"));
    for (row, one) in sheet.rows.iter_mut().zip(&impact.systems) {
        let Row::Cells(cells) = row else { continue };
        for (at, id) in [(before, &one.class.outcome_before), (after, &one.class.outcome_after)] {
            if let Some(cell) = at.and_then(|at| cells.get_mut(at)) {
                *cell =
                    Cell::text(if id.is_empty() { "Open".to_owned() } else { legal::outcome(id) });
            }
        }
    }
}

/// The versions that are asked for, or the two newest.
fn versions(call: &Call, view: &View) -> Result<(String, String), Problem> {
    let law = view.ai_act()?;
    let mut newest = law.versions.iter().rev().map(|version| version.id.as_str());
    let last = newest.next().unwrap_or_default();
    let before = newest.next().unwrap_or(last);
    let asked = |name, usual: &str| -> Result<String, Problem> {
        Ok(call.text(name)?.filter(|text| !text.is_empty()).unwrap_or(usual).to_owned())
    };
    Ok((asked("from", before)?, asked("to", last)?))
}

fn totals(found: &LawImpact) -> Vec<(usize, &'static str)> {
    let totals = &found.impact.totals;
    vec![
        (totals.touched, "AI systems touched"),
        (totals.class_changes, "change class, tier or role"),
        (totals.appear, "obligations appear"),
        (totals.disappear, "disappear"),
        (totals.moved, "move to other dates"),
        (totals.reworded, "read differently"),
    ]
}

fn parts(shell: &Shell, sheets: &[Sheet], at: usize, (from, to): (&str, &str)) -> Vec<Choice> {
    let choice = |(number, sheet): (usize, &Sheet)| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("from", from).append_pair("to", to).append_pair("view", &sheet.name);
        Choice {
            name: sheet.title.clone(),
            value: shell.link(format!("/law/impact?{}", query.finish())),
            chosen: number == at,
        }
    };
    sheets.iter().enumerate().map(choice).collect()
}

fn plan_form(view: &View, shell: &Shell, found: &LawImpact) -> Result<Option<PlanForm>, Problem> {
    let impact = &found.impact;
    if impact.reassessments.is_empty() {
        return Ok(None);
    }
    let wanted = impact.reassessments.iter().map(|one| {
        let href = shell.link(format!("/classes/{}", one.subject));
        let reasons = one.reasons.iter().map(|reason| capitalised(&views::words(reason))).collect();
        (title(view, &one.subject), href, reasons)
    });
    Ok(Some(PlanForm {
        action: shell.link("/law/impact"),
        from: impact.from.to_owned(),
        to: impact.to.to_owned(),
        wanted: wanted.collect(),
        new: view.plan_reassessments(impact)?.len(),
        may: shell.may(Action::State(Kind::Classification)),
    }))
}

async fn plan(call: Call) -> Result<Response, Problem> {
    permit(&call.principal, Action::State(Kind::Classification)).map_err(Error::from)?;
    let view = call.view_of(Moment::Now).await?;
    let (from, to) = (call.field("from").to_owned(), call.field("to").to_owned());
    let found = view.law_impact(&from, &to, &[view.on])?;
    let commands = view.plan_reassessments(&found.impact)?;
    let planned = commands.len();
    if planned > 0 {
        call.execute(Batch::of(commands)).await?;
    }
    let (organisation, ..) = call.names();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("from", &from).append_pair("to", &to);
    query.append_pair("planned", &planned.to_string());
    Ok(html::to(&format!("/o/{organisation}/law/impact?{}", query.finish())))
}
