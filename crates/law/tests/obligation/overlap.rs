//! What the management system gives towards the law.

use std::sync::LazyLock;

use surety_catalog::{Catalogs, Link};
use surety_law::obligation::{Coverage, Fulfilment, Open, Overlaps};

use crate::given::ai_act;

fn links() -> &'static [Link<'static>] {
    static CATALOGS: LazyLock<std::sync::Arc<Catalogs>> = LazyLock::new(Catalogs::builtin);
    static LINKS: LazyLock<Vec<Link<'static>>> =
        LazyLock::new(|| CATALOGS.crosswalk("iso42001", "eu-ai-act"));
    &LINKS
}

#[test]
fn what_is_met_is_not_asked_again_and_gaps_stay() {
    let overlaps = Overlaps::new(links());
    let met = overlaps.of("aia.art9.1", &|_| Fulfilment::Met);
    assert_eq!(met.coverage, Coverage::Part);
    assert!(
        met.given
            .iter()
            .any(|one| one.requirement == "6.1.2" || one.requirement.starts_with("6.1"))
    );
    assert!(met.open.iter().all(|one| !matches!(one, Open::Unmet { .. })));
    let unmet = overlaps.of("aia.art9.1", &|_| Fulfilment::NotMet);
    assert_eq!(unmet.coverage, Coverage::Possible);
    let missing = unmet.open.iter().filter(|one| matches!(one, Open::Unmet { .. })).count();
    assert_eq!(missing, unmet.given.len());
}

#[test]
fn what_the_standard_does_not_know_is_told_with_its_severity() {
    let overlaps = Overlaps::new(links());
    let explanation = overlaps.of("aia.art86.1", &|_| Fulfilment::Met);
    assert!(explanation.open.iter().any(|one| matches!(
        one,
        Open::NotCovered { text, severity } if text.starts_with("Right to explanation") && severity == "high"
    )));
    assert_ne!(explanation.coverage, Coverage::Whole);
}

#[test]
fn a_gap_that_several_requirements_leave_is_told_once() {
    let overlaps = Overlaps::new(links());
    for obligation in ai_act().obligations() {
        let overlap = overlaps.of(&obligation.id, &|_| Fulfilment::PartlyMet);
        let mut texts: Vec<&str> = overlap
            .open
            .iter()
            .filter_map(|one| match one {
                Open::Gap { text, .. } => Some(*text),
                Open::NotCovered { .. } | Open::Unmet { .. } => None,
            })
            .collect();
        let count = texts.len();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), count, "{}", obligation.id);
        assert_eq!(overlap.given.is_empty(), overlap.coverage == Coverage::Nothing);
    }
}

#[test]
fn a_requirement_that_does_not_apply_gives_nothing() {
    let overlaps = Overlaps::new(links());
    let overlap = overlaps.of("aia.art9.1", &|_| Fulfilment::NotApplicable);
    assert!(overlap.given.is_empty());
    assert_eq!(overlap.coverage, Coverage::Nothing);
}
