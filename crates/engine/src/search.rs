//! Full-text search over the records of all kinds.
//!
//! The index is a cache of the open organisation, in memory: made at the first search and brought up to date by the first search after a
//! change, with the records that changed. Writers know nothing of it. It can be let go at any time, and is when something was
//! erased.

mod excerpt;
mod index;
mod people;
mod query;
mod ranking;
mod words;

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;
use surety_aims::{Kind, Record, RecordId};
use tantivy::{Score, TantivyError};

use self::{excerpt::excerpt, index::Index};
use crate::{Aims, Error, Position, View, sheets::People};

pub use self::query::{Piece, Query};

/// What was found, the best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Found<'b> {
    /// Records in which every word occurs.
    pub total: usize,
    pub hits: Vec<Hit<'b>>,
}

/// One record in which every word occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Hit<'b> {
    pub record: RecordId,
    pub kind: &'static str,
    /// Of a person the name, as far as it has not been erased.
    pub title: Cow<'b, str>,
    pub state: &'static str,
    /// Higher is better: a word counts most as the id, then in the title, then elsewhere, and least with a wrong letter.
    pub score: u32,
    /// The field in which most of the words were found, beside id and title; empty if in none.
    pub field: Cow<'static, str>,
    /// The words around it.
    pub excerpt: String,
}

/// The index of an open organisation.
#[derive(Default)]
pub(crate) struct Search {
    kept: Mutex<Kept>,
    /// Held by whoever makes a newer index.
    making: Mutex<()>,
}

#[derive(Default)]
struct Kept {
    index: Option<Arc<Index>>,
    /// How often it was let go.
    forgotten: u64,
}

impl Search {
    /// Lets go of the index, as what it was made from may have been erased. What is being made is not kept either.
    pub(crate) fn forget(&self) {
        let mut kept = self.kept();
        kept.index = None;
        kept.forgotten = kept.forgotten.wrapping_add(1);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, position: &Arc<Position>) -> Option<Arc<Index>> {
        self.kept().index.clone().filter(|index| index.covers(position))
    }

    /// An index that has all records of a Book.
    async fn covering(
        self: &Arc<Search>,
        position: &Arc<Position>,
        current: Arc<Position>,
    ) -> Result<Arc<Index>, Error> {
        if let Some(index) = self.known(position) {
            return Ok(index);
        }
        let (search, position) = (self.clone(), position.clone());
        let made = tokio::task::spawn_blocking(move || search.make(&position, &current)).await;
        made.map_err(|_| Error::Closing)?.map_err(Error::from)
    }

    fn make(
        &self,
        position: &Arc<Position>,
        current: &Position,
    ) -> Result<Arc<Index>, TantivyError> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever was first may have made it.
        if let Some(index) = self.known(position) {
            return Ok(index);
        }
        let (known, forgotten) = {
            let kept = self.kept();
            (kept.index.clone(), kept.forgotten)
        };
        let known = known.map_or_else(|| Index::new().map(Arc::new), Ok)?;
        let newer = known.covering(position, &current.book).map(Arc::new);
        let mut kept = self.kept();
        if kept.forgotten == forgotten {
            // One that could not be written is not relied on again.
            kept.index = newer.as_ref().ok().cloned();
        }
        newer
    }
}

impl Aims {
    /// Finds the records of a view in which all that is looked for occurs; of all kinds if none is named. People are found by
    /// their names too.
    pub async fn search<'v>(
        &self,
        view: &'v View,
        query: &Query,
        kinds: &[Kind],
        limit: usize,
    ) -> Result<Found<'v>, Error> {
        let index = self.search.covering(&view.position, self.known()).await?;
        let mut found = index.find(view.book(), query, kinds)?;
        let people = People::of(self).await?;
        if kinds.is_empty() || kinds.contains(&Kind::Person) {
            let named: Vec<_> = people::named(view.book(), &people, query).collect();
            found.retain(|(_, record)| named.iter().all(|(_, named)| named.id != record.id));
            found.extend(named);
        }
        found.sort_by(|(one, first), (other, second)| {
            other.total_cmp(one).then_with(|| first.id.cmp(&second.id))
        });
        let total = found.len();
        let hits = found.into_iter().take(limit).map(|(score, record)| Hit {
            title: people
                .own(record.id)
                .map_or(record.title().into(), |name| name.to_owned().into()),
            ..hit(query, score, record)
        });
        Ok(Found { total, hits: hits.collect() })
    }
}

fn hit<'b>(query: &Query, score: Score, record: &'b Record) -> Hit<'b> {
    let (field, excerpt) = excerpt(query, record);
    #[expect(clippy::as_conversions, reason = "positive and small; its fraction is for the order")]
    let score = score as u32;
    Hit {
        record: record.id,
        kind: record.kind().name(),
        title: record.title().into(),
        state: record.state,
        score,
        field,
        excerpt,
    }
}
