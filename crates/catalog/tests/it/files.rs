//! What is embedded is what the files say.

use std::path::Path;

use surety_catalog::Catalogs;

use crate::source;

#[test]
fn the_embedded_catalogs_equal_their_files() {
    let files = source::read(Path::new("../../catalogs")).unwrap();
    let catalogs = Catalogs::builtin();
    let embedded: Vec<_> = catalogs.frameworks().collect();
    let read: Vec<_> = files.frameworks.iter().flat_map(|one| &one.frameworks).collect();
    assert_eq!(embedded.len(), read.len());
    for (embedded, read) in embedded.iter().zip(&read) {
        assert!(embedded == read, "{} differs from its files", read.id);
    }
    let read: Vec<_> = files.mappings.iter().flat_map(|one| &one.mapping_sets).collect();
    assert!(catalogs.mapping_sets() == read, "a mapping set differs from its file");
    for law in &files.laws {
        assert!(catalogs.law(&law.framework).unwrap() == law, "{} differs", law.framework);
    }
    assert!(*catalogs.certification() == files.certification);
    assert!(*catalogs.documented_information() == files.documented_information);
    assert!(*catalogs.annex_c() == files.annex_c);
    assert!(*catalogs.annex_iii() == files.annex_iii);
    for procedure in &files.procedures {
        assert!(*catalogs.procedure(&procedure.framework).unwrap() == *procedure);
    }
    assert!(*catalogs.incident_clocks() == files.incident_clocks);
    assert!(*catalogs.public_holidays() == files.public_holidays);
}

#[test]
fn cadence_words_are_kept_beside_the_cadence_that_they_mean() {
    let catalogs = Catalogs::builtin();
    let says = |id: &str| {
        let one = catalogs.resolve("iso42001", id).unwrap();
        (one.cadence.unwrap().name(), one.extra["cadence"].as_str().unwrap())
    };
    assert_eq!(says("4.1-1"), ("annual", "annual-and-on-change"));
    assert_eq!(says("8.2-1"), ("annual", "planned-intervals-and-on-change"));
    assert_eq!(says("9.1-5"), ("quarterly", "monthly-or-quarterly"));
    assert_eq!(says("A.6.2.4"), ("on_event", "per-release"));
    assert_eq!(says("10.2.c"), ("on_event", "on-event"));
    assert_eq!(says("A.6.2.6"), ("continuous", "continuous"));
}

#[test]
fn items_that_we_numbered_show_the_printed_clause() {
    let catalogs = Catalogs::builtin();
    let label = |id: &str| catalogs.resolve("iso42001", id).unwrap().label.as_str();
    assert_eq!(label("4.1-2"), "4.1");
    assert_eq!(label("5.2.d"), "5.2.d");
    assert_eq!(label("A.6.2.4"), "A.6.2.4");
}
