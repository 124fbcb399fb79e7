//! Incidents and their reporting clocks: those of the law, those that the organisation has set itself, drafts and drills.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use surety_aims::{
    Body, Record, RecordId, Ref, of,
    records::{self, AiSystem, Incident, LimitUnit, Organisation, ReportingClock, Typed},
};
use surety_catalog as catalog;
use surety_law::clock::{self, Clocks, DrillScore, ReportDraft, Setting, Stage};

use crate::{Error, View};

/// What is written before the id of a clock in the event of a report on it.
const SUBMITTED: &str = "submitted.";

impl View {
    /// Every clock for an incident as it stands `now`, under the law as published by a day.
    ///
    /// # Errors
    /// [`Error::UnknownRecord`]; [`Error::Input`] for what is no incident, or has words that no vocabulary has.
    pub fn clocks(
        &self,
        incident: RecordId,
        now: Timestamp,
        law_as_of: Date,
    ) -> Result<Clocks, Error> {
        let said = self.incident(incident)?;
        let (own, authorities) = (self.own_clocks(said), self.own_authorities());
        let setting = Setting {
            facts: self.catalogs.incident_clocks(),
            laws: &[self.ai_act()?],
            holidays: self.catalogs.public_holidays(),
            own: &own,
            authorities: &authorities,
        };
        let moment = clock::Moment { now, on: self.on, law_as_of };
        clock::clocks(&setting, &self.facts(said)?, moment).map_err(input)
    }

    /// The draft of a report on one clock of an incident, filled from records; `None` if no form is known for that clock.
    ///
    /// # Errors
    /// As [`View::clocks`].
    pub fn report_draft(
        &self,
        incident: RecordId,
        clock: &str,
        stage: Stage,
    ) -> Result<Option<ReportDraft>, Error> {
        let said = self.incident(incident)?;
        let facts = self.catalogs.incident_clocks();
        if facts.clock(clock).is_none() {
            return Err(Error::Input(format!(
                "there is no clock `{clock}`; see `surety clock --list`"
            )));
        }
        let known = self.known(incident, said, stage);
        clock::draft(facts, clock, &self.facts(said)?, &known, stage).map_err(input)
    }

    /// How the reports that stand in an incident compare with its deadlines.
    ///
    /// # Errors
    /// As [`View::clocks`].
    pub fn drill(
        &self,
        incident: RecordId,
        now: Timestamp,
        law_as_of: Date,
    ) -> Result<DrillScore, Error> {
        let clocks = self.clocks(incident, now, law_as_of)?;
        let mut reports = BTreeMap::new();
        for event in &self.incident(incident)?.events {
            if let (Some(clock), Some(at)) = (event.event.strip_prefix(SUBMITTED), event.at) {
                let first = reports.entry(clock.to_owned()).or_insert(at);
                *first = at.min(*first);
            }
        }
        Ok(clock::score(&clocks.clocks, &reports, now))
    }

    fn incident(&self, id: RecordId) -> Result<&Incident, Error> {
        let record = self.book().get(id).ok_or(Error::UnknownRecord(id))?;
        of::<Incident>(record).ok_or_else(|| Error::Input(format!("{id} is not an incident")))
    }

    /// Clocks in force that the organisation has set itself, as far as they are about the incident.
    fn own_clocks(&self, said: &Incident) -> Vec<catalog::Clock> {
        let concerns = |clock: &ReportingClock| {
            clock.ai_systems.is_empty()
                || clock.ai_systems.iter().any(|system| said.ai_systems.contains(system))
        };
        self.in_force::<ReportingClock>()
            .filter(|(_, clock)| concerns(clock))
            .map(|(record, clock)| own_clock(record.id, clock))
            .collect()
    }

    fn own_authorities(&self) -> Vec<catalog::Authority> {
        let authority = |(_, one): (&Record, &records::Authority)| catalog::Authority {
            recipient: one.recipient.clone(),
            member_state: one.member_state.clone(),
            name: one.name.clone(),
            note: joined([one.channel.as_str(), one.remarks.as_str()], ". "),
            confidence: catalog::Confidence::High,
        };
        self.in_force::<records::Authority>().map(authority).collect()
    }

    /// Live records of a kind, with the body that is in force.
    fn in_force<T: surety_aims::RecordKind + Typed>(&self) -> impl Iterator<Item = (&Record, &T)> {
        let all = self.book().of_kind(T::KIND).filter(|record| record.is_live());
        all.filter_map(|record| {
            let body: &Body = record.effective()?;
            Some((record, T::of(body)?))
        })
    }

    /// An incident as the clocks read it; scopes come from the classifications of its AI systems.
    fn facts(&self, said: &Incident) -> Result<clock::Incident, Error> {
        // Some tiers have no dates of their own, such as the one that every AI system has.
        let known = &self.ai_act()?.scopes;
        let mut scopes = BTreeSet::new();
        let mut changed = None;
        for system in &said.ai_systems {
            if let Some(subject) = self.subject(system.id()) {
                scopes.extend(subject.tiers.into_iter().filter(|tier| known.contains(tier)));
                changed = changed.or(subject.facts.significant_change_on);
            }
        }
        let json = serde_json::json!({
            "timezone": said.timezone,
            "occurred_in": said.occurred_in,
            "established_in": said.established_in,
            "regions": said.regions,
            "holidays": said.holidays,
            "roles": said.roles,
            "scopes": scopes,
            "significant_change_on": changed,
            "answers": said.answers,
            "events": said.events,
            "stops": said.stops,
        });
        Ok(serde_json::from_value(json)?)
    }

    /// What records say about the fields that reports have; what the incident says in so many words goes first.
    fn known(&self, id: RecordId, said: &Incident, stage: Stage) -> BTreeMap<String, String> {
        let systems: Vec<_> =
            said.ai_systems.iter().filter_map(|system| self.book().find(*system)).collect();
        let of_systems = |text: &dyn Fn(&AiSystem) -> String| {
            joined(systems.iter().map(|(_, system)| text(system)), "; ")
        };
        let name = self.book().all::<Organisation>().next().map(|(_, one)| one.name.clone());
        let contact = said.manager.map(|person| self.position_of(person)).unwrap_or_default();
        let kind = match stage {
            Stage::First => "Initial report",
            Stage::Complete => "Final report",
        };
        let state = self.book().get(id).map(|record| record.state).unwrap_or_default();
        let severity = said.severity.map(|one| format!("{one:?}").to_lowercase());
        let named =
            of_systems(&|system| joined([system.name.as_str(), system.version.as_str()], " "));
        let fields = [
            ("organisation", name.unwrap_or_default()),
            ("contact", contact),
            ("reference", id.to_string()),
            ("report_kind", kind.to_owned()),
            ("description", said.description.clone()),
            ("cause", said.cause.clone()),
            ("people_affected", said.affected_people.clone()),
            ("severity", severity.unwrap_or_default()),
            ("status", state.replace('_', " ")),
            ("role", said.roles.join(", ").replace('_', " ")),
            ("model", named.clone()),
            ("ai_system", named),
            ("ai_system.purpose", of_systems(&|system| system.purpose.clone())),
        ];
        let mut known: BTreeMap<_, _> =
            fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
        let stated = said.particulars.iter().filter(|(_, value)| !value.trim().is_empty());
        known.extend(stated.map(|(field, value)| (field.clone(), value.clone())));
        known
    }

    /// Position and unit of a person; names stand beside the ledger.
    fn position_of(&self, person: Ref<records::Person>) -> String {
        let said = self.book().find(person).map(|(_, said)| said);
        let place = said.map(|said| joined([said.position.as_str(), said.unit.as_str()], ", "));
        place.unwrap_or_else(|| person.to_string())
    }
}

/// A clock of the organisation in the form of those of the law.
fn own_clock(id: RecordId, said: &ReportingClock) -> catalog::Clock {
    let unit = said.unit.map_or(catalog::PeriodUnit::WithoutUndueDelay, unit);
    let reading = catalog::ClockReading {
        says: format!("from {}", said.starts_with.join(" or ")),
        events: said.starts_with.clone(),
        ..catalog::ClockReading::default()
    };
    let recipient = catalog::ClockRecipient {
        recipient: "named_by_the_organisation".to_owned(),
        place: catalog::Place::Organisation,
        when: None,
        unless: None,
    };
    catalog::Clock {
        id: id.to_string(),
        act: "organisation".to_owned(),
        reference: said.source.clone(),
        title: said.title.clone(),
        who: said.who.clone(),
        roles: Vec::new(),
        recipient: said.recipient.clone(),
        recipients: vec![recipient],
        start_event: said.starts_with.join(" or "),
        readings: vec![reading],
        limit: said.limit.unwrap_or_default(),
        unit,
        counting: catalog::Counting::Reg1182,
        cap: None,
        relief: catalog::Relief::None,
        relief_question: None,
        relief_basis: String::new(),
        primary: String::new(),
        due_at_once_on: Vec::new(),
        all: Vec::new(),
        triggers: Vec::new(),
        exceptions: Vec::new(),
        initial_incomplete_report: said.first_report_may_be_incomplete,
        initial_incomplete_basis: said.source.clone(),
        follow_ups: Vec::new(),
        next: Vec::new(),
        see: Vec::new(),
        binding: true,
        authority_deadline: false,
        regime: None,
        note: String::new(),
        pending: String::new(),
        confidence: catalog::Confidence::High,
    }
}

fn unit(unit: LimitUnit) -> catalog::PeriodUnit {
    match unit {
        LimitUnit::Hours => catalog::PeriodUnit::Hours,
        LimitUnit::Days => catalog::PeriodUnit::Days,
        LimitUnit::WorkingDays => catalog::PeriodUnit::WorkingDays,
        LimitUnit::Weeks => catalog::PeriodUnit::Weeks,
        LimitUnit::Months => catalog::PeriodUnit::Months,
        LimitUnit::Immediately => catalog::PeriodUnit::Immediately,
        LimitUnit::WithoutUndueDelay => catalog::PeriodUnit::WithoutUndueDelay,
    }
}

fn input(error: impl std::fmt::Display) -> Error {
    Error::Input(error.to_string())
}

/// What is not empty, with something between.
fn joined(parts: impl IntoIterator<Item = impl AsRef<str>>, between: &str) -> String {
    let mut text = String::new();
    for part in parts {
        let part = part.as_ref().trim();
        if !part.is_empty() {
            if !text.is_empty() {
                text.push_str(between);
            }
            text.push_str(part);
        }
    }
    text
}
