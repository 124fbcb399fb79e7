//! The key that signs checkpoints: made at first start, or given.

use std::path::Path;

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

/// The signing key of the organisation with this origin.
pub(crate) fn signing_key(
    source: &KeySource,
    folder: &Path,
    organisation: &str,
    origin: &str,
) -> Result<SigningKey, Error> {
    match source {
        KeySource::Text(text) => Ok(SigningKey::parse_file(&text.0)?),
        KeySource::File(path) => read(path),
        KeySource::DataFolder => {
            let path = folder.join("keys").join(format!("{organisation}.key"));
            if path.exists() { read(&path) } else { make(&path, origin) }
        }
    }
}

/// Makes a new key in place of the one in the data folder, which is kept beside it under its key id.
pub(crate) fn rotate(folder: &Path, organisation: &str, origin: &str) -> Result<SigningKey, Error> {
    let path = folder.join("keys").join(format!("{organisation}.key"));
    if path.exists() {
        let old = read(&path)?;
        let vkey = old.verifier().to_string();
        let id = vkey.rsplit('+').nth(1).unwrap_or("old").to_owned();
        let kept = path.with_extension(format!("{id}.old"));
        std::fs::rename(&path, &kept).map_err(Error::io(&kept, "the old key can't be kept there"))?;
    }
    make(&path, origin)
}

fn read(path: &Path) -> Result<SigningKey, Error> {
    let text = std::fs::read_to_string(path).map_err(Error::io(path, "the key file can't be read"))?;
    Ok(SigningKey::parse_file(&text)?)
}

fn make(path: &Path, origin: &str) -> Result<SigningKey, Error> {
    let key = SigningKey::new(origin, random()?)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::io(folder, "the folder can't be made"))?;
    }
    write_private(path, &key.to_file()).map_err(Error::io(path, "the key file can't be written"))?;
    Ok(key)
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
