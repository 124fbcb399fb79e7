//! What binds in a scope on a day, whoever asks.

use jiff::civil::Date;
use serde::Serialize;
use surety_catalog::{Confidence, Law, ObligationKind};

use super::{
    Facts, LawError, Reading, Start, StartRule,
    reading::Provision,
    start::{Asked, start},
    why::list,
};

/// The scope asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// A scope of the law's dates, such as `high_risk_annex_iii_legacy`, or a tier.
    pub scope: &'a str,
    /// Of an older system: the first significant change of its design.
    pub significant_change_on: Option<Date>,
}

/// Whether one provision binds in the scope on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Binding<'l> {
    pub id: &'l str,
    #[serde(rename = "ref")]
    pub reference: &'l str,
    pub title: &'l str,
    pub kind: ObligationKind,
    pub binds: bool,
    /// When it applies on its face in this version of the law; `None`: not on a day.
    pub formal_from: Option<Date>,
    /// The first day on which it can bite; `None`: on no day that is known.
    pub operative_from: Option<Date>,
    /// The scope whose dates hold: the one asked about, its tier, or `all`; empty where there is none.
    pub scope: &'l str,
    pub basis: &'l str,
    pub confidence: Confidence,
    pub version: &'l str,
    /// The reason as a sentence.
    pub why: String,
}

/// For every provision, in the order of the law, whether it binds in a scope on the day `on` by the law as published by
/// `law_as_of`. Only dates are looked at: whose duty it is and on which conditions is for [`super::obligations`].
///
/// # Errors
/// [`LawError::UnknownScope`], [`LawError::NothingPublished`].
pub fn binding<'l>(
    law: &'l Law,
    on: Date,
    law_as_of: Date,
    place: Place<'_>,
) -> Result<Vec<Binding<'l>>, LawError> {
    let known = law.scopes.iter().chain(&law.tiers);
    if !known.clone().any(|one| one == place.scope) {
        return Err(LawError::UnknownScope {
            law: law.framework.clone(),
            scope: place.scope.to_owned(),
            known: list(&law.scopes, "or"),
        });
    }
    let reading = Reading::new(law, on, law_as_of)?;
    let tiers = tiers_of(law, place.scope);
    let facts = Facts { significant_change_on: place.significant_change_on, ..Facts::default() };
    let asked = Asked { scope: place.scope, tiers: &tiers, facts: &facts, changed: false };
    Ok(reading.provisions.iter().map(|one| of(&reading, one, asked)).collect())
}

/// The tiers that a scope is a part of, or itself, and those that it includes.
fn tiers_of<'a>(law: &'a Law, scope: &'a str) -> Vec<&'a str> {
    let named = law.scope_tiers.iter().find(|one| one.scope == scope);
    let mut tiers: Vec<&str> = match named {
        Some(named) => named.tiers.iter().map(String::as_str).collect(),
        None => vec![scope],
    };
    let includes = law.inclusions.iter().filter(|one| one.tier.as_deref() == Some(scope));
    tiers.extend(includes.map(|one| one.includes.as_str()));
    tiers
}

fn of<'l>(reading: &Reading<'l>, provision: &Provision<'l>, asked: Asked<'_>) -> Binding<'l> {
    let obligation = provision.obligation;
    let rows = provision.versions.first().map_or(&[][..], |version| &version.rows);
    let start = start(reading.law, rows, asked);
    let operative_from = start.and_then(|start| start.operative_from);
    let binds = operative_from.is_some_and(|day| day <= reading.on);
    Binding {
        id: &obligation.id,
        reference: &obligation.reference,
        title: &obligation.title,
        kind: obligation.kind,
        binds,
        formal_from: start.and_then(|start| start.formal_from),
        operative_from,
        scope: start.map_or("", |start| start.scope),
        basis: start.map_or("", |start| start.basis),
        confidence: start
            .map_or(obligation.confidence, |start| start.confidence.max(obligation.confidence)),
        version: &reading.version.id,
        why: why(reading, provision, start, asked.scope),
    }
}

fn why(
    reading: &Reading<'_>,
    provision: &Provision<'_>,
    start: Option<Start<'_>>,
    scope: &str,
) -> String {
    let version = &reading.version.id;
    let Some(start) = start else {
        let stands = provision.versions.first().is_some_and(|one| !one.rows.is_empty());
        return if stands {
            format!("version {version} has no date for the scope {scope}")
        } else {
            format!("it does not stand in version {version}")
        };
    };
    let announced = provision.versions.get(1).filter(|_| start.rule == StartRule::Dates);
    let announced = announced.map(|later| {
        let (id, day) = (&later.version.id, later.version.in_force_from);
        format!("; version {id} was published and is in force from {day}")
    });
    format!("{start}{}", announced.unwrap_or_default())
}
