//! What somebody looks for, and where in a text it is.

use std::ops::Range;

use super::words::{Word, stem, words};
use crate::Error;

/// The longest query, in characters, and the most words of one that count.
const LONGEST: usize = 200;
const MOST_WORDS: usize = 8;
/// Letters from which on a word is also found if one of them is wrong.
const LONG_WORD: usize = 5;
/// What quotes a phrase, beside `"`.
const QUOTES: [char; 5] = ['“', '”', '„', '«', '»'];

/// What somebody looks for: words, phrases in quotes, ids. There is no other syntax; what is neither letter nor digit only
/// parts words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub(super) sought: Vec<Sought>,
}

/// One word, or several that stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sought {
    /// One at least.
    pub(super) words: Vec<String>,
    /// The id that it may be, in lower case.
    pub(super) id: Option<String>,
    /// Of a single word that is not in quotes.
    pub(super) stem: Option<String>,
    /// Whether its last word may still be being typed.
    pub(super) open: bool,
}

/// How well a place fits, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// But for one letter.
    Nearly,
    /// Another word of the family, or a longer one.
    Alike,
    Exactly,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'t> {
    pub text: &'t str,
    /// Whether it is what somebody looks for.
    pub found: bool,
}

impl Query {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// [`Error::Input`] for a query without words, or too long. Nothing else can be wrong with one.
    pub fn read(text: &str) -> Result<Query, Error> {
        if text.chars().nth(LONGEST).is_some() {
            return Err(Error::Input(format!("the query has more than {LONGEST} characters")));
        }
        let straight = text.replace(QUOTES, "\"");
        let mut sought = Vec::new();
        let mut open = false;
        for (number, part) in straight.split('"').enumerate() {
            let before = sought.len();
            if number % 2 == 0 {
                sought.extend(part.split_whitespace().filter_map(Sought::word));
            } else {
                sought.extend(Sought::phrase(part));
            }
            open = sought.len() > before;
        }
        if let Some(last) = sought.last_mut() {
            last.open = open;
        }
        sought.truncate(MOST_WORDS);
        if sought.is_empty() {
            return Err(Error::Input("the query has no word to look for".to_owned()));
        }
        Ok(Query { sought })
    }

    /// A text in parts: what is looked for, and what stands between.
    pub fn marked<'t>(&self, text: &'t str) -> Vec<Piece<'t>> {
        let all = words(text);
        let mut places: Vec<Range<usize>> =
            self.sought.iter().flat_map(|sought| sought.places(&all)).map(|(at, _)| at).collect();
        places.sort_by_key(|at| (at.start, at.end));
        let mut pieces = Vec::new();
        let mut done = 0;
        for at in places {
            // Places that overlap become one after the other.
            let start = at.start.max(done);
            pieces.push(Piece { text: text.get(done..start).unwrap_or_default(), found: false });
            pieces.push(Piece { text: text.get(start..at.end).unwrap_or_default(), found: true });
            done = done.max(at.end);
        }
        pieces.push(Piece { text: text.get(done..).unwrap_or_default(), found: false });
        pieces.retain(|piece| !piece.text.is_empty());
        pieces
    }
}

impl Sought {
    /// What stands between two spaces. If signs part it, its words have to stand side by side.
    fn word(text: &str) -> Option<Sought> {
        let mut sought = Sought::phrase(text)?;
        if let [word] = sought.words.as_slice() {
            sought.stem = Some(stem(word));
        }
        Some(sought)
    }

    /// What stands in quotes.
    fn phrase(text: &str) -> Option<Sought> {
        let words: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
        let id = match words.as_slice() {
            [] => return None,
            [prefix, number] if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(format!("{prefix}-{number}"))
            }
            _ => None,
        };
        Some(Sought { words, id, stem: None, open: false })
    }

    /// Whether one letter may be wrong.
    pub(super) fn forgives(&self) -> bool {
        let word = self.words.first().map(String::as_str).unwrap_or_default();
        self.stem.is_some()
            && word.chars().nth(LONG_WORD - 1).is_some()
            && word.chars().all(char::is_alphabetic)
    }

    /// Where it stands in a text of these words.
    pub(super) fn places(&self, words: &[Word]) -> Vec<(Range<usize>, Fit)> {
        let place = |part: &[Word]| {
            let (first, last) = (part.first()?, part.last()?);
            Some((first.at.start..last.at.end, self.fits(part)?))
        };
        words.windows(self.words.len()).filter_map(place).collect()
    }

    /// How well as many words fit as are sought.
    fn fits(&self, words: &[Word]) -> Option<Fit> {
        let mut worst = Fit::Exactly;
        let mut left = self.words.len();
        for (sought, word) in self.words.iter().zip(words) {
            left -= 1;
            let goes_on = self.open && left == 0 && word.text.starts_with(sought);
            let fit = match sought == &word.text {
                true => Fit::Exactly,
                false if goes_on => Fit::Alike,
                false => self.resembles(sought, &word.text)?,
            };
            worst = worst.min(fit);
        }
        Some(worst)
    }

    fn resembles(&self, sought: &str, word: &str) -> Option<Fit> {
        let known = self.stem.as_ref()?;
        // Stems are dear, and a family of words has its first letter in common.
        if word.chars().next() == known.chars().next() && stem(word) == *known {
            return Some(Fit::Alike);
        }
        (self.forgives() && is_near(sought, word)).then_some(Fit::Nearly)
    }
}

/// Whether one letter more, less or other, or two in the wrong order, are all that differs.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = |a: &mut dyn Iterator<Item = &char>, b: &mut dyn Iterator<Item = &char>| {
        a.zip(b).take_while(|(a, b)| a == b).count()
    };
    let start = same(&mut one.iter(), &mut other.iter());
    let one = one.get(start..).unwrap_or_default();
    let other = other.get(start..).unwrap_or_default();
    let end = same(&mut one.iter().rev(), &mut other.iter().rev());
    let middle = |word: &[char]| word.iter().take(word.len() - end).copied().collect::<Vec<_>>();
    match (middle(one).as_slice(), middle(other).as_slice()) {
        ([] | [_], [] | [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of a query, quoted if they have to stand side by side, with `*` if more may follow.
    fn read(text: &str) -> String {
        let show = |sought: &Sought| {
            let open = if sought.open { "*" } else { "" };
            match &sought.stem {
                Some(_) => format!("{}{open}", sought.words.join(" ")),
                None => format!("<{}{open}>", sought.words.join(" ")),
            }
        };
        match Query::read(text) {
            Ok(query) => query.sought.iter().map(show).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_query_is_words_and_phrases() {
        for (text, expected) in [
            ("Berth PLANNER", "berth planner*"),
            ("\"two ships\" berth", "<two ships> berth*"),
            ("berth \"two ships\"", "berth <two ships>"),
            ("berth \"two shi", "berth <two shi*>"),
            ("„zwei Schiffe“ im", "<zwei schiffe> im*"),
            ("third-party", "<third party*>"),
            ("rsk-12", "<rsk 12*>"),
            ("a AND (b OR -c) title:x~ [* TO *] \\ ^2", "a and b or c <title x> to 2*"),
            ("a b c d e f g h i j", "a b c d e f g h"),
            ("+ - \" \" *", "the query has no word to look for"),
            ("", "the query has no word to look for"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read(&"ö".repeat(200)), format!("{}*", "o".repeat(200)));
        assert_eq!(read(&"ö".repeat(201)), "the query has more than 200 characters");
    }

    #[test]
    fn one_letter_may_be_wrong() {
        for near in ["planner", "plannner", "planer", "plamner", "plannre", "lplanner"] {
            assert!(is_near("planner", near), "{near}");
        }
        for far in ["plane", "plnaenr", "planners1", "renalp", "", "plaXXer"] {
            assert!(!is_near("planner", far) && !is_near(far, "planner"), "{far}");
        }
    }

    /// A text with what a query finds in brackets.
    fn marked(query: &str, text: &str) -> String {
        let pieces = Query::read(query).unwrap().marked(text);
        assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), text);
        let show = |piece: &Piece<'_>| match piece.found {
            true => format!("[{}]", piece.text),
            false => piece.text.to_owned(),
        };
        pieces.iter().map(show).collect()
    }

    #[test]
    fn what_is_found_is_marked() {
        for (query, text, expected) in [
            ("policy", "Policies, and a police", "[Policies], and a [police]"),
            ("ship", "A ship, shipping, worship", "A [ship], [shipping], worship"),
            ("ship berth", "Shipped to the berths", "[Shipped] to the [berths]"),
            ("\"two ships\"", "Two ships, two fast ships", "[Two ships], two fast ships"),
            ("rsk-1", "See RSK-1 and RSK-12, not RSK 2", "See [RSK-1] and [RSK-12], not RSK 2"),
            ("koln", "In Köln & Ko\u{308}ln", "In [Köln] & [Ko\u{308}ln]"),
            ("asessment", "The assessment <b>", "The [assessment] <b>"),
            ("two \"two ships\"", "two ships", "[two][ ships]"),
            ("x", "", ""),
        ] {
            assert_eq!(marked(query, text), expected, "{query}");
        }
    }
}
