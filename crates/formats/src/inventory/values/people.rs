//! Names and addresses of people in cells.

use crate::inventory::fold::fold_word;

use super::is_blank;

/// Somebody as a cell names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PersonText {
    /// The name, or the address where no name is given.
    pub(crate) name: String,
    /// Lower case.
    pub(crate) email: Option<String>,
}

/// The people that a cell names: `Anna Weber`, `Weber, Anna`, `Anna Weber <anna@example.org>`, several after `;`, `/`,
/// `&` or a line break.
pub(crate) fn people(text: &str) -> Vec<PersonText> {
    let separators = |c: char| matches!(c, ';' | '\n' | '\r' | '|' | '/' | '&');
    text.split(separators)
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" und "))
        .flat_map(split_commas)
        .filter_map(|part| person(&part))
        .collect()
}

/// Whether a name is a unit's rather than a person's: `Marketing team`.
pub(crate) fn looks_like_unit(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "team",
        "department",
        "dept",
        "division",
        "group",
        "unit",
        "office",
        "committee",
        "board",
        "abteilung",
        "bereich",
        "referat",
        "gruppe",
        "service",
        "services",
        "direction",
        "departement",
        "it",
        "hr",
        "legal",
        "finance",
        "marketing",
        "sales",
        "operations",
        "engineering",
        "procurement",
        "compliance",
        "security",
        "management",
        "desk",
        "support",
        "personalabteilung",
        "vertrieb",
        "einkauf",
        "rechtsabteilung",
        "squad",
        "council",
        "centre",
        "center",
        "lab",
        "all",
    ];
    fold_word(name).split(' ').any(|word| WORDS.contains(&word))
}

/// `Weber, Anna` is one person, `Anna Weber, Ben Ode` are two.
fn split_commas(part: &str) -> Vec<String> {
    let pieces: Vec<&str> =
        part.split(',').map(str::trim).filter(|piece| !piece.is_empty()).collect();
    match pieces.as_slice() {
        [last, first] if !last.contains(' ') && !last.contains('@') && !first.contains('@') => {
            vec![format!("{first} {last}")]
        }
        pieces => pieces.iter().map(|piece| (*piece).to_owned()).collect(),
    }
}

fn person(part: &str) -> Option<PersonText> {
    let email = part
        .split(|c: char| {
            c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '"' | ',')
        })
        .map(|word| word.trim_start_matches("mailto:"))
        .find(|word| is_email(word));
    let name = match email {
        Some(email) => part.replacen(email, " ", 1).replace("mailto:", " "),
        None => part.to_owned(),
    };
    // What is in brackets after a name is a role or a unit.
    let name = name.split(['(', '<', '[']).next().unwrap_or_default();
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '-' | ':' | ','));
    let email = email.map(str::to_lowercase);
    let name = if is_blank(name) { email.clone()? } else { untitled(name) };
    Some(PersonText { name, email })
}

/// Without forms of address and academic titles, which one table writes and the next leaves out.
fn untitled(name: &str) -> String {
    const TITLES: &[&str] =
        &["dr", "prof", "mr", "mrs", "ms", "herr", "frau", "m", "mme", "dipl", "ing"];
    let mut words: Vec<&str> = name.split_whitespace().collect();
    while let [first, _, ..] = words.as_slice()
        && TITLES.contains(&first.trim_end_matches('.').to_lowercase().as_str())
    {
        words.remove(0);
    }
    words.join(" ")
}

fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains('@')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Option<String>)> {
        people(text).into_iter().map(|person| (person.name, person.email)).collect()
    }

    #[test]
    fn people_are_read_as_cells_name_them() {
        let anna = || ("Anna Weber".to_owned(), None);
        let ben = || ("Ben Ode".to_owned(), None);
        let with_mail = || ("Anna Weber".to_owned(), Some("anna@example.org".to_owned()));
        for (text, expected) in [
            ("Anna Weber", vec![anna()]),
            ("Weber, Anna", vec![anna()]),
            ("Prof. Dr. Anna Weber", vec![anna()]),
            ("Frau Anna Weber", vec![anna()]),
            ("Anna  Weber (Head of HR)", vec![anna()]),
            ("Anna Weber; Ben Ode", vec![anna(), ben()]),
            ("Anna Weber, Ben Ode", vec![anna(), ben()]),
            ("Anna Weber / Ben Ode", vec![anna(), ben()]),
            ("Anna Weber <Anna@Example.org>", vec![with_mail()]),
            ("Anna Weber (anna@example.org)", vec![with_mail()]),
            (
                "anna@example.org",
                vec![("anna@example.org".to_owned(), Some("anna@example.org".to_owned()))],
            ),
            ("tbd", vec![]),
            (" - ", vec![]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_team_is_not_a_person() {
        assert!(looks_like_unit("Marketing team"));
        assert!(looks_like_unit("IT"));
        assert!(!looks_like_unit("Anna Weber"));
    }
}
