//! What the requirements of two frameworks have to do with each other: a picture by domain, the table behind it, and words.
//!
//! Relationships are those of NIST IR 8477.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::response::Response;
use surety_catalog::{Framework, Link, Relationship, Requirement};
use surety_engine::View;
use surety_reports::{
    Sheet,
    sheet::{Cell, Column, Kind as Holds},
};

use crate::{
    call::Call,
    endpoint::{Endpoint, Is, handler, param},
    html::{self, Choice, Filter, Listing, Shell, Shows, capitalised},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::page(
    "/frameworks/{framework}/crosswalk",
    "crosswalkPage",
    "How the requirements of two frameworks relate.",
    handler!(Organisation, show),
)
.listing()
.query(&[
    param("to", Is::Text, "The other framework."),
    param("relationship", Is::Text, "Only what relates like this."),
    param("domain", Is::Text, "Only what lies in this domain of the first framework."),
])
.kept()];

/// The relationships, the closest first, with what each means.
const RELATIONSHIPS: &[(Relationship, &str, &str)] = &[
    (Relationship::Equal, "equal", "Both ask the same."),
    (Relationship::Superset, "superset of", "The first asks all that the second asks, and more."),
    (Relationship::Subset, "subset of", "The first asks part of what the second asks."),
    (Relationship::Intersects, "intersects with", "They overlap in part."),
    (Relationship::NotRelated, "not related to", "Compared, and found to share nothing."),
];

#[derive(Template)]
#[template(path = "crosswalk.html")]
struct CrosswalkPage {
    shell: Shell,
    from: (String, String),
    to: (String, String),
    others: Vec<Choice>,
    summary: String,
    counts: Vec<(usize, &'static str, &'static str)>,
    picture: Option<Picture>,
    coverage: String,
    listing: Listing,
}

async fn show(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let name = call.part("framework");
    let from = view.catalogs.framework(name);
    let from = from.ok_or_else(|| Problem::not_found(format!("framework `{name}` in use")))?;
    let to = other(&call, &view, from)?;
    let links = view.catalogs.crosswalk(&from.id, &to.id);
    let sources: Vec<&str> = links.iter().map(|link| link.source.id.as_str()).collect();
    let targets: Vec<&str> = links.iter().map(|link| link.target.id.as_str()).collect();
    let ours = Domains::of(from).narrowed(&sources);
    let theirs = Domains::of(to).narrowed(&targets);
    let asked = |name| -> Result<&str, Problem> { Ok(call.text(name)?.unwrap_or_default()) };
    let (relationship, domain) = (asked("relationship")?, asked("domain")?);
    let fits = |link: &&Link<'_>| {
        (relationship.is_empty() || link.relationship.name() == relationship)
            && (domain.is_empty() || ours.id(&link.source.id) == domain)
    };
    let sheet = table(from, to, links.iter().filter(fits));
    let shows = Shows {
        filters: filters(&call, &links, &ours)?,
        usual: &["from", "from_title", "relationship", "to", "to_title", "strength", "rationale"],
        ..Shows::rows(
            "crosswalk",
            "mappings",
            "Nothing maps these two frameworks directly; the coverage page also follows chains through a third.",
        )
    };
    if let Some(file) = Listing::file(&call, &view, &sheet, &shows).await? {
        return Ok(file);
    }
    let title = format!("{} and {}", from.name, to.name);
    let lead =
        "Which requirements have to do with each other, and how, in the terms of NIST IR 8477.";
    let shell = Shell::of(&call, &view, &title, lead).await?;
    let listing = Listing::of(&call, &shell, &sheet, shows)?;
    let others = view.catalogs.frameworks().filter(|other| other.id != from.id);
    let others = others.map(|other| Choice {
        name: other.name.clone(),
        value: other.id.clone(),
        chosen: other.id == to.id,
    });
    html::page(&CrosswalkPage {
        from: (from.id.clone(), from.name.clone()),
        to: (to.id.clone(), to.name.clone()),
        others: others.collect(),
        summary: summary(from, to, &links),
        counts: counts(&links),
        picture: Picture::of(&links, &ours, &theirs),
        coverage: shell.link(format!("/coverage?from={}&to={}", from.id, to.id)),
        listing,
        shell,
    })
}

/// The framework that is asked for, or the first other one that is mapped.
fn other<'v>(call: &Call, view: &'v View, from: &Framework) -> Result<&'v Framework, Problem> {
    if let Some(to) = call.text("to")?.filter(|to| !to.is_empty()) {
        return Ok(view.framework(to)?);
    }
    let mut others = view.catalogs.frameworks().filter(|other| other.id != from.id);
    let first = others.next().ok_or_else(|| Problem::not_found("another framework"))?;
    let is_mapped = |other: &&Framework| !view.catalogs.crosswalk(&from.id, &other.id).is_empty();
    Ok([first].into_iter().chain(others).find(is_mapped).unwrap_or(first))
}

fn words_of(relationship: Relationship) -> &'static str {
    let known = RELATIONSHIPS.iter().find(|one| one.0 == relationship);
    known.map(|one| one.1).unwrap_or_default()
}

fn counts(links: &[Link<'_>]) -> Vec<(usize, &'static str, &'static str)> {
    let count =
        |relationship| links.iter().filter(|link| link.relationship == relationship).count();
    let all = RELATIONSHIPS.iter().map(|(one, name, means)| (count(*one), *name, *means));
    all.filter(|(count, ..)| *count > 0).collect()
}

fn summary(from: &Framework, to: &Framework, links: &[Link<'_>]) -> String {
    let related = || links.iter().filter(|link| link.relationship != Relationship::NotRelated);
    let sources: BTreeSet<&str> = related().map(|link| link.source.id.as_str()).collect();
    let targets: BTreeSet<&str> = related().map(|link| link.target.id.as_str()).collect();
    let all =
        |framework: &Framework| framework.requirements.iter().filter(|one| one.assessable).count();
    let full = related().filter(|link| link.relationship.covers_fully()).count();
    format!(
        "{} mappings tie {} requirements of {} (of {} that are judged) to {} of {} (of {}). {full} of them say that whoever meets the first meets the second whole.",
        related().count(),
        sources.len(),
        from.name,
        all(from),
        targets.len(),
        to.name,
        all(to),
    )
}

fn filters(call: &Call, links: &[Link<'_>], ours: &Domains<'_>) -> Result<Vec<Filter>, Problem> {
    let kinds =
        RELATIONSHIPS.iter().map(|(one, name, _)| (one.name().to_owned(), capitalised(name)));
    let mut domains: BTreeMap<usize, (String, String)> = BTreeMap::new();
    for link in links {
        let id = ours.id(&link.source.id);
        domains.insert(ours.place(id), (id.to_owned(), ours.name(id)));
    }
    Ok(vec![
        Filter::new(call, ("relationship", "Relationship"), kinds)?,
        Filter::new(call, ("domain", "Domain"), domains.into_values())?,
    ])
}

fn table<'l>(from: &Framework, to: &Framework, links: impl Iterator<Item = &'l Link<'l>>) -> Sheet {
    let columns = vec![
        Column::new("from", from.id.clone(), Holds::Id),
        Column::new("from_title", "Title", Holds::Text).wide(36),
        Column::new("relationship", "Relationship", Holds::Text),
        Column::new("to", to.id.clone(), Holds::Id),
        Column::new("to_title", "Title there", Holds::Text).wide(36),
        Column::new("strength", "Strength", Holds::Number),
        Column::new("certainty", "Certainty", Holds::Text),
        Column::new("rationale", "Rationale", Holds::LongText).wide(48),
        Column::new("gap", "Stays open", Holds::LongText).wide(40),
        Column::new("set", "Mapping", Holds::Text),
    ];
    let mut sheet = Sheet::new("Crosswalk", format!("From {} to {}", from.name, to.name), columns);
    for link in links {
        let step = link.steps.first();
        let text = |text: Option<&str>| Cell::text(text.unwrap_or_default().to_owned());
        sheet.push(vec![
            link.source.id.clone().into(),
            link.source.title.clone().into(),
            words_of(link.relationship).into(),
            link.target.id.clone().into(),
            link.target.title.clone().into(),
            link.strength.map(i64::from).into(),
            link.certainty.name().into(),
            text(step.map(|step| step.mapping.rationale.as_str())),
            text(step.map(|step| step.mapping.gap.as_str())),
            text(step.map(|step| step.set.id.as_str())),
        ]);
    }
    sheet
}

/// The domains of a framework: what stands at its top, or one level below where few things do.
struct Domains<'f> {
    framework: &'f Framework,
    parents: BTreeMap<&'f str, &'f str>,
    level: usize,
}

/// Domains that a picture shows at least, if there are as many.
const FEW: usize = 4;

impl<'f> Domains<'f> {
    fn of(framework: &'f Framework) -> Domains<'f> {
        let pair = |one: &'f Requirement| Some((one.id.as_str(), one.parent.as_deref()?));
        let parents = framework.requirements.iter().filter_map(pair).collect();
        Domains { framework, parents, level: 0 }
    }

    /// The same one level below the top, if these requirements lie in few domains there.
    fn narrowed(self, linked: &[&str]) -> Domains<'f> {
        let lie: BTreeSet<&str> = linked.iter().map(|id| self.id(id)).collect();
        if lie.len() < FEW { Domains { level: 1, ..self } } else { self }
    }

    /// The domain of a requirement.
    fn id<'r>(&self, requirement: &'r str) -> &'r str
    where
        'f: 'r,
    {
        let mut chain: Vec<&'r str> = vec![requirement];
        while let Some(parent) = chain.last().and_then(|last| self.parents.get(last).copied())
            && chain.len() < 16
        {
            chain.push(parent);
        }
        chain.reverse();
        chain.get(self.level).or(chain.last()).copied().unwrap_or_default()
    }

    fn place(&self, id: &str) -> usize {
        let mut all = self.framework.requirements.iter();
        all.position(|one| one.id == id).unwrap_or(usize::MAX)
    }

    fn name(&self, id: &str) -> String {
        let found = self.framework.requirements.iter().find(|one| one.id == id);
        let label = |one: &Requirement| {
            let label = if one.label.is_empty() { &one.id } else { &one.label };
            if label.eq_ignore_ascii_case(&one.title) {
                label.clone()
            } else {
                format!("{label} {}", one.title)
            }
        };
        found.map(label).unwrap_or_else(|| id.to_owned())
    }
}

/// The picture: domains on both sides, bands as wide as there are mappings between them.
struct Picture {
    height: usize,
    left: Vec<Side>,
    right: Vec<Side>,
    bands: Vec<Band>,
}

struct Side {
    name: String,
    count: usize,
    y: usize,
    height: usize,
    middle: usize,
}

struct Band {
    path: String,
    width: usize,
    says: String,
}

/// Where the two sides stand, and how much room there is for bands.
const LEFT: usize = 372;
const RIGHT: usize = 620;
const ROOM: usize = 420;
const APART: usize = 10;
/// The least height of a domain: its name has to fit.
const LEAST: usize = 16;

impl Picture {
    fn of(links: &[Link<'_>], ours: &Domains<'_>, theirs: &Domains<'_>) -> Option<Picture> {
        let mut pairs: BTreeMap<(usize, usize), (String, String, usize)> = BTreeMap::new();
        for link in links.iter().filter(|link| link.relationship != Relationship::NotRelated) {
            let (one, other) = (ours.id(&link.source.id), theirs.id(&link.target.id));
            let pair = pairs.entry((ours.place(one), theirs.place(other)));
            pair.or_insert_with(|| (ours.name(one), theirs.name(other), 0)).2 += 1;
        }
        let total: usize = pairs.values().map(|pair| pair.2).sum();
        if total == 0 {
            return None;
        }
        let width = |count: usize| (count.saturating_mul(ROOM) / total).max(1);
        let left =
            sides(pairs.iter().map(|((at, _), pair)| (*at, pair.0.as_str(), pair.2)), &width);
        let right =
            sides(pairs.iter().map(|((_, at), pair)| (*at, pair.1.as_str(), pair.2)), &width);
        let mut ends: (BTreeMap<usize, usize>, BTreeMap<usize, usize>) = Default::default();
        let mut bands = Vec::new();
        for ((one, other), (ours, theirs, count)) in &pairs {
            let wide = width(*count);
            let from = taken(&mut ends.0, *one, left.get(one), wide);
            let to = taken(&mut ends.1, *other, right.get(other), wide);
            let middle = LEFT.midpoint(RIGHT);
            let (start, end) = (LEFT + 8, RIGHT);
            bands.push(Band {
                path: format!("M{start} {from}C{middle} {from} {middle} {to} {end} {to}"),
                width: wide,
                says: format!("{ours} to {theirs}: {count}"),
            });
        }
        let bottom =
            |sides: &BTreeMap<usize, Side>| sides.values().map(|side| side.y + side.height).max();
        let height = bottom(&left).max(bottom(&right)).unwrap_or(0) + APART;
        Some(Picture {
            height,
            left: left.into_values().collect(),
            right: right.into_values().collect(),
            bands,
        })
    }
}

/// The domains of one side from top to bottom, each as high as its bands are wide.
fn sides<'p>(
    pairs: impl Iterator<Item = (usize, &'p str, usize)>,
    width: &impl Fn(usize) -> usize,
) -> BTreeMap<usize, Side> {
    let mut sides: BTreeMap<usize, Side> = BTreeMap::new();
    for (at, name, count) in pairs {
        let side = sides.entry(at).or_insert_with(|| Side {
            name: name.to_owned(),
            count: 0,
            y: 0,
            height: 0,
            middle: 0,
        });
        side.count += count;
        side.height += width(count);
    }
    let mut y = APART;
    for side in sides.values_mut() {
        side.height = side.height.max(LEAST);
        side.y = y;
        side.middle = y + side.height / 2;
        y += side.height + APART;
    }
    sides
}

/// The middle of the next band at a domain, which then begins below it.
fn taken(ends: &mut BTreeMap<usize, usize>, at: usize, side: Option<&Side>, wide: usize) -> usize {
    let end = ends.entry(at).or_insert_with(|| side.map_or(0, |side| side.y));
    let middle = *end + wide / 2;
    *end += wide;
    middle
}
