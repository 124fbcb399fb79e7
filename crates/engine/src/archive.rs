//! Writing a zip that says in a manifest what is in it.

use std::{
    fs::{File, OpenOptions},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;
use surety_ledger::{Hash, Hasher};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{Error, pack::PackFile};

/// A zip that remembers what went into it.
pub(crate) struct Archive {
    zip: ZipWriter<BufWriter<File>>,
    path: PathBuf,
    files: Vec<PackFile>,
    hasher: Hasher,
    /// The file that is being written, with its bytes so far.
    current: Option<(String, u64)>,
}

impl Archive {
    /// One that everybody may read whom the system lets.
    pub(crate) fn create(path: &Path) -> Result<Archive, Error> {
        Archive::open(path, OpenOptions::new().write(true).create(true).truncate(true))
    }

    /// One that its owner alone may read, and that takes nobody's place.
    pub(crate) fn create_private(path: &Path) -> Result<Archive, Error> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Archive::open(path, &options)
    }

    fn open(path: &Path, options: &OpenOptions) -> Result<Archive, Error> {
        let file = options.open(path).map_err(Error::io(path, "can't be written"))?;
        Ok(Archive {
            zip: ZipWriter::new(BufWriter::new(file)),
            path: path.to_owned(),
            files: Vec::new(),
            hasher: Hasher::new(),
            current: None,
        })
    }

    /// What is in it so far.
    pub(crate) fn files(&self) -> &[PackFile] {
        &self.files
    }

    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.begin(name)?;
        self.write(bytes)?;
        self.end();
        Ok(())
    }

    pub(crate) fn add_json(&mut self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        let mut bytes = serde_json::to_vec_pretty(value)?;
        bytes.push(b'\n');
        self.add(name, &bytes)
    }

    /// Adds a file of lines, one a value.
    pub(crate) fn add_lines<T: Serialize>(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = T>,
    ) -> Result<(), Error> {
        self.begin(name)?;
        for value in values {
            self.write_line(&value)?;
        }
        self.end();
        Ok(())
    }

    /// Begins a file that is written piece by piece.
    pub(crate) fn begin(&mut self, name: &str) -> Result<(), Error> {
        self.start(name)?;
        self.hasher = Hasher::new();
        self.current = Some((name.to_owned(), 0));
        Ok(())
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.zip.write_all(bytes).map_err(Error::io(&self.path, "can't be written"))?;
        self.hasher.update(bytes);
        if let Some((_, written)) = &mut self.current {
            *written = written.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
        Ok(())
    }

    pub(crate) fn write_line(&mut self, value: &impl Serialize) -> Result<(), Error> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.write(&line)
    }

    /// Ends the file that was begun.
    pub(crate) fn end(&mut self) {
        let hash: Hash = std::mem::take(&mut self.hasher).finish();
        if let Some((path, bytes)) = self.current.take() {
            self.files.push(PackFile { path, sha256: hash.to_string(), bytes });
        }
    }

    /// Writes the manifest, and makes sure that everything is on disk.
    pub(crate) fn finish(mut self, manifest: &impl Serialize) -> Result<(), Error> {
        self.add_json("manifest.json", manifest)?;
        self.close()
    }

    /// Ends a zip that has no manifest, and makes sure that everything is on disk.
    pub(crate) fn close(self) -> Result<(), Error> {
        let path = self.path.clone();
        let unwritten = |message: String| Error::File { path: path.display().to_string(), message };
        let file = self.zip.finish().map_err(|error| unwritten(error.to_string()))?;
        let file = file.into_inner().map_err(|error| unwritten(error.to_string()))?;
        file.sync_all().map_err(Error::io(&self.path, "can't be written"))
    }

    fn start(&mut self, name: &str) -> Result<(), Error> {
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .large_file(true);
        self.zip
            .start_file(name, options)
            .map_err(|error| Error::File { path: name.to_owned(), message: error.to_string() })
    }
}
