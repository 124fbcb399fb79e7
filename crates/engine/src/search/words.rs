//! How a text becomes words that can be compared: runs of letters and digits, in lower case, without diacritics.

use std::ops::Range;

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RawTokenizer, Stemmer, TextAnalyzer, Token,
    TokenStream, Tokenizer,
};

/// A word of a text, and where it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) at: Range<usize>,
}

/// The words of a text, in its order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut all = Vec::new();
    plain().token_stream(text).process(&mut |token| {
        all.push(Word { text: token.text.clone(), at: token.offset_from..token.offset_to });
    });
    all
}

/// What words of one family have in common, in English: `policy` and `policies`.
pub(super) fn stem(word: &str) -> String {
    let mut stem = word.to_owned();
    let stemmer = Stemmer::new(Language::English);
    let mut analyzer = TextAnalyzer::builder(RawTokenizer::default()).filter(stemmer).build();
    analyzer.token_stream(word).process(&mut |token| stem.clone_from(&token.text));
    stem
}

/// Words as they are. The fold comes first, as some capitals have no single letter in lower case.
pub(super) fn plain() -> TextAnalyzer {
    TextAnalyzer::builder(Splitter).filter(AsciiFoldingFilter).filter(LowerCaser).build()
}

/// Words as their stems.
pub(super) fn stems() -> TextAnalyzer {
    TextAnalyzer::builder(Splitter)
        .filter(AsciiFoldingFilter)
        .filter(LowerCaser)
        .filter(Stemmer::new(Language::English))
        .build()
}

/// Splits at what is neither letter nor digit. An accent that is written after its letter belongs to the word, and is left
/// out of it, as the fold leaves out one that is written with its letter.
#[derive(Clone)]
struct Splitter;

struct Parts<'t> {
    text: &'t str,
    token: Token,
}

impl Tokenizer for Splitter {
    type TokenStream<'t> = Parts<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> Parts<'t> {
        Parts { text, token: Token::default() }
    }
}

impl TokenStream for Parts<'_> {
    fn advance(&mut self) -> bool {
        let rest = self.text.get(self.token.offset_to..).unwrap_or_default();
        let Some(skipped) = rest.find(char::is_alphanumeric) else { return false };
        let word = rest.get(skipped..).unwrap_or_default();
        let ends = |letter: char| !letter.is_alphanumeric() && !is_accent(letter);
        let word = word.get(..word.find(ends).unwrap_or(word.len())).unwrap_or_default();
        let token = &mut self.token;
        token.position = token.position.wrapping_add(1);
        token.offset_from = token.offset_to.saturating_add(skipped);
        token.offset_to = token.offset_from.saturating_add(word.len());
        token.text.clear();
        token.text.extend(word.chars().filter(|letter| !is_accent(*letter)));
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Combining diacritical marks.
fn is_accent(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_and_diacritics() {
        for (text, expected) in [
            ("Größe, Ärger & co.", &["grosse", "arger", "co"][..]),
            ("Ko\u{308}ln", &["koln"]),
            ("İstanbul ŁÓDŹ", &["istanbul", "lodz"]),
            ("RSK-12 foo_bar a.b@c", &["rsk", "12", "foo", "bar", "a", "b", "c"]),
            ("Москва 東京", &["москва", "東京"]),
            ("--- \u{301} ***", &[]),
        ] {
            let found: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "Über Ko\u{308}ln!";
        let found: Vec<&str> = words(text).into_iter().map(|word| &text[word.at]).collect();
        assert_eq!(found, ["Über", "Ko\u{308}ln"]);
    }

    #[test]
    fn a_family_of_words_has_one_stem_and_a_number_stays() {
        assert_eq!(stem("policies"), stem("policy"));
        assert_eq!(stem("assessments"), stem("assessed"));
        assert_ne!(stem("risiko"), stem("risk"));
        assert_eq!(stem("2026"), "2026");
    }
}
