//! What every command starts from: the opened engine, the organisation and who acts.

use std::{ffi::OsString, sync::Arc};

use anyhow::Context;
use surety_aims::{Principal, RecordId, Role};
use surety_engine::{Aims, Config, Engine, FixedClock, KeySource, Secret, VaultConfig};

use crate::{args::Global, output::WrongUse};

/// An opened organisation and who acts on it.
pub(crate) struct Session {
    engine: Engine,
    pub(crate) aims: Arc<Aims>,
    pub(crate) principal: Principal,
    pub(crate) quiet: bool,
}

/// Opens the engine as the options say.
pub(crate) async fn engine(global: &Global) -> anyhow::Result<Engine> {
    Ok(Engine::open(config(global)).await?)
}

/// Where things are, as the options say.
pub(crate) fn config(global: &Global) -> Config {
    let mut config = Config::folder(&global.data);
    config.database = global.database.clone();
    config.vault = vault(global);
    config.key = match (&global.signing_key, &global.signing_key_file) {
        (Some(text), _) => KeySource::Text(Secret(text.clone())),
        (None, Some(file)) => KeySource::File(file.clone()),
        (None, None) => KeySource::DataFolder,
    };
    if let Some(instant) = global.pretend_now {
        config.clock = Arc::new(FixedClock::new(instant));
    }
    config
}

/// Where evidence files are, with what the environment says about buckets.
fn vault(global: &Global) -> VaultConfig {
    let is_ours = |(name, value): (OsString, OsString)| {
        let name = name.into_string().ok().filter(|name| name.starts_with("AWS_"))?;
        Some((name, Secret(value.into_string().ok()?)))
    };
    let settings = std::env::vars_os().filter_map(is_ours).collect();
    VaultConfig { location: global.vault.clone(), settings }
}

impl Session {
    /// Opens the organisation for a command.
    pub(crate) async fn open(global: &Global) -> anyhow::Result<Session> {
        // Reading must not leave an empty data folder behind.
        if global.database.is_none() && !global.data.exists() {
            return Err(
                surety_engine::Error::NoOrganisation(global.data.display().to_string()).into()
            );
        }
        let engine = engine(global).await?;
        let aims = engine.organisation(global.organisation.as_deref()).await?;
        let principal = principal(global, &aims).await?;
        Ok(Session { engine, aims, principal, quiet: global.quiet })
    }

    /// Keeps a checkpoint of what is new and closes the connections.
    pub(crate) async fn close(self) -> anyhow::Result<()> {
        drop(self.aims);
        self.engine.close().await.context("the ledger could not be settled")
    }
}

/// The holder of the data folder, or the person that he or she acts as.
pub(crate) async fn principal(global: &Global, aims: &Aims) -> anyhow::Result<Principal> {
    let Some(actor) = &global.actor else { return Ok(Principal::operator()) };
    let wrong = |error: surety_aims::IdError| WrongUse(format!("--actor: {error}"));
    let id: RecordId = actor.parse().map_err(wrong)?;
    if id.kind != surety_aims::Kind::Person {
        return Err(WrongUse(format!("--actor: {id} is not a person")).into());
    }
    let position = aims.current().await?;
    position.book.get(id).ok_or(surety_engine::Error::UnknownRecord(id))?;
    Ok(Principal { name: id.to_string().into(), role: Role::Owner })
}

/// Now, by the clock that the options give.
pub(crate) fn now(global: &Global) -> jiff::Timestamp {
    use surety_engine::Clock;
    global.pretend_now.unwrap_or_else(|| surety_engine::SystemClock.now())
}

/// Today (UTC).
pub(crate) fn today(global: &Global) -> jiff::civil::Date {
    now(global).to_zoned(jiff::tz::TimeZone::UTC).date()
}
