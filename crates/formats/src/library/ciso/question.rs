//! Questions by which a requirement is assessed: a map by URN, in older files a list.

use std::collections::HashSet;

use serde_json::{Map, Value};
use surety_catalog::{Question, Requirement};

use crate::library::{
    fields::Fields,
    ids::fold,
    report::{Context, Fault, ReferenceKind, Step},
    tree::{Node, Tree},
};

const KINDS: [&str; 6] = ["unique_choice", "multiple_choice", "text", "number", "boolean", "date"];
const KNOWN: [&str; 5] = ["ref_id", "annotation", "config", "order", "weight"];

/// Text of a choice: kept as written, so that the answer `08` or `no` stays one.
const CHOICE_TEXTS: [&str; 8] = [
    "urn",
    "ref_id",
    "value",
    "description",
    "annotation",
    "color",
    "select_implementation_groups",
    "translations",
];
const CHOICE_KNOWN: [&str; 3] = ["add_score", "compute_result", "order"];

/// Reads the `questions` of a node, in the order of the file.
pub(super) fn read_all(cx: &mut Context, fields: &mut Fields<'_>) -> Result<Vec<Question>, Fault> {
    let Some(node) = fields.take("questions") else { return Ok(Vec::new()) };
    cx.within(Step::Key("questions"), |cx| match node.value {
        Tree::Map(entries) => entries
            .into_iter()
            .map(|(urn, node)| {
                let urn = urn.into_owned();
                cx.within(Step::Entry(urn.clone()), |cx| read(cx, node, Some(urn)))
            })
            .collect(),
        Tree::List(items) => items
            .into_iter()
            .enumerate()
            .map(|(index, node)| cx.within(Step::Index(index), |cx| read(cx, node, None)))
            .collect(),
        Tree::Scalar(_) => Err(cx.mismatch(&node, "a map by URN")),
    })
}

/// Reports questions that depend on one which the framework does not have.
pub(super) fn check_dependencies(cx: &mut Context, requirements: &[Requirement]) {
    let questions = || requirements.iter().flat_map(|one| &one.questions);
    let known: HashSet<String> = questions().map(|question| fold(&question.urn)).collect();
    for question in questions() {
        let on =
            question.depends_on.as_ref().and_then(|on| on.get("question")).and_then(Value::as_str);
        if let Some(on) = on
            && !known.contains(&fold(on))
        {
            cx.within(Step::Entry(question.urn.clone()), |cx| {
                cx.within(Step::Key("depends_on"), |cx| cx.unresolved(ReferenceKind::Question, on));
            });
        }
    }
}

/// Reads one question; its URN is the key under which it stands, or one of its fields.
fn read(cx: &mut Context, node: Node<'_>, key: Option<String>) -> Result<Question, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let line = fields.line;
    let urn = match key {
        Some(key) => key,
        None => fields.required_text(cx, "urn")?,
    };
    let kind = fields.text(cx, "type");
    if !KINDS.contains(&kind.as_str()) {
        cx.within(Step::Key("type"), |cx| {
            cx.warn(line, format!("`{kind}` is not a known type of question"));
        });
    }
    let mut question = Question {
        urn,
        kind,
        text: fields.text(cx, "text"),
        choices: fields.each(cx, "choices", choice)?,
        depends_on: fields.take("depends_on").map(|node| node.value.into_json_texts()),
        extra: Map::new(),
    };
    fields.keep_texts("translations", &mut question.extra);
    question.extra.append(&mut fields.rest(cx, &KNOWN));
    Ok(question)
}

fn choice(cx: &mut Context, node: Node<'_>) -> Result<Map<String, Value>, Fault> {
    let fields = Fields::open(cx, node)?;
    Ok(fields.object(cx, &CHOICE_TEXTS, &CHOICE_KNOWN))
}
