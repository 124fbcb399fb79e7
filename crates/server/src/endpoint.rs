//! The table of endpoints: what there is, what it asks for, and who answers.

use std::{future::Future, pin::Pin};

use axum::{response::Response, routing::MethodFilter};
use surety_aims::Action;

use crate::{
    api::{ledger, records, views},
    call::Call,
    problem::Problem,
};

/// One endpoint of an organisation.
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    /// Below `/api/v1/organisations/{organisation}`.
    pub(crate) path: &'static str,
    /// Its name in the API description, which generated clients take for their methods.
    pub(crate) operation: &'static str,
    pub(crate) says: &'static str,
    pub(crate) asks: Asks,
    /// Query parameters, each with what it means.
    pub(crate) query: &'static [(&'static str, &'static str)],
    pub(crate) answer: fn(Call) -> Answer,
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
    Read,
    ReadLedger,
    /// What the command asks for: its decision looks at the role, the kind of record and the step.
    Change,
}

impl Asks {
    /// The action of the permission table; `None`: the command says it.
    pub(crate) fn action(self) -> Option<Action> {
        match self {
            Asks::Read => Some(Action::Read),
            Asks::ReadLedger => Some(Action::ReadLedger),
            Asks::Change => None,
        }
    }
}

/// A handler as the table holds it.
macro_rules! answer {
    ($handler:path) => {
        |call| Box::pin($handler(call))
    };
}

const AS_OF: (&str, &str) = ("as_of", "The state at the end of this day (UTC); now if not given.");
const FRAMEWORK: (&str, &str) = ("framework", "A framework in use; iso42001 if not given.");
const ON: (&str, &str) = ("on", "The day for which the law is asked; today if not given.");
const LAW_AS_OF: (&str, &str) =
    ("law_as_of", "The law as published by this day; today if not given.");

const fn get(
    path: &'static str,
    operation: &'static str,
    says: &'static str,
    query: &'static [(&'static str, &'static str)],
    answer: fn(Call) -> Answer,
) -> Endpoint {
    Endpoint { method: Method::Get, path, operation, says, asks: Asks::Read, query, answer }
}

const fn change(
    method: Method,
    path: &'static str,
    operation: &'static str,
    says: &'static str,
    answer: fn(Call) -> Answer,
) -> Endpoint {
    Endpoint { method, path, operation, says, asks: Asks::Change, query: &[], answer }
}

const fn of_ledger(
    path: &'static str,
    operation: &'static str,
    says: &'static str,
    query: &'static [(&'static str, &'static str)],
    answer: fn(Call) -> Answer,
) -> Endpoint {
    Endpoint { method: Method::Get, path, operation, says, asks: Asks::ReadLedger, query, answer }
}

/// Every endpoint.
pub(crate) const ALL: &[Endpoint] = &[
    get(
        "",
        "getOrganisation",
        "The organisation and what the caller may do in it.",
        &[],
        answer!(records::organisation),
    ),
    get(
        "/kinds",
        "listKinds",
        "The kinds of records, with their schemas and life cycles.",
        &[],
        answer!(records::kinds),
    ),
    get(
        "/records/{kind}",
        "listRecords",
        "Records of a kind, page by page.",
        &[
            ("state", "Only records in this state."),
            ("owner", "Only records of this owner, such as PER-3."),
            ("q", "Only records in which this text occurs, whatever its case."),
            (
                "sort",
                "`id`, `title`, `state`, `version` or `changed`; with `-` before it the other way round.",
            ),
            ("limit", "How many at most: 1 to 1000, 100 if not given."),
            ("after", "The cursor that the page before gave as `next`."),
            AS_OF,
        ],
        answer!(records::list),
    ),
    change(
        Method::Post,
        "/records/{kind}",
        "createRecord",
        "State a new record.",
        answer!(records::create),
    ),
    get(
        "/records/{kind}/{id}",
        "getRecord",
        "One record, with its version as ETag.",
        &[AS_OF],
        answer!(records::show),
    ),
    change(
        Method::Put,
        "/records/{kind}/{id}",
        "replaceRecord",
        "State the next version of a record, whole.",
        answer!(records::replace),
    ),
    change(
        Method::Patch,
        "/records/{kind}/{id}",
        "patchRecord",
        "State the next version of a record by a JSON merge patch (RFC 7396) of its body.",
        answer!(records::patch),
    ),
    Endpoint {
        method: Method::Delete,
        path: "/records/{kind}/{id}",
        operation: "withdrawRecord",
        says: "Withdraw a record.",
        asks: Asks::Change,
        query: &[("reason", "Why it is withdrawn.")],
        answer: answer!(records::withdraw),
    },
    change(
        Method::Post,
        "/records/{kind}/{id}/transitions",
        "moveRecord",
        "Take a step of its life cycle.",
        answer!(records::transition),
    ),
    get(
        "/records/{kind}/{id}/history",
        "getHistory",
        "Every version and step, newest first.",
        &[],
        answer!(records::history),
    ),
    get(
        "/records/{kind}/{id}/references",
        "getReferences",
        "What it refers to, and what refers to it.",
        &[AS_OF],
        answer!(records::references),
    ),
    get(
        "/soa",
        "getSoa",
        "The Statement of Applicability: controls x AI systems.",
        &[FRAMEWORK, AS_OF],
        answer!(views::soa),
    ),
    get(
        "/gap",
        "getGap",
        "The gap analysis; of all frameworks in use if none is named.",
        &[FRAMEWORK, AS_OF],
        answer!(views::gap),
    ),
    get(
        "/plan",
        "getPlan",
        "The action plan, the most pressing first.",
        &[AS_OF],
        answer!(views::plan),
    ),
    get(
        "/due",
        "getDue",
        "Everything with a date, overdue first.",
        &[("days", "Only up to so many days ahead."), AS_OF],
        answer!(views::due),
    ),
    get(
        "/readiness",
        "getReadiness",
        "Readiness for Stage 1 and Stage 2.",
        &[AS_OF],
        answer!(views::readiness),
    ),
    get(
        "/coverage",
        "getCoverage",
        "How far work done for one framework covers another.",
        &[
            ("from", "The framework for which work was done."),
            ("to", "The framework that is to be covered."),
            AS_OF,
        ],
        answer!(views::coverage),
    ),
    get(
        "/activity",
        "getActivity",
        "Which record was touched for which control in a period.",
        &[
            ("from", "The first day; 30 days before the last if not given."),
            ("to", "The last day; today if not given."),
        ],
        answer!(views::activity),
    ),
    get(
        "/classes",
        "getClasses",
        "The kept classes of AI systems under the EU AI Act, and whether they hold.",
        &[LAW_AS_OF, AS_OF],
        answer!(views::classes),
    ),
    get(
        "/obligations/{id}",
        "getObligations",
        "The obligations of an AI system, with why and why not.",
        &[ON, LAW_AS_OF, AS_OF],
        answer!(views::obligations),
    ),
    get(
        "/law/calendar",
        "getLawCalendar",
        "What the law brings on which day, for which AI systems.",
        &[ON, LAW_AS_OF],
        answer!(views::calendar),
    ),
    get(
        "/law/impact",
        "getLawImpact",
        "What a newer version of the law changes.",
        &[("from", "The older version."), ("to", "The newer version.")],
        answer!(views::impact),
    ),
    get(
        "/clocks/{id}",
        "getClocks",
        "The reporting clocks of an incident.",
        &[ON, LAW_AS_OF, AS_OF],
        answer!(views::clocks),
    ),
    of_ledger(
        "/ledger/checkpoint",
        "getCheckpoint",
        "The signed head of the ledger (C2SP tlog-checkpoint).",
        &[],
        answer!(ledger::checkpoint),
    ),
    of_ledger(
        "/ledger/keys",
        "getKeys",
        "The keys that sign checkpoints (C2SP signed-note).",
        &[],
        answer!(ledger::keys),
    ),
    of_ledger(
        "/ledger/entries",
        "listEntries",
        "Entries as they are stored.",
        &[
            ("from", "The first entry; 0 if not given."),
            ("limit", "How many at most: 1 to 1000, 100 if not given."),
        ],
        answer!(ledger::entries),
    ),
    of_ledger(
        "/ledger/entries/{seq}/proof",
        "getProof",
        "The proof that an entry is on the ledger (RFC 6962).",
        &[],
        answer!(ledger::proof),
    ),
];
