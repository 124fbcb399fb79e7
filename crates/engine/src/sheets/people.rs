//! Names of people, for tables; and tables as a document of an organisation.

use std::collections::BTreeMap;

use surety_aims::{Book, Kind, RecordId, Ref, records::Person};
use surety_reports::{Meta, Sheet, Workbook, views};

use super::meta;
use crate::{Aims, Error, View};

/// Who people are, as far as they have not been erased.
#[derive(Default)]
pub struct People(BTreeMap<String, String>);

impl People {
    pub async fn of(aims: &Aims) -> Result<People, Error> {
        let people = aims.people().await?;
        Ok(People(people.into_iter().map(|(id, data)| (id, data.name)).collect()))
    }

    /// What a record is called: its title, of a classification the class in words, and of a person the name, as people have
    /// no title on the ledger. Empty: it is not there, or has no title.
    pub fn called(&self, book: &Book, id: RecordId) -> String {
        if id.kind == Kind::Person {
            return self.name(book, Ref::new(id.number));
        }
        match book.get(id).map(|record| record.title().trim()) {
            None => String::new(),
            Some(title) if id.kind == Kind::Classification => views::words(title).into_owned(),
            Some(title) => title.to_owned(),
        }
    }

    /// The name of a person, as far as it has not been erased; `None` of any other record.
    pub fn own(&self, id: RecordId) -> Option<&str> {
        if id.kind != Kind::Person {
            return None;
        }
        self.0.get(&id.to_string()).map(String::as_str)
    }

    /// Ids of those in whose names a text occurs, whatever its case.
    pub fn named(&self, text: &str) -> Vec<String> {
        let text = text.to_lowercase();
        let fits = self.0.iter().filter(|(_, name)| name.to_lowercase().contains(&text));
        fits.map(|(id, _)| id.clone()).collect()
    }

    /// The name, or id and position of somebody without one.
    pub fn name(&self, book: &Book, person: Ref<Person>) -> String {
        let id = person.to_string();
        self.0.get(&id).cloned().unwrap_or_else(|| views::positions(book)(person))
    }
}

/// What a document holds beside its title and the origin of its figures.
#[derive(Default)]
pub struct Contents {
    /// What its front says about its subject.
    pub front: Vec<(String, String)>,
    pub sheets: Vec<Sheet>,
}

impl From<Vec<Sheet>> for Contents {
    fn from(sheets: Vec<Sheet>) -> Contents {
        Contents { front: Vec::new(), sheets }
    }
}

/// Sheets as a document of the organisation.
pub fn workbook(aims: &Aims, view: &View, title: &str, contents: impl Into<Contents>) -> Workbook {
    let Contents { front, sheets } = contents.into();
    let meta = Meta { front, ..meta(aims.name(), aims.now(), view, title) };
    Workbook { meta, sheets }
}
