//! Classification under a law: a procedure of questions is walked with what is known, and explains itself.
//!
//! Knows procedures, answers and dates; every article, date and tier comes from the catalog. Knows nothing of records
//! and of whoever asks. [`classify`] answers, [`next_question`] asks, [`prefill`] proposes.

mod answers;
mod classify;
mod compile;
mod dates;
mod diagram;
mod findings;
mod given;
mod graph;
mod possible;
mod prefill;
mod procedure;
mod result;
mod step;
mod walk;
mod wizard;

pub use answers::{AnswerError, Answers, Contradiction};
pub use classify::classify;
pub use prefill::{Facts, Prefilled, Suggestion, prefill};
pub use procedure::{Procedure, ProcedureError, Text, Texts};
pub use result::{
    AnswerText, Applies, Classification, Counterfactual, FoundFinding, How, OpenQuestion, PathStep,
    Reason, ReasonStep, UnusedAnswer, UnusedBecause, Why,
};
pub use wizard::{Choosing, DateQuestion, Progress, Question, next_question};
