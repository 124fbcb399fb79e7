//! How long documents of 38 controls and 1,000 AI systems take. Run with `cargo bench -p surety-reports`.

#[path = "../tests/it/fixture.rs"]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a fixture, fixed at writing")]
mod fixture;

use divan::{Bencher, black_box};
use surety_reports::sheet::Workbook;
use surety_reports::text::TextOptions;
use surety_reports::{Format, reader, render};

fn main() {
    divan::main();
}

#[divan::bench(args = [1, 40, 1_000], sample_count = 10)]
fn soa_as_xlsx(bencher: Bencher, systems: usize) {
    format(bencher, systems, Format::Xlsx);
}

/// The sheet of a peer: 88 rows of requirements with their text.
#[divan::bench(sample_count = 10)]
fn statement_of_88_rows_as_xlsx(bencher: Bencher) {
    let mut sheet = fixture::soa::statement(&fixture::matrix(40));
    let rows: Vec<_> = sheet.rows.iter().cycle().take(88).cloned().collect();
    sheet.rows = rows;
    let workbook = Workbook { meta: fixture::meta(), sheets: vec![sheet] };
    bencher.bench_local(|| render(black_box(&workbook), Format::Xlsx, TextOptions::default()));
}

#[divan::bench(args = [8, 40], sample_count = 10)]
fn soa_as_pdf(bencher: Bencher, systems: usize) {
    format(bencher, systems, Format::Pdf);
}

#[divan::bench(args = [40], sample_count = 10)]
fn soa_as_docx(bencher: Bencher, systems: usize) {
    format(bencher, systems, Format::Docx);
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
