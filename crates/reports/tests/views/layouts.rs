//! What each view looks like, as Markdown.

use surety_aims::derive::{
    Window,
    activity::activity,
    coverage::coverage,
    diff::diff,
    due::due,
    gap::{Analysis, Gap, gap},
    plan::plan,
    readiness::readiness,
    risks::register,
    soa::{Soa, soa},
};
use surety_catalog::{Certainty, Framework, Link, Mapping, MappingSet, Relationship, Spot, Step};
use surety_reports::{markdown, sheet::Sheet, views};

use crate::{
    catalog::{certification, controls_of, framework, mapping_set, other},
    fixture::{Desk, TODAY, bank, workbook},
};

/// A document of the bank's sheets, as Markdown.
fn shown(title: &str, sheets: impl FnOnce(&Bank<'_>) -> Vec<Sheet>) -> String {
    let desk = bank();
    let framework = framework();
    let controls = controls_of(&framework);
    let soa = soa(&desk.book, "iso42001", &controls, TODAY, Window::year_to(TODAY));
    let person = views::positions(&desk.book);
    let names = views::Names { book: &desk.book, person: &person };
    let gap = gap(&desk.book, &framework, &soa, TODAY);
    let bank = Bank { desk: &desk, framework: &framework, soa: &soa, gap: &gap, names };
    markdown::write_workbook(&workbook(title, sheets(&bank)))
}

/// The bank with what most views start from.
struct Bank<'a> {
    desk: &'a Desk,
    framework: &'a Framework,
    soa: &'a Soa<'a>,
    gap: &'a Gap<'a>,
    names: views::Names<'a>,
}

#[test]
fn the_statement_of_applicability() {
    let text =
        shown(views::soa::TITLE, |bank| views::soa::sheets(bank.soa, bank.framework, &bank.names));
    insta::assert_snapshot!(text);
}

#[test]
fn the_gap_analysis_of_one_framework() {
    let text = shown(views::gap::TITLE, |bank| views::gap::sheets(&[bank.gap], &bank.names));
    insta::assert_snapshot!(text);
}

#[test]
fn the_register_of_risks() {
    let text = shown(views::risks::TITLE, |bank| {
        views::risks::sheets(&register(&bank.desk.book, TODAY), &bank.names)
    });
    insta::assert_snapshot!(text);
}

#[test]
fn the_summary_of_two_frameworks() {
    let text = shown(views::gap::TITLE, |bank| {
        let other = other();
        let gap = Analysis::new(&bank.desk.book, bank.soa, TODAY).gap(&other);
        let sheets = views::gap::sheets(&[bank.gap, &gap], &bank.names);
        let named: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        assert_eq!(named, ["Gap iso42001", "Gap house-rules", "Conditions", "Summary"]);
        sheets.into_iter().skip(3).collect()
    });
    insta::assert_snapshot!(text);
}

#[test]
fn the_action_plan() {
    let text = shown(views::plan::TITLE, |bank| {
        let plan = plan(&bank.desk.book, &[(bank.framework, bank.gap)], TODAY);
        views::plan::sheets(&plan, &bank.names)
    });
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_due() {
    let text = shown(views::due::TITLE, |bank| {
        views::due::sheets(&due(&bank.desk.book, TODAY, None), &bank.names)
    });
    insta::assert_snapshot!(text);
}

#[test]
fn the_inventory() {
    let text = shown(views::inventory::TITLE, |bank| {
        views::inventory::sheets(TODAY, Some(bank.soa), &bank.names)
    });
    insta::assert_snapshot!(text);
}

#[test]
fn readiness_for_certification() {
    let text = shown(views::readiness::TITLE, |bank| {
        let certification = certification();
        views::readiness::sheets(&readiness(bank.gap, bank.soa, &certification))
    });
    insta::assert_snapshot!(text);
}

#[test]
fn the_coverage_of_another_framework() {
    let text = shown(views::coverage::TITLE, |bank| {
        let (other, set) = (other(), mapping_set());
        let links: Vec<Link<'_>> = set
            .mappings
            .iter()
            .map(|mapping| link(bank.framework, &other, &set, mapping))
            .collect();
        views::coverage::sheets(&coverage(bank.gap, &other, &links))
    });
    insta::assert_snapshot!(text);
}

fn link<'c>(
    from: &'c Framework,
    to: &'c Framework,
    set: &'c MappingSet,
    mapping: &'c Mapping,
) -> Link<'c> {
    let spot = |framework: &'c Framework, id: &str| {
        let requirement = framework.requirements.iter().find(|one| one.id == id).unwrap();
        Spot { framework: &framework.id, requirement }
    };
    let (from, to) = (spot(from, &mapping.source), spot(to, &mapping.target));
    let relationship = mapping.relationship;
    let certainty = match relationship {
        Relationship::Intersects => Certainty::Possible,
        Relationship::Equal
        | Relationship::Subset
        | Relationship::Superset
        | Relationship::NotRelated => Certainty::Stated,
    };
    let step = Step { set, mapping, reversed: false, from, to, relationship };
    let (source, target) = (from.requirement, to.requirement);
    Link { source, target, relationship, certainty, strength: mapping.strength, steps: vec![step] }
}

#[test]
fn the_activity_of_a_period() {
    let text = shown(views::activity::TITLE, |bank| {
        let (from, to) = ("2026-11-03T00:00:00Z", "2026-11-03T12:00:00Z");
        let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
        let activity = activity(&bank.desk.book, bank.desk.events.iter(), from, to);
        views::activity::sheets(&activity, &bank.names)
    });
    insta::assert_snapshot!(text);
}

#[test]
fn what_changed_between_two_days() {
    let old = serde_json::json!([
        { "requirement": "5.2", "result": "not_met", "owner": null, "found": [] },
        { "requirement": "6.1", "result": "met", "owner": "PER-1", "found": ["RAS-1"] },
    ]);
    let new = serde_json::json!([
        { "requirement": "5.2", "result": "met", "owner": "PER-2", "found": ["POL-1", "POL-2"] },
        { "requirement": "7.2", "result": "not_applicable", "owner": null, "why": { "rule": "no_staff" } },
    ]);
    let key = ["requirement"];
    let diff = diff(old.as_array().unwrap(), new.as_array().unwrap(), &key, &[]);
    let (from, to) = (jiff::civil::date(2026, 10, 1), TODAY);
    let compared = views::diff::Compared { view: views::gap::TITLE, key: &key, from, to };
    let text = shown("Changes", |_| views::diff::sheets(&diff, &compared));
    insta::assert_snapshot!(text);
}
