//! Frameworks in use: all with how far they are met, and each as a tree of its requirements.

use askama::Template;
use axum::response::Response;
use surety_aims::{
    Action, Kind,
    derive::gap::{Gap, Judged, Outcome},
    records::Framework as FrameworkRecord,
};
use surety_catalog::{Framework, Requirement};
use surety_engine::{View, views::STANDARD};
use surety_reports::{
    sheet::{Cell, Column, Kind as Holds, Sheet, Tone},
    views::words,
};

use crate::{
    call::Call,
    endpoint::{Endpoint, Is, handler, param},
    html::{self, Choice, Leads, Listing, ListingPage, Pieces, Shell, Shows, capitalised},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page(
        "/frameworks",
        "frameworksPage",
        "The frameworks in use, and how far each is met.",
        handler!(Organisation, list),
    )
    .listing()
    .kept(),
    Endpoint::page(
        "/frameworks/{framework}",
        "frameworkPage",
        "The requirements of a framework with their results.",
        handler!(Organisation, show),
    )
    .query(&[
        param("q", Is::Text, "Only requirements with this text."),
        param("result", Is::Text, "Only requirements with this result."),
        param("imported", Is::Text, "The record that importing it has just stated."),
    ])
    .kept(),
];

async fn list(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let soa = view.soa(STANDARD, None)?;
    let sheet = sheet(&view, &view.gaps(&soa, &[])?);
    let shows = Shows {
        leads: Some(Leads { column: "name", to: "/frameworks", by: "framework" }),
        usual: &[
            "framework",
            "name",
            "version",
            "percent_met",
            "met",
            "partly",
            "not_met",
            "not_applicable",
            "assessable",
            "record",
        ],
        ..Shows::rows("frameworks", "frameworks", "No framework is in use.")
    };
    if let Some(file) = Listing::file(&call, &view, &sheet, &shows).await? {
        return Ok(file);
    }
    let lead = "The standards and laws that the records are judged by. What is built in is here; others are imported from their publishers' files.";
    let shell = Shell::of(&call, &view, "Frameworks", lead).await?;
    let listing = Listing::of(&call, &shell, &sheet, shows)?;
    let action = shell
        .may(Action::State(Kind::Framework))
        .then(|| ("Import a framework".to_owned(), shell.link("/frameworks/import")));
    html::page(&ListingPage { shell, listing, tabs: Vec::new(), action, import: None })
}

fn sheet(view: &View, gaps: &[(&Framework, Gap<'_>)]) -> Sheet {
    let columns = vec![
        Column::new("framework", "Framework", Holds::Id),
        Column::new("name", "Name", Holds::Text).wide(40),
        Column::new("version", "Version", Holds::Text),
        Column::new("percent_met", "Met %", Holds::Number),
        Column::new("met", "Met", Holds::Number),
        Column::new("partly", "Partly", Holds::Number),
        Column::new("not_met", "Not met", Holds::Number),
        Column::new("not_applicable", "Not applicable", Holds::Number),
        Column::new("assessable", "Judged", Holds::Number),
        Column::new("requirements", "Elements", Holds::Number),
        Column::new("provider", "Publisher", Holds::Text),
        Column::new("locale", "Language", Holds::Text),
        Column::new("record", "Imported as", Holds::Id),
    ];
    let mut sheet = Sheet::new("Frameworks", "Frameworks in use", columns);
    for (framework, gap) in gaps {
        let totals = gap.totals;
        let number = |count: u32| Cell::from(i64::from(count));
        let judged = framework.requirements.iter().filter(|one| one.assessable).count();
        let count = |count: usize| Cell::from(i64::try_from(count).unwrap_or(i64::MAX));
        let percent = number(totals.percent_met()).because(format!(
            "{} met, of {} that apply; rounded down.",
            totals.met,
            totals.met.saturating_add(totals.partly).saturating_add(totals.not_met)
        ));
        sheet.push(vec![
            framework.id.clone().into(),
            framework.name.clone().into(),
            framework.version.clone().into(),
            percent,
            number(totals.met),
            number(totals.partly),
            number(totals.not_met),
            number(totals.not_applicable),
            count(judged),
            count(framework.requirements.len()),
            framework.provider.clone().into(),
            framework.locale.clone().into(),
            record(view, &framework.id).into(),
        ]);
    }
    sheet
}

/// The record by which a framework was imported; empty for those that are built in.
fn record(view: &View, id: &str) -> String {
    let all = view.book().all::<FrameworkRecord>();
    let mut same = all.filter(|(record, said)| record.is_live() && said.framework_id == id);
    same.next().map(|(record, _)| record.id.to_string()).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "framework.html")]
struct FrameworkPage {
    shell: Shell,
    id: String,
    /// What is said about the framework itself: what, and the words.
    about: Vec<(&'static str, String)>,
    figures: Vec<(u32, &'static str, String)>,
    percent: u32,
    q: String,
    results: Vec<Choice>,
    rows: Vec<Row>,
    shown: usize,
    judged: usize,
    others: Vec<Choice>,
    gap: String,
    imported: Option<Pieces>,
}

/// A requirement in the tree.
struct Row {
    label: String,
    title: String,
    depth: usize,
    is_heading: bool,
    result: Option<(String, &'static str, char)>,
    conditions: String,
    missing: Pieces,
    records: Pieces,
    /// What it says, in our words or those of its source.
    text: String,
}

async fn show(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let id = call.part("framework").to_owned();
    let framework = view.catalogs.framework(&id);
    let framework =
        framework.ok_or_else(|| Problem::not_found(format!("framework `{id}` in use")))?;
    let soa = view.soa(STANDARD, None)?;
    let gaps = view.gaps(&soa, std::slice::from_ref(&framework.id))?;
    let (_, gap) = gaps.first().ok_or_else(Problem::internal)?;
    let shell = Shell::of(&call, &view, &framework.name, "").await?;
    let q = call.text("q")?.unwrap_or_default().trim().to_owned();
    let result = call.text("result")?.unwrap_or_default().to_owned();
    let tree = Tree { shell: &shell, framework, gap };
    let rows = tree.rows(&q, &result);
    let place = format!("/frameworks/{}", framework.id);
    let judged = gap.results.iter().filter(|one| one.assessable).count();
    let others = view.catalogs.frameworks().filter(|other| other.id != framework.id);
    let others = others.map(|other| Choice {
        name: other.name.clone(),
        value: other.id.clone(),
        chosen: false,
    });
    let imported = call.text("imported")?.map(|record| shell.links().pieces(record));
    html::page(&FrameworkPage {
        id: framework.id.clone(),
        about: about(framework),
        figures: figures(&shell, &place, gap),
        percent: gap.totals.percent_met(),
        results: RESULTS.iter().map(|one| choice(*one, &result)).collect(),
        shown: rows.iter().filter(|row| !row.is_heading).count(),
        judged,
        q,
        rows,
        others: others.collect(),
        gap: shell.link(format!("/gap?framework={}", framework.id)),
        imported,
        shell,
    })
}

const RESULTS: &[Outcome] =
    &[Outcome::Met, Outcome::Partly, Outcome::NotMet, Outcome::NotApplicable];

fn choice(one: Outcome, chosen: &str) -> Choice {
    Choice {
        name: capitalised(&words(one.name())),
        value: one.name().to_owned(),
        chosen: one.name() == chosen,
    }
}

fn about(framework: &Framework) -> Vec<(&'static str, String)> {
    let published = framework.published.map(html::day).unwrap_or_default();
    let all = [
        ("Version", framework.version.clone()),
        ("Publisher", framework.provider.clone()),
        ("Published", published),
        ("Words", framework.copyright.clone()),
        ("Sources", framework.sources.join("; ")),
    ];
    all.into_iter().filter(|(_, says)| !says.is_empty()).collect()
}

fn figures(shell: &Shell, place: &str, gap: &Gap<'_>) -> Vec<(u32, &'static str, String)> {
    let totals = gap.totals;
    let at = |one: Outcome| shell.link(format!("{place}?result={}", one.name()));
    vec![
        (totals.met, "met", at(Outcome::Met)),
        (totals.partly, "partly", at(Outcome::Partly)),
        (totals.not_met, "not met", at(Outcome::NotMet)),
        (totals.not_applicable, "not applicable", at(Outcome::NotApplicable)),
    ]
}

/// A framework with its results, in its own order.
struct Tree<'a> {
    shell: &'a Shell,
    framework: &'a Framework,
    gap: &'a Gap<'a>,
}

impl Tree<'_> {
    /// What fits, with what stands above it.
    fn rows(&self, q: &str, result: &str) -> Vec<Row> {
        let q = q.to_lowercase();
        let fits = |requirement: &Requirement, judged: &Judged<'_>| {
            let is_judged = judged.assessable || judged.has_parts;
            let texts = [&requirement.id, &requirement.title, &requirement.text];
            (result.is_empty() || (is_judged && judged.result.name() == result))
                && (q.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(&q)))
        };
        let mut rows = Vec::new();
        // Who stands above what is next, and whether it is shown already.
        let mut above: Vec<(&str, Option<Row>)> = Vec::new();
        for (requirement, judged) in self.framework.requirements.iter().zip(&self.gap.results) {
            while above.last().is_some_and(|(id, _)| Some(*id) != requirement.parent.as_deref()) {
                above.pop();
            }
            let row = self.row(requirement, judged, above.len());
            if fits(requirement, judged) {
                rows.extend(above.iter_mut().filter_map(|(_, row)| row.take()));
                rows.push(row);
                above.push((&requirement.id, None));
            } else {
                above.push((&requirement.id, Some(row)));
            }
        }
        rows
    }

    fn row(&self, requirement: &Requirement, judged: &Judged<'_>, depth: usize) -> Row {
        let held = judged.conditions.iter().filter(|one| one.holds).count();
        let conditions = match judged.conditions.len() {
            0 => String::new(),
            asked => format!("{held} of {asked}"),
        };
        let open = judged.conditions.iter().filter(|one| !one.holds);
        let missing: Vec<_> = open.map(|one| one.says).collect();
        let found = judged.conditions.iter().flat_map(|one| &one.found);
        let mut found: Vec<_> = found.collect();
        found.sort_unstable();
        found.dedup();
        let found: Vec<_> = found.into_iter().map(ToString::to_string).collect();
        let is_judged = judged.assessable || judged.has_parts;
        let links = self.shell.links();
        Row {
            label: if requirement.label.is_empty() {
                requirement.id.clone()
            } else {
                requirement.label.clone()
            },
            title: requirement.title.clone(),
            depth: depth.min(4),
            is_heading: !judged.assessable,
            result: is_judged.then(|| mark(judged.result)),
            conditions,
            missing: links.pieces(&missing.join("; ")),
            records: links.pieces(&found.join(", ")),
            text: [requirement.text.as_str(), requirement.guidance.as_str()]
                .join("\n\n")
                .trim()
                .to_owned(),
        }
    }
}

/// A result in words, its colour and its shape.
pub(super) fn mark(outcome: Outcome) -> (String, &'static str, char) {
    let tone = match outcome {
        Outcome::Met => Tone::Good,
        Outcome::Partly => Tone::Warn,
        Outcome::NotMet => Tone::Bad,
        Outcome::NotApplicable => Tone::NotApplicable,
    };
    let symbol = if outcome == Outcome::Partly { '◐' } else { tone.symbol() };
    (capitalised(&words(outcome.name())), tone.word(), symbol)
}
