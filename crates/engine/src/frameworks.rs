//! Importing frameworks, crosswalks and control libraries.

use serde::Serialize;
use serde_json::{Map, json};
use surety_aims::{
    Command, Kind, Principal, RecordId, of,
    records::{FileRef, Framework},
};
use surety_catalog::Catalogs;
use surety_formats::library::{
    self, FormatError, Import, Problem, ReferenceKind, Severity, UnknownKey, Unresolved,
};
use surety_ledger::Hash;

use crate::{Aims, Batch, Error, Moment, View, import::NamedBytes};

/// What one library brought in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LibraryReport {
    pub file: String,
    /// `None`: the file can't be used, and `problems` says why.
    pub record: Option<RecordId>,
    /// Whether anything changed.
    pub imported: bool,
    pub id: String,
    pub name: String,
    pub version: String,
    pub format: String,
    pub frameworks: Vec<String>,
    pub requirements: usize,
    pub assessable: usize,
    pub mappings: usize,
    pub threats: usize,
    pub reference_controls: usize,
    pub matrices: usize,
    pub metrics: usize,
    pub techniques: usize,
    pub profiles: usize,
    pub questions: usize,
    /// References whose target no catalog in use holds, after this import.
    pub unresolved: Vec<Unresolved>,
    pub unknown_keys: Vec<UnknownKey>,
    pub problems: Vec<Problem>,
    pub notices: Vec<String>,
    /// The reason why the file can't be used.
    pub error: Option<String>,
}

impl LibraryReport {
    /// Whether a part of the file was left out because it is wrong.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

impl Aims {
    /// What importing a file that was uploaded would bring in, and what is wrong with it. Takes nothing in.
    ///
    /// # Errors
    /// If the vault has no such file.
    pub async fn preview_framework(&self, file: &FileRef) -> Result<LibraryReport, Error> {
        let NamedBytes { name, bytes } = self.uploaded(file).await?;
        let view = self.view(Moment::Now).await?;
        Ok(match library::read(&name, &bytes) {
            Ok(import) => {
                let catalogs = view.catalogs.with_library(import.library.clone());
                let mut report = report(&name, &import);
                report.unresolved.retain(|open| !leads_somewhere(&catalogs, open));
                report.record = known(&view, &Hash::of(&bytes).to_string(), &import);
                report
            }
            Err(error) => failed(&name, &error.to_string()),
        })
    }

    /// Imports a file that was uploaded.
    ///
    /// # Errors
    /// As [`Aims::preview_framework`].
    pub async fn import_framework(
        &self,
        principal: &Principal,
        file: &FileRef,
    ) -> Result<LibraryReport, Error> {
        let file = self.uploaded(file).await?;
        let name = file.name.clone();
        let reports = self.import_frameworks(principal, vec![file], &mut |_| {}).await?;
        Ok(reports.into_iter().next().unwrap_or_else(|| failed(&name, "nothing was read")))
    }

    /// The bytes of a file that was uploaded.
    ///
    /// # Errors
    /// If the vault has no such file.
    pub async fn uploaded(&self, file: &FileRef) -> Result<NamedBytes, Error> {
        let hash = file.sha256.parse::<Hash>();
        let hash = hash.map_err(|_| Error::Input("upload the file first".to_owned()))?;
        let bytes = self.vault.get(&hash).await?.to_vec();
        Ok(NamedBytes { name: file.name.clone(), bytes })
    }

    /// Imports library files: parses them side by side, then takes each in. A file that can't be read is reported and the
    /// others go in all the same.
    pub async fn import_frameworks(
        &self,
        principal: &Principal,
        files: Vec<NamedBytes>,
        progress: &mut (dyn FnMut(usize) + Send),
    ) -> Result<Vec<LibraryReport>, Error> {
        let mut reports = Vec::with_capacity(files.len());
        let parsed = parse(&files);
        for (done, (file, parsed)) in files.into_iter().zip(parsed).enumerate() {
            progress(done);
            reports.push(match parsed {
                Ok(import) => self.take_library(principal, file, import).await?,
                Err(error) => failed(&file.name, &error.to_string()),
            });
        }
        // What is still unresolved is known only after the last file.
        let view = self.view(Moment::Now).await?;
        for report in &mut reports {
            report.unresolved.retain(|open| !leads_somewhere(&view.catalogs, open));
        }
        progress(reports.len());
        Ok(reports)
    }

    async fn take_library(
        &self,
        principal: &Principal,
        file: NamedBytes,
        import: Import,
    ) -> Result<LibraryReport, Error> {
        let hash = Hash::of(&file.bytes).to_string();
        let mut report = report(&file.name, &import);
        let view = self.view(Moment::Now).await?;
        let known = known(&view, &hash, &import).and_then(|id| {
            let record = view.book().get(id)?;
            Some((record, of::<Framework>(record)?))
        });
        let framework_id = known.map_or_else(
            || free_id(view.book(), &import.library.id),
            |(_, framework)| framework.framework_id.clone(),
        );
        let name = std::path::Path::new(&file.name)
            .file_name()
            .map_or_else(|| file.name.clone(), |name| name.to_string_lossy().into_owned());
        let body = json!({
            "framework_id": framework_id,
            "urn": import.library.urn,
            "name": import.library.name,
            "version": import.library.version,
            "format": report.format,
            "provider": import.library.provider,
            "locale": import.library.locale,
            "copyright": import.library.copyright,
            "file": {
                "sha256": hash, "name": name, "bytes": file.bytes.len(),
                "media_type": media_type(&file.name),
            },
        });
        self.vault.put(file.bytes.into()).await?;
        self.keep_library(&hash, import.library);
        let command = Command::State {
            kind: Kind::Framework,
            id: known.map(|(record, _)| record.id),
            body,
            custom: Map::new(),
            external: Vec::new(),
            base: known.map(|(record, _)| record.version),
        };
        match self.try_execute(principal, Batch::of([command])).await? {
            Ok(done) => {
                report.imported = done.entries.0 < done.entries.1;
                report.record = done.records.first().copied().flatten();
            }
            Err(refusal) => report.error = Some(refusal.rejection.to_string()),
        }
        Ok(report)
    }
}

/// The live record of the same library: the same bytes, or the same library in the same language.
fn known(view: &View, hash: &str, import: &Import) -> Option<RecordId> {
    let library = &import.library;
    let same = |framework: &Framework| {
        framework.file.as_ref().is_some_and(|file| file.sha256 == hash)
            || (!library.urn.is_empty()
                && framework.urn.eq_ignore_ascii_case(&library.urn)
                && framework.locale == library.locale)
    };
    let mut all = view.book().all::<Framework>();
    all.find(|(record, framework)| record.is_live() && same(framework)).map(|(record, _)| record.id)
}

/// Whether the catalogs in use hold what a reference names.
fn leads_somewhere(catalogs: &Catalogs, open: &Unresolved) -> bool {
    let named = |name: &str| name.eq_ignore_ascii_case(&open.reference);
    let mut libraries = catalogs.libraries();
    match open.kind {
        ReferenceKind::MappingSource | ReferenceKind::MappingTarget => {
            !catalogs.unresolved().iter().any(|end| named(&end.requirement))
        }
        ReferenceKind::Dependency => libraries.any(|library| named(&library.urn)),
        ReferenceKind::Threat => {
            libraries.any(|library| library.threats.iter().any(|threat| named(&threat.urn)))
        }
        ReferenceKind::ReferenceControl => libraries
            .any(|library| library.reference_controls.iter().any(|control| named(&control.urn))),
        ReferenceKind::Framework
        | ReferenceKind::Parent
        | ReferenceKind::Question
        | ReferenceKind::Technique
        | ReferenceKind::Parameter => {
            catalogs.find(&open.reference).is_some()
                || catalogs.framework(&open.reference).is_some()
        }
    }
}

/// Parses files on as many threads as there are processors.
fn parse(files: &[NamedBytes]) -> Vec<Result<Import, FormatError>> {
    let threads =
        std::thread::available_parallelism().map_or(1, usize::from).min(files.len().max(1));
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut parsed: Vec<_> = std::thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            loop {
                let position = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(file) = files.get(position) else { return done };
                done.push((position, library::read(&file.name, &file.bytes)));
            }
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let joined = running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause)));
        joined.flatten().collect()
    });
    parsed.sort_by_key(|(position, _)| *position);
    parsed.into_iter().map(|(_, result)| result).collect()
}

fn report(file: &str, import: &Import) -> LibraryReport {
    let counts = import.report.counts;
    LibraryReport {
        file: file.to_owned(),
        id: import.library.id.clone(),
        name: import.library.name.clone(),
        version: import.library.version.clone(),
        format: serde_json::to_value(import.format)
            .ok()
            .and_then(|format| format.as_str().map(str::to_owned))
            .unwrap_or_default(),
        frameworks: import
            .library
            .frameworks
            .iter()
            .map(|framework| framework.id.clone())
            .collect(),
        requirements: counts.requirements,
        assessable: counts.assessable,
        mappings: counts.mappings,
        threats: counts.threats,
        reference_controls: counts.reference_controls,
        matrices: counts.matrices,
        metrics: counts.metrics,
        techniques: counts.techniques,
        profiles: counts.profiles,
        questions: counts.questions,
        unresolved: import.report.unresolved.clone(),
        unknown_keys: import.report.unknown_keys.clone(),
        problems: import.report.problems.clone(),
        notices: import.report.notices.clone(),
        ..LibraryReport::default()
    }
}

fn failed(file: &str, error: &str) -> LibraryReport {
    LibraryReport {
        file: file.to_owned(),
        error: Some(error.to_owned()),
        ..LibraryReport::default()
    }
}

/// The id of a library, or the next free one made from it.
fn free_id(book: &surety_aims::Book, id: &str) -> String {
    let taken = |id: &str| {
        book.all::<Framework>().any(|(record, known)| record.is_live() && known.framework_id == id)
    };
    if !taken(id) {
        return id.to_owned();
    }
    (2..).map(|number| format!("{id}-{number}")).find(|id| !taken(id)).unwrap_or_default()
}

fn media_type(name: &str) -> &'static str {
    if name.to_lowercase().ends_with(".json") { "application/json" } else { "application/yaml" }
}
