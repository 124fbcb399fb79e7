//! The folder of reporting clocks: files by subject, read as one.

use std::{error::Error, path::Path};

use super::file;
use crate::IncidentClocks;

/// Reads the files of the folder; what each holds stands in `catalogs/incident-clocks/README.md`.
pub(super) fn read(folder: &Path) -> Result<IncidentClocks, Box<dyn Error>> {
    let counting: IncidentClocks = file(&folder.join("counting.toml"))?;
    let vocabulary: IncidentClocks = file(&folder.join("vocabulary.toml"))?;
    let clocks: IncidentClocks = file(&folder.join("clocks.toml"))?;
    let authorities: IncidentClocks = file(&folder.join("authorities.toml"))?;
    let reports: IncidentClocks = file(&folder.join("reports.toml"))?;
    let examples: IncidentClocks = file(&folder.join("examples.toml"))?;
    Ok(IncidentClocks {
        clocks: clocks.clocks,
        authorities: authorities.authorities,
        reports: reports.reports,
        examples: examples.examples,
        checked: counting.checked,
        counting_source: counting.counting_source,
        notes: counting.notes,
        rules: counting.rules,
        ..vocabulary
    })
}
