//! What can be asked on the command line.

pub(crate) mod backup;
pub(crate) mod clock;
pub(crate) mod demo;
pub(crate) mod door;
pub(crate) mod law;
mod ledger;
mod record;

use std::path::PathBuf;

use clap::{ArgMatches, Args as ClapArgs, Parser, Subcommand, ValueHint, parser::ValueSource};
use jiff::civil::Date;
use surety_engine::Secret;
use surety_reports::Format;

pub(crate) use self::{
    ledger::Ledger,
    record::{Content, Record},
};

/// Runs an AI management system (ISO/IEC 42001): from an inventory of AI systems to a proved Statement of Applicability.
#[derive(Debug, Parser)]
#[command(name = "surety", version, propagate_version = true, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  surety init --org \"Example GmbH\"
  surety import inventory.csv model-card.md bom.cdx.json
  surety soa
  surety soa --format xlsx -o SoA.xlsx
  surety plan --top 10
  surety pack --as-of 2026-06-30 -o audit.zip
  surety verify audit.zip

Exit status: 0 done, 1 refused or found wanting, 2 wrong use.";

/// Options of every command.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Global {
    /// A TOML file that sets options by their long names (`listen = "127.0.0.1:4300"`). The environment goes before it, and
    /// the command line before both.
    #[arg(long, global = true, env = "SURETY_CONFIG", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// The data folder: database, keys and evidence files.
    #[arg(long, global = true, env = "SURETY_DATA", default_value = "surety-data", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) data: PathBuf,
    /// Keep the ledger in PostgreSQL instead of in the data folder: `postgres://USER@HOST/DATABASE`.
    #[arg(
        long,
        global = true,
        env = "SURETY_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(crate) database: Option<String>,
    /// Where evidence files are, instead of below the data folder: the path of a folder, or `s3://BUCKET/PREFIX`, with
    /// `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and the like in the environment.
    #[arg(
        long,
        global = true,
        env = "SURETY_VAULT",
        value_name = "PLACE",
        hide_env_values = true,
        value_hint = ValueHint::DirPath
    )]
    pub(crate) vault: Option<String>,
    /// Ask this server instead of a data folder: `https://surety.example.org`.
    #[arg(long, global = true, env = "SURETY_SERVER", value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) server: Option<String>,
    /// A file that holds the API token for the server.
    #[arg(long, global = true, env = "SURETY_TOKEN_FILE", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) token_file: Option<PathBuf>,
    /// The API token itself. Others on this machine see it in the list of processes: better `--token-file` or `SURETY_TOKEN`.
    #[arg(long = "token", global = true, env = "SURETY_TOKEN", value_name = "TOKEN", hide_env_values = true, value_parser = parse_secret)]
    pub(crate) api_token: Option<Secret>,
    /// Send the token over http:// also to another machine, because the way there is safe.
    #[arg(long, global = true, env = "SURETY_ALLOW_HTTP")]
    pub(crate) allow_http: bool,
    /// Which organisation, when there are several.
    #[arg(long, global = true, env = "SURETY_ORGANISATION", value_name = "ID")]
    pub(crate) organisation: Option<String>,
    /// The person who acts (PER-3), as entries of the ledger name them. Four eyes are two of these.
    #[arg(long, global = true, env = "SURETY_ACTOR", value_name = "PERSON")]
    pub(crate) actor: Option<String>,
    /// A key file that signs checkpoints, instead of the one in the data folder.
    #[arg(long, global = true, env = "SURETY_SIGNING_KEY_FILE", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) signing_key_file: Option<PathBuf>,
    /// The text of such a key file. Give it in the environment, never on the command line.
    #[arg(long, global = true, env = "SURETY_SIGNING_KEY", hide = true, hide_env_values = true)]
    pub(crate) signing_key: Option<String>,
    /// Pretend that it is this instant, to tell a history that lies in the past. Instants never run backwards.
    #[arg(
        long = "pretend-now",
        global = true,
        env = "SURETY_CLOCK",
        value_name = "INSTANT",
        hide = true
    )]
    pub(crate) pretend_now: Option<jiff::Timestamp>,
    /// No progress bars.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl Global {
    /// Of a server and a place here, the one on the command line counts before the one of the environment, and that before
    /// the one of a configuration file.
    ///
    /// # Errors
    /// What to say if both stand on the command line.
    pub(crate) fn settle_place(&mut self, matches: &ArgMatches) -> Result<(), &'static str> {
        let rank = |name| match matches.value_source(name) {
            Some(ValueSource::CommandLine) => 2,
            Some(ValueSource::EnvVariable) => 1,
            Some(_) | None => 0,
        };
        let (there, here) = (rank("server"), rank("data").max(rank("database")).max(rank("vault")));
        if self.server.is_some() && there == 2 && here == 2 {
            return Err(
                "--server asks a server; --data, --database and --vault are for what is here",
            );
        }
        if here > there {
            self.server = None;
        }
        Ok(())
    }
}

fn parse_secret(text: &str) -> Result<Secret, std::convert::Infallible> {
    Ok(Secret(text.to_owned()))
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Alone(Alone),
    #[command(flatten)]
    On(On),
}

/// Commands that need no organisation. Help lists them after the others, but for the first one.
#[derive(Debug, Subcommand)]
pub(crate) enum Alone {
    /// Start an organisation.
    Init(Init),
    /// Verify an audit pack. Needs nothing else.
    #[command(display_order = 100)]
    Verify(Verify),
    /// The law as data: what binds, and when.
    #[command(subcommand, display_order = 101)]
    Law(law::Law),
    /// The class of an AI system under the EU AI Act, with why and what would change it.
    #[command(display_order = 102)]
    Classify(law::Classify),
    /// Reporting clocks: of an incident, or one by itself.
    #[command(display_order = 103)]
    Clock(clock::Clock),
    /// Serve the JSON API over HTTP.
    #[command(display_order = 104)]
    Serve(door::Serve),
    /// Who may come in over HTTP: accounts and API tokens.
    #[command(subcommand, display_order = 105)]
    Account(door::Account),
    /// Back up everything here, also while the server runs.
    #[command(display_order = 106)]
    Backup(backup::Backup),
    /// Restore a backup into an empty data folder or database, and verify it there.
    #[command(display_order = 107)]
    Restore(backup::Restore),
    /// Make a fictional organisation with three years of history, to look at.
    #[command(display_order = 108)]
    Demo(demo::Demo),
    /// Print a completion script for a shell.
    #[command(display_order = 109)]
    Completions {
        /// For which shell.
        shell: clap_complete::Shell,
    },
}

/// Commands on an organisation.
#[derive(Debug, Subcommand)]
pub(crate) enum On {
    /// Take in inventories, bills of materials, model and dataset cards.
    Import(Import),
    /// Write the whole management system to a folder of YAML files, one a record.
    Export(Export),
    /// Make the management system what a folder of YAML files says.
    Apply(Apply),
    /// The Statement of Applicability as a matrix: controls x AI systems.
    Soa(Soa),
    /// The gap analysis: every requirement judged from the records.
    Gap(Gap),
    /// The action plan, the most pressing first.
    Plan(Plan),
    /// Everything with a date, overdue first.
    Due(Due),
    /// Readiness for Stage 1 and Stage 2 of a certification audit.
    Readiness(ViewArgs),
    /// How far work done for one framework covers another.
    Coverage(Coverage),
    /// The obligations of an AI system under the EU AI Act, with why and why not.
    Obligations(law::Obligations),
    /// The AI systems, suppliers and datasets.
    Inventory(ViewArgs),
    /// The register of risks and opportunities, the worst first.
    #[command(after_help = "Example: surety risks --format pdf -o risks.pdf")]
    Risks(ViewArgs),
    /// Everything about one AI system, as an auditor or an authority asks for it.
    #[command(after_help = "Example: surety dossier SYS-3 --format pdf -o SYS-3.pdf")]
    Dossier(About),
    /// A policy as a document: its text, who approved it, and how it came about.
    #[command(after_help = "Example: surety policy POL-1 --format docx -o policy.docx")]
    Policy(About),
    /// Which record was touched for which control in a period.
    Activity(Activity),
    /// What differs between two days.
    Diff(Diff),
    /// Frameworks, crosswalks and control libraries.
    #[command(subcommand)]
    Framework(Framework),
    /// Records of any kind.
    #[command(subcommand)]
    Record(Record),
    /// The ledger: checkpoints, verification, proofs, redaction.
    #[command(subcommand)]
    Ledger(Ledger),
    /// Write an audit pack that anybody can verify offline.
    Pack(Pack),
}

/// Options of every derived view.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct ViewArgs {
    /// Show the state at the end of this day (UTC).
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// A document about one record.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct About {
    /// The id of the record.
    #[arg(value_name = "RECORD")]
    pub(crate) record: surety_aims::RecordId,
    #[command(flatten)]
    pub(crate) view: ViewArgs,
}

/// How and where an answer is written.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Output {
    /// table, json, csv, xlsx, md, pdf or docx.
    #[arg(long, short, default_value = "table", value_name = "FORMAT", value_parser = parse_format)]
    pub(crate) format: Format,
    /// Write to a file instead of standard output.
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

fn parse_format(text: &str) -> Result<Format, String> {
    text.parse().map_err(|error: surety_reports::UnknownFormat| error.to_string())
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: surety init --org \"Example GmbH\" --data /srv/surety")]
pub(crate) struct Init {
    /// Name of the organisation.
    #[arg(long, value_name = "NAME")]
    pub(crate) org: String,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Recognised by content: CSV and XLSX tables, CycloneDX 1.5 to 1.7 (JSON), SPDX 3 AI and Dataset, Hugging Face model and dataset
cards, Croissant. Importing the same file twice changes nothing. The workbook of `surety soa --format xlsx` comes back with
the cells of its sheet \"Decisions\" as they were edited.

Examples:
  surety import systems.xlsx --dry-run
  surety import SoA.xlsx --dry-run
  surety import systems.csv --map \"Business name=name\" --map \"Steward=owner\"
  surety import vendors.csv --kind supplier")]
pub(crate) struct Import {
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// Only say what would change.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Nothing goes in if any row is wrong.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Read as this format instead of the recognised one.
    #[arg(long = "as", value_name = "FORMAT")]
    pub(crate) read_as: Option<String>,
    /// The record kind of each row of a table.
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// Which field a column fills: COLUMN=FIELD; FIELD `-` leaves the column out.
    #[arg(long, value_name = "COLUMN=FIELD")]
    pub(crate) map: Vec<String>,
    /// The one sheet of a workbook to read.
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// The register that the table is a copy of, when the file name does not tell.
    #[arg(long, value_name = "NAME")]
    pub(crate) table: Option<String>,
    /// Also take in the other components of a bill of materials, as resources.
    #[arg(long)]
    pub(crate) components: bool,
    /// table or json.
    #[arg(long, short, default_value = "table", value_name = "FORMAT", value_parser = parse_format)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: surety export aims && git -C aims diff")]
pub(crate) struct Export {
    /// A new folder, or one that an export wrote before.
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
    /// The state at the end of this day (UTC).
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
The plan is shown first. Applying the same folder twice changes nothing.

Examples:
  surety apply aims --dry-run
  surety apply aims --prune")]
pub(crate) struct Apply {
    /// A folder of YAML files as `surety export` writes it.
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
    /// Only show the plan.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Withdraw records that the folder does not hold.
    #[arg(long)]
    pub(crate) prune: bool,
    /// table or json.
    #[arg(long, short, default_value = "table", value_name = "FORMAT", value_parser = parse_format)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  surety soa
  surety soa --format xlsx -o SoA.xlsx
  surety soa --from 2026-01-01 --to 2026-06-30 --format json
  surety soa --why A.6.2.4:SYS-3")]
pub(crate) struct Soa {
    /// The framework whose controls are the rows.
    #[arg(long, default_value = "iso42001", value_name = "FRAMEWORK")]
    pub(crate) framework: String,
    /// First day of the window in which uncovered days are counted; a year before its end if not given.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Date>,
    /// Last day of the window; the day of the view if not given.
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Date>,
    /// Explain one cell: CONTROL or CONTROL:SYSTEM.
    #[arg(long, value_name = "CELL")]
    pub(crate) why: Option<String>,
    #[command(flatten)]
    pub(crate) view: ViewArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  surety gap
  surety gap iso42001
  surety gap iso42001 eu-ai-act --format csv -o gap.csv")]
pub(crate) struct Gap {
    /// Frameworks to judge; all in use if none is named.
    #[arg(value_name = "FRAMEWORK")]
    pub(crate) frameworks: Vec<String>,
    #[command(flatten)]
    pub(crate) view: ViewArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
priority = 10 x weight + risk + law - effort

Examples:
  surety plan --top 10
  surety plan --adopt 3 --owner PER-2 --due 2026-12-31")]
pub(crate) struct Plan {
    /// Frameworks to plan for; ISO/IEC 42001 if none is named.
    #[arg(value_name = "FRAMEWORK")]
    pub(crate) frameworks: Vec<String>,
    /// Only the first so many.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) top: Option<usize>,
    /// Adopt the action of this rank as an improvement action.
    #[arg(long, value_name = "RANK", requires = "owner", requires = "due")]
    pub(crate) adopt: Option<u32>,
    /// Who does the adopted action.
    #[arg(long, value_name = "PERSON")]
    pub(crate) owner: Option<String>,
    /// By when.
    #[arg(long, value_name = "DATE")]
    pub(crate) due: Option<Date>,
    #[command(flatten)]
    pub(crate) view: ViewArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: surety due --days 30")]
pub(crate) struct Due {
    /// Only what is due within so many days.
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true)]
    pub(crate) days: Option<i32>,
    #[command(flatten)]
    pub(crate) view: ViewArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: surety coverage --from iso42001 --to iso27001")]
pub(crate) struct Coverage {
    /// The framework for which work was done.
    #[arg(long, value_name = "FRAMEWORK")]
    pub(crate) from: String,
    /// The framework that it may answer.
    #[arg(long, value_name = "FRAMEWORK")]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) view: ViewArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: surety activity --from 2026-01-01 --requirement iso42001:A.6.2.4")]
pub(crate) struct Activity {
    /// First day; thirty days before the last if not given.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Date>,
    /// Last day; today if not given.
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Date>,
    /// Only what touches this requirement.
    #[arg(long, value_name = "REQUIREMENT")]
    pub(crate) requirement: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: surety diff soa --from 2026-01-01 --to 2026-06-30")]
pub(crate) struct Diff {
    /// soa, gap, plan, due, readiness, coverage, inventory or records.
    #[arg(default_value = "soa", value_name = "VIEW")]
    pub(crate) view: String,
    /// Of coverage: the framework for which work was done.
    #[arg(long, default_value = "iso42001", value_name = "FRAMEWORK")]
    pub(crate) source: String,
    /// Of coverage: the framework that it may answer.
    #[arg(long, default_value = "iso27001", value_name = "FRAMEWORK")]
    pub(crate) target: String,
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Date,
    /// Today if not given.
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Date>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Framework {
    /// The frameworks in use.
    List(Output),
    /// Take in CISO Assistant libraries (YAML) and OSCAL catalogs, profiles and mappings (JSON).
    #[command(
        after_help = "Example: surety framework import nist-ai-600-1.yaml mapping.json --format json"
    )]
    Import {
        #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
    /// The requirements of a framework, or one of them.
    #[command(after_help = "Example: surety framework show iso42001 A.6.2.4")]
    Show {
        #[arg(value_name = "FRAMEWORK")]
        framework: String,
        #[arg(value_name = "REQUIREMENT")]
        requirement: Option<String>,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: surety pack --as-of 2026-06-30 -o audit.zip")]
pub(crate) struct Pack {
    /// The state at the end of this day (UTC); now if not given.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  surety verify audit.zip
  surety verify audit.zip --vkey \"surety/example/0123456789abcdef+0a1b2c3d+AQ...\" --checkpoint kept.txt

tools/verify_pack.py checks the same without any code of Surety.")]
pub(crate) struct Verify {
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Trust only this public key, which you got another way than the pack.
    #[arg(long, value_name = "KEY")]
    pub(crate) vkey: Vec<String>,
    /// A checkpoint that you kept from an earlier visit.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) checkpoint: Vec<PathBuf>,
    /// table or json.
    #[arg(long, short, default_value = "table", value_name = "FORMAT", value_parser = parse_format)]
    pub(crate) format: Format,
}
