//! The promises on derivations: the statement of applicability of 38 controls x 1,000 AI systems over 100,000 pieces
//! of evidence in at most 25 ms, and the gap analysis on the same Book in at most 25 ms.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that can't go on fails"
)]

use std::sync::LazyLock;

use divan::{Bencher, black_box, counter::ItemsCount};
use surety_aims::{
    Book, Happened,
    derive::{Window, gap::Analysis, soa::soa},
};
use surety_catalog::Requirement;

#[path = "../big/mod.rs"]
mod big;
mod hand_made;

const SIZE: big::Size = big::Size {
    evidence: 100_000,
    risks: 5_000,
    assessments: 1_000,
    actions: 2_000,
    resources: 2_000,
};

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let mut book = Book::default();
    big::write(SIZE, 0, |happened| book.apply(happened));
    book
});

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 50)]
fn statement_of_applicability(bencher: Bencher<'_, '_>) {
    let framework = hand_made::framework();
    let controls = hand_made::controls(&framework);
    LazyLock::force(&BOOK);
    bencher.bench(|| black_box(matrix(&controls).cells.len()));
}

#[divan::bench(sample_count = 50)]
fn gap_analysis(bencher: Bencher<'_, '_>) {
    let framework = hand_made::framework();
    let controls = hand_made::controls(&framework);
    let soa = matrix(&controls);
    bencher.bench(|| {
        let mut analysis = Analysis::new(&BOOK, &soa, big::TODAY);
        black_box(analysis.gap(&framework).totals)
    });
}

fn matrix<'a>(controls: &[&'a Requirement]) -> surety_aims::derive::soa::Soa<'a> {
    soa(&BOOK, "iso42001", controls, big::TODAY, Window::year_to(big::TODAY))
}

/// Events a second, from typed events to a Book with its indexes.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn fold(bencher: Bencher<'_, '_>) {
    let mut events: Vec<Happened> = Vec::new();
    big::write(SIZE, 0, |happened| events.push(happened));
    bencher.counter(ItemsCount::new(events.len())).with_inputs(|| events.clone()).bench_values(
        |events| {
            let mut book = Book::default();
            for happened in events {
                book.apply(happened);
            }
            book
        },
    );
}
