//! The cell formats of a workbook, each made once.

use std::collections::HashMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::sheet::{Align, Kind, Mark, Tone};

const FACE: &str = "Calibri";
const MONOSPACE: &str = "Consolas";
const INK: Color = Color::RGB(0x1F_23_28);
const RULE: Color = Color::RGB(0xD0_D4_DA);
const BAND: Color = Color::RGB(0xEC_EE_F1);
const HEADING: Color = Color::RGB(0x26_32_44);

/// The formats, so that no cell builds its own.
pub(super) struct Formats {
    pub(super) heading: Format,
    pub(super) turned_heading: Format,
    pub(super) group: Format,
    pub(super) title: Format,
    pub(super) label: Format,
    pub(super) text: Format,
    body: HashMap<Look, Format>,
}

/// What decides the format of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Look {
    pub(super) kind: Kind,
    pub(super) align: Align,
    pub(super) mark: Option<Mark>,
    pub(super) content: Content,
    pub(super) weight: Weight,
}

/// What Excel must know of the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Content {
    /// Text or an empty cell.
    Text,
    /// Text that looks like a formula: carries the quote prefix, so that it stays text when edited.
    Quoted,
    /// A day.
    Date,
    /// A day and a time.
    Instant,
    /// A number with so many digits after the point.
    Places(u8),
}

/// Whether a row is a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Weight {
    Body,
    Total,
}

impl Formats {
    pub(super) fn new() -> Self {
        Self {
            heading: heading(),
            turned_heading: heading().set_rotation(90).set_align(FormatAlign::Center),
            group: base().set_bold().set_background_color(BAND),
            title: base().set_bold().set_font_size(14),
            label: base().set_bold(),
            text: base().set_text_wrap(),
            body: HashMap::new(),
        }
    }

    /// The format of `look`, made when it is first asked for.
    pub(super) fn of(&mut self, look: Look) -> &Format {
        self.body.entry(look).or_insert_with(|| body(look))
    }
}

/// Text and background of a tone; each pair has a contrast of at least 7 to 1.
pub(super) fn toned(format: Format, tone: Tone) -> Format {
    let (ink, ground) = match tone {
        Tone::Good => (0x0B_45_21, 0xDF_F3_E4),
        Tone::Info => (0x0C_3C_6E, 0xDF_EC_FA),
        Tone::Warn => (0x5C_35_00, 0xFC_EC_C8),
        Tone::Bad => (0x7A_10_18, 0xFB_DF_DF),
        Tone::Neutral => (0x45_4B_54, 0xF5_F6_F7),
        Tone::NotApplicable => (0x4A_4F_57, 0xEC_EE_F1),
    };
    format.set_font_color(Color::RGB(ink)).set_background_color(Color::RGB(ground))
}

fn base() -> Format {
    Format::new()
        .set_font_name(FACE)
        .set_font_size(10)
        .set_font_color(INK)
        .set_align(FormatAlign::Top)
}

fn heading() -> Format {
    base()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(HEADING)
        .set_text_wrap()
        .set_align(FormatAlign::Bottom)
        .set_border_bottom(FormatBorder::Thin)
        .set_border_bottom_color(HEADING)
}

fn body(look: Look) -> Format {
    let mut format = base()
        .set_border_bottom(FormatBorder::Thin)
        .set_border_bottom_color(RULE)
        .set_align(match look.align {
            Align::Left => FormatAlign::Left,
            Align::Centre => FormatAlign::Center,
            Align::Right => FormatAlign::Right,
        });
    format = match look.kind {
        Kind::Id => format.set_font_name(MONOSPACE),
        Kind::Text | Kind::LongText | Kind::Status => format.set_text_wrap(),
        Kind::Number | Kind::Date | Kind::Bool | Kind::Mark => format,
    };
    format = match number_format(look) {
        Some(pattern) => format.set_num_format(pattern),
        None if look.content == Content::Quoted => format.set_quote_prefix(),
        None => format,
    };
    if look.weight == Weight::Total {
        format = format.set_bold().set_border_top(FormatBorder::Thin);
    }
    match look.mark {
        None => format,
        Some(mark) => toned(format, mark.tone),
    }
}

/// The number format of `look`: a marked number or date shows its shape and stays a number.
fn number_format(look: Look) -> Option<String> {
    let pattern = match look.content {
        Content::Text | Content::Quoted => return None,
        Content::Date => "d mmm yyyy".to_owned(),
        Content::Instant => "d mmm yyyy hh:mm:ss".to_owned(),
        Content::Places(0) => "0".to_owned(),
        Content::Places(places) => format!("0.{}", "0".repeat(usize::from(places.min(15)))),
    };
    Some(match look.mark {
        None => pattern,
        Some(mark) => format!("\"{} \"{pattern}", mark.symbol),
    })
}
