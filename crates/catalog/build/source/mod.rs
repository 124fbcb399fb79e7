//! The TOML files of `catalogs/`, and what is made from them. `catalogs/README.md` describes the format.

mod clock;
mod framework;
mod mapping;
mod provision;
mod requirement;

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use self::{
    framework::FrameworkFile, mapping::MappingFile, provision::provisions_of,
    requirement::RequirementFile,
};
use crate::procedure::DecisionProcedure;
use crate::{
    AnnexC, AnnexIii, Article, Certification, DocumentedInformation, IncidentClocks, Law, Library,
    PublicHolidays,
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
    pub procedures: Vec<DecisionProcedure>,
    pub annex_iii: AnnexIii,
    pub incident_clocks: IncidentClocks,
    pub public_holidays: PublicHolidays,
}

/// Reads `catalogs.toml` and all that it names. Errors name the file, and the line where the parser knows it.
pub fn read(catalogs: &Path) -> Result<Everything, Box<dyn Error>> {
    let index: Index = file(&catalogs.join("catalogs.toml"))?;
    let mut laws = Vec::new();
    let mut frameworks = Vec::new();
    for name in &index.frameworks {
        frameworks.push(read_framework(&catalogs.join(name), &mut laws)?);
    }
    let mut mappings = Vec::new();
    for name in &index.mappings {
        let source: MappingFile = file(&catalogs.join("mappings").join(name))?;
        mappings.push(source.library()?);
    }
    let procedures = index.procedures.iter().map(|path| file(&catalogs.join(path)));
    Ok(Everything {
        frameworks,
        mappings,
        laws,
        certification: file(&catalogs.join(&index.certification))?,
        documented_information: file(&catalogs.join(&index.documented_information))?,
        annex_c: file(&catalogs.join(&index.annex_c))?,
        procedures: procedures.collect::<Result<_, _>>()?,
        annex_iii: file(&catalogs.join(&index.annex_iii))?,
        incident_clocks: clock::read(&catalogs.join(&index.incident_clocks))?,
        public_holidays: file(&catalogs.join(&index.public_holidays))?,
    })
}

fn file<T: DeserializeOwned>(path: &Path) -> Result<T, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn read_framework(folder: &Path, laws: &mut Vec<Law>) -> Result<Library, Box<dyn Error>> {
    let source: FrameworkFile = file(&folder.join("framework.toml"))?;
    let mut requirements = Vec::new();
    for name in &source.requirements {
        let file: RequirementFile = file(&folder.join(name))?;
        for requirement in file.requirement {
            requirements.push(requirement.requirement(&file.defaults)?);
        }
    }
    if let [law, provisions, changes, penalties] = source.law.as_slice() {
        let law = Law {
            articles: file::<Provisions>(&folder.join(provisions))?.article,
            changes: file(&folder.join(changes))?,
            penalties: file(&folder.join(penalties))?,
            ..file(&folder.join(law))?
        };
        requirements.extend(law.articles.iter().flat_map(provisions_of));
        laws.push(law);
    }
    source.spell(&mut requirements);
    Ok(source.library(requirements))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    frameworks: Vec<String>,
    mappings: Vec<String>,
    certification: PathBuf,
    documented_information: PathBuf,
    annex_c: PathBuf,
    procedures: Vec<PathBuf>,
    annex_iii: PathBuf,
    incident_clocks: PathBuf,
    public_holidays: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Provisions {
    article: Vec<Article>,
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
