//! Finds out, when a form comes upon a record that changed meanwhile, what both began with and who changed it.

use std::collections::HashMap;

use axum::http::StatusCode;
use serde_json::Value;
use surety_aims::{Kind, Record, Ref, records::Person};
use surety_engine::{HistoryRow, View};

use crate::{
    call::Call,
    html::{Chosen, Conflict, moment},
    problem::Problem,
};

/// A form that was opened on one version of a record and meets another.
pub(super) struct Met<'a> {
    pub(super) call: &'a Call,
    pub(super) view: &'a View,
    pub(super) kind: Kind,
    /// The record as it stands now, if it does.
    pub(super) own: Option<&'a Record>,
    /// What a form begins with where no record stands.
    pub(super) nothing: Value,
}

impl Met<'_> {
    /// The conflict of a form that was just sent, and was opened on another version than the current one.
    pub(super) async fn begun(&self, mine: Value) -> Result<Conflict, Problem> {
        self.conflict(self.call.field("base"), mine).await
    }

    /// The conflict that the form shows already, as its fields say; `None`: it shows none.
    pub(super) async fn shown(&self) -> Result<Option<Conflict>, Problem> {
        let mine = self.call.field("mine");
        if mine.is_empty() {
            return Ok(None);
        }
        let mine = serde_json::from_str(mine)
            .map_err(|error| Problem::bad(format!("`mine` can't be read: {error}")))?;
        let mut conflict = self.conflict(self.call.field("since"), mine).await?;
        conflict.is_new = false;
        Ok(Some(conflict))
    }

    /// The same with what was chosen now; `None`: nothing was, the form is to be saved.
    pub(super) async fn chosen(&self, form: &Value) -> Result<Option<(Conflict, Value)>, Problem> {
        let Some(choice) = Chosen::of(&self.call.form) else { return Ok(None) };
        let shown = self.shown().await?;
        let conflict = shown.ok_or_else(|| Problem::bad("the form shows no two versions"))?;
        let body = conflict.chosen(form.clone(), &choice);
        Ok(Some((conflict, body)))
    }

    async fn conflict(&self, since: &str, mine: Value) -> Result<Conflict, Problem> {
        let history = match self.own {
            Some(own) => self.call.history(own.id).await?,
            None => Vec::new(),
        };
        let stated: Vec<_> = history.iter().filter_map(|row| Some((version(row)?, row))).collect();
        let was = match since.parse::<u64>() {
            Ok(since) => stated.iter().find(|(version, _)| *version == since),
            Err(_) => None,
        };
        let was = match was {
            Some((_, row)) => row.event.get("body").cloned(),
            None if since.is_empty() => Some(self.nothing.clone()),
            None => None,
        };
        let theirs = self.own.map_or_else(|| self.nothing.clone(), |own| own.body.to_json());
        let people = self.call.people().await?;
        let since_number = since.parse().unwrap_or(0);
        let later = stated.iter().filter(|(version, _)| *version > since_number);
        let told = later.map(|(version, row)| {
            let by = match row.by.parse::<Ref<Person>>() {
                Ok(person) => people.name(self.view.book(), person),
                Err(_) => row.by.clone(),
            };
            (*version, by, moment(row.at))
        });
        let mut conflict = Conflict::new(self.kind, was, (mine, theirs), since.to_owned());
        conflict.stated = told.collect();
        Ok(conflict)
    }
}

/// What an answer that holds a form again says to programs: that the record is another by now, or that something is wrong.
pub(super) fn status(conflict: Option<&Conflict>, errors: &HashMap<String, String>) -> StatusCode {
    match (conflict.is_some_and(|conflict| conflict.is_new), errors.is_empty()) {
        (true, _) => StatusCode::PRECONDITION_FAILED,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, true) => StatusCode::OK,
    }
}

/// The version that an entry stated, if it stated one.
fn version(row: &HistoryRow) -> Option<u64> {
    row.event.get("body")?;
    row.event.get("version")?.as_u64()
}
