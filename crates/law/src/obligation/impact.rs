//! What a new version of the law changes for our systems: classes, obligations and dates, and what to assess again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use serde::Serialize;
use surety_catalog::{Law, Obligation, ObligationKind};

use super::{Change, Entry, LawError, Reading, Standing, Subject, changes};

/// A subject as the classification sees it under one version of the law.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reclassified {
    pub subject: Subject,
    /// Questions whose answers are missing under that version.
    pub open: Vec<String>,
}

/// What changes between two versions of the law, in total and for each subject.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Impact<'l> {
    pub from: &'l str,
    pub to: &'l str,
    /// The changes of the law behind it.
    pub changes: Vec<Change<'l>>,
    pub totals: Totals<'l>,
    /// The subjects for which anything changes, in the order given.
    pub systems: Vec<SystemImpact<'l>>,
    /// What to assess again, in the same order.
    pub reassessments: Vec<Reassessment>,
}

/// Numbers over all subjects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "ImpactTotals")]
pub struct Totals<'l> {
    pub subjects: usize,
    pub touched: usize,
    pub class_changes: usize,
    /// Obligations that appear, disappear, and whose dates move, each counted for each subject.
    pub appear: usize,
    pub disappear: usize,
    pub moved: usize,
    pub reworded: usize,
    /// For each of the days asked about.
    pub binding: Vec<BindingOn>,
    /// By provision the number of subjects for which it changes other than in words.
    pub by_obligation: BTreeMap<&'l str, usize>,
}

/// What changes for one subject.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct SystemImpact<'l> {
    /// What reports call the subject.
    pub subject: String,
    pub class: ClassChange,
    /// Obligations that were not there before.
    #[serde(serialize_with = "ids")]
    #[schemars(with = "Vec<String>")]
    pub appear: Vec<&'l Obligation>,
    /// Obligations that are gone.
    #[serde(serialize_with = "ids")]
    #[schemars(with = "Vec<String>")]
    pub disappear: Vec<&'l Obligation>,
    pub moved: Vec<Moved<'l>>,
    /// Obligations that stay and read differently.
    #[serde(serialize_with = "ids")]
    #[schemars(with = "Vec<String>")]
    pub reworded: Vec<&'l Obligation>,
    /// For each of the days asked about.
    pub binding: Vec<BindingOn>,
}

/// How many obligations that can be fulfilled or breached bind on a day under each version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct BindingOn {
    pub on: Date,
    pub before: usize,
    pub after: usize,
}

/// The class of a subject under both versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ClassChange {
    pub outcome_before: String,
    pub outcome_after: String,
    pub tiers_gained: BTreeSet<String>,
    pub tiers_lost: BTreeSet<String>,
    pub roles_gained: BTreeSet<String>,
    pub roles_lost: BTreeSet<String>,
    /// Questions whose answers are missing under the later version only.
    pub newly_open: BTreeSet<String>,
}

/// An obligation whose dates differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Moved<'l> {
    pub id: &'l str,
    #[serde(rename = "ref")]
    pub reference: &'l str,
    pub title: &'l str,
    pub kind: ObligationKind,
    /// Formal and operative; `None`: on no day that is known.
    pub formal_before: Option<Date>,
    pub operative_before: Option<Date>,
    pub formal_after: Option<Date>,
    pub operative_after: Option<Date>,
    /// Of an older system: from when on a change of its design counts.
    pub change_counts_from_before: Option<Date>,
    pub change_counts_from_after: Option<Date>,
    pub basis: &'l str,
}

/// A subject to assess again, with the reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Reassessment {
    pub subject: String,
    pub reasons: Vec<String>,
}

impl ClassChange {
    /// Whether outcome, tiers or roles differ.
    pub fn differs(&self) -> bool {
        let sets = [&self.tiers_gained, &self.tiers_lost, &self.roles_gained, &self.roles_lost];
        self.outcome_before != self.outcome_after || sets.iter().any(|set| !set.is_empty())
    }
}

/// Compares two versions of the law for subjects. `reclassify` classifies a subject under the version named, from the
/// same answers; `on` is the day for what turns on the day, `days` are those on which binding obligations are counted.
///
/// # Errors
/// [`LawError::UnknownVersion`].
pub fn impact<'l>(
    law: &'l Law,
    (from, to): (&str, &str),
    subjects: &[Subject],
    reclassify: &dyn Fn(&Subject, &str) -> Reclassified,
    on: Date,
    days: &[Date],
) -> Result<Impact<'l>, LawError> {
    let before = Reading::of_version(law, from, on)?;
    let after = Reading::of_version(law, to, on)?;
    let mut totals = Totals {
        subjects: subjects.len(),
        binding: days.iter().map(|on| BindingOn { on: *on, before: 0, after: 0 }).collect(),
        ..Totals::default()
    };
    let mut systems = Vec::new();
    let mut reassessments = Vec::new();
    for subject in subjects {
        let old = reclassify(subject, &before.version.id);
        let new = reclassify(subject, &after.version.id);
        let one = compare(&before, &after, &subject.id, &old, &new, days);
        totals.add(&one);
        let reasons = reasons(&one);
        if !reasons.is_empty() {
            reassessments.push(Reassessment { subject: subject.id.clone(), reasons });
        }
        if one.is_touched() {
            systems.push(one);
        }
    }
    totals.touched = systems.len();
    let changes = changes(law, from, to)?;
    let (from, to) = (before.version.id.as_str(), after.version.id.as_str());
    Ok(Impact { from, to, changes, totals, systems, reassessments })
}

fn compare<'l>(
    before: &Reading<'l>,
    after: &Reading<'l>,
    subject: &str,
    old: &Reclassified,
    new: &Reclassified,
    days: &[Date],
) -> SystemImpact<'l> {
    let (old_entries, new_entries) = (before.applying(&old.subject), after.applying(&new.subject));
    let old_by_id: HashMap<&str, &Entry<'l>> =
        old_entries.entries.iter().map(|one| (one.obligation.id.as_str(), one)).collect();
    let mut one = SystemImpact {
        subject: subject.to_owned(),
        class: class_change(old, new),
        appear: Vec::new(),
        disappear: Vec::new(),
        moved: Vec::new(),
        reworded: Vec::new(),
        binding: days
            .iter()
            .map(|on| BindingOn {
                on: *on,
                before: binding(&old_entries.entries, *on),
                after: binding(&new_entries.entries, *on),
            })
            .collect(),
    };
    let mut kept = BTreeSet::new();
    for entry in &new_entries.entries {
        let Some(earlier) = old_by_id.get(entry.obligation.id.as_str()) else {
            one.appear.push(entry.obligation);
            continue;
        };
        kept.insert(entry.obligation.id.as_str());
        one.moved.extend(moved(earlier, entry));
        if earlier.text != entry.text {
            one.reworded.push(entry.obligation);
        }
    }
    let gone = old_entries.entries.iter().map(|one| one.obligation);
    one.disappear.extend(gone.filter(|one| !kept.contains(one.id.as_str())));
    one
}

/// How many of the entries that can be fulfilled or breached bind on a day.
fn binding(entries: &[Entry<'_>], day: Date) -> usize {
    let binds = |one: &&Entry<'_>| {
        one.obligation.kind.binds()
            && matches!(one.standing, Standing::Binds | Standing::Upcoming)
            && one.start().and_then(|start| start.operative_from).is_some_and(|from| from <= day)
    };
    entries.iter().filter(binds).count()
}

fn moved<'l>(before: &Entry<'l>, after: &Entry<'l>) -> Option<Moved<'l>> {
    let dates = |entry: &Entry<'l>| {
        let start = entry.start();
        (start.and_then(|one| one.formal_from), start.and_then(|one| one.operative_from))
    };
    let ((formal_before, operative_before), (formal_after, operative_after)) =
        (dates(before), dates(after));
    let reference = |entry: &Entry<'l>| entry.start().and_then(|start| start.rule.reference_date());
    let (change_counts_from_before, change_counts_from_after) =
        (reference(before), reference(after));
    let differ = (formal_before, operative_before, change_counts_from_before)
        != (formal_after, operative_after, change_counts_from_after);
    differ.then(|| Moved {
        id: &after.obligation.id,
        reference: &after.obligation.reference,
        title: &after.obligation.title,
        kind: after.obligation.kind,
        formal_before,
        operative_before,
        formal_after,
        operative_after,
        change_counts_from_before,
        change_counts_from_after,
        basis: after.start().map_or("", |start| start.basis),
    })
}

fn class_change(old: &Reclassified, new: &Reclassified) -> ClassChange {
    let without = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other).cloned().collect::<BTreeSet<String>>()
    };
    let (before, after) = (&old.subject, &new.subject);
    let open = |one: &Reclassified| one.open.iter().cloned().collect::<BTreeSet<String>>();
    ClassChange {
        outcome_before: before.outcome.clone(),
        outcome_after: after.outcome.clone(),
        tiers_gained: without(&after.tiers, &before.tiers),
        tiers_lost: without(&before.tiers, &after.tiers),
        roles_gained: without(&after.roles, &before.roles),
        roles_lost: without(&before.roles, &after.roles),
        newly_open: without(&open(new), &open(old)),
    }
}

/// What calls for another look: the class, or duties and classifications that come, go or move. What is only permitted or reworded does not.
fn reasons(one: &SystemImpact<'_>) -> Vec<String> {
    let class = &one.class;
    let mut reasons = Vec::new();
    if class.outcome_before != class.outcome_after {
        reasons.push(format!("outcome {} becomes {}", class.outcome_before, class.outcome_after));
    }
    let names = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(", ");
    let sets = [
        ("tier gained", &class.tiers_gained),
        ("tier lost", &class.tiers_lost),
        ("role gained", &class.roles_gained),
        ("role lost", &class.roles_lost),
        ("question to answer", &class.newly_open),
    ];
    for (what, set) in sets.into_iter().filter(|(_, set)| !set.is_empty()) {
        reasons.push(format!("{what}: {}", names(set)));
    }
    let weighty = |kind: ObligationKind| kind.binds() || kind == ObligationKind::Classification;
    let count = |obligations: &[&Obligation]| {
        obligations.iter().filter(|obligation| weighty(obligation.kind)).count()
    };
    let counts = [
        ("appear", count(&one.appear)),
        ("disappear", count(&one.disappear)),
        ("move to other dates", one.moved.iter().filter(|moved| weighty(moved.kind)).count()),
    ];
    for (what, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        reasons.push(format!("obligations that {what}: {count}"));
    }
    reasons
}

impl SystemImpact<'_> {
    fn is_touched(&self) -> bool {
        self.class.differs()
            || !self.class.newly_open.is_empty()
            || !self.appear.is_empty()
            || !self.disappear.is_empty()
            || !self.moved.is_empty()
            || !self.reworded.is_empty()
    }
}

impl<'l> Totals<'l> {
    fn add(&mut self, one: &SystemImpact<'l>) {
        let plus = |number: &mut usize, more: usize| *number = number.saturating_add(more);
        plus(&mut self.class_changes, usize::from(one.class.differs()));
        plus(&mut self.appear, one.appear.len());
        plus(&mut self.disappear, one.disappear.len());
        plus(&mut self.moved, one.moved.len());
        plus(&mut self.reworded, one.reworded.len());
        for (total, counted) in self.binding.iter_mut().zip(&one.binding) {
            plus(&mut total.before, counted.before);
            plus(&mut total.after, counted.after);
        }
        let obligations = one.appear.iter().chain(&one.disappear).map(|one| one.id.as_str());
        for id in obligations.chain(one.moved.iter().map(|one| one.id)) {
            plus(self.by_obligation.entry(id).or_default(), 1);
        }
    }
}

fn ids<S: serde::Serializer>(obligations: &[&Obligation], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(obligations.iter().map(|one| &one.id))
}
