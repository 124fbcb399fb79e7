//! Snapshots in PostgreSQL, each written in one transaction that appends wait for at its end only.

use sqlx::{PgConnection, Row};

use crate::column;
use crate::error::{During, StoreError};
use crate::ledger::{CHUNK_BYTES, SNAPSHOTS_KEPT};

use super::PostgresStore;

const WRITE: &str = "write the snapshot";
const READ: &str = "read the snapshot";

/// See [`crate::LedgerStore::put_snapshot`].
pub(super) async fn put(
    store: &PostgresStore,
    organisation: &str,
    size: u64,
    format: &str,
    bytes: &[u8],
) -> Result<(), StoreError> {
    let size = column::to_column(size)?;
    let mut transaction = store.write().await?;
    if !insert(&mut transaction, organisation, size, format, bytes).await?
        || tells_what_was_redacted(&mut transaction, organisation, size).await?
    {
        return transaction.rollback().await.during(WRITE);
    }
    transaction.commit().await.during(WRITE)?;
    prune(store, organisation, format).await
}

/// Writes the snapshot, unless there is one of its size.
async fn insert(
    connection: &mut PgConnection,
    organisation: &str,
    size: i64,
    format: &str,
    bytes: &[u8],
) -> Result<bool, StoreError> {
    let chunks = bytes.chunks(CHUNK_BYTES);
    let inserted = sqlx::query(
        "INSERT INTO snapshot (organisation, format, size, chunks) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (organisation, format, size) DO NOTHING",
    )
    .bind(organisation)
    .bind(format)
    .bind(size)
    .bind(i64::try_from(chunks.len()).unwrap_or(i64::MAX))
    .execute(&mut *connection)
    .await
    .during_write_for(organisation, WRITE)?;
    if inserted.rows_affected() == 0 {
        return Ok(false);
    }
    for (number, chunk) in (0_i64..).zip(chunks) {
        sqlx::query(
            "INSERT INTO snapshot_chunk (organisation, format, size, number, bytes) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(organisation)
        .bind(format)
        .bind(size)
        .bind(number)
        .bind(chunk)
        .execute(&mut *connection)
        .await
        .during(WRITE)?;
    }
    Ok(true)
}

/// Whether an entry among the first `size` has been redacted by a later one. A redaction that is under
/// way is waited for; one that starts now waits for this transaction and then drops what it wrote.
async fn tells_what_was_redacted(
    connection: &mut PgConnection,
    organisation: &str,
    size: i64,
) -> Result<bool, StoreError> {
    sqlx::query("SELECT organisation FROM head WHERE organisation = $1 FOR SHARE")
        .bind(organisation)
        .fetch_optional(&mut *connection)
        .await
        .during(WRITE)?;
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM redaction \
         WHERE organisation = $1 AND seq < $2 AND redacted_by >= $2)",
    )
    .bind(organisation)
    .bind(size)
    .fetch_one(connection)
    .await
    .during(WRITE)
}

/// Deletes the snapshots beyond the number to keep. Not in the transaction that wrote one: with two
/// rows locked it could stand against a redaction that wants them in the other order.
async fn prune(store: &PostgresStore, organisation: &str, format: &str) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM snapshot WHERE organisation = $1 AND format = $2 AND size IN (\
         SELECT size FROM snapshot WHERE organisation = $1 AND format = $2 \
         ORDER BY size DESC OFFSET $3)",
    )
    .bind(organisation)
    .bind(format)
    .bind(SNAPSHOTS_KEPT)
    .execute(&store.pool)
    .await
    .during("delete old snapshots")?;
    Ok(())
}

/// See [`crate::LedgerStore::snapshot`].
pub(super) async fn newest(
    store: &PostgresStore,
    organisation: &str,
    at_most: u64,
    format: &str,
) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
    // One transaction sees one state: nobody can delete the chunks while it runs.
    let begun = store.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await;
    let mut transaction = begun.during(READ)?;
    let found: Option<(i64, i64)> = sqlx::query_as(
        "SELECT size, chunks FROM snapshot \
         WHERE organisation = $1 AND format = $2 AND size <= $3 ORDER BY size DESC LIMIT 1",
    )
    .bind(organisation)
    .bind(format)
    .bind(column::bound(at_most))
    .fetch_optional(&mut *transaction)
    .await
    .during(READ)?;
    let Some((size, chunks)) = found else { return Ok(None) };
    let mut bytes = Vec::new();
    // One at a time: the driver would otherwise hold all of them in memory besides.
    for chunk in 0..chunks {
        let row = sqlx::query(
            "SELECT bytes FROM snapshot_chunk \
             WHERE organisation = $1 AND format = $2 AND size = $3 AND number = $4",
        )
        .bind(organisation)
        .bind(format)
        .bind(size)
        .bind(chunk)
        .fetch_one(&mut *transaction)
        .await
        .during(READ)?;
        bytes.extend_from_slice(row.try_get(0).during(READ)?);
    }
    Ok(Some((column::from_column(size)?, bytes)))
}

/// See [`crate::LedgerStore::drop_snapshots`].
pub(super) async fn drop_all(store: &PostgresStore, organisation: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM snapshot WHERE organisation = $1")
        .bind(organisation)
        .execute(&store.pool)
        .await
        .during("drop the snapshots")?;
    Ok(())
}

/// Drops every snapshot that contains entry `seq`.
pub(super) async fn drop_with(
    connection: &mut PgConnection,
    organisation: &str,
    seq: i64,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM snapshot WHERE organisation = $1 AND size > $2")
        .bind(organisation)
        .bind(seq)
        .execute(connection)
        .await
        .during("drop the snapshots")?;
    Ok(())
}
