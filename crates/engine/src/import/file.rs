//! One file of an import.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use serde_json::{Map, Value, json};
use surety_aims::{Command, ExternalId, Kind, Principal, Record, RecordId};
use surety_formats::decisions::is_decisions;
use surety_formats::inventory::{
    self, Link, Place, Problem, Proposal, Reading, Severity, Unmapped,
};
use surety_ledger::Hash;
use surety_store::PersonalData;

use super::{
    Change, ChangeKind, FileFormat, ImportOptions, NamedBytes,
    resolve::{Identified, Resolver, external_id, person_body},
};
use crate::{Aims, Asked, Batch, Error, trial::Trial};

/// What came of one file.
#[derive(Clone, Debug, Serialize)]
pub struct FileImport {
    pub file: String,
    /// `None`: it can't be read at all, and `problems` says why.
    pub format: Option<FileFormat>,
    pub sha256: String,
    pub changes: Vec<Change>,
    pub problems: Vec<Problem>,
    pub notices: Vec<String>,
    pub unmapped: Vec<Unmapped>,
}

impl FileImport {
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

/// One proposal with its commands.
pub(super) struct Row {
    pub(super) record: RecordId,
    pub(super) statement: Command,
    pub(super) steps: Vec<Command>,
    pub(super) person: Option<PersonalData>,
    pub(super) change: Change,
}

/// What a dry run has to remember from file to file.
pub(super) struct Preview {
    pub(super) trial: Trial,
    pub(super) people: People,
}

/// Who people are, by the ids of their records.
pub(super) type People = BTreeMap<String, PersonalData>;

/// How often an import is planned anew because others wrote what it was planned on.
pub(super) const ATTEMPTS: usize = 20;

impl Aims {
    /// Imports one file. In a dry run `preview` carries the Book from file to file.
    pub(super) async fn import_file(
        &self,
        principal: &Principal,
        file: &NamedBytes,
        options: &ImportOptions,
        preview: &mut Option<Preview>,
    ) -> Result<FileImport, Error> {
        if options.reading.format.is_none() && is_decisions(&file.bytes) {
            return self.import_decisions(principal, file, options, preview).await;
        }
        let reading = match inventory::read(&file.name, &file.bytes, &options.reading) {
            Ok(reading) => reading,
            Err(error) => {
                let mut result = FileImport::of(file);
                result.problems.push(unreadable(&file.name, &error.to_string()));
                return Ok(result);
            }
        };
        let mut attempts = 0..ATTEMPTS;
        loop {
            let plan = self.plan_import(principal, file, &reading, preview.as_ref()).await?;
            let Plan { rows, result, after } = plan;
            if options.dry_run {
                *preview = Some(after);
                return Ok(result);
            }
            match self.take_in(principal, Some(file), rows).await {
                // The plan was tried on a copy, so it can only be refused for what others did since.
                Err(Error::Rejected(_)) if attempts.next().is_some() => {}
                taken => return taken.map(|()| result),
            }
        }
    }

    /// What the file comes to on the Book of today, or on that of the preview.
    async fn plan_import(
        &self,
        principal: &Principal,
        file: &NamedBytes,
        reading: &Reading,
        preview: Option<&Preview>,
    ) -> Result<Plan, Error> {
        let mut result = FileImport::of(file);
        let view = self.view(crate::Moment::Now).await?;
        let (start, mut people) = match preview {
            Some(Preview { trial, people }) => (trial.book.clone(), people.clone()),
            None => (view.book().clone(), self.shared.store.people(self.id()).await?),
        };
        let reference = file_reference(file, &result.sha256, reading);
        let mut rows = rows(reading, &start, &people, &reference, &mut result.problems);
        let trial = Trial::new(&start, view.catalogs.clone(), self.now());
        let trial = sift(trial, principal, &mut rows, &mut result.problems);
        let named =
            rows.iter().filter_map(|row| Some((row.record.to_string(), row.person.clone()?)));
        people.extend(named);
        result.changes = rows.iter().map(|row| row.change.clone()).collect();
        result.format = Some(FileFormat::Inventory(reading.format));
        result.problems.splice(0..0, reading.problems.iter().cloned());
        result.notices = reading.notices.clone();
        result.unmapped = reading.unmapped.clone();
        Ok(Plan { rows, result, after: Preview { trial, people } })
    }

    /// Issues the commands, and keeps the file, where records name it, and the names of people beside the ledger.
    pub(super) async fn take_in(
        &self,
        principal: &Principal,
        file: Option<&NamedBytes>,
        rows: Vec<Row>,
    ) -> Result<(), Error> {
        let is_done =
            |row: &Row| row.change.change == ChangeKind::Unchanged && row.steps.is_empty();
        if rows.iter().all(is_done) {
            return Ok(());
        }
        if let Some(file) = file {
            self.vault.put(file.bytes.clone().into()).await?;
        }
        let mut people = Vec::new();
        let (mut statements, mut steps) = (Vec::new(), Vec::new());
        for row in rows {
            people.extend(row.person.map(|person| (row.record, person)));
            statements.push(row.statement);
            steps.extend(row.steps);
        }
        let commands = statements.into_iter().chain(steps).map(Asked::from);
        self.execute(principal, Batch::of(commands)).await?;
        // Only now is it certain that these records are the people of this file, and not of another import.
        for (record, person) in people {
            self.put_person(record, &person).await?;
        }
        Ok(())
    }
}

/// What a file comes to.
struct Plan {
    rows: Vec<Row>,
    result: FileImport,
    /// How things stand after it.
    after: Preview,
}

impl FileImport {
    /// Nothing yet.
    pub(super) fn of(file: &NamedBytes) -> FileImport {
        FileImport {
            file: file.name.clone(),
            format: None,
            sha256: Hash::of(&file.bytes).to_string(),
            changes: Vec::new(),
            problems: Vec::new(),
            notices: Vec::new(),
            unmapped: Vec::new(),
        }
    }
}

pub(super) fn unreadable(file: &str, message: &str) -> Problem {
    // The reader's own errors start with the file's name, which the place says already.
    let message = message.strip_prefix(file).map_or(message, |rest| rest.trim_start_matches(": "));
    Problem {
        place: Place { file: file.to_owned(), ..Place::default() },
        severity: Severity::Error,
        value: None,
        message: message.to_owned(),
    }
}

fn file_reference(file: &NamedBytes, sha256: &str, reading: &Reading) -> Value {
    use inventory::Format;
    let media_type = match reading.format {
        Format::Csv => "text/csv",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format::CycloneDx => "application/vnd.cyclonedx+json",
        Format::Spdx3 | Format::Croissant => "application/ld+json",
        Format::ModelCard | Format::DatasetCard => "text/markdown",
    };
    let name = std::path::Path::new(&file.name)
        .file_name()
        .map_or_else(|| file.name.clone(), |name| name.to_string_lossy().into_owned());
    json!({ "sha256": sha256, "name": name, "media_type": media_type, "bytes": file.bytes.len() })
}

/// The commands of each proposal, and one that keeps the file itself on record.
fn rows(
    reading: &Reading,
    book: &surety_aims::Book,
    people: &People,
    reference: &Value,
    problems: &mut Vec<Problem>,
) -> Vec<Row> {
    let mut resolver = Resolver::new(book, people);
    let identified: Vec<_> = reading
        .proposals
        .iter()
        .filter_map(|proposal| {
            let kind = Kind::from_name(proposal.kind)?;
            Some((proposal, kind, resolver.identify(kind, proposal)))
        })
        .collect();
    let mut rows = Vec::with_capacity(identified.len() + 1);
    let mut stated = HashSet::new();
    for (proposal, kind, identified) in &identified {
        // A mention brings in what is not known yet, once; it never changes what is.
        let known =
            matches!(identified, Identified::Existing(_)) || stated.contains(&identified.id());
        if proposal.mention && known {
            continue;
        }
        if !stated.insert(identified.id()) {
            problems.push(Problem {
                place: proposal.place.clone(),
                severity: Severity::Error,
                value: Some(proposal.name.clone()),
                message: "is the same as an earlier one of this file and was left out; give each an id of its own".to_owned(),
            });
            continue;
        }
        rows.push(row(proposal, *kind, *identified, book, &resolver, reference, problems));
    }
    let attached = reading.proposals.iter().any(|proposal| proposal.attach_file);
    if !attached && !rows.is_empty() {
        rows.extend(source_document(book, reference, reading));
    }
    rows
}

fn row(
    proposal: &Proposal,
    kind: Kind,
    identified: Identified,
    book: &surety_aims::Book,
    resolver: &Resolver<'_>,
    reference: &Value,
    problems: &mut Vec<Problem>,
) -> Row {
    let id = identified.id();
    let old = book.get(id);
    let mut body = match old.map(|record| record.body.to_json()) {
        Some(Value::Object(body)) => body,
        Some(_) | None if kind == Kind::Person => object(json!(person_body())),
        Some(_) | None => Map::new(),
    };
    body.extend(proposal.body.clone());
    if proposal.attach_file {
        body.insert("file".into(), reference.clone());
    }
    for link in &proposal.links {
        match resolver.target(&link.target) {
            Some(target) => set_link(&mut body, link, target),
            None => problems.push(Problem {
                place: proposal.place.clone(),
                severity: Severity::Warning,
                value: None,
                message: format!("`{}` names something that is not known; left empty", link.field),
            }),
        }
    }
    let mut external = old.map(|record| record.external.clone()).unwrap_or_default();
    let mine = external_id(kind, proposal);
    // Ids of people in other places are their names and addresses, which stay off the ledger.
    if !external.contains(&mine) && !proposal.mention && kind != Kind::Person {
        external.push(mine);
    }
    let person =
        proposal.identity.as_ref().filter(|_| old.is_none()).map(|identity| PersonalData {
            name: identity.name.clone().unwrap_or_else(|| proposal.name.clone()),
            email: identity.email.clone(),
        });
    let (change, fields) = compare(old, kind, &body, &external);
    let state = proposal.state.clone().filter(|_| old.is_none_or(|record| record.moved.is_none()));
    let steps = state
        .as_deref()
        .map(|state| steps(id, kind, old, state, &proposal.place))
        .unwrap_or_default();
    Row {
        record: id,
        statement: Command::State {
            kind,
            id: Some(id),
            body: body.into(),
            custom: old.map(|record| record.custom.clone()).unwrap_or_default(),
            external,
            base: old.map(|record| record.version),
        },
        steps,
        person,
        change: Change {
            change,
            record: id,
            name: proposal.name.clone(),
            fields,
            edits: Vec::new(),
            state,
            place: proposal.place.clone(),
        },
    }
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

fn set_link(body: &mut Map<String, Value>, link: &Link, target: RecordId) {
    let target = Value::String(target.to_string());
    if !link.many {
        body.insert(link.field.to_owned(), target);
        return;
    }
    let list = body.entry(link.field).or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(list) = list
        && !list.contains(&target)
    {
        list.push(target);
    }
}

/// How the statement differs from what is known, and in which fields.
fn compare(
    old: Option<&Record>,
    kind: Kind,
    body: &Map<String, Value>,
    external: &[ExternalId],
) -> (ChangeKind, Vec<String>) {
    let Some(old) = old else { return (ChangeKind::Create, Vec::new()) };
    // Through the type, so that what is written differently but means the same does not count.
    let Ok(new) = kind.body(body.clone().into()) else { return (ChangeKind::Update, Vec::new()) };
    if new == old.body && external == old.external {
        return (ChangeKind::Unchanged, Vec::new());
    }
    let (before, after) = (object(old.body.to_json()), object(new.to_json()));
    let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let fields =
        names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect();
    (ChangeKind::Update, fields)
}

/// The steps that lead to the state that the file wishes.
fn steps(
    id: RecordId,
    kind: Kind,
    old: Option<&Record>,
    wanted: &str,
    place: &Place,
) -> Vec<Command> {
    let lifecycle = kind.lifecycle();
    let from = old.map_or(lifecycle.initial(), |record| record.state);
    lifecycle
        .path(from, wanted)
        .into_iter()
        .map(|step| Command::Move {
            id,
            step: step.action.to_owned(),
            note: format!("as stated in {place}"),
            base: None,
        })
        .collect()
}

/// The record that keeps an imported table: where everything in it came from.
fn source_document(book: &surety_aims::Book, reference: &Value, reading: &Reading) -> Option<Row> {
    let sha256 = reference.get("sha256")?.as_str()?.to_owned();
    let name = reference.get("name")?.as_str()?;
    let external = ExternalId { source: "import".to_owned(), id: sha256 };
    let old = book.imported(&external);
    let kind = Kind::ControlledDocument;
    let id = old.map_or_else(|| RecordId::new(kind, book.next_number(kind)), |record| record.id);
    let title = format!("{name} as imported");
    let body = json!({
        "title": title,
        "document_type": "import_source",
        "kind": "external",
        "format": reading.format.name(),
        "file": reference,
    });
    let body = old.map_or(body, |record| record.body.to_json());
    let place = reading
        .proposals
        .first()
        .map(|first| Place { file: first.place.file.clone(), ..Place::default() });
    let change = if old.is_some() { ChangeKind::Unchanged } else { ChangeKind::Create };
    Some(Row {
        record: id,
        statement: Command::State {
            kind,
            id: Some(id),
            body,
            custom: old.map(|record| record.custom.clone()).unwrap_or_default(),
            external: vec![external],
            base: old.map(|record| record.version),
        },
        steps: Vec::new(),
        person: None,
        change: Change {
            change,
            record: id,
            name: title,
            fields: Vec::new(),
            edits: Vec::new(),
            state: None,
            place: place.unwrap_or_default(),
        },
    })
}

/// Takes out, with a problem each, the rows that would be refused, and steps that can't be taken; gives the state after the rest.
pub(super) fn sift(
    start: Trial,
    principal: &Principal,
    rows: &mut Vec<Row>,
    problems: &mut Vec<Problem>,
) -> Trial {
    loop {
        let mut trial = start.again();
        let promised: HashSet<RecordId> = rows.iter().map(|row| row.record).collect();
        let mut refused = HashMap::new();
        for (position, row) in rows.iter().enumerate() {
            if let Err(rejection) = trial.ask(principal, &row.statement, &promised) {
                refused.insert(position, rejection.to_string());
            }
        }
        if refused.is_empty() {
            try_steps(&mut trial, principal, rows, problems);
            return trial;
        }
        // Others may refer to what was taken out, so everything is tried again.
        let mut position = 0;
        rows.retain(|row| {
            let message = refused.get(&position);
            position += 1;
            if let Some(message) = message {
                problems.push(Problem {
                    place: row.change.place.clone(),
                    severity: Severity::Error,
                    value: Some(row.change.name.clone()),
                    message: message.clone(),
                });
            }
            message.is_none()
        });
    }
}

fn try_steps(
    trial: &mut Trial,
    principal: &Principal,
    rows: &mut [Row],
    problems: &mut Vec<Problem>,
) {
    let nobody = HashSet::new();
    for row in rows {
        let refused = row.steps.iter().position(|step| match trial.ask(principal, step, &nobody) {
            Ok(_) => false,
            Err(rejection) => {
                problems.push(Problem {
                    place: row.change.place.clone(),
                    severity: Severity::Warning,
                    value: row.change.state.clone(),
                    message: rejection.to_string(),
                });
                true
            }
        });
        if let Some(refused) = refused {
            row.steps.truncate(refused);
            row.change.state = None;
        }
    }
}
