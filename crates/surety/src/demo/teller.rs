//! Tells a history to an engine: every scene is an ordinary command of the person who acts, at the instant when it happens.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, bail};
use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Map, Value};
use surety_aims::{Command, Principal, RecordId, Role};
use surety_engine::{Aims, Batch, FixedClock, Moment, Person};
use surety_law::classification::{Answers, Procedure, classify};

use super::{
    calendar::{plus, shift, shifted_text},
    files::Text,
    story::{Act, OPERATOR, Scene},
};

/// What is known while a history is told.
pub(super) struct Teller<'a> {
    aims: &'a Aims,
    clock: &'a FixedClock,
    /// How many days later than it is written it is told.
    days: i32,
    roles: &'a HashMap<u32, Role>,
    /// What was last stated of each record, and in which version.
    stated: HashMap<RecordId, (u32, Value)>,
    /// Classes that are not settled, or were not needed: nobody approves them.
    unsettled: HashSet<RecordId>,
    /// What the one who acts does at this instant.
    waiting: Vec<Command>,
    now: (Timestamp, u32),
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        aims: &'a Aims,
        clock: &'a FixedClock,
        days: i32,
        roles: &'a HashMap<u32, Role>,
    ) -> Teller<'a> {
        Teller {
            aims,
            clock,
            days,
            roles,
            stated: HashMap::new(),
            unsettled: HashSet::new(),
            waiting: Vec::new(),
            now: (Timestamp::UNIX_EPOCH, OPERATOR),
        }
    }

    /// Takes over what the organisation has from its start.
    pub(super) async fn know(&mut self, id: RecordId) -> anyhow::Result<()> {
        let position = self.aims.current().await?;
        let record = position.book.get(id).with_context(|| format!("there is no {id}"))?;
        self.stated.insert(id, (record.version, record.body.to_json()));
        Ok(())
    }

    /// Tells all scenes, which are in the order of time.
    pub(super) async fn tell(
        &mut self,
        scenes: Vec<Scene>,
        mut told: impl FnMut(),
    ) -> anyhow::Result<()> {
        for scene in scenes {
            let at = scene.at.saturating_add(Span::new().hours(24 * i64::from(self.days)))?;
            if self.now != (at, scene.who) {
                self.flush().await?;
                self.now = (at, scene.who);
                self.clock.set(at);
            }
            self.act(scene.act).await?;
            told();
        }
        self.flush().await
    }

    async fn act(&mut self, act: Act) -> anyhow::Result<()> {
        match act {
            Act::State { id, body, file } => self.state(id, body, file).await,
            Act::Change { id, fields } => self.change(id, fields),
            Act::Step { id, step, note } => {
                if !self.unsettled.contains(&id) {
                    let note = shifted_text(&note, self.days);
                    self.waiting.push(Command::Move { id, step, note, base: None });
                }
                Ok(())
            }
            Act::Withdraw { id, reason } => {
                let reason = reason.to_owned();
                self.waiting.push(Command::Withdraw { id, reason, base: None });
                Ok(())
            }
            Act::Name { id, name, email } => {
                self.flush().await?;
                let person = Person { name, email: Some(email) };
                Ok(self.aims.put_person(id, &person).await?)
            }
            Act::Forget { id } => {
                self.flush().await?;
                Ok(self.aims.erase_person(id).await?)
            }
            Act::Classify { id, system, answers, remarks } => {
                self.flush().await?;
                self.classify(id, system, &answers, &remarks).await
            }
            Act::Redact { id, field, reason } => {
                self.flush().await?;
                let history = self.aims.history(id, 1_000).await?;
                let first = history.iter().map(|(seq, _)| *seq).min();
                let seq = first.with_context(|| format!("{id} has no history"))?;
                let fields = [field.to_owned()];
                self.aims.redact(&self.principal(), seq, reason, &fields).await?;
                Ok(())
            }
            Act::RotateKey => {
                self.flush().await?;
                self.aims.rotate_key().await?;
                Ok(())
            }
            Act::Checkpoint => {
                self.flush().await?;
                Ok(self.aims.settle().await?)
            }
        }
    }

    async fn state(
        &mut self,
        id: RecordId,
        mut body: Value,
        file: Option<Text>,
    ) -> anyhow::Result<()> {
        shift(&mut body, self.days);
        if let Some(Text { name, text }) = file {
            let (name, text) = (shifted_text(&name, self.days), shifted_text(&text, self.days));
            let file = self.aims.put_stream(&mut text.as_bytes(), name, None).await?;
            if let Value::Object(fields) = &mut body {
                fields.insert("file".to_owned(), serde_json::to_value(file)?);
            }
        }
        self.stated.insert(id, (1, body.clone()));
        self.waiting.push(statement(id, body, None));
        Ok(())
    }

    fn change(&mut self, id: RecordId, fields: Map<String, Value>) -> anyhow::Result<()> {
        let Some((version, body)) = self.stated.get_mut(&id) else {
            bail!("{id} is changed before it is stated");
        };
        let Value::Object(old) = body else { bail!("{id} has no fields") };
        let before = old.clone();
        for (field, mut value) in fields {
            shift(&mut value, self.days);
            old.insert(field, value);
        }
        if *old == before {
            return Ok(());
        }
        let base = *version;
        *version = version.saturating_add(1);
        let body = body.clone();
        self.waiting.push(statement(id, body, Some(base)));
        Ok(())
    }

    /// Keeps a class as `surety classify --save` does, under the number that is meant for it.
    async fn classify(
        &mut self,
        new: RecordId,
        system: RecordId,
        answers: &Answers,
        remarks: &str,
    ) -> anyhow::Result<()> {
        let today = self.today();
        let view = self.aims.view(Moment::Now).await?;
        let moved = answers.dates().iter().map(|(fact, day)| (fact.clone(), plus(*day, self.days)));
        let answers = &Answers::from_parts(answers.values().clone(), moved.collect());
        let found = classify(Procedure::ai_act(), answers, today, today)
            .with_context(|| format!("{system} can't be classified"))?;
        let kept = view.keep_classification(system, answers, &found, today)?;
        let Some(Command::State { mut body, .. }) = kept else {
            self.unsettled.insert(new);
            return Ok(());
        };
        if found.outcome.is_none() {
            self.unsettled.insert(new);
        }
        if let Value::Object(fields) = &mut body {
            fields.insert("remarks".to_owned(), remarks.into());
            fields.insert("assessor".to_owned(), self.principal().name.as_ref().into());
            fields.insert("next_due".to_owned(), plus(today, 730).to_string().into());
        }
        self.stated.insert(new, (1, body.clone()));
        self.waiting.push(statement(new, body, None));
        self.flush().await
    }

    /// Executes what waits, as one batch of the one who acts.
    async fn flush(&mut self) -> anyhow::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let commands = std::mem::take(&mut self.waiting);
        let names: Vec<_> = commands.iter().map(told_of).collect();
        let done = self.aims.try_execute(&self.principal(), Batch::of(commands)).await?;
        if let Err(refusal) = done {
            let what = names.get(refusal.command).map_or("", String::as_str);
            let (at, _) = self.now;
            bail!("{at}, {}, {what}: {}", self.principal().name, refusal.rejection);
        }
        Ok(())
    }

    fn principal(&self) -> Principal {
        match self.now {
            (_, OPERATOR) => Principal::operator(),
            (_, who) => {
                let role = self.roles.get(&who).copied().unwrap_or(Role::Viewer);
                Principal { name: format!("PER-{who}").into(), role }
            }
        }
    }

    fn today(&self) -> Date {
        self.now.0.to_zoned(TimeZone::UTC).date()
    }
}

fn statement(id: RecordId, body: Value, base: Option<u32>) -> Command {
    let (custom, external) = (Map::new(), Vec::new());
    Command::State { kind: id.kind, id: Some(id), body, custom, external, base }
}

/// A command in a few words, for the message that it was refused.
fn told_of(command: &Command) -> String {
    match command {
        Command::State { id: Some(id), body, .. } => format!("state {id} {body}"),
        Command::State { kind, .. } => format!("state {}", kind.label()),
        Command::Move { id, step, .. } => format!("{step} {id}"),
        Command::Withdraw { id, .. } => format!("withdraw {id}"),
        Command::Redact { seq, .. } => format!("redact {seq}"),
        Command::Note(security) => security.what.name(),
    }
}
