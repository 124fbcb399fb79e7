//! Writing the folder.

use std::path::{Path, PathBuf};

use serde::Serialize;
use surety_aims::{Kind, Record};
use surety_ledger::Hash;

use super::{FILES, InForceFile, MARKER, Marker, Personal, RecordFile};
use crate::{Aims, Error, Moment};

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exported {
    pub records: usize,
    pub files: usize,
    /// Files that no record is in or names any longer, taken away.
    pub removed: usize,
}

impl Aims {
    /// Writes every record of a moment to `folder`. Files of an earlier export whose records are gone are taken away; a
    /// folder that holds something else is refused.
    pub async fn export(&self, folder: &Path, moment: Moment) -> Result<Exported, Error> {
        let view = self.view(moment).await?;
        let people = self.shared.store.people(self.id()).await?;
        check_target(folder)?;
        make(folder)?;
        write(&folder.join(MARKER), &yaml(&Marker::of(self.name()), MARKER)?)?;
        let mut exported = Exported { records: 0, files: 0, removed: 0 };
        let mut written = std::collections::HashSet::new();
        for record in view.book().records() {
            let path = record_path(folder, record);
            let personal = people
                .get(&record.id.to_string())
                .map(|data| Personal { name: data.name.clone(), email: data.email.clone() });
            let file = record_file(record, personal);
            write(&path, &yaml(&file, &record.id.to_string())?)?;
            written.insert(path);
            exported.records += 1;
            let named = file.files();
            exported.files += self.export_files(folder, &named).await?;
            written.extend(named.into_iter().map(|sha256| folder.join(FILES).join(sha256)));
        }
        exported.removed = remove_others(folder, &written)?;
        Ok(exported)
    }

    /// Copies files, named by their SHA-256, that are not there yet.
    async fn export_files(&self, folder: &Path, named: &[String]) -> Result<usize, Error> {
        let mut copied = 0;
        for sha256 in named {
            let Ok(hash) = sha256.parse::<Hash>() else { continue };
            let path = folder.join(FILES).join(sha256);
            if !path.exists() && self.vault.exists(&hash).await? {
                let bytes = self.vault.get(&hash).await?;
                write(&path, &bytes)?;
                copied += 1;
            }
        }
        Ok(copied)
    }
}

/// SHA-256 of every file that a body refers to.
pub(crate) fn files_of(kind: Kind, body: &serde_json::Value) -> Vec<String> {
    let file = body.get(kind.file_field()).and_then(|file| file.get("sha256"));
    file.and_then(serde_json::Value::as_str).map(str::to_owned).into_iter().collect()
}

fn record_file(record: &Record, personal: Option<Personal>) -> RecordFile {
    let in_force = record.in_force.as_deref().filter(|force| force.version != record.version);
    RecordFile {
        id: record.id,
        state: record.state.to_owned(),
        stated_by: Some(record.stated.by.to_string()),
        moved_by: record
            .moved
            .as_ref()
            .filter(|_| is_moved(record))
            .map(|mark| mark.by.to_string()),
        personal,
        body: record.body.to_json(),
        custom: record.custom.clone(),
        external: record.external.clone(),
        in_force: in_force.map(|force| InForceFile {
            approved_by: force.since.by.to_string(),
            body: force.body.to_json(),
        }),
    }
}

/// Whether the record stands elsewhere than where its statement alone leaves it.
fn is_moved(record: &Record) -> bool {
    let lifecycle = record.lifecycle();
    let reopened = lifecycle.reopens_to.filter(|_| record.in_force.is_some());
    record.state != reopened.unwrap_or(lifecycle.initial())
}

fn record_path(folder: &Path, record: &Record) -> PathBuf {
    folder.join(record.kind().name()).join(format!("{}.yaml", record.id))
}

/// Refuses to write among files that are not ours.
fn check_target(folder: &Path) -> Result<(), Error> {
    let Ok(mut entries) = std::fs::read_dir(folder) else { return Ok(()) };
    let foreign = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
    };
    if entries.any(foreign) && !folder.join(MARKER).exists() {
        return Err(Error::File {
            path: folder.display().to_string(),
            message: format!("holds other files and no {MARKER}; give an empty or new folder"),
        });
    }
    Ok(())
}

fn remove_others(
    folder: &Path,
    written: &std::collections::HashSet<PathBuf>,
) -> Result<usize, Error> {
    let mut removed = 0;
    for name in Kind::ALL.iter().map(|kind| kind.name()).chain([FILES]) {
        let Ok(entries) = std::fs::read_dir(folder.join(name)) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if is_ours(&path) && !written.contains(&path) {
                std::fs::remove_file(&path).map_err(Error::io(&path, "can't be removed"))?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

/// Whether it has a name as exports give it: `.yaml` for a record, a SHA-256 for a file.
fn is_ours(path: &Path) -> bool {
    let digest =
        |name: &std::ffi::OsStr| name.to_str().is_some_and(|name| name.parse::<Hash>().is_ok());
    path.extension().is_some_and(|extension| extension == "yaml")
        || path.file_name().is_some_and(digest)
}

fn yaml(value: &impl Serialize, name: &str) -> Result<Vec<u8>, Error> {
    yaml_serde::to_string(value)
        .map(String::into_bytes)
        .map_err(|error| Error::File { path: name.to_owned(), message: error.to_string() })
}

fn make(folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(Error::io(folder, "the folder can't be made"))
}

/// Writes a file, and its folder if it is missing.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(parent) = path.parent() {
        make(parent)?;
    }
    std::fs::write(path, bytes).map_err(Error::io(path, "can't be written"))
}
