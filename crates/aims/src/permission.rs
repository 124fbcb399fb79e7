//! Who may do what: one pure function, asked by every way in.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Kind;

/// Somebody who asks for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// As entries name it: a person's id (`PER-3`), or `operator` for whoever holds the data folder.
    pub name: Arc<str>,
    pub role: Role,
}

impl Principal {
    /// The holder of the data folder, who could change the files anyway.
    pub fn operator() -> Principal {
        Principal { name: "operator".into(), role: Role::Owner }
    }
}

/// What a principal is in one organisation.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, and the organisation itself.
    Owner,
    /// Runs the management system day by day.
    ComplianceManager,
    /// Answers for AI systems: states and moves what concerns them.
    SystemOwner,
    /// Records and attaches evidence.
    Contributor,
    /// Reads, and takes the steps that need an approver.
    Approver,
    /// Reads everything, also the ledger and its proofs; changes nothing.
    Auditor,
    /// Reads records and views.
    Viewer,
}

impl Role {
    pub const ALL: [Role; 7] = [
        Role::Owner,
        Role::ComplianceManager,
        Role::SystemOwner,
        Role::Contributor,
        Role::Approver,
        Role::Auditor,
        Role::Viewer,
    ];
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Records and derived views.
    Read,
    /// Entries, checkpoints, proofs, packs.
    ReadLedger,
    /// A first or next version of a record of that kind.
    State(Kind),
    /// A step that an author takes.
    Move(Kind),
    /// A step that an approver takes.
    Approve(Kind),
    Withdraw(Kind),
    /// Show a view of a list that one has saved to everybody.
    ShareView,
    /// Erase text from the ledger for a legal duty.
    Redact,
    /// Keys, organisations, storage.
    Administer,
}

/// A refusal, with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a {role:?} may not {what}")]
pub struct Denied {
    pub role: Role,
    pub what: &'static str,
}

/// Whether `principal` may do `action`.
pub fn permit(principal: &Principal, action: Action) -> Result<(), Denied> {
    let role = principal.role;
    let deny = |what| Err(Denied { role, what });
    let runs = matches!(role, Role::Owner | Role::ComplianceManager);
    match action {
        Action::Read => Ok(()),
        // Whoever takes part in the work may say something about it; whoever only reads has promised to change nothing, and a
        // token that only reads comes as such a role.
        Action::State(Kind::Comment)
        | Action::Move(Kind::Comment)
        | Action::Withdraw(Kind::Comment) => {
            if runs || writes(role) || role == Role::Approver {
                Ok(())
            } else {
                deny("comment")
            }
        }
        Action::ReadLedger if runs || role == Role::Auditor => Ok(()),
        Action::ReadLedger => deny("read the ledger"),
        Action::State(kind) if runs || (writes(role) && !is_governance(kind)) => Ok(()),
        Action::State(_) => deny("state records of this kind"),
        Action::Move(kind) if runs || (writes(role) && !is_governance(kind)) => Ok(()),
        Action::Move(_) => deny("move records of this kind"),
        Action::Approve(_) if runs || matches!(role, Role::SystemOwner | Role::Approver) => Ok(()),
        Action::Approve(_) => deny("approve"),
        Action::Withdraw(kind) if runs || (role == Role::SystemOwner && !is_governance(kind)) => {
            Ok(())
        }
        Action::Withdraw(_) => deny("withdraw records of this kind"),
        Action::ShareView if runs || writes(role) => Ok(()),
        Action::ShareView => deny("share views"),
        Action::Redact if role == Role::Owner => Ok(()),
        Action::Redact => deny("redact the ledger"),
        Action::Administer if role == Role::Owner => Ok(()),
        Action::Administer => deny("administer the organisation"),
    }
}

/// Roles that record things.
fn writes(role: Role) -> bool {
    matches!(role, Role::SystemOwner | Role::Contributor)
}

/// Kinds that frame the whole management system and are left to those who run it.
fn is_governance(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Organisation
            | Kind::ScopeStatement
            | Kind::Policy
            | Kind::RoleAssignment
            | Kind::Framework
            | Kind::CustomField
            | Kind::RequirementAssessment
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who may do an action: `O` owner, `M` compliance manager, `S` system owner, `C` contributor, `P` approver, `A` auditor,
    /// `V` viewer.
    fn allowed(action: Action) -> String {
        let letters = Role::ALL.into_iter().zip("OMSCPAV".chars());
        let may = |role| permit(&Principal { name: "PER-1".into(), role }, action).is_ok();
        letters.filter(|(role, _)| may(*role)).map(|(_, letter)| letter).collect()
    }

    #[test]
    fn every_role_may_do_what_the_table_says_of_actions_without_a_kind() {
        for (action, expected) in [
            (Action::Read, "OMSCPAV"),
            (Action::ReadLedger, "OMA"),
            (Action::ShareView, "OMSC"),
            (Action::Redact, "O"),
            (Action::Administer, "O"),
        ] {
            assert_eq!(allowed(action), expected, "{action:?}");
        }
    }

    /// Of every kind: who states, moves, approves and withdraws its records. Written by hand, so that a change of the rules
    /// has to be meant.
    const TABLE: &[(&str, [&str; 4])] = &[
        ("organisation", ["OM", "OM", "OMSP", "OM"]),
        ("scope_statement", ["OM", "OM", "OMSP", "OM"]),
        ("person", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("role_assignment", ["OM", "OM", "OMSP", "OM"]),
        ("system_group", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("ai_system", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("resource", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("dataset_card", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("supplier", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("policy", ["OM", "OM", "OMSP", "OM"]),
        ("controlled_document", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("control_implementation", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("evidence_item", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("risk", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("risk_assessment", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("impact_assessment", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("audit_finding", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("improvement_action", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("legal_obligation", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("requirement_assessment", ["OM", "OM", "OMSP", "OM"]),
        ("framework", ["OM", "OM", "OMSP", "OM"]),
        ("custom_field", ["OM", "OM", "OMSP", "OM"]),
        ("classification", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("incident", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("reporting_clock", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("authority", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("attachment", ["OMSC", "OMSC", "OMSP", "OMS"]),
        ("comment", ["OMSCP", "OMSCP", "OMSP", "OMSCP"]),
    ];

    #[test]
    fn every_role_may_do_what_the_table_says_to_records_of_every_kind() {
        let actions = [Action::State, Action::Move, Action::Approve, Action::Withdraw];
        let all = Kind::ALL.iter().map(|kind| (kind.name(), actions.map(|of| allowed(of(*kind)))));
        let expected = TABLE.iter().map(|(kind, who)| (*kind, who.map(str::to_owned)));
        assert_eq!(all.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }
}
