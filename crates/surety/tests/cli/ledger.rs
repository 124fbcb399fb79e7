//! The ledger: checkpoints, proofs, redaction, rotation.

use crate::desk::Desk;

#[test]
fn a_kept_checkpoint_verifies_later_even_after_a_new_key() {
    let desk = Desk::with_systems();
    let checkpoint = desk.done(&["ledger", "checkpoint"]);
    assert!(checkpoint.starts_with("surety/harbour-ferries/"), "{checkpoint}");
    let kept = desk.write("kept.txt", &checkpoint);
    desk.done(&["record", "create", "supplier", "--set", "name=Later Ltd"]);
    let old_keys = desk.done(&["ledger", "keys"]);
    assert!(desk.done(&["ledger", "rotate-key"]).starts_with("new key: surety/harbour-ferries/"));
    let keys = desk.done(&["ledger", "keys"]);
    assert_eq!(keys.lines().count(), 2);
    assert!(keys.contains(old_keys.trim()));
    let said = desk.done(&["ledger", "verify", "--checkpoint", &kept, "--rebuild"]);
    assert!(said.contains("folded anew from the first entry: the same"), "{said}");
}

#[test]
fn a_checkpoint_of_another_history_is_found_wanting() {
    let (desk, other) = (Desk::with_systems(), Desk::with_systems());
    let foreign = desk.write("foreign.txt", &other.done(&["ledger", "checkpoint"]));
    desk.refused(1, &["ledger", "verify", "--checkpoint", &foreign]);
    let checkpoint = desk.done(&["ledger", "checkpoint"]);
    // The same size with another root.
    let mut lines: Vec<_> = checkpoint.lines().map(str::to_owned).collect();
    lines[2] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned();
    let forged = desk.write("forged.txt", &format!("{}\n", lines.join("\n")));
    desk.refused(1, &["ledger", "verify", "--checkpoint", &forged]);
}

#[test]
fn an_entry_and_a_record_are_proved() {
    let desk = Desk::with_systems();
    let proof = desk.done(&["ledger", "prove", "SYS-1"]);
    assert!(proof.starts_with("c2sp.org/tlog-proof@v1\n"), "{proof}");
    desk.done(&["ledger", "prove", "0", "-o", &desk.text_path("zero.proof")]);
    assert!(std::fs::read_to_string(desk.path("zero.proof")).unwrap().contains("index 0"));
}

#[test]
fn redacted_text_is_gone_everywhere_and_every_proof_still_holds() {
    let desk = Desk::with_systems();
    let kept = desk.write("kept.txt", &desk.done(&["ledger", "checkpoint"]));
    desk.done(&[
        "record",
        "update",
        "SYS-1",
        "--set",
        "description=Ask Karla Secret about the gauges",
    ]);
    desk.done(&["record", "update", "SYS-1", "--set", "description=Regression on gauge data"]);
    let history = desk.json(&["record", "history", "SYS-1", "--format", "json"]);
    let seq = history[1]["seq"].to_string();
    desk.done(&[
        "ledger",
        "redact",
        &seq,
        "--reason",
        "erasure request",
        "--field",
        "/body/description",
    ]);
    let log = desk.done(&["ledger", "log", "--limit", "1000", "--format", "json"]);
    assert!(!log.contains("Karla Secret"), "{log}");
    let report =
        desk.json(&["ledger", "verify", "--checkpoint", &kept, "--rebuild", "--format", "json"]);
    assert_eq!(report["redacted"].as_array().unwrap().len(), 1, "{report}");
    assert_eq!(report["rebuilt_equal"], true);
    assert_eq!(
        desk.json(&["record", "show", "SYS-1"])["body"]["description"],
        "Regression on gauge data"
    );
    for file in walk(&desk.path("data")) {
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes.windows(12).any(|window| window == b"Karla Secret");
        assert!(!found, "{} still holds it", file.display());
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files
}

#[test]
fn a_redaction_needs_a_reason_and_an_entry() {
    let desk = Desk::with_systems();
    assert_eq!(desk.run(&["ledger", "redact", "3"]).status, 2);
    assert!(desk.refused(1, &["ledger", "redact", "3", "--reason", " "]).contains("note"));
    assert!(desk.refused(1, &["ledger", "redact", "9999", "--reason", "x"]).contains("9999"));
}

#[cfg(unix)]
#[test]
fn the_signing_key_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    let mode =
        std::fs::metadata(desk.path("data/keys/harbour-ferries.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_log_names_who_did_what() {
    let desk = Desk::with_systems();
    desk.done(&["--actor", "PER-1", "record", "create", "supplier", "--set", "name=Rope Ltd"]);
    let log = desk.done(&["ledger", "log", "--limit", "1000"]);
    assert!(log.lines().last().unwrap().contains("PER-1"), "{log}");
    assert!(log.lines().last().unwrap().contains("SUP-3"), "{log}");
}
