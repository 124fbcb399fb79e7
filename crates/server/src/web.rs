//! What browsers get: files that `web/` has put together, embedded by `build.rs`, and the page of the API reference.
//!
//! It is the same for everybody and says nothing about anybody, so it asks nobody who they are.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::problem::Problem;

/// A file for browsers.
pub(super) struct Asset {
    /// What pages call it.
    name: &'static str,
    /// What it is called with its hash, so that it may be kept for ever.
    file: &'static str,
    /// Its address.
    at: &'static str,
    bytes: &'static [u8],
}

mod embedded {
    use super::Asset;

    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}
use embedded::ASSETS;

/// Where the files are.
pub(crate) const ASSETS_AT: &str = "/assets/{file}";

/// The address of a file by the name that pages call it.
pub(crate) fn address(name: &str) -> Option<&'static str> {
    let asset = ASSETS.iter().find(|asset| asset.name == name)?;
    Some(asset.at)
}

/// One of the files.
pub(crate) async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.file == file) else {
        return Problem::not_found("such file").into_response();
    };
    let tag = HeaderValue::try_from(format!("\"{}\"", asset.file));
    let tag = tag.unwrap_or(HeaderValue::from_static("\"\""));
    let kept = [
        (header::ETAG, tag.clone()),
        // Another content has another name.
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(header::CONTENT_TYPE, media(asset.file))], asset.bytes).into_response()
}

fn media(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        Some(_) | None => "application/octet-stream",
    }
}

/// The reference of the API, to read and to try.
pub(crate) async fn reference() -> Response {
    let page = page(&["swagger-ui.css", "reference.css"], &["swagger-ui.js", "reference.js"]);
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

const HEAD: &str = "\
<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>Surety API</title>
<link rel=\"icon\" href=\"data:,\">
";

const BODY: &str = "\
</head>
<body>
<header class=\"top\">
<h1>Surety API</h1>
<p>Get a token with <code>surety account token</code>, give it under <em>Authorize</em>, and try any request here; each is shown
as a <code>curl</code> command too. The same as a document: <a href=\"/api/v1/openapi.json\">openapi.json</a> (OpenAPI 3.1).</p>
</header>
";

const MISSING: &str = "\
<main class=\"missing\">
<p>This server was built without its files for browsers, so the reference is not shown here. <code>make web</code> makes them
(it needs Node.js); after that <code>cargo build</code> embeds them.</p>
<p>The API is described all the same: <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>.</p>
</main>
";

fn page(styles: &[&str], scripts: &[&str]) -> String {
    let addresses = |names: &[&str]| names.iter().map(|name| address(name)).collect();
    let styles: Option<Vec<&str>> = addresses(styles);
    let scripts: Option<Vec<&str>> = addresses(scripts);
    let mut page = HEAD.to_owned();
    match styles.zip(scripts) {
        Some((styles, scripts)) => {
            let style = |at: &str| format!("<link rel=\"stylesheet\" href=\"{at}\">\n");
            let script = |at: &str| format!("<script src=\"{at}\" defer></script>\n");
            page.extend(styles.into_iter().map(style));
            page.extend(scripts.into_iter().map(script));
            page.push_str(BODY);
            page.push_str("<div id=\"reference\"></div>\n");
            page.push_str("<noscript><p>This page needs JavaScript.</p></noscript>\n");
        }
        None => {
            page.push_str(BODY);
            page.push_str(MISSING);
        }
    }
    page.push_str("</body>\n</html>\n");
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_whose_files_are_missing_says_how_to_make_them() {
        let page = page(&[], &["nowhere.js"]);
        assert!(page.contains("make web") && page.contains("/api/v1/openapi.json"));
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_not_found() {
        let missing = asset(Path("../Cargo.toml".to_owned()), HeaderMap::new()).await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn every_file_is_kept_for_ever_under_its_hash() {
        for one in ASSETS {
            let served = asset(Path(one.file.to_owned()), HeaderMap::new()).await;
            let cache = served.headers().get(header::CACHE_CONTROL).unwrap().to_str().unwrap();
            assert!(cache.contains("immutable"), "{}", one.file);
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, served.headers()[header::ETAG].clone());
            let again = asset(Path(one.file.to_owned()), headers).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        }
    }
}
