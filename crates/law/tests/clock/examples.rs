//! The worked examples of the catalogs.

use surety_catalog::{Catalogs, ClockExample, IncidentClocks};
use surety_law::clock::{Answer, ClockQuery, Deadline, NonWorkingDays, clock, clock_with};

fn facts() -> &'static IncidentClocks {
    Catalogs::builtin().incident_clocks()
}

/// The deadline that an example asks for.
fn asked(example: &ClockExample) -> Deadline {
    let days = NonWorkingDays::weekends().with(example.holidays.iter().copied()).unwrap();
    let one = facts().clock(&example.clock).unwrap();
    let excluded = |yes| if yes { Answer::Yes } else { Answer::No };
    let answers =
        one.relief_question.iter().cloned().zip(example.excluded_from_relief.map(excluded));
    let query = ClockQuery {
        clock: &example.clock,
        start: &example.start,
        timezone: &example.timezone,
        days: &days,
        events: example.events.clone(),
        answers: answers.collect(),
    };
    clock_with(facts(), &query).unwrap()
}

#[test]
fn every_worked_example_comes_out_as_written() {
    let mut wrong = Vec::new();
    let examples = facts().examples.iter().filter(|one| one.expected_error.is_empty());
    for example in examples {
        let got = asked(example);
        let text = |at: Option<surety_law::clock::LocalInstant>| at.map(|at| at.to_string());
        let mut compare = |what: &str, got: Option<String>, wanted: &str| {
            if got.as_deref() != Some(wanted) {
                wrong.push(format!("{} {what}: {got:?}, not {wanted}", example.id));
            }
        };
        let legal = text(got.legal_latest);
        compare("conservative", text(got.conservative_deadline), &example.conservative_deadline);
        compare("legal", legal, &example.legal_latest);
        for candidate in &example.candidates {
            let ends = got.readings.iter().filter_map(|one| one.legal_latest);
            let found = ends.map(|at| at.to_string()).find(|at| *at == candidate.legal_latest);
            compare(&candidate.rule, found, &candidate.legal_latest);
        }
        for (what, got, wanted) in [
            ("unextended", got.unextended_last_day, example.unextended_last_day),
            ("last day", got.legal_last_day, example.legal_last_day),
        ] {
            if let Some(wanted) = wanted {
                compare(what, got.map(|day| day.to_string()), &wanted.to_string());
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(facts().examples.len(), 41);
}

#[test]
fn a_start_that_does_not_exist_or_occurs_twice_is_refused() {
    for example in facts().examples.iter().filter(|one| !one.expected_error.is_empty()) {
        for id in facts().clocks.iter().map(|one| &one.id) {
            let days = NonWorkingDays::weekends();
            let error = clock(facts(), id, &example.start, &example.timezone, &days).unwrap_err();
            assert_eq!(error.code(), example.expected_error, "{} {id}", example.id);
        }
    }
}

#[test]
fn each_deadline_names_the_rules_that_made_it() {
    let rules = |id: &str| -> Vec<String> {
        let example = facts().examples.iter().find(|one| one.id == id).unwrap();
        asked(example)
            .rules
            .iter()
            .map(|one| format!("{} ({:?}): {}", one.id, one.moves, one.effect))
            .collect()
    };
    insta::assert_snapshot!(rules("ex.aia2.08").join("\n"), @"
    r1 (Both): counted under Regulation 1182/71
    r12 (Both): days of Europe/Berlin
    r3 (Both): 2028-04-13 itself is not counted
    r5 (Both): day 2 is 2028-04-15, until its last hour ends
    r8 (Legal): weekends and holidays in between count
    r9 (Legal): 2028-04-15 is not worked (Saturday): moved to 2028-04-18
    r10 (Legal): two working days fall in it only with 2028-04-19
    r11 (Legal): holidays and weekends of the place where the report is due
    r13 (Conservative): the earlier of whole 24 hours and the same local time on the last day, not extended
    ");
    insta::assert_snapshot!(rules("ex.gdpr.04").join("\n"), @"
    r1 (Both): counted under Regulation 1182/71
    r12 (Both): 72 hours of real time, whatever clocks show
    r2 (Legal): counted from the next full hour, 16:00
    r4 (Legal): ends with the last hour
    r8 (Legal): weekends and holidays count
    r13 (Conservative): the exact time elapsed
    ");
    insta::assert_snapshot!(rules("ex.dora.08").join("\n"), @"
    r17 (Both): 72 hours of real time from the event
    r17 (Legal): 2026-11-21 is not worked (Saturday): noon of 2026-11-23
    r13 (Conservative): the exact time elapsed
    ");
    insta::assert_snapshot!(rules("ex.mix.02").join("\n"), @"
    r1 (Conservative): counted under Regulation 1182/71
    r12 (Conservative): days of Europe/Berlin
    r3 (Conservative): 2028-03-01 itself is not counted
    r5 (Conservative): day 10 is 2028-03-11, until its last hour ends
    r13 (Conservative): the earlier of whole 24 hours and the same local time on the last day, not extended
    r1 (Legal): counted under Regulation 1182/71
    r12 (Legal): days of Europe/Berlin
    r3 (Legal): 2028-03-01 itself is not counted
    r5 (Legal): day 15 is 2028-03-16, until its last hour ends
    r8 (Legal): weekends and holidays in between count
    r14 (Both): the earliest of 3 readings
    ");
}

#[test]
fn a_deadline_survives_its_serialised_form() {
    for example in facts().examples.iter().filter(|one| one.expected_error.is_empty()) {
        let got = asked(example);
        let text = serde_json::to_string(&got).unwrap();
        assert_eq!(serde_json::from_str::<Deadline>(&text).unwrap(), got, "{}", example.id);
    }
}

#[test]
fn an_instant_alone_stands_for_every_event_and_says_what_it_leaves_open() {
    let days = NonWorkingDays::weekends();
    let ask =
        |id: &str| clock(facts(), id, "2027-12-06T09:30:00+01:00", "Europe/Paris", &days).unwrap();
    let initial = ask("dora.initial");
    assert_eq!(initial.legal_latest.unwrap().to_string(), "2027-12-06T13:30:00+01:00");
    assert_eq!(initial.notes.len(), 2, "{:?}", initial.notes);
    let test = ask("aia.art60.7");
    assert_eq!(test.legal_latest.unwrap().to_string(), "2027-12-22T00:00:00+01:00");
    assert_eq!(test.notes.len(), 2, "{:?}", test.notes);
    let at_once = ask("aia.art26.5");
    assert_eq!(at_once.conservative_deadline.unwrap().to_string(), "2027-12-06T09:30:00+01:00");
    assert_eq!(at_once.legal_latest, None);
}
