//! The promises on derivations: the statement of applicability of 38 controls x 1,000 AI systems over 100,000 pieces
//! of evidence in at most 25 ms, and the gap analysis by all built-in frameworks on the same Book in at most 25 ms.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that can't go on fails"
)]

use std::sync::{Arc, LazyLock};

use divan::{Bencher, black_box, counter::ItemsCount};
use surety_aims::{
    Book, Happened,
    derive::{
        Window,
        gap::Analysis,
        soa::{Soa, soa},
    },
};
use surety_catalog::Catalogs;

#[path = "../big/mod.rs"]
mod big;

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

static CATALOGS: LazyLock<Arc<Catalogs>> = LazyLock::new(Catalogs::builtin);

fn matrix() -> Soa<'static> {
    let controls = CATALOGS.controls("iso42001");
    soa(&BOOK, "iso42001", &controls, big::TODAY, Window::year_to(big::TODAY))
}

#[divan::bench(sample_count = 50)]
fn statement_of_applicability(bencher: Bencher<'_, '_>) {
    assert_eq!(matrix().cells.len(), 38_000);
    bencher.bench(|| black_box(matrix().cells.len()));
}

#[divan::bench(sample_count = 50)]
fn gap_of_all_frameworks(bencher: Bencher<'_, '_>) {
    let soa = matrix();
    let frameworks: Vec<_> = CATALOGS.frameworks().collect();
    bencher.bench(|| {
        let mut analysis = Analysis::new(&BOOK, &soa, big::TODAY);
        let met = frameworks.iter().map(|framework| analysis.gap(framework).totals.met);
        black_box(met.sum::<u32>())
    });
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
