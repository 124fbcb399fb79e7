//! Promises of the inventory formats.
