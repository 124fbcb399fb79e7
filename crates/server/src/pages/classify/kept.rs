//! What keeping a class would change against the one that is kept.

use surety_aims::RecordId;
use surety_engine::{Error, View};
use surety_law::classification::{Answers, Classification, Procedure};

use super::{super::legal, screen::labels};
use crate::html::capitalised;

/// Something that the kept class says otherwise.
pub(super) struct Change {
    pub(super) what: String,
    pub(super) was: String,
    pub(super) is: String,
}

/// Every difference, the class first; `None`: no class is kept.
///
/// # Errors
/// If there is no law.
pub(super) fn changes(
    view: &View,
    system: RecordId,
    answers: &Answers,
    found: &Classification,
) -> Result<Option<Vec<Change>>, Error> {
    let Some((_, said)) = view.classification(system) else { return Ok(None) };
    let law = view.ai_act()?;
    let outcome = |id: &str| if id.is_empty() { "Open".to_owned() } else { legal::outcome(id) };
    let findings: Vec<_> = found.findings.iter().map(|one| one.id.to_string()).collect();
    let rows = [
        ("Class", outcome(&said.outcome), outcome(found.outcome.as_deref().unwrap_or_default())),
        ("Law", legal::version(law, &said.law_version), legal::version(law, &found.law_version)),
        ("Roles", spoken(&said.roles), spoken(&found.roles)),
        ("Tiers", spoken(&said.tiers), spoken(&found.tiers)),
        ("Findings", texts(&said.findings, &findings), texts(&findings, &said.findings)),
    ];
    let rows = rows.into_iter().map(|(what, was, is)| Change { what: what.to_owned(), was, is });
    let mut changes: Vec<_> = rows.filter(|one| one.was != one.is).collect();
    changes.extend(answered(said, answers));
    Ok(Some(changes))
}

/// Answers that differ, in the order of the procedure.
fn answered(said: &surety_aims::records::Classification, answers: &Answers) -> Vec<Change> {
    let questions = Procedure::ai_act().questions().iter();
    let changes = questions.filter_map(|question| {
        let (was, is) = (said.answers.get(&question.id), answers.values().get(&question.id));
        let said = |values: Option<&Vec<String>>| {
            values.map_or("Not asked".to_owned(), |values| labels(question, values))
        };
        (was != is).then(|| Change {
            what: question.question.clone(),
            was: said(was),
            is: said(is),
        })
    });
    changes.collect()
}

fn spoken<T: AsRef<str>>(names: &[T]) -> String {
    let all: Vec<_> = names.iter().map(|name| capitalised(&legal::spoken(name.as_ref()))).collect();
    all.join(", ")
}

/// What is only in the first list, in words.
fn texts(findings: &[String], others: &[String]) -> String {
    let only = findings.iter().filter(|one| !others.contains(one));
    let text = |one: &String| {
        Procedure::ai_act().finding(one).map_or(one.clone(), |known| known.text.clone())
    };
    only.map(text).collect::<Vec<_>>().join("\n")
}
