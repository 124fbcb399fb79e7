//! Undoing what was set for many cells at once.

use axum::response::Response;
use surety_aims::{Action, Command, Kind, Record, permit};
use surety_engine::{Batch, Error, Moment};

use super::{ask::home, bulk::MOST};
use crate::{call::Call, html, problem::Problem};

/// Undoes a batch by its inverse: decisions that it made are withdrawn, those that it changed say again what they said.
pub(super) async fn undo(call: Call) -> Result<Response, Problem> {
    permit(&call.principal, Action::State(Kind::ControlImplementation)).map_err(Error::from)?;
    let (from, to) = range(call.field("done"))?;
    let before = call.view_of(Moment::Size(from)).await?;
    let after = call.view_of(Moment::Size(to)).await?;
    let commands: Vec<_> = after
        .book()
        .of_kind(Kind::ControlImplementation)
        .filter_map(|record| inverse(before.book().get(record.id), record))
        .map(Into::into)
        .collect();
    if commands.is_empty() {
        return Err(Problem::refused("there is nothing to undo"));
    }
    call.execute(Batch { commands, idempotency_key: None }).await?;
    Ok(html::to(&format!("{}?undone=1", home(&call))))
}

/// What leads back from one version of a decision to the one before; nothing if it is the same.
fn inverse(before: Option<&Record>, after: &Record) -> Option<Command> {
    let base = Some(after.version);
    match before {
        None => {
            let reason = "What was set for many cells at once was undone.".to_owned();
            Some(Command::Withdraw { id: after.id, reason, base })
        }
        Some(before) if before.version == after.version => None,
        Some(before) => Some(Command::State {
            kind: after.id.kind,
            id: Some(after.id),
            body: before.body.to_json(),
            custom: before.custom.clone(),
            external: before.external.clone(),
            base,
        }),
    }
}

/// The entries of a batch: `120-160`.
fn range(text: &str) -> Result<(u64, u64), Problem> {
    let wrong = || Problem::bad(format!("`done={text}` names no entries"));
    let (from, to) = text.split_once('-').ok_or_else(wrong)?;
    let (from, to): (u64, u64) =
        (from.parse().map_err(|_| wrong())?, to.parse().map_err(|_| wrong())?);
    let count = to.checked_sub(from).ok_or_else(wrong)?;
    if count == 0 || usize::try_from(count).map_or(true, |count| count > MOST) {
        return Err(wrong());
    }
    Ok((from, to))
}
