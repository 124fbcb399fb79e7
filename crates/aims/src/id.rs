//! Readable ids: `SYS-12` is the twelfth AI system of its organisation, for ever.

use std::{borrow::Cow, fmt, hash::Hash, marker::PhantomData, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};

use crate::{Kind, RecordKind};

/// The name under which references are serialised, so that [`crate::walk`] recognises them in any record.
pub(crate) const REFERENCE: &str = "$ref";

/// The id of a record of any kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId {
    pub kind: Kind,
    pub number: u32,
}

impl RecordId {
    pub fn new(kind: Kind, number: u32) -> RecordId {
        RecordId { kind, number }
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.kind.prefix(), self.number)
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is not a record id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct IdError {
    text: String,
    expected: String,
}

impl FromStr for RecordId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || IdError {
            text: text.chars().take(60).collect(),
            expected: "the id of a record, such as SYS-12".to_owned(),
        };
        let (prefix, digits) = text.split_once('-').ok_or_else(refused)?;
        let kind = Kind::from_prefix(prefix).ok_or_else(refused)?;
        number(digits).map(|number| RecordId { kind, number }).ok_or_else(refused)
    }
}

/// A number as ids write it: from 1, without sign or leading zero.
fn number(digits: &str) -> Option<u32> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if plain { digits.parse().ok() } else { None }
}

/// Serialises under the mark [`REFERENCE`]: as text where people read it, else as one number.
fn serialize_reference<S: Serializer>(id: RecordId, serializer: S) -> Result<S::Ok, S::Error> {
    struct Text(RecordId);
    impl Serialize for Text {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(&self.0)
        }
    }
    if serializer.is_human_readable() {
        serializer.serialize_newtype_struct(REFERENCE, &Text(id))
    } else {
        serializer.serialize_newtype_struct(REFERENCE, &id.packed())
    }
}

impl RecordId {
    /// The position of the kind and the number, as one.
    pub fn packed(self) -> u64 {
        #[expect(clippy::as_conversions, reason = "the position of a kind in the list of kinds")]
        let position = self.kind as u64;
        (position << 32) | u64::from(self.number)
    }

    pub(crate) fn unpacked(packed: u64) -> Option<RecordId> {
        let kind = *Kind::ALL.get(usize::try_from(packed >> 32).ok()?)?;
        let number = u32::try_from(packed & u64::from(u32::MAX)).ok()?;
        Some(RecordId { kind, number })
    }
}

/// Reads what [`serialize_reference`] wrote, into an id or a reference of one kind.
struct Reference<V>(PhantomData<V>);

impl<V: FromStr<Err = IdError> + TryFrom<RecordId, Error: fmt::Display>> Visitor<'_>
    for Reference<V>
{
    type Value = V;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the id of a record, such as SYS-12")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<V, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, packed: u64) -> Result<V, E> {
        let id =
            RecordId::unpacked(packed).ok_or_else(|| E::custom("no record has such a number"))?;
        V::try_from(id).map_err(E::custom)
    }
}

impl<V: FromStr<Err = IdError> + TryFrom<RecordId, Error: fmt::Display>> Reference<V> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<V, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Reference(PhantomData))
        } else {
            deserializer.deserialize_u64(Reference(PhantomData))
        }
    }
}

impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_reference(*self, serializer)
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Reference::read(deserializer)
    }
}

impl JsonSchema for RecordId {
    fn schema_name() -> Cow<'static, str> {
        "RecordId".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[A-Z]{3}-[1-9][0-9]*$", "x-reference": "any" })
    }
}

/// The id of a record of kind `T`, so that a reference to a risk can't be taken for one to a person.
pub struct Ref<T> {
    pub number: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T: RecordKind> Ref<T> {
    pub fn new(number: u32) -> Ref<T> {
        Ref { number, kind: PhantomData }
    }

    pub fn id(self) -> RecordId {
        RecordId { kind: T::KIND, number: self.number }
    }

    fn refused(text: &str) -> IdError {
        IdError {
            text: text.chars().take(60).collect(),
            expected: format!("the id of {}, such as {}-12", T::LABEL, T::PREFIX),
        }
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Ref<T> {}
impl<T> PartialEq for Ref<T> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}
impl<T> Eq for Ref<T> {}
impl<T> PartialOrd for Ref<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Ref<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.number.cmp(&other.number)
    }
}
impl<T> Hash for Ref<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}
impl<T: RecordKind> fmt::Display for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id().fmt(f)
    }
}
impl<T: RecordKind> fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id().fmt(f)
    }
}

impl<T: RecordKind> FromStr for Ref<T> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || Ref::<T>::refused(text);
        let (prefix, digits) = text.split_once('-').ok_or_else(refused)?;
        if prefix != T::PREFIX {
            return Err(refused());
        }
        number(digits).map(Ref::new).ok_or_else(refused)
    }
}

impl<T: RecordKind> TryFrom<RecordId> for Ref<T> {
    type Error = IdError;

    fn try_from(id: RecordId) -> Result<Self, IdError> {
        if id.kind == T::KIND {
            Ok(Ref::new(id.number))
        } else {
            Err(Ref::<T>::refused(&id.to_string()))
        }
    }
}

impl<T: RecordKind> Serialize for Ref<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_reference(self.id(), serializer)
    }
}

impl<'de, T: RecordKind> Deserialize<'de> for Ref<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Reference::read(deserializer)
    }
}

impl<T: RecordKind> JsonSchema for Ref<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Ref_{}", T::NAME).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": format!("^{}-[1-9][0-9]*$", T::PREFIX),
            "x-reference": T::NAME,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::AiSystem;

    #[test]
    fn an_id_as_one_number_is_the_same_id() {
        for kind in Kind::ALL.iter().copied() {
            for number in [1, 77, u32::MAX] {
                let id = RecordId::new(kind, number);
                assert_eq!(RecordId::unpacked(id.packed()), Some(id));
            }
        }
        assert_eq!(RecordId::unpacked(u64::MAX), None);
    }

    #[test]
    fn an_id_reads_back_as_written() {
        let id: RecordId = "SYS-12".parse().unwrap();
        assert_eq!(id, RecordId::new(Kind::AiSystem, 12));
        assert_eq!(id.to_string(), "SYS-12");
    }

    #[test]
    fn what_is_no_id_is_refused_with_an_example() {
        for text in
            ["", "SYS", "SYS-", "SYS-0", "SYS-012", "SYS-+1", "XXX-1", "sys-1", "SYS-99999999999"]
        {
            assert!(text.parse::<RecordId>().is_err(), "{text}");
        }
        let error = "RSK-1".parse::<Ref<AiSystem>>().unwrap_err();
        assert_eq!(error.to_string(), "`RSK-1` is not the id of an AI system, such as SYS-12");
    }
}
