//! The neutral model of a document: a workbook of sheets, a sheet of typed columns and rows, a cell with a value, a
//! mark and a reason.
//!
//! Knows nothing of any output format, nor of what the figures mean. Colour is never alone: a coloured cell carries a
//! [`Mark`], which has a shape beside its colour role, and normally a word.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::logo::Logo;

pub mod prose;

/// A document of one or more sheets about one organisation at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workbook {
    /// Where and when the figures come from.
    pub meta: Meta,
    /// The sheets in reading order; the first is the one that single-table formats write.
    pub sheets: Vec<Sheet>,
}

/// Where the figures of a document come from. Printed in every format that has room for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Name of the organisation.
    pub organisation: String,
    /// Title of the document.
    pub title: String,
    /// The day whose state the document shows.
    pub as_of: Date,
    /// When the document was made; also the creation date in document properties, so that equal input gives equal bytes.
    pub made_at: Timestamp,
    /// Number of ledger entries that the figures rest on; 0: on none, as what a law says.
    pub ledger_size: u64,
    /// Root hash of the ledger at that size, as its checkpoint writes it.
    pub ledger_root: String,
    /// The logo of the organisation, for formats that show pictures.
    pub logo: Option<Logo>,
    /// What the front of a printed document says about its subject, beside the origin of its figures.
    pub front: Vec<(String, String)>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Short name for a tab or a file.
    pub name: String,
    /// The caption: what the table answers.
    pub title: String,
    /// The columns in order.
    pub columns: Vec<Column>,
    /// The rows in order.
    pub rows: Vec<Row>,
    /// What the marks of this sheet mean.
    pub legend: Vec<LegendEntry>,
    /// What stays in view while scrolling, besides the header row.
    pub frozen: Frozen,
    /// Remarks about the table as a whole: filters, limits, sources.
    pub notes: Vec<String>,
    /// How it is drawn for people.
    pub layout: Layout,
}

/// How the rows of a sheet are drawn for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// A table.
    #[default]
    Table,
    /// Running text: each row is a heading, a paragraph or an item ([`prose`]).
    Prose,
}

/// Leading rows and columns that stay in view; the header row always does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frozen {
    /// Data rows below the header.
    pub rows: u16,
    /// Columns from the left.
    pub columns: u16,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Stable name for programs, `snake_case`; the key in JSON and the header in CSV.
    pub key: Cow<'static, str>,
    /// Heading for people.
    pub heading: Cow<'static, str>,
    /// Width in characters where the format has widths.
    pub width: u16,
    /// Alignment of the values.
    pub align: Align,
    /// What the values are.
    pub kind: Kind,
    /// Which columns give way first on a narrow terminal: the highest rank; 0 always stays.
    pub rank: u8,
    /// On paper the tone of a value fills its cell instead of standing before it: a heat map.
    pub tinted: bool,
}

/// Horizontal alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Align {
    /// Left, for words.
    Left,
    /// Centre, for shapes.
    Centre,
    /// Right, for numbers.
    Right,
}

/// What the values of a column are; decides width, alignment and typeface unless the column says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A few words.
    Text,
    /// Sentences, or a list; wraps.
    LongText,
    /// A readable id such as `SYS-12` or `A.6.2.4`; set in a monospace face, linked where the record is at hand.
    Id,
    /// A number.
    Number,
    /// A day or an instant.
    Date,
    /// Yes or no.
    Bool,
    /// A marked word: shape, colour and word.
    Status,
    /// A narrow marked cell: people see the shape only, with the word as its name; its heading is turned.
    Mark,
}

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A heading over the rows that follow. Left out by formats for programs.
    Group(Cow<'static, str>),
    /// A row of values, one cell for each column; missing ones are empty, surplus ones are left out.
    Cells(Vec<Cell>),
    /// A summary row, set off. Left out by formats for programs.
    Total(Vec<Cell>),
}

/// One value with its mark and reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The value.
    pub value: CellValue,
    /// Shape and colour role, if the value is a judgement.
    pub mark: Option<Mark>,
    /// Why the value is what it is: the rule and the records that it read.
    pub why: Option<String>,
}

/// The value of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CellValue {
    /// Nothing known or nothing to say.
    #[default]
    Empty,
    /// Words.
    Text(Cow<'static, str>),
    /// Several short texts, such as ids.
    List(Vec<String>),
    /// A whole number.
    Int(i64),
    /// A number with decimals, exact.
    Decimal(Decimal),
    /// A day.
    Date(Date),
    /// A moment, shown in UTC to the second.
    Instant(Timestamp),
    /// Yes or no.
    Bool(bool),
}

/// An exact decimal number: `units` divided by ten to the power of `scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// The digits, with sign.
    pub units: i64,
    /// Digits after the point.
    pub scale: u8,
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let width = usize::from(self.scale) + 1;
        let digits = format!("{:0>width$}", self.units.unsigned_abs());
        let (whole, part) = digits.split_at(digits.len().saturating_sub(usize::from(self.scale)));
        if part.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{part}") }
    }
}

/// The role of a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// As it should be: green.
    Good,
    /// Under way: blue.
    Info,
    /// Slipping: amber.
    Warn,
    /// Wrong: red.
    Bad,
    /// Open: grey.
    Neutral,
    /// Does not apply: grey.
    NotApplicable,
}

impl Tone {
    /// Every tone, in the order of the variants.
    pub const ALL: [Self; 6] =
        [Self::Good, Self::Info, Self::Warn, Self::Bad, Self::Neutral, Self::NotApplicable];

    /// The word that style sheets use for the tone.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Neutral => "neutral",
            Self::NotApplicable => "na",
        }
    }

    /// The usual shape of the tone.
    pub const fn symbol(self) -> char {
        match self {
            Self::Good => '●',
            Self::Info => '◐',
            Self::Warn => '▲',
            Self::Bad => '■',
            Self::Neutral => '◌',
            Self::NotApplicable => '–',
        }
    }
}

/// A shape with a colour role, so that the colour is never alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// The colour role.
    pub tone: Tone,
    /// The shape.
    pub symbol: char,
}

impl From<Tone> for Mark {
    fn from(tone: Tone) -> Self {
        Self { tone, symbol: tone.symbol() }
    }
}

/// What a mark means on a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegendEntry {
    /// The mark.
    pub mark: Mark,
    /// The word that stands beside it.
    pub label: Cow<'static, str>,
    /// What it says, in a sentence.
    pub meaning: Cow<'static, str>,
}

impl LegendEntry {
    /// A legend entry.
    pub fn new(
        mark: impl Into<Mark>,
        label: impl Into<Cow<'static, str>>,
        meaning: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { mark: mark.into(), label: label.into(), meaning: meaning.into() }
    }
}

impl Sheet {
    /// An empty sheet with these columns, the first one frozen.
    pub fn new(name: impl Into<String>, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            name: name.into(),
            title: title.into(),
            columns,
            rows: Vec::new(),
            legend: Vec::new(),
            frozen: Frozen { rows: 0, columns: 1 },
            notes: Vec::new(),
            layout: Layout::Table,
        }
    }

    /// Adds a row of values.
    pub fn push(&mut self, cells: Vec<Cell>) {
        self.rows.push(Row::Cells(cells));
    }

    /// Adds a heading over the rows that follow.
    pub fn group(&mut self, heading: impl Into<Cow<'static, str>>) {
        self.rows.push(Row::Group(heading.into()));
    }

    /// The rows of values only, without headings and totals.
    pub fn data(&self) -> impl Iterator<Item = &[Cell]> {
        self.rows.iter().filter_map(|row| match row {
            Row::Cells(cells) => Some(cells.as_slice()),
            Row::Group(_) | Row::Total(_) => None,
        })
    }
}

impl Column {
    /// A column with the usual width and alignment of its kind, always shown.
    pub fn new(
        key: impl Into<Cow<'static, str>>,
        heading: impl Into<Cow<'static, str>>,
        kind: Kind,
    ) -> Self {
        let (width, align) = match kind {
            Kind::Text => (24, Align::Left),
            Kind::LongText => (48, Align::Left),
            Kind::Id => (11, Align::Left),
            Kind::Number => (10, Align::Right),
            Kind::Date => (12, Align::Right),
            Kind::Bool => (8, Align::Left),
            Kind::Status => (16, Align::Left),
            Kind::Mark => (4, Align::Centre),
        };
        Self {
            key: key.into(),
            heading: heading.into(),
            width,
            align,
            kind,
            rank: 0,
            tinted: false,
        }
    }

    /// The same column, `width` characters wide.
    #[must_use]
    pub fn wide(self, width: u16) -> Self {
        Self { width, ..self }
    }

    /// The same column with a rank: the highest gives way first on a narrow terminal.
    #[must_use]
    pub fn rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }

    /// The same column with cells that the tone of their value fills, on paper.
    #[must_use]
    pub fn tinted(self) -> Self {
        Self { tinted: true, align: Align::Centre, ..self }
    }
}

impl Cell {
    /// A cell with nothing in it.
    pub const EMPTY: Self = Self { value: CellValue::Empty, mark: None, why: None };

    /// Words. Empty text is an empty cell.
    pub fn text(text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::EMPTY } else { CellValue::Text(text).into() }
    }

    /// A word with a mark.
    pub fn status(word: impl Into<Cow<'static, str>>, mark: impl Into<Mark>) -> Self {
        Self::text(word).marked(mark)
    }

    /// The same cell with a mark.
    #[must_use]
    pub fn marked(self, mark: impl Into<Mark>) -> Self {
        Self { mark: Some(mark.into()), ..self }
    }

    /// The same cell with a reason; an empty reason is none.
    #[must_use]
    pub fn because(self, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { why: (!why.is_empty()).then_some(why), ..self }
    }

    /// The value in words for people: dates as `2026-12-02`, yes and no, lists joined by commas.
    pub fn words(&self) -> Cow<'_, str> {
        match &self.value {
            CellValue::Empty => Cow::Borrowed(""),
            CellValue::Text(text) => Cow::Borrowed(text),
            CellValue::List(items) => Cow::Owned(items.join(", ")),
            CellValue::Int(number) => Cow::Owned(number.to_string()),
            CellValue::Decimal(number) => Cow::Owned(number.to_string()),
            CellValue::Date(date) => Cow::Owned(date.to_string()),
            CellValue::Instant(instant) => {
                Cow::Owned(instant.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
            }
            CellValue::Bool(true) => Cow::Borrowed("yes"),
            CellValue::Bool(false) => Cow::Borrowed("no"),
        }
    }

    /// The words after the shape of the mark, if there is one.
    pub fn shown(&self) -> Cow<'_, str> {
        let words = self.words();
        match self.mark {
            None => words,
            Some(mark) if words.is_empty() => Cow::Owned(mark.symbol.to_string()),
            Some(mark) => Cow::Owned(format!("{} {words}", mark.symbol)),
        }
    }
}

impl From<CellValue> for Cell {
    fn from(value: CellValue) -> Self {
        Self { value, mark: None, why: None }
    }
}

impl From<&'static str> for Cell {
    fn from(text: &'static str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Vec<String>> for Cell {
    fn from(items: Vec<String>) -> Self {
        CellValue::List(items).into()
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        CellValue::Int(number).into()
    }
}

impl From<Decimal> for Cell {
    fn from(number: Decimal) -> Self {
        CellValue::Decimal(number).into()
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Self {
        CellValue::Date(date).into()
    }
}

impl From<Timestamp> for Cell {
    fn from(instant: Timestamp) -> Self {
        CellValue::Instant(instant).into()
    }
}

impl From<bool> for Cell {
    fn from(answer: bool) -> Self {
        CellValue::Bool(answer).into()
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::EMPTY, Into::into)
    }
}
