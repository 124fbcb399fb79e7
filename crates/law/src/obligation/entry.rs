//! Provisions derived for a subject: which apply, from when, why, and which do not.

use jiff::civil::Date;
use serde::{Serialize, Serializer};
use surety_catalog::{Article, Confidence, HeldBack, LawVersion, Limited, Obligation};

use super::{
    Penalty, Reading, Start, StartRule, Subject, Why, WhyNot,
    reading::{InVersion, Provision, first_day, starts},
};

/// Every provision of the law as it concerns one subject.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Obligations<'l> {
    #[serde(serialize_with = "id_of")]
    #[schemars(with = "String")]
    pub version: &'l LawVersion,
    pub on: Date,
    pub law_as_of: Date,
    /// In the order of the law.
    pub entries: Vec<Entry<'l>>,
}

/// One provision as it concerns one subject.
#[derive(Clone, Debug, schemars::JsonSchema)]
#[schemars(with = "super::view::View<'l>")]
#[schemars(rename = "ObligationEntry")]
pub struct Entry<'l> {
    pub obligation: &'l Obligation,
    pub article: &'l Article,
    /// How it reads in the version of the law.
    pub text: &'l str,
    /// What made it apply; of a provision that does not, as far as it goes.
    pub why: Why<'l>,
    pub standing: Standing,
    /// Why it does not apply, or not yet; empty of a provision that binds.
    pub why_not: Vec<WhyNot<'l>>,
    /// For each tier of the subject that it addresses, the earliest first.
    pub starts: Vec<(&'l str, Start<'l>)>,
    /// The first day on which it binds by all versions known; of what bound before its version, the day of the start.
    pub binds_from: Option<Date>,
    /// What may follow from a breach.
    pub penalties: Vec<Penalty<'l>>,
    /// Why to doubt that it applies, from the law itself.
    pub caution: Option<&'l Limited>,
    /// The lowest of the provision's, the date's and the caution's.
    pub confidence: Confidence,
}

/// Whether a provision concerns a subject on a day.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It applies and binds on the day.
    Binds,
    /// It applies, and will bind on a known later day.
    Upcoming,
    /// It applies, but binds only if something happens.
    Waits,
    /// It does not apply.
    NotApplicable,
}

/// The provisions of one article for two roles of the same system.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct SideBySide<'l> {
    pub article: &'l str,
    pub title: &'l str,
    pub left: Side<'l>,
    pub right: Side<'l>,
}

/// What an article asks of one role.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Side<'l> {
    pub role: String,
    /// Whether the subject has the role; otherwise somebody else does.
    pub ours: bool,
    pub entries: Vec<Entry<'l>>,
}

impl<'l> Obligations<'l> {
    /// What applies, now or later.
    pub fn applying(&self) -> impl Iterator<Item = &Entry<'l>> {
        self.entries.iter().filter(|one| one.standing != Standing::NotApplicable)
    }

    /// What binds on the day.
    pub fn binding(&self) -> impl Iterator<Item = &Entry<'l>> {
        self.entries.iter().filter(|one| one.standing == Standing::Binds)
    }

    /// What applies and can be fulfilled or breached: duties, prohibitions and requirements.
    pub fn duties(&self) -> impl Iterator<Item = &Entry<'l>> {
        self.applying().filter(|one| one.obligation.kind.binds())
    }

    /// What applies and permits, frees, presumes, classifies or explains.
    pub fn others(&self) -> impl Iterator<Item = &Entry<'l>> {
        self.applying().filter(|one| !one.obligation.kind.binds())
    }

    /// What does not apply.
    pub fn not_applying(&self) -> impl Iterator<Item = &Entry<'l>> {
        self.entries.iter().filter(|one| one.standing == Standing::NotApplicable)
    }

    /// What applies to the subject in one role.
    pub fn of_role(&self, role: &str) -> impl Iterator<Item = &Entry<'l>> {
        self.applying().filter(move |one| one.why.roles.contains(&role))
    }

    /// The entry of a provision.
    pub fn entry(&self, id: &str) -> Option<&Entry<'l>> {
        self.entries.iter().find(|one| one.obligation.id == id)
    }
}

impl<'l> Entry<'l> {
    /// The start that decides: the earliest of its tiers.
    pub fn start(&self) -> Option<&Start<'l>> {
        self.starts.first().map(|(_, start)| start)
    }

    /// What a person has to check before it can be said to apply; the program does not know it.
    pub fn to_check(&self) -> Option<&'l str> {
        Some(self.obligation.condition.as_str()).filter(|text| !text.is_empty())
    }
}

impl<'l> Reading<'l> {
    /// What two roles owe for the same system, article by article: our own roles, or those of whoever else has them.
    pub fn side_by_side(&self, subject: &Subject, left: &str, right: &str) -> Vec<SideBySide<'l>> {
        let owns = subject.all_roles(self.law);
        let side = |role: &str| {
            let as_role = Subject { roles: [role.to_owned()].into(), ..subject.clone() };
            (role.to_owned(), owns.contains(&role), applying(self, &as_role))
        };
        let (left, right) = (side(left), side(right));
        let of_article = |side: &(String, bool, Vec<Entry<'l>>), number: &str| Side {
            role: side.0.clone(),
            ours: side.1,
            entries: side.2.iter().filter(|one| one.article.number == number).cloned().collect(),
        };
        let rows = self.law.articles.iter().map(|article| SideBySide {
            article: &article.number,
            title: &article.title,
            left: of_article(&left, &article.number),
            right: of_article(&right, &article.number),
        });
        rows.filter(|row| !row.left.entries.is_empty() || !row.right.entries.is_empty()).collect()
    }
}

/// Every provision, with the reasons.
pub(super) fn entries<'l>(reading: &Reading<'l>, subject: &Subject) -> Vec<Entry<'l>> {
    let person = Person::new(reading, subject);
    reading.provisions.iter().map(|provision| person.entry(provision)).collect()
}

/// The provisions that apply, without spending time on the others.
pub(super) fn applying<'l>(reading: &Reading<'l>, subject: &Subject) -> Vec<Entry<'l>> {
    let person = Person::new(reading, subject);
    let entries = selected(reading, subject).into_iter().map(|provision| person.entry(provision));
    entries.filter(|entry| entry.standing != Standing::NotApplicable).collect()
}

/// The provisions whose roles, tiers (in some version) and findings a subject meets, whatever their dates.
pub(super) fn selected<'r, 'l>(
    reading: &'r Reading<'l>,
    subject: &Subject,
) -> Vec<&'r Provision<'l>> {
    let person = Person::new(reading, subject);
    if person.free.is_some() {
        return Vec::new();
    }
    reading.provisions.iter().filter(|provision| person.is_selected(provision)).collect()
}

/// A subject against one reading of the law.
struct Person<'r, 'l> {
    reading: &'r Reading<'l>,
    subject: &'r Subject,
    roles: Vec<&'r str>,
    tiers: Vec<&'r str>,
    free: Option<&'l str>,
    limited: Option<&'l Limited>,
}

impl<'r, 'l> Person<'r, 'l> {
    fn new(reading: &'r Reading<'l>, subject: &'r Subject) -> Person<'r, 'l> {
        Person {
            reading,
            subject,
            roles: subject.all_roles(reading.law),
            tiers: subject.all_tiers(reading.law),
            free: subject.free_by_outcome(reading.law),
            limited: reading.law.limited.iter().find(|one| subject.tiers.contains(&one.tier)),
        }
    }

    /// Whether roles, tiers (in some version) and findings are met.
    fn is_selected(&self, provision: &Provision<'l>) -> bool {
        let one = provision.obligation;
        let has = |finding: &String| self.subject.findings.contains(finding);
        one.applies_to.iter().any(|role| self.roles.contains(&role.as_str()))
            && provision.versions.iter().any(|version| self.meets_tier(version))
            && (one.requires_any.is_empty() || one.requires_any.iter().any(has))
            && !one.requires_none.iter().any(has)
    }

    fn meets_tier(&self, version: &InVersion<'l>) -> bool {
        version.tiers.iter().any(|tier| self.tiers.contains(&tier.as_str()))
    }

    fn entry(&self, provision: &Provision<'l>) -> Entry<'l> {
        let (law, obligation) = (self.reading.law, provision.obligation);
        let why = self.why(provision);
        let mut why_not = self.why_not(provision, &why);
        let (starts, binds_from) =
            if why_not.is_empty() { self.dates(provision) } else { (Vec::new(), None) };
        let standing = self.standing(provision, &starts, binds_from, &mut why_not);
        let caution = self.caution(provision, standing);
        let version = self.reading.version.id.as_str();
        let applies = standing != Standing::NotApplicable;
        Entry {
            obligation,
            article: provision.article,
            text: law.text_in(obligation, version),
            confidence: confidence(obligation, &starts, caution),
            penalties: if applies { provision.penalties.clone() } else { Vec::new() },
            why,
            standing,
            why_not,
            starts,
            binds_from,
            caution,
        }
    }

    fn why(&self, provision: &Provision<'l>) -> Why<'l> {
        let met = |wanted: &'l [String], has: &dyn Fn(&str) -> bool| {
            wanted.iter().map(String::as_str).filter(|one| has(one)).collect()
        };
        // A tier that only an announced version addresses counts as well.
        let version = provision.versions.iter().find(|version| self.meets_tier(version));
        let tiers = version.map_or(&[][..], |version| version.tiers);
        Why {
            roles: met(&provision.obligation.applies_to, &|role| self.roles.contains(&role)),
            tiers: met(tiers, &|tier| self.tiers.contains(&tier)),
            findings: met(&provision.obligation.requires_any, &|one| {
                self.subject.findings.contains(one)
            }),
        }
    }

    /// Every reason why a provision is not for the subject, whatever the day.
    fn why_not(&self, provision: &Provision<'l>, why: &Why<'l>) -> Vec<WhyNot<'l>> {
        let obligation = provision.obligation;
        let mut reasons = Vec::new();
        reasons.extend(self.free.map(|outcome| WhyNot::Outcome { outcome }));
        if why.roles.is_empty() {
            reasons.push(WhyNot::Role { addresses: &obligation.applies_to });
        }
        if !provision.versions.iter().any(|version| self.meets_tier(version)) {
            reasons.push(WhyNot::Tier { addresses: &obligation.tiers });
        }
        if !obligation.requires_any.is_empty() && why.findings.is_empty() {
            reasons.push(WhyNot::Finding { asks_for: &obligation.requires_any });
        }
        let freed =
            obligation.requires_none.iter().find(|one| self.subject.findings.contains(*one));
        reasons.extend(freed.map(|finding| WhyNot::Freed { finding }));
        reasons
    }

    /// The starts in the governing version, and the first day on which it binds by it or by a version announced.
    fn dates(&self, provision: &Provision<'l>) -> (Vec<(&'l str, Start<'l>)>, Option<Date>) {
        let mut governing = Vec::new();
        let mut binds_from = None;
        for (position, version) in provision.versions.iter().enumerate() {
            let starts = starts(self.reading.law, provision, version, self.subject, &self.tiers);
            let first = starts.iter().filter_map(|(_, start)| {
                let day = first_day(start, version)?;
                // What bound already before this version was in force has its older day.
                Some(if position == 0 { start.operative_from.unwrap_or(day) } else { day })
            });
            binds_from = binds_from.or(first.min());
            if position == 0 {
                governing = starts;
            }
        }
        // Starts without a day last.
        governing.sort_by_key(|(_, start)| (start.operative_from.is_none(), start.operative_from));
        (governing, binds_from)
    }

    fn standing(
        &self,
        provision: &Provision<'l>,
        starts: &[(&'l str, Start<'l>)],
        binds_from: Option<Date>,
        why_not: &mut Vec<WhyNot<'l>>,
    ) -> Standing {
        if !why_not.is_empty() {
            return Standing::NotApplicable;
        }
        if let Some(held) = self.held_back(provision).filter(|_| !starts.is_empty()) {
            why_not.push(held);
            return Standing::Waits;
        }
        let first = starts.first().map(|(_, start)| start);
        if first.and_then(|start| start.operative_from).is_some_and(|day| day <= self.reading.on) {
            return Standing::Binds;
        }
        if let Some(binds_from) = binds_from {
            why_not.push(WhyNot::NotYet { binds_from });
            return Standing::Upcoming;
        }
        let Some(start) = first else {
            why_not.push(WhyNot::Version {
                version: &self.reading.version.id,
                since: provision.obligation.since.as_deref(),
            });
            return Standing::NotApplicable;
        };
        why_not.push(match start.rule {
            StartRule::AwaitsDesignChange { reference_date } => {
                WhyNot::AwaitsDesignChange { reference_date }
            }
            StartRule::Dates
            | StartRule::DesignChange { .. }
            | StartRule::DayOfChangeUnknown { .. }
            | StartRule::FixedDay => WhyNot::NoDay,
        });
        Standing::Waits
    }

    fn held_back(&self, provision: &Provision<'l>) -> Option<WhyNot<'l>> {
        let all = &self.reading.law.held_back;
        let asks = |one: &HeldBack| provision.obligation.requires_any.contains(&one.finding);
        if all.iter().any(asks) {
            return None;
        }
        let held = all.iter().find(|one| self.subject.findings.contains(&one.finding))?;
        Some(WhyNot::HeldBack {
            finding: &held.finding,
            says: &held.says,
            citation: &held.citation,
        })
    }

    fn caution(&self, provision: &Provision<'l>, standing: Standing) -> Option<&'l Limited> {
        let limited = self.limited.filter(|one| !one.articles.contains(&provision.article.number));
        limited.filter(|_| standing != Standing::NotApplicable)
    }
}

/// The lowest confidence of what an entry rests on.
fn confidence(
    obligation: &Obligation,
    starts: &[(&str, Start<'_>)],
    caution: Option<&Limited>,
) -> Confidence {
    let start = starts.first().map(|(_, start)| start.confidence);
    let caution = caution.map(|_| Confidence::Low);
    let others = start.into_iter().chain(caution);
    others.fold(obligation.confidence, std::cmp::max)
}

fn id_of<S: Serializer>(version: &&LawVersion, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&version.id)
}
