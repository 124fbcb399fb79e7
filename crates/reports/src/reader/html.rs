//! HTML in the making. Markup can only be a literal of this program; everything else is escaped.

use std::fmt::Write as _;

use crate::plain::xml_characters;

/// A page being written.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Markup. Being `'static`, it cannot be foreign text.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, for content and for quoted attribute values alike.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for character in xml_characters(text).chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                _ => self.0.push(character),
            }
        }
        self
    }

    /// A number.
    pub(super) fn number(&mut self, number: impl Into<u64>) -> &mut Self {
        let _ = write!(self.0, "{}", number.into());
        self
    }

    /// JSON for a `<script type="application/json">`: no `<`, `>` or `&` is left, so nothing in it can end the element
    /// or open a comment. They occur in JSON only within strings, where the escape means the same character.
    pub(super) fn json(&mut self, json: &str) -> &mut Self {
        for character in json.chars() {
            match character {
                '<' => self.0.push_str("\\u003c"),
                '>' => self.0.push_str("\\u003e"),
                '&' => self.0.push_str("\\u0026"),
                '\u{2028}' => self.0.push_str("\\u2028"),
                '\u{2029}' => self.0.push_str("\\u2029"),
                _ => self.0.push(character),
            }
        }
        self
    }

    /// The page.
    pub(super) fn finish(self) -> String {
        self.0
    }
}
