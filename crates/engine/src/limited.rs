//! What an organisation looks like to whoever is limited to some of its AI systems.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use surety_aims::{RecordId, Sight};

use crate::{Aims, Position, View};

/// Smaller Books, as making one reads all records. Each is kept as long as what it was made from is the current state.
#[derive(Default)]
pub(crate) struct Limited {
    /// The oldest first.
    kept: Mutex<Vec<Smaller>>,
}

/// A Book without what is hidden.
#[derive(Clone)]
struct Smaller {
    from: Weak<Position>,
    position: Arc<Position>,
    sight: Arc<Sight>,
    systems: BTreeSet<RecordId>,
}

/// How many Books are kept: a few auditors at work.
const MOST: usize = 8;

impl Limited {
    fn kept(&self) -> MutexGuard<'_, Vec<Smaller>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets go of all Books, as what they were made from may have been erased.
    pub(crate) fn forget(&self) {
        self.kept().clear();
    }

    fn find(&self, from: &Arc<Position>, systems: &BTreeSet<RecordId>) -> Option<Smaller> {
        let mut kept = self.kept();
        kept.retain(|one| one.from.strong_count() > 0);
        let from = Arc::downgrade(from);
        let found = kept.iter().find(|one| one.from.ptr_eq(&from) && one.systems == *systems);
        found.cloned()
    }

    fn keep(&self, smaller: Smaller) {
        let mut kept = self.kept();
        if kept.len() == MOST {
            kept.remove(0);
        }
        kept.push(smaller);
    }
}

impl Aims {
    /// A view as somebody sees it who is limited to these AI systems. All that derives from it obeys.
    pub fn limited(&self, view: View, systems: BTreeSet<RecordId>) -> View {
        let smaller = self.limited.find(&view.position, &systems).unwrap_or_else(|| {
            let smaller = Smaller::of(&view, systems);
            self.limited.keep(smaller.clone());
            smaller
        });
        View { position: smaller.position, sight: Some(smaller.sight), ..view }
    }
}

impl Smaller {
    fn of(view: &View, systems: BTreeSet<RecordId>) -> Smaller {
        let sight = Sight::of(view.book(), systems.clone());
        let book = sight.book(view.book());
        let frontier = view.position.frontier.clone();
        Smaller {
            from: Arc::downgrade(&view.position),
            position: Arc::new(Position { book, frontier }),
            sight: Arc::new(sight),
            systems,
        }
    }
}
