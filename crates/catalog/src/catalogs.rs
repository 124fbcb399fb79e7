//! The catalogs that one organisation uses: the built-in ones and the libraries that it imported.

mod assemble;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock},
};

use crate::{
    AnnexC, AnnexIii, Certification, DocumentedInformation, Framework, IncidentClocks, Law,
    Library, MappingSet, PublicHolidays, Requirement, RequirementKind, RequirementRef, Unresolved,
    builtin::{self, Builtin, BuiltinMapping},
    ends::{self, End, Pair},
    loaded::{Loaded, fold},
    procedure::DecisionProcedure,
};

/// Frameworks and the mappings between them. Immutable; cheap to clone, as all content is shared.
#[derive(Clone)]
pub struct Catalogs {
    /// The built-in ones first, always in the same places.
    frameworks: Vec<Held>,
    /// By folded name: positions in `frameworks`.
    names: HashMap<String, usize>,
    libraries: Vec<Arc<Library>>,
    sets: Vec<Arc<Set>>,
}

/// A requirement by position: of the framework in [`Catalogs`], of the requirement in the framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) framework: usize,
    pub(crate) requirement: usize,
}

#[derive(Clone)]
enum Held {
    Builtin(&'static Builtin),
    Imported(Arc<Loaded>),
}

impl Held {
    fn id(&self) -> &str {
        match self {
            Held::Builtin(builtin) => builtin.id,
            Held::Imported(loaded) => &loaded.framework().id,
        }
    }

    fn loaded(&self) -> &Loaded {
        match self {
            Held::Builtin(builtin) => builtin.loaded(),
            Held::Imported(loaded) => loaded,
        }
    }
}

/// A mapping set of an imported library, with those of its pairs whose ends are known.
struct Set {
    library: Arc<Library>,
    position: usize,
    pairs: Vec<Pair>,
    unresolved: Vec<Unresolved>,
    /// Of the set made for an imported file of a built-in standard: both frameworks.
    twins: Option<(usize, usize)>,
}

/// A mapping set with its pairs, for the crosswalk.
pub(crate) struct SetView<'c> {
    pub(crate) set: &'c MappingSet,
    pub(crate) pairs: &'c [Pair],
}

impl Catalogs {
    /// The built-in catalogs alone. Costs nothing until one of them is asked about.
    pub fn builtin() -> Arc<Catalogs> {
        static BUILTIN: LazyLock<Arc<Catalogs>> = LazyLock::new(|| {
            let mut catalogs = Catalogs {
                frameworks: builtin::FRAMEWORKS.iter().map(Held::Builtin).collect(),
                names: HashMap::new(),
                libraries: Vec::new(),
                sets: Vec::new(),
            };
            catalogs.index_names();
            Arc::new(catalogs)
        });
        BUILTIN.clone()
    }

    /// These catalogs and one more library; see [`Catalogs::with_libraries`].
    pub fn with_library(&self, library: impl Into<Arc<Library>>) -> Catalogs {
        self.with_libraries([library])
    }

    /// These catalogs and more libraries. A library takes the place of an earlier one of the same URN (or of the same
    /// id, without URN) and language. A framework whose id is taken gets the next free one: `id-2`. Ends of mappings
    /// that could not be found before are looked for again.
    pub fn with_libraries<L: Into<Arc<Library>>>(
        &self,
        libraries: impl IntoIterator<Item = L>,
    ) -> Catalogs {
        let mut all = self.libraries.clone();
        for library in libraries {
            let library = library.into();
            match all.iter_mut().find(|one| assemble::same_library(one, &library)) {
                Some(earlier) => *earlier = library,
                None => all.push(library),
            }
        }
        Catalogs::of(all)
    }

    /// Every framework, the built-in ones first. Loads each that is not in memory yet.
    pub fn frameworks(&self) -> impl Iterator<Item = &Framework> {
        self.frameworks.iter().map(|held| held.loaded().framework())
    }

    /// The ids of all frameworks, without loading any.
    pub fn framework_ids(&self) -> impl Iterator<Item = &str> {
        self.frameworks.iter().map(Held::id)
    }

    /// The framework of this id or other name (a URN, `ISO/IEC 42001:2023`), in any case.
    pub fn framework(&self, name: &str) -> Option<&Framework> {
        self.position(name).map(|position| self.framework_at(position))
    }

    /// The requirement at this address; both parts can be other spellings.
    pub fn requirement(&self, address: &RequirementRef) -> Option<&Requirement> {
        self.resolve(address.framework(), address.requirement())
    }

    /// The requirement of `framework` that `text` means: its id, URN or another spelling, in any case.
    pub fn resolve(&self, framework: &str, text: &str) -> Option<&Requirement> {
        self.place(Some(self.position(framework)?), text)
            .and_then(|place| self.requirement_at(place))
    }

    /// The requirement that `text` means by itself: `framework:requirement` or the URN of a publisher.
    pub fn find(&self, text: &str) -> Option<RequirementRef> {
        self.place(None, text).and_then(|place| self.address(place))
    }

    /// Where a requirement stands in the order of its framework.
    pub fn index_of(&self, address: &RequirementRef) -> Option<usize> {
        let framework = self.position(address.framework())?;
        self.place(Some(framework), address.requirement()).map(|place| place.requirement)
    }

    /// The requirements right below one.
    pub fn children(&self, address: &RequirementRef) -> Vec<&Requirement> {
        let place = self
            .position(address.framework())
            .and_then(|framework| self.place(Some(framework), address.requirement()));
        place.map(|place| self.below(place)).unwrap_or_default()
    }

    /// The assessable requirements at or below one, in order: what a judgement on the whole is made of.
    pub fn assessable_within(&self, address: &RequirementRef) -> Vec<&Requirement> {
        let Some(framework) = self.position(address.framework()) else { return Vec::new() };
        let Some(held) = self.frameworks.get(framework) else { return Vec::new() };
        let loaded = held.loaded();
        let mut open: Vec<usize> = loaded.find(address.requirement()).into_iter().collect();
        let mut found = Vec::new();
        while let Some(position) = open.pop() {
            open.extend(loaded.children(position));
            if loaded.requirement(position).is_some_and(|one| one.assessable) {
                found.push(position);
            }
        }
        found.sort_unstable();
        found.into_iter().filter_map(|position| loaded.requirement(position)).collect()
    }

    /// The rows of a Statement of Applicability of this framework: its controls; of an imported framework that names
    /// none, the assessable requirements of its group `controls`; without such a group, all assessable ones.
    pub fn controls(&self, framework: &str) -> Vec<&Requirement> {
        let Some(framework) = self.framework(framework) else { return Vec::new() };
        let of_kind = |one: &&Requirement| one.kind == RequirementKind::Control && one.assessable;
        let in_group = |one: &&Requirement| {
            one.assessable && one.groups.iter().any(|group| fold(group) == "controls")
        };
        let rows: Vec<&Requirement> = framework.requirements.iter().filter(of_kind).collect();
        if !rows.is_empty() {
            return rows;
        }
        let rows: Vec<&Requirement> = framework.requirements.iter().filter(in_group).collect();
        if !rows.is_empty() {
            return rows;
        }
        framework.requirements.iter().filter(|one| one.assessable).collect()
    }

    /// The imported libraries, in the order of their import.
    pub fn libraries(&self) -> impl Iterator<Item = &Library> {
        self.libraries.iter().map(Arc::as_ref)
    }

    /// Every mapping set: the built-in ones, those of imported libraries, and for each imported file of a built-in
    /// standard one that says so.
    pub fn mapping_sets(&self) -> Vec<&MappingSet> {
        self.set_views(|_| true).into_iter().map(|view| view.set).collect()
    }

    /// The ends of mappings that no framework knows, or not yet. Mapping sets of the program have none.
    pub fn unresolved(&self) -> Vec<&Unresolved> {
        self.sets.iter().flat_map(|set| &set.unresolved).collect()
    }

    /// Facts about certification to ISO/IEC 42001.
    pub fn certification(&self) -> &'static Certification {
        &builtin::CERTIFICATION
    }

    /// The documented information that ISO/IEC 42001 demands.
    pub fn documented_information(&self) -> &'static DocumentedInformation {
        &builtin::DOCUMENTED_INFORMATION
    }

    /// Annex C of ISO/IEC 42001: objectives and risk sources.
    pub fn annex_c(&self) -> &'static AnnexC {
        &builtin::ANNEX_C
    }

    /// The reporting clocks of all acts, with what is needed to run them.
    pub fn incident_clocks(&self) -> &'static IncidentClocks {
        &builtin::INCIDENT_CLOCKS
    }

    /// The public holidays of the Member States and the institutions of the Union, as rules.
    pub fn public_holidays(&self) -> &'static PublicHolidays {
        &builtin::PUBLIC_HOLIDAYS
    }

    /// The law behind a framework, if it is one: its versions, dates and provisions.
    pub fn law(&self, framework: &str) -> Option<&'static Law> {
        let id = self.frameworks.get(self.position(framework)?)?.id();
        builtin::LAWS.iter().find(|law| law.framework == id).map(builtin::BuiltinLaw::law)
    }

    /// How the law behind a framework classifies.
    pub fn procedure(&self, framework: &str) -> Option<&'static DecisionProcedure> {
        let id = self.frameworks.get(self.position(framework)?)?.id();
        let mut procedures = builtin::PROCEDURES.iter();
        procedures.find(|one| one.framework == id).map(builtin::BuiltinProcedure::procedure)
    }

    /// Annex III of the EU AI Act: areas and use cases.
    pub fn annex_iii(&self) -> &'static AnnexIii {
        &builtin::ANNEX_III
    }

    /// The position of the framework of this name. Of a path (OSCAL refers to catalogs by path) a folder can name it.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        let name = fold(name);
        let by_path = || name.rsplit('/').find_map(|part| self.names.get(part));
        self.names.get(&name).or_else(by_path).copied()
    }

    /// The place of the requirement that `text` means, in one framework or, from its own address, in any.
    pub(crate) fn place(&self, framework: Option<usize>, text: &str) -> Option<Place> {
        let find = |framework: usize, text: &str| {
            let requirement = self.frameworks.get(framework)?.loaded().find(text)?;
            Some(Place { framework, requirement })
        };
        if let Some(place) = framework.and_then(|framework| find(framework, text)) {
            return Some(place);
        }
        let (name, rest) = address_in(text)?;
        let named = self.position(name)?;
        if framework.is_some_and(|framework| framework != named) {
            return None;
        }
        find(named, text).or_else(|| find(named, rest))
    }

    /// The place in the built-in standard that an imported file stands for: such files can be less fine, and an end
    /// that was found before the file came is not lost.
    fn place_in_builtin(&self, framework: usize, text: &str) -> Option<Place> {
        let twin = builtin_of(self.framework_at(framework)).filter(|twin| *twin != framework)?;
        let rest = address_in(text).map_or(text, |(_, rest)| rest);
        self.place(Some(twin), rest)
    }

    pub(crate) fn framework_at(&self, position: usize) -> &Framework {
        static NONE: LazyLock<Framework> = LazyLock::new(Framework::default);
        self.frameworks.get(position).map_or(&NONE, |held| held.loaded().framework())
    }

    pub(crate) fn framework_count(&self) -> usize {
        self.frameworks.len()
    }

    pub(crate) fn requirement_at(&self, place: Place) -> Option<&Requirement> {
        self.frameworks.get(place.framework)?.loaded().requirement(place.requirement)
    }

    fn address(&self, place: Place) -> Option<RequirementRef> {
        let framework = self.frameworks.get(place.framework)?.id();
        Some(RequirementRef::new(framework, &self.requirement_at(place)?.id))
    }

    fn below(&self, place: Place) -> Vec<&Requirement> {
        let Some(held) = self.frameworks.get(place.framework) else { return Vec::new() };
        let loaded = held.loaded();
        loaded
            .children(place.requirement)
            .iter()
            .filter_map(|position| loaded.requirement(*position))
            .collect()
    }

    /// Mapping sets with their pairs; of the built-in ones only those whose frameworks are `wanted`, so that no other
    /// is loaded.
    pub(crate) fn set_views(&self, wanted: impl Fn([usize; 2]) -> bool) -> Vec<SetView<'_>> {
        let builtin = builtin::MAPPINGS.iter().filter_map(|mapping| {
            let ends = [self.position(mapping.source)?, self.position(mapping.target)?];
            let set = wanted(ends).then(|| mapping.library().mapping_sets.first())??;
            Some(SetView { set, pairs: self.builtin_pairs(mapping, set) })
        });
        let imported = self.sets.iter().filter_map(|set| {
            let mappings = set.library.mapping_sets.get(set.position)?;
            Some(SetView { set: mappings, pairs: &set.pairs })
        });
        builtin.chain(imported).collect()
    }

    /// A framework and what stands in for it: the imported files of a built-in standard, or the built-in one.
    pub(crate) fn with_twins(&self, framework: usize) -> Vec<usize> {
        let other = |(one, other): (usize, usize)| match framework {
            _ if framework == one => Some(other),
            _ if framework == other => Some(one),
            _ => None,
        };
        let twins = self.sets.iter().filter_map(|set| set.twins.and_then(other));
        std::iter::once(framework).chain(twins).collect()
    }

    /// Which frameworks mappings connect, in both directions, without loading any.
    pub(crate) fn connected(&self) -> HashSet<(usize, usize)> {
        let mut connected = HashSet::new();
        for mapping in &builtin::MAPPINGS {
            if let (Some(source), Some(target)) =
                (self.position(mapping.source), self.position(mapping.target))
            {
                connected.extend([(source, target), (target, source)]);
            }
        }
        for pair in self.sets.iter().flat_map(|set| &set.pairs) {
            let (source, target) = (pair.source.framework, pair.target.framework);
            connected.extend([(source, target), (target, source)]);
        }
        connected
    }

    fn builtin_pairs(&self, mapping: &'static BuiltinMapping, set: &MappingSet) -> &'static [Pair] {
        mapping.pairs.get_or_init(|| {
            let position = |name: &str| builtin::FRAMEWORKS.iter().position(|one| one.id == name);
            let (source, target) = (position(mapping.source), position(mapping.target));
            let framework = |end| match end {
                End::Source => source,
                End::Target => target,
            };
            ends::resolve(set, |end, text| self.place(framework(end), text), |_| true).0
        })
    }
}

/// The position of the built-in framework that `framework` is a file of.
fn builtin_of(framework: &Framework) -> Option<usize> {
    let names = [&framework.urn, &framework.id].map(|name| fold(name));
    builtin::FRAMEWORKS
        .iter()
        .position(|builtin| builtin.aliases.iter().any(|alias| names.contains(&fold(alias))))
}

/// The framework and the rest of an address: of `framework:requirement`, or of a URN as publishers of libraries make
/// them, `urn:publisher:domain:type:framework:requirement`.
fn address_in(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    if !text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:")) {
        return text.split_once(':');
    }
    let mut parts = text.splitn(6, ':').skip(4);
    Some((parts.next()?, parts.next()?))
}
