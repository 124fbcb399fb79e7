//! A small framework of our own, in the shape of the real one: two clauses, two objectives, four controls.

use serde_json::{Value, json};
use surety_catalog::{
    AuditCheck, Certification, Confidence, Framework, Mapping, MappingSet, Relationship,
    Requirement, RequirementKind,
};

/// The framework.
pub(crate) fn framework() -> Framework {
    Framework {
        id: "iso42001".to_owned(),
        name: "House standard".to_owned(),
        requirements: [clauses(), controls()].concat(),
        ..Framework::default()
    }
}

/// Its controls.
pub(crate) fn controls_of(framework: &Framework) -> Vec<&Requirement> {
    let is_control = |requirement: &&Requirement| requirement.kind == RequirementKind::Control;
    framework.requirements.iter().filter(is_control).collect()
}

/// A second framework, mapped to the first by the tests.
pub(crate) fn other() -> Framework {
    Framework {
        id: "house-rules".to_owned(),
        name: "House rules".to_owned(),
        requirements: vec![
            requirement("R1", None, "Have a policy", true),
            requirement("R2", None, "Watch systems in use", true),
            requirement("R3", None, "Keep the fish fed", true),
        ],
        ..Framework::default()
    }
}

fn clauses() -> Vec<Requirement> {
    let policy =
        json!({ "type": "record", "kind": "policy", "states": ["approved"], "fresh": true });
    let assessed = json!({ "type": "record", "kind": "risk_assessment", "states": ["approved"], "per": "ai_system" });
    let rated = json!({ "type": "every", "kind": "risk", "with": { "owner": ["*"], "residual.individuals": ["*"] } });
    let decided = json!({ "type": "soa_complete" });
    vec![
        requirement("5", None, "Leadership", false),
        asked("5.2", "5", "AI policy", &[("policy", "an approved AI policy exists", policy)]),
        requirement("6", None, "Planning", false),
        asked(
            "6.1.2",
            "6",
            "AI risk assessment",
            &[
                ("assessed", "each AI system has an approved risk assessment", assessed),
                ("rated", "each risk has an owner and a residual rating", rated),
            ],
        ),
        asked(
            "6.1.3",
            "6",
            "AI risk treatment",
            &[("decided", "every control is decided", decided)],
        ),
    ]
}

fn controls() -> Vec<Requirement> {
    vec![
        requirement("A.2", None, "Policies", false),
        control("A.2.2", "A.2", "AI policy"),
        control("A.2.3", "A.2", "Fit with other policies"),
        requirement("A.6", None, "Life cycle", false),
        control("A.6.2.4", "A.6", "Verification and validation"),
        control("A.6.2.6", "A.6", "Monitoring"),
    ]
}

fn control(id: &str, parent: &str, title: &str) -> Requirement {
    let designed = json!({ "type": "control_designed" });
    let operating = json!({ "type": "control_operating" });
    let conditions = [
        ("designed", "the control is decided, described and owned", designed),
        ("operating", "evidence shows it in operation", operating),
    ];
    Requirement { kind: RequirementKind::Control, ..asked(id, parent, title, &conditions) }
}

fn asked(id: &str, parent: &str, title: &str, conditions: &[(&str, &str, Value)]) -> Requirement {
    let condition = |(id, says, test): &(&str, &str, Value)| {
        serde_json::from_value(json!({ "id": id, "says": says, "test": test })).unwrap()
    };
    Requirement {
        owner_role: "AI officer".to_owned(),
        conditions: conditions.iter().map(condition).collect(),
        ..requirement(id, Some(parent), title, true)
    }
}

fn requirement(id: &str, parent: Option<&str>, title: &str, assessable: bool) -> Requirement {
    Requirement {
        id: id.to_owned(),
        label: id.to_owned(),
        parent: parent.map(str::to_owned),
        title: title.to_owned(),
        kind: if assessable { RequirementKind::Clause } else { RequirementKind::Heading },
        assessable,
        ..Requirement::default()
    }
}

/// What auditors look for.
pub(crate) fn certification() -> Certification {
    let check = |id: &str, says: &str, references: &[&str]| AuditCheck {
        id: id.to_owned(),
        says: says.to_owned(),
        references: references.iter().map(|id| (*id).to_owned()).collect(),
        ..AuditCheck::default()
    };
    Certification {
        stage1: vec![
            check("s1-policy", "the AI policy is approved", &["5.2", "A.2.2"]),
            check("s1-risk", "risks are assessed and treated", &["6"]),
        ],
        stage2: vec![check("s2-watch", "systems in use are watched", &["A.6.2.6", "9.1"])],
        ..Certification::default()
    }
}

/// How the house rules relate to the framework.
pub(crate) fn mapping_set() -> MappingSet {
    let mapping = |source: &str, target: &str, relationship, strength, gap: &str| Mapping {
        source: source.to_owned(),
        target: target.to_owned(),
        relationship,
        strength,
        rationale: "Both speak of it.".to_owned(),
        gap: gap.to_owned(),
        confidence: Confidence::High,
        group: None,
        extra: serde_json::Map::new(),
    };
    MappingSet {
        id: "house-map".to_owned(),
        mappings: vec![
            mapping("A.6.2.6", "R2", Relationship::Intersects, Some(4), "how often to look"),
            mapping("A.6.2.4", "R2", Relationship::Subset, None, ""),
            mapping("5.2", "R1", Relationship::Equal, Some(10), ""),
        ],
        ..MappingSet::default()
    }
}
