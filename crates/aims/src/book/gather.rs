//! Building the indexes of many records at once, as when a snapshot is opened.
//!
//! What records contribute is gathered part by part, in any number of threads, and then put together in order: far
//! quicker than adding one record after the other, and with the same result.

use std::{collections::HashMap, sync::Arc};

use imbl::{OrdMap, OrdSet};
use jiff::civil::Date;

use super::index::{Indexes, Link, Span, covers, is_accepted_evidence, links};
use crate::{ExternalId, Record, RecordId};

/// Where evidence stands in [`Indexes`]: AI system number, 0 for the whole organisation, and evidence number.
type Place = (u32, u32);

/// What some records contribute to the indexes.
#[derive(Default)]
pub(crate) struct Gathered {
    referrers: Vec<(RecordId, RecordId)>,
    requirements: HashMap<Arc<str>, Vec<RecordId>>,
    coverage: HashMap<Arc<str>, Vec<(Place, Span)>>,
    due: Vec<(Date, RecordId, &'static str)>,
    external: Vec<(ExternalId, RecordId)>,
}

impl Gathered {
    pub(crate) fn add(&mut self, record: &Record) {
        let id = record.id;
        links(record, &mut |link| match link {
            Link::Record(target) => self.referrers.push((target, id)),
            Link::Requirement(text) => push(&mut self.requirements, text, id),
        });
        self.external.extend(record.external.iter().map(|external| (external.clone(), id)));
        if record.is_live() {
            self.due.extend(record.body.dates().into_iter().map(|(field, date)| (date, id, field)));
        }
        if is_accepted_evidence(record) {
            covers(record, &mut |requirement, place, span| {
                push(&mut self.coverage, requirement, (place, span));
            });
        }
    }

    /// Puts in order what is many. To be done by each thread for its own part.
    pub(crate) fn sort(&mut self) {
        self.referrers.sort_unstable();
        self.due.sort_unstable();
    }

    fn append(&mut self, mut other: Gathered) {
        self.referrers.append(&mut other.referrers);
        self.due.append(&mut other.due);
        self.external.append(&mut other.external);
        for (requirement, mut ids) in other.requirements {
            self.requirements.entry(requirement).or_default().append(&mut ids);
        }
        for (requirement, mut spans) in other.coverage {
            self.coverage.entry(requirement).or_default().append(&mut spans);
        }
    }

    /// The indexes of all records that were gathered. Does `meanwhile` while another thread is at work.
    pub(super) fn indexes(parts: Vec<Gathered>, meanwhile: impl FnOnce()) -> Indexes {
        let mut all = Gathered::default();
        for part in parts {
            all.append(part);
        }
        let Gathered { mut referrers, requirements, coverage, mut due, external } = all;
        // References outnumber all else together, so they get a thread of their own.
        std::thread::scope(|scope| {
            let referrers = scope.spawn(move || {
                // Merges parts that are in order, where the unstable sort would start anew.
                referrers.sort();
                referrers.into_iter().collect()
            });
            meanwhile();
            due.sort();
            let requirements = requirements
                .into_iter()
                .map(|(requirement, ids)| (requirement, ids.into_iter().collect::<OrdSet<_>>()))
                .collect();
            let coverage =
                coverage.into_iter().map(|(requirement, spans)| (requirement, in_order(spans)));
            Indexes {
                requirements,
                coverage: coverage.collect(),
                due: due.into_iter().collect(),
                external: external.into_iter().collect(),
                referrers: referrers
                    .join()
                    .unwrap_or_else(|cause| std::panic::resume_unwind(cause)),
            }
        })
    }
}

/// Maps are built quickest in the order of their keys.
fn in_order(mut spans: Vec<(Place, Span)>) -> OrdMap<Place, Span> {
    spans.sort_unstable_by_key(|(place, _)| *place);
    spans.into_iter().collect()
}

/// Adds to the list under that name.
fn push<T>(lists: &mut HashMap<Arc<str>, Vec<T>>, name: &str, item: T) {
    match lists.get_mut(name) {
        Some(list) => list.push(item),
        None => {
            lists.insert(name.into(), vec![item]);
        }
    }
}
