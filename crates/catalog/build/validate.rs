//! Whether the catalogs are sound: identifiers unique, every reference resolves, dates and numbers make sense.

#[path = "validate/law.rs"]
mod law;
#[path = "validate/procedure.rs"]
mod procedure;

use std::collections::{HashMap, HashSet};

use crate::{
    DateRegime, Framework, Law, MappingSet, Obligation, Requirement, RequirementKind, Test,
};
use crate::{source::Everything, validate_clocks};

/// Everything that is wrong, one sentence each; empty when nothing is.
pub fn problems(all: &Everything) -> Vec<String> {
    let mut found = Vec::new();
    let frameworks: Vec<&Framework> =
        all.frameworks.iter().flat_map(|one| &one.frameworks).collect();
    unique("framework", frameworks.iter().map(|one| one.id.as_str()), &mut found);
    for framework in &frameworks {
        check_framework(framework, &mut found);
    }
    for set in all.mappings.iter().flat_map(|one| &one.mapping_sets) {
        check_mappings(set, &frameworks, &mut found);
    }
    for law in &all.laws {
        check_law(law, &frameworks, &mut found);
    }
    check_facts(all, &frameworks, &mut found);
    for one in &all.procedures {
        match all.laws.iter().find(|law| law.framework == one.framework) {
            Some(law) => procedure::check(one, law, &all.annex_iii, &mut found),
            None => found.push(format!("procedure `{}` has no law", one.framework)),
        }
    }
    found.extend(validate_clocks::problems(&all.incident_clocks, &all.public_holidays, &all.laws));
    found
}

fn unique<'a>(what: &str, ids: impl Iterator<Item = &'a str>, found: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for id in ids {
        if id.trim().is_empty() {
            found.push(format!("a {what} has no id"));
        } else if !seen.insert(id) {
            found.push(format!("{what} `{id}` stands twice"));
        }
    }
}

fn check_framework(framework: &Framework, found: &mut Vec<String>) {
    let name = &framework.id;
    if name.contains(':') {
        found.push(format!("framework `{name}` has a colon in its id"));
    }
    unique("requirement", framework.requirements.iter().map(|one| one.id.as_str()), found);
    check_spellings(framework, found);
    let mut before = HashSet::new();
    for requirement in &framework.requirements {
        let id = &requirement.id;
        if let Some(parent) = &requirement.parent
            && !before.contains(parent.as_str())
        {
            found.push(format!("{name}:{id}: parent `{parent}` does not stand before it"));
        }
        before.insert(id.as_str());
        for group in &requirement.groups {
            if !framework.groups.iter().any(|one| one.id == *group) {
                found.push(format!("{name}:{id}: group `{group}` is not defined"));
            }
        }
        check_requirement(name, requirement, found);
    }
    for parent in framework.requirements.iter().filter_map(|one| one.parent.as_deref()) {
        if framework.requirements.iter().any(|one| one.id == parent && one.assessable) {
            found.push(format!("{name}:{parent} has parts and is assessable itself"));
        }
    }
}

fn check_requirement(name: &str, requirement: &Requirement, found: &mut Vec<String>) {
    let id = &requirement.id;
    if requirement.title.is_empty() {
        found.push(format!("{name}:{id} has no title"));
    }
    if requirement.weight > 5 {
        found.push(format!("{name}:{id}: weight {} is above 5", requirement.weight));
    }
    if !requirement.assessable && !requirement.conditions.is_empty() {
        found.push(format!("{name}:{id} has conditions but is not assessable"));
    }
    unique(
        &format!("condition of {name}:{id}"),
        requirement.conditions.iter().map(|one| one.id.as_str()),
        found,
    );
    for condition in &requirement.conditions {
        let says = &condition.says;
        if says.is_empty()
            || says.ends_with('.')
            || says.starts_with(char::is_uppercase) && !says.starts_with("AI")
        {
            found.push(format!(
                "{name}:{id}: `{says}` is not a sentence without capital and full stop"
            ));
        }
        if requirement.kind != RequirementKind::Control && asks_for_a_control(&condition.test) {
            found.push(format!(
                "{name}:{id}: only a control can be asked for its design or operation"
            ));
        }
    }
}

fn asks_for_a_control(test: &Test) -> bool {
    match test {
        Test::ControlDesigned | Test::ControlDocumented | Test::ControlOperating => true,
        Test::AnyOf { of } => of.iter().any(asks_for_a_control),
        Test::Record { .. }
        | Test::Every { .. }
        | Test::Document { .. }
        | Test::Evidence { .. }
        | Test::SoaComplete => false,
    }
}

/// No spelling may mean two requirements.
fn check_spellings(framework: &Framework, found: &mut Vec<String>) {
    let mut owner: HashMap<String, &str> = HashMap::new();
    for requirement in &framework.requirements {
        for spelling in std::iter::once(&requirement.id).chain(&requirement.aliases) {
            let other = owner.insert(spelling.to_lowercase(), &requirement.id);
            if let Some(other) = other.filter(|other| *other != requirement.id) {
                found.push(format!(
                    "{}: `{spelling}` means both `{other}` and `{}`",
                    framework.id, requirement.id
                ));
            }
        }
    }
}

fn check_mappings(set: &MappingSet, frameworks: &[&Framework], found: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for mapping in &set.mappings {
        for (framework, id) in [(&set.source, &mapping.source), (&set.target, &mapping.target)] {
            if !knows(frameworks, framework, id) {
                found.push(format!("mapping {}: `{framework}:{id}` does not exist", set.id));
            }
        }
        if !seen.insert((&mapping.source, &mapping.target)) {
            found.push(format!(
                "mapping {}: {} -> {} stands twice",
                set.id, mapping.source, mapping.target
            ));
        }
        if mapping.strength.is_some_and(|strength| !(1..=10).contains(&strength)) {
            found.push(format!(
                "mapping {}: {}: strength is not within 1 to 10",
                set.id, mapping.source
            ));
        }
    }
    let named = |list: &str, field: &str| -> Vec<String> {
        let entries = set.extra.get(list).and_then(serde_json::Value::as_array);
        let values = entries.into_iter().flatten().filter_map(|entry| entry.get(field));
        values
            .flat_map(|value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]))
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect()
    };
    let left = named("without_counterpart", "requirement").into_iter().map(|id| (&set.source, id));
    let right = named("not_covered", "targets").into_iter().map(|id| (&set.target, id));
    for (framework, id) in left.chain(right) {
        if !knows(frameworks, framework, &id) {
            found.push(format!("mapping {}: `{framework}:{id}` does not exist", set.id));
        }
    }
}

fn knows(frameworks: &[&Framework], framework: &str, id: &str) -> bool {
    frameworks.iter().any(|one| {
        one.id == framework && one.requirements.iter().any(|requirement| requirement.id == id)
    })
}

fn check_facts(all: &Everything, frameworks: &[&Framework], found: &mut Vec<String>) {
    let certification = &all.certification;
    let framework = certification.meta.framework.as_str();
    unique("certification fact", certification.facts.iter().map(|one| one.id.as_str()), found);
    let checks = certification.stage1.iter().chain(&certification.stage2);
    unique("audit check", checks.clone().map(|one| one.id.as_str()), found);
    unique(
        "common finding",
        certification.common_findings.iter().map(|one| one.id.as_str()),
        found,
    );
    let mut references: Vec<(&str, &str)> = Vec::new();
    references.extend(checks.flat_map(|one| &one.references).map(|id| (framework, id.as_str())));
    references.extend(
        certification
            .common_findings
            .iter()
            .flat_map(|one| &one.references)
            .map(|id| (framework, id.as_str())),
    );
    let documents = &all.documented_information;
    let framework = documents.meta.framework.as_str();
    unique("mandatory document", documents.mandatory.iter().map(|one| one.id.as_str()), found);
    unique("conditional document", documents.conditional.iter().map(|one| one.id.as_str()), found);
    references.extend(documents.mandatory.iter().map(|one| (framework, one.requirement.as_str())));
    references.extend(documents.conditional.iter().map(|one| (framework, one.control.as_str())));
    let annex = &all.annex_c;
    let prompts = annex.objectives.iter().chain(&annex.risk_sources);
    unique("Annex C entry", prompts.clone().map(|one| one.id.as_str()), found);
    references.extend(
        prompts
            .flat_map(|one| &one.related_controls)
            .map(|id| (annex.meta.framework.as_str(), id.as_str())),
    );
    for (framework, id) in references {
        if !knows(frameworks, framework, id) {
            found.push(format!("facts name `{framework}:{id}`, which does not exist"));
        }
    }
    for step in certification.timeline.iter().filter(|step| step.end_week < step.start_week) {
        found.push(format!("timeline step `{}` ends before it starts", step.step));
    }
}

fn check_law(law: &Law, frameworks: &[&Framework], found: &mut Vec<String>) {
    let name = &law.framework;
    if !frameworks.iter().any(|one| one.id == *name) {
        found.push(format!("law `{name}` has no framework"));
    }
    unique("law version", law.versions.iter().map(|one| one.id.as_str()), found);
    for (earlier, later) in law.versions.iter().zip(law.versions.iter().skip(1)) {
        if earlier.in_force_to.and_then(|day| day.tomorrow().ok()) != Some(later.in_force_from) {
            found.push(format!(
                "{name}: version {} does not follow {} day by day",
                later.id, earlier.id
            ));
        }
    }
    for version in law.versions.iter().filter(|one| one.in_force_from < one.published) {
        found.push(format!("{name}: version {} is in force before it is published", version.id));
    }
    law::check(law, found);
    unique("date regime", law.regimes.iter().map(|one| one.id.as_str()), found);
    for regime in &law.regimes {
        check_regime(law, regime, found);
    }
    unique("provision", law.obligations().map(|one| one.id.as_str()), found);
    for obligation in law.obligations() {
        check_obligation(law, obligation, found);
    }
    for check in &law.as_of_checks {
        for id in check.binding.iter().chain(&check.not_yet_binding) {
            if law.obligation(id).is_none() {
                found.push(format!("{name}: {} names `{id}`, which does not exist", check.id));
            }
        }
        if law.version_on(check.date).is_none_or(|version| version.id != check.law_version) {
            found.push(format!(
                "{name}: {} names a version that is not in force on its day",
                check.id
            ));
        }
    }
}

fn check_regime(law: &Law, regime: &DateRegime, found: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for date in &regime.dates {
        let place =
            format!("{}: regime {}: {} {}", law.framework, regime.id, date.version, date.scope);
        if !law.versions.iter().any(|one| one.id == date.version) {
            found.push(format!("{place}: no such version"));
        }
        if !law.scopes.contains(&date.scope) {
            found.push(format!("{place}: no such scope"));
        }
        if !seen.insert((&date.version, &date.scope)) {
            found.push(format!("{place} stands twice"));
        }
        match (date.formal_from, date.operative_from, &date.binds_if, date.reference_date) {
            (Some(formal), Some(operative), None, None) if formal <= operative => {}
            (None, None, Some(_), Some(_)) => {}
            (_, _, _, _) => found.push(format!(
                "{place}: needs formal_from <= operative_from, or binds_if with reference_date"
            )),
        }
    }
}

fn check_obligation(law: &Law, obligation: &Obligation, found: &mut Vec<String>) {
    let mut complain =
        |what: String| found.push(format!("{}: {}: {what}", law.framework, obligation.id));
    if !law.regimes.iter().any(|one| one.id == obligation.regime) {
        complain(format!("no date regime `{}`", obligation.regime));
    }
    for role in obligation.applies_to.iter().filter(|role| !law.roles.contains(role)) {
        complain(format!("no role `{role}`"));
    }
    for tier in obligation.tiers.iter().filter(|tier| !law.tiers.contains(tier)) {
        complain(format!("no tier `{tier}`"));
    }
    let versions = obligation.since.iter().chain(obligation.earlier.keys());
    for version in versions.filter(|version| !law.versions.iter().any(|one| one.id == **version)) {
        complain(format!("no version `{version}`"));
    }
    for linked in obligation.linked.iter().filter(|id| law.obligation(id).is_none()) {
        complain(format!("no provision `{linked}`"));
    }
    if obligation.kind.binds() != (1..=5).contains(&obligation.weight) {
        complain("a duty has a weight of 1 to 5, and nothing else has one".to_owned());
    }
    let last = law.versions.last().map(|one| one.id.as_str()).unwrap_or_default();
    if law.applications(obligation, last).next().is_none() {
        complain(format!("no date in version {last}"));
    }
}
