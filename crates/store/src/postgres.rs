//! Ledgers in a PostgreSQL database, for many nodes at once.
//!
//! Each append locks its ledger's row in `head`, and only that one, before it numbers entries.
//!
//! What is erased is gone for every query; its bytes leave the files when PostgreSQL vacuums the table,
//! recycles its write-ahead log and drops old backups, which its operator sets the times of.

mod accounts;
mod append;
mod snapshots;
mod uploads;

use std::collections::BTreeMap;
use std::str::FromStr;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use jiff::Timestamp;
use sqlx::error::ErrorKind;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::{ConnectOptions, Connection, Executor, Postgres, Row, Transaction};
use surety_ledger::Entry;

use crate::column;
use crate::error::{During, StoreError, violates};
use crate::ledger::{LedgerStore, NewEntry, Organisation, PersonalData, Redaction};
use crate::migrations;

/// Connections of one node.
const CONNECTIONS: u32 = 10;

/// Ledgers in a PostgreSQL database.
pub struct PostgresStore {
    pool: PgPool,
}

impl PostgresStore {
    /// Connects to the database that `url` names (`postgres://user:password@host/database`) and brings
    /// its schema to this version's. The database must be there; the user must own it or its schema.
    ///
    /// # Errors
    /// [`StoreError::Database`] if it cannot be reached, [`StoreError::Migrate`] if it is from a later
    /// version or its schema was tampered with.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url).during("read the address of the database")?;
        let options = options.disable_statement_logging();
        // Not with the pool, which goes on trying for half a minute if nobody answers.
        let mut connection = options.connect().await.during("connect to PostgreSQL")?;
        migrations::postgres().run_direct(None, &mut connection, false).await?;
        connection.close().await.during("end the migration")?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute(SETTINGS).await.map(|_| ()) })
            })
            .connect_lazy_with(options);
        Ok(Self { pool })
    }

    /// Starts a transaction in which a statement that waited for a lock sees what the holder wrote,
    /// whatever the server's default is.
    async fn write(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        let begun = self.pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await;
        begun.during("begin a transaction")
    }
}

/// A server may be set to acknowledge commits that a crash would undo; a ledger may not. Stricter
/// settings, as waiting for a replica, stay. It may also be set to fail single statements that waited for
/// others, where ours are to look again.
const SETTINGS: &str = "SELECT set_config('synchronous_commit', 'on', false) \
     WHERE current_setting('synchronous_commit') = 'off'; \
     SET default_transaction_isolation TO 'read committed'";

#[async_trait]
impl LedgerStore for PostgresStore {
    async fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        sqlx::query("SELECT id, name, origin, created_at FROM organisation ORDER BY id")
            .fetch(&self.pool)
            .map_err(|source| StoreError::Database { action: "list organisations", source })
            .and_then(async |row| organisation(&row))
            .try_collect()
            .await
    }

    async fn create_organisation(&self, organisation: &Organisation) -> Result<(), StoreError> {
        const CREATE: &str = "create the organisation";
        let mut transaction = self.write().await?;
        let created = sqlx::query(
            "INSERT INTO organisation (id, name, origin, created_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(&organisation.id)
        .bind(&organisation.name)
        .bind(&organisation.origin)
        .bind(column::microseconds(organisation.created_at))
        .execute(&mut *transaction)
        .await;
        if created.as_ref().is_err_and(|error| violates(error, ErrorKind::UniqueViolation)) {
            return Err(StoreError::AlreadyExists { organisation: organisation.id.clone() });
        }
        created.during(CREATE)?;
        sqlx::query("INSERT INTO head (organisation, size, instant) VALUES ($1, 0, $2)")
            .bind(&organisation.id)
            .bind(i64::MIN)
            .execute(&mut *transaction)
            .await
            .during(CREATE)?;
        transaction.commit().await.during(CREATE)
    }

    async fn size(&self, organisation: &str) -> Result<u64, StoreError> {
        let size: Option<i64> = sqlx::query_scalar("SELECT size FROM head WHERE organisation = $1")
            .bind(organisation)
            .fetch_optional(&self.pool)
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
             WHERE organisation = $1 AND seq >= $2 ORDER BY seq LIMIT $3",
        )
        .bind(organisation)
        .bind(column::bound(from))
        .bind(i64::from(limit))
        .fetch(&self.pool)
        .map_err(|source| StoreError::Database { action: READ, source })
        .and_then(async |row| entry(&row))
        .try_collect()
        .await
    }

    async fn redactions(&self, organisation: &str) -> Result<Vec<Redaction>, StoreError> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT seq, redacted_by FROM redaction WHERE organisation = $1 ORDER BY seq",
        )
        .bind(organisation)
        .fetch_all(&self.pool)
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
             WHERE organisation = $1 AND subject = $2 ORDER BY seq DESC LIMIT $3",
        )
        .bind(organisation)
        .bind(subject)
        .bind(i64::from(limit))
        .fetch(&self.pool)
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
            "SELECT seq FROM entry WHERE organisation = $1 AND idempotency_key = $2",
        )
        .bind(organisation)
        .bind(key)
        .fetch_optional(&self.pool)
        .await
        .during("look up the idempotency key")?;
        seq.map(column::from_column).transpose()
    }

    async fn seq_at(&self, organisation: &str, instant: Timestamp) -> Result<u64, StoreError> {
        let last: Option<i64> = sqlx::query_scalar(
            "SELECT seq FROM entry WHERE organisation = $1 AND instant <= $2 \
             ORDER BY instant DESC, seq DESC LIMIT 1",
        )
        .bind(organisation)
        .bind(column::microseconds(instant))
        .fetch_optional(&self.pool)
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
            "INSERT INTO checkpoint (organisation, size, note) VALUES ($1, $2, $3) \
             ON CONFLICT (organisation, size) DO UPDATE SET note = excluded.note",
        )
        .bind(organisation)
        .bind(column::to_column(size)?)
        .bind(note)
        .execute(&self.pool)
        .await
        .during_write_for(organisation, "write the checkpoint")?;
        Ok(())
    }

    async fn checkpoints(&self, organisation: &str) -> Result<Vec<(u64, String)>, StoreError> {
        let rows = sqlx::query_as(
            "SELECT size, note FROM checkpoint WHERE organisation = $1 ORDER BY size",
        )
        .bind(organisation)
        .fetch_all(&self.pool)
        .await
        .during("read the checkpoints")?;
        rows.into_iter().map(|(size, note)| Ok((column::from_column(size)?, note))).collect()
    }

    async fn latest_checkpoint(
        &self,
        organisation: &str,
    ) -> Result<Option<(u64, String)>, StoreError> {
        let row = sqlx::query_as(
            "SELECT size, note FROM checkpoint WHERE organisation = $1 ORDER BY size DESC LIMIT 1",
        )
        .bind(organisation)
        .fetch_optional(&self.pool)
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
            "INSERT INTO verifier_key (organisation, vkey, since) VALUES ($1, $2, $3) \
             ON CONFLICT (organisation, vkey) DO NOTHING",
        )
        .bind(organisation)
        .bind(vkey)
        .bind(column::microseconds(since))
        .execute(&self.pool)
        .await
        .during_write_for(organisation, "write the verifier key")?;
        Ok(())
    }

    async fn keys(&self, organisation: &str) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let rows = sqlx::query_as(
            "SELECT vkey, since FROM verifier_key WHERE organisation = $1 ORDER BY since, vkey",
        )
        .bind(organisation)
        .fetch_all(&self.pool)
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
            "INSERT INTO person (organisation, id, name, email) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (organisation, id) \
             DO UPDATE SET name = excluded.name, email = excluded.email",
        )
        .bind(organisation)
        .bind(person)
        .bind(&data.name)
        .bind(&data.email)
        .execute(&self.pool)
        .await
        .during_write_for(organisation, "write the person")?;
        Ok(())
    }

    async fn people(
        &self,
        organisation: &str,
    ) -> Result<BTreeMap<String, PersonalData>, StoreError> {
        let rows: Vec<(String, String, Option<String>)> =
            sqlx::query_as("SELECT id, name, email FROM person WHERE organisation = $1")
                .bind(organisation)
                .fetch_all(&self.pool)
                .await
                .during("read the people")?;
        let person = |(id, name, email)| (id, PersonalData { name, email });
        Ok(rows.into_iter().map(person).collect())
    }

    async fn erase_person(&self, organisation: &str, person: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM person WHERE organisation = $1 AND id = $2")
            .bind(organisation)
            .bind(person)
            .execute(&self.pool)
            .await
            .during("erase the person")?;
        Ok(())
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}

const READ: &str = "read entries";

/// An entry from a row that starts with header, salt and payload.
fn entry(row: &PgRow) -> Result<Entry, StoreError> {
    column::entry(
        row.try_get(0).during(READ)?,
        row.try_get(1).during(READ)?,
        row.try_get(2).during(READ)?,
    )
}

fn organisation(row: &PgRow) -> Result<Organisation, StoreError> {
    const READ: &str = "read an organisation";
    Ok(Organisation {
        id: row.try_get(0).during(READ)?,
        name: row.try_get(1).during(READ)?,
        origin: row.try_get(2).during(READ)?,
        created_at: column::instant(row.try_get(3).during(READ)?)?,
    })
}
