//! Frameworks, crosswalks and control libraries, as others publish them: CISO Assistant libraries and OSCAL documents.
//!
//! [`read`] is pure: bytes in, a [`Library`] and a [`Report`] out, so that a caller may read many files at once and show
//! what they hold before anything is kept. What the catalog model has no place for is kept under `extra`, keys that the
//! format does not define are kept and reported, and references that lead out of the file stay as they were published.
//! Must not know which frameworks an organisation already has: resolving against those is the caller's.

mod ciso;
mod error;
mod fields;
mod ids;
mod oscal;
mod report;
mod tree;

use serde::Serialize;
use surety_catalog::Library;

pub use error::FormatError;
pub use report::{Counts, Problem, ReferenceKind, Report, Severity, UnknownKey, Unresolved};

use report::{Context, Fault, show};
use tree::{Decoded, LoadError, Syntax};

/// The formats that are read, each known by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// CISO Assistant library, YAML or JSON.
    CisoAssistant,
    /// OSCAL 1.x, JSON or YAML.
    OscalCatalog,
    OscalProfile,
    /// Since OSCAL 1.2.
    OscalMappingCollection,
    OscalComponentDefinition,
    OscalSystemSecurityPlan,
    OscalAssessmentPlan,
    OscalAssessmentResults,
    OscalPlanOfActionAndMilestones,
}

/// What one file brings in, and what was noticed about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Import {
    pub format: Format,
    pub library: Library,
    pub report: Report,
}

/// The format of a file by its outermost keys, also of one that is broken further in; `None` if it is none of ours.
/// `name` only tells YAML from JSON. Reads no further than it must.
pub fn recognise(name: &str, bytes: &[u8]) -> Option<Format> {
    format_of(&tree::decode(name, bytes).ok()?)
}

/// Reads a file whole.
///
/// # Errors
/// [`FormatError`] names file, line and field of what is wrong; then nothing of the file is used.
pub fn read(name: &str, bytes: &[u8]) -> Result<Import, FormatError> {
    let decoded = tree::decode(name, bytes).map_err(|error| load_error(name, error))?;
    let Some(format) = format_of(&decoded) else {
        // Broken text is the better explanation where there is one.
        tree::load(&decoded).map_err(|error| load_error(name, error))?;
        return Err(FormatError::NotRecognised { name: name.to_owned() });
    };
    let loaded = tree::load(&decoded).map_err(|error| load_error(name, error))?;
    let mut cx = Context::default();
    for (line, oddity) in loaded.oddities {
        cx.warn(line, oddity);
    }
    let read = match format {
        Format::CisoAssistant => ciso::read(&mut cx, loaded.root),
        Format::OscalCatalog
        | Format::OscalProfile
        | Format::OscalMappingCollection
        | Format::OscalComponentDefinition
        | Format::OscalSystemSecurityPlan
        | Format::OscalAssessmentPlan
        | Format::OscalAssessmentResults
        | Format::OscalPlanOfActionAndMilestones => oscal::read(&mut cx, name, format, loaded.root),
    };
    let library = read.map_err(|fault| content_error(name, &decoded, fault))?;
    let report = cx.into_report(counts(&library));
    Ok(Import { format, library, report })
}

fn format_of(decoded: &Decoded<'_>) -> Option<Format> {
    let (mut oscal, mut urn, mut objects, mut objects_is_map) = (None, false, false, false);
    tree::top_level_keys(decoded, &mut |key, is_map| {
        oscal = oscal::format_of_root(key);
        urn |= key == "urn";
        objects |= key == "objects";
        objects_is_map |= key == "objects" && is_map;
        oscal.is_none() && !(urn && objects)
    });
    // `urn` without `objects` and the other way round are libraries from which something is missing.
    oscal.or((urn || objects_is_map).then_some(Format::CisoAssistant))
}

fn load_error(name: &str, error: LoadError) -> FormatError {
    let name = name.to_owned();
    let known = |number: usize| (number > 0).then_some(number);
    match error {
        LoadError::Limit { line, limit } => FormatError::Limit { name, line: known(line), limit },
        LoadError::Syntax { line, column, message } => {
            FormatError::Syntax { name, line: known(line), column: known(column), message }
        }
    }
}

fn content_error(name: &str, decoded: &Decoded<'_>, fault: Fault) -> FormatError {
    let line = match (fault.line, decoded.syntax) {
        (0, Syntax::Json) => tree::locate_json(&decoded.text, &fault.steps).map(|(line, _)| line),
        (line, Syntax::Yaml | Syntax::Json) => (line > 0).then_some(line),
    };
    let path = match show(&fault.steps) {
        path if path.is_empty() => "the outermost value".to_owned(),
        path => path,
    };
    FormatError::Content { name: name.to_owned(), line, path, message: fault.message }
}

fn counts(library: &Library) -> Counts {
    let requirements = || library.frameworks.iter().flat_map(|framework| &framework.requirements);
    Counts {
        frameworks: library.frameworks.len(),
        requirements: requirements().count(),
        assessable: requirements().filter(|one| one.assessable).count(),
        questions: requirements().map(|one| one.questions.len()).sum(),
        mapping_sets: library.mapping_sets.len(),
        mappings: library.mapping_sets.iter().map(|set| set.mappings.len()).sum(),
        threats: library.threats.len(),
        reference_controls: library.reference_controls.len(),
        matrices: library.risk_matrices.len(),
        metrics: library.metrics.len(),
        techniques: library.techniques.len(),
        profiles: library.profiles.len(),
    }
}
