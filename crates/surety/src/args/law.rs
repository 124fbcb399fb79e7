//! What can be asked about the law.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueHint};
use jiff::civil::Date;

use super::Output;

/// The two times of every question about the law.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct Times {
    /// The day for which the law is asked; today if not given.
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// The law as published by this day; today if not given.
    #[arg(long, value_name = "DATE")]
    pub(crate) law_as_of: Option<Date>,
}

/// The law as data, and its dates.
#[derive(Debug, Subcommand)]
pub(crate) enum Law {
    /// For every provision whether it binds in a scope on a day.
    #[command(
        after_help = "Example: surety law binding --on 2027-12-02 --scope high_risk_annex_iii"
    )]
    Binding {
        /// A scope of the law's dates, or a tier.
        #[arg(long, value_name = "SCOPE")]
        scope: String,
        /// Of an older system: the first significant change of its design.
        #[arg(long, value_name = "DATE")]
        changed_on: Option<Date>,
        #[command(flatten)]
        times: Times,
        #[command(flatten)]
        output: Output,
    },
    /// What starts when, for whom, for which of our AI systems.
    Calendar {
        /// Write a calendar file (RFC 5545) instead.
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        ics: Option<PathBuf>,
        /// Name our AI systems in the calendar file.
        #[arg(long, requires = "ics")]
        with_systems: bool,
        #[command(flatten)]
        times: Times,
        #[command(flatten)]
        output: Output,
    },
    /// What a newer version of the law changes for our AI systems.
    #[command(after_help = "Example: surety law impact --from v2024 --to v2026")]
    Impact {
        #[arg(long, value_name = "VERSION")]
        from: String,
        #[arg(long, value_name = "VERSION")]
        to: String,
        /// The day for what turns on the day; today if not given.
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
        /// Plan a new classification for each AI system that it touches.
        #[arg(long)]
        open: bool,
        #[command(flatten)]
        output: Output,
    },
}

/// The class of AI systems under the EU AI Act.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  surety classify SYS-3                    asks one question after the other, and can be resumed
  surety classify SYS-3 --set role.select=provider --save
  surety classify --answers answers.json --format json
  surety classify --all --answers FOLDER --save
  surety classify --kept                   whether the classes on record still hold, and why not")]
pub(crate) struct Classify {
    /// The AI system.
    #[arg(value_name = "SYSTEM")]
    pub(crate) system: Option<String>,
    /// Answers from a file: a JSON object from question to a list of values; what is absent is unknown. With --all a
    /// folder with one such file for each AI system, named SYS-3.json.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) answers: Option<PathBuf>,
    /// One more answer: QUESTION=VALUE, several values with commas.
    #[arg(long, value_name = "QUESTION=VALUE")]
    pub(crate) set: Vec<String>,
    /// Every AI system that lives, by the answers on record and what the inventory says.
    #[arg(long, conflicts_with_all = ["system", "set"])]
    pub(crate) all: bool,
    /// The classes on record and whether they still hold, of one AI system or all.
    #[arg(long, conflicts_with_all = ["answers", "set", "all", "save"])]
    pub(crate) kept: bool,
    /// Keep the result as a record.
    #[arg(long)]
    pub(crate) save: bool,
    /// Ask nothing, even on a terminal.
    #[arg(long)]
    pub(crate) no_questions: bool,
    /// Show the records as they were at the end of this day (UTC).
    #[arg(long, value_name = "DATE", conflicts_with = "save")]
    pub(crate) as_of: Option<Date>,
    #[command(flatten)]
    pub(crate) times: Times,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// The obligations of one AI system.
#[derive(Debug, ClapArgs)]
pub(crate) struct Obligations {
    /// The AI system.
    #[arg(value_name = "SYSTEM")]
    pub(crate) system: String,
    /// Also what does not apply, and why not.
    #[arg(long)]
    pub(crate) why_not: bool,
    /// What two roles owe for it, article by article, such as provider,deployer.
    #[arg(long, value_name = "ROLE,ROLE", value_delimiter = ',', conflicts_with = "why_not")]
    pub(crate) roles: Vec<String>,
    /// Show the records as they were at the end of this day (UTC).
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    #[command(flatten)]
    pub(crate) times: Times,
    #[command(flatten)]
    pub(crate) output: Output,
}
