//! People by their names. They stand beside the ledger and can be erased at any moment, so that the index never holds one.

use surety_aims::{Book, Kind, Record};
use tantivy::Score;

use super::{
    excerpt::each_text,
    query::{Query, Sought},
    ranking::{self, TEXT, TITLE},
    words::{Word, words},
};
use crate::sheets::People;

/// The persons of a Book in whose names some of what is looked for stands, and all the rest elsewhere in their records.
pub(super) fn named<'b>(
    book: &'b Book,
    people: &People,
    query: &Query,
) -> impl Iterator<Item = (Score, &'b Record)> {
    let found = |record: &'b Record| {
        let name = words(people.own(record.id)?);
        let mut texts = words(record.title());
        each_text(record, &mut |_, text| texts.extend(words(text)));
        let best = |sought: &Sought, within: &[Word]| {
            sought.places(within).into_iter().map(|(_, fit)| fit).max()
        };
        let worth = |sought: &Sought| {
            let in_name = best(sought, &name).map(|fit| ranking::worth(fit, TITLE));
            in_name.or_else(|| best(sought, &texts).map(|fit| ranking::worth(fit, TEXT)))
        };
        query.sought.iter().any(|sought| best(sought, &name).is_some()).then_some(())?;
        let whole: Option<Score> = query.sought.iter().map(worth).sum();
        Some((whole?, record))
    };
    book.of_kind(Kind::Person).filter_map(found)
}
