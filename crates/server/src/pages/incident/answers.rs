//! Answers to the questions that settle clocks: they are stated in the incident, as its next version.

use std::collections::BTreeMap;

use axum::response::Response;
use surety_aims::{
    Body, Command, Rejection,
    records::{Incident, IncidentAnswer},
};
use surety_engine::{Batch, Error, Moment};

use super::{Tried, incident, page};
use crate::{call::Call, html, problem::Problem};

/// Before the name of a question in the form.
const QUESTION: &str = "q.";

/// The answers that there are.
pub(super) const WORDS: &[(&str, IncidentAnswer)] = &[
    ("yes", IncidentAnswer::Yes),
    ("no", IncidentAnswer::No),
    ("unknown", IncidentAnswer::Unknown),
];

pub(super) async fn answer(call: Call) -> Result<Response, Problem> {
    let answers = given(&call.form)?;
    let tried = Tried { answers: answers.clone(), is_stale: true };
    stated(&call, tried, |next| next.answers.extend(answers)).await
}

/// States the incident of the address with a change; if somebody else was faster, its page says so and holds what was tried.
pub(super) async fn stated(
    call: &Call,
    tried: Tried,
    change: impl FnOnce(&mut Incident) + Send,
) -> Result<Response, Problem> {
    let id = call.id()?;
    let view = call.view_of(Moment::Now).await?;
    let (record, said) = incident(&view, id)?;
    let base = call.field("base");
    let base = base.parse().map_err(|_| Problem::bad(format!("`base={base}` is no version")))?;
    let mut next = said.clone();
    change(&mut next);
    let command = Command::State {
        kind: id.kind,
        id: Some(id),
        body: Body::from(next).to_json(),
        custom: record.custom.clone(),
        external: record.external.clone(),
        base: Some(base),
    };
    let batch = Batch { commands: vec![command.into()], idempotency_key: None };
    match call.whole()?.execute(&call.principal, batch).await {
        Ok(_) => {
            let (organisation, ..) = call.names();
            Ok(html::to(&format!("/o/{organisation}/incidents/{id}")))
        }
        Err(Error::Rejected(rejection)) if matches!(*rejection, Rejection::Stale { .. }) => {
            let view = call.view_of(Moment::Now).await?;
            page(call, &view, &tried).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The answers that a form gives. A question that says nothing stays as it is.
fn given(form: &[(String, String)]) -> Result<BTreeMap<String, IncidentAnswer>, Problem> {
    let mut answers = BTreeMap::new();
    for (name, value) in form {
        let Some(question) = name.strip_prefix(QUESTION) else { continue };
        let answer = WORDS.iter().find(|(word, _)| word == value).map(|(_, answer)| *answer);
        let answer = answer.ok_or_else(|| Problem::bad(format!("`{value}` is no answer")))?;
        answers.insert(question.to_owned(), answer);
    }
    Ok(answers)
}
