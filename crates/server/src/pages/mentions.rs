//! Who a comment speaks to. People write `@` and a name; what is kept says `@PER-3`, as names are never on the ledger.

use surety_aims::{Book, Kind, RecordId, Ref, records::Person};
use surety_engine::sheets::People;

use crate::html::{Links, Pieces};

/// A comment as it is kept.
pub(super) struct Spoken {
    pub(super) text: String,
    /// The persons whom it names, each once.
    pub(super) to: Vec<Ref<Person>>,
}

/// Everybody who can be spoken to, by what they are called.
pub(super) fn called(book: &Book, people: &People) -> Vec<(RecordId, String)> {
    let persons = book.of_kind(Kind::Person).map(|person| person.id);
    persons.map(|person| (person, people.called(book, person))).collect()
}

/// What somebody wrote, with ids in place of names that are one person's alone.
pub(super) fn spoken(written: &str, book: &Book, people: &People) -> Spoken {
    let text = by_id(written, &called(book, people));
    let words = text.split(|one: char| !one.is_ascii_alphanumeric() && one != '-');
    let persons = words.filter_map(|word| word.parse::<Ref<Person>>().ok());
    let mut to: Vec<_> = persons.filter(|person| book.find(*person).is_some()).collect();
    to.sort_unstable();
    to.dedup();
    Spoken { text, to }
}

/// A comment as it is shown: who is spoken to stands there by name.
pub(super) fn shown(links: &Links, text: &str, book: &Book, people: &People) -> Pieces {
    links.spoken(text, |person| people.called(book, person))
}

fn by_id(written: &str, called: &[(RecordId, String)]) -> String {
    let (mut text, mut rest) = (String::with_capacity(written.len()), written);
    while let Some((before, after)) = rest.split_once('@') {
        text.push_str(before);
        // What stands in an address of e-mail is no name.
        let begins = !before.ends_with(char::is_alphanumeric);
        text.push('@');
        rest = after;
        if begins && let Some((person, bytes)) = named(after, called) {
            text.push_str(&person.to_string());
            rest = after.get(bytes..).unwrap_or_default();
        }
    }
    text + rest
}

/// The person whose name a text begins with, and how long it is there; `None`: nobody's, or of several people.
fn named(text: &str, called: &[(RecordId, String)]) -> Option<(RecordId, usize)> {
    let fits = called.iter().filter_map(|(person, name)| Some((*person, length(text, name)?)));
    let fits: Vec<_> = fits.collect();
    let longest = fits.iter().map(|(_, bytes)| *bytes).max()?;
    let mut longest = fits.into_iter().filter(|(_, bytes)| *bytes == longest);
    longest.next().filter(|_| longest.next().is_none())
}

/// How many bytes of `text` are `name`, whatever the case of its letters; `None`: it begins with something else.
fn length(text: &str, name: &str) -> Option<usize> {
    let mut rest = text.chars();
    for wanted in name.chars() {
        let given = rest.next()?;
        if !given.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    let left = rest.as_str();
    let is_whole = !name.is_empty() && !left.starts_with(char::is_alphanumeric);
    is_whole.then(|| text.len().saturating_sub(left.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> Vec<(RecordId, String)> {
        let people = [
            ("PER-1", "Kim Harper"),
            ("PER-2", "Kim Harper-Voss"),
            ("PER-3", "Émile Ørsted"),
            ("PER-4", "Ana Silva"),
            ("PER-5", "Ana Silva"),
            ("PER-6", ""),
        ];
        people.map(|(id, name)| (id.parse().unwrap(), name.to_owned())).to_vec()
    }

    #[test]
    fn a_name_that_is_one_persons_alone_becomes_their_id() {
        for (written, kept) in [
            ("@Kim Harper: which berth?", "@PER-1: which berth?"),
            ("ask @kim harper-voss, please", "ask @PER-2, please"),
            ("(@ÉMILE ØRSTED)", "(@PER-3)"),
            ("@Kim Harper @Kim Harper", "@PER-1 @PER-1"),
            ("@PER-3 knows", "@PER-3 knows"),
            ("@Kim Harpers boat", "@Kim Harpers boat"),
            ("@Kim alone", "@Kim alone"),
            ("@Ana Silva is two people", "@Ana Silva is two people"),
            ("mail x@Kim Harper", "mail x@Kim Harper"),
            ("@ @@", "@ @@"),
        ] {
            assert_eq!(by_id(written, &people()), kept, "{written}");
        }
    }

    #[test]
    fn no_text_is_cut_within_a_letter() {
        proptest::proptest!(|(text in "(@|Kim Harper|é|Émile Ørsted|İ|.){0,12}")| {
            let kept = by_id(&text, &people());
            proptest::prop_assert_eq!(kept.matches('@').count(), text.matches('@').count());
        });
    }
}
