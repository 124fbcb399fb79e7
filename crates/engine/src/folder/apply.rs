//! Applying a folder: what would change, then the change, in one transaction.

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    path::Path,
};

use serde::Serialize;
use serde_json::Value;
use surety_aims::{Action, Command, Kind, Principal, Record, RecordId, permit};
use surety_ledger::Hash;
use surety_store::PersonalData;

use super::{
    FILES, MARKER, Marker, Personal, RecordFile,
    arrange::{Goal, Task, Wish, arrange},
};
use crate::{Aims, Asked, Batch, Error, Moment, records::changed, trial::Trial};

/// How to apply.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApplyOptions {
    /// Only say what would change.
    pub dry_run: bool,
    /// Withdraw records that the folder does not hold.
    pub prune: bool,
}

/// What an application changes, or would change.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Apply {
    pub planned: Vec<Planned>,
    /// Files that can't be applied, with the reason; nothing is applied while there is one.
    pub problems: Vec<String>,
    pub unchanged: usize,
    pub dry_run: bool,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Planned {
    pub change: PlannedKind,
    pub record: RecordId,
    pub title: String,
    pub detail: String,
}

/// What happens to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlannedKind {
    Create,
    Update,
    Move,
    Withdraw,
}

/// The largest YAML file that is read.
const MAX_BYTES: u64 = 8 << 20;

impl Aims {
    /// Applies a folder of YAML files.
    pub async fn apply(
        &self,
        principal: &Principal,
        folder: &Path,
        options: ApplyOptions,
    ) -> Result<Apply, Error> {
        // Records say who stated and who approved them, which only an owner may repeat.
        permit(principal, Action::Administer)?;
        let mut apply = Apply { dry_run: options.dry_run, ..Apply::default() };
        let files = read_folder(folder, &mut apply.problems)?;
        let people = self.shared.store.people(self.id()).await?;
        // Frameworks first: other records name their requirements.
        let (frameworks, others): (Vec<_>, Vec<_>) =
            files.iter().partition(|(_, file)| file.id.kind == Kind::Framework);
        self.read_libraries(folder, &frameworks)?;
        let view = self.view(Moment::Now).await?;
        let mut trial = Trial::new(view.book(), view.catalogs.clone(), self.now());
        let mut batches = Vec::new();
        for part in [&frameworks, &others] {
            let mut wishes: Vec<Wish> = Vec::new();
            for (name, file) in part {
                let record = view.book().get(file.id);
                let wish = wish(name, file, record, &people);
                if wish.planned.is_empty() { apply.unchanged += 1 } else { wishes.push(wish) }
            }
            if options.prune && std::ptr::eq(part, &others) {
                wishes.extend(prune(view.book().records(), &files));
            }
            apply.planned.extend(wishes.iter_mut().flat_map(|wish| wish.planned.drain(..)));
            batches.push(arrange(&mut trial, principal, wishes, &mut apply.problems));
            trial.use_catalogs(self.catalogs_of(&trial.book));
        }
        if !options.dry_run && apply.problems.is_empty() {
            self.take_files(folder, &files).await?;
            for commands in batches.into_iter().filter(|commands| !commands.is_empty()) {
                self.execute(principal, Batch::of(commands)).await?;
            }
            self.put_people(&files, &people).await?;
        }
        Ok(apply)
    }

    /// Reads the libraries that come with the folder, so that requirements of theirs are known before they are taken in.
    fn read_libraries(
        &self,
        folder: &Path,
        frameworks: &[&(String, RecordFile)],
    ) -> Result<(), Error> {
        for (name, file) in frameworks {
            for sha256 in file.files() {
                let Some(bytes) = bytes_of(folder, &sha256)? else { continue };
                let import = surety_formats::library::read(name, &bytes).map_err(|error| {
                    Error::File { path: name.clone(), message: error.to_string() }
                })?;
                self.keep_library(&sha256, import.library);
            }
        }
        Ok(())
    }

    async fn take_files(&self, folder: &Path, files: &[(String, RecordFile)]) -> Result<(), Error> {
        for sha256 in files.iter().flat_map(|(_, file)| file.files()) {
            let Ok(hash) = sha256.parse::<Hash>() else { continue };
            if self.vault.exists(&hash).await? {
                continue;
            }
            if let Some(bytes) = bytes_of(folder, &sha256)? {
                self.vault.put(bytes.into()).await?;
            }
        }
        Ok(())
    }

    async fn put_people(
        &self,
        files: &[(String, RecordFile)],
        known: &BTreeMap<String, PersonalData>,
    ) -> Result<(), Error> {
        for (_, file) in files {
            let id = file.id.to_string();
            if let Some(Personal { name, email }) = &file.personal {
                let data = PersonalData { name: name.clone(), email: email.clone() };
                if known.get(&id) != Some(&data) {
                    self.shared.store.put_person(self.id(), &id, &data).await?;
                }
            }
        }
        Ok(())
    }
}

/// The file of that SHA-256 in the folder; `None` if it does not come along.
fn bytes_of(folder: &Path, sha256: &str) -> Result<Option<Vec<u8>>, Error> {
    // What is no digest could be a path that leads elsewhere.
    if sha256.parse::<Hash>().is_err() {
        return Ok(None);
    }
    let path = folder.join(FILES).join(sha256);
    if !path.exists() {
        return Ok(None);
    }
    let bytes = std::fs::read(&path).map_err(Error::io(&path, "can't be read"))?;
    if Hash::of(&bytes).to_string() == sha256 {
        return Ok(Some(bytes));
    }
    let message = "does not hold what its name, a SHA-256, says".to_owned();
    Err(Error::File { path: path.display().to_string(), message })
}

/// Reads every record file, sorted by path. What can't be read becomes a problem that names file and line.
fn read_folder(
    folder: &Path,
    problems: &mut Vec<String>,
) -> Result<Vec<(String, RecordFile)>, Error> {
    let marker = folder.join(MARKER);
    let text = std::fs::read_to_string(&marker).map_err(Error::io(
        &marker,
        "can't be read; is this a folder that `surety export` wrote?",
    ))?;
    let read = yaml_serde::from_str::<Marker>(&text);
    match read {
        Ok(marker) if marker.format == "surety-aims" && marker.version == 1 => {}
        Ok(_) => problems
            .push(format!("{MARKER}: is of a format or version that this surety does not read")),
        Err(error) => problems.push(format!("{MARKER}: {error}")),
    }
    let mut files = Vec::new();
    for kind in Kind::ALL {
        let Ok(entries) = std::fs::read_dir(folder.join(kind.name())) else { continue };
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == "yaml" || end == "yml"));
        paths.sort();
        for path in paths {
            let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            match read_file(&path, *kind) {
                Ok(file) => files.push((name, file)),
                Err(message) => problems.push(format!("{name}: {message}")),
            }
        }
    }
    files.sort_by_key(|(_, file)| file.id);
    for pair in files.windows(2) {
        if let [(first, one), (second, other)] = pair
            && one.id == other.id
        {
            problems.push(format!("{second}: {} is in {first} already; keep one of them", one.id));
        }
    }
    Ok(files)
}

fn read_file(path: &Path, kind: Kind) -> Result<RecordFile, String> {
    let bytes = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if bytes > MAX_BYTES {
        return Err(format!("has {bytes} bytes, and {MAX_BYTES} are the limit"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let file = yaml(&text).map_err(|error| error.to_string())?;
    if file.id.kind != kind {
        return Err(format!("{} is not {}", file.id, kind.label()));
    }
    if kind.lifecycle().state(&file.state).is_none() {
        let states = kind.lifecycle().states.join(", ");
        return Err(format!(
            "`{}` is no state of {}; its states: {states}",
            file.state,
            kind.label()
        ));
    }
    Ok(file)
}

/// Reads twice: what stays open in [`RecordFile`] is JSON, which takes the last of two equal keys in silence, while
/// YAML's own values refuse the first.
fn yaml(text: &str) -> Result<RecordFile, yaml_serde::Error> {
    let file = yaml_serde::from_str(text)?;
    yaml_serde::from_str::<yaml_serde::Value>(text)?;
    Ok(file)
}

/// What it takes to make a record what its file says.
fn wish(
    name: &str,
    file: &RecordFile,
    record: Option<&Record>,
    people: &BTreeMap<String, PersonalData>,
) -> Wish {
    let mut wish = Wish { file: name.to_owned(), tasks: VecDeque::new(), planned: Vec::new() };
    let (lifecycle, author) = (file.id.kind.lifecycle(), file.stated_by.as_deref());
    let mut version = record.map(|record| record.version);
    if let (Some(force), None) = (&file.in_force, record) {
        let settled = lifecycle.in_force.first().copied().unwrap_or_default();
        // Nobody approves what they stated: then it was another, whom the folder does not name.
        let author = author.filter(|author| *author != force.approved_by);
        wish.state(file, &force.body, version, author);
        wish.reach(file, settled, Some(&force.approved_by), author);
        version = Some(1);
    }
    let same = record.is_some_and(|record| {
        same_body(record, &file.body)
            && record.custom == file.custom
            && record.external == file.external
    });
    if !same {
        wish.state(file, &file.body, version, author);
    }
    let from = record.map_or(lifecycle.initial(), |record| record.state);
    if !same || from != file.state {
        wish.reach(file, &file.state, file.moved_by.as_deref(), author);
    }
    let personal_differs = file.personal.as_ref().is_some_and(|personal| {
        let known = people.get(&file.id.to_string());
        known.is_none_or(|known| known.name != personal.name || known.email != personal.email)
    });
    let title = title(file);
    if !same {
        let change = if record.is_some() { PlannedKind::Update } else { PlannedKind::Create };
        let detail =
            record.map(|record| changed(&record.body.to_json(), &file.body)).unwrap_or_default();
        wish.planned.push(Planned { change, record: file.id, title, detail });
    } else if from != file.state {
        let detail = format!("{from} to {}", file.state);
        wish.planned.push(Planned { change: PlannedKind::Move, record: file.id, title, detail });
    } else if personal_differs {
        let detail = "name or address".to_owned();
        wish.planned.push(Planned { change: PlannedKind::Update, record: file.id, title, detail });
    }
    wish
}

impl Wish {
    fn state(&mut self, file: &RecordFile, body: &Value, base: Option<u32>, author: Option<&str>) {
        let command = Command::State {
            kind: file.id.kind,
            id: Some(file.id),
            body: body.clone(),
            custom: file.custom.clone(),
            external: file.external.clone(),
            base,
        };
        let on_behalf_of = author.map(Into::into);
        self.tasks.push_back(Task::Ask(Asked { command, on_behalf_of }));
    }

    fn reach(&mut self, file: &RecordFile, state: &str, by: Option<&str>, author: Option<&str>) {
        self.tasks.push_back(Task::Reach(Goal {
            id: file.id,
            state: state.to_owned(),
            by: by.map(Into::into),
            author: author.map(Into::into),
            left: Vec::new(),
        }));
    }
}

/// Whether the file says what the record says, through the type, so that order and empty fields do not count.
fn same_body(record: &Record, body: &Value) -> bool {
    record.kind().body(body.clone()).is_ok_and(|body| body == record.body)
}

fn title(file: &RecordFile) -> String {
    match (&file.personal, file.id.kind.body(file.body.clone())) {
        (Some(personal), _) => personal.name.clone(),
        (None, Ok(body)) => body.title().to_owned(),
        (None, Err(_)) => String::new(),
    }
}

/// Withdrawals of what the folder no longer holds.
fn prune<'r>(
    records: impl Iterator<Item = &'r Record>,
    files: &[(String, RecordFile)],
) -> Vec<Wish> {
    let kept: HashSet<_> = files.iter().map(|(_, file)| file.id).collect();
    records
        .filter(|record| !kept.contains(&record.id))
        .map(|record| {
            let reason = "not in the applied folder".to_owned();
            let command = Command::Withdraw { id: record.id, reason, base: None };
            let (change, id) = (PlannedKind::Withdraw, record.id);
            let title = record.title().to_owned();
            Wish {
                file: record.id.to_string(),
                tasks: [Task::Ask(command.into())].into(),
                planned: vec![Planned { change, record: id, title, detail: String::new() }],
            }
        })
        .collect()
}
