//! Just enough Markdown: headings, the text under each, and bullets of the form `**Label:** value`.

use super::super::{fold::fold_word, json::says_nothing, terms};

/// A card's text.
#[derive(Debug)]
pub(super) struct Markdown {
    /// Headings of the first level, without markup.
    pub(super) titles: Vec<String>,
    pub(super) sections: Vec<Section>,
}

/// A heading and what stands under it until the next one.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) level: usize,
    pub(super) title: String,
    /// As written, without code blocks, tables, pictures and HTML tags.
    pub(super) text: String,
    /// 1-based line of the heading in the file.
    pub(super) line: u32,
}

impl Markdown {
    /// `first_line`: the line of the file at which `text` begins.
    pub(super) fn new(text: &str, first_line: u32) -> Markdown {
        let mut markdown = Markdown { titles: Vec::new(), sections: Vec::new() };
        let mut current =
            Section { level: 0, title: String::new(), text: String::new(), line: first_line };
        let mut fence: Option<&str> = None;
        let mut line_number = first_line;
        for line in text.lines() {
            let here = line_number;
            line_number = line_number.saturating_add(1);
            let bare = line.trim_start();
            if let Some(open) = fence {
                if bare.starts_with(open) {
                    fence = None;
                }
                continue;
            }
            if let Some(open) = ["```", "~~~"].into_iter().find(|fence| bare.starts_with(fence)) {
                fence = Some(open);
                continue;
            }
            match heading(bare) {
                Some((level, title)) => {
                    if level == 1 {
                        markdown.titles.push(title.clone());
                    }
                    let next = Section { level, title, text: String::new(), line: here };
                    markdown.sections.push(std::mem::replace(&mut current, next));
                }
                // Tables and pictures are for the reader of the card itself.
                None if bare.starts_with('|') || bare.starts_with("![") => {}
                None => {
                    current.text.push_str(unanchored(&without_tags(line)).trim_end());
                    current.text.push('\n');
                }
            }
        }
        markdown.sections.push(current);
        for section in &mut markdown.sections {
            section.text = tidy(&section.text);
        }
        markdown
    }

    /// The text of the sections whose heading has one of `words`, each with everything below it, each under its heading
    /// if there are several. `None` if they say nothing.
    pub(super) fn text_of(&self, words: &[&str]) -> Option<String> {
        self.text_without(words, &[])
    }

    /// The same without subsections whose heading has one of `except`.
    pub(super) fn text_without(&self, words: &[&str], except: &[&str]) -> Option<String> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        let mut below: Option<usize> = None;
        let mut left_out: Option<usize> = None;
        for section in &self.sections {
            if left_out.is_some_and(|level| section.level > level) {
                continue;
            }
            left_out = has_word(&section.title, except).then_some(section.level);
            if left_out.is_some() {
                continue;
            }
            let matches = section.level > 1 && has_word(&section.title, words);
            if below.is_some_and(|level| section.level <= level) {
                below = None;
            }
            let inside = below.is_some();
            if matches && below.is_none() {
                below = Some(section.level);
            }
            if !(matches || inside) || says_nothing(&section.text) {
                continue;
            }
            found.push((section.title.trim_end_matches(':'), &section.text));
        }
        let text = match found.as_slice() {
            [(_, alone)] => (*alone).to_owned(),
            several => several
                .iter()
                .map(|(title, text)| format!("{title}: {text}"))
                .collect::<Vec<_>>()
                .join("\n\n"),
        };
        let text = terms::capped(&text, 4_000);
        (!text.is_empty()).then_some(text)
    }

    /// What introduces the card: the first paragraphs of prose before the sections that every card has.
    pub(super) fn introduction(&self) -> Option<String> {
        const USUAL: &[&str] = &[
            "uses",
            "use",
            "usage",
            "training",
            "evaluation",
            "limitations",
            "license",
            "how to",
            "citation",
        ];
        self.sections
            .iter()
            .take_while(|section| !has_word(&section.title, USUAL))
            .filter(|section| section.level <= 2 && !has_word(&section.title, &["contents"]))
            .find_map(|section| {
                let is_prose =
                    |part: &&str| !part.trim_start().starts_with(['>', '<', '-', '*', '[', '|']);
                let paragraphs: Vec<&str> =
                    section.text.split("\n\n").filter(is_prose).take(3).collect();
                let text = paragraphs.join("\n\n");
                let is_version = fold_word(&text).starts_with("version ");
                (text.contains(' ') && !is_version && !says_nothing(&text))
                    .then(|| terms::capped(&text, 2_000))
            })
    }

    /// The value of the first bullet `- **Label:** value` with one of these labels.
    pub(super) fn bullet(&self, labels: &[&str]) -> Option<String> {
        self.sections.iter().flat_map(|section| section.text.lines()).find_map(|line| {
            let line = line.trim().trim_start_matches(['-', '*', ' ']).trim_start_matches('*');
            let (label, value) = line.split_once(':')?;
            let label = fold_word(label.trim_matches(['*', '_', ' ']));
            if !labels.contains(&label.as_str()) {
                return None;
            }
            let value =
                unlinked(value.trim_matches(|c: char| matches!(c, '*' | '_') || c.is_whitespace()));
            (!says_nothing(&value)).then_some(value)
        })
    }

    /// The line of the first section with one of these words in its heading.
    pub(super) fn line_of(&self, words: &[&str]) -> Option<u32> {
        self.sections
            .iter()
            .find(|section| has_word(&section.title, words))
            .map(|section| section.line)
    }
}

fn has_word(title: &str, words: &[&str]) -> bool {
    let folded = fold_word(title);
    words.iter().any(|word| super::super::fold::has_phrase(&folded, word))
}

fn heading(line: &str) -> Option<(usize, String)> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let rest = line.get(level..)?;
    if !(1..=6).contains(&level) || !(rest.starts_with([' ', '\t']) || rest.is_empty()) {
        return None;
    }
    // A line break inside a heading ends the name: "<p>BLOOM LM<br/> _subtitle_</p>".
    let rest = rest.split("<br").next().unwrap_or(rest);
    let title =
        unlinked(without_tags(rest).trim().trim_end_matches('#').trim_matches(['*', '_', ' ']));
    Some((level, title))
}

/// Links to other parts of the card become their text: those parts are not there any more.
fn unanchored(line: &str) -> String {
    if line.contains("](#") {
        unlinked_if(line, |target| target.starts_with('#'))
    } else {
        line.to_owned()
    }
}

/// `[text](target)` becomes `text`, `![...](...)` nothing.
fn unlinked(text: &str) -> String {
    unlinked_if(text, |_| true).trim().to_owned()
}

fn unlinked_if(text: &str, wanted: impl Fn(&str) -> bool) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let link =
            after.split_once("](").and_then(|(label, tail)| Some((label, tail.split_once(')')?)));
        match link {
            Some((label, (target, tail))) if !label.contains('[') && wanted(target) => {
                plain.push_str(before.strip_suffix('!').unwrap_or(before));
                if !before.ends_with('!') {
                    plain.push_str(label);
                }
                rest = tail;
            }
            Some(_) | None => {
                plain.push_str(before);
                plain.push('[');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// Drops `<...>` that looks like a tag or comment; a lone `<` stays.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        match after.split_once('>') {
            Some((_, tail)) if is_tag => rest = tail,
            Some(_) | None => {
                plain.push('<');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// At most one blank line in a row, no rules, no "click to expand".
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut blank = 0_usize;
    for line in text.lines().map(str::trim_end) {
        let bare = line.trim();
        let filler = ["---", "***", "&nbsp;"].contains(&bare)
            || bare.eq_ignore_ascii_case("click to expand")
            || bare.starts_with("*This section")
            || bare.starts_with("_This section");
        if filler {
            continue;
        }
        if bare.is_empty() {
            blank = blank.saturating_add(1);
            continue;
        }
        if !tidy.is_empty() {
            tidy.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        tidy.push_str(line);
    }
    tidy.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: &str = "# Acme <b>Scorer</b>\nScores things.\n\n## Uses\n\n### Direct Use\nScore.\n### Out-of-Scope Use\n[More Information Needed]\n\
        ## Bias, Risks, and Limitations\n```python\n# no heading\n```\n- **Hallucination:** may invent\n\n## Details\n- **Developed by:** [Acme](https://acme.example)\n";

    #[test]
    fn sections_are_found_with_what_stands_below_them() {
        let card = Markdown::new(CARD, 1);
        assert_eq!(card.titles, ["Acme Scorer"]);
        assert_eq!(card.text_of(&["uses", "use"]).as_deref(), Some("Score."));
        assert_eq!(
            card.text_of(&["limitations"]).as_deref(),
            Some("- **Hallucination:** may invent")
        );
        assert_eq!(card.text_of(&["evaluation"]), None);
        assert_eq!(card.introduction().as_deref(), Some("Scores things."));
        assert_eq!(card.bullet(&["developed by"]).as_deref(), Some("Acme"));
        assert_eq!(card.line_of(&["uses"]), Some(4));
    }

    #[test]
    fn tags_go_and_comparisons_stay() {
        assert_eq!(without_tags("a <br/> b < c <!-- x --> 10K<n<100K"), "a  b < c  10K<n<100K");
        assert_eq!(unlinked("see [x](y) and ![z](w) [q]"), "see x and  [q]");
    }
}
