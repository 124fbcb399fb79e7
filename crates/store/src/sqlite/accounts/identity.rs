//! Who accounts are elsewhere, in SQLite.

use async_trait::async_trait;

use super::SqliteStore;
use crate::accounts::{Identities, Identity, NewRow};
use crate::column;
use crate::error::StoreError;

macro_rules! select_identity {
    ($rest:literal) => {
        concat!("SELECT issuer, subject, account, linked_at FROM identity ", $rest)
    };
}

const READ: &str = "read identities";

#[async_trait]
impl Identities for SqliteStore {
    async fn link_identity(&self, identity: &Identity) -> Result<(), StoreError> {
        identity.check()?;
        let insert = sqlx::query(
            "INSERT INTO identity (issuer, subject, account, linked_at) VALUES (?1, ?2, ?3, ?4)",
        )
        .bind(&identity.issuer)
        .bind(&identity.subject)
        .bind(&identity.account)
        .bind(column::microseconds(identity.linked_at));
        let row = NewRow {
            what: "an identity",
            action: "link the identity",
            organisation: None,
            account: Some(&identity.account),
        };
        self.insert(insert, row).await
    }

    async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<Identity>, StoreError> {
        let query = sqlx::query_as(select_identity!("WHERE issuer = ?1 AND subject = ?2"))
            .bind(issuer)
            .bind(subject);
        self.one(query, READ).await
    }

    async fn identities_of_account(&self, account: &str) -> Result<Vec<Identity>, StoreError> {
        let query = sqlx::query_as(select_identity!(
            "WHERE account = ?1 ORDER BY linked_at, issuer, subject"
        ))
        .bind(account);
        self.all(query, READ).await
    }

    async fn unlink_identity(
        &self,
        account: &str,
        issuer: &str,
        subject: &str,
    ) -> Result<bool, StoreError> {
        let delete =
            sqlx::query("DELETE FROM identity WHERE account = ?1 AND issuer = ?2 AND subject = ?3")
                .bind(account)
                .bind(issuer)
                .bind(subject);
        Ok(self.change(delete, "unlink the identity").await? > 0)
    }
}
