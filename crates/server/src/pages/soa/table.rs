//! The matrix as a table: page by page without JavaScript, and in parts on paper.

use surety_aims::RecordId;
use surety_reports::views::soa::Standing;

use super::{
    ask::{Ask, written},
    data::level,
    grid::{Band, Grid, Sums},
};

/// Columns of one part: as many as stand on A3 across, or on a screen.
const COLUMNS: usize = 40;

/// A column: an AI system, or a group that is folded.
#[derive(Clone, Copy)]
enum Track {
    System(usize),
    Folded(usize),
}

/// A part of the matrix: all controls, some AI systems.
pub(super) struct Part {
    /// `Part 2 of 25: SYS-41 to SYS-80`; empty if it is all there is.
    pub(super) says: String,
    pub(super) bands: Vec<Span>,
    pub(super) heads: Vec<Head>,
    pub(super) domains: Vec<Domain>,
    /// What the summaries below are called, and their numbers.
    pub(super) sums: Vec<(&'static str, Vec<String>)>,
}

/// A head over several columns.
pub(super) struct Span {
    pub(super) name: String,
    pub(super) columns: usize,
    /// Where it is folded or unfolded; empty: it can't be.
    pub(super) fold: String,
    pub(super) folded: bool,
}

/// The head of one column.
pub(super) struct Head {
    /// Empty for a folded group.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) class: &'static str,
}

/// Controls under one heading.
pub(super) struct Domain {
    pub(super) name: String,
    pub(super) fold: String,
    pub(super) folded: bool,
    /// How many columns there are.
    pub(super) width: usize,
    /// What stands in its own row if it is folded: percentages of operation.
    pub(super) sums: Vec<String>,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) id: String,
    pub(super) title: String,
    /// The long form of its cells.
    pub(super) href: String,
    pub(super) whole: Shape,
    pub(super) sums: [String; 3],
    pub(super) cells: Vec<Shape>,
}

/// What stands in a cell.
pub(super) struct Shape {
    pub(super) class: String,
    /// A shape, or a number.
    pub(super) says: String,
    /// What the shape is called; empty for a number.
    pub(super) word: &'static str,
    pub(super) href: String,
}

/// Draws parts of a matrix.
pub(super) struct Drawing<'g> {
    pub(super) grid: &'g Grid<'g>,
    pub(super) ask: &'g Ask<'g>,
    /// What the address of a cell begins with.
    pub(super) opening: String,
    tracks: Vec<(usize, Track)>,
}

impl<'g> Drawing<'g> {
    pub(super) fn new(grid: &'g Grid<'g>, ask: &'g Ask<'g>) -> Drawing<'g> {
        let mut tracks = Vec::new();
        for (at, band) in grid.groups.iter().enumerate() {
            match band.folded {
                true => tracks.push((at, Track::Folded(at))),
                false => tracks.extend(band.members.iter().map(|one| (at, Track::System(*one)))),
            }
        }
        Drawing { grid, ask, opening: ask.opening(), tracks }
    }

    /// How many parts there are; one at least.
    pub(super) fn parts(&self) -> usize {
        self.tracks.len().div_ceil(COLUMNS).max(1)
    }

    /// One of the parts, counted from 1.
    pub(super) fn part(&self, number: usize) -> Part {
        let from = number.saturating_sub(1).saturating_mul(COLUMNS).min(self.tracks.len());
        let tracks = self.tracks.get(from..).unwrap_or_default();
        let tracks = tracks.get(..COLUMNS.min(tracks.len())).unwrap_or_default();
        let controls: Vec<usize> = self.grid.controls().collect();
        let labels = ["Designed", "Documented", "Operating"];
        let sums: Vec<[String; 3]> = tracks
            .iter()
            .map(|(_, track)| percents(self.grid.sums(&controls, &self.members(*track))))
            .collect();
        let sums = labels.into_iter().zip(0..).map(|(label, at): (_, usize)| {
            let numbers = sums.iter().map(|sums| sums.get(at).cloned().unwrap_or_default());
            (label, numbers.collect())
        });
        Part {
            says: self.says(number, tracks),
            bands: self.bands(tracks),
            heads: self.heads(tracks),
            domains: self.grid.domains.iter().map(|band| self.domain(band, tracks)).collect(),
            sums: sums.collect(),
        }
    }

    /// The AI systems of a column.
    fn members(&self, track: Track) -> Vec<usize> {
        match track {
            Track::System(system) => vec![system],
            Track::Folded(band) => {
                self.grid.groups.get(band).map(|band| band.members.clone()).unwrap_or_default()
            }
        }
    }

    fn says(&self, number: usize, tracks: &[(usize, Track)]) -> String {
        let parts = self.parts();
        if parts == 1 {
            return String::new();
        }
        let name = |track: Option<&(usize, Track)>| match track {
            Some((_, Track::System(system))) => {
                self.grid.soa.systems.get(*system).map(|one| one.id.to_string())
            }
            Some((_, Track::Folded(band))) => {
                self.grid.groups.get(*band).map(|band| band.name.clone())
            }
            None => None,
        };
        let (first, last) = (name(tracks.first()), name(tracks.last()));
        let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
        format!("Part {number} of {parts}: {first} to {last}")
    }

    fn bands(&self, tracks: &[(usize, Track)]) -> Vec<Span> {
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for (band, _) in tracks {
            match spans.last_mut() {
                Some((last, columns)) if last == band => *columns = columns.saturating_add(1),
                Some(_) | None => spans.push((*band, 1)),
            }
        }
        let span = |(at, columns): (usize, usize)| {
            let band = self.grid.groups.get(at)?;
            let fold = match band.id.is_empty() {
                true => String::new(),
                false => self.ask.folding(&band.id),
            };
            Some(Span { name: band.name.clone(), columns, fold, folded: band.folded })
        };
        spans.into_iter().filter_map(span).collect()
    }

    fn heads(&self, tracks: &[(usize, Track)]) -> Vec<Head> {
        let mut before = None;
        let head = |(band, track): &(usize, Track)| {
            let class = if before.replace(*band) == Some(*band) { "" } else { "first" };
            match track {
                Track::System(system) => {
                    let system = self.grid.soa.systems.get(*system);
                    let id = system.map(|one| one.id);
                    let name = system.map(|one| one.name.to_owned()).unwrap_or_default();
                    let href = id.map(|id| self.long(None, Some(id))).unwrap_or_default();
                    Head { id: id.map(|id| id.to_string()).unwrap_or_default(), name, href, class }
                }
                Track::Folded(band) => {
                    let band = self.grid.groups.get(*band);
                    let count = band.map_or(0, |band| band.members.len());
                    let name =
                        band.map(|band| format!("{} ({count})", band.name)).unwrap_or_default();
                    Head { id: String::new(), name, href: String::new(), class }
                }
            }
        };
        tracks.iter().map(head).collect()
    }

    /// Where the cells of a control or an AI system stand one by one, each with its reasons.
    fn long(&self, control: Option<&str>, system: Option<RecordId>) -> String {
        let mut address = self.ask.with("view", "cells");
        if let Some(control) = control {
            let control: String =
                url::form_urlencoded::byte_serialize(control.as_bytes()).collect();
            address.push_str(&format!("&control={control}"));
        }
        if let Some(system) = system {
            address.push_str(&format!("&system={system}"));
        }
        address
    }

    fn domain(&self, band: &Band, tracks: &[(usize, Track)]) -> Domain {
        let sums = tracks.iter().map(|(_, track)| {
            let [.., operating] = percents(self.grid.sums(&band.members, &self.members(*track)));
            operating
        });
        let sums = if band.folded { sums.collect() } else { Vec::new() };
        let rows = if band.folded { &[][..] } else { &band.members };
        Domain {
            name: band.name.clone(),
            fold: if band.id.is_empty() { String::new() } else { self.ask.folding(&band.id) },
            folded: band.folded,
            width: tracks.len(),
            sums,
            rows: rows.iter().filter_map(|at| self.row(*at, tracks)).collect(),
        }
    }

    fn row(&self, at: usize, tracks: &[(usize, Track)]) -> Option<Row> {
        let control = self.grid.soa.controls.get(at)?;
        let systems: Vec<usize> = self.grid.systems().collect();
        let mut before = None;
        let cell = |(band, track): &(usize, Track)| {
            let first = before.replace(*band) != Some(*band);
            let mut shape = match track {
                Track::System(system) => self.shape(at, *system),
                Track::Folded(_) => {
                    let [.., says] = percents(self.grid.sums(&[at], &self.members(*track)));
                    Shape { class: "sum".to_owned(), says, word: "", href: String::new() }
                }
            };
            if first {
                shape.class.push_str(" first");
            }
            shape
        };
        let whole = Standing::of(&control.organisation);
        Some(Row {
            id: control.id.to_owned(),
            title: control.title.to_owned(),
            href: self.long(Some(control.id), None),
            whole: Shape {
                class: whole.mark().tone.word().to_owned(),
                says: whole.mark().symbol.to_string(),
                word: whole.word(),
                href: format!("{}{}", self.opening, written(control.id, None)),
            },
            sums: percents(self.grid.sums(&[at], &systems)),
            cells: tracks.iter().map(cell).collect(),
        })
    }

    fn shape(&self, control: usize, system: usize) -> Shape {
        let standing = self.grid.standing(control, system);
        let mut class = standing.mark().tone.word().to_owned();
        let places = (self.grid.soa.controls.get(control), self.grid.soa.systems.get(system));
        let (Some(row), Some(column)) = places else {
            return Shape { class, says: String::new(), word: "", href: String::new() };
        };
        if self.grid.is_picky && !self.grid.counts(control, system) {
            class.push_str(" faint");
        }
        if self.grid.is_changed(control, system) {
            class.push_str(" changed");
        }
        if self.grid.cell(control, system).is_some_and(|cell| level(cell) == 2) {
            class.push_str(" own");
        }
        Shape {
            class,
            says: standing.mark().symbol.to_string(),
            word: standing.word(),
            href: format!("{}{}", self.opening, written(row.id, Some(column.id))),
        }
    }
}

/// Percentages as they are written.
fn percents(sums: Sums) -> [String; 3] {
    sums.percents().map(|percent| percent.map_or_else(|| "–".to_owned(), |of| of.to_string()))
}
