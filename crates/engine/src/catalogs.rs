//! The catalogs that an organisation uses: the built-in ones and the libraries that it imported.
//!
//! Which those are stands on the ledger, as `framework` records; the bytes of imported ones lie in the vault. Parsing a
//! large library takes a tenth of a second, so its parsed form is kept in a cache folder that can be deleted at any time.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use surety_aims::{Book, records::Framework};
use surety_catalog::{Catalogs, Library, RequirementRef};
use surety_ledger::Hash;

use crate::{Error, vault::Files};

/// Parsed libraries, and the sets of them that Books have asked for.
pub(crate) struct Libraries {
    cache: Option<PathBuf>,
    parsed: RwLock<HashMap<String, Arc<Library>>>,
    sets: RwLock<HashMap<Vec<String>, Arc<Catalogs>>>,
}

impl Libraries {
    /// Without a cache, libraries are parsed anew by each process.
    pub(crate) fn new(cache: Option<PathBuf>) -> Libraries {
        Libraries { cache, parsed: RwLock::default(), sets: RwLock::default() }
    }

    /// The catalogs of a Book whose libraries were loaded.
    pub(crate) fn catalogs(&self, book: &Book) -> Arc<Catalogs> {
        let used: Vec<String> = imported(book).map(|(hash, _)| hash.to_owned()).collect();
        if used.is_empty() {
            return Catalogs::builtin();
        }
        if let Some(known) = self.sets.read().unwrap_or_else(PoisonError::into_inner).get(&used) {
            return known.clone();
        }
        let parsed = self.parsed.read().unwrap_or_else(PoisonError::into_inner);
        let libraries: Vec<_> = used.iter().filter_map(|hash| parsed.get(hash)).cloned().collect();
        let complete = libraries.len() == used.len();
        let catalogs = Arc::new(Catalogs::builtin().with_libraries(libraries));
        if complete {
            let mut sets = self.sets.write().unwrap_or_else(PoisonError::into_inner);
            sets.insert(used, catalogs.clone());
        }
        catalogs
    }

    /// Reads what a Book uses and is not in memory yet.
    pub(crate) async fn load(&self, book: &Book, vault: &Files) -> Result<(), Error> {
        for (hash, name) in imported(book) {
            let known =
                self.parsed.read().unwrap_or_else(PoisonError::into_inner).contains_key(hash);
            if known {
                continue;
            }
            let library = match self.cached(hash) {
                Some(library) => library,
                None => self.parse(hash, name, vault).await?,
            };
            self.keep(hash, library);
        }
        Ok(())
    }

    /// Takes over a library that was just parsed.
    pub(crate) fn keep(&self, hash: &str, library: Library) {
        self.write_cache(hash, &library);
        let mut parsed = self.parsed.write().unwrap_or_else(PoisonError::into_inner);
        parsed.insert(hash.to_owned(), Arc::new(library));
    }

    async fn parse(&self, hash: &str, name: &str, vault: &Files) -> Result<Library, Error> {
        let digest: Hash = hash.parse().map_err(|_| Error::File {
            path: name.to_owned(),
            message: format!("`{hash}` is not a SHA-256"),
        })?;
        let bytes = vault.get(&digest).await?;
        let import = surety_formats::library::read(name, &bytes)
            .map_err(|error| Error::File { path: name.to_owned(), message: error.to_string() })?;
        Ok(import.library)
    }

    fn cached(&self, hash: &str) -> Option<Library> {
        let bytes = std::fs::read(cache_file(self.cache.as_deref()?, hash)).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// A cache that can't be written costs time, not correctness.
    fn write_cache(&self, hash: &str, library: &Library) {
        let Some(cache) = &self.cache else { return };
        let file = cache_file(cache, hash);
        if file.exists() || std::fs::create_dir_all(cache).is_err() {
            return;
        }
        let Ok(bytes) = serde_json::to_vec(library) else { return };
        let unfinished = file.with_extension("unfinished");
        if std::fs::write(&unfinished, bytes).is_ok() {
            drop(std::fs::rename(&unfinished, &file));
        }
    }
}

fn cache_file(folder: &Path, hash: &str) -> PathBuf {
    folder.join(format!("library-{}-{hash}.json", env!("CARGO_PKG_VERSION")))
}

/// Whether a requirement exists under exactly this address: records are looked up by it, so other spellings of the same
/// element are refused when they are stated.
pub(crate) fn is_exact(catalogs: &Catalogs, requirement: &RequirementRef) -> bool {
    catalogs
        .framework(requirement.framework())
        .is_some_and(|known| known.id == requirement.framework())
        && catalogs
            .requirement(requirement)
            .is_some_and(|known| known.id == requirement.requirement())
}

/// The catalogs of a Book whose libraries are at hand, by the SHA-256 of their files.
pub(crate) fn library_catalogs(
    book: &Book,
    libraries: &std::collections::BTreeMap<String, Library>,
) -> Catalogs {
    let used = imported(book).filter_map(|(hash, _)| libraries.get(hash)).cloned();
    Catalogs::builtin().with_libraries(used)
}

/// Live framework records that name a file: its SHA-256 and name.
pub(crate) fn imported(book: &Book) -> impl Iterator<Item = (&str, &str)> {
    book.all::<Framework>()
        .filter(|(record, _)| record.is_live())
        .filter_map(|(_, framework)| framework.file.as_ref())
        .map(|file| (file.sha256.as_str(), file.name.as_str()))
}
