//! Help, completions, wrong use.

use crate::desk::Desk;

#[test]
fn help_shows_examples_and_the_exit_status() {
    let help = Desk::bare().done(&["--help"]);
    for wanted in [
        "Examples:",
        "surety import",
        "surety verify",
        "Exit status: 0 done, 1 refused",
        "SURETY_DATA",
    ] {
        assert!(help.contains(wanted), "{wanted} is missing:\n{help}");
    }
}

#[test]
fn commands_that_are_hard_to_guess_show_an_example() {
    let desk = Desk::bare();
    for command in [
        &["import"][..],
        &["apply"],
        &["soa"],
        &["plan"],
        &["coverage"],
        &["risks"],
        &["dossier"],
        &["policy"],
        &["diff"],
        &["pack"],
        &["verify"],
        &["framework", "import"],
        &["record", "create"],
        &["record", "update"],
        &["record", "move"],
        &["ledger", "verify"],
        &["ledger", "prove"],
        &["ledger", "redact"],
    ] {
        let help = desk.done(&[command, &["--help"]].concat());
        assert!(help.contains("Example"), "{command:?} has no example:\n{help}");
    }
}

#[test]
fn wrong_use_ends_with_2_and_says_what_is_right() {
    let desk = Desk::with_systems();
    for (arguments, says) in [
        (&["frobnicate"][..], "unrecognized subcommand"),
        (&["soa", "--format", "yaml"], "table, json, csv, xlsx"),
        (&["soa", "--as-of", "yesterday"], "yesterday"),
        (&["soa", "--why", "A.99"], "CONTROL:SYSTEM"),
        (&["soa", "--from", "2026-12-01", "--to", "2026-01-01"], "lies after"),
        (&["record", "list", "systems"], "ai_system"),
        (&["record", "show", "12"], "12"),
        (&["record", "list", "ai_system", "--state", "alive"], "in_operation"),
        (&["record", "create", "ai_system", "--set", "colour=red"], "has no field `colour`"),
        (&["record", "create", "ai_system", "--set", "name"], "FIELD=VALUE"),
        (&["diff", "weather", "--from", "2026-01-01"], "soa, gap"),
        (&["plan", "--adopt", "9999", "--owner", "PER-1", "--due", "2027-01-01"], "no such rank"),
        (&["import", "x.csv", "--as", "docx"], "model_card"),
        (&["ledger", "prove", "what"], "neither the number"),
        (&["verify", "x.zip", "--vkey", "nonsense"], "--vkey"),
        (&["--actor", "SYS-1", "soa"], "not a person"),
    ] {
        let said = desk.refused(2, arguments);
        assert!(said.contains(says), "{arguments:?} should say {says}:\n{said}");
    }
}

#[test]
fn what_is_not_there_is_refused_with_1() {
    let desk = Desk::with_systems();
    for (arguments, says) in [
        (&["record", "show", "SYS-99"][..], "SYS-99"),
        (&["import", "missing.csv"], "missing.csv"),
        (&["apply", "nowhere"], "nowhere"),
        (&["soa", "--framework", "iso9999"], "iso9999"),
        (&["gap", "iso9999"], "iso9999"),
        (&["framework", "show", "iso42001", "A.99"], "A.99"),
        (&["coverage", "--from", "iso42001", "--to", "iso9999"], "iso9999"),
        (&["verify", "missing.zip"], "missing.zip"),
        (&["ledger", "prove", "999999"], "999999"),
        (&["--actor", "PER-99", "soa"], "PER-99"),
        (&["--organisation", "other", "soa"], "other"),
    ] {
        let said = desk.refused(1, arguments);
        assert!(
            said.starts_with("error: ") && said.contains(says),
            "{arguments:?} should say {says}:\n{said}"
        );
    }
}

#[test]
fn a_command_without_an_organisation_says_how_to_start_one_and_leaves_nothing_behind() {
    let desk = Desk::bare();
    let said = desk.refused(1, &["soa"]);
    assert!(said.contains("surety init --org NAME"), "{said}");
    assert!(!desk.path("data").exists());
}

#[test]
fn an_organisation_is_started_once() {
    let desk = Desk::new();
    assert!(desk.refused(1, &["init", "--org", "Harbour Ferries"]).contains("harbour-ferries"));
    desk.done(&["init", "--org", "Second Line"]);
    let said = desk.refused(1, &["soa"]);
    assert!(said.contains("harbour-ferries") && said.contains("second-line"), "{said}");
    desk.done(&["soa", "--organisation", "second-line"]);
    assert_eq!(desk.run(&["init", "--org", "!!!"]).status, 1);
}

#[test]
fn every_shell_gets_completions() {
    let desk = Desk::bare();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = desk.done(&["completions", shell]);
        assert!(script.contains("coverage"), "{shell}");
    }
    assert_eq!(desk.run(&["completions", "abacus"]).status, 2);
}

#[test]
fn the_version_is_told() {
    assert_eq!(
        Desk::bare().done(&["--version"]),
        format!("surety {}\n", env!("CARGO_PKG_VERSION"))
    );
}
