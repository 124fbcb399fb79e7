//! A person's word about a requirement, against what the records say.

use serde_json::{Value, json};
use surety_catalog::{Framework, Requirement};

use crate::{
    gap::{judged, matrix},
    given::World,
};

/// The clause judged by the person's word, if it counts.
fn assessed(assessments: &[Value]) -> String {
    let mut world = World::default();
    for (number, body) in (1..).zip(assessments) {
        crate::soa::put(&mut world, &format!("ASM-{number}"), body.clone(), "active");
    }
    let framework = Framework {
        id: "fw".to_owned(),
        requirements: vec![Requirement {
            id: "1".to_owned(),
            assessable: true,
            ..Requirement::default()
        }],
        ..Framework::default()
    };
    let soa = matrix(&world, &framework);
    let gap = judged(&world.book, &framework, &soa);
    let one = &gap.results[0];
    let by = one
        .assessment
        .as_ref()
        .map(|said| format!(" by {}{}", said.record, if said.lapsed { ", lapsed" } else { "" }));
    format!("{}{}", one.result.name(), by.unwrap_or_default())
}

#[test]
fn a_persons_newest_valid_assessment_overrides_what_the_records_say_until_it_lapses() {
    let met = json!({ "requirement": "fw:1", "result": "met", "reason": "seen" });
    let partly = json!({ "requirement": "fw:1", "result": "partly", "reason": "seen" });
    let lapsed = json!({ "requirement": "fw:1", "result": "met", "reason": "seen", "valid_until": "2026-06-14" });
    let lasting = json!({ "requirement": "fw:1", "result": "met", "reason": "seen", "valid_until": "2026-06-15" });
    let other = json!({ "requirement": "fw:2", "result": "met", "reason": "seen" });
    assert_eq!(assessed(&[]), "not_met");
    assert_eq!(assessed(std::slice::from_ref(&other)), "not_met");
    assert_eq!(assessed(std::slice::from_ref(&met)), "met by ASM-1");
    assert_eq!(assessed(std::slice::from_ref(&lapsed)), "not_met by ASM-1, lapsed");
    assert_eq!(assessed(&[lasting]), "met by ASM-1");
    assert_eq!(assessed(&[met.clone(), partly.clone()]), "partly by ASM-2");
    assert_eq!(assessed(&[partly, lapsed]), "partly by ASM-1");
}
