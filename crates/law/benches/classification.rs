//! How long a classification takes, with its explanation: settled, with open questions, with none answered.

#![expect(clippy::indexing_slicing, reason = "a measurement that can't go on stops")]

use std::collections::BTreeMap;

use divan::{Bencher, black_box};
use jiff::civil::{Date, date};
use surety_law::classification::{Answers, Procedure, classify, next_question};

const ON: Date = date(2026, 12, 2);

fn main() {
    // Made once for a process; measured by `made_from_the_catalog`.
    Procedure::ai_act();
    divan::main();
}

/// The worked examples, each as its answers.
fn examples() -> Vec<Answers> {
    let file: toml::Table =
        toml::from_str(include_str!("../tests/classification/scenarios.toml")).expect("it is TOML");
    let scenarios = file["scenario"].as_array().expect("it lists scenarios");
    let values = scenarios.iter().map(|one| one["answers"].clone().try_into());
    let values = values.map(|one| one.expect("answers are lists by question"));
    values.map(|values| Answers::from_parts(values, BTreeMap::new())).collect()
}

fn classified(answers: &Answers) {
    black_box(classify(Procedure::ai_act(), black_box(answers), ON, ON)).expect("it is sound");
}

#[divan::bench]
fn settled(bencher: Bencher) {
    let examples = examples();
    bencher.bench_local(|| classified(&examples[0]));
}

#[divan::bench]
fn four_questions_open(bencher: Bencher) {
    let mut answers = examples().remove(0);
    for question in ["p.gen", "a3.1", "d.profiling", "t.1"] {
        answers.remove(question);
    }
    bencher.bench_local(|| classified(&answers));
}

#[divan::bench]
fn only_roles_and_scope_answered(bencher: Bencher) {
    let mut answers = examples().remove(0);
    let later: Vec<String> =
        answers.values().keys().filter(|one| !is_early(one)).cloned().collect();
    later.iter().for_each(|one| answers.remove(one));
    bencher.bench_local(|| classified(&answers));
}

fn is_early(question: &str) -> bool {
    ["start", "def.", "scope.", "excl.", "role.p", "role.s", "oss."]
        .iter()
        .any(|stage| question.starts_with(stage))
}

/// The worst case: roles are open, which many questions look at, and a late answer keeps walks from being summed up.
#[divan::bench]
fn only_the_last_question_answered(bencher: Bencher) {
    let answers = Answers::default().with("tr.1", ["no"]);
    bencher.bench_local(|| classified(&answers));
}

#[divan::bench]
fn nothing_answered(bencher: Bencher) {
    let answers = Answers::default();
    bencher.bench_local(|| classified(&answers));
}

#[divan::bench]
fn next_of_nothing_answered(bencher: Bencher) {
    let answers = Answers::default();
    bencher.bench_local(|| black_box(next_question(Procedure::ai_act(), &answers, ON, ON)));
}

/// The size of a large inventory, examples in turn.
#[divan::bench]
fn a_thousand_systems(bencher: Bencher) {
    let examples = examples();
    bencher.bench_local(|| examples.iter().cycle().take(1_000).for_each(classified));
}

#[divan::bench]
fn made_from_the_catalog(bencher: Bencher) {
    let catalogs = surety_catalog::Catalogs::builtin();
    let procedure = catalogs.procedure("eu-ai-act").expect("it is built in");
    let law = catalogs.law("eu-ai-act").expect("it is built in");
    bencher.bench_local(|| black_box(Procedure::new(procedure, law)).expect("it is sound"));
}

/// The same and the first answer, which makes the diagram of outcomes as well.
#[divan::bench]
fn made_and_asked_once(bencher: Bencher) {
    let catalogs = surety_catalog::Catalogs::builtin();
    let procedure = catalogs.procedure("eu-ai-act").expect("it is built in");
    let law = catalogs.law("eu-ai-act").expect("it is built in");
    bencher.bench_local(|| {
        let made = Procedure::new(procedure, law).expect("it is sound");
        black_box(classify(&made, &Answers::default(), ON, ON)).expect("it is sound");
    });
}
