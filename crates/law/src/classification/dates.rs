//! From when findings count: the rows of the law's date regimes, chosen by version and by what the procedure found.

use jiff::civil::Date;
use surety_catalog::Application;

use super::{findings::Findings, given::Given, procedure::Procedure, result::Applies};

impl Procedure {
    /// The row of a regime in a version: that of the first scope which has one, or the one for all.
    pub(super) fn row(&self, regime: &str, version: &str, scopes: &[&str]) -> Option<&Application> {
        let regime = self.law.regimes.iter().find(|one| one.id == regime)?;
        let row = |scope: &str| {
            regime.dates.iter().find(|row| row.version == version && row.scope == scope)
        };
        scopes.iter().find_map(|scope| row(scope)).or_else(|| row("all"))
    }
}

impl Given<'_> {
    /// Whether a finding counts on the day, and the dates that say so. `None`: it has no date of its own.
    pub(super) fn dated(
        &self,
        finding: usize,
        among: &Findings,
    ) -> Option<(bool, Option<Applies>)> {
        let one = self.procedure.catalog.findings.get(finding)?;
        if one.regime.is_empty() {
            return None;
        }
        let moved = self.transition(&one.scope, among);
        if let Some(Moved::Fixed(applies)) = moved {
            return Some((applies.operative_from.is_some_and(|day| day <= self.on), Some(applies)));
        }
        let scope = match &moved {
            Some(Moved::Scope(scope)) => scope,
            Some(Moved::Fixed(_)) | None => &one.scope,
        };
        let Some(row) = self.procedure.row(&one.regime, self.version, &[scope, &one.scope]) else {
            // Not in this version of the law.
            return Some((false, None));
        };
        let applies = self.applies(row);
        Some((applies.operative_from.is_some_and(|day| day <= self.on), Some(applies)))
    }

    /// The first day on which one of these findings becomes operative, as far as it is known.
    pub(super) fn upcoming(&self, findings: &Findings) -> Option<Date> {
        let law = &self.procedure.law;
        let known = law.known(self.law_as_of).skip_while(|one| one.id != self.version);
        let days = known.flat_map(|version| {
            findings.iter().filter_map(|number| {
                let one = self.procedure.catalog.findings.get(number)?;
                let row = self.procedure.row(&one.regime, &version.id, &[&one.scope])?;
                row.operative_from.filter(|day| *day > self.on)
            })
        });
        days.min()
    }

    /// What a row says, with the day from which a significant change makes it bite.
    fn applies(&self, row: &Application) -> Applies {
        let changed = self.answers.dates().get("significant_change_on").copied();
        let since_change = row.reference_date.and_then(|from| changed.filter(|day| *day >= from));
        Applies {
            scope: row.scope.clone(),
            formal_from: row.formal_from,
            operative_from: row.operative_from.or(since_change.filter(|_| row.binds_if.is_some())),
            binds_if: row.binds_if.clone(),
            reference_date: row.reference_date,
            basis: row.basis.clone(),
            confidence: row.confidence,
        }
    }

    /// What a finding about an older system makes of the scope that is named as the tier.
    fn transition(&self, scope: &str, among: &Findings) -> Option<Moved> {
        let number = |id: &str| self.procedure.finding_numbers.get(id).copied();
        let transition = self.procedure.law.transitions.iter().find(|one| {
            one.tiers.iter().any(|tier| tier == scope)
                && number(&one.finding).is_some_and(|finding| among.contains(finding))
        })?;
        if let Some(day) = transition.fixed_operative_from {
            return Some(Moved::Fixed(Applies {
                scope: scope.to_owned(),
                formal_from: Some(day),
                operative_from: Some(day),
                binds_if: None,
                reference_date: None,
                basis: transition.basis.clone(),
                confidence: self.procedure.findings.get(number(&transition.finding)?)?.confidence,
            }));
        }
        let moved = transition.scope.as_deref().filter(|scope| *scope != "tier");
        Some(Moved::Scope(moved.unwrap_or(scope).to_owned()))
    }
}

enum Moved {
    Scope(String),
    Fixed(Applies),
}
