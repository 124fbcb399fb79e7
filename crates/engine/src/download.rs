//! Packs and exports as files that are read once and then gone.

use std::path::{Path, PathBuf};

use crate::{Aims, Error, Moment, clock::random, pack::zipped};

/// A file that nobody else sees, and that is gone once it is closed.
pub struct Download {
    pub file: std::fs::File,
    pub bytes: u64,
}

/// A place for something unfinished, taken away whatever happens.
struct Scratch(PathBuf);

impl Scratch {
    fn in_folder(data: &Path) -> Result<Scratch, Error> {
        let random = random()?;
        let name: String = random.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let place = data.join("tmp").join(name);
        std::fs::create_dir_all(&place).map_err(Error::io(&place, "the folder can't be made"))?;
        Ok(Scratch(place))
    }

    /// Opens a file in it; what is open can be read even when its name is gone.
    fn open(&self, name: &str) -> Result<Download, Error> {
        let path = self.0.join(name);
        let file = std::fs::File::open(&path).map_err(Error::io(&path, "can't be read"))?;
        let bytes = file.metadata().map_err(Error::io(&path, "can't be read"))?.len();
        Ok(Download { file, bytes })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What can't be taken away now is nobody's; the next backup or upgrade may clear the folder.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

impl Aims {
    /// The pack of a moment, to be sent.
    pub async fn pack_file(&self, moment: Moment) -> Result<Download, Error> {
        let scratch = Scratch::in_folder(&self.shared.config.data)?;
        self.pack(moment, &scratch.0.join("pack.zip"), &mut |_, _| {}).await?;
        scratch.open("pack.zip")
    }

    /// The export of a moment as one zip, to be sent.
    pub async fn export_file(&self, moment: Moment) -> Result<Download, Error> {
        let scratch = Scratch::in_folder(&self.shared.config.data)?;
        let folder = scratch.0.join("export");
        self.export(&folder, moment).await?;
        zipped(&folder, &scratch.0.join("export.zip"))?;
        scratch.open("export.zip")
    }
}
