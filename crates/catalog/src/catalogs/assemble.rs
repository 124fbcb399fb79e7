//! How imported libraries are joined to the built-in catalogs: free ids, names, ends of mappings, twins.

use std::{collections::HashMap, sync::Arc};

use super::{Catalogs, Held, Set, builtin_of};
use crate::{
    Confidence, Framework, Library, Mapping, MappingSet, Relationship, Requirement,
    ends::{self, End},
    loaded::{Loaded, fold},
};

impl Catalogs {
    pub(super) fn of(libraries: Vec<Arc<Library>>) -> Catalogs {
        let mut catalogs = Catalogs::builtin().as_ref().clone();
        for mut library in libraries {
            catalogs.make_ids_free(&mut library);
            for position in 0..library.frameworks.len() {
                let loaded = Loaded::new(library.clone(), position);
                catalogs.frameworks.push(Held::Imported(Arc::new(loaded)));
            }
            catalogs.libraries.push(library);
        }
        catalogs.index_names();
        let mut sets: Vec<Arc<Set>> = Vec::new();
        for library in &catalogs.libraries {
            for position in 0..library.mapping_sets.len() {
                sets.extend(catalogs.resolved(library.clone(), position, None).map(Arc::new));
            }
        }
        sets.extend(catalogs.twin_sets());
        catalogs.sets = sets;
        catalogs
    }

    fn make_ids_free(&self, library: &mut Arc<Library>) {
        let taken = |id: &str, library: &Library, own: usize| {
            let before = library.frameworks.iter().take(own);
            let here =
                self.frameworks.iter().map(Held::id).chain(before.map(|one| one.id.as_str()));
            here.into_iter().any(|other| fold(other) == fold(id))
        };
        for position in 0..library.frameworks.len() {
            let Some(framework) = library.frameworks.get(position) else { continue };
            let old = framework.id.clone();
            let clean = old.replace(':', "-");
            let numbered = (2..).map(|number: u32| format!("{clean}-{number}"));
            let free = std::iter::once(clean.clone())
                .chain(numbered)
                .find(|id| !taken(id, library, position))
                .unwrap_or(clean);
            if free == old {
                continue;
            }
            let library = Arc::make_mut(library);
            for end in
                library.mapping_sets.iter_mut().flat_map(|set| [&mut set.source, &mut set.target])
            {
                if *end == old {
                    end.clone_from(&free);
                }
            }
            if let Some(framework) = library.frameworks.get_mut(position) {
                framework.id = free;
            }
        }
    }

    /// Ids win over the names that publishers gave, and those over the aliases of built-in frameworks.
    pub(super) fn index_names(&mut self) {
        let mut names = HashMap::new();
        for (position, held) in self.frameworks.iter().enumerate() {
            names.entry(fold(held.id())).or_insert(position);
        }
        for (position, held) in self.frameworks.iter().enumerate() {
            if let Held::Imported(loaded) = held {
                let framework = loaded.framework();
                let given = std::iter::once(&framework.urn).chain(&framework.aliases);
                for name in given.filter(|name| !name.is_empty()) {
                    names.entry(fold(name)).or_insert(position);
                }
            }
        }
        for (position, held) in self.frameworks.iter().enumerate() {
            if let Held::Builtin(builtin) = held {
                for name in builtin.aliases {
                    names.entry(fold(name)).or_insert(position);
                }
            }
        }
        self.names = names;
    }

    fn resolved(
        &self,
        library: Arc<Library>,
        position: usize,
        twins: Option<(usize, usize)>,
    ) -> Option<Set> {
        let set = library.mapping_sets.get(position)?;
        let source = self.position(&set.source);
        let target = self.position(&set.target);
        let framework = |end| match end {
            End::Source => source,
            End::Target => target,
        };
        let (pairs, unresolved) = ends::resolve(
            set,
            |end, text| {
                let place = self.place(framework(end), text);
                place.or_else(|| self.place_in_builtin(framework(end)?, text))
            },
            |end| framework(end).is_some(),
        );
        Some(Set { pairs, unresolved, library, position, twins })
    }

    /// An imported file of a standard that is built in says the same, element by element, as the built-in framework.
    fn twin_sets(&self) -> Vec<Arc<Set>> {
        let mut sets = Vec::new();
        for (position, held) in self.frameworks.iter().enumerate() {
            let Held::Imported(loaded) = held else { continue };
            let framework = loaded.framework();
            let twin = builtin_of(framework);
            if let Some(twin) = twin {
                let library = Arc::new(self.twin_library(framework, twin));
                sets.extend(self.resolved(library, 0, Some((position, twin))).map(Arc::new));
            }
        }
        sets
    }

    fn twin_library(&self, framework: &Framework, twin: usize) -> Library {
        let builtin = self.framework_at(twin);
        let same = |requirement: &Requirement| {
            let place = self.place(Some(twin), &requirement.id)?;
            let target = self.requirement_at(place)?;
            Some(Mapping {
                source: requirement.id.clone(),
                target: target.id.clone(),
                relationship: Relationship::Equal,
                strength: Some(10),
                rationale: "the same element of the same standard".to_owned(),
                gap: String::new(),
                confidence: Confidence::High,
                group: None,
                extra: serde_json::Map::new(),
            })
        };
        let set = MappingSet {
            id: format!("{}-is-{}", framework.id, builtin.id),
            name: format!("{} as imported and as built in", builtin.name),
            source: framework.id.clone(),
            target: builtin.id.clone(),
            mappings: framework.requirements.iter().filter_map(same).collect(),
            ..MappingSet::default()
        };
        Library { mapping_sets: vec![set], ..Library::default() }
    }
}

pub(super) fn same_library(one: &Library, other: &Library) -> bool {
    let name = |library: &Library| {
        if library.urn.is_empty() { fold(&library.id) } else { fold(&library.urn) }
    };
    name(one) == name(other) && fold(&one.locale) == fold(&other.locale)
}
