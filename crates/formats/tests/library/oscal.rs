//! What of an OSCAL document becomes what.

use insta::{assert_json_snapshot, assert_snapshot};
use surety_catalog::{Confidence, Relationship, RequirementKind};
use surety_formats::library::{Format, ReferenceKind};

use crate::{OSCAL_CATALOG, OSCAL_MAPPING, OSCAL_PROFILE, framework, import, requirement, said};

#[test]
fn a_catalog_becomes_a_framework_and_nothing_is_lost() {
    let imported = import("kitchen.json", OSCAL_CATALOG);
    assert_eq!(imported.format, Format::OscalCatalog);
    assert_json_snapshot!(said(&imported));
}

#[test]
fn statements_are_written_out_with_their_parameters() {
    let library = import("kitchen.json", OSCAL_CATALOG).library;
    assert_snapshot!(requirement(&library, "hy-1").text, @r"
    Cooks:
      a. wash every [Assignment: organisation-defined hours];
        1. with [Selection (one or more): soap; sand for [Assignment: organisation-defined hours]].
      b. report to the Guild, the Town and [nobody].
    ");
}

#[test]
fn labels_and_other_spellings_lead_to_a_control() {
    let library = import("kitchen.json", OSCAL_CATALOG).library;
    let washing = requirement(&library, "hy-1");
    assert_eq!(washing.label, "HY-1");
    assert_eq!(washing.aliases, ["HY-01", "hygiene.one"]);
    assert_eq!(washing.kind, RequirementKind::Control);
    assert_eq!(requirement(&library, "fire").label, "fire");
}

#[test]
fn withdrawn_controls_stay_but_are_not_assessed() {
    let imported = import("kitchen.json", OSCAL_CATALOG);
    assert!(!requirement(&imported.library, "hy-2").assessable);
    assert_eq!((imported.report.counts.requirements, imported.report.counts.assessable), (6, 3));
}

#[test]
fn a_profile_becomes_one_selection_for_each_import() {
    assert_json_snapshot!(said(&import("profile.json", OSCAL_PROFILE)));
}

#[test]
fn many_to_many_maps_become_pairs_that_share_a_group() {
    let imported = import("mapping.json", OSCAL_MAPPING);
    let set = &imported.library.mapping_sets[0];
    let lines: Vec<String> = set
        .mappings
        .iter()
        .map(|one| {
            let group = one.group.as_deref().unwrap().get(..2).unwrap();
            format!("{group} {} {} {}", one.source, one.relationship.name(), one.target)
        })
        .collect();
    assert_snapshot!(lines.join("\n"), @r"
    91 hy-1 intersects b-1
    91 hy-1 intersects b-2_smt.a
    91 hy-1.1 intersects b-1
    91 hy-1.1 intersects b-2_smt.a
    a1 fire equal b-3
    b1 c1 equal d1
    c1 c2 subset d2
    d1 c3 superset d3
    e1 c4 not_related d4
    ");
    assert_eq!(set.mappings[0].confidence, Confidence::High);
    assert_eq!(set.mappings[0].rationale, "functional");
    assert_eq!(set.mappings[4].extra["relationship"], "equivalent-to");
    assert!(set.mappings[5].extra.is_empty());
    assert_eq!((set.source.as_str(), set.target.as_str()), ("kitchen.json", "bakery.json"));
    assert_json_snapshot!(said(&(&set.sources, &set.extra, &imported.library.extra)));
    let ends =
        imported.report.unresolved.iter().filter(|one| one.kind == ReferenceKind::MappingTarget);
    assert_eq!(ends.count(), 7);
}

#[test]
fn mappings_of_drafts_and_with_copied_uuids_are_read() {
    let map = r#"{"uuid": "m", "relationship": {"type": "subset-of"}, "sources": [{"type": "control", "id_ref": "a"}], "targets": [{"type": "control", "id_ref": "b"}], "remarks": "one"}"#;
    let text = format!(
        r#"{{"mapping-collection": {{"uuid": "u", "metadata": {{"title": "T", "oscal-version": "1.2.0"}}, "mappings": [
        {{"uuid": "s", "source-resource": {{"href": "x"}}, "target-resource": {{"href": "y"}}, "maps": [{map}, {map}]}}]}}}}"#
    );
    let imported = import("draft.json", &text);
    let set = &imported.library.mapping_sets[0];
    assert_eq!(set.mappings[1].relationship, Relationship::Subset);
    assert_eq!(set.mappings[1].group.as_deref(), Some("m-2"));
    assert_eq!(set.extra["maps"]["m"]["relationship"]["type"], "subset-of");
    assert_eq!(set.extra["maps"]["m-2"]["remarks"], "one");
    assert_eq!(imported.report.problems.len(), 2);
}

#[test]
fn the_controls_that_a_component_implements_become_a_selection() {
    let text = r##"{"component-definition": {"uuid": "u", "metadata": {"title": "Oven", "oscal-version": "1.1.2"}, "components": [
        {"uuid": "c", "type": "service", "title": "Oven", "control-implementations": [
            {"uuid": "ci", "source": "#k", "implemented-requirements": [{"uuid": "r", "control-id": "fire", "description": "It burns"}]}]}],
        "back-matter": {"resources": [{"uuid": "k", "rlinks": [{"href": "kitchen.json"}]}]}}}"##;
    let imported = import("oven.json", text);
    let profile = &imported.library.profiles[0];
    assert_eq!(
        (profile.name.as_str(), profile.included.as_slice()),
        ("Oven", &["fire".to_owned()][..])
    );
    assert_eq!(profile.extra["source_links"][0], "kitchen.json");
    let kept = &imported.library.extra["component-definition"]["components"][0];
    assert_eq!(
        kept["control-implementations"][0]["implemented-requirements"][0]["description"],
        "It burns"
    );
    assert_eq!(imported.report.notices.len(), 1);
}

#[test]
fn assessments_and_plans_are_kept_whole_with_a_notice() {
    for (root, format) in [
        ("assessment-results", Format::OscalAssessmentResults),
        ("assessment-plan", Format::OscalAssessmentPlan),
        ("plan-of-action-and-milestones", Format::OscalPlanOfActionAndMilestones),
        ("system-security-plan", Format::OscalSystemSecurityPlan),
    ] {
        let text = format!(
            r#"{{"{root}": {{"uuid": "u", "metadata": {{"title": "T", "oscal-version": "1.0.4"}}, "risks": [{{"title": "Burnt"}}], "odd": 1}}}}"#
        );
        let imported = import("x.json", &text);
        assert_eq!(imported.format, format);
        assert_eq!(imported.library.extra[root]["risks"][0]["title"], "Burnt");
        assert_eq!(imported.report.notices.len(), 1, "{root}");
        assert_eq!(imported.report.unknown_keys[0].path, format!("{root}.odd"));
    }
}

#[test]
fn any_1_x_is_read_and_others_with_a_warning() {
    let catalog = |version: &str| {
        format!(
            r#"{{"catalog": {{"uuid": "u", "metadata": {{"title": "T", "oscal-version": "{version}"}}}}}}"#
        )
    };
    assert!(import("c.json", &catalog("1.9.7")).report.problems.is_empty());
    assert_eq!(import("c.json", &catalog("2.0.0")).report.problems.len(), 1);
}

#[test]
fn a_long_title_gives_way_to_the_name_of_the_file() {
    let id = |name: &str, title: &str| {
        let text = format!(
            r#"{{"catalog": {{"uuid": "u", "metadata": {{"title": "{title}", "oscal-version": "1.1.2"}}}}}}"#
        );
        import(name, &text).library.id
    };
    let long = "A very long title of a catalog about kitchens and all that is in them";
    assert_eq!(id("dir/Kitchen Rules.v2.json", long), "kitchen-rules.v2");
    assert_eq!(id("catalog.json", long), "a-very-long-title-of-a-catalog-about");
    assert_eq!(id("x.json", "Kitchen: rules!"), "kitchen-rules");
}

#[test]
fn an_oscal_document_in_yaml_is_read_too() {
    let text = "catalog:\n  uuid: u\n  metadata: {title: T, oscal-version: 1.1.2}\n  controls:\n  - {id: a-1, title: One}\n";
    let library = import("c.yaml", text).library;
    assert_eq!(framework(&library).requirements[0].id, "a-1");
}
