//! Saved views of lists, in SQLite.

use async_trait::async_trait;

use super::SqliteStore;
use crate::accounts::{NewRow, SavedView, SavedViews};
use crate::column;
use crate::error::StoreError;

macro_rules! select_view {
    ($rest:literal) => {
        concat!(
            "SELECT organisation, account, path, name, query, shared, saved_at FROM saved_view ",
            $rest
        )
    };
}

const READ: &str = "read saved views";

#[async_trait]
impl SavedViews for SqliteStore {
    async fn save_view(&self, view: &SavedView, most: u32) -> Result<bool, StoreError> {
        view.check()?;
        let put = sqlx::query(
            "INSERT INTO saved_view (organisation, account, path, name, query, shared, saved_at) \
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE (SELECT COUNT(*) FROM saved_view \
             WHERE organisation = ?1 AND account = ?2 AND NOT (path = ?3 AND name = ?4)) < ?8 \
             ON CONFLICT (organisation, path, account, name) DO UPDATE SET \
             query = excluded.query, shared = excluded.shared, saved_at = excluded.saved_at",
        )
        .bind(&view.organisation)
        .bind(&view.account)
        .bind(&view.path)
        .bind(&view.name)
        .bind(&view.query)
        .bind(view.shared)
        .bind(column::microseconds(view.saved_at))
        .bind(i64::from(most));
        match put.execute(&self.writer).await {
            Ok(done) => Ok(done.rows_affected() > 0),
            Err(error) => {
                NewRow::of_view(view).refused(self, error).await?;
                Ok(false)
            }
        }
    }

    async fn saved_views(
        &self,
        organisation: &str,
        account: &str,
        path: &str,
    ) -> Result<Vec<SavedView>, StoreError> {
        let query = sqlx::query_as(select_view!(
            "WHERE organisation = ?1 AND path = ?3 AND (account = ?2 OR shared) \
             ORDER BY name, account"
        ))
        .bind(organisation)
        .bind(account)
        .bind(path);
        self.all(query, READ).await
    }

    async fn saved_views_of_organisation(
        &self,
        organisation: &str,
    ) -> Result<Vec<SavedView>, StoreError> {
        let query =
            sqlx::query_as(select_view!("WHERE organisation = ?1 ORDER BY path, account, name"))
                .bind(organisation);
        self.all(query, READ).await
    }

    async fn remove_saved_view(
        &self,
        organisation: &str,
        account: &str,
        path: &str,
        name: &str,
    ) -> Result<bool, StoreError> {
        let delete = sqlx::query(
            "DELETE FROM saved_view \
             WHERE organisation = ?1 AND account = ?2 AND path = ?3 AND name = ?4",
        )
        .bind(organisation)
        .bind(account)
        .bind(path)
        .bind(name);
        Ok(self.change(delete, "remove the view").await? > 0)
    }
}
