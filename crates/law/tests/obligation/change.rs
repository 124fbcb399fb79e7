//! What an amendment changed.

use surety_law::obligation::{LawError, changes};

use crate::given::ai_act;

#[test]
fn the_changes_between_two_versions_are_listed_with_their_points() {
    let found = changes(ai_act(), "v2024", "v2026").unwrap();
    assert_eq!(found.len(), 45);
    let literacy = found.iter().find(|one| one.change.id == "om.5").unwrap();
    assert_eq!(literacy.change.point, "Reg (EU) 2026/1744 Art 1(5)");
    let reworded = literacy.provisions.first().unwrap();
    assert_eq!(reworded.id, "aia.art4.1");
    assert_ne!(reworded.before, Some(reworded.after));
    let images = found.iter().find(|one| one.change.id == "om.7a").unwrap();
    assert!(images.provisions.iter().all(|one| one.before.is_none()), "they are new");
    let fines = found.iter().find(|one| one.change.id == "om.38b").unwrap();
    assert_eq!(fines.fines.first().unwrap().id, "fine.99-4");
    assert!(changes(ai_act(), "v2026", "v2026").unwrap().is_empty());
}

#[test]
fn an_unknown_version_is_refused() {
    let error = changes(ai_act(), "v2023", "v2026").unwrap_err();
    assert!(matches!(&error, LawError::UnknownVersion { version, .. } if version == "v2023"));
    insta::assert_snapshot!(error, @"eu-ai-act has no version `v2023`; use one of v2024 or v2026");
}
