//! Decisions on controls that come back from the workbook of a Statement of Applicability.
//!
//! The workbook says of how many entries it was made, so what it was given is known exactly: an edit is a cell that differs
//! from that. It is taken only if nobody has changed its record since.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};
use surety_aims::{
    Book, Command, Kind, Principal, Record, RecordId,
    decisions::{Field, ORGANISATION, rows},
};
use surety_formats::{
    decisions::{self, Decisions, Row as Line},
    inventory::{Place, Problem, Severity},
};

use super::{
    Change, ChangeKind, Edit, FileFormat, FileImport, ImportOptions, NamedBytes,
    file::{ATTEMPTS, People, Preview, Row, object, sift, unreadable},
};
use crate::{Aims, Error, Moment, View, trial::Trial};

/// A cell that says something else than it was given.
struct Edited<'l> {
    field: Field,
    place: &'l Place,
    before: String,
    after: &'l str,
}

/// What lines are compared with, and who is who.
struct Known<'a> {
    base: &'a Book,
    now: &'a Book,
    people: HashMap<String, Option<RecordId>>,
}

impl Aims {
    /// Imports such a workbook. In a dry run `preview` carries the Book from file to file.
    pub(super) async fn import_decisions(
        &self,
        principal: &Principal,
        file: &NamedBytes,
        options: &ImportOptions,
        preview: &mut Option<Preview>,
    ) -> Result<FileImport, Error> {
        let read = match decisions::read(&file.name, &file.bytes) {
            Ok(read) => read,
            Err(why) => return Ok(refused(file, &why)),
        };
        let base = match self.exported(&read).await? {
            Ok(base) => base,
            Err(why) => return Ok(refused(file, &why)),
        };
        let mut attempts = 0..ATTEMPTS;
        loop {
            let (rows, result, after) =
                self.plan_decisions(principal, file, (&read, &base), preview.as_ref()).await?;
            if options.dry_run {
                *preview = Some(after);
                return Ok(result);
            }
            match self.take_in(principal, None, rows).await {
                // The plan was tried on a copy, so it can only be refused for what others did since.
                Err(Error::Rejected(_)) if attempts.next().is_some() => {}
                taken => return taken.map(|()| result),
            }
        }
    }

    /// The moment of which the workbook was made, or why that is not known.
    async fn exported(&self, read: &Decisions) -> Result<Result<View, String>, Error> {
        let Some(size) = read.ledger_size.filter(|size| *size > 0) else {
            let why = "its sheet \"Legend\" no longer says of how many ledger entries it was made; export anew";
            return Ok(Err(why.to_owned()));
        };
        let now = self.view(Moment::Now).await?;
        let entries = now.book().size();
        if size > entries {
            let why = format!("it was made of {size} ledger entries, and there are {entries}");
            return Ok(Err(why));
        }
        let base = self.view(Moment::Size(size)).await?;
        if base.position.frontier.root().to_base64() != read.ledger_root {
            return Ok(Err("it was made of another ledger".to_owned()));
        }
        Ok(Ok(base))
    }

    async fn plan_decisions(
        &self,
        principal: &Principal,
        file: &NamedBytes,
        (read, base): (&Decisions, &View),
        preview: Option<&Preview>,
    ) -> Result<(Vec<Row>, FileImport, Preview), Error> {
        let mut result = FileImport::of(file);
        result.format = Some(FileFormat::Decisions);
        result.problems.clone_from(&read.problems);
        let view = self.view(Moment::Now).await?;
        let (start, people) = match preview {
            Some(Preview { trial, people }) => (trial.book.clone(), people.clone()),
            None => (view.book().clone(), self.shared.store.people(self.id()).await?),
        };
        let known = Known { base: base.book(), now: &start, people: by_name(&people) };
        let mut rows = known.rows(&read.rows, &mut result.problems);
        let trial = Trial::new(&start, view.catalogs.clone(), self.now());
        let trial = sift(trial, principal, &mut rows, &mut result.problems);
        result.changes = rows.iter().map(|row| row.change.clone()).collect();
        Ok((rows, result, Preview { trial, people }))
    }
}

fn refused(file: &NamedBytes, why: &str) -> FileImport {
    let mut result = FileImport::of(file);
    result.problems.push(unreadable(&file.name, why));
    result
}

/// People by name; `None`: several have it.
fn by_name(people: &People) -> HashMap<String, Option<RecordId>> {
    let mut names: HashMap<String, Option<RecordId>> = HashMap::new();
    for (id, person) in people {
        let Ok(id) = id.parse() else { continue };
        let name = person.name.trim().to_lowercase();
        names.entry(name).and_modify(|known| *known = None).or_insert(Some(id));
    }
    names
}

impl Known<'_> {
    /// The commands that the edited lines come to, and what is wrong with the others.
    fn rows(&self, lines: &[Line], problems: &mut Vec<Problem>) -> Vec<Row> {
        let mut seen = HashSet::new();
        let mut next = self.now.next_number(Kind::ControlImplementation);
        let mut rows = Vec::new();
        for line in lines {
            let key = if line.record.is_empty() { &line.control } else { &line.record };
            if !seen.insert(key.clone()) {
                let why = format!("{key} stands here a second time; keep one row of each decision");
                problems.push(problem(&line.place, Some(key), &why));
                continue;
            }
            let found = match line.record.is_empty() {
                true => self.new_decision(line, next),
                false => self.changed_decision(line),
            };
            match found {
                Ok(Some(planned)) => {
                    next += u32::from(line.record.is_empty());
                    let Planned { row, wrong } = planned;
                    problems.extend(wrong);
                    rows.extend(row);
                }
                Ok(None) => {}
                Err(wrong) => problems.push(*wrong),
            }
        }
        rows
    }

    /// A line of a decision that there was: `None` if nobody edited it.
    fn changed_decision(&self, line: &Line) -> Result<Option<Planned>, Box<Problem>> {
        let refuse = |why: String| {
            Box::new(problem(&line.place, Some(&line.record), &format!("{} {why}", line.record)))
        };
        let id: Option<RecordId> = line.record.parse().ok();
        let id = id.filter(|id| id.kind == Kind::ControlImplementation);
        let Some((id, base)) = id.and_then(|id| Some((id, self.base.get(id)?))) else {
            return Err(refuse(
                "is no decision of the export; leave the column as it was".to_owned(),
            ));
        };
        if line.version != base.version.to_string() || line.control != base.title() {
            let (control, version) = (base.title(), base.version);
            let why = format!(
                "was {control} in version {version} in the export; leave these columns as they were"
            );
            return Err(refuse(why));
        }
        let edited = edited(line, |field| field.text(base));
        if edited.is_empty() {
            return Ok(None);
        }
        let fields: Vec<_> = edited.iter().map(|edit| edit.field.name()).collect();
        let Some(now) = self.now.get(id) else {
            let why = format!("was withdrawn since the export; not taken: {}", fields.join(", "));
            return Err(refuse(why));
        };
        if now.version != base.version || now.state != base.state {
            return Err(refuse(conflict(base, now, &fields)));
        }
        Ok(Some(self.planned(line, Some(now), id, &edited)))
    }

    /// A line of a control that the organisation had not decided: `None` if it still says nothing.
    fn new_decision(&self, line: &Line, number: u32) -> Result<Option<Planned>, Box<Problem>> {
        let refuse = |why: String| {
            Box::new(problem(&line.place, Some(&line.control), &format!("{} {why}", line.control)))
        };
        let edited = edited(line, |_| String::new());
        if edited.is_empty() {
            return Ok(None);
        }
        let (framework, control) = line.control.split_once(':').unwrap_or_default();
        if !line.scope.is_empty() && line.scope != ORGANISATION {
            let why = "a new row decides for the organisation; state a decision for a group or an AI system as a record";
            return Err(refuse(why.to_owned()));
        }
        let decided = rows(self.now, framework, &[control]);
        if let Some(other) =
            decided.iter().filter(|row| row.scope() == ORGANISATION).find_map(|row| row.record)
        {
            let why = format!("was decided since the export, in {}; export anew", other.id);
            return Err(refuse(why));
        }
        let id = RecordId::new(Kind::ControlImplementation, number);
        Ok(Some(self.planned(line, None, id, &edited)))
    }

    fn planned(
        &self,
        line: &Line,
        now: Option<&Record>,
        id: RecordId,
        edited: &[Edited<'_>],
    ) -> Planned {
        let person = |name: &str| self.people.get(&name.to_lowercase()).copied().flatten();
        let mut body = now.map_or_else(Map::new, |record| object(record.body.to_json()));
        body.insert("control".to_owned(), json!(line.control));
        let mut planned = Planned { row: None, wrong: Vec::new() };
        let (mut edits, mut state) = (Vec::new(), None);
        for edit in edited {
            let value = match edit.field.read(edit.after, &person) {
                Ok(value) => value,
                Err(why) => {
                    planned.wrong.push(problem(edit.place, Some(edit.after), &why));
                    continue;
                }
            };
            if edit.field == Field::State {
                state = value.as_str().map(str::to_owned);
            } else {
                body.insert(edit.field.name().to_owned(), value);
            }
            let (before, after) = (edit.before.clone(), edit.after.to_owned());
            edits.push(Edit { field: edit.field.name(), before, after });
        }
        let steps = self.steps(line, now, id, &mut state, &mut planned.wrong);
        if !edits.is_empty() {
            planned.row = Some(row(line, now, id, Value::Object(body), edits, state, steps));
        }
        planned
    }

    /// The steps to the wished state; none, with a problem, if no way leads there.
    fn steps(
        &self,
        line: &Line,
        now: Option<&Record>,
        id: RecordId,
        state: &mut Option<String>,
        wrong: &mut Vec<Problem>,
    ) -> Vec<Command> {
        let Some(wanted) = state.clone() else { return Vec::new() };
        let lifecycle = Kind::ControlImplementation.lifecycle();
        let from = now.map_or(lifecycle.initial(), |record| record.state);
        let path = lifecycle.path(from, &wanted);
        if path.is_empty() && from != wanted {
            let why = format!("no step leads there from {}", from.replace('_', " "));
            wrong.push(problem(&line.place, Some(&wanted), &why));
            *state = None;
        }
        let step = |step: &&surety_aims::Transition| Command::Move {
            id,
            step: step.action.to_owned(),
            note: format!("as stated in {}", line.place),
            base: None,
        };
        path.iter().map(step).collect()
    }
}

/// What a line comes to.
struct Planned {
    row: Option<Row>,
    wrong: Vec<Problem>,
}

fn edited<'l>(line: &'l Line, given: impl Fn(Field) -> String) -> Vec<Edited<'l>> {
    let cells = line.fields.iter().map(|(field, place, after)| Edited {
        field: *field,
        place,
        before: given(*field),
        after: after.as_str(),
    });
    cells.filter(|cell| !cell.field.same(&cell.before, cell.after)).collect()
}

fn conflict(base: &Record, now: &Record, fields: &[&str]) -> String {
    let fields = fields.join(", ");
    if now.version == base.version {
        let (then, now) = (base.state.replace('_', " "), now.state.replace('_', " "));
        return format!(
            "was {then} in the export and is {now} now; not taken: {fields}; export anew"
        );
    }
    let (then, now) = (base.version, now.version);
    format!(
        "was in version {then} in the export and is in version {now} now; not taken: {fields}; export anew"
    )
}

fn row(
    line: &Line,
    now: Option<&Record>,
    id: RecordId,
    body: Value,
    edits: Vec<Edit>,
    state: Option<String>,
    steps: Vec<Command>,
) -> Row {
    let change = if now.is_some() { ChangeKind::Update } else { ChangeKind::Create };
    let fields = edits.iter().map(|edit| edit.field).filter(|field| *field != Field::State.name());
    Row {
        record: id,
        statement: Command::State {
            kind: Kind::ControlImplementation,
            id: Some(id),
            body,
            custom: now.map(|record| record.custom.clone()).unwrap_or_default(),
            external: now.map(|record| record.external.clone()).unwrap_or_default(),
            base: now.map(|record| record.version),
        },
        steps,
        person: None,
        change: Change {
            change,
            record: id,
            name: line.control.clone(),
            fields: fields.map(str::to_owned).collect(),
            edits,
            state,
            place: line.place.clone(),
        },
    }
}

fn problem(place: &Place, value: Option<&str>, message: &str) -> Problem {
    Problem {
        place: place.clone(),
        severity: Severity::Error,
        value: value
            .filter(|value| !value.is_empty())
            .map(|value| value.chars().take(80).collect()),
        message: message.to_owned(),
    }
}
