//! The records of a Book, each found in a few steps by its id.
//!
//! Numbers of a kind are given out one after the other, so its records stand in a persistent vector by number. What was
//! numbered far ahead stands in a map until the numbers before it are reached.

use std::sync::Arc;

use imbl::{OrdMap, Vector};

use crate::{Kind, Record, RecordId};

/// All records, by kind and number.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    kinds: OrdMap<Kind, Table>,
    count: usize,
}

/// The records of one kind.
#[derive(Clone, Debug, Default)]
struct Table {
    /// At the position of its number; nothing at numbers without a record.
    near: Vector<Option<Arc<Record>>>,
    /// Numbers more than [`STRETCH`] beyond `near`.
    far: OrdMap<u32, Arc<Record>>,
}

/// How many empty places a new number may leave behind it in the vector.
const STRETCH: usize = 64;

impl PartialEq for Tables {
    /// The same records, in whatever way they came in.
    fn eq(&self, other: &Tables) -> bool {
        self.count == other.count && self.iter().eq(other.iter())
    }
}

impl Tables {
    pub(super) fn get(&self, id: RecordId) -> Option<&Arc<Record>> {
        self.kinds.get(&id.kind)?.get(id.number)
    }

    pub(super) fn get_mut(&mut self, id: RecordId) -> Option<&mut Arc<Record>> {
        let table = self.kinds.get_mut(&id.kind)?;
        match table.near.get_mut(position(id.number)) {
            Some(place) => place.as_mut(),
            None => table.far.get_mut(&id.number),
        }
    }

    /// Puts a record in whose id has none yet.
    pub(super) fn insert(&mut self, record: Arc<Record>) {
        self.count += 1;
        self.kinds.entry(record.id.kind).or_default().insert(record);
    }

    pub(super) fn remove(&mut self, id: RecordId) -> Option<Arc<Record>> {
        let table = self.kinds.get_mut(&id.kind)?;
        let removed = match table.near.get_mut(position(id.number)) {
            Some(place) => place.take(),
            None => table.far.remove(&id.number),
        };
        self.count -= usize::from(removed.is_some());
        removed
    }

    /// Those of one kind, by number.
    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Arc<Record>> {
        self.kinds.get(&kind).into_iter().flat_map(Table::iter)
    }

    /// All, by kind and number.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.kinds.values().flat_map(Table::iter)
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }
}

impl Table {
    fn get(&self, number: u32) -> Option<&Arc<Record>> {
        match self.near.get(position(number)) {
            Some(place) => place.as_ref(),
            None => self.far.get(&number),
        }
    }

    fn insert(&mut self, record: Arc<Record>) {
        let number = record.id.number;
        if let Some(place) = self.near.get_mut(position(number)) {
            *place = Some(record);
        } else if self.reaches(number) {
            self.push(record);
            self.draw_near();
        } else {
            self.far.insert(number, record);
        }
    }

    fn reaches(&self, number: u32) -> bool {
        position(number) <= self.near.len().saturating_add(STRETCH)
    }

    fn push(&mut self, record: Arc<Record>) {
        while self.near.len() < position(record.id.number) {
            self.near.push_back(None);
        }
        self.near.push_back(Some(record));
    }

    /// Moves over what the vector reaches by now.
    fn draw_near(&mut self) {
        while let Some((number, _)) = self.far.get_min()
            && self.reaches(*number)
        {
            let (first, rest) = self.far.without_min();
            self.far = rest;
            first.into_iter().for_each(|record| self.push(record));
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.near.iter().flatten().chain(self.far.values())
    }
}

fn position(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{Mark, records::Person};

    fn person(number: u32) -> Arc<Record> {
        let mark = Mark { by: "PER-1".into(), at: jiff::Timestamp::UNIX_EPOCH, seq: number.into() };
        Arc::new(Record {
            id: RecordId::new(Kind::Person, number),
            version: 1,
            state: "draft",
            body: Person::default().into(),
            custom: Default::default(),
            external: Vec::new(),
            created: mark.clone(),
            stated: mark,
            moved: None,
            in_force: None,
        })
    }

    proptest! {
        #[test]
        fn tables_do_as_an_ordered_map_does(
            steps in vec((any::<bool>(), prop_oneof![1..40_u32, 1..400_u32, 1..2_000_000_u32]), 0..120),
        ) {
            let mut tables = Tables::default();
            let mut map = std::collections::BTreeMap::new();
            for (insert, number) in steps {
                let id = RecordId::new(Kind::Person, number);
                if insert && !map.contains_key(&number) {
                    tables.insert(person(number));
                    map.insert(number, person(number));
                } else if !insert {
                    prop_assert_eq!(tables.remove(id), map.remove(&number));
                }
                prop_assert_eq!(tables.get(id), map.get(&number));
                prop_assert_eq!(tables.get_mut(id), map.get_mut(&number));
                prop_assert_eq!(tables.len(), map.len());
            }
            prop_assert!(tables.of_kind(Kind::Person).eq(map.values()));
            prop_assert!(tables.iter().eq(map.values()));
        }
    }

    #[test]
    fn a_number_far_ahead_takes_no_room() {
        let mut tables = Tables::default();
        tables.insert(person(1_000_000));
        let table = tables.kinds.get(&Kind::Person).unwrap();
        assert_eq!((table.near.len(), table.far.len()), (0, 1));
    }
}
