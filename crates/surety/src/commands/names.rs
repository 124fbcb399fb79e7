//! Names of people, for tables.

use std::collections::BTreeMap;

use surety_aims::{Book, Ref, records::Person};
use surety_engine::{Aims, View, sheets};
use surety_reports::{Sheet, Workbook, views};

/// Who people are, as far as they have not been erased.
pub(crate) struct People(BTreeMap<String, String>);

impl People {
    pub(crate) async fn of(aims: &Aims) -> anyhow::Result<People> {
        let people = aims.people().await?;
        Ok(People(people.into_iter().map(|(id, data)| (id, data.name)).collect()))
    }

    /// The name, or id and position of somebody without one.
    pub(crate) fn name(&self, book: &Book, person: Ref<Person>) -> String {
        let id = person.to_string();
        self.0.get(&id).cloned().unwrap_or_else(|| views::positions(book)(person))
    }
}

/// Sheets as a document of the organisation.
pub(crate) fn workbook(aims: &Aims, view: &View, title: &str, sheets: Vec<Sheet>) -> Workbook {
    Workbook { meta: sheets::meta(aims.name(), aims.now(), view, title), sheets }
}
