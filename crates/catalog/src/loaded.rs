//! A framework in memory with the look-ups that queries need.

use std::{collections::HashMap, sync::Arc};

use crate::{Framework, Library, Requirement};

/// One framework of a library, with its names and its tree by position.
pub(crate) struct Loaded {
    library: Arc<Library>,
    position: usize,
    exact: HashMap<String, usize>,
    folded: HashMap<String, usize>,
    children: Vec<Vec<usize>>,
}

impl Loaded {
    /// The framework at `position` in `library`.
    pub(crate) fn new(library: Arc<Library>, position: usize) -> Loaded {
        let mut loaded = Loaded {
            library,
            position,
            exact: HashMap::new(),
            folded: HashMap::new(),
            children: Vec::new(),
        };
        loaded.index();
        loaded
    }

    fn index(&mut self) {
        let library = self.library.clone();
        let Some(framework) = library.frameworks.get(self.position) else { return };
        let requirements = &framework.requirements;
        self.children = vec![Vec::new(); requirements.len()];
        for (position, requirement) in requirements.iter().enumerate() {
            self.exact.entry(requirement.id.clone()).or_insert(position);
            self.folded.entry(fold(&requirement.id)).or_insert(position);
            let parent = requirement.parent.as_ref().and_then(|id| self.exact.get(id));
            if let Some(siblings) = parent.and_then(|parent| self.children.get_mut(*parent)) {
                siblings.push(position);
            }
        }
        // Ids win over the names that publishers gave, and those over other spellings.
        for (position, requirement) in requirements.iter().enumerate() {
            self.name(&requirement.urn, position);
        }
        for (position, requirement) in requirements.iter().enumerate() {
            for alias in &requirement.aliases {
                self.name(alias, position);
            }
            if let Some((_, tail)) = requirement.urn.rsplit_once(':') {
                self.name(tail, position);
            }
        }
    }

    fn name(&mut self, text: &str, position: usize) {
        if !text.is_empty() {
            self.folded.entry(fold(text)).or_insert(position);
        }
    }

    pub(crate) fn framework(&self) -> &Framework {
        static NONE: std::sync::LazyLock<Framework> = std::sync::LazyLock::new(Framework::default);
        self.library.frameworks.get(self.position).unwrap_or(&NONE)
    }

    pub(crate) fn requirement(&self, position: usize) -> Option<&Requirement> {
        self.framework().requirements.get(position)
    }

    /// Positions of the requirements right below one.
    pub(crate) fn children(&self, position: usize) -> &[usize] {
        self.children.get(position).map(Vec::as_slice).unwrap_or_default()
    }

    /// The requirement that `text` means: its id, its URN or another spelling, in any case.
    pub(crate) fn find(&self, text: &str) -> Option<usize> {
        self.exact.get(text).or_else(|| self.folded.get(&fold(text))).copied()
    }
}

/// How names are compared: without regard to case and surrounding blanks.
pub(crate) fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}
