//! The index of texts of records, in memory.
//!
//! A document is one version of a record's texts, whichever Books hold it; what was indexed is kept beside it. A search in a Book counts
//! a document only if the Book holds the very record that it was made from, or an equal one. So one index serves the Book of now,
//! those of the past and those of people who are limited to some AI systems, and none of them can give away anything that it
//! does not hold itself, whatever state the index is in.

use std::{
    ops::RangeInclusive,
    sync::{Arc, Weak},
};

use imbl::OrdMap;
use surety_aims::{Book, Kind, Record, RecordId};
use tantivy::{
    IndexReader, IndexWriter, ReloadPolicy, Score, Searcher, TantivyDocument, Term,
    indexer::{IndexWriterOptions, LogMergePolicy},
    schema::{
        FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
    },
};

use super::{
    excerpt::each_text,
    query::Query,
    ranking::{Every, Typical, asked},
    words::{plain, stems},
};
use crate::Position;

/// The field that tells documents apart.
pub(super) const KEY: &str = "key";
const WORDS: &str = "words";
const STEMS: &str = "stems";
/// Documents that no current record needs, from which on they are let go.
const SPARE: usize = 2_000;
/// Bits of a key for the versions of one record.
const VERSIONS: u32 = 24;
/// Segments of about one size that become one, and what counts as the smallest size.
const SEGMENTS: usize = 6;
const SMALLEST: u32 = 64;

/// The index as of some moment. It does not change: whoever searches in it goes on undisturbed while a newer one is made.
#[derive(Clone)]
pub(super) struct Index {
    tantivy: tantivy::Index,
    reader: IndexReader,
    searcher: Searcher,
    fields: Fields,
    /// What each document was made from, by key.
    made: OrdMap<u64, Arc<Record>>,
    /// Books all of whose records have a document.
    covered: Vec<Weak<Position>>,
    /// How many entries the current Book had seen.
    size: u64,
}

#[derive(Clone, Copy)]
pub(super) struct Fields {
    key: Field,
    pub(super) id: Field,
    pub(super) title: Field,
    pub(super) text: Field,
    pub(super) title_stems: Field,
    pub(super) text_stems: Field,
}

impl Index {
    /// One without documents.
    pub(super) fn new() -> tantivy::Result<Index> {
        let mut schema = Schema::builder();
        let fields = Fields::of(&mut schema);
        let tantivy = tantivy::Index::create_in_ram(schema.build());
        tantivy.tokenizers().register(WORDS, plain());
        tantivy.tokenizers().register(STEMS, stems());
        let reader = tantivy.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher = reader.searcher();
        let (made, covered) = (OrdMap::new(), Vec::new());
        Ok(Index { tantivy, reader, searcher, fields, made, covered, size: 0 })
    }

    /// Whether every record of a Book is known to have a document.
    pub(super) fn covers(&self, position: &Arc<Position>) -> bool {
        self.covered.iter().any(|known| std::ptr::eq(known.as_ptr(), Arc::as_ptr(position)))
    }

    /// The same with documents for all records of a Book. What neither it nor the current Book holds is let go when that
    /// has moved on, or has become much.
    pub(super) fn covering(
        &self,
        position: &Arc<Position>,
        current: &Book,
    ) -> tantivy::Result<Index> {
        let book = &position.book;
        let mut newer = self.clone();
        let moved_on = current.size() != self.size;
        let many = self.made.len() > current.len().saturating_add(SPARE);
        let (mut gone, missing) = self.compare(book);
        if moved_on || many {
            if !std::ptr::eq(book, current) {
                let (idle, _) = self.compare(current);
                gone.retain(|key| idle.binary_search(key).is_ok());
            }
            newer.size = current.size();
        } else {
            gone.clear();
        }
        if !gone.is_empty() {
            newer.covered.clear();
        }
        if !gone.is_empty() || !missing.is_empty() {
            newer.write(&gone, missing)?;
        }
        newer.covered.retain(|known| known.strong_count() > 0);
        newer.covered.push(Arc::downgrade(position));
        Ok(newer)
    }

    /// The records of a Book that a query finds, with their scores, in no order.
    pub(super) fn find<'b>(
        &self,
        book: &'b Book,
        query: &Query,
        kinds: &[Kind],
    ) -> tantivy::Result<Vec<(Score, &'b Record)>> {
        let typical = Typical { title: self.fields.title };
        let query = asked(query, self.fields);
        let found = self.searcher.search_with_statistics_provider(&query, &Every, &typical)?;
        let hit = |(score, key): (Score, u64)| {
            let made = self.made.get(&key)?;
            let wanted = kinds.is_empty() || kinds.contains(&made.id.kind);
            let record = book.get(made.id).filter(|record| wanted && is_same(made, record))?;
            Some((score, record))
        };
        Ok(found.into_iter().filter_map(hit).collect())
    }

    /// The documents that a Book does not need, and its records that have none. Both are in the order of kinds and numbers,
    /// so that one walk through them is enough.
    fn compare(&self, book: &Book) -> (Vec<u64>, Vec<Arc<Record>>) {
        let (mut idle, mut missing) = (Vec::new(), Vec::new());
        let mut made = self.made.iter().peekable();
        for record in book.shared() {
            let keys = keys(record.id);
            let mut has = false;
            while let Some((key, made)) = made.next_if(|(key, _)| *key <= keys.end()) {
                let fits = keys.contains(key) && is_same(made, record);
                has |= fits;
                if !fits {
                    idle.push(*key);
                }
            }
            if !has {
                missing.push(record.clone());
            }
        }
        idle.extend(made.map(|(key, _)| *key));
        (idle, missing)
    }

    /// Deletes documents and adds others. The writer lives no longer than this: its buffers are larger than most indexes.
    fn write(&mut self, gone: &[u64], missing: Vec<Arc<Record>>) -> tantivy::Result<()> {
        let options =
            IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1).build();
        let mut writer: IndexWriter = self.tantivy.writer_with_options(options)?;
        let mut merges = LogMergePolicy::default();
        merges.set_min_num_segments(SEGMENTS);
        merges.set_min_layer_size(SMALLEST);
        writer.set_merge_policy(Box::new(merges));
        for key in gone {
            writer.delete_term(Term::from_field_u64(self.fields.key, *key));
            self.made.remove(key);
        }
        for record in missing {
            let key = self.next_key(record.id);
            writer.add_document(self.fields.document(key, &record))?;
            self.made.insert(key, record);
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        self.reader.reload()?;
        self.searcher = self.reader.searcher();
        Ok(())
    }

    fn next_key(&self, id: RecordId) -> u64 {
        let last = self.made.range(keys(id)).next_back();
        last.map_or(*keys(id).start(), |(key, _)| key.saturating_add(1))
    }
}

/// The keys that documents of a record can have.
fn keys(id: RecordId) -> RangeInclusive<u64> {
    let first = id.packed() << VERSIONS;
    first..=first | ((1 << VERSIONS) - 1)
}

/// Whether a document made from the one is right for the other. What was erased has another text under the same number.
fn is_same(made: &Record, record: &Record) -> bool {
    std::ptr::eq(made, record)
        || made.stated.seq == record.stated.seq
            && made.body == record.body
            && made.custom == record.custom
}

impl Fields {
    fn of(schema: &mut tantivy::schema::SchemaBuilder) -> Fields {
        let text = |tokenizer: &str, reads: IndexRecordOption| {
            let indexing = TextFieldIndexing::default();
            let indexing = indexing.set_tokenizer(tokenizer).set_index_option(reads);
            TextOptions::default().set_indexing_options(indexing)
        };
        let words = text(WORDS, IndexRecordOption::WithFreqsAndPositions);
        let stems = text(STEMS, IndexRecordOption::Basic);
        Fields {
            key: schema.add_u64_field(KEY, INDEXED | FAST),
            id: schema.add_text_field("id", STRING),
            title: schema.add_text_field("title", words.clone()),
            text: schema.add_text_field("text", words),
            title_stems: schema.add_text_field("title_stems", stems.clone()),
            text_stems: schema.add_text_field("text_stems", stems),
        }
    }

    fn document(self, key: u64, record: &Record) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.key, key);
        document.add_text(self.id, record.id.to_string().to_lowercase());
        document.add_text(self.title, record.title());
        document.add_text(self.title_stems, record.title());
        each_text(record, &mut |_, text| {
            document.add_text(self.text, text);
            document.add_text(self.text_stems, text);
        });
        document
    }
}
