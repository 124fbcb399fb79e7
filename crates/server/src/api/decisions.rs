//! Decisions on controls that come back from the workbook of a Statement of Applicability.

use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;
use surety_aims::{Kind, RecordId};
use surety_engine::import::{
    ChangeKind, Edit, FileImport, ImportOptions, MAX_BYTES, NamedBytes, is_decisions,
};

use crate::{
    call::{Call, json as answer},
    endpoint::{Asks, Endpoint, Gives, Is, Method, Takes, handler, of, param},
    problem::Problem,
    upload,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::change(
    Method::Post,
    "/soa/decisions",
    "importDecisions",
    "Take in the workbook of a Statement of Applicability that was edited: each cell of its sheet \"Decisions\" that differs \
     from the export, unless the record has changed since. With `preview` nothing happens, and the answer says what would.",
    handler!(Organisation, import),
)
.asks(Asks::State(Kind::ControlImplementation))
.query(&[param("preview", Is::OneOf(&["true", "false"]), "Only say what would happen.")])
.takes(Takes::File)
.gives(Gives::Json(of::<ImportedDecisions>))
.also(&[408, 422])];

/// What the edits came to, or would.
#[derive(Serialize, JsonSchema)]
struct ImportedDecisions {
    /// Nothing has happened yet.
    preview: bool,
    changes: Vec<ChangedDecision>,
    /// What was not taken, and why.
    problems: Vec<EditNotTaken>,
}

/// One decision that changes.
#[derive(Serialize, JsonSchema)]
struct ChangedDecision {
    record: RecordId,
    control: String,
    /// The decision is new.
    created: bool,
    edits: Vec<Edit>,
    /// Row of the sheet.
    line: Option<u32>,
}

/// What was not taken.
#[derive(Serialize, JsonSchema)]
struct EditNotTaken {
    /// Row of the sheet; null: it concerns the workbook.
    line: Option<u32>,
    /// Heading of the column; null: it concerns the row.
    column: Option<String>,
    value: Option<String>,
    message: String,
}

async fn import(call: Call) -> Result<Response, Problem> {
    let preview = call.text("preview")? == Some("true");
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    let bytes = upload::whole(&call.asked, limit).await?;
    if !is_decisions(&bytes) {
        let detail =
            "this is no workbook of a Statement of Applicability; export one as xlsx and edit it";
        return Err(Problem::refused(detail));
    }
    let file = NamedBytes { name: "workbook".to_owned(), bytes };
    let options = ImportOptions { dry_run: preview, ..ImportOptions::default() };
    let aims = call.whole()?;
    let report = aims.import(&call.principal, &[file], &options, &mut |_| ()).await?;
    answer(&said(preview, report.files))
}

fn said(preview: bool, files: Vec<FileImport>) -> ImportedDecisions {
    let mut said = ImportedDecisions { preview, changes: Vec::new(), problems: Vec::new() };
    for file in files {
        said.changes.extend(file.changes.into_iter().map(|change| ChangedDecision {
            record: change.record,
            control: change.name,
            created: change.change == ChangeKind::Create,
            edits: change.edits,
            line: change.place.line,
        }));
        said.problems.extend(file.problems.into_iter().map(|problem| EditNotTaken {
            line: problem.place.line,
            column: problem.place.column.map(|column| column.name).filter(|name| !name.is_empty()),
            value: problem.value,
            message: problem.message,
        }));
    }
    said
}
