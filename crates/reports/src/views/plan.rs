//! The action plan: what to do, the most pressing first.

use jiff::civil::Date;
use surety_aims::derive::plan::{Adopted, Item, Plan};

use super::{
    Names, first_few, id,
    words::{all_missing, effort, said},
};
use crate::sheet::{Cell, Column, Frozen, Kind, LegendEntry, Sheet, Tone};

/// The title of a document of this view.
pub const TITLE: &str = "Action plan";

/// The one sheet of this view, "Plan".
pub fn sheets(plan: &Plan<'_>, names: &Names<'_>) -> Vec<Sheet> {
    let mut sheet = Sheet::new("Plan", TITLE, columns());
    sheet.frozen = Frozen { rows: 0, columns: 3 };
    sheet.legend = legend();
    sheet.notes = notes(plan.on);
    sheet.rows.reserve(plan.items.len());
    for item in &plan.items {
        sheet.push(line(item, plan.on, names));
    }
    vec![sheet]
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("rank", "Rank", Kind::Number).wide(6),
        Column::new("priority", "Priority", Kind::Number).wide(8),
        Column::new("requirement", "Requirement", Kind::Id).wide(20),
        Column::new("title", "Title", Kind::Text).wide(30).rank(3),
        Column::new("says", "What must hold", Kind::LongText).wide(46),
        Column::new("missing", "Missing", Kind::LongText).wide(52).rank(2),
        Column::new("owner_role", "Usually done by", Kind::Text).wide(20).rank(1),
        Column::new("action", "Action", Kind::Id).rank(1),
        Column::new("action_state", "State", Kind::Status).rank(1),
        Column::new("action_owner", "Owner", Kind::Text).wide(22).rank(2),
        Column::new("action_due", "Due", Kind::Date).rank(2),
        Column::new("weight", "Weight", Kind::Number).wide(8).rank(5),
        Column::new("risk", "Risk", Kind::Number).wide(8).rank(5),
        Column::new("law", "Law", Kind::Number).wide(8).rank(5),
        Column::new("effort", "Effort", Kind::Text).wide(9).rank(4),
    ]
}

fn legend() -> Vec<LegendEntry> {
    vec![
        LegendEntry::new(Tone::Good, "done", "The adopted action is implemented or verified."),
        LegendEntry::new(Tone::Info, "adopted", "Somebody adopted the action."),
        LegendEntry::new(Tone::Bad, "overdue", "The adopted action is past its date."),
        LegendEntry::new(Tone::Neutral, "not adopted", "Nobody has taken it on."),
    ]
}

fn notes(on: Date) -> Vec<String> {
    vec![
        format!("One action for each condition of the analysed frameworks that did not hold on {on}."),
        "Priority = 10 x weight + risk + law - effort.".to_owned(),
        "Weight: of the requirement in its catalog, 1 to 5.".to_owned(),
        "Risk: the highest of the AI systems concerned, or of all in scope for what concerns the organisation: \
         criticality low 0, medium 10, high 20; plus 10 if high-risk or prohibited under the EU AI Act."
            .to_owned(),
        "Law: how soon a legal obligation of these AI systems applies: already or within 90 days 30, within a year 20, \
         within two years 10."
            .to_owned(),
        "Effort: small 0, medium 5, large 10.".to_owned(),
    ]
}

fn line(item: &Item<'_>, on: Date, names: &Names<'_>) -> Vec<Cell> {
    let parts = item.parts;
    let formula = format!(
        "10 x {} (weight) + {} (risk) + {} (law) - {} (effort)",
        parts.weight, parts.risk, parts.law, parts.effort
    );
    let number = |value: i32| Cell::from(i64::from(value));
    let adopted = item.adopted;
    vec![
        i64::from(item.rank).into(),
        number(item.priority).because(formula),
        item.requirement.to_string().into(),
        format!("{} {}", item.label, item.title).trim().to_owned().into(),
        item.finding.says.to_owned().into(),
        first_few(all_missing(item.finding.missing.iter()).into_iter(), "; ").into(),
        item.owner_role.to_owned().into(),
        adopted.map(|action| id(action.record)).unwrap_or_default(),
        state(adopted, on),
        names.person(adopted.and_then(|action| action.owner)),
        adopted.and_then(|action| action.due).into(),
        number(parts.weight),
        number(parts.risk),
        number(parts.law),
        effort(item.finding.effort).into(),
    ]
}

fn state(adopted: Option<Adopted>, on: Date) -> Cell {
    let Some(action) = adopted else { return Cell::status("not adopted", Tone::Neutral) };
    let is_done = matches!(action.state, "implemented" | "verified");
    match action.due {
        _ if is_done => said(action.state).marked(Tone::Good),
        Some(due) if due < on => {
            said(action.state).marked(Tone::Bad).because(format!("was due {due}"))
        }
        Some(_) | None => said(action.state).marked(Tone::Info),
    }
}
