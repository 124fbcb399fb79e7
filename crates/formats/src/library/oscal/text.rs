//! The prose of parts, with parameters put in where they are referred to.

use std::collections::HashMap;

use crate::library::{
    report::{Context, ReferenceKind},
    tree::Tree,
};

/// How deep parameters may stand inside parameters.
const MAX_INSERTS: usize = 4;

/// How much text all insertions of one document may make, in bytes; a published catalog needs a few hundred thousand.
const MAX_INSERTED_BYTES: usize = 16 << 20;

/// The parameters of a document.
#[derive(Default)]
pub(super) struct Params<'t, 'a> {
    by_id: HashMap<&'t str, &'t Tree<'a>>,
    spent: usize,
}

impl<'t, 'a> Params<'t, 'a> {
    /// Collects the parameters of a catalog, its groups and its controls, however deep.
    pub(super) fn collect(catalog: &'t Tree<'a>) -> Params<'t, 'a> {
        let mut params = Params::default();
        params.add(catalog);
        params
    }

    fn add(&mut self, holder: &'t Tree<'a>) {
        for param in holder.get("params").into_iter().flat_map(Tree::items) {
            if let Some(id) = param.text_of("id") {
                self.by_id.insert(id, param);
            }
        }
        for key in ["groups", "controls"] {
            for inner in holder.get(key).into_iter().flat_map(Tree::items) {
                self.add(inner);
            }
        }
    }

    /// The prose of the parts called `name`, each on its own paragraph; items below them are indented behind their labels.
    pub(super) fn prose(&mut self, cx: &mut Context, parts: &Tree<'_>, name: &str) -> String {
        let mut text = String::new();
        for part in parts.items().filter(|part| part.text_of("name") == Some(name)) {
            self.part(cx, part, 0, &mut text);
        }
        text
    }

    fn part(&mut self, cx: &mut Context, part: &Tree<'_>, depth: usize, text: &mut String) {
        let prose = part.text_of("prose").map(|prose| self.filled(cx, prose, 0));
        let words = [label(part), part.text_of("title"), prose.as_deref().map(str::trim)];
        let words: Vec<&str> =
            words.into_iter().flatten().filter(|word| !word.is_empty()).collect();
        let inner_depth = if words.is_empty() { depth } else { depth + 1 };
        if !words.is_empty() {
            if !text.is_empty() {
                text.push_str(if depth == 0 { "\n\n" } else { "\n" });
            }
            text.push_str(&"  ".repeat(depth));
            text.push_str(&words.join(" "));
        }
        for inner in part.get("parts").into_iter().flat_map(Tree::items) {
            self.part(cx, inner, inner_depth, text);
        }
    }

    /// `prose` with `{{ insert: param, ID }}` (and the older `{{ ID }}`) replaced by what the parameter says.
    pub(super) fn filled(&mut self, cx: &mut Context, prose: &str, depth: usize) -> String {
        let mut text = String::with_capacity(prose.len());
        let mut rest = prose;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((token, next)) = after.split_once("}}") else { break };
            text.push_str(before);
            match param_of(token) {
                Some(id) => text.push_str(&self.shown(cx, id, depth)),
                None => {
                    text.push_str("{{");
                    text.push_str(token);
                    text.push_str("}}");
                }
            }
            rest = next;
        }
        text.push_str(rest);
        text
    }

    /// A parameter as a reader of the catalog should see it.
    fn shown(&mut self, cx: &mut Context, id: &str, depth: usize) -> String {
        let Some(param) = self.by_id.get(id).copied() else {
            cx.unresolved(ReferenceKind::Parameter, id);
            return format!("[{id}]");
        };
        if depth >= MAX_INSERTS || self.spent > MAX_INSERTED_BYTES {
            return format!("[{id}]");
        }
        let values: Vec<String> =
            param.get("values").into_iter().flat_map(Tree::items).filter_map(text).collect();
        let shown = if !values.is_empty() {
            values.join(", ")
        } else if let Some(select) = param.get("select") {
            let choices = select.get("choice").into_iter().flat_map(Tree::items).filter_map(text);
            let choices: Vec<String> =
                choices.map(|choice| self.filled(cx, &choice, depth + 1)).collect();
            let many = match select.text_of("how-many") {
                Some("one-or-more") => " (one or more)",
                Some(_) | None => "",
            };
            format!("[Selection{many}: {}]", choices.join("; "))
        } else {
            let label = param.text_of("label").unwrap_or(id).to_owned();
            format!("[Assignment: {}]", self.filled(cx, &label, depth + 1))
        };
        self.spent += shown.len();
        shown
    }
}

/// The label that a part carries as a property.
fn label<'t>(part: &'t Tree<'_>) -> Option<&'t str> {
    let props = part.get("props")?;
    let label = props.items().find(|prop| prop.text_of("name") == Some("label"))?;
    label.text_of("value").map(str::trim)
}

fn param_of(token: &str) -> Option<&str> {
    let token = token.trim();
    match token.split_once(',') {
        Some((insert, id)) => {
            let is_param = insert.rsplit(':').next().is_some_and(|kind| kind.trim() == "param");
            is_param.then(|| id.trim())
        }
        None => (!token.is_empty() && !token.contains([' ', ':'])).then_some(token),
    }
}

fn text(value: &Tree<'_>) -> Option<String> {
    value.clone().into_text()
}
