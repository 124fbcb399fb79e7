//! The procedure walked naively, by name, one walk at a time: what the engine is compared with.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use serde::Deserialize;
use surety_catalog::procedure::{AnswerOption, DecisionProcedure, Question};
use surety_catalog::{Catalogs, Law};
use surety_law::classification::Answers;

pub(crate) type Values = BTreeMap<String, Vec<String>>;

pub(crate) fn catalog() -> &'static DecisionProcedure {
    Catalogs::builtin().procedure("eu-ai-act").unwrap()
}

pub(crate) fn law() -> &'static Law {
    Catalogs::builtin().law("eu-ai-act").unwrap()
}

/// The day on which all prohibitions of 2026 apply, and on which nearly all examples are set.
pub(crate) const ON: Date = date(2026, 12, 2);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) on: Date,
    pub(crate) answers: Values,
    pub(crate) outcome: String,
    pub(crate) findings: BTreeSet<String>,
    pub(crate) will_be_prohibited_from: Option<Date>,
    #[serde(default)]
    pub(crate) pre_release: bool,
}

pub(crate) fn scenarios() -> Vec<Scenario> {
    #[derive(Deserialize)]
    struct File {
        scenario: Vec<Scenario>,
    }
    toml::from_str::<File>(include_str!("scenarios.toml")).unwrap().scenario
}

pub(crate) fn answers(values: &Values) -> Answers {
    Answers::from_parts(values.clone(), BTreeMap::new())
}

/// One completed walk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Walked {
    pub(crate) outcome: String,
    /// Derived ones included.
    pub(crate) findings: BTreeSet<String>,
    /// The answers that were asked for.
    pub(crate) asked: Vec<(String, Vec<String>)>,
}

/// A walk on its way.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    pub(crate) node: String,
    pub(crate) findings: BTreeSet<String>,
    pub(crate) asked: Vec<(String, Vec<String>)>,
    pub(crate) on: Date,
}

/// The answer contradicts what was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Contradicts;

impl Walk {
    pub(crate) fn start(on: Date) -> Walk {
        let mut walk = Walk {
            node: catalog().start.clone(),
            findings: BTreeSet::new(),
            asked: Vec::new(),
            on,
        };
        walk.pass_unasked();
        walk
    }

    /// The question that is asked here, `None` at the end.
    pub(crate) fn question(&self) -> Option<&'static Question> {
        catalog().question(&self.node)
    }

    /// Answers the question and goes on to the next that is asked.
    pub(crate) fn answer(mut self, values: &[String]) -> Result<Walk, Contradicts> {
        let question = self.question().unwrap();
        let mut chosen: Vec<&AnswerOption> =
            values.iter().map(|value| option(question, value)).collect();
        let mut implied = Vec::new();
        for rule in question.implied.iter().filter(|rule| self.any(&rule.any_of)) {
            let value = option(question, &rule.value);
            let clash = |one: &&AnswerOption| {
                one.excludes.contains(&value.value) || value.excludes.contains(&one.value)
            };
            if chosen.iter().any(clash) {
                return Err(Contradicts);
            }
            if !values.contains(&value.value) {
                implied.push(value);
            }
        }
        if !implied.is_empty() {
            chosen.retain(|one| !one.exclusive);
            chosen.extend(implied);
        }
        let suggested: Vec<_> =
            question.suggest.iter().filter(|rule| self.any(&rule.any_of)).collect();
        if !suggested.iter().all(|rule| chosen.iter().any(|one| one.value == rule.value)) {
            self.findings.insert(catalog().declined_suggestion.clone());
        }
        self.asked.push((question.id.clone(), values.to_vec()));
        self.take(question, &chosen);
        self.pass_unasked();
        Ok(self)
    }

    /// The end of a walk: the outcome, and what follows from it.
    pub(crate) fn end(self) -> Walked {
        let version = law().version_on(self.on).unwrap();
        let operative = |id: &String| {
            let finding = catalog().finding(id).unwrap();
            let regime = law().regimes.iter().find(|one| one.id == finding.regime).unwrap();
            let mut rows = regime.dates.iter();
            let row = rows.find(|row| row.version == version.id && row.scope == finding.scope);
            row.and_then(|row| row.operative_from).is_some_and(|from| from <= self.on)
        };
        let verdict = catalog().verdicts.iter().find(|rule| {
            let counts: BTreeSet<String> = match rule.operative_only {
                true => {
                    let dated = self.findings.iter().filter(|id| met(&rule.any_of, id));
                    dated.filter(|id| operative(id)).cloned().collect()
                }
                false => self.findings.clone(),
            };
            (rule.any_of.is_empty() || counts.iter().any(|id| met(&rule.any_of, id)))
                && !self.any(&rule.none_of)
        });
        let outcome = verdict.unwrap().outcome.clone();
        let mut findings = self.findings.clone();
        for rule in &catalog().derived {
            if self.any(&rule.any_of)
                && !self.any(&rule.none_of)
                && !rule.unless_outcomes.contains(&outcome)
                && (rule.only_outcomes.is_empty() || rule.only_outcomes.contains(&outcome))
            {
                findings.insert(rule.finding.clone());
            }
        }
        Walked { outcome, findings, asked: self.asked }
    }

    fn pass_unasked(&mut self) {
        while let Some(question) = self.question() {
            if let Some(gate) = &question.gate
                && ((!gate.any_of.is_empty() && !self.any(&gate.any_of)) || self.any(&gate.none_of))
            {
                self.findings.extend(gate.emit.iter().cloned());
                self.node = gate.skip_to.clone();
                continue;
            }
            let rule = question.auto.iter().find(|rule| {
                (rule.any_of.is_empty() || self.any(&rule.any_of)) && !self.any(&rule.none_of)
            });
            let Some(rule) = rule else { return };
            let chosen: Vec<_> = rule.answer.iter().map(|one| option(question, one)).collect();
            self.take(question, &chosen);
        }
    }

    fn take(&mut self, question: &Question, chosen: &[&AnswerOption]) {
        self.findings.extend(chosen.iter().flat_map(|one| &one.emit).cloned());
        self.node = question.next_after(chosen[0]).to_owned();
    }

    fn any(&self, entries: &[String]) -> bool {
        self.findings.iter().any(|id| met(entries, id))
    }
}

/// Every answer that may be given to a question.
pub(crate) fn sound(question: &Question) -> Vec<Vec<String>> {
    if !question.several {
        return question.answers.iter().map(|one| vec![one.value.clone()]).collect();
    }
    let alone = question.answers.iter().filter(|one| one.exclusive);
    let mut all: Vec<Vec<String>> = alone.map(|one| vec![one.value.clone()]).collect();
    let together: Vec<_> = question.answers.iter().filter(|one| !one.exclusive).collect();
    for set in 1_u32..1 << together.len() {
        let chosen: Vec<_> = (0..together.len())
            .filter(|place| set & (1 << place) != 0)
            .map(|place| together[place])
            .collect();
        let excluded =
            |one: &&&AnswerOption| chosen.iter().any(|other| one.excludes.contains(&other.value));
        if !chosen.iter().any(|one| excluded(&one)) {
            all.push(chosen.iter().map(|one| one.value.clone()).collect());
        }
    }
    all
}

fn option<'q>(question: &'q Question, value: &str) -> &'q AnswerOption {
    question.answers.iter().find(|one| one.value == value).unwrap()
}

fn met(entries: &[String], id: &str) -> bool {
    let kind = &catalog().finding(id).unwrap().kind;
    entries.iter().any(|entry| entry == id || entry.strip_prefix("kind:") == Some(kind))
}

/// Every completion of some answers, or `None` if there are more than `limit`.
pub(crate) fn completions(values: &Values, on: Date, limit: usize) -> Option<Vec<Walked>> {
    let mut done = Vec::new();
    let mut todo = vec![Walk::start(on)];
    while let Some(walk) = todo.pop() {
        let Some(question) = walk.question() else {
            done.push(walk.end());
            continue;
        };
        match values.get(&question.id) {
            Some(given) => todo.extend(walk.answer(given)),
            None => {
                let all = sound(question);
                todo.extend(all.iter().filter_map(|one| walk.clone().answer(one).ok()));
            }
        }
        if done.len() + todo.len() > limit {
            return None;
        }
    }
    Some(done)
}

/// Numbers that look random and are the same on every run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(limit).unwrap()).unwrap()
    }
}

/// A completion of some answers, taken at random. Of ten, `cautious` follow the harmless answer where there is one.
pub(crate) fn some_completion(values: &Values, on: Date, numbers: &mut Numbers) -> Option<Walked> {
    'again: for _ in 0..50 {
        let mut walk = Walk::start(on);
        while let Some(question) = walk.question() {
            let answer = match values.get(&question.id) {
                Some(given) => given.clone(),
                None => some_answer(question, numbers),
            };
            match walk.answer(&answer) {
                Ok(next) => walk = next,
                Err(Contradicts) => continue 'again,
            }
        }
        return Some(walk.end());
    }
    None
}

/// Of five answers four let the walk go on or leave nothing behind, so that walks are long and differ at their ends.
fn some_answer(question: &Question, numbers: &mut Numbers) -> Vec<String> {
    let all = sound(question);
    let quiet: Vec<_> = all
        .iter()
        .filter(|values| {
            let chosen = values.iter().map(|value| option(question, value));
            chosen.clone().all(|one| question.next_after(one) != "end")
                && (numbers.below(2) == 0 || chosen.clone().all(|one| one.emit.is_empty()))
        })
        .collect();
    if quiet.is_empty() || numbers.below(5) == 0 {
        return all[numbers.below(all.len())].clone();
    }
    quiet[numbers.below(quiet.len())].clone()
}
