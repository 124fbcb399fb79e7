//! The demo organisation: believable, whole, the same every time, and kept when it is there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{desk::Desk, door::Server};

/// The day after its history ends.
const TODAY: &str = "2026-11-21T09:00:00Z";
/// Somewhere to listen that is free.
const FREE: &str = "127.0.0.1:0";

/// A demo that was just made.
fn made() -> Desk {
    let mut desk = Desk::bare();
    desk.at(TODAY).done(&["demo", "--quiet", "--listen", FREE]);
    desk
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn count(values: &Value, holds: impl Fn(&Value) -> bool) -> usize {
    list(values).iter().filter(|one| holds(one)).count()
}

fn records(desk: &Desk, kind: &str) -> Value {
    desk.json(&["record", "list", kind, "--format", "json"])
}

/// To make one takes a while, so this looks at one from all sides.
#[test]
fn a_demo_is_believable_and_verifies() {
    let desk = made();
    it_is_as_large_and_as_old_as_a_real_one(&desk);
    most_of_it_operates_and_there_are_holes(&desk);
    there_is_a_class_of_each_tier_and_what_it_brings(&desk);
    two_people_stand_behind_what_is_approved(&desk);
    its_ledger_and_its_pack_verify(&desk);
}

fn it_is_as_large_and_as_old_as_a_real_one(desk: &Desk) {
    let systems = records(desk, "ai_system");
    assert!((45..60).contains(&list(&systems).len()), "{}", list(&systems).len());
    let evidence = records(desk, "evidence_item");
    assert!((1_400..2_000).contains(&list(&evidence).len()), "{}", list(&evidence).len());
    let accepted = count(&evidence, |item| item["state"] == "accepted");
    let waiting = count(&evidence, |item| item["state"] == "collected");
    let rejected = count(&evidence, |item| item["state"] == "rejected");
    assert!(accepted > 1_300 && waiting > 3 && rejected > 5, "{accepted} {waiting} {rejected}");
    for (kind, least) in [
        ("risk", 80),
        ("risk_assessment", 50),
        ("impact_assessment", 30),
        ("supplier", 15),
        ("policy", 5),
        ("audit_finding", 20),
        ("improvement_action", 30),
        ("incident", 6),
        ("classification", 50),
        ("control_implementation", 80),
        ("role_assignment", 30),
        ("legal_obligation", 10),
    ] {
        assert!(
            list(&records(desk, kind)).len() >= least,
            "{kind}: {}",
            list(&records(desk, kind)).len()
        );
    }
    let first = desk.json(&["ledger", "log", "--limit", "1", "--format", "json"]);
    assert!(first[0]["header"]["instant"].to_string().contains("2023-11-20"), "{first}");
}

fn most_of_it_operates_and_there_are_holes(desk: &Desk) {
    let soa = desk.json(&["soa", "--format", "json"]);
    let scores = &soa["scores"];
    let score = |name: &str| scores[name].as_u64().unwrap();
    let cells = score("applicable") + score("undecided");
    assert!((55..90).contains(&(score("operating") * 100 / cells)), "{scores}");
    assert!(score("documented") > score("operating"), "{scores}");
    assert!(score("excluded") > 20, "{scores}");
    let gaps = count(&soa["cells"], |cell| {
        cell["operating"] == true && cell["uncovered_days"].as_u64().unwrap() > 20
    });
    assert!(gaps > 20, "coverage of evidence has gaps: {gaps}");
    let gap = desk.json(&["gap", "iso42001", "--format", "json"]);
    let text = gap.to_string();
    for result in ["\"met\"", "\"partly\"", "\"not_met\""] {
        assert!(text.matches(result).count() > 2, "{result}: {}", text.matches(result).count());
    }
    let monitoring = condition(&gap, "A.6.2.6", "monitoring-shown");
    let (held, asked) =
        (monitoring["held"].as_u64().unwrap(), monitoring["asked"].as_u64().unwrap());
    assert!(
        held > 5 && held < asked,
        "monthly reports show what is monitored monthly: {monitoring}"
    );
    let due = desk.json(&["due", "--format", "json"]);
    let overdue = count(&due["items"], |item| item["days"].as_i64().unwrap() < 0);
    assert!((5..150).contains(&overdue), "{overdue} are overdue");
}

fn condition<'g>(gap: &'g Value, requirement: &str, id: &str) -> &'g Value {
    let of = |list: &'g Value, field: &str, wanted: &str| {
        list.as_array().unwrap().iter().find(|one| one[field] == wanted).unwrap()
    };
    of(&of(&gap["frameworks"][0]["results"], "requirement", requirement)["conditions"], "id", id)
}

fn there_is_a_class_of_each_tier_and_what_it_brings(desk: &Desk) {
    let classes = records(desk, "classification");
    let tiers: BTreeSet<String> = list(&classes)
        .iter()
        .filter(|class| class["state"] == "approved")
        .flat_map(|class| class["body"]["tiers"].as_array().cloned().unwrap_or_default())
        .map(|tier| tier.as_str().unwrap().to_owned())
        .collect();
    for tier in ["prohibited", "high_risk", "transparency", "minimal", "gpai"] {
        assert!(tiers.iter().any(|known| known.starts_with(tier)), "no {tier}: {tiers:?}");
    }
    let fatigue = list(&records(desk, "ai_system"))
        .iter()
        .find(|system| system["body"]["name"] == "Driver fatigue warning")
        .map(|system| system["id"].as_str().unwrap().to_owned())
        .unwrap();
    let said = desk.json(&["obligations", &fatigue, "--format", "json"]);
    assert!(said.to_string().contains("26"), "{said}");
}

fn its_ledger_and_its_pack_verify(desk: &Desk) {
    desk.done(&["ledger", "verify", "--rebuild"]);
    let keys = desk.done(&["ledger", "keys"]);
    assert_eq!(keys.lines().count(), 2, "the key was changed once: {keys}");
    let log = desk.done(&["ledger", "log", "--limit", "20000"]);
    assert!(log.contains("redacted"), "something was erased");
    desk.done(&["pack", "-o", &desk.text_path("pack.zip")]);
    let said = desk.done(&["verify", &desk.text_path("pack.zip")]);
    assert!(said.contains("verified: Nordlicht Mobility GmbH"), "{said}");
}

fn two_people_stand_behind_what_is_approved(desk: &Desk) {
    for policy in list(&records(desk, "policy")) {
        let body = policy["body"]["title"].as_str().unwrap();
        if policy["state"] == "approved" {
            assert_ne!(policy["stated"]["by"], policy["moved"]["by"], "{body}");
        }
    }
    let versions = desk.json(&["record", "history", "policy", "--format", "json"]);
    assert!(versions.to_string().matches("stated version 3").count() >= 2);
}

/// What is on record, without salts, keys and hashes.
fn told(desk: &Desk) -> (u64, Vec<String>) {
    let kinds = desk.json(&["record", "kinds", "--format", "json"]);
    let names = list(&kinds).iter().map(|kind| kind["kind"].as_str().unwrap().to_owned());
    let lists = names.map(|kind| desk.done(&["record", "list", &kind, "--format", "json"]));
    (desk.entries(), lists.collect())
}

#[test]
fn it_is_made_the_same_every_time_but_for_salts_and_keys() {
    let (desk, other) = (made(), made());
    assert!(told(&desk) == told(&other), "the records differ");
    assert_ne!(desk.done(&["ledger", "keys"]), other.done(&["ledger", "keys"]));
    let head = |desk: &Desk| desk.json(&["ledger", "verify", "--format", "json"])["root"].clone();
    assert_ne!(head(&desk), head(&other), "salts differ");
    // Asked again, it is kept, and says the same passwords.
    let before = other.entries();
    let ran = other.run(&["demo", "--listen", FREE]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.err.contains("already"), "{ran:?}");
    assert_eq!(other.entries(), before);
    let (first, again) = (passwords(&desk.done(&["demo", "--listen", FREE])), passwords(&ran.out));
    assert_eq!(again, passwords(&other.done(&["demo", "--listen", FREE])));
    assert_eq!(again.len(), 7);
    let all: BTreeSet<_> = first.values().chain(again.values()).collect();
    assert_eq!(all.len(), 14, "no two accounts of no two demos have the same: {all:?}");
    for place in ["/sign-in with", "/api/v1/sign-in", "/api\n", "Authorization: Bearer surety_"] {
        assert_eq!(ran.out.matches(place).count(), 1, "{place}: {}", ran.out);
    }
    everybody_gets_in(&other, &again);
}

/// Address and password of everybody whom the guide names.
fn passwords(guide: &str) -> BTreeMap<String, String> {
    let lines = guide.lines().filter(|line| line.starts_with("  ") && !line.contains("curl"));
    let named = lines.filter_map(|line| {
        let mut words = line.split_whitespace().skip_while(|word| !word.contains("@"));
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    });
    named.filter(|(email, _)| email.ends_with(".example")).collect()
}

fn everybody_gets_in(desk: &Desk, passwords: &BTreeMap<String, String>) {
    let server = Server::logging(desk, "warn");
    for (email, password) in passwords {
        assert!(server.lets_in(email, password), "{email}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let marker = desk.path("data/demo.json").metadata().unwrap();
        assert_eq!(marker.permissions().mode() & 0o077, 0, "nobody else reads them");
    }
}

#[test]
fn a_demo_is_made_here_and_not_at_a_server() {
    let mut desk = Desk::away("https://surety.example", "surety_x");
    let said = desk.at(TODAY).refused(2, &["demo", "--listen", FREE]);
    assert!(said.contains("leave out --server"), "{said}");
    assert!(!desk.path("surety-data").exists(), "nothing is made");
}

#[test]
fn what_is_no_demo_is_left_alone() {
    let desk = Desk::new();
    for more in [&[][..], &["--fresh"]] {
        let said = desk.refused(1, &[&["demo", "--listen", FREE], more].concat());
        assert!(said.contains("no demo; give another folder"), "{said}");
    }
    assert!(desk.entries() > 0);
    let taken = std::net::TcpListener::bind(FREE).unwrap();
    let place = taken.local_addr().unwrap().to_string();
    let bare = Desk::bare();
    let said = bare.refused(1, &["demo", "--listen", &place]);
    assert!(said.contains(&format!("can't listen on {place}")), "{said}");
    assert!(!bare.path("data").exists(), "nothing is made");
    assert!(
        bare.refused(2, &["demo", "--database", "postgres://x/y"]).contains("leave --database out")
    );
}

#[test]
fn one_that_was_not_finished_is_made_anew() {
    let mut desk = Desk::bare();
    std::fs::create_dir(desk.path("data")).unwrap();
    desk.write("data/demo.json", r#"{ "version": "0.1.0", "whole": false }"#);
    desk.write("data/half", "");
    // A later day moves the whole history.
    desk.at("2027-03-01T09:00:00Z").done(&["demo", "--quiet", "--listen", FREE]);
    assert!(!desk.path("data/half").exists());
    let last = desk.json(&["activity", "--from", "2027-02-15", "--format", "json"]);
    assert!(last.to_string().contains("2027-02-"), "it ends shortly before that day");
    desk.done(&["ledger", "verify"]);
}
