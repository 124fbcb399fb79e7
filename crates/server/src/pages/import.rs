//! Taking in files that an organisation already has: tables, bills of materials, cards, and the workbook of a Statement of
//! Applicability that was edited. What a file would change is shown first.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use surety_aims::{Kind, records::FileRef};
use surety_engine::{
    Moment,
    import::{Change, ChangeKind, Fault, FileImport, ImportOptions, Place, Severity},
};
use surety_reports::{sheet::Tone, views::words};

use crate::{
    call::Call,
    endpoint::{Asks, Endpoint, handler},
    html::{self, Links, Pieces, Shell, capitalised},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page(
        "/import",
        "importPage",
        "A form for a file to take in.",
        handler!(Organisation, ask),
    )
    .asks(Asks::State(Kind::ControlImplementation)),
    Endpoint::form(
        "/import",
        "importForm",
        "Show what a file would change, or take it in.",
        handler!(Organisation, take),
    )
    .asks(Asks::State(Kind::ControlImplementation)),
];

/// Rows that are shown of each sort.
const ROWS: usize = 300;

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    shell: Shell,
    action: String,
    error: Option<String>,
    found: Option<Found>,
}

/// What came of a file, or would.
struct Found {
    file: String,
    /// How the form names the file that was uploaded.
    json: String,
    /// What it was read as; none: it can't be read at all.
    format: Option<String>,
    is_done: bool,
    created: usize,
    updated: usize,
    unchanged: usize,
    rows: Vec<Row>,
    /// Changes that are not shown.
    more: usize,
    problems: Vec<Wrong>,
    unmapped: Vec<(String, u32, String)>,
    notices: Vec<String>,
}

/// One record that changes.
struct Row {
    what: &'static str,
    record: Pieces,
    name: String,
    place: String,
    fields: String,
    /// Field, before, after: where a file was edited cell by cell.
    edits: Vec<(String, String, String)>,
}

/// Something that is wrong with a file.
struct Wrong {
    severity: String,
    tone: &'static str,
    symbol: char,
    place: String,
    message: String,
}

impl Found {
    fn changes(&self) -> usize {
        self.created.saturating_add(self.updated)
    }
}

async fn ask(call: Call) -> Result<Response, Problem> {
    call.whole()?;
    page(&call, None, None).await
}

async fn page(
    call: &Call,
    error: Option<String>,
    found: Option<Found>,
) -> Result<Response, Problem> {
    let view = call.view_of(Moment::Now).await?;
    let lead = "A file of your inventory, a bill of materials, a model or dataset card, or the workbook of the Statement of Applicability that you edited. What it would change is shown first.";
    let shell = Shell::of(call, &view, "Import", lead).await?;
    let is_wrong = error.is_some() || found.as_ref().is_some_and(|found| found.format.is_none());
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let action = shell.link("/import");
    html::rendered(status, &ImportPage { shell, action, error, found })
}

async fn take(call: Call) -> Result<Response, Problem> {
    let aims = call.whole()?;
    let json = call.field("file");
    if json.is_empty() {
        return page(&call, Some("Choose a file.".to_owned()), None).await;
    }
    let file: FileRef =
        serde_json::from_str(json).map_err(|_| Problem::bad("`file` names no uploaded file"))?;
    let bytes = aims.uploaded(&file).await?;
    let dry_run = call.field("take").is_empty();
    let options = ImportOptions { dry_run, ..ImportOptions::default() };
    let report = aims.import(&call.principal, &[bytes], &options, &mut |_| ()).await?;
    let (organisation, ..) = call.names();
    let links = Links { base: format!("/o/{organisation}"), suffix: String::new() };
    let json = json.to_owned();
    let found = report.files.into_iter().next().map(|one| found(one, &links, json, !dry_run));
    page(&call, None, found).await
}

fn found(one: FileImport, links: &Links, json: String, is_done: bool) -> Found {
    let count = |kind| one.changes.iter().filter(|change| change.change == kind).count();
    let differ = || one.changes.iter().filter(|change| change.change != ChangeKind::Unchanged);
    let unmapped = one.unmapped.into_iter().map(|open| (open.name, open.filled, open.example));
    Found {
        created: count(ChangeKind::Create),
        updated: count(ChangeKind::Update),
        unchanged: count(ChangeKind::Unchanged),
        rows: differ().take(ROWS).map(|change| row(change, links, is_done)).collect(),
        more: differ().count().saturating_sub(ROWS),
        problems: one.problems.iter().map(wrong).take(ROWS).collect(),
        unmapped: unmapped.collect(),
        notices: one.notices,
        file: one.file,
        json,
        format: one.format.map(|format| capitalised(&format.to_string())),
        is_done,
    }
}

fn row(change: &Change, links: &Links, is_done: bool) -> Row {
    let is_new = change.change == ChangeKind::Create;
    // What is new leads nowhere before it is there.
    let record = change.record.to_string();
    let record = if is_new && !is_done { Pieces::plain(record) } else { links.pieces(&record) };
    let state = change.state.as_deref().map(|state| format!("then {}", words(state)));
    let fields = change.fields.iter().map(|field| words(field).into_owned());
    let fields: Vec<_> = fields.chain(state).collect();
    let edits = change
        .edits
        .iter()
        .map(|edit| (capitalised(&words(edit.field)), edit.before.clone(), edit.after.clone()));
    Row {
        what: if is_new { "New" } else { "Changed" },
        record,
        name: change.name.clone(),
        place: place(&change.place),
        fields: if change.edits.is_empty() { fields.join(", ") } else { String::new() },
        edits: edits.collect(),
    }
}

fn wrong(problem: &Fault) -> Wrong {
    let (severity, tone) = match problem.severity {
        Severity::Warning => ("To be checked", Tone::Warn),
        Severity::Error => ("Not taken", Tone::Bad),
    };
    let value = problem.value.as_deref().map(|value| format!(" It says: {value}"));
    Wrong {
        severity: severity.to_owned(),
        tone: tone.word(),
        symbol: tone.symbol(),
        place: place(&problem.place),
        message: format!("{}{}", problem.message, value.unwrap_or_default()),
    }
}

/// Where in the file.
fn place(place: &Place) -> String {
    let line = place.line.map(|line| format!("line {line}"));
    let column = place.column.as_ref().map(|column| match column.name.as_str() {
        "" => format!("column {}", column.number),
        name => name.to_owned(),
    });
    let parts = [place.sheet.clone(), line, column, place.path.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
