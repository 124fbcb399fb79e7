//! Files that came, in PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::error::ErrorKind;

use super::PostgresStore;
use crate::column;
use crate::error::{During, StoreError, violates};
use crate::ledger::LedgerStore;
use crate::uploads::{LISTED, Upload, Uploads, upload};

#[async_trait]
impl Uploads for PostgresStore {
    async fn note_upload(&self, upload: &Upload) -> Result<bool, StoreError> {
        let put = sqlx::query(
            "INSERT INTO upload (organisation, sha256, uploaded_at) VALUES ($1, $2, $3) \
             ON CONFLICT (organisation, sha256) DO UPDATE SET uploaded_at = excluded.uploaded_at \
             WHERE NOT upload.claimed",
        )
        .bind(&upload.organisation)
        .bind(&upload.hash.as_bytes()[..])
        .bind(column::microseconds(upload.at));
        let put = put.execute(&self.pool).await;
        if put.as_ref().is_err_and(|error| violates(error, ErrorKind::ForeignKeyViolation)) {
            self.size(&upload.organisation).await?;
        }
        Ok(put.during("note the file")?.rows_affected() > 0)
    }

    async fn uploads_before(
        &self,
        organisation: &str,
        before: Timestamp,
    ) -> Result<Vec<Upload>, StoreError> {
        let rows = sqlx::query_as(
            "SELECT sha256, uploaded_at FROM upload WHERE organisation = $1 \
             AND (uploaded_at < $2 OR claimed) ORDER BY uploaded_at, sha256 LIMIT $3",
        )
        .bind(organisation)
        .bind(column::microseconds(before))
        .bind(LISTED);
        let rows: Vec<_> = rows.fetch_all(&self.pool).await.during("list files that came")?;
        rows.into_iter().map(|row| upload(organisation, row)).collect()
    }

    async fn claim_upload(&self, upload: &Upload) -> Result<bool, StoreError> {
        let update = sqlx::query(
            "UPDATE upload SET claimed = TRUE \
             WHERE organisation = $1 AND sha256 = $2 AND uploaded_at = $3",
        )
        .bind(&upload.organisation)
        .bind(&upload.hash.as_bytes()[..])
        .bind(column::microseconds(upload.at));
        let claimed = update.execute(&self.pool).await.during("claim the file")?;
        Ok(claimed.rows_affected() > 0)
    }

    async fn forget_upload(&self, upload: &Upload) -> Result<(), StoreError> {
        let delete =
            sqlx::query("DELETE FROM upload WHERE organisation = $1 AND sha256 = $2 AND claimed")
                .bind(&upload.organisation)
                .bind(&upload.hash.as_bytes()[..]);
        delete.execute(&self.pool).await.during("forget the file")?;
        Ok(())
    }
}
