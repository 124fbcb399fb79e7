//! Why a file could not be imported.

use crate::limits::LimitError;

/// A file that is refused whole. The message names the file, the line and the field where they are known:
///
/// ```text
/// ciso.yaml:12: objects.framework.requirement_nodes[3].urn: missing field `urn`
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    #[error("{}: {limit}", place(name, *line))]
    Limit {
        name: String,
        line: Option<usize>,
        #[source]
        limit: LimitError,
    },
    /// Not well-formed text, YAML or JSON. `column` counts characters from 1.
    #[error("{}: {message}{}", place(name, *line), at_column(*column))]
    Syntax { name: String, line: Option<usize>, column: Option<usize>, message: String },
    /// Well-formed, but nothing that is read here.
    #[error(
        "{name}: not a framework library that is read here; expected the keys `urn` and `objects` (CISO Assistant) or \
         an OSCAL document (`catalog`, `profile`, `mapping-collection`, ...)"
    )]
    NotRecognised { name: String },
    /// Recognised, but something that the format demands is missing or of the wrong sort.
    #[error("{}: {path}: {message}", place(name, *line))]
    Content { name: String, line: Option<usize>, path: String, message: String },
}

impl FormatError {
    /// The line, counted from 1, where it is known.
    pub fn line(&self) -> Option<usize> {
        match self {
            FormatError::Limit { line, .. }
            | FormatError::Syntax { line, .. }
            | FormatError::Content { line, .. } => *line,
            FormatError::NotRecognised { .. } => None,
        }
    }
}

fn place(name: &str, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("{name}:{line}"),
        None => name.to_owned(),
    }
}

fn at_column(column: Option<usize>) -> String {
    column.map(|column| format!(" (column {column})")).unwrap_or_default()
}
