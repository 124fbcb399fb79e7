//! The AI systems of the demo organisation: what the inventories of `examples/` say, and how each came, ran and went.

mod life;

use std::collections::HashMap;

use anyhow::Context;
use jiff::civil::{Date, date};
use serde_json::{Map, Value, json};
use surety_aims::{Kind, RecordId};
use surety_formats::inventory::{Options, Proposal, Target, fold_name, read};

pub(super) use self::life::{releases, write};
use super::{
    calendar::{END, between, plus},
    chronicle::Chronicle,
};

/// Who runs the management system.
pub(super) const OFFICER: u32 = 9;
/// Who approves assessments.
pub(super) const PRIVACY: u32 = 10;
/// Who tests controls and AI systems.
pub(super) const VALIDATION: u32 = 18;

const INVENTORIES: [(&str, &str); 3] = [
    ("inventory.csv", include_str!("../../../../examples/inventory.csv")),
    ("group-inventory.csv", include_str!("../../../../examples/group-inventory.csv")),
    ("earlier-systems.csv", include_str!("../../../../examples/demo/earlier-systems.csv")),
];

/// How an AI system came into the management system, and how far it got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// It ran before anybody asked.
    TakenOver,
    /// Through all gates into operation.
    Gates,
    /// As far as its evaluation.
    Pilot,
    Assessed,
    Proposed,
    /// Turned down on that day.
    Rejected(Date),
    /// Taken over, and out of operation since that day.
    Retired(Date),
}

/// When each came, by its place in the inventories.
const LIVES: [(u32, Date, Life); 53] = [
    (1, date(2023, 11, 27), Life::TakenOver),
    (2, date(2023, 11, 27), Life::TakenOver),
    (9, date(2023, 11, 28), Life::TakenOver),
    (3, date(2023, 11, 28), Life::TakenOver),
    (51, date(2023, 11, 28), Life::Retired(date(2024, 12, 16))),
    (52, date(2023, 11, 29), Life::Retired(date(2025, 6, 16))),
    (53, date(2023, 11, 29), Life::Retired(date(2026, 10, 19))),
    (7, date(2023, 12, 11), Life::TakenOver),
    (8, date(2024, 1, 15), Life::TakenOver),
    (5, date(2024, 2, 5), Life::Gates),
    (4, date(2024, 6, 17), Life::Gates),
    (11, date(2024, 7, 29), Life::Gates),
    (6, date(2024, 9, 16), Life::Gates),
    (41, date(2024, 11, 18), Life::Gates),
    (12, date(2025, 1, 27), Life::Rejected(date(2025, 2, 10))),
    (31, date(2025, 6, 10), Life::TakenOver),
    (24, date(2025, 6, 10), Life::TakenOver),
    (50, date(2025, 6, 10), Life::TakenOver),
    (49, date(2025, 6, 16), Life::TakenOver),
    (39, date(2025, 6, 16), Life::Gates),
    (23, date(2025, 6, 16), Life::Gates),
    (43, date(2025, 6, 16), Life::Gates),
    (25, date(2025, 7, 28), Life::Gates),
    (35, date(2025, 9, 15), Life::Gates),
    (36, date(2025, 9, 29), Life::Gates),
    (10, date(2025, 10, 13), Life::Pilot),
    (29, date(2025, 10, 20), Life::Gates),
    (45, date(2025, 11, 3), Life::Gates),
    (32, date(2025, 12, 1), Life::Gates),
    (46, date(2026, 1, 19), Life::Proposed),
    (44, date(2026, 1, 26), Life::Gates),
    (19, date(2026, 2, 9), Life::Gates),
    (40, date(2026, 2, 16), Life::Gates),
    (26, date(2026, 2, 16), Life::Gates),
    (20, date(2026, 3, 2), Life::Gates),
    (42, date(2026, 3, 16), Life::Gates),
    (30, date(2026, 3, 16), Life::Gates),
    (37, date(2026, 3, 23), Life::Gates),
    (47, date(2026, 3, 23), Life::TakenOver),
    (48, date(2026, 3, 23), Life::TakenOver),
    (27, date(2026, 4, 27), Life::Gates),
    (38, date(2026, 8, 24), Life::Proposed),
    (13, date(2026, 8, 31), Life::Assessed),
    (33, date(2026, 9, 7), Life::Proposed),
    (15, date(2026, 9, 14), Life::Rejected(date(2026, 11, 9))),
    (16, date(2026, 9, 14), Life::Rejected(date(2026, 11, 9))),
    (17, date(2026, 9, 21), Life::Rejected(date(2026, 11, 9))),
    (22, date(2026, 9, 28), Life::Proposed),
    (34, date(2026, 10, 5), Life::Proposed),
    (21, date(2026, 10, 5), Life::Assessed),
    (14, date(2026, 10, 12), Life::Assessed),
    (18, date(2026, 10, 12), Life::Assessed),
    (28, date(2026, 10, 19), Life::Proposed),
];

/// When applicant screening was suspended.
const SUSPENDED: (u32, Date) = (5, date(2026, 5, 11));

/// AI systems by the group whose decisions they share.
const GROUPS: [(u32, &[u32]); 5] = [
    (1, &[2, 3, 4, 7, 9, 20, 43, 51]),
    (2, &[5, 6, 25, 26, 27, 28]),
    (3, &[11, 30, 31, 37, 39, 40]),
    (4, &[19, 23, 29, 32, 33, 34, 35, 50]),
    (5, &[41, 42, 44]),
];

/// The day after each group was made.
const GROUPS_SINCE: [(u32, Date); 5] = [
    (1, date(2024, 2, 13)),
    (2, date(2024, 2, 13)),
    (3, date(2024, 6, 11)),
    (4, date(2025, 6, 17)),
    (5, date(2025, 6, 17)),
];

/// Outside of the management system: research, armed forces, what others run.
const OUTSIDE: [u32; 4] = [45, 46, 47, 48];

/// One AI system as the history needs it.
#[derive(Clone, Debug)]
pub(super) struct System {
    pub(super) id: RecordId,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) owner: u32,
    pub(super) body: Map<String, Value>,
    pub(super) intake: Date,
    pub(super) life: Life,
    /// First and last day of operation; the last is the end of the history while it runs.
    pub(super) operation: Option<(Date, Date)>,
    pub(super) bought: bool,
    /// Its suppliers, and since when they are known.
    suppliers: Option<(Value, Date)>,
    group: Option<u32>,
}

impl System {
    pub(super) fn number(&self) -> u32 {
        self.id.number
    }

    pub(super) fn reference(&self) -> String {
        self.id.to_string()
    }

    pub(super) fn text(&self, field: &str) -> &str {
        self.body.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether much hangs on it.
    pub(super) fn is_critical(&self) -> bool {
        self.text("criticality") == "high"
    }

    pub(super) fn is_inside(&self) -> bool {
        !OUTSIDE.contains(&self.number())
    }

    /// The day that lies so far between intake and first operation, in percent.
    pub(super) fn way(&self, percent: i32) -> Date {
        let start = self.operation.map_or(plus(self.intake, 200), |(from, _)| from);
        plus(self.intake, between(self.intake, start).saturating_mul(percent) / 100)
    }

    /// Whose words evidence about it is.
    pub(super) fn collector(&self, day: Date) -> u32 {
        match self.unit.as_str() {
            "Operations" | "Workshop" | "Pricing" if day < date(2024, 9, 1) => 22,
            "Operations" | "Workshop" if day < date(2025, 6, 20) => 22,
            "Operations" | "Workshop" | "Traffic engineering" | "Pricing" => 17,
            "IT" | "Claims" | "Language lab" | "Shuttle" | "Customer care" => 16,
            _ => self.owner,
        }
    }
}

/// Reads the inventories and says how each AI system lived.
pub(super) fn read_all(chronicles: &[Chronicle]) -> anyhow::Result<Vec<System>> {
    let people = named(chronicles, Kind::Person);
    let suppliers = named(chronicles, Kind::Supplier);
    let since: HashMap<u32, Date> = chronicles
        .iter()
        .filter(|one| one.record.kind == Kind::Supplier)
        .filter_map(|one| Some((one.record.number, one.first_day()?)))
        .collect();
    let lives: HashMap<u32, (Date, Life)> =
        LIVES.iter().map(|(number, intake, life)| (*number, (*intake, *life))).collect();
    let mut systems = Vec::new();
    for (file, text) in INVENTORIES {
        let reading = read(file, text.as_bytes(), &Options::default())
            .with_context(|| format!("examples: {file}"))?;
        for one in
            reading.proposals.into_iter().filter(|one| one.kind == "ai_system" && !one.mention)
        {
            let number = u32::try_from(systems.len())?.saturating_add(1);
            let (intake, life) =
                *lives.get(&number).with_context(|| format!("no life of {}", one.name))?;
            let mut system = made(number, one, (intake, life), &people, &suppliers);
            system.suppliers = supplied(&system, &since);
            systems.push(system);
        }
    }
    systems.sort_by_key(|system| system.intake);
    Ok(systems)
}

/// Numbers of records by their folded names; people by their addresses.
fn named(chronicles: &[Chronicle], kind: Kind) -> HashMap<String, u32> {
    let name = |one: &Chronicle| match &one.personal {
        Some(personal) => personal.email.clone(),
        None => fold_name(one.body.get("name").and_then(Value::as_str).unwrap_or_default()),
    };
    let of_kind = chronicles.iter().filter(|one| one.record.kind == kind);
    of_kind.map(|one| (name(one), one.record.number)).collect()
}

/// The suppliers that a body names, and the day after the last of them became known.
fn supplied(system: &System, since: &HashMap<u32, Date>) -> Option<(Value, Date)> {
    let named = system.body.get("suppliers")?;
    let ids = named.as_array()?.iter().filter_map(|id| id.as_str()?.parse::<RecordId>().ok());
    let last = ids.filter_map(|id| since.get(&id.number).copied()).max()?;
    Some((named.clone(), plus(last, 1).max(plus(system.intake, 9))))
}

fn made(
    number: u32,
    one: Proposal,
    (intake, life): (Date, Life),
    people: &HashMap<String, u32>,
    suppliers: &HashMap<String, u32>,
) -> System {
    let mut body = one.body;
    let (mut owner, mut from) = (OFFICER, Vec::new());
    for link in &one.links {
        let Target::Named { name, email, .. } = &link.target else { continue };
        if link.field == "owner" {
            let known = email.as_ref().and_then(|email| people.get(email));
            owner = known.copied().unwrap_or(OFFICER);
        } else if let Some(supplier) = suppliers.get(&fold_name(name)) {
            from.push(Value::from(format!("SUP-{supplier}")));
        }
    }
    let go_live = body.get("go_live").and_then(Value::as_str).and_then(|day| day.parse().ok());
    let operation = operation(number, life, intake, go_live);
    let bought = !from.is_empty();
    body.insert("owner".into(), format!("PER-{owner}").into());
    body.insert("code".into(), one.external_id.clone().into());
    body.insert("in_scope".into(), (!OUTSIDE.contains(&number)).into());
    // The way through purchase asks for approved suppliers, so a tender that nobody answered names none.
    body.insert("suppliers".into(), from.into());
    if body.get("roles").is_none() && owner != OFFICER && !OUTSIDE.contains(&number) {
        body.insert("roles".into(), json!(["user"]));
    }
    let unit = body.get("unit").and_then(Value::as_str).unwrap_or_default().to_owned();
    let id = RecordId::new(Kind::AiSystem, number);
    let group =
        GROUPS.iter().find(|(_, systems)| systems.contains(&number)).map(|(group, _)| *group);
    let (name, suppliers) = (one.name, None);
    System { id, name, unit, owner, body, intake, life, operation, bought, suppliers, group }
}

fn operation(number: u32, life: Life, intake: Date, go_live: Option<Date>) -> Option<(Date, Date)> {
    let from = go_live.map(|day: Date| day.max(intake));
    let until = if number == SUSPENDED.0 { SUSPENDED.1 } else { END };
    match life {
        Life::TakenOver => Some((from.unwrap_or(intake), until)),
        Life::Gates => from.map(|from| (from, until)),
        Life::Retired(day) => Some((intake, day)),
        Life::Pilot | Life::Assessed | Life::Proposed | Life::Rejected(_) => None,
    }
}
