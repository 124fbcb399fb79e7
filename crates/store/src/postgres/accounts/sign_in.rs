//! Sessions, passkeys, pending secrets and attempts, in PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{PostgresStore, findable};
use crate::accounts::{NewRow, Passkey, PendingSecret, Session, SignIn, check_text};
use crate::column;
use crate::error::{During, StoreError};

macro_rules! select_session {
    ($rest:literal) => {
        concat!(
            "SELECT hash, id, account, created_at, last_seen_at, expires_at, label, csrf, address \
             FROM session ",
            $rest
        )
    };
}

macro_rules! select_passkey {
    ($rest:literal) => {
        concat!(
            "SELECT id, account, name, credential, created_at, last_used_at FROM passkey ",
            $rest
        )
    };
}

const READ_SESSIONS: &str = "read sessions";
const READ_PASSKEYS: &str = "read passkeys";

#[async_trait]
impl SignIn for PostgresStore {
    async fn create_session(&self, session: &Session) -> Result<(), StoreError> {
        session.check()?;
        let insert = sqlx::query(
            "INSERT INTO session \
             (hash, id, account, created_at, last_seen_at, expires_at, label, csrf, address) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&session.hash)
        .bind(&session.id)
        .bind(&session.account)
        .bind(column::microseconds(session.created_at))
        .bind(column::microseconds(session.last_seen_at))
        .bind(column::microseconds(session.expires_at))
        .bind(&session.label)
        .bind(&session.csrf)
        .bind(&session.address);
        let row = NewRow {
            what: "a session",
            action: "create the session",
            organisation: None,
            account: Some(&session.account),
        };
        self.insert(insert, row).await
    }

    async fn session(&self, hash: &[u8], now: Timestamp) -> Result<Option<Session>, StoreError> {
        let query = sqlx::query_as(select_session!("WHERE hash = $1 AND expires_at > $2"))
            .bind(hash)
            .bind(column::microseconds(now));
        self.one(query, READ_SESSIONS).await
    }

    async fn touch_session(&self, hash: &[u8], now: Timestamp) -> Result<(), StoreError> {
        let update = sqlx::query(
            "UPDATE session SET last_seen_at = $2 WHERE hash = $1 AND last_seen_at < $2",
        )
        .bind(hash)
        .bind(column::microseconds(now));
        self.change(update, "touch the session").await?;
        Ok(())
    }

    async fn sessions_of_account(
        &self,
        account: &str,
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        let query = sqlx::query_as(select_session!(
            "WHERE account = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, id"
        ))
        .bind(account)
        .bind(column::microseconds(now));
        self.all(query, READ_SESSIONS).await
    }

    async fn end_session(&self, account: &str, id: &str) -> Result<bool, StoreError> {
        let delete = sqlx::query("DELETE FROM session WHERE account = $1 AND id = $2")
            .bind(account)
            .bind(id);
        Ok(self.change(delete, "end the session").await? > 0)
    }

    async fn end_sessions(&self, account: &str, except: Option<&str>) -> Result<u64, StoreError> {
        let delete = sqlx::query(
            "DELETE FROM session WHERE account = $1 AND ($2::text IS NULL OR id <> $2)",
        )
        .bind(account)
        .bind(except);
        self.change(delete, "end the sessions").await
    }

    async fn purge_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        let delete = sqlx::query("DELETE FROM session WHERE expires_at <= $1")
            .bind(column::microseconds(now));
        self.change(delete, "delete old sessions").await
    }

    async fn add_passkey(&self, passkey: &Passkey) -> Result<(), StoreError> {
        passkey.check()?;
        let insert = sqlx::query(
            "INSERT INTO passkey (id, account, name, credential, created_at, last_used_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&passkey.id)
        .bind(&passkey.account)
        .bind(&passkey.name)
        .bind(&passkey.credential)
        .bind(column::microseconds(passkey.created_at))
        .bind(passkey.last_used_at.map(column::microseconds));
        let row = NewRow {
            what: "a passkey",
            action: "add the passkey",
            organisation: None,
            account: Some(&passkey.account),
        };
        self.insert(insert, row).await
    }

    async fn passkey(&self, id: &[u8]) -> Result<Option<Passkey>, StoreError> {
        self.one(sqlx::query_as(select_passkey!("WHERE id = $1")).bind(id), READ_PASSKEYS).await
    }

    async fn passkeys_of_account(&self, account: &str) -> Result<Vec<Passkey>, StoreError> {
        let query = sqlx::query_as(select_passkey!("WHERE account = $1 ORDER BY created_at, id"))
            .bind(account);
        self.all(query, READ_PASSKEYS).await
    }

    async fn update_passkey(
        &self,
        id: &[u8],
        credential: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        check_text(&[credential])?;
        let update =
            sqlx::query("UPDATE passkey SET credential = $2, last_used_at = $3 WHERE id = $1")
                .bind(id)
                .bind(credential)
                .bind(column::microseconds(now));
        Ok(self.change(update, "update the passkey").await? > 0)
    }

    async fn rename_passkey(
        &self,
        account: &str,
        id: &[u8],
        name: &str,
    ) -> Result<bool, StoreError> {
        check_text(&[name])?;
        let update = sqlx::query("UPDATE passkey SET name = $3 WHERE account = $1 AND id = $2")
            .bind(account)
            .bind(id)
            .bind(name);
        Ok(self.change(update, "rename the passkey").await? > 0)
    }

    async fn remove_passkey(&self, account: &str, id: &[u8]) -> Result<bool, StoreError> {
        let delete = sqlx::query("DELETE FROM passkey WHERE account = $1 AND id = $2")
            .bind(account)
            .bind(id);
        Ok(self.change(delete, "remove the passkey").await? > 0)
    }

    async fn put_pending(&self, secret: &PendingSecret) -> Result<(), StoreError> {
        secret.check()?;
        let put = sqlx::query(
            "INSERT INTO pending_secret (hash, purpose, account, data, expires_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash) DO UPDATE SET \
             purpose = excluded.purpose, account = excluded.account, data = excluded.data, \
             expires_at = excluded.expires_at",
        )
        .bind(&secret.hash)
        .bind(&secret.purpose)
        .bind(&secret.account)
        .bind(&secret.data)
        .bind(column::microseconds(secret.expires_at));
        let row = NewRow {
            what: "a pending secret",
            action: "write the pending secret",
            organisation: None,
            account: secret.account.as_deref(),
        };
        self.insert(put, row).await
    }

    async fn take_pending(
        &self,
        hash: &[u8],
        purpose: &str,
        now: Timestamp,
    ) -> Result<Option<PendingSecret>, StoreError> {
        let delete = sqlx::query_as(
            "DELETE FROM pending_secret WHERE hash = $1 AND purpose = $2 AND expires_at > $3 \
             RETURNING hash, purpose, account, data, expires_at",
        )
        .bind(hash)
        .bind(purpose)
        .bind(column::microseconds(now));
        self.one(delete, "take the pending secret").await
    }

    async fn drop_pending(&self, account: &str, purpose: &str) -> Result<u64, StoreError> {
        let delete = sqlx::query("DELETE FROM pending_secret WHERE account = $1 AND purpose = $2")
            .bind(account)
            .bind(purpose);
        self.change(delete, "drop pending secrets").await
    }

    async fn count_pending(
        &self,
        account: &str,
        purpose: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM pending_secret WHERE account = $1 AND purpose = $2 \
             AND expires_at > $3",
        )
        .bind(account)
        .bind(purpose)
        .bind(column::microseconds(now));
        let counted = findable(count.fetch_optional(&self.pool).await);
        counted.during("count pending secrets")?.map_or(Ok(0), column::from_column)
    }

    async fn purge_pending(&self, now: Timestamp) -> Result<u64, StoreError> {
        let delete = sqlx::query("DELETE FROM pending_secret WHERE expires_at <= $1")
            .bind(column::microseconds(now));
        self.change(delete, "delete old pending secrets").await
    }

    async fn note_attempt(&self, key: &str, at: Timestamp) -> Result<(), StoreError> {
        check_text(&[key])?;
        let insert = sqlx::query("INSERT INTO attempt (key, instant) VALUES ($1, $2)")
            .bind(key)
            .bind(column::microseconds(at));
        self.change(insert, "note the attempt").await?;
        Ok(())
    }

    async fn attempts_since(&self, key: &str, since: Timestamp) -> Result<u64, StoreError> {
        let count =
            sqlx::query_scalar("SELECT COUNT(*) FROM attempt WHERE key = $1 AND instant >= $2")
                .bind(key)
                .bind(column::microseconds(since));
        let count = findable(count.fetch_optional(&self.pool).await).during("count attempts")?;
        count.map_or(Ok(0), column::from_column)
    }

    async fn forget_attempts(&self, key: &str) -> Result<(), StoreError> {
        let delete = sqlx::query("DELETE FROM attempt WHERE key = $1").bind(key);
        self.change(delete, "forget the attempts").await?;
        Ok(())
    }

    async fn purge_attempts(&self, before: Timestamp) -> Result<u64, StoreError> {
        let delete = sqlx::query("DELETE FROM attempt WHERE instant < $1")
            .bind(column::microseconds(before));
        self.change(delete, "delete old attempts").await
    }
}
