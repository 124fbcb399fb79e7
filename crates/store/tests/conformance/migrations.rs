//! Schemas: made once, however many come at once; frozen; never from the future.

use sqlx::{Connection, PgConnection, Row, SqliteConnection};
use surety_store::StoreError;

use crate::backend::Backend;
use crate::fixture::{ACME, entries};
use crate::on_every_backend;

on_every_backend!(
    a_store_is_migrated_once,
    a_database_from_a_later_version_is_refused,
    a_database_with_an_altered_migration_is_refused,
);

async fn a_store_is_migrated_once(backend: &Backend) {
    backend.store.append(ACME, 0, &entries(0..3)).await.unwrap();
    let again = backend.another_handle().await;
    assert_eq!(again.size(ACME).await.unwrap(), 3);
}

async fn a_database_from_a_later_version_is_refused(backend: &Backend) {
    let later = "INSERT INTO _sqlx_migrations \
                 (version, description, installed_on, success, checksum, execution_time) \
                 SELECT 9999, description, installed_on, success, checksum, execution_time \
                 FROM _sqlx_migrations WHERE version = 1";
    backend.execute(later).await.unwrap();
    let opened = surety_store::open(&backend.location).await;
    assert!(matches!(opened.err(), Some(StoreError::Migrate(_))));
}

async fn a_database_with_an_altered_migration_is_refused(backend: &Backend) {
    backend.execute("UPDATE _sqlx_migrations SET checksum = 'other'").await.unwrap();
    let opened = surety_store::open(&backend.location).await;
    assert!(matches!(opened.err(), Some(StoreError::Migrate(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_can_be_opened_by_many_at_once() {
    let folder = tempfile::tempdir().unwrap();
    // Several files, as only a new one is turned to WAL mode, in a moment that is easily missed.
    let sqlite = (0..20).map(|each| folder.path().join(each.to_string()));
    let sqlite = sqlite.map(|folder| folder.to_str().unwrap().to_owned());
    let postgres = surety_store::test_postgres::fresh_database().await.unwrap();
    for location in sqlite.chain([postgres]) {
        let open = |_| {
            let location = location.clone();
            tokio::spawn(async move { surety_store::open(&location).await.map(|_| ()) })
        };
        for opened in (0..6).map(open).collect::<Vec<_>>() {
            opened.await.unwrap().unwrap();
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_the_files_of_sqlite() {
    use std::os::unix::fs::PermissionsExt;
    let backend = Backend::sqlite().await;
    backend.store.append(ACME, 0, &entries(0..3)).await.unwrap();
    for file in std::fs::read_dir(backend.folder.as_ref().unwrap()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn a_file_of_something_else_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("surety.db");
    let text = "minutes of the management review\n".repeat(100);
    std::fs::write(&file, &text).unwrap();
    let opened = surety_store::open(folder.path().to_str().unwrap()).await;
    assert!(matches!(opened.err(), Some(StoreError::Database { .. })));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    let inside = format!("sqlite:{}/ledger.db", file.display());
    let opened = surety_store::open(&inside).await;
    assert!(matches!(opened.err(), Some(StoreError::Folder { .. })));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_reported() {
    // Port 1 is reserved; nothing listens there.
    let opened = surety_store::open("postgres://nobody@127.0.0.1:1/none").await;
    assert!(matches!(opened.err(), Some(StoreError::Database { .. })));
}

fn line(version: i64, checksum: &[u8]) -> String {
    let digits: String = checksum.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{version} {digits}")
}

const APPLIED: &str = "SELECT version, checksum FROM _sqlx_migrations ORDER BY version";

// Once a version has been released, a line here may be added and none may change: databases that
// were made with it could no longer be opened.

#[tokio::test(flavor = "multi_thread")]
async fn the_migrations_of_sqlite_are_frozen() {
    let backend = Backend::sqlite().await;
    let file = format!("sqlite:{}/surety.db", backend.location);
    let mut connection = SqliteConnection::connect(&file).await.unwrap();
    let rows = sqlx::query(APPLIED).fetch_all(&mut connection).await.unwrap();
    let lines: Vec<_> = rows.iter().map(|row| line(row.get(0), row.get(1))).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    1 ac76b189d5a525e9b69364e3c10f981d22c7287c75a6b6ef05754970af200f2503b051ea0c794fb18c260f59400615d0
    2 9219de2e294c941bbd7b5824354b45e5b199c5b5ffa7a119c901d28aaf9d79cf51cea5a2486ebf475336111dba4b7521
    3 2ac53a8b65d4ec4c597a5a1359c85a77d5f5f8e1e45310d782aa85576178005a661d9e1f44a227c6477f5377ab8782e6
    4 3151ad4441bb4754aa80265d1b2fb5a6451a5c3113a6ed000c3fc975bb6c69339d69a97c57d440bdee8ad71cc068434f
    5 509aa824115fc9171e5227470ed37ca02b965f7df559d4e210327d1e54142a8e6f80af535c206dab9cafcdb83dbdbc08
    6 ab35afd845d730442660ae08c63d9f12ae94de0ec55dec997f301b853454be919d7058632cf2a7a19db5f8b63bfa8ab3
    7 8ad9689511b480d99c94360aabdbbc0186d1cd2dd1be2ddc020cbd44539bceb091341d483a58de8e9014beaf002a9c4c
    8 4c56abfdd65d9dc50a0cd03cda9fa746a3d873e70cf5e6d94fc1bc9fa9a497f3841bf2813db129893acf1bfeac88987b
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_migrations_of_postgres_are_frozen() {
    let backend = Backend::postgres().await;
    let mut connection = PgConnection::connect(&backend.location).await.unwrap();
    let rows = sqlx::query(APPLIED).fetch_all(&mut connection).await.unwrap();
    let lines: Vec<_> = rows.iter().map(|row| line(row.get(0), row.get(1))).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    1 2b40ca2d8cffdb9e864d765381ab9a14a6782080b9def67edaa5f5f1f8afe1d820889f78e5d3a4ad10ef11d19f0dd672
    2 4eeefa5b18d36dbb5673d7b11948a877c3760c002cf13d5c0c9b18a3e5a44a616fdd71b9bb587999c71829d96865bb17
    3 eb2dd252c99c5b67888a0ef2d2999551468d217577dff75fed77bf2dd9de10796d697c3e7d88bfe43ef7cf1612e0ffdc
    4 09ddb4b325f091025998864013e69b72a6227c3c9148d649f5df4df76d8c3e4324d9daa0cc665b8c13c46458b3cfb797
    5 ab35afd845d730442660ae08c63d9f12ae94de0ec55dec997f301b853454be919d7058632cf2a7a19db5f8b63bfa8ab3
    6 0617af4228fca97eb9710802057a7b2964d563d3c8bafe211c6f4bc42f45910bb46da78cfc8b22b7d97405adfdd1adcc
    7 d44de9d07a9139ae5d38b9a7ab23d2921b00605c47baa6ba3eef207eeea491a0fa76dbeead5814b0313430d3e3bb57a7
    ");
}
