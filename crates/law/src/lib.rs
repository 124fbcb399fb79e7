//! The EU AI Act and the reporting clocks as engines over data. Pure: dates, answers and catalogs in, explained results out.
//!
//! Holds no article number, date or tier in its logic: what the law says stands in `catalogs/eu-ai-act` and
//! `catalogs/incident-clocks`. Knows nothing of records.

pub mod classification;
pub mod clock;
pub mod obligation;
