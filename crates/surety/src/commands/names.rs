//! Names of people, for tables: the engine's.

pub(crate) use surety_engine::sheets::{People, workbook};
