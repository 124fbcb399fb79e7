//! Rows as both databases give them, with columns in the order of the fields.

use super::{
    Account, ApiToken, Identity, Invitation, Membership, Passkey, PendingSecret, SavedView, Session,
};
use crate::column;
use crate::error::StoreError;

/// What is made of one row.
pub(crate) trait Stored: Sized {
    type Row;

    fn of(row: Self::Row) -> Result<Self, StoreError>;
}

impl Stored for Account {
    type Row = (
        String,
        String,
        String,
        Option<String>,
        Option<Vec<u8>>,
        Option<i64>,
        bool,
        i64,
        Option<i64>,
    );

    fn of(row: Self::Row) -> Result<Self, StoreError> {
        let (
            id,
            email,
            name,
            password_hash,
            totp_secret,
            totp_last_step,
            disabled,
            created,
            changed,
        ) = row;
        Ok(Self {
            id,
            email,
            name,
            password_hash,
            totp_secret,
            totp_last_step,
            disabled,
            created_at: column::instant(created)?,
            password_changed_at: changed.map(column::instant).transpose()?,
        })
    }
}

impl Stored for Membership {
    type Row = (String, String, Option<String>, String, Option<i64>, String, Option<String>);

    fn of(row: Self::Row) -> Result<Self, StoreError> {
        let (organisation, account, person, role, expires, systems, as_of) = row;
        Ok(Self {
            organisation,
            account,
            person,
            role,
            expires_at: expires.map(column::instant).transpose()?,
            systems: column::texts(&systems)?,
            as_of: as_of.as_deref().map(column::day).transpose()?,
        })
    }
}

impl Stored for ApiToken {
    type Row = (Vec<u8>, String, String, String, String, String, i64, Option<i64>, Option<i64>);

    fn of(row: Self::Row) -> Result<Self, StoreError> {
        let (hash, id, account, organisation, name, scopes, created, expires, used) = row;
        Ok(Self {
            hash,
            id,
            account,
            organisation,
            name,
            scopes: column::texts(&scopes)?,
            created_at: column::instant(created)?,
            expires_at: expires.map(column::instant).transpose()?,
            last_used_at: used.map(column::instant).transpose()?,
        })
    }
}

impl Stored for Invitation {
    type Row = (
        Vec<u8>,
        String,
        String,
        String,
        String,
        Option<String>,
        String,
        Option<String>,
        Option<i64>,
        String,
        i64,
        i64,
    );

    fn of(row: Self::Row) -> Result<Self, StoreError> {
        let (
            hash,
            id,
            organisation,
            email,
            role,
            person,
            systems,
            as_of,
            until,
            by,
            created,
            expires,
        ) = row;
        Ok(Self {
            hash,
            id,
            organisation,
            email,
            role,
            person,
            systems: column::texts(&systems)?,
            as_of: as_of.as_deref().map(column::day).transpose()?,
            membership_expires_at: until.map(column::instant).transpose()?,
            invited_by: by,
            created_at: column::instant(created)?,
            expires_at: column::instant(expires)?,
        })
    }
}

impl Stored for Session {
    type Row = (Vec<u8>, String, String, i64, i64, i64, String, Vec<u8>, Option<String>);

    fn of(row: Self::Row) -> Result<Self, StoreError> {
        let (hash, id, account, created, seen, expires, label, csrf, address) = row;
        Ok(Self {
            hash,
            id,
            account,
            created_at: column::instant(created)?,
            last_seen_at: column::instant(seen)?,
            expires_at: column::instant(expires)?,
            label,
            csrf,
            address,
        })
    }
}

impl Stored for Passkey {
    type Row = (Vec<u8>, String, String, String, i64, Option<i64>);

    fn of(row: Self::Row) -> Result<Self, StoreError> {
        let (id, account, name, credential, created, used) = row;
        Ok(Self {
            id,
            account,
            name,
            credential,
            created_at: column::instant(created)?,
            last_used_at: used.map(column::instant).transpose()?,
        })
    }
}

impl Stored for PendingSecret {
    type Row = (Vec<u8>, String, Option<String>, String, i64);

    fn of(row: Self::Row) -> Result<Self, StoreError> {
        let (hash, purpose, account, data, expires) = row;
        Ok(Self { hash, purpose, account, data, expires_at: column::instant(expires)? })
    }
}

impl Stored for Identity {
    type Row = (String, String, String, i64);

    fn of(row: Self::Row) -> Result<Self, StoreError> {
        let (issuer, subject, account, linked) = row;
        Ok(Self { issuer, subject, account, linked_at: column::instant(linked)? })
    }
}

impl Stored for SavedView {
    type Row = (String, String, String, String, String, bool, i64);

    fn of(row: Self::Row) -> Result<Self, StoreError> {
        let (organisation, account, path, name, query, shared, saved) = row;
        let saved_at = column::instant(saved)?;
        Ok(Self { organisation, account, path, name, query, shared, saved_at })
    }
}
