//! Snapshots in SQLite.
//!
//! A snapshot is written in many short transactions, so that appends need not wait for all of it. It
//! can be seen when the last one has set `chunks`. Whoever deletes its row meanwhile stops it.

use sqlx::{Row, SqliteConnection};

use crate::column;
use crate::error::{During, StoreError};
use crate::ledger::{CHUNK_BYTES, SNAPSHOTS_KEPT};

use super::SqliteStore;

const WRITE: &str = "write the snapshot";
const READ: &str = "read the snapshot";

/// See [`crate::LedgerStore::put_snapshot`].
pub(super) async fn put(
    store: &SqliteStore,
    organisation: &str,
    size: u64,
    format: &str,
    bytes: &[u8],
) -> Result<(), StoreError> {
    let size = column::to_column(size)?;
    let Some(snapshot) = begin(store, organisation, size, format).await? else { return Ok(()) };
    let mut chunks = 0_i64;
    for chunk in bytes.chunks(CHUNK_BYTES) {
        let written = sqlx::query(
            "INSERT INTO snapshot_chunk (snapshot, number, bytes) \
             SELECT number, ?2, ?3 FROM snapshot WHERE number = ?1",
        )
        .bind(snapshot)
        .bind(chunks)
        .bind(chunk)
        .execute(&store.writer)
        .await
        .during(WRITE)?;
        if written.rows_affected() == 0 {
            return Ok(());
        }
        chunks += 1;
    }
    finish(store, snapshot, chunks).await
}

/// Makes the row of a snapshot that nobody can see yet and gives its number, unless there is one of its
/// size or it might contain what was redacted since.
async fn begin(
    store: &SqliteStore,
    organisation: &str,
    size: i64,
    format: &str,
) -> Result<Option<i64>, StoreError> {
    let begun = sqlx::query(
        "INSERT INTO snapshot (organisation, format, size) SELECT ?1, ?2, ?3 WHERE NOT EXISTS (\
         SELECT 1 FROM redaction WHERE organisation = ?1 AND seq < ?3 AND redacted_by >= ?3) \
         AND NOT EXISTS (SELECT 1 FROM snapshot \
         WHERE organisation = ?1 AND format = ?2 AND size = ?3 AND chunks IS NOT NULL)",
    )
    .bind(organisation)
    .bind(format)
    .bind(size)
    .execute(&store.writer)
    .await
    .during_write_for(organisation, WRITE)?;
    Ok((begun.rows_affected() > 0).then(|| begun.last_insert_rowid()))
}

/// Shows the snapshot, and deletes those that it replaces, those beyond the number to keep and those
/// that were begun before it and never finished.
async fn finish(store: &SqliteStore, snapshot: i64, chunks: i64) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    sqlx::query("UPDATE snapshot SET chunks = ?2 WHERE number = ?1")
        .bind(snapshot)
        .bind(chunks)
        .execute(&mut *transaction)
        .await
        .during(WRITE)?;
    sqlx::query(
        "DELETE FROM snapshot WHERE number IN (\
         SELECT old.number FROM snapshot AS new JOIN snapshot AS old \
         ON old.organisation = new.organisation AND old.format = new.format \
         WHERE new.number = ?1 AND old.number <> new.number AND (\
         old.size = new.size OR old.chunks IS NULL AND old.number < new.number))",
    )
    .bind(snapshot)
    .execute(&mut *transaction)
    .await
    .during(WRITE)?;
    sqlx::query(
        "DELETE FROM snapshot WHERE number IN (\
         SELECT old.number FROM snapshot AS new JOIN snapshot AS old \
         ON old.organisation = new.organisation AND old.format = new.format \
         WHERE new.number = ?1 AND old.chunks IS NOT NULL ORDER BY old.size DESC LIMIT -1 OFFSET ?2)",
    )
    .bind(snapshot)
    .bind(SNAPSHOTS_KEPT)
    .execute(&mut *transaction)
    .await
    .during(WRITE)?;
    transaction.commit().await.during(WRITE)
}

/// See [`crate::LedgerStore::snapshot`].
pub(super) async fn newest(
    store: &SqliteStore,
    organisation: &str,
    at_most: u64,
    format: &str,
) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
    // One transaction sees one state: nobody can delete the chunks while it runs.
    let mut transaction = store.readers.begin().await.during(READ)?;
    let found: Option<(i64, i64, i64)> = sqlx::query_as(
        "SELECT number, size, chunks FROM snapshot \
         WHERE organisation = ?1 AND format = ?2 AND size <= ?3 AND chunks IS NOT NULL \
         ORDER BY size DESC LIMIT 1",
    )
    .bind(organisation)
    .bind(format)
    .bind(column::bound(at_most))
    .fetch_optional(&mut *transaction)
    .await
    .during(READ)?;
    let Some((snapshot, size, chunks)) = found else { return Ok(None) };
    let mut bytes = Vec::new();
    // One at a time: a stream would read far ahead of this loop.
    for chunk in 0..chunks {
        let row =
            sqlx::query("SELECT bytes FROM snapshot_chunk WHERE snapshot = ?1 AND number = ?2")
                .bind(snapshot)
                .bind(chunk)
                .fetch_one(&mut *transaction)
                .await
                .during(READ)?;
        bytes.extend_from_slice(row.try_get(0).during(READ)?);
    }
    Ok(Some((column::from_column(size)?, bytes)))
}

/// See [`crate::LedgerStore::drop_snapshots`].
pub(super) async fn drop_all(store: &SqliteStore, organisation: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM snapshot WHERE organisation = ?1")
        .bind(organisation)
        .execute(&store.writer)
        .await
        .during("drop the snapshots")?;
    Ok(())
}

/// Drops every snapshot, finished or not, that contains entry `seq`.
pub(super) async fn drop_with(
    connection: &mut SqliteConnection,
    organisation: &str,
    seq: i64,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM snapshot WHERE organisation = ?1 AND size > ?2")
        .bind(organisation)
        .bind(seq)
        .execute(connection)
        .await
        .during("drop the snapshots")?;
    Ok(())
}
