//! Reading a backup, which may have been damaged, or made by somebody who means harm.

use std::{
    collections::HashSet,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use serde::de::DeserializeOwned;
use surety_ledger::Hasher;
use zip::{ZipArchive, read::ZipFile};

use super::{FORMAT, Manifest, VERSION};
use crate::Error;

/// Limits of a backup that is read.
const MAX_PARTS: usize = 5_000_000;
const MAX_MANIFEST: u64 = 2 << 30;
const MAX_LINE: u64 = 256 << 20;
/// Bytes for each byte of the zip: a ledger shrinks to a tenth, and nothing of ours to less than a fiftieth.
const MAX_RATIO: u64 = 250;
const RATIO_FREE_BYTES: u64 = 256 << 20;

/// Bytes that are read at once.
const CHUNK: usize = 1 << 18;

/// A backup whose parts are what its manifest says.
pub(super) struct Backup {
    zip: ZipArchive<BufReader<File>>,
    place: String,
    pub(super) manifest: Manifest,
}

impl Backup {
    /// Opens a backup and checks every part of it.
    ///
    /// # Errors
    /// [`Error::File`], which names the part that is damaged.
    pub(super) fn open(path: &Path) -> Result<Backup, Error> {
        let place = path.display().to_string();
        let fail = |message: String| Error::File { path: place.clone(), message };
        let file = File::open(path).map_err(Error::io(path, "can't be read"))?;
        let packed = file.metadata().map_err(Error::io(path, "can't be read"))?.len();
        let mut zip = ZipArchive::new(BufReader::new(file))
            .map_err(|error| fail(format!("is no whole backup: {error}")))?;
        check_limits(&mut zip, packed).map_err(fail)?;
        let manifest = manifest(&mut zip).map_err(fail)?;
        let mut backup = Backup { zip, place: place.clone(), manifest };
        backup.check().map_err(fail)?;
        Ok(backup)
    }

    /// That each part is there as the manifest says, and nothing else.
    fn check(&mut self) -> Result<(), String> {
        let mut known = HashSet::new();
        for part in self.manifest.parts.clone() {
            let damaged = |what: &str| format!("{}: is damaged: {what}", part.path);
            if !known.insert(part.path.clone()) {
                return Err(damaged("the manifest names it twice"));
            }
            let mut file =
                self.zip.by_name(&part.path).map_err(|error| damaged(&error.to_string()))?;
            let mut hasher = Hasher::new();
            let (mut bytes, mut chunk) = (0_u64, vec![0; CHUNK]);
            loop {
                let count = file.read(&mut chunk).map_err(|error| damaged(&error.to_string()))?;
                if count == 0 {
                    break;
                }
                bytes = bytes.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
                if bytes > part.bytes {
                    return Err(damaged("it is longer than the manifest says"));
                }
                hasher.update(chunk.get(..count).unwrap_or_default());
            }
            if bytes != part.bytes || hasher.finish().to_string() != part.sha256 {
                return Err(damaged("its SHA-256 is not that of the manifest"));
            }
        }
        // The manifest itself is the only part that it can't name.
        if known.len().saturating_add(1) == self.zip.len() {
            return Ok(());
        }
        Err("holds parts that its manifest does not name".to_owned())
    }

    /// The values of a part, one a line.
    pub(super) fn lines<T: DeserializeOwned>(&mut self, name: &str) -> Result<Lines<'_, T>, Error> {
        let place = format!("{}: {name}", self.place);
        let reader = BufReader::new(self.part(name)?);
        Ok(Lines { reader, place, line: 0, kind: std::marker::PhantomData })
    }

    /// All of them.
    pub(super) fn all<T: DeserializeOwned>(&mut self, name: &str) -> Result<Vec<T>, Error> {
        let mut lines = self.lines(name)?;
        let mut all = Vec::new();
        while let Some(one) = lines.next()? {
            all.push(one);
        }
        Ok(all)
    }

    /// A part that is one value.
    pub(super) fn json<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Error> {
        let place = format!("{}: {name}", self.place);
        let part = self.part(name)?;
        serde_json::from_reader(BufReader::new(part))
            .map_err(|error| Error::File { path: place, message: error.to_string() })
    }

    /// The bytes of a part.
    pub(super) fn part(&mut self, name: &str) -> Result<ZipFile<'_, BufReader<File>>, Error> {
        let place = format!("{}: {name}", self.place);
        self.zip
            .by_name(name)
            .map_err(|error| Error::File { path: place, message: error.to_string() })
    }

    /// The names of the parts below a folder, with what remains of each without it.
    pub(super) fn below(&self, folder: &str) -> Vec<(String, String)> {
        let parts = self.manifest.parts.iter();
        let below = parts.filter_map(|part| {
            let rest = part.path.strip_prefix(folder)?;
            Some((part.path.clone(), rest.to_owned()))
        });
        below.collect()
    }
}

/// The values of a part, as they are read.
pub(super) struct Lines<'b, T> {
    reader: BufReader<ZipFile<'b, BufReader<File>>>,
    place: String,
    line: u64,
    kind: std::marker::PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Lines<'_, T> {
    /// The next value.
    pub(super) fn next(&mut self) -> Result<Option<T>, Error> {
        self.line += 1;
        let fail = |message: String| Error::File {
            path: format!("{}, line {}", self.place, self.line),
            message,
        };
        let mut line = Vec::new();
        let read = (&mut self.reader).take(MAX_LINE).read_until(b'\n', &mut line);
        match read.map_err(|error| fail(error.to_string()))? {
            0 => Ok(None),
            _ => serde_json::from_slice(&line).map(Some).map_err(|error| fail(error.to_string())),
        }
    }

    /// Up to so many of the next values.
    pub(super) fn page(&mut self, most: usize) -> Result<Vec<T>, Error> {
        let mut page = Vec::new();
        while page.len() < most
            && let Some(one) = self.next()?
        {
            page.push(one);
        }
        Ok(page)
    }
}

/// Refuses zip bombs before anything is unpacked.
fn check_limits(zip: &mut ZipArchive<BufReader<File>>, packed: u64) -> Result<(), String> {
    if zip.len() > MAX_PARTS {
        return Err(format!("holds more than {MAX_PARTS} parts"));
    }
    let mut total: u64 = 0;
    for index in 0..zip.len() {
        let file = zip.by_index_raw(index).map_err(|error| error.to_string())?;
        total = total.saturating_add(file.size());
    }
    if total > RATIO_FREE_BYTES && total / packed.max(1) > MAX_RATIO {
        return Err(format!("would expand to {total} bytes, which is more than a backup may"));
    }
    Ok(())
}

fn manifest(zip: &mut ZipArchive<BufReader<File>>) -> Result<Manifest, String> {
    const NAME: &str = "manifest.json";
    let file = zip.by_name(NAME).map_err(|_| "is no backup: it has no manifest.json".to_owned())?;
    let mut bytes = Vec::new();
    file.take(MAX_MANIFEST).read_to_end(&mut bytes).map_err(|error| format!("{NAME}: {error}"))?;
    // Before the rest is read: a newer one may look different.
    let version: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| format!("{NAME}: is damaged: {error}"))?;
    if version.get("format").and_then(|format| format.as_str()) != Some(FORMAT) {
        return Err(format!("{NAME}: this is no backup"));
    }
    if version.get("version").and_then(serde_json::Value::as_u64) != Some(u64::from(VERSION)) {
        return Err(format!(
            "{NAME}: was made by a version of surety that this one does not know; use a newer one"
        ));
    }
    serde_json::from_value(version).map_err(|error| format!("{NAME}: is damaged: {error}"))
}
