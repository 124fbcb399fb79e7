//! What can be asked about reporting clocks.

use clap::Args as ClapArgs;
use jiff::civil::Date;

use super::{Output, law::Times};

/// Reporting clocks.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  surety clock INC-1                             every clock of an incident, side by side
  surety clock INC-1 --draft gdpr.33.1           the report as far as records can fill it
  surety clock INC-2 --drill                     how the reports of an exercise compare with their deadlines
  surety clock --clock gdpr.33.1 --start 2026-11-16T10:20:00+01:00 --timezone Europe/Berlin
  surety clock --clock aia.art73.2 --start 2026-12-10T09:00:00Z --timezone Europe/Paris --holidays 2026-12-25,2027-01-01
  surety clock --clock dora.initial --start 2026-11-20T10:00:00+01:00 --timezone Europe/Paris \\
      --event classified.major=2026-11-20T15:00:00+01:00 --answer dora.relief_excluded=yes
  surety clock --list
  surety clock --words")]
pub(crate) struct Clock {
    /// The incident whose clocks run.
    #[arg(value_name = "INCIDENT", conflicts_with_all = ["clock", "list"])]
    pub(crate) incident: Option<String>,
    /// Also the clocks that do not run, and why not.
    #[arg(long, requires = "incident")]
    pub(crate) all: bool,
    /// Draft the report on this clock.
    #[arg(long, value_name = "CLOCK", requires = "incident")]
    pub(crate) draft: Option<String>,
    /// Draft the complete report, not a first one that may leave gaps.
    #[arg(long, requires = "draft")]
    pub(crate) complete: bool,
    /// Compare the reports that were made with their deadlines.
    #[arg(long, requires = "incident", conflicts_with = "draft")]
    pub(crate) drill: bool,
    /// Show the incident as it was recorded at the end of this day (UTC).
    #[arg(long, value_name = "DATE", requires = "incident")]
    pub(crate) as_of: Option<Date>,
    #[command(flatten)]
    pub(crate) times: Times,
    #[command(flatten)]
    pub(crate) one: One,
    /// All clocks that are known.
    #[arg(long, conflicts_with = "clock")]
    pub(crate) list: bool,
    /// The words that incidents may use: events, questions, roles, recipients, reasons to stop.
    #[arg(long, conflicts_with_all = ["clock", "list", "incident"])]
    pub(crate) words: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// One clock by itself, without any incident on record.
#[derive(Debug, ClapArgs)]
pub(crate) struct One {
    /// One clock by its id, without any incident.
    #[arg(long, value_name = "ID", requires = "start", requires = "timezone")]
    pub(crate) clock: Option<String>,
    /// The event that starts it.
    #[arg(long, value_name = "INSTANT", requires = "clock")]
    pub(crate) start: Option<String>,
    /// Where it is counted (IANA).
    #[arg(long, value_name = "TZ", requires = "clock")]
    pub(crate) timezone: Option<String>,
    /// Public holidays besides weekends, with commas.
    #[arg(long, value_name = "DATES", value_delimiter = ',', requires = "clock")]
    pub(crate) holidays: Vec<Date>,
    /// The public holidays of this Member State (ISO 3166-1 alpha-2).
    #[arg(long, value_name = "STATE", requires = "clock")]
    pub(crate) country: Option<String>,
    /// Another event and when it happened: EVENT=INSTANT.
    #[arg(long, value_name = "EVENT=INSTANT", requires = "clock")]
    pub(crate) event: Vec<String>,
    /// The answer to a question that the limit depends on: QUESTION=yes, no or unknown.
    #[arg(long, value_name = "QUESTION=ANSWER", requires = "clock")]
    pub(crate) answer: Vec<String>,
}
