//! Views of lists that somebody has given a name.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{check_text, debug_shows};
use crate::error::StoreError;

/// What a list shows of an organisation, under a name that its maker gave it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// The organisation.
    pub organisation: String,
    /// The account that made it.
    pub account: String,
    /// The list, by its address below the organisation.
    pub path: String,
    /// What its maker calls it; one of a name for each list.
    pub name: String,
    /// What the list is asked: filters, order, columns.
    pub query: String,
    /// Whether all members see it.
    pub shared: bool,
    /// When it was saved last.
    pub saved_at: Timestamp,
}

debug_shows!(SavedView: organisation, account, path, shared);

/// Saved views. They are the members': none is kept of an account that has no part in the organisation.
#[async_trait]
pub trait SavedViews: Send + Sync {
    /// Saves the view in place of the one that the account has of that name and list. False, and nothing changes, if the
    /// account has `most` others in the organisation; of many who save at once, on whichever node, none goes beyond that.
    ///
    /// # Errors
    /// [`StoreError::UnknownOrganisation`]; [`StoreError::UnknownAccount`] if the account has no part in it; and
    /// [`StoreError::TooLong`] of the path, the name or the query.
    async fn save_view(&self, view: &SavedView, most: u32) -> Result<bool, StoreError>;

    /// The views of a list that the account has made or that are shared, by name.
    async fn saved_views(
        &self,
        organisation: &str,
        account: &str,
        path: &str,
    ) -> Result<Vec<SavedView>, StoreError>;

    /// All views of all members, by list, account and name.
    async fn saved_views_of_organisation(
        &self,
        organisation: &str,
    ) -> Result<Vec<SavedView>, StoreError>;

    /// Deletes a view. False if the account has none of that name and list.
    async fn remove_saved_view(
        &self,
        organisation: &str,
        account: &str,
        path: &str,
        name: &str,
    ) -> Result<bool, StoreError>;
}

/// Most bytes of a path, which an index has to hold.
const PATH_BYTES: usize = 200;

/// Most characters of a name.
const NAME_CHARACTERS: usize = 60;

/// Most bytes of a query.
const QUERY_BYTES: usize = 2_000;

impl SavedView {
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        for (what, length, limit) in [
            ("path of a view", self.path.len(), PATH_BYTES),
            ("name of a view", self.name.chars().count(), NAME_CHARACTERS),
            ("query of a view", self.query.len(), QUERY_BYTES),
        ] {
            if length > limit {
                return Err(StoreError::TooLong { what, limit });
            }
        }
        check_text(&[&self.organisation, &self.account, &self.path, &self.name, &self.query])
    }
}
