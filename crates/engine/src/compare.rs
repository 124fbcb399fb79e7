//! Which views can be compared between two days, and what tells their rows apart.

use jiff::civil::Date;
use serde_json::Value;
use surety_aims::{
    Kind,
    derive::{
        diff::{Diff, diff},
        plan::Item,
        soa::Soa,
    },
};
use surety_reports::{Sheet, views};

use crate::{Error, View, views::STANDARD};

/// A view whose rows can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparable<'a> {
    /// Of the controls of a framework.
    Soa(&'a str),
    Gap,
    Plan,
    Due,
    Readiness,
    /// From one framework to another.
    Coverage(&'a str, &'a str),
    /// The AI systems.
    Inventory,
    /// All records.
    Records,
}

impl<'a> Comparable<'a> {
    /// As people name them.
    pub const NAMES: [&'static str; 8] =
        ["soa", "gap", "plan", "due", "readiness", "coverage", "inventory", "records"];

    /// The view of that name; `frameworks` are for coverage.
    ///
    /// # Errors
    /// [`Error::Input`] for what can't be compared.
    pub fn of(name: &str, frameworks: (&'a str, &'a str)) -> Result<Comparable<'a>, Error> {
        Ok(match name {
            "soa" => Comparable::Soa(STANDARD),
            "gap" => Comparable::Gap,
            "plan" => Comparable::Plan,
            "due" => Comparable::Due,
            "readiness" => Comparable::Readiness,
            "coverage" => Comparable::Coverage(frameworks.0, frameworks.1),
            "inventory" => Comparable::Inventory,
            "records" => Comparable::Records,
            _ => {
                let known = Comparable::NAMES.join(", ");
                return Err(Error::Input(format!("{name}: can't be compared; one of {known}")));
            }
        })
    }

    /// What changed from one day to another.
    ///
    /// # Errors
    /// [`Error::Input`] for a framework that is not in use.
    pub fn diff(self, earlier: &View, later: &View) -> Result<Diff, Error> {
        let (old, new) = (self.rows(earlier)?, self.rows(later)?);
        Ok(diff(&old, &new, self.key(), self.ignored()))
    }

    /// The same as tables.
    pub fn sheets(self, diff: &Diff, from: Date, to: Date) -> Vec<Sheet> {
        let compared = views::diff::Compared { view: self.title(), key: self.key(), from, to };
        views::diff::sheets(diff, &compared)
    }

    fn title(self) -> &'static str {
        match self {
            Comparable::Soa(_) => views::soa::TITLE,
            Comparable::Gap => views::gap::TITLE,
            Comparable::Plan => views::plan::TITLE,
            Comparable::Due => views::due::TITLE,
            Comparable::Readiness => views::readiness::TITLE,
            Comparable::Coverage(..) => views::coverage::TITLE,
            Comparable::Inventory | Comparable::Records => views::inventory::TITLE,
        }
    }

    /// The fields that tell its rows apart.
    fn key(self) -> &'static [&'static str] {
        match self {
            Comparable::Soa(_) => &["control", "system"],
            Comparable::Gap => &["framework", "requirement"],
            Comparable::Plan => &["requirement", "condition"],
            Comparable::Due => &["record", "field"],
            Comparable::Coverage(..) => &["requirement"],
            Comparable::Readiness | Comparable::Inventory | Comparable::Records => &["id"],
        }
    }

    /// Fields that say nothing about a change.
    fn ignored(self) -> &'static [&'static str] {
        match self {
            Comparable::Soa(_) => &["why", "uncovered", "uncovered_days"],
            Comparable::Gap => &["conditions", "derived"],
            Comparable::Plan => &["rank", "finding", "parts"],
            Comparable::Due => &["days"],
            Comparable::Readiness => &[],
            Comparable::Coverage(..) => &["by", "gaps"],
            Comparable::Inventory | Comparable::Records => &["stated", "moved", "created"],
        }
    }

    fn rows(self, view: &View) -> Result<Vec<Value>, Error> {
        let soa = view.soa(STANDARD, None)?;
        Ok(match self {
            Comparable::Coverage(from, to) => list(&view.coverage(&soa, from, to)?.rows)?,
            Comparable::Soa(framework) => list(&view.soa(framework, None)?.cells)?,
            Comparable::Gap => gap_rows(view, &soa)?,
            Comparable::Plan => {
                let gaps = view.gaps(&soa, &[STANDARD.to_owned()])?;
                let plan = view.plan(&gaps);
                let row = |item: &Item<'_>| with(item, "condition", item.finding.id);
                plan.items.iter().map(row).collect::<Result<_, _>>()?
            }
            Comparable::Due => list(&view.due(None).items)?,
            Comparable::Readiness => {
                let readiness = view.readiness(&soa)?;
                let mut rows = list(&readiness.stage1.checks)?;
                rows.extend(list(&readiness.stage2.checks)?);
                rows
            }
            Comparable::Inventory => {
                view.book().of_kind(Kind::AiSystem).map(|record| record.to_json()).collect()
            }
            Comparable::Records => view.book().records().map(|record| record.to_json()).collect(),
        })
    }
}

/// Rows as JSON.
fn list(rows: &[impl serde::Serialize]) -> Result<Vec<Value>, Error> {
    Ok(rows.iter().map(serde_json::to_value).collect::<Result<_, _>>()?)
}

/// A row with one more field.
fn with(row: &impl serde::Serialize, field: &str, value: &str) -> Result<Value, Error> {
    let mut row = serde_json::to_value(row)?;
    if let Value::Object(row) = &mut row {
        row.insert(field.to_owned(), value.into());
    }
    Ok(row)
}

fn gap_rows<'v>(view: &'v View, soa: &'v Soa<'v>) -> Result<Vec<Value>, Error> {
    let mut rows = Vec::new();
    for (framework, gap) in view.gaps(soa, &[])? {
        for judged in &gap.results {
            rows.push(with(judged, "framework", &framework.id)?);
        }
    }
    Ok(rows)
}
