//! The table of endpoints: what there is, what it asks for, and who answers. Pages stand in it like all else, so that no
//! page skips a check either.

use std::{future::Future, pin::Pin};

use axum::{response::Response, routing::MethodFilter};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;
use surety_aims::{Action, Kind};

use crate::{
    api,
    call::{Asked, Call, Visit},
    describe,
    document::FORMAT,
    html::LISTING,
    pages,
    problem::Problem,
};

/// One endpoint.
pub(crate) struct Endpoint {
    pub(crate) surface: Surface,
    pub(crate) method: Method,
    /// Below the address where endpoints with its handler begin.
    pub(crate) path: &'static str,
    /// Its name in the API description, which generated clients take for their methods.
    pub(crate) operation: &'static str,
    pub(crate) says: &'static str,
    pub(crate) asks: Asks,
    pub(crate) query: &'static [Param],
    /// Parameters that all endpoints of its sort have.
    pub(crate) shared: &'static [Param],
    /// A body that it takes, as an example; empty: none.
    pub(crate) example: &'static str,
    pub(crate) takes: Takes,
    pub(crate) gives: Gives,
    /// Whether a request can say in `If-Match` which version of its record it is based on.
    pub(crate) based: bool,
    /// Headers of its answer that say something about it, by their names in lower case.
    pub(crate) heads: &'static [&'static str],
    /// Statuses beside those that follow from all the above.
    pub(crate) also: &'static [u16],
    /// Whether the answer is a function of the address, the ledger and the day alone: not of who asks, of the time of the
    /// day, or of what stands beside the ledger. Then it is kept, and has an `ETag`.
    pub(crate) kept: bool,
    /// Whether it is a list, of which one can save views. They stand beside the ledger, and an answer is kept for them.
    pub(crate) lists: bool,
    pub(crate) handler: Handler,
}

/// For whom an endpoint is, and with that: where it lies, how whoever asks proves who they are, and how problems look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Surface {
    /// Programs: JSON below `/api/v1`, by token or session.
    Api,
    /// People: HTML, by session; what changes something brings the token of the session in a field of its form.
    Page,
}

/// Who answers, and with that: where the endpoint lies and who has to be known before.
#[derive(Clone, Copy)]
pub(crate) enum Handler {
    /// For anybody.
    Anybody(fn(Asked) -> Answer),
    /// For whoever has an account here.
    Account(fn(Visit) -> Answer),
    /// Below an organisation, for whoever has a part in it.
    Organisation(fn(Call) -> Answer),
}

impl Endpoint {
    /// The whole pattern of its address.
    pub(crate) fn address(&self) -> String {
        let prefix = match (self.surface, self.handler) {
            (Surface::Api, Handler::Anybody(_) | Handler::Account(_)) => "/api/v1",
            (Surface::Api, Handler::Organisation(_)) => "/api/v1/organisations/{organisation}",
            (Surface::Page, Handler::Anybody(_) | Handler::Account(_)) => "",
            (Surface::Page, Handler::Organisation(_)) => "/o/{organisation}",
        };
        format!("{prefix}{}", self.path)
    }

    /// Its parameters, with those that follow from what it gives.
    pub(crate) fn params(&self) -> impl Iterator<Item = &Param> {
        let format = matches!(self.gives, Gives::View(_)).then_some(&FORMAT);
        self.query.iter().chain(self.shared).chain(format)
    }
}

/// A parameter of a query.
#[derive(Clone, Copy)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) is: Is,
    pub(crate) says: &'static str,
    pub(crate) need: Need,
}

/// Whether a parameter has to be given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Optional,
    Required,
}

impl Param {
    pub(crate) const fn needed(self) -> Param {
        Param { need: Need::Required, ..self }
    }

    /// Whether a name in a query is this parameter.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        match self.is {
            Is::Prefix => name.strip_prefix(self.name).is_some_and(|rest| !rest.is_empty()),
            Is::Text
            | Is::Words
            | Is::List
            | Is::Day
            | Is::Id
            | Is::Kind
            | Is::Number(..)
            | Is::OneOf(_) => name == self.name,
        }
    }
}

/// What a parameter looks like.
#[derive(Clone, Copy)]
pub(crate) enum Is {
    Text,
    /// At least one word.
    Words,
    /// Text, any number of times.
    List,
    /// The name of a kind of record.
    Kind,
    /// Any parameter whose name begins with this one's.
    Prefix,
    /// `2026-11-20`.
    Day,
    /// `SYS-7`.
    Id,
    /// A whole number in these bounds.
    Number(i64, i64),
    OneOf(&'static [&'static str]),
}

/// The schema of a type, whose parts the generator keeps by name.
pub(crate) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What the body of a request is.
#[derive(Clone, Copy)]
pub(crate) enum Takes {
    Nothing,
    Json(SchemaOf),
    /// The same of up to [`MAX_BATCH`] bytes, as a whole inventory may come in it.
    Batch(SchemaOf),
    /// RFC 7396.
    MergePatch,
    /// The fields of a form of ours.
    Form,
    /// The bytes of a file, read by the handler as they come.
    File,
}

/// The largest body of many commands, in bytes. Only whoever has a part in the organisation can send one.
pub(crate) const MAX_BATCH: usize = 32 << 20;

/// What the body of an answer is, when all went well.
#[derive(Clone, Copy)]
pub(crate) enum Gives {
    Json(SchemaOf),
    /// The same, or as a document: what the parameter `format` or `Accept` says.
    View(SchemaOf),
    /// JSON with status 201, or 200 if it was there.
    Created(SchemaOf),
    /// Text of this media type.
    Text(&'static str),
    /// A file for download.
    File(&'static str),
    /// HTML, or after a form was sent the way to the page that comes next.
    Page,
    /// Status 303: what to ask next stands in `Location`.
    Redirect,
    /// Status 204.
    Nothing,
}

/// The schema of `T`.
pub(crate) fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// The methods that endpoints have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// As API descriptions write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Method::Get => "get",
            Method::Post => "post",
            Method::Put => "put",
            Method::Patch => "patch",
            Method::Delete => "delete",
        }
    }

    pub(crate) fn filter(self) -> MethodFilter {
        match self {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Patch => MethodFilter::PATCH,
            Method::Delete => MethodFilter::DELETE,
        }
    }
}

/// The answer of a handler, to come.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send>>;

/// What the caller must be allowed before a handler is asked at all. Commands ask again for the record's kind and step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    /// Nothing: it is about nobody, or about the caller alone.
    Nothing,
    Read,
    ReadLedger,
    /// What the command asks for: its decision looks at the role, the kind of record and the step.
    Change,
    /// To state records of that kind, before a command says so: an upload is not even read from anybody else.
    State(Kind),
    Redact,
    Administer,
}

impl Asks {
    /// The action of the permission table; `None`: the command says it.
    pub(crate) fn action(self) -> Option<Action> {
        match self {
            Asks::Read => Some(Action::Read),
            Asks::ReadLedger => Some(Action::ReadLedger),
            Asks::State(kind) => Some(Action::State(kind)),
            Asks::Redact => Some(Action::Redact),
            Asks::Administer => Some(Action::Administer),
            Asks::Nothing | Asks::Change => None,
        }
    }
}

/// A handler as the table holds it: `handler!(Organisation, records::list)`.
macro_rules! handler {
    ($who:ident, $handler:path) => {
        $crate::endpoint::Handler::$who(|asked| Box::pin($handler(asked)))
    };
}
pub(crate) use handler;

pub(crate) const fn param(name: &'static str, is: Is, says: &'static str) -> Param {
    Param { name, is, says, need: Need::Optional }
}

pub(crate) const AS_OF: Param =
    param("as_of", Is::Day, "The state at the end of this day (UTC); now if not given.");

impl Endpoint {
    /// Something to read as JSON, for whoever may read.
    pub(crate) const fn get(
        path: &'static str,
        operation: &'static str,
        says: &'static str,
        handler: Handler,
    ) -> Endpoint {
        Endpoint {
            surface: Surface::Api,
            method: Method::Get,
            path,
            operation,
            says,
            asks: Asks::Read,
            query: &[],
            shared: &[],
            example: "",
            based: false,
            heads: &[],
            takes: Takes::Nothing,
            gives: Gives::Json(of::<Value>),
            also: &[],
            kept: false,
            lists: false,
            handler,
        }
    }

    /// Something that changes records, by a command.
    pub(crate) const fn change(
        method: Method,
        path: &'static str,
        operation: &'static str,
        says: &'static str,
        handler: Handler,
    ) -> Endpoint {
        Endpoint { method, asks: Asks::Change, ..Endpoint::get(path, operation, says, handler) }
    }

    /// A page to look at. What it shows of an organisation can be asked of any day.
    pub(crate) const fn page(
        path: &'static str,
        operation: &'static str,
        says: &'static str,
        handler: Handler,
    ) -> Endpoint {
        let shared: &[Param] = if let Handler::Organisation(_) = handler { &[AS_OF] } else { &[] };
        let surface = Surface::Page;
        let endpoint = Endpoint::get(path, operation, says, handler);
        Endpoint { surface, shared, gives: Gives::Page, ..endpoint }
    }

    /// What a form of a page is sent to.
    pub(crate) const fn form(
        path: &'static str,
        operation: &'static str,
        says: &'static str,
        handler: Handler,
    ) -> Endpoint {
        let asks =
            if let Handler::Organisation(_) = handler { Asks::Change } else { Asks::Nothing };
        let endpoint = Endpoint::page(path, operation, says, handler);
        Endpoint { method: Method::Post, takes: Takes::Form, shared: &[], asks, ..endpoint }
    }

    pub(crate) const fn method(self, method: Method) -> Endpoint {
        Endpoint { method, ..self }
    }

    pub(crate) const fn asks(self, asks: Asks) -> Endpoint {
        Endpoint { asks, ..self }
    }

    pub(crate) const fn query(self, query: &'static [Param]) -> Endpoint {
        Endpoint { query, ..self }
    }

    pub(crate) const fn takes(self, takes: Takes) -> Endpoint {
        Endpoint { takes, ..self }
    }

    pub(crate) const fn gives(self, gives: Gives) -> Endpoint {
        Endpoint { gives, ..self }
    }

    pub(crate) const fn example(self, example: &'static str) -> Endpoint {
        Endpoint { example, ..self }
    }

    pub(crate) const fn heads(self, heads: &'static [&'static str]) -> Endpoint {
        Endpoint { heads, ..self }
    }

    pub(crate) const fn based(self) -> Endpoint {
        Endpoint { based: true, ..self }
    }

    /// A page that is a list: it understands what all lists do.
    pub(crate) const fn listing(self) -> Endpoint {
        Endpoint { shared: LISTING, lists: true, ..self }
    }

    pub(crate) const fn kept(self) -> Endpoint {
        Endpoint { kept: true, ..self }
    }

    pub(crate) const fn also(self, also: &'static [u16]) -> Endpoint {
        Endpoint { also, ..self }
    }
}

/// Every endpoint of the API and every page.
pub(crate) fn all() -> impl Iterator<Item = &'static Endpoint> {
    api().chain(pages::all())
}

/// Every endpoint of the API. Each file of `api` holds those of its noun.
pub(crate) fn api() -> impl Iterator<Item = &'static Endpoint> {
    [
        describe::ENDPOINTS,
        api::oidc::ENDPOINTS,
        api::records::ENDPOINTS,
        api::list::ENDPOINTS,
        api::comments::ENDPOINTS,
        api::search::ENDPOINTS,
        api::bulk::ENDPOINTS,
        api::views::ENDPOINTS,
        api::reports::ENDPOINTS,
        api::decisions::ENDPOINTS,
        api::frameworks::ENDPOINTS,
        api::classes::ENDPOINTS,
        api::law::ENDPOINTS,
        api::incidents::ENDPOINTS,
        api::downloads::ENDPOINTS,
        api::ledger::ENDPOINTS,
        api::files::ENDPOINTS,
        api::attachments::ENDPOINTS,
        api::sign_in::ENDPOINTS,
        api::me::ENDPOINTS,
        api::factors::ENDPOINTS,
        api::members::ENDPOINTS,
        api::invitations::ENDPOINTS,
        api::tokens::ENDPOINTS,
        api::security::ENDPOINTS,
        api::replica::ENDPOINTS,
        api::commands::ENDPOINTS,
        api::people::ENDPOINTS,
    ]
    .into_iter()
    .flatten()
}
