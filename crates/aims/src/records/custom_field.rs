//! Fields that the organisation adds to record kinds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Book, Kind, Problems, Record, RecordId, RecordKind, lifecycle::REGISTER};

choice! {
    /// What a custom field holds.
    CustomType { Text, Number, Bool, Date, Choice }
}

/// A field that the organisation adds to a kind of record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CustomField {
    /// The kind of record it is added to, such as `ai_system`.
    pub record_kind: String,
    /// Its name in files and commands: small letters, digits and underscores, such as `cost_centre`.
    pub name: String,
    /// Its name as people read it.
    pub label: String,
    /// What it holds.
    pub r#type: Option<CustomType>,
    /// The values to choose from, for type choice.
    pub choices: Vec<String>,
    /// Every record of the kind must have it.
    pub required: bool,
    /// What a person should enter.
    pub help: String,
}

impl RecordKind for CustomField {
    kind! { CustomField, "custom_field", "FLD", "a custom field", REGISTER, ["name", "type"] }

    fn title(&self) -> &str {
        let names = [&self.label, &self.name, &self.record_kind];
        names.into_iter().find(|name| !name.trim().is_empty()).map_or("", String::as_str)
    }

    fn check(&self, id: RecordId, book: &Book, problems: &mut Problems) {
        match Kind::from_name(&self.record_kind) {
            Some(kind) => self.check_name(kind, problems),
            None => problems.add("record_kind", "name a kind of record, such as ai_system"),
        }
        let has_choices = !self.choices.is_empty();
        match self.r#type {
            Some(CustomType::Choice) => {
                problems.unless(has_choices, "choices", "list the values to choose from");
            }
            Some(CustomType::Text | CustomType::Number | CustomType::Bool | CustomType::Date) => {
                let message = "are for type choice only; set that type or drop them";
                problems.unless(!has_choices, "choices", message);
            }
            None => {}
        }
        let same = |(other, field): &(&Record, &CustomField)| {
            other.id != id
                && other.is_live()
                && !field.name.is_empty()
                && (&field.record_kind, &field.name) == (&self.record_kind, &self.name)
        };
        if let Some((other, _)) = book.all::<CustomField>().find(same) {
            problems
                .add("name", format!("is defined by {} already; state that record anew", other.id));
        }
    }
}

impl CustomField {
    fn check_name(&self, kind: Kind, problems: &mut Problems) {
        let name = &self.name;
        let is_word = name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
            && name.bytes().next().is_none_or(|byte| byte.is_ascii_lowercase());
        problems.unless(
            is_word,
            "name",
            "use small letters, digits and underscores, such as cost_centre",
        );
        let schema = kind.schema();
        let own = schema.get("properties").and_then(|fields| fields.get(name));
        if own.is_some() {
            problems.add(
                "name",
                format!("{} has a field `{name}` of its own; choose another name", kind.label()),
            );
        }
    }
}
