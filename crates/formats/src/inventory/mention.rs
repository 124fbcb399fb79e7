//! Things that a file only names: the vendor in a column, the base model's publisher, the owner of a row.

use std::collections::HashMap;

use serde_json::Map;

use super::{
    fold::fold_name,
    proposal::{Identity, Link, Place, Proposal, Target},
    values::PersonText,
};

/// The source of what is known by its name only; the external id is the folded name (of people, the e-mail address if
/// it is known), so that two files that name one vendor mean one record.
pub(crate) const BY_NAME: &str = "name";

/// Collects mentions, each once.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    known: HashMap<(&'static str, String), usize>,
    proposals: Vec<Proposal>,
}

impl Mentions {
    /// A link from `field` to whatever of `kind` has this name.
    pub(crate) fn link(
        &mut self,
        field: &'static str,
        many: bool,
        kind: &'static str,
        name: &str,
        place: &Place,
    ) -> Link {
        let name = name.trim();
        let folded = fold_name(name);
        if !folded.is_empty() && !self.known.contains_key(&(kind, folded.clone())) {
            let mut body = Map::new();
            body.insert("name".to_owned(), name.into());
            self.add(kind, folded.clone(), folded, Proposal { body, ..named(kind, name, place) });
        }
        Link { field, many, target: Target::Named { kind, name: name.to_owned(), email: None } }
    }

    /// The mention of that name, to add what the file says of it.
    pub(crate) fn about(&mut self, kind: &'static str, name: &str) -> Option<&mut Proposal> {
        let index = *self.known.get(&(kind, fold_name(name)))?;
        self.proposals.get_mut(index)
    }

    /// A link from `field` to a supplier who supplies `what`; its web address if known.
    pub(crate) fn supplier(
        &mut self,
        field: &'static str,
        many: bool,
        name: &str,
        what: &str,
        url: Option<&str>,
        place: &Place,
    ) -> Link {
        let link = self.link(field, many, "supplier", name, place);
        if let Some(supplier) = self.about("supplier", name) {
            let mut supplies: Vec<serde_json::Value> = supplier
                .body
                .get("supplies")
                .and_then(serde_json::Value::as_array)
                .cloned()
                .unwrap_or_default();
            if !supplies.iter().any(|known| known.as_str() == Some(what)) {
                supplies.push(what.into());
                supplier.set("supplies", supplies);
            }
            if let (Some(url), false) = (url, supplier.body.contains_key("url")) {
                supplier.set("url", url);
            }
        }
        link
    }

    /// A link from `field` to a person.
    pub(crate) fn person(
        &mut self,
        field: &'static str,
        many: bool,
        person: &PersonText,
        place: &Place,
    ) -> Link {
        let PersonText { name, email } = person;
        let folded = fold_name(name);
        let by_email = email.clone().map(|email| ("person", email));
        let known = by_email
            .as_ref()
            .and_then(|key| self.known.get(key))
            .or_else(|| self.known.get(&("person", folded.clone())))
            .copied();
        match known.and_then(|index| self.proposals.get_mut(index)) {
            Some(proposal) => {
                // Another row may know the address or the name that this one lacked.
                let identity = proposal.identity.get_or_insert_default();
                if identity.email.is_none() && email.is_some() {
                    identity.email.clone_from(email);
                }
            }
            None => {
                let is_address = email.as_deref() == Some(name.to_lowercase().as_str());
                let identity =
                    Identity { name: (!is_address).then(|| name.clone()), email: email.clone() };
                let id = email.clone().unwrap_or_else(|| folded.clone());
                self.add(
                    "person",
                    folded,
                    id,
                    Proposal { identity: Some(identity), ..named("person", name, place) },
                );
            }
        }
        if let (Some(key), Some(index)) =
            (by_email, known.or_else(|| self.proposals.len().checked_sub(1)))
        {
            self.known.entry(key).or_insert(index);
        }
        Link {
            field,
            many,
            target: Target::Named { kind: "person", name: name.clone(), email: email.clone() },
        }
    }

    /// Adds to `proposals` what none of them already is.
    pub(crate) fn join(self, proposals: &mut Vec<Proposal>) {
        let whole: std::collections::HashSet<(&'static str, String)> =
            proposals.iter().map(|proposal| (proposal.kind, fold_name(&proposal.name))).collect();
        proposals.extend(
            self.proposals
                .into_iter()
                .filter(|mention| !whole.contains(&(mention.kind, fold_name(&mention.name)))),
        );
    }

    fn add(&mut self, kind: &'static str, folded: String, external_id: String, proposal: Proposal) {
        self.known.insert((kind, folded), self.proposals.len());
        self.proposals.push(Proposal { external_id, ..proposal });
    }
}

fn named(kind: &'static str, name: &str, place: &Place) -> Proposal {
    Proposal {
        name: name.to_owned(),
        source: BY_NAME.to_owned(),
        mention: true,
        ..Proposal::new(kind, place.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_mentioned_once_and_not_beside_its_own_record() {
        let place = Place::file("x");
        let mut mentions = Mentions::default();
        mentions.link("suppliers", true, "supplier", "Acme Inc.", &place);
        mentions.link("suppliers", true, "supplier", "ACME, Inc", &place);
        mentions.link("suppliers", true, "supplier", "Beta", &place);
        let mut proposals =
            vec![Proposal { name: "beta".to_owned(), ..Proposal::new("supplier", place) }];
        mentions.join(&mut proposals);
        let names: Vec<&str> = proposals.iter().map(|proposal| proposal.name.as_str()).collect();
        assert_eq!(names, ["beta", "Acme Inc."]);
    }

    #[test]
    fn a_person_named_with_and_without_address_is_one_person() {
        let place = Place::file("x");
        let mut mentions = Mentions::default();
        let person = |name: &str, email: Option<&str>| PersonText {
            name: name.to_owned(),
            email: email.map(str::to_owned),
        };
        mentions.person("owner", false, &person("Anna Weber", None), &place);
        mentions.person("owner", false, &person("Anna Weber", Some("anna@example.org")), &place);
        mentions.person(
            "owner",
            false,
            &person("anna@example.org", Some("anna@example.org")),
            &place,
        );
        let mut proposals = Vec::new();
        mentions.join(&mut proposals);
        assert_eq!(proposals.len(), 1);
        let expected = Identity {
            name: Some("Anna Weber".to_owned()),
            email: Some("anna@example.org".to_owned()),
        };
        assert_eq!(proposals[0].identity, Some(expected));
    }
}
