//! One request, once it is known who asks and what for.

use std::{
    collections::HashMap,
    net::IpAddr,
    ops::{Deref, Range},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use futures_util::Stream;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Serialize, de::DeserializeOwned};
use surety_aims::{
    Kind, Principal, RecordId,
    derive::{Window, activity::Activity},
};
use surety_engine::{
    Aims, Batch, Done, Error, Found, FoundFile, HistoryRow, Moment, Query, View,
    accounts::{Browser, Caller, Grant, Refused, SavedView, Session},
    sheets::{self, Contents, People},
};
use surety_reports::{Format, Workbook};

use crate::{problem::Problem, serve::App};

/// A request that has been read: what its address, its headers and its body say.
pub(crate) struct Asked {
    pub(crate) app: App,
    pub(crate) uri: Uri,
    pub(crate) path: HashMap<String, String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The fields of a form, without the token of the session.
    pub(crate) form: Vec<(String, String)>,
    /// Where the request comes from.
    pub(crate) address: Option<IpAddr>,
    /// The body of an endpoint that takes a file, not read yet. A lock, as a body can't be shared.
    file: Mutex<Body>,
}

/// A request of somebody who has an account here.
pub(crate) struct Visit {
    pub(crate) asked: Asked,
    pub(crate) caller: Caller,
}

impl Visit {
    /// The session of the caller: what concerns the account itself is nothing for tokens.
    pub(crate) fn session(&self) -> Result<&Session, Problem> {
        self.caller.session().ok_or_else(|| Refused::NoSession.into())
    }
}

/// A request about an organisation. Whoever made it has checked the permission that its endpoint asks for.
pub(crate) struct Call {
    pub(crate) asked: Asked,
    pub(crate) caller: Caller,
    pub(crate) principal: Principal,
    /// The newest day that the caller may see; `None`: today.
    pub(crate) until: Option<Date>,
    /// The AI systems that the caller is limited to; none: it is not limited.
    pub(crate) systems: Vec<RecordId>,
    /// The name of what is asked for.
    pub(crate) operation: &'static str,
    /// The saved views of the list that is asked for, if it is one.
    pub(crate) views: Vec<SavedView>,
    /// The whole organisation. Handlers read through [`Call::view`], so that nobody is shown more than they may see.
    aims: Arc<Aims>,
}

impl Deref for Visit {
    type Target = Asked;

    fn deref(&self) -> &Asked {
        &self.asked
    }
}

impl Deref for Call {
    type Target = Asked;

    fn deref(&self) -> &Asked {
        &self.asked
    }
}

impl Asked {
    pub(crate) fn new(
        app: App,
        path: HashMap<String, String>,
        query: Vec<(String, String)>,
        headers: HeaderMap,
        body: Bytes,
        file: Body,
        address: Option<IpAddr>,
    ) -> Asked {
        let file = Mutex::new(file);
        Asked {
            app,
            uri: Uri::default(),
            path,
            query,
            headers,
            body,
            form: Vec::new(),
            address,
            file,
        }
    }

    /// The same, asked at this address and with these fields of a form.
    pub(crate) fn at(self, uri: Uri, form: Vec<(String, String)>) -> Asked {
        Asked { uri, form, ..self }
    }

    /// A field of the form, empty if it is not there.
    pub(crate) fn field(&self, name: &str) -> &str {
        let found = self.form.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Who sends the request, as far as it says.
    pub(crate) fn browser(&self) -> Browser {
        let label = self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Browser { label: label.unwrap_or_default().to_owned(), address: self.address }
    }

    /// The body of an endpoint that takes a file, to be read as it comes; the second time there is none.
    pub(crate) fn file(&self) -> Body {
        std::mem::take(&mut self.file.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A part of the path; the endpoint's own path names it.
    pub(crate) fn part(&self, name: &str) -> &str {
        self.path.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The kind of record in the path.
    pub(crate) fn kind(&self) -> Result<Kind, Problem> {
        let name = self.part("kind");
        Kind::from_name(name).ok_or_else(|| Problem::not_found(format!("kind of record `{name}`")))
    }

    /// The id in the path, of the kind in the path.
    pub(crate) fn id(&self) -> Result<RecordId, Problem> {
        let text = self.part("id");
        let id: RecordId = text.parse().map_err(|_| Problem::not_found(text))?;
        match self.path.get("kind") {
            Some(kind) if kind != id.kind.name() => Err(Problem::not_found(text)),
            Some(_) | None => Ok(id),
        }
    }

    /// A parameter of the query, given once.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Problem> {
        let mut given = self.query.iter().filter(|(known, _)| known == name);
        match (given.next(), given.next()) {
            (Some((_, value)), None) => Ok(Some(value.as_str())),
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(Problem::bad(format!("`{name}` is given twice"))),
        }
    }

    /// The same, which has to be given.
    pub(crate) fn needed(&self, name: &str) -> Result<&str, Problem> {
        let given = self.text(name)?.filter(|text| !text.trim().is_empty());
        given.ok_or_else(|| Problem::bad(format!("`{name}` has to be given")))
    }

    /// A parameter of the query, however often it is given.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let given = self.query.iter().filter(|(known, _)| known == name);
        given.map(|(_, value)| value.clone()).collect()
    }

    /// The same, read.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let read = |text: &str| {
            text.parse().map_err(|_| Problem::bad(format!("`{name}={text}` can't be read")))
        };
        self.text(name)?.map(read).transpose()
    }

    /// A whole number in these bounds.
    pub(crate) fn number<T>(
        &self,
        name: &str,
        bounds: std::ops::RangeInclusive<T>,
    ) -> Result<Option<T>, Problem>
    where
        T: std::str::FromStr + PartialOrd + std::fmt::Display,
    {
        let number = self.parsed::<T>(name)?;
        if number.as_ref().is_some_and(|number| !bounds.contains(number)) {
            let (from, to) = (bounds.start(), bounds.end());
            return Err(Problem::bad(format!("`{name}` is from {from} to {to}")));
        }
        Ok(number)
    }

    /// The body as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let media = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media = media.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !["application/json", "application/merge-patch+json"].contains(&media) {
            let detail = "give the body as application/json";
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                detail,
            ));
        }
        serde_json::from_slice(&self.body).map_err(|error| Problem::bad(format!("body: {error}")))
    }

    /// The version that `If-Match` names; `None` without one.
    pub(crate) fn base(&self) -> Result<Option<u32>, Problem> {
        let Some(value) = self.headers.get(header::IF_MATCH) else { return Ok(None) };
        let text = value.to_str().unwrap_or_default();
        let version = text.strip_prefix("\"v").and_then(|rest| rest.strip_suffix('"'));
        let version = version.and_then(|version| version.parse().ok());
        version.map(Some).ok_or_else(|| {
            Problem::bad(format!("`If-Match: {text}` is no version; give the ETag of the record"))
        })
    }
}

impl Call {
    pub(crate) fn new(
        asked: Asked,
        aims: Arc<Aims>,
        caller: Caller,
        grant: Grant,
        operation: &'static str,
    ) -> Call {
        let Grant { principal, until, systems } = grant;
        let views = Vec::new();
        Call { asked, caller, principal, until, systems, operation, views, aims }
    }

    /// The same with the saved views of the list that is asked for.
    pub(crate) fn with_views(self, views: Vec<SavedView>) -> Call {
        Call { views, ..self }
    }

    /// The organisation's id, name, and the first line of its checkpoints.
    pub(crate) fn names(&self) -> (&str, &str, &str) {
        (self.aims.id(), self.aims.name(), self.aims.origin())
    }

    /// Now, by the clock of the organisation.
    pub(crate) fn now(&self) -> Timestamp {
        self.aims.now()
    }

    /// Today (UTC).
    pub(crate) fn today(&self) -> Date {
        self.aims.today()
    }

    /// The moment that `as_of` asks for, not after what the caller may see.
    pub(crate) fn moment(&self) -> Result<Moment, Problem> {
        let asked = self.parsed::<Date>("as_of")?;
        let day = match (asked, self.until) {
            (Some(asked), Some(until)) => Some(asked.min(until)),
            (one, other) => one.or(other),
        };
        Ok(day.map_or(Moment::Now, Moment::Day))
    }

    /// The view of that moment, without what is not for the caller to see.
    pub(crate) async fn view(&self) -> Result<View, Problem> {
        self.view_of(self.moment()?).await
    }

    /// What the caller sees of a moment.
    pub(crate) async fn view_of(&self, moment: Moment) -> Result<View, Problem> {
        let view = self.aims.view(moment).await?;
        Ok(match self.systems.as_slice() {
            [] => view,
            systems => self.aims.limited(view, systems.iter().copied().collect()),
        })
    }

    /// The organisation itself, its ledger and what stands beside it, for whoever may see all AI systems.
    ///
    /// # Errors
    /// 403 for others.
    pub(crate) fn whole(&self) -> Result<&Arc<Aims>, Problem> {
        if self.systems.is_empty() {
            return Ok(&self.aims);
        }
        let systems: Vec<_> = self.systems.iter().map(ToString::to_string).collect();
        let detail = format!(
            "this shows the whole organisation, of which you see a part ({}); ask whoever gave you access for a wider one",
            systems.join(", ")
        );
        Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail))
    }

    /// Runs commands as the caller. Whoever sees a part alone is refused before, as the answer would show more.
    pub(crate) async fn execute(&self, batch: Batch) -> Result<Done, Problem> {
        Ok(self.whole()?.execute(&self.principal, batch).await?)
    }

    /// Every version and step of a record, newest first, as far as the caller may see.
    pub(crate) async fn history(&self, id: RecordId) -> Result<Vec<HistoryRow>, Problem> {
        let mut rows = self.aims.history_in(&self.view().await?, id).await?;
        if let Some(until) = self.until {
            rows.retain(|row| row.at.to_zoned(TimeZone::UTC).date() <= until);
            if rows.is_empty() {
                return Err(Problem::not_found(id));
            }
        }
        Ok(rows)
    }

    /// What happened in a period, as far as the caller may see.
    pub(crate) async fn activity(&self, view: &View, window: Window) -> Result<Activity, Problem> {
        Ok(self.aims.activity(view, window).await?)
    }

    /// The records of a view, of some kinds or of all, in which a query occurs.
    pub(crate) async fn search<'v>(
        &self,
        view: &'v View,
        query: &Query,
        kinds: &[Kind],
        limit: usize,
    ) -> Result<Found<'v>, Problem> {
        Ok(self.aims.search(view, query, kinds, limit).await?)
    }

    /// A file that something names which the caller sees.
    pub(crate) async fn find_file(&self, sha256: &str) -> Result<Option<FoundFile>, Problem> {
        Ok(self.aims.find_file(&self.view().await?, sha256).await?)
    }

    /// Bytes of a file that was found.
    pub(crate) fn read_file(
        &self,
        file: &FoundFile,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, Error>> + Send + use<> {
        self.aims.read_file(file, range)
    }

    /// What people are called.
    pub(crate) async fn people(&self) -> Result<People, Problem> {
        Ok(People::of(&self.aims).await?)
    }

    /// A document of what the caller sees.
    pub(crate) async fn workbook(
        &self,
        view: &View,
        title: &str,
        contents: Contents,
        format: Format,
    ) -> Result<Workbook, Problem> {
        let book = sheets::workbook(&self.aims, view, title, contents);
        Ok(sheets::with_logo(&self.aims, view, book, format).await?)
    }

    /// The key that makes asking twice harmless.
    pub(crate) fn idempotency_key(&self) -> Result<Option<String>, Problem> {
        const NAME: &str = "idempotency-key";
        let Some(value) = self.headers.get(NAME) else { return Ok(None) };
        let text = value.to_str().map_err(|_| Problem::bad("Idempotency-Key is no text"))?;
        if text.is_empty() || text.len() > 200 || text.contains(char::is_control) {
            return Err(Problem::bad("Idempotency-Key has 1 to 200 printable characters"));
        }
        // Keys of one caller never meet those of another, nor those of one request those of another kind or about another
        // record, which would be told that it has happened.
        let (name, operation) = (&self.principal.name, self.operation);
        let (kind, id) = (self.part("kind"), self.part("id"));
        Ok(Some(format!("{name}:{operation}:{kind}:{id}:{text}")))
    }
}

/// An answer as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<Response, Problem> {
    let bytes = serde_json::to_vec(value).map_err(surety_engine::Error::from)?;
    let media = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, media)], bytes).into_response())
}

/// The tag of a version of a record.
pub(crate) fn etag(version: u32) -> HeaderValue {
    HeaderValue::try_from(format!("\"v{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}
