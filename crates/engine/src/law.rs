//! The law as it concerns our AI systems: classifications on record and obligations.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use surety_aims::{
    Book, Kind, Record, RecordId, Ref,
    derive::{gap::Outcome, soa::Soa},
    of,
    records::{AiSystem, Classification, Person},
};
use surety_catalog::Law;
use surety_law::obligation::{
    CalendarEntry, Entry, Facts, Fulfilment, LinkedRecord, Overlap, Overlaps, Reading,
    RecordStanding, SideBySide, Standing, State, StateOf, Subject, calendar, obligations, states,
};

use crate::{Error, View, staleness::Stale, views::STANDARD};

/// The law that AI systems are classified under.
pub const AI_ACT: &str = "eu-ai-act";

/// The obligations of one AI system, with what the management system already gives.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct SystemObligations<'v> {
    pub system: RecordId,
    pub classification: RecordId,
    /// Why the class on which this rests has to be looked at again; empty: it holds.
    pub stale: Vec<Stale>,
    pub outcome: &'v str,
    pub on: Date,
    pub law_as_of: Date,
    pub version: &'v str,
    /// What applies, now or later.
    pub obligations: Vec<SystemObligation<'v>>,
    /// What does not, with the reasons.
    pub not_applying: Vec<Entry<'v>>,
}

/// One obligation of one AI system.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct SystemObligation<'v> {
    #[serde(flatten)]
    pub entry: Entry<'v>,
    /// How far linked records say that it is fulfilled.
    pub state: State,
    pub records: Vec<String>,
    /// Who answers for it: the owner of the first linked record that has one, else of the AI system.
    pub owner: Option<Ref<Person>>,
    /// What ISO/IEC 42001 already gives and what stays open.
    pub overlap: Overlap<'v>,
}

impl View {
    /// The law that AI systems are classified under.
    pub fn ai_act(&self) -> Result<&'static Law, Error> {
        self.catalogs.law(AI_ACT).ok_or_else(|| Error::Input(format!("there is no law `{AI_ACT}`")))
    }

    /// The classification that counts for an AI system: the newest in force, else the newest there is.
    pub fn classification(&self, system: RecordId) -> Option<(&Record, &Classification)> {
        let all = self.book().referrers(system).filter_map(|record| {
            let said = of::<Classification>(record)?;
            (record.is_live() && said.ai_system.map(Ref::id) == Some(system))
                .then_some((record, said))
        });
        all.max_by_key(|(record, said)| {
            (record.effective().is_some(), said.performed_on, record.id)
        })
    }

    /// An AI system as its classification leaves it.
    pub fn subject(&self, system: RecordId) -> Option<Subject> {
        self.classification(system).map(|(_, said)| subject(system, said))
    }

    /// Every AI system that lives and is classified.
    pub fn subjects(&self) -> Vec<Subject> {
        systems(self.book()).filter_map(|system| self.subject(system)).collect()
    }

    /// The obligations of a classified AI system on a day, under the law as published by another.
    pub fn obligations<'v>(
        &'v self,
        soa: &'v Soa<'v>,
        system: RecordId,
        law_as_of: Date,
    ) -> Result<SystemObligations<'v>, Error> {
        self.system(system)?;
        if self.classification(system).is_none() {
            return Err(not_classified(system));
        }
        self.obligations_by(&self.standard_results(soa)?, system, law_as_of)
    }

    /// The same of every AI system that lives and is classified.
    pub fn all_obligations<'v>(
        &'v self,
        soa: &'v Soa<'v>,
        law_as_of: Date,
    ) -> Result<Vec<SystemObligations<'v>>, Error> {
        let results = self.standard_results(soa)?;
        let classified = systems(self.book()).filter(|id| self.classification(*id).is_some());
        classified.map(|system| self.obligations_by(&results, system, law_as_of)).collect()
    }

    /// How each requirement of the standard is judged.
    fn standard_results<'v>(
        &'v self,
        soa: &'v Soa<'v>,
    ) -> Result<BTreeMap<&'v str, Fulfilment>, Error> {
        let gaps = self.gaps(soa, &[STANDARD.to_owned()])?;
        let judged = gaps.into_iter().flat_map(|(_, gap)| gap.results);
        Ok(judged.map(|judged| (judged.id, fulfilment(judged.result))).collect())
    }

    fn obligations_by<'v>(
        &'v self,
        results: &BTreeMap<&str, Fulfilment>,
        system: RecordId,
        law_as_of: Date,
    ) -> Result<SystemObligations<'v>, Error> {
        let law = self.ai_act()?;
        let (record, said) = self.classification(system).ok_or_else(|| not_classified(system))?;
        let derived = obligations(law, &subject(system, said), self.on, law_as_of)
            .map_err(|error| Error::Input(error.to_string()))?;
        let linked = self.linked(system);
        let states = states(&linked);
        let overlaps = Overlaps::new(self.law_links());
        let result =
            |requirement: &str| results.get(requirement).copied().unwrap_or(Fulfilment::NotJudged);
        let version = derived.version.id.as_str();
        let (applying, not_applying): (Vec<_>, Vec<_>) = derived
            .entries
            .into_iter()
            .partition(|entry| entry.standing != Standing::NotApplicable);
        let obligations = applying
            .into_iter()
            .map(|entry| self.with_state(entry, system, &states, &overlaps, &result))
            .collect();
        Ok(SystemObligations {
            system,
            classification: record.id,
            stale: self.stale(system, said, law_as_of),
            outcome: &said.outcome,
            on: self.on,
            law_as_of,
            version,
            obligations,
            not_applying,
        })
    }

    /// What the law brings on which day, for which AI systems.
    ///
    /// # Errors
    /// [`Error::Input`] if nothing was published by `law_as_of`.
    pub fn law_calendar(
        &self,
        on: Date,
        law_as_of: Date,
    ) -> Result<Vec<CalendarEntry<'static>>, Error> {
        calendar(self.ai_act()?, &self.subjects(), on, law_as_of)
            .map_err(|error| Error::Input(error.to_string()))
    }

    /// What two roles owe for the same AI system, article by article: our own roles, or those of whoever else has them.
    ///
    /// # Errors
    /// As [`View::obligations`]; [`Error::Input`] for a role that the law does not know.
    pub fn side_by_side(
        &self,
        system: RecordId,
        law_as_of: Date,
        (left, right): (&str, &str),
    ) -> Result<Vec<SideBySide<'static>>, Error> {
        let law = self.ai_act()?;
        self.system(system)?;
        let subject = self.subject(system).ok_or_else(|| not_classified(system))?;
        if let Some(role) =
            [left, right].into_iter().find(|role| !law.roles.iter().any(|one| one == role))
        {
            let known = law.roles.join(", ");
            return Err(Error::Input(format!("the law has no role `{role}`; its roles: {known}")));
        }
        let reading = Reading::new(law, self.on, law_as_of)
            .map_err(|error| Error::Input(error.to_string()))?;
        Ok(reading.side_by_side(&subject, left, right))
    }

    fn with_state<'v>(
        &self,
        entry: Entry<'v>,
        system: RecordId,
        states: &BTreeMap<&str, StateOf<'_>>,
        overlaps: &Overlaps<'v>,
        result: &dyn Fn(&str) -> Fulfilment,
    ) -> SystemObligation<'v> {
        let id = entry.obligation.id.as_str();
        let state = states.get(id);
        let records: Vec<_> =
            state.iter().flat_map(|state| &state.records).map(|one| one.record.clone()).collect();
        let owner_of = |id: RecordId| self.book().get(id).and_then(|record| record.body.owner());
        let linked = records.iter().filter_map(|id| id.parse().ok()).find_map(owner_of);
        SystemObligation {
            state: state.map_or(State::NotAddressed, |state| state.state),
            owner: linked.or_else(|| owner_of(system)),
            records,
            overlap: overlaps.of(id, result),
            entry,
        }
    }

    /// The crosswalk from the standard to the law. Built-in frameworks live as long as the program.
    fn law_links(&self) -> &'static [surety_catalog::Link<'static>] {
        static LINKS: std::sync::OnceLock<Vec<surety_catalog::Link<'static>>> =
            std::sync::OnceLock::new();
        static CATALOGS: std::sync::OnceLock<std::sync::Arc<surety_catalog::Catalogs>> =
            std::sync::OnceLock::new();
        LINKS.get_or_init(|| {
            let catalogs = CATALOGS.get_or_init(surety_catalog::Catalogs::builtin);
            catalogs.crosswalk(STANDARD, AI_ACT)
        })
    }

    /// Records that name provisions of the law, about the AI system or about all.
    fn linked(&self, system: RecordId) -> Vec<LinkedRecord> {
        let Some(framework) = self.catalogs.framework(AI_ACT) else { return Vec::new() };
        let mut linked = Vec::new();
        for requirement in framework.requirements.iter().filter(|one| one.assessable) {
            let address = surety_catalog::RequirementRef::new(AI_ACT, &requirement.id);
            for record in self.book().naming(address.as_str()) {
                linked.extend(self.link(record, &requirement.id, system));
            }
        }
        linked
    }

    fn link(&self, record: &Record, obligation: &str, system: RecordId) -> Option<LinkedRecord> {
        let about = record.body.references();
        let systems = || about.iter().filter(|(_, id)| id.kind == Kind::AiSystem);
        let concerned = systems().next().is_none() || systems().any(|(_, id)| *id == system);
        if !record.is_live() || !concerned {
            return None;
        }
        let in_force = record.effective().is_some();
        let started = record.state != record.lifecycle().initial();
        let standing = match (in_force, started) {
            (true, _) => RecordStanding::Met,
            (false, true) => RecordStanding::Partly,
            (false, false) => RecordStanding::Open,
        };
        let fresh = record.body.dates().iter().all(|(_, date)| *date >= self.on);
        Some(LinkedRecord {
            obligation: obligation.to_owned(),
            record: record.id.to_string(),
            standing,
            fresh,
        })
    }
}

fn not_classified(system: RecordId) -> Error {
    Error::Input(format!(
        "{system} is not classified yet; `surety classify {system} --save` does it"
    ))
}

/// AI systems that live, also those outside the scope of the management system: the law does not ask for that.
pub(crate) fn systems(book: &Book) -> impl Iterator<Item = RecordId> {
    book.all::<AiSystem>().filter(|(record, _)| record.is_live()).map(|(record, _)| record.id)
}

fn subject(system: RecordId, said: &Classification) -> Subject {
    let date = |fact: &str| said.dates.get(fact).copied();
    Subject {
        id: system.to_string(),
        outcome: said.outcome.clone(),
        findings: said.findings.iter().cloned().collect(),
        roles: said.roles.iter().cloned().collect(),
        tiers: said.tiers.iter().cloned().collect(),
        facts: Facts {
            system_placed_on: date("system_placed_on"),
            model_placed_on: date("model_placed_on"),
            significant_change_on: date("significant_change_on"),
        },
    }
}

fn fulfilment(outcome: Outcome) -> Fulfilment {
    match outcome {
        Outcome::Met => Fulfilment::Met,
        Outcome::Partly => Fulfilment::PartlyMet,
        Outcome::NotMet => Fulfilment::NotMet,
        Outcome::NotApplicable => Fulfilment::NotApplicable,
    }
}
