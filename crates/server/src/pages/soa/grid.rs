//! The matrix as it is asked for: which controls and AI systems, in which order and groups, and which of their cells count.
//!
//! The table of the page, the data for the drawn matrix, the paper and the choice of many cells all read this.

use std::collections::{BTreeMap, HashSet};

use surety_aims::{
    RecordId, Ref,
    derive::soa::{Cell, Soa},
};
use surety_catalog::Framework;
use surety_engine::View;
use surety_reports::views::{
    soa::{Standing, objective},
    words,
};

use super::ask::{Ask, By};
use crate::html::capitalised;

/// Controls of one domain, or AI systems of one group or class.
pub(super) struct Band {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) folded: bool,
    /// Their places in the statement.
    pub(super) members: Vec<usize>,
}

/// How many cells count, and how far they have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) counted: u32,
    pub(super) designed: u32,
    pub(super) documented: u32,
    pub(super) operating: u32,
}

impl Sums {
    fn add(&mut self, cell: &Cell<'_>) {
        self.counted += u32::from(cell.applicable != Some(false));
        self.designed += u32::from(cell.designed);
        self.documented += u32::from(cell.documented);
        self.operating += u32::from(cell.operating);
    }

    /// In whole percent, rounded down; `None` where nothing counts.
    fn percent(self, part: u32) -> Option<u32> {
        part.saturating_mul(100).checked_div(self.counted)
    }

    /// Designed, documented and operating, in percent.
    pub(super) fn percents(self) -> [Option<u32>; 3] {
        [self.designed, self.documented, self.operating].map(|part| self.percent(part))
    }
}

/// The matrix as it is asked for.
pub(super) struct Grid<'s> {
    pub(super) soa: &'s Soa<'s>,
    pub(super) domains: Vec<Band>,
    pub(super) groups: Vec<Band>,
    /// Whether only some cells count: those in a state or of an owner.
    pub(super) is_picky: bool,
    /// Whether each cell counts, in the order of the statement.
    counts: Vec<bool>,
    standings: Vec<Standing>,
    /// Cells that differ from the day with which it is compared.
    pub(super) changed: HashSet<usize>,
}

impl<'s> Grid<'s> {
    pub(super) fn of(
        view: &View,
        soa: &'s Soa<'s>,
        framework: &Framework,
        ask: &Ask<'_>,
    ) -> Grid<'s> {
        let standings = soa.cells.iter().map(Standing::of).collect();
        let counts = soa.cells.iter().map(|cell| picked(ask, cell)).collect();
        let is_picky = ask.state.is_some() || ask.owner.is_some();
        let mut grid = Grid {
            soa,
            domains: domains(soa, framework, ask),
            groups: groups(view, soa, ask),
            is_picky,
            counts,
            standings,
            changed: HashSet::new(),
        };
        grid.find(&ask.text);
        if is_picky {
            grid.drop_empty(ask);
        }
        grid
    }

    /// The place of a cell in the statement.
    pub(super) fn place(&self, control: usize, system: usize) -> usize {
        control.saturating_mul(self.soa.systems.len()).saturating_add(system)
    }

    pub(super) fn cell(&self, control: usize, system: usize) -> Option<&'s Cell<'s>> {
        self.soa.cells.get(self.place(control, system))
    }

    pub(super) fn standing(&self, control: usize, system: usize) -> Standing {
        let place = self.place(control, system);
        self.standings.get(place).copied().unwrap_or(Standing::Undecided)
    }

    pub(super) fn counts(&self, control: usize, system: usize) -> bool {
        self.counts.get(self.place(control, system)).copied().unwrap_or(false)
    }

    pub(super) fn is_changed(&self, control: usize, system: usize) -> bool {
        self.changed.contains(&self.place(control, system))
    }

    /// All controls that are shown, in order.
    pub(super) fn controls(&self) -> impl Iterator<Item = usize> {
        self.domains.iter().flat_map(|band| band.members.iter().copied())
    }

    /// All AI systems that are shown, in order.
    pub(super) fn systems(&self) -> impl Iterator<Item = usize> {
        self.groups.iter().flat_map(|band| band.members.iter().copied())
    }

    /// The sums of some cells.
    pub(super) fn sums(&self, controls: &[usize], systems: &[usize]) -> Sums {
        let mut sums = Sums::default();
        for control in controls {
            for cell in systems.iter().filter_map(|system| self.cell(*control, *system)) {
                sums.add(cell);
            }
        }
        sums
    }

    /// Keeps the controls in which a text occurs, and the AI systems; all of those in which it occurs nowhere.
    fn find(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let within = |said: &str| said.to_lowercase().contains(text);
        let controls: HashSet<usize> = (0..)
            .zip(&self.soa.controls)
            .filter(|(_, control)| within(control.id) || within(control.title))
            .map(|(at, _)| at)
            .collect();
        let systems: HashSet<usize> = (0..)
            .zip(&self.soa.systems)
            .filter(|(_, system)| within(system.name) || within(&system.id.to_string()))
            .map(|(at, _)| at)
            .collect();
        match (controls.is_empty(), systems.is_empty()) {
            (true, false) => keep(&mut self.groups, &systems),
            (false, true) => keep(&mut self.domains, &controls),
            (_, _) => {
                keep(&mut self.groups, &systems);
                keep(&mut self.domains, &controls);
            }
        }
    }

    /// Leaves out controls and AI systems without a cell that counts.
    fn drop_empty(&mut self, ask: &Ask<'_>) {
        let controls: Vec<usize> = self.controls().collect();
        let systems: Vec<usize> = self.systems().collect();
        let (mut rows, mut columns) = (HashSet::new(), HashSet::new());
        for control in controls {
            let whole = self.soa.controls.get(control);
            if whole.is_some_and(|row| picked(ask, &row.organisation)) {
                rows.insert(control);
            }
            for system in systems.iter().filter(|system| self.counts(control, **system)) {
                rows.insert(control);
                columns.insert(*system);
            }
        }
        keep(&mut self.domains, &rows);
        keep(&mut self.groups, &columns);
    }
}

fn keep(bands: &mut Vec<Band>, members: &HashSet<usize>) {
    for band in bands.iter_mut() {
        band.members.retain(|member| members.contains(member));
    }
    bands.retain(|band| !band.members.is_empty());
}

/// Whether a cell is in the state and of the owner that are asked for.
pub(super) fn picked(ask: &Ask<'_>, cell: &Cell<'_>) -> bool {
    ask.state.is_none_or(|state| Standing::of(cell) == state)
        && ask.owner.is_none_or(|owner| cell.owner == Some(owner))
}

fn domains(soa: &Soa<'_>, framework: &Framework, ask: &Ask<'_>) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    for (at, control) in soa.controls.iter().enumerate() {
        let id = control.objective.unwrap_or_default();
        if !ask.domain.is_empty() && ask.domain != id {
            continue;
        }
        match bands.iter_mut().find(|band| band.id == id) {
            Some(band) => band.members.push(at),
            None => bands.push(Band {
                name: objective(framework, control.objective),
                folded: ask.folded.iter().any(|folded| folded == id),
                id: id.to_owned(),
                members: vec![at],
            }),
        }
    }
    bands
}

/// Groups by name, those without one last.
fn groups(view: &View, soa: &Soa<'_>, ask: &Ask<'_>) -> Vec<Band> {
    let mut bands: BTreeMap<(bool, String, String), Vec<usize>> = BTreeMap::new();
    for (at, system) in soa.systems.iter().enumerate() {
        let (id, name) = match ask.by {
            By::Group => group(view, system.group),
            By::Class => class(view, system.id),
            By::Nothing => (String::new(), String::new()),
        };
        if ask.group.is_empty() || ask.group == id {
            bands.entry((id.ends_with(NONE), name, id)).or_default().push(at);
        }
    }
    let band = |((_, name, id), members): ((bool, String, String), Vec<usize>)| Band {
        folded: !id.is_empty() && ask.folded.contains(&id),
        id,
        name,
        members,
    };
    bands.into_iter().map(band).collect()
}

/// Ends the ids of bands of what belongs to none.
const NONE: &str = "none";

fn group(view: &View, group: Option<RecordId>) -> (String, String) {
    let Some(id) = group else { return ("no-group-none".to_owned(), "In no group".to_owned()) };
    let found = view.book().find(Ref::<surety_aims::records::SystemGroup>::new(id.number));
    (id.to_string(), found.map_or_else(|| id.to_string(), |(_, group)| group.name.clone()))
}

/// The class under the AI Act as it is kept.
fn class(view: &View, system: RecordId) -> (String, String) {
    match view.classification(system) {
        None => ("not-classified-none".to_owned(), "Not classified".to_owned()),
        Some((_, said)) if said.outcome.is_empty() => {
            ("class-open".to_owned(), "Class still open".to_owned())
        }
        Some((_, said)) => (format!("class-{}", said.outcome), capitalised(&words(&said.outcome))),
    }
}
