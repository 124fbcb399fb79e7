//! `serve` and `account`: the server, and who may come in.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use anyhow::Context;
use serde_json::json;
use surety_aims::{Action, permit};
use surety_engine::{
    Aims, Engine, Error,
    accounts::{
        self, Accounts, Part,
        oidc::{Oidc, Provider},
    },
};
use surety_reports::{Cell, Column, Format, Kind, Sheet};
use surety_server::{App, Config, LinkedPage, Rate, link, serve as run_server};

use super::{law::wrong, names};
use crate::{
    args::{
        Global, Output,
        door::{Account, PasswordSource, Serve},
    },
    output::{self, Outcome, complain, say, write_json},
    session,
};

/// Serves until the process is asked to end.
pub(super) async fn serve(global: &Global, args: &Serve) -> anyhow::Result<Outcome> {
    start_log(args)?;
    let engine = Arc::new(session::engine(global).await?);
    // Also says at once if the vault can't be reached.
    engine.tidy_vault().await?;
    if engine.organisations().await?.is_empty() {
        complain(
            "there is no organisation yet; `surety init --org NAME` starts one, also while this runs",
        );
    }
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("can't listen on {}", args.listen))?;
    // Port 0 asks for any that is free; what is bound to our name has to know which it is.
    let place = listener.local_addr()?;
    let config = Config {
        listen: place,
        timeout: args.timeout,
        max_body: args.max_body,
        max_file: args.max_file,
        grace: args.grace,
        rate: NonZeroU32::new(args.rate)
            .map(|burst| Rate { burst, window: Duration::from_secs(10) }),
        kept_bytes: args.kept_mib << 20,
        public_url: args.public_url.clone(),
        trusted_proxies: args.trusted_proxies.clone(),
        oidc: Arc::new(providers(&args.oidc)?),
    };
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder()?;
    complain(&format!("serving http://{place}, described at http://{place}/api/v1/openapi.json"));
    let app = App::new(engine.clone(), config, metrics);
    run_server(app, listener, asked_to_end()).await.context("the server failed")?;
    close(engine).await?;
    complain("ended");
    Ok(Outcome::Done)
}

/// The providers of identity that the configuration file names, with their secrets.
fn providers(named: &[Provider]) -> anyhow::Result<Oidc> {
    let variable = |name: &str| std::env::var_os(name)?.into_string().ok();
    let all = named.iter().cloned().map(|one| one.with_environment(variable));
    Ok(Oidc::new(all.collect::<Result<_, _>>()?)?)
}

/// Keeps checkpoints and snapshots of what is new.
async fn close(engine: Arc<Engine>) -> anyhow::Result<()> {
    match Arc::into_inner(engine) {
        Some(engine) => engine.close().await.context("the ledger could not be settled"),
        // A request outlived its grace; its ledger is whole, only a checkpoint is not made now.
        None => Ok(()),
    }
}

fn start_log(args: &Serve) -> anyhow::Result<()> {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(&args.log).map_err(|error| wrong(format!("--log: {error}")))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if args.log_json {
        log.json().init()
    } else {
        log.init()
    }
    Ok(())
}

async fn asked_to_end() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

pub(super) async fn account(global: &Global, command: Account) -> anyhow::Result<Outcome> {
    let engine = session::engine(global).await?;
    let aims = engine.organisation(global.organisation.as_deref()).await?;
    let principal = session::principal(global, &aims).await?;
    permit(&principal, Action::Administer).map_err(Error::from)?;
    let accounts = engine.accounts()?;
    let organisation = aims.id();
    match command {
        Account::Add { email, name, role, person, expires, until, systems, password } => {
            let person = person.map(|person| person.parse().map_err(wrong)).transpose()?;
            let systems = systems.iter().map(|system| system.parse().map_err(wrong));
            let systems = systems.collect::<Result<_, _>>()?;
            let part = Part { role, person, expires_at: expires, until, systems };
            // Before anything is made, so that a refusal leaves nothing behind.
            accounts.check(organisation, &part).await?;
            let given = read_password(&password)?;
            if let Some(given) = &given {
                accounts.check_password(&email, &name, given).await?;
            }
            let account = match accounts.of_email(&email).await {
                Ok(account) => account,
                Err(error) if error.is_refusal() => accounts.add(&email, &name).await?,
                Err(error) => return Err(error.into()),
            };
            accounts.admit(organisation, &principal.name, &account.id, &part).await?;
            set_password(&accounts, &account, given.as_deref(), &password).await?;
            let role = surety_engine::accounts::name_of(role);
            say(&format!("{} is {} of {organisation}", account.email, role.replace('_', " ")))?;
        }
        Account::Password { email, password } => {
            if !password.password_stdin && !password.password_link {
                return Err(wrong("say --password-stdin or --password-link").into());
            }
            let account = accounts.of_email(&email).await?;
            let given = read_password(&password)?;
            set_password(&accounts, &account, given.as_deref(), &password).await?;
        }
        Account::Disable { email } => bar(&accounts, &email, true).await?,
        Account::Enable { email } => bar(&accounts, &email, false).await?,
        Account::Token { email, name, scope, expires } => {
            let account = accounts.of_email(&email).await?;
            let (who, id) = (&principal.name, &account.id);
            let issued = accounts.issue_noted(organisation, who, id, &name, scope, expires).await?;
            complain(&format!("{} is shown once; keep it where secrets are kept", issued.id));
            say(&issued.secret)?;
        }
        Account::Tokens(output) => list_tokens(&accounts, &aims, &output).await?,
        Account::Revoke { token } => {
            let tokens = accounts.tokens(organisation).await?;
            let known = tokens.iter().find(|one| one.id == token);
            let known = known.ok_or_else(|| Error::Input(format!("there is no token {token}")))?;
            accounts.revoke_noted(organisation, &principal.name, known).await?;
            say(&format!("{token} is ended"))?;
        }
    }
    drop(aims);
    engine.close().await?;
    Ok(Outcome::Done)
}

/// Bars an account from coming in, or lets it in again.
async fn bar(accounts: &Accounts<'_>, email: &str, disabled: bool) -> anyhow::Result<()> {
    let account = accounts.of_email(email).await?;
    accounts.set_disabled(&account, disabled).await?;
    let says = if disabled { "is barred" } else { "may come in" };
    say(&format!("{} {says}", account.email))
}

async fn list_tokens(accounts: &Accounts<'_>, aims: &Aims, output: &Output) -> anyhow::Result<()> {
    let tokens = accounts.tokens(aims.id()).await?;
    let rows: Vec<_> = tokens
        .iter()
        .map(|one| {
            json!({
                "id": one.id, "name": one.name, "account": one.account, "scopes": one.scopes,
                "created_at": one.created_at, "expires_at": one.expires_at,
                "last_used_at": one.last_used_at,
            })
        })
        .collect();
    if output.format == Format::Json {
        write_json(&rows, output)?;
    } else {
        let view = aims.view(surety_engine::Moment::Now).await?;
        let sheet = tokens_sheet(&tokens);
        let book = names::workbook(aims, &view, "API tokens", vec![sheet]);
        output::write_workbook(&book, output)?;
    }
    Ok(())
}

/// The password on standard input, if it is to be read from there.
fn read_password(source: &PasswordSource) -> anyhow::Result<Option<String>> {
    if !source.password_stdin {
        return Ok(None);
    }
    let mut given = String::new();
    std::io::stdin().read_line(&mut given).context("the password can't be read")?;
    Ok(Some(given.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Sets the password, if there is one, or prints the secret of a link that sets one.
async fn set_password(
    accounts: &Accounts<'_>,
    account: &accounts::Account,
    password: Option<&str>,
    source: &PasswordSource,
) -> anyhow::Result<()> {
    if let Some(password) = password {
        accounts.set_password(account, password).await?;
        complain(&format!("the password of {} is set", account.email));
    }
    if source.password_link {
        let secret = accounts.operators_password_link(&account.id).await?;
        match &source.public_url {
            Some(public) => {
                complain("the link sets a password once and within three days");
                say(&link(&public.origin(), LinkedPage::Password, &secret))?;
            }
            None => {
                complain(
                    "the secret sets a password once and within three days: give it at /password of the server, or to POST \
                     /api/v1/password-by-link; with --public-url this is the whole link",
                );
                say(&secret)?;
            }
        }
    }
    Ok(())
}

fn tokens_sheet(tokens: &[surety_engine::accounts::ApiToken]) -> Sheet {
    let columns = vec![
        Column::new("id", "Id", Kind::Id).wide(18),
        Column::new("name", "Name", Kind::Text).wide(24),
        Column::new("account", "Account", Kind::Id).wide(18),
        Column::new("scope", "Scope", Kind::Text),
        Column::new("created", "Created", Kind::Text).wide(20),
        Column::new("expires", "Expires", Kind::Text).wide(20),
        Column::new("used", "Last used", Kind::Text).wide(20),
    ];
    let mut sheet = Sheet::new("Tokens", "API tokens", columns);
    let instant = |at: Option<jiff::Timestamp>| -> Cell {
        at.map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default().into()
    };
    for one in tokens {
        sheet.push(vec![
            one.id.clone().into(),
            one.name.clone().into(),
            one.account.clone().into(),
            one.scopes.join(", ").into(),
            instant(Some(one.created_at)),
            instant(one.expires_at),
            instant(one.last_used_at),
        ]);
    }
    sheet
}
