//! Answers that follow from what an inventory says about a system, by rules of the procedure.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use surety_catalog::procedure::Prefill as Rule;

use super::{answers::Answers, procedure::Procedure};

/// What an inventory says: for each field its values, as its records spell them.
///
/// The rules of the AI Act look at `record` (`ai_system`), `state`, `kind`, `origin`, `ai_act_roles`, `ai_act_class`,
/// `decision_effect`, `personal_data` (`true`, `false`), `jurisdictions` (ISO 3166-1 alpha-2) and `go_live` (a date).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Facts(BTreeMap<String, Vec<String>>);

impl Facts {
    /// Adds what a field says; nothing, if it says nothing.
    pub fn say(&mut self, field: &str, values: impl IntoIterator<Item = impl Into<String>>) {
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        if !values.is_empty() {
            self.0.entry(field.to_owned()).or_default().extend(values);
        }
    }

    /// The same, for a chain.
    #[must_use]
    pub fn with(
        mut self,
        field: &str,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Facts {
        self.say(field, values);
        self
    }

    fn values(&self, field: &str) -> &[String] {
        self.0.get(field).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Proposed answers, and where each comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Prefilled {
    pub answers: Answers,
    pub suggestions: Vec<Suggestion>,
}

/// One proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Suggestion {
    /// The question, or the date fact.
    pub node: String,
    pub values: Vec<String>,
    /// The fields of the inventory from which it follows.
    pub fields: Vec<String>,
    pub because: String,
}

impl Prefilled {
    /// The proposals for one question.
    pub fn for_question<'a>(&'a self, node: &'a str) -> impl Iterator<Item = &'a Suggestion> {
        self.suggestions.iter().filter(move |one| one.node == node)
    }
}

/// The answers that clearly follow from an inventory. A person confirms them.
pub fn prefill(procedure: &Procedure, facts: &Facts) -> Prefilled {
    let mut prefilled = Prefilled::default();
    for rule in procedure.catalog.prefills.iter().filter(|rule| holds(procedure, rule, facts)) {
        let suggestion = if rule.date_fact.is_empty() {
            let mut values = prefilled.answers.get(&rule.node).unwrap_or_default().to_vec();
            for value in &rule.answer {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
            prefilled.answers.set(&rule.node, values);
            (&rule.node, rule.answer.clone())
        } else {
            let Some(date) = date_in(facts.values(&rule.from)) else { continue };
            prefilled.answers.set_date(&rule.date_fact, date);
            (&rule.date_fact, vec![date.to_string()])
        };
        prefilled.suggestions.push(Suggestion {
            node: suggestion.0.clone(),
            values: suggestion.1,
            fields: rule.fields.keys().cloned().collect(),
            because: rule.because.clone(),
        });
    }
    prefilled
}

fn holds(procedure: &Procedure, rule: &Rule, facts: &Facts) -> bool {
    let says = |(field, values): (&String, &Vec<String>)| {
        let said = facts.values(field);
        values.iter().any(|value| match value.strip_prefix('@') {
            Some(group) => {
                let group = procedure.catalog.value_groups.get(group);
                group.is_some_and(|group| said.iter().any(|one| group.contains(one)))
            }
            None => (value == "*" && !said.is_empty()) || said.contains(value),
        })
    };
    rule.fields.iter().all(says) && !rule.unless.iter().any(says)
}

fn date_in(values: &[String]) -> Option<Date> {
    values.iter().find_map(|value| value.parse().ok())
}
