//! What there is to see of an AI system beside its record: where it stands, its class, what binds it, its column of the
//! Statement of Applicability, and all that is tied to it.

use askama::Template;
use jiff::{civil::Date, tz::TimeZone};
use surety_aims::{Kind, Record, RecordId, derive::due::DueItem};
use surety_catalog::Framework;
use surety_engine::{Error, HistoryRow, View, sheets, views::STANDARD};
use surety_law::classification::Answers;
use surety_reports::{
    sheet::{Cell, Column, Kind as Holds, Mark, Row, Sheet},
    views::{self, Names, soa::Standing, words},
};

use super::{records::table, views::named};
use crate::{
    call::Call,
    html::{Links, Pieces, Shell, Shows, capitalised, day, distance},
    problem::Problem,
};

/// The parts, in their order; what every record has comes after them.
pub(super) const TABS: &[&str] = &[
    "overview",
    "classification",
    "obligations",
    "controls",
    "risks",
    "impact",
    "data",
    "suppliers",
    "evidence",
    "gates",
    "incidents",
];

/// Kinds of record that a part lists.
const RELATED: &[(&str, &[Kind])] = &[
    ("risks", &[Kind::Risk, Kind::RiskAssessment]),
    ("impact", &[Kind::ImpactAssessment]),
    ("data", &[Kind::DatasetCard, Kind::Resource]),
    ("suppliers", &[Kind::Supplier]),
    ("evidence", &[Kind::EvidenceItem]),
    ("incidents", &[Kind::Incident, Kind::AuditFinding, Kind::ImprovementAction]),
];

/// Where the system stands, in a few lines that lead on.
#[derive(Template)]
#[template(path = "parts/system.html")]
pub(super) struct Overview {
    purpose: String,
    facts: Vec<Fact>,
    standings: Vec<Count>,
    due: Vec<Dated>,
}

struct Fact {
    label: &'static str,
    said: Pieces,
    more: String,
}

struct Count {
    symbol: char,
    tone: &'static str,
    word: &'static str,
    meaning: &'static str,
    count: usize,
}

/// Something of it by which somebody has to act.
struct Dated {
    what: String,
    day: String,
    distance: String,
    is_overdue: bool,
    record: Pieces,
}

/// A table of a system, and what is said if it is empty.
pub(super) struct Part {
    pub(super) sheet: Sheet,
    pub(super) shows: Shows,
}

/// The part of that name as a table; `None`: it is none.
pub(super) async fn part(
    call: &Call,
    view: &View,
    record: &Record,
    name: &str,
) -> Result<Option<Part>, Problem> {
    let id = record.id;
    let part = |sheet, shows| Ok(Some(Part { sheet, shows }));
    match name {
        "classification" => {
            let found = view.classified(id, &Answers::default(), view.on)?;
            let sheet = joined(views::classification::sheets(&found.classification));
            part(sheet, Shows::rows("classification", "findings", "Nothing was found."))
        }
        "obligations" => part(
            obligations(call, view, id).await?,
            Shows::rows("obligations", "obligations", NOT_CLASSIFIED),
        ),
        "controls" => {
            let framework = view.framework(STANDARD)?;
            let soa = view.soa(STANDARD, None)?;
            let sheet = named(call, view, |names| column(&soa, framework, names, id)).await?;
            let shows = Shows {
                usual: CONTROLS,
                ..Shows::rows("controls", "controls", "There is no control.")
            };
            part(sheet, shows)
        }
        "gates" => part(
            gates(record, call.history(id).await?),
            Shows::rows("gates", "steps", "It has taken no step yet."),
        ),
        _ => {
            let Some((_, kinds)) = RELATED.iter().find(|(part, _)| *part == name) else {
                return Ok(None);
            };
            let people = call.people().await?;
            let empty = format!(
                "No {} names this AI system yet.",
                kinds.first().map_or("", |kind| kind.noun())
            );
            part(
                table(view, &people, kinds, related(view, record, kinds)),
                Shows::rows("related", "records", &empty),
            )
        }
    }
}

const NOT_CLASSIFIED: &str =
    "It is not classified yet, so nobody knows what binds it. Classify it under Law, Classes.";

/// Columns of the controls that are shown first.
const CONTROLS: &[&str] =
    &["control", "title", "standing", "justification", "source", "owner", "cadence", "uncovered"];

async fn obligations(call: &Call, view: &View, id: RecordId) -> Result<Sheet, Problem> {
    let soa = view.soa(STANDARD, None)?;
    let found = match view.obligations(&soa, id, view.on) {
        Ok(found) => found,
        // Not classified: there is nothing to list, and the page says what to do.
        Err(Error::Input(_)) => return Ok(Sheet::new("Obligations", "Obligations", Vec::new())),
        Err(error) => return Err(error.into()),
    };
    named(call, view, |names| sheets::obligations(&found, &|owner| (names.person)(owner), false))
        .await
}

/// The cells of one system.
fn column(
    soa: &surety_aims::derive::soa::Soa<'_>,
    framework: &Framework,
    names: &Names<'_>,
    id: RecordId,
) -> Sheet {
    let mut sheet = views::soa::cells(soa, framework, names);
    let at = sheet.columns.iter().position(|column| column.key == "system").unwrap_or(0);
    let wanted = id.to_string();
    sheet.rows.retain(|row| match row {
        Row::Cells(cells) => cells.get(at).is_some_and(|cell| cell.words() == wanted),
        Row::Group(_) | Row::Total(_) => false,
    });
    "Controls".clone_into(&mut sheet.title);
    sheet
}

/// Several tables of one layout as one, each under its name.
fn joined(sheets: Vec<Sheet>) -> Sheet {
    let mut sheets = sheets.into_iter();
    let Some(mut first) = sheets.next() else { return Sheet::new("", "", Vec::new()) };
    for next in sheets {
        if next.columns == first.columns {
            first.group(next.title);
            first.rows.extend(next.rows);
        }
    }
    first
}

/// Records of these kinds that the system names, or that name it.
fn related<'v>(view: &'v View, record: &Record, kinds: &[Kind]) -> Vec<&'v Record> {
    let book = view.book();
    let named = record.body.references().into_iter().map(|(_, id)| id);
    let mut ids: Vec<_> = named.chain(book.referrers(record.id).map(|other| other.id)).collect();
    ids.retain(|id| kinds.contains(&id.kind));
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().filter_map(|id| book.get(id)).collect()
}

/// The steps that it took, the newest first.
fn gates(record: &Record, history: Vec<HistoryRow>) -> Sheet {
    let columns = vec![
        Column::new("at", "When", Holds::Date),
        Column::new("what", "Step", Holds::Text).wide(40),
        Column::new("by", "By", Holds::Id),
        Column::new("note", "Note", Holds::LongText),
    ];
    let mut sheet = Sheet::new("Gates", format!("Steps of {}", record.id), columns);
    for row in history.into_iter().filter(|row| row.what.starts_with("moved")) {
        sheet.push(vec![
            row.at.to_zoned(TimeZone::UTC).date().into(),
            Cell::text(capitalised(&words(&row.what))),
            Cell::text(row.by),
            Cell::text(row.detail),
        ]);
    }
    sheet
}

/// Where the system stands.
pub(super) fn overview(view: &View, shell: &Shell, record: &Record) -> Result<Overview, Problem> {
    let (id, links) = (record.id, shell.links());
    let body = record.body.to_json();
    let text = |name: &str| {
        body.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let soa = view.soa(STANDARD, None)?;
    let cells: Vec<Standing> =
        soa.cells.iter().filter(|cell| cell.system == Some(id)).map(Standing::of).collect();
    let standings = Standing::ALL.iter().map(|standing| {
        let Mark { tone, symbol } = standing.mark();
        let count = cells.iter().filter(|one| *one == standing).count();
        Count {
            symbol,
            tone: tone.word(),
            word: standing.word(),
            meaning: standing.meaning(),
            count,
        }
    });
    let standings = standings.filter(|one| one.count > 0).collect();
    let due = view.due(None);
    let mine = due.items.iter().filter(|item| concerns(view, item.record, id)).take(6);
    Ok(Overview {
        purpose: text("purpose"),
        facts: facts(view, &links, record),
        standings,
        due: mine.map(|item| date(item, view.on, &links)).collect(),
    })
}

fn concerns(view: &View, record: RecordId, system: RecordId) -> bool {
    let names = |record: &Record| record.body.references().iter().any(|(_, id)| *id == system);
    record == system || view.book().get(record).is_some_and(names)
}

fn date(item: &DueItem<'_>, on: Date, links: &Links) -> Dated {
    Dated {
        what: capitalised(item.what),
        day: day(item.date),
        distance: distance(item.date, on),
        is_overdue: item.days < 0,
        record: links.pieces(&format!("{} {}", item.record, item.title)),
    }
}

fn facts(view: &View, links: &Links, record: &Record) -> Vec<Fact> {
    let kept = view.kept_class(record.id, view.on);
    let class = match kept.record {
        None => Pieces::plain("not classified yet"),
        Some(of) if kept.stale.is_empty() => {
            links.pieces(&format!("{} ({of})", words(kept.outcome)))
        }
        Some(of) => links.pieces(&format!("{} ({of}), to be looked at again", words(kept.outcome))),
    };
    let count = |kinds: &[Kind], noun: &str| {
        let live = related(view, record, kinds).into_iter().filter(|other| other.is_live());
        Pieces::plain(format!("{} {noun}", live.count()))
    };
    let tab = |name: &str| {
        let joint = if links.suffix.is_empty() { '?' } else { '&' };
        format!("{}{joint}tab={name}", links.record(record.id))
    };
    vec![
        Fact { label: "Class under the AI Act", said: class, more: tab("classification") },
        Fact { label: "Risks", said: count(&[Kind::Risk], "live"), more: tab("risks") },
        Fact {
            label: "Impact assessments",
            said: count(&[Kind::ImpactAssessment], "live"),
            more: tab("impact"),
        },
        Fact {
            label: "Evidence",
            said: count(&[Kind::EvidenceItem], "live"),
            more: tab("evidence"),
        },
        Fact { label: "Incidents", said: count(&[Kind::Incident], "live"), more: tab("incidents") },
    ]
}
