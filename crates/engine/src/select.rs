//! Which records of a kind somebody asks for, and in which order.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashMap},
    sync::{LazyLock, Mutex, PoisonError},
};

use serde_json::Value;
use surety_aims::{Book, Kind, Record, RecordId, records::CustomField};

use crate::{Error, sheets::People};

/// What records of one kind have to be like.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    pub kind: Kind,
    state: Option<&'static str>,
    owner: Option<RecordId>,
    text: Option<Text>,
    tests: Vec<(Place, Test)>,
}

/// A text that occurs somewhere.
#[derive(Clone, Debug, PartialEq)]
struct Text {
    /// In lower case.
    text: String,
    /// Ids of the people whose names hold it. Records name people by their ids.
    people: Vec<String>,
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Names from the outside in.
    Body(Vec<String>),
    Custom(String),
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    /// One of these; the empty text: there is nothing.
    Is(Vec<String>),
    AtLeast(String),
    AtMost(String),
}

impl Selection {
    /// Every record of a kind.
    pub fn of(kind: Kind) -> Selection {
        Selection { kind, state: None, owner: None, text: None, tests: Vec::new() }
    }

    /// Those in a state.
    ///
    /// # Errors
    /// [`Error::Input`] if the kind has no such state.
    pub fn in_state(mut self, state: &str) -> Result<Selection, Error> {
        let lifecycle = self.kind.lifecycle();
        let known = || {
            let states = lifecycle.states.join(", ");
            Error::Input(format!("`state={state}`: {} is in one of {states}", self.kind.label()))
        };
        let state = lifecycle.state(state).ok_or_else(known)?;
        self.state = Some(state);
        Ok(self)
    }

    /// Those of an owner.
    #[must_use]
    pub fn of_owner(mut self, owner: RecordId) -> Selection {
        self.owner = Some(owner);
        self
    }

    /// Those in which a text or the name of a person occurs, whatever its case.
    #[must_use]
    pub fn with_text(mut self, text: &str, people: &People) -> Selection {
        self.text = Some(Text { text: text.to_lowercase(), people: people.named(text) });
        self
    }

    /// Those whose value fits: `field.NAME=VALUE` one of the values given for the name, `min.NAME` and `max.NAME` for
    /// dates and numbers, `custom.NAME` for the organisation's own fields.
    ///
    /// # Errors
    /// [`Error::Input`] for a field that there is not; names those that there are.
    pub fn filter(mut self, book: &Book, name: &str, value: &str) -> Result<Selection, Error> {
        let unknown = || Error::Input(format!("`{name}` is no filter; write field.NAME=VALUE"));
        let (how, field) = name.split_once('.').ok_or_else(unknown)?;
        let place = match how {
            "custom" => self.custom(book, field)?,
            _ => self.field(field)?,
        };
        let test = match how {
            "min" => Test::AtLeast(value.to_owned()),
            "max" => Test::AtMost(value.to_owned()),
            "field" | "custom" => {
                let same = self.tests.iter_mut().find_map(|(known, test)| match test {
                    Test::Is(values) if *known == place => Some(values),
                    Test::Is(_) | Test::AtLeast(_) | Test::AtMost(_) => None,
                });
                if let Some(values) = same {
                    values.push(value.to_owned());
                    return Ok(self);
                }
                Test::Is(vec![value.to_owned()])
            }
            _ => return Err(unknown()),
        };
        self.tests.push((place, test));
        Ok(self)
    }

    fn field(&self, path: &str) -> Result<Place, Error> {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        let first = path.first().map(String::as_str).unwrap_or_default();
        known_field(self.kind, first)?;
        Ok(Place::Body(path))
    }

    fn custom(&self, book: &Book, name: &str) -> Result<Place, Error> {
        let defined: Vec<_> = book
            .all::<CustomField>()
            .filter(|(record, field)| record.is_live() && field.record_kind == self.kind.name())
            .map(|(_, field)| field.name.as_str())
            .collect();
        if defined.contains(&name) {
            return Ok(Place::Custom(name.to_owned()));
        }
        let known = if defined.is_empty() { "none".to_owned() } else { defined.join(", ") };
        Err(Error::Input(format!(
            "{} has no custom field `{name}`; there are: {known}",
            self.kind.label()
        )))
    }

    /// The records that fit, in the order of their numbers.
    pub fn records<'b>(&self, book: &'b Book) -> impl Iterator<Item = &'b Record> {
        book.of_kind(self.kind).filter(|record| self.fits(record))
    }

    fn fits(&self, record: &Record) -> bool {
        let is_owner =
            |owner: RecordId| record.body.owner().is_some_and(|known| known.id() == owner);
        if self.state.is_some_and(|state| record.state != state)
            || self.owner.is_some_and(|owner| !is_owner(owner))
        {
            return false;
        }
        if self.text.is_none() && self.tests.is_empty() {
            return true;
        }
        let body = record.body.to_json();
        let contains = |text: &Text| text.is_in(&record.id.to_string()) || text.is_within(&body);
        self.text.as_ref().is_none_or(contains)
            && self.tests.iter().all(|(place, test)| match place {
                Place::Body(path) => test.holds(at(&body, path)),
                Place::Custom(name) => test.holds(record.custom.get(name)),
            })
    }
}

impl Text {
    /// Whether it occurs anywhere in a value.
    fn is_within(&self, value: &Value) -> bool {
        match value {
            Value::String(one) => self.is_in(one),
            Value::Array(list) => list.iter().any(|one| self.is_within(one)),
            Value::Object(fields) => fields.values().any(|one| self.is_within(one)),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    fn is_in(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.text) || self.people.iter().any(|person| person == text)
    }
}

fn at<'v>(body: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(body, |value, name| value.get(name))
}

impl Test {
    /// Of a list: whether it holds for one of its values.
    fn holds(&self, value: Option<&Value>) -> bool {
        match value {
            Some(Value::Array(list)) => list.iter().any(|one| self.holds(Some(one))),
            Some(value) => self.holds_for(value),
            None => match self {
                // Empty fields are not stored, and a truth value that is not stored is false.
                Test::Is(values) => values.iter().any(String::is_empty),
                Test::AtLeast(_) | Test::AtMost(_) => false,
            },
        }
    }

    fn holds_for(&self, value: &Value) -> bool {
        match self {
            Test::Is(values) => values.iter().any(|wanted| plain(value).as_deref() == Some(wanted)),
            Test::AtLeast(least) => compared(value, least).is_some_and(Ordering::is_ge),
            Test::AtMost(most) => compared(value, most).is_some_and(Ordering::is_le),
        }
    }
}

/// A value as it is written in an address.
fn plain(value: &Value) -> Option<std::borrow::Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string().into()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Numbers as numbers; texts as texts, which is right for dates.
fn compared(value: &Value, other: &str) -> Option<Ordering> {
    match value {
        Value::Number(number) => {
            let (number, other) = (number.as_f64()?, other.parse::<f64>().ok()?);
            number.partial_cmp(&other)
        }
        Value::String(text) => Some(text.as_str().cmp(other)),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The fields of a kind, and whether each holds a single value.
fn fields_of(kind: Kind) -> BTreeMap<String, bool> {
    static KNOWN: LazyLock<Mutex<HashMap<Kind, BTreeMap<String, bool>>>> =
        LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let fields = known.entry(kind).or_insert_with(|| {
        let schema = kind.schema().to_value();
        let properties = schema.get("properties").and_then(Value::as_object);
        let field = |(name, is): (&String, &Value)| (name.clone(), is_single(&schema, is));
        properties.into_iter().flatten().map(field).collect()
    });
    fields.clone()
}

fn is_single(root: &Value, is: &Value) -> bool {
    if let Some(name) = is.get("$ref").and_then(Value::as_str) {
        return root.pointer(name.trim_start_matches('#')).is_some_and(|is| is_single(root, is));
    }
    if let Some(any) = is.get("anyOf").and_then(Value::as_array) {
        return any.iter().all(|one| is_single(root, one));
    }
    let many = |name: &str| name == "array" || name == "object";
    match is.get("type") {
        Some(Value::String(name)) => !many(name),
        Some(Value::Array(names)) => !names.iter().filter_map(Value::as_str).any(many),
        Some(_) | None => is.get("properties").is_none(),
    }
}

/// Refuses a field that the kind does not have.
///
/// # Errors
/// [`Error::Input`], which names those that it has.
pub fn known_field(kind: Kind, name: &str) -> Result<(), Error> {
    let fields = fields_of(kind);
    if fields.contains_key(name) {
        return Ok(());
    }
    let known: Vec<_> = fields.keys().map(String::as_str).collect();
    let known = known.join(", ");
    Err(Error::Input(format!("{} has no field `{name}`; it has {known}", kind.label())))
}

/// An order of records: by several values, the first that differs decides; then by number, so that pages fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort(Vec<(By, Direction)>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum By {
    Id,
    Title,
    State,
    Version,
    Changed,
    Field(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

impl Sort {
    /// `-changed,title`: the latest change first, of these by title.
    ///
    /// # Errors
    /// [`Error::Input`] for what records of the kind can't be sorted by.
    pub fn parse(kind: Kind, text: &str) -> Result<Sort, Error> {
        let one = |text: &str| {
            let (name, direction) = match text.trim().strip_prefix('-') {
                Some(name) => (name, Direction::Down),
                None => (text.trim(), Direction::Up),
            };
            let by = match name {
                "id" => By::Id,
                "title" => By::Title,
                "state" => By::State,
                "version" => By::Version,
                "changed" => By::Changed,
                field => {
                    let fields = fields_of(kind);
                    if fields.get(field) != Some(&true) {
                        let single = fields.iter().filter(|(_, single)| **single);
                        let names: Vec<_> = single.map(|(name, _)| name.as_str()).collect();
                        let names = names.join(", ");
                        return Err(Error::Input(format!(
                            "`sort={text}`: sort by id, title, state, version, changed or one of {names}"
                        )));
                    }
                    By::Field(field.to_owned())
                }
            };
            Ok((by, direction))
        };
        text.split(',').map(one).collect::<Result<_, _>>().map(Sort)
    }

    /// Puts records in this order.
    pub fn sort(&self, records: &mut [&Record]) {
        let mut keys: HashMap<RecordId, Vec<Option<Value>>> = HashMap::new();
        for record in records.iter() {
            keys.insert(record.id, self.0.iter().map(|(by, _)| by.key(record)).collect());
        }
        let none = Vec::new();
        records.sort_by(|one, other| {
            let keys_of = |record: &Record| keys.get(&record.id).unwrap_or(&none);
            let pairs = keys_of(one).iter().zip(keys_of(other)).zip(&self.0);
            let orders = pairs.map(|((one, other), (_, direction))| match direction {
                Direction::Up => order(one.as_ref(), other.as_ref()),
                Direction::Down => order(other.as_ref(), one.as_ref()),
            });
            let decided = orders.into_iter().find(|order| order.is_ne());
            decided.unwrap_or(Ordering::Equal).then(one.id.cmp(&other.id))
        });
    }
}

impl By {
    fn key(&self, record: &Record) -> Option<Value> {
        match self {
            By::Id => Some(record.id.number.into()),
            By::Title => Some(record.title().to_lowercase().into()),
            By::State => Some(record.state.into()),
            By::Version => Some(record.version.into()),
            By::Changed => {
                let mark = record.moved.as_ref().filter(|moved| moved.seq > record.stated.seq);
                Some(mark.unwrap_or(&record.stated).at.as_microsecond().into())
            }
            By::Field(name) => match record.body.to_json().get(name) {
                Some(Value::String(text)) => Some(text.to_lowercase().into()),
                other => other.cloned(),
            },
        }
    }
}

/// What is there comes before what is not.
fn order(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => {
            let pair = one.as_f64().zip(other.as_f64());
            pair.and_then(|(one, other)| one.partial_cmp(&other)).unwrap_or(Ordering::Equal)
        }
        (Some(Value::Bool(one)), Some(Value::Bool(other))) => one.cmp(other),
        (Some(one), Some(other)) => one.as_str().cmp(&other.as_str()),
        (None, None) => Ordering::Equal,
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
    }
}
