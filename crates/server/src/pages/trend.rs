//! How far the controls came, month by month: a picture, and the table behind it.

use askama::Template;
use axum::response::Response;
use jiff::{ToSpan, civil::Date};
use serde::Serialize;
use surety_aims::derive::soa::Scores;
use surety_engine::Moment;
use surety_reports::sheet::{Cell, Column, Kind as Holds, Sheet};

use super::views::{framework, frameworks, readiness_tabs};
use crate::{
    call::Call,
    endpoint::{Endpoint, Is, handler, param},
    html::{self, Choice, Listing, Shell, Shows, day},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::page(
    "/readiness/trend",
    "trendPage",
    "How far the controls came, month by month.",
    handler!(Organisation, show),
)
.listing()
.query(&[param("framework", Is::Text, "A framework in use.")])
.kept()];

/// Months that are looked back.
const MONTHS: i32 = 12;

#[derive(Template)]
#[template(path = "trend.html")]
struct TrendPage {
    shell: Shell,
    tabs: Vec<Choice>,
    says: String,
    /// What the picture is drawn from.
    data: String,
    listing: Listing,
}

/// How it stood at the end of a day.
struct Point {
    on: Date,
    systems: usize,
    scores: Scores,
}

/// A line of the picture: its name, the token of its colour, its shape, and a value for each day.
#[derive(Serialize)]
struct Line {
    name: &'static str,
    tone: &'static str,
    symbol: &'static str,
    values: Vec<u32>,
}

#[derive(Serialize)]
struct Picture {
    days: Vec<String>,
    lines: Vec<Line>,
    unit: &'static str,
}

async fn show(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let id = framework(&call)?.to_owned();
    let points = points(&call, &id, view.on).await?;
    let sheet = sheet(&points);
    let mut shows = Shows::rows("trend", "days", "There is nothing to look back on yet.");
    shows.filters.push(frameworks(&call, &view)?);
    if let Some(file) = Listing::file(&call, &view, &sheet, &shows).await? {
        return Ok(file);
    }
    let lead = "How much of the Statement of Applicability was designed, documented and operating at the end of each month.";
    let shell = Shell::of(&call, &view, "Trend", lead).await?;
    let shell = shell.with_script("echarts.js").with_script("charts.js");
    let listing = Listing::of(&call, &shell, &sheet, shows)?;
    let data = serde_json::to_string(&picture(&points)).map_err(surety_engine::Error::from)?;
    html::page(&TrendPage {
        tabs: readiness_tabs(&call, "Trend"),
        says: says(&points),
        // It stands in a script of the page, which nothing in it may end.
        data: data.replace('<', "\\u003c"),
        listing,
        shell,
    })
}

/// How it stood at the end of each month since there is something, and on the day that is looked at.
async fn points(call: &Call, framework: &str, on: Date) -> Result<Vec<Point>, Problem> {
    let mut points = Vec::new();
    for day in days(on) {
        let view = call.view_of(Moment::Day(day)).await?;
        // The framework may not have been in use then.
        if view.book().size() == 0 || view.framework(framework).is_err() {
            continue;
        }
        let soa = view.soa(framework, None)?;
        points.push(Point { on: day, systems: soa.systems.len(), scores: soa.scores });
    }
    Ok(points)
}

/// The ends of months before a day, and the day.
fn days(on: Date) -> Vec<Date> {
    let first = on.first_of_month();
    let ends = (0..MONTHS).rev().filter_map(|back| {
        first.checked_sub(back.months()).and_then(|month| month.checked_sub(1.day())).ok()
    });
    ends.chain([on]).collect()
}

fn sheet(points: &[Point]) -> Sheet {
    let columns = vec![
        Column::new("on", "End of", Holds::Date),
        Column::new("systems", "AI systems", Holds::Number),
        Column::new("applicable", "Applicable cells", Holds::Number),
        Column::new("undecided", "Undecided cells", Holds::Number),
        Column::new("designed", "Designed %", Holds::Number),
        Column::new("documented", "Documented %", Holds::Number),
        Column::new("operating", "Operating %", Holds::Number),
    ];
    let mut sheet = Sheet::new("Trend", "Trend", columns);
    for Point { on, systems, scores } in points {
        let percents = [scores.designed, scores.documented, scores.operating];
        let percents = percents.map(|part| Cell::from(i64::from(scores.percent(part))));
        let mut row = vec![
            (*on).into(),
            Cell::from(i64::try_from(*systems).unwrap_or(i64::MAX)),
            Cell::from(i64::from(scores.applicable)),
            Cell::from(i64::from(scores.undecided)),
        ];
        row.extend(percents);
        sheet.push(row);
    }
    sheet
}

fn picture(points: &[Point]) -> Picture {
    let line = |name, tone, symbol, part: fn(&Scores) -> u32| Line {
        name,
        tone,
        symbol,
        values: points.iter().map(|point| point.scores.percent(part(&point.scores))).collect(),
    };
    Picture {
        days: points.iter().map(|point| day(point.on)).collect(),
        lines: vec![
            line("Designed", "neutral", "emptyCircle", |scores| scores.designed),
            line("Documented", "info", "diamond", |scores| scores.documented),
            line("Operating", "good", "circle", |scores| scores.operating),
        ],
        unit: "%",
    }
}

/// The picture in a sentence.
fn says(points: &[Point]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let of = |point: &Point| point.scores.percent(point.scores.operating);
    format!(
        "{} % of the cells that count operated on {}, {} % on {}; the AI systems in scope went from {} to {}.",
        of(first),
        day(first.on),
        of(last),
        day(last.on),
        first.systems,
        last.systems
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn each_month_ends_once_and_the_day_itself_comes_last() {
        let found = days(date(2026, 3, 31));
        assert_eq!(found.len(), 13);
        assert_eq!(found.first(), Some(&date(2025, 3, 31)));
        assert_eq!(found.get(11), Some(&date(2026, 2, 28)));
        assert_eq!(found.last(), Some(&date(2026, 3, 31)));
    }
}
