//! The same commands over PostgreSQL.

use crate::desk::{Desk, fixture};

#[test]
fn a_ledger_in_postgresql_answers_as_one_in_a_folder() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = runtime.block_on(surety_store::test_postgres::fresh_database()).unwrap();
    let desk = Desk::bare();
    let run = |arguments: &[&str]| desk.done(&[&["--database", &database], arguments].concat());
    run(&["init", "--org", "Harbour Ferries"]);
    run(&["import", &fixture("systems.csv")]);
    assert!(run(&["soa"]).contains("38 controls x 3 AI systems"));
    assert!(
        run(&["ledger", "verify", "--rebuild"])
            .contains("folded anew from the first entry: the same")
    );
    let pack = desk.text_path("pack.zip");
    run(&["pack", "-o", &pack]);
    desk.done(&["verify", &pack]);
    assert!(!desk.path("data/surety.db").exists());

    let folder = Desk::with_systems();
    run(&["export", &desk.text_path("out")]);
    folder.done(&["export", &folder.text_path("out")]);
    let file = "out/ai_system/SYS-3.yaml";
    assert_eq!(std::fs::read(desk.path(file)).unwrap(), std::fs::read(folder.path(file)).unwrap());
}

#[test]
fn a_database_that_is_not_there_is_refused_at_once() {
    let said = Desk::bare()
        .refused(1, &["--database", "postgres://nobody@localhost/none?host=/nowhere", "soa"]);
    assert!(said.contains("PostgreSQL"), "{said}");
}
