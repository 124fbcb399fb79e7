//! Obligations of a thousand systems, and what a new version of the law changes for them.

use jiff::civil::{Date, date};
use surety_catalog::{Catalogs, Law};
use surety_law::{
    classification::{Answers, Procedure, classify},
    obligation::{Facts, Reading, Reclassified, Subject, calendar, impact, obligations},
};

const SYSTEMS: usize = 1000;
const TODAY: Date = date(2026, 11, 21);

fn main() {
    divan::main();
}

fn ai_act() -> &'static Law {
    Catalogs::builtin().law("eu-ai-act").expect("the AI Act is built in")
}

/// What a classification says: outcome, roles, tiers, findings.
struct Kind(
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

/// An inventory in which high-risk systems are as frequent as nowhere.
const KINDS: [Kind; 4] = [
    Kind(
        "high_risk_annex_iii",
        &["provider"],
        &["any_ai_system", "high_risk_annex_iii"],
        &["role.provider", "lit", "a3.4(a)", "derog.profiling", "tr.new"],
    ),
    Kind(
        "high_risk_annex_iii",
        &["deployer"],
        &["any_ai_system", "high_risk_annex_iii"],
        &["role.deployer", "lit", "a3.5(b)", "derog.profiling", "fria.required", "tr.new"],
    ),
    Kind(
        "transparency",
        &["provider", "deployer"],
        &["any_ai_system", "transparency"],
        &["role.provider", "role.deployer", "lit", "t.50_1", "t.50_2"],
    ),
    Kind("minimal", &["deployer"], &["any_ai_system", "minimal"], &["role.deployer", "lit"]),
];

fn subjects() -> Vec<Subject> {
    let set = |items: &[&str]| items.iter().map(|one| (*one).to_owned()).collect();
    let kinds = KINDS.iter().cycle().take(SYSTEMS).enumerate();
    kinds
        .map(|(number, Kind(outcome, roles, tiers, findings))| Subject {
            id: format!("system-{number}"),
            outcome: (*outcome).to_owned(),
            findings: set(findings),
            roles: set(roles),
            tiers: set(tiers),
            ..Subject::default()
        })
        .collect()
}

/// The worked examples of the classification, one after the other.
fn answers() -> Vec<Answers> {
    let file: toml::Table = toml::from_str(include_str!("../tests/classification/scenarios.toml"))
        .expect("the examples are TOML");
    let scenarios = file.get("scenario").and_then(toml::Value::as_array).expect("there are some");
    let answers = scenarios.iter().filter_map(|one| one.get("answers")).map(|answers| {
        let json = serde_json::to_value(answers).expect("TOML without dates is JSON");
        serde_json::from_value(json).expect("the examples hold answers")
    });
    let answers: Vec<Answers> = answers.collect();
    answers.iter().cycle().take(SYSTEMS).cloned().collect()
}

fn classified(answers: &Answers, law_as_of: Date) -> Subject {
    let result = classify(Procedure::ai_act(), answers, TODAY, law_as_of);
    let result = result.expect("the examples can be classified");
    Subject { facts: Facts::from(answers.dates()), ..Subject::from(&result) }
}

#[divan::bench]
fn a_thousand_systems_classified_with_obligations(bencher: divan::Bencher<'_, '_>) {
    let (law, answers) = (ai_act(), answers());
    bencher.bench(|| {
        let reading = Reading::new(law, TODAY, TODAY).expect("the law was published");
        let subjects = answers.iter().map(|one| classified(one, TODAY));
        subjects.map(|one| reading.applying(&one).entries.len()).sum::<usize>()
    });
}

#[divan::bench]
fn impact_on_a_thousand_systems_classified_anew(bencher: divan::Bencher<'_, '_>) {
    let (law, answers) = (ai_act(), answers());
    let subjects: Vec<Subject> = (0..SYSTEMS)
        .map(|number| Subject { id: number.to_string(), ..Subject::default() })
        .collect();
    let reclassify = |subject: &Subject, version: &str| {
        let number: usize = subject.id.parse().expect("ids are numbers");
        let answers = answers.get(number).expect("there is one for each");
        let published = law.version(version).expect("the version exists").published;
        let subject = Subject { id: subject.id.clone(), ..classified(answers, published) };
        Reclassified { subject, open: Vec::new() }
    };
    let days = [date(2026, 8, 2), date(2027, 12, 2), date(2028, 8, 2)];
    bencher.bench(|| impact(law, ("v2024", "v2026"), &subjects, &reclassify, TODAY, &days));
}

#[divan::bench]
fn one_system_with_every_reason(bencher: divan::Bencher<'_, '_>) {
    let (law, subjects) = (ai_act(), subjects());
    let subject = subjects.first().expect("there are some");
    bencher.bench(|| obligations(law, subject, TODAY, TODAY));
}

#[divan::bench]
fn a_thousand_systems_with_every_reason(bencher: divan::Bencher<'_, '_>) {
    let (law, subjects) = (ai_act(), subjects());
    bencher.bench(|| {
        let reading = Reading::new(law, TODAY, TODAY).expect("the law was published");
        subjects.iter().map(|one| reading.obligations(one).entries.len()).sum::<usize>()
    });
}

#[divan::bench]
fn a_thousand_systems_with_what_applies(bencher: divan::Bencher<'_, '_>) {
    let (law, subjects) = (ai_act(), subjects());
    bencher.bench(|| {
        let reading = Reading::new(law, TODAY, TODAY).expect("the law was published");
        subjects.iter().map(|one| reading.applying(one).entries.len()).sum::<usize>()
    });
}

#[divan::bench]
fn impact_on_a_thousand_systems(bencher: divan::Bencher<'_, '_>) {
    let (law, subjects) = (ai_act(), subjects());
    let same =
        |subject: &Subject, _: &str| Reclassified { subject: subject.clone(), open: Vec::new() };
    let days = [date(2026, 8, 2), date(2027, 12, 2), date(2028, 8, 2)];
    bencher.bench(|| impact(law, ("v2024", "v2026"), &subjects, &same, TODAY, &days));
}

#[divan::bench]
fn calendar_of_a_thousand_systems(bencher: divan::Bencher<'_, '_>) {
    let (law, subjects) = (ai_act(), subjects());
    bencher.bench(|| calendar(law, &subjects, TODAY, TODAY));
}
