//! Lists of records of a kind.

use axum::response::Response;
use jiff::{civil::Date, tz::TimeZone};
use serde_json::Value;
use surety_aims::{
    Action, Book, Kind, Record, Ref,
    derive::freshness::{Freshness, freshness},
    of,
    records::Risk,
};
use surety_engine::{View, import::table_kinds, sheets::People, views::STANDARD};
use surety_reports::{
    sheet::{Cell, Column, Kind as Holds, Sheet, Tone},
    views::words,
};

use crate::{
    api::list::wanted,
    call::Call,
    endpoint::{Endpoint, Is, Param, handler, param},
    html::{
        self, Choice, Filter, Listing, ListingPage, Part, Shape, Shell, Shows, about, capitalised,
        parts,
    },
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::page(
    "/records/{kind}",
    "recordsPage",
    "Records of a kind.",
    handler!(Organisation, list),
)
.query(FILTERS)
.listing()
.kept()];

const FILTERS: &[Param] = &[
    param("state", Is::Text, "Only records in this state."),
    param("owner", Is::Text, "Only records of this owner."),
    param("field.", Is::Prefix, "Only records whose field has this value."),
    param("min.", Is::Prefix, "Only records whose date or number is not below it."),
    param("max.", Is::Prefix, "Only records whose date or number is not above it."),
];

/// Columns that a list of a kind begins with; id, title, state and owner are in all.
const USUAL: &[(Kind, &[&str])] = &[
    (Kind::AiSystem, &["kind", "origin", "ai_act_class", "criticality", "go_live", "next_review"]),
    (Kind::Supplier, &["supplies", "criticality", "ai_systems", "assurance_until", "next_review"]),
    (Kind::EvidenceItem, &["supports", "kind", "ai_systems", "collected_on", "fresh_until"]),
    (Kind::Person, &["position", "unit", "manager"]),
    (Kind::Risk, &["ai_system", "kind", "treatment", "due", "next_review"]),
    (Kind::ImpactAssessment, &["ai_system", "residual_effect", "performed_on", "next_due"]),
    (Kind::Incident, &["ai_systems", "severity", "drill"]),
    (Kind::Policy, &["version", "effective_from", "next_review"]),
    (Kind::AuditFinding, &["grade", "requirement", "ai_system", "due"]),
    (Kind::ImprovementAction, &["requirement", "ai_system", "due"]),
];

/// Records of one kind or of several as a table: what they have in common, and of one kind alone what lists of it begin with.
pub(super) fn table(view: &View, people: &People, kinds: &[Kind], records: Vec<&Record>) -> Sheet {
    let parts = match kinds {
        [only] => parts(*only),
        _ => Vec::new(),
    };
    let drawing = Rows { view, people, parts: &parts };
    let kind = kinds.first().copied().unwrap_or(Kind::AiSystem);
    let mut sheet = drawing.sheet(kind);
    let usual = usual(kind);
    for column in &mut sheet.columns {
        column.rank = if usual.contains(&column.key.as_ref()) { 0 } else { 3 };
    }
    let all = vec![true; sheet.columns.len()];
    for record in records {
        sheet.push(drawing.row(record, &all));
    }
    sheet
}

/// Columns of every kind.
const COMMON: &[&str] = &["id", "title", "state", "owner"];

async fn list(call: Call) -> Result<Response, Problem> {
    let kind = call.kind()?;
    let view = call.view().await?;
    let people = call.people().await?;
    let parts = parts(kind);
    let usual = usual(kind);
    let asked = call.texts("column");
    let is_filled = |key: &str| {
        if asked.is_empty() { usual.contains(&key) } else { asked.iter().any(|one| one == key) }
    };
    let selection = wanted(&call, &view, kind).await?;
    let drawing = Rows { view: &view, people: &people, parts: &parts };
    let mut sheet = drawing.sheet(kind);
    let is_filled: Vec<bool> = sheet.columns.iter().map(|column| is_filled(&column.key)).collect();
    for record in selection.records(view.book()) {
        sheet.push(drawing.row(record, &is_filled));
    }
    // A record that opens beside the list can be spoken about there.
    let shell = Shell::of(&call, &view, &heading(kind), &lead(&view, kind)?).await?;
    let shell = shell.with_script("mentions.js");
    let shows = Shows {
        filters: filters(&call, &view, &people, kind)?,
        usual,
        selects: Some(kind),
        is_searched: true,
        ..Shows::rows(kind.name(), "records", &format!("There is no {} yet.", kind.noun()))
    };
    if let Some(file) = Listing::file(&call, &view, &sheet, &shows).await? {
        return Ok(file);
    }
    let mut listing = Listing::of(&call, &shell, &sheet, shows)?;
    listing.notes.clear();
    let action = shell
        .may(Action::State(kind))
        .then(|| (format!("New {}", kind.noun()), format!("{}/new", call.uri.path())));
    let tabs = siblings(kind, &shell);
    let may_import = table_kinds().iter().any(|(known, _)| *known == kind.name())
        && shell.may(Action::State(kind));
    let import = may_import.then(|| shell.link("/import"));
    html::page(&ListingPage { shell, listing, tabs, action, import })
}

/// Clauses that a lead names at most.
const CLAUSES: usize = 5;

/// What records of a kind are, and what asks for them.
fn lead(view: &View, kind: Kind) -> Result<String, Problem> {
    let standard = view.framework(STANDARD)?;
    let mut clauses: Vec<_> =
        standard.asking_for(kind.name()).map(|one| one.label.as_str()).collect();
    clauses.dedup();
    clauses.truncate(CLAUSES);
    let about = about(kind);
    Ok(match clauses.as_slice() {
        [] => about,
        clauses => format!("{about} Asked for by {} {}.", standard.name, clauses.join(", ")),
    })
}

/// Kinds that people look for in one place.
const FAMILIES: &[&[Kind]] = &[
    &[Kind::AiSystem, Kind::SystemGroup],
    &[Kind::DatasetCard, Kind::Resource],
    &[Kind::Risk, Kind::RiskAssessment],
    &[Kind::EvidenceItem, Kind::ControlImplementation, Kind::RequirementAssessment],
    &[Kind::Policy, Kind::ControlledDocument, Kind::ScopeStatement],
    &[Kind::Person, Kind::RoleAssignment],
    &[Kind::AuditFinding, Kind::ImprovementAction],
    &[Kind::Incident, Kind::ReportingClock, Kind::Authority],
];

fn siblings(kind: Kind, shell: &Shell) -> Vec<Choice> {
    let family = FAMILIES.iter().find(|family| family.contains(&kind));
    let choice = |one: &Kind| Choice {
        name: heading(*one),
        value: shell.link(format!("/records/{one}")),
        chosen: *one == kind,
    };
    family.into_iter().flat_map(|family| family.iter()).map(choice).collect()
}

/// The kind in the plural, with a capital letter.
pub(super) fn heading(kind: Kind) -> String {
    let noun = kind.noun();
    if let Some((head, rest)) = noun.split_once(" of ") {
        return capitalised(&format!("{head}s of {rest}"));
    }
    let plural = match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if noun.ends_with('s') || noun == "evidence" => noun.to_owned(),
        _ => format!("{noun}s"),
    };
    capitalised(&plural)
}

fn usual(kind: Kind) -> &'static [&'static str] {
    use std::{collections::HashMap, sync::LazyLock};
    static ALL: LazyLock<HashMap<Kind, Vec<&'static str>>> = LazyLock::new(|| {
        let columns = |kind: &Kind| {
            let from_it = derived(*kind).map(|(key, ..)| *key);
            let own = USUAL.iter().find(|(of, _)| of == kind).map_or(&[][..], |(_, own)| *own);
            let all = COMMON.iter().copied().chain(from_it).chain(own.iter().copied()).collect();
            (*kind, all)
        };
        Kind::ALL.iter().map(columns).collect()
    });
    ALL.get(&kind).map(Vec::as_slice).unwrap_or(COMMON)
}

fn filters(call: &Call, view: &View, people: &People, kind: Kind) -> Result<Vec<Filter>, Problem> {
    let states = kind.lifecycle().states.iter();
    let states = states.map(|state| ((*state).to_owned(), capitalised(&words(state))));
    let mut owners: Vec<_> =
        view.book().of_kind(kind).filter_map(|record| record.body.owner()).collect();
    owners.sort_unstable();
    owners.dedup();
    let owners =
        owners.into_iter().map(|owner| (owner.to_string(), people.name(view.book(), owner)));
    let mut filters = vec![Filter::new(call, ("state", "State"), states)?];
    let owner = Filter::new(call, ("owner", "Owner"), owners)?;
    if !owner.choices.is_empty() {
        filters.push(owner);
    }
    Ok(filters)
}

/// Records as rows.
struct Rows<'a> {
    view: &'a View,
    people: &'a People,
    parts: &'a [Part],
}

impl Rows<'_> {
    fn sheet(&self, kind: Kind) -> Sheet {
        let mut columns = vec![
            Column::new("id", "Id", Holds::Id),
            Column::new("title", "Title", Holds::Text),
            Column::new("state", "State", Holds::Status),
            Column::new("owner", "Owner", Holds::Text),
        ];
        let is_common = |name: &str| COMMON.contains(&name);
        columns.extend(
            derived(kind).map(|(key, heading, _)| Column::new(*key, *heading, Holds::Status)),
        );
        let own = self.parts.iter().filter(|part| !is_common(&part.name));
        columns.extend(own.map(|part| {
            let heading = capitalised(&words(&part.name));
            Column::new(part.name.clone(), heading, holds(&part.shape))
        }));
        columns.push(Column::new("changed", "Changed", Holds::Date));
        columns.push(Column::new("version", "Version", Holds::Number));
        Sheet::new(kind.name(), heading(kind), columns)
    }

    fn row(&self, record: &Record, is_filled: &[bool]) -> Vec<Cell> {
        let body = record.body.to_json();
        let own = self.parts.iter().filter(|part| !COMMON.contains(&part.name.as_str()));
        let mut cells = vec![
            Cell::text(record.id.to_string()),
            Cell::text(self.people.called(self.view.book(), record.id)),
            state_cell(record),
            record.body.owner().map(|owner| self.people.name(self.view.book(), owner)).into(),
        ];
        let (book, on) = (self.view.book(), self.view.on);
        cells.extend(derived(record.kind()).map(|(.., draw)| draw(book, record, on)));
        let filled = is_filled.get(cells.len()..).unwrap_or_default();
        cells.extend(own.zip(filled).map(|(part, is_filled)| {
            let value = body.get(&part.name).filter(|_| *is_filled);
            value.map(|value| self.cell(&part.shape, value)).unwrap_or_default()
        }));
        cells.push(record.stated.at.to_zoned(TimeZone::UTC).date().into());
        cells.push(i64::from(record.version).into());
        cells
    }

    fn cell(&self, shape: &Shape, value: &Value) -> Cell {
        match (shape, value) {
            (Shape::Date, Value::String(text)) => match text.parse::<jiff::civil::Date>() {
                Ok(date) => date.into(),
                Err(_) => Cell::text(text.clone()),
            },
            (Shape::Moment, Value::String(text)) => match text.parse::<jiff::Timestamp>() {
                Ok(at) => at.into(),
                Err(_) => Cell::text(text.clone()),
            },
            (Shape::Choice(_), Value::String(text)) => Cell::text(words(text).into_owned()),
            (Shape::Reference(Some(Kind::Person)), Value::String(text)) => self.person(text).into(),
            (Shape::Number { .. }, Value::Number(number)) => number.as_i64().into(),
            (Shape::List(of), Value::Array(items)) => {
                let items: Vec<_> =
                    items.iter().map(|item| self.cell(of, item).words().into_owned()).collect();
                Cell::from(items)
            }
            _ => Cell::text(html::said(value)),
        }
    }

    fn person(&self, id: &str) -> String {
        let known = id.parse::<Ref<surety_aims::records::Person>>();
        known.map_or_else(|_| id.to_owned(), |person| self.people.name(self.view.book(), person))
    }
}

/// What follows from a record and stands beside what it says: key, heading, and how it is drawn.
type Derived = (&'static str, &'static str, fn(&Book, &Record, Date) -> Cell);

const DERIVED: &[(Kind, &[Derived])] = &[
    (Kind::EvidenceItem, &[("freshness", "Freshness", freshness_cell)]),
    (Kind::Risk, &[("level", "Level today", level_cell)]),
];

fn derived(kind: Kind) -> impl Iterator<Item = &'static Derived> {
    DERIVED.iter().filter(move |(of, _)| *of == kind).flat_map(|(_, derived)| derived.iter())
}

fn freshness_cell(book: &Book, record: &Record, on: Date) -> Cell {
    let (word, tone, why) = match freshness(book, record, on) {
        None => return Cell::EMPTY,
        Some(Freshness::NotAccepted) => {
            ("not accepted", Tone::Neutral, "Nobody has accepted it, so it shows nothing yet.")
        }
        Some(Freshness::Lasting) => ("lasting", Tone::Good, "It is accepted and has no last day."),
        Some(Freshness::Current) => {
            ("current", Tone::Good, "It is accepted, and its last day is more than 30 days ahead.")
        }
        Some(Freshness::Soon(_)) => {
            ("ends soon", Tone::Warn, "Its last day is within 30 days; collect newer evidence.")
        }
        Some(Freshness::Superseded) => (
            "superseded",
            Tone::NotApplicable,
            "Its last day has passed; newer evidence shows all that it showed.",
        ),
        Some(Freshness::Lapsed) => (
            "lapsed",
            Tone::Bad,
            "Its last day has passed, and nothing newer shows what it showed.",
        ),
    };
    Cell::status(word, tone).because(why)
}

fn level_cell(_: &Book, record: &Record, _: Date) -> Cell {
    let Some(risk) = of::<Risk>(record) else { return Cell::EMPTY };
    let Some(level) = risk.current.level() else { return Cell::EMPTY };
    let why = "Worst consequence times likelihood, each from 1 to 5, with what is in place today.";
    Cell::from(i64::from(level)).because(why)
}

fn holds(shape: &Shape) -> Holds {
    match shape {
        Shape::Date | Shape::Moment => Holds::Date,
        Shape::Number { .. } => Holds::Number,
        Shape::Text | Shape::Object(_) | Shape::Json => Holds::LongText,
        Shape::Requirement
        | Shape::Flag
        | Shape::Answer
        | Shape::Choice(_)
        | Shape::Reference(_)
        | Shape::File
        | Shape::List(_) => Holds::Text,
    }
}

/// The state of a record as shape, colour and word.
pub(super) fn state_cell(record: &Record) -> Cell {
    Cell::status(words(record.state), tone_of(record))
}

pub(super) fn tone_of(record: &Record) -> Tone {
    let life = record.lifecycle();
    match record.state {
        state if life.in_force.contains(&state) => Tone::Good,
        state if life.finals.contains(&state) => Tone::NotApplicable,
        state if life.states.first() == Some(&state) => Tone::Neutral,
        _ => Tone::Info,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_in_the_plural_are_words() {
        for (kind, expected) in [
            (Kind::AiSystem, "AI systems"),
            (Kind::Policy, "Policies"),
            (Kind::Authority, "Authorities"),
            (Kind::Risk, "Risks"),
        ] {
            assert_eq!(heading(kind), expected);
        }
    }

    #[test]
    fn usual_columns_are_fields() {
        for (kind, columns) in USUAL {
            for column in *columns {
                assert!(kind.fields().contains(column), "{kind} has no field `{column}`");
            }
        }
    }
}
