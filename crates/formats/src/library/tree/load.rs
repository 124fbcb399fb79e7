//! From bytes to a tree: which encoding, which syntax, and what goes wrong.

use std::borrow::Cow;

use super::{Node, json, yaml};
use crate::limits::{LimitError, check_size};

/// How the text of a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    Yaml,
    Json,
}

/// The text of a file.
pub(crate) struct Decoded<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) syntax: Syntax,
}

/// A tree and what was odd about its writing.
pub(crate) struct Loaded<'a> {
    pub(crate) root: Node<'a>,
    /// Line (0: not known) and message.
    pub(crate) oddities: Vec<(usize, String)>,
}

/// Why bytes could not be read as a tree; lines are counted from 1, 0 means that the line is not known.
#[derive(Debug)]
pub(crate) enum LoadError {
    Limit { line: usize, limit: LimitError },
    Syntax { line: usize, column: usize, message: String },
}

/// The bytes as text: UTF-8, or UTF-16 with a byte order mark.
pub(crate) fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<Decoded<'a>, LoadError> {
    check_size(bytes).map_err(|limit| LoadError::Limit { line: 0, limit })?;
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) if encoding != encoding_rs::UTF_8 => {
            let (text, _, broken) = encoding.decode(bytes);
            if broken {
                return Err(not_text(0, "the file is not well-formed UTF-16"));
            }
            text
        }
        Some(_) | None => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            Cow::Borrowed(std::str::from_utf8(bytes).map_err(|error| {
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
                not_text(line, "the text is not UTF-8; save the file as UTF-8")
            })?)
        }
    };
    let syntax = syntax(name, &text);
    Ok(Decoded { text, syntax })
}

/// The whole file as a tree.
pub(crate) fn load<'a>(decoded: &'a Decoded<'_>) -> Result<Loaded<'a>, LoadError> {
    match decoded.syntax {
        Syntax::Yaml => yaml::load(&decoded.text),
        Syntax::Json => json::load(&decoded.text),
    }
}

/// Calls `visit` with each key of the outermost map and whether its value is known to be a map (never in JSON), until it
/// answers `false`, the map ends or the text is broken. Reads no further than it must.
pub(crate) fn top_level_keys(decoded: &Decoded<'_>, visit: &mut dyn FnMut(&str, bool) -> bool) {
    match decoded.syntax {
        Syntax::Yaml => yaml::top_level_keys(&decoded.text, visit),
        Syntax::Json => json::top_level_keys(&decoded.text, visit),
    }
}

/// JSON is told from YAML, of which it is nearly a part, by the name of the file and its first character.
fn syntax(name: &str, text: &str) -> Syntax {
    let name = name.to_ascii_lowercase();
    let named_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    if !named_yaml && text.trim_start().starts_with(['{', '[']) {
        Syntax::Json
    } else {
        Syntax::Yaml
    }
}

fn not_text(line: usize, message: &str) -> LoadError {
    LoadError::Syntax { line, column: 0, message: message.to_owned() }
}
