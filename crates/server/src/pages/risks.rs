//! Risks: the register, and above it how many lie where, by likelihood and worst consequence.

use askama::Template;
use axum::response::Response;
use surety_aims::{
    Action, Kind, Record,
    derive::risks::Band,
    records::{Rating, Risk, RiskKind},
};
use surety_engine::{View, sheets::People};
use surety_reports::{
    Sheet,
    sheet::{Cell, Column, Kind as Holds},
    views::{choice, words},
};

use super::records::state_cell;
use crate::{
    call::Call,
    endpoint::{Endpoint, Is, handler, param},
    html::{self, Choice, Filter, Listing, Shell, Shows, capitalised},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::page(
    "/risks",
    "risksPage",
    "The risks, by likelihood and consequence.",
    handler!(Organisation, show),
)
.listing()
.query(&[
    param("rating", Is::OneOf(&["inherent", "current", "residual"]), "Which rating is shown."),
    param("likelihood", Is::Number(1, 5), "Only risks of this likelihood."),
    param("consequence", Is::Number(1, 5), "Only risks of this worst consequence."),
    param("system", Is::Text, "Only risks of this AI system."),
    param("state", Is::Text, "Only risks in this state."),
])
.kept()];

/// Which rating of a risk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Inherent,
    Current,
    Residual,
}

impl Which {
    const ALL: [(Which, &str, &str); 3] = [
        (Which::Inherent, "inherent", "Without any treatment"),
        (Which::Current, "current", "With what is in place today"),
        (Which::Residual, "residual", "Once what is planned is in place"),
    ];

    fn of(self, risk: &Risk) -> Rating {
        match self {
            Which::Inherent => risk.inherent,
            Which::Current => risk.current,
            Which::Residual => risk.residual,
        }
    }
}

#[derive(Template)]
#[template(path = "risks.html")]
struct RisksPage {
    shell: Shell,
    tabs: Vec<Choice>,
    /// From the highest likelihood down.
    rows: Vec<(u8, Vec<Place>)>,
    says: String,
    unrated: Option<(usize, &'static str)>,
    lists: Vec<Choice>,
    new: Option<String>,
    listing: Listing,
}

/// A cell of the heat map.
struct Place {
    consequence: u8,
    likelihood: u8,
    count: usize,
    /// The level that risks here have, and its name.
    level: u8,
    name: &'static str,
    href: String,
    chosen: bool,
}

/// What the address asks for.
struct Wanted<'c> {
    which: Which,
    name: &'static str,
    means: &'static str,
    /// Likelihood and worst consequence.
    at: (Option<u8>, Option<u8>),
    system: &'c str,
    state: &'c str,
}

impl<'c> Wanted<'c> {
    fn of(call: &'c Call) -> Result<Wanted<'c>, Problem> {
        let asked = call.text("rating")?.unwrap_or("current");
        let known = Which::ALL.into_iter().find(|one| one.1 == asked);
        let (which, name, means) =
            known.ok_or_else(|| Problem::bad("`rating` is inherent, current or residual"))?;
        let consequence = call.number::<u8>("consequence", 1..=5)?;
        Ok(Wanted {
            which,
            name,
            means,
            at: (call.number::<u8>("likelihood", 1..=5)?, consequence),
            system: call.text("system")?.unwrap_or_default(),
            state: call.text("state")?.unwrap_or_default(),
        })
    }

    /// Whether a risk counts: of that AI system and in that state, or open.
    fn counts(&self, record: &Record, risk: &Risk) -> bool {
        let is_open = record.is_live() && !record.lifecycle().finals.contains(&record.state);
        let in_state = if self.state.is_empty() { is_open } else { record.state == self.state };
        in_state
            && (self.system.is_empty()
                || risk.ai_system.is_some_and(|one| one.to_string() == self.system))
    }

    /// Where a risk lies.
    fn place(&self, risk: &Risk) -> Option<(u8, u8)> {
        self.which.of(risk).place()
    }

    /// Whether it lies in the cell that is asked for.
    fn is_there(&self, risk: &Risk) -> bool {
        let found = self.place(risk);
        let fits = |wanted: Option<u8>, at: Option<u8>| wanted.is_none() || wanted == at;
        fits(self.at.0, found.map(|at| at.0)) && fits(self.at.1, found.map(|at| at.1))
    }

    /// The same as hidden fields of the filter.
    fn hidden(&self) -> impl Iterator<Item = (String, String)> {
        let number = |number: Option<u8>| number.map(|number| number.to_string());
        let all = [
            ("rating", Some(self.name.to_owned())),
            ("likelihood", number(self.at.0)),
            ("consequence", number(self.at.1)),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)))
    }
}

async fn show(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let wanted = Wanted::of(&call)?;
    let people = call.people().await?;
    let all = view.book().all::<Risk>();
    let risks: Vec<_> = all.filter(|(record, risk)| wanted.counts(record, risk)).collect();
    let there = risks.iter().copied().filter(|(_, risk)| wanted.is_there(risk));
    let sheet = sheet(&view, &people, &there.collect::<Vec<_>>());
    let shows = Shows {
        filters: filters(&call, &view)?,
        selects: Some(Kind::Risk),
        usual: USUAL,
        ..Shows::rows("risks", "risks", EMPTY)
    };
    if let Some(file) = Listing::file(&call, &view, &sheet, &shows).await? {
        return Ok(file);
    }
    let lead = format!(
        "{}: where the risks lie, by likelihood and worst consequence, for the organisation, for people or for society.",
        wanted.means
    );
    let shell = Shell::of(&call, &view, "Risks", &lead).await?;
    let mut listing = Listing::of(&call, &shell, &sheet, shows)?;
    listing.hidden.extend(wanted.hidden());
    let places: Vec<_> = risks.iter().filter_map(|(_, risk)| wanted.place(risk)).collect();
    let levels = risks.iter().filter_map(|(_, risk)| wanted.which.of(risk).level());
    let unrated = risks.len().saturating_sub(places.len());
    let heat = Heat { call: &call, name: wanted.name, at: wanted.at };
    html::page(&RisksPage {
        tabs: heat.tabs(),
        rows: heat.rows(&places),
        says: said(&levels.collect::<Vec<_>>()),
        unrated: (unrated > 0).then_some((unrated, wanted.name)),
        lists: lists(&shell),
        new: shell.may(Action::State(Kind::Risk)).then(|| shell.link("/records/risk/new")),
        listing,
        shell,
    })
}

/// Columns that the register begins with.
const USUAL: &[&str] = &[
    "id",
    "title",
    "ai_system",
    "state",
    "owner",
    "inherent",
    "current",
    "residual",
    "treatment",
    "due",
    "next_review",
];

const EMPTY: &str = "No risk lies here. Clause 6.1.2 asks for risks to be found, analysed and rated for the organisation, for individuals and groups, and for society.";

fn said(levels: &[u8]) -> String {
    let count = |wanted: Band| levels.iter().filter(|level| Band::of(**level) == wanted).count();
    format!(
        "{} high, {} medium, {} low. The level is the worst consequence times the likelihood: from 15 high, from 6 medium.",
        count(Band::High),
        count(Band::Medium),
        count(Band::Low)
    )
}

/// The heat map of one rating.
struct Heat<'a> {
    call: &'a Call,
    name: &'a str,
    at: (Option<u8>, Option<u8>),
}

impl Heat<'_> {
    fn rows(&self, places: &[(u8, u8)]) -> Vec<(u8, Vec<Place>)> {
        let row = |likelihood: u8| {
            (
                likelihood,
                (1..=5).map(|consequence| self.place(places, likelihood, consequence)).collect(),
            )
        };
        (1..=5).rev().map(row).collect()
    }

    fn place(&self, places: &[(u8, u8)], likelihood: u8, consequence: u8) -> Place {
        let count = places.iter().filter(|one| **one == (likelihood, consequence)).count();
        let level = likelihood.saturating_mul(consequence);
        let name = Band::of(level).name();
        let chosen = self.at == (Some(likelihood), Some(consequence));
        let mut query = self.kept(&["likelihood", "consequence", "page", "rating"]);
        query.push(("rating".to_owned(), self.name.to_owned()));
        if !chosen {
            query.push(("likelihood".to_owned(), likelihood.to_string()));
            query.push(("consequence".to_owned(), consequence.to_string()));
        }
        let href = html::addressed(self.call.uri.path(), &query);
        Place { consequence, likelihood, count, level, name, href, chosen }
    }

    fn kept(&self, without: &[&str]) -> Vec<(String, String)> {
        let kept = self.call.query.iter().filter(|(name, _)| !without.contains(&name.as_str()));
        kept.cloned().collect()
    }

    fn tabs(&self) -> Vec<Choice> {
        let tab = |(_, name, _): &(Which, &str, &str)| {
            let mut query = self.kept(&["rating", "likelihood", "consequence", "page"]);
            query.push(("rating".to_owned(), (*name).to_owned()));
            Choice {
                name: capitalised(name),
                value: html::addressed(self.call.uri.path(), &query),
                chosen: *name == self.name,
            }
        };
        Which::ALL.iter().map(tab).collect()
    }
}

/// Other lists of risks.
fn lists(shell: &Shell) -> Vec<Choice> {
    let all = [
        ("Every risk, also those that are closed", "/records/risk"),
        ("Risk assessments", "/records/risk_assessment"),
    ];
    let choice = |(name, path): (&str, &str)| Choice {
        name: name.to_owned(),
        value: shell.link(path),
        chosen: false,
    };
    all.map(choice).to_vec()
}

fn filters(call: &Call, view: &View) -> Result<Vec<Filter>, Problem> {
    let mut systems: Vec<_> =
        view.book().all::<Risk>().filter_map(|(_, risk)| risk.ai_system).collect();
    systems.sort_unstable();
    systems.dedup();
    let title = |id| view.book().get(id).map(super::record::title).unwrap_or_default();
    let systems =
        systems.into_iter().map(|one| (one.to_string(), format!("{one} {}", title(one.id()))));
    let states = Kind::Risk.lifecycle().states.iter();
    let states = states.map(|state| ((*state).to_owned(), capitalised(&words(state))));
    Ok(vec![
        Filter::new(call, ("system", "AI system"), systems)?,
        Filter::new(call, ("state", "State"), states)?,
    ])
}

fn sheet(view: &View, people: &People, risks: &[(&Record, &Risk)]) -> Sheet {
    let columns = vec![
        Column::new("id", "Id", Holds::Id),
        Column::new("title", "Title", Holds::Text).wide(40),
        Column::new("kind", "Kind", Holds::Text),
        Column::new("ai_system", "AI system", Holds::Id),
        Column::new("state", "State", Holds::Status),
        Column::new("owner", "Owner", Holds::Text),
        Column::new("inherent", "Inherent", Holds::Number),
        Column::new("current", "Current", Holds::Number),
        Column::new("residual", "Residual", Holds::Number),
        Column::new("treatment", "Treatment", Holds::Text),
        Column::new("controls", "Controls", Holds::LongText),
        Column::new("due", "Due", Holds::Date),
        Column::new("next_review", "Next review", Holds::Date),
    ];
    let mut sheet = Sheet::new("Risks", "Risks", columns);
    for (record, risk) in risks {
        let controls: Vec<_> = risk.controls.iter().map(|one| one.0.to_string()).collect();
        sheet.push(vec![
            record.id.to_string().into(),
            record.title().to_owned().into(),
            choice(risk.kind.or(Some(RiskKind::Threat))),
            risk.ai_system.map(|one| one.to_string()).into(),
            state_cell(record),
            risk.owner.map(|owner| people.name(view.book(), owner)).into(),
            level(&risk.inherent),
            level(&risk.current),
            level(&risk.residual),
            choice(risk.treatment),
            controls.join(", ").into(),
            risk.due.into(),
            risk.next_review.into(),
        ]);
    }
    sheet
}

/// A level, and how it comes about.
fn level(rating: &Rating) -> Cell {
    let Some(level) = rating.level() else { return Cell::EMPTY };
    let rated = |value: Option<u8>| value.map_or("not rated".to_owned(), |value| value.to_string());
    Cell::from(i64::from(level)).because(format!(
        "Worst consequence times likelihood. Organisation {}, individuals and groups {}, society {}, likelihood {}.",
        rated(rating.organisation),
        rated(rating.individuals),
        rated(rating.society),
        rating.likelihood.map_or("not rated, counted as 5".to_owned(), |value| value.to_string()),
    ))
}
