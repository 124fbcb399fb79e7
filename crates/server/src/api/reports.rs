//! Documents: the register of risks, the dossier of an AI system, a policy.

use axum::response::Response;
use surety_aims::{Kind, derive::risks::Register};
use surety_engine::{
    dossier::{Dossier, PolicyDocument},
    sheets,
    views::STANDARD,
};
use surety_reports::views;

use crate::{
    call::Call,
    document::{Called, shown},
    endpoint::{AS_OF, Endpoint, Gives, handler, of},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/risks",
        "getRisks",
        "The register of risks and opportunities, the worst first.",
        handler!(Organisation, risks),
    )
    .kept()
    .query(&[AS_OF])
    .gives(Gives::View(of::<Register<'_>>)),
    Endpoint::get(
        "/dossiers/{id}",
        "getDossier",
        "Everything about an AI system: what it is, its class and obligations, controls, risks, evidence and history.",
        handler!(Organisation, dossier),
    )
    .query(&[AS_OF])
    .gives(Gives::View(of::<Dossier<'_>>)),
    Endpoint::get(
        "/policies/{id}",
        "getPolicy",
        "A policy as a document: its text, who approved it, and how it came about.",
        handler!(Organisation, policy),
    )
    .query(&[AS_OF])
    .gives(Gives::View(of::<PolicyDocument>)),
];

async fn risks(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let register = view.risks();
    let called = Called { file: "risks", title: views::risks::TITLE };
    shown(&call, &view, called, &register, |names, _| views::risks::sheets(&register, names)).await
}

async fn dossier(call: Call) -> Result<Response, Problem> {
    let system = call.id()?;
    let view = call.view().await?;
    let record = view.of_kind(system, Kind::AiSystem)?;
    let title = views::dossier::title(record);
    let soa = view.soa(STANDARD, None)?;
    let found = view.dossier(&soa, system, call.history(system).await?)?;
    let called = Called { file: &format!("dossier-{system}"), title: &title };
    shown(&call, &view, called, &found, |names, _| {
        sheets::dossier(&view, &soa, record, &found, names)
    })
    .await
}

async fn policy(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let view = call.view().await?;
    let record = view.of_kind(id, Kind::Policy)?;
    let title = views::policy::title(record);
    let found = view.policy(id, call.history(id).await?)?;
    let called = Called { file: &format!("policy-{id}"), title: &title };
    shown(&call, &view, called, &found, |names, _| sheets::policy(record, &found.history, names))
        .await
}
