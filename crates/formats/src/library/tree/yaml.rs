//! YAML into a tree, from the parser's events: nothing recurses, and limits hold before memory is spent.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};

use super::{Entry, LoadError, Node, Scalar, Tree, load::Loaded};
use crate::limits::{Budget, LimitError, check_depth};

/// Reads the one document of `text`.
pub(super) fn load(text: &str) -> Result<Loaded<'_>, LoadError> {
    let mut builder = Builder::default();
    let mut documents = 0_usize;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| broken(&error))?;
        let at = span.start;
        match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    return Err(syntax(&at, "a second document starts here; only one is read"));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = Tree::Scalar(builder.scalar(text, style, tag.as_deref(), &at));
                builder.whole(Node { value, line: at.line() }, anchor, &at)?;
            }
            Event::SequenceStart(anchor, tag) => {
                builder.note_tag(tag.as_deref(), &["seq"], &at);
                builder.open(Content::List(Vec::new()), anchor, &at)?;
            }
            Event::MappingStart(anchor, tag) => {
                builder.note_tag(tag.as_deref(), &["map"], &at);
                builder.open(Content::Map { entries: Vec::new(), key: None }, anchor, &at)?;
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close(&at)?,
            Event::Alias(anchor) => builder.alias(anchor, &at)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }
    let root = builder.root.unwrap_or(Node { value: Tree::Scalar(Scalar::Null), line: 1 });
    Ok(Loaded { root, oddities: builder.oddities })
}

/// See [`super::top_level_keys`].
pub(super) fn top_level_keys(text: &str, visit: &mut dyn FnMut(&str, bool) -> bool) {
    let (mut depth, mut key) = (0_usize, None);
    for event in Parser::new_from_str(text) {
        let Ok((event, _)) = event else { return };
        let is_map = matches!(event, Event::MappingStart(..));
        match event {
            Event::Scalar(text, ..) if depth == 1 && key.is_none() => {
                key = Some(text);
                continue;
            }
            Event::SequenceStart(..) if depth == 0 => return,
            Event::Scalar(..)
            | Event::Alias(_)
            | Event::SequenceStart(..)
            | Event::MappingStart(..) => {
                if depth == 1
                    && let Some(key) = key.take()
                    && !visit(&key, is_map)
                {
                    return;
                }
                if matches!(event, Event::SequenceStart(..) | Event::MappingStart(..)) {
                    depth += 1;
                }
            }
            Event::SequenceEnd | Event::MappingEnd => depth = depth.saturating_sub(1),
            Event::DocumentEnd => return,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
    }
}

/// A list or map that is still open.
struct Open<'a> {
    content: Content<'a>,
    line: usize,
    anchor: usize,
}

enum Content<'a> {
    List(Vec<Node<'a>>),
    Map { entries: Vec<Entry<'a>>, key: Option<Cow<'a, str>> },
}

/// A finished value that aliases may repeat, and what repeating it costs.
struct Anchored<'a> {
    node: Node<'a>,
    cost: Cost,
}

#[derive(Clone, Copy, Default)]
struct Cost {
    nodes: usize,
    text_bytes: usize,
    /// Levels of lists and maps; 0 for a scalar.
    height: usize,
}

#[derive(Default)]
struct Builder<'a> {
    open: Vec<Open<'a>>,
    root: Option<Node<'a>>,
    anchors: HashMap<usize, Anchored<'a>>,
    budget: Budget,
    oddities: Vec<(usize, String)>,
}

impl<'a> Builder<'a> {
    fn scalar(
        &mut self,
        text: Cow<'a, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
        at: &Marker,
    ) -> Scalar<'a> {
        let as_text = tag.is_some_and(|tag| {
            (tag.is_yaml_core_schema() && tag.suffix == "str")
                || (tag.handle.is_empty() && tag.suffix == "!")
        });
        if !as_text {
            self.note_tag(tag, &["null", "bool", "int", "float", "timestamp"], at);
        }
        match style {
            ScalarStyle::Plain if !as_text => Scalar::unquoted(text),
            ScalarStyle::Plain
            | ScalarStyle::SingleQuoted
            | ScalarStyle::DoubleQuoted
            | ScalarStyle::Literal
            | ScalarStyle::Folded => Scalar::Text(text),
        }
    }

    /// A tag that changes nothing about a value of this sort is expected; any other is reported, since it is not kept.
    fn note_tag(&mut self, tag: Option<&Tag>, expected: &[&str], at: &Marker) {
        if let Some(tag) = tag
            && !(tag.is_yaml_core_schema() && expected.contains(&tag.suffix.as_str()))
        {
            let message = format!("the tag `{tag}` is not kept");
            self.oddities.push((at.line(), message));
        }
    }

    fn open(&mut self, content: Content<'a>, anchor: usize, at: &Marker) -> Result<(), LoadError> {
        check_depth(self.open.len() + 1).map_err(limit(at))?;
        self.budget.spend(1, 0).map_err(limit(at))?;
        self.open.push(Open { content, line: at.line(), anchor });
        Ok(())
    }

    fn close(&mut self, at: &Marker) -> Result<(), LoadError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = match open.content {
            Content::List(items) => Tree::List(items),
            Content::Map { entries, .. } => {
                let (entries, repeated) = without_repeats(merged(entries));
                self.oddities.extend(repeated.into_iter().map(|(line, key)| {
                    (line, format!("the key `{key}` stands twice in one map; the last one counts"))
                }));
                Tree::Map(entries)
            }
        };
        let node = Node { value, line: open.line };
        self.keep(open.anchor, &node, at)?;
        self.place(node, at)
    }

    /// A scalar: complete as soon as it is seen.
    fn whole(&mut self, node: Node<'a>, anchor: usize, at: &Marker) -> Result<(), LoadError> {
        self.budget.spend(1, text_bytes(&node.value)).map_err(limit(at))?;
        self.keep(anchor, &node, at)?;
        self.place(node, at)
    }

    fn keep(&mut self, anchor: usize, node: &Node<'a>, at: &Marker) -> Result<(), LoadError> {
        if anchor != 0 {
            let cost = cost(&node.value);
            self.budget.spend(cost.nodes, cost.text_bytes).map_err(limit(at))?;
            self.anchors.insert(anchor, Anchored { node: node.clone(), cost });
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, at: &Marker) -> Result<(), LoadError> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(syntax(at, "an alias stands inside the value that it repeats"));
        };
        let cost = anchored.cost;
        check_depth(self.open.len() + cost.height).map_err(limit(at))?;
        self.budget.spend(cost.nodes, cost.text_bytes).map_err(limit(at))?;
        let node = Node { value: anchored.node.value.clone(), line: at.line() };
        self.place(node, at)
    }

    fn place(&mut self, node: Node<'a>, at: &Marker) -> Result<(), LoadError> {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { content: Content::List(items), .. }) => items.push(node),
            Some(Open { content: Content::Map { entries, key }, .. }) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    *key = Some(as_key(node.value).ok_or_else(|| {
                        syntax(at, "the key of a map is a list or a map; only text is read")
                    })?)
                }
            },
        }
        Ok(())
    }
}

fn as_key(value: Tree<'_>) -> Option<Cow<'_, str>> {
    match value {
        Tree::Scalar(Scalar::Plain(text) | Scalar::Text(text)) => Some(text),
        Tree::Scalar(_) => Some(Cow::Borrowed("")),
        Tree::List(_) | Tree::Map(_) => None,
    }
}

/// The merge key `<<` of YAML 1.1: entries of the named maps, where the map itself does not have them.
fn merged(entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    let mergeable = |(key, node): &Entry<'_>| {
        key == "<<"
            && match &node.value {
                Tree::Map(_) => true,
                Tree::List(items) => items.iter().all(|item| matches!(item.value, Tree::Map(_))),
                Tree::Scalar(_) => false,
            }
    };
    if !entries.iter().any(mergeable) {
        return entries;
    }
    let (merges, mut own): (Vec<_>, Vec<_>) = entries.into_iter().partition(mergeable);
    let mut known: HashSet<String> = own.iter().map(|(key, _)| key.to_string()).collect();
    for (_, node) in merges {
        let maps = match node.value {
            Tree::List(items) => items,
            Tree::Scalar(_) | Tree::Map(_) => vec![node],
        };
        for map in maps {
            if let Tree::Map(entries) = map.value {
                own.extend(entries.into_iter().filter(|(key, _)| known.insert(key.to_string())));
            }
        }
    }
    own
}

/// The entries with only the last of each key, and line and key of those that were left out.
pub(super) fn without_repeats(
    mut entries: Vec<Entry<'_>>,
) -> (Vec<Entry<'_>>, Vec<(usize, String)>) {
    let mut repeated = Vec::new();
    if !has_repeats(&entries) {
        return (entries, repeated);
    }
    let mut seen = HashSet::new();
    entries.reverse();
    entries.retain(|(key, node)| {
        let first = seen.insert(key.to_string());
        if !first {
            repeated.push((node.line, key.to_string()));
        }
        first
    });
    entries.reverse();
    (entries, repeated)
}

fn has_repeats(entries: &[Entry<'_>]) -> bool {
    // Nearly all maps are small: comparing is cheaper than hashing.
    if entries.len() <= 16 {
        let mut rest = entries;
        while let Some(((key, _), others)) = rest.split_first() {
            if others.iter().any(|(other, _)| other == key) {
                return true;
            }
            rest = others;
        }
        return false;
    }
    let mut seen = HashSet::with_capacity(entries.len());
    !entries.iter().all(|(key, _)| seen.insert(key.as_ref()))
}

fn text_bytes(value: &Tree<'_>) -> usize {
    match value {
        Tree::Scalar(scalar) => scalar.as_text().map_or(0, str::len),
        Tree::List(_) | Tree::Map(_) => 0,
    }
}

/// What a value costs; recursion is safe because no open value nests deeper than the limit.
fn cost(value: &Tree<'_>) -> Cost {
    let mut sum = Cost { nodes: 1, text_bytes: text_bytes(value), height: 0 };
    let mut add = |part: Cost| {
        sum.nodes += part.nodes;
        sum.text_bytes += part.text_bytes;
        sum.height = sum.height.max(part.height + 1);
    };
    match value {
        Tree::List(items) => {
            add(Cost::default());
            items.iter().for_each(|item| add(cost(&item.value)));
        }
        Tree::Map(entries) => {
            add(Cost::default());
            for (key, node) in entries {
                let part = cost(&node.value);
                add(Cost {
                    nodes: part.nodes + 1,
                    text_bytes: part.text_bytes + key.len(),
                    ..part
                });
            }
        }
        Tree::Scalar(_) => {}
    }
    sum
}

fn limit(at: &Marker) -> impl Fn(LimitError) -> LoadError {
    let line = at.line();
    move |limit| LoadError::Limit { line, limit }
}

fn syntax(at: &Marker, message: &str) -> LoadError {
    LoadError::Syntax { line: at.line(), column: at.col() + 1, message: message.to_owned() }
}

fn broken(error: &ScanError) -> LoadError {
    let at = error.marker();
    // The parser stops at a depth of its own in one line of brackets.
    if error.info().contains("recursion limit") {
        return LoadError::Limit { line: at.line(), limit: LimitError::TooDeep };
    }
    syntax(at, error.info())
}
