//! Saving what a list shows under a name, and removing it again. The lists themselves show the menu ([`crate::html::Views`]).

use axum::response::Response;
use surety_engine::accounts::ViewKey;

use crate::{
    call::Call,
    endpoint::{Asks, Endpoint, Method, handler},
    html::{self, kept_query},
    problem::Problem,
};

/// Views are nobody's records: whoever may read a list may keep views of it.
pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::form(
        "/views",
        "saveViewForm",
        "Save what a list shows under a name.",
        handler!(Organisation, save),
    )
    .asks(Asks::Read),
    Endpoint::form(
        "/views/remove",
        "removeViewForm",
        "Remove a saved view of a list.",
        handler!(Organisation, remove),
    )
    .asks(Asks::Read),
];

async fn save(call: Call) -> Result<Response, Problem> {
    let list = list(&call)?;
    let (organisation, ..) = call.names();
    let view = ViewKey {
        organisation,
        account: &call.caller.account,
        path: call.field("path"),
        name: call.field("name"),
    };
    let (query, shared) = (query(&call, list), call.field("shared") == "true");
    let accounts = call.app.engine.accounts()?;
    accounts.save_view(&call.principal, view, &query, shared).await?;
    Ok(back(&call, list))
}

async fn remove(call: Call) -> Result<Response, Problem> {
    let list = list(&call)?;
    let ((organisation, ..), own) = (call.names(), call.caller.account.as_str());
    let account = Some(call.field("account")).filter(|account| !account.is_empty());
    let (path, name) = (call.field("path"), call.field("name"));
    let view = ViewKey { organisation, account: account.unwrap_or(own), path, name };
    let accounts = call.app.engine.accounts()?;
    if !accounts.remove_view((&call.principal, own), view).await? {
        return Err(Problem::not_found(format!("view `{name}`")));
    }
    Ok(back(&call, list))
}

/// The list that a form names.
fn list(call: &Call) -> Result<&'static Endpoint, Problem> {
    let path = call.field("path");
    let is_list =
        |page: &&Endpoint| page.lists && page.method == Method::Get && is_at(page.path, path);
    super::all().find(is_list).ok_or_else(|| Problem::bad(format!("`path={path}` is no list")))
}

/// Whether a path is one of a pattern, such as `/records/{kind}`.
fn is_at(pattern: &str, path: &str) -> bool {
    let is_name = |part: &str| {
        let fits = |one: char| one.is_ascii_alphanumeric() || "-_.~%:".contains(one);
        !part.is_empty() && part.chars().all(fits) && part.chars().any(|one| one != '.')
    };
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted.starts_with('{') && is_name(given) => {}
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return false,
        }
    }
}

/// What the list is asked, as far as it understands it.
fn query(call: &Call, list: &Endpoint) -> String {
    let asked: Vec<_> = url::form_urlencoded::parse(call.field("query").as_bytes()).collect();
    let known = asked.iter().filter(|(name, _)| list.params().any(|one| one.is_named(name)));
    kept_query(known.map(|(name, value)| (name.as_ref(), value.as_ref())))
}

/// The list that the form stood on.
fn back(call: &Call, list: &Endpoint) -> Response {
    let (organisation, ..) = call.names();
    let path = format!("/o/{organisation}{}", call.field("path"));
    match query(call, list).as_str() {
        "" => html::to(&path),
        asked => html::to(&format!("{path}?{asked}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_pattern_are_its_lists() {
        for (path, is) in [
            ("/records/risk", true),
            ("/records/risk/", false),
            ("/records", false),
            ("/records/..", false),
            ("/records//", false),
            ("/records/a?b", false),
            ("//evil.example", false),
            ("records/risk", false),
        ] {
            assert_eq!(is_at("/records/{kind}", path), is, "{path}");
        }
    }
}
