use std::str::FromStr as _;

use crate::fixture::soa::SoaState;
use surety_reports::Format;
use surety_reports::sheet::{Cell, Decimal, Tone};

#[test]
fn a_decimal_is_written_exactly() {
    let written = |units, scale| Decimal { units, scale }.to_string();
    assert_eq!(written(1234, 2), "12.34");
    assert_eq!(written(-5, 2), "-0.05");
    assert_eq!(written(7, 0), "7");
    assert_eq!(written(0, 3), "0.000");
    assert_eq!(written(i64::MIN, 1), "-922337203685477580.8");
}

#[test]
fn a_mark_is_never_colour_alone() {
    for tone in Tone::ALL {
        assert_eq!(Cell::EMPTY.marked(tone).shown(), tone.symbol().to_string());
        assert_eq!(Cell::status("word", tone).shown(), format!("{} word", tone.symbol()));
    }
}

#[test]
fn no_two_states_share_a_shape_or_a_word() {
    for (index, state) in SoaState::ALL.into_iter().enumerate() {
        for other in SoaState::ALL.into_iter().skip(index + 1) {
            assert_ne!(state.mark().symbol, other.mark().symbol);
            assert_ne!(state.word(), other.word());
        }
    }
}

#[test]
fn a_format_is_known_by_its_name() {
    for format in Format::ALL {
        assert_eq!(Format::from_str(format.name()), Ok(format));
    }
    let unknown = Format::from_str("odt").unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "`odt` is no output format: use table, json, csv, xlsx, md, pdf or docx"
    );
}
