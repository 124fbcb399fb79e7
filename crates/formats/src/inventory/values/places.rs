//! Countries in cells.

use crate::inventory::fold::fold_word;

use super::list;

/// The countries that a cell names, as ISO 3166-1 alpha-2 where the name is known, else as written.
pub(crate) fn places(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for item in list(text).iter().flat_map(|item| item.split(['/', '&'])) {
        let place = code(item).map_or_else(|| item.trim().to_owned(), str::to_owned);
        if !place.is_empty() && !found.contains(&place) {
            found.push(place);
        }
    }
    found
}

fn code(name: &str) -> Option<&'static str> {
    let folded = fold_word(name);
    CODES
        .iter()
        .find(|(code, names)| names.contains(&folded.as_str()) || code.to_lowercase() == folded)
        .map(|(code, _)| *code)
}

const CODES: &[(&str, &[&str])] = &[
    ("AT", &["austria", "oesterreich", "autriche"]),
    ("AU", &["australia", "australien"]),
    ("BE", &["belgium", "belgien", "belgique"]),
    ("BG", &["bulgaria", "bulgarien"]),
    ("BR", &["brazil", "brasilien", "bresil"]),
    ("CA", &["canada", "kanada"]),
    ("CH", &["switzerland", "schweiz", "suisse"]),
    ("CN", &["china", "chine"]),
    ("CY", &["cyprus", "zypern"]),
    ("CZ", &["czechia", "czech republic", "tschechien"]),
    ("DE", &["germany", "deutschland", "allemagne", "ger"]),
    ("DK", &["denmark", "daenemark", "danemark"]),
    ("EE", &["estonia", "estland"]),
    ("ES", &["spain", "spanien", "espagne"]),
    (
        "EU",
        &["european union", "europaeische union", "union europeenne", "eu27", "eu 27", "ue", "eea"],
    ),
    ("FI", &["finland", "finnland"]),
    ("FR", &["france", "frankreich"]),
    (
        "GB",
        &[
            "united kingdom",
            "uk",
            "great britain",
            "england",
            "vereinigtes koenigreich",
            "royaume uni",
        ],
    ),
    ("GR", &["greece", "griechenland", "grece"]),
    ("HR", &["croatia", "kroatien"]),
    ("HU", &["hungary", "ungarn"]),
    ("IE", &["ireland", "irland", "irlande"]),
    ("IN", &["india", "indien", "inde"]),
    ("IS", &["iceland", "island"]),
    ("IT", &["italy", "italien", "italie"]),
    ("JP", &["japan", "japon"]),
    ("KR", &["south korea", "korea", "suedkorea"]),
    ("LI", &["liechtenstein"]),
    ("LT", &["lithuania", "litauen"]),
    ("LU", &["luxembourg", "luxemburg"]),
    ("LV", &["latvia", "lettland"]),
    ("MT", &["malta"]),
    ("MX", &["mexico", "mexiko"]),
    ("NL", &["netherlands", "the netherlands", "niederlande", "pays bas", "holland"]),
    ("NO", &["norway", "norwegen", "norvege"]),
    ("NZ", &["new zealand", "neuseeland"]),
    ("PL", &["poland", "polen", "pologne"]),
    ("PT", &["portugal"]),
    ("RO", &["romania", "rumaenien"]),
    ("SE", &["sweden", "schweden", "suede"]),
    ("SG", &["singapore", "singapur"]),
    ("SI", &["slovenia", "slowenien"]),
    ("SK", &["slovakia", "slowakei"]),
    ("TR", &["turkey", "tuerkiye", "tuerkei"]),
    (
        "US",
        &[
            "united states",
            "usa",
            "u s",
            "u s a",
            "united states of america",
            "vereinigte staaten",
            "etats unis",
        ],
    ),
    ("ZA", &["south africa", "suedafrika"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_become_codes_and_what_is_unknown_stays() {
        assert_eq!(places("Germany, UK; de"), ["Germany, UK", "DE"]);
        assert_eq!(places("Germany, UK, de, France/Italy"), ["DE", "GB", "FR", "IT"]);
        assert_eq!(places("EU"), ["EU"]);
        assert_eq!(places("Worldwide"), ["Worldwide"]);
    }
}
