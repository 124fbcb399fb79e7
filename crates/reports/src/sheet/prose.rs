//! Sheets of prose: running text as rows, so that every format has it, and those for people draw it as text.

use super::{Cell, CellValue, Column, Kind, Layout, Sheet};

/// What a piece of prose is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// A heading, 1 being the highest below that of the sheet.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    Item,
    /// An item of a numbered list.
    Step,
}

impl Manner {
    fn name(self) -> String {
        match self {
            Manner::Heading(level) => format!("heading {level}"),
            Manner::Paragraph => "paragraph".to_owned(),
            Manner::Item => "item".to_owned(),
            Manner::Step => "step".to_owned(),
        }
    }

    fn from_name(name: &str) -> Option<Manner> {
        match name {
            "paragraph" => Some(Manner::Paragraph),
            "item" => Some(Manner::Item),
            "step" => Some(Manner::Step),
            _ => Some(Manner::Heading(name.strip_prefix("heading ")?.parse().ok()?)),
        }
    }
}

impl Sheet {
    /// An empty sheet of prose.
    pub fn prose(name: impl Into<String>, title: impl Into<String>) -> Sheet {
        let columns = vec![
            Column::new("manner", "Manner", Kind::Text).wide(12),
            Column::new("text", "Text", Kind::LongText).wide(100),
        ];
        Sheet { layout: Layout::Prose, ..Sheet::new(name, title, columns) }
    }

    /// Adds a piece of prose.
    pub fn say(&mut self, manner: Manner, text: impl Into<String>) {
        self.push(vec![manner.name().into(), Cell::text(text.into())]);
    }

    /// Whether the rows are running text.
    pub fn is_prose(&self) -> bool {
        self.layout == Layout::Prose
    }
}

/// What a row of a sheet of prose says.
pub(crate) fn read(cells: &[Cell]) -> Option<(Manner, String)> {
    let [manner, text] = cells else { return None };
    let CellValue::Text(name) = &manner.value else { return None };
    Some((Manner::from_name(name)?, text.words().into_owned()))
}
