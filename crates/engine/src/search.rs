//! Full-text search over the records of all kinds.

use serde::Serialize;
use surety_aims::{Book, Kind, Record, RecordId};

use crate::Error;

/// The longest query, in characters, and the most words of one that count.
const LONGEST: usize = 200;
const MOST_WORDS: usize = 8;
/// Characters of an excerpt before and after what was found.
const AROUND: usize = 60;

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
    pub title: &'b str,
    pub state: &'static str,
    /// Higher is better: a word counts most as the id, then in the title, then elsewhere.
    pub score: u32,
    /// The field in which a word was found first, beside id and title; empty if in none.
    pub field: &'static str,
    /// The words around it.
    pub excerpt: String,
}

/// Finds records in which every word of `query` occurs, whatever its case; of all kinds if none is named.
///
/// # Errors
/// [`Error::Input`] for a query without words, or too long.
pub fn search<'b>(
    book: &'b Book,
    query: &str,
    kinds: &[Kind],
    limit: usize,
) -> Result<Found<'b>, Error> {
    if query.chars().nth(LONGEST).is_some() {
        return Err(Error::Input(format!("the query has more than {LONGEST} characters")));
    }
    let query = query.to_lowercase();
    let words: Vec<&str> = query.split_whitespace().take(MOST_WORDS).collect();
    if words.is_empty() {
        return Err(Error::Input("the query has no word to look for".to_owned()));
    }
    let kinds = if kinds.is_empty() { Kind::ALL } else { kinds };
    let records = kinds.iter().flat_map(|kind| book.of_kind(*kind));
    let mut hits: Vec<Hit<'b>> = records.filter_map(|record| hit(record, &words)).collect();
    // The sort is stable: equals stay in the order of kinds and numbers.
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.score));
    let total = hits.len();
    hits.truncate(limit);
    Ok(Found { total, hits })
}

/// How well a record fits; `None`: a word is missing.
fn hit<'b>(record: &'b Record, words: &[&str]) -> Option<Hit<'b>> {
    let id = record.id.to_string().to_lowercase();
    let title = record.title().to_lowercase();
    let mut scores: Vec<u32> = words
        .iter()
        .map(|word| if id == *word { 100 } else { 10 * occurs(&title, word) })
        .collect();
    let (mut field, mut excerpt) = ("", String::new());
    record.body.texts(&mut |name, text| {
        let low = text.to_lowercase();
        for (word, score) in words.iter().zip(&mut scores) {
            let found = occurs(&low, word);
            *score = (*score).max(found);
            if found > 0 && excerpt.is_empty() && text != record.title() {
                (field, excerpt) = (name, around(text, &low, word));
            }
        }
    });
    for text in record.custom.values().filter_map(|value| value.as_str()) {
        for (word, score) in words.iter().zip(&mut scores) {
            *score = (*score).max(occurs(&text.to_lowercase(), word));
        }
    }
    let score = scores.iter().try_fold(0_u32, |sum, score| {
        if *score == 0 { None } else { Some(sum.saturating_add(*score)) }
    })?;
    Some(Hit {
        record: record.id,
        kind: record.kind().name(),
        title: record.title(),
        state: record.state,
        score,
        field,
        excerpt,
    })
}

/// 0: not at all, 1: within a word, 3: at the start of one.
fn occurs(text: &str, word: &str) -> u32 {
    let starts = |place: usize| {
        let before = text.get(..place).and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| !letter.is_alphanumeric())
    };
    let places = text.match_indices(word).map(|(place, _)| place);
    places.map(|place| if starts(place) { 3 } else { 1 }).max().unwrap_or(0)
}

/// The characters around the first place of a word, on one line.
fn around(text: &str, low: &str, word: &str) -> String {
    let place = low.find(word).and_then(|place| low.get(..place)).map_or(0, |b| b.chars().count());
    let skipped = place.saturating_sub(AROUND);
    let length = AROUND.saturating_mul(2).saturating_add(word.chars().count());
    let shown: String = text.chars().skip(skipped).take(length).collect();
    let more = text.chars().nth(skipped.saturating_add(length)).is_some();
    let line = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let (before, after) = (if skipped > 0 { "..." } else { "" }, if more { "..." } else { "" });
    format!("{before}{line}{after}")
}
