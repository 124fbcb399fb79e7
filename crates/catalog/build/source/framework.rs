//! `framework.toml`: the frame of a framework, and other spellings of its ids.

use jiff::civil::Date;
use serde::Deserialize;

use super::{kept, texts};
use crate::{Framework, ImplementationGroup, Library, Requirement};

/// `framework.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrameworkFile {
    id: String,
    name: String,
    version: String,
    description: String,
    provider: String,
    locale: String,
    published: Date,
    copyright: String,
    #[serde(default)]
    aliases: Vec<String>,
    /// The files of the requirements, in order.
    #[serde(default)]
    pub(super) requirements: Vec<String>,
    /// The files of a law: versions and dates, provisions, changes between versions, penalties.
    #[serde(default)]
    pub(super) law: Vec<String>,
    sources: Vec<String>,
    /// Where sources contradict each other, and which is followed.
    #[serde(default)]
    disagreements: Vec<String>,
    #[serde(default)]
    group: Vec<ImplementationGroup>,
    #[serde(default)]
    spelling: Vec<Spelling>,
}

/// A rule that makes other spellings of printed ids.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelling {
    /// Whose spelling it is; for the reader.
    #[serde(rename = "of")]
    _of: String,
    #[serde(default)]
    starts_with: String,
    #[serde(default)]
    replace: Vec<(String, String)>,
    #[serde(default)]
    prefix: String,
}

impl FrameworkFile {
    pub(super) fn spell(&self, requirements: &mut [Requirement]) {
        for requirement in requirements {
            // Only printed ids have other spellings; those that we made up, nobody else knows.
            if requirement.extra.contains_key("numbered_by") {
                continue;
            }
            for rule in &self.spelling {
                if !requirement.id.starts_with(&rule.starts_with) {
                    continue;
                }
                let replaced = rule
                    .replace
                    .iter()
                    .fold(requirement.id.clone(), |id, (from, to)| id.replace(from, to));
                let alias = format!("{}{replaced}", rule.prefix);
                if alias != requirement.id && !requirement.aliases.contains(&alias) {
                    requirement.aliases.push(alias);
                }
            }
        }
    }

    pub(super) fn library(self, requirements: Vec<Requirement>) -> Library {
        let framework = Framework {
            id: self.id.clone(),
            aliases: self.aliases,
            name: self.name.clone(),
            version: self.version.clone(),
            description: self.description.clone(),
            provider: self.provider.clone(),
            locale: self.locale.clone(),
            published: Some(self.published),
            copyright: self.copyright.clone(),
            sources: self.sources,
            groups: self.group,
            requirements,
            extra: kept([("disagreements", texts(&self.disagreements))]),
            ..Framework::default()
        };
        Library {
            id: self.id,
            name: self.name,
            version: self.version,
            description: self.description,
            provider: self.provider,
            locale: self.locale,
            copyright: self.copyright,
            published: Some(self.published),
            frameworks: vec![framework],
            ..Library::default()
        }
    }
}
