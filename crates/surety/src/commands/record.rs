//! Records of any kind: list, show, create, update, move, withdraw, history.

use anyhow::Context;
use serde_json::{Map, Value, json};
use surety_aims::{Action, Command, Kind, Record, RecordId, permit};
use surety_engine::{Aims, Batch, Error, Moment, Person};
use surety_reports::{Column, Format, Kind as ColumnKind, Sheet};

use super::names::workbook;
use crate::{
    args::{self, Content},
    fields,
    output::{Outcome, WrongUse, say, write_json, write_workbook},
    session::Session,
};

pub(crate) async fn run(session: &Session, command: args::Record) -> anyhow::Result<Outcome> {
    match command {
        args::Record::Kinds(output) => kinds(session, &output).await?,
        args::Record::Schema { kind } => {
            say(&serde_json::to_string_pretty(&parse_kind(&kind)?.schema())?)?;
        }
        args::Record::List { kind, state, view } => {
            list(session, parse_kind(&kind)?, state.as_deref(), &view).await?;
        }
        args::Record::Show { id, as_of } => show(session, parse_id(&id)?, as_of).await?,
        args::Record::Create { kind, content, id, idempotency_key } => {
            create(session, parse_kind(&kind)?, &content, id.as_deref(), idempotency_key).await?;
        }
        args::Record::Update { id, content, base } => {
            update(session, parse_id(&id)?, &content, base).await?;
        }
        args::Record::Move { id, step, note, base } => {
            let id = parse_id(&id)?;
            act(session, Command::Move { id, step, note, base }).await?;
            let position = session.aims.current().await?;
            let state = position.book.get(id).map(|record| record.state).unwrap_or_default();
            say(&format!("{id} is {}", state.replace('_', " ")))?;
        }
        args::Record::Withdraw { id, reason } => {
            let id = parse_id(&id)?;
            act(session, Command::Withdraw { id, reason, base: None }).await?;
            say(&format!("{id} is withdrawn"))?;
        }
        args::Record::History { what, output } => history(session, &what, &output).await?,
        args::Record::Erase { id } => {
            permit(&session.principal, Action::Administer).map_err(Error::from)?;
            let id = parse_id(&id)?;
            session.aims.erase_person(id).await?;
            say(&format!("name and address of {id} are erased"))?;
        }
    }
    Ok(Outcome::Done)
}

fn parse_kind(name: &str) -> Result<Kind, WrongUse> {
    Kind::from_name(name).or_else(|| Kind::from_prefix(name)).ok_or_else(|| {
        let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        WrongUse(format!("`{name}` is no kind of record; one of {}", known.join(", ")))
    })
}

fn parse_id(text: &str) -> Result<RecordId, WrongUse> {
    text.parse().map_err(|error: surety_aims::IdError| WrongUse(error.to_string()))
}

async fn act(session: &Session, command: Command) -> anyhow::Result<()> {
    session.aims.execute(&session.principal, Batch::of([command])).await?;
    Ok(())
}

async fn kinds(session: &Session, output: &args::Output) -> anyhow::Result<()> {
    if output.format == Format::Json {
        let rows: Vec<_> = Kind::ALL.iter().map(|kind| kind.describe()).collect();
        return write_json(&rows, output);
    }
    let columns = vec![
        Column::new("kind", "Kind", ColumnKind::Text).wide(24),
        Column::new("prefix", "Ids", ColumnKind::Id),
        Column::new("states", "States", ColumnKind::LongText).wide(60),
        Column::new("required", "Before it counts", ColumnKind::LongText).wide(60).rank(1),
    ];
    let mut sheet = Sheet::new("Kinds", "Kinds of records", columns);
    for kind in Kind::ALL {
        sheet.push(vec![
            kind.name().into(),
            format!("{}-1", kind.prefix()).into(),
            kind.lifecycle().states.join(", ").into(),
            kind.required().join(", ").into(),
        ]);
    }
    let view = session.aims.view(Moment::Now).await?;
    write_workbook(&workbook(&session.aims, &view, "Kinds of records", vec![sheet]), output)
}

async fn list(
    session: &Session,
    kind: Kind,
    state: Option<&str>,
    args: &args::ViewArgs,
) -> anyhow::Result<()> {
    if let Some(state) = state
        && kind.lifecycle().state(state).is_none()
    {
        let states = kind.lifecycle().states.join(", ");
        return Err(
            WrongUse(format!("--state {state}: {} is in one of {states}", kind.label())).into()
        );
    }
    let view = session.aims.view(args.as_of.map_or(Moment::Now, Moment::Day)).await?;
    let wanted = |record: &&Record| state.is_none_or(|state| record.state == state);
    let records: Vec<_> = view.book().of_kind(kind).filter(wanted).collect();
    if args.output.format == Format::Json {
        let rows: Vec<_> = records.iter().map(|record| record.to_json()).collect();
        return write_json(&rows, &args.output);
    }
    let people = super::names::People::of(&session.aims).await?;
    let columns = vec![
        Column::new("id", "Id", ColumnKind::Id),
        Column::new("title", "Title", ColumnKind::Text).wide(56),
        Column::new("state", "State", ColumnKind::Text).wide(18),
        Column::new("version", "Version", ColumnKind::Number),
        Column::new("owner", "Owner", ColumnKind::Text).wide(24),
        Column::new("changed", "Changed", ColumnKind::Date),
    ];
    let mut sheet = Sheet::new(kind.name(), kind.name().replace('_', " "), columns);
    for record in records {
        let owner = record.body.owner().map(|owner| people.name(view.book(), owner));
        let title = if kind == Kind::Person {
            people.name(view.book(), surety_aims::Ref::new(record.id.number))
        } else {
            record.title().to_owned()
        };
        let changed = record.stated.at.to_zoned(jiff::tz::TimeZone::UTC).date();
        sheet.push(vec![
            record.id.to_string().into(),
            title.into(),
            record.state.replace('_', " ").into(),
            i64::from(record.version).into(),
            owner.unwrap_or_default().into(),
            changed.into(),
        ]);
    }
    write_workbook(&workbook(&session.aims, &view, kind.name(), vec![sheet]), &args.output)
}

async fn show(
    session: &Session,
    id: RecordId,
    as_of: Option<jiff::civil::Date>,
) -> anyhow::Result<()> {
    let view = session.aims.view(as_of.map_or(Moment::Now, Moment::Day)).await?;
    let record = view.book().get(id).ok_or(Error::UnknownRecord(id))?;
    let mut json = record.to_json();
    if let Value::Object(json) = &mut json {
        let referrers: Vec<_> =
            view.book().referrers(id).map(|other| other.id.to_string()).collect();
        json.insert("referred_to_by".into(), referrers.into());
        let steps = view.steps(record, &session.principal);
        json.insert("next_steps".into(), serde_json::to_value(steps.next_steps)?);
        json.insert("missing".into(), steps.missing.into());
        if id.kind == Kind::Person
            && let Some(person) = session.aims.people().await?.get(&id.to_string())
        {
            json.insert("personal".into(), json!({ "name": person.name, "email": person.email }));
        }
    }
    say(&serde_json::to_string_pretty(&json)?)
}

/// The JSON that `--json` states, or nothing.
fn stated(content: &Content) -> anyhow::Result<Option<Map<String, Value>>> {
    let Some(path) = &content.json else { return Ok(None) };
    let text = if path.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin()).context("standard input can't be read")?
    } else {
        std::fs::read_to_string(path)
            .with_context(|| format!("{}: can't be read", path.display()))?
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(body)) => Ok(Some(body)),
        Ok(_) => Err(WrongUse(format!("{}: must hold one JSON object", path.display())).into()),
        Err(error) => Err(WrongUse(format!("{}: {error}", path.display())).into()),
    }
}

/// Fills body and custom fields from the options; keeps a given file in the vault.
async fn fill(
    aims: &Aims,
    kind: Kind,
    content: &Content,
    body: &mut Map<String, Value>,
    custom: &mut Map<String, Value>,
) -> anyhow::Result<()> {
    fields::set(kind, body, custom, &content.set)?;
    if let Some(path) = &content.file {
        let file = aims.put_file(path).await?;
        body.insert(kind.file_field().to_owned(), serde_json::to_value(file)?);
    }
    if kind != Kind::Person && (content.name.is_some() || content.email.is_some()) {
        return Err(WrongUse("--name and --email are for persons only".to_owned()).into());
    }
    Ok(())
}

async fn create(
    session: &Session,
    kind: Kind,
    content: &Content,
    id: Option<&str>,
    idempotency_key: Option<String>,
) -> anyhow::Result<()> {
    let id = id.map(parse_id).transpose()?;
    let mut body = stated(content)?.unwrap_or_default();
    let mut custom = Map::new();
    fill(&session.aims, kind, content, &mut body, &mut custom).await?;
    let external = Vec::new();
    let command = Command::State { kind, id, body: body.into(), custom, external, base: None };
    let batch = Batch { idempotency_key, ..Batch::of([command]) };
    let done = session.aims.execute(&session.principal, batch).await?;
    if done.repeated {
        return say(&format!("done before, by entry {}", done.entries.0));
    }
    if let Some(Some(id)) = done.records.first() {
        put_person(session, *id, content).await?;
        say(&id.to_string())?;
    }
    Ok(())
}

async fn update(
    session: &Session,
    id: RecordId,
    content: &Content,
    base: Option<u32>,
) -> anyhow::Result<()> {
    let position = session.aims.current().await?;
    let record = position.book.get(id).ok_or(Error::UnknownRecord(id))?;
    let mut body = match (stated(content)?, record.body.to_json()) {
        (Some(body), _) => body,
        (None, Value::Object(body)) => body,
        (None, _) => Map::new(),
    };
    let mut custom = record.custom.clone();
    fill(&session.aims, id.kind, content, &mut body, &mut custom).await?;
    body.retain(|_, value| !value.is_null());
    custom.retain(|_, value| !value.is_null());
    let command = Command::State {
        kind: id.kind,
        id: Some(id),
        body: body.into(),
        custom,
        external: record.external.clone(),
        base: Some(base.unwrap_or(record.version)),
    };
    let done = session.aims.execute(&session.principal, Batch::of([command])).await?;
    put_person(session, id, content).await?;
    let changed = done.entries.0 < done.entries.1;
    let position = session.aims.current().await?;
    let version = position.book.get(id).map_or(0, |record| record.version);
    say(&if changed { format!("{id} version {version}") } else { format!("{id} unchanged") })
}

/// Keeps name and address beside the ledger.
async fn put_person(session: &Session, id: RecordId, content: &Content) -> anyhow::Result<()> {
    if content.name.is_none() && content.email.is_none() {
        return Ok(());
    }
    let known = session.aims.people().await?.remove(&id.to_string());
    let person = Person {
        name: content
            .name
            .clone()
            .or(known.as_ref().map(|known| known.name.clone()))
            .unwrap_or_default(),
        email: content.email.clone().or(known.and_then(|known| known.email)),
    };
    Ok(session.aims.put_person(id, &person).await?)
}

async fn history(session: &Session, what: &str, output: &args::Output) -> anyhow::Result<()> {
    let rows = match what.parse::<RecordId>() {
        Ok(id) => session.aims.history_of(id).await?,
        Err(_) => session.aims.history_of_kind(parse_kind(what)?).await?,
    };
    if output.format == Format::Json {
        return write_json(&rows, output);
    }
    let columns = vec![
        Column::new("seq", "Entry", ColumnKind::Number),
        Column::new("at", "At", ColumnKind::Text).wide(22),
        Column::new("by", "By", ColumnKind::Text).wide(12),
        Column::new("record", "Record", ColumnKind::Id),
        Column::new("what", "What", ColumnKind::Text).wide(34),
        Column::new("detail", "Fields or reason", ColumnKind::LongText).wide(60),
    ];
    let mut sheet = Sheet::new("History", format!("History of {what}, newest first"), columns);
    for row in rows {
        let at = row.at.strftime("%Y-%m-%d %H:%M:%S").to_string();
        sheet.push(vec![
            i64::try_from(row.seq).unwrap_or(i64::MAX).into(),
            at.into(),
            row.by.into(),
            row.record.to_string().into(),
            row.what.into(),
            row.detail.into(),
        ]);
    }
    let view = session.aims.view(Moment::Now).await?;
    write_workbook(&workbook(&session.aims, &view, "History", vec![sheet]), output)
}
