//! What can be asked of the ledger.

use std::path::PathBuf;

use clap::{Subcommand, ValueHint};
use surety_reports::Format;

use super::parse_format;

#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    /// Sign and print a checkpoint. Keep it elsewhere: it proves later that nothing before it was changed.
    Checkpoint,
    /// Verify the whole ledger.
    #[command(after_help = "Example: surety ledger verify --checkpoint kept-in-june.txt --rebuild")]
    Verify {
        /// A checkpoint that you kept elsewhere.
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        checkpoint: Vec<PathBuf>,
        /// Also fold it anew from its first entry and compare.
        #[arg(long)]
        rebuild: bool,
        /// table or json.
        #[arg(long, short, default_value = "table", value_name = "FORMAT", value_parser = parse_format)]
        format: Format,
    },
    /// Prove that an entry, or the current version of a record, is on the ledger (C2SP tlog-proof).
    #[command(after_help = "Example: surety ledger prove SYS-12 -o SYS-12.proof")]
    Prove {
        /// A record id or the number of an entry.
        what: String,
        #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
        output: Option<PathBuf>,
    },
    /// Erase free text of an entry for a legal duty (GDPR Art. 17). Every proof still verifies.
    #[command(
        after_help = "Example: surety ledger redact 42 --reason \"erasure request\" --field /body/description"
    )]
    Redact {
        /// Number of the entry.
        seq: u64,
        /// The legal ground; it stays on the ledger.
        #[arg(long)]
        reason: String,
        /// A field, as a JSON pointer into the payload; all free text if none is named.
        #[arg(long, value_name = "POINTER")]
        field: Vec<String>,
    },
    /// Entries, oldest first.
    Log {
        /// From this number.
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// table or json.
        #[arg(long, short, default_value = "table", value_name = "FORMAT", value_parser = parse_format)]
        format: Format,
    },
    /// The public keys that verify checkpoints, old and new.
    Keys,
    /// Make a new signing key. Old checkpoints still verify.
    RotateKey,
}
