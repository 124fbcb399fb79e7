//! The Statement of Applicability: the statement as auditors expect it, the matrix, its cells in long form, and the
//! AI systems.

mod cells;
mod decisions;
mod matrix;
mod standing;
mod statement;
mod systems;

pub use cells::cells;
pub(super) use cells::why;
pub use decisions::{DECISIONS, decisions};
pub use matrix::matrix;
pub use standing::Standing;
pub use statement::statement;
pub use systems::{column_scores, systems};

use surety_aims::derive::{
    Rule,
    soa::{Cell, Soa},
};
use surety_catalog::Framework;

use super::Names;
use crate::sheet::Sheet;

/// The title of a document of this view.
pub const TITLE: &str = "Statement of Applicability";

/// All sheets: "Statement", "Matrix", "Cells", "Systems". For a terminal, [`statement`] and [`matrix`] are enough.
pub fn sheets(soa: &Soa<'_>, framework: &Framework, names: &Names<'_>) -> Vec<Sheet> {
    vec![
        statement(soa, framework, names),
        matrix(soa, framework),
        cells(soa, framework, names),
        systems(soa, names),
    ]
}

/// The cells of the control at `position`, in the order of the AI systems.
fn row<'s, 'b>(soa: &'s Soa<'b>, position: usize) -> &'s [Cell<'b>] {
    let width = soa.systems.len();
    let first = position.saturating_mul(width);
    soa.cells.get(first..first.saturating_add(width)).unwrap_or_default()
}

/// What every sheet of the view says about itself.
fn notes(soa: &Soa<'_>, framework: &Framework) -> Vec<String> {
    let name = if framework.name.is_empty() { soa.framework } else { &framework.name };
    vec![
        format!(
            "Controls of {name} as they stood on {}, asked for by ISO/IEC 42001 {}.",
            soa.on,
            Rule::Undecided.clause(),
        ),
        format!(
            "Days without operating evidence are counted from {} to {}.",
            soa.window.from, soa.window.to
        ),
    ]
}

/// Id and title of the heading that a control stands under.
pub fn objective(framework: &Framework, id: Option<&str>) -> String {
    let Some(id) = id else { return String::new() };
    match framework.requirements.iter().find(|requirement| requirement.id == id) {
        Some(heading) if !heading.title.is_empty() => format!("{id} {}", heading.title),
        Some(_) | None => id.to_owned(),
    }
}
