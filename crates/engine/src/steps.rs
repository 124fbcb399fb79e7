//! What a record still lacks, and which steps of its life cycle are open to somebody.

use serde::Serialize;
use surety_aims::{Principal, Record, Transition, may_take, missing};

use crate::View;

/// Completeness of a record, and its next steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Steps {
    /// Required fields that are empty.
    pub missing: Vec<&'static str>,
    pub next_steps: Vec<NextStep>,
}

/// A step that leads on from the state of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct NextStep {
    pub action: &'static str,
    pub to: &'static str,
    /// Why it can't be taken now; null: it can. A note can still be given.
    pub closed_because: Option<String>,
}

impl View {
    /// What a record lacks, and what `principal` can do with it next.
    pub fn steps(&self, record: &Record, principal: &Principal) -> Steps {
        let closed = |step: &Transition| {
            let refused = may_take(self.book(), principal, record, step, "given");
            refused.err().map(|rejection| rejection.to_string())
        };
        let steps = record.lifecycle().from(record.state).map(|step| NextStep {
            action: step.action,
            to: step.to,
            closed_because: closed(step),
        });
        Steps { missing: missing(record), next_steps: steps.collect() }
    }
}
