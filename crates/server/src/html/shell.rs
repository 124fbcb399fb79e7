//! What surrounds every page: the way to other pages, the day that is shown, whoever looks.

use axum::http::HeaderMap;
use cookie::Cookie;
use jiff::civil::Date;
use surety_aims::{Action, Kind, Principal, RecordId, Ref, Role, permit};
use surety_engine::{
    View,
    accounts::{BegunSession, csrf_of, name_of},
    sheets::People,
};
use surety_reports::views::words;

use super::text::{Links, capitalised};
use crate::{
    call::{Call, Visit},
    problem::Problem,
    web,
};

/// Light or dark colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system of whoever looks has it.
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: &[Theme] = &[Theme::Auto, Theme::Light, Theme::Dark];

    /// As a form and a cookie write it.
    pub(crate) fn value(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    pub(crate) fn from_value(value: &str) -> Option<Theme> {
        Theme::ALL.iter().copied().find(|theme| theme.value() == value)
    }

    /// What the page begins with; a script puts the other if the system asks for it.
    pub(crate) fn name(self) -> &'static str {
        if self == Theme::Dark { "dark" } else { "light" }
    }

    pub(crate) fn is_open(self) -> bool {
        self == Theme::Auto
    }
}

/// The cookie that keeps the choice of colours, which says nothing about anybody.
pub(crate) const THEME_COOKIE: &str = "surety-theme";

/// The colours that a browser asks for.
pub(crate) fn theme(headers: &HeaderMap) -> Theme {
    let texts = headers.get_all(axum::http::header::COOKIE).iter();
    let texts = texts.filter_map(|value| value.to_str().ok());
    let mut cookies = texts.flat_map(Cookie::split_parse).filter_map(Result::ok);
    let chosen = cookies.find(|cookie| cookie.name() == THEME_COOKIE);
    chosen.and_then(|cookie| Theme::from_value(cookie.value())).unwrap_or(Theme::Auto)
}

/// Days ahead that a date of one's own waits in the inbox.
pub(crate) const INBOX_DAYS: i32 = 14;

/// What surrounds a page.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    pub(crate) title: String,
    /// What the page answers, in one sentence.
    pub(crate) lead: String,
    pub(crate) theme: Theme,
    /// Scripts that this page needs beside those of every page.
    pub(crate) scripts: Vec<&'static str>,
    /// The organisation; none on pages of nobody's.
    pub(crate) place: Option<Place>,
    /// The token of the session on pages of an account, which belong to no organisation.
    own_csrf: String,
}

/// An organisation, and somebody in it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) name: String,
    /// `/o/harbour-ferries`.
    pub(crate) base: String,
    pub(crate) groups: Vec<Group>,
    /// The day in the past that is shown; `None`: the newest.
    pub(crate) past: Option<Date>,
    /// The newest day that can be shown.
    pub(crate) newest: Date,
    pub(crate) person: String,
    /// Whoever looks, among the persons of the organisation.
    pub(crate) me: Option<RecordId>,
    pub(crate) role: String,
    /// How much waits for whoever looks, now or on the day that is shown.
    pub(crate) waiting: usize,
    pub(crate) csrf: String,
    pub(crate) principal: Principal,
    /// Whether the page is of now and whoever looks is not limited to a part.
    pub(crate) is_open: bool,
    /// This address.
    pub(crate) here: String,
    pub(crate) here_path: String,
    /// Its query, without the day.
    pub(crate) here_query: Vec<(String, String)>,
    /// The same address of today.
    pub(crate) here_now: String,
}

/// Pages of one sort in the rail.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) items: Vec<Item>,
}

#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) name: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) href: String,
    pub(crate) here: bool,
}

/// The rail: groups by the question that people come with, each page by name, picture and path.
type Rail = [(&'static str, &'static [RailItem])];
type RailItem = (&'static str, &'static str, &'static str);

const RAIL: &Rail = &[
    (
        "Work",
        &[
            ("Today", "sun", ""),
            ("Plan", "list-check", "/plan"),
            ("Due", "calendar-due", "/due"),
            ("Inbox", "inbox", "/inbox"),
        ],
    ),
    (
        "AI systems",
        &[
            ("Systems", "cpu", "/records/ai_system"),
            ("Data", "database", "/records/dataset_card"),
            ("Suppliers", "building-store", "/records/supplier"),
        ],
    ),
    (
        "Controls",
        &[
            ("SoA", "grid-dots", "/soa"),
            ("Gap", "target", "/gap"),
            ("Frameworks", "books", "/frameworks"),
            ("Evidence", "paperclip", "/records/evidence_item"),
        ],
    ),
    (
        "Risk",
        &[
            ("Risks", "alert-triangle", "/risks"),
            ("Impact", "users", "/records/impact_assessment"),
            ("Incidents", "flame", "/records/incident"),
        ],
    ),
    (
        "Law",
        &[
            ("Classes", "scale", "/classes"),
            ("Obligations", "gavel", "/obligations"),
            ("Calendar", "calendar-event", "/law"),
        ],
    ),
    (
        "Governance",
        &[
            ("Policies", "file-text", "/records/policy"),
            ("People", "user-circle", "/records/person"),
            ("Readiness", "certificate", "/readiness"),
            ("Audits", "clipboard-check", "/records/audit_finding"),
        ],
    ),
    (
        "Proof",
        &[
            ("Activity", "history", "/activity"),
            ("Ledger", "link", "/ledger"),
            ("Settings", "settings", "/settings"),
        ],
    ),
];

impl Shell {
    /// A page of nobody's.
    pub(crate) fn plain(title: &str, lead: &str) -> Shell {
        let (title, lead) = (title.to_owned(), lead.to_owned());
        let own_csrf = String::new();
        Shell { title, lead, theme: Theme::Auto, scripts: Vec::new(), place: None, own_csrf }
    }

    /// The same in the colours that a browser asks for.
    pub(crate) fn coloured(self, headers: &HeaderMap) -> Shell {
        Shell { theme: theme(headers), ..self }
    }

    /// A page about an account.
    pub(crate) fn of_visit(visit: &Visit, title: &str, lead: &str) -> Shell {
        let own_csrf = visit.caller.session().map(csrf_of).unwrap_or_default();
        Shell { own_csrf, ..Shell::plain(title, lead).coloured(&visit.headers) }
    }

    /// The same after the session went on under another id.
    pub(crate) fn renewed(self, begun: &BegunSession) -> Shell {
        Shell { own_csrf: begun.csrf.clone(), ..self }
    }

    /// A page of an organisation.
    ///
    /// # Errors
    /// If names can't be read, or the query asks for a day that is none.
    pub(crate) async fn of(
        call: &Call,
        view: &View,
        title: &str,
        lead: &str,
    ) -> Result<Shell, Problem> {
        let place = Place::of(call, view, &call.people().await?)?;
        let shell = Shell::plain(title, lead).coloured(&call.headers);
        Ok(Shell { place: Some(place), ..shell })
    }

    /// The same with a script of its own.
    pub(crate) fn with_script(mut self, name: &'static str) -> Shell {
        self.scripts.push(name);
        self
    }

    /// The address of a file for browsers; `None` if the server was built without them.
    pub(crate) fn asset(&self, name: &str) -> Option<&'static str> {
        web::address(name)
    }

    pub(crate) fn styles(&self) -> impl Iterator<Item = &'static str> {
        ["tabler.css", "surety.css"].into_iter().filter_map(web::address)
    }

    pub(crate) fn scripts(&self) -> impl Iterator<Item = &'static str> {
        let all = ["htmx.js", "surety.js"].into_iter().chain(self.scripts.iter().copied());
        all.filter_map(web::address)
    }

    /// Where ids lead to.
    pub(crate) fn links(&self) -> Links {
        let place = self.place.as_ref();
        let base = place.map(|place| place.base.clone()).unwrap_or_default();
        let past = place.and_then(|place| place.past);
        let suffix = past.map(|day| format!("?as_of={day}")).unwrap_or_default();
        Links { base, suffix }
    }

    /// An address below the organisation, of the same day.
    pub(crate) fn link(&self, path: impl AsRef<str>) -> String {
        self.place.as_ref().map(|place| place.link(path)).unwrap_or_default()
    }

    /// An address that programs ask too, of the same organisation and day.
    pub(crate) fn api(&self, path: impl AsRef<str>) -> String {
        let link = self.link(path);
        link.strip_prefix("/o/").map(|rest| format!("/api/v1/organisations/{rest}")).unwrap_or(link)
    }

    /// The token of the session, for forms.
    pub(crate) fn csrf(&self) -> &str {
        self.place.as_ref().map_or(&self.own_csrf, |place| &place.csrf)
    }

    /// Whether whoever looks may do anything at all to records of a kind, here and now.
    pub(crate) fn may_change(&self, kind: Kind) -> bool {
        let ways = [Action::State, Action::Move, Action::Approve, Action::Withdraw];
        ways.into_iter().any(|way| self.may(way(kind)))
    }

    /// Whether whoever looks may do this, here and now.
    pub(crate) fn may(&self, action: Action) -> bool {
        let place = self.place.as_ref().filter(|place| place.is_open);
        place.is_some_and(|place| permit(&place.principal, action).is_ok())
    }
}

impl Place {
    fn of(call: &Call, view: &View, people: &People) -> Result<Place, Problem> {
        let (id, name, _) = call.names();
        let base = format!("/o/{id}");
        let newest = call.until.unwrap_or_else(|| call.today());
        // A page that some form was sent to is of now.
        let asked = call.parsed::<Date>("as_of")?;
        let past = asked.filter(|day| *day < newest);
        let here = call.uri.path_and_query().map_or("/", |here| here.as_str()).to_owned();
        let here_path = call.uri.path().to_owned();
        let others = call.query.iter().filter(|(name, _)| name != "as_of");
        let here_query: Vec<_> = others.cloned().collect();
        let here_now = addressed(&here_path, &here_query);
        let csrf = call.caller.session().map(csrf_of).unwrap_or_default();
        let (me, person) = whoever(&call.principal, view, people);
        let mut place = Place {
            name: name.to_owned(),
            base,
            groups: Vec::new(),
            past,
            newest,
            person,
            me,
            role: capitalised(&words(&name_of(call.principal.role))),
            waiting: view.inbox(&call.principal, INBOX_DAYS).count(),
            csrf,
            principal: call.principal.clone(),
            is_open: past.is_none() && call.until.is_none() && call.systems.is_empty(),
            here,
            here_path,
            here_query,
            here_now,
        };
        place.groups = place.rail();
        Ok(place)
    }

    fn rail(&self) -> Vec<Group> {
        let path = self.here_path.strip_prefix(&self.base).unwrap_or_default();
        let is_here = |item: &str| match item {
            "" => path.is_empty(),
            _ => {
                path.strip_prefix(item).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        };
        let item = |(name, icon, path): &RailItem| Item {
            name,
            icon,
            href: self.link(path),
            here: is_here(path),
        };
        let reads_ledger = permit(&self.principal, Action::ReadLedger).is_ok();
        let is_shown = |path: &str| match path {
            "/ledger" => reads_ledger,
            "/settings" => self.principal.role == Role::Owner,
            _ => true,
        };
        let group = |(name, items): &(&'static str, &'static [RailItem])| Group {
            name,
            items: items.iter().filter(|(_, _, path)| is_shown(path)).map(item).collect(),
        };
        RAIL.iter().map(group).collect()
    }

    /// An address below the organisation, of the same day.
    pub(crate) fn link(&self, path: impl AsRef<str>) -> String {
        let path = path.as_ref();
        let joint = if path.contains('?') { '&' } else { '?' };
        match self.past {
            Some(day) => format!("{}{path}{joint}as_of={day}", self.base),
            None => format!("{}{path}", self.base),
        }
    }
}

/// Who looks, and what they are called.
fn whoever(principal: &Principal, view: &View, people: &People) -> (Option<RecordId>, String) {
    match principal.name.parse::<RecordId>() {
        Ok(id) if id.kind == Kind::Person => {
            (Some(id), people.name(view.book(), Ref::new(id.number)))
        }
        Ok(_) | Err(_) => (None, principal.name.to_string()),
    }
}

/// An address with a query.
pub(crate) fn addressed(path: &str, query: &[(String, String)]) -> String {
    if query.is_empty() {
        return path.to_owned();
    }
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(query);
    format!("{path}?{}", text.finish())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::*;

    #[test]
    fn colours_are_those_of_the_cookie_and_else_of_the_system() {
        for (cookie, expected) in [
            ("surety-theme=dark", Theme::Dark),
            ("surety=x; surety-theme=light", Theme::Light),
            ("surety-theme=\"><script>", Theme::Auto),
            ("", Theme::Auto),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
            assert_eq!(theme(&headers), expected, "{cookie}");
        }
    }

    #[test]
    fn the_rail_has_seven_groups_at_most_and_each_page_once() {
        assert!(RAIL.len() <= 7);
        let mut paths: Vec<_> =
            RAIL.iter().flat_map(|(_, items)| *items).map(|item| item.2).collect();
        let all = paths.len();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), all);
    }
}
