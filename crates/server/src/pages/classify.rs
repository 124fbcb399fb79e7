//! The class of an AI system, question by question.
//!
//! What was answered so far stands in the address and nowhere else: it can be left, kept, sent and gone back to, and nothing
//! is on the ledger before somebody keeps the class.

mod given;
mod kept;
mod screen;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use surety_aims::{Action, Kind, RecordId, permit};
use surety_engine::{Batch, Error, Moment, View};
use surety_law::classification::{
    AnswerError, Answers, Procedure, Question, classify, next_question,
};

use self::{
    given::Given,
    kept::Change,
    screen::{Known, Screen, known},
};
use super::{
    classes::system,
    legal,
    reasons::{Class, Reasons},
};
use crate::{
    call::Call,
    endpoint::{Endpoint, Is, Param, handler, param},
    html::{self, Shell},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page(
        "/classes/{id}/classify",
        "classifyPage",
        "The next question about an AI system, or its class once none is left.",
        handler!(Organisation, ask),
    )
    .query(ASKED),
    Endpoint::form(
        "/classes/{id}/classify",
        "classifyForm",
        "Keep the class that answers lead to.",
        handler!(Organisation, keep),
    ),
];

const ASKED: &[Param] = &[
    param(given::ANSWER, Is::Prefix, "The answer to a question; empty: it is not known."),
    param(given::DATE, Is::Prefix, "A date that answers questions."),
    param("asked", Is::Text, "The question that was on the screen."),
    param("change", Is::Text, "The question whose answer is looked at again."),
    param("begin", Is::OneOf(&["each"]), "Go through every question."),
];

/// What there is before the first question.
#[derive(Template)]
#[template(path = "classify_begin.html")]
struct Begin {
    shell: Shell,
    system: (String, String),
    law: String,
    known: Vec<Known>,
    /// Where one goes on with all that is known.
    with_known: String,
    from_first: String,
}

#[derive(Template)]
#[template(path = "classify_question.html")]
struct Asking {
    shell: Shell,
    system: (String, String),
    law: String,
    screen: Screen,
    so_far: Class,
    reasons: Reasons,
    hidden: Vec<(String, String)>,
    error: Option<String>,
    /// The question before, to look at it again.
    back: Option<String>,
}

#[derive(Template)]
#[template(path = "classify_result.html")]
struct Settled {
    shell: Shell,
    system: (String, String),
    law: String,
    reasons: Reasons,
    hidden: Vec<(String, String)>,
    /// What keeping it would change; `None`: nothing is kept yet.
    changes: Option<Vec<Change>>,
    kept: String,
    may_keep: bool,
    back: Option<String>,
}

async fn ask(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let (system, name) = system(&call, &view)?;
    let given = Given::read(&call.query)?;
    let about = About { call: &call, view: &view, system, given: &given };
    let shell = Shell::of(&call, &view, &format!("Classify {name}"), "").await?;
    let has_begun =
        ["asked", "change", "begin"].iter().any(|one| call.text(one).ok().flatten().is_some());
    if given.is_empty() && !has_begun {
        return about.begin(shell);
    }
    match about.next()? {
        Next::Question { question, error } => about.question(shell, &question, error),
        Next::Nothing => about.result(shell),
    }
}

/// What comes after the answers so far.
enum Next {
    Question { question: Box<Question>, error: Option<String> },
    Nothing,
}

/// Whom the questions are about, and what was answered.
struct About<'a> {
    call: &'a Call,
    view: &'a View,
    system: RecordId,
    given: &'a Given,
}

impl About<'_> {
    fn ask(&self, answers: &Answers) -> Result<Option<Question>, AnswerError> {
        next_question(Procedure::ai_act(), answers, self.view.on, self.view.on)
    }

    /// The question to show: the one that is looked at again, the one whose answer can't be taken, or the first without one.
    fn next(&self) -> Result<Next, Problem> {
        let mut answers = self.given.answers.clone();
        if let Some(node) = self.call.text("change")? {
            answers.remove(node);
        }
        let asked = self.call.text("asked")?.unwrap_or_default();
        let (question, wrong) = match self.ask(&answers) {
            Ok(question) => (question, None),
            Err(error) if answers.get(asked).is_some() => {
                answers.remove(asked);
                let question = self.ask(&answers).map_err(Error::from)?;
                (question, Some(screen::said(&error)))
            }
            Err(error) => return Err(Error::from(error).into()),
        };
        Ok(match question {
            None => Next::Nothing,
            Some(question) => {
                let again = wrong.is_none() && *question.node == *asked;
                let unsaid =
                    again.then(|| "Choose an answer, or say that you do not know.".to_owned());
                Next::Question { question: Box::new(question), error: wrong.or(unsaid) }
            }
        })
    }

    fn named(&self) -> (String, String) {
        let title = self.view.book().get(self.system).map(super::record::title);
        (self.system.to_string(), title.unwrap_or_default())
    }

    /// The address of these answers, ready for more.
    fn address(&self, shell: &Shell, answers: &[(String, String)]) -> String {
        let path = shell.link(format!("/classes/{}/classify", self.system));
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(answers);
        let query = query.finish();
        if query.is_empty() { format!("{path}{joint}") } else { format!("{path}{joint}{query}&") }
    }

    fn begin(&self, shell: Shell) -> Result<Response, Problem> {
        let known = known(self.view, self.system)?;
        let all = Given::of(self.view.answers(self.system)?).pairs(&[]);
        let base = self.address(&shell, &[]);
        html::page(&Begin {
            with_known: self.address(&shell, &all).trim_end_matches('&').to_owned(),
            from_first: format!("{base}begin=each"),
            system: self.named(),
            law: legal::governing(self.view)?,
            known,
            shell,
        })
    }

    fn question(
        &self,
        shell: Shell,
        question: &Question,
        error: Option<String>,
    ) -> Result<Response, Problem> {
        let mut answers = self.given.answers.clone();
        answers.remove(&question.node);
        let found = classify(Procedure::ai_act(), &answers, self.view.on, self.view.on);
        let found = found.map_err(Error::from)?;
        let mut reasons = Reasons::of(&found);
        reasons.path.retain(|step| answers.get(&step.node).is_some());
        reasons.wizard = Some(self.change(&shell));
        let fact = question.date.as_ref().map(|date| &*date.fact).unwrap_or_default();
        let screen = Screen::of(self.view, self.system, question, self.given)?;
        let status = match error {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        };
        let page = Asking {
            system: self.named(),
            law: legal::governing(self.view)?,
            so_far: Class::of(
                found.outcome.as_deref().unwrap_or_default(),
                &found.possible_outcomes,
            ),
            hidden: self.given.pairs(&[&question.node, fact]),
            back: self.back(&shell, &reasons),
            screen,
            reasons,
            error,
            shell,
        };
        html::rendered(status, &page)
    }

    fn result(&self, shell: Shell) -> Result<Response, Problem> {
        let found = classify(Procedure::ai_act(), &self.given.answers, self.view.on, self.view.on);
        let found = found.map_err(Error::from)?;
        let mut reasons = Reasons::of(&found);
        reasons.wizard = Some(self.change(&shell));
        html::page(&Settled {
            system: self.named(),
            law: legal::version(self.view.ai_act()?, &found.law_version),
            hidden: self.given.pairs(&[]),
            changes: kept::changes(self.view, self.system, &self.given.answers, &found)?,
            kept: shell.link(format!("/classes/{}", self.system)),
            may_keep: shell.may(Action::State(Kind::Classification)),
            back: self.back(&shell, &reasons),
            reasons,
            shell,
        })
    }

    /// Where an answer is looked at again, up to the name of its question.
    fn change(&self, shell: &Shell) -> String {
        format!("{}change=", self.address(shell, &self.given.pairs(&[])))
    }

    fn back(&self, shell: &Shell, reasons: &Reasons) -> Option<String> {
        let last = reasons.path.iter().rfind(|step| step.is_asked)?;
        Some(format!("{}{}", self.change(shell), last.node))
    }
}

async fn keep(call: Call) -> Result<Response, Problem> {
    permit(&call.principal, Action::State(Kind::Classification)).map_err(Error::from)?;
    let view = call.view_of(Moment::Now).await?;
    let (system, _) = system(&call, &view)?;
    let answers = Given::read(&call.form)?.answers;
    let found = classify(Procedure::ai_act(), &answers, view.on, view.on).map_err(Error::from)?;
    let command = view.keep_classification(system, &answers, &found, call.today())?;
    let done = if command.is_some() { "new" } else { "same" };
    if let Some(command) = command {
        call.execute(Batch { commands: vec![command.into()], idempotency_key: None }).await?;
    }
    let (organisation, ..) = call.names();
    Ok(html::to(&format!("/o/{organisation}/classes/{system}?kept={done}")))
}
