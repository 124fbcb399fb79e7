//! Answers as an address or a form says them.

use surety_law::classification::Answers;

use crate::problem::Problem;

/// Before the name of a question.
pub(super) const ANSWER: &str = "a.";
/// Before the name of a date.
pub(super) const DATE: &str = "d.";

/// What was answered so far.
#[derive(Default)]
pub(super) struct Given {
    pub(super) answers: Answers,
}

impl Given {
    pub(super) fn of(answers: Answers) -> Given {
        Given { answers }
    }

    /// The answers among these pairs. One that says nothing says that it isn't known, whatever comes with it: that is what
    /// the button of a form adds to boxes that are ticked.
    ///
    /// # Errors
    /// A date that is none.
    pub(super) fn read(pairs: &[(String, String)]) -> Result<Given, Problem> {
        let mut answers = Answers::default();
        for (name, value) in pairs {
            if let Some(fact) = name.strip_prefix(DATE).filter(|_| !value.is_empty()) {
                let date =
                    value.parse().map_err(|_| Problem::bad(format!("`{value}` is no date")))?;
                answers.set_date(fact, date);
            }
            let Some(node) = name.strip_prefix(ANSWER) else { continue };
            let before = answers.get(node).map(<[String]>::to_vec);
            let is_unknown = value.is_empty() || before.as_ref().is_some_and(Vec::is_empty);
            let mut values = before.unwrap_or_default();
            if is_unknown {
                values.clear();
            } else if !values.contains(value) {
                values.push(value.clone());
            }
            answers.set(node, values);
        }
        Ok(Given { answers })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.answers.values().is_empty() && self.answers.dates().is_empty()
    }

    /// The same as pairs, without these questions and dates.
    pub(super) fn pairs(&self, without: &[&str]) -> Vec<(String, String)> {
        let is_kept = |name: &str| !without.contains(&name);
        let mut pairs = Vec::new();
        for (node, values) in self.answers.values().iter().filter(|(node, _)| is_kept(node)) {
            let name = format!("{ANSWER}{node}");
            if values.is_empty() {
                pairs.push((name.clone(), String::new()));
            }
            pairs.extend(values.iter().map(|value| (name.clone(), value.clone())));
        }
        for (fact, date) in self.answers.dates().iter().filter(|(fact, _)| is_kept(fact)) {
            pairs.push((format!("{DATE}{fact}"), date.to_string()));
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_an_address_says_is_said_again() {
        let said = pairs(&[
            ("a.def.machine", "yes"),
            ("a.def.output", ""),
            ("a.scope.link", "a"),
            ("a.scope.link", "b"),
            ("d.system_placed_on", "2026-05-01"),
        ]);
        let given = Given::read(&said).unwrap();
        assert_eq!(given.answers.get("def.output"), Some(&[][..]));
        assert_eq!(given.pairs(&[]), said);
        assert_eq!(given.pairs(&["scope.link", "system_placed_on"]), said[..2]);
    }

    #[test]
    fn not_known_goes_before_what_is_ticked() {
        for said in [
            [("a.scope.link", "a"), ("a.scope.link", "")],
            [("a.scope.link", ""), ("a.scope.link", "a")],
        ] {
            let given = Given::read(&pairs(&said)).unwrap();
            assert_eq!(given.answers.get("scope.link"), Some(&[][..]));
        }
        assert!(Given::read(&pairs(&[("d.system_placed_on", "soon")])).is_err());
        assert!(Given::read(&pairs(&[("d.system_placed_on", "")])).unwrap().is_empty());
    }
}
