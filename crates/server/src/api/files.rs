//! Files: uploaded as they come, and downloaded by whoever sees a record that names them.

use std::ops::Range;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use surety_aims::{Kind, records::FileRef};
use surety_engine::{FoundFile, file_name};

use crate::{
    call::{Call, json as answer},
    endpoint::{AS_OF, Asks, Endpoint, Gives, Is, Method, Param, Takes, handler, of, param},
    problem::Problem,
    upload,
};

/// What downloads are, whatever the file: no browser runs it or shows it.
const MEDIA: &str = "application/octet-stream";

/// Nothing of a file that is opened all the same may run.
const POLICY: &str = "sandbox; default-src 'none'";

pub(crate) const NAME: Param =
    param("name", Is::Text, "What the file is called, without folders.").needed();

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::change(
        Method::Post,
        "/files",
        "uploadFile",
        "Upload a file. The answer is what the field `file` of a record takes; the file can be had once a record names it.",
        handler!(Organisation, upload),
    )
    .asks(Asks::State(Kind::Attachment))
    .query(&[NAME])
    .takes(Takes::File)
    .gives(Gives::Created(of::<UploadedFile>))
    .also(&[408]),
    Endpoint::get(
        "/files/{sha256}",
        "downloadFile",
        "Download a file that a record names, whole or a range of it.",
        handler!(Organisation, download),
    )
    .query(&[AS_OF])
    .heads(&["etag", "content-disposition", "accept-ranges"])
    .gives(Gives::File(MEDIA))
    .also(&[304, 416]),
];

/// A file that was uploaded, as the field `file` of a record takes it.
#[derive(Serialize, schemars::JsonSchema)]
struct UploadedFile {
    /// SHA-256 of its bytes, in lower-case hex.
    sha256: String,
    name: String,
    media_type: String,
    /// Its size.
    bytes: u64,
}

async fn upload(call: Call) -> Result<Response, Problem> {
    let FileRef { sha256, name, media_type, bytes } =
        upload::keep(&call.asked, call.whole()?).await?;
    let mut response = answer(&UploadedFile { sha256, name, media_type, bytes })?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

async fn download(call: Call) -> Result<Response, Problem> {
    let sha256 = call.part("sha256");
    let found = call.find_file(sha256).await?;
    let found = found.ok_or_else(|| Problem::not_found("such file that a record names"))?;
    // The name is the content's: it changes with each byte.
    let tag = format!("\"{}\"", found.named.sha256);
    if is_known(&call.headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, text(&tag))]).into_response());
    }
    match wanted(&call.headers, &tag, found.size) {
        Wanted::Whole => Ok(sent(&call, &found, &tag, StatusCode::OK, 0..found.size)),
        Wanted::Part(part) => Ok(sent(&call, &found, &tag, StatusCode::PARTIAL_CONTENT, part)),
        Wanted::Nothing => {
            let detail = format!("the file has {} bytes", found.size);
            let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "no-such-range", detail);
            let size = text(&format!("bytes */{}", found.size));
            Ok(([(header::CONTENT_RANGE, size)], problem).into_response())
        }
    }
}

fn sent(
    call: &Call,
    found: &FoundFile,
    tag: &str,
    status: StatusCode,
    range: Range<u64>,
) -> Response {
    let length = range.end.saturating_sub(range.start);
    let place = format!("bytes {}-{}/{}", range.start, range.end.saturating_sub(1), found.size);
    let body = Body::from_stream(call.read_file(found, range));
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::CONTENT_DISPOSITION, text(&disposition(&found.named.name)));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, text(tag));
    if status == StatusCode::PARTIAL_CONTENT {
        headers.insert(header::CONTENT_RANGE, text(&place));
    }
    response
}

/// What we have written ourselves, in visible ASCII.
fn text(value: &str) -> HeaderValue {
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static(""))
}

/// Whether the client says that it has what is under this tag (RFC 9110 section 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let given = headers.get_all(header::IF_NONE_MATCH).into_iter();
    let given = given.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let mut given = given.map(|one| one.trim().trim_start_matches("W/"));
    given.any(|one| one == "*" || one == tag)
}

/// What is wanted of a file.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(Range<u64>),
    /// A range that the file does not have.
    Nothing,
}

/// What `Range` and `If-Range` say (RFC 9110 sections 13.1.5 and 14.2). What can't be understood, and what asks for
/// several ranges, is answered with the whole file, as it may be.
fn wanted(headers: &HeaderMap, tag: &str, size: u64) -> Wanted {
    // A date can't be compared, and a weak tag doesn't count.
    if headers.get(header::IF_RANGE).is_some_and(|given| given != tag) {
        return Wanted::Whole;
    }
    let given = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let range = given.and_then(|given| given.split_once('='));
    let range = range.filter(|(unit, _)| unit.trim().eq_ignore_ascii_case("bytes"));
    let Some((first, last)) = range.and_then(|(_, range)| range.trim().split_once('-')) else {
        return Wanted::Whole;
    };
    let last_byte = size.saturating_sub(1);
    let (first, last) = match (number(first), number(last)) {
        (Some(first), None) if last.is_empty() => (first, last_byte),
        (Some(first), Some(last)) if first <= last => (first, last.min(last_byte)),
        // The last so many bytes.
        (None, Some(0)) if first.is_empty() => return Wanted::Nothing,
        (None, Some(count)) if first.is_empty() => (size.saturating_sub(count), last_byte),
        _ => return Wanted::Whole,
    };
    if first < size { Wanted::Part(first..last.saturating_add(1)) } else { Wanted::Nothing }
}

/// Digits alone. More of them than fit are more than any file has.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

/// As a download, under this name as far as it is one (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let name = file_name(name).unwrap_or_else(|_| "file".to_owned());
    // Marks of direction would show another ending than the name has.
    let is_mark = |c: char| matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let name: String = name.chars().map(|c| if is_mark(c) { '_' } else { c }).collect();
    let is_plain =
        |c: char| matches!(c, ' ' | '-' | '.' | '_' | '(' | ')') || c.is_ascii_alphanumeric();
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    if plain == name {
        return format!("attachment; filename=\"{name}\"");
    }
    let coded: String = name.bytes().map(coded).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}

/// One byte of an extended value (RFC 8187 section 3.2.1).
fn coded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_the_standard_says() {
        let asked = |range: &str, condition: Option<&str>, size: u64| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, text(range));
            if let Some(condition) = condition {
                headers.insert(header::IF_RANGE, text(condition));
            }
            wanted(&headers, "\"t\"", size)
        };
        let table = [
            ("bytes=0-0", 10, Wanted::Part(0..1)),
            ("bytes=2-5", 10, Wanted::Part(2..6)),
            ("bytes=2-", 10, Wanted::Part(2..10)),
            ("bytes=-3", 10, Wanted::Part(7..10)),
            ("bytes=-30", 10, Wanted::Part(0..10)),
            ("Bytes=9-99999999999999999999999", 10, Wanted::Part(9..10)),
            ("bytes=10-", 10, Wanted::Nothing),
            ("bytes=-0", 10, Wanted::Nothing),
            ("bytes=0-", 0, Wanted::Nothing),
            ("bytes=-1", 0, Wanted::Nothing),
            ("bytes=5-2", 10, Wanted::Whole),
            ("bytes=-", 10, Wanted::Whole),
            ("bytes=a-b", 10, Wanted::Whole),
            ("bytes=0-1,3-4", 10, Wanted::Whole),
            ("lines=1-2", 10, Wanted::Whole),
            ("nonsense", 10, Wanted::Whole),
        ];
        for (range, size, expected) in table {
            assert_eq!(asked(range, None, size), expected, "{range} of {size}");
        }
        assert_eq!(asked("bytes=2-5", Some("\"t\""), 10), Wanted::Part(2..6));
        for other in ["\"u\"", "W/\"t\"", "Sat, 21 Nov 2026 10:00:00 GMT"] {
            assert_eq!(asked("bytes=2-5", Some(other), 10), Wanted::Whole, "{other}");
        }
    }

    #[test]
    fn a_name_is_coded_so_that_it_is_nothing_else() {
        let table = [
            ("report (2).pdf", r#"attachment; filename="report (2).pdf""#),
            (
                "Prüfung.pdf",
                r#"attachment; filename="Pr_fung.pdf"; filename*=UTF-8''Pr%C3%BCfung.pdf"#,
            ),
            (
                "a\"; b=c.txt",
                r#"attachment; filename="a__ b_c.txt"; filename*=UTF-8''a%22%3B%20b%3Dc.txt"#,
            ),
            ("../../etc/passwd", r#"attachment; filename="passwd""#),
            ("x\r\nSet-Cookie: a", r#"attachment; filename="file""#),
            ("", r#"attachment; filename="file""#),
            ("fdp\u{202e}exe.pdf", r#"attachment; filename="fdp_exe.pdf""#),
        ];
        for (name, expected) in table {
            assert_eq!(disposition(name), expected, "{name:?}");
        }
    }
}
