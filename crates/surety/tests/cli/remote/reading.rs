//! Every question, in every format.

use super::Twins;
use crate::{desk::Desk, examples::company};

/// Questions about the example company.
const VIEWS: &[&[&str]] = &[
    &["soa"],
    &["gap"],
    &["plan", "--top", "20"],
    &["due"],
    &["readiness"],
    &["risks"],
    &["dossier", "SYS-1"],
    &["coverage", "--from", "iso42001", "--to", "iso27001"],
    &["inventory"],
    &["activity", "--from", "2026-01-01"],
    &["diff", "records", "--from", "2026-01-31"],
    &["framework", "list"],
    &["record", "list", "person"],
    &["record", "history", "SYS-1"],
    &["classify", "--kept"],
];

#[test]
fn views_are_the_same_in_every_format() {
    let twins = Twins::of(company());
    for view in VIEWS {
        for format in ["table", "json", "csv", "md", "xlsx"] {
            let ran = twins.same(&[view, &["--format", format][..]].concat());
            assert!(!ran.bytes.is_empty(), "{view:?} as {format}");
        }
    }
}

#[test]
fn past_days_explanations_and_the_law_are_the_same() {
    let twins = Twins::of(company());
    for question in [
        &["soa", "--as-of", "2026-06-30", "--format", "json"][..],
        &["soa", "--why", "A.6.2.6:SYS-1"],
        &["gap", "iso42001", "--as-of", "2026-01-31"],
        &["inventory", "--as-of", "2025-12-31"],
        &["diff", "soa", "--from", "2026-06-30"],
        &["record", "show", "SYS-1"],
        &["record", "show", "PER-1"],
        &["record", "show", "SYS-1", "--as-of", "2026-02-01"],
        &["record", "history", "ai_system", "--format", "json"],
        &["record", "kinds"],
        &["record", "schema", "risk"],
        &["framework", "show", "iso42001", "A.6.2.4"],
        &["classify", "SYS-1", "--no-questions", "--format", "json"],
        &["classify", "--all", "--no-questions"],
        &["law", "calendar"],
        &["law", "binding", "--scope", "high_risk_annex_iii"],
        &["clock", "--list"],
    ] {
        twins.same(question);
    }
    twins.refused(1, &["record", "show", "SYS-999"]);
    twins.refused(1, &["framework", "show", "nowhere"]);
    twins.refused(2, &["record", "list", "systems"]);
}

#[test]
fn the_ledger_proves_the_same_from_afar() {
    let twins = Twins::of(Desk::with_systems());
    let checkpoint = twins.done(&["ledger", "checkpoint"]);
    twins.write("kept.txt", &checkpoint);
    twins.done(&["ledger", "keys"]);
    twins.done(&["ledger", "log", "--format", "json"]);
    twins.done(&["ledger", "log", "--from", "3", "--limit", "2"]);
    let verified = twins.done(&["ledger", "verify", "--checkpoint", "kept.txt", "--rebuild"]);
    assert!(verified.contains("folded anew from the first entry: the same"), "{verified}");
    twins.done(&["ledger", "verify", "--format", "json"]);
    twins.done(&["ledger", "prove", "SYS-1"]);
    twins.done(&["ledger", "prove", "0", "-o", "zero.proof"]);
    let proof = |desk: &Desk| std::fs::read(desk.path("zero.proof")).unwrap();
    assert_eq!(proof(&twins.here), proof(&twins.away));
    assert!(twins.refused(1, &["ledger", "prove", "999"]).contains("no entry 999"));
    twins.write("foreign.txt", &Desk::new().done(&["ledger", "checkpoint"]));
    twins.refused(1, &["ledger", "verify", "--checkpoint", "foreign.txt"]);
}

#[test]
fn packs_and_exports_are_the_same_files() {
    let twins = Twins::of(company());
    twins.done(&["pack", "-o", "now.zip"]);
    twins.done(&["pack", "--as-of", "2026-06-30", "-o", "june.zip"]);
    for pack in ["now.zip", "june.zip"] {
        let bytes = |desk: &Desk| std::fs::read(desk.path(pack)).unwrap();
        assert!(bytes(&twins.here) == bytes(&twins.away), "{pack} differs");
        assert!(twins.done(&["verify", pack]).contains("verified: Nordlicht Mobility GmbH"));
    }
    twins.export_the_same();
}
