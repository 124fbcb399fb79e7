//! Backup and restore as they are typed.

use crate::desk::Desk;

#[test]
fn what_was_backed_up_is_there_again_and_verified() {
    let desk = Desk::with_systems();
    let minutes = desk.write("minutes.txt", "what was said");
    desk.done(&[
        "record",
        "create",
        "evidence_item",
        "--set",
        "title=Minutes",
        "--set",
        "kind=file",
        "--file",
        &minutes,
    ]);
    desk.done(&[
        "account",
        "add",
        "kim@ferries.example",
        "--name",
        "Kim",
        "--role",
        "owner",
        "--person",
        "PER-1",
    ]);
    let written = desk.done(&["backup", "all.zip"]);
    assert!(written.contains("harbour-ferries: "), "{written}");
    assert!(written.contains("1 accounts\n  no signing keys"), "{written}");
    let told = desk.done(&["restore", "all.zip", "--data", "restored"]);
    for wanted in [
        "restored and verified, as of 2026-11-20T15:00:00Z",
        "files read and compared",
        "1 accounts with 1 parts in organisations, 0 API tokens, 0 passkeys, 0 identities at providers, 0 saved views",
        "checkpoints will be signed with a new key",
    ] {
        assert!(told.contains(wanted), "{wanted} is missing:\n{told}");
    }
    let soa = |data: &str| desk.done(&["soa", "--format", "json", "--data", data]);
    assert_eq!(soa("restored"), soa("data"));
    let verified = desk.done(&["ledger", "verify", "--rebuild", "--data", "restored"]);
    assert!(verified.contains("folded anew from the first entry: the same"), "{verified}");
}

#[test]
fn a_backup_says_in_json_what_is_in_it() {
    let desk = Desk::new();
    let written = desk.json(&["backup", "all.zip", "--with-keys", "--format", "json"]);
    assert_eq!(written["organisations"][0]["id"], "harbour-ferries");
    assert_eq!(written["signing_keys"], 1);
    let told = desk.json(&["restore", "all.zip", "--data", "restored", "--format", "json"]);
    assert_eq!(told["organisations"][0]["root"], written["organisations"][0]["root"]);
    assert_eq!(told["signing_keys"], 1);
}

#[test]
fn a_restore_that_can_not_be_says_why_and_leaves_nothing() {
    let desk = Desk::new();
    desk.done(&["backup", "all.zip"]);
    let taken = desk.refused(1, &["backup", "all.zip"]);
    assert!(taken.contains("is there already"), "{taken}");
    let full = desk.refused(1, &["restore", "all.zip"]);
    assert!(full.contains("is not empty"), "{full}");
    let other = desk.write("other.zip", "no zip at all");
    let refused = desk.refused(1, &["restore", &other, "--data", "restored"]);
    assert!(refused.contains("is no whole backup"), "{refused}");
    assert!(!desk.path("restored").exists());
    let nothing = desk.refused(1, &["backup", "more.zip", "--data", "nowhere"]);
    assert!(nothing.contains("there is no organisation"), "{nothing}");
    assert!(!desk.path("nowhere").exists());
}
