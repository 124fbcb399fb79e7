//! What may follow from a breach, and how high a fine can be for an operator of some size.

use jiff::civil::Date;
use serde::Serialize;
use surety_catalog::{Confidence, Fine, Law, Obligation};

/// A consequence that reaches a provision.
#[derive(Clone, Copy, Debug, PartialEq, schemars::JsonSchema)]
#[schemars(with = "View<'l>")]
pub struct Penalty<'l> {
    pub fine: &'l Fine,
    /// The fined provision that refers to the article of this one; `None`: it is fined itself.
    pub via: Option<&'l str>,
    pub note: &'l str,
}

/// Who would be fined: what decides between the two ceilings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// A person or body that is no undertaking: no ceiling by turnover.
    NotAnUndertaking,
    /// A small or medium-sized enterprise, start-ups included (Recommendation 2003/361/EC).
    Sme,
    /// A small mid-cap enterprise (Recommendation (EU) 2025/1099).
    SmallMidCap,
    Larger,
}

/// The highest fine that the law allows. A ceiling, not a forecast; ceilings for one conduct are not added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Ceiling<'l> {
    pub fine: &'l str,
    #[serde(rename = "ref")]
    pub reference: &'l str,
    pub amount_eur: u64,
    /// Per cent of worldwide annual turnover.
    pub turnover_percent: Option<u8>,
    /// The share of the turnover in euros, where the turnover was given and counts.
    pub turnover_eur: Option<u64>,
    /// Whether the lower of the two holds; otherwise the higher.
    pub lower_holds: bool,
    /// The ceiling in euros; `None`: it depends on a turnover that was not given.
    pub ceiling_eur: Option<u64>,
    /// The first day on which it can be imposed, if the duty itself applies by then.
    pub from: Option<Date>,
    pub citations: &'l [String],
    pub confidence: Confidence,
}

/// What reaches a provision in a version of the law; empty where the law states nothing.
pub fn penalties<'l>(law: &'l Law, obligation: &'l Obligation, version: &str) -> Vec<Penalty<'l>> {
    let named = read(law, obligation, version, None);
    if !named.is_empty() || !obligation.penalty.is_empty() || !obligation.kind.binds() {
        return named;
    }
    let article = law.articles.iter().find(|article| {
        article
            .obligations
            .iter()
            .any(|one| std::ptr::eq(one, obligation) || one.id == obligation.id)
    });
    let Some(article) = article else { return Vec::new() };
    let via = law.penalties.vias.iter().find(|via| via.articles.contains(&article.number));
    let by = via.and_then(|via| law.obligation(&via.by));
    // The point names the duty of certain roles; others who are addressed beside them are not fined through it.
    let by = by.filter(|by| by.applies_to.iter().any(|role| obligation.applies_to.contains(role)));
    by.map(|by| read(law, by, version, Some(&by.reference))).unwrap_or_default()
}

/// The ceiling of a fine in a version of the law. `turnover_eur`: worldwide turnover of the last financial year. `None`:
/// the fine has no ceiling of its own.
pub fn ceiling<'l>(
    law: &'l Law,
    fine: &'l Fine,
    version: &str,
    operator: Operator,
    turnover_eur: Option<u64>,
) -> Option<Ceiling<'l>> {
    let amount_eur = fine.amount_eur?;
    let lower_holds = match operator {
        Operator::Sme => fine.lower_for_sme,
        Operator::SmallMidCap => {
            let since = fine.lower_for_small_mid_cap_since.as_deref();
            since.is_some_and(|since| law.has_since(Some(since), version))
        }
        Operator::NotAnUndertaking | Operator::Larger => false,
    };
    let turnover_percent = match operator {
        Operator::NotAnUndertaking => None,
        Operator::Sme | Operator::SmallMidCap | Operator::Larger => fine.turnover_percent,
    };
    let share =
        turnover_percent.zip(turnover_eur).map(|(percent, turnover)| share(turnover, percent));
    let ceiling_eur = match (turnover_percent, share) {
        (None, _) => Some(amount_eur),
        (Some(_), None) => None,
        (Some(_), Some(share)) if lower_holds => Some(amount_eur.min(share)),
        (Some(_), Some(share)) => Some(amount_eur.max(share)),
    };
    Some(Ceiling {
        fine: &fine.id,
        reference: &fine.reference,
        amount_eur,
        turnover_percent,
        turnover_eur: share,
        lower_holds,
        ceiling_eur,
        from: fine.from,
        citations: &fine.citations,
        confidence: fine.confidence,
    })
}

fn read<'l>(
    law: &'l Law,
    obligation: &'l Obligation,
    version: &str,
    via: Option<&'l str>,
) -> Vec<Penalty<'l>> {
    let table = &law.penalties;
    let reading = table.readings.iter().find(|one| one.penalty == obligation.penalty);
    let reading = reading.filter(|one| law.has_since(one.since.as_deref(), version));
    let fines = reading.into_iter().flat_map(|reading| {
        let fine = |id: &String| table.fines.iter().find(|fine| fine.id == *id);
        reading.fines.iter().filter_map(fine).map(|fine| (fine, reading.note.as_str()))
    });
    let fines = fines.filter(|(fine, _)| law.has_since(fine.since.as_deref(), version));
    fines.map(|(fine, note)| Penalty { fine, via, note }).collect()
}

/// Per cent of a turnover, rounded down to euros, without overflow.
fn share(turnover_eur: u64, percent: u8) -> u64 {
    let share = u128::from(turnover_eur).saturating_mul(u128::from(percent)).div_euclid(100);
    u64::try_from(share).unwrap_or(u64::MAX)
}

impl Serialize for Penalty<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        View { fine: self.fine, via: self.via, reading: self.note }.serialize(serializer)
    }
}

#[derive(Serialize, schemars::JsonSchema)]
struct View<'a> {
    #[serde(flatten)]
    fine: &'a Fine,
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    reading: &'a str,
}
