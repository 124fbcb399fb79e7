//! One policy as a document: its text, who approved it, and how it came about.

use jiff::{Timestamp, tz::TimeZone};
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
use surety_aims::{Record, of, records::Policy};

use super::{
    Names, facts,
    words::{choice, choices, said},
};
use crate::sheet::{Cell, Column, Kind, Sheet, prose::Manner};

/// One step in the life of the record, as the history tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Number of the entry on the ledger.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it, as the entry names them.
    pub by: String,
    /// What happened.
    pub what: String,
    /// What it was about.
    pub detail: String,
}

/// The version that counts: the one in force, or what is stated where none ever was.
fn counting(record: &Record) -> Option<&Policy> {
    let stated = of::<Policy>(record);
    let surety_aims::Body::Policy(in_force) = record.effective()? else { return stated };
    Some(in_force)
}

/// The title of the document.
pub fn title(record: &Record) -> String {
    counting(record)
        .or(of::<Policy>(record))
        .map_or_else(String::new, |policy| policy.title.clone())
}

/// What the front of the document says about the policy.
pub fn front(record: &Record, names: &Names<'_>) -> Vec<(String, String)> {
    let Some(policy) = counting(record).or(of::<Policy>(record)) else { return Vec::new() };
    let day = |date: jiff::civil::Date| date.strftime("%-d %B %Y").to_string();
    let mut front = vec![("Policy", record.id.to_string()), ("Version", policy.version.clone())];
    front.push(match approval(record) {
        Some((by, at)) => {
            let on = at.to_zoned(TimeZone::UTC).date();
            ("Approved", format!("{} by {}", day(on), names.actor(by).words()))
        }
        None => ("State", said(record.state).words().into_owned()),
    });
    front.extend(policy.owner.map(|owner| ("Owner", (names.person)(owner))));
    front.extend(policy.effective_from.map(|date| ("In force from", day(date))));
    front.extend(policy.next_review.map(|date| ("Next review", day(date))));
    let filled = front.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(label, value)| (label.to_owned(), value)).collect()
}

/// Who brought the version that counts into force, and when.
fn approval(record: &Record) -> Option<(&str, Timestamp)> {
    let mark = if record.lifecycle().is_in_force(record.state) {
        record.moved.as_ref()
    } else {
        record.in_force.as_deref().map(|force| &force.since)
    };
    mark.map(|mark| (&*mark.by, mark.at))
}

/// All sheets: "Text", "Control", "Reviews", "History".
pub fn sheets(record: &Record, history: &[Step], names: &Names<'_>) -> Vec<Sheet> {
    let Some(policy) = counting(record).or(of::<Policy>(record)) else { return Vec::new() };
    let mut sheets = vec![text(policy), control(record, policy, names)];
    if !policy.review_log.is_empty() {
        sheets.push(reviews(policy, names));
    }
    sheets.push(steps("Entries of the ledger about this policy", history, names));
    sheets
}

fn text(policy: &Policy) -> Sheet {
    let mut sheet = Sheet::prose("Text", "Policy");
    write_markdown(&mut sheet, &policy.body);
    if let Some(file) = policy.file.as_ref().filter(|_| sheet.rows.is_empty()) {
        sheet.say(Manner::Paragraph, format!("The text is in the file {}.", file.name));
    }
    if !policy.principles.is_empty() {
        sheet.say(Manner::Heading(1), "Principles");
        for principle in &policy.principles {
            sheet.say(Manner::Item, principle.as_str());
        }
    }
    if !policy.exceptions_process.trim().is_empty() {
        sheet.say(Manner::Heading(1), "Exceptions");
        sheet.say(Manner::Paragraph, policy.exceptions_process.as_str());
    }
    sheet
}

/// The blocks of a Markdown text; emphasis, links and markup within them become plain words.
#[expect(clippy::wildcard_enum_match_arm, reason = "marks within a block say nothing about blocks")]
fn write_markdown(sheet: &mut Sheet, markdown: &str) {
    let mut lists: Vec<Manner> = Vec::new();
    let mut manner = Manner::Paragraph;
    let mut text = String::new();
    let mut flush = |manner: Manner, text: &mut String| {
        if !text.trim().is_empty() {
            sheet.say(manner, text.trim());
        }
        text.clear();
    };
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                flush(manner, &mut text);
                manner = Manner::Heading(depth(level));
            }
            Event::Start(Tag::List(first)) => {
                flush(manner, &mut text);
                lists.push(if first.is_some() { Manner::Step } else { Manner::Item });
            }
            Event::Start(Tag::Item) => manner = lists.last().copied().unwrap_or(Manner::Item),
            Event::End(TagEnd::List(_)) => {
                lists.pop();
                manner = lists.last().copied().unwrap_or(Manner::Paragraph);
            }
            Event::End(
                TagEnd::Heading(_)
                | TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::HtmlBlock,
            ) => {
                flush(manner, &mut text);
                manner = lists.last().copied().unwrap_or(Manner::Paragraph);
            }
            Event::Text(words)
            | Event::Code(words)
            | Event::Html(words)
            | Event::InlineHtml(words) => {
                text.push_str(&words);
            }
            Event::SoftBreak => text.push(' '),
            Event::HardBreak => text.push('\n'),
            // Emphasis, links and quotes set no block of their own; rules and marks of extensions say nothing.
            _ => {}
        }
    }
    flush(manner, &mut text);
}

fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 | HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => 3,
    }
}

fn control(record: &Record, policy: &Policy, names: &Names<'_>) -> Sheet {
    let mut sheet = facts::sheet("Control", "Document control");
    let approved = approval(record).map(|(by, at)| {
        let on = at.to_zoned(TimeZone::UTC).date();
        Cell::from(format!("{} by {}", on.strftime("%-d %b %Y"), names.actor(by).words()))
    });
    let requirements: Vec<String> =
        policy.clause_refs.iter().map(|requirement| requirement.0.as_str().to_owned()).collect();
    let lines: [(&str, Cell); 13] = [
        ("Policy", format!("{} {}", record.id, policy.title).into()),
        ("Kind", choice(policy.kind)),
        ("Version", policy.version.clone().into()),
        ("State of the record", said(record.state)),
        ("Owner", names.person(policy.owner)),
        ("To be approved by", names.person(policy.approver)),
        ("Approved", approved.unwrap_or_default()),
        ("In force from", policy.effective_from.into()),
        ("Next review", policy.next_review.into()),
        ("Addressed to", policy.audience.join(", ").into()),
        ("Available outside", choice(policy.external_availability)),
        ("Commitments", choices(&policy.commitments)),
        ("Answers", requirements.join(", ").into()),
    ];
    for (label, value) in lines {
        if value != Cell::EMPTY {
            sheet.push(vec![label.into(), value]);
        }
    }
    if !policy.related_policies.is_empty() {
        sheet.push(vec!["Related".into(), policy.related_policies.join(", ").into()]);
    }
    if of::<Policy>(record).is_some_and(|stated| stated != policy) {
        sheet.notes.push(format!(
            "A newer version is being prepared as version {} of the record; it is not in force.",
            record.version
        ));
    }
    sheet
}

fn reviews(policy: &Policy, names: &Names<'_>) -> Sheet {
    let columns = vec![
        Column::new("date", "Date", Kind::Date),
        Column::new("reviewer", "Reviewer", Kind::Text),
        Column::new("inputs", "Looked at", Kind::LongText),
        Column::new("outcome", "Outcome", Kind::LongText),
    ];
    let mut sheet = Sheet::new("Reviews", "Reviews", columns);
    for review in &policy.review_log {
        sheet.push(vec![
            review.date.into(),
            names.person(review.reviewer),
            review.inputs.clone().into(),
            review.outcome.clone().into(),
        ]);
    }
    sheet
}

/// What happened to a record, newest first.
pub(super) fn steps(title: &str, history: &[Step], names: &Names<'_>) -> Sheet {
    let columns = vec![
        Column::new("entry", "Entry", Kind::Number),
        Column::new("at", "When", Kind::Date).wide(25),
        Column::new("by", "Who", Kind::Text),
        Column::new("what", "What", Kind::Text).wide(34),
        Column::new("detail", "Fields or reason", Kind::LongText),
    ];
    let mut sheet = Sheet::new("History", title, columns);
    for step in history {
        sheet.push(vec![
            i64::try_from(step.seq).unwrap_or(i64::MAX).into(),
            step.at.into(),
            names.actor(&step.by),
            step.what.replace('_', " ").into(),
            step.detail.clone().into(),
        ]);
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_blocks_of_plain_words() {
        let mut sheet = Sheet::prose("Text", "Policy");
        let text = "Intro *with* stress\nand [a link](https://example.org).\n\n## Aims\n\n- one\n- two `x`\n\n1. first\n2. second\n\n<b>raw</b>";
        write_markdown(&mut sheet, text);
        let rows: Vec<String> = sheet
            .data()
            .map(|cells| format!("{}: {}", cells[0].words(), cells[1].words()))
            .collect();
        assert_eq!(
            rows,
            [
                "paragraph: Intro with stress and a link.",
                "heading 2: Aims",
                "item: one",
                "item: two x",
                "step: first",
                "step: second",
                "paragraph: <b>raw</b>",
            ]
        );
    }
}
