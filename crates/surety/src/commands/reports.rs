//! Documents: the register of risks, the dossier of an AI system, a policy.

use surety_aims::Kind;
use surety_engine::{sheets, views::STANDARD};
use surety_reports::{Format, views};

use super::views::{open, write_sheets};
use crate::{
    args::{About, ViewArgs},
    output::{Outcome, write_json},
    session::Session,
};

pub(crate) async fn risks(session: &Session, args: &ViewArgs) -> anyhow::Result<Outcome> {
    let view = open(session, args.as_of).await?;
    let register = view.risks();
    if args.output.format == Format::Json {
        write_json(&register, &args.output)?;
    } else {
        write_sheets(session, &view, &args.output, views::risks::TITLE, |names| {
            views::risks::sheets(&register, names)
        })
        .await?;
    }
    Ok(Outcome::Done)
}

pub(crate) async fn dossier(session: &Session, args: &About) -> anyhow::Result<Outcome> {
    let view = open(session, args.view.as_of).await?;
    let record = view.of_kind(args.record, Kind::AiSystem)?;
    let soa = view.soa(STANDARD, None)?;
    let history = session.aims.history_in(&view, record.id).await?;
    let found = view.dossier(&soa, record.id, history)?;
    let output = &args.view.output;
    if output.format == Format::Json {
        write_json(&found, output)?;
    } else {
        write_sheets(session, &view, output, &views::dossier::title(record), |names| {
            sheets::dossier(&view, &soa, record, &found, names)
        })
        .await?;
    }
    Ok(Outcome::Done)
}

pub(crate) async fn policy(session: &Session, args: &About) -> anyhow::Result<Outcome> {
    let view = open(session, args.view.as_of).await?;
    let record = view.of_kind(args.record, Kind::Policy)?;
    let history = session.aims.history_in(&view, record.id).await?;
    let found = view.policy(record.id, history)?;
    let output = &args.view.output;
    if output.format == Format::Json {
        write_json(&found, output)?;
    } else {
        write_sheets(session, &view, output, &views::policy::title(record), |names| {
            sheets::policy(record, &found.history, names)
        })
        .await?;
    }
    Ok(Outcome::Done)
}
