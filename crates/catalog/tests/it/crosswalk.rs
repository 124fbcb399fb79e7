//! From one framework to another.

use surety_catalog::{Catalogs, Certainty, Link, Relationship};

fn pair<'l, 'c>(links: &'l [Link<'c>], source: &str, target: &str) -> &'l Link<'c> {
    links.iter().find(|link| link.source.id == source && link.target.id == target).unwrap()
}

#[test]
fn a_mapping_is_read_from_either_side() {
    let catalogs = Catalogs::builtin();
    let there = catalogs.crosswalk("iso42001", "nist-ai-rmf");
    assert_eq!(there.len(), 206);
    let link = pair(&there, "A.6.2.6", "MANAGE 4.1");
    assert_eq!((link.relationship, link.certainty), (Relationship::Subset, Certainty::Stated));
    assert!(!link.steps[0].reversed);
    let back = catalogs.crosswalk("nist-ai-rmf", "iso42001");
    assert_eq!(back.len(), 206);
    let link = pair(&back, "MANAGE 4.1", "A.6.2.6");
    assert_eq!(link.relationship, Relationship::Superset);
    assert!(link.steps[0].reversed);
    assert_eq!(
        (link.steps[0].from.framework, link.steps[0].to.framework),
        ("nist-ai-rmf", "iso42001")
    );
}

#[test]
fn links_follow_the_order_of_the_source() {
    let catalogs = Catalogs::builtin();
    let order = |link: &Link<'_>| {
        let framework = catalogs.framework("iso27001").unwrap();
        framework.requirements.iter().position(|one| one.id == link.source.id)
    };
    assert!(catalogs.crosswalk("iso27001", "iso42001").is_sorted_by_key(order));
}

#[test]
fn chains_lead_through_one_framework_and_show_their_steps() {
    let catalogs = Catalogs::builtin();
    assert!(catalogs.crosswalk("iso27001", "eu-ai-act").is_empty());
    let chains = catalogs.chains("iso27001", "eu-ai-act");
    assert!(!chains.is_empty());
    for link in &chains {
        assert_eq!(link.steps.len(), 2);
        assert_eq!(link.steps[0].from.requirement.id, link.source.id);
        assert_eq!(link.steps[0].to.framework, "iso42001");
        assert_eq!(link.steps[0].to.requirement.id, link.steps[1].from.requirement.id);
        assert_eq!(link.steps[1].to.requirement.id, link.target.id);
        assert!(link.certainty < Certainty::Stated);
        assert!(link.strength.is_none_or(|strength| (1..=10).contains(&strength)));
    }
    let mut pairs: Vec<_> = chains.iter().map(|link| (&link.source.id, &link.target.id)).collect();
    pairs.sort_unstable();
    let all = pairs.len();
    pairs.dedup();
    assert_eq!(pairs.len(), all, "one chain for each pair");
}

#[test]
fn what_follows_from_two_steps_is_what_set_theory_says() {
    let catalogs = Catalogs::builtin();
    for link in catalogs.chains("iso27001", "eu-ai-act") {
        use Relationship::{Equal, Intersects, Subset, Superset};
        let steps = [link.steps[0].relationship, link.steps[1].relationship];
        let expected = match steps {
            [Equal, one] | [one, Equal] => (one, Certainty::Implied),
            [Superset, Superset] => (Superset, Certainty::Implied),
            [Subset, Subset] => (Subset, Certainty::Implied),
            [Superset, _] | [_, Subset] => (Intersects, Certainty::Implied),
            _ => (Intersects, Certainty::Possible),
        };
        assert_eq!((link.relationship, link.certainty), expected, "{steps:?}");
    }
}

#[test]
fn a_framework_has_no_crosswalk_to_itself_or_to_strangers() {
    let catalogs = Catalogs::builtin();
    assert!(catalogs.crosswalk("iso42001", "iso42001").is_empty());
    assert!(catalogs.crosswalk("iso42001", "iso9001").is_empty());
    assert!(catalogs.chains("iso9001", "iso42001").is_empty());
}
