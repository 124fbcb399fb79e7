//! Drafts of reports.

use std::collections::BTreeMap;

use surety_catalog::Catalogs;
use surety_law::clock::{Incident, Stage, draft};

use crate::incidents::{event, hospital};

fn text(known: &[(&str, &str)]) -> BTreeMap<String, String> {
    known.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_draft_takes_what_is_known_and_names_what_is_missing() {
    let facts = Catalogs::builtin().incident_clocks();
    let known = text(&[
        ("organisation", "Example Hospital"),
        ("contact", "duty officer, +49 30 1234"),
        ("reference", "INC-17"),
        ("breach.nature", "disclosure of records"),
        ("breach.measures", " "),
    ]);
    let first = draft(facts, "gdpr.33.1", &hospital(), &known, Stage::First).unwrap().unwrap();
    assert_eq!(first.missing, ["dpo"]);
    assert_eq!(
        first.may_follow,
        [
            "breach.data_subjects",
            "breach.records",
            "breach.consequences",
            "breach.measures",
            "delay_reasons"
        ]
    );
    let aware = first.fields.iter().find(|one| one.field == "aware_at").unwrap();
    assert_eq!(aware.value.as_deref(), Some("2027-12-15T09:30:00+01:00"));
    let complete =
        draft(facts, "gdpr.33.1", &hospital(), &known, Stage::Complete).unwrap().unwrap();
    assert_eq!(
        complete.missing,
        ["breach.data_subjects", "breach.records", "dpo", "breach.consequences", "breach.measures"]
    );
}

#[test]
fn a_serious_incident_report_is_filled_from_the_incident() {
    let facts = Catalogs::builtin().incident_clocks();
    let incident = Incident {
        events: vec![
            event("aware.provider", "2027-12-15T09:30:00+01:00"),
            event("causal_link.suspected", "2027-12-16T09:30:00+01:00"),
        ],
        ..hospital()
    };
    let draft =
        draft(facts, "aia.art73.4", &incident, &BTreeMap::new(), Stage::First).unwrap().unwrap();
    let value =
        |id: &str| draft.fields.iter().find(|one| one.field == id).unwrap().value.clone().unwrap();
    assert_eq!(value("member_states"), "DE, IE");
    assert_eq!(value("causal_link_at"), "2027-12-16T09:30:00+01:00");
    assert!(value("harm").starts_with("Did a person die"));
    assert!(draft.missing.contains(&"description".to_owned()));
}

#[test]
fn every_clock_of_an_organisation_with_a_report_has_a_form() {
    let facts = Catalogs::builtin().incident_clocks();
    let without: Vec<_> = facts
        .clocks
        .iter()
        .filter(|one| !one.authority_deadline && facts.report(&one.id).is_none())
        .map(|one| one.id.as_str())
        .collect();
    // A correction is an act, not a report; the message on a missed limit has no contents of its own.
    assert_eq!(without, ["aia.art79.2", "dora.unable"]);
}
