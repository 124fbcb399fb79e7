//! Ledgers in one SQLite file, for one machine.
//!
//! One connection writes, a few read; in WAL mode neither waits for the other. Several processes may
//! have the file open: `BEGIN IMMEDIATE` lets one of them write at a time.
//!
//! What is erased is overwritten in the file (`secure_delete`) and cut from the write-ahead log
//! (a truncating checkpoint) before the erasing call returns. Only if somebody goes on reading for as long
//! as a writer waits does it stay in that log, until the last connection is closed at the latest.

mod accounts;
mod append;
mod snapshots;
mod uploads;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_util::TryStreamExt;
use jiff::Timestamp;
use sqlx::error::ErrorKind;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Row, Sqlite, Transaction};
use surety_ledger::Entry;

use crate::column;
use crate::error::{During, StoreError, violates};
use crate::ledger::{LedgerStore, NewEntry, Organisation, PersonalData, Redaction};
use crate::location::make_file;
use crate::migrations;

/// Readers at one time in this process; each is a thread.
const READERS: u32 = 4;

/// How long a writer waits for one in another process.
const BUSY: Duration = Duration::from_secs(30);

/// How long to wait before asking again where SQLite itself does not wait.
const BUSY_STEP: Duration = Duration::from_millis(10);

/// Rows that the reading thread may be ahead of the one that takes them.
const ROWS_AHEAD: usize = 512;

/// Ledgers in one SQLite file.
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the file at `path`, made if it is not there, and brings its schema to this version's.
    ///
    /// # Errors
    /// [`StoreError::File`] or [`StoreError::Database`] if the file cannot be opened or is not one of
    /// SQLite, [`StoreError::Migrate`] if it is from a later version or its schema was tampered with.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        make_file(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .row_buffer_size(ROWS_AHEAD)
            .disable_statement_logging();
        let writing = options
            .clone()
            // All that append has, and as many again for the rest.
            .statement_cache_capacity(2 * append::ROWS_AT_ONCE)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("secure_delete", "ON")
            .pragma("recursive_triggers", "ON")
            .pragma("cache_size", "-32768")
            // Where a statement of many rows notes what to undo if one row fails: not in a file.
            .pragma("temp_store", "MEMORY");
        // These connections do not go stale, and the one that writes must never be a second one.
        let pool = SqlitePoolOptions::new()
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None);
        let writer = connect(pool.clone().max_connections(1), writing).await?;
        migrate(&writer).await?;
        // Lazily: each is made when it is needed first.
        let readers = pool.max_connections(READERS).connect_lazy_with(options.read_only(true));
        Ok(Self { writer, readers })
    }

    /// Starts a transaction that may write, after every other writer has finished.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.writer.begin_with("BEGIN IMMEDIATE").await.during("begin a transaction")
    }

    /// Leaves nothing of what has been erased in the write-ahead log.
    async fn truncate_log(&self) -> Result<(), StoreError> {
        // The answer says whether a reader stood in the way. That is no failure: the erasure is done.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&self.writer)
            .await
            .during("truncate the write-ahead log")?;
        Ok(())
    }
}

/// The connection that writes.
///
/// The first one to a new file turns it to WAL mode. Two that do so at once may each be told that the
/// file is busy without having waited, as SQLite sees that neither could go on; so both try again.
async fn connect(
    pool: SqlitePoolOptions,
    options: SqliteConnectOptions,
) -> Result<SqlitePool, StoreError> {
    let start = Instant::now();
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && start.elapsed() < BUSY => {
                tokio::time::sleep(BUSY_STEP).await;
            }
            connected => return connected.during("open the SQLite file"),
        }
    }
}

/// Whether somebody else has the file locked: `SQLITE_BUSY` and its extended codes.
fn is_busy(error: &sqlx::Error) -> bool {
    const SQLITE_BUSY: i32 = 5;
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == SQLITE_BUSY)
}

/// All migrations in one transaction, so that of two processes one waits and finds nothing to do.
async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    let begun = writer.begin_with("BEGIN IMMEDIATE").await;
    let mut transaction = begun.during("begin the migration")?;
    migrations::sqlite().run_direct(None, &mut *transaction, false).await?;
    transaction.commit().await.during("commit the migration")
}

#[async_trait]
impl LedgerStore for SqliteStore {
    async fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        sqlx::query("SELECT id, name, origin, created_at FROM organisation ORDER BY id")
            .fetch(&self.readers)
            .map_err(|source| StoreError::Database { action: "list organisations", source })
            .and_then(async |row| organisation(&row))
            .try_collect()
            .await
    }

    async fn create_organisation(&self, organisation: &Organisation) -> Result<(), StoreError> {
        let created = sqlx::query(
            "INSERT INTO organisation (id, name, origin, created_at) VALUES (?1, ?2, ?3, ?4)",
        )
        .bind(&organisation.id)
        .bind(&organisation.name)
        .bind(&organisation.origin)
        .bind(column::microseconds(organisation.created_at))
        .execute(&self.writer)
        .await;
        if created.as_ref().is_err_and(|error| violates(error, ErrorKind::UniqueViolation)) {
            return Err(StoreError::AlreadyExists { organisation: organisation.id.clone() });
        }
        created.map(|_| ()).during("create the organisation")
    }

    async fn size(&self, organisation: &str) -> Result<u64, StoreError> {
        let size: Option<i64> = sqlx::query_scalar(
            "SELECT COALESCE((SELECT MAX(seq) + 1 FROM entry WHERE organisation = ?1), 0) \
             FROM organisation WHERE id = ?1",
        )
        .bind(organisation)
        .fetch_optional(&self.readers)
        .await
        .during("read the size of the ledger")?;
        column::from_column(size.ok_or_else(|| StoreError::unknown(organisation))?)
    }

    async fn append(
        &self,
        organisation: &str,
        expected_size: u64,
        entries: &[NewEntry],
    ) -> Result<(), StoreError> {
        append::append(self, organisation, expected_size, entries).await
    }

    async fn entries(
        &self,
        organisation: &str,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        sqlx::query(
            "SELECT header, salt, payload FROM entry \
             WHERE organisation = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3",
        )
        .bind(organisation)
        .bind(column::bound(from))
        .bind(limit)
        .fetch(&self.readers)
        .map_err(|source| StoreError::Database { action: READ, source })
        .and_then(async |row| entry(&row))
        .try_collect()
        .await
    }

    async fn redactions(&self, organisation: &str) -> Result<Vec<Redaction>, StoreError> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT seq, redacted_by FROM redaction WHERE organisation = ?1 ORDER BY seq",
        )
        .bind(organisation)
        .fetch_all(&self.readers)
        .await
        .during("read the redactions")?;
        let redaction = |(seq, redacted_by)| {
            Ok(Redaction {
                seq: column::from_column(seq)?,
                redacted_by: column::from_column(redacted_by)?,
            })
        };
        rows.into_iter().map(redaction).collect()
    }

    async fn history(
        &self,
        organisation: &str,
        subject: &str,
        limit: u32,
    ) -> Result<Vec<(u64, Entry)>, StoreError> {
        sqlx::query(
            "SELECT header, salt, payload, seq FROM entry \
             WHERE organisation = ?1 AND subject = ?2 ORDER BY seq DESC LIMIT ?3",
        )
        .bind(organisation)
        .bind(subject)
        .bind(limit)
        .fetch(&self.readers)
        .map_err(|source| StoreError::Database { action: READ, source })
        .and_then(async |row| {
            Ok((column::from_column(row.try_get(3).during(READ)?)?, entry(&row)?))
        })
        .try_collect()
        .await
    }

    async fn by_idempotency_key(
        &self,
        organisation: &str,
        key: &str,
    ) -> Result<Option<u64>, StoreError> {
        let seq: Option<i64> = sqlx::query_scalar(
            "SELECT seq FROM entry WHERE organisation = ?1 AND idempotency_key = ?2",
        )
        .bind(organisation)
        .bind(key)
        .fetch_optional(&self.readers)
        .await
        .during("look up the idempotency key")?;
        seq.map(column::from_column).transpose()
    }

    async fn seq_at(&self, organisation: &str, instant: Timestamp) -> Result<u64, StoreError> {
        let last: Option<i64> = sqlx::query_scalar(
            "SELECT seq FROM entry WHERE organisation = ?1 AND instant <= ?2 \
             ORDER BY instant DESC, seq DESC LIMIT 1",
        )
        .bind(organisation)
        .bind(column::microseconds(instant))
        .fetch_optional(&self.readers)
        .await
        .during("look up the instant")?;
        column::from_column(last.map_or(0, |seq| seq.saturating_add(1)))
    }

    async fn put_checkpoint(
        &self,
        organisation: &str,
        size: u64,
        note: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO checkpoint (organisation, size, note) VALUES (?1, ?2, ?3) \
             ON CONFLICT (organisation, size) DO UPDATE SET note = excluded.note",
        )
        .bind(organisation)
        .bind(column::to_column(size)?)
        .bind(note)
        .execute(&self.writer)
        .await
        .during_write_for(organisation, "write the checkpoint")?;
        Ok(())
    }

    async fn checkpoints(&self, organisation: &str) -> Result<Vec<(u64, String)>, StoreError> {
        let rows = sqlx::query_as(
            "SELECT size, note FROM checkpoint WHERE organisation = ?1 ORDER BY size",
        )
        .bind(organisation)
        .fetch_all(&self.readers)
        .await
        .during("read the checkpoints")?;
        rows.into_iter().map(|(size, note)| Ok((column::from_column(size)?, note))).collect()
    }

    async fn latest_checkpoint(
        &self,
        organisation: &str,
    ) -> Result<Option<(u64, String)>, StoreError> {
        let row = sqlx::query_as(
            "SELECT size, note FROM checkpoint WHERE organisation = ?1 ORDER BY size DESC LIMIT 1",
        )
        .bind(organisation)
        .fetch_optional(&self.readers)
        .await
        .during("read the latest checkpoint")?;
        row.map(|(size, note)| Ok((column::from_column(size)?, note))).transpose()
    }

    async fn put_key(
        &self,
        organisation: &str,
        vkey: &str,
        since: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO verifier_key (organisation, vkey, since) VALUES (?1, ?2, ?3) \
             ON CONFLICT (organisation, vkey) DO NOTHING",
        )
        .bind(organisation)
        .bind(vkey)
        .bind(column::microseconds(since))
        .execute(&self.writer)
        .await
        .during_write_for(organisation, "write the verifier key")?;
        Ok(())
    }

    async fn keys(&self, organisation: &str) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let rows = sqlx::query_as(
            "SELECT vkey, since FROM verifier_key WHERE organisation = ?1 ORDER BY since, vkey",
        )
        .bind(organisation)
        .fetch_all(&self.readers)
        .await
        .during("read the verifier keys")?;
        rows.into_iter().map(|(vkey, since)| Ok((vkey, column::instant(since)?))).collect()
    }

    async fn put_snapshot(
        &self,
        organisation: &str,
        size: u64,
        format: &str,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        snapshots::put(self, organisation, size, format, bytes).await
    }

    async fn snapshot(
        &self,
        organisation: &str,
        at_most: u64,
        format: &str,
    ) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        snapshots::newest(self, organisation, at_most, format).await
    }

    async fn drop_snapshots(&self, organisation: &str) -> Result<(), StoreError> {
        snapshots::drop_all(self, organisation).await
    }

    async fn put_person(
        &self,
        organisation: &str,
        person: &str,
        data: &PersonalData,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO person (organisation, id, name, email) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (organisation, id) \
             DO UPDATE SET name = excluded.name, email = excluded.email",
        )
        .bind(organisation)
        .bind(person)
        .bind(&data.name)
        .bind(&data.email)
        .execute(&self.writer)
        .await
        .during_write_for(organisation, "write the person")?;
        Ok(())
    }

    async fn people(
        &self,
        organisation: &str,
    ) -> Result<BTreeMap<String, PersonalData>, StoreError> {
        let rows: Vec<(String, String, Option<String>)> =
            sqlx::query_as("SELECT id, name, email FROM person WHERE organisation = ?1")
                .bind(organisation)
                .fetch_all(&self.readers)
                .await
                .during("read the people")?;
        let person = |(id, name, email)| (id, PersonalData { name, email });
        Ok(rows.into_iter().map(person).collect())
    }

    async fn erase_person(&self, organisation: &str, person: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM person WHERE organisation = ?1 AND id = ?2")
            .bind(organisation)
            .bind(person)
            .execute(&self.writer)
            .await
            .during("erase the person")?;
        self.truncate_log().await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

const READ: &str = "read entries";

/// An entry from a row that starts with header, salt and payload.
fn entry(row: &SqliteRow) -> Result<Entry, StoreError> {
    column::entry(
        row.try_get(0).during(READ)?,
        row.try_get(1).during(READ)?,
        row.try_get(2).during(READ)?,
    )
}

fn organisation(row: &SqliteRow) -> Result<Organisation, StoreError> {
    const READ: &str = "read an organisation";
    Ok(Organisation {
        id: row.try_get(0).during(READ)?,
        name: row.try_get(1).during(READ)?,
        origin: row.try_get(2).during(READ)?,
        created_at: column::instant(row.try_get(3).during(READ)?)?,
    })
}
