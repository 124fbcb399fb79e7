//! From one cell of an understood column to the part of a proposal that it states.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::grid::Cell;
use crate::inventory::{
    fold::{fold_word, shortened},
    mention::Mentions,
    proposal::{Link, Place, Problem, Proposal, Severity, Target},
    values::{self, DayOrder, PersonText},
    vocabulary::{Field, Kind, Shape},
};

/// A row on its way to a proposal.
pub(super) struct Draft {
    pub(super) proposal: Proposal,
    /// Field to its three parties and its likelihood: `inherent` → `likelihood` → 4.
    ratings: BTreeMap<&'static str, BTreeMap<&'static str, u8>>,
    /// A unit in the place of an owner; a column of its own counts more.
    unit: Option<String>,
}

/// Where a cell reports and what it names.
pub(super) struct Findings<'a> {
    pub(super) problems: &'a mut Vec<Problem>,
    pub(super) mentions: &'a mut Mentions,
}

/// One cell and what is known of its column.
pub(super) struct Fill<'a> {
    pub(super) kind: &'static Kind,
    pub(super) field: &'static Field,
    pub(super) cell: &'a Cell,
    pub(super) place: Place,
    /// The column's name in `original`.
    pub(super) key: String,
    pub(super) order: DayOrder,
}

const PARTIES: [&str; 3] = ["organisation", "individuals", "society"];

impl Draft {
    pub(super) fn new(proposal: Proposal) -> Draft {
        Draft { proposal, ratings: BTreeMap::new(), unit: None }
    }

    /// With what several cells state together.
    pub(super) fn finished(mut self) -> Proposal {
        for (rating, members) in std::mem::take(&mut self.ratings) {
            self.rate(rating, &members);
        }
        if let Some(unit) = self.unit.filter(|_| !self.proposal.body.contains_key("unit")) {
            self.proposal.set("unit", unit);
        }
        self.proposal
    }

    /// A rating; one consequence speaks for all three parties, a party that is not rated counts as the worst of the others.
    fn rate(&mut self, rating: &str, members: &BTreeMap<&'static str, u8>) {
        let consequence = members.get("consequence");
        let stated = PARTIES.map(|party| members.get(party).or(consequence).copied());
        let Some(worst) = stated.iter().flatten().max().copied() else {
            // A likelihood of nothing is no rating.
            let levels: Map<String, Value> =
                members.iter().map(|(name, level)| ((*name).to_owned(), (*level).into())).collect();
            self.proposal.keep(rating, levels);
            return;
        };
        let mut object: Map<String, Value> = PARTIES
            .iter()
            .zip(stated)
            .map(|(party, level)| ((*party).to_owned(), level.unwrap_or(worst).into()))
            .collect();
        if let Some(likelihood) = members.get("likelihood") {
            object.insert("likelihood".to_owned(), (*likelihood).into());
        }
        self.proposal.set(rating, object);
    }
}

impl Fill<'_> {
    /// States the cell in the draft, or reports why not.
    pub(super) fn into(self, draft: &mut Draft, findings: &mut Findings<'_>) {
        let text = self.cell.text().into_owned();
        if let Cell::Fault(_) = self.cell {
            findings.problems.push(
                self.problem(Severity::Error, "is what a failed formula shows: mend the formula"),
            );
            return;
        }
        match self.field.shape {
            Shape::Person => self.person(&text, draft, findings),
            Shape::Link(kind) => self.link(kind, &text, draft, findings),
            Shape::Links(kind) => {
                let names = values::list(&text);
                let links =
                    names.iter().map(|name| self.target(true, kind, name, findings.mentions));
                draft.proposal.links.extend(links);
            }
            Shape::Level(rating, member) => match values::level(&text) {
                Ok(Some(level)) => {
                    draft.ratings.entry(rating).or_default().insert(member, level);
                }
                Ok(None) => {}
                Err(message) => self.not_taken(&text, &message, draft, findings),
            },
            Shape::State => match values::state(self.kind, &text) {
                Ok(state) => {
                    self.keep_nuance(&text, state.unwrap_or_default(), &mut draft.proposal);
                    draft.proposal.state = state.map(str::to_owned);
                }
                Err(message) => self.not_taken(&text, &message, draft, findings),
            },
            Shape::Identifier => {
                if !values::is_blank(&text) {
                    text.trim().clone_into(&mut draft.proposal.external_id);
                }
            }
            Shape::Email => self.email(&text, draft, findings),
            Shape::Text
            | Shape::Bool(_)
            | Shape::Date
            | Shape::List
            | Shape::Places
            | Shape::One(_)
            | Shape::Many(_)
            | Shape::Requirement
            | Shape::Requirements
            | Shape::PersonName
            | Shape::Metrics => self.plain(&text, draft, findings),
        }
    }

    fn plain(&self, text: &str, draft: &mut Draft, findings: &mut Findings<'_>) {
        let taken = match values::plain(self.field.shape, text, self.order) {
            Ok(Some(taken)) => taken,
            Ok(None) => return,
            Err(message) => return self.not_taken(text, &message, draft, findings),
        };
        if let Some(warning) = &taken.warning {
            findings.problems.push(self.problem(Severity::Warning, warning));
        }
        self.keep_nuance(text, taken.value.as_str().unwrap_or_default(), &mut draft.proposal);
        // Two columns mapped to one field: the first that says something counts.
        if draft.proposal.body.contains_key(self.field.name) {
            draft.proposal.keep(&self.key, text);
        } else {
            draft.proposal.set(self.field.name, taken.value);
        }
    }

    /// Links the first person; a unit goes into the unit instead.
    fn person(&self, text: &str, draft: &mut Draft, findings: &mut Findings<'_>) {
        if let Some(target) = readable_id("person", text) {
            draft.proposal.links.push(Link { field: self.field.name, many: false, target });
            return;
        }
        let (units, people): (Vec<PersonText>, Vec<PersonText>) = values::people(text)
            .into_iter()
            .partition(|person| person.email.is_none() && values::looks_like_unit(&person.name));
        if let Some(person) = people.first() {
            let link = findings.mentions.person(self.field.name, false, person, &self.place);
            draft.proposal.links.push(link);
            if people.len() > 1 {
                let message = format!(
                    "names {} people, only {} was taken: the field holds one",
                    people.len(),
                    person.name
                );
                findings.problems.push(self.problem(Severity::Warning, &message));
            }
            return;
        }
        let Some(unit) = units.first() else { return };
        if matches!(draft.proposal.kind, "ai_system" | "person") {
            draft.unit = Some(unit.name.clone());
        } else {
            draft.proposal.keep(&self.key, text);
        }
        let message = "is a unit, not a person: name a person who answers for it";
        findings.problems.push(self.problem(Severity::Warning, message));
    }

    /// One reference: a comma may belong to the name.
    fn link(&self, kind: &'static str, text: &str, draft: &mut Draft, findings: &mut Findings<'_>) {
        let items = values::list(text);
        let Some(first) = items.first() else { return };
        let several = text.contains(['\n', ';', '|']);
        let name = if several { first } else { text.trim() };
        let link = self.target(false, kind, name, findings.mentions);
        draft.proposal.links.push(link);
        if several && items.len() > 1 {
            let message = "names several, only the first was taken: give each its own row";
            findings.problems.push(self.problem(Severity::Warning, message));
            draft.proposal.keep(&self.key, text);
        }
    }

    fn email(&self, text: &str, draft: &mut Draft, findings: &mut Findings<'_>) {
        let address = values::people(text).into_iter().find_map(|person| person.email);
        if address.is_some() {
            draft.proposal.identity.get_or_insert_default().email = address;
        } else if !values::is_blank(text) {
            findings.problems.push(self.problem(Severity::Error, "is no e-mail address"));
        }
    }

    fn target(&self, many: bool, kind: &'static str, name: &str, mentions: &mut Mentions) -> Link {
        match readable_id(kind, name) {
            Some(target) => Link { field: self.field.name, many, target },
            None => mentions.link(self.field.name, many, kind, name, &self.place),
        }
    }

    fn not_taken(&self, text: &str, message: &str, draft: &mut Draft, findings: &mut Findings<'_>) {
        findings.problems.push(self.problem(Severity::Error, message));
        draft.proposal.keep(&self.key, text);
    }

    fn problem(&self, severity: Severity, message: &str) -> Problem {
        let value = shortened(&self.cell.text(), 80);
        Problem {
            place: self.place.clone(),
            severity,
            message: format!("\"{value}\" {message}"),
            value: Some(value),
        }
    }

    /// Keeps what a choice leaves out of its cell: "High risk (Annex III, 4a)" says more than `high`.
    fn keep_nuance(&self, text: &str, value: &str, proposal: &mut Proposal) {
        let is_choice = matches!(
            self.field.shape,
            Shape::One(_) | Shape::Many(_) | Shape::Bool(_) | Shape::State
        );
        let folded = fold_word(text);
        if is_choice && folded.split(' ').count() > 2 && folded != fold_word(value) {
            proposal.keep(&self.key, text);
        }
    }
}

/// `SUP-3` where a supplier is expected.
fn readable_id(kind: &'static str, text: &str) -> Option<Target> {
    const PREFIXES: &[(&str, &str)] = &[
        ("person", "PER"),
        ("supplier", "SUP"),
        ("dataset_card", "DST"),
        ("ai_system", "SYS"),
        ("system_group", "GRP"),
    ];
    let (_, prefix) = PREFIXES.iter().find(|(name, _)| *name == kind)?;
    let id = text.trim();
    let number = id.strip_prefix(prefix)?.strip_prefix('-')?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| Target::Record { kind, id: id.to_owned() })
}
