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
use surety_aims::{Command, Record, RecordId};
use surety_engine::{Batch, Moment};
use surety_law::classification::{Answers, Classification, Procedure, classify};
use surety_reports::{Format, Sheet, views};

use super::{
    law::{times, wrong},
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
            views::classification::sheets(&found),
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
        let book = super::names::workbook(
            &session.aims,
            &view,
            &title,
            views::classification::sheets(&found),
        );
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
        let name = |system| view.book().get(system).map(Record::title).unwrap_or_default();
        let rows = found.iter().map(|(system, _, one)| (*system, name(*system), one));
        let sheet = views::classification::list(rows);
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
        let mut sheets = views::law::impact(result);
        if let Some(systems) = sheets.first_mut() {
            systems.notes = found.left_out();
        }
        let title = format!("Impact of {to} after {from}");
        let says = |sheet: &Sheet| !sheet.rows.is_empty() || !sheet.notes.is_empty();
        let sheets: Vec<Sheet> = sheets.into_iter().filter(says).collect();
        let book = super::names::workbook(&session.aims, &at_present, &title, sheets);
        output::write_workbook(&book, output)?;
    }
    session.close().await?;
    Ok(Outcome::Done)
}
