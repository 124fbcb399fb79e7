//! What an address asks of the Statement of Applicability, and the addresses that lead on from it.

use std::{fmt, str::FromStr};

use jiff::civil::Date;
use surety_aims::{Kind, RecordId, Ref, records::Person};
use surety_reports::views::soa::Standing;
use url::form_urlencoded::byte_serialize;

use super::super::views::framework;
use crate::{call::Call, html, problem::Problem};

/// How columns are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Group,
    /// The class under the AI Act.
    Class,
    /// Not at all.
    Nothing,
}

/// What of the statement is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Matrix,
    Statement,
    Cells,
    /// One cell without the matrix.
    Cell,
    /// The whole matrix in parts that fit on paper.
    Print,
}

/// A cell: a control, for an AI system or for the organisation as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) control: String,
    /// `None`: the organisation.
    pub(super) system: Option<RecordId>,
}

/// What the column of the organisation is called in addresses.
const WHOLE: &str = "organisation";

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Place, ()> {
        let (control, system) = text.rsplit_once('/').ok_or(())?;
        let system = column(system).ok_or(())?;
        if control.is_empty() {
            return Err(());
        }
        Ok(Place { control: control.to_owned(), system })
    }
}

/// A column as addresses name it: `SYS-3`, or `organisation`.
pub(super) fn column(text: &str) -> Option<Option<RecordId>> {
    if text == WHOLE {
        return Some(None);
    }
    let id: RecordId = text.parse().ok()?;
    (id.kind == Kind::AiSystem).then_some(Some(id))
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.system {
            Some(system) => write!(f, "{}/{system}", self.control),
            None => write!(f, "{}/{WHOLE}", self.control),
        }
    }
}

/// What an address asks for.
pub(super) struct Ask<'c> {
    pub(super) framework: &'c str,
    pub(super) part: Part,
    pub(super) by: By,
    pub(super) domain: &'c str,
    pub(super) group: &'c str,
    pub(super) state: Option<Standing>,
    pub(super) owner: Option<Ref<Person>>,
    /// In lower case.
    pub(super) text: String,
    /// The day with which it is compared.
    pub(super) from: Option<Date>,
    pub(super) cell: Option<Place>,
    /// Domains and groups that are folded.
    pub(super) folded: Vec<String>,
    pub(super) page: usize,
    /// The address as it is, for those that lead on.
    pub(super) address: Address<'c>,
}

/// The path and query of a page.
pub(super) struct Address<'c> {
    path: String,
    query: &'c [(String, String)],
}

/// What an address keeps on the way to another part of the page.
const KEPT: &[&str] = &[
    "framework",
    "by",
    "domain",
    "group",
    "state",
    "owner",
    "q",
    "from",
    "fold",
    "as_of",
    "view",
    "page",
];

impl<'c> Ask<'c> {
    pub(super) fn of(call: &'c Call) -> Result<Ask<'c>, Problem> {
        let given = |name| -> Result<&str, Problem> { Ok(call.text(name)?.unwrap_or_default()) };
        let read = |name: &'static str| -> Result<Option<&str>, Problem> {
            Ok(call.text(name)?.filter(|text| !text.is_empty()))
        };
        let wrong = |name: &str, text: &str| Problem::bad(format!("`{name}={text}` can't be read"));
        let state = read("state")?.map(|text| state(text).ok_or_else(|| wrong("state", text)));
        let owner = read("owner")?.map(|text| text.parse().map_err(|_| wrong("owner", text)));
        let from = read("from")?.map(|text| text.parse().map_err(|_| wrong("from", text)));
        let cell = read("cell")?.map(|text| text.parse().map_err(|()| wrong("cell", text)));
        Ok(Ask {
            framework: framework(call)?,
            part: match given("view")? {
                "statement" => Part::Statement,
                "cells" => Part::Cells,
                "cell" => Part::Cell,
                "print" => Part::Print,
                _ => Part::Matrix,
            },
            by: match given("by")? {
                "class" => By::Class,
                "none" => By::Nothing,
                _ => By::Group,
            },
            domain: given("domain")?,
            group: given("group")?,
            state: state.transpose()?,
            owner: owner.transpose()?,
            text: given("q")?.trim().to_lowercase(),
            from: from.transpose()?,
            cell: cell.transpose()?,
            folded: call.texts("fold"),
            page: call.number("page", 1..=100_000)?.unwrap_or(1),
            address: Address { path: home(call), query: &call.query },
        })
    }

    /// Whether some cells count and others do not.
    pub(super) fn is_narrowed(&self) -> bool {
        let texts = [self.domain, self.group, self.text.as_str()];
        texts.iter().any(|text| !text.is_empty()) || self.state.is_some() || self.owner.is_some()
    }

    fn kept(&self, is_kept: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let kept = |(name, value): &&(String, String)| {
            KEPT.contains(&name.as_str()) && !value.is_empty() && is_kept(name)
        };
        self.address.query.iter().filter(kept).cloned().collect()
    }

    /// The query without some parameters, as fields of a form.
    pub(super) fn without(&self, names: &[&str]) -> Vec<(String, String)> {
        self.kept(|name| !names.contains(&name))
    }

    /// The same address with another value of one parameter; empty: without it.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let mut query = self.kept(|known| known != name && known != "page");
        if !value.is_empty() {
            query.push((name.to_owned(), value.to_owned()));
        }
        html::addressed(&self.address.path, &query)
    }

    /// The same page with another number.
    pub(super) fn page(&self, page: usize) -> String {
        let mut query = self.kept(|known| known != "page");
        query.push(("page".to_owned(), page.to_string()));
        html::addressed(&self.address.path, &query)
    }

    /// The same with this folded, or unfolded.
    pub(super) fn folding(&self, id: &str) -> String {
        let mut query = self.kept(|known| known != "fold");
        let others = self.folded.iter().filter(|folded| *folded != id);
        query.extend(others.map(|folded| ("fold".to_owned(), folded.clone())));
        if !self.folded.iter().any(|folded| folded == id) {
            query.push(("fold".to_owned(), id.to_owned()));
        }
        html::addressed(&self.address.path, &query)
    }

    /// What an address that opens a cell begins with; the cell comes last.
    pub(super) fn opening(&self) -> String {
        let query = self.kept(|name| name != "view");
        let all = html::addressed(&self.address.path, &query);
        let joint = if query.is_empty() { '?' } else { '&' };
        format!("{all}{joint}cell=")
    }

    /// The matrix without an open cell.
    pub(super) fn closing(&self) -> String {
        html::addressed(&self.address.path, &self.kept(|name| name != "view"))
    }

    /// The address without any filter.
    pub(super) fn all(&self) -> String {
        let query =
            self.kept(|name| matches!(name, "framework" | "by" | "from" | "as_of" | "view"));
        html::addressed(&self.address.path, &query)
    }
}

/// The address of the matrix, from whichever page that belongs to it.
pub(super) fn home(call: &Call) -> String {
    let (organisation, ..) = call.names();
    format!("/o/{organisation}/soa")
}

/// A cell at the end of an address.
pub(super) fn written(control: &str, system: Option<RecordId>) -> String {
    let control: String = byte_serialize(control.as_bytes()).collect();
    match system {
        Some(system) => format!("{control}/{system}"),
        None => format!("{control}/{WHOLE}"),
    }
}

/// A standing by its word.
fn state(text: &str) -> Option<Standing> {
    Standing::ALL.into_iter().find(|standing| standing.word() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_they_are_written() {
        for text in ["A.6.2.4/SYS-3", "GOVERN 1.1/organisation", "a/b/SYS-1"] {
            let place: Place = text.parse().unwrap();
            assert_eq!(place.to_string(), text);
        }
        for wrong in ["", "A.2.2", "/SYS-1", "A.2.2/RSK-1", "A.2.2/"] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
        assert_eq!(written("GOVERN 1.1&x", None), "GOVERN+1.1%26x/organisation");
    }
}
