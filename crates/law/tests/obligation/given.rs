//! Subjects as a classification leaves them, and the law.

use jiff::civil::{Date, date};
use surety_catalog::{Catalogs, Law};
use surety_law::obligation::{Facts, Obligations, Subject, obligations};

/// A day on which both versions of the law are known.
pub(crate) const TODAY: Date = date(2026, 11, 21);

pub(crate) fn ai_act() -> &'static Law {
    Catalogs::builtin().law("eu-ai-act").unwrap()
}

pub(crate) fn subject(
    id: &str,
    outcome: &str,
    roles: &[&str],
    tiers: &[&str],
    findings: &[&str],
) -> Subject {
    let set = |items: &[&str]| items.iter().map(|one| (*one).to_owned()).collect();
    Subject {
        id: id.to_owned(),
        outcome: outcome.to_owned(),
        findings: set(findings),
        roles: set(roles),
        tiers: set(tiers),
        facts: Facts::default(),
    }
}

/// A tool that ranks applicants, sold by us.
pub(crate) fn recruiting_provider() -> Subject {
    subject(
        "recruiting",
        "high_risk_annex_iii",
        &["provider"],
        &["any_ai_system", "high_risk_annex_iii"],
        &["role.provider", "lit", "a3.4(a)", "derog.profiling", "tr.new", "office.national"],
    )
}

/// The same tool, used by us.
pub(crate) fn recruiting_deployer() -> Subject {
    subject(
        "recruiting-in-use",
        "high_risk_annex_iii",
        &["deployer"],
        &["any_ai_system", "high_risk_annex_iii"],
        &["role.deployer", "lit", "a3.4(a)", "derog.profiling", "tr.new"],
    )
}

/// Creditworthiness, used by a bank.
pub(crate) fn credit_deployer() -> Subject {
    subject(
        "credit",
        "high_risk_annex_iii",
        &["deployer"],
        &["any_ai_system", "high_risk_annex_iii"],
        &["role.deployer", "lit", "a3.5(b)", "derog.profiling", "fria.required", "tr.new"],
    )
}

/// A component of a lift.
pub(crate) fn lift_provider() -> Subject {
    subject(
        "lift",
        "high_risk_annex_i",
        &["provider"],
        &["any_ai_system", "high_risk_annex_i"],
        &["role.provider", "lit", "annex1.a", "hr.annex_i_a", "tr.new"],
    )
}

/// A chatbot that writes text, sold by us.
pub(crate) fn chatbot_provider() -> Subject {
    subject(
        "chatbot",
        "transparency",
        &["provider"],
        &["any_ai_system", "transparency"],
        &["role.provider", "lit", "t.50_1", "t.50_2"],
    )
}

/// A model with systemic risk.
pub(crate) fn large_model() -> Subject {
    subject(
        "model",
        "gpai_systemic",
        &["gpai_provider", "gpai_systemic_provider"],
        &["gpai", "gpai_systemic"],
        &["role.gpai_provider", "g.gpai", "g.sr", "g.sr_presumed"],
    )
}

/// A generator of forbidden pictures.
pub(crate) fn undressing_app() -> Subject {
    subject(
        "undressing",
        "prohibited",
        &["provider"],
        &["any_ai_system", "prohibited"],
        &["role.provider", "lit", "prohibited.ba_supply"],
    )
}

/// A spam filter.
pub(crate) fn minimal_deployer() -> Subject {
    subject(
        "spam-filter",
        "minimal",
        &["deployer"],
        &["any_ai_system", "minimal"],
        &["role.deployer", "lit"],
    )
}

/// A listed system that poses no significant risk.
pub(crate) fn derogated_provider() -> Subject {
    subject(
        "derogated",
        "art6_3_derogated",
        &["provider"],
        &["any_ai_system", "art6_3_derogated"],
        &["role.provider", "lit", "a3.4(a)", "derog.cond_a", "derog.granted"],
    )
}

pub(crate) fn everybody() -> Vec<Subject> {
    vec![
        recruiting_provider(),
        recruiting_deployer(),
        credit_deployer(),
        lift_provider(),
        chatbot_provider(),
        large_model(),
        undressing_app(),
        minimal_deployer(),
        derogated_provider(),
    ]
}

/// The subject and another finding.
pub(crate) fn with(mut subject: Subject, finding: &str) -> Subject {
    subject.findings.insert(finding.to_owned());
    subject
}

/// The subject without a finding.
pub(crate) fn without(mut subject: Subject, finding: &str) -> Subject {
    assert!(subject.findings.remove(finding));
    subject
}

/// The obligations by all that is known today.
pub(crate) fn on(subject: &Subject, day: Date) -> Obligations<'static> {
    obligations(ai_act(), subject, day, TODAY).unwrap()
}
