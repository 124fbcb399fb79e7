//! What waits for one person: questions to them, approvals that they may give, dates of theirs.
//!
//! Nothing is marked as read. A question waits until the person has said something about the same record; an approval until
//! somebody gave it or the record was stated anew; a date until what was due is done.

use jiff::civil::Date;

use super::due::{DueItem, due};
use crate::{
    Book, Principal, Record, RecordId, Ref, may_take, of,
    records::{Comment, Person},
};

/// What waits for somebody.
#[derive(Clone, Debug)]
pub struct Inbox<'b> {
    /// Comments that name the person and that they have not answered, newest first.
    pub mentions: Vec<Mention<'b>>,
    /// Records that wait for a second person, the longest waiting first.
    pub approvals: Vec<Approval<'b>>,
    /// What the person owns and is due, overdue first.
    pub due: Vec<DueItem<'b>>,
}

/// A comment that names somebody.
#[derive(Clone, Debug)]
pub struct Mention<'b> {
    pub comment: &'b Record,
    pub text: &'b str,
    /// The record that it is about.
    pub about: RecordId,
}

/// A record that waits for a second person.
#[derive(Clone, Debug)]
pub struct Approval<'b> {
    pub record: &'b Record,
    /// The steps that the person can take.
    pub steps: Vec<&'static str>,
}

impl Inbox<'_> {
    /// How much waits in all.
    pub fn count(&self) -> usize {
        [self.mentions.len(), self.approvals.len(), self.due.len()].iter().sum()
    }
}

/// What waits for `principal`, with dates up to `horizon` days ahead. Who is no person of the organisation is asked nothing and
/// owns nothing.
pub fn inbox<'b>(book: &'b Book, principal: &Principal, on: Date, horizon: i32) -> Inbox<'b> {
    let approvals = approvals(book, principal);
    let Ok(me) = principal.name.parse::<Ref<Person>>() else {
        return Inbox { mentions: Vec::new(), approvals, due: Vec::new() };
    };
    let mut due = due(book, on, Some(horizon)).items;
    due.retain(|item| item.owner == Some(me));
    Inbox { mentions: mentions(book, me, &principal.name), approvals, due }
}

/// Comments lie under whom they name, so that only those are looked at.
fn mentions<'b>(book: &'b Book, me: Ref<Person>, name: &str) -> Vec<Mention<'b>> {
    let named = book.referrers(me.id()).filter(|record| record.is_live());
    let mention = |comment: &'b Record| {
        let said = of::<Comment>(comment).filter(|said| said.mentions.contains(&me))?;
        let about = said.about?;
        let is_open = &*comment.created.by != name && !is_answered(book, about, comment, name);
        is_open.then_some(Mention { comment, text: &said.text, about })
    };
    let mut found: Vec<_> = named.filter_map(mention).collect();
    found.sort_by_key(|mention| std::cmp::Reverse(mention.comment.created.seq));
    found
}

/// Whether somebody has said something about the record since.
fn is_answered(book: &Book, about: RecordId, comment: &Record, name: &str) -> bool {
    let is_later = |other: &&Record| {
        other.created.seq > comment.created.seq && &*other.created.by == name && other.is_live()
    };
    let is_about =
        |other: &Record| of::<Comment>(other).is_some_and(|said| said.about == Some(about));
    book.referrers(about).filter(is_later).any(is_about)
}

/// What is in force already waits for nobody, though it can be judged anew.
fn approvals<'b>(book: &'b Book, principal: &Principal) -> Vec<Approval<'b>> {
    let approval = |record: &'b Record| {
        let life = record.lifecycle();
        if life.is_in_force(record.state) {
            return None;
        }
        let second = life.from(record.state).filter(|step| step.needs.second_person);
        let open = second.filter(|step| may_take(book, principal, record, step, "given").is_ok());
        let steps: Vec<_> = open.map(|step| step.action).collect();
        (!steps.is_empty()).then_some(Approval { record, steps })
    };
    let mut found: Vec<_> =
        book.records().filter(|record| record.is_live()).filter_map(approval).collect();
    found.sort_by_key(|approval| waits_since(approval.record));
    found
}

/// The entry by which a record came into its state.
fn waits_since(record: &Record) -> u64 {
    record.moved.as_ref().map_or(record.stated.seq, |moved| moved.seq.max(record.stated.seq))
}
