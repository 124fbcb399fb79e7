//! Walks over any record and shows its leaves with their field paths.
//!
//! References, field tests of catalog conditions and completeness checks all read records through this one
//! mechanism, so no kind lists its references by hand.

use std::fmt::Display;

use serde::{Serialize, ser};

use crate::{RecordId, id::REFERENCE};

/// The name under which requirement references are serialised.
pub(crate) const REQUIREMENT: &str = "$requirement";

/// One value at the end of a field path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Leaf<'a> {
    /// Empty: `None`, or a list, map or text without content.
    Empty,
    Bool(bool),
    Number(i128),
    Text(&'a str),
    Reference(RecordId),
    /// `framework:requirement`.
    Requirement(&'a str),
}

/// Calls `visit` with the path (field names from the outside in, without list positions) of each leaf of `value`.
pub(crate) fn walk(value: &impl Serialize, visit: &mut dyn FnMut(&[&'static str], Leaf<'_>)) {
    Walker::run(value, Reads::All, &mut |_, path, leaf| visit(path, leaf));
}

/// Calls `visit` with each leaf of the fields that are `wanted`, by the order of [`field_names`]: position of the field,
/// path, leaf. What lies beyond the end of `wanted` is not even passed over.
pub(crate) fn walk_fields(
    value: &impl Serialize,
    wanted: &[bool],
    visit: &mut dyn FnMut(usize, &[&'static str], Leaf<'_>),
) {
    Walker::run(value, Reads::Fields(wanted), visit);
}

/// The names of all fields of a struct, in its order.
pub(crate) fn field_names(value: &impl Serialize) -> Vec<&'static str> {
    let mut names: Vec<(usize, &'static str)> = Vec::new();
    Walker::run(value, Reads::Names, &mut |field, path, _| {
        names.extend(path.first().map(|name| (field, *name)));
    });
    names.into_iter().map(|(_, name)| name).collect()
}

/// Calls `visit` with each reference to a record or requirement in `value`. Quicker than [`walk`].
pub(crate) fn walk_links(value: &impl Serialize, visit: &mut dyn FnMut(Leaf<'_>)) {
    Walker::run(value, Reads::Links, &mut |_, _, leaf| visit(leaf));
}

/// Every reference in `value`, with the field that holds it.
pub(crate) fn references(value: &impl Serialize) -> Vec<(&'static str, RecordId)> {
    let mut found = Vec::new();
    Walker::run(value, Reads::Links, &mut |_, path, leaf| {
        if let Leaf::Reference(id) = leaf {
            found.push((path.first().copied().unwrap_or_default(), id));
        }
    });
    found
}

/// Which leaves are shown.
#[derive(Clone, Copy)]
enum Reads<'v> {
    All,
    /// Those of some fields of the outermost struct.
    Fields(&'v [bool]),
    /// None: only the names of the outermost fields.
    Names,
    /// References to records and requirements.
    Links,
}

struct Walker<'v> {
    reads: Reads<'v>,
    /// Position of the field of the outermost struct.
    field: usize,
    path: Vec<&'static str>,
    visit: &'v mut dyn FnMut(usize, &[&'static str], Leaf<'_>),
}

impl Walker<'_> {
    fn run(
        value: &impl Serialize,
        reads: Reads<'_>,
        visit: &mut dyn FnMut(usize, &[&'static str], Leaf<'_>),
    ) {
        let mut walker = Walker { reads, field: 0, path: Vec::new(), visit };
        // The only errors come from `Stop` below, which says that enough was seen.
        drop(value.serialize(&mut walker));
    }

    fn leaf(&mut self, leaf: Leaf<'_>) -> Result<(), Stop> {
        if !matches!(self.reads, Reads::Links) {
            (self.visit)(self.field, &self.path, leaf);
        }
        Ok(())
    }

    fn start(&mut self, length: Option<usize>) {
        if length == Some(0) {
            drop(self.leaf(Leaf::Empty));
        }
    }

    /// Counts a field that is not written at all.
    fn pass(&mut self, key: &'static str) {
        if matches!(self.reads, Reads::Names) {
            (self.visit)(self.field, &[key], Leaf::Empty);
        }
        self.field += usize::from(self.path.is_empty());
    }

    /// Reads one field, or passes it over.
    fn enter<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Result<(), Stop> {
        let outermost = self.path.is_empty();
        let wanted = match self.reads {
            Reads::Fields(wanted) if outermost => *wanted.get(self.field).ok_or(Stop)?,
            Reads::All | Reads::Links | Reads::Fields(_) => true,
            Reads::Names => false,
        };
        if wanted {
            self.path.push(key);
            value.serialize(&mut *self)?;
            self.path.pop();
        }
        self.pass(key);
        Ok(())
    }
}

/// The error type that serde asks for: enough was seen.
#[derive(Debug, thiserror::Error)]
#[error("stopped")]
struct Stop;

impl ser::Error for Stop {
    fn custom<T: Display>(_: T) -> Self {
        Stop
    }
}

macro_rules! numbers {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<(), Stop> {
            self.leaf(Leaf::Number(i128::from(value)))
        })*
    };
}

impl ser::Serializer for &mut Walker<'_> {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    numbers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);

    /// So that references come as numbers, which are quicker to read than text.
    fn is_human_readable(&self) -> bool {
        false
    }
    fn collect_str<T: ?Sized + Display>(self, value: &T) -> Result<(), Stop> {
        match self.reads {
            Reads::Links => Ok(()),
            Reads::All | Reads::Fields(_) | Reads::Names => self.serialize_str(&value.to_string()),
        }
    }
    fn serialize_bool(self, value: bool) -> Result<(), Stop> {
        self.leaf(Leaf::Bool(value))
    }
    fn serialize_f32(self, value: f32) -> Result<(), Stop> {
        self.serialize_f64(f64::from(value))
    }
    fn serialize_f64(self, value: f64) -> Result<(), Stop> {
        self.leaf(Leaf::Text(&value.to_string()))
    }
    fn serialize_char(self, value: char) -> Result<(), Stop> {
        self.leaf(Leaf::Text(value.encode_utf8(&mut [0; 4])))
    }
    fn serialize_str(self, value: &str) -> Result<(), Stop> {
        self.leaf(if value.is_empty() { Leaf::Empty } else { Leaf::Text(value) })
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<(), Stop> {
        self.start(Some(value.len()));
        Ok(())
    }
    fn serialize_none(self) -> Result<(), Stop> {
        self.leaf(Leaf::Empty)
    }
    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Stop> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Stop> {
        self.leaf(Leaf::Empty)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Stop> {
        self.leaf(Leaf::Empty)
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Stop> {
        self.leaf(Leaf::Text(variant))
    }
    /// References come as marked numbers, requirements as marked texts.
    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        let marked: fn(Leaf<'_>) -> Option<Leaf<'_>> = match name {
            REFERENCE => |leaf| {
                let Leaf::Number(packed) = leaf else { return None };
                RecordId::unpacked(u64::try_from(packed).ok()?).map(Leaf::Reference)
            },
            REQUIREMENT => |leaf| {
                let Leaf::Text(text) = leaf else { return None };
                Some(Leaf::Requirement(text))
            },
            _ => return value.serialize(self),
        };
        let (field, path) = (self.field, self.path.as_slice());
        let visit = &mut *self.visit;
        let mut inner = Walker {
            reads: Reads::All,
            field,
            path: Vec::new(),
            visit: &mut |_, _, leaf| {
                if let Some(leaf) = marked(leaf) {
                    visit(field, path, leaf);
                }
            },
        };
        value.serialize(&mut inner)
    }
    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        value.serialize(self)
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<Self, Stop> {
        self.start(length);
        Ok(self)
    }
    fn serialize_tuple(self, length: usize) -> Result<Self, Stop> {
        self.start(Some(length));
        Ok(self)
    }
    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Self, Stop> {
        self.serialize_tuple(length)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        length: usize,
    ) -> Result<Self, Stop> {
        self.serialize_tuple(length)
    }
    fn serialize_map(self, length: Option<usize>) -> Result<Self, Stop> {
        self.start(length);
        Ok(self)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Stop> {
        Ok(self)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Stop> {
        Ok(self)
    }
}

macro_rules! elements {
    ($($trait:ident, $method:ident);*) => {
        $(impl ser::$trait for &mut Walker<'_> {
            type Ok = ();
            type Error = Stop;
            fn $method<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Stop> {
                value.serialize(&mut **self)
            }
            fn end(self) -> Result<(), Stop> {
                Ok(())
            }
        })*
    };
}
elements!(SerializeSeq, serialize_element; SerializeTuple, serialize_element;
    SerializeTupleStruct, serialize_field; SerializeTupleVariant, serialize_field);

impl ser::SerializeMap for &mut Walker<'_> {
    type Ok = ();
    type Error = Stop;
    fn serialize_key<T: ?Sized + Serialize>(&mut self, _: &T) -> Result<(), Stop> {
        Ok(())
    }
    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Stop> {
        value.serialize(&mut **self)
    }
    fn end(self) -> Result<(), Stop> {
        Ok(())
    }
}

macro_rules! fields {
    ($($trait:ident),*) => {
        $(impl ser::$trait for &mut Walker<'_> {
            type Ok = ();
            type Error = Stop;
            fn serialize_field<T: ?Sized + Serialize>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Stop> {
                self.enter(key, value)
            }
            fn skip_field(&mut self, key: &'static str) -> Result<(), Stop> {
                self.pass(key);
                Ok(())
            }
            fn end(self) -> Result<(), Stop> {
                Ok(())
            }
        })*
    };
}
fields!(SerializeStruct, SerializeStructVariant);
