//! The files of an organisation: taken in and given out as streams, and only to whom a record shows them.

use std::{ops::Range, path::Path};

use bytes::Bytes;
use futures_util::Stream;
use surety_aims::{Event, Record, records::FileRef};
use surety_ledger::{Hash, HeaderRef};
use tokio::io::AsyncRead;

use crate::{
    Aims, Error, View,
    entries::{Residues, happened},
};

/// Entries that are read from the store at once.
const PAGE: u32 = 10_000;

/// The most bytes that the name of a file has, as most disks have it.
const NAME_BYTES: usize = 255;

/// A file that the vault has and a record names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// As the record names it.
    pub named: FileRef,
    /// Its size in the vault.
    pub size: u64,
    hash: Hash,
}

impl Aims {
    /// Keeps a file of the disk in the vault, and says how records refer to it.
    pub async fn put_file(&self, path: &Path) -> Result<FileRef, Error> {
        let mut file =
            tokio::fs::File::open(path).await.map_err(Error::io(path, "can't be read"))?;
        let name =
            path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        self.put_stream(&mut file, name, None).await
    }

    /// Keeps what `reader` gives, in memory for one part at a time, and says how records refer to it. Without
    /// `media_type` the name tells it.
    ///
    /// # Errors
    /// What `reader` fails with lies among the sources of [`Error::Vault`]; nothing is kept then.
    pub async fn put_stream(
        &self,
        reader: &mut (impl AsyncRead + Unpin + Send),
        name: String,
        media_type: Option<String>,
    ) -> Result<FileRef, Error> {
        let stored = self.vault.put_from(reader).await?;
        self.note_upload(stored.hash).await?;
        let media_type = media_type.unwrap_or_else(|| media_type_of(&name).to_owned());
        Ok(FileRef { sha256: stored.hash.to_string(), media_type, name, bytes: stored.size })
    }

    /// The file with this SHA-256, if a record that the view shows names it, or did in a version that its history
    /// shows; and if the vault has it.
    pub async fn find_file(&self, view: &View, sha256: &str) -> Result<Option<FoundFile>, Error> {
        let Ok(hash) = sha256.parse::<Hash>() else { return Ok(None) };
        let sha256 = hash.to_string();
        let named = match view.book().records().find_map(|record| named_by(record, &sha256)) {
            Some(named) => Some(named),
            None => self.named_before(view, &sha256).await?,
        };
        // Only now: whether the vault has what nobody may see is nobody's to learn, not from the time it takes either.
        let Some(named) = named else { return Ok(None) };
        let size = self.vault.size(&hash).await?;
        Ok(size.map(|size| FoundFile { named, size, hash }))
    }

    /// Bytes of a file. Those of the whole are checked; a corrupted file fails before its last part.
    pub fn read_file(
        &self,
        file: &FoundFile,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, Error>> + Send + use<> {
        self.vault.read(&file.hash, file.size, range)
    }

    /// The file as the newest entry names it that does.
    async fn named_before(&self, view: &View, sha256: &str) -> Result<Option<FileRef>, Error> {
        let mut end = view.book().size();
        while end > 0 {
            let start = end.saturating_sub(u64::from(PAGE));
            let count = u32::try_from(end - start).unwrap_or(PAGE);
            let entries = self.entries(start, count).await?;
            for entry in entries.iter().rev() {
                let payload = entry.payload.as_deref().unwrap_or_default();
                // Parsing is for those few that have these digits anywhere.
                if !std::str::from_utf8(payload).is_ok_and(|text| text.contains(sha256)) {
                    continue;
                }
                let header = HeaderRef::parse(&entry.header)?;
                let happened = happened(&header, entry, &Residues::new())?;
                let shown = happened.filter(|one| {
                    let sight = view.sight.as_ref();
                    sight.is_none_or(|sight| sight.shows_event(view.book(), &one.event))
                });
                let named = shown.and_then(|one| named_in(&one.event, sha256));
                if named.is_some() {
                    return Ok(named);
                }
            }
            end = start;
        }
        Ok(None)
    }
}

/// The file with this SHA-256 in what a record says, or in its version in force.
fn named_by(record: &Record, sha256: &str) -> Option<FileRef> {
    let in_force = record.in_force.iter().map(|force| &force.body);
    let mut bodies = std::iter::once(&record.body).chain(in_force);
    bodies.find_map(|body| body.file().filter(|file| file.sha256 == sha256)).cloned()
}

/// The same in what an entry says. What remains of an erased one stands in the entry that erased it.
fn named_in(event: &Event, sha256: &str) -> Option<FileRef> {
    let residue;
    let stated = match event {
        Event::Stated(stated) => stated,
        Event::Redacted { residue: left, .. } => {
            residue = Event::from_json(left.clone()).ok()?;
            let Event::Stated(stated) = &residue else { return None };
            stated
        }
        Event::Moved { .. } | Event::Withdrawn { .. } | Event::Security(_) => return None,
    };
    stated.body.file().filter(|file| file.sha256 == sha256).cloned()
}

/// The name that a file is kept under: the last part of what a client calls it, without folders.
///
/// # Errors
/// A refusal of what is no name.
pub fn file_name(given: &str) -> Result<String, Error> {
    let name = given.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let is_name = !matches!(name, "" | "." | "..") && !name.chars().any(char::is_control);
    if !is_name || name.len() > NAME_BYTES {
        let message =
            format!("the name of a file has 1 to {NAME_BYTES} bytes, and no control characters");
        return Err(Error::Input(message));
    }
    Ok(name.to_owned())
}

/// Media type by file name, for the usual evidence.
fn media_type_of(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    match extension.as_deref() {
        Some("pdf") => "application/pdf",
        Some("json") => "application/json",
        Some("yaml" | "yml") => "application/yaml",
        Some("csv") => "text/csv",
        Some("md") => "text/markdown",
        Some("txt" | "log") => "text/plain",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("html" | "htm") => "text/html",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("zip") => "application/zip",
        Some(_) | None => "application/octet-stream",
    }
}
