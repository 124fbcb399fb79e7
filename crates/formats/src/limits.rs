//! Limits that every reader of foreign files keeps, so that no file of a stranger can exhaust memory or stack.
//!
//! Knows sizes only. A reader checks the file with [`check_size`] before it parses, and spends from a [`Budget`]
//! while it builds its tree: the budget also stops YAML aliases that expand to far more than was written.

/// The largest file that is read, in bytes (64 MiB).
pub const MAX_BYTES: usize = 64 << 20;

/// How deep lists and maps may nest.
pub const MAX_DEPTH: usize = 128;

/// How many scalars, lists and maps one file may hold once its aliases are expanded.
pub const MAX_NODES: usize = 1_000_000;

/// How much text one file may hold once its aliases are expanded, in bytes. Twice [`MAX_BYTES`], since an escape can
/// write a longer character than itself; no file without aliases reaches it.
pub const MAX_TEXT_BYTES: usize = 2 * MAX_BYTES;

/// Why a file is refused unread or half-read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    #[error("the file has {bytes} bytes, more than the {MAX_BYTES} that are read; split it")]
    TooLarge { bytes: usize },
    #[error("lists and maps nest deeper than {MAX_DEPTH} levels")]
    TooDeep,
    #[error("the file holds more than {MAX_NODES} values; split it")]
    TooManyNodes,
    #[error("the file expands to more than {MAX_TEXT_BYTES} bytes of text")]
    TooMuchText,
}

/// Refuses a file larger than [`MAX_BYTES`].
pub fn check_size(bytes: &[u8]) -> Result<(), LimitError> {
    if bytes.len() > MAX_BYTES {
        return Err(LimitError::TooLarge { bytes: bytes.len() });
    }
    Ok(())
}

/// Refuses a nesting deeper than [`MAX_DEPTH`]; the outermost list or map has depth 1.
pub fn check_depth(depth: usize) -> Result<(), LimitError> {
    if depth > MAX_DEPTH {
        return Err(LimitError::TooDeep);
    }
    Ok(())
}

/// What one file may still use while it is read.
#[derive(Clone, Debug)]
pub struct Budget {
    nodes: usize,
    text_bytes: usize,
}

impl Budget {
    /// The whole allowance of one file.
    pub fn new() -> Budget {
        Budget { nodes: MAX_NODES, text_bytes: MAX_TEXT_BYTES }
    }

    /// Spends `nodes` values that hold `text_bytes` bytes of text between them.
    pub fn spend(&mut self, nodes: usize, text_bytes: usize) -> Result<(), LimitError> {
        self.nodes = self.nodes.checked_sub(nodes).ok_or(LimitError::TooManyNodes)?;
        self.text_bytes = self.text_bytes.checked_sub(text_bytes).ok_or(LimitError::TooMuchText)?;
        Ok(())
    }
}

impl Default for Budget {
    fn default() -> Self {
        Budget::new()
    }
}
