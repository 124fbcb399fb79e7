//! One cell from near: what is decided and where, how it is done, what proves it, why it stands as it does, what is next.

use std::collections::HashMap;

use askama::Template;
use jiff::civil::Date;
use serde_json::{Value, json};
use surety_aims::{
    Action, Kind, Record, RecordId, Ref,
    derive::{
        Rule,
        place::{Level as At, decision, levels, speaking},
        soa::{Cell, Soa},
    },
    of,
    records::ControlImplementation,
};
use surety_catalog::RequirementRef;
use surety_engine::{HistoryRow, View, sheets::People};
use surety_reports::views::{soa::Standing, words};

use super::{
    super::record::{Step, head},
    ask::{Ask, Place, written},
    timeline::{Timeline, timeline},
};
use crate::{
    call::Call,
    html::{self, Conflict, Field, Fields, Notice, Pieces, Shell, capitalised, fields},
    problem::Problem,
};

/// A cell, ready to be drawn.
#[derive(Template)]
#[template(path = "parts/soa_cell.html")]
pub(super) struct Panel {
    /// `A.6.2.4/SYS-3`.
    place: String,
    control: (String, String),
    /// What the control asks for.
    text: String,
    /// The AI system by id, name and address; none for the organisation.
    system: Option<(String, String, String)>,
    standing: (&'static str, char, &'static str, &'static str),
    levels: Vec<Level>,
    justification: String,
    description: Pieces,
    owner: Option<(String, String)>,
    cadence: String,
    documents: Vec<(String, String)>,
    /// Designed, documented, operating.
    scores: [(&'static str, bool); 3],
    why: Vec<Why>,
    next: Vec<Next>,
    /// Nothing where nothing is to be shown.
    timeline: Option<Timeline>,
    history: Vec<Happened>,
    /// The decision that stands here, and where its whole history is.
    own: Option<(String, String)>,
    edit: Option<Edit>,
    steps: Vec<Step>,
    /// Where steps are sent.
    move_to: String,
    version: u32,
    /// The page without the cell.
    pub(super) close: String,
    /// The cell without the matrix.
    full: String,
    /// Where a form leads back to.
    back: String,
    csrf: String,
    saved: bool,
}

/// What one level says.
struct Level {
    name: String,
    /// Id and address of the decision.
    record: Option<(String, String)>,
    says: String,
    /// Whether it is the one that counts.
    counts: bool,
}

struct Why {
    says: String,
    record: Option<(String, String)>,
    clause: &'static str,
    remedy: &'static str,
}

/// Something to do, and where.
struct Next {
    says: String,
    href: String,
}

struct Happened {
    what: String,
    by: String,
    at: String,
    detail: Pieces,
}

/// The form of the decision that stands here, or is to stand here.
struct Edit {
    action: String,
    base: Option<u32>,
    fields: Vec<Field>,
    errors: Vec<String>,
    /// What stands above both versions, if the decision changed since the form was opened.
    notice: Option<Notice>,
    is_open: bool,
}

/// What somebody has written, and what is wrong with it.
#[derive(Default)]
pub(super) struct Tried {
    pub(super) body: Option<Value>,
    pub(super) errors: HashMap<String, String>,
    /// The two versions that there are, if the decision changed since the form was opened.
    pub(super) conflict: Option<Conflict>,
}

impl Tried {
    /// What stands in the form once somebody else turns out to have changed the decision.
    pub(super) fn between(conflict: Conflict) -> Tried {
        let body = Some(conflict.proposed());
        Tried { body, errors: HashMap::new(), conflict: Some(conflict) }
    }
}

/// Fields of a decision that are changed beside the matrix; the others have the page of the record.
pub(super) const EDITED: &[&str] =
    &["applicable", "justification", "description", "owner", "cadence", "artefact", "due"];

/// Versions and steps that are shown of the decision.
const SHOWN: usize = 6;

/// What is needed to look at a cell.
pub(super) struct Near<'a> {
    pub(super) call: &'a Call,
    pub(super) shell: &'a Shell,
    pub(super) view: &'a View,
    pub(super) soa: &'a Soa<'a>,
    pub(super) people: &'a People,
    pub(super) ask: &'a Ask<'a>,
}

/// The cell at a place.
///
/// # Errors
/// 404 if there is none.
pub(super) fn found<'s>(soa: &'s Soa<'s>, place: &Place) -> Result<&'s Cell<'s>, Problem> {
    let missing = || Problem::not_found(format!("cell {place}"));
    let row = soa.controls.iter().position(|control| control.id == place.control);
    let row = row.ok_or_else(missing)?;
    let Some(system) = place.system else {
        return soa.controls.get(row).map(|control| &control.organisation).ok_or_else(missing);
    };
    let column = soa.systems.iter().position(|one| one.id == system).ok_or_else(missing)?;
    let at = row.saturating_mul(soa.systems.len()).saturating_add(column);
    soa.cells.get(at).ok_or_else(missing)
}

/// What a page of one cell is called.
pub(super) fn title(view: &View, ask: &Ask<'_>, place: &Place) -> (String, String) {
    let reference = RequirementRef::new(ask.framework, &place.control);
    let control = view.catalogs.requirement(&reference).map(|one| one.title.as_str());
    let lead = match place.system {
        Some(id) => {
            let name = view.book().get(id).map(Record::title).unwrap_or_default();
            format!("For the AI system {id} {name}")
        }
        None => "For the organisation as a whole".to_owned(),
    };
    (format!("{} {}", place.control, control.unwrap_or_default()), lead)
}

impl Near<'_> {
    /// The cell as it is drawn.
    pub(super) async fn panel(&self, place: &Place, tried: &Tried) -> Result<Panel, Problem> {
        let cell = found(self.soa, place)?;
        let key = (self.soa.framework, place.control.as_str());
        let own = decision(self.view.book(), key, place.system);
        let history = match own.map(|own| own.id).or(cell.decided_by) {
            Some(id) => self.call.history(id).await?,
            None => Vec::new(),
        };
        let requirement = self.view.catalogs.requirement(&RequirementRef::new(key.0, key.1));
        let standing = Standing::of(cell);
        let way = cell.implementation.and_then(|id| self.view.book().get(id));
        let said = way.and_then(of::<ControlImplementation>);
        let links = self.shell.links();
        let here = written(&place.control, place.system);
        let spoken = speaking(self.view.book(), self.soa.framework, cell);
        let head = own.map(|own| head(self.call, self.shell, self.view, own));
        Ok(Panel {
            place: place.to_string(),
            control: (
                place.control.clone(),
                requirement.map(|one| one.title.clone()).unwrap_or_default(),
            ),
            text: requirement.map(|one| one.text.clone()).unwrap_or_default(),
            system: place.system.map(|id| {
                let name = self.view.book().get(id).map(Record::title).unwrap_or_default();
                (id.to_string(), name.to_owned(), links.record(id))
            }),
            standing: (
                standing.mark().tone.word(),
                standing.mark().symbol,
                standing.word(),
                standing.meaning(),
            ),
            levels: self.levels(key, place.system, cell),
            justification: cell.justification.to_owned(),
            description: links
                .pieces(said.map(|said| said.description.as_str()).unwrap_or_default()),
            owner: cell
                .owner
                .map(|owner| (self.people.name(self.view.book(), owner), links.record(owner.id()))),
            cadence: words(cell.cadence.name()).into_owned(),
            documents: said.map(|said| self.documents(said)).unwrap_or_default(),
            scores: [
                ("Designed", cell.designed),
                ("Documented", cell.documented),
                ("Operating", cell.operating),
            ],
            why: cell.why.iter().map(|reason| self.why(reason.rule, reason.record)).collect(),
            next: self.next(cell, place),
            timeline: (cell.applicable == Some(true))
                .then(|| timeline(self.view, self.soa.window, cell, &spoken, &links)),
            history: history.into_iter().take(SHOWN).map(|row| self.happened(row)).collect(),
            own: own.map(|own| {
                let tab =
                    self.shell.link(format!("/records/{}/{}?tab=history", own.id.kind, own.id));
                (own.id.to_string(), tab)
            }),
            edit: self.edit(place, own, tried),
            move_to: head.as_ref().map(|head| format!("{}/move", head.here)).unwrap_or_default(),
            version: own.map_or(0, |own| own.version),
            steps: head.map(|head| head.steps).unwrap_or_default(),
            close: self.ask.closing(),
            full: format!("{}{here}&view=cell", self.ask.opening()),
            back: format!("{}{here}", self.ask.opening()),
            csrf: self.shell.csrf().to_owned(),
            saved: self.call.text("saved")?.is_some(),
        })
    }

    /// What each level says, the nearest first.
    fn levels(&self, key: (&str, &str), system: Option<RecordId>, cell: &Cell<'_>) -> Vec<Level> {
        let level = |at: At<'_>| {
            let said = at.record.and_then(of::<ControlImplementation>);
            let says = match said.map(|said| said.applicable) {
                None => "says nothing",
                Some(None) => "leaves open whether it applies",
                Some(Some(true)) => "applies",
                Some(Some(false)) => "does not apply",
            };
            let name = match at.place {
                None => "Organisation".to_owned(),
                Some(place) if place.kind == Kind::AiSystem => format!("This AI system, {place}"),
                Some(place) => {
                    let title = self.view.book().get(place).map(Record::title).unwrap_or_default();
                    format!("Group {title}")
                }
            };
            let id = at.record.map(|record| record.id);
            Level {
                name,
                record: id.map(|id| (id.to_string(), self.shell.links().record(id))),
                says: match at.record {
                    Some(record) => format!("{says}, {}", words(record.state)),
                    None => says.to_owned(),
                },
                counts: id.is_some() && id == cell.decided_by,
            }
        };
        levels(self.view.book(), key, system).into_iter().map(level).collect()
    }

    fn documents(&self, said: &ControlImplementation) -> Vec<(String, String)> {
        let document = |id: &RecordId| {
            let title = self.view.book().get(*id).map(Record::title).unwrap_or_default();
            (format!("{id} {title}"), self.shell.links().record(*id))
        };
        said.documents.iter().map(document).collect()
    }

    fn why(&self, rule: Rule, record: Option<RecordId>) -> Why {
        Why {
            says: capitalised(rule.says()),
            record: record.map(|id| (id.to_string(), self.shell.links().record(id))),
            clause: rule.clause(),
            remedy: rule.remedy(),
        }
    }

    /// What would bring the cell on, in the order in which it is usually done.
    fn next(&self, cell: &Cell<'_>, place: &Place) -> Vec<Next> {
        let may_state = self.shell.may(Action::State(Kind::EvidenceItem));
        let reference = format!("{}:{}", self.soa.framework, place.control);
        let reference: String =
            url::form_urlencoded::byte_serialize(reference.as_bytes()).collect();
        let next = |rule: Rule| Next {
            says: capitalised(rule.remedy()),
            href: match rule {
                Rule::NotCovered | Rule::NeverEvidenced | Rule::PolicyOnly if may_state => {
                    let system = place.system.map(|id| format!("&field.ai_systems={id}"));
                    let system = system.unwrap_or_default();
                    self.shell.link(format!(
                        "/records/evidence_item/new?field.supports={reference}{system}"
                    ))
                }
                Rule::NotDocumented => self.shell.link("/records/policy"),
                Rule::DecidedForSystem
                | Rule::DecidedForGroup
                | Rule::DecidedForOrganisation
                | Rule::Undecided
                | Rule::ContradictsOrganisation
                | Rule::NotJustified
                | Rule::NotDescribed
                | Rule::NotOwned
                | Rule::Documented
                | Rule::Covered
                | Rule::NotCovered
                | Rule::NeverEvidenced
                | Rule::PolicyOnly
                | Rule::NotInOperation => String::new(),
            },
        };
        let rules = cell.why.iter().map(|reason| reason.rule);
        rules.filter(|rule| !rule.remedy().is_empty()).map(next).collect()
    }

    fn happened(&self, row: HistoryRow) -> Happened {
        let by = match row.by.parse::<Ref<_>>() {
            Ok(person) => self.people.name(self.view.book(), person),
            Err(_) => row.by.clone(),
        };
        Happened {
            what: capitalised(&words(&row.what)),
            by,
            at: html::moment(row.at),
            detail: self.shell.links().pieces(&row.detail),
        }
    }

    /// The form, for whoever may change the decision here and now.
    fn edit(&self, place: &Place, own: Option<&Record>, tried: &Tried) -> Option<Edit> {
        if !self.shell.may(Action::State(Kind::ControlImplementation)) {
            return None;
        }
        let before = own.map_or_else(|| json!({}), |own| own.body.to_json());
        let with = Fields {
            book: self.view.book(),
            people: self.people,
            errors: &tried.errors,
            conflict: tried.conflict.as_ref(),
        };
        let body = tried.body.as_ref().unwrap_or(&before);
        let mut all = fields(Kind::ControlImplementation, body, &with);
        all.retain(|field| EDITED.contains(&field.name.as_str()));
        let is_shown = |name: &str| all.iter().any(|field| field.name == name);
        let mut errors: Vec<String> = tried
            .errors
            .iter()
            .map(|(name, says)| {
                if is_shown(name) {
                    format!("{}: {says}", capitalised(&words(name)))
                } else {
                    says.clone()
                }
            })
            .collect();
        errors.sort();
        let notice = tried.conflict.as_ref().map(|conflict| conflict.notice("decision", &all));
        Some(Edit {
            action: self.shell.link(format!(
                "/soa/cell?framework={}&cell={}",
                self.soa.framework,
                written(&place.control, place.system)
            )),
            base: own.map(|own| own.version),
            fields: all,
            is_open: notice.is_some() || !errors.is_empty(),
            errors,
            notice,
        })
    }
}

impl Panel {
    /// What a form says it will do.
    fn then(&self) -> &'static str {
        match self.edit.as_ref().and_then(|edit| edit.base) {
            Some(_) => {
                "It goes on the ledger as the next version of the decision that stands here."
            }
            None => {
                "It goes on the ledger as a decision of its own for this cell. What is left empty is taken over from above."
            }
        }
    }
}

/// The day that a page shows.
pub(super) fn shown_day(shell: &Shell, on: Date) -> Date {
    shell.place.as_ref().and_then(|place| place.past).unwrap_or(on)
}
