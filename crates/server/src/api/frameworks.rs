//! Frameworks in use, their requirements, and crosswalks between them.

use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;
use surety_aims::derive::coverage::ChainStep;
use surety_catalog::{Certainty, Relationship, Requirement};

use crate::{
    call::{Call, json as answer},
    endpoint::{AS_OF, Endpoint, Gives, Is, handler, of, param},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/frameworks",
        "listFrameworks",
        "The frameworks in use.",
        handler!(Organisation, list),
    )
    .kept()
    .query(&[AS_OF])
    .gives(Gives::Json(of::<Vec<InUse<'_>>>)),
    Endpoint::get(
        "/frameworks/{framework}",
        "getRequirements",
        "The requirements of a framework, in our own words or those of its source.",
        handler!(Organisation, requirements),
    )
    .kept()
    .query(&[AS_OF])
    .gives(Gives::Json(of::<Vec<Requirement>>)),
    Endpoint::get(
        "/crosswalk",
        "getCrosswalk",
        "Which requirements of two frameworks have to do with each other, by which mappings.",
        handler!(Organisation, crosswalk),
    )
    .kept()
    .query(&[
        param("from", Is::Words, "A framework in use.").needed(),
        param("to", Is::Words, "Another one.").needed(),
        AS_OF,
    ])
    .gives(Gives::Json(of::<Vec<Link<'_>>>)),
];

/// A framework that is used.
#[derive(Serialize, JsonSchema)]
struct InUse<'c> {
    id: &'c str,
    urn: &'c str,
    name: &'c str,
    version: &'c str,
    provider: &'c str,
    locale: &'c str,
    requirements: usize,
    /// Those that can be judged.
    assessable: usize,
}

/// How a requirement has to do with another one.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CrosswalkLink")]
struct Link<'c> {
    from: &'c str,
    to: &'c str,
    relationship: Relationship,
    certainty: Certainty,
    /// 1 (faint) to 10 (same); null: a mapping does not say.
    strength: Option<u8>,
    /// The mappings that lead there.
    steps: Vec<ChainStep<'c>>,
}

async fn list(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let in_use = view.catalogs.frameworks().map(|framework| InUse {
        id: &framework.id,
        urn: &framework.urn,
        name: &framework.name,
        version: &framework.version,
        provider: &framework.provider,
        locale: &framework.locale,
        requirements: framework.requirements.len(),
        assessable: framework.requirements.iter().filter(|one| one.assessable).count(),
    });
    answer(&in_use.collect::<Vec<_>>())
}

async fn requirements(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let name = call.part("framework");
    let framework = view.catalogs.framework(name);
    let missing = || Problem::not_found(format!("framework `{name}` in use"));
    answer(&framework.ok_or_else(missing)?.requirements)
}

async fn crosswalk(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let from = view.framework(call.needed("from")?)?;
    let to = view.framework(call.needed("to")?)?;
    let links = view.catalogs.crosswalk(&from.id, &to.id);
    let rows = links.iter().map(|link| Link {
        from: &link.source.id,
        to: &link.target.id,
        relationship: link.relationship,
        certainty: link.certainty,
        strength: link.strength,
        steps: ChainStep::of(link),
    });
    answer(&rows.collect::<Vec<_>>())
}
