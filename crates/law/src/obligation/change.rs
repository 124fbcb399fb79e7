//! What changed from one version of the law to another, point by point.

use serde::Serialize;
use surety_catalog::{Fine, Law, LawChange, Obligation};

use super::LawError;

/// One point of an amending act with what it touches.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Change<'l> {
    #[serde(flatten)]
    pub change: &'l LawChange,
    /// How the provisions that it touches read now and before, where both are told.
    pub provisions: Vec<Rewording<'l>>,
    #[serde(skip)]
    pub fines: Vec<&'l Fine>,
}

/// A provision in two versions.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Rewording<'l> {
    pub id: &'l str,
    #[serde(rename = "ref")]
    pub reference: &'l str,
    pub title: &'l str,
    #[serde(skip)]
    pub obligation: &'l Obligation,
    /// `None`: it did not stand in the earlier version.
    pub before: Option<&'l str>,
    pub after: &'l str,
}

/// The changes of every version after `from` up to `to`, in the order of the amending acts.
///
/// # Errors
/// [`LawError::UnknownVersion`].
pub fn changes<'l>(law: &'l Law, from: &str, to: &str) -> Result<Vec<Change<'l>>, LawError> {
    let position = |id: &str| {
        law.versions.iter().position(|one| one.id == id).ok_or_else(|| LawError::UnknownVersion {
            law: law.framework.clone(),
            version: id.to_owned(),
            known: super::why::list(
                &law.versions.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
                "or",
            ),
        })
    };
    let (from_position, to_position) = (position(from)?, position(to)?);
    let between = |version: &str| {
        position(version).is_ok_and(|one| from_position < one && one <= to_position)
    };
    let changes = law.changes.changes.iter().filter(|change| between(&change.version));
    Ok(changes.map(|change| resolved(law, change, from, to)).collect())
}

fn resolved<'l>(law: &'l Law, change: &'l LawChange, from: &str, to: &str) -> Change<'l> {
    let stood = |obligation: &'l Obligation| law.applications(obligation, from).next().is_some();
    let provisions = change.obligations.iter().filter_map(|id| law.obligation(id));
    Change {
        change,
        provisions: provisions
            .map(|obligation| Rewording {
                id: &obligation.id,
                reference: &obligation.reference,
                title: &obligation.title,
                obligation,
                before: stood(obligation).then(|| law.text_in(obligation, from)),
                after: law.text_in(obligation, to),
            })
            .collect(),
        fines: law.penalties.fines.iter().filter(|one| change.fines.contains(&one.id)).collect(),
    }
}
