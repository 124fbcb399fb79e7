//! The statement and its cells as lists, and what narrows them and the matrix.

use std::collections::HashMap;

use axum::response::Response;
use surety_aims::{Ref, records::Person};
use surety_reports::{
    Sheet,
    sheet::Row,
    views::{self, soa::Standing},
};

use super::{
    super::views::{frameworks, named},
    Looking,
    ask::{Ask, By, Part},
    grid::{self, Grid},
};
use crate::{
    html::{self, Filter, Listing, ListingPage, Shows, capitalised},
    problem::Problem,
};

impl Looking<'_> {
    /// One row a control, or one row a cell.
    pub(super) async fn list(&self) -> Result<Response, Problem> {
        let (of_controls, file) = match self.ask.part {
            Part::Statement => (true, "statement-of-applicability"),
            Part::Cells | Part::Cell | Part::Matrix | Part::Print => (false, "soa-cells"),
        };
        let sheet = named(self.call, self.view, |names| match of_controls {
            true => views::soa::statement(self.soa, self.framework, names),
            false => views::soa::cells(self.soa, self.framework, names),
        });
        let sheet = self.narrowed(sheet.await?, of_controls)?;
        let noun = if of_controls { "controls" } else { "cells" };
        let mut shows = Shows::rows(file, noun, "The framework has no controls.");
        shows.filters = self.filters()?;
        if of_controls {
            shows.filters.retain(|filter| matches!(filter.name, "framework" | "domain"));
            shows.usual = &[
                "control",
                "title",
                "applicable",
                "justification",
                "implementation",
                "owner",
                "state",
                "designed",
                "documented",
                "operating",
            ];
        } else {
            shows.usual = &[
                "control",
                "system",
                "system_name",
                "standing",
                "level",
                "owner",
                "uncovered_days",
                "why",
            ];
        }
        if let Some(file) = Listing::file(self.call, self.view, &sheet, &shows).await? {
            return Ok(file);
        }
        let shell = self.shell().await?;
        let listing = Listing::of(self.call, &shell, &sheet, shows)?;
        html::page(&ListingPage { shell, listing, tabs: self.tabs(), action: None, import: None })
    }

    /// The rows that the address asks for, beside what every list understands.
    fn narrowed(&self, mut sheet: Sheet, of_controls: bool) -> Result<Sheet, Problem> {
        let of = |name| -> Result<&str, Problem> { Ok(self.call.text(name)?.unwrap_or_default()) };
        let (control, system) = (of("control")?, of("system")?);
        let without_text = Ask { text: String::new(), ..Ask::of(self.call)? };
        let grid = Grid::of(self.view, self.soa, self.framework, &without_text);
        let rows: HashMap<&str, usize> =
            grid.controls().filter_map(|at| Some((self.soa.controls.get(at)?.id, at))).collect();
        let columns: HashMap<String, usize> = grid
            .systems()
            .filter_map(|at| Some((self.soa.systems.get(at)?.id.to_string(), at)))
            .collect();
        sheet.rows.retain(|line| {
            let Row::Cells(cells) = line else { return true };
            let word =
                |at: usize| cells.get(at).map(|cell| cell.words().into_owned()).unwrap_or_default();
            let id = word(0);
            let Some(row) = rows.get(id.as_str()) else { return false };
            if of_controls {
                return true;
            }
            let place = word(1);
            let Some(column) = columns.get(place.as_str()) else { return false };
            (control.is_empty() || control == id)
                && (system.is_empty() || system == place)
                && grid.counts(*row, *column)
        });
        Ok(sheet)
    }

    pub(super) fn filters(&self) -> Result<Vec<Filter>, Problem> {
        let call = self.call;
        let pair = |id: &str, name: &str| (id.to_owned(), name.to_owned());
        let all = Ask {
            domain: "",
            group: "",
            state: None,
            owner: None,
            text: String::new(),
            ..Ask::of(call)?
        };
        let grid = Grid::of(self.view, self.soa, self.framework, &all);
        let mut owners: Vec<Ref<Person>> =
            self.soa.cells.iter().filter_map(|cell| cell.owner).collect();
        owners.extend(self.soa.controls.iter().filter_map(|control| control.organisation.owner));
        owners.sort_unstable();
        owners.dedup();
        let owner =
            |owner: Ref<Person>| (owner.to_string(), self.people.name(self.view.book(), owner));
        let mut owners: Vec<_> = owners.into_iter().map(owner).collect();
        owners.sort_by(|one, other| one.1.cmp(&other.1));
        let standings = Standing::ALL.iter().map(|one| pair(one.word(), &capitalised(one.word())));
        let orders = [
            ("group", "Columns by group"),
            ("class", "Columns by AI Act class"),
            ("none", "Columns in one row"),
        ];
        let by = match self.ask.by {
            By::Group => "group",
            By::Class => "class",
            By::Nothing => "none",
        };
        let orders = orders.into_iter().map(|(id, name)| pair(id, name));
        let by = Filter::new(call, ("by", "Columns"), orders)?.with_usual(by);
        let used = frameworks(call, self.view)?;
        let of_groups = if self.ask.by == By::Class { "Class" } else { "Group" };
        let bands = |bands: &[grid::Band]| -> Vec<(String, String)> {
            bands
                .iter()
                .filter(|band| !band.id.is_empty())
                .map(|band| pair(&band.id, &band.name))
                .collect()
        };
        let filters = vec![
            Filter::new(call, ("domain", "Domain"), bands(&grid.domains).into_iter())?,
            Filter::new(call, ("state", "State"), standings)?,
            Filter::new(call, ("owner", "Owner"), owners.into_iter())?,
            Filter::new(call, ("group", of_groups), bands(&grid.groups).into_iter())?,
            used,
            by,
        ];
        Ok(filters.into_iter().filter(|filter| filter.choices.len() > 1).collect())
    }
}
