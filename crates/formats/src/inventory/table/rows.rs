//! From the rows of an understood table to proposals.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};

use super::{
    grid::{Cell, Grid, Row},
    header::{ColumnUse, Layout},
};
use crate::inventory::{
    fold::{fold_name, fold_word, shortened},
    mention::Mentions,
    proposal::{Column, Link, Place, Problem, Proposal, Reading, Severity, Target, Unmapped},
    values::{self, DayOrder},
    vocabulary::{Field, Kind, Shape},
};

/// One table with what was found out about it.
pub(super) struct Rows<'a> {
    file: &'a str,
    grid: &'a Grid,
    layout: &'a Layout,
    source: String,
    /// By column index.
    day_orders: HashMap<usize, DayOrder>,
}

/// A row on its way to a proposal.
struct Draft {
    proposal: Proposal,
    /// Field to its three parties or likelihood: `inherent` → `likelihood` → 4.
    ratings: BTreeMap<&'static str, BTreeMap<&'static str, u8>>,
    /// A unit in the place of an owner; a column of its own counts more.
    unit: Option<String>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(file: &'a str, grid: &'a Grid, layout: &'a Layout, source: String) -> Rows<'a> {
        let mut rows = Rows { file, grid, layout, source, day_orders: HashMap::new() };
        rows.day_orders = layout
            .columns
            .iter()
            .filter(|column| column.field.is_some_and(|field| matches!(field.shape, Shape::Date)))
            .map(|column| (column.index, rows.day_order(column.index)))
            .collect();
        rows
    }

    pub(super) fn read(&self, reading: &mut Reading, mentions: &mut Mentions) {
        let first = reading.proposals.len();
        let before = reading.problems.len();
        let mut skipped = 0_u32;
        for row in self.body() {
            if row.banner || self.is_footer(row) {
                skipped = skipped.saturating_add(1);
                continue;
            }
            if let Some(proposal) = self.row(row, &mut reading.problems, mentions) {
                reading.proposals.push(proposal);
            }
        }
        if skipped > 0 {
            reading.notices.push(format!("{skipped} heading and total rows inside the table were left out"));
        }
        let found = reading.proposals.split_off(first);
        reading.proposals.extend(self.distinguished(found, &mut reading.problems));
        if let Some(own) = reading.problems.get_mut(before..) {
            own.sort_by_key(|problem| (problem.place.line, problem.place.column.as_ref().map(|column| column.number)));
        }
        reading.unmapped.extend(self.unmapped());
    }

    fn body(&self) -> impl Iterator<Item = &'a Row> {
        self.grid.rows.iter().skip(self.layout.header.saturating_add(1))
    }

    /// A last row like "Total: 14" or "End of Standard".
    fn is_footer(&self, row: &Row) -> bool {
        const FOOTERS: &[&str] = &["total", "totals", "sum", "summe", "gesamt", "end of standard", "end of list", "ende", "grand total"];
        row.filled() <= 2
            && row.cells.iter().find(|cell| !cell.is_empty()).is_some_and(|cell| FOOTERS.contains(&fold_word(&cell.text()).as_str()))
    }

    fn row(&self, row: &Row, problems: &mut Vec<Problem>, mentions: &mut Mentions) -> Option<Proposal> {
        let kind = self.layout.kind;
        // A repeated header, as reports have at the top of each page.
        if self.layout.columns.len() > 1 && self.layout.columns.iter().all(|column| row.cell(column.index).text() == column.header) {
            return None;
        }
        if self.layout.titles.iter().all(|index| self.is_unnamed(row.cell(*index))) && !self.is_person() {
            problems.push(self.unnamed(row));
            return None;
        }
        let place = self.place(row, None);
        let mut draft = Draft { proposal: Proposal { source: self.source.clone(), ..Proposal::new(kind.name, place) }, ratings: BTreeMap::new(), unit: None };
        for column in self.layout.columns.iter().filter(|column| !column.ignored) {
            let cell = row.cell(column.index);
            if cell.is_empty() || self.layout.titles.contains(&column.index) {
                continue;
            }
            match column.field {
                Some(field) => self.cell(row, column, field, cell, &mut draft, problems, mentions),
                None => draft.proposal.keep(&self.key(column), cell.text()),
            }
        }
        self.unheaded(row, &mut draft.proposal);
        self.rate(&mut draft);
        if let Some(unit) = draft.unit.take().filter(|_| !draft.proposal.body.contains_key("unit")) {
            draft.proposal.set("unit", unit);
        }
        match self.name(row, &mut draft.proposal) {
            Ok(()) => Some(draft.proposal),
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    }

    fn is_unnamed(&self, cell: &Cell) -> bool {
        matches!(cell, Cell::Fault(_)) || values::is_blank(&cell.text())
    }

    fn is_person(&self) -> bool {
        self.layout.kind.field(self.layout.kind.title).is_some_and(|field| matches!(field.shape, Shape::PersonName))
    }

    /// Sets the name from the first title column that says something.
    fn name(&self, row: &Row, proposal: &mut Proposal) -> Result<(), Problem> {
        let kind = self.layout.kind;
        let shape = kind.field(kind.title).map(|field| field.shape);
        let mut found: Option<String> = None;
        for index in &self.layout.titles {
            let text = row.cell(*index).text();
            if self.is_unnamed(row.cell(*index)) {
                continue;
            }
            if found.is_none() {
                found = Some(text.split_whitespace().collect::<Vec<_>>().join(" "));
            } else if let Some(column) = self.layout.columns.iter().find(|column| column.index == *index) {
                proposal.keep(&self.key(column), text);
            }
        }
        if let Some(Shape::PersonName) = shape {
            return if self.person_name(found, proposal) { Ok(()) } else { Err(self.unnamed(row)) };
        }
        let Some(name) = found else { return Err(self.unnamed(row)) };
        if let Some(Shape::Requirement) = shape {
            let taken = values::plain(Shape::Requirement, &name, DayOrder::Unclear);
            let Ok(Some(taken)) = taken else { return Err(self.no_control(row, &name)) };
            proposal.name = taken.value.as_str().unwrap_or_default().to_owned();
            proposal.set(kind.title, taken.value);
            return Ok(());
        }
        proposal.set(kind.title, name.as_str());
        proposal.name = name;
        Ok(())
    }

    fn no_control(&self, row: &Row, text: &str) -> Problem {
        let text = shortened(text, 80);
        Problem {
            place: self.place(row, self.title_column()),
            severity: Severity::Error,
            message: format!("\"{text}\" is no reference to a control: the row was left out; write it like A.6.2.4"),
            value: Some(text),
        }
    }

    fn person_name(&self, found: Option<String>, proposal: &mut Proposal) -> bool {
        let identity = proposal.identity.get_or_insert_default();
        if let Some(person) = found.as_deref().and_then(|text| values::people(text).into_iter().next()) {
            if identity.email.is_none() {
                identity.email = person.email;
            }
            identity.name = Some(person.name);
        }
        proposal.name = identity.name.clone().or_else(|| identity.email.clone()).unwrap_or_default();
        !proposal.name.is_empty()
    }

    fn unnamed(&self, row: &Row) -> Problem {
        let column = self.title_column();
        let header = column.map(|column| column.header.as_str()).unwrap_or_default();
        Problem {
            place: self.place(row, column),
            severity: Severity::Error,
            value: None,
            message: format!("has no {} in \"{header}\": the row was left out; give it one", article_free(self.layout.kind)),
        }
    }

    fn title_column(&self) -> Option<&ColumnUse> {
        let first = self.layout.titles.first()?;
        self.layout.columns.iter().find(|column| column.index == *first)
    }

    #[expect(clippy::too_many_arguments, reason = "one call site; a struct for it would hide more than it shows")]
    fn cell(
        &self,
        row: &Row,
        column: &ColumnUse,
        field: &'static Field,
        cell: &Cell,
        draft: &mut Draft,
        problems: &mut Vec<Problem>,
        mentions: &mut Mentions,
    ) {
        let text = cell.text();
        let place = self.place(row, Some(column));
        let complaint = |severity, message: String| Problem {
            place: place.clone(),
            severity,
            value: Some(shortened(&text, 80)),
            message: format!("\"{}\" {message}", shortened(&text, 80)),
        };
        if let Cell::Fault(_) = cell {
            problems.push(complaint(Severity::Error, "is what a failed formula shows: mend the formula".to_owned()));
            return;
        }
        match field.shape {
            Shape::Person => {
                if let Some(message) = owner(field, &text, &place, draft, mentions) {
                    problems.push(complaint(Severity::Warning, message));
                }
            }
            Shape::Link(kind) => {
                let mut items = values::list(&text).into_iter();
                // One reference: a comma may belong to the name.
                let one = if text.contains(['\n', ';', '|']) { items.next() } else { items.next().map(|_| text.trim().to_owned()) };
                draft.proposal.links.extend(one.map(|name| link(field.name, false, kind, &name, &place, mentions)));
                if text.contains(['\n', ';', '|']) && items.next().is_some() {
                    problems.push(complaint(Severity::Warning, "names several, only the first was taken: give each its own row".to_owned()));
                    draft.proposal.keep(&self.key(column), &*text);
                }
            }
            Shape::Links(kind) => {
                let links = values::list(&text).into_iter().map(|name| link(field.name, true, kind, &name, &place, mentions));
                draft.proposal.links.extend(links);
            }
            Shape::Level(rating, member) => match values::level(&text) {
                Ok(Some(level)) => {
                    draft.ratings.entry(rating).or_default().insert(member, level);
                }
                Ok(None) => {}
                Err(message) => {
                    problems.push(complaint(Severity::Error, message));
                    draft.proposal.keep(&self.key(column), &*text);
                }
            },
            Shape::State => match values::state(self.layout.kind, &text) {
                Ok(state) => {
                    draft.proposal.state = state.map(str::to_owned);
                    self.keep_nuance(column, &text, &draft.proposal.state.clone().unwrap_or_default(), &mut draft.proposal);
                }
                Err(message) => {
                    problems.push(complaint(Severity::Error, message));
                    draft.proposal.keep(&self.key(column), &*text);
                }
            },
            Shape::Identifier => {
                if !values::is_blank(&text) {
                    text.trim().clone_into(&mut draft.proposal.external_id);
                }
            }
            Shape::Email => {
                if let Some(person) = values::people(&text).into_iter().find(|person| person.email.is_some()) {
                    draft.proposal.identity.get_or_insert_default().email = person.email;
                } else if !values::is_blank(&text) {
                    problems.push(complaint(Severity::Error, "is no e-mail address".to_owned()));
                }
            }
            Shape::Text | Shape::Bool(_) | Shape::Date | Shape::List | Shape::Places | Shape::One(_) | Shape::Many(_)
            | Shape::Requirement | Shape::Requirements | Shape::PersonName | Shape::Metrics => {
                let taken = match (field.shape, cell) {
                    (Shape::Bool(_), Cell::Bool(value)) => Ok(Some((Value::Bool(*value), None))),
                    (shape, _) => {
                        let order = self.day_orders.get(&column.index).copied().unwrap_or_default();
                        values::plain(shape, &text, order).map(|taken| taken.map(|taken| (taken.value, taken.warning)))
                    }
                };
                match taken {
                    Ok(None) => {}
                    Ok(Some((value, warning))) => {
                        problems.extend(warning.map(|message| complaint(Severity::Warning, message)));
                        self.keep_nuance(column, &text, value.as_str().unwrap_or_default(), &mut draft.proposal);
                        // Two columns mapped to one field: the first that says something counts.
                        if draft.proposal.body.contains_key(field.name) {
                            draft.proposal.keep(&self.key(column), &*text);
                        } else {
                            draft.proposal.set(field.name, value);
                        }
                    }
                    Err(message) => {
                        problems.push(complaint(Severity::Error, message));
                        draft.proposal.keep(&self.key(column), &*text);
                    }
                }
            }
        }
    }

    /// Keeps what a choice leaves out of its cell: "High risk (Annex III, 4a)" says more than `high`.
    fn keep_nuance(&self, column: &ColumnUse, text: &str, value: &str, proposal: &mut Proposal) {
        let is_choice = column.field.is_some_and(|field| {
            matches!(field.shape, Shape::One(_) | Shape::Many(_) | Shape::Bool(_) | Shape::State)
        });
        if is_choice && fold_word(text).split(' ').count() > 2 && fold_word(text) != fold_word(value) {
            proposal.keep(&self.key(column), text);
        }
    }

    /// Ratings become objects; one consequence speaks for all three parties.
    fn rate(&self, draft: &mut Draft) {
        for (rating, members) in &draft.ratings {
            let consequence = members.get("consequence").copied();
            let party = |name: &str| members.get(name).copied().or(consequence);
            let mut object = Map::new();
            for name in ["organisation", "individuals", "society"] {
                if let Some(level) = party(name) {
                    object.insert(name.to_owned(), level.into());
                }
            }
            // A likelihood of nothing is no rating.
            if object.is_empty() {
                let levels: Map<String, Value> = members.iter().map(|(name, level)| ((*name).to_owned(), (*level).into())).collect();
                draft.proposal.keep(rating, levels);
                continue;
            }
            for name in ["organisation", "individuals", "society"] {
                let most = object.values().filter_map(Value::as_u64).max().unwrap_or(1);
                object.entry(name).or_insert(most.into());
            }
            if let Some(likelihood) = members.get("likelihood") {
                object.insert("likelihood".to_owned(), (*likelihood).into());
            }
            draft.proposal.set(rating, object);
        }
    }

    /// Cells beside the table keep their column number as a name.
    fn unheaded(&self, row: &Row, proposal: &mut Proposal) {
        for (index, cell) in row.cells.iter().enumerate() {
            if !cell.is_empty() && !self.layout.columns.iter().any(|column| column.index == index) {
                proposal.keep(&format!("column {}", index.saturating_add(1)), cell.text());
            }
        }
    }

    fn day_order(&self, column: usize) -> DayOrder {
        let texts: Vec<String> = self.body().map(|row| row.cell(column).text().into_owned()).collect();
        DayOrder::of(texts.iter().map(String::as_str))
    }

    /// The header, made unique within the table.
    fn key(&self, column: &ColumnUse) -> String {
        let twins = self.layout.columns.iter().filter(|other| other.header == column.header && other.index < column.index).count();
        if twins == 0 { column.header.clone() } else { format!("{} ({})", column.header, twins.saturating_add(1)) }
    }

    fn place(&self, row: &Row, column: Option<&ColumnUse>) -> Place {
        Place {
            file: self.file.to_owned(),
            sheet: self.grid.sheet.clone(),
            line: Some(row.line),
            column: column.map(|column| Column {
                number: u32::try_from(column.index.saturating_add(1)).unwrap_or(u32::MAX),
                name: column.header.clone(),
            }),
            path: None,
        }
    }

    /// Gives each proposal its external id: what the register says, else its name; where rows share one, the name and
    /// the unit tell them apart. Rows that still are the same thing are one record: the later ones are left out.
    fn distinguished(&self, proposals: Vec<Proposal>, problems: &mut Vec<Problem>) -> Vec<Proposal> {
        let base = |proposal: &Proposal| {
            if !proposal.external_id.is_empty() {
                return proposal.external_id.clone();
            }
            let email = proposal.identity.as_ref().and_then(|identity| identity.email.clone());
            let beside = match proposal.kind {
                "control_implementation" => linked_name(proposal, "ai_system").or_else(|| linked_name(proposal, "group")),
                "risk" => linked_name(proposal, "ai_system"),
                _ => None,
            };
            let name = email.unwrap_or_else(|| fold_id(&proposal.name));
            beside.map_or(name.clone(), |beside| format!("{name} / {}", fold_name(&beside)))
        };
        let unit = |proposal: &Proposal| fold_name(proposal.body.get("unit").and_then(Value::as_str).unwrap_or_default());
        let mut ids: Vec<String> = proposals.iter().map(base).collect();
        for more in [|proposal: &Proposal| fold_name(&proposal.name), unit] {
            let told: Vec<String> = proposals.iter().map(more).collect();
            let mut apart: HashMap<&str, HashSet<&str>> = HashMap::new();
            for (id, told) in ids.iter().zip(&told) {
                apart.entry(id).or_default().insert(told);
            }
            // Rows that repeat each other keep their id: when one of them goes, the record stays the same.
            let longer = |(id, told): (&String, &String)| match apart.get(id.as_str()) {
                Some(several) if several.len() > 1 && !told.is_empty() => format!("{id} / {told}"),
                Some(_) | None => id.clone(),
            };
            ids = ids.iter().zip(&told).map(longer).collect();
        }
        let mut first: HashMap<String, Option<u32>> = HashMap::new();
        let mut kept = Vec::with_capacity(proposals.len());
        for (id, mut proposal) in ids.into_iter().zip(proposals) {
            match first.get(&id) {
                Some(line) => problems.push(Problem {
                    place: proposal.place,
                    severity: Severity::Error,
                    value: Some(shortened(&proposal.name, 80)),
                    message: format!(
                        "\"{}\" stands for the same {} as line {}: the row was left out; give it an identifier or a name of its own",
                        shortened(&proposal.name, 80),
                        self.layout.kind.label,
                        line.unwrap_or_default(),
                    ),
                }),
                None => {
                    first.insert(id.clone(), proposal.place.line);
                    proposal.external_id = id;
                    kept.push(proposal);
                }
            }
        }
        kept
    }

    fn unmapped(&self) -> Vec<Unmapped> {
        let unused = self.layout.columns.iter().filter(|column| {
            column.field.is_none() && !column.ignored && !self.layout.titles.contains(&column.index)
        });
        unused
            .filter_map(|column| {
                let mut filled = self.body().map(|row| row.cell(column.index)).filter(|cell| !cell.is_empty());
                let example = filled.next()?;
                Some(Unmapped {
                    place: Place {
                        line: self.grid.rows.get(self.layout.header).map(|row| row.line),
                        ..self.place(&Row::default(), Some(column))
                    },
                    name: column.header.clone(),
                    example: shortened(&example.text(), 60),
                    filled: u32::try_from(filled.count().saturating_add(1)).unwrap_or(u32::MAX),
                })
            })
            .collect()
    }
}

/// References to controls keep their dots; names are folded.
fn fold_id(name: &str) -> String {
    if name.contains(':') && !name.contains(' ') { name.to_owned() } else { fold_name(name) }
}

fn linked_name(proposal: &Proposal, field: &str) -> Option<String> {
    proposal.links.iter().find(|link| link.field == field).map(|link| match &link.target {
        Target::Named { name, .. } => name.clone(),
        Target::External { external_id, .. } => external_id.clone(),
        Target::Record { id, .. } => id.clone(),
    })
}

fn article_free(kind: &Kind) -> &'static str {
    match kind.title {
        "control" => "reference to a control",
        "statement" => "statement",
        "title" => "title",
        _ => "name",
    }
}

/// Links the first person; a unit goes into the unit instead. The answer is what a person should check.
fn owner(field: &'static Field, text: &str, place: &Place, draft: &mut Draft, mentions: &mut Mentions) -> Option<String> {
    let proposal = &mut draft.proposal;
    let (units, people): (Vec<_>, Vec<_>) = values::people(text)
        .into_iter()
        .partition(|person| person.email.is_none() && values::looks_like_unit(&person.name));
    if let Some(record) = readable_id("person", text) {
        proposal.links.push(Link { field: field.name, many: false, target: record });
        return None;
    }
    if let Some(person) = people.first() {
        proposal.links.push(mentions.person(field.name, false, person, place));
        return (people.len() > 1).then(|| format!("names {} people, only {} was taken: the field holds one", people.len(), person.name));
    }
    let unit = units.first()?;
    if matches!(proposal.kind, "ai_system" | "person") {
        draft.unit = Some(unit.name.clone());
        return Some("is a unit, not a person, and was taken as the unit: name a person who answers for it".to_owned());
    }
    Some("is a unit, not a person, and was not taken: name a person who answers for it".to_owned())
}

fn link(field: &'static str, many: bool, kind: &'static str, name: &str, place: &Place, mentions: &mut Mentions) -> Link {
    match readable_id(kind, name) {
        Some(target) => Link { field, many, target },
        None => mentions.link(field, many, kind, name, place),
    }
}

/// `SUP-3` where a supplier is expected.
fn readable_id(kind: &'static str, text: &str) -> Option<Target> {
    const PREFIXES: &[(&str, &str)] = &[
        ("person", "PER"), ("supplier", "SUP"), ("dataset_card", "DST"), ("ai_system", "SYS"), ("system_group", "GRP"),
    ];
    let (_, prefix) = PREFIXES.iter().find(|(name, _)| *name == kind)?;
    let id = text.trim();
    let number = id.strip_prefix(prefix)?.strip_prefix('-')?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| Target::Record { kind, id: id.to_owned() })
}
