//! The TOML files of `catalogs/`, and what is made from them. `catalogs/README.md` describes the format.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use jiff::civil::Date;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    AnnexC, Article, Cadence, Certification, Condition, Confidence, Documented,
    DocumentedInformation, Framework, ImplementationGroup, Law, Library, Mapping, MappingSet,
    Relationship, Requirement, RequirementKind, Scope,
};

/// All that `catalogs/` declares.
pub struct Everything {
    /// One library for each framework.
    pub frameworks: Vec<Library>,
    /// One library for each mapping set.
    pub mappings: Vec<Library>,
    pub laws: Vec<Law>,
    pub certification: Certification,
    pub documented_information: DocumentedInformation,
    pub annex_c: AnnexC,
}

/// Reads `catalogs.toml` and all that it names. Errors name the file, and the line where the parser knows it.
pub fn read(catalogs: &Path) -> Result<Everything, Box<dyn Error>> {
    let index: Index = file(&catalogs.join("catalogs.toml"))?;
    let mut laws = Vec::new();
    let mut frameworks = Vec::new();
    for name in &index.frameworks {
        frameworks.push(framework(&catalogs.join(name), &mut laws)?);
    }
    let mut mappings = Vec::new();
    for name in &index.mappings {
        let source: MappingFile = file(&catalogs.join("mappings").join(name))?;
        mappings.push(source.library()?);
    }
    Ok(Everything {
        frameworks,
        mappings,
        laws,
        certification: file(&catalogs.join(&index.certification))?,
        documented_information: file(&catalogs.join(&index.documented_information))?,
        annex_c: file(&catalogs.join(&index.annex_c))?,
    })
}

fn file<T: DeserializeOwned>(path: &Path) -> Result<T, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn framework(folder: &Path, laws: &mut Vec<Law>) -> Result<Library, Box<dyn Error>> {
    let source: FrameworkFile = file(&folder.join("framework.toml"))?;
    let mut requirements = Vec::new();
    for name in &source.requirements {
        let file: RequirementFile = file(&folder.join(name))?;
        for requirement in file.requirement {
            requirements.push(requirement.requirement(&file.defaults)?);
        }
    }
    if let [law, provisions] = source.law.as_slice() {
        let law = self::law(&folder.join(law), &folder.join(provisions))?;
        requirements.extend(law.articles.iter().flat_map(provisions_of));
        laws.push(law);
    }
    source.spell(&mut requirements);
    Ok(source.library(requirements))
}

fn law(law: &Path, provisions: &Path) -> Result<Law, Box<dyn Error>> {
    let articles: Provisions = file(provisions)?;
    Ok(Law { articles: articles.article, ..file(law)? })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    frameworks: Vec<String>,
    mappings: Vec<String>,
    certification: PathBuf,
    documented_information: PathBuf,
    annex_c: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Provisions {
    article: Vec<Article>,
}

/// `framework.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrameworkFile {
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
    requirements: Vec<String>,
    /// The file of versions and dates and the file of provisions, of a law.
    #[serde(default)]
    law: Vec<String>,
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
    fn spell(&self, requirements: &mut [Requirement]) {
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

    fn library(self, requirements: Vec<Requirement>) -> Library {
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

/// A file of requirements.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequirementFile {
    defaults: Defaults,
    requirement: Vec<SourceRequirement>,
}

/// What most requirements of the file have in common.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Defaults {
    kind: RequirementKind,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    confidence: Confidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceRequirement {
    id: String,
    parent: Option<String>,
    kind: Option<RequirementKind>,
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    guidance: String,
    assessable: Option<bool>,
    /// `project`: the standard prints no number of its own for it.
    numbered_by: Option<String>,
    #[serde(default)]
    documented: Documented,
    #[serde(default)]
    scope: Scope,
    #[serde(default)]
    owner_role: String,
    #[serde(default)]
    artefacts: Vec<String>,
    /// Natural record types that show it.
    #[serde(default)]
    records: Vec<String>,
    /// How often, in words: `annual-and-on-change`, `per-release`.
    #[serde(default)]
    cadence: String,
    #[serde(default)]
    refresh_triggers: Vec<String>,
    #[serde(default)]
    lifecycle_stages: Vec<String>,
    #[serde(default)]
    auditor_samples: String,
    /// The number under which the objective of a group of controls is printed.
    #[serde(default)]
    objective: String,
    #[serde(default)]
    weight: u8,
    confidence: Option<Confidence>,
    #[serde(default)]
    basis: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    condition: Vec<Condition>,
}

impl SourceRequirement {
    fn requirement(self, defaults: &Defaults) -> Result<Requirement, String> {
        let kind = self.kind.unwrap_or(defaults.kind);
        let heading = kind == RequirementKind::Heading;
        let printed = match (&self.numbered_by, &self.parent) {
            (Some(_), Some(parent)) => parent.clone(),
            (_, _) => self.id.clone(),
        };
        let cadence = cadence(&self.cadence).map_err(|error| format!("{}: {error}", self.id))?;
        let extra = kept([
            ("numbered_by", self.numbered_by.map_or(Value::Null, Value::String)),
            ("objective", Value::String(self.objective)),
            ("records", texts(&self.records)),
            ("cadence", Value::String(self.cadence)),
            ("refresh_triggers", texts(&self.refresh_triggers)),
            ("lifecycle_stages", texts(&self.lifecycle_stages)),
            ("auditor_samples", Value::String(self.auditor_samples)),
            ("note", Value::String(self.note)),
        ]);
        Ok(Requirement {
            id: self.id,
            label: printed,
            parent: self.parent,
            kind,
            title: self.title,
            text: self.text,
            guidance: self.guidance,
            assessable: self.assessable.unwrap_or(!heading),
            groups: if heading { Vec::new() } else { defaults.groups.clone() },
            documented: self.documented,
            cadence,
            scope: self.scope,
            owner_role: self.owner_role,
            artefacts: self.artefacts,
            conditions: self.condition,
            weight: self.weight,
            confidence: self.confidence.unwrap_or(defaults.confidence),
            basis: self.basis,
            extra,
            ..Requirement::default()
        })
    }
}

/// The cadence that words mean. `planned-intervals` is read as a year: the standard leaves the interval to the
/// organisation, and a year is what certification bodies expect.
fn cadence(words: &str) -> Result<Option<Cadence>, String> {
    if words.is_empty() {
        return Ok(None);
    }
    if words.starts_with("per-") || words.starts_with("on-") {
        return Ok(Some(Cadence::OnEvent));
    }
    let first = words.split_once("-and-").map_or(words, |(first, _)| first);
    let name = match first {
        "planned-intervals" => "annual",
        "monthly-or-quarterly" => "quarterly",
        other => other,
    };
    Cadence::ALL
        .into_iter()
        .find(|cadence| cadence.name() == name)
        .map(Some)
        .ok_or_else(|| format!("`{words}` is no cadence"))
}

/// An article and its provisions as requirements: the article is the heading, unless it is a single provision itself.
fn provisions_of(article: &Article) -> Vec<Requirement> {
    let heading = format!("aia.art{}", article.number);
    let alone =
        article.obligations.iter().any(|one| one.id == heading && article.obligations.len() == 1);
    let mut requirements = Vec::new();
    if !alone {
        let label = format!("Art {}", article.number);
        let named = article.obligations.iter().any(|one| one.reference == label);
        requirements.push(Requirement {
            id: heading.clone(),
            // A provision that stands for the whole article has the name already.
            aliases: if named { Vec::new() } else { vec![label.clone()] },
            label,
            title: article.title.clone(),
            ..Requirement::default()
        });
    }
    requirements.extend(article.obligations.iter().map(|one| Requirement {
        id: one.id.clone(),
        aliases: vec![one.reference.clone()],
        label: one.reference.clone(),
        parent: (!alone).then(|| heading.clone()),
        kind: RequirementKind::Obligation,
        title: one.title.clone(),
        text: one.summary.clone(),
        guidance: one.note.clone(),
        assessable: one.kind.binds(),
        scope: Scope::Both,
        artefacts: one.evidence.clone(),
        weight: one.weight,
        confidence: one.confidence,
        extra: kept([
            ("kind", serde_json::to_value(one.kind).unwrap_or_default()),
            ("applies_to", texts(&one.applies_to)),
            ("tiers", texts(&one.tiers)),
            ("regime", Value::String(one.regime.clone())),
            ("penalty", Value::String(one.penalty.clone())),
        ]),
        ..Requirement::default()
    }));
    requirements
}

/// A file of mappings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingFile {
    id: String,
    name: String,
    source: String,
    target: String,
    description: String,
    sources: Vec<String>,
    mapping: Vec<SourceMapping>,
    /// Requirements of the source that the target does not know.
    #[serde(default)]
    without_counterpart: Vec<Map<String, Value>>,
    /// What the target asks and the source leaves open.
    #[serde(default)]
    not_covered: Vec<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceMapping {
    group: Option<String>,
    source: String,
    target: Option<String>,
    /// Several targets of one judgement; they share the `group`.
    #[serde(default)]
    targets: Vec<String>,
    /// The provisions meant, as lawyers cite them.
    #[serde(default)]
    refs: Vec<String>,
    /// Those of `refs` that have no entry in the catalog.
    #[serde(default)]
    unresolved: Vec<String>,
    relationship: Relationship,
    strength: Option<u8>,
    #[serde(default)]
    reuse: String,
    #[serde(default)]
    basis: String,
    #[serde(default)]
    rationale: String,
    #[serde(default)]
    gap: String,
    #[serde(default)]
    confidence: Confidence,
}

impl MappingFile {
    fn library(self) -> Result<Library, String> {
        let mut mappings = Vec::new();
        let mut unresolved = Vec::new();
        for one in self.mapping {
            unresolved.extend(one.unresolved.iter().map(|reference| {
                Value::Object(kept([
                    ("group", one.group.clone().map_or(Value::Null, Value::String)),
                    ("source", Value::String(one.source.clone())),
                    ("ref", Value::String(reference.clone())),
                ]))
            }));
            if one.target.is_none() && one.targets.is_empty() && one.unresolved.is_empty() {
                return Err(format!("{}: {} has no target", self.id, one.source));
            }
            for target in one.target.iter().chain(&one.targets) {
                mappings.push(one.mapping(target));
            }
        }
        let objects =
            |items: Vec<Map<String, Value>>| items.into_iter().map(Value::Object).collect();
        Ok(Library {
            id: self.id.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            locale: "en".to_owned(),
            dependencies: vec![self.source.clone(), self.target.clone()],
            mapping_sets: vec![MappingSet {
                id: self.id,
                name: self.name,
                description: self.description,
                source: self.source,
                target: self.target,
                sources: self.sources,
                mappings,
                extra: kept([
                    ("unresolved", Value::Array(unresolved)),
                    ("without_counterpart", objects(self.without_counterpart)),
                    ("not_covered", objects(self.not_covered)),
                ]),
                ..MappingSet::default()
            }],
            ..Library::default()
        })
    }
}

impl SourceMapping {
    fn mapping(&self, target: &str) -> Mapping {
        Mapping {
            source: self.source.clone(),
            target: target.to_owned(),
            relationship: self.relationship,
            strength: self.strength,
            rationale: self.rationale.clone(),
            gap: self.gap.clone(),
            confidence: self.confidence,
            group: self.group.clone(),
            extra: kept([
                ("reuse", Value::String(self.reuse.clone())),
                ("basis", Value::String(self.basis.clone())),
                ("refs", texts(&self.refs)),
            ]),
        }
    }
}

fn texts(items: &[String]) -> Value {
    items.iter().cloned().map(Value::String).collect()
}

/// The fields that say something.
fn kept<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields
        .into_iter()
        .filter(|(_, value)| match value {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
        })
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
