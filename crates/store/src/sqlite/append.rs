//! Appending to a ledger in SQLite.

use std::sync::{Arc, LazyLock};

use sqlx::error::ErrorKind;
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::batch::{Batch, Row};
use crate::column;
use crate::error::{During, StoreError, violates};
use crate::ledger::{NewEntry, Redaction};

use super::{SqliteStore, snapshots};

/// See [`crate::LedgerStore::append`].
pub(super) async fn append(
    store: &SqliteStore,
    organisation: &str,
    expected_size: u64,
    entries: &[NewEntry],
) -> Result<(), StoreError> {
    let Some(batch) = Batch::of(organisation, expected_size, entries)? else { return Ok(()) };
    if batch.redactions.is_empty() && batch.rows.len() <= ROWS_AT_ONCE {
        return append_at_once(store, organisation, expected_size, &batch).await;
    }
    let mut transaction = store.write().await?;
    check_head(&mut transaction, organisation, expected_size, &batch).await?;
    if let Err(error) = insert(&mut transaction, organisation, &batch.rows).await {
        if violates(&error, ErrorKind::UniqueViolation) {
            refuse_used_key(&mut transaction, organisation, &batch).await?;
        }
        return Err(error).during(APPEND);
    }
    for redaction in &batch.redactions {
        redact(&mut transaction, organisation, *redaction).await?;
    }
    transaction.commit().await.during("commit the entries")?;
    if batch.redactions.is_empty() { Ok(()) } else { store.truncate_log().await }
}

const APPEND: &str = "append entries";

/// One statement is a transaction of its own, and one way to the connection's thread and back instead of four. What
/// [`check_head`] asks first elsewhere, triggers see to here; it says afterwards why they refused.
async fn append_at_once(
    store: &SqliteStore,
    organisation: &str,
    expected_size: u64,
    batch: &Batch<'_>,
) -> Result<(), StoreError> {
    let mut connection = store.writer.acquire().await.during(APPEND)?;
    let Err(error) = insert(&mut connection, organisation, &batch.rows).await else {
        return Ok(());
    };
    check_head(&mut connection, organisation, expected_size, batch).await?;
    refuse_used_key(&mut connection, organisation, batch).await?;
    Err(error).during(APPEND)
}

/// That the ledger has `expected_size` entries and the last one is not dated after the first new one.
async fn check_head(
    connection: &mut SqliteConnection,
    organisation: &str,
    expected_size: u64,
    batch: &Batch<'_>,
) -> Result<(), StoreError> {
    let head: Option<(i64, Option<i64>)> = sqlx::query_as(
        "SELECT COALESCE(entry.seq + 1, 0), entry.instant \
         FROM organisation LEFT JOIN entry ON entry.organisation = organisation.id \
         WHERE organisation.id = ?1 ORDER BY entry.seq DESC LIMIT 1",
    )
    .bind(organisation)
    .fetch_optional(&mut *connection)
    .await
    .during("read the head of the ledger")?;
    let (actual, before) = head.ok_or_else(|| StoreError::unknown(organisation))?;
    let actual = column::from_column(actual)?;
    if actual != expected_size {
        refuse_used_key(connection, organisation, batch).await?;
        return Err(StoreError::Conflict { expected: expected_size, actual });
    }
    let Some(before) = before.map(column::instant).transpose()? else { return Ok(()) };
    let (instant, _) = batch.span;
    if instant < before {
        refuse_used_key(connection, organisation, batch).await?;
        return Err(StoreError::ClockBackwards { seq: expected_size, instant, before });
    }
    Ok(())
}

/// The most rows in one statement. Each number of rows has a statement of its own, prepared once and
/// kept: a batch is one step of the connection's thread, and a row costs no way there and back.
pub(super) const ROWS_AT_ONCE: usize = 128;

static INSERTS: LazyLock<Vec<Arc<str>>> = LazyLock::new(|| {
    let insert = |rows| {
        let row = "(?, ?, ?, ?, ?, ?, ?, ?)";
        let values = vec![row; rows].join(", ");
        let columns = "organisation, seq, instant, idempotency_key, subject, header, salt, payload";
        format!("INSERT INTO entry ({columns}) VALUES {values}").into()
    };
    (1..=ROWS_AT_ONCE).map(insert).collect()
});

async fn insert(
    connection: &mut SqliteConnection,
    organisation: &str,
    rows: &[Row<'_>],
) -> Result<(), sqlx::Error> {
    for rows in rows.chunks(ROWS_AT_ONCE) {
        // Chunks have from one to that many rows, and there is a statement for each.
        let Some(statement) = INSERTS.get(rows.len().saturating_sub(1)) else { continue };
        let mut query = sqlx::query(AssertSqlSafe(Arc::clone(statement)));
        for row in rows {
            query = query
                .bind(organisation)
                .bind(row.seq)
                .bind(row.instant)
                .bind(row.idempotency_key.as_deref())
                .bind(row.subject)
                .bind(row.header)
                .bind(row.salt)
                .bind(row.payload);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Fails if an idempotency key of `batch` is on the ledger already.
async fn refuse_used_key(
    connection: &mut SqliteConnection,
    organisation: &str,
    batch: &Batch<'_>,
) -> Result<(), StoreError> {
    let keys = serde_json::Value::from(batch.keys()).to_string();
    let used: Option<(String, i64)> = sqlx::query_as(
        "SELECT idempotency_key, seq FROM entry WHERE organisation = ?1 \
         AND idempotency_key IN (SELECT value FROM json_each(?2)) ORDER BY seq LIMIT 1",
    )
    .bind(organisation)
    .bind(keys)
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
    connection: &mut SqliteConnection,
    organisation: &str,
    Redaction { seq, redacted_by }: Redaction,
) -> Result<(), StoreError> {
    let column = column::to_column(seq)?;
    let before: Option<i64> =
        sqlx::query_scalar("SELECT seq FROM redaction WHERE organisation = ?1 AND seq = ?2")
            .bind(organisation)
            .bind(column)
            .fetch_optional(&mut *connection)
            .await
            .during("read the redactions")?;
    if before.is_some() {
        return Err(StoreError::AlreadyRedacted { seq });
    }
    sqlx::query("INSERT INTO redaction (organisation, seq, redacted_by) VALUES (?1, ?2, ?3)")
        .bind(organisation)
        .bind(column)
        .bind(column::to_column(redacted_by)?)
        .execute(&mut *connection)
        .await
        .during("redact the entry")?;
    snapshots::drop_with(connection, organisation, column).await
}
