//! How long clocks take: one deadline, all clocks of an incident, the holidays of a year.

#![expect(clippy::unwrap_used, reason = "a measurement that can't go on stops")]

use divan::{Bencher, black_box};
use surety_catalog::{Catalogs, Law};
use surety_law::clock::{
    Answer, Incident, IncidentEvent, Moment, NonWorkingDays, Setting, clock, clocks,
    holiday::holidays,
};

fn main() {
    divan::main();
}

#[divan::bench]
fn one_deadline(bencher: Bencher<'_, '_>) {
    let facts = Catalogs::builtin().incident_clocks();
    let days = NonWorkingDays::weekends();
    let start = "2027-12-09T10:00:00+01:00";
    bencher
        .bench(|| clock(facts, "aia.art73.3", black_box(start), "Europe/Berlin", &days).unwrap());
}

#[divan::bench]
fn all_clocks_of_an_incident_in_two_member_states(bencher: Bencher<'_, '_>) {
    let catalogs = Catalogs::builtin();
    let laws: [&Law; 1] = [catalogs.law("eu-ai-act").unwrap()];
    let setting = Setting {
        facts: catalogs.incident_clocks(),
        laws: &laws,
        holidays: catalogs.public_holidays(),
        own: &[],
        authorities: &[],
    };
    let yes = ["ai.system_involved", "harm.death", "data.breach", "nis2.significant", "dora.major"];
    let incident = Incident {
        timezone: "Europe/Berlin".to_owned(),
        occurred_in: vec!["DE".to_owned(), "IE".to_owned()],
        established_in: Some("DE".to_owned()),
        roles: setting.facts.roles.iter().map(|one| one.id.clone()).collect(),
        scopes: vec!["high_risk_annex_iii".to_owned(), "gpai".to_owned()],
        answers: yes.map(|id| (id.to_owned(), Answer::Yes)).into(),
        events: vec![IncidentEvent {
            event: "aware".to_owned(),
            at: "2027-12-15T08:30:00Z".parse().unwrap(),
            by: String::new(),
            source: String::new(),
        }],
        ..Incident::default()
    };
    let now = "2027-12-15T12:00:00Z".parse().unwrap();
    let day = jiff::civil::date(2027, 12, 15);
    let moment = Moment { now, on: day, law_as_of: day };
    bencher.bench(|| clocks(black_box(&setting), &incident, moment).unwrap());
}

#[divan::bench]
fn the_holidays_of_a_year_in_27_member_states(bencher: Bencher<'_, '_>) {
    let calendars = &Catalogs::builtin().public_holidays().calendars;
    bencher.bench(|| {
        calendars
            .iter()
            .map(|one| holidays(one, black_box(2028), &[]).unwrap().len())
            .sum::<usize>()
    });
}
