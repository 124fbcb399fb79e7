//! Derived views of a moment: the derivations of `aims`, handed what they read.

use jiff::civil::Date;
use surety_aims::{
    Principal,
    derive::{
        Window,
        coverage::{self, Coverage},
        due::{Due, due},
        gap::{Analysis, Gap},
        inbox::{Inbox, inbox},
        plan::{Plan, plan},
        readiness::{Readiness, readiness},
        soa::{Soa, soa},
    },
};
use surety_catalog::Framework;

use crate::{Error, View};

/// The framework whose controls the Statement of Applicability decides on, unless another is asked for.
pub const STANDARD: &str = "iso42001";

impl View {
    /// A framework in use, by id or alias.
    pub fn framework(&self, id: &str) -> Result<&Framework, Error> {
        self.catalogs.framework(id).ok_or_else(|| {
            let known: Vec<_> = self.catalogs.framework_ids().collect();
            Error::Input(format!("there is no framework `{id}`; in use: {}", known.join(", ")))
        })
    }

    /// The Statement of Applicability; without a window, over the twelve months to the day.
    pub fn soa(&self, framework: &str, window: Option<Window>) -> Result<Soa<'_>, Error> {
        let framework = self.framework(framework)?;
        let controls = self.catalogs.controls(&framework.id);
        let window = window.unwrap_or_else(|| Window::year_to(self.on));
        Ok(soa(self.book(), &framework.id, &controls, self.on, window))
    }

    /// The gap analysis of frameworks; all in use if none is named.
    pub fn gaps<'v>(
        &'v self,
        soa: &'v Soa<'v>,
        frameworks: &[String],
    ) -> Result<Vec<(&'v Framework, Gap<'v>)>, Error> {
        let asked: Vec<&Framework> = if frameworks.is_empty() {
            self.catalogs.frameworks().collect()
        } else {
            frameworks.iter().map(|id| self.framework(id)).collect::<Result<_, _>>()?
        };
        let mut analysis = Analysis::new(self.book(), soa, self.on);
        Ok(asked.into_iter().map(|framework| (framework, analysis.gap(framework))).collect())
    }

    /// The action plan of analysed frameworks.
    pub fn plan<'v>(&'v self, gaps: &[(&'v Framework, Gap<'v>)]) -> Plan<'v> {
        let gaps: Vec<_> = gaps.iter().map(|(framework, gap)| (*framework, gap)).collect();
        plan(self.book(), &gaps, self.on)
    }

    /// What is due up to so many days from the day; all without a horizon.
    pub fn due(&self, horizon: Option<i32>) -> Due<'_> {
        due(self.book(), self.on, horizon)
    }

    /// What waits for somebody, with dates of theirs up to so many days ahead.
    pub fn inbox(&self, principal: &Principal, horizon: i32) -> Inbox<'_> {
        inbox(self.book(), principal, self.on, horizon)
    }

    /// Readiness for certification to the standard of the certification catalog.
    pub fn readiness<'v>(&'v self, soa: &'v Soa<'v>) -> Result<Readiness<'v>, Error> {
        let gaps = self.gaps(soa, &[STANDARD.to_owned()])?;
        let (_, gap) =
            gaps.first().ok_or_else(|| Error::Input("no framework to judge".to_owned()))?;
        Ok(readiness(gap, soa, self.catalogs.certification()))
    }

    /// How far work done for one framework covers another.
    pub fn coverage<'v>(
        &'v self,
        soa: &'v Soa<'v>,
        from: &str,
        to: &str,
    ) -> Result<Coverage<'v>, Error> {
        let (from, to) = (self.framework(from)?, self.framework(to)?);
        let gaps = self.gaps(soa, std::slice::from_ref(&from.id))?;
        let (_, gap) =
            gaps.first().ok_or_else(|| Error::Input("no framework to judge".to_owned()))?;
        let mut links = self.catalogs.crosswalk(&from.id, &to.id);
        links.extend(self.catalogs.chains(&from.id, &to.id));
        Ok(coverage::coverage(gap, to, &links))
    }

    /// The same moment asked about another day.
    #[must_use]
    pub fn on(&self, day: Date) -> View {
        View { on: day, ..self.clone() }
    }
}
