//! Commands of any kind, many at once: what the command line does with `--server`.

use axum::response::Response;
use surety_engine::remote::wire::{Commands, Done};

use super::replica::present;
use crate::{
    call::{Call, json as answer},
    endpoint::{Endpoint, Gives, Method, Takes, handler, of},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::change(
    Method::Post,
    "/commands",
    "runCommands",
    "State, move and withdraw records: all of it happens, or nothing. A refusal says in `command` which one it is about, \
     counted from 0.",
    handler!(Organisation, run),
)
.takes(Takes::Batch(of::<Commands>))
.gives(Gives::Json(of::<Done>))];

pub(crate) async fn run(call: Call) -> Result<Response, Problem> {
    // A refusal shows how things stand now.
    let aims = present(&call)?;
    let commands: Commands = call.json()?;
    let batch = commands.into_batch(call.idempotency_key()?);
    match aims.try_execute(&call.principal, batch).await? {
        Ok(done) => answer(&Done::from(done)),
        Err(refusal) => Err(Problem::from(refusal.rejection).of_command(refusal.command)),
    }
}
