//! The ledger: its signed head, its entries, and whether all of it verifies.

mod entry;

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;
use surety_aims::{Kind, RecordId, Ref};
use surety_engine::{Error, Logged, Moment, SignedHead, View, sheets::People};
use surety_reports::views::words;

use crate::{
    api::ledger::whole_ledger,
    call::Call,
    endpoint::{Asks, Endpoint, Is, handler, param},
    html::{self, Links, Pieces, Shell, capitalised, moment},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page(
        "/ledger",
        "ledgerPage",
        "The ledger, newest first.",
        handler!(Organisation, ledger),
    )
    .asks(Asks::ReadLedger)
    .query(&[param("before", Is::Number(0, i64::MAX), "Only entries before this one.")]),
    Endpoint::form(
        "/ledger/verify",
        "verifyForm",
        "Verify the whole ledger.",
        handler!(Organisation, verify),
    )
    .asks(Asks::ReadLedger),
];

pub(crate) use self::entry::ENDPOINTS as ENTRIES;

/// Entries on one page.
const PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "ledger.html")]
struct LedgerPage {
    shell: Shell,
    head: SignedHead,
    entries: Vec<Line>,
    /// Where entries begin that are older, and those that are newer.
    older: Option<String>,
    newer: Option<String>,
    /// Where it is verified; none: whoever looks sees a part of it, or a past day.
    verify: Option<String>,
    /// The head as a file to keep elsewhere, and what it is called.
    checkpoint: String,
    file: String,
    /// Where a pack is made, and of which day unless another is chosen.
    pack: String,
    day: Date,
    newest: Date,
}

/// An entry.
pub(super) struct Line {
    pub(super) seq: u64,
    pub(super) href: String,
    pub(super) at: String,
    pub(super) by: String,
    pub(super) what: String,
    pub(super) detail: Pieces,
    pub(super) record: Pieces,
    pub(super) title: String,
    pub(super) is_redacted: bool,
}

async fn ledger(call: Call) -> Result<Response, Problem> {
    let (aims, view) = (call.whole()?, call.view().await?);
    let size = view.book().size();
    let end = call.parsed::<u64>("before")?.unwrap_or(size).min(size);
    let people = call.people().await?;
    let lead = "Everything that was ever stated here, in the order in which it happened, signed so that nobody can change it.";
    let shell = Shell::of(&call, &view, "Ledger", lead).await?;
    let reading = Reading { view: &view, people: &people, links: shell.links() };
    let entries = aims.log(&view, end, PAGE).await?;
    let step = u64::from(PAGE);
    let at = |before: u64| shell.link(format!("/ledger?before={before}"));
    let newest = call.until.unwrap_or_else(|| call.today());
    let past = shell.place.as_ref().and_then(|place| place.past);
    let base = &reading.links.base;
    let (id, ..) = call.names();
    let api = format!("/api/v1/organisations/{id}");
    let page = LedgerPage {
        head: aims.signed_head(&view).await?,
        checkpoint: format!("{api}/ledger/checkpoint?size={size}"),
        file: format!("{id}-{size}.checkpoint"),
        older: end.checked_sub(step).filter(|older| *older > 0).map(at),
        newer: (end < size).then(|| at(end.saturating_add(step).min(size))),
        verify: (call.until.is_none() && past.is_none()).then(|| format!("{base}/ledger/verify")),
        pack: format!("{api}/pack"),
        day: past.unwrap_or(newest),
        newest,
        entries: entries.into_iter().map(|entry| reading.line(entry)).collect(),
        shell,
    };
    html::page(&page)
}

/// What is needed to read entries to somebody.
pub(super) struct Reading<'a> {
    pub(super) view: &'a View,
    pub(super) people: &'a People,
    pub(super) links: Links,
}

impl Reading<'_> {
    pub(super) fn line(&self, entry: Logged) -> Line {
        let title = entry.record.and_then(|id| {
            self.view.book().get(id)?;
            Some(self.people.called(self.view.book(), id))
        });
        let record = entry.record.map(|id| Pieces::link(id.to_string(), self.links.record(id)));
        Line {
            seq: entry.seq,
            href: format!("{}/ledger/{}{}", self.links.base, entry.seq, self.links.suffix),
            at: moment(entry.at),
            by: self.actor(&entry.by),
            what: capitalised(&words(&entry.what)),
            detail: self.links.pieces(&entry.detail),
            record: record.unwrap_or_default(),
            title: title.unwrap_or_default(),
            is_redacted: entry.is_redacted,
        }
    }

    fn actor(&self, name: &str) -> String {
        match name.parse::<RecordId>() {
            Ok(id) if id.kind == Kind::Person => {
                self.people.name(self.view.book(), Ref::new(id.number))
            }
            Ok(_) | Err(_) => name.to_owned(),
        }
    }
}

/// What was looked at, and what was found.
#[derive(Template)]
#[template(path = "ledger_verified.html")]
struct VerifiedPage {
    shell: Shell,
    /// Whether all of it is as it was signed.
    is_sound: bool,
    checks: Vec<Check>,
    /// What a checkpoint that was kept elsewhere was given for.
    kept: String,
}

struct Check {
    tone: &'static str,
    symbol: char,
    word: &'static str,
    what: String,
}

fn good(what: impl Into<String>) -> Check {
    Check { tone: "good", symbol: '●', word: "Right", what: what.into() }
}

fn open(what: impl Into<String>) -> Check {
    Check { tone: "warn", symbol: '▲', word: "Note", what: what.into() }
}

fn bad(what: impl Into<String>) -> Check {
    Check { tone: "bad", symbol: '■', word: "Wrong", what: what.into() }
}

async fn verify(call: Call) -> Result<Response, Problem> {
    let aims = whole_ledger(&call)?;
    let kept = call.field("checkpoint").replace("\r\n", "\n");
    // A note ends with a line feed, which is easily lost on the way through a form.
    let given: Vec<String> = Some(format!("{}\n", kept.trim()))
        .filter(|_| !kept.trim().is_empty())
        .into_iter()
        .collect();
    let checks = match aims.verify(&given, &mut |_| ()).await {
        Ok(report) => found(report.size, &report.root.to_base64(), report.checkpoints, given.len())
            .into_iter()
            .chain(signed(report.signed, report.size))
            .chain(erased(&report.redacted))
            .collect(),
        Err(error @ (Error::Verify(_) | Error::Checkpoint(_))) => vec![bad(all_of(&error))],
        Err(error) => return Err(error.into()),
    };
    let view = call.view_of(Moment::Now).await?;
    let is_sound = checks.iter().all(|check| check.tone != "bad");
    let title = if is_sound { "The ledger verifies" } else { "The ledger does not verify" };
    let shell = Shell::of(&call, &view, title, "").await?;
    html::page(&VerifiedPage { shell, is_sound, checks, kept })
}

fn found(size: u64, root: &str, checkpoints: usize, given: usize) -> Vec<Check> {
    let mut checks = vec![
        good(format!(
            "{size} entries follow one another without a gap, each with the digest of what it says."
        )),
        good(format!("Their tree has the root {root}.")),
        good(format!(
            "{checkpoints} signed checkpoints agree with them, and each signature is right."
        )),
    ];
    if given > 0 {
        checks.push(good(
            "The checkpoint that you kept elsewhere agrees: nothing before it was changed since.",
        ));
    } else {
        checks.push(open(
            "No checkpoint kept elsewhere was given. Without one, this shows that the ledger agrees with itself, and not that \
             nobody wrote all of it anew.",
        ));
    }
    checks
}

fn signed(signed: u64, size: u64) -> Option<Check> {
    (signed < size).then(|| {
        open(format!("Entries from {signed} on stand in no kept checkpoint yet, so nothing signed proves them."))
    })
}

fn erased(redacted: &[u64]) -> Option<Check> {
    let count = redacted.len();
    (count > 0).then(|| {
        open(format!("{count} entries were erased for a legal duty: their place and digest stand, their text is gone."))
    })
}

/// An error with what led to it.
fn all_of(error: &Error) -> String {
    let mut text = capitalised(&error.to_string());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    format!("{text}.")
}
