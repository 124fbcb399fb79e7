//! What the management system promises, seen from outside the crate.

mod desk;
mod lifecycles;
mod records;
mod rules;
mod samples;
