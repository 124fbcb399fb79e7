//! The databases that the cases run on, each empty but for one organisation.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use surety_store::{AccountStore, LedgerStore, Stores, Uploads, test_postgres};
use tempfile::TempDir;

use crate::fixture::acme;

/// One database and one open handle on each part of it.
pub(crate) struct Backend {
    pub(crate) store: Arc<dyn LedgerStore>,
    pub(crate) accounts: Arc<dyn AccountStore>,
    pub(crate) uploads: Arc<dyn Uploads>,
    pub(crate) location: String,
    /// The folder of the SQLite file; there is none on PostgreSQL.
    pub(crate) folder: Option<TempDir>,
}

impl Backend {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = folder.path().to_str().unwrap().to_owned();
        Self::with_acme(location, Some(folder)).await
    }

    pub(crate) async fn postgres() -> Self {
        let location = test_postgres::fresh_database().await.unwrap_or_else(|no| panic!("{no}"));
        Self::with_acme(location, None).await
    }

    async fn with_acme(location: String, folder: Option<TempDir>) -> Self {
        let Stores { ledgers, accounts, uploads } =
            surety_store::open_all(&location).await.unwrap();
        ledgers.create_organisation(&acme()).await.unwrap();
        Self { store: ledgers, accounts, uploads, location, folder }
    }

    /// One more handle on the same database, as another node has it.
    pub(crate) async fn another_handle(&self) -> Arc<dyn LedgerStore> {
        surety_store::open(&self.location).await.unwrap()
    }

    /// Runs SQL past the store, as somebody with a database shell can.
    pub(crate) async fn execute(&self, sql: &str) -> Result<u64, sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.folder.is_some() {
            let file = format!("sqlite:{}/surety.db", self.location);
            let mut connection = SqliteConnection::connect(&file).await?;
            Ok(connection.execute(sql).await?.rows_affected())
        } else {
            let mut connection = PgConnection::connect(&self.location).await?;
            Ok(connection.execute(sql).await?.rows_affected())
        }
    }
}
