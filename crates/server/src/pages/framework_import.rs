//! Importing a framework: a file is uploaded or pasted, what it would bring in is shown, and only then it is taken in.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use surety_aims::{Kind, records::FileRef};
use surety_engine::{Moment, file_name, frameworks::LibraryReport};
use surety_reports::{sheet::Tone, views::choice};

use crate::{
    call::Call,
    endpoint::{Asks, Endpoint, handler},
    html::{self, Pieces, Shell, capitalised},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page(
        "/frameworks/import",
        "importFrameworkPage",
        "A form for the file of a framework.",
        handler!(Organisation, ask),
    )
    .asks(Asks::State(Kind::Framework)),
    Endpoint::form(
        "/frameworks/import",
        "importFrameworkForm",
        "Show what a file would bring in, or take it in.",
        handler!(Organisation, take),
    )
    .asks(Asks::State(Kind::Framework)),
];

#[derive(Template)]
#[template(path = "framework_import.html")]
struct ImportPage {
    shell: Shell,
    action: String,
    error: Option<String>,
    preview: Option<Preview>,
}

/// What a file would bring in.
struct Preview {
    file: String,
    /// How the form names the file that was uploaded.
    json: String,
    name: String,
    /// What stands in it: how many, of what.
    counts: Vec<(usize, &'static str)>,
    about: Vec<(&'static str, String)>,
    /// The record that it would be the next version of.
    before: Option<Pieces>,
    problems: Vec<Wrong>,
    unresolved: Vec<String>,
    unknown: Vec<String>,
    notices: Vec<String>,
    /// Why it can't be used at all.
    unusable: Option<String>,
}

/// Something that is wrong with a file.
struct Wrong {
    severity: String,
    tone: &'static str,
    symbol: char,
    place: String,
    message: String,
}

async fn ask(call: Call) -> Result<Response, Problem> {
    call.whole()?;
    page(&call, None, None).await
}

async fn page(
    call: &Call,
    error: Option<String>,
    preview: Option<Preview>,
) -> Result<Response, Problem> {
    let view = call.view_of(Moment::Now).await?;
    let lead = "A file of its publisher: CISO Assistant (YAML) or OSCAL (JSON, YAML). What it would bring in is shown first.";
    let shell = Shell::of(call, &view, "Import a framework", lead).await?;
    let is_wrong = error.is_some() || preview.as_ref().is_some_and(|one| one.unusable.is_some());
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let action = shell.link("/frameworks/import");
    html::rendered(status, &ImportPage { shell, action, error, preview })
}

async fn take(call: Call) -> Result<Response, Problem> {
    let aims = call.whole()?;
    let file = match file(&call).await? {
        Ok(file) => file,
        Err(error) => return page(&call, Some(error), None).await,
    };
    if call.field("take").is_empty() {
        let report = aims.preview_framework(&file).await?;
        let preview = preview(&call, &file, report)?;
        return page(&call, None, Some(preview)).await;
    }
    let report = aims.import_framework(&call.principal, &file).await?;
    if report.error.is_some() {
        let preview = preview(&call, &file, report)?;
        return page(&call, None, Some(preview)).await;
    }
    let (organisation, ..) = call.names();
    let record = report.record.map(|record| record.to_string()).unwrap_or_default();
    let view = call.view_of(Moment::Now).await?;
    let stated = report.record.and_then(|id| view.book().get(id));
    let stated = stated.and_then(surety_aims::of::<surety_aims::records::Framework>);
    let id = stated.map(|stated| stated.framework_id.as_str());
    // A library of mappings alone has no requirements to show.
    Ok(html::to(&match id.filter(|id| view.catalogs.framework(id).is_some()) {
        Some(id) => format!("/o/{organisation}/frameworks/{id}?imported={record}"),
        None => format!("/o/{organisation}/records/framework/{record}"),
    }))
}

/// The file that was uploaded, or what was pasted, kept as one; or what is missing.
async fn file(call: &Call) -> Result<Result<FileRef, String>, Problem> {
    let json = call.field("file");
    if !json.is_empty() {
        let file = serde_json::from_str(json);
        return file.map(Ok).map_err(|_| Problem::bad("`file` names no uploaded file"));
    }
    let text = call.field("text");
    if text.trim().is_empty() {
        return Ok(Err("Choose a file, or paste what stands in it.".to_owned()));
    }
    let name = match call.field("name").trim() {
        "" => "framework.yaml",
        name => name,
    };
    let name = match file_name(name) {
        Ok(name) => name,
        Err(error) => return Ok(Err(capitalised(&error.to_string()))),
    };
    let mut bytes = text.as_bytes();
    Ok(Ok(call.whole()?.put_stream(&mut bytes, name, None).await?))
}

fn preview(call: &Call, file: &FileRef, report: LibraryReport) -> Result<Preview, Problem> {
    let (organisation, ..) = call.names();
    let links = html::Links { base: format!("/o/{organisation}"), suffix: String::new() };
    let counts = [
        (report.requirements, "elements"),
        (report.assessable, "to be judged"),
        (report.mappings, "mappings"),
        (report.threats, "threats"),
        (report.reference_controls, "reference controls"),
        (report.matrices, "risk matrices"),
        (report.techniques, "techniques"),
        (report.profiles, "profiles"),
        (report.questions, "questions"),
    ];
    let about = [
        ("Version", report.version.clone()),
        ("Format", report.format.replace('_', " ")),
        ("Frameworks", report.frameworks.join(", ")),
    ];
    let problems = report.problems.iter().map(|one| {
        let severity = choice(Some(one.severity)).words().into_owned();
        wrong(&severity, one.line, one.path.as_deref(), &one.message)
    });
    let unresolved = report.unresolved.iter().map(|open| {
        format!(
            "{} `{}`, {} times, first at {}",
            choice(Some(open.kind)).words(),
            open.reference,
            open.count,
            open.path
        )
    });
    let unknown =
        report.unknown_keys.iter().map(|key| format!("{} ({} times)", key.path, key.count));
    Ok(Preview {
        file: file.name.clone(),
        json: serde_json::to_string(file).map_err(surety_engine::Error::from)?,
        name: report.name.clone(),
        counts: counts.into_iter().filter(|(count, _)| *count > 0).collect(),
        about: about.into_iter().filter(|(_, says)| !says.is_empty()).collect(),
        before: report.record.map(|record| links.pieces(&record.to_string())),
        problems: problems.collect(),
        unresolved: unresolved.collect(),
        unknown: unknown.collect(),
        notices: report.notices,
        unusable: report.error,
    })
}

fn wrong(severity: &str, line: Option<usize>, path: Option<&str>, message: &str) -> Wrong {
    let tone = if severity == "error" { Tone::Bad } else { Tone::Warn };
    let line = line.map(|line| format!("line {line}"));
    let place: Vec<_> = line.into_iter().chain(path.map(str::to_owned)).collect();
    Wrong {
        severity: capitalised(severity),
        tone: tone.word(),
        symbol: tone.symbol(),
        place: place.join(", "),
        message: message.to_owned(),
    }
}
