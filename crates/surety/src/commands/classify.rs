//! `classify`: the class of one AI system or of all, asked, from a file, or from what is on record.

use std::{
    io::{IsTerminal, stdin, stdout},
    path::Path,
};

use jiff::civil::Date;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor},
};
use serde_json::{Map, Value};
use surety_aims::{Command, RecordId};
use surety_engine::{Batch, LawImpact, Moment, View};
use surety_law::classification::{Answers, Classification, FoundFinding, Procedure, classify};
use surety_reports::{Cell, Column, Format, Kind, Sheet, Tone};

use super::{
    law::{times, word, wrong},
    wizard,
};
use crate::{
    args::{Global, law::Classify},
    output::{self, Outcome, WrongUse, complain, write_json},
    session::{Session, today},
};

/// Bytes of a file of answers: the procedure has some dozens of questions.
const MAX_ANSWERS: u64 = 1 << 20;

pub(super) async fn run(global: &Global, args: &Classify) -> anyhow::Result<Outcome> {
    if args.kept {
        let session = Session::open(global).await?;
        let outcome = kept(&session, args).await;
        session.close().await?;
        return outcome;
    }
    match (&args.system, args.all) {
        (None, false) => without_system(global, args),
        (None, true) => {
            let session = Session::open(global).await?;
            let outcome = all(&session, args).await;
            session.close().await?;
            outcome
        }
        (Some(system), _) => {
            let system = system.parse().map_err(wrong)?;
            let session = Session::open(global).await?;
            let outcome = one(&session, system, args).await;
            session.close().await?;
            outcome
        }
    }
}

/// Classifies answers that are about nothing on record.
fn without_system(global: &Global, args: &Classify) -> anyhow::Result<Outcome> {
    if args.save {
        return Err(WrongUse("--save needs the AI system that the answers are about".into()).into());
    }
    if args.answers.is_none() && args.set.is_empty() {
        return Err(WrongUse("give an AI system, --answers FILE or --all".into()).into());
    }
    let answers = given(args, Answers::default())?;
    let (on, law_as_of) = times(args.times, today(global));
    let found = classified(args, &answers, on, law_as_of)?;
    if args.output.format == Format::Json {
        write_json(&found, &args.output)?;
    } else {
        let book = surety_engine::sheets::without_ledger(
            "Classification",
            on,
            crate::session::now(global),
            sheets(&found),
        );
        output::write_workbook(&book, &args.output)?;
    }
    Ok(Outcome::Done)
}

async fn one(session: &Session, system: RecordId, args: &Classify) -> anyhow::Result<Outcome> {
    let (on, law_as_of) = times(args.times, session.aims.today());
    let view = session.aims.view(moment(args)).await?.on(on);
    let mut answers = given(args, view.answers(system)?)?;
    let silent = args.answers.is_some() || !args.set.is_empty() || args.no_questions;
    let mut save = args.save;
    if !silent && stdin().is_terminal() && stdout().is_terminal() {
        let before = answers.clone();
        let prefilled = view.prefilled(system)?;
        let terminal = wizard::Terminal { input: stdin().lock(), output: stdout().lock() };
        answers = terminal.ask(answers, &prefilled, (on, law_as_of))?;
        // Whoever stops half way goes on from there the next time.
        save |= answers != before;
    }
    let found = classified(args, &answers, on, law_as_of)?;
    if save {
        let today = session.aims.today();
        let command = view.keep_classification(system, &answers, &found, today)?;
        keep(session, command.into_iter().collect()).await?;
    }
    if args.output.format == Format::Json {
        write_json(&found, &args.output)?;
    } else {
        let title = format!("Classification of {system}");
        let book = super::names::workbook(&session.aims, &view, &title, sheets(&found));
        output::write_workbook(&book, &args.output)?;
    }
    Ok(Outcome::Done)
}

async fn all(session: &Session, args: &Classify) -> anyhow::Result<Outcome> {
    let (on, law_as_of) = times(args.times, session.aims.today());
    let view = session.aims.view(moment(args)).await?.on(on);
    let (mut found, mut refused) = (Vec::new(), false);
    for system in view.systems() {
        let answers = match answers_in(args.answers.as_deref(), system)? {
            Some(answers) => answers,
            None => view.answers(system)?,
        };
        match classify(Procedure::ai_act(), &answers, on, law_as_of) {
            Ok(one) => found.push((system, answers, one)),
            Err(error) => {
                refused = true;
                complain(&format!("{system}: {error}"));
            }
        }
    }
    if args.save {
        let today = session.aims.today();
        let commands = found
            .iter()
            .map(|(system, answers, one)| view.keep_classification(*system, answers, one, today));
        let commands = commands.collect::<Result<Vec<_>, _>>()?;
        keep(session, commands.into_iter().flatten().collect()).await?;
    }
    if args.output.format == Format::Json {
        let rows: Vec<_> = found
            .iter()
            .map(|(system, _, one)| serde_json::json!({ "system": system, "classification": one }))
            .collect();
        write_json(&rows, &args.output)?;
    } else {
        let sheet = all_sheet(&view, &found);
        let book = super::names::workbook(&session.aims, &view, "Classifications", vec![sheet]);
        output::write_workbook(&book, &args.output)?;
    }
    Ok(Outcome::wanting_if(refused))
}

/// The answers about an AI system in a folder of answers, if there are any.
fn answers_in(folder: Option<&Path>, system: RecordId) -> anyhow::Result<Option<Answers>> {
    let Some(folder) = folder else { return Ok(None) };
    if !folder.is_dir() {
        let place = folder.display();
        return Err(WrongUse(format!(
            "{place} is no folder; with --all give one that holds {system}.json and so on"
        ))
        .into());
    }
    let file = folder.join(format!("{system}.json"));
    if file.exists() { read(&file).map(Some) } else { Ok(None) }
}

/// The classes on record and whether they still hold; found wanting if one does not.
async fn kept(session: &Session, args: &Classify) -> anyhow::Result<Outcome> {
    let (on, law_as_of) = times(args.times, session.aims.today());
    let view = session.aims.view(moment(args)).await?.on(on);
    let kept = match &args.system {
        Some(system) => {
            let system: RecordId = system.parse().map_err(wrong)?;
            view.prefilled(system)?;
            vec![view.kept_class(system, law_as_of)]
        }
        None => view.kept_classes(law_as_of),
    };
    if args.output.format == Format::Json {
        write_json(&kept, &args.output)?;
    } else {
        let sheet = surety_engine::sheets::classes(&kept);
        let book = super::names::workbook(&session.aims, &view, "Classes on record", vec![sheet]);
        output::write_workbook(&book, &args.output)?;
    }
    Ok(Outcome::wanting_if(kept.iter().any(|one| one.record.is_none() || !one.stale.is_empty())))
}

fn moment(args: &Classify) -> Moment {
    args.as_of.map_or(Moment::Now, Moment::Day)
}

/// Keeps classifications and tells their ids apart from the answer, which goes to standard output.
async fn keep(session: &Session, commands: Vec<Command>) -> anyhow::Result<()> {
    if commands.is_empty() {
        return Ok(());
    }
    let done = session.aims.execute(&session.principal, Batch::of(commands)).await?;
    let ids: Vec<_> = done.records.iter().flatten().map(ToString::to_string).collect();
    if !session.quiet {
        complain(&format!("kept as {}", ids.join(", ")));
    }
    Ok(())
}

fn classified(
    args: &Classify,
    answers: &Answers,
    on: Date,
    law_as_of: Date,
) -> anyhow::Result<Classification> {
    let found = classify(Procedure::ai_act(), answers, on, law_as_of);
    Ok(found.map_err(|error| match &args.answers {
        Some(file) => wrong(format!("{}: {error}", file.display())),
        None => wrong(error),
    })?)
}

/// The answers of the options, then those of the file. Without a file: of what is known, as absent in a file is unknown.
fn given(args: &Classify, known: Answers) -> anyhow::Result<Answers> {
    let mut answers = match &args.answers {
        Some(path) => read(path)?,
        None => known,
    };
    for one in &args.set {
        let (question, values) = one
            .split_once('=')
            .ok_or_else(|| WrongUse(format!("--set {one}: write QUESTION=VALUE")))?;
        let values: Vec<_> =
            values.split(',').map(str::trim).filter(|value| !value.is_empty()).collect();
        match values.as_slice() {
            [one] if one.parse::<Date>().is_ok() => {
                answers.set_date(question.trim(), one.parse()?);
            }
            _ => answers.set(question.trim(), values),
        }
    }
    Ok(answers)
}

fn read(path: &Path) -> anyhow::Result<Answers> {
    use anyhow::Context;
    use std::io::Read;
    let place = path.display();
    let file = std::fs::File::open(path).with_context(|| format!("{place}: can't be opened"))?;
    let mut text = String::new();
    file.take(MAX_ANSWERS + 1)
        .read_to_string(&mut text)
        .with_context(|| format!("{place}: can't be read"))?;
    if u64::try_from(text.len()).is_ok_and(|length| length > MAX_ANSWERS) {
        return Err(WrongUse(format!("{place}: larger than {MAX_ANSWERS} bytes")).into());
    }
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let OnceEach(object) = serde_json::from_str(text).map_err(|error| {
        WrongUse(format!(
            "{place}: {error}; give one JSON object from question to a list of values"
        ))
    })?;
    for (question, value) in &object {
        let listed = value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
        if !listed && !value.is_string() {
            return Err(WrongUse(format!(
                "{place}: `{question}` has to be a list of values, such as [\"yes\"], not {value}"
            ))
            .into());
        }
    }
    Ok(serde_json::from_value(Value::Object(object))?)
}

/// A JSON object that has no key twice, where the last would silently win.
struct OnceEach(Map<String, Value>);

impl<'de> Deserialize<'de> for OnceEach {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = OnceEach;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<OnceEach, A::Error> {
                let mut object = Map::new();
                while let Some((key, value)) = entries.next_entry::<String, Value>()? {
                    if object.contains_key(&key) {
                        return Err(A::Error::custom(format!("`{key}` stands there twice")));
                    }
                    object.insert(key, value);
                }
                Ok(OnceEach(object))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

fn joined(names: &[std::sync::Arc<str>]) -> String {
    names.iter().map(|one| spaced(one)).collect::<Vec<_>>().join(", ")
}

fn sheets(found: &Classification) -> Vec<Sheet> {
    let all = [result_sheet(found), findings_sheet(found), open_sheet(found), path_sheet(found)];
    let all = all.into_iter().chain([counterfactual_sheet(found)]);
    all.filter(|sheet| !sheet.rows.is_empty()).collect()
}

fn result_sheet(found: &Classification) -> Sheet {
    let columns = vec![
        Column::new("what", "What", Kind::Text).wide(22),
        Column::new("result", "Result", Kind::LongText).wide(90),
    ];
    let mut sheet = Sheet::new("Result", "The class and why", columns);
    let outcome = match &found.outcome {
        Some(outcome) => spaced(outcome),
        None => format!("open: one of {}", joined(&found.possible_outcomes)),
    };
    let provisional = match found.why.provisional {
        true => format!(
            "{}, if each open question gets its cautious answer",
            spaced(&found.why.outcome)
        ),
        false => String::new(),
    };
    let will = found.will_be_prohibited_from.map(|date| date.to_string()).unwrap_or_default();
    let rows = [
        ("Outcome", outcome),
        ("Roles", joined(&found.roles)),
        ("Tiers", joined(&found.tiers)),
        ("Provisionally", provisional),
        ("Because", found.why.explain.to_string()),
        ("Note", found.why.note.to_string()),
        ("Confidence", word(&found.why.confidence)),
        ("Becomes prohibited", will),
        ("Day", format!("{}, as published by {}", found.on, found.law_as_of)),
        ("Law", found.law_version.to_string()),
    ];
    for (what, result) in rows.into_iter().filter(|(_, result)| !result.is_empty()) {
        sheet.push(vec![what.into(), result.into()]);
    }
    sheet
}

fn findings_sheet(found: &Classification) -> Sheet {
    let columns = vec![
        Column::new("finding", "Finding", Kind::Text).wide(36),
        Column::new("says", "What it says", Kind::LongText).wide(60),
        Column::new("citations", "Provisions", Kind::Text).wide(28),
        Column::new("counts", "Counts today", Kind::Status),
        Column::new("confidence", "Confidence", Kind::Text).rank(1),
    ];
    let mut sheet = Sheet::new("Findings", "What was found", columns);
    for one in found.findings.iter().filter(|one| one.reported) {
        let counts = match one.operative {
            Some(true) => Cell::status("yes", Tone::Bad),
            Some(false) => Cell::status(not_yet(one), Tone::Neutral),
            None => Cell::EMPTY,
        };
        sheet.push(vec![
            one.id.to_string().into(),
            one.text.to_string().into(),
            one.citations.join(", ").into(),
            counts,
            word(&one.confidence).into(),
        ]);
    }
    sheet
}

/// From when a finding counts, as far as that is a day.
fn not_yet(finding: &FoundFinding) -> String {
    let from = finding.applies.as_ref().and_then(|applies| applies.operative_from);
    from.map_or("not yet".to_owned(), |from| format!("from {from}"))
}

fn open_sheet(found: &Classification) -> Sheet {
    let columns = vec![
        Column::new("question", "Question", Kind::Id).wide(26),
        Column::new("asks", "What it asks", Kind::LongText).wide(60),
        Column::new("answers", "Answers", Kind::LongText).wide(40),
        Column::new("citations", "Provisions", Kind::Text).wide(24),
    ];
    let mut sheet = Sheet::new("Still open", "The fewest questions that would settle it", columns);
    for one in &found.still_open {
        let answers: Vec<_> = one.answers.iter().map(|answer| &*answer.value).collect();
        sheet.push(vec![
            one.node.to_string().into(),
            one.question.to_string().into(),
            answers.join(", ").into(),
            one.citations.join(", ").into(),
        ]);
    }
    sheet
}

fn path_sheet(found: &Classification) -> Sheet {
    let columns = vec![
        Column::new("question", "Question", Kind::Id).wide(26),
        Column::new("asks", "What it asks", Kind::LongText).wide(56),
        Column::new("answer", "Answer", Kind::LongText).wide(40),
        Column::new("how", "From", Kind::Text).wide(12),
        Column::new("citations", "Provisions", Kind::Text).wide(24).rank(1),
    ];
    let mut sheet = Sheet::new("Path", "Every step", columns);
    for step in &found.why.path {
        let answers: Vec<_> = step.answers.iter().map(|answer| &*answer.label).collect();
        sheet.push(vec![
            step.node.to_string().into(),
            step.question.to_string().into(),
            answers.join("; ").into(),
            word(&step.how).into(),
            step.citations.join(", ").into(),
        ]);
    }
    sheet
}

fn counterfactual_sheet(found: &Classification) -> Sheet {
    let columns = vec![
        Column::new("question", "Question", Kind::Id).wide(26),
        Column::new("from", "Is", Kind::LongText).wide(40),
        Column::new("to", "Would have to be", Kind::LongText).wide(40),
        Column::new("outcomes", "Then", Kind::Text).wide(32),
    ];
    let mut sheet = Sheet::new("If it were otherwise", "What would change the outcome", columns);
    let labels = |answers: &[surety_law::classification::AnswerText]| {
        answers.iter().map(|one| &*one.label).collect::<Vec<_>>().join("; ")
    };
    for one in &found.counterfactuals {
        sheet.push(vec![
            one.node.to_string().into(),
            labels(&one.from).into(),
            labels(&one.to).into(),
            joined(&one.outcomes).into(),
        ]);
    }
    sheet
}

fn all_sheet(view: &View, found: &[(RecordId, Answers, Classification)]) -> Sheet {
    let columns = vec![
        Column::new("system", "AI system", Kind::Id),
        Column::new("name", "Name", Kind::Text).wide(32),
        Column::new("outcome", "Outcome", Kind::Text).wide(28),
        Column::new("banned", "Becomes prohibited", Kind::Date),
        Column::new("possible", "Still possible", Kind::LongText).wide(44),
        Column::new("tiers", "Tiers", Kind::LongText).wide(30).rank(1),
        Column::new("roles", "Roles", Kind::Text).wide(20).rank(1),
        Column::new("open", "Questions that settle it", Kind::LongText).wide(44),
    ];
    let mut sheet = Sheet::new("Classifications", "Classes under the EU AI Act", columns);
    for (system, _, one) in found {
        let name = view.book().get(*system).map(|record| record.title()).unwrap_or_default();
        let open: Vec<_> = one.still_open.iter().map(|open| &*open.node).collect();
        let possible = if one.outcome.is_some() { "" } else { &joined(&one.possible_outcomes) };
        sheet.push(vec![
            system.to_string().into(),
            name.to_owned().into(),
            one.outcome.as_deref().map(spaced).unwrap_or_default().into(),
            one.will_be_prohibited_from.map(Cell::from).unwrap_or_default(),
            possible.to_owned().into(),
            joined(&one.tiers).into(),
            joined(&one.roles).into(),
            open.join(", ").into(),
        ]);
    }
    sheet
}

/// What a newer version of the law changes for the AI systems on record.
pub(super) async fn impact(
    global: &Global,
    (from, to): (&str, &str),
    on: Option<Date>,
    open: bool,
    output: &crate::args::Output,
) -> anyhow::Result<Outcome> {
    let session = Session::open(global).await?;
    let at_present = session.aims.view(Moment::Now).await?;
    let on = on.unwrap_or_else(|| session.aims.today());
    let at_present = at_present.on(on);
    let found = at_present.law_impact(from, to, &[on])?;
    let result = &found.impact;
    if open {
        keep(&session, at_present.plan_reassessments(result)?).await?;
    }
    if output.format == Format::Json {
        write_json(&found, output)?;
    } else {
        let mut systems = systems_sheet(result);
        systems.notes = left_out(&found);
        let sheets = vec![systems, moved_sheet(result), changes_sheet(result)];
        let title = format!("Impact of {to} after {from}");
        let says = |sheet: &Sheet| !sheet.rows.is_empty() || !sheet.notes.is_empty();
        let sheets = sheets.into_iter().filter(says).collect();
        let book = super::names::workbook(&session.aims, &at_present, &title, sheets);
        output::write_workbook(&book, output)?;
    }
    session.close().await?;
    Ok(Outcome::Done)
}

/// What is said about AI systems that the impact leaves out.
fn left_out(found: &LawImpact) -> Vec<String> {
    let unclassified: Vec<_> = found.unclassified.iter().map(ToString::to_string).collect();
    let unclassified = (!unclassified.is_empty())
        .then(|| format!("Not classified, so nothing can be said: {}.", unclassified.join(", ")));
    let unreadable = found.unreadable.iter().map(|one| format!("{}: {}.", one.system, one.because));
    unclassified.into_iter().chain(unreadable).collect()
}

fn count<T>(list: &[T]) -> Cell {
    i64::try_from(list.len()).unwrap_or(i64::MAX).into()
}

type Impact = surety_law::obligation::Impact<'static>;

fn systems_sheet(impact: &Impact) -> Sheet {
    let columns = vec![
        Column::new("system", "AI system", Kind::Id),
        Column::new("before", "Class before", Kind::Text).wide(26),
        Column::new("after", "Class after", Kind::Text).wide(26),
        Column::new("appear", "Obligations that appear", Kind::Number),
        Column::new("disappear", "Disappear", Kind::Number),
        Column::new("moved", "Dates that move", Kind::Number),
        Column::new("reworded", "Read differently", Kind::Number),
        Column::new("reassess", "Assess again, because", Kind::LongText).wide(56),
    ];
    let title = format!("{} of {} AI systems", impact.totals.touched, impact.totals.subjects);
    let mut sheet = Sheet::new("AI systems", title, columns);
    for one in &impact.systems {
        let again = impact.reassessments.iter().find(|again| again.subject == one.subject);
        sheet.push(vec![
            one.subject.clone().into(),
            spaced(&one.class.outcome_before).into(),
            spaced(&one.class.outcome_after).into(),
            count(&one.appear),
            count(&one.disappear),
            count(&one.moved),
            count(&one.reworded),
            again.map(|again| again.reasons.join("; ")).unwrap_or_default().into(),
        ]);
    }
    sheet
}

fn moved_sheet(impact: &Impact) -> Sheet {
    let columns = vec![
        Column::new("system", "AI system", Kind::Id),
        Column::new("ref", "Article", Kind::Text).wide(14),
        Column::new("title", "Title", Kind::Text).wide(44),
        Column::new("before", "Operative from, before", Kind::Date),
        Column::new("after", "Operative from, after", Kind::Date),
        Column::new("basis", "Basis", Kind::LongText).wide(50).rank(1),
    ];
    let mut sheet = Sheet::new("Dates", "Dates that move", columns);
    let date = |date: Option<Date>| date.map(Cell::from).unwrap_or_default();
    for one in &impact.systems {
        for moved in &one.moved {
            sheet.push(vec![
                one.subject.clone().into(),
                moved.reference.to_owned().into(),
                moved.title.to_owned().into(),
                date(moved.operative_before),
                date(moved.operative_after),
                moved.basis.to_owned().into(),
            ]);
        }
    }
    sheet
}

fn changes_sheet(impact: &Impact) -> Sheet {
    let columns = vec![
        Column::new("ref", "Article", Kind::Text).wide(14),
        Column::new("title", "Provision", Kind::Text).wide(36),
        Column::new("before", "Before", Kind::LongText).wide(48).rank(1),
        Column::new("after", "After", Kind::LongText).wide(48),
    ];
    let mut sheet = Sheet::new("Changes", "What the law changes", columns);
    for provision in impact.changes.iter().flat_map(|change| &change.provisions) {
        sheet.push(vec![
            provision.reference.to_owned().into(),
            provision.title.to_owned().into(),
            provision.before.unwrap_or("not there").to_owned().into(),
            provision.after.to_owned().into(),
        ]);
    }
    sheet
}
