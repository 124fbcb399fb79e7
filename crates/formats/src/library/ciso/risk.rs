//! Risk matrices.

use serde_json::{Map, Value};
use surety_catalog::RiskMatrix;

use crate::library::{
    fields::Fields,
    ids::tail_of_urn,
    report::{Context, Fault, Step},
    tree::{Node, Tree},
};

const CELL_TEXTS: [&str; 6] =
    ["abbreviation", "name", "description", "hexcolor", "annotation", "translations"];

/// Reads one matrix: `grid[probability][impact]` is an index into `risk`.
pub(super) fn matrix(cx: &mut Context, node: Node<'_>) -> Result<RiskMatrix, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let line = fields.line;
    let urn = fields.required_text(cx, "urn")?;
    let id = fields.optional_text(cx, "ref_id").filter(|id| !id.trim().is_empty());
    let mut matrix = RiskMatrix {
        id: id.unwrap_or_else(|| tail_of_urn(&urn).to_owned()),
        urn,
        name: fields.text(cx, "name"),
        description: fields.text(cx, "description"),
        likelihood: fields.each(cx, "probability", cell)?,
        consequence: fields.each(cx, "impact", cell)?,
        levels: fields.each(cx, "risk", cell)?,
        grid: fields.each(cx, "grid", row)?,
        extra: Map::new(),
    };
    fields.keep_texts("translations", &mut matrix.extra);
    matrix.extra.append(&mut fields.rest(cx, &["annotation", "provider", "strength_of_knowledge"]));
    check(cx, line, &matrix);
    Ok(matrix)
}

fn cell(cx: &mut Context, node: Node<'_>) -> Result<Map<String, Value>, Fault> {
    let fields = Fields::open(cx, node)?;
    Ok(fields.object(cx, &CELL_TEXTS, &["id"]))
}

fn row(cx: &mut Context, node: Node<'_>) -> Result<Vec<u32>, Fault> {
    let Tree::List(items) = node.value else {
        return Err(cx.mismatch(&node, "a list of numbers"));
    };
    let items = items.into_iter().enumerate();
    items
        .map(|(index, item)| {
            let number = item.value.as_integer().and_then(|number| u32::try_from(number).ok());
            number.ok_or_else(|| {
                cx.within(Step::Index(index), |cx| {
                    cx.fault(item.line, "expected the index of a level: a whole number from 0")
                })
            })
        })
        .collect()
}

/// Reports a grid that does not fit its own axes.
fn check(cx: &mut Context, line: usize, matrix: &RiskMatrix) {
    let (rows, columns) = (matrix.likelihood.len(), matrix.consequence.len());
    if matrix.grid.len() != rows || matrix.grid.iter().any(|row| row.len() != columns) {
        let message =
            format!("the grid does not have {rows} rows (probability) of {columns} cells (impact)");
        cx.within(Step::Key("grid"), |cx| cx.error(line, message));
    }
    let levels = u32::try_from(matrix.levels.len()).unwrap_or(u32::MAX);
    if let Some(wrong) = matrix.grid.iter().flatten().find(|level| **level >= levels) {
        let message = format!("the grid names level {wrong}, but only {levels} are defined");
        cx.within(Step::Key("grid"), |cx| cx.error(line, message));
    }
}
