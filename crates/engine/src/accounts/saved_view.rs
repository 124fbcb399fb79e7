//! Views of lists that members have given a name: one's own, and those that are shared with all members.

use surety_aims::{Action, Principal, permit};
use surety_store::SavedView;

use super::Accounts;
use crate::Error;

/// Views that a member may keep in one organisation.
pub const MOST_VIEWS: u32 = 200;

/// Most characters of a view's name.
pub const VIEW_NAME: usize = 60;

/// Most bytes of what a view asks of its list.
const QUERY: usize = 2_000;

/// Which view it is.
#[derive(Clone, Copy)]
pub struct ViewKey<'a> {
    pub organisation: &'a str,
    /// Whoever made it.
    pub account: &'a str,
    /// The list, by its address below the organisation.
    pub path: &'a str,
    pub name: &'a str,
}

impl Accounts<'_> {
    /// The views of a list that an account has made or that are shared, by name.
    pub async fn saved_views(
        &self,
        organisation: &str,
        account: &str,
        path: &str,
    ) -> Result<Vec<SavedView>, Error> {
        Ok(self.store.saved_views(organisation, account, path).await?)
    }

    /// Saves what a list is asked, in place of what its maker has saved under that name.
    ///
    /// # Errors
    /// A refusal of a name or a query that can't be kept, of more views than may be, and of sharing by whoever may not
    /// change anything.
    pub async fn save_view(
        &self,
        principal: &Principal,
        view: ViewKey<'_>,
        query: &str,
        shared: bool,
    ) -> Result<(), Error> {
        if shared {
            permit(principal, Action::ShareView)?;
        }
        let name = view.name.trim();
        if name.is_empty() || name.chars().count() > VIEW_NAME || name.contains(char::is_control) {
            let message = format!("a view has a name of 1 to {VIEW_NAME} characters in one line");
            return Err(Error::Input(message));
        }
        if query.len() > QUERY {
            let message = format!("what the list is asked is longer than {QUERY} bytes");
            return Err(Error::Input(message));
        }
        let view = SavedView {
            organisation: view.organisation.to_owned(),
            account: view.account.to_owned(),
            path: view.path.to_owned(),
            name: name.to_owned(),
            query: query.to_owned(),
            shared,
            saved_at: self.now(),
        };
        if self.store.save_view(&view, MOST_VIEWS).await? {
            return Ok(());
        }
        Err(Error::Input(format!("you keep {MOST_VIEWS} views here already; remove one first")))
    }

    /// Removes a view of one's own, or as an owner one of somebody else; `false` if there is none. `account` asks.
    ///
    /// # Errors
    /// A refusal if it is somebody else's.
    pub async fn remove_view(
        &self,
        (principal, account): (&Principal, &str),
        view: ViewKey<'_>,
    ) -> Result<bool, Error> {
        if view.account != account {
            permit(principal, Action::Administer)?;
        }
        let ViewKey { organisation, account, path, name } = view;
        Ok(self.store.remove_saved_view(organisation, account, path, name).await?)
    }
}
