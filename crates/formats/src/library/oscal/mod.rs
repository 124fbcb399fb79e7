//! OSCAL documents, any 1.x, in JSON or YAML: one outermost key names the model.
//!
//! Catalogs become frameworks, profiles selections, mapping collections mapping sets. The models that describe systems
//! and assessments are kept whole, with what they say about controls as a selection, and a notice.

mod catalog;
mod keys;
mod mapping;
mod other;
mod profile;
mod text;

use jiff::{Timestamp, civil::Date};
use serde_json::{Map, Value};
use surety_catalog::Library;

use super::{
    Format,
    fields::Fields,
    ids::slug,
    report::{Context, Fault, Step},
    tree::{Node, Tree},
};

/// The outermost keys and what they announce.
const ROOTS: [(&str, Format); 8] = [
    ("catalog", Format::OscalCatalog),
    ("profile", Format::OscalProfile),
    ("mapping-collection", Format::OscalMappingCollection),
    ("component-definition", Format::OscalComponentDefinition),
    ("system-security-plan", Format::OscalSystemSecurityPlan),
    ("assessment-plan", Format::OscalAssessmentPlan),
    ("assessment-results", Format::OscalAssessmentResults),
    ("plan-of-action-and-milestones", Format::OscalPlanOfActionAndMilestones),
];

/// Longer titles make no good id.
const LONGEST_ID: usize = 40;

/// The model that an outermost key announces.
pub(super) fn format_of_root(key: &str) -> Option<Format> {
    ROOTS.iter().find(|(root, _)| *root == key).map(|(_, format)| *format)
}

/// Reads a whole document.
pub(super) fn read(
    cx: &mut Context,
    name: &str,
    format: Format,
    root: Node<'_>,
) -> Result<Library, Fault> {
    let mut outer = Fields::open(cx, root)?;
    let key = ROOTS.iter().find(|(_, known)| *known == format).map_or("", |(root, _)| *root);
    let node = outer.required(cx, key)?;
    let mut library = cx.within(Step::Key(key), |cx| {
        let mut fields = Fields::open(cx, node)?;
        let library = document(cx, name, &mut fields)?;
        match format {
            Format::OscalCatalog => catalog::read(cx, fields, library),
            Format::OscalProfile => profile::read(cx, fields, library),
            Format::OscalMappingCollection => mapping::read(cx, fields, library),
            Format::OscalComponentDefinition => other::component_definition(cx, fields, library),
            Format::OscalSystemSecurityPlan
            | Format::OscalAssessmentPlan
            | Format::OscalAssessmentResults
            | Format::OscalPlanOfActionAndMilestones
            | Format::CisoAssistant => Ok(other::whole(cx, fields, library, key)),
        }
    })?;
    library.extra.append(&mut outer.rest(cx, &["$schema"]));
    Ok(library)
}

/// What all models share: identity, metadata, back matter.
fn document(cx: &mut Context, name: &str, fields: &mut Fields<'_>) -> Result<Library, Fault> {
    let mut library = Library { urn: fields.required_text(cx, "uuid")?, ..Library::default() };
    let metadata = fields.required(cx, "metadata")?;
    cx.within(Step::Key("metadata"), |cx| metadata_of(cx, name, metadata, &mut library))?;
    if let Some(back_matter) = fields.take("back-matter") {
        cx.within(Step::Key("back-matter"), |cx| {
            keys::check(cx, &back_matter.value, &["resources"]);
        });
        library.extra.insert("back-matter".to_owned(), back_matter.value.into_json());
    }
    Ok(library)
}

fn metadata_of(
    cx: &mut Context,
    name: &str,
    node: Node<'_>,
    library: &mut Library,
) -> Result<(), Fault> {
    let mut fields = Fields::open(cx, node)?;
    let line = fields.line;
    library.name = fields.required_text(cx, "title")?;
    library.id = id(name, &library.name);
    library.version = fields.text(cx, "version");
    let mut kept = Map::new();
    for key in ["oscal-version", "published", "last-modified"] {
        let text = fields.text(cx, key);
        match key {
            "oscal-version" if !text.starts_with("1.") => cx.within(Step::Key(key), |cx| {
                cx.warn(line, format!("OSCAL `{text}` is not a 1.x version; read as one"));
            }),
            "published" | "last-modified" if !text.is_empty() && library.published.is_none() => {
                library.published = date(cx, line, key, &text);
            }
            _ => {}
        }
        if !text.is_empty() {
            kept.insert(key.to_owned(), Value::String(text));
        }
    }
    library.provider = provider(&mut fields).unwrap_or_default();
    kept.append(&mut fields.rest(cx, &keys::METADATA));
    library.extra.insert("metadata".to_owned(), Value::Object(kept));
    Ok(())
}

/// The date in its own time zone, as the publisher would write it.
fn date(cx: &mut Context, line: usize, key: &'static str, text: &str) -> Option<Date> {
    let local = text.get(..10).and_then(|day| day.parse::<Date>().ok());
    if text.parse::<Timestamp>().is_err() {
        cx.within(Step::Key(key), |cx| {
            cx.warn(line, format!("`{text}` is not an instant with a time zone"));
        });
    }
    local
}

/// The first party that is an organisation.
fn provider(fields: &mut Fields<'_>) -> Option<String> {
    let parties = fields.peek("parties")?;
    let organisation = parties.items().find(|party| party.text_of("type") == Some("organization"));
    organisation.and_then(|party| party.text_of("name")).map(str::to_owned)
}

/// A short id: the title, or the name of the file where the title is long.
fn id(name: &str, title: &str) -> String {
    let from_title = slug(title);
    if from_title.chars().count() <= LONGEST_ID {
        return from_title;
    }
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if !stem.is_empty() && format_of_root(stem).is_none() {
        return slug(stem);
    }
    let mut id = String::new();
    for word in from_title.split('-') {
        if id.chars().count() + word.chars().count() > LONGEST_ID {
            break;
        }
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(word);
    }
    if id.is_empty() { from_title.chars().take(LONGEST_ID).collect() } else { id }
}

/// Where a link of the form `#uuid` leads by the document's own back matter.
fn resource_links(library: &Library, href: &str) -> Vec<Value> {
    let Some(uuid) = href.strip_prefix('#') else { return Vec::new() };
    let resources = library.extra.get("back-matter").and_then(|matter| matter.get("resources"));
    let resource = resources.and_then(Value::as_array).into_iter().flatten().find(|resource| {
        resource
            .get("uuid")
            .and_then(Value::as_str)
            .is_some_and(|own| own.eq_ignore_ascii_case(uuid))
    });
    let links = resource.and_then(|resource| resource.get("rlinks")).and_then(Value::as_array);
    links.into_iter().flatten().filter_map(|link| link.get("href")).cloned().collect()
}

/// The texts of a list of texts.
fn texts(value: &Tree<'_>) -> Vec<String> {
    value.items().filter_map(|item| item.clone().into_text()).collect()
}
