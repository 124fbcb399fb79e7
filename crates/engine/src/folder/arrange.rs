//! Finding an order in which the commands of many records go through: each may wait for another's.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

use surety_aims::{Command, Lifecycle, Principal, RecordId, Transition};

use super::Planned;
use crate::{Asked, trial::Trial};

/// What is to be done about one record, in order.
pub(super) struct Wish {
    pub(super) file: String,
    pub(super) tasks: VecDeque<Task>,
    pub(super) planned: Vec<Planned>,
}

/// One part of a wish.
pub(super) enum Task {
    Ask(Asked),
    Reach(Goal),
}

/// A state that a record is to reach, by whichever way is open.
pub(super) struct Goal {
    pub(super) id: RecordId,
    pub(super) state: String,
    /// Who took the last step.
    pub(super) by: Option<Arc<str>>,
    pub(super) author: Option<Arc<str>>,
    /// States that were left on the way.
    pub(super) left: Vec<&'static str>,
}

/// The commands in an order in which they go through, tried on `trial`, and a problem for each wish that can't be
/// fulfilled.
///
/// One task of each record at a time, again and again as long as one more becomes possible: so every record is stated
/// before any takes a step, and a guard may wait for another record's step. A longer way to a state is only taken when no
/// record gets there on its shortest, and half a way only when no record gets there at all.
pub(super) fn arrange(
    trial: &mut Trial,
    principal: &Principal,
    wishes: Vec<Wish>,
    problems: &mut Vec<String>,
) -> Vec<Asked> {
    let promised = wishes.iter().flat_map(|wish| &wish.tasks).filter_map(stated).collect();
    let mut run = Run { trial, principal, promised, done: Vec::new() };
    let mut waiting: Vec<_> =
        wishes.into_iter().map(|wish| (wish.file, wish.tasks, String::new())).collect();
    loop {
        let progress = [Ways::Shortest, Ways::Any, Ways::FirstStep]
            .into_iter()
            .any(|ways| run.advance(&mut waiting, ways));
        waiting.retain(|(_, tasks, _)| !tasks.is_empty());
        if waiting.is_empty() || !progress {
            break;
        }
    }
    let problem = |(file, _, refused)| format!("{file}: {refused}");
    problems.extend(waiting.into_iter().map(problem));
    run.done
}

/// The record that a task states.
fn stated(task: &Task) -> Option<RecordId> {
    match task {
        Task::Ask(Asked { command: Command::State { id, .. }, .. }) => *id,
        Task::Ask(_) | Task::Reach(_) => None,
    }
}

/// Which ways to a state are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ways {
    /// The shortest, to its end.
    Shortest,
    /// Any, to its end.
    Any,
    /// The beginning of the shortest.
    FirstStep,
}

/// A file, what is left of its tasks, and why the first of them can't be done yet.
type Waiting = (String, VecDeque<Task>, String);

struct Run<'a> {
    trial: &'a mut Trial,
    principal: &'a Principal,
    promised: HashSet<RecordId>,
    done: Vec<Asked>,
}

impl Run<'_> {
    /// Does the next task of each record that can be done; by other ways than the shortest, of one record only.
    fn advance(&mut self, waiting: &mut [Waiting], ways: Ways) -> bool {
        let mut progress = false;
        for (_, tasks, refused) in waiting {
            match tasks.front_mut().map_or(Ok(Step::None), |task| self.attempt(task, ways)) {
                Ok(Step::None) => {}
                Ok(Step::Last) => {
                    tasks.pop_front();
                    progress = true;
                }
                Ok(Step::OnTheWay) => progress = true,
                Err(reason) => *refused = reason,
            }
            if progress && ways != Ways::Shortest {
                break;
            }
        }
        progress
    }

    fn attempt(&mut self, task: &mut Task, ways: Ways) -> Result<Step, String> {
        match task {
            Task::Ask(asked) => self.ask(vec![asked.clone()]).map(|()| Step::Last),
            Task::Reach(goal) => self.approach(goal, ways),
        }
    }

    /// Takes the first way that is open.
    fn approach(&mut self, goal: &mut Goal, ways: Ways) -> Result<Step, String> {
        let Some(record) = self.trial.book.get(goal.id) else {
            return Err(format!("there is no {}", goal.id));
        };
        let state = record.state;
        if state == goal.state {
            return Ok(Step::Last);
        }
        let mut paths = paths(record.lifecycle(), state, &goal.state, &goal.left);
        if ways != Ways::Any {
            paths.truncate(1);
        }
        let mut refused = format!("there is no way from {state} to {}", goal.state);
        for (position, mut path) in paths.into_iter().enumerate() {
            let last = path.len().saturating_sub(1);
            if ways == Ways::FirstStep {
                path.truncate(1);
            }
            let steps = path.into_iter().enumerate();
            let place = |position| if position == last { Place::Last } else { Place::OnTheWay };
            let commands = steps.map(|(position, step)| goal.step(step, place(position)));
            match self.ask(commands.collect()) {
                Ok(()) if ways == Ways::FirstStep => {
                    goal.left.push(state);
                    return Ok(Step::OnTheWay);
                }
                Ok(()) => return Ok(Step::Last),
                // The shortest way's reason is the one to tell.
                Err(reason) if position == 0 => refused = reason,
                Err(_) => {}
            }
        }
        Err(refused)
    }

    /// All of the commands, or none.
    fn ask(&mut self, commands: Vec<Asked>) -> Result<(), String> {
        let mut trial = self.trial.again();
        for asked in &commands {
            let name = asked.on_behalf_of.clone().unwrap_or_else(|| self.principal.name.clone());
            let acting = Principal { name, role: self.principal.role };
            let asking = trial.ask(&acting, &asked.command, &self.promised);
            asking.map_err(|rejection| rejection.to_string())?;
        }
        *self.trial = trial;
        self.done.extend(commands);
        Ok(())
    }
}

/// What an attempt came to.
enum Step {
    /// Nothing was left to do.
    None,
    OnTheWay,
    /// The task is done.
    Last,
}

/// Where on its way a step stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    OnTheWay,
    Last,
}

impl Goal {
    /// A step in the name of whoever took the last one. Where another person than the author must have taken a step before
    /// that, and the folder does not say who, the applying principal vouches for it.
    fn step(&self, step: &Transition, place: Place) -> Asked {
        let vouched =
            place == Place::OnTheWay && step.needs.second_person && self.by == self.author;
        let command = Command::Move {
            id: self.id,
            step: step.action.to_owned(),
            note: "applied from a folder".to_owned(),
            base: None,
        };
        Asked { command, on_behalf_of: self.by.clone().filter(|_| !vouched) }
    }
}

/// Every way from one state to another, the shortest first. None visits a state twice, except that it may lead through the
/// other state once before it ends there: approved, suspended, approved again.
fn paths(
    lifecycle: &'static Lifecycle,
    from: &str,
    to: &str,
    left: &[&str],
) -> Vec<Vec<&'static Transition>> {
    let mut found = Vec::new();
    let mut open: Vec<Vec<&'static Transition>> = vec![Vec::new()];
    while !open.is_empty() {
        let mut longer = Vec::new();
        for path in open {
            let end = path.last().map_or(from, |step| step.to);
            for step in lifecycle.transitions.iter().filter(|step| step.from == end) {
                let visits = path.iter().filter(|past| past.to == step.to).count();
                let allowed = if step.to == to { 2 } else { 1 };
                if visits < allowed && step.to != from && !left.contains(&step.to) {
                    longer.push(path.iter().copied().chain([step]).collect::<Vec<_>>());
                }
            }
        }
        let arrived = |path: &&Vec<&Transition>| path.last().is_some_and(|step| step.to == to);
        found.extend(longer.iter().filter(arrived).cloned());
        open = longer;
    }
    found
}
