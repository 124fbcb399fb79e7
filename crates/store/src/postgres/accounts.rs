//! People who sign in, in PostgreSQL: their accounts.
//!
//! Whatever is said to happen once is one statement in READ COMMITTED: who waited for a row that somebody
//! else has changed or deleted looks at it again.

mod access;
mod identity;
mod saved_view;
mod sign_in;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::FromRow;
use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::postgres::{PgArguments, PgRow, Postgres};
use sqlx::query::{Query, QueryAs};

use super::PostgresStore;
use crate::accounts::{Account, Accounts, NewRow, Profile, Stored, check_text, email_key};
use crate::column;
use crate::error::{During, StoreError, violates};

macro_rules! select_account {
    ($rest:literal) => {
        concat!(
            "SELECT id, email, name, password_hash, totp_secret, totp_last_step, disabled, \
             created_at, password_changed_at FROM account ",
            $rest
        )
    };
}

const READ: &str = "read the account";
const CHANGE: &str = "change the account";

#[async_trait]
impl Accounts for PostgresStore {
    async fn create_account(&self, account: &Account) -> Result<(), StoreError> {
        account.check()?;
        let insert = sqlx::query(
            "INSERT INTO account (id, email, email_key, name, password_hash, totp_secret, \
             totp_last_step, disabled, created_at, password_changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&account.id)
        .bind(&account.email)
        .bind(email_key(&account.email))
        .bind(&account.name)
        .bind(&account.password_hash)
        .bind(&account.totp_secret)
        .bind(account.totp_last_step)
        .bind(account.disabled)
        .bind(column::microseconds(account.created_at))
        .bind(account.password_changed_at.map(column::microseconds));
        match insert.execute(&self.pool).await {
            Err(error) if takes_email(&error) => Err(StoreError::EmailTaken),
            Err(error) => {
                let (what, action) = ("an account", "create the account");
                NewRow { what, action, organisation: None, account: None }
                    .refused(self, error)
                    .await
            }
            Ok(_) => Ok(()),
        }
    }

    async fn account(&self, id: &str) -> Result<Option<Account>, StoreError> {
        self.one(sqlx::query_as(select_account!("WHERE id = $1")).bind(id), READ).await
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, StoreError> {
        let query = sqlx::query_as(select_account!("WHERE email_key = $1")).bind(email_key(email));
        self.one(query, READ).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.all(sqlx::query_as(select_account!("ORDER BY email_key")), "list accounts").await
    }

    async fn count_accounts(&self) -> Result<u64, StoreError> {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM account");
        column::from_column(count.fetch_one(&self.pool).await.during("count accounts")?)
    }

    async fn update_account(&self, id: &str, profile: &Profile) -> Result<(), StoreError> {
        profile.check(id)?;
        let update = sqlx::query(
            "UPDATE account SET email = $2, email_key = $3, name = $4, disabled = $5 WHERE id = $1",
        )
        .bind(id)
        .bind(&profile.email)
        .bind(email_key(&profile.email))
        .bind(&profile.name)
        .bind(profile.disabled);
        let updated = update.execute(&self.pool).await;
        if updated.as_ref().is_err_and(takes_email) {
            return Err(StoreError::EmailTaken);
        }
        known(id, updated.during(CHANGE)?.rows_affected())
    }

    async fn set_password(
        &self,
        account: &str,
        password_hash: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        check_text(&[password_hash.unwrap_or_default()])?;
        let update = sqlx::query(
            "UPDATE account SET password_hash = $2, password_changed_at = $3 WHERE id = $1",
        )
        .bind(account)
        .bind(password_hash)
        .bind(column::microseconds(at));
        known(account, self.change(update, CHANGE).await?)
    }

    async fn set_totp(&self, account: &str, secret: Option<&[u8]>) -> Result<(), StoreError> {
        let update =
            sqlx::query("UPDATE account SET totp_secret = $2, totp_last_step = NULL WHERE id = $1")
                .bind(account)
                .bind(secret);
        known(account, self.change(update, CHANGE).await?)
    }

    async fn use_totp_step(&self, account: &str, step: i64) -> Result<bool, StoreError> {
        let update = sqlx::query(
            "UPDATE account SET totp_last_step = $2 WHERE id = $1 AND totp_secret IS NOT NULL \
             AND (totp_last_step IS NULL OR totp_last_step < $2)",
        )
        .bind(account)
        .bind(step);
        Ok(self.change(update, "use up the code").await? > 0)
    }

    async fn delete_account(&self, id: &str) -> Result<bool, StoreError> {
        // Foreign keys take along all that hangs on it.
        let delete = sqlx::query("DELETE FROM account WHERE id = $1").bind(id);
        Ok(self.change(delete, "delete the account").await? > 0)
    }
}

/// What the other parts share.
impl PostgresStore {
    /// Adds one row.
    async fn insert(
        &self,
        insert: Query<'_, Postgres, PgArguments>,
        row: NewRow<'_>,
    ) -> Result<(), StoreError> {
        match insert.execute(&self.pool).await {
            Ok(_) => Ok(()),
            Err(error) => row.refused(self, error).await,
        }
    }

    /// Changes or deletes rows, and gives how many that were.
    async fn change(
        &self,
        change: Query<'_, Postgres, PgArguments>,
        action: &'static str,
    ) -> Result<u64, StoreError> {
        Ok(findable(change.execute(&self.pool).await).during(action)?.rows_affected())
    }

    async fn one<T: Stored>(
        &self,
        query: QueryAs<'_, Postgres, T::Row, PgArguments>,
        action: &'static str,
    ) -> Result<Option<T>, StoreError>
    where
        T::Row: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let row = findable(query.fetch_optional(&self.pool).await).during(action)?;
        row.map(T::of).transpose()
    }

    async fn all<T: Stored>(
        &self,
        query: QueryAs<'_, Postgres, T::Row, PgArguments>,
        action: &'static str,
    ) -> Result<Vec<T>, StoreError>
    where
        T::Row: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let rows = findable(query.fetch_all(&self.pool).await).during(action)?;
        rows.into_iter().map(T::of).collect()
    }
}

/// Nothing is found by text with U+0000, which PostgreSQL keeps none of; it refuses to look.
fn findable<T: Default>(found: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
    const CHARACTER_NOT_IN_REPERTOIRE: &str = "22021";
    let code = found.as_ref().err().and_then(sqlx::Error::as_database_error);
    match code.and_then(DatabaseError::code) {
        Some(code) if code == CHARACTER_NOT_IN_REPERTOIRE => Ok(T::default()),
        _ => found,
    }
}

fn known(account: &str, changed: u64) -> Result<(), StoreError> {
    if changed > 0 { Ok(()) } else { Err(StoreError::unknown_account(account)) }
}

/// Whether `error` says that another account has the address.
fn takes_email(error: &sqlx::Error) -> bool {
    violates(error, ErrorKind::UniqueViolation)
        && error
            .as_database_error()
            .is_some_and(|error| error.constraint() == Some("account_by_email"))
}
