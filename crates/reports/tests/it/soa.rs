//! A large two-table layout of the fixture's own, with every feature that the writers have to draw.

use std::borrow::Cow;

use surety_reports::sheet::{
    Cell, Column, Frozen, Kind, LegendEntry, Mark, Meta, Row, Sheet, Tone, Workbook,
};

/// Systems up to which a matrix cell spells its state; beyond, it shows the shape only, so that more fit on a page.
const SPELT_UP_TO: usize = 12;

/// Controls and AI systems with what stands where they meet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SoaMatrix {
    /// The AI systems, in the order of the columns.
    pub(crate) systems: Vec<SoaSystem>,
    /// The controls under their headings, in the order of the rows.
    pub(crate) groups: Vec<SoaGroup>,
    /// Remarks for the reader: frameworks, filters.
    pub(crate) notes: Vec<String>,
}

/// One AI system: one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SoaSystem {
    /// Readable id, `SYS-12`.
    pub(crate) id: String,
    /// Name.
    pub(crate) name: String,
}

/// Controls under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SoaGroup {
    /// The heading, `A.6 AI system life cycle`.
    pub(crate) heading: String,
    /// The controls.
    pub(crate) controls: Vec<SoaControl>,
}

/// One control: one row of the statement and one of the matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SoaControl {
    /// Id in the standard, `A.6.2.4`.
    pub(crate) id: String,
    /// Title in our own words.
    pub(crate) title: String,
    /// Whether it applies, taken over all systems.
    pub(crate) applicable: Applicability,
    /// Why it applies or not.
    pub(crate) justification: String,
    /// Who answers for it.
    pub(crate) owner: String,
    /// Its state, taken over all systems.
    pub(crate) state: SoaState,
    /// How often it is to be exercised.
    pub(crate) cadence: String,
    /// How it is implemented.
    pub(crate) implementation: String,
    /// Ids of the evidence that supports it.
    pub(crate) evidence: Vec<String>,
    /// Percent of the applicable systems for which it is decided, described and owned; `None` if it applies to none.
    pub(crate) designed: Option<u8>,
    /// Percent with an approved document.
    pub(crate) documented: Option<u8>,
    /// Percent covered by operating evidence.
    pub(crate) operating: Option<u8>,
    /// How the state came about.
    pub(crate) why: String,
    /// One cell for each system, in their order.
    pub(crate) cells: Vec<SoaCell>,
}

/// Where a control meets a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SoaCell {
    /// The state.
    pub(crate) state: SoaState,
    /// How it came about: the rule, the source of the decision, the records read. Empty if there is nothing to add.
    pub(crate) why: String,
}

/// Whether a control applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Applicability {
    /// To every system.
    Yes,
    /// To none.
    No,
}

/// The state of a control, for one system or taken over all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SoaState {
    /// Covered by operating evidence today.
    Operating,
    /// An approved document, no operating evidence yet.
    Documented,
    /// Decided, described and owned.
    Designed,
    /// Operated before; the evidence no longer covers today.
    Lapsed,
    /// Tested and found ineffective, or overdue.
    Failing,
    /// Applies, and nothing is decided yet.
    Undecided,
    /// Excluded with a justification.
    NotApplicable,
    /// Excluded without one.
    NotJustified,
}

impl Applicability {
    /// The word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

impl SoaState {
    /// Every state, best first.
    pub(crate) const ALL: [Self; 8] = [
        Self::Operating,
        Self::Documented,
        Self::Designed,
        Self::Lapsed,
        Self::Failing,
        Self::Undecided,
        Self::NotApplicable,
        Self::NotJustified,
    ];

    /// The stable word of the state.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Operating => "operating",
            Self::Documented => "documented",
            Self::Designed => "designed",
            Self::Lapsed => "lapsed",
            Self::Failing => "failing",
            Self::Undecided => "undecided",
            Self::NotApplicable => "not applicable",
            Self::NotJustified => "not justified",
        }
    }

    /// Shape and colour role.
    pub(crate) const fn mark(self) -> Mark {
        let (tone, symbol) = match self {
            Self::Operating => (Tone::Good, '●'),
            Self::Documented => (Tone::Info, '◐'),
            Self::Designed => (Tone::Info, '○'),
            Self::Lapsed => (Tone::Warn, '▲'),
            Self::Failing => (Tone::Bad, '■'),
            Self::Undecided => (Tone::Neutral, '◌'),
            Self::NotApplicable => (Tone::NotApplicable, '–'),
            Self::NotJustified => (Tone::Bad, '⊟'),
        };
        Mark { tone, symbol }
    }

    /// What the state says, in a sentence.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Operating => "Operating evidence covers the control as of the day.",
            Self::Documented => "An approved document exists; operating evidence does not yet.",
            Self::Designed => "Decided, described and owned; not documented yet.",
            Self::Lapsed => "Operated before; its evidence no longer covers the day.",
            Self::Failing => "Tested and found ineffective, or its work is overdue.",
            Self::Undecided => "Whether and how the control applies is not decided.",
            Self::NotApplicable => "Excluded, with a justification.",
            Self::NotJustified => "Excluded without a justification, which 6.1.3 asks for.",
        }
    }

    /// The legend of all states.
    pub(crate) fn legend() -> Vec<LegendEntry> {
        let entry = |state: Self| LegendEntry::new(state.mark(), state.word(), state.meaning());
        Self::ALL.into_iter().map(entry).collect()
    }

    fn cell(self, why: &str) -> Cell {
        Cell::status(self.word(), self.mark()).because(why)
    }
}

/// The workbook of [`statement`] and [`systems`]; XLSX adds its legend by itself.
pub(crate) fn workbook(meta: Meta, matrix: &SoaMatrix) -> Workbook {
    Workbook { meta, sheets: vec![statement(matrix), systems(matrix)] }
}

/// One row for each control: decision, justification, implementation, state and the three scores.
pub(crate) fn statement(matrix: &SoaMatrix) -> Sheet {
    let mut sheet = Sheet::new(
        "SoA",
        "Statement of Applicability by control",
        vec![
            Column::new("control", "Control", Kind::Id).wide(10),
            Column::new("title", "Title", Kind::Text).wide(34),
            Column::new("applicable", "Applies", Kind::Text).wide(10),
            Column::new("justification", "Justification", Kind::LongText).wide(44).rank(4),
            Column::new("owner", "Owner", Kind::Text).wide(18).rank(1),
            Column::new("state", "State", Kind::Status).wide(17),
            Column::new("cadence", "Cadence", Kind::Text).wide(12).rank(2),
            Column::new("implementation", "Implementation", Kind::LongText).wide(44).rank(5),
            Column::new("evidence", "Evidence", Kind::Text).wide(20).rank(3),
            Column::new("designed", "Designed %", Kind::Number).rank(1),
            Column::new("documented", "Documented %", Kind::Number).wide(12).rank(1),
            Column::new("operating", "Operating %", Kind::Number).rank(1),
        ],
    );
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.legend = SoaState::legend();
    sheet.notes.clone_from(&matrix.notes);
    for group in &matrix.groups {
        sheet.group(group.heading.clone());
        sheet.rows.extend(group.controls.iter().map(|control| Row::Cells(statement_row(control))));
    }
    sheet
}

fn statement_row(control: &SoaControl) -> Vec<Cell> {
    let percent = |score: Option<u8>| Cell::from(score.map(i64::from));
    vec![
        control.id.clone().into(),
        control.title.clone().into(),
        control.applicable.word().into(),
        control.justification.clone().into(),
        control.owner.clone().into(),
        control.state.cell(&control.why),
        control.cadence.clone().into(),
        control.implementation.clone().into(),
        control.evidence.clone().into(),
        percent(control.designed),
        percent(control.documented),
        percent(control.operating),
    ]
}

/// Controls by systems, with a count of operating and of applicable controls below each system.
pub(crate) fn systems(matrix: &SoaMatrix) -> Sheet {
    let spelt = matrix.systems.len() <= SPELT_UP_TO;
    let kind = if spelt { Kind::Status } else { Kind::Mark };
    let mut columns = vec![
        Column::new("control", "Control", Kind::Id).wide(10),
        Column::new("title", "Title", Kind::Text).wide(34),
    ];
    columns.extend(matrix.systems.iter().map(|system| {
        let heading = format!("{} {}", system.id, system.name);
        Column::new(Cow::Owned(system.id.clone()), heading, kind).rank(1)
    }));
    let mut sheet = Sheet::new("Matrix", "Controls and AI systems", columns);
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.legend = SoaState::legend();
    for group in &matrix.groups {
        sheet.group(group.heading.clone());
        sheet.rows.extend(group.controls.iter().map(|control| Row::Cells(matrix_row(control))));
    }
    sheet.rows.push(total(matrix, "Controls operating", |state| state == SoaState::Operating));
    sheet.rows.push(total(matrix, "Controls that apply", |state| {
        !matches!(state, SoaState::NotApplicable | SoaState::NotJustified)
    }));
    sheet
}

fn matrix_row(control: &SoaControl) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(control.cells.len() + 2);
    cells.push(control.id.clone().into());
    cells.push(control.title.clone().into());
    cells.extend(control.cells.iter().map(|cell| cell.state.cell(&cell.why)));
    cells
}

fn total(matrix: &SoaMatrix, label: &'static str, counts: impl Fn(SoaState) -> bool) -> Row {
    let mut sums = vec![0_i64; matrix.systems.len()];
    for control in matrix.groups.iter().flat_map(|group| &group.controls) {
        for (sum, cell) in sums.iter_mut().zip(&control.cells) {
            *sum += i64::from(counts(cell.state));
        }
    }
    let labels = [Cell::EMPTY, Cell::from(label)];
    Row::Total(labels.into_iter().chain(sums.into_iter().map(Cell::from)).collect())
}
