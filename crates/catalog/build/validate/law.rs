//! Whether what a law says about itself fits together: transitions, changes and penalties name what exists.

use std::collections::HashSet;

use super::unique;
use crate::Law;

/// Adds what is wrong to `found`.
pub(super) fn check(law: &Law, found: &mut Vec<String>) {
    let mut complain = |what: String| found.push(format!("{}: {what}", law.framework));
    check_tiers(law, &mut complain);
    check_changes(law, &mut complain);
    check_penalties(law, &mut complain);
    unique("change", law.changes.changes.iter().map(|one| one.id.as_str()), found);
    unique("fine", law.penalties.fines.iter().map(|one| one.id.as_str()), found);
}

fn check_tiers(law: &Law, complain: &mut impl FnMut(String)) {
    let known = |tier: &String| law.tiers.contains(tier);
    for one in &law.inclusions {
        let sound = match (&one.role, &one.tier) {
            (Some(role), None) => law.roles.contains(role) && law.roles.contains(&one.includes),
            (None, Some(tier)) => known(tier) && known(&one.includes),
            (Some(_), Some(_)) | (None, None) => false,
        };
        if !sound {
            complain(format!("inclusion of `{}` needs one known role or tier", one.includes));
        }
    }
    for one in &law.limited {
        let numbers: HashSet<&str> = law.articles.iter().map(|one| one.number.as_str()).collect();
        if !known(&one.tier) || !one.articles.iter().all(|one| numbers.contains(one.as_str())) {
            complain(format!("limited tier `{}` or one of its articles is not known", one.tier));
        }
    }
    for one in &law.transitions {
        let scope = one.scope.as_ref();
        let known_scope = scope.is_none_or(|scope| scope == "tier" || law.scopes.contains(scope));
        if !known_scope || !one.tiers.iter().all(known) {
            complain(format!("transition of `{}` names an unknown scope or tier", one.finding));
        }
        if scope.is_some() == one.fixed_operative_from.is_some() {
            complain(format!("transition of `{}` needs a scope or a day, not both", one.finding));
        }
    }
    for one in &law.scope_tiers {
        let scopes = std::iter::once(&one.scope).chain(&one.after_change);
        if !scopes.into_iter().all(|one| law.scopes.contains(one)) || !one.tiers.iter().all(known) {
            complain(format!("scope_of `{}` names an unknown scope or tier", one.scope));
        }
    }
    for obligation in law.obligations() {
        let tiers = obligation.earlier_tiers.values().flatten();
        if !tiers.into_iter().all(known) {
            complain(format!("{}: an earlier tier is not known", obligation.id));
        }
    }
}

fn check_changes(law: &Law, complain: &mut impl FnMut(String)) {
    let changes = &law.changes;
    let versions = changes.amendments.iter().map(|one| &one.version);
    let versions = versions.chain(changes.changes.iter().map(|one| &one.version));
    let versions = versions.chain(changes.not_adopted.iter().map(|one| &one.version));
    let versions = versions.chain(changes.events.iter().map(|one| &one.version));
    for version in versions.filter(|one| law.version(one).is_none()) {
        complain(format!("changes name the version `{version}`, which does not exist"));
    }
    for change in &changes.changes {
        let in_force = law.version(&change.version).map(|one| one.in_force_from);
        if in_force.is_some_and(|day| change.effective_from < day) {
            complain(format!("{} has effect before its version is in force", change.id));
        }
        for id in change.obligations.iter().filter(|id| law.obligation(id).is_none()) {
            complain(format!("{} names `{id}`, which does not exist", change.id));
        }
        for id in change.regimes.iter().filter(|id| !law.regimes.iter().any(|one| one.id == **id)) {
            complain(format!("{} names the regime `{id}`, which does not exist", change.id));
        }
        for id in change.fines.iter().filter(|id| !has_fine(law, id)) {
            complain(format!("{} names the fine `{id}`, which does not exist", change.id));
        }
    }
    // Whoever changes a provision says by which point of the amending act, and the other way round.
    for obligation in law.obligations().filter(|one| !one.amended_by.is_empty()) {
        let told = changes.changes.iter().any(|change| {
            change.obligations.contains(&obligation.id)
                && change.point.starts_with(&obligation.amended_by)
        });
        if !told {
            complain(format!("{}: no change at {}", obligation.id, obligation.amended_by));
        }
    }
}

fn check_penalties(law: &Law, complain: &mut impl FnMut(String)) {
    let penalties = &law.penalties;
    for id in penalties.readings.iter().flat_map(|one| &one.fines) {
        if !has_fine(law, id) {
            complain(format!("penalties name the fine `{id}`, which does not exist"));
        }
    }
    for via in &penalties.vias {
        let fined = law.obligation(&via.by).is_some_and(|one| !one.penalty.is_empty());
        let known = |number: &String| law.articles.iter().any(|one| one.number == *number);
        if !fined || !via.articles.iter().all(known) {
            complain(format!("via `{}`: it or one of the articles has no fine or entry", via.by));
        }
    }
    for obligation in law.obligations().filter(|one| !one.penalty.is_empty()) {
        if !penalties.readings.iter().any(|one| one.penalty == obligation.penalty) {
            complain(format!("{}: penalty `{}` is not read", obligation.id, obligation.penalty));
        }
    }
    let versions = penalties.fines.iter().flat_map(|one| {
        one.since.iter().chain(&one.lower_for_small_mid_cap_since).collect::<Vec<_>>()
    });
    let versions = versions.chain(penalties.readings.iter().flat_map(|one| &one.since));
    for version in versions.filter(|one| law.version(one).is_none()) {
        complain(format!("penalties name the version `{version}`, which does not exist"));
    }
}

fn has_fine(law: &Law, id: &str) -> bool {
    law.penalties.fines.iter().any(|one| one.id == id)
}
