//! What a query asks of the index, and what the answers are worth.
//!
//! A way in which a word occurs has a fixed worth, and within it counts how often a word occurs in how long a text (BM25). The figures
//! of the whole that BM25 asks for (how long texts are, how many records hold a word) are fixed too. So a score is a function of query
//! and record alone: it says nothing of other records, which whoever asks may not be allowed to see, and does not change with
//! them.

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader, Term,
    collector::{Collector, SegmentCollector},
    columnar::Column,
    query::{
        Bm25StatisticsProvider, BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery,
        Occur, PhrasePrefixQuery, PhraseQuery, Query as Asked, TermQuery,
    },
    schema::{Field, IndexRecordOption},
};

use super::{
    index::{Fields, KEY},
    query::{Fit, Query, Sought},
};

/// What a word is worth as it is, as the beginning of another, as one of its family, and with a wrong letter: in the title, elsewhere.
/// The last is worth so little that a record in which any word is only nearly there stands below all others.
const EXACTLY: [Score; 2] = [1_060.0, 1_030.0];
const BEGINNING: [Score; 2] = [1_045.0, 1_022.0];
const FAMILY: [Score; 2] = [1_040.0, 1_020.0];
const NEARLY: [Score; 2] = [10.0, 5.0];
/// The id of the record, and its beginning.
const ID: Score = 9_000.0;
const ID_BEGINNING: Score = 1_050.0;
/// How many words the last one of a phrase may go on to.
const MOST_ENDINGS: u32 = 200;

/// Where a word occurs, as a place in the figures above.
pub(super) const TITLE: usize = 0;
pub(super) const TEXT: usize = 1;

/// What a word is worth that stands so in a title or elsewhere.
pub(super) fn worth(fit: Fit, place: usize) -> Score {
    let worths = match fit {
        Fit::Exactly => EXACTLY,
        Fit::Alike => FAMILY,
        Fit::Nearly => NEARLY,
    };
    worths.get(place).copied().unwrap_or_default()
}

/// Every word has to occur, in whichever way.
pub(super) fn asked(query: &Query, fields: Fields) -> BooleanQuery {
    let every = query.sought.iter().map(|sought| (Occur::Must, one(sought, fields)));
    BooleanQuery::new(every.collect())
}

/// The best way in which one word occurs, and a little for how often it does.
fn one(sought: &Sought, fields: Fields) -> Box<dyn Asked> {
    let places = [fields.title, fields.text];
    let mut ways = Vec::new();
    let mut way = |worth: Score, how: Box<dyn Asked>| {
        let way: Box<dyn Asked> = Box::new(ConstScoreQuery::new(how, worth));
        ways.push(way);
    };
    for (field, worth) in places.into_iter().zip(EXACTLY) {
        way(worth, exactly(sought, field));
    }
    if sought.open {
        for (field, worth) in places.into_iter().zip(BEGINNING) {
            way(worth, beginning(sought, field));
        }
    }
    if let Some(stem) = &sought.stem {
        for (field, worth) in [fields.title_stems, fields.text_stems].into_iter().zip(FAMILY) {
            way(worth, Box::new(is(field, stem, IndexRecordOption::Basic)));
        }
    }
    if let (true, Some(word)) = (sought.forgives(), sought.words.first()) {
        for (field, worth) in places.into_iter().zip(NEARLY) {
            way(worth, Box::new(FuzzyTermQuery::new(term(field, word), 1, true)));
        }
    }
    if let Some(id) = &sought.id {
        way(ID, Box::new(is(fields.id, id, IndexRecordOption::Basic)));
        if sought.open {
            way(ID_BEGINNING, Box::new(FuzzyTermQuery::new_prefix(term(fields.id, id), 0, false)));
        }
    }
    let best: Box<dyn Asked> = Box::new(DisjunctionMaxQuery::new(ways));
    let often = places.map(|field| (Occur::Should, exactly(sought, field)));
    Box::new(BooleanQuery::new([(Occur::Must, best)].into_iter().chain(often).collect()))
}

fn term(field: Field, word: &str) -> Term {
    Term::from_field_text(field, word)
}

fn is(field: Field, word: &str, reads: IndexRecordOption) -> TermQuery {
    TermQuery::new(term(field, word), reads)
}

fn terms(sought: &Sought, field: Field) -> Vec<Term> {
    sought.words.iter().map(|word| term(field, word)).collect()
}

fn exactly(sought: &Sought, field: Field) -> Box<dyn Asked> {
    match sought.words.as_slice() {
        [word] => Box::new(is(field, word, IndexRecordOption::WithFreqs)),
        _ => Box::new(PhraseQuery::new(terms(sought, field))),
    }
}

fn beginning(sought: &Sought, field: Field) -> Box<dyn Asked> {
    match sought.words.as_slice() {
        [word] => Box::new(FuzzyTermQuery::new_prefix(term(field, word), 0, false)),
        _ => {
            let mut phrase = PhrasePrefixQuery::new(terms(sought, field));
            phrase.set_max_expansions(MOST_ENDINGS);
            Box::new(phrase)
        }
    }
}

/// The figures of a typical organisation, whichever it is.
pub(super) struct Typical {
    pub(super) title: Field,
}

/// Of so many records.
const RECORDS: u64 = 1_000;
/// Words of a title and of all other texts of a record, and how many records hold a word.
const TITLE_WORDS: u64 = 6;
const TEXT_WORDS: u64 = 60;
const HOLD_A_WORD: u64 = 50;

impl Bm25StatisticsProvider for Typical {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let words = if field == self.title { TITLE_WORDS } else { TEXT_WORDS };
        Ok(words.saturating_mul(RECORDS))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(RECORDS)
    }

    fn doc_freq(&self, _: &Term) -> tantivy::Result<u64> {
        Ok(HOLD_A_WORD)
    }
}

/// Collects every document that is found: its score and key.
pub(super) struct Every;

pub(super) struct EveryOfSegment {
    keys: Column<u64>,
    found: Vec<(Score, u64)>,
}

impl Collector for Every {
    type Fruit = Vec<(Score, u64)>;
    type Child = EveryOfSegment;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<EveryOfSegment> {
        Ok(EveryOfSegment { keys: segment.fast_fields().u64(KEY)?, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, found: Vec<Vec<(Score, u64)>>) -> tantivy::Result<Vec<(Score, u64)>> {
        Ok(found.into_iter().flatten().collect())
    }
}

impl SegmentCollector for EveryOfSegment {
    type Fruit = Vec<(Score, u64)>;

    fn collect(&mut self, document: DocId, score: Score) {
        self.found.extend(self.keys.first(document).map(|key| (score, key)));
    }

    fn harvest(self) -> Vec<(Score, u64)> {
        self.found
    }
}
