//! What can be asked of records.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueHint};
use jiff::civil::Date;

use super::{Output, ViewArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum Record {
    /// The kinds of records, with their life cycles.
    Kinds(Output),
    /// The fields of a kind, as JSON Schema.
    Schema {
        /// Such as `ai_system` or SYS; `surety record kinds` lists them.
        kind: String,
    },
    /// The records of a kind.
    #[command(after_help = "Example: surety record list risk --state in_treatment")]
    List {
        /// Such as `ai_system` or SYS; `surety record kinds` lists them.
        kind: String,
        /// Only those in this state.
        #[arg(long)]
        state: Option<String>,
        #[command(flatten)]
        view: ViewArgs,
    },
    /// One record, whole, as JSON, with the steps that can be taken next.
    Show {
        /// Such as SYS-12.
        id: String,
        /// Show the state at the end of this day (UTC).
        #[arg(long, value_name = "DATE")]
        as_of: Option<Date>,
    },
    /// State a new record.
    #[command(after_help = "\
Examples:
  surety record create supplier --set name=\"Model Works\" --set supplies=model --set criticality=high
  surety record create evidence_item --json item.json --file report.pdf
  surety record create person --set position=\"Head of AI\" --name \"A. Example\" --email a@example.org")]
    Create {
        /// Such as `ai_system` or SYS; `surety record kinds` lists them.
        kind: String,
        #[command(flatten)]
        content: Content,
        /// Under this id instead of the next free one.
        #[arg(long)]
        id: Option<String>,
        /// Makes asking twice harmless.
        #[arg(long, value_name = "KEY")]
        idempotency_key: Option<String>,
    },
    /// State the next version of a record: what is set changes, the rest stays.
    #[command(
        after_help = "Example: surety record update SYS-1 --base 3 --set criticality=high --set roles=provider,user"
    )]
    Update {
        /// Such as SYS-12.
        id: String,
        #[command(flatten)]
        content: Content,
        /// The version that you started from; refused if the record has changed since.
        #[arg(long, value_name = "VERSION")]
        base: Option<u32>,
    },
    /// Take a step of the life cycle.
    #[command(after_help = "Example: surety record move POL-1 approve --actor PER-2")]
    Move {
        /// Such as POL-1.
        id: String,
        /// The action or the state that it leads to.
        step: String,
        /// Why.
        #[arg(long, default_value = "")]
        note: String,
        /// The version that you looked at; refused if the record has changed since.
        #[arg(long, value_name = "VERSION")]
        base: Option<u32>,
    },
    /// Withdraw a record: gone from now on, still there in the past.
    Withdraw {
        /// Such as SUP-3.
        id: String,
        /// Why; it stays on the ledger.
        #[arg(long)]
        reason: String,
    },
    /// Every version and step of a record, newest first. KIND lists what happened to all of its records.
    History {
        /// An id, or a kind.
        what: String,
        #[command(flatten)]
        output: Output,
    },
    /// Erase who a person is. Entries go on naming the id.
    Erase {
        /// Such as PER-3.
        id: String,
    },
}

/// What a record says.
#[derive(Debug, ClapArgs)]
pub(crate) struct Content {
    /// A field: FIELD=VALUE. Lists take several, or commas; `custom.NAME=VALUE` sets a field of your own.
    #[arg(long, value_name = "FIELD=VALUE")]
    pub(crate) set: Vec<String>,
    /// The body as JSON, from a file or `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// A file to keep in the vault and name in the record.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: Option<PathBuf>,
    /// Name of a person; kept beside the ledger.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Address of a person; kept beside the ledger.
    #[arg(long)]
    pub(crate) email: Option<String>,
}
