//! What holds for any subject.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use proptest::{prelude::*, sample::subsequence};
use surety_law::obligation::{Reading, Standing, Subject};

use crate::given::{TODAY, ai_act};

/// Findings that provisions ask for, and transitions.
fn findings() -> Vec<String> {
    let law = ai_act();
    let asked = law.obligations().flat_map(|one| one.requires_any.iter().chain(&one.requires_none));
    let transitions = law.transitions.iter().map(|one| &one.finding);
    asked.chain(transitions).cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

fn any_subject() -> impl Strategy<Value = Subject> {
    let law = ai_act();
    let (roles, tiers, findings) = (law.roles.clone(), law.tiers.clone(), findings());
    let (r, t, f) = (roles.len(), tiers.len(), findings.len());
    (
        subsequence(roles, 0..=r),
        subsequence(tiers, 0..=t),
        subsequence(findings, 0..=f),
        any_day(),
        any_day(),
    )
        .prop_map(|(roles, tiers, findings, placed, changed)| {
            let mut subject = Subject {
                id: "any".to_owned(),
                roles: roles.into_iter().collect(),
                tiers: tiers.into_iter().collect(),
                findings: findings.into_iter().collect(),
                ..Subject::default()
            };
            subject.facts.system_placed_on = placed;
            subject.facts.significant_change_on = changed;
            subject
        })
}

fn any_day() -> impl Strategy<Value = Option<Date>> {
    proptest::option::of((2024_i16..2032, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| date(y, m, d)))
}

fn ids(reading: &Reading<'static>, subject: &Subject, wanted: &[Standing]) -> BTreeSet<String> {
    let derived = reading.obligations(subject);
    let entries = derived.entries.iter().filter(|one| wanted.contains(&one.standing));
    entries.map(|one| one.obligation.id.clone()).collect()
}

const APPLIES: [Standing; 3] = [Standing::Binds, Standing::Upcoming, Standing::Waits];

proptest! {
    #[test]
    fn more_roles_and_tiers_never_take_an_obligation_away(
        subject in any_subject(),
        more in any_subject(),
        day in any_day(),
    ) {
        let reading = Reading::new(ai_act(), day.unwrap_or(TODAY), TODAY).unwrap();
        let mut wider = subject.clone();
        wider.roles.extend(more.roles);
        wider.tiers.extend(more.tiers);
        let (before, after) = (ids(&reading, &subject, &APPLIES), ids(&reading, &wider, &APPLIES));
        prop_assert!(before.is_subset(&after));
        let binds = [Standing::Binds];
        prop_assert!(ids(&reading, &subject, &binds).is_subset(&ids(&reading, &wider, &binds)));
    }

    #[test]
    fn more_findings_take_away_only_what_they_free_from(subject in any_subject(), more in any_subject()) {
        let reading = Reading::new(ai_act(), TODAY, TODAY).unwrap();
        let mut wider = subject.clone();
        wider.findings.extend(more.findings);
        let after = ids(&reading, &wider, &APPLIES);
        for id in ids(&reading, &subject, &APPLIES).difference(&after) {
            let freed = &ai_act().obligation(id).unwrap().requires_none;
            prop_assert!(freed.iter().any(|one| wider.findings.contains(one)), "{id}");
        }
    }

    #[test]
    fn what_binds_goes_on_binding_under_the_same_version(subject in any_subject(), days in (any_day(), any_day())) {
        let (Some(one), Some(other)) = days else { return Ok(()) };
        let (earlier, later) = (one.min(other), one.max(other));
        let reading = |day| Reading::of_version(ai_act(), "v2026", day).unwrap();
        let binds = [Standing::Binds];
        prop_assert!(ids(&reading(earlier), &subject, &binds).is_subset(&ids(&reading(later), &subject, &binds)));
    }

    #[test]
    fn whatever_does_not_bind_says_why(subject in any_subject(), day in any_day()) {
        let reading = Reading::new(ai_act(), day.unwrap_or(TODAY), TODAY).unwrap();
        let derived = reading.obligations(&subject);
        prop_assert_eq!(derived.entries.len(), 269);
        for entry in &derived.entries {
            prop_assert_eq!(entry.why_not.is_empty(), entry.standing == Standing::Binds);
            let earliest = entry.starts.iter().filter_map(|(_, start)| start.operative_from).min();
            prop_assert_eq!(entry.start().and_then(|start| start.operative_from), earliest);
        }
    }
}
