//! Writes a fictional organisation's documents in every format, to be looked at: `cargo run --example look -- DIR`.

#[path = "../tests/it/fixture.rs"]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a fixture, fixed at writing")]
mod fixture;

use std::path::PathBuf;

use surety_reports::text::{Colour, TextOptions};
use surety_reports::{Format, reader, render};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder to write to")?);
    std::fs::create_dir_all(&folder)?;
    for systems in [8, 60] {
        let mut workbook = fixture::soa::workbook(fixture::meta(), &fixture::matrix(systems));
        workbook.sheets.push(fixture::due());
        for format in Format::ALL {
            let options = TextOptions { width: Some(120), colour: Colour::Always };
            let bytes = render(&workbook, format, options)?;
            std::fs::write(folder.join(format!("soa-{systems}.{format}")), bytes)?;
        }
        let page = reader::write(&fixture::reader(systems))?;
        std::fs::write(folder.join(format!("reader-{systems}.html")), page)?;
    }
    Ok(())
}
