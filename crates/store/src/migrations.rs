//! The schemas, version by version, embedded in the program.
//!
//! A migration that has been released never changes, not even in a comment: a database refuses to be
//! opened by a program whose migrations differ from those that made it.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Version, name and text of each migration.
type Migrations = &'static [(i64, &'static str, &'static str)];

const SQLITE: Migrations = &[
    (1, "ledger", include_str!("../migrations/sqlite/0001_ledger.sql")),
    (2, "order of time", include_str!("../migrations/sqlite/0002_order_of_time.sql")),
    (3, "accounts", include_str!("../migrations/sqlite/0003_accounts.sql")),
    (4, "access generation", include_str!("../migrations/sqlite/0004_access_generation.sql")),
    (5, "identities", include_str!("../migrations/sqlite/0005_identities.sql")),
    (6, "session address", include_str!("../migrations/sqlite/0006_session_address.sql")),
    (7, "upload", include_str!("../migrations/sqlite/0007_upload.sql")),
    (8, "saved view", include_str!("../migrations/sqlite/0008_saved_view.sql")),
];

const POSTGRES: Migrations = &[
    (1, "ledger", include_str!("../migrations/postgres/0001_ledger.sql")),
    (2, "accounts", include_str!("../migrations/postgres/0002_accounts.sql")),
    (3, "access generation", include_str!("../migrations/postgres/0003_access_generation.sql")),
    (4, "identities", include_str!("../migrations/postgres/0004_identities.sql")),
    (5, "session address", include_str!("../migrations/postgres/0005_session_address.sql")),
    (6, "upload", include_str!("../migrations/postgres/0006_upload.sql")),
    (7, "saved view", include_str!("../migrations/postgres/0007_saved_view.sql")),
];

pub(crate) fn sqlite() -> Migrator {
    migrator(SQLITE)
}

pub(crate) fn postgres() -> Migrator {
    migrator(POSTGRES)
}

fn migrator(migrations: Migrations) -> Migrator {
    let migration = |(version, name, text): &(i64, &'static str, &'static str)| {
        let name = Cow::Borrowed(*name);
        Migration::new(*version, name, MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(migrations.iter().map(migration).collect())
}
