//! The handlers, one file for each noun. Each reads the call, asks the engine, and writes its answer as JSON.

pub(crate) mod law;
pub(crate) mod ledger;
pub(crate) mod records;
pub(crate) mod views;
