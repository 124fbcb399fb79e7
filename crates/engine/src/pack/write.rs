//! Writing a pack.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;
use serde_json::{Value, json};
use surety_aims::Record;
use surety_ledger::{Entry, Hash, HeaderRef, Tree};
use surety_reports::reader::{self, HistoryEntry, ReaderInput, ReaderRecord, Section};

use super::{Manifest, PackOrganisation, Packed};
use crate::{Aims, Error, Moment, View, archive::Archive, folder::files_of, views::STANDARD};

/// Entries that are read from the store at once.
const PAGE: u32 = 5_000;

/// Leaf hash and what else the reader shows of each entry about a record.
type Histories = BTreeMap<String, Vec<HistoryEntry>>;

pub(super) async fn write(
    aims: &Aims,
    moment: Moment,
    path: &Path,
    shown_as: &Path,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Packed, Error> {
    let view = aims.view(moment).await?;
    let size = view.book().size();
    let checkpoint = aims.checkpoint_of(&view).await?;
    let mut archive = Archive::create(path)?;
    let (tree, histories) = entries(aims, size, &mut archive, progress).await?;
    ledger_files(aims, size, &checkpoint, &tree, &mut archive).await?;
    record_files(&view, &tree, size, &mut archive)?;
    let (evidence_files, missing_files) = evidence(aims, &view, &mut archive).await?;
    let people = people(aims, &view).await?;
    archive.add_json("people.json", &people)?;
    let sections = derived(&view, &people, &mut archive)?;
    let records = reader_records(&view, histories)?;
    let entries = records.len();
    let name =
        shown_as.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let page = reader::write(&ReaderInput {
        meta: crate::sheets::meta(aims.name(), aims.now(), &view, "Audit pack"),
        facts: vec![("Evidence files".to_owned(), evidence_files.to_string())],
        checkpoint: checkpoint.clone(),
        steps: reader::usual_steps(&name),
        sections,
        records,
    })?;
    archive.add("index.html", page.as_bytes())?;
    archive.add("verify_pack.py", VERIFIER.as_bytes())?;
    archive.add("README.txt", README.as_bytes())?;
    let manifest = Manifest {
        format: "surety-pack".to_owned(),
        version: 1,
        organisation: PackOrganisation { id: aims.id().to_owned(), name: aims.name().to_owned() },
        as_of: view.on,
        made_at: aims.now().to_string(),
        made_by: env!("CARGO_PKG_VERSION").to_owned(),
        origin: aims.origin().to_owned(),
        size,
        files: archive.files().to_vec(),
    };
    archive.finish(&manifest)?;
    Ok(Packed { entries: size, records: entries, evidence_files, missing_files, checkpoint })
}

const VERIFIER: &str = include_str!("../../../../tools/verify_pack.py");
const README: &str = include_str!("README.txt");

/// `ledger/entries.jsonl`, while the tree and the histories are made from the same pass.
async fn entries(
    aims: &Aims,
    size: u64,
    archive: &mut Archive,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<(Tree, Histories), Error> {
    const NAME: &str = "ledger/entries.jsonl";
    archive.begin(NAME)?;
    let mut tree = Tree::new();
    let mut histories = Histories::new();
    let residues = crate::entries::residues(aims.shared.store.as_ref(), aims.id()).await?;
    while tree.size() < size {
        let left = u32::try_from(size - tree.size()).unwrap_or(u32::MAX).min(PAGE);
        let page = aims.shared.store.entries(aims.id(), tree.size(), left).await?;
        if page.is_empty() {
            break;
        }
        for entry in &page {
            let line = line(entry)?;
            archive.write(&line)?;
            tree.append(entry.leaf());
            history(entry, &residues, &mut histories)?;
        }
        progress(tree.size(), size);
    }
    archive.end();
    Ok((tree, histories))
}

fn line(entry: &Entry) -> Result<Vec<u8>, Error> {
    let mut line = serde_json::to_vec(&crate::entries::stored(entry))?;
    line.push(b'\n');
    Ok(line)
}

/// Notes an entry in the history of the record that it is about.
fn history(
    entry: &Entry,
    residues: &crate::entries::Residues,
    histories: &mut Histories,
) -> Result<(), Error> {
    use surety_aims::Event;
    let header = HeaderRef::parse(&entry.header)?;
    let Some(happened) = crate::entries::happened(&header, entry, residues)? else { return Ok(()) };
    let Some(subject) = happened.event.subject() else { return Ok(()) };
    let (action, reason) = match happened.event {
        Event::Stated(stated) => (format!("stated version {}", stated.version), String::new()),
        Event::Moved { to, note, .. } => (format!("moved to {}", to.replace('_', " ")), note),
        Event::Withdrawn { reason, .. } => ("withdrawn".to_owned(), reason),
        Event::Redacted { .. } | Event::Security(_) => return Ok(()),
    };
    histories.entry(subject.to_string()).or_default().push(HistoryEntry {
        seq: header.seq,
        at: header.instant,
        actor: header.actor.to_string(),
        action,
        reason,
        leaf_hash: entry.leaf().to_base64(),
        proof: None,
    });
    Ok(())
}

async fn ledger_files(
    aims: &Aims,
    size: u64,
    checkpoint: &str,
    tree: &Tree,
    archive: &mut Archive,
) -> Result<(), Error> {
    archive.add("ledger/checkpoint", checkpoint.as_bytes())?;
    archive.add("ledger/keys.txt", aims.keys().await?.to_string().as_bytes())?;
    let mut proofs = Vec::new();
    for (old, note) in aims.shared.store.checkpoints(aims.id()).await? {
        if old >= size {
            continue;
        }
        archive.add(&format!("ledger/checkpoints/{old}"), note.as_bytes())?;
        let hashes = tree.consistency_proof(old, size).map_err(|_| Error::UnknownEntry(old))?;
        let hashes: Vec<_> = hashes.into_iter().map(Hash::to_base64).collect();
        serde_json::to_writer(&mut proofs, &json!({ "old": old, "new": size, "hashes": hashes }))?;
        proofs.push(b'\n');
    }
    archive.add("ledger/consistency.jsonl", &proofs)
}

/// One file for each record, and one line of proof.
fn record_files(view: &View, tree: &Tree, size: u64, archive: &mut Archive) -> Result<(), Error> {
    let mut proofs = Vec::new();
    for record in view.book().records() {
        let name = format!("records/{}/{}.json", record.kind(), record.id);
        archive.add_json(&name, &record.to_json())?;
        let index = record.stated.seq;
        let hashes = tree.inclusion_proof(index, size).map_err(|_| Error::UnknownEntry(index))?;
        let hashes: Vec<_> = hashes.into_iter().map(Hash::to_base64).collect();
        let proof = json!({
            "record": record.id, "index": index, "size": size, "hashes": hashes,
        });
        serde_json::to_writer(&mut proofs, &proof)?;
        proofs.push(b'\n');
    }
    archive.add("ledger/proofs.jsonl", &proofs)
}

/// The files that records name, as far as the vault has them.
async fn evidence(
    aims: &Aims,
    view: &View,
    archive: &mut Archive,
) -> Result<(usize, Vec<String>), Error> {
    let in_force = |record: &Record| record.in_force.clone().map(|force| force.body.to_json());
    let bodies = |record: &Record| [Some(record.body.to_json()), in_force(record)];
    let named = |record: &Record| {
        let kind = record.id.kind;
        bodies(record).into_iter().flatten().flat_map(move |body| files_of(kind, &body))
    };
    let mut wanted: Vec<String> = view.book().records().flat_map(named).collect();
    wanted.sort();
    wanted.dedup();
    let (mut packed, mut missing) = (0, Vec::new());
    for sha256 in wanted {
        match sha256.parse::<Hash>() {
            Ok(hash) if aims.vault.exists(&hash).await? => {
                let bytes = aims.vault.get(&hash).await?;
                archive.add(&format!("evidence/{sha256}"), &bytes)?;
                packed += 1;
            }
            Ok(_) | Err(_) => missing.push(sha256),
        }
    }
    Ok((packed, missing))
}

/// Names of people as of the making of the pack; addresses stay at home.
async fn people(aims: &Aims, view: &View) -> Result<BTreeMap<String, String>, Error> {
    let people = aims.shared.store.people(aims.id()).await?;
    let known = |id: &String| id.parse().is_ok_and(|id| view.book().get(id).is_some());
    Ok(people.into_iter().filter(|(id, _)| known(id)).map(|(id, data)| (id, data.name)).collect())
}

/// The derived views as JSON files, and as tables for the reader.
fn derived(
    view: &View,
    people: &BTreeMap<String, String>,
    archive: &mut Archive,
) -> Result<Vec<Section>, Error> {
    let derived = Derived::of(view)?;
    archive.add("soa.json", &derived.soa)?;
    archive.add("gap.json", &derived.gap)?;
    archive.add("plan.json", &derived.plan)?;
    archive.add("classes.json", &derived.classes)?;
    crate::sheets::reader_sections(view, people)
}

/// The derived views of a pack, as bytes. A verifier makes them again from the ledger and compares.
pub(super) struct Derived {
    pub(super) soa: Vec<u8>,
    pub(super) gap: Vec<u8>,
    pub(super) plan: Vec<u8>,
    /// Classes of AI systems under the law, with the answers and steps that led to them.
    pub(super) classes: Vec<u8>,
}

impl Derived {
    pub(super) fn of(view: &View) -> Result<Derived, Error> {
        let soa = view.soa(STANDARD, None)?;
        let gaps = view.gaps(&soa, &[])?;
        let plan = view.plan(&gaps);
        let gaps: Vec<_> = gaps.iter().map(|(_, gap)| gap).collect();
        let classes = view.kept_classes(view.on);
        Ok(Derived {
            soa: bytes(&soa)?,
            gap: bytes(&gaps)?,
            plan: bytes(&plan)?,
            classes: bytes(&classes)?,
        })
    }
}

fn bytes(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    let mut bytes = serde_json::to_vec(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn reader_records(view: &View, mut histories: Histories) -> Result<Vec<ReaderRecord>, Error> {
    let record = |record: &Record| -> Result<ReaderRecord, Error> {
        let id = record.id.to_string();
        let body: Value = record.to_json();
        Ok(ReaderRecord {
            kind: record.kind().name().replace('_', " "),
            title: record.title().to_owned(),
            state: record.state.replace('_', " "),
            mark: None,
            body: serde_json::value::to_raw_value(&body)?,
            history: histories.remove(&id).unwrap_or_default(),
            id,
        })
    };
    view.book().records().map(record).collect()
}

/// Every file of a folder as a zip, in the order of their names.
pub(crate) fn zipped(folder: &Path, path: &Path) -> Result<(), Error> {
    let mut archive = Archive::create(path)?;
    let mut waiting = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(next) = waiting.pop() {
        let entries = std::fs::read_dir(&next).map_err(Error::io(&next, "can't be read"))?;
        for entry in entries {
            let place = entry.map_err(Error::io(&next, "can't be read"))?.path();
            if place.is_dir() { waiting.push(place) } else { files.push(place) }
        }
    }
    files.sort();
    for file in &files {
        let name = file.strip_prefix(folder).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let bytes = std::fs::read(file).map_err(Error::io(file, "can't be read"))?;
        archive.add(&name, &bytes)?;
    }
    archive.close()
}
