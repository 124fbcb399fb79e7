//! What Typst may see: our one source, the data of one document, a logo, and the fonts of the binary. No file, no network,
//! no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

static FONTS: LazyLock<Fonts> = LazyLock::new(Fonts::embedded);
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

struct Fonts {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Fonts {
    fn embedded() -> Fonts {
        let files: [&'static [u8]; 3] = [
            include_bytes!("../../fonts/Roboto-Regular.ttf"),
            include_bytes!("../../fonts/Roboto-Bold.ttf"),
            include_bytes!("../../fonts/DejaVuSansMono.ttf"),
        ];
        let fonts: Vec<Font> =
            files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
        Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
    }
}

/// The names of the files that there are.
struct Paths {
    data: FileId,
    logo: FileId,
    main: Source,
}

static PATHS: LazyLock<Option<Paths>> = LazyLock::new(|| {
    let id = |name: &str| {
        Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern())
    };
    let main = Source::new(id("document.typ")?, include_str!("document.typ").to_owned());
    Some(Paths { data: id("data.json")?, logo: id(super::LOGO)?, main })
});

/// One document.
pub(super) struct Document {
    paths: &'static Paths,
    data: Bytes,
    logo: Option<Bytes>,
}

impl Document {
    /// `None` cannot happen: the names are fixed and fit for paths.
    pub(super) fn new(data: Vec<u8>, logo: Option<Vec<u8>>) -> Option<Document> {
        let paths = PATHS.as_ref()?;
        Some(Document { paths, data: Bytes::new(data), logo: logo.map(Bytes::new) })
    }
}

impl World for Document {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.paths.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.paths.main.id() { Ok(self.paths.main.clone()) } else { Err(absent(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.paths.data {
            return Ok(self.data.clone());
        }
        let logo = self.logo.as_ref().filter(|_| id == self.paths.logo);
        logo.cloned().ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
