//! What the engine promises, on real databases: SQLite in a folder and PostgreSQL.

mod commit;
mod faulty;
mod given;
mod keys;
mod moments;
mod permission;
mod redaction;
