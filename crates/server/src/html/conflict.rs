//! Two who changed one record: what each says, field by field, and which of both a form holds.
//!
//! Nothing is merged behind anybody's back: a form proposes, shows both, and is sent by a person.

use askama::Template;
use serde_json::{Map, Value};
use surety_aims::Kind;

use super::field::Field;

/// A record as it was when a form was opened, as the form has it, and as somebody else has stated it meanwhile.
pub(crate) struct Conflict {
    kind: Kind,
    /// What both began with; `None`: it can't be read any more, and nobody knows who changed what.
    was: Option<Value>,
    mine: Value,
    theirs: Value,
    /// The version that both began with, as forms write it.
    pub(crate) since: String,
    /// What was stated since then: the version, by whom, when.
    pub(crate) stated: Vec<(u64, String, String)>,
    /// Whether the form is shown for the first time, before anything was chosen.
    pub(crate) is_new: bool,
}

/// Which version a field of the form holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    Yours,
    Theirs,
    /// It was written anew after both were seen.
    Neither,
}

/// What somebody chooses who sees both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice<'a> {
    Theirs(&'a str),
    Yours(&'a str),
    AllTheirs,
    AllYours,
}

/// The name in a button that stands for all fields.
const ALL: &str = "*";

impl<'a> Choice<'a> {
    /// What the button says that sent a form; `None`: it is to be saved.
    pub(crate) fn of(form: &'a [(String, String)]) -> Option<Choice<'a>> {
        form.iter().find_map(|(name, field)| match (name.as_str(), field.as_str()) {
            ("take", ALL) => Some(Choice::AllTheirs),
            ("keep", ALL) => Some(Choice::AllYours),
            ("take", field) => Some(Choice::Theirs(field)),
            ("keep", field) => Some(Choice::Yours(field)),
            _ => None,
        })
    }
}

impl Conflict {
    pub(crate) fn new(
        kind: Kind,
        was: Option<Value>,
        (mine, theirs): (Value, Value),
        since: String,
    ) -> Conflict {
        let (was, mine) = (was.map(|was| as_stated(kind, was)), as_stated(kind, mine));
        let theirs = as_stated(kind, theirs);
        Conflict { kind, was, mine, theirs, since, stated: Vec::new(), is_new: true }
    }

    /// Whether they say something else in a field than both began with, and than I do.
    pub(crate) fn is_open(&self, field: &str) -> bool {
        let changed = self.was.as_ref().is_none_or(|was| differs(was, &self.theirs, field));
        changed && differs(&self.mine, &self.theirs, field)
    }

    /// Whether I changed a field at all.
    pub(crate) fn is_mine(&self, field: &str) -> bool {
        self.was.as_ref().is_none_or(|was| differs(was, &self.mine, field))
    }

    /// What the form holds at first: theirs where I had changed nothing, and mine in all else.
    pub(crate) fn proposed(&self) -> Value {
        let theirs = |field: &str| self.is_open(field) && !self.is_mine(field);
        self.with(&self.mine, &self.theirs, theirs)
    }

    /// What the form holds after a choice. What only they changed is theirs until it is put back field by field.
    pub(crate) fn chosen(&self, form: Value, choice: &Choice<'_>) -> Value {
        let form = as_stated(self.kind, form);
        match choice {
            Choice::Theirs(field) => self.with(&form, &self.theirs, |one| one == *field),
            Choice::Yours(field) => self.with(&form, &self.mine, |one| one == *field),
            Choice::AllTheirs => self.with(&form, &self.theirs, |one| self.is_open(one)),
            Choice::AllYours => {
                self.with(&form, &self.mine, |one| self.is_open(one) && self.is_mine(one))
            }
        }
    }

    /// `form` with what `from` says in some fields.
    fn with(&self, form: &Value, from: &Value, is_taken: impl Fn(&str) -> bool) -> Value {
        let mut body = form.as_object().cloned().unwrap_or_default();
        for field in self.kind.fields().iter().filter(|field| is_taken(field)) {
            match from.get(field) {
                Some(value) => body.insert((*field).to_owned(), value.clone()),
                None => body.remove(*field),
            };
        }
        Value::Object(body)
    }

    /// Which version of a field the form holds.
    pub(crate) fn held(&self, form: &Value, field: &str) -> Held {
        if !differs(form, &self.theirs, field) {
            return Held::Theirs;
        }
        if differs(form, &self.mine, field) { Held::Neither } else { Held::Yours }
    }

    /// What a field says in mine and in theirs.
    pub(super) fn both(&self, field: &str) -> (&Value, &Value) {
        let none = &Value::Null;
        (self.mine.get(field).unwrap_or(none), self.theirs.get(field).unwrap_or(none))
    }

    /// What stands above a form that shows both.
    pub(crate) fn notice(&self, noun: &'static str, fields: &[Field]) -> Notice {
        let named = |is_mine: bool| {
            let open = fields.iter().filter(|field| {
                field.versions.as_ref().is_some_and(|versions| versions.is_mine == is_mine)
            });
            open.map(|field| (field.id(), field.label.clone())).collect()
        };
        Notice {
            noun,
            since: self.since.clone(),
            mine: self.mine.to_string(),
            stated: self.stated.clone(),
            both: named(true),
            theirs: named(false),
        }
    }
}

/// The two versions of a field, below it.
#[derive(Template)]
#[template(path = "parts/versions.html")]
pub(crate) struct Versions {
    pub(super) name: String,
    /// The id of the field in the page.
    pub(super) place: String,
    pub(super) label: String,
    pub(super) yours: String,
    pub(super) theirs: String,
    pub(super) held: Held,
    /// Whether whoever fills the form had changed the field.
    pub(super) is_mine: bool,
}

/// What happened meanwhile, and what the form holds: stands in the form, which sends what a choice needs to know.
#[derive(Template)]
#[template(path = "parts/conflict.html")]
pub(crate) struct Notice {
    noun: &'static str,
    since: String,
    mine: String,
    stated: Vec<(u64, String, String)>,
    /// Fields that both changed: the id in the page, and what it is called.
    both: Vec<(String, String)>,
    /// Fields that only they changed.
    theirs: Vec<(String, String)>,
}

/// A body as it would stand on the ledger, so that what means the same is the same; as it is, if it can't stand there.
fn as_stated(kind: Kind, body: Value) -> Value {
    kind.body(body.clone()).map(|stated| stated.to_json()).unwrap_or(body)
}

fn differs(one: &Value, other: &Value, field: &str) -> bool {
    !is_same(one.get(field).unwrap_or(&Value::Null), other.get(field).unwrap_or(&Value::Null))
}

/// Whether two values say the same; what is not there and what is empty do.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let of = |fields: &Map<String, Value>, name: &String| {
                fields.get(name).cloned().unwrap_or_default()
            };
            one.keys().chain(other.keys()).all(|name| is_same(&of(one, name), &of(other, name)))
        }
        _ => one == other || (is_empty(one) && is_empty(other)),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A risk that both began with, mine, and theirs.
    fn conflict(was: Option<Value>, mine: Value, theirs: Value) -> Conflict {
        Conflict::new(Kind::Risk, was, (mine, theirs), "1".to_owned())
    }

    fn of(title: &str, description: &str, treatment: &str) -> Value {
        json!({ "title": title, "description": description, "treatment": treatment })
    }

    #[test]
    fn what_only_one_of_two_changed_is_taken_from_them() {
        let was = of("Berth", "Old", "modify");
        let both =
            conflict(Some(was), of("My berth", "Mine", "modify"), of("Berth", "Theirs", "share"));
        let proposed = both.proposed();
        assert_eq!(proposed["title"], "My berth", "only I changed it");
        assert_eq!(proposed["description"], "Mine", "both changed it");
        assert_eq!(proposed["treatment"], "share", "only they changed it");
        let fields = Kind::Risk.fields();
        assert_eq!(fields.iter().filter(|field| both.is_open(field)).count(), 2);
        assert!(both.is_mine("description") && !both.is_mine("treatment"));
        assert_eq!(both.held(&proposed, "description"), Held::Yours);
        assert_eq!(both.held(&proposed, "treatment"), Held::Theirs);
    }

    #[test]
    fn each_choice_changes_the_fields_that_it_names() {
        let was = of("Berth", "Old", "modify");
        let both =
            conflict(Some(was), of("Berth", "Mine", "modify"), of("Berth", "Theirs", "share"));
        let typed = of("Typed after that", "Neither", "share");
        for (choice, description, treatment) in [
            (Choice::Theirs("description"), "Theirs", "share"),
            (Choice::Yours("description"), "Mine", "share"),
            (Choice::Yours("treatment"), "Neither", "modify"),
            (Choice::AllTheirs, "Theirs", "share"),
            (Choice::AllYours, "Mine", "share"),
        ] {
            let chosen = both.chosen(typed.clone(), &choice);
            assert_eq!(chosen["description"], description, "{choice:?}");
            assert_eq!(chosen["treatment"], treatment, "{choice:?}");
            assert_eq!(chosen["title"], "Typed after that", "{choice:?}");
        }
        assert_eq!(both.held(&typed, "description"), Held::Neither);
    }

    #[test]
    fn if_nobody_knows_what_both_began_with_every_difference_is_shown_and_mine_stays() {
        let both = conflict(None, of("Mine", "Same", "modify"), of("Theirs", "Same", "modify"));
        assert!(both.is_open("title") && !both.is_open("description"));
        assert_eq!(both.proposed()["title"], "Mine");
    }

    #[test]
    fn what_means_the_same_does_not_differ() {
        let empty = json!({ "title": "Berth", "inherent": { "likelihood": null }, "controls": [] });
        let both = conflict(Some(json!({ "title": "Berth" })), empty, json!({ "title": "Berth" }));
        assert!(Kind::Risk.fields().iter().all(|field| !both.is_open(field)));
    }
}
