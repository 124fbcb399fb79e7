//! Words of the law as pages say them: classes, versions, doubts.

use surety_aims::{Kind, RecordId};
use surety_catalog::{Confidence, Law};
use surety_engine::{View, staleness::Stale};
use surety_law::{
    classification::Procedure,
    obligation::{Entry, Standing, WhyNot},
};
use surety_reports::{sheet::Tone, views::words};

use crate::{
    html::{Choice, Shell, capitalised},
    problem::Problem,
};

/// What a class is called.
pub(super) fn outcome(id: &str) -> String {
    let known = Procedure::ai_act().outcome(id);
    known.map_or_else(|| capitalised(&words(id)), |outcome| outcome.title.clone())
}

/// What a class means.
pub(super) fn outcome_says(id: &str) -> &'static str {
    Procedure::ai_act().outcome(id).map(|outcome| outcome.says.as_str()).unwrap_or_default()
}

/// How much a class asks for, as a colour; an open one has none.
pub(super) fn outcome_tone(id: &str) -> Tone {
    match Procedure::ai_act().outcome(id).map(|outcome| outcome.strictness) {
        None => Tone::Neutral,
        Some(90..) => Tone::Bad,
        Some(65..) => Tone::Warn,
        Some(25..) => Tone::Info,
        Some(15..) => Tone::Good,
        Some(_) => Tone::NotApplicable,
    }
}

/// The law by its version: `AI Act as amended 27 July 2026`.
pub(super) fn version(law: &Law, id: &str) -> String {
    let Some(at) = law.versions.iter().position(|version| version.id == id) else {
        return id.to_owned();
    };
    let version = law.versions.get(at);
    let label = version.map(|version| version.label.as_str()).unwrap_or_default();
    match version.filter(|_| at > 0) {
        // What amended it stands after "by"; the day says the same in fewer words.
        Some(version) => {
            let name = label.split(" by ").next().unwrap_or(label);
            format!("{name} {}", version.in_force_from.strftime("%-d %B %Y"))
        }
        None => label.to_owned(),
    }
}

/// The version that governs the day of a view, by all that is published by then.
pub(super) fn governing(view: &View) -> Result<String, Problem> {
    let law = view.ai_act()?;
    let governing = law.version_for(view.on, view.on);
    Ok(governing.map(|governing| version(law, &governing.id)).unwrap_or_default())
}

/// Why a provision applies, or why not, in words.
pub(super) fn why(entry: &Entry<'_>) -> String {
    if entry.standing != Standing::NotApplicable {
        let why = &entry.why;
        let found = why.findings.iter().map(|one| finding(one));
        let found: Vec<_> = found.collect();
        let because =
            if found.is_empty() { String::new() } else { format!(": {}", found.join("; ")) };
        return format!("As {} of {}{because}", listed(&why.roles), listed(&why.tiers));
    }
    let reasons: Vec<_> = entry.why_not.iter().map(why_not).collect();
    reasons.join("; ")
}

fn why_not(reason: &WhyNot<'_>) -> String {
    match reason {
        WhyNot::Outcome { outcome: id } => format!("{} carries no duties", outcome(id)),
        WhyNot::Role { addresses } => format!("it addresses the role {}", listed(addresses)),
        WhyNot::Tier { addresses } => format!("it addresses the tier {}", listed(addresses)),
        WhyNot::Finding { asks_for } => {
            let all: Vec<_> = asks_for.iter().map(|one| finding(one)).collect();
            format!("it asks for: {}", all.join(" or "))
        }
        WhyNot::Freed { finding: id } => format!("freed: {}", finding(id)),
        WhyNot::Version { .. }
        | WhyNot::NotYet { .. }
        | WhyNot::AwaitsDesignChange { .. }
        | WhyNot::HeldBack { .. }
        | WhyNot::NoDay => reason.to_string(),
    }
}

/// The page of the law about a record, to stand beside its own parts.
pub(super) fn beside(shell: &Shell, id: RecordId) -> Option<Choice> {
    let (name, path) = if id.kind == Kind::AiSystem {
        ("Law", "/classes")
    } else if id.kind == Kind::Incident {
        ("Clocks", "/incidents")
    } else {
        return None;
    };
    let value = shell.link(format!("{path}/{id}"));
    Some(Choice { name: name.to_owned(), value, chosen: false })
}

/// Why a class has to be looked at again, in words.
pub(super) fn stale(law: &Law, stale: &Stale) -> String {
    let says = match stale {
        Stale::LawChanged { was, is } => {
            format!(
                "assessed under the {}; the {} governs now",
                version(law, was),
                version(law, is)
            )
        }
        Stale::OutcomeChanged { was, is } => {
            let is: Vec<_> = is.iter().map(|one| outcome(one)).collect();
            let was = if was.is_empty() { "an open class".to_owned() } else { outcome(was) };
            format!("the same answers lead to {}, not to {was}", is.join(" or "))
        }
        Stale::FindingsChanged { appeared, gone } => {
            let texts =
                |all: &[String]| all.iter().map(|one| finding(one)).collect::<Vec<_>>().join("; ");
            let part = |what: &str, all: &[String]| {
                (!all.is_empty()).then(|| format!("{what}: {}", texts(all)))
            };
            let parts = [part("newly found", appeared), part("no longer found", gone)];
            parts.into_iter().flatten().collect::<Vec<_>>().join(". ")
        }
        Stale::FactChanged { .. }
        | Stale::RolesChanged { .. }
        | Stale::ReviewDue { .. }
        | Stale::NotReadable { .. } => stale.to_string(),
    };
    capitalised(&says)
}

/// What a finding says.
fn finding(id: &str) -> String {
    let known = Procedure::ai_act().finding(id);
    known.map_or_else(|| spoken(id), |known| known.text.trim_end_matches('.').to_owned())
}

/// A role or tier in words.
pub(super) fn spoken(name: &str) -> String {
    words(name).replace(" ai ", " AI ").replace("gpai", "general-purpose AI")
}

fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let all: Vec<_> = names.iter().map(|name| spoken(name.as_ref())).collect();
    all.join(", ")
}

/// Why a legal statement is not certain; `None`: it is.
pub(super) fn doubt(confidence: Confidence, note: &str) -> Option<String> {
    let level = match confidence {
        Confidence::High | Confidence::Unstated => return None,
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    };
    Some(format!("Legal confidence: {level}. {note}").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_called_by_the_day_of_its_amendment() {
        let catalogs = surety_catalog::Catalogs::builtin();
        let law = catalogs.law("eu-ai-act").unwrap();
        assert_eq!(version(law, "v2024"), "AI Act as adopted");
        assert_eq!(version(law, "v2026"), "AI Act as amended 27 July 2026");
        assert_eq!(version(law, "v2099"), "v2099");
    }

    #[test]
    fn stricter_classes_have_stronger_colours() {
        for (id, tone) in [
            ("prohibited", Tone::Bad),
            ("high_risk_annex_iii", Tone::Warn),
            ("transparency", Tone::Info),
            ("minimal", Tone::Good),
            ("out_of_scope", Tone::NotApplicable),
            ("", Tone::Neutral),
        ] {
            assert_eq!(outcome_tone(id), tone, "{id}");
        }
    }
}
