//! What is remembered of tokens and memberships, so that a request asks the database for one number instead of three rows.
//!
//! The store's generation grows with every change that could make it wrong, on whichever node; then all is forgotten. Only
//! what is there is remembered, so nobody waits for what was added to be seen.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use surety_store::Membership;

use super::Scope;

/// A valid token of an account that is not barred.
#[derive(Clone)]
pub(super) struct Pass {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) organisation: String,
    pub(super) scope: Scope,
    pub(super) expires_at: Option<Timestamp>,
    /// When its use was noted last.
    pub(super) noted_at: Option<Timestamp>,
}

/// What is remembered, as of one generation.
#[derive(Default)]
pub(crate) struct Known {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    generation: u64,
    passes: HashMap<Vec<u8>, Pass>,
    /// By account and organisation.
    memberships: HashMap<(String, String), Membership>,
}

/// The most that is remembered of each sort; then it begins again.
const LIMIT: usize = 10_000;

impl Known {
    /// What was remembered in this generation; what is of an older one goes.
    fn of(&self, generation: u64) -> Option<MutexGuard<'_, State>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.generation < generation {
            *state = State { generation, ..State::default() };
        }
        // Whoever read an older number has read what may be wrong by now.
        (state.generation == generation).then_some(state)
    }

    pub(super) fn pass(&self, generation: u64, hash: &[u8]) -> Option<Pass> {
        self.of(generation)?.passes.get(hash).cloned()
    }

    /// Remembers what was read after `generation` was.
    pub(super) fn put_pass(&self, generation: u64, hash: Vec<u8>, pass: Pass) {
        let Some(mut state) = self.of(generation) else { return };
        if state.passes.len() >= LIMIT {
            state.passes.clear();
        }
        state.passes.insert(hash, pass);
    }

    pub(super) fn membership(
        &self,
        generation: u64,
        account: &str,
        organisation: &str,
    ) -> Option<Membership> {
        let key = (account.to_owned(), organisation.to_owned());
        self.of(generation)?.memberships.get(&key).cloned()
    }

    /// As [`Known::put_pass`].
    pub(super) fn put_membership(&self, generation: u64, membership: Membership) {
        let Some(mut state) = self.of(generation) else { return };
        if state.memberships.len() >= LIMIT {
            state.memberships.clear();
        }
        let key = (membership.account.clone(), membership.organisation.clone());
        state.memberships.insert(key, membership);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass() -> Pass {
        Pass {
            id: "tok".to_owned(),
            account: "acc".to_owned(),
            organisation: "harbour".to_owned(),
            scope: Scope::Read,
            expires_at: None,
            noted_at: None,
        }
    }

    #[test]
    fn a_newer_generation_forgets() {
        let known = Known::default();
        known.put_pass(1, vec![7], pass());
        assert!(known.pass(1, &[7]).is_some());
        assert!(known.pass(2, &[7]).is_none());
        assert!(known.pass(1, &[7]).is_none(), "the older number came late");
    }

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let known = Known::default();
        assert!(known.pass(2, &[7]).is_none());
        known.put_pass(1, vec![7], pass());
        assert!(known.pass(2, &[7]).is_none());
    }

    #[test]
    fn no_more_than_the_limit_is_remembered() {
        let known = Known::default();
        for number in 0..LIMIT + 1 {
            known.put_pass(1, number.to_be_bytes().to_vec(), pass());
        }
        assert_eq!(known.of(1).unwrap().passes.len(), 1);
    }
}
