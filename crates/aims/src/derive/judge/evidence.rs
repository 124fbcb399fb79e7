//! Whether accepted evidence speaks for the day, as often as it is wanted.

use std::collections::BTreeMap;

use surety_catalog::{Per, RequirementRef};

use super::{Answer, Judge, Lack, Missing, Place, Rhythm, SHOWN, cadence::Rhythms};
use crate::{Kind, RecordId, Span, book::day, derive::covered};

impl Answer<'_> {
    /// Asks for evidence that is wanted so often, and was found or not.
    fn evidenced(&mut self, item: Option<u32>, system: Option<RecordId>, rhythm: Rhythm) {
        if self.cadences.len() < SHOWN && !self.cadences.contains(&rhythm) {
            self.cadences.push(rhythm);
        }
        match item {
            Some(item) => self.holds(Some(RecordId::new(Kind::EvidenceItem, item))),
            None => self.lacks(Missing {
                system,
                wanted: "evidence_item",
                record: None,
                lack: Lack::Cadence(rhythm),
            }),
        }
    }
}

impl<'b> Judge<'b> {
    pub(super) fn evidence(
        &self,
        place: Place<'_, 'b>,
        asked: &[RequirementRef],
        per: Per,
    ) -> Answer<'b> {
        let rhythms = Rhythms::of(self.book, place.reference, place.requirement);
        let today = day(self.on);
        let speaks = |span: Span, rhythm: Rhythm| {
            covered(span, rhythm.cadence).is_some_and(|(from, to)| (from..=to).contains(&today))
        };
        // By AI system the first item that speaks for the day; and all items about the whole organisation.
        let mut covering: BTreeMap<u32, u32> = BTreeMap::new();
        let mut whole = Vec::new();
        for ((system, item), span) in
            asked.iter().flat_map(|asked| self.book.coverage(asked.as_str()))
        {
            if system == 0 {
                whole.push((item, span));
            }
            if speaks(span, rhythms.wanted(system)) {
                covering.entry(system).or_insert(item);
            }
        }
        let mut answer = Answer::default();
        if per == Per::Organisation {
            answer.evidenced(covering.values().next().copied(), None, rhythms.wanted(0));
            return answer;
        }
        for (_, system) in self.asked_of(place, per) {
            let rhythm = rhythms.wanted(system.id.number);
            let of_all = || whole.iter().find(|(_, span)| speaks(*span, rhythm));
            let own = covering.get(&system.id.number).copied();
            let item = own.or_else(|| of_all().map(|(item, _)| *item));
            answer.evidenced(item, Some(system.id), rhythm);
        }
        answer
    }
}
