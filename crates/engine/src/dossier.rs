//! Documents about one record: the dossier of an AI system, a policy.

use serde::Serialize;
use serde_json::Value;
use surety_aims::{
    Kind, Record, RecordId,
    derive::{
        risks::{Register, RegisteredRisk, register},
        soa::{self, Soa},
    },
};

use crate::{Error, HistoryRow, View, law::SystemObligations};

/// Everything about one AI system.
#[derive(Serialize, schemars::JsonSchema)]
pub struct Dossier<'v> {
    pub system: Value,
    /// The classification that counts; null: nobody has classified it.
    pub classification: Option<Value>,
    /// What the law asks; null: it is not classified.
    pub obligations: Option<SystemObligations<'v>>,
    /// Its column of the Statement of Applicability.
    pub controls: Vec<&'v soa::Cell<'v>>,
    /// Its risks, the worst first.
    pub risks: Vec<RegisteredRisk<'v>>,
    /// Every other record that names it.
    pub records: Vec<Value>,
    /// Every version and step of it, newest first.
    pub history: Vec<HistoryRow>,
}

/// One policy with how it came about.
#[derive(Serialize, schemars::JsonSchema)]
pub struct PolicyDocument {
    pub policy: Value,
    /// Every version and step of it, newest first.
    pub history: Vec<HistoryRow>,
}

impl View {
    /// The register of risks.
    pub fn risks(&self) -> Register<'_> {
        register(self.book(), self.on)
    }

    /// A record of a kind.
    pub fn of_kind(&self, id: RecordId, kind: Kind) -> Result<&Record, Error> {
        let found = self.book().get(id).filter(|record| record.kind() == kind);
        found.ok_or(Error::UnknownRecord(id))
    }

    /// Everything about an AI system, with what its history says of it.
    pub fn dossier<'v>(
        &'v self,
        soa: &'v Soa<'v>,
        system: RecordId,
        history: Vec<HistoryRow>,
    ) -> Result<Dossier<'v>, Error> {
        let record = self.of_kind(system, Kind::AiSystem)?;
        let classification = self.classification(system).map(|(record, _)| record.to_json());
        let obligations = match &classification {
            Some(_) => Some(self.obligations(soa, system, self.on)?),
            None => None,
        };
        let mut risks = self.risks().risks;
        risks.retain(|risk| risk.ai_system.map(|own| own.id()) == Some(system));
        Ok(Dossier {
            system: record.to_json(),
            classification,
            obligations,
            controls: soa.cells.iter().filter(|cell| cell.system == Some(system)).collect(),
            risks,
            records: self.around(system),
            history: self.until_then(history),
        })
    }

    /// A policy with its history.
    pub fn policy(&self, id: RecordId, history: Vec<HistoryRow>) -> Result<PolicyDocument, Error> {
        let policy = self.of_kind(id, Kind::Policy)?.to_json();
        Ok(PolicyDocument { policy, history: self.until_then(history) })
    }

    fn around(&self, system: RecordId) -> Vec<Value> {
        self.book().referrers(system).map(Record::to_json).collect()
    }

    /// What had happened at the moment of the view.
    fn until_then(&self, mut history: Vec<HistoryRow>) -> Vec<HistoryRow> {
        history.retain(|row| row.seq < self.book().size());
        history
    }
}
