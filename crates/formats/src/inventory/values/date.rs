//! Dates as tables write them.

use jiff::civil::{Date, date as civil};

use super::Taken;

/// Which comes first in `01/02/2026`. Taken from the other dates of the column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DayOrder {
    DayFirst,
    MonthFirst,
    /// No date of the column tells.
    #[default]
    Unclear,
}

impl DayOrder {
    /// What the dates of a column tell together; `Unclear` if they contradict each other.
    pub(crate) fn of<'a>(cells: impl IntoIterator<Item = &'a str>) -> DayOrder {
        let mut order = DayOrder::Unclear;
        for cell in cells {
            let Some([first, second, _]) = slashed(date_part(cell)) else { continue };
            let told = match (first > 12, second > 12) {
                (true, false) => DayOrder::DayFirst,
                (false, true) => DayOrder::MonthFirst,
                (true, true) | (false, false) => continue,
            };
            if order != DayOrder::Unclear && order != told {
                return DayOrder::Unclear;
            }
            order = told;
        }
        order
    }
}

const HOW: &str = "write it as YYYY-MM-DD";

/// The date that `text` means, as `YYYY-MM-DD`.
pub(crate) fn date(text: &str, order: DayOrder) -> Result<Taken, String> {
    let text = date_part(text);
    if let Ok(date) = text.parse::<Date>() {
        return in_range(date).map(sure);
    }
    if let Some(found) = year_first(text).or_else(|| dotted(text)).or_else(|| with_month_name(text))
    {
        return found.and_then(in_range).map(sure);
    }
    if let Some([first, second, year]) = slashed(text) {
        return with_order(first, second, year, order);
    }
    if let Some(date) = month_only(text) {
        return Ok(Taken {
            value: date.to_string().into(),
            warning: Some(format!("names no day, read as {date}: {HOW} to be sure")),
        });
    }
    if let Some(date) = serial(text) {
        return Ok(Taken {
            value: date.to_string().into(),
            warning: Some(format!(
                "is the number of a day, read as {date}: format the cell as a date to be sure"
            )),
        });
    }
    Err(format!("is no full date: {HOW}"))
}

fn sure(date: Date) -> Taken {
    Taken::sure(date.to_string())
}

/// Nothing that an AI management system dates lies outside; a typing slip does.
fn in_range(date: Date) -> Result<Date, String> {
    if (1950..=2200).contains(&date.year()) {
        Ok(date)
    } else {
        Err(format!("lies in the year {}: {HOW}", date.year()))
    }
}

/// Without a time of day and a weekday.
fn date_part(text: &str) -> &str {
    let text = text.trim();
    let text = match text.split_once(['T', ' ']) {
        Some((day, time))
            if time.contains(':')
                && day.contains(|c: char| c.is_ascii_digit())
                && !day.is_empty()
                && day.len() >= 8 =>
        {
            day
        }
        Some(_) | None => text,
    };
    match text.split_once(", ") {
        Some((weekday, rest))
            if weekday.chars().all(char::is_alphabetic) && month(weekday).is_none() =>
        {
            rest.trim()
        }
        Some(_) | None => text,
    }
}

/// `2026/3/1`, `2026.03.01`, `20260301`.
fn year_first(text: &str) -> Option<Result<Date, String>> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let (year, rest) = text.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        return Some(make(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?));
    }
    let [year, month, day] = three(text, |c| matches!(c, '/' | '.' | '-'))?;
    (year > 31).then(|| make(year, month, day))
}

/// `1.3.2026`: dots always put the day first. Also `1-3-2026`.
fn dotted(text: &str) -> Option<Result<Date, String>> {
    let [day, month, year] = three(text, |c| c == '.')?;
    Some(make(full_year(year), month, day))
}

/// `01/02/2026` or `01-02-2026`.
fn slashed(text: &str) -> Option<[i32; 3]> {
    let [first, second, year] = three(text, |c| matches!(c, '/' | '-'))?;
    (first <= 31 && (year > 31 || year < 100)).then(|| [first, second, full_year(year)])
}

fn with_order(first: i32, second: i32, year: i32, order: DayOrder) -> Result<Taken, String> {
    let order = match (first > 12, second > 12) {
        (true, _) => DayOrder::DayFirst,
        (false, true) => DayOrder::MonthFirst,
        (false, false) => order,
    };
    match order {
        DayOrder::DayFirst => make(year, second, first).and_then(in_range).map(sure),
        DayOrder::MonthFirst => make(year, first, second).and_then(in_range).map(sure),
        DayOrder::Unclear if first == second => {
            make(year, first, second).and_then(in_range).map(sure)
        }
        DayOrder::Unclear => {
            let date = make(year, second, first).and_then(in_range)?;
            Ok(Taken {
                value: date.to_string().into(),
                warning: Some(format!(
                    "may be day or month first, read as {date}: {HOW} to be sure"
                )),
            })
        }
    }
}

/// `1 March 2026`, `1. März 2026`, `March 1, 2026`, `1-Mar-26`.
fn with_month_name(text: &str) -> Option<Result<Date, String>> {
    let parts: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty() && *part != "de" && *part != "of")
        .collect();
    let [one, two, three] = parts.as_slice() else { return None };
    let number = |part: &str| -> Option<i32> {
        part.trim_end_matches(|c: char| c.is_alphabetic()).parse().ok()
    };
    let (day, month, year) = match (month(one), month(two)) {
        (Some(month), _) => (number(two)?, month, number(three)?),
        (None, Some(month)) => (number(one)?, month, number(three)?),
        (None, None) => return None,
    };
    Some(make(full_year(year), month, day))
}

fn month(word: &str) -> Option<i32> {
    const MONTHS: &[&[&str]] = &[
        &["january", "jan", "januar", "janvier", "janv", "jaenner"],
        &["february", "feb", "februar", "fevrier", "fevr"],
        &["march", "mar", "maerz", "mrz", "mars"],
        &["april", "apr", "avril", "avr"],
        &["may", "mai"],
        &["june", "jun", "juni", "juin"],
        &["july", "jul", "juli", "juillet", "juil"],
        &["august", "aug", "aout"],
        &["september", "sep", "sept", "septembre"],
        &["october", "oct", "oktober", "okt", "octobre"],
        &["november", "nov", "novembre"],
        &["december", "dec", "dezember", "dez", "decembre"],
    ];
    let folded = crate::inventory::fold::fold_word(word);
    let at = MONTHS.iter().position(|names| names.contains(&folded.as_str()))?;
    i32::try_from(at.saturating_add(1)).ok()
}

/// `03/2026`, `2026-03`, `March 2026`: the first day of the month.
fn month_only(text: &str) -> Option<Date> {
    let mut parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let (one, two) = (parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let of = |month: &str, year: &str| -> Option<Date> {
        let month = self::month(month).or_else(|| month.parse().ok())?;
        let year = year.parse().ok().filter(|_| year.len() == 4)?;
        make(year, month, 1).and_then(in_range).ok()
    };
    of(one, two).or_else(|| of(two, one))
}

/// The day number of spreadsheet programs, 1955 to 2119: smaller and larger numbers are more likely something else.
fn serial(text: &str) -> Option<Date> {
    let whole = text.split(['.', ',']).next().unwrap_or(text);
    let days: i32 = whole.parse().ok()?;
    if !(20_000..80_000).contains(&days) {
        return None;
    }
    civil(1899, 12, 30).checked_add(jiff::Span::new().days(days)).ok()
}

fn three(text: &str, separator: impl Fn(char) -> bool) -> Option<[i32; 3]> {
    let mut parts = text.split(separator).map(|part| part.trim().parse::<i32>().ok());
    let found = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(found)
}

fn full_year(year: i32) -> i32 {
    if (0..100).contains(&year) { year.saturating_add(2000) } else { year }
}

fn make(year: i32, month: i32, day: i32) -> Result<Date, String> {
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    let (Ok(year), Ok(month), Ok(day)) = parts else { return Err(format!("is no date: {HOW}")) };
    Date::new(year, month, day).map_err(|_| format!("is no day of the calendar: {HOW}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, expected) in [
            ("2026-03-01", "2026-03-01"),
            ("2026-03-01T08:30:00Z", "2026-03-01"),
            ("2024-10-01 00:00:00", "2024-10-01"),
            ("01/25/2026 00:00:00", "2026-01-25"),
            ("2026/3/1", "2026-03-01"),
            ("20260301", "2026-03-01"),
            ("01.03.2026", "2026-03-01"),
            ("1.3.26", "2026-03-01"),
            ("1 March 2026", "2026-03-01"),
            ("1st of March 2026", "2026-03-01"),
            ("March 1, 2026", "2026-03-01"),
            ("1. März 2026", "2026-03-01"),
            ("1er mars 2026", "2026-03-01"),
            ("1-Mar-26", "2026-03-01"),
            ("Sunday, 1 March 2026", "2026-03-01"),
            ("25/03/2026", "2026-03-25"),
            ("03/25/2026", "2026-03-25"),
        ] {
            let taken =
                date(text, DayOrder::Unclear).unwrap_or_else(|problem| panic!("{text}: {problem}"));
            assert_eq!((taken.value.as_str(), taken.warning), (Some(expected), None), "{text}");
        }
    }

    #[test]
    fn the_column_decides_whether_the_day_comes_first() {
        let order = DayOrder::of(["03/04/2026", "25/12/2026", "tbd"]);
        assert_eq!(order, DayOrder::DayFirst);
        assert_eq!(date("03/04/2026", order).unwrap().value, "2026-04-03");
        let order = DayOrder::of(["03/04/2026", "12/25/2026"]);
        assert_eq!(date("03/04/2026", order).unwrap().value, "2026-03-04");
        assert_eq!(DayOrder::of(["25/12/2026", "12/25/2026"]), DayOrder::Unclear);
        let unclear = date("03/04/2026", DayOrder::Unclear).unwrap();
        assert_eq!(unclear.value, "2026-04-03");
        assert!(unclear.warning.is_some());
    }

    #[test]
    fn a_spreadsheet_day_number_is_a_date_to_check() {
        let taken = date("46082", DayOrder::Unclear).unwrap();
        assert_eq!(taken.value, "2026-03-01");
        assert!(taken.warning.is_some());
    }

    #[test]
    fn a_month_is_its_first_day_to_check() {
        for text in ["03/2026", "2026-03", "March 2026", "März 2026", "2026 mars"] {
            let taken =
                date(text, DayOrder::Unclear).unwrap_or_else(|problem| panic!("{text}: {problem}"));
            assert_eq!(taken.value, "2026-03-01", "{text}");
            assert!(taken.warning.is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_no_full_date_is_refused() {
        for text in [
            "Q3 2026",
            "2026",
            "2026-13-01",
            "31.02.2026",
            "soon",
            "13/2024",
            "99999999999999",
            "0226-03-01",
        ] {
            assert!(date(text, DayOrder::Unclear).is_err(), "{text}");
        }
    }
}
