//! Words and dates as people read them, and what in a text leads somewhere.

use askama::Template;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use surety_aims::{Kind, RecordId};

/// `2 Dec 2026`.
pub(crate) fn day(day: Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

/// `2 Dec 2026, 14:05 UTC`.
pub(crate) fn moment(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).strftime("%-d %b %Y, %H:%M UTC").to_string()
}

/// How far a day is from another: `in 12 days`, `3 days ago`.
pub(crate) fn distance(to: Date, from: Date) -> String {
    let days = (to - from).get_days();
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        2.. => format!("in {}", span(days)),
        _ => format!("{} ago", span(-days)),
    }
}

/// How far an instant is from another: `in 2 days 4 hours`, `35 minutes ago`.
pub(crate) fn countdown(to: Timestamp, from: Timestamp) -> String {
    let minutes = to.duration_since(from).as_mins();
    let words = lasting(minutes.unsigned_abs());
    match minutes {
        0 => "now".to_owned(),
        1.. => format!("in {words}"),
        _ => format!("{words} ago"),
    }
}

/// The two largest units of so many minutes.
fn lasting(minutes: u64) -> String {
    let units = [("day", minutes / 1_440), ("hour", minutes / 60 % 24), ("minute", minutes % 60)];
    let mut parts = units.into_iter().skip_while(|(_, count)| *count == 0).take(2);
    let part = |(unit, count): (&str, u64)| {
        (count > 0).then(|| format!("{count} {unit}{}", if count == 1 { "" } else { "s" }))
    };
    [parts.next(), parts.next()]
        .into_iter()
        .flatten()
        .filter_map(part)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Days for some weeks, then months, then years: as exact as somebody wants to know it.
fn span(days: i32) -> String {
    let (count, unit) = match days {
        ..90 => (days, "day"),
        90..730 => (days / 30, "month"),
        _ => (days / 365, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// `text` with a capital letter.
pub(crate) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Link { text: String, href: String },
}

/// A text with what leads somewhere in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "parts/pieces.html")]
pub(crate) struct Pieces {
    pub(crate) all: Vec<Piece>,
}

impl Pieces {
    pub(crate) fn plain(text: impl Into<String>) -> Pieces {
        Pieces { all: vec![Piece::Text(text.into())] }
    }

    pub(crate) fn link(text: impl Into<String>, href: impl Into<String>) -> Pieces {
        Pieces { all: vec![Piece::Link { text: text.into(), href: href.into() }] }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// Where ids in texts lead to: the records of one organisation, at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    /// `/o/harbour-ferries`.
    pub(crate) base: String,
    /// `?as_of=2026-03-01`, or nothing.
    pub(crate) suffix: String,
}

impl Links {
    pub(crate) fn record(&self, id: RecordId) -> String {
        format!("{}/records/{}/{id}{}", self.base, id.kind, self.suffix)
    }

    /// A text whose ids of records are links.
    pub(crate) fn pieces(&self, text: &str) -> Pieces {
        let mut pieces = Vec::new();
        let (mut rest, mut plain) = (text, String::new());
        while let Some((before, word, after)) = next_id(rest) {
            plain.push_str(before);
            match word.parse::<RecordId>() {
                Ok(id) => {
                    if !plain.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    }
                    pieces.push(Piece::Link { text: word.to_owned(), href: self.record(id) });
                }
                Err(_) => plain.push_str(word),
            }
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Pieces { all: pieces }
    }

    /// The same, in which whoever is spoken to, as `@PER-3`, is called what `called` says.
    pub(crate) fn spoken(&self, text: &str, called: impl Fn(RecordId) -> String) -> Pieces {
        let mut all: Vec<Piece> = Vec::new();
        for piece in self.pieces(text).all {
            let person = match &piece {
                Piece::Link { text, .. } => text.parse::<RecordId>().ok(),
                Piece::Text(_) => None,
            };
            match (person.filter(|id| id.kind == Kind::Person), all.last_mut(), piece) {
                (Some(id), Some(Piece::Text(before)), Piece::Link { href, .. })
                    if before.ends_with('@') =>
                {
                    before.pop();
                    all.push(Piece::Link { text: format!("@{}", called(id)), href });
                }
                (_, _, piece) => all.push(piece),
            }
        }
        all.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        Pieces { all }
    }
}

/// The first thing in a text that looks like an id, with what stands before and after it.
fn next_id(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find('-') {
        let dash = from.saturating_add(found);
        let (start, end) = (dash.checked_sub(3), digits_end(text, dash.saturating_add(1)));
        if let Some(start) = start
            && let Some(prefix) = text.get(start..dash)
            && Kind::from_prefix(prefix).is_some()
            && !text.get(..start)?.ends_with(|before: char| before.is_alphanumeric())
            && end > dash.saturating_add(1)
        {
            return Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?));
        }
        from = dash.saturating_add(1);
    }
    None
}

fn digits_end(text: &str, from: usize) -> usize {
    let digits = text.get(from..).unwrap_or_default().bytes().take_while(u8::is_ascii_digit);
    from.saturating_add(digits.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn distances_are_as_exact_as_one_wants_to_know() {
        let today = date("2026-11-20");
        for (to, says) in [
            ("2026-11-20", "today"),
            ("2026-11-21", "tomorrow"),
            ("2026-11-19", "yesterday"),
            ("2026-12-02", "in 12 days"),
            ("2026-11-01", "19 days ago"),
            ("2027-05-20", "in 6 months"),
            ("2023-11-20", "3 years ago"),
        ] {
            assert_eq!(distance(date(to), today), says, "{to}");
        }
        assert_eq!(day(today), "20 Nov 2026");
    }

    #[test]
    fn countdowns_name_the_two_largest_units() {
        let now: Timestamp = "2026-11-20T15:00:00Z".parse().unwrap();
        for (to, says) in [
            ("2026-11-20T15:00:20Z", "now"),
            ("2026-11-20T15:35:00Z", "in 35 minutes"),
            ("2026-11-22T19:30:00Z", "in 2 days 4 hours"),
            ("2026-11-21T15:05:00Z", "in 1 day"),
            ("2026-11-20T13:59:00Z", "1 hour 1 minute ago"),
        ] {
            assert_eq!(countdown(to.parse().unwrap(), now), says, "{to}");
        }
    }

    #[test]
    fn ids_of_records_are_links_and_nothing_else_is() {
        let links = Links { base: "/o/x".to_owned(), suffix: "?as_of=2026-03-01".to_owned() };
        let link = |text: &str, kind: &str| Piece::Link {
            text: text.to_owned(),
            href: format!("/o/x/records/{kind}/{text}?as_of=2026-03-01"),
        };
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(
            links.pieces("SYS-1 rests on (RSK-12), not on ISO-27001, ASYS-1 or SYS-.").all,
            [
                link("SYS-1", "ai_system"),
                text(" rests on ("),
                link("RSK-12", "risk"),
                text("), not on ISO-27001, ASYS-1 or SYS-."),
            ]
        );
        assert_eq!(links.pieces("é-1 – plain").all, [text("é-1 – plain")]);
        assert_eq!(links.pieces("").all, []);
    }

    #[test]
    fn whoever_is_spoken_to_is_called_by_name() {
        let links = Links { base: "/o/x".to_owned(), suffix: String::new() };
        let link = |text: &str, path: &str| Piece::Link {
            text: text.to_owned(),
            href: format!("/o/x/records/{path}"),
        };
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(
            links.spoken("@PER-3, see @SYS-1 and PER-2", |_| "Kim Harper".to_owned()).all,
            [
                link("@Kim Harper", "person/PER-3"),
                text(", see @"),
                link("SYS-1", "ai_system/SYS-1"),
                text(" and "),
                link("PER-2", "person/PER-2"),
            ]
        );
    }

    #[test]
    fn a_text_and_its_pieces_say_the_same() {
        let links = Links { base: "/o/x".to_owned(), suffix: String::new() };
        proptest::proptest!(|(text in "[A-Z]{0,4}-?[0-9é ]{0,4}(SYS-[0-9]{0,20})?.{0,8}")| {
            let said: String = links.pieces(&text).all.into_iter().map(|piece| match piece {
                Piece::Text(text) | Piece::Link { text, .. } => text,
            }).collect();
            proptest::prop_assert_eq!(said, text);
        });
    }
}
