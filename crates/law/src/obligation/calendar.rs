//! What starts, changes and falls due when, for whom, and for which of our systems.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use serde::Serialize;
use surety_catalog::{Confidence, DateRegime, Law, LawVersion, Obligation};

use super::{
    Facts, LawError, Reading, Start, Subject,
    entry::selected,
    reading::{InVersion, Provision, first_day, starts},
    start::{Asked, start},
};

/// Something that the law brings on a day.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct CalendarEntry<'l> {
    pub date: Date,
    pub occasion: Occasion,
    /// Id of the date regime whose provisions it concerns; empty of what concerns a version of the law.
    pub regime: &'l str,
    /// What it is about.
    pub summary: &'l str,
    /// In the order of the law.
    #[serde(serialize_with = "references")]
    #[schemars(with = "Vec<Named<'l>>")]
    pub provisions: Vec<&'l Obligation>,
    /// Whom the provisions address.
    pub roles: BTreeSet<&'l str>,
    pub tiers: BTreeSet<&'l str>,
    /// The scopes of the dates; empty where a day of one system replaces them.
    pub scopes: BTreeSet<&'l str>,
    /// The systems and models that it concerns, as their subjects are called.
    pub systems: BTreeSet<String>,
    pub citations: BTreeSet<&'l str>,
    /// The version of the law that brings it.
    pub version: &'l str,
    /// The lowest of what it rests on.
    pub confidence: Confidence,
    /// Whether it lies before the day asked about.
    pub past: bool,
}

/// What happens on a day.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// A version of the law enters into force.
    VersionInForce,
    /// Provisions read differently from now on.
    Reworded,
    /// Provisions apply on their face and can't bite yet.
    FormallyApplies,
    /// Provisions begin to bind.
    Starts,
    /// Provisions no longer bind.
    Ends,
    /// A day that a provision names.
    Deadline,
}

/// What the law as published by `law_as_of` brings when, oldest first, and which of the subjects it concerns. What lies
/// before `on` is marked as past.
///
/// # Errors
/// [`LawError::NothingPublished`] by `law_as_of`.
pub fn calendar<'l>(
    law: &'l Law,
    subjects: &[Subject],
    on: Date,
    law_as_of: Date,
) -> Result<Vec<CalendarEntry<'l>>, LawError> {
    let reading = Reading::history(law, on, law_as_of)?;
    let mut days =
        Days { on, regimes: &law.regimes, entries: BTreeMap::new(), touching: HashMap::new() };
    for provision in &reading.provisions {
        of_everybody(law, provision, &mut days);
    }
    of_versions(&reading, &mut days);
    for subject in subjects {
        of_subject(&reading, subject, &mut days);
    }
    Ok(days.entries.into_values().map(|entry| in_order(law, entry)).collect())
}

/// The entries by day, occasion and regime.
struct Days<'l> {
    on: Date,
    regimes: &'l [DateRegime],
    entries: BTreeMap<Key, CalendarEntry<'l>>,
    /// By provision the entries that concern whoever it applies to, whenever it binds.
    touching: HashMap<&'l str, Vec<Key>>,
}

/// Day, occasion, position of the regime.
type Key = (Date, Occasion, usize);

impl<'l> Days<'l> {
    /// The entry of a provision on a day, made if there is none.
    fn entry(
        &mut self,
        date: Date,
        occasion: Occasion,
        provision: &Provision<'l>,
        version: &'l LawVersion,
    ) -> &mut CalendarEntry<'l> {
        let regime = &provision.obligation.regime;
        let position = self.regimes.iter().position(|one| one.id == *regime);
        let summary = position
            .and_then(|position| self.regimes.get(position))
            .map_or("", |one| one.summary.as_str());
        let key = (date, occasion, position.unwrap_or(usize::MAX));
        if matches!(occasion, Occasion::Reworded | Occasion::Deadline) {
            let keys = self.touching.entry(&provision.obligation.id).or_default();
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let entry = self.at(key, regime, summary, version);
        if !entry.provisions.iter().any(|one| one.id == provision.obligation.id) {
            entry.provisions.push(provision.obligation);
            entry.roles.extend(provision.obligation.applies_to.iter().map(String::as_str));
        }
        entry
    }

    fn at(
        &mut self,
        key: Key,
        regime: &'l str,
        summary: &'l str,
        version: &'l LawVersion,
    ) -> &mut CalendarEntry<'l> {
        let past = key.0 < self.on;
        self.entries.entry(key).or_insert_with(|| CalendarEntry {
            date: key.0,
            occasion: key.1,
            regime,
            summary,
            provisions: Vec::new(),
            roles: BTreeSet::new(),
            tiers: BTreeSet::new(),
            scopes: BTreeSet::new(),
            systems: BTreeSet::new(),
            citations: BTreeSet::new(),
            version: &version.id,
            confidence: Confidence::High,
            past,
        })
    }
}

impl<'l> CalendarEntry<'l> {
    fn rests_on(&mut self, tier: Option<&'l str>, start: &Start<'l>) {
        self.tiers.extend(tier);
        self.scopes.extend(Some(start.scope).filter(|scope| !scope.is_empty()));
        self.citations.extend(Some(start.basis).filter(|basis| !basis.is_empty()));
        self.confidence = self.confidence.max(start.confidence);
    }
}

/// The dates of every scope of a provision, without any system.
fn of_everybody<'l>(law: &'l Law, provision: &Provision<'l>, days: &mut Days<'l>) {
    let tiers: BTreeSet<&'l str> =
        provision.versions.iter().flat_map(|one| one.tiers).map(String::as_str).collect();
    for tier in tiers {
        let scopes = law.scope_tiers.iter().filter(|one| one.tiers.iter().any(|one| one == tier));
        for scope in std::iter::once(tier).chain(scopes.map(|one| one.scope.as_str())) {
            let in_version = |version: &InVersion<'l>| {
                let addressed = version.tiers.iter().any(|one| one == tier);
                let includes =
                    law.inclusions.iter().filter(|one| one.tier.as_deref() == Some(tier));
                let chain: Vec<&str> = std::iter::once(tier)
                    .chain(includes.map(|one| one.includes.as_str()))
                    .collect();
                let facts = Facts::default();
                let asked = Asked { scope, tiers: &chain, facts: &facts, changed: false };
                let start = addressed.then(|| start(law, &version.rows, asked))?;
                // A scope without dates of its own says what its tier says already.
                start.filter(|start| scope == tier || start.scope == scope)
            };
            let in_versions: Vec<Option<Start<'l>>> =
                provision.versions.iter().map(in_version).collect();
            for happening in happenings(&provision.versions, &in_versions) {
                let entry =
                    days.entry(happening.day, happening.occasion, provision, happening.version);
                entry.rests_on(Some(tier), &happening.start);
            }
        }
    }
    for deadline in &provision.obligation.deadlines {
        let Some(day) = deadline.date else { continue };
        let Some(version) = provision.versions.iter().rfind(|one| !one.rows.is_empty()) else {
            continue;
        };
        let entry = days.entry(day, Occasion::Deadline, provision, version.version);
        entry.tiers.extend(provision.obligation.tiers.iter().map(String::as_str));
        entry.citations.insert(&provision.obligation.reference);
        entry.confidence = entry.confidence.max(provision.obligation.confidence);
    }
}

/// The versions of the law themselves, and what each rewords.
fn of_versions<'l>(reading: &Reading<'l>, days: &mut Days<'l>) {
    let law = reading.law;
    let versions: Vec<&'l LawVersion> = law.known(reading.law_as_of).collect();
    for (position, version) in versions.iter().enumerate() {
        let key = (version.in_force_from, Occasion::VersionInForce, position);
        let entry = days.at(key, "", &version.label, version);
        entry.citations.insert(&version.legal_basis);
        entry.confidence = entry.confidence.max(version.confidence);
        let Some(before) = position.checked_sub(1).and_then(|before| versions.get(before)) else {
            continue;
        };
        for provision in &reading.provisions {
            let one = provision.obligation;
            let stood = provision
                .versions
                .iter()
                .any(|it| it.version.id == before.id && !it.rows.is_empty());
            let reworded = law.text_in(one, &before.id) != law.text_in(one, &version.id);
            if stood && reworded {
                let entry =
                    days.entry(version.in_force_from, Occasion::Reworded, provision, version);
                entry.tiers.extend(one.tiers.iter().map(String::as_str));
                entry
                    .citations
                    .extend(Some(one.amended_by.as_str()).filter(|text| !text.is_empty()));
            }
        }
    }
}

/// What concerns one system or model.
fn of_subject<'l>(reading: &Reading<'l>, subject: &Subject, days: &mut Days<'l>) {
    let tiers = subject.all_tiers(reading.law);
    for provision in selected(reading, subject) {
        let in_version = |version: &InVersion<'l>| {
            let starts = starts(reading.law, provision, version, subject, &tiers);
            starts
                .into_iter()
                .min_by_key(|(_, start)| (start.operative_from.is_none(), start.operative_from))
        };
        let in_versions: Vec<_> = provision.versions.iter().map(in_version).collect();
        let starts: Vec<_> =
            in_versions.iter().map(|found| found.map(|(_, start)| start)).collect();
        for happening in happenings(&provision.versions, &starts) {
            let tier = in_versions.iter().flatten().find(|(_, start)| *start == happening.start);
            let one = days.entry(happening.day, happening.occasion, provision, happening.version);
            one.rests_on(tier.map(|(tier, _)| *tier), &happening.start);
            one.systems.insert(subject.id.clone());
        }
        for key in days.touching.get(provision.obligation.id.as_str()).into_iter().flatten() {
            if let Some(one) = days.entries.get_mut(key) {
                one.systems.insert(subject.id.clone());
            }
        }
    }
}

/// A day on which a provision changes what it asks.
struct Happening<'l> {
    day: Date,
    occasion: Occasion,
    version: &'l LawVersion,
    start: Start<'l>,
}

/// What happens to a provision over the versions of the law, given its start in each of them.
fn happenings<'l>(versions: &[InVersion<'l>], starts: &[Option<Start<'l>>]) -> Vec<Happening<'l>> {
    let mut found = Vec::new();
    let mut bound: Option<Start<'l>> = None;
    for (version, start) in versions.iter().zip(starts) {
        let happening =
            |day, occasion, start| Happening { day, occasion, version: version.version, start };
        let begins = version.version.in_force_from;
        let day = start.and_then(|start| first_day(&start, version));
        if let Some(before) = bound
            && day != Some(begins)
        {
            found.push(happening(begins, Occasion::Ends, start.unwrap_or(before)));
            bound = None;
        }
        let Some(start) = start else { continue };
        let formal = start.formal_from.map(|day| day.max(begins));
        let formal = formal.filter(|day| version.until.is_none_or(|until| *day <= until));
        if let Some(formal) =
            formal.filter(|formal| start.operative_from.is_some_and(|day| *formal < day))
        {
            found.push(happening(formal, Occasion::FormallyApplies, *start));
        }
        if let Some(day) = day {
            if bound.is_none() {
                found.push(happening(day, Occasion::Starts, *start));
            }
            bound = Some(*start);
        }
    }
    found
}

fn in_order<'l>(law: &'l Law, mut entry: CalendarEntry<'l>) -> CalendarEntry<'l> {
    let position = |id: &str| law.obligations().position(|one| one.id == id);
    entry.provisions.sort_by_cached_key(|one| position(&one.id));
    entry
}

/// A provision as entries name it.
#[derive(Serialize, schemars::JsonSchema)]
struct Named<'a> {
    id: &'a str,
    #[serde(rename = "ref")]
    reference: &'a str,
    title: &'a str,
}

fn references<S: serde::Serializer>(
    provisions: &[&Obligation],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(provisions.iter().map(|one| Named {
        id: &one.id,
        reference: &one.reference,
        title: &one.title,
    }))
}
