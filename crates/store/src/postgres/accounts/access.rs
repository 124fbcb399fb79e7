//! Who may see which organisation, in PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;

use super::PostgresStore;
use crate::accounts::{Access, ApiToken, Invitation, Membership, NewRow};
use crate::column;
use crate::error::{During, StoreError};

macro_rules! select_membership {
    ($rest:literal) => {
        concat!(
            "SELECT organisation, account, person, role, expires_at, systems, as_of \
             FROM membership ",
            $rest
        )
    };
}

macro_rules! select_token {
    ($rest:literal) => {
        concat!(
            "SELECT hash, id, account, organisation, name, scopes, created_at, expires_at, \
             last_used_at FROM api_token ",
            $rest
        )
    };
}

macro_rules! invitation {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " hash, id, organisation, email, role, person, systems, as_of, membership_expires_at, \
             invited_by, created_at, expires_at ",
            $after
        )
    };
}

const READ_MEMBERSHIPS: &str = "read memberships";
const READ_TOKENS: &str = "read tokens";
const READ_INVITATIONS: &str = "read invitations";

#[async_trait]
impl Access for PostgresStore {
    async fn generation(&self) -> Result<u64, StoreError> {
        let number: i64 = sqlx::query_scalar("SELECT number FROM access_generation")
            .fetch_one(&self.pool)
            .await
            .during("read the generation of access")?;
        column::from_column(number)
    }

    async fn put_membership(&self, membership: &Membership) -> Result<(), StoreError> {
        membership.check()?;
        let put = sqlx::query(
            "INSERT INTO membership \
             (organisation, account, person, role, expires_at, systems, as_of) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organisation, account) DO UPDATE SET \
             person = excluded.person, role = excluded.role, expires_at = excluded.expires_at, \
             systems = excluded.systems, as_of = excluded.as_of",
        )
        .bind(&membership.organisation)
        .bind(&membership.account)
        .bind(&membership.person)
        .bind(&membership.role)
        .bind(membership.expires_at.map(column::microseconds))
        .bind(column::to_texts(&membership.systems))
        .bind(membership.as_of.map(|day| day.to_string()));
        let row = NewRow {
            what: "a membership",
            action: "write the membership",
            organisation: Some(&membership.organisation),
            account: Some(&membership.account),
        };
        self.insert(put, row).await
    }

    async fn membership(
        &self,
        organisation: &str,
        account: &str,
    ) -> Result<Option<Membership>, StoreError> {
        let query = sqlx::query_as(select_membership!("WHERE organisation = $1 AND account = $2"))
            .bind(organisation)
            .bind(account);
        self.one(query, READ_MEMBERSHIPS).await
    }

    async fn memberships_of_account(&self, account: &str) -> Result<Vec<Membership>, StoreError> {
        let query = sqlx::query_as(select_membership!("WHERE account = $1 ORDER BY organisation"))
            .bind(account);
        self.all(query, READ_MEMBERSHIPS).await
    }

    async fn memberships_of_organisation(
        &self,
        organisation: &str,
    ) -> Result<Vec<Membership>, StoreError> {
        let query = sqlx::query_as(select_membership!("WHERE organisation = $1 ORDER BY account"))
            .bind(organisation);
        self.all(query, READ_MEMBERSHIPS).await
    }

    async fn remove_membership(
        &self,
        organisation: &str,
        account: &str,
    ) -> Result<bool, StoreError> {
        // The membership goes first and then the tokens, as when the account is deleted: who takes locks
        // in one order waits for nobody who waits for them.
        let delete = sqlx::query(
            "WITH revoked AS (DELETE FROM api_token WHERE organisation = $1 AND account = $2) \
             DELETE FROM membership WHERE organisation = $1 AND account = $2",
        )
        .bind(organisation)
        .bind(account);
        Ok(self.change(delete, "remove the membership").await? > 0)
    }

    async fn create_token(&self, token: &ApiToken) -> Result<(), StoreError> {
        token.check()?;
        let insert = sqlx::query(
            "INSERT INTO api_token (hash, id, account, organisation, name, scopes, created_at, \
             expires_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&token.hash)
        .bind(&token.id)
        .bind(&token.account)
        .bind(&token.organisation)
        .bind(&token.name)
        .bind(column::to_texts(&token.scopes))
        .bind(column::microseconds(token.created_at))
        .bind(token.expires_at.map(column::microseconds))
        .bind(token.last_used_at.map(column::microseconds));
        let row = NewRow {
            what: "a token",
            action: "create the token",
            organisation: Some(&token.organisation),
            account: Some(&token.account),
        };
        self.insert(insert, row).await
    }

    async fn token(&self, hash: &[u8], now: Timestamp) -> Result<Option<ApiToken>, StoreError> {
        let query = sqlx::query_as(select_token!(
            "WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2)"
        ))
        .bind(hash)
        .bind(column::microseconds(now));
        self.one(query, READ_TOKENS).await
    }

    async fn touch_token(&self, hash: &[u8], now: Timestamp) -> Result<(), StoreError> {
        let update = sqlx::query(
            "UPDATE api_token SET last_used_at = $2 \
             WHERE hash = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
        )
        .bind(hash)
        .bind(column::microseconds(now));
        self.change(update, "touch the token").await?;
        Ok(())
    }

    async fn tokens_of_organisation(
        &self,
        organisation: &str,
    ) -> Result<Vec<ApiToken>, StoreError> {
        let query =
            sqlx::query_as(select_token!("WHERE organisation = $1 ORDER BY created_at, id"))
                .bind(organisation);
        self.all(query, READ_TOKENS).await
    }

    async fn tokens_of_account(&self, account: &str) -> Result<Vec<ApiToken>, StoreError> {
        let query = sqlx::query_as(select_token!(
            "WHERE account = $1 ORDER BY created_at, organisation, id"
        ))
        .bind(account);
        self.all(query, READ_TOKENS).await
    }

    async fn revoke_token(&self, organisation: &str, id: &str) -> Result<bool, StoreError> {
        let delete = sqlx::query("DELETE FROM api_token WHERE organisation = $1 AND id = $2")
            .bind(organisation)
            .bind(id);
        Ok(self.change(delete, "revoke the token").await? > 0)
    }

    async fn create_invitation(&self, invitation: &Invitation) -> Result<(), StoreError> {
        invitation.check()?;
        let insert = sqlx::query(invitation!(
            "INSERT INTO invitation (",
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ))
        .bind(&invitation.hash)
        .bind(&invitation.id)
        .bind(&invitation.organisation)
        .bind(&invitation.email)
        .bind(&invitation.role)
        .bind(&invitation.person)
        .bind(column::to_texts(&invitation.systems))
        .bind(invitation.as_of.map(|day| day.to_string()))
        .bind(invitation.membership_expires_at.map(column::microseconds))
        .bind(&invitation.invited_by)
        .bind(column::microseconds(invitation.created_at))
        .bind(column::microseconds(invitation.expires_at));
        let row = NewRow {
            what: "an invitation",
            action: "create the invitation",
            organisation: Some(&invitation.organisation),
            account: None,
        };
        self.insert(insert, row).await
    }

    async fn invitation(
        &self,
        hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        let query = sqlx::query_as(invitation!(
            "SELECT",
            "FROM invitation WHERE hash = $1 AND expires_at > $2"
        ))
        .bind(hash)
        .bind(column::microseconds(now));
        self.one(query, READ_INVITATIONS).await
    }

    async fn invitations_of_organisation(
        &self,
        organisation: &str,
    ) -> Result<Vec<Invitation>, StoreError> {
        let query = sqlx::query_as(invitation!(
            "SELECT",
            "FROM invitation WHERE organisation = $1 ORDER BY created_at, id"
        ))
        .bind(organisation);
        self.all(query, READ_INVITATIONS).await
    }

    async fn take_invitation(
        &self,
        hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        let delete = sqlx::query_as(invitation!(
            "DELETE FROM invitation WHERE hash = $1 AND expires_at > $2 RETURNING",
            ""
        ))
        .bind(hash)
        .bind(column::microseconds(now));
        self.one(delete, "take the invitation").await
    }

    async fn revoke_invitation(&self, organisation: &str, id: &str) -> Result<bool, StoreError> {
        let delete = sqlx::query("DELETE FROM invitation WHERE organisation = $1 AND id = $2")
            .bind(organisation)
            .bind(id);
        Ok(self.change(delete, "revoke the invitation").await? > 0)
    }
}
