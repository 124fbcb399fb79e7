//! The menu of a list's saved views: one's own, and those that others share.

use surety_aims::Action;
use surety_engine::accounts::{SavedView, VIEW_NAME};

use super::shell::Shell;
use crate::call::Call;

/// The saved views of a list, and the form that saves what it shows.
pub(crate) struct Views {
    /// Where the forms are sent.
    pub(crate) action: String,
    /// The list, by its address below the organisation, and what it is asked now.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) all: Vec<OneView>,
    /// The name of the view that is shown, if it is one of them.
    pub(crate) current: Option<String>,
    pub(crate) longest: usize,
    /// Whether something can be saved: not while the list is of a day in the past.
    pub(crate) is_open: bool,
    pub(crate) may_share: bool,
}

/// A saved view in the menu.
pub(crate) struct OneView {
    pub(crate) name: String,
    pub(crate) href: String,
    /// The account that made it.
    pub(crate) account: String,
    pub(crate) is_shared: bool,
    pub(crate) is_own: bool,
    pub(crate) is_current: bool,
    pub(crate) may_remove: bool,
}

/// What belongs to one visit, and not to a view that is opened again.
const PASSING: &[&str] = &["page", "open", "cell", "as_of", "saved", "done", "undone", "format"];

/// What a list is asked, as views keep it.
pub(crate) fn kept_query<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let kept = pairs.filter(|(name, value)| !value.is_empty() && !PASSING.contains(name));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
}

impl Views {
    /// Those of the list that the call asks for.
    pub(crate) fn of(call: &Call, shell: &Shell) -> Views {
        let base = shell.links().base;
        let path = call.uri.path();
        let path = path.strip_prefix(base.as_str()).unwrap_or(path).to_owned();
        let asked = call.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let query = kept_query(asked);
        let is_owner = surety_aims::permit(&call.principal, Action::Administer).is_ok();
        let one = |view: &SavedView| {
            let is_own = view.account == call.caller.account;
            let below = match view.query.as_str() {
                "" => path.clone(),
                asked => format!("{path}?{asked}"),
            };
            OneView {
                name: view.name.clone(),
                href: shell.link(below),
                account: view.account.clone(),
                is_shared: view.shared,
                is_own,
                is_current: is_same(&view.query, &query),
                may_remove: is_own || is_owner,
            }
        };
        let all: Vec<OneView> = call.views.iter().map(one).collect();
        let current = all.iter().find(|view| view.is_current).map(|view| view.name.clone());
        Views {
            action: format!("{base}/views"),
            path,
            query,
            all,
            current,
            longest: VIEW_NAME,
            is_open: shell.place.as_ref().is_some_and(|place| place.past.is_none()),
            may_share: shell.may(Action::ShareView),
        }
    }
}

/// Whether two queries ask the same, in whatever order.
fn is_same(one: &str, other: &str) -> bool {
    let sorted = |query: &str| {
        let mut pairs: Vec<_> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        pairs.sort();
        pairs
    };
    sorted(one) == sorted(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_keeps_what_a_list_is_asked_and_not_where_one_stood_in_it() {
        let asked = [
            ("state", "open"),
            ("q", ""),
            ("page", "3"),
            ("as_of", "2026-03-01"),
            ("column", "id"),
            ("column", "due & done"),
        ];
        assert_eq!(kept_query(asked.into_iter()), "state=open&column=id&column=due+%26+done");
    }

    #[test]
    fn what_is_asked_in_another_order_is_the_same() {
        for (one, other, same) in [
            ("a=1&b=2", "b=2&a=1", true),
            ("a=%20", "a=+", true),
            ("a=1", "a=1&a=1", false),
            ("", "", true),
        ] {
            assert_eq!(is_same(one, other), same, "{one} {other}");
        }
    }
}
