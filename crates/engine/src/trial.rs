//! Trying commands on a copy of the Book, for previews and for finding out what can go in before it goes in.

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;
use surety_aims::{
    Book, Command, Context, Event, Happened, Principal, RecordId, Rejection, decide,
};
use surety_catalog::Catalogs;

use crate::catalogs::is_exact;

/// A copy of the Book on which commands leave their mark.
pub(crate) struct Trial {
    pub(crate) book: Book,
    catalogs: Arc<Catalogs>,
    at: Timestamp,
}

impl Trial {
    pub(crate) fn new(book: &Book, catalogs: Arc<Catalogs>, at: Timestamp) -> Trial {
        Trial { book: book.clone(), catalogs, at }
    }

    /// A fresh copy of the same start.
    pub(crate) fn again(&self) -> Trial {
        Trial { book: self.book.clone(), catalogs: self.catalogs.clone(), at: self.at }
    }

    /// From here on, commands may name requirements of these catalogs.
    pub(crate) fn use_catalogs(&mut self, catalogs: Arc<Catalogs>) {
        self.catalogs = catalogs;
    }

    /// Decides a command as if all before it had happened, and lets it happen here.
    pub(crate) fn ask(
        &mut self,
        principal: &Principal,
        command: &Command,
        promised: &HashSet<RecordId>,
    ) -> Result<Vec<Event>, Rejection> {
        let catalogs = &self.catalogs;
        let context = Context {
            book: &self.book,
            knows: &|requirement| is_exact(catalogs, requirement),
            promised: &|id| promised.contains(&id),
        };
        let events = decide(&context, principal, command)?;
        for event in &events {
            let (seq, at) = (self.book.size(), self.at);
            let event = event.clone();
            self.book.apply(Happened { seq, at, by: principal.name.clone(), event });
        }
        Ok(events)
    }
}
