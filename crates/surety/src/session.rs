//! What every command starts from: the opened engine, the organisation and who acts.

use std::{ffi::OsString, path::PathBuf, sync::Arc};

use anyhow::Context;
use surety_aims::{Principal, RecordId, Role};
use surety_engine::{
    Aims, Clock, Config, Engine, FixedClock, KeySource, Secret, SystemClock, VaultConfig,
    remote::Server,
};

use crate::{args::Global, output::WrongUse};

/// An opened organisation and who acts on it.
pub(crate) struct Session {
    engine: Engine,
    pub(crate) aims: Arc<Aims>,
    pub(crate) principal: Principal,
    pub(crate) quiet: bool,
}

/// Opens the engine over what is here, as the options say.
pub(crate) async fn engine(global: &Global) -> anyhow::Result<Engine> {
    Ok(Engine::open(config(global)?).await?)
}

/// That no server is named, for what is done where the data folder is.
pub(crate) fn here(global: &Global) -> Result<(), WrongUse> {
    let Some(server) = &global.server else { return Ok(()) };
    let message = format!(
        "this is done where the data folder is, not through {server}: leave out --server (SURETY_SERVER)"
    );
    Err(WrongUse(message))
}

/// Where things are here, as the options say.
pub(crate) fn config(global: &Global) -> Result<Config, WrongUse> {
    here(global)?;
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
    Ok(config)
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

/// The server that the options name.
fn server(global: &Global, address: &str) -> anyhow::Result<Server> {
    let token = match (&global.token_file, &global.api_token) {
        (Some(file), _) => Secret(
            std::fs::read_to_string(file)
                .with_context(|| format!("{}: can't be read", file.display()))?,
        ),
        (None, Some(token)) => token.clone(),
        (None, None) => {
            let message = "--server needs a token, by --token-file FILE or in SURETY_TOKEN; `surety account token` issues \
                           one where the data folder is";
            return Err(WrongUse(message.to_owned()).into());
        }
    };
    let clock: Arc<dyn Clock> = match global.pretend_now {
        Some(instant) => Arc::new(FixedClock::new(instant)),
        None => Arc::new(SystemClock),
    };
    let address = address.to_owned();
    Ok(Server { address, token, allow_http: global.allow_http, cache: cache(), clock })
}

/// Where this user keeps what can be made again (XDG Base Directory Specification), for nobody else to read.
fn cache() -> Option<PathBuf> {
    let absolute =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
    let folder = folder.join("surety");
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder).ok().map(|()| folder)
}

impl Session {
    /// Opens the organisation for a command.
    pub(crate) async fn open(global: &Global) -> anyhow::Result<Session> {
        // Reading must not leave an empty data folder behind.
        if global.server.is_none() && global.database.is_none() && !global.data.exists() {
            return Err(
                surety_engine::Error::NoOrganisation(global.data.display().to_string()).into()
            );
        }
        let engine = match &global.server {
            Some(address) => Engine::at(&server(global, address)?)?,
            None => engine(global).await?,
        };
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

/// The holder of the data folder, or the person that he or she acts as; on a server, whoever the token is for.
pub(crate) async fn principal(global: &Global, aims: &Aims) -> anyhow::Result<Principal> {
    if let Some(principal) = aims.principal().await? {
        return match &global.actor {
            Some(actor) if **actor != *principal.name => {
                let who = &principal.name;
                Err(WrongUse(format!(
                    "--actor {actor}: on a server the token says who acts: {who}"
                ))
                .into())
            }
            Some(_) | None => Ok(principal),
        };
    }
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
