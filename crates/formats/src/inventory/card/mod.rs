//! Hugging Face model and dataset cards: YAML front matter and Markdown sections, both optional. What a card says of
//! itself is its author's word; nothing in it is fetched or rendered.

mod dataset;
mod markdown;
mod model;

use serde_json::{Map, Value, json};

use self::markdown::Markdown;
use super::{
    fold::{fold_name, fold_word},
    json::{self as tree, text},
    mention::Mentions,
    proposal::{
        Format, InventoryError, Link, Place, Problem, Proposal, Reading, Severity, Unmapped,
    },
    table::decoded,
};

/// A card, parsed.
struct Card<'a> {
    file: &'a str,
    front: Map<String, Value>,
    body: Markdown,
    reading: Reading,
    mentions: Mentions,
}

/// Front matter that only steers the pages of the hub.
const OF_THE_HUB: &[&str] = &[
    "widget",
    "inference",
    "thumbnail",
    "viewer",
    "train-eval-index",
    "configs",
    "extra_gated_prompt",
    "extra_gated_fields",
    "extra_gated_heading",
    "extra_gated_description",
    "extra_gated_button_content",
];

/// Front matter longer than this is no card.
const MAX_FRONT_BYTES: usize = 4 << 20;

/// The kind of card that a text is, if it is one.
pub(crate) fn kind_of(file: &str, text: &str) -> Option<Format> {
    let (front, body) = split(text);
    let is_markdown =
        [".md", ".markdown", ".mdx"].iter().any(|end| file.to_lowercase().ends_with(end));
    let front = match front {
        Some(front) => tree::parse_yaml(front).ok().and_then(|value| value.as_object().cloned()),
        None => None,
    };
    let keys = |known: &[&str]| {
        front.iter().flatten().filter(|(key, _)| known.contains(&key.as_str())).count()
    };
    let (model, dataset, either) = (
        keys(model::OWN_KEYS),
        keys(dataset::OWN_KEYS),
        keys(&["license", "licence", "language", "tags", "thumbnail"]),
    );
    let head: String = body.chars().take(20_000).collect();
    let markdown = Markdown::new(&head, 1);
    let headings: Vec<String> =
        markdown.sections.iter().map(|section| fold_word(&section.title)).collect();
    let told = |words: &[&str]| {
        headings.iter().filter(|heading| words.iter().any(|word| heading.contains(word))).count()
    };
    let dataset_headings = told(&[
        "dataset card",
        "dataset summary",
        "dataset description",
        "dataset structure",
        "dataset creation",
        "data fields",
        "data splits",
    ]);
    let model_headings = told(&[
        "model card",
        "model details",
        "model description",
        "intended use",
        "training data",
        "training procedure",
        "how to get started",
    ]);
    let title_names = markdown.titles.iter().any(|title| {
        let folded = fold_word(title);
        ["model", "dataset", "data set"].iter().any(|word| folded.contains(word))
    });
    let is_card = model + dataset + either > 0
        && (front.is_some() && (is_markdown || model + dataset > 0))
        || is_markdown && (dataset_headings + model_headings > 0 || title_names);
    if !is_card {
        return None;
    }
    let in_datasets = file.split(['/', '\\']).any(|part| part == "datasets");
    let titled = markdown.titles.iter().any(|title| fold_word(title).contains("dataset"));
    let (for_model, for_dataset) =
        (model * 2 + model_headings, dataset * 2 + dataset_headings + usize::from(titled));
    match for_dataset.cmp(&for_model) {
        std::cmp::Ordering::Greater => Some(Format::DatasetCard),
        std::cmp::Ordering::Equal if in_datasets => Some(Format::DatasetCard),
        std::cmp::Ordering::Equal | std::cmp::Ordering::Less => Some(Format::ModelCard),
    }
}

/// Reads a model or dataset card.
pub(crate) fn read(file: &str, bytes: &[u8], format: Format) -> Result<Reading, InventoryError> {
    let (content, _) = decoded(bytes);
    let mut reading = Reading {
        format,
        proposals: Vec::new(),
        problems: Vec::new(),
        notices: Vec::new(),
        unmapped: Vec::new(),
    };
    let (front, body) = split(&content);
    let skipped = content.get(..content.len().saturating_sub(body.len())).unwrap_or_default();
    let first_line =
        u32::try_from(skipped.matches('\n').count()).unwrap_or(u32::MAX).saturating_add(1);
    let front = match front.map(parse_front) {
        None => {
            reading.notices.push("has no front matter: only its text was read".to_owned());
            Map::new()
        }
        Some(Ok(front)) => front,
        Some(Err(message)) => {
            reading.problems.push(Problem {
                place: Place::line(file, 1),
                severity: Severity::Error,
                value: None,
                message: format!("front matter is not readable and was left out: {message}"),
            });
            Map::new()
        }
    };
    let mut card = Card {
        file,
        front,
        body: Markdown::new(body, first_line),
        reading,
        mentions: Mentions::default(),
    };
    if format == Format::DatasetCard {
        dataset::read(&mut card)
    } else {
        model::read(&mut card)
    }
    card.mentions.join(&mut card.reading.proposals);
    Ok(card.reading)
}

fn parse_front(front: &str) -> Result<Map<String, Value>, String> {
    if front.len() > MAX_FRONT_BYTES {
        return Err(format!("it is longer than {MAX_FRONT_BYTES} bytes"));
    }
    match tree::parse_yaml(front)? {
        Value::Object(members) => Ok(members),
        Value::Null => Ok(Map::new()),
        Value::Array(_) | Value::String(_) | Value::Number(_) | Value::Bool(_) => {
            Err("it is not a list of keys and values".to_owned())
        }
    }
}

/// Front matter, if the text begins with a `---` line that another one closes; and the rest.
fn split(text: &str) -> (Option<&str>, &str) {
    let text = text.trim_start_matches('\u{feff}');
    let is_fence = |line: &str| line.trim_end() == "---";
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| is_fence(line)) else { return (None, text) };
    let mut end = first.len();
    for line in lines {
        let after = end.saturating_add(line.len());
        if is_fence(line) {
            return (text.get(first.len()..end), text.get(after..).unwrap_or_default());
        }
        end = after;
    }
    (None, text)
}

impl Card<'_> {
    /// The proposal that the card describes. Its id is the repository where the path tells it, else its name: the card
    /// itself does not state its repository.
    fn subject(&self, kind: &'static str, stated: Option<String>) -> Proposal {
        let from_path = path_name(self.file);
        let title = self.body.titles.iter().find_map(|title| clean_title(title));
        let name = stated
            .or(title)
            .or_else(|| self.model_index_name())
            .or_else(|| from_path.clone())
            .unwrap_or_else(|| "unnamed".to_owned());
        let external_id = repository(self.file).unwrap_or_else(|| fold_name(&name));
        let mut subject = Proposal {
            name: name.clone(),
            source: "huggingface".to_owned(),
            external_id,
            ..Proposal::new(kind, Place::file(self.file))
        };
        subject.set("name", name);
        subject
    }

    fn model_index_name(&self) -> Option<String> {
        self.front.get("model-index")?.as_array()?.first().and_then(|entry| text(entry, "name"))
    }

    fn front(&self) -> Value {
        Value::Object(self.front.clone())
    }

    /// Texts at any of `keys`, which changed their names over the years.
    fn texts(&self, keys: &[&str]) -> Vec<String> {
        let front = self.front();
        keys.iter()
            .map(|key| tree::texts(&front, key))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    /// Language codes; `no` is Norwegian, not false.
    fn languages(&self) -> Vec<String> {
        self.texts(&["language", "languages"])
            .into_iter()
            .map(|code| if code == "false" { "no".to_owned() } else { code })
            .collect()
    }

    /// The licence as its author names it: `other` gives way to the name beside it.
    fn licence(&self) -> Option<String> {
        let front = self.front();
        let stated = self
            .texts(&["license", "licence", "licenses"])
            .into_iter()
            .filter(|licence| licence != "unknown");
        let names: Vec<String> = stated
            .map(|licence| {
                if licence == "other" {
                    text(&front, "license_name").unwrap_or(licence)
                } else {
                    licence
                }
            })
            .collect();
        let link = text(&front, "license_link")
            .filter(|link| link.starts_with("http"))
            .map(|link| format!(" ({link})"));
        if names.is_empty() {
            return self.body.bullet(&["license", "licence", "license s"]);
        }
        Some(format!("{}{}", names.join("; "), link.unwrap_or_default()))
    }

    /// The card as evidence.
    fn evidence(&mut self, subject: &Proposal, title: &str, supports: &[&str]) {
        let mut evidence = Proposal {
            name: title.to_owned(),
            source: "huggingface".to_owned(),
            external_id: format!("card of {}", subject.external_id),
            attach_file: true,
            ..Proposal::new("evidence_item", Place::file(self.file))
        };
        evidence.set("title", title);
        evidence.set("kind", "file");
        evidence.set("source", format!("card {}", self.file));
        evidence.set("supports", json!(supports));
        if subject.kind == "ai_system" {
            evidence.links.push(Link {
                field: "ai_systems",
                many: true,
                target: subject.as_target(),
            });
        }
        self.reading.proposals.push(evidence);
    }

    /// Keeps the front matter that fills no field, and says so of keys that nobody knows.
    fn keep_rest(&mut self, subject: &mut Proposal, read: &[&str], known: &[&str]) {
        for (key, value) in &self.front {
            if read.contains(&key.as_str()) || OF_THE_HUB.contains(&key.as_str()) || value.is_null()
            {
                continue;
            }
            subject.keep(key, value.clone());
            if !known.contains(&key.as_str()) {
                self.reading.unmapped.push(Unmapped {
                    place: Place::path(self.file, key.as_str()),
                    name: key.clone(),
                    filled: 1,
                    example: super::fold::shortened(
                        &tree::scalar(value).unwrap_or_else(|| value.to_string()),
                        60,
                    ),
                });
            }
        }
    }
}

/// What the path tells of the name: `models--org--name`, the folder of a README, the stem of any other file.
fn path_name(file: &str) -> Option<String> {
    const PLAIN: &[&str] = &[
        "readme",
        "model card",
        "modelcard",
        "dataset card",
        "datasetcard",
        "card",
        "index",
        "model",
        "dataset",
        "stdin",
    ];
    let parts: Vec<&str> =
        file.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).collect();
    if let Some(repository) = repository(file) {
        return Some(repository);
    }
    let (last, folders) = parts.split_last()?;
    let stem = last.rsplit_once('.').map_or(*last, |(stem, _)| stem);
    if PLAIN.contains(&fold_word(stem).as_str()) {
        // A README says nothing; where it was only handed over by name, neither does its folder.
        return folders.last().map(|folder| (*folder).to_owned());
    }
    Some(stem.to_owned())
}

/// The repository that the folder of a model hub's cache names: `models--org--name`.
fn repository(file: &str) -> Option<String> {
    file.split(['/', '\\']).find_map(|part| {
        let name = part.strip_prefix("models--").or_else(|| part.strip_prefix("datasets--"))?;
        Some(name.replacen("--", "/", 1))
    })
}

/// The name in a first heading: without "Model Card for", without what follows a dash, and not a notice.
fn clean_title(title: &str) -> Option<String> {
    let mut name = title.trim().trim_matches(['"', '\'', '`', '*', '_', ' ']).to_owned();
    for lead in [
        "model card for ",
        "dataset card for ",
        "model card of ",
        "dataset card of ",
        "model card: ",
        "dataset card: ",
        "model card - ",
        "readme for ",
    ] {
        if name.to_lowercase().starts_with(lead) {
            name = name.get(lead.len()..).unwrap_or_default().trim().to_owned();
        }
    }
    for end in [" model card", " dataset card"] {
        if name.to_lowercase().ends_with(end) {
            name = name
                .get(..name.len().saturating_sub(end.len()))
                .unwrap_or_default()
                .trim()
                .to_owned();
        }
    }
    for dash in [" — ", " – ", " - ", ": ", " | "] {
        if let Some((before, _)) = name.split_once(dash) {
            name = before.trim().to_owned();
        }
    }
    let name = name.trim_matches(['"', '\'', '`', '*', '_', ' ']).to_owned();
    let folded = fold_word(&name);
    let empty = [
        "",
        "model card",
        "dataset card",
        "readme",
        "model",
        "dataset",
        "more information needed",
        "model id",
        "dataset name",
    ]
    .contains(&folded.as_str());
    let notice =
        name.contains("http") || name.chars().count() > 100 || folded.starts_with("deprecated");
    (!empty && !notice).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_what_stands_between_the_first_two_fences() {
        assert_eq!(split("---\na: 1\n---\nbody"), (Some("a: 1\n"), "body"));
        assert_eq!(split("---\r\na: 1\r\n---\r\nbody"), (Some("a: 1\r\n"), "body"));
        assert_eq!(split("\u{feff}---\na: 1\n---"), (Some("a: 1\n"), ""));
        assert_eq!(split("# Title\n---\nx"), (None, "# Title\n---\nx"));
        assert_eq!(split("---\nnever closed"), (None, "---\nnever closed"));
    }

    #[test]
    fn names_come_out_of_titles() {
        for (title, name) in [
            ("Dataset Card for \"squad\"", Some("squad")),
            ("Nyaya-3B — the model component of a system", Some("Nyaya-3B")),
            ("Model Card for Acme Scorer", Some("Acme Scorer")),
            ("DEPRECATED. This is now live at https://x.example", None),
            ("Model Card", None),
        ] {
            assert_eq!(clean_title(title).as_deref(), name, "{title}");
        }
    }

    #[test]
    fn names_come_out_of_paths() {
        for (path, name) in [
            ("models--acme--scorer/snapshots/1/README.md", Some("acme/scorer")),
            ("cards/scorer-v2.md", Some("scorer-v2")),
            ("scorer/README.md", Some("scorer")),
            ("README.md", None),
        ] {
            assert_eq!(path_name(path).as_deref(), name, "{path}");
        }
    }
}
