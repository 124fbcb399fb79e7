//! Appending to a ledger in PostgreSQL.

use sqlx::PgConnection;
use sqlx::error::ErrorKind;

use crate::batch::{Batch, Row};
use crate::column;
use crate::error::{During, StoreError, violates};
use crate::ledger::{NewEntry, Redaction};

use super::{PostgresStore, snapshots};

/// See [`crate::LedgerStore::append`].
pub(super) async fn append(
    store: &PostgresStore,
    organisation: &str,
    expected_size: u64,
    entries: &[NewEntry],
) -> Result<(), StoreError> {
    let Some(batch) = Batch::of(organisation, expected_size, entries)? else { return Ok(()) };
    let mut transaction = store.write().await?;
    if !advance_head(&mut transaction, organisation, expected_size, &batch).await? {
        return refuse(&mut transaction, organisation, expected_size, &batch).await;
    }
    if let Err(error) = insert(&mut transaction, organisation, &batch.rows).await {
        if violates(&error, ErrorKind::UniqueViolation) {
            // The failed statement has ended this transaction for all but a rollback.
            transaction.rollback().await.during("roll back")?;
            let mut connection = store.pool.acquire().await.during("connect to PostgreSQL")?;
            refuse_used_key(&mut connection, organisation, &batch).await?;
        }
        return Err(error).during("append entries");
    }
    for redaction in &batch.redactions {
        redact(&mut transaction, organisation, *redaction).await?;
    }
    transaction.commit().await.during("commit the entries")
}

/// Locks the head and moves it past the batch, if it stands where the batch starts and is not dated
/// after it. Whoever holds the lock is waited for, and what it did is then seen.
async fn advance_head(
    connection: &mut PgConnection,
    organisation: &str,
    expected_size: u64,
    batch: &Batch<'_>,
) -> Result<bool, StoreError> {
    let (first, last) = batch.span;
    let size = column::to_column(expected_size)?;
    let rows = i64::try_from(batch.rows.len()).unwrap_or(i64::MAX);
    let advanced = sqlx::query(
        "UPDATE head SET size = $3, instant = $5 \
         WHERE organisation = $1 AND size = $2 AND instant <= $4",
    )
    .bind(organisation)
    .bind(size)
    .bind(size.saturating_add(rows))
    .bind(first.as_microsecond())
    .bind(last.as_microsecond())
    .execute(connection)
    .await
    .during("lock the head of the ledger")?;
    Ok(advanced.rows_affected() > 0)
}

/// Says why the head was not where the batch starts.
async fn refuse(
    connection: &mut PgConnection,
    organisation: &str,
    expected: u64,
    batch: &Batch<'_>,
) -> Result<(), StoreError> {
    // Locked, so that the answer is about a head that nobody is moving.
    let head: Option<(i64, i64)> =
        sqlx::query_as("SELECT size, instant FROM head WHERE organisation = $1 FOR NO KEY UPDATE")
            .bind(organisation)
            .fetch_optional(&mut *connection)
            .await
            .during("read the head of the ledger")?;
    let (actual, before) = head.ok_or_else(|| StoreError::unknown(organisation))?;
    let actual = column::from_column(actual)?;
    refuse_used_key(connection, organisation, batch).await?;
    if actual == expected {
        let (instant, _) = batch.span;
        let before = column::instant(before)?;
        return Err(StoreError::ClockBackwards { seq: expected, instant, before });
    }
    Err(StoreError::Conflict { expected, actual })
}

/// All rows in one statement, each column as one array.
async fn insert(
    connection: &mut PgConnection,
    organisation: &str,
    rows: &[Row<'_>],
) -> Result<(), sqlx::Error> {
    let keys: Vec<_> = rows.iter().map(|row| row.idempotency_key.as_deref()).collect();
    sqlx::query(
        "INSERT INTO entry \
         (organisation, seq, instant, idempotency_key, subject, header, salt, payload) \
         SELECT $1, seq, instant, idempotency_key, subject, header, salt, payload \
         FROM UNNEST($2::BIGINT[], $3::BIGINT[], $4::TEXT[], $5::TEXT[], $6::BYTEA[], $7::BYTEA[], \
         $8::BYTEA[]) AS row (seq, instant, idempotency_key, subject, header, salt, payload)",
    )
    .bind(organisation)
    .bind(rows.iter().map(|row| row.seq).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.instant).collect::<Vec<_>>())
    .bind(keys)
    .bind(rows.iter().map(|row| row.subject).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.header).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.salt).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.payload).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// Fails if an idempotency key of `batch` is on the ledger already.
async fn refuse_used_key(
    connection: &mut PgConnection,
    organisation: &str,
    batch: &Batch<'_>,
) -> Result<(), StoreError> {
    let used: Option<(String, i64)> = sqlx::query_as(
        "SELECT idempotency_key, seq FROM entry \
         WHERE organisation = $1 AND idempotency_key = ANY($2) ORDER BY seq LIMIT 1",
    )
    .bind(organisation)
    .bind(batch.keys())
    .fetch_optional(connection)
    .await
    .during("look up the idempotency keys")?;
    match used {
        Some((key, seq)) => Err(StoreError::DuplicateKey { key, seq: column::from_column(seq)? }),
        None => Ok(()),
    }
}

/// Opens the door for one entry; the trigger behind it erases.
async fn redact(
    connection: &mut PgConnection,
    organisation: &str,
    Redaction { seq, redacted_by }: Redaction,
) -> Result<(), StoreError> {
    let column = column::to_column(seq)?;
    let redacted = sqlx::query(
        "INSERT INTO redaction (organisation, seq, redacted_by) VALUES ($1, $2, $3) \
         ON CONFLICT (organisation, seq) DO NOTHING",
    )
    .bind(organisation)
    .bind(column)
    .bind(column::to_column(redacted_by)?)
    .execute(&mut *connection)
    .await
    .during("redact the entry")?;
    if redacted.rows_affected() == 0 {
        return Err(StoreError::AlreadyRedacted { seq });
    }
    snapshots::drop_with(connection, organisation, column).await
}
