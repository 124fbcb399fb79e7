//! Who may do what through a server, and what is said if it can't be asked.

use super::{Twins, token};
use crate::{desk::Desk, door::Server};

fn address(server: &Server) -> String {
    format!("http://{}", server.address)
}

#[test]
fn nobody_does_more_than_the_role_allows() {
    let roles = [("viewer", "PER-1"), ("auditor", "PER-1"), ("contributor", "PER-2")];
    let twins = Twins::with(Desk::with_systems(), &roles);
    let [viewer, auditor, contributor] = &twins.others[..] else { unreachable!() };
    for desk in [viewer, auditor, contributor] {
        assert_eq!(desk.done(&["soa"]), twins.here.done(&["soa"]));
        let said = desk.refused(1, &["apply", "nowhere"]);
        assert!(said.contains("may not administer the organisation"), "{said}");
        let policy = ["record", "create", "policy", "--set", "title=Mine"];
        assert!(desk.refused(1, &policy).contains("may not state records of this kind"));
        let redact = ["ledger", "redact", "3", "--reason", "x"];
        assert!(desk.refused(1, &redact).contains("may not"));
        assert!(desk.refused(1, &["ledger", "rotate-key"]).contains("may not"));
        assert!(desk.refused(1, &["record", "erase", "PER-1"]).contains("may not"));
    }
    for desk in [viewer, contributor] {
        for asked in [&["ledger", "verify"][..], &["ledger", "log"], &["pack", "-o", "pack.zip"]] {
            assert!(desk.refused(1, asked).contains("may not read the ledger"));
        }
    }
    auditor.done(&["ledger", "verify"]);
    auditor.done(&["pack", "-o", "pack.zip"]);
    let risk = ["record", "create", "risk", "--set", "title=Fog"];
    assert_eq!(contributor.done(&risk), "RSK-1\n");
    assert!(contributor.done(&["record", "history", "RSK-1"]).contains("PER-2"));
    assert!(viewer.refused(1, &risk).contains("may not state records of this kind"));
}

#[test]
fn a_contributor_attaches_evidence() {
    let twins = Twins::with(Desk::with_systems(), &[("contributor", "PER-2")]);
    let contributor = &twins.others[0];
    contributor.write("log.txt", "alarm at noon\n");
    let create = ["record", "create", "evidence_item", "--set", "title=Log", "--file", "log.txt"];
    assert_eq!(contributor.done(&create), "EVD-1\n");
    twins.away.done(&["export", "out"]);
    let files = super::files(&twins.away.path("out/files"));
    assert!(files.values().any(|bytes| bytes == b"alarm at noon\n"), "{files:?}");
}

#[test]
fn a_token_for_reading_changes_nothing_and_one_of_the_past_is_told_why() {
    let desk = Desk::with_systems();
    let reading = token(&desk, "owner", "PER-1", "read");
    desk.done(&[
        "account",
        "add",
        "ana@audit.example",
        "--name",
        "Ana",
        "--role",
        "auditor",
        "--until",
        "2026-06-30",
    ]);
    let past = ["account", "token", "ana@audit.example", "--name", "x", "--scope", "ledger"];
    let past = desk.done(&past).trim().to_owned();
    let server = Server::logging(&desk, "warn");
    let reader = Desk::away(&address(&server), &reading);
    reader.done(&["soa"]);
    let said = reader.refused(1, &["record", "create", "risk", "--set", "title=Fog"]);
    assert!(said.contains("may not state records"), "{said}");
    let said = Desk::away(&address(&server), &past).refused(1, &["soa"]);
    assert!(said.contains("of which you see the past"), "{said}");
}

#[test]
fn what_can_not_be_asked_says_why() {
    let desk = Desk::with_systems();
    let good = token(&desk, "owner", "PER-1", "write");
    let server = Server::logging(&desk, "warn");
    let place = address(&server);
    let away = |place: &str, token: &str| Desk::away(place, token);
    let said = away(&place, "surety_nonsense").refused(1, &["soa"]);
    assert!(said.contains("the token is not valid"), "{said}");
    assert!(!said.contains("surety_nonsense"));
    let said = away("http://surety.example", &good).refused(1, &["soa"]);
    assert!(said.contains("--allow-http"), "{said}");
    let said = away("surety.example", &good).refused(1, &["soa"]);
    assert!(said.contains("https://"), "{said}");
    let said = away(&place, &good).refused(2, &["soa", "--actor", "PER-2"]);
    assert!(said.contains("the token says who acts: PER-1"), "{said}");
    let said = away(&place, &good).refused(1, &["soa", "--organisation", "other"]);
    assert!(said.contains("no organisation `other`"), "{said}");
    server.end();
    let said = away(&place, &good).refused(1, &["soa"]);
    assert!(said.contains(&format!("no server answers at {place}")), "{said}");
    let said = Desk::bare().refused(2, &["soa", "--server", &place]);
    assert!(said.contains("--token-file"), "{said}");
}

#[test]
fn a_token_comes_from_a_file_and_the_place_from_the_command_line() {
    let desk = Desk::with_systems();
    let good = token(&desk, "owner", "PER-1", "write");
    let server = Server::logging(&desk, "warn");
    let file = desk.write("token", &format!("{good}\n"));
    let bare = Desk::bare();
    let place = address(&server);
    // SURETY_DATA stands in the environment; the command line goes before it.
    bare.done(&["soa", "--server", &place, "--token-file", &file]);
    let away = Desk::away(&place, &good);
    let folder = desk.text_path("data");
    let here = away.done(&["--data", &folder, "record", "create", "risk", "--set", "title=Fog"]);
    assert_eq!(here, "RSK-1\n");
    assert!(desk.done(&["record", "history", "RSK-1"]).contains("operator"), "done on the folder");
    let said = bare.refused(2, &["soa", "--server", &place, "--data", &folder]);
    assert!(said.contains("--server asks a server;"), "{said}");
}

#[test]
fn what_is_done_where_the_data_is_is_not_done_through_a_server() {
    let away = Desk::away("https://surety.example", "surety_x");
    for command in [
        &["init", "--org", "Other"][..],
        &["serve"],
        &["account", "tokens"],
        &["backup", "all.zip"],
        &["restore", "all.zip"],
    ] {
        let said = away.refused(2, command);
        assert!(said.contains("where the data folder is"), "{command:?}: {said}");
    }
}
