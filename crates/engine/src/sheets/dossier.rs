//! Documents about one record as tables.

use surety_aims::{Record, derive::soa::Soa};
use surety_reports::{
    Sheet,
    views::{self, Names, policy::Step},
};

use super::{Contents, classes, obligations};
use crate::{HistoryRow, View, dossier::Dossier};

/// The tables of the dossier of an AI system, in the order in which it is read.
pub fn dossier(
    view: &View,
    soa: &Soa<'_>,
    record: &Record,
    found: &Dossier<'_>,
    names: &Names<'_>,
) -> Vec<Sheet> {
    let system = record.id;
    let steps = steps(&found.history);
    let mut kept = view.kept_classes(view.on);
    kept.retain(|one| one.system == system);
    let mut sheets = vec![views::dossier::overview(record, names), classes(&kept)];
    if let Some(found) = &found.obligations {
        sheets.push(obligations(found, names.person, false));
    }
    sheets.extend([
        views::dossier::controls(soa, system, names),
        views::dossier::risks_of(&view.risks(), system, names),
        views::dossier::assessments(system, names),
        views::dossier::parts(record, names),
        views::dossier::evidence(system, names),
        views::dossier::gates(&steps, names),
        views::dossier::incidents(system, names),
        views::dossier::history(&steps, names),
    ]);
    sheets
}

/// A policy: what its front says, and its tables.
pub fn policy(record: &Record, history: &[HistoryRow], names: &Names<'_>) -> Contents {
    Contents {
        front: views::policy::front(record, names),
        sheets: views::policy::sheets(record, &steps(history), names),
    }
}

fn steps(history: &[HistoryRow]) -> Vec<Step> {
    let step = |row: &HistoryRow| Step {
        seq: row.seq,
        at: row.at,
        by: row.by.clone(),
        what: row.what.clone(),
        detail: row.detail.clone(),
    };
    history.iter().map(step).collect()
}
