//! The key that signs checkpoints: made at first start, or given.

use std::path::{Path, PathBuf};

use surety_ledger::SigningKey;

use crate::{Error, clock::random};

/// Where the signing key comes from.
#[derive(Clone, Debug, Default)]
pub enum KeySource {
    /// A file in the data folder, made when it is missing, readable by its owner only.
    #[default]
    DataFolder,
    /// A key file that the operator keeps elsewhere.
    File(std::path::PathBuf),
    /// The text of a key file, from the environment.
    Text(Secret),
}

/// A text that never shows in logs.
#[derive(Clone)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

/// The name of a key that the operator gave, which is the origin of what it signs; `None` if keys are made here.
pub(crate) fn given_name(source: &KeySource) -> Result<Option<String>, Error> {
    Ok(given(source)?.map(|key| key.name().to_owned()))
}

/// The signing key of the organisation with this origin.
pub(crate) fn signing_key(
    source: &KeySource,
    folder: &Path,
    organisation: &str,
    origin: &str,
) -> Result<SigningKey, Error> {
    let key = match given(source)? {
        Some(key) => key,
        None => {
            let path = own(folder, organisation);
            if path.exists() { read(&path)? } else { make(&path, origin)? }
        }
    };
    if key.name() != origin {
        let (name, organisation) = (key.name().to_owned(), organisation.to_owned());
        return Err(Error::ForeignKey { name, organisation, origin: origin.to_owned() });
    }
    Ok(key)
}

/// Makes a new key in place of the one in the data folder, which is kept beside it under its key id.
pub(crate) fn rotate(
    source: &KeySource,
    folder: &Path,
    organisation: &str,
    origin: &str,
) -> Result<SigningKey, Error> {
    if given(source)?.is_some() {
        return Err(Error::KeyIsGiven);
    }
    let path = own(folder, organisation);
    if path.exists() {
        let id = read(&path)?.verifier().id();
        let kept = path.with_extension(format!("{id}.old"));
        std::fs::rename(&path, &kept)
            .map_err(Error::io(&kept, "the old key can't be kept there"))?;
    }
    make(&path, origin)
}

/// The most bytes that a key file has.
pub(crate) const MAX_FILE_BYTES: u64 = 1 << 16;

/// Name and text of every key in the data folder, also of those that were in use before.
pub(crate) fn all(folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let folder = folder.join("keys");
    let Ok(files) = std::fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for file in files {
        let path = file.map_err(Error::io(&folder, "can't be read"))?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(name) = name.filter(|name| is_key(name)) {
            let text = std::fs::read_to_string(&path).map_err(Error::io(&path, "can't be read"))?;
            found.push((name.to_owned(), text));
        }
    }
    found.sort();
    Ok(found)
}

/// Puts a key that [`all`] gave into a data folder that does not have it.
pub(crate) fn put(folder: &Path, name: &str, text: &str) -> Result<(), Error> {
    let keys = folder.join("keys");
    if !is_key(name) {
        return Err(Error::Input(format!("`{name}` is not the name of a key file")));
    }
    parse(text, name)?;
    std::fs::create_dir_all(&keys).map_err(Error::io(&keys, "the folder can't be made"))?;
    let path = keys.join(name);
    write_private(&path, text).map_err(Error::io(&path, "the key file can't be written"))
}

/// Whether a file is a key by its name, which names nothing else: an organisation, perhaps the id of a key, an ending.
fn is_key(name: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    let ends = name.ends_with(".key") || name.ends_with(".old");
    ends && !name.starts_with('.') && !name.contains("..") && name.bytes().all(known)
}

/// The key that the operator gave, if any.
fn given(source: &KeySource) -> Result<Option<SigningKey>, Error> {
    match source {
        KeySource::Text(text) => parse(&text.0, "the text given").map(Some),
        KeySource::File(path) => read(path).map(Some),
        KeySource::DataFolder => Ok(None),
    }
}

/// The file of the key that is made here.
fn own(folder: &Path, organisation: &str) -> PathBuf {
    folder.join("keys").join(format!("{organisation}.key"))
}

fn read(path: &Path) -> Result<SigningKey, Error> {
    let text =
        std::fs::read_to_string(path).map_err(Error::io(path, "the key file can't be read"))?;
    parse(&text, &path.display().to_string())
}

fn parse(text: &str, place: &str) -> Result<SigningKey, Error> {
    SigningKey::parse_file(text)
        .map_err(|source| Error::KeyFile { place: place.to_owned(), source })
}

/// Makes a key, unless another node was faster: then that one's.
fn make(path: &Path, origin: &str) -> Result<SigningKey, Error> {
    let seed = random()?;
    let key = SigningKey::new(origin, seed)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::io(folder, "the folder can't be made"))?;
    }
    let [a, b, c, d, ..] = random()?;
    let unfinished = path.with_extension(format!("{a:02x}{b:02x}{c:02x}{d:02x}.unfinished"));
    write_private(&unfinished, &key.to_file())
        .map_err(Error::io(&unfinished, "the key file can't be written"))?;
    // A link appears whole or not at all, and never in place of another key.
    let linked = std::fs::hard_link(&unfinished, path);
    std::fs::remove_file(&unfinished).map_err(Error::io(&unfinished, "can't be removed"))?;
    match linked {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => read(path),
        Err(error) => Err(Error::io(path, "the key file can't be written")(error)),
    }
}

/// Writes a new file that only its owner can read, and makes sure that it is on disk.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
