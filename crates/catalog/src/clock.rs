//! Reporting clocks as data: what starts them, how long they run, who must be told what, and how periods are counted.
//!
//! Knows no time of today and decides nothing; `surety-law` runs the clocks.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Application, Confidence};

/// Every clock with what is needed to run it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IncidentClocks {
    /// When the facts were last checked.
    pub checked: Option<Date>,
    /// The act under which periods are counted.
    pub counting_source: String,
    /// How to read deadlines and facts, by subject.
    pub notes: BTreeMap<String, String>,
    #[serde(rename = "rule")]
    pub rules: Vec<CountingRule>,
    #[serde(rename = "act")]
    pub acts: Vec<ClockAct>,
    #[serde(rename = "role")]
    pub roles: Vec<Term>,
    #[serde(rename = "event")]
    pub events: Vec<Term>,
    #[serde(rename = "question")]
    pub questions: Vec<ClockQuestion>,
    #[serde(rename = "recipient")]
    pub recipients: Vec<Term>,
    /// Reasons for which a clock may be stopped before a report.
    #[serde(rename = "stop")]
    pub stops: Vec<ClockStop>,
    #[serde(rename = "clock")]
    pub clocks: Vec<Clock>,
    #[serde(rename = "authority")]
    pub authorities: Vec<Authority>,
    #[serde(rename = "report")]
    pub reports: Vec<ReportForm>,
    /// Worked examples, for checking whoever computes deadlines.
    #[serde(rename = "example")]
    pub examples: Vec<ClockExample>,
}

impl IncidentClocks {
    /// The clock of this id.
    pub fn clock(&self, id: &str) -> Option<&Clock> {
        self.clocks.iter().find(|one| one.id == id)
    }

    /// The counting rule of this id.
    pub fn rule(&self, id: &str) -> Option<&CountingRule> {
        self.rules.iter().find(|one| one.id == id)
    }

    /// The act of this id.
    pub fn act(&self, id: &str) -> Option<&ClockAct> {
        self.acts.iter().find(|one| one.id == id)
    }

    /// The question of this id.
    pub fn question(&self, id: &str) -> Option<&ClockQuestion> {
        self.questions.iter().find(|one| one.id == id)
    }

    /// Whether this is an event of the vocabulary, or the report on a clock: `submitted.CLOCK`.
    pub fn knows_event(&self, id: &str) -> bool {
        match id.strip_prefix("submitted.") {
            Some(clock) => self.clock(clock).is_some(),
            None => self.events.iter().any(|one| one.id == id),
        }
    }

    /// What a report on a clock must say, if there is a form for it.
    pub fn report(&self, clock: &str) -> Option<&ReportForm> {
        self.reports.iter().find(|one| one.clocks.iter().any(|id| id == clock))
    }
}

/// One rule for counting periods.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CountingRule {
    pub id: String,
    pub name: String,
    pub rule: String,
    pub citation: String,
    pub confidence: Confidence,
}

/// A law, or a code of practice, that sets clocks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockAct {
    pub id: String,
    pub name: String,
    pub citation: String,
    /// The law among the catalogs whose date regimes its clocks name; else `dates` holds them.
    pub law: Option<String>,
    /// From when it applies, if it is not a law of the catalogs; a clock may have its own dates.
    pub dates: Vec<Application>,
    pub note: String,
    pub confidence: Confidence,
}

/// A word of a vocabulary, explained.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Term {
    pub id: String,
    pub text: String,
    pub note: String,
}

/// A question about an incident, to be answered yes, no or unknown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockQuestion {
    pub id: String,
    pub text: String,
    pub citation: String,
    pub note: String,
}

/// Why a clock may be stopped without a report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockStop {
    pub id: String,
    pub text: String,
    /// Acts to which the reason belongs; empty: all.
    pub acts: Vec<String>,
    /// What has to be kept to show that the stop was right.
    pub evidence: String,
    pub confidence: Confidence,
}

/// A time limit for telling somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    pub id: String,
    /// Id of the [`ClockAct`]; `organisation` for a clock that an organisation sets itself.
    pub act: String,
    #[serde(rename = "ref")]
    pub reference: String,
    pub title: String,
    /// Whose clock it is, in words.
    pub who: String,
    /// The roles that have it.
    pub roles: Vec<ClockRole>,
    /// Who is told, in words.
    pub recipient: String,
    #[serde(default)]
    pub recipients: Vec<ClockRecipient>,
    /// What starts it, in words.
    pub start_event: String,
    /// From which event it is counted; several where the law can be read in several ways.
    #[serde(rename = "reading")]
    pub readings: Vec<ClockReading>,
    /// In `unit`; 0 where the unit is a word such as `immediately`.
    pub limit: u32,
    pub unit: PeriodUnit,
    pub counting: Counting,
    /// The limit may not run past this one.
    #[serde(default)]
    pub cap: Option<ClockCap>,
    /// Who may wait until noon of the next working day if the limit ends on a weekend or holiday.
    #[serde(default)]
    pub relief: Relief,
    /// The question that closes the relief to those who must answer yes, or cannot answer.
    #[serde(default)]
    pub relief_question: Option<String>,
    #[serde(default)]
    pub relief_basis: String,
    /// What is owed before the outer limit: `immediately after ...`.
    #[serde(default)]
    pub primary: String,
    /// Events after which nothing justifies waiting.
    #[serde(default)]
    pub due_at_once_on: Vec<String>,
    /// Questions of which every one must be answered yes.
    #[serde(default)]
    pub all: Vec<String>,
    /// Triggers of which one must be met; none: `all` is enough.
    #[serde(default, rename = "trigger")]
    pub triggers: Vec<ClockTrigger>,
    /// Questions that free from it when answered yes.
    #[serde(default)]
    pub exceptions: Vec<String>,
    #[serde(default)]
    pub initial_incomplete_report: bool,
    #[serde(default)]
    pub initial_incomplete_basis: String,
    #[serde(default, rename = "follow_up")]
    pub follow_ups: Vec<ClockFollowUp>,
    /// Clocks that a report on this one starts.
    #[serde(default)]
    pub next: Vec<String>,
    /// Clocks outside this act that make it concrete.
    #[serde(default)]
    pub see: Vec<String>,
    /// `false` for a code of practice.
    #[serde(default = "yes")]
    pub binding: bool,
    /// It runs for the authority; the organisation only watches it.
    #[serde(default)]
    pub authority_deadline: bool,
    /// Id of the date regime of the act's law.
    #[serde(default)]
    pub regime: Option<String>,
    #[serde(default)]
    pub note: String,
    /// A change of the law that is proposed and not adopted.
    #[serde(default)]
    pub pending: String,
    #[serde(default)]
    pub confidence: Confidence,
}

fn yes() -> bool {
    true
}

/// A role that has a clock.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockRole {
    pub role: String,
    /// The question that must be answered yes for this role to have it.
    pub when: Option<String>,
}

/// Somebody to be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockRecipient {
    /// Id of a recipient of the vocabulary.
    pub recipient: String,
    pub place: Place,
    /// The question that must be answered yes for it.
    #[serde(default)]
    pub when: Option<String>,
    /// The question that must not be answered yes for it.
    #[serde(default)]
    pub unless: Option<String>,
}

/// Where a report is due, and so whose public holidays and time count.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Each Member State where the incident occurred.
    Occurrence,
    /// The Member State where the organisation is established.
    Establishment,
    /// The institutions of the Union.
    Institution,
    /// Where the organisation itself is: nobody official is told.
    #[default]
    Organisation,
}

/// One way to count a limit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockReading {
    /// What is counted, in words: `10 days from awareness of the death`.
    pub says: String,
    /// The first of these events that happened starts it.
    pub events: Vec<String>,
    /// Of an event that happened several times the last counts, not the first.
    pub latest: bool,
    /// Whether somebody could read the law so, rather than everybody: such a reading moves only the conservative deadline.
    pub cautious: bool,
    /// Another limit than the clock's, in `unit`.
    pub limit: Option<u32>,
    pub unit: Option<PeriodUnit>,
    /// Questions of which one must be answered yes for this reading; none: always.
    pub when: Vec<String>,
}

/// A limit that another limit may not pass.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockCap {
    pub limit: u32,
    pub unit: PeriodUnit,
    pub events: Vec<String>,
    /// What holds if the clock started after the cap had passed.
    pub late: String,
}

/// A fact that triggers a clock.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockTrigger {
    pub question: String,
    /// Questions that take the trigger away when answered yes.
    pub unless: Vec<String>,
    pub citation: String,
}

/// A later report that is not a clock of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockFollowUp {
    pub title: String,
    pub limit: u32,
    pub unit: PeriodUnit,
    /// The event that it is counted from, the first that happened.
    pub events: Vec<String>,
    /// Due again after each one.
    #[serde(default)]
    pub repeats: bool,
    /// The event that ends the repetition.
    #[serde(default)]
    pub until: Option<String>,
    #[serde(default)]
    pub confidence: Confidence,
}

/// What a limit is counted in.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PeriodUnit {
    Hours,
    Days,
    WorkingDays,
    Weeks,
    Months,
    Years,
    /// No number: at once.
    Immediately,
    /// No number: without undue delay.
    WithoutUndueDelay,
    /// No number: when asked, without undue delay.
    OnRequest,
    /// Before the other limits of the same act pass.
    BeforeDeadline,
}

impl PeriodUnit {
    /// Whether a number goes with it.
    pub fn is_counted(self) -> bool {
        match self {
            PeriodUnit::Hours
            | PeriodUnit::Days
            | PeriodUnit::WorkingDays
            | PeriodUnit::Weeks
            | PeriodUnit::Months
            | PeriodUnit::Years => true,
            PeriodUnit::Immediately
            | PeriodUnit::WithoutUndueDelay
            | PeriodUnit::OnRequest
            | PeriodUnit::BeforeDeadline => false,
        }
    }

    /// As in the data: `working_days`.
    pub fn name(self) -> &'static str {
        match self {
            PeriodUnit::Hours => "hours",
            PeriodUnit::Days => "days",
            PeriodUnit::WorkingDays => "working_days",
            PeriodUnit::Weeks => "weeks",
            PeriodUnit::Months => "months",
            PeriodUnit::Years => "years",
            PeriodUnit::Immediately => "immediately",
            PeriodUnit::WithoutUndueDelay => "without_undue_delay",
            PeriodUnit::OnRequest => "on_request",
            PeriodUnit::BeforeDeadline => "before_deadline",
        }
    }
}

/// The rules under which a limit is counted.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
pub enum Counting {
    /// Regulation (EEC, Euratom) 1182/71.
    #[default]
    #[serde(rename = "reg1182")]
    Reg1182,
    /// National law transposing a directive; counted as under the Regulation.
    #[serde(rename = "national_or_reg1182")]
    NationalOrReg1182,
    /// Delegated Regulation (EU) 2025/301 Art 5.
    #[serde(rename = "rts_2025_301")]
    Rts2025301,
}

/// Who profits from the rule on weekends and bank holidays of Delegated Regulation (EU) 2025/301.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Relief {
    /// The rule is not there.
    #[default]
    None,
    /// Only entities that are not excluded.
    UnlessExcluded,
    Everybody,
}

/// Who is to be told in one Member State.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Authority {
    /// Id of a recipient of the vocabulary.
    pub recipient: String,
    /// ISO 3166-1 alpha-2 code; `EU` for the institutions of the Union.
    pub member_state: String,
    pub name: String,
    pub note: String,
    pub confidence: Confidence,
}

/// What a report must say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReportForm {
    pub id: String,
    pub title: String,
    /// The clocks whose reports it is for.
    pub clocks: Vec<String>,
    pub basis: String,
    pub confidence: Confidence,
    #[serde(rename = "field")]
    pub fields: Vec<ReportField>,
}

/// One entry of a report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReportField {
    /// The name of the fact that fills it.
    pub id: String,
    pub label: String,
    pub needed: Needed,
    /// The first of these events that happened gives the value, unless a fact does.
    pub events: Vec<String>,
    /// The values are those of these questions that are answered yes, unless a fact is there.
    pub questions: Vec<String>,
    pub citation: String,
}

/// When an entry of a report must be filled in.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Needed {
    /// In a first report too.
    #[default]
    Always,
    /// It may follow a first report that is incomplete.
    WhenComplete,
    IfKnown,
}

/// A worked example.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockExample {
    pub id: String,
    /// Id of a clock; `any` where the start itself is at fault.
    pub clock: String,
    /// ISO 8601, with an offset unless the example is about its absence.
    pub start: String,
    /// IANA name.
    pub timezone: String,
    pub holidays: Vec<Date>,
    /// Other events, by id of the vocabulary; where absent, `start` is the only event.
    pub events: BTreeMap<String, String>,
    /// Whether the rule on weekends of Delegated Regulation (EU) 2025/301 is closed to the entity.
    pub excluded_from_relief: Option<bool>,
    pub conservative_deadline: String,
    pub legal_latest: String,
    pub unextended_last_day: Option<Date>,
    pub legal_last_day: Option<Date>,
    pub candidates: Vec<ExampleCandidate>,
    pub expected_error: String,
    /// What the example is about.
    pub edge: Vec<String>,
    pub reasoning: String,
    pub note: String,
    pub confidence: Confidence,
}

/// One reading in an example with several.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ExampleCandidate {
    pub rule: String,
    pub legal_latest: String,
}
