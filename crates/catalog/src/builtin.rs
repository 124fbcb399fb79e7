//! The catalogs that are part of the program: read from `catalogs/` by the build script, parsed here on first use.
//!
//! Each is parsed by itself, so that who asks about one standard does not wait for the others.

use std::sync::{Arc, LazyLock, OnceLock};

use serde::de::DeserializeOwned;

use crate::{
    AnnexC, AnnexIii, Certification, DocumentedInformation, IncidentClocks, Law, Library,
    PublicHolidays, ends::Pair, loaded::Loaded, procedure::DecisionProcedure,
};

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// A built-in framework.
pub(crate) struct Builtin {
    pub(crate) id: &'static str,
    pub(crate) aliases: &'static [&'static str],
    json: &'static str,
    loaded: OnceLock<Loaded>,
}

impl Builtin {
    const fn new(
        id: &'static str,
        aliases: &'static [&'static str],
        json: &'static str,
    ) -> Builtin {
        Builtin { id, aliases, json, loaded: OnceLock::new() }
    }

    pub(crate) fn loaded(&self) -> &Loaded {
        self.loaded.get_or_init(|| Loaded::new(Arc::new(parse(self.json)), 0))
    }
}

/// A built-in mapping set between two built-in frameworks.
pub(crate) struct BuiltinMapping {
    pub(crate) source: &'static str,
    pub(crate) target: &'static str,
    json: &'static str,
    library: OnceLock<Arc<Library>>,
    /// Its pairs by position. Built-in frameworks come first in all [`crate::Catalogs`], so these hold for each.
    pub(crate) pairs: OnceLock<Vec<Pair>>,
}

impl BuiltinMapping {
    const fn new(source: &'static str, target: &'static str, json: &'static str) -> BuiltinMapping {
        BuiltinMapping { source, target, json, library: OnceLock::new(), pairs: OnceLock::new() }
    }

    pub(crate) fn library(&self) -> &Arc<Library> {
        self.library.get_or_init(|| Arc::new(parse(self.json)))
    }
}

/// A built-in law.
pub(crate) struct BuiltinLaw {
    pub(crate) framework: &'static str,
    json: &'static str,
    law: OnceLock<Law>,
}

impl BuiltinLaw {
    const fn new(framework: &'static str, json: &'static str) -> BuiltinLaw {
        BuiltinLaw { framework, json, law: OnceLock::new() }
    }

    pub(crate) fn law(&self) -> &Law {
        self.law.get_or_init(|| parse(self.json))
    }
}

/// A built-in decision procedure.
pub(crate) struct BuiltinProcedure {
    pub(crate) framework: &'static str,
    json: &'static str,
    procedure: OnceLock<DecisionProcedure>,
}

impl BuiltinProcedure {
    const fn new(framework: &'static str, json: &'static str) -> BuiltinProcedure {
        BuiltinProcedure { framework, json, procedure: OnceLock::new() }
    }

    pub(crate) fn procedure(&self) -> &DecisionProcedure {
        self.procedure.get_or_init(|| parse(self.json))
    }
}

pub(crate) static CERTIFICATION: LazyLock<Certification> =
    LazyLock::new(|| parse(include_str!(concat!(env!("OUT_DIR"), "/certification.json"))));

pub(crate) static DOCUMENTED_INFORMATION: LazyLock<DocumentedInformation> =
    LazyLock::new(|| parse(include_str!(concat!(env!("OUT_DIR"), "/documented_information.json"))));

pub(crate) static INCIDENT_CLOCKS: LazyLock<IncidentClocks> =
    LazyLock::new(|| parse(include_str!(concat!(env!("OUT_DIR"), "/incident_clocks.json"))));

pub(crate) static PUBLIC_HOLIDAYS: LazyLock<PublicHolidays> =
    LazyLock::new(|| parse(include_str!(concat!(env!("OUT_DIR"), "/public_holidays.json"))));

pub(crate) static ANNEX_C: LazyLock<AnnexC> =
    LazyLock::new(|| parse(include_str!(concat!(env!("OUT_DIR"), "/annex_c.json"))));

pub(crate) static ANNEX_III: LazyLock<AnnexIii> =
    LazyLock::new(|| parse(include_str!(concat!(env!("OUT_DIR"), "/annex_iii.json"))));

fn parse<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).expect("the build script wrote it from the same types")
}
