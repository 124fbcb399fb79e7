//! Who the persons of the records are. Names and addresses stand beside the ledger, so that they can be erased.

use std::collections::BTreeMap;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use surety_aims::{Action, Kind, permit};
use surety_engine::{Error, Person as Data, remote::wire::Person};

use super::replica::present;
use crate::{
    call::{Call, json as answer},
    endpoint::{Asks, Endpoint, Gives, Method, Takes, handler, of},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/people",
        "listPeople",
        "Names and addresses of the persons, by id.",
        handler!(Organisation, list),
    )
    .gives(Gives::Json(of::<BTreeMap<String, Person>>)),
    Endpoint::change(
        Method::Put,
        "/people/{id}",
        "putPerson",
        "Say who a person is, for whoever may state persons.",
        handler!(Organisation, put),
    )
    .takes(Takes::Json(of::<Person>))
    .example(r#"{"name": "Kim Harper", "email": "kim@ferries.example"}"#)
    .gives(Gives::Nothing),
    Endpoint::change(
        Method::Delete,
        "/people/{id}",
        "erasePerson",
        "Erase who a person is. Entries go on naming the id.",
        handler!(Organisation, erase),
    )
    .asks(Asks::Administer)
    .gives(Gives::Nothing),
];

/// The most characters of a name or an address.
const MAX_LENGTH: usize = 1_000;

pub(crate) async fn list(call: Call) -> Result<Response, Problem> {
    let people = present(&call)?.people().await?.into_iter();
    let people = people.map(|(id, one)| (id, Person { name: one.name, email: one.email }));
    answer(&people.collect::<BTreeMap<_, _>>())
}

pub(crate) async fn put(call: Call) -> Result<Response, Problem> {
    permit(&call.principal, Action::State(Kind::Person)).map_err(Error::from)?;
    let (aims, id) = (present(&call)?, call.id()?);
    let Person { name, email } = call.json()?;
    for (field, text) in [("name", Some(&name)), ("email", email.as_ref())] {
        if text.is_some_and(|text| text.chars().count() > MAX_LENGTH || text.contains('\0')) {
            let detail = format!("`{field}` has at most {MAX_LENGTH} characters, none of them NUL");
            return Err(Problem::bad(detail));
        }
    }
    if id.kind != Kind::Person || aims.current().await?.book.get(id).is_none() {
        return Err(Problem::not_found(id));
    }
    aims.put_person(id, &Data { name, email }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(crate) async fn erase(call: Call) -> Result<Response, Problem> {
    present(&call)?.erase_person(call.id()?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
