//! The law as it governs one day by what was known on another, with everything looked up that each derivation needs.

use std::collections::HashMap;

use jiff::civil::Date;
use surety_catalog::{Application, Article, Law, LawVersion, Obligation};

use super::{Obligations, Penalty, Start, Subject, entry, penalties, start};

/// What can be wrong with a question about the law.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LawError {
    #[error(
        "{law}: nothing was published by {law_as_of}; the first version was published on {first}"
    )]
    NothingPublished { law: String, law_as_of: Date, first: Date },
    #[error("{law} has no version `{version}`; use one of {known}")]
    UnknownVersion { law: String, version: String, known: String },
    #[error("{law} has no scope `{scope}`; use one of {known}")]
    UnknownScope { law: String, scope: String, known: String },
}

/// Derives the obligations of one subject; see [`Reading::obligations`]. For many subjects make one [`Reading`].
///
/// # Errors
/// [`LawError::NothingPublished`] by `law_as_of`.
pub fn obligations<'l>(
    law: &'l Law,
    subject: &Subject,
    on: Date,
    law_as_of: Date,
) -> Result<Obligations<'l>, LawError> {
    Ok(Reading::new(law, on, law_as_of)?.obligations(subject))
}

/// A law read for the day `on` as it was known on `law_as_of`.
pub struct Reading<'l> {
    pub law: &'l Law,
    /// The version that governs the day.
    pub version: &'l LawVersion,
    pub on: Date,
    pub law_as_of: Date,
    /// In the order of the law.
    pub(super) provisions: Vec<Provision<'l>>,
}

/// A provision with what each version of the law says about it.
pub(super) struct Provision<'l> {
    pub(super) obligation: &'l Obligation,
    pub(super) article: &'l Article,
    /// The governing version first, then those that were announced by then.
    pub(super) versions: Vec<InVersion<'l>>,
    /// Of the governing version.
    pub(super) penalties: Vec<Penalty<'l>>,
}

/// A provision in one version of the law.
pub(super) struct InVersion<'l> {
    pub(super) version: &'l LawVersion,
    /// The last day of the version, as far as it was known.
    pub(super) until: Option<Date>,
    pub(super) tiers: &'l [String],
    /// None of a provision that does not stand in this version.
    pub(super) rows: Vec<&'l Application>,
}

impl<'l> Reading<'l> {
    /// The law for a day by what had been published by another.
    ///
    /// # Errors
    /// [`LawError::NothingPublished`] by `law_as_of`.
    pub fn new(law: &'l Law, on: Date, law_as_of: Date) -> Result<Reading<'l>, LawError> {
        let version = governing(law, on, law_as_of)?;
        let versions =
            law.known(law_as_of).filter(|one| one.in_force_from >= version.in_force_from);
        Ok(Reading::of(law, versions.collect(), on, law_as_of, version))
    }

    /// One version of the law, as if it governed the day and nothing came after it.
    ///
    /// # Errors
    /// [`LawError::UnknownVersion`].
    pub fn of_version(law: &'l Law, version: &str, on: Date) -> Result<Reading<'l>, LawError> {
        let known = || {
            let names: Vec<&str> = law.versions.iter().map(|one| one.id.as_str()).collect();
            names.join(", ")
        };
        let version = law.version(version).ok_or_else(|| LawError::UnknownVersion {
            law: law.framework.clone(),
            version: version.to_owned(),
            known: known(),
        })?;
        Ok(Reading::of(law, vec![version], on, version.published, version))
    }

    /// Everything published by `law_as_of`, from the first version on: for what happened and happens when.
    pub(super) fn history(
        law: &'l Law,
        on: Date,
        law_as_of: Date,
    ) -> Result<Reading<'l>, LawError> {
        let version = governing(law, on, law_as_of)?;
        Ok(Reading::of(law, law.known(law_as_of).collect(), on, law_as_of, version))
    }

    /// What the law asks of a subject and what it does not, provision by provision, each with its reasons.
    pub fn obligations(&self, subject: &Subject) -> Obligations<'l> {
        Obligations {
            version: self.version,
            on: self.on,
            law_as_of: self.law_as_of,
            entries: entry::entries(self, subject),
        }
    }

    /// Like [`Reading::obligations`], but only what applies, now or later: for many subjects at once.
    pub fn applying(&self, subject: &Subject) -> Obligations<'l> {
        Obligations {
            version: self.version,
            on: self.on,
            law_as_of: self.law_as_of,
            entries: entry::applying(self, subject),
        }
    }

    fn of(
        law: &'l Law,
        versions: Vec<&'l LawVersion>,
        on: Date,
        law_as_of: Date,
        version: &'l LawVersion,
    ) -> Reading<'l> {
        let regimes: HashMap<&str, &[Application]> =
            law.regimes.iter().map(|one| (one.id.as_str(), one.dates.as_slice())).collect();
        let in_versions = |obligation: &'l Obligation| {
            let dates = regimes.get(obligation.regime.as_str()).copied().unwrap_or_default();
            let next = versions.iter().skip(1).map(Some).chain(std::iter::once(None));
            let in_version =
                |(version, next): (&&'l LawVersion, Option<&&'l LawVersion>)| InVersion {
                    version,
                    until: next.and_then(|next| next.in_force_from.yesterday().ok()),
                    tiers: law.tiers_in(obligation, &version.id),
                    rows: if law.has_since(obligation.since.as_deref(), &version.id) {
                        dates.iter().filter(|row| row.version == version.id).collect()
                    } else {
                        Vec::new()
                    },
                };
            versions.iter().zip(next).map(in_version).collect()
        };
        let provisions = law.articles.iter().flat_map(|article| {
            article.obligations.iter().map(move |obligation| (article, obligation))
        });
        let provisions = provisions.map(|(article, obligation)| Provision {
            obligation,
            article,
            versions: in_versions(obligation),
            penalties: penalties(law, obligation, &version.id),
        });
        Reading { law, version, on, law_as_of, provisions: provisions.collect() }
    }
}

/// The first day within a version on which something that starts on `start` binds; `None`: not in this version.
pub(super) fn first_day(start: &Start<'_>, version: &InVersion<'_>) -> Option<Date> {
    let day = start.operative_from?.max(version.version.in_force_from);
    version.until.is_none_or(|until| day <= until).then_some(day)
}

/// The start of a provision in one version for each of the tiers of a subject that it addresses, by the tier's name.
pub(super) fn starts<'l>(
    law: &'l Law,
    provision: &Provision<'l>,
    version: &InVersion<'l>,
    subject: &Subject,
    tiers: &[&str],
) -> Vec<(&'l str, Start<'l>)> {
    let names_it =
        |finding: &str| provision.obligation.requires_any.iter().any(|one| one == finding);
    let has = |finding: &str| subject.findings.contains(finding);
    let mut found = Vec::new();
    for tier in version.tiers.iter().filter(|tier| tiers.contains(&tier.as_str())) {
        let chain = chain(law, tier);
        let transition = start::transition(law, tier, has);
        let start =
            start::start_for_tier(law, &version.rows, &chain, transition, names_it, &subject.facts);
        found.extend(start.map(|start| (tier.as_str(), start)));
    }
    found
}

/// A tier and those that it includes.
fn chain<'l>(law: &'l Law, tier: &'l str) -> Vec<&'l str> {
    let includes = law.inclusions.iter().filter(|one| one.tier.as_deref() == Some(tier));
    std::iter::once(tier).chain(includes.map(|one| one.includes.as_str())).collect()
}

fn governing(law: &Law, on: Date, law_as_of: Date) -> Result<&LawVersion, LawError> {
    law.version_for(on, law_as_of).ok_or_else(|| LawError::NothingPublished {
        law: law.framework.clone(),
        law_as_of,
        first: law.versions.first().map_or(law_as_of, |one| one.published),
    })
}
