//! What the ids in a view stand for.

use surety_aims::{Book, RecordId, RecordKind, Ref, records::Person};

use crate::sheet::Cell;

/// The titles of records, and what people are called.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The Book that the view was derived from.
    pub book: &'a Book,
    /// What a person is called: the name kept beside the ledger, or [`positions`] where there is none.
    pub person: &'a dyn Fn(Ref<Person>) -> String,
}

/// Calls people by id and position, as the Book knows them: `PER-4 Head of credit`.
pub fn positions(book: &Book) -> impl Fn(Ref<Person>) -> String {
    |person| match book.find(person) {
        Some((_, found)) if !found.position.is_empty() => format!("{person} {}", found.position),
        Some(_) | None => person.to_string(),
    }
}

impl Names<'_> {
    /// A person, or nothing.
    pub(super) fn person(&self, person: Option<Ref<Person>>) -> Cell {
        person.map(|person| Cell::from((self.person)(person))).unwrap_or_default()
    }

    /// Who made an entry: a person of the Book is named, anybody else is called by the name in the entry.
    pub(super) fn actor(&self, by: &str) -> Cell {
        match by.parse::<RecordId>() {
            Ok(id) if id.kind == Person::KIND => self.person(Some(Ref::new(id.number))),
            Ok(_) | Err(_) => by.to_owned().into(),
        }
    }

    /// A record by id and title: `SYS-1 Credit score`.
    pub(super) fn record(&self, id: RecordId) -> String {
        match self.book.get(id).map(|record| record.title()) {
            Some(title) if !title.is_empty() => format!("{id} {title}"),
            Some(_) | None => id.to_string(),
        }
    }
}
