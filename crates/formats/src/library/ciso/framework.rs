//! A framework: its scale, its implementation groups and its tree of requirements.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use serde_json::Map;
use surety_catalog::{Framework, ImplementationGroup, Library, Requirement, Score};

use super::{Known, KnownFramework, order, question, requirement};
use crate::library::{
    fields::Fields,
    ids::{fold, slug_of_urn},
    report::{Context, Fault, Step},
    tree::{Node, Tree},
};

const KNOWN: [&str; 4] = ["ref_id", "annotation", "field_visibility", "outcomes_definition"];

/// What a framework takes over from its library.
pub(super) struct Meta {
    version: String,
    locale: String,
    provider: String,
    copyright: String,
    published: Option<Date>,
}

impl Meta {
    pub(super) fn of(library: &Library) -> Meta {
        Meta {
            version: library.version.clone(),
            locale: library.locale.clone(),
            provider: library.provider.clone(),
            copyright: library.copyright.clone(),
            published: library.published,
        }
    }
}

/// Reads one framework and makes it known to the mappings of the same file.
pub(super) fn read(
    cx: &mut Context,
    node: Node<'_>,
    meta: &Meta,
    known: &mut Known,
) -> Result<Framework, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let line = fields.line;
    let urn = fields.required_text(cx, "urn")?;
    let mut framework = Framework {
        id: known.framework_ids.unique(slug_of_urn(&urn)),
        urn,
        name: fields.text(cx, "name"),
        description: fields.text(cx, "description"),
        version: meta.version.clone(),
        locale: meta.locale.clone(),
        provider: meta.provider.clone(),
        copyright: meta.copyright.clone(),
        published: meta.published,
        min_score: fields.integer(cx, "min_score"),
        max_score: fields.integer(cx, "max_score"),
        groups: fields.each(cx, "implementation_groups_definition", group)?,
        ..Framework::default()
    };
    read_scores(cx, &mut fields, &mut framework)?;
    fields.demand(cx, "requirement_nodes")?;
    let nodes =
        fields.each(cx, "requirement_nodes", |cx, node| requirement::read(cx, node, known))?;
    let requirements = cx.within(Step::Key("requirement_nodes"), |cx| order::arrange(cx, nodes));
    framework.requirements = requirements;

    fields.keep_texts("translations", &mut framework.extra);
    framework.extra.append(&mut fields.rest(cx, &KNOWN));
    check_groups(cx, line, &framework);
    check_scores(cx, line, &framework);
    question::check_dependencies(cx, &framework.requirements);
    let entry = known.frameworks.entry(fold(&framework.urn)).or_default();
    *entry =
        KnownFramework { id: framework.id.clone(), requirements: by_urn(&framework.requirements) };
    Ok(framework)
}

fn by_urn(requirements: &[Requirement]) -> HashMap<String, String> {
    requirements.iter().map(|one| (fold(&one.urn), one.id.clone())).collect()
}

fn group(cx: &mut Context, node: Node<'_>) -> Result<ImplementationGroup, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let mut group = ImplementationGroup {
        id: fields.required_text(cx, "ref_id")?,
        name: fields.text(cx, "name"),
        description: fields.text(cx, "description"),
        extra: Map::new(),
    };
    fields.keep_texts("translations", &mut group.extra);
    group.extra.append(&mut fields.rest(cx, &["default_selected", "annotation"]));
    Ok(group)
}

/// The scale is a list, or a map of named scales to which requirements refer; of the latter, the first (or the one called
/// `scale`) becomes the scale of the framework, and the whole map is kept.
fn read_scores(
    cx: &mut Context,
    fields: &mut Fields<'_>,
    framework: &mut Framework,
) -> Result<(), Fault> {
    let Some(node) = fields.take("scores_definition") else { return Ok(()) };
    cx.within(Step::Key("scores_definition"), |cx| match node.value {
        Tree::List(items) => {
            framework.scores = scores(cx, items)?;
            Ok(())
        }
        Tree::Map(scales) => {
            let whole = Tree::Map(scales.clone()).into_json();
            framework.extra.insert("scores_definition".to_owned(), whole);
            let chosen = scales
                .iter()
                .position(|(name, _)| name == "scale")
                .or_else(|| scales.iter().position(|(_, v)| matches!(v.value, Tree::List(_))));
            if let Some((name, Node { value: Tree::List(items), .. })) =
                chosen.and_then(|place| scales.into_iter().nth(place))
            {
                let step = Step::Entry(name.into_owned());
                framework.scores = cx.within(step, |cx| scores(cx, items))?;
            }
            Ok(())
        }
        Tree::Scalar(_) => Err(cx.mismatch(&node, "a list")),
    })
}

fn scores(cx: &mut Context, items: Vec<Node<'_>>) -> Result<Vec<Score>, Fault> {
    let items = items.into_iter().enumerate();
    items.map(|(index, item)| cx.within(Step::Index(index), |cx| score(cx, item))).collect()
}

fn score(cx: &mut Context, node: Node<'_>) -> Result<Score, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let line = fields.line;
    let Some(value) = fields.integer(cx, "score") else {
        return Err(cx.within(Step::Key("score"), |cx| {
            cx.fault(line, "a step of the scale needs a whole number as `score`")
        }));
    };
    let mut score = Score {
        score: value,
        name: fields.text(cx, "name"),
        description: fields.text(cx, "description"),
        extra: Map::new(),
    };
    fields.keep_texts("translations", &mut score.extra);
    score.extra.append(&mut fields.rest(cx, &["description_doc", "annotation"]));
    Ok(score)
}

/// Publishers use groups that they never define, often by a slip of spelling.
fn check_groups(cx: &mut Context, line: usize, framework: &Framework) {
    let mut defined = HashSet::new();
    let mut spelled: HashMap<String, &str> = HashMap::new();
    for group in &framework.groups {
        if !defined.insert(group.id.as_str()) {
            cx.warn(line, format!("the implementation group `{}` is defined twice", group.id));
        }
        spelled.insert(fold(&group.id), &group.id);
    }
    let mut undefined: BTreeMap<&str, usize> = BTreeMap::new();
    for group in framework.requirements.iter().flat_map(|one| &one.groups) {
        if !defined.contains(group.as_str()) {
            *undefined.entry(group).or_default() += 1;
        }
    }
    for (group, count) in undefined {
        let hint = match spelled.get(&fold(group)) {
            Some(close) => format!("; `{close}` is, and differs only in case or space"),
            None => String::new(),
        };
        let users = match count {
            1 => "1 requirement".to_owned(),
            _ => format!("{count} requirements"),
        };
        let message = format!(
            "the implementation group `{group}` is used by {users} but is not defined{hint}"
        );
        cx.warn(line, message);
    }
}

fn check_scores(cx: &mut Context, line: usize, framework: &Framework) {
    let (min, max) = (framework.min_score, framework.max_score);
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        cx.warn(line, format!("min_score {min} is greater than max_score {max}"));
    }
    if !framework.scores.is_empty() && (min.is_none() || max.is_none()) {
        cx.warn(line, "scores are defined, but min_score and max_score are not both given");
    }
    for score in &framework.scores {
        let value = score.score;
        if min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max) {
            cx.warn(line, format!("the score {value} lies outside of min_score and max_score"));
        }
    }
}
