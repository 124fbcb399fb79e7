//! Reporting clocks: all that are known, those of an incident, drafts of reports, drills.

use surety_catalog::{IncidentClocks, Term};
use surety_law::clock::{
    ClockState, Clocks, DrillScore, Holds, LocalInstant, Outcome, ReportDraft, RunningClock, Stage,
};

use super::words::choice;
use crate::sheet::{Cell, Column, Kind, Sheet, Tone};

/// The title of a document of this view.
pub const TITLE: &str = "Reporting clocks";

/// All clocks that are known.
pub fn list(facts: &IncidentClocks) -> Sheet {
    let columns = vec![
        Column::new("id", "Clock", Kind::Id).wide(24),
        Column::new("ref", "Provision", Kind::Text).wide(20),
        Column::new("title", "Title", Kind::Text).wide(44),
        Column::new("who", "Whose", Kind::Text).wide(24),
        Column::new("recipient", "To whom", Kind::LongText).wide(40).rank(1),
        Column::new("start_event", "Starts with", Kind::LongText).wide(40).rank(2),
    ];
    let mut sheet = Sheet::new("Clocks", "Reporting clocks", columns);
    for one in &facts.clocks {
        sheet.push(vec![
            one.id.clone().into(),
            one.reference.clone().into(),
            one.title.clone().into(),
            one.who.clone().into(),
            one.recipient.clone().into(),
            one.start_event.clone().into(),
        ]);
    }
    sheet
}

/// The words that incidents may use.
pub fn vocabulary(facts: &IncidentClocks) -> Vec<Sheet> {
    let terms =
        |terms: &[Term]| terms.iter().map(|one| word(&one.id, &one.text, &one.note)).collect();
    let questions = facts.questions.iter();
    let stops = facts.stops.iter();
    vec![
        words_sheet("Events", "What happened when", terms(&facts.events)),
        words_sheet(
            "Questions",
            "Answered yes, no or unknown",
            questions.map(|one| word(&one.id, &one.text, &one.citation)).collect(),
        ),
        words_sheet("Roles", "Roles of the organisation", terms(&facts.roles)),
        words_sheet("Recipients", "Who is told", terms(&facts.recipients)),
        words_sheet(
            "Stops",
            "Why a clock need not run on",
            stops.map(|one| word(&one.id, &one.text, &one.evidence)).collect(),
        ),
    ]
}

fn word(id: &str, text: &str, more: &str) -> [String; 3] {
    [id, text, more].map(str::to_owned)
}

fn words_sheet(name: &str, title: &str, rows: Vec<[String; 3]>) -> Sheet {
    let columns = vec![
        Column::new("id", "Word", Kind::Id).wide(30),
        Column::new("text", "What it means", Kind::LongText).wide(70),
        Column::new("note", "Provision or note", Kind::LongText).wide(50).rank(1),
    ];
    let mut sheet = Sheet::new(name, title, columns);
    for row in rows {
        sheet.push(row.into_iter().map(Cell::from).collect());
    }
    sheet
}

/// Every clock of an incident, how its deadlines were counted, and the questions that are open. `all`: also those that do not
/// run.
pub fn sheets(title: &str, clocks: &Clocks, all: bool) -> Vec<Sheet> {
    let runs = |one: &&RunningClock| {
        all || !matches!(one.state, ClockState::NotTriggered | ClockState::NotApplicable)
    };
    let shown: Vec<_> = clocks.clocks.iter().filter(runs).collect();
    let sheets = [clocks_sheet(title, &shown), counting(&shown), questions(clocks)];
    sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()).collect()
}

fn instant(at: Option<LocalInstant>) -> Cell {
    at.map(|at| at.to_string()).unwrap_or_default().into()
}

fn state(state: ClockState) -> Cell {
    let (word, tone) = match state {
        ClockState::Overdue => ("overdue", Tone::Bad),
        ClockState::PastConservative => ("past the cautious deadline", Tone::Bad),
        ClockState::Running => ("running", Tone::Warn),
        ClockState::Possible => ("possible", Tone::Warn),
        ClockState::Awaiting => ("awaiting its event", Tone::Neutral),
        ClockState::Reported => ("reported", Tone::Good),
        ClockState::Stopped => ("stopped", Tone::Neutral),
        ClockState::NotApplicable => ("not applicable", Tone::NotApplicable),
        ClockState::NotTriggered => ("not triggered", Tone::NotApplicable),
    };
    Cell::status(word, tone)
}

fn clocks_sheet(title: &str, clocks: &[&RunningClock]) -> Sheet {
    let columns = vec![
        Column::new("clock", "Clock", Kind::Id).wide(18),
        Column::new("title", "Title", Kind::Text).wide(40),
        Column::new("state", "State", Kind::Status).wide(18),
        Column::new("conservative", "Cautious deadline", Kind::Text).wide(26),
        Column::new("legal", "Legal latest", Kind::Text).wide(26),
        Column::new("recipients", "To whom", Kind::LongText).wide(44),
        Column::new("reasons", "Why, or why not", Kind::LongText).wide(60).rank(1),
    ];
    let mut sheet = Sheet::new("Clocks", title, columns);
    for one in clocks {
        let recipients: Vec<_> = one.due.iter().map(|due| due.authority.as_str()).collect();
        let recipients =
            if recipients.is_empty() { one.recipient.clone() } else { recipients.join("; ") };
        sheet.push(vec![
            one.clock.clone().into(),
            one.title.clone().into(),
            state(one.state),
            instant(one.conservative_deadline),
            instant(one.legal_latest),
            recipients.into(),
            reasons(one).into(),
        ]);
    }
    sheet
}

fn reasons(clock: &RunningClock) -> String {
    let stopped = clock
        .stopped
        .iter()
        .map(|one| format!("stopped at {}: {} {}", one.at, one.text, one.note).trim().to_owned());
    let basis = Some(clock.applicability.basis.clone())
        .filter(|_| clock.state == ClockState::NotApplicable);
    let said = clock.reasons.iter().map(|one| {
        let holds = match one.holds {
            Holds::For => "for",
            Holds::Against => "against",
            Holds::Open => "open",
        };
        match one.citation.as_str() {
            "" => format!("{holds}: {}", one.text),
            citation => format!("{holds}: {} ({citation})", one.text),
        }
    });
    stopped.chain(basis).chain(said).collect::<Vec<_>>().join("; ")
}

/// The rules that made each deadline, recipient by recipient.
fn counting(clocks: &[&RunningClock]) -> Sheet {
    let columns = vec![
        Column::new("clock", "Clock", Kind::Id).wide(18),
        Column::new("authority", "To whom", Kind::LongText).wide(36),
        Column::new("rule", "Rule", Kind::Text).wide(30),
        Column::new("effect", "What it did", Kind::LongText).wide(60),
        Column::new("moves", "Deadline", Kind::Text).wide(14),
        Column::new("citation", "Provision", Kind::Text).wide(28).rank(1),
    ];
    let mut sheet = Sheet::new("Counting", "The rules that made the deadlines", columns);
    for one in clocks {
        for due in &one.due {
            for rule in due.deadline.iter().flat_map(|deadline| &deadline.rules) {
                sheet.push(vec![
                    one.clock.clone().into(),
                    due.authority.clone().into(),
                    rule.name.clone().into(),
                    rule.effect.clone().into(),
                    choice(Some(rule.moves)),
                    rule.citation.clone().into(),
                ]);
            }
        }
    }
    sheet
}

fn questions(clocks: &Clocks) -> Sheet {
    let columns = vec![
        Column::new("question", "Question", Kind::Id).wide(28),
        Column::new("asks", "What it asks", Kind::LongText).wide(64),
        Column::new("citation", "Provision", Kind::Text).wide(24),
        Column::new("clocks", "Clocks that hang on it", Kind::LongText).wide(40),
    ];
    let mut sheet = Sheet::new("Open questions", "What would settle whether clocks run", columns);
    for one in &clocks.open_questions {
        sheet.push(vec![
            one.question.clone().into(),
            one.text.clone().into(),
            one.citation.clone().into(),
            one.clocks.join(", ").into(),
        ]);
    }
    sheet
}

/// A report as far as it is filled. `of`: the incident, as titles name it.
pub fn draft(of: &str, draft: &ReportDraft) -> Sheet {
    let columns = vec![
        Column::new("field", "Field", Kind::LongText).wide(44),
        Column::new("value", "Value", Kind::LongText).wide(70),
        Column::new("status", "Status", Kind::Status).wide(12),
        Column::new("citation", "Provision", Kind::Text).wide(24),
        Column::new("id", "Name of the fact", Kind::Id).wide(24),
    ];
    let stage = match draft.stage {
        Stage::First => "first report",
        Stage::Complete => "complete report",
    };
    let title = format!("{} ({}, {stage}) of {of}", draft.title, draft.basis);
    let mut sheet = Sheet::new("Draft", title, columns);
    for field in &draft.fields {
        let status = if field.value.is_some() {
            Cell::status("filled", Tone::Good)
        } else if draft.missing.contains(&field.field) {
            Cell::status("missing", Tone::Bad)
        } else {
            Cell::status("may follow", Tone::Neutral)
        };
        sheet.push(vec![
            field.label.clone().into(),
            field.value.clone().unwrap_or_default().into(),
            status,
            field.citation.clone().into(),
            field.field.clone().into(),
        ]);
    }
    sheet
}

/// How reports compare with their deadlines.
pub fn drill(of: &str, score: &DrillScore) -> Sheet {
    let columns = vec![
        Column::new("clock", "Clock", Kind::Id).wide(18),
        Column::new("title", "Title", Kind::Text).wide(40),
        Column::new("outcome", "Outcome", Kind::Status).wide(16),
        Column::new("conservative", "Cautious deadline", Kind::Text).wide(26),
        Column::new("legal", "Legal latest", Kind::Text).wide(26),
        Column::new("taken", "Minutes taken", Kind::Number),
        Column::new("spare", "Minutes to spare", Kind::Number),
    ];
    let mut title = format!("Reports of {of}");
    if let Some(percent) = score.met_percent {
        title.push_str(&format!(": {percent} % met"));
    }
    let mut sheet = Sheet::new("Drill", title, columns);
    for one in &score.results {
        let (word, tone) = match one.outcome {
            Outcome::InTime => ("in time", Tone::Good),
            Outcome::WithinLegal => ("within the legal end", Tone::Warn),
            Outcome::Late => ("late", Tone::Bad),
            Outcome::Missed => ("missed", Tone::Bad),
            Outcome::Pending => ("still time", Tone::Neutral),
            Outcome::Judge => ("to be judged", Tone::Neutral),
            Outcome::NotStarted => ("not started", Tone::NotApplicable),
        };
        sheet.push(vec![
            one.clock.clone().into(),
            one.title.clone().into(),
            Cell::status(word, tone),
            instant(one.conservative_deadline),
            instant(one.legal_latest),
            one.minutes_taken.map(Cell::from).unwrap_or_default(),
            one.minutes_to_spare.map(Cell::from).unwrap_or_default(),
        ]);
    }
    sheet
}
