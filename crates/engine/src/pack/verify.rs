//! Verifying a pack without anything but the pack.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use surety_ledger::{
    Checkpoint, Entry, Hash, KeyRing, Tree, Verifier,
    merkle::{verify_consistency, verify_inclusion},
};
use zip::ZipArchive;

use super::{Manifest, write::Derived};
use crate::{Error, Position, View, catalogs::library_catalogs, entries::StoredEntry, fold};

/// What was verified.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PackReport {
    pub organisation: String,
    pub as_of: String,
    pub origin: String,
    pub size: u64,
    /// Root hash of the ledger, base64.
    pub root: String,
    pub checkpoints: usize,
    pub redacted: usize,
    pub records: usize,
    pub evidence_files: usize,
    /// Whether a key from outside the pack was used; else integrity is proved and origin is not.
    pub trusted_key: bool,
    /// The derived views were made again and are the same.
    pub derived: bool,
    pub notices: Vec<String>,
    /// What is wrong; empty: everything verifies.
    pub wanting: Vec<String>,
}

/// Limits of a pack that is read.
const MAX_FILES: usize = 200_000;
const MAX_BYTES: u64 = 32 << 30;
const MAX_RATIO: u64 = 250;
const RATIO_FREE_BYTES: u64 = 64 << 20;
const MAX_FILE_IN_MEMORY: u64 = 1 << 30;

/// One line of `ledger/proofs.jsonl`.
#[derive(Deserialize)]
struct RecordProof {
    record: String,
    index: u64,
    size: u64,
    hashes: Vec<String>,
}

/// One line of `ledger/consistency.jsonl`.
#[derive(Deserialize)]
struct Consistency {
    old: u64,
    new: u64,
    hashes: Vec<String>,
}

struct Pack {
    zip: ZipArchive<BufReader<File>>,
    report: PackReport,
}

/// Verifies the pack in `file`. `keys`: trust only these, instead of those in the pack. `checkpoints`: signed checkpoints
/// that the auditor kept.
///
/// # Errors
/// Only when the file can't be read at all or is no pack; what is wrong with a pack stands in the report.
pub fn verify_pack(
    file: &Path,
    keys: Option<&KeyRing>,
    checkpoints: &[String],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<PackReport, Error> {
    let opened = File::open(file).map_err(Error::io(file, "can't be read"))?;
    let packed = opened.metadata().map_err(Error::io(file, "can't be read"))?.len();
    let no_pack = |message: String| Error::File { path: file.display().to_string(), message };
    let zip = ZipArchive::new(BufReader::new(opened))
        .map_err(|error| no_pack(format!("is not a zip: {error}")))?;
    let mut pack = Pack { zip, report: PackReport::default() };
    pack.check_limits(packed).map_err(no_pack)?;
    let manifest = pack.manifest().map_err(no_pack)?;
    if let Err(wanting) = pack.check(&manifest, keys, checkpoints, progress) {
        pack.report.wanting.push(wanting);
    }
    Ok(pack.report)
}

impl Pack {
    /// Refuses zip bombs before anything is unpacked.
    fn check_limits(&mut self, packed: u64) -> Result<(), String> {
        if self.zip.len() > MAX_FILES {
            return Err(format!("holds more than {MAX_FILES} files"));
        }
        let mut total: u64 = 0;
        for index in 0..self.zip.len() {
            let file = self.zip.by_index_raw(index).map_err(|error| error.to_string())?;
            total = total.saturating_add(file.size());
        }
        let ratio = total / packed.max(1);
        if total > MAX_BYTES || (total > RATIO_FREE_BYTES && ratio > MAX_RATIO) {
            return Err(format!("would expand to {total} bytes, which is more than a pack may"));
        }
        Ok(())
    }

    fn manifest(&mut self) -> Result<Manifest, String> {
        let bytes = self.read("manifest.json")?;
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|error| format!("manifest.json: {error}"))?;
        if manifest.format != "surety-pack" || manifest.version != 1 {
            return Err("manifest.json: is of a format or version that this surety does not read"
                .to_owned());
        }
        self.report.organisation = manifest.organisation.name.clone();
        self.report.as_of = manifest.as_of.to_string();
        self.report.origin = manifest.origin.clone();
        self.report.size = manifest.size;
        Ok(manifest)
    }

    fn read(&mut self, name: &str) -> Result<Vec<u8>, String> {
        let file = self.zip.by_name(name).map_err(|error| format!("{name}: {error}"))?;
        if file.size() > MAX_FILE_IN_MEMORY {
            return Err(format!("{name}: is too large"));
        }
        let mut bytes = Vec::new();
        // The declared size may lie, so reading is limited too.
        let mut limited = file.take(MAX_FILE_IN_MEMORY);
        limited.read_to_end(&mut bytes).map_err(|error| format!("{name}: {error}"))?;
        Ok(bytes)
    }

    fn text(&mut self, name: &str) -> Result<String, String> {
        String::from_utf8(self.read(name)?).map_err(|_| format!("{name}: is not UTF-8"))
    }

    fn check(
        &mut self,
        manifest: &Manifest,
        keys: Option<&KeyRing>,
        kept: &[String],
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), String> {
        self.check_files(manifest)?;
        let own_keys = KeyRing::parse(&self.text("ledger/keys.txt")?)
            .map_err(|error| format!("ledger/keys.txt: {error}"))?;
        self.report.trusted_key = keys.is_some();
        let keys = keys.unwrap_or(&own_keys);
        let entries = self.entries(manifest, progress)?;
        self.check_ledger(manifest, &entries, keys, kept)?;
        let mut tree = Tree::new();
        entries.iter().for_each(|entry| tree.append(entry.leaf()));
        let position = fold(&entries).map_err(|error| with_causes(&error))?;
        self.check_records(&position)?;
        self.check_record_proofs(manifest, &position, &entries, &tree)?;
        self.check_consistency(manifest, &tree)?;
        self.check_derived(manifest, position)
    }

    /// The names of all files.
    fn names(&self) -> Result<Vec<String>, String> {
        let names = self
            .zip
            .file_names()
            .map(|name| Ok(name.map_err(|error| error.to_string())?.into_owned()));
        names.collect()
    }

    /// Every file has the listed length and hash, and none is unlisted.
    fn check_files(&mut self, manifest: &Manifest) -> Result<(), String> {
        let mut listed: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
        for file in &manifest.files {
            if listed.insert(&file.path, (&file.sha256, file.bytes)).is_some() {
                return Err(format!("manifest.json: lists {} twice", file.path));
            }
        }
        let mut seen = BTreeSet::new();
        for index in 0..self.zip.len() {
            let mut file = self.zip.by_index(index).map_err(|error| error.to_string())?;
            let name = file.name().map_err(|error| error.to_string())?.into_owned();
            if !seen.insert(name.clone()) {
                return Err(format!("{name}: is in the pack twice"));
            }
            if name == "manifest.json" {
                continue;
            }
            let Some((sha256, bytes)) = listed.remove(name.as_str()) else {
                return Err(format!("{name}: is not listed in the manifest"));
            };
            let (actual, length) = hash(&mut file).map_err(|error| format!("{name}: {error}"))?;
            if actual.to_string() != sha256 || length != bytes {
                return Err(format!("{name}: is not what the manifest lists"));
            }
            if let Some(digest) = name.strip_prefix("evidence/") {
                if digest != sha256 {
                    return Err(format!("{name}: does not have the SHA-256 that is its name"));
                }
                self.report.evidence_files += 1;
            }
        }
        match listed.keys().next() {
            Some(missing) => Err(format!("{missing}: is listed in the manifest and missing")),
            None => Ok(()),
        }
    }

    fn entries(
        &mut self,
        manifest: &Manifest,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Vec<Entry>, String> {
        const NAME: &str = "ledger/entries.jsonl";
        let file = self.zip.by_name(NAME).map_err(|error| format!("{NAME}: {error}"))?;
        let mut entries = Vec::new();
        for (number, line) in (1_u64..).zip(BufReader::new(file.take(MAX_BYTES)).lines()) {
            let at = |error: &dyn std::fmt::Display| format!("{NAME}:{number}: {error}");
            let line = line.map_err(|error| at(&error))?;
            let stored: StoredEntry<'_> =
                serde_json::from_str(&line).map_err(|error| at(&error))?;
            entries.push(stored.into_entry().map_err(|error| at(&error))?);
            if number % 1024 == 0 {
                progress(number, manifest.size);
            }
        }
        progress(manifest.size, manifest.size);
        Ok(entries)
    }

    /// Digests, order, roots and signatures.
    fn check_ledger(
        &mut self,
        manifest: &Manifest,
        entries: &[Entry],
        keys: &KeyRing,
        kept: &[String],
    ) -> Result<(), String> {
        let mut checkpoints = vec![self.text("ledger/checkpoint")?];
        let mut names = self.names()?;
        names.retain(|name| name.starts_with("ledger/checkpoints/"));
        for name in names {
            checkpoints.push(self.text(&name)?);
        }
        checkpoints.extend(kept.iter().cloned());
        let mut verifier = Verifier::new(&manifest.organisation.id, &checkpoints, keys)
            .map_err(|error| with_causes(&error))?;
        verifier.push_all(entries).map_err(|error| with_causes(&error))?;
        let report = verifier.finish().map_err(|error| with_causes(&error))?;
        let head = checkpoints.first().map(String::as_str).unwrap_or_default();
        let head = Checkpoint::open(head, keys).map_err(|error| with_causes(&error))?.checkpoint;
        if head.size != report.size
            || manifest.size != report.size
            || head.origin != manifest.origin
        {
            return Err("ledger/checkpoint: is not of the ledger in this pack".to_owned());
        }
        self.report.root = report.root.to_base64();
        self.report.checkpoints = report.checkpoints;
        self.report.redacted = report.redacted.len();
        Ok(())
    }

    /// The record files are exactly what the ledger folds to.
    fn check_records(&mut self, position: &Position) -> Result<(), String> {
        let mut expected = BTreeSet::new();
        for record in position.book.records() {
            let name = format!("records/{}/{}.json", record.kind(), record.id);
            let file: serde_json::Value = serde_json::from_slice(&self.read(&name)?)
                .map_err(|error| format!("{name}: {error}"))?;
            if file != record.to_json() {
                return Err(format!("{name}: is not what the ledger says"));
            }
            expected.insert(name);
            self.report.records += 1;
        }
        let is_other = |name: &String| name.starts_with("records/") && !expected.contains(name);
        let other = self.names()?.into_iter().find(is_other);
        match other {
            Some(other) => Err(format!("{other}: is not on the ledger")),
            None => Ok(()),
        }
    }

    fn check_record_proofs(
        &mut self,
        manifest: &Manifest,
        position: &Position,
        entries: &[Entry],
        tree: &Tree,
    ) -> Result<(), String> {
        const NAME: &str = "ledger/proofs.jsonl";
        let root = tree.root_at(manifest.size).map_err(|error| error.to_string())?;
        let mut proved = BTreeSet::new();
        for line in self.text(NAME)?.lines() {
            let proof: RecordProof =
                serde_json::from_str(line).map_err(|error| format!("{NAME}: {error}"))?;
            let RecordProof { record, index, size, hashes } = proof;
            let known = record.parse().ok().and_then(|id| position.book.get(id));
            let leaf =
                usize::try_from(index).ok().and_then(|index| entries.get(index)).map(Entry::leaf);
            let (Some(known), Some(leaf)) = (known, leaf) else {
                return Err(format!("{NAME}: {record}: is no record of this ledger"));
            };
            let hashes =
                hashes_of(&hashes).map_err(|error| format!("{NAME}: {record}: {error}"))?;
            let holds = verify_inclusion(index, size, &leaf, &hashes, &root).is_ok();
            if known.stated.seq != index || size != manifest.size || !holds {
                return Err(format!("{NAME}: the proof of {record} does not hold"));
            }
            proved.insert(record);
        }
        let unproved =
            position.book.records().find(|record| !proved.contains(&record.id.to_string()));
        match unproved {
            Some(record) => Err(format!("{NAME}: there is no proof of {}", record.id)),
            None => Ok(()),
        }
    }

    fn check_consistency(&mut self, manifest: &Manifest, tree: &Tree) -> Result<(), String> {
        const NAME: &str = "ledger/consistency.jsonl";
        for line in self.text(NAME)?.lines() {
            let proof: Consistency =
                serde_json::from_str(line).map_err(|error| format!("{NAME}: {error}"))?;
            let Consistency { old, new, hashes } = proof;
            let roots = tree.root_at(old).and_then(|first| Ok((first, tree.root_at(new)?)));
            let (first, second) = roots.map_err(|error| format!("{NAME}: {error}"))?;
            let hashes = hashes_of(&hashes).map_err(|error| format!("{NAME}: {error}"))?;
            if new != manifest.size
                || verify_consistency(old, new, &first, &second, &hashes).is_err()
            {
                return Err(format!("{NAME}: the proof from {old} to {new} does not hold"));
            }
        }
        Ok(())
    }

    /// Makes the derived views again. Another version of Surety may derive more, so a difference then is only noted.
    fn check_derived(&mut self, manifest: &Manifest, position: Position) -> Result<(), String> {
        let mut libraries = BTreeMap::new();
        for (hash, name) in crate::catalogs::imported(&position.book) {
            let bytes = self.read(&format!("evidence/{hash}"))?;
            let import =
                surety_formats::library::read(name, &bytes).map_err(|error| error.to_string())?;
            libraries.insert(hash.to_owned(), import.library);
        }
        let catalogs = Arc::new(library_catalogs(&position.book, &libraries));
        let view = View { position: Arc::new(position), catalogs, on: manifest.as_of, sight: None };
        let derived = Derived::of(&view).map_err(|error| with_causes(&error))?;
        let pairs = [
            ("soa.json", derived.soa),
            ("gap.json", derived.gap),
            ("plan.json", derived.plan),
            ("classes.json", derived.classes),
        ];
        self.report.derived = true;
        for (name, bytes) in pairs {
            if self.read(name)? == bytes {
                continue;
            }
            self.report.derived = false;
            if manifest.made_by == env!("CARGO_PKG_VERSION") {
                return Err(format!("{name}: does not follow from the ledger"));
            }
            let notice = format!(
                "{name}: this version derives something else than version {}, which made the pack",
                manifest.made_by
            );
            self.report.notices.push(notice);
        }
        Ok(())
    }
}

fn hash(reader: &mut impl Read) -> std::io::Result<(Hash, u64)> {
    let mut hasher = surety_ledger::Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    let mut length = 0;
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            return Ok((hasher.finish(), length));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
        length += u64::try_from(read).unwrap_or(0);
    }
}

fn hashes_of(texts: &[String]) -> Result<Vec<Hash>, surety_ledger::hash::HashError> {
    texts.iter().map(|text| Hash::from_base64(text)).collect()
}

/// An error with what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
