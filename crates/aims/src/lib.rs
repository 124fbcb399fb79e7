//! The management system: records, the Book of all records of one organisation, commands decided into events, and
//! the derivations. Pure: no clock, no randomness, no I/O; time and ids are arguments.
//!
//! - [`records`] holds one file for each kind of record.
//! - [`Event`]s are what somebody did; [`Book::apply`] folds them, and is total.
//! - [`decide`] turns a command into events, or says why not.
//! - [`derive`] holds one file for each question that is answered from a Book.

pub mod decisions;
pub mod derive;
pub mod records;

mod book;
mod decide;
mod event;
mod id;
mod lifecycle;
mod permission;
mod record;
mod redact;
mod security;
mod sight;
mod snapshot;
mod walk;

pub use book::{Book, Span, date, day};
pub use decide::{Command, Context, Rejection, decide, may_take, missing};
pub use event::{Event, EventError, Happened, SCHEMA, Stated};
pub use id::{IdError, RecordId, Ref};
pub use lifecycle::{Guard, Lifecycle, Needs, Transition, Who};
pub use permission::{Action, Denied, Principal, Role, permit};
pub use record::{ExternalId, InForce, Mark, Problem, Problems, Record, RecordKind};
pub use records::{Body, Kind, Typed};
pub use redact::{ERASED, RedactError, erase};
pub use security::{Occurrence, Security};
pub use sight::Sight;
pub use snapshot::{FORMAT as SNAPSHOT_FORMAT, SnapshotError};

/// The body of `record` as its own type; `None` if it is of another kind.
pub fn of<T: Typed>(record: &Record) -> Option<&T> {
    T::of(&record.body)
}
