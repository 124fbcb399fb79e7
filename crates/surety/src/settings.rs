//! The configuration file: TOML whose keys are the long names of options.
//!
//! What it says stands in for the defaults of the options, so the environment goes before it, and the command line before
//! both; each value is read as the option itself would read it. Tables `[[oidc]]` name providers of identity, for which there are no
//! options.

use std::{ffi::OsString, path::Path};

use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches};
use surety_engine::accounts::oidc::Provider;
use toml::{Table, Value};

use crate::args::{Alone, Args, Command as Asked};

/// The most that a configuration file may have, in bytes.
const LIMIT: u64 = 1 << 20;

/// The command whose options a file may set beside those that all commands have.
const SERVE: &str = "serve";

/// The key under which the file names providers of identity, each a table.
const PROVIDERS: &str = "oidc";

/// Options about this one call, which no file sets.
const ONLY_NOW: &[&str] = &["config", "help", "version", "pretend-now"];

/// The arguments of this process, with what its configuration file says.
pub(crate) fn parse() -> Result<Args, clap::Error> {
    let given: Vec<OsString> = std::env::args_os().collect();
    let plain = Args::command();
    let (command, providers) = match named_file(&plain, &given) {
        None => (plain, Vec::new()),
        Some(file) => {
            let fail = |message: String| {
                Args::command().error(clap::error::ErrorKind::InvalidValue, message)
            };
            let mut table = read(Path::new(&file)).map_err(fail)?;
            let said =
                providers(&mut table).and_then(|providers| Ok((apply(plain, &table)?, providers)));
            said.map_err(|message| fail(format!("{}: {message}", Path::new(&file).display())))?
        }
    };
    let matches: ArgMatches = command.try_get_matches_from(given)?;
    let mut args = Args::from_arg_matches(&matches)?;
    let conflict =
        |message| Args::command().error(clap::error::ErrorKind::ArgumentConflict, message);
    args.global.settle_place(&matches).map_err(conflict)?;
    if let Asked::Alone(Alone::Serve(serve)) = &mut args.command {
        serve.oidc = providers;
    }
    Ok(args)
}

/// Takes the providers of identity out of what a file says.
///
/// # Errors
/// What is wrong with them. What may be a secret is not repeated.
fn providers(table: &mut Table) -> Result<Vec<Provider>, String> {
    let wrong = |what: &str| format!("`{PROVIDERS}`: {what}");
    let list = match table.remove(PROVIDERS) {
        None => return Ok(Vec::new()),
        Some(Value::Array(list)) if list.iter().all(Value::is_table) => list,
        Some(_) => return Err(wrong("give each provider as a table, [[oidc]]")),
    };
    let read = |one: Value| {
        if one.get("client_secret").is_some_and(|secret| !secret.is_table()) {
            let what = "client_secret: say where it is: { file = \"PATH\" } or { env = \"NAME\" }";
            return Err(wrong(what));
        }
        one.try_into().map_err(|error: toml::de::Error| wrong(error.message()))
    };
    list.into_iter().map(read).collect()
}

/// The file that `--config` or the environment names. Other mistakes on the command line are told later.
fn named_file(command: &Command, given: &[OsString]) -> Option<OsString> {
    let matches = command.clone().ignore_errors(true).try_get_matches_from(given).ok();
    let of = |matches: &ArgMatches| {
        matches.try_get_one::<std::path::PathBuf>("config").ok().flatten().cloned()
    };
    let matches = matches?;
    let below = matches.subcommand().and_then(|(_, below)| of(below));
    below.or_else(|| of(&matches)).map(OsString::from)
}

fn read(file: &Path) -> Result<Table, String> {
    let place = file.display();
    let metadata = std::fs::metadata(file);
    let length = metadata.map_err(|error| format!("{place}: can't be read: {error}"))?.len();
    if length > LIMIT {
        return Err(format!("{place}: a configuration file has at most {LIMIT} bytes"));
    }
    let text = std::fs::read_to_string(file);
    let text = text.map_err(|error| format!("{place}: can't be read: {error}"))?;
    text.parse().map_err(|error| format!("{place}: {error}"))
}

/// Puts what the file says in place of defaults.
///
/// # Errors
/// What is wrong with which key.
fn apply(mut command: Command, table: &Table) -> Result<Command, String> {
    for (key, value) in table {
        let text = text(key, value)?;
        let of_all = find(&command, key);
        let of_serve = command.find_subcommand(SERVE).and_then(|serve| find(serve, key));
        let Some(id) = of_all.clone().or(of_serve) else { return Err(unknown(&command, key)) };
        check(&command, key, &text)?;
        let put = |arg: Arg| {
            let hidden = arg.is_hide_env_values_set();
            arg.default_value(text).hide_default_value(hidden)
        };
        command = if of_all.is_some() {
            command.mut_arg(id, put)
        } else {
            command.mut_subcommand(SERVE, |serve| serve.mut_arg(id, put))
        };
    }
    Ok(command)
}

/// The id of the option with this long name, if a file may set it.
fn find(command: &Command, name: &str) -> Option<String> {
    let found = settable(command).find(|arg| arg.get_long() == Some(name))?;
    Some(found.get_id().to_string())
}

fn settable(command: &Command) -> impl Iterator<Item = &Arg> {
    let may = |arg: &&Arg| arg.get_long().is_some_and(|long| !ONLY_NOW.contains(&long));
    command.get_arguments().filter(may)
}

fn unknown(command: &Command, key: &str) -> String {
    let serve = command.find_subcommand(SERVE).into_iter().flat_map(settable);
    let mut known: Vec<_> = settable(command).chain(serve).filter_map(Arg::get_long).collect();
    known.push(PROVIDERS);
    known.sort_unstable();
    format!("there is no setting `{key}`; there are: {}", known.join(", "))
}

/// A value as one would type it.
fn text(key: &str, value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Boolean(yes) => Ok(yes.to_string()),
        Value::Float(_) | Value::Datetime(_) | Value::Array(_) | Value::Table(_) => {
            Err(format!("`{key}`: give a text, a whole number, true or false"))
        }
    }
}

/// Has the option read the value, so that a mistake is told with the key and not as if it had been typed.
fn check(command: &Command, key: &str, text: &str) -> Result<(), String> {
    let option = match text {
        "true" => format!("--{key}"),
        // A switch that is off is one that is not given.
        "false" => return Ok(()),
        _ => format!("--{key}={text}"),
    };
    let tried = command.clone().try_get_matches_from(["surety", SERVE, &option]);
    let Err(error) = tried else { return Ok(()) };
    let said = error.to_string();
    let line = said.lines().next().unwrap_or_default();
    Err(format!("`{key}`: {}", line.strip_prefix("error: ").unwrap_or(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str, given: &[&str]) -> Result<Args, String> {
        let command = apply(Args::command(), &text.parse().unwrap())?;
        let matches = command.try_get_matches_from(given).map_err(|error| error.to_string())?;
        Args::from_arg_matches(&matches).map_err(|error| error.to_string())
    }

    fn listens(args: &Args) -> String {
        let crate::args::Command::Alone(crate::args::Alone::Serve(serve)) = &args.command else {
            panic!("not serve")
        };
        serve.listen.to_string()
    }

    #[test]
    fn a_file_stands_below_the_command_line() {
        let file = "listen = \"127.0.0.1:1\"\ndata = \"/srv/surety\"\nmax-body = 5\nquiet = true";
        let args = with(file, &["surety", "serve"]).unwrap();
        assert_eq!(listens(&args), "127.0.0.1:1");
        assert_eq!(args.global.data, Path::new("/srv/surety"));
        assert!(args.global.quiet);
        let args = with(file, &["surety", "serve", "--listen", "127.0.0.1:2"]).unwrap();
        assert_eq!(listens(&args), "127.0.0.1:2");
        let other = with(file, &["surety", "soa"]).unwrap();
        assert_eq!(other.global.data, Path::new("/srv/surety"));
    }

    #[test]
    fn a_mistake_names_its_key() {
        for (file, says) in [
            ("lisen = \"127.0.0.1:1\"", "there is no setting `lisen`; there are: "),
            ("listen = \"nowhere\"", "`listen`: invalid value 'nowhere'"),
            ("listen = [1]", "`listen`: give a text"),
            ("timeout = 0", "`timeout`: invalid value '0'"),
            ("config = \"other.toml\"", "there is no setting `config`"),
            ("pretend-now = \"2026-01-01T00:00:00Z\"", "there is no setting `pretend-now`"),
        ] {
            let error = with(file, &["surety", "serve"]).unwrap_err();
            assert!(error.starts_with(says), "{error}");
        }
    }

    fn read_providers(text: &str) -> Result<Vec<Provider>, String> {
        let mut table: Table = text.parse().unwrap();
        let read = providers(&mut table);
        assert!(!table.contains_key(PROVIDERS), "options do not see it");
        read
    }

    #[test]
    fn tables_name_providers_of_identity() {
        let one = "name = \"a\"\nissuer = \"https://id.example\"\nclient_id = \"surety\"\ndomains = [\"x.example\"]\n";
        let file = format!(
            "[[oidc]]\n{one}client_secret = {{ env = \"A\" }}\n[[oidc]]\n{}",
            one.replace("\"a\"", "\"b\"")
        );
        let names: Vec<_> =
            read_providers(&file).unwrap().into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["a", "b"]);
        assert!(read_providers("listen = \"127.0.0.1:1\"").unwrap().is_empty());
        for (file, says) in [
            (
                "oidc = \"providers.toml\"".to_owned(),
                "`oidc`: give each provider as a table, [[oidc]]",
            ),
            ("[oidc]\nname = \"a\"".to_owned(), "`oidc`: give each provider as a table, [[oidc]]"),
            ("[[oidc]]\nname = \"a\"".to_owned(), "`oidc`: missing field `issuer`"),
            (format!("[[oidc]]\n{one}lifetime = 1"), "`oidc`: unknown field `lifetime`"),
            (
                format!("[[oidc]]\n{one}client_secret = \"hunter2\""),
                "`oidc`: client_secret: say where it is",
            ),
        ] {
            let error = read_providers(&file).unwrap_err();
            assert!(error.starts_with(says) && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_secret_of_the_file_is_not_shown_in_help() {
        let file = "database = \"postgres://kim:secret@localhost/x\"";
        let help = with(file, &["surety", "serve", "--help"]).unwrap_err();
        assert!(help.contains("--database") && !help.contains("secret"), "{help}");
    }
}
