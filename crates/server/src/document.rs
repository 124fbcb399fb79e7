//! Views as documents: JSON as it is, or the same as tables, CSV, a workbook, Markdown, PDF or DOCX.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use surety_aims::Ref;
use surety_engine::{Error, View, sheets::Contents};
use surety_reports::{Format, TextOptions, render, views::Names};

use crate::{
    call::{Asked, Call, json},
    endpoint::{Is, Param, param},
    problem::Problem,
};

/// What the parameter `format` takes.
const NAMES: &[&str] = &["json", "csv", "xlsx", "md", "table", "pdf", "docx"];

pub(crate) const FORMAT: Param = param(
    "format",
    Is::OneOf(NAMES),
    "JSON if not given; what `Accept` names otherwise. CSV holds the first table, the others all.",
);

/// The media type of each format, as requests name it and answers have it.
pub(crate) const MEDIA: &[(Format, &str)] = &[
    (Format::Json, "application/json"),
    (Format::Csv, "text/csv"),
    (Format::Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (Format::Markdown, "text/markdown"),
    (Format::Table, "text/plain"),
    (Format::Pdf, "application/pdf"),
    (Format::Docx, DOCX),
];

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The format that is asked for: by the query, else by `Accept`.
pub(crate) fn format(asked: &Asked) -> Result<Format, Problem> {
    let Some(name) = asked.text("format")? else { return Ok(accepted(&asked.headers)) };
    name.parse().map_err(|_| {
        let known = NAMES.join(", ");
        Problem::bad(format!("`format={name}` is none of {known}"))
    })
}

/// Whether something else than JSON is asked for. It has names of people in it, which stand beside the ledger.
pub(crate) fn is_document(query: Option<&str>, headers: &HeaderMap) -> bool {
    let asked = query.unwrap_or_default().split('&').any(|part| part.starts_with("format="));
    asked || accepted(headers) != Format::Json
}

/// Of the formats that there are the one that `Accept` weighs most, JSON before others (RFC 9110 section 12.5.1).
fn accepted(headers: &HeaderMap) -> Format {
    let given = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut best = (0_u16, Format::Json);
    for range in given.flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1_000, thousandths);
        let any = matches!(media, "*/*" | "application/*");
        let known = MEDIA.iter().find(|(_, known)| media.eq_ignore_ascii_case(known));
        let format = if any { Some(Format::Json) } else { known.map(|(format, _)| *format) };
        if let Some(format) = format
            && (weight > best.0 || (weight == best.0 && weight > 0 && format == Format::Json))
        {
            best = (weight, format);
        }
    }
    best.1
}

/// `0.85` as 850.
fn thousandths(weight: &str) -> u16 {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    let whole = whole.parse::<u16>().unwrap_or(0).min(1).saturating_mul(1_000);
    whole.saturating_add(part.parse().unwrap_or(0)).min(1_000)
}

/// What a document is called: in its file name, and in its head.
pub(crate) struct Called<'a> {
    pub(crate) file: &'a str,
    pub(crate) title: &'a str,
}

/// A view in the format that is asked for: `value` as JSON, or what `sheets` makes of it.
pub(crate) async fn shown<T, S>(
    call: &Call,
    view: &View,
    called: Called<'_>,
    value: &T,
    sheets: impl FnOnce(&Names<'_>, Format) -> S + Send,
) -> Result<Response, Problem>
where
    T: Serialize + Sync,
    S: Into<Contents> + Send,
{
    let format = format(call)?;
    let mut response = if format == Format::Json {
        json(value)?
    } else {
        let people = call.people().await?;
        let person = |person: Ref<_>| people.name(view.book(), person);
        let sheets = sheets(&Names { book: view.book(), person: &person }, format).into();
        file(call, view, (called.file, called.title), sheets, format).await?
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

/// A document of what the caller sees as a file, by what it is called and its title. It is written apart from the requests
/// that only wait, as a long one takes seconds.
pub(crate) async fn file(
    call: &Call,
    view: &View,
    (name, title): (&str, &str),
    contents: Contents,
    format: Format,
) -> Result<Response, Problem> {
    let book = call.workbook(view, title, contents, format).await?;
    let write = move || render(&book, format, TextOptions::default());
    let written = tokio::task::spawn_blocking(write).await.map_err(|_| Error::Closing)?;
    let bytes = written.map_err(Error::from)?;
    let name = format!("{name}-{}.{}", view.on, extension(format));
    Ok(download(&name, media(format), bytes))
}

/// Bytes as a file that a browser keeps and does not show.
pub(crate) fn download(
    name: &str,
    media: &'static str,
    body: impl Into<axum::body::Body>,
) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let disposition = HeaderValue::try_from(disposition);
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, body.into()).into_response()
}

fn media(format: Format) -> &'static str {
    match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Markdown => "text/markdown; charset=utf-8",
        Format::Table => "text/plain; charset=utf-8",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format::Json => "application/json",
        Format::Pdf => "application/pdf",
        Format::Docx => DOCX,
    }
}

fn extension(format: Format) -> &'static str {
    match format {
        Format::Table => "txt",
        Format::Json
        | Format::Csv
        | Format::Xlsx
        | Format::Markdown
        | Format::Pdf
        | Format::Docx => format.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(accept: &str) -> Format {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
        accepted(&headers)
    }

    #[test]
    fn the_weightiest_known_type_is_given_and_json_otherwise() {
        for (accept, format) in [
            ("text/csv", Format::Csv),
            ("TEXT/CSV; q=0.4, text/markdown;q=0.8", Format::Markdown),
            ("text/html, */*;q=0.1", Format::Json),
            ("text/csv, application/json", Format::Json),
            ("text/csv;q=0", Format::Json),
            ("image/png", Format::Json),
        ] {
            assert_eq!(of(accept), format, "{accept}");
        }
        assert_eq!(accepted(&HeaderMap::new()), Format::Json);
    }
}
