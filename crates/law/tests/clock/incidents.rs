//! One incident, all regimes at once: what runs, what does not, and why.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::date};
use surety_catalog::{
    Authority, Catalogs, Clock, ClockReading, ClockRecipient, Confidence, Counting, Law,
    PeriodUnit, Place,
};
use surety_law::clock::{
    Answer, Applied, ClockState, Clocks, DrillScore, Holds, Incident, IncidentEvent, Moment,
    Outcome, RunningClock, Setting, Stop, clocks, score,
};

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn event(event: &str, when: &str) -> IncidentEvent {
    let (by, source) = ("duty officer".to_owned(), "ticket 17".to_owned());
    IncidentEvent { event: event.to_owned(), at: at(when), by, source }
}

pub(crate) fn yes(questions: &[&str]) -> BTreeMap<String, Answer> {
    questions.iter().map(|one| ((*one).to_owned(), Answer::Yes)).collect()
}

pub(crate) fn run(incident: &Incident, now: &str) -> Clocks {
    run_with(incident, now, &[], &[])
}

fn run_with(incident: &Incident, now: &str, own: &[Clock], authorities: &[Authority]) -> Clocks {
    let catalogs = Catalogs::builtin();
    let laws: [&Law; 1] = [catalogs.law("eu-ai-act").unwrap()];
    let setting = Setting {
        facts: catalogs.incident_clocks(),
        laws: &laws,
        holidays: catalogs.public_holidays(),
        own,
        authorities,
    };
    let on = at(now).to_zoned(jiff::tz::TimeZone::UTC).date();
    clocks(&setting, incident, Moment { now: at(now), on, law_as_of: on }).unwrap()
}

fn of<'a>(all: &'a Clocks, id: &str) -> &'a RunningClock {
    all.clocks.iter().find(|one| one.clock == id).unwrap()
}

/// A hospital deploys and a vendor provides an Annex III system; records of patients leak and somebody dies.
pub(crate) fn hospital() -> Incident {
    let mut answers = yes(&["ai.system_involved", "harm.death", "data.breach", "nis2.significant"]);
    for no in ["ai.equivalent_regime", "ai.device", "ai.office_exclusive", "data.risk_unlikely"] {
        answers.insert(no.to_owned(), Answer::No);
    }
    Incident {
        timezone: "Europe/Berlin".to_owned(),
        occurred_in: vec!["DE".to_owned(), "IE".to_owned()],
        established_in: Some("DE".to_owned()),
        roles: ["provider", "controller", "nis2_entity"].map(str::to_owned).into(),
        scopes: vec!["high_risk_annex_iii".to_owned()],
        answers,
        events: vec![event("aware", "2027-12-15T09:30:00+01:00")],
        ..Incident::default()
    }
}

#[test]
fn one_incident_starts_the_clocks_of_several_acts_side_by_side() {
    let all = run(&hospital(), "2027-12-15T12:00:00Z");
    let running: Vec<_> = all
        .clocks
        .iter()
        .filter(|one| one.state == ClockState::Running)
        .map(|one| format!("{} {}", one.clock, one.conservative_deadline.unwrap()))
        .collect();
    insta::assert_snapshot!(running.join("\n"), @"
    nis2.23.4.a 2027-12-16T09:30:00+01:00
    gdpr.33.1 2027-12-18T09:30:00+01:00
    nis2.23.4.b 2027-12-18T09:30:00+01:00
    aia.art73.4 2027-12-25T09:30:00+01:00
    ");
    assert_eq!(all.earliest.unwrap().clock, "nis2.23.4.a");
    // Whether there is a risk under Art 79(1) is open; if there is, the authorities are told at once.
    assert_eq!(all.earliest_possible.unwrap().clock, "aia.art20.2");
}

#[test]
fn each_member_state_counts_with_its_own_time_and_holidays() {
    let all = run(&hospital(), "2027-12-15T12:00:00Z");
    let death = of(&all, "aia.art73.4");
    let due: Vec<_> = death
        .due
        .iter()
        .map(|one| {
            let deadline = one.deadline.as_ref().unwrap();
            format!(
                "{} {}: {}",
                one.member_state,
                deadline.timezone,
                deadline.legal_latest.unwrap()
            )
        })
        .collect();
    // Day 10 is 25 December, a Saturday; Ireland takes Monday and Tuesday for Christmas and St Stephen's Day.
    assert_eq!(
        due,
        [
            "DE Europe/Berlin: 2027-12-28T00:00:00+01:00",
            "IE Europe/Dublin: 2027-12-30T00:00:00+00:00"
        ]
    );
    assert_eq!(death.legal_latest.unwrap().to_string(), "2027-12-28T00:00:00+01:00");
    assert!(death.first_report_may_be_incomplete);
    assert_eq!(death.incomplete_basis, "Art 73(5)");
}

#[test]
fn authorities_are_named_where_they_are_known_and_the_organisation_knows_best() {
    let known = Authority {
        recipient: "market_surveillance".to_owned(),
        member_state: "DE".to_owned(),
        name: "Bundesnetzagentur".to_owned(),
        note: String::new(),
        confidence: Confidence::High,
    };
    let all = run_with(&hospital(), "2027-12-15T12:00:00Z", &[], &[known]);
    let names =
        |id: &str| -> Vec<_> { of(&all, id).due.iter().map(|one| one.authority.clone()).collect() };
    assert_eq!(names("aia.art73.4"), ["Bundesnetzagentur", "Market surveillance authority (IE)"]);
    assert!(names("gdpr.33.1")[0].starts_with("Data protection authority of the Land"));
    assert!(names("nis2.23.4.a")[0].contains("BSI"));
}

#[test]
fn the_ai_office_takes_the_place_of_the_authorities_of_member_states() {
    let mut incident = hospital();
    incident.answers.extend(yes(&["ai.office_exclusive"]));
    let all = run(&incident, "2027-12-15T12:00:00Z");
    let due = &of(&all, "aia.art73.4").due;
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].member_state, "EU");
    assert!(due[0].authority.starts_with("AI Office"));
    // The institutions are closed from 24 December to 2 January, so the first Monday counts.
    let latest = due[0].deadline.as_ref().unwrap().legal_latest.unwrap();
    assert_eq!(latest.to_string(), "2028-01-04T00:00:00+01:00");
}

#[test]
fn what_does_not_run_says_why() {
    let all = run(&hospital(), "2027-12-15T12:00:00Z");
    let dora = of(&all, "dora.initial");
    assert_eq!(dora.state, ClockState::NotTriggered);
    let why: Vec<_> = dora.reasons.iter().filter(|one| one.holds == Holds::Against).collect();
    assert_eq!(why[0].text, "the clock is that of: financial entity");
    let mut incident = hospital();
    incident.answers.insert("data.risk_unlikely".to_owned(), Answer::Yes);
    let all = run(&incident, "2027-12-15T12:00:00Z");
    let breach = of(&all, "gdpr.33.1");
    assert_eq!(breach.state, ClockState::NotTriggered);
    assert!(breach.reasons.iter().any(|one| {
        one.about == "data.risk_unlikely"
            && one.holds == Holds::Against
            && one.citation == "GDPR Art 33(1)"
    }));
}

#[test]
fn equivalent_regimes_leave_only_fundamental_rights_to_the_ai_act() {
    let mut incident = hospital();
    incident.answers.extend(yes(&["ai.device", "harm.fundamental_rights", "harm.health"]));
    let all = run(&incident, "2027-12-15T12:00:00Z");
    assert_eq!(of(&all, "aia.art73.4").state, ClockState::NotTriggered);
    assert_eq!(of(&all, "aia.art73.2").state, ClockState::Running);
    let without =
        Incident { answers: yes(&["ai.system_involved", "ai.device", "harm.health"]), ..incident };
    let all = run(&without, "2027-12-15T12:00:00Z");
    assert_eq!(of(&all, "aia.art73.2").state, ClockState::Possible);
    assert_eq!(
        of(&all, "aia.art73.2").open_questions,
        ["harm.fundamental_rights"],
        "harm to property would not count, so it is not asked"
    );
}

#[test]
fn unknown_answers_make_a_clock_possible_and_name_the_questions() {
    let mut incident = hospital();
    incident.answers = yes(&["ai.system_involved"]);
    let all = run(&incident, "2027-12-15T12:00:00Z");
    let death = of(&all, "aia.art73.4");
    assert_eq!(death.state, ClockState::Possible);
    assert!(death.open_questions.contains(&"harm.death".to_owned()));
    // The possible deadline is shown all the same.
    assert!(death.conservative_deadline.is_some());
    let asked = all.open_questions.iter().find(|one| one.question == "harm.death").unwrap();
    assert!(asked.clocks.contains(&"aia.art73.4".to_owned()));
    assert!(all.earliest.is_none() && all.earliest_possible.is_some());
}

#[test]
fn a_late_causal_link_does_not_move_the_outer_limit() {
    let mut incident = hospital();
    incident.answers = yes(&["ai.system_involved", "harm.health"]);
    incident
        .answers
        .extend(["ai.equivalent_regime", "ai.device"].map(|no| (no.to_owned(), Answer::No)));
    let early = run(&incident, "2028-01-20T12:00:00Z");
    let limit = of(&early, "aia.art73.2").legal_latest;
    assert!(of(&early, "aia.art73.2").due_at_once_since.is_none());
    incident.events.push(event("causal_link.likely", "2028-01-19T10:00:00+01:00"));
    let late = run(&incident, "2028-01-20T12:00:00Z");
    let clock = of(&late, "aia.art73.2");
    assert_eq!(clock.legal_latest, limit);
    assert_eq!(clock.state, ClockState::Overdue);
    assert_eq!(
        clock.due_at_once_since.as_ref().unwrap().at.to_string(),
        "2028-01-19T10:00:00+01:00"
    );
    assert!(clock.notes.iter().any(|note| note.contains("report now and record why")));
}

#[test]
fn a_clock_keeps_who_became_aware_and_from_where() {
    let all = run(&hospital(), "2027-12-15T12:00:00Z");
    let started = of(&all, "gdpr.33.1").started_by.clone().unwrap();
    assert_eq!((started.event.as_str(), started.by.as_str()), ("aware", "duty officer"));
    assert_eq!(started.source, "ticket 17");
}

#[test]
fn the_act_must_have_applied_on_the_day() {
    let mut incident = hospital();
    incident.events = vec![event("aware", "2026-12-15T09:30:00+01:00")];
    let clock =
        |incident: &Incident| of(&run(incident, "2026-12-15T12:00:00Z"), "aia.art73.4").clone();
    let early = clock(&incident);
    assert_eq!(early.state, ClockState::NotApplicable);
    assert_eq!(early.applicability.applies, Applied::NotYet);
    assert_eq!(early.applicability.version, "v2026");
    assert_eq!(early.applicability.operative_from, Some(date(2027, 12, 2)));
    assert!(early.notes.iter().any(|note| note.contains("on its face since 2026-08-02")));
    incident.events = vec![event("aware", "2027-12-15T09:30:00+01:00")];
    incident.scopes =
        vec!["high_risk_annex_iii_legacy".to_owned(), "high_risk_annex_iii".to_owned()];
    assert_eq!(clock(&incident).applicability.applies, Applied::No);
    incident.significant_change_on = Some(date(2027, 12, 10));
    let changed = clock(&incident);
    assert_eq!(changed.applicability.applies, Applied::Yes);
    assert_eq!(changed.applicability.operative_from, Some(date(2027, 12, 10)));
    incident.scopes[0] = "high_risk_public_authority_legacy".to_owned();
    incident.significant_change_on = None;
    let public = clock(&incident);
    assert_eq!(public.applicability.applies, Applied::NotYet);
    assert_eq!(public.applicability.operative_from, Some(date(2030, 8, 2)));
    // After a significant change the dates of its own class hold, if they are earlier.
    incident.significant_change_on = Some(date(2027, 12, 10));
    assert_eq!(clock(&incident).applicability.operative_from, Some(date(2027, 12, 10)));
    incident.scopes[1] = "high_risk_annex_i".to_owned();
    assert_eq!(clock(&incident).applicability.operative_from, Some(date(2030, 8, 2)));
    incident.scopes.clear();
    assert_eq!(clock(&incident).applicability.applies, Applied::Unknown);
    assert_eq!(clock(&incident).state, ClockState::Possible);
}

#[test]
fn what_was_known_of_the_law_on_a_day_decides() {
    let catalogs = Catalogs::builtin();
    let laws: [&Law; 1] = [catalogs.law("eu-ai-act").unwrap()];
    let setting = Setting {
        facts: catalogs.incident_clocks(),
        laws: &laws,
        holidays: catalogs.public_holidays(),
        own: &[],
        authorities: &[],
    };
    let mut incident = hospital();
    incident.events = vec![event("aware", "2026-12-15T09:30:00+01:00")];
    let state = |law_as_of| {
        let moment = Moment { now: at("2026-12-15T12:00:00Z"), on: date(2026, 12, 15), law_as_of };
        of(&clocks(&setting, &incident, moment).unwrap(), "aia.art73.4").state
    };
    assert_eq!(state(date(2026, 7, 1)), ClockState::Running, "the law as adopted");
    assert_eq!(state(date(2026, 8, 1)), ClockState::NotApplicable, "the law as amended");
}

#[test]
fn reports_start_the_next_clocks_and_stop_their_own() {
    let mut incident = hospital();
    let before = run(&incident, "2027-12-15T12:00:00Z");
    assert_eq!(
        of(&before, "nis2.23.4.d").state,
        ClockState::Possible,
        "whether it goes on is open"
    );
    incident.answers.insert("nis2.ongoing".to_owned(), Answer::No);
    assert_eq!(
        of(&run(&incident, "2027-12-15T12:00:00Z"), "nis2.23.4.d").state,
        ClockState::Awaiting
    );
    incident.events.push(event("submitted.nis2.23.4.a", "2027-12-16T09:00:00+01:00"));
    incident.events.push(event("submitted.nis2.23.4.b", "2027-12-18T09:45:00+01:00"));
    let after = run(&incident, "2027-12-20T12:00:00Z");
    let reported = |id: &str| of(&after, id).reported.clone().unwrap().outcome;
    assert_eq!(reported("nis2.23.4.a"), Outcome::InTime);
    assert_eq!(reported("nis2.23.4.b"), Outcome::WithinLegal);
    let last = of(&after, "nis2.23.4.d");
    assert_eq!(last.state, ClockState::Running);
    assert_eq!(last.legal_latest.unwrap().to_string(), "2028-01-19T00:00:00+01:00");
}

#[test]
fn a_clock_stops_for_a_reason_of_its_act_only() {
    let mut incident = hospital();
    let stop = |clock: &str, reason: &str| Stop {
        clock: clock.to_owned(),
        at: at("2027-12-15T15:00:00+01:00"),
        reason: reason.to_owned(),
        by: "data protection officer".to_owned(),
        note: "copies were encrypted".to_owned(),
    };
    incident.stops = vec![stop("gdpr.33.1", "exception")];
    let all = run(&incident, "2027-12-15T16:00:00Z");
    let stopped = of(&all, "gdpr.33.1");
    assert_eq!(stopped.state, ClockState::Stopped);
    assert_eq!(stopped.stopped.as_ref().unwrap().text, "An exception of the act applies");
    incident.stops = vec![stop("gdpr.33.1", "not_major")];
    let catalogs = Catalogs::builtin();
    let setting = Setting {
        facts: catalogs.incident_clocks(),
        laws: &[catalogs.law("eu-ai-act").unwrap()],
        holidays: catalogs.public_holidays(),
        own: &[],
        authorities: &[],
    };
    let moment = Moment {
        now: at("2027-12-15T16:00:00Z"),
        on: date(2027, 12, 15),
        law_as_of: date(2027, 12, 15),
    };
    let error = clocks(&setting, &incident, moment).unwrap_err();
    assert_eq!(error.code(), "no_reason_to_stop");
    for (break_it, code) in [
        (Incident { stops: vec![stop("x", "exception")], ..hospital() }, "unknown_clock"),
        (Incident { roles: ["king".to_owned()].into(), ..hospital() }, "unknown_word"),
        (Incident { scopes: vec!["galactic".to_owned()], ..hospital() }, "unknown_word"),
        (Incident { answers: yes(&["harm.pride"]), ..hospital() }, "unknown_word"),
        (
            Incident { events: vec![event("submitted.x", "2027-12-15T15:00:00Z")], ..hospital() },
            "unknown_word",
        ),
        (Incident { occurred_in: vec!["XX".to_owned()], ..hospital() }, "unknown_member_state"),
        (Incident { timezone: "Mars".to_owned(), ..hospital() }, "unknown_timezone"),
        (
            Incident { events: vec![event("aware", "1804-12-15T15:00:00Z")], ..hospital() },
            "year_out_of_range",
        ),
    ] {
        assert_eq!(clocks(&setting, &break_it, moment).unwrap_err().code(), code);
    }
}

fn board_clock() -> Clock {
    Clock {
        id: "own.board".to_owned(),
        act: "organisation".to_owned(),
        reference: "Incident policy 4.2".to_owned(),
        title: "Tell the board".to_owned(),
        who: "incident manager".to_owned(),
        roles: Vec::new(),
        recipient: "board".to_owned(),
        recipients: vec![ClockRecipient {
            recipient: "organisation".to_owned(),
            place: Place::Organisation,
            when: None,
            unless: None,
        }],
        start_event: "awareness".to_owned(),
        readings: vec![ClockReading {
            says: "from awareness".to_owned(),
            events: vec!["aware".to_owned()],
            ..ClockReading::default()
        }],
        limit: 1,
        unit: PeriodUnit::WorkingDays,
        counting: Counting::Reg1182,
        cap: None,
        relief: Default::default(),
        relief_question: None,
        relief_basis: String::new(),
        primary: String::new(),
        due_at_once_on: Vec::new(),
        all: Vec::new(),
        triggers: Vec::new(),
        exceptions: Vec::new(),
        initial_incomplete_report: true,
        initial_incomplete_basis: String::new(),
        follow_ups: Vec::new(),
        next: Vec::new(),
        see: Vec::new(),
        binding: true,
        authority_deadline: false,
        regime: None,
        note: String::new(),
        pending: String::new(),
        confidence: Confidence::High,
    }
}

#[test]
fn the_organisation_sets_clocks_of_its_own() {
    let mut incident = hospital();
    incident.holidays = vec![date(2027, 12, 16)];
    let all = run_with(&incident, "2027-12-15T12:00:00Z", &[board_clock()], &[]);
    let own = of(&all, "own.board");
    assert_eq!(own.state, ClockState::Running);
    assert_eq!(own.legal_latest.unwrap().to_string(), "2027-12-18T00:00:00+01:00");
    assert_eq!(own.due[0].authority, "Somebody in the organisation");
}

#[test]
fn a_financial_entity_sees_the_cap_until_it_classifies() {
    let mut incident = Incident {
        timezone: "Europe/Paris".to_owned(),
        established_in: Some("FR".to_owned()),
        roles: ["financial_entity".to_owned()].into(),
        answers: yes(&["dora.relief_excluded", "dora.limit_out_of_reach"]),
        events: vec![event("aware.ict", "2026-11-18T09:00:00+01:00")],
        ..Incident::default()
    };
    let all = run(&incident, "2026-11-18T10:00:00Z");
    let initial = of(&all, "dora.initial");
    assert_eq!(initial.state, ClockState::Possible);
    assert_eq!(initial.conservative_deadline.unwrap().to_string(), "2026-11-19T09:00:00+01:00");
    incident.answers.extend(yes(&["dora.major"]));
    incident.events.push(event("classified.major", "2026-11-18T12:00:00+01:00"));
    let all = run(&incident, "2026-11-18T12:00:00Z");
    assert_eq!(
        of(&all, "dora.initial").legal_latest.unwrap().to_string(),
        "2026-11-18T16:00:00+01:00"
    );
    // Who cannot keep a limit says so before it passes.
    let unable = of(&all, "dora.unable");
    assert_eq!(unable.conservative_deadline, of(&all, "dora.initial").conservative_deadline);
    assert_eq!(unable.state, ClockState::Running);
}

#[test]
fn a_model_provider_follows_up_every_four_weeks_until_it_is_resolved() {
    let mut incident = Incident {
        timezone: "Europe/Brussels".to_owned(),
        roles: ["gpai_systemic_provider", "code_signatory"].map(str::to_owned).into(),
        scopes: vec!["gpai".to_owned()],
        answers: yes(&["ai.serious_incident_model", "harm.cybersecurity"]),
        events: vec![
            event("aware.model", "2026-11-02T10:00:00+01:00"),
            event("submitted.gpai.cop.9_3.5", "2026-11-05T10:00:00+01:00"),
        ],
        ..Incident::default()
    };
    let due = |incident: &Incident| -> Vec<String> {
        let all = run(incident, "2026-11-06T10:00:00Z");
        let due = of(&all, "gpai.cop.9_3.5").follow_ups.clone();
        due.iter().map(|one| format!("{} {}", one.title, one.conservative_deadline)).collect()
    };
    assert_eq!(due(&incident), ["Intermediate report 2026-12-03T10:00:00+01:00"]);
    incident.events.push(event("resolved", "2026-11-10T10:00:00+01:00"));
    assert_eq!(due(&incident), ["Final report 2027-01-09T10:00:00+01:00"]);
    let all = run(&incident, "2026-11-06T10:00:00Z");
    assert!(!of(&all, "gpai.cop.9_3.5").binding);
    assert!(of(&all, "aia.art55.1.c").see.contains(&"gpai.cop.9_3.5".to_owned()));
}

#[test]
fn every_clock_can_run_somewhere_and_says_to_whom() {
    let facts = Catalogs::builtin().incident_clocks();
    let mut incident = Incident {
        timezone: "Europe/Rome".to_owned(),
        occurred_in: vec!["IT".to_owned()],
        established_in: Some("IT".to_owned()),
        roles: facts.roles.iter().map(|one| one.id.clone()).collect(),
        scopes: vec!["high_risk_annex_iii".to_owned(), "gpai".to_owned()],
        events: facts.events.iter().map(|one| event(&one.id, "2028-03-01T10:00:00Z")).collect(),
        ..Incident::default()
    };
    for one in &facts.clocks {
        let wanted = one.all.iter().chain(one.triggers.first().map(|one| &one.question));
        incident.answers = wanted.map(|id| (id.clone(), Answer::Yes)).collect();
        let barred = one.exceptions.iter().chain(one.triggers.iter().flat_map(|one| &one.unless));
        incident.answers.extend(barred.map(|id| (id.clone(), Answer::No)));
        let mut reported = incident.clone();
        for id in one
            .readings
            .iter()
            .flat_map(|one| &one.events)
            .filter(|id| id.starts_with("submitted."))
        {
            reported.events.push(event(id, "2028-03-01T10:00:00Z"));
        }
        let all = run(&reported, "2028-03-01T10:00:00Z");
        let clock = of(&all, &one.id);
        assert_eq!(clock.state, ClockState::Running, "{}: {:?}", one.id, clock.reasons);
        assert!(clock.due.iter().all(|due| !due.authority.is_empty()), "{}", one.id);
    }
}

fn outcome_of(score: &DrillScore, clock: &str) -> Outcome {
    score.results.iter().find(|one| one.clock == clock).unwrap().outcome
}

#[test]
fn a_drill_is_scored_against_the_deadlines() {
    let all = run(&hospital(), "2027-12-15T12:00:00Z");
    let reports = BTreeMap::from([
        ("nis2.23.4.a".to_owned(), at("2027-12-16T09:00:00+01:00")),
        ("nis2.23.4.b".to_owned(), at("2027-12-18T09:45:00+01:00")),
        ("gdpr.33.1".to_owned(), at("2027-12-18T12:00:00+01:00")),
        ("cra.14.early".to_owned(), at("2027-12-18T12:00:00+01:00")),
    ]);
    let during = score(&all.clocks, &reports, at("2027-12-15T12:00:00Z"));
    assert_eq!(outcome_of(&during, "aia.art73.4"), Outcome::Pending, "there still is time");
    let score = score(&all.clocks, &reports, at("2028-01-15T12:00:00Z"));
    let outcome = |id: &str| outcome_of(&score, id);
    assert_eq!(outcome("nis2.23.4.a"), Outcome::InTime);
    assert_eq!(outcome("nis2.23.4.b"), Outcome::WithinLegal);
    assert_eq!(outcome("gdpr.33.1"), Outcome::Late);
    assert_eq!(outcome("aia.art73.4"), Outcome::Missed);
    assert_eq!(score.unneeded, ["cra.14.early"]);
    let early = score.results.iter().find(|one| one.clock == "nis2.23.4.a").unwrap();
    assert_eq!((early.minutes_taken, early.minutes_to_spare), (Some(1_410), Some(30)));
    assert_eq!(score.in_time, 1);
    assert_eq!(score.late, 1);
}

#[test]
fn results_survive_their_serialised_form() {
    let all = run(&hospital(), "2027-12-15T12:00:00Z");
    let text = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<Clocks>(&text).unwrap(), all);
    let incident = hospital();
    let text = serde_json::to_string(&incident).unwrap();
    assert_eq!(serde_json::from_str::<Incident>(&text).unwrap(), incident);
}
