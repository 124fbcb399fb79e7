//! JSON into a tree, and the place of a value in its text.

use std::{borrow::Cow, fmt};

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Number;

use super::{LoadError, Node, Scalar, Tree, load::Loaded, yaml::without_repeats};
use crate::{
    library::report::Step,
    limits::{Budget, LimitError, check_depth},
};

/// Reads the one value of `text`.
pub(super) fn load(text: &str) -> Result<Loaded<'_>, LoadError> {
    let mut state = State::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = Seed { state: &mut state, depth: 0 }
        .deserialize(&mut deserializer)
        .and_then(|root| deserializer.end().map(|()| root));
    match read {
        Ok(root) => Ok(Loaded { root, oddities: state.oddities }),
        Err(error) => Err(broken(&error, state.limit)),
    }
}

/// See [`super::top_level_keys`].
pub(super) fn top_level_keys(text: &str, visit: &mut dyn FnMut(&str, bool) -> bool) {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // Stopping early is an error to serde; broken text simply ends the keys.
    drop(deserializer.deserialize_map(Keys { visit }));
}

/// The line and column of the value at `path`, for messages about JSON whose values carry no position.
pub(crate) fn locate(text: &str, path: &[Step]) -> Option<(usize, usize)> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let found = Find { path }.deserialize(&mut deserializer).err()?;
    (found.is_data()).then(|| (found.line(), found.column()))
}

fn broken(error: &serde_json::Error, limit: Option<LimitError>) -> LoadError {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    if let Some(limit) = limit {
        return LoadError::Limit { line, limit };
    }
    if message.starts_with("recursion limit exceeded") {
        return LoadError::Limit { line, limit: LimitError::TooDeep };
    }
    let place = format!(" at line {line} column {column}");
    let message = message.strip_suffix(&place).unwrap_or(&message).to_owned();
    LoadError::Syntax { line, column, message }
}

#[derive(Default)]
struct State {
    budget: Budget,
    limit: Option<LimitError>,
    oddities: Vec<(usize, String)>,
}

/// Builds one value; `depth` lists and maps are open around it.
struct Seed<'s> {
    state: &'s mut State,
    depth: usize,
}

impl Seed<'_> {
    fn spend<E: serde::de::Error>(&mut self, text_bytes: usize) -> Result<(), E> {
        let spent = self.state.budget.spend(1, text_bytes);
        self.within(spent)
    }

    fn enter<E: serde::de::Error>(&mut self) -> Result<(), E> {
        let allowed = check_depth(self.depth + 1);
        self.within(allowed)?;
        self.spend(0)
    }

    fn within<E: serde::de::Error>(&mut self, allowed: Result<(), LimitError>) -> Result<(), E> {
        allowed.map_err(|limit| {
            self.state.limit = Some(limit);
            E::custom(limit)
        })
    }

    fn inner(&mut self) -> Seed<'_> {
        Seed { state: self.state, depth: self.depth + 1 }
    }
}

fn leaf(scalar: Scalar<'_>) -> Node<'_> {
    node(Tree::Scalar(scalar))
}

fn node(value: Tree<'_>) -> Node<'_> {
    Node { value, line: 0 }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: serde::de::Error>(mut self) -> Result<Node<'de>, E> {
        self.spend(0)?;
        Ok(leaf(Scalar::Null))
    }

    fn visit_bool<E: serde::de::Error>(mut self, value: bool) -> Result<Node<'de>, E> {
        self.spend(0)?;
        Ok(leaf(Scalar::Bool(value)))
    }

    fn visit_i64<E: serde::de::Error>(mut self, value: i64) -> Result<Node<'de>, E> {
        self.spend(0)?;
        Ok(leaf(Scalar::Number(value.into())))
    }

    fn visit_u64<E: serde::de::Error>(mut self, value: u64) -> Result<Node<'de>, E> {
        self.spend(0)?;
        Ok(leaf(Scalar::Number(value.into())))
    }

    fn visit_f64<E: serde::de::Error>(mut self, value: f64) -> Result<Node<'de>, E> {
        self.spend(0)?;
        Ok(leaf(Number::from_f64(value).map_or(Scalar::Null, Scalar::Number)))
    }

    fn visit_borrowed_str<E: serde::de::Error>(mut self, text: &'de str) -> Result<Node<'de>, E> {
        self.spend(text.len())?;
        Ok(leaf(Scalar::Text(Cow::Borrowed(text))))
    }

    fn visit_str<E: serde::de::Error>(mut self, text: &str) -> Result<Node<'de>, E> {
        self.spend(text.len())?;
        Ok(leaf(Scalar::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Node<'de>, A::Error> {
        self.enter()?;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self.inner())? {
            items.push(item);
        }
        Ok(node(Tree::List(items)))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Node<'de>, A::Error> {
        self.enter()?;
        let mut entries = Vec::new();
        while let Some(Key(key)) = map.next_key()? {
            self.spend(key.len())?;
            entries.push((key, map.next_value_seed(self.inner())?));
        }
        let (entries, repeated) = without_repeats(entries);
        self.state.oddities.extend(repeated.into_iter().map(|(_, key)| {
            (0, format!("the key `{key}` stands twice in one map; the last one counts"))
        }));
        Ok(node(Tree::Map(entries)))
    }
}

/// The key of a map, borrowed where it holds no escapes.
struct Key<'de>(Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

struct Keys<'v> {
    visit: &'v mut dyn FnMut(&str, bool) -> bool,
}

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            // The name is shown before the value, which may be large or broken, is read: so its kind is not known.
            if !(self.visit)(&key, false) {
                return Err(A::Error::custom("seen enough"));
            }
            let _: IgnoredAny = map.next_value()?;
        }
        Ok(())
    }
}

/// Walks to the value at `path` and fails there, so that the error tells its place.
struct Find<'p> {
    path: &'p [Step],
}

impl<'de> DeserializeSeed<'de> for Find<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.path.first() {
            None => Err(D::Error::custom("here")),
            Some(Step::Key(_) | Step::Entry(_)) => deserializer.deserialize_map(self),
            Some(Step::Index(_)) => deserializer.deserialize_seq(self),
        }
    }
}

impl<'de> Visitor<'de> for Find<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the place of a fault")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (wanted, path) = match self.path.split_first() {
            Some((Step::Key(key), path)) => (*key, path),
            Some((Step::Entry(key), path)) => (key.as_str(), path),
            Some((Step::Index(_), _)) | None => return Err(A::Error::custom("here")),
        };
        while let Some(Key(key)) = map.next_key()? {
            if key == wanted {
                map.next_value_seed(Find { path })?;
            } else {
                let _: IgnoredAny = map.next_value()?;
            }
        }
        // The fault is that the key is missing: the place is the end of its map.
        Err(A::Error::custom("here"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Some((Step::Index(wanted), path)) = self.path.split_first() else {
            return Err(A::Error::custom("here"));
        };
        for _ in 0..*wanted {
            let _: Option<IgnoredAny> = list.next_element()?;
        }
        list.next_element_seed(Find { path })?;
        Err(A::Error::custom("here"))
    }
}
