//! Catalogs: groups become headings, controls requirements that a Statement of Applicability can decide on.

use serde_json::Map;
use surety_catalog::{Framework, Library, Requirement, RequirementKind};

use super::{keys, text::Params};
use crate::library::{
    fields::Fields,
    ids::{Ids, fold, slug},
    report::{Context, Fault, Step},
    tree::{Node, Tree},
};

/// Lists that are read for what they say and kept for what else they hold.
const COMMON: [&str; 4] = ["params", "props", "links", "parts"];

/// Reads the rest of a catalog into the one framework of `library`.
pub(super) fn read(
    cx: &mut Context,
    fields: Fields<'_>,
    mut library: Library,
) -> Result<Library, Fault> {
    let mut framework = Framework {
        id: library.id.clone(),
        urn: library.urn.clone(),
        name: library.name.clone(),
        version: library.version.clone(),
        provider: library.provider.clone(),
        published: library.published,
        ..Framework::default()
    };
    // Parameters are referred to from anywhere, so all are collected before the first text is written.
    let body = fields.into_node();
    let mut reader = Reader {
        params: Params::collect(&body.value),
        ids: Ids::default(),
        requirements: Vec::new(),
    };
    reader.children(cx, &body, None)?;
    framework.requirements = reader.requirements;
    let mut fields = Fields::open(cx, body)?;
    for key in ["groups", "controls"] {
        drop(fields.take(key));
    }
    if let Some(params) = fields.take("params") {
        keys::check_common(cx, "params", &params.value);
        framework.extra.insert("params".to_owned(), params.value.into_json());
    }
    library.extra.append(&mut fields.rest(cx, &[]));
    library.frameworks.push(framework);
    Ok(library)
}

struct Reader<'t, 'a> {
    params: Params<'t, 'a>,
    ids: Ids,
    requirements: Vec<Requirement>,
}

#[derive(Clone, Copy, PartialEq)]
enum Element {
    Group,
    Control,
}

impl Element {
    fn key(self) -> &'static str {
        match self {
            Element::Group => "groups",
            Element::Control => "controls",
        }
    }

    fn known(self) -> &'static [&'static str] {
        match self {
            Element::Group => {
                &["id", "class", "title", "params", "props", "links", "parts", "groups", "controls"]
            }
            Element::Control => {
                &["id", "class", "title", "params", "props", "links", "parts", "controls"]
            }
        }
    }
}

impl Reader<'_, '_> {
    /// Reads the groups and controls directly below `holder`, and everything below them.
    fn children(
        &mut self,
        cx: &mut Context,
        holder: &Node<'_>,
        parent: Option<&str>,
    ) -> Result<(), Fault> {
        for element in [Element::Group, Element::Control] {
            let Some(list) = holder.value.get(element.key()) else { continue };
            cx.within(Step::Key(element.key()), |cx| {
                let Tree::List(items) = list else {
                    let message = format!("expected a list, found {}", list.kind());
                    return Err(cx.fault(holder.line, message));
                };
                for (index, item) in items.iter().enumerate() {
                    cx.within(Step::Index(index), |cx| self.element(cx, item, element, parent))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn element(
        &mut self,
        cx: &mut Context,
        node: &Node<'_>,
        element: Element,
        parent: Option<&str>,
    ) -> Result<(), Fault> {
        let Tree::Map(_) = node.value else {
            return Err(cx.fault(node.line, format!("expected a map, found {}", node.value.kind())));
        };
        keys::check(cx, &node.value, element.known());
        let id = self.id(cx, node, element)?;
        let title = node.value.text_of("title").unwrap_or_default().to_owned();
        let mut requirement =
            Requirement { parent: parent.map(str::to_owned), title, ..Requirement::default() };
        self.fill(cx, &mut requirement, &node.value, &id);
        if element == Element::Control {
            requirement.kind = RequirementKind::Control;
            requirement.assessable = !is_withdrawn(&node.value);
        }
        requirement.id.clone_from(&id);
        self.requirements.push(requirement);
        self.children(cx, node, Some(&id))
    }

    /// A control has an id; a group may do without.
    fn id(&mut self, cx: &mut Context, node: &Node<'_>, element: Element) -> Result<String, Fault> {
        let given = node.value.text_of("id").map(str::trim).filter(|id| !id.is_empty());
        match (given, element) {
            (Some(id), _) if self.ids.claim(id) => Ok(id.to_owned()),
            (Some(id), _) => {
                cx.error(
                    node.line,
                    format!("the id `{id}` stands on more than one group or control"),
                );
                Ok(self.ids.unique(id.to_owned()))
            }
            (None, Element::Group) => {
                let title = node.value.text_of("title").unwrap_or("group");
                Ok(self.ids.unique(slug(title)))
            }
            (None, Element::Control) => {
                Err(cx.within(Step::Key("id"), |cx| cx.fault(node.line, "missing field `id`")))
            }
        }
    }

    /// Text, label and everything that is kept as it is.
    fn fill(
        &mut self,
        cx: &mut Context,
        requirement: &mut Requirement,
        value: &Tree<'_>,
        id: &str,
    ) {
        if let Some(parts) = value.get("parts") {
            requirement.text = self.params.prose(cx, parts, "statement");
            if requirement.text.is_empty() {
                requirement.text = self.params.prose(cx, parts, "overview");
            }
            requirement.guidance = self.params.prose(cx, parts, "guidance");
        }
        let (label, aliases) = labels(value);
        requirement.label = label.unwrap_or_else(|| id.to_owned());
        requirement.aliases = aliases;
        requirement.aliases.retain(|alias| *alias != requirement.label && alias != id);
        let mut extra = Map::new();
        if let Tree::Map(entries) = value {
            for (key, node) in entries {
                if matches!(&**key, "id" | "title" | "groups" | "controls") {
                    continue;
                }
                extra.insert(key.to_string(), node.value.clone().into_json());
            }
        }
        for key in COMMON {
            if let Some(list) = value.get(key) {
                keys::check_common(cx, key, list);
            }
        }
        requirement.extra = extra;
    }
}

/// The label that is printed (the first without a class, else the first), and all other spellings.
fn labels(value: &Tree<'_>) -> (Option<String>, Vec<String>) {
    let props = || value.get("props").into_iter().flat_map(Tree::items);
    let named = |name: &'static str| props().filter(move |prop| prop.text_of("name") == Some(name));
    let printed = named("label")
        .find(|prop| prop.get("class").is_none())
        .or_else(|| named("label").next())
        .and_then(|prop| prop.text_of("value"))
        .map(|label| label.trim().to_owned());
    let others = named("label").chain(named("alt-identifier"));
    let mut aliases: Vec<String> =
        others.filter_map(|prop| prop.text_of("value")).map(str::to_owned).collect();
    aliases.sort_unstable();
    aliases.dedup();
    (printed, aliases)
}

/// Withdrawn controls stay in a catalog so that their numbers are not used again.
fn is_withdrawn(value: &Tree<'_>) -> bool {
    value.get("props").into_iter().flat_map(Tree::items).any(|prop| {
        prop.text_of("name") == Some("status")
            && prop.text_of("value").is_some_and(|status| fold(status) == "withdrawn")
    })
}
