//! The keys of one map, taken one by one; what is left at the end is kept, and reported where the format does not know it.

use serde_json::{Map, Value};

use super::{
    report::{Context, Fault, Step},
    tree::{Entry, Node, Scalar, Tree},
};

/// The keys of a map that nobody has taken yet.
pub(super) struct Fields<'a> {
    entries: Vec<Entry<'a>>,
    pub(super) line: usize,
    /// Values that were of the wrong sort; they stay under their key.
    refused: Vec<(&'static str, Tree<'a>)>,
}

impl<'a> Fields<'a> {
    /// The fields of a node that must be a map.
    pub(super) fn open(cx: &Context, node: Node<'a>) -> Result<Fields<'a>, Fault> {
        match node.value {
            Tree::Map(entries) => Ok(Fields { entries, line: node.line, refused: Vec::new() }),
            Tree::Scalar(_) | Tree::List(_) => Err(cx.mismatch(&node, "a map")),
        }
    }

    /// Removes and returns the value of `key`; null counts as absent.
    pub(super) fn take(&mut self, key: &str) -> Option<Node<'a>> {
        let place = self.entries.iter().position(|(name, _)| name == key)?;
        let (_, node) = self.entries.swap_remove(place);
        (!matches!(node.value, Tree::Scalar(Scalar::Null))).then_some(node)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name == key)
    }

    /// The value of `key`, left where it is.
    pub(super) fn peek(&self, key: &str) -> Option<&Tree<'a>> {
        self.entries.iter().find(|(name, _)| name == key).map(|(_, node)| &node.value)
    }

    /// What nobody has taken yet, as a map again.
    pub(super) fn into_node(self) -> Node<'a> {
        Node { value: Tree::Map(self.entries), line: self.line }
    }

    /// The text of `key`, empty if absent. A list or map is kept as it is and reported.
    pub(super) fn text(&mut self, cx: &mut Context, key: &'static str) -> String {
        self.optional_text(cx, key).unwrap_or_default()
    }

    pub(super) fn optional_text(&mut self, cx: &mut Context, key: &'static str) -> Option<String> {
        let node = self.take(key)?;
        match node.value {
            Tree::Scalar(_) => node.value.into_text(),
            Tree::List(_) | Tree::Map(_) => {
                self.refuse(cx, key, node, "text");
                None
            }
        }
    }

    /// The text of `key`, which may be neither absent nor empty.
    pub(super) fn required_text(
        &mut self,
        cx: &mut Context,
        key: &'static str,
    ) -> Result<String, Fault> {
        let node = self.required(cx, key)?;
        cx.within(Step::Key(key), |cx| {
            if matches!(node.value, Tree::List(_) | Tree::Map(_)) {
                return Err(cx.mismatch(&node, "text"));
            }
            let text = node.value.into_text().filter(|text| !text.trim().is_empty());
            text.ok_or_else(|| cx.fault(node.line, format!("the field `{key}` is empty")))
        })
    }

    /// The value of `key`, which may not be absent.
    pub(super) fn required(
        &mut self,
        cx: &mut Context,
        key: &'static str,
    ) -> Result<Node<'a>, Fault> {
        self.take(key).ok_or_else(|| self.missing(cx, key))
    }

    /// Ends reading if `key` is absent.
    pub(super) fn demand(&self, cx: &mut Context, key: &'static str) -> Result<(), Fault> {
        if self.has(key) {
            return Ok(());
        }
        Err(self.missing(cx, key))
    }

    /// The whole number of `key`; anything else is kept as it is and reported.
    pub(super) fn integer(&mut self, cx: &mut Context, key: &'static str) -> Option<i64> {
        let node = self.take(key)?;
        let number = node.value.as_integer();
        if number.is_none() {
            self.refuse(cx, key, node, "a whole number");
        }
        number
    }

    /// The truth value of `key`; anything else is kept as it is and reported.
    pub(super) fn boolean(&mut self, cx: &mut Context, key: &'static str) -> Option<bool> {
        let node = self.take(key)?;
        let truth = node.value.as_bool();
        if truth.is_none() {
            self.refuse(cx, key, node, "true or false");
        }
        truth
    }

    /// The texts of a list, as written; a single text counts as a list of one, an item that is null as nothing.
    pub(super) fn texts(&mut self, cx: &mut Context, key: &'static str) -> Vec<String> {
        let Some(node) = self.take(key) else { return Vec::new() };
        let is_list_of_texts = match &node.value {
            Tree::List(items) => {
                items.iter().all(|item| !matches!(item.value, Tree::List(_) | Tree::Map(_)))
            }
            Tree::Map(_) => false,
            Tree::Scalar(_) => true,
        };
        if !is_list_of_texts {
            self.refuse(cx, key, node, "a list of texts");
            return Vec::new();
        }
        match node.value {
            Tree::List(items) => {
                items.into_iter().filter_map(|item| item.value.into_text()).collect()
            }
            Tree::Scalar(_) | Tree::Map(_) => node.value.into_text().into_iter().collect(),
        }
    }

    /// The items of a list, empty if absent.
    pub(super) fn list(
        &mut self,
        cx: &mut Context,
        key: &'static str,
    ) -> Result<Vec<Node<'a>>, Fault> {
        let Some(node) = self.take(key) else { return Ok(Vec::new()) };
        match node.value {
            Tree::List(items) => Ok(items),
            Tree::Scalar(_) | Tree::Map(_) => {
                Err(cx.within(Step::Key(key), |cx| cx.mismatch(&node, "a list")))
            }
        }
    }

    /// Reads each item of a list with `read`; the list may be absent.
    pub(super) fn each<T>(
        &mut self,
        cx: &mut Context,
        key: &'static str,
        mut read: impl FnMut(&mut Context, Node<'a>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let items = self.list(cx, key)?;
        cx.within(Step::Key(key), |cx| {
            items
                .into_iter()
                .enumerate()
                .map(|(index, item)| cx.within(Step::Index(index), |cx| read(cx, item)))
                .collect()
        })
    }

    /// As [`Fields::each`], for keys that older files write as a single map.
    pub(super) fn each_or_one<T>(
        &mut self,
        cx: &mut Context,
        key: &'static str,
        mut read: impl FnMut(&mut Context, Node<'a>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let is_map = self
            .entries
            .iter()
            .any(|(name, node)| name == key && matches!(node.value, Tree::Map(_)));
        if !is_map {
            return self.each(cx, key, read);
        }
        let Some(node) = self.take(key) else { return Ok(Vec::new()) };
        cx.within(Step::Key(key), |cx| read(cx, node)).map(|one| vec![one])
    }

    /// Moves the value of `key` into `extra`, with its scalars as they were written: translations and the like.
    pub(super) fn keep_texts(&mut self, key: &str, extra: &mut Map<String, Value>) {
        if let Some(node) = self.take(key) {
            extra.insert(key.to_owned(), node.value.into_json_texts());
        }
    }

    /// The whole map as JSON, with the values of `texts` as they were written, and the rest as [`Fields::rest`].
    pub(super) fn object(
        mut self,
        cx: &mut Context,
        texts: &[&str],
        known: &[&str],
    ) -> Map<String, Value> {
        let mut object = Map::new();
        for key in texts {
            self.keep_texts(key, &mut object);
        }
        object.extend(self.rest(cx, known));
        object
    }

    /// Everything not taken, as JSON. Keys outside `known` are reported as unknown.
    pub(super) fn rest(self, cx: &mut Context, known: &[&str]) -> Map<String, Value> {
        let mut rest = Map::new();
        for (key, node) in self.entries {
            if !known.contains(&&*key) {
                cx.unknown_key(&key);
            }
            rest.insert(key.into_owned(), node.value.into_json());
        }
        for (key, value) in self.refused {
            rest.insert(key.to_owned(), value.into_json());
        }
        rest
    }

    fn missing(&self, cx: &mut Context, key: &'static str) -> Fault {
        cx.within(Step::Key(key), |cx| cx.fault(self.line, format!("missing field `{key}`")))
    }

    /// Keeps a value that cannot be used under its own key, and reports it.
    pub(super) fn refuse(
        &mut self,
        cx: &mut Context,
        key: &'static str,
        node: Node<'a>,
        expected: &str,
    ) {
        let message = format!("expected {expected}, found {}", node.value.kind());
        cx.within(Step::Key(key), |cx| cx.error(node.line, message));
        self.refused.push((key, node.value));
    }
}
