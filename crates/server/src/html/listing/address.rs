//! The address of a list, and the addresses of lists that it leads to.

use surety_reports::sheet::Sheet;

use super::{
    super::{shell::addressed, table::Table},
    Choice, ROWS,
    wanted::Wanted,
};

/// The address of a list.
pub(super) struct Address<'a> {
    pub(super) path: &'a str,
    pub(super) query: &'a [(String, String)],
}

impl Address<'_> {
    pub(super) fn kept(&self, is_kept: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        self.query.iter().filter(|(name, _)| is_kept(name)).cloned().collect()
    }

    /// The same with another value of one parameter.
    fn with(&self, name: &str, value: String) -> String {
        let mut query = self.kept(|known| known != name && known != "page");
        query.push((name.to_owned(), value));
        addressed(self.path, &query)
    }

    /// Heads of columns become links that sort by them, and the other way round the second time.
    pub(super) fn sortable(&self, sheet: &Sheet, wanted: &Wanted<'_>, table: &mut Table) {
        for (head, at) in table.heads.iter_mut().zip(&wanted.shown) {
            let Some(column) = sheet.columns.get(*at) else { continue };
            let (next, order) = match wanted.sort {
                Some((sorted, false)) if sorted == *at => ("-", Some("ascending")),
                Some((sorted, true)) if sorted == *at => ("", Some("descending")),
                Some(_) | None => ("", None),
            };
            head.href = Some(self.with("sort", format!("{next}{}", column.key)));
            head.order = order;
        }
    }

    pub(super) fn exports(&self) -> Vec<(&'static str, String)> {
        let formats = [("CSV", "csv"), ("XLSX", "xlsx"), ("PDF", "pdf"), ("JSON", "json")];
        formats.map(|(name, format)| (name, self.with("format", format.to_owned()))).to_vec()
    }

    pub(super) fn pages(&self, lines: usize, current: usize) -> Vec<Choice> {
        let last = lines.div_ceil(ROWS).max(1);
        // The first, the last, and those around the current one.
        let is_shown = |page: &usize| *page == 1 || *page == last || page.abs_diff(current) <= 2;
        let choice = |page: usize| Choice {
            name: page.to_string(),
            value: self.with("page", page.to_string()),
            chosen: page == current,
        };
        (1..=last).filter(is_shown).map(choice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_pages_the_first_the_last_and_the_near_ones_are_named() {
        let address = Address { path: "/o/x/gap", query: &[("q".to_owned(), "a b".to_owned())] };
        let pages = address.pages(1_950, 7);
        let names: Vec<_> = pages.iter().map(|page| page.name.as_str()).collect();
        assert_eq!(names, ["1", "5", "6", "7", "8", "9", "20"]);
        assert_eq!(pages[1].value, "/o/x/gap?q=a+b&page=5");
    }
}
