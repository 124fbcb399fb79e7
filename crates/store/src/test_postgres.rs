//! A throw-away PostgreSQL server for tests, started by the first test that needs it.
//!
//! One server runs for each test binary, on a Unix socket in a folder of its own; each test asks for a
//! database of its own. A small shell waits on a pipe from the test binary. When that ends, however it
//! ends, the pipe closes, and the shell stops the server and deletes the folder.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

/// Why there is no server to test on.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoServer(String);

/// The address of a new, empty database for [`crate::PostgresStore::open`].
///
/// # Errors
/// [`NoServer`], which says what to do, if PostgreSQL is not installed or does not start. Tests fail
/// then, and do not skip: what is not tested on PostgreSQL does not work on it.
pub async fn fresh_database() -> Result<String, NoServer> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = Server::shared()?;
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let failed = |error: sqlx::Error| NoServer(format!("could not make a database: {error}"));
    let options: sqlx::postgres::PgConnectOptions =
        server.address("postgres").parse().map_err(failed)?;
    let mut connection = options.connect().await.map_err(failed)?;
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    connection.execute(create).await.map_err(failed)?;
    connection.close().await.map_err(failed)?;
    Ok(server.address(&name))
}

struct Server {
    folder: PathBuf,
    /// Holds the pipe that the shell waits on.
    _shell: Child,
}

/// Runs as a user who is not root, which PostgreSQL refuses to run as.
const SCRIPT: &str = r#"
set -e
cd "$FOLDER"
"$BIN/initdb" -D data -U postgres -A trust -E UTF8 --locale=C --no-sync >log 2>&1
"$BIN/pg_ctl" -D data -w -l log -o "-k '$FOLDER' -c listen_addresses= -c fsync=off \
    -c max_connections=300 -c shared_buffers=32MB" start >>log 2>&1
echo ready
read -r _ || true
"$BIN/pg_ctl" -D data -m immediate stop >>log 2>&1 || true
cd /
rm -rf "$FOLDER"
"#;

impl Server {
    fn shared() -> Result<&'static Self, NoServer> {
        static SERVER: OnceLock<Result<Server, NoServer>> = OnceLock::new();
        SERVER.get_or_init(Self::start).as_ref().map_err(Clone::clone)
    }

    fn start() -> Result<Self, NoServer> {
        let programs = find_programs().ok_or_else(|| {
            NoServer(
                "these tests need PostgreSQL, and there is no initdb in /usr/lib/postgresql/*/bin \
                 or PATH: install it, for example with apt-get install postgresql"
                    .to_owned(),
            )
        })?;
        let failed = |error: std::io::Error| NoServer(format!("PostgreSQL not started: {error}"));
        // Not in TMPDIR: the path of a Unix socket may have some hundred bytes only.
        let folder = tempfile::Builder::new().prefix("pg").tempdir_in("/tmp").map_err(failed)?;
        let mut shell = Command::new("sh");
        shell
            .args(["-c", SCRIPT])
            .env("BIN", programs)
            .env("FOLDER", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        stand_apart(&mut shell, folder.path())?;
        let mut shell = shell.spawn().map_err(failed)?;
        let mut said = String::new();
        if let Some(output) = shell.stdout.take() {
            BufReader::new(output).read_line(&mut said).map_err(failed)?;
        }
        if said.trim_end() != "ready" {
            let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            return Err(NoServer(format!("PostgreSQL not started; its log says:\n{log}")));
        }
        // From here on the shell deletes the folder.
        Ok(Self { folder: folder.keep(), _shell: shell })
    }

    fn address(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.display())
    }
}

/// The folder with the newest `initdb`.
fn find_programs() -> Option<PathBuf> {
    let version =
        |folder: &PathBuf| -> Option<u32> { folder.parent()?.file_name()?.to_str()?.parse().ok() };
    let installed = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .max_by_key(version);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = || std::env::split_paths(&path).find(|folder| folder.join("initdb").exists());
    installed.or_else(on_path)
}

/// Lets `shell` outlive the keys that interrupt the tests, and gives it and `folder` to the user
/// `postgres` if this is root.
fn stand_apart(shell: &mut Command, folder: &Path) -> Result<(), NoServer> {
    use std::os::unix::process::CommandExt;
    shell.process_group(0);
    if id(&["-u"])? != 0 {
        return Ok(());
    }
    let (user, group) = (id(&["-u", "postgres"])?, id(&["-g", "postgres"])?);
    shell.uid(user).gid(group);
    std::os::unix::fs::chown(folder, Some(user), Some(group))
        .map_err(|error| NoServer(format!("could not give the folder to postgres: {error}")))
}

/// What `id` says.
fn id(arguments: &[&str]) -> Result<u32, NoServer> {
    let failed = |error: &dyn std::fmt::Display| {
        NoServer(format!("PostgreSQL does not run as root, and there is no user postgres: {error}"))
    };
    let output = Command::new("id").args(arguments).output().map_err(|error| failed(&error))?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.trim().parse().map_err(|error| failed(&error))
}
