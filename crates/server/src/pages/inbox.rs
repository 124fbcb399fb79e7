//! The inbox: what waits for whoever looks, each with the way there.

use askama::Template;
use axum::response::Response;
use surety_aims::{
    Kind, RecordId, Ref,
    derive::{
        due::DueItem,
        inbox::{Approval, Mention},
    },
};
use surety_engine::{View, sheets::People};
use surety_reports::views::words;

use super::mentions::shown;
use crate::{
    call::Call,
    endpoint::{Endpoint, handler},
    html::{self, INBOX_DAYS, Links, Pieces, Shell, capitalised, day, distance, moment},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] =
    &[Endpoint::page("/inbox", "inboxPage", "What waits for you.", handler!(Organisation, inbox))
        .kept()];

#[derive(Template)]
#[template(path = "inbox.html")]
struct InboxPage {
    shell: Shell,
    mentions: Vec<Question>,
    approvals: Vec<Waiting>,
    due: Vec<Dated>,
    /// Whether whoever looks is a person of the organisation.
    is_person: bool,
}

/// A comment that names whoever looks.
struct Question {
    by: String,
    at: String,
    text: Pieces,
    href: String,
    id: String,
    title: String,
}

/// A record that waits for a second person.
struct Waiting {
    id: String,
    href: String,
    title: String,
    kind: String,
    state: String,
    by: String,
    since: String,
    steps: String,
}

struct Dated {
    what: String,
    id: String,
    href: String,
    title: String,
    day: String,
    distance: String,
    is_overdue: bool,
}

async fn inbox(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let people = call.people().await?;
    let lead = "Questions to you, approvals that are yours to give, and dates of what you own.";
    let shell = Shell::of(&call, &view, "Inbox", lead).await?;
    let found = view.inbox(&call.principal, INBOX_DAYS);
    let reading = Reading { view: &view, people: &people, links: shell.links() };
    let page = InboxPage {
        mentions: found.mentions.iter().map(|mention| reading.question(mention)).collect(),
        approvals: found.approvals.iter().map(|approval| reading.waiting(approval)).collect(),
        due: found.due.iter().map(|item| reading.dated(item)).collect(),
        is_person: shell.place.as_ref().is_some_and(|place| place.me.is_some()),
        shell,
    };
    html::page(&page)
}

struct Reading<'a> {
    view: &'a View,
    people: &'a People,
    links: Links,
}

impl Reading<'_> {
    fn question(&self, mention: &Mention<'_>) -> Question {
        let id = mention.about;
        let joint = if self.links.suffix.is_empty() { '?' } else { '&' };
        Question {
            by: self.actor(&mention.comment.created.by),
            at: moment(mention.comment.created.at),
            text: shown(&self.links, mention.text, self.view.book(), self.people),
            href: format!("{}{joint}tab=comments", self.links.record(id)),
            id: id.to_string(),
            title: self.people.called(self.view.book(), id),
        }
    }

    fn waiting(&self, approval: &Approval<'_>) -> Waiting {
        let record = approval.record;
        let steps: Vec<_> = approval.steps.iter().map(|step| words(step).into_owned()).collect();
        let last = record.moved.as_ref().unwrap_or(&record.stated);
        Waiting {
            id: record.id.to_string(),
            href: self.links.record(record.id),
            title: self.people.called(self.view.book(), record.id),
            kind: capitalised(record.id.kind.noun()),
            state: words(record.state).into_owned(),
            by: self.actor(&record.stated.by),
            since: moment(last.at),
            steps: steps.join(" or "),
        }
    }

    fn dated(&self, item: &DueItem<'_>) -> Dated {
        Dated {
            what: capitalised(item.what),
            id: item.record.to_string(),
            href: self.links.record(item.record),
            title: self.people.called(self.view.book(), item.record),
            day: day(item.date),
            distance: distance(item.date, self.view.on),
            is_overdue: item.days < 0,
        }
    }

    fn actor(&self, name: &str) -> String {
        match name.parse::<RecordId>() {
            Ok(id) if id.kind == Kind::Person => {
                self.people.name(self.view.book(), Ref::new(id.number))
            }
            Ok(_) | Err(_) => name.to_owned(),
        }
    }
}
