//! Promises of the library formats.
