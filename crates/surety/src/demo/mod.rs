//! The demo organisation: a fictional company with three years of history, told to an engine through ordinary commands.
//!
//! What is said of it stands in `examples/`; the modules here write its history, and [`teller`] tells it. Nothing goes by
//! chance, so that two runs make the same records; salts, keys and tokens differ.

mod calendar;
mod chronicle;
mod controls;
mod evidence;
mod files;
mod law;
mod registers;
mod risks;
mod story;
mod systems;
mod teller;

use std::{collections::HashMap, path::Path, sync::Arc};

use jiff::civil::{Date, date};
use surety_aims::{Kind, RecordId, Role};
use surety_engine::{Aims, Config, Engine, FixedClock};

use self::{
    calendar::Part,
    chronicle::{Chronicle, Examples},
    evidence::Shelf,
    story::{Act, OPERATOR, Scene, Story},
    teller::Teller,
};

/// The fictional company.
pub(crate) const NAME: &str = "Nordlicht Mobility GmbH";

/// Whoever takes part: person, role, name and address.
pub(crate) struct Member {
    pub(crate) person: RecordId,
    pub(crate) role: Role,
    pub(crate) name: String,
    pub(crate) email: String,
}

/// Makes the organisation in an empty data folder, as it is on `today`. `progress` hears how many scenes there are and how
/// many are told. Gives who takes part.
pub(crate) async fn make(
    data: &Path,
    today: Date,
    mut progress: impl FnMut(usize, usize),
) -> anyhow::Result<Vec<Member>> {
    let days = calendar::shift_days(today);
    let (scenes, members) = written()?;
    let first = scenes.first().map_or(jiff::Timestamp::UNIX_EPOCH, |scene| scene.at);
    let shift = jiff::Span::new().hours(24 * i64::from(days));
    let clock = Arc::new(FixedClock::new(first.saturating_add(shift)?));
    let config = Config { clock: clock.clone(), ..Config::folder(data) };
    let engine = Engine::open(config).await?;
    let aims = engine.init(NAME).await?;
    let count = scenes.len();
    tell(&aims, &clock, days, scenes, &members, |done| progress(count, done)).await?;
    aims.keep_snapshot().await?;
    drop(aims);
    engine.close().await?;
    Ok(members)
}

async fn tell(
    aims: &Aims,
    clock: &FixedClock,
    days: i32,
    scenes: Vec<Scene>,
    members: &[Member],
    mut progress: impl FnMut(usize),
) -> anyhow::Result<()> {
    let roles: HashMap<u32, Role> =
        members.iter().map(|member| (member.person.number, member.role)).collect();
    let mut teller = Teller::new(aims, clock, days, &roles);
    teller.know(RecordId::new(Kind::Organisation, 1)).await?;
    let mut done = 0;
    teller
        .tell(scenes, || {
            done += 1;
            progress(done);
        })
        .await
}

/// The whole history in the order of time, and who takes part in it.
fn written() -> anyhow::Result<(Vec<Scene>, Vec<Member>)> {
    let examples = Examples::read()?;
    let chronicles = chronicle::read(&examples)?;
    let mut story = Story::default();
    chronicle::write(&mut story, &chronicles)?;
    let systems = systems::read_all(&chronicles)?;
    systems::write(&mut story, &systems);
    registers::write(&mut story, &systems, &examples);
    risks::write(&mut story, &systems, &examples);
    let mut shelf = Shelf::default();
    controls::write(&mut story, &mut shelf, &systems, &examples);
    evidence::write(&mut story, &mut shelf, &systems);
    law::write(&mut story, &systems, &examples)?;
    keep(&mut story);
    let (scenes, numbers) = story.told();
    let members = chronicles.iter().filter_map(|one| member(one, &numbers)).collect();
    Ok((scenes, members))
}

fn member(one: &Chronicle, numbers: &story::Renumber) -> Option<Member> {
    let personal = one.personal.as_ref()?;
    Some(Member {
        person: numbers.of(one.record),
        role: one.role?,
        name: personal.name.clone(),
        email: personal.email.clone(),
    })
}

/// What is done with the ledger itself: checkpoints, a new key, an erasure.
fn keep(story: &mut Story) {
    let mut day = date(2023, 12, 29);
    while day <= calendar::END {
        story.act(day, Part::Afternoon, OPERATOR, Act::Checkpoint);
        day = calendar::months_later(day, 3);
    }
    story.act(date(2025, 6, 30), Part::Afternoon, OPERATOR, Act::RotateKey);
    let reason = "Erasure request of 2025-08-25: a customer could be recognised (GDPR Art. 17)";
    let id = RecordId::new(Kind::Incident, 2);
    let redact = Act::Redact { id, field: "/body/description", reason };
    story.act(date(2025, 9, 1), Part::Afternoon, OPERATOR, redact);
}
