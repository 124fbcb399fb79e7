//! How long documents of 38 controls and 1,000 AI systems take. Run with `cargo bench -p surety-reports`.

#[path = "../tests/it/fixture.rs"]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a fixture, fixed at writing")]
mod fixture;

use divan::{Bencher, black_box};
use surety_reports::text::TextOptions;
use surety_reports::{Format, reader, render};

fn main() {
    divan::main();
}

#[divan::bench(args = [1, 1_000], sample_count = 10)]
fn soa_as_xlsx(bencher: Bencher, systems: usize) {
    format(bencher, systems, Format::Xlsx);
}

#[divan::bench(args = [1, 1_000], sample_count = 10)]
fn soa_as_table(bencher: Bencher, systems: usize) {
    format(bencher, systems, Format::Table);
}

#[divan::bench(args = [1, 1_000], sample_count = 10)]
fn soa_as_markdown(bencher: Bencher, systems: usize) {
    format(bencher, systems, Format::Markdown);
}

#[divan::bench(args = [1, 1_000], sample_count = 10)]
fn reader_page(bencher: Bencher, systems: usize) {
    let input = fixture::reader(systems);
    bencher.bench_local(|| reader::write(black_box(&input)));
}

fn format(bencher: Bencher, systems: usize, format: Format) {
    let workbook = fixture::soa::workbook(fixture::meta(), &fixture::matrix(systems));
    let options = TextOptions { width: Some(160), ..TextOptions::default() };
    bencher.bench_local(|| render(black_box(&workbook), format, options));
}
