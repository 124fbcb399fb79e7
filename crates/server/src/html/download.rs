//! What can be taken away from a page: a document in several formats.

use super::Shell;

/// A document, and where it is in each format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Download {
    /// What it holds, in a sentence.
    pub(crate) says: &'static str,
    pub(crate) links: Vec<(&'static str, String)>,
}

/// Formats of every document: how they are called, and how addresses name them.
pub(crate) const FORMATS: &[(&str, &str)] =
    &[("PDF", "pdf"), ("XLSX", "xlsx"), ("DOCX", "docx"), ("CSV", "csv"), ("JSON", "json")];

impl Download {
    /// A document that programs get by the same address, of the day that is shown.
    pub(crate) fn of(shell: &Shell, says: &'static str, path: &str) -> Download {
        let joint = if path.contains('?') { '&' } else { '?' };
        let link = |(name, format): &(&'static str, &str)| {
            (*name, shell.api(format!("{path}{joint}format={format}")))
        };
        Download { says, links: FORMATS.iter().map(link).collect() }
    }
}
