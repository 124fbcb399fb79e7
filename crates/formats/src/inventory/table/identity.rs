//! Which record a row stands for: its external id, the same each time the register is read.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::inventory::{
    fold::{fold_name, shortened},
    proposal::{Problem, Proposal, Severity, Target},
    vocabulary::Kind,
};

/// Gives each proposal its external id: what the register says, else its name; where rows share one, the name and the
/// unit tell them apart. Rows that still are the same thing are one record: the later ones are left out.
pub(super) fn distinguished(
    kind: &Kind,
    proposals: Vec<Proposal>,
    problems: &mut Vec<Problem>,
) -> Vec<Proposal> {
    let ids = ids(&proposals);
    let mut first: HashMap<String, Option<u32>> = HashMap::new();
    let mut kept = Vec::with_capacity(proposals.len());
    for (id, mut proposal) in ids.into_iter().zip(proposals) {
        if let Some(line) = first.get(&id) {
            let name = shortened(&proposal.name, 80);
            problems.push(Problem {
                place: proposal.place,
                severity: Severity::Error,
                message: format!(
                    "\"{name}\" stands for the same {} as line {}: the row was left out; give it an identifier or a name of \
                     its own",
                    kind.label,
                    line.unwrap_or_default(),
                ),
                value: Some(name),
            });
            continue;
        }
        first.insert(id.clone(), proposal.place.line);
        proposal.external_id = id;
        kept.push(proposal);
    }
    kept
}

fn ids(proposals: &[Proposal]) -> Vec<String> {
    let mut ids: Vec<String> = proposals.iter().map(own_id).collect();
    let name = |proposal: &Proposal| fold_name(&proposal.name);
    let unit = |proposal: &Proposal| {
        fold_name(proposal.body.get("unit").and_then(Value::as_str).unwrap_or_default())
    };
    for more in [name, unit] {
        let told: Vec<String> = proposals.iter().map(more).collect();
        let mut apart: HashMap<&str, HashSet<&str>> = HashMap::new();
        for (id, told) in ids.iter().zip(&told) {
            apart.entry(id).or_default().insert(told);
        }
        // Rows that repeat each other keep their id: when one of them goes, the record stays the same.
        let longer = |(id, told): (&String, &String)| match apart.get(id.as_str()) {
            Some(several) if several.len() > 1 && !told.is_empty() => format!("{id} / {told}"),
            Some(_) | None => id.clone(),
        };
        ids = ids.iter().zip(&told).map(longer).collect();
    }
    ids
}

/// The register's identifier, else the address of a person, else the folded name. A control or a risk is another one for
/// each system that it stands beside.
fn own_id(proposal: &Proposal) -> String {
    if !proposal.external_id.is_empty() {
        return proposal.external_id.clone();
    }
    if let Some(email) = proposal.identity.as_ref().and_then(|identity| identity.email.clone()) {
        return email;
    }
    // References to controls keep their dots.
    let name = if proposal.kind == "control_implementation" {
        proposal.name.clone()
    } else {
        fold_name(&proposal.name)
    };
    let beside = match proposal.kind {
        "control_implementation" => {
            linked(proposal, "ai_system").or_else(|| linked(proposal, "group"))
        }
        "risk" => linked(proposal, "ai_system"),
        _ => None,
    };
    beside.map_or(name.clone(), |beside| format!("{name} / {}", fold_name(beside)))
}

fn linked<'a>(proposal: &'a Proposal, field: &str) -> Option<&'a str> {
    let link = proposal.links.iter().find(|link| link.field == field)?;
    Some(match &link.target {
        Target::Named { name, .. } => name,
        Target::External { external_id, .. } => external_id,
        Target::Record { id, .. } => id,
    })
}
