//! `demo`: makes the fictional organisation, or keeps the one that is there, and says how to look at it.

use std::{fmt::Write as _, net::SocketAddr, path::Path};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use surety_aims::Role;
use surety_engine::{
    Engine,
    accounts::{Part, Scope},
};

use crate::{
    args::{Global, demo::Demo},
    demo::{self, Member},
    output::{self, Outcome, WrongUse, complain, say},
    session,
};

/// What says that a data folder is a demo, and whether it is whole.
const MARKER: &str = "demo.json";

#[derive(Deserialize, Serialize)]
struct Marker {
    /// The version of Surety that made it.
    version: String,
    whole: bool,
}

pub(super) async fn run(global: &Global, args: &Demo) -> anyhow::Result<Outcome> {
    if global.database.is_some() {
        let message = "the demo lives in a folder of its own; leave --database out";
        return Err(WrongUse(message.to_owned()).into());
    }
    is_free(args.listen)?;
    let data = &global.data;
    if prepare(data, args.fresh)? {
        complain(&format!(
            "the demo organisation is in {} already; --fresh makes it anew",
            data.display()
        ));
    } else {
        make(global).await?;
    }
    let engine = session::engine(global).await?;
    let guide = guide(&engine, data, args.listen).await?;
    engine.close().await?;
    say(&guide)?;
    Ok(Outcome::Done)
}

/// Whether somebody else listens there is better known before anything is made.
fn is_free(listen: SocketAddr) -> anyhow::Result<()> {
    let bound = std::net::TcpListener::bind(listen).map(drop);
    bound.with_context(|| {
        format!("can't listen on {listen}; end what does, or choose another place with --listen")
    })
}

/// Whether a whole demo is in the folder. One that was not finished, or that is not wanted any more, is deleted.
fn prepare(data: &Path, fresh: bool) -> anyhow::Result<bool> {
    let marker = data.join(MARKER);
    let Ok(text) = std::fs::read_to_string(&marker) else {
        let is_empty = std::fs::read_dir(data).map_or(true, |mut inside| inside.next().is_none());
        if is_empty {
            return Ok(false);
        }
        bail!(
            "{} holds something that is no demo; give another folder with --data",
            data.display()
        );
    };
    let known: Option<Marker> = serde_json::from_str(&text).ok();
    let current = |known: &Marker| known.whole && known.version == env!("CARGO_PKG_VERSION");
    if !fresh && known.as_ref().is_some_and(current) {
        return Ok(true);
    }
    std::fs::remove_dir_all(data)
        .with_context(|| format!("{}: can't be deleted", data.display()))?;
    Ok(false)
}

fn mark(data: &Path, whole: bool) -> anyhow::Result<()> {
    let marker = Marker { version: env!("CARGO_PKG_VERSION").to_owned(), whole };
    output::write_file(&data.join(MARKER), &serde_json::to_vec(&marker)?)
}

async fn make(global: &Global) -> anyhow::Result<()> {
    let data = &global.data;
    std::fs::create_dir_all(data).with_context(|| format!("{}: can't be made", data.display()))?;
    mark(data, false)?;
    complain(&format!("telling three years of {} into {}", demo::NAME, data.display()));
    let bar = output::progress("telling", global.quiet);
    let mut quarter = 0;
    let made = demo::make(data, session::today(global), |count, done| {
        bar.set_length(u64::try_from(count).unwrap_or(0));
        bar.set_position(u64::try_from(done).unwrap_or(0));
        // Where no bar is drawn, some words show that it goes on.
        if bar.is_hidden() && !global.quiet && done * 4 / count.max(1) > quarter {
            quarter = done * 4 / count.max(1);
            complain(&format!("  {} of 4 quarters told", quarter));
        }
    })
    .await;
    bar.finish_and_clear();
    let members = made.context("the demo organisation could not be made")?;
    let engine = session::engine(global).await?;
    accounts(&engine, &members).await?;
    engine.close().await?;
    mark(data, true)
}

/// Who may come in to look: one of each role that people of the company have.
const DOORS: [(&str, &str); 6] = [
    ("owner", "wiebke.carstensen@nordlicht.example"),
    ("compliance manager", "thies.lorenzen@nordlicht.example"),
    ("system owner", "silke.jessen@nordlicht.example"),
    ("contributor", "fenja.moll@nordlicht.example"),
    ("approver", "rieke.thomsen@nordlicht.example"),
    ("viewer", "bente.hinrichs@nordlicht.example"),
];

/// An auditor from outside, who is none of the company.
const AUDITOR: (&str, &str) = ("ana.duarte@auditors.example", "Ana Duarte");

async fn accounts(engine: &Engine, members: &[Member]) -> anyhow::Result<()> {
    let aims = engine.organisation(None).await?;
    let accounts = engine.accounts()?;
    let is_door = |member: &&Member| DOORS.iter().any(|(_, email)| *email == member.email);
    for member in members.iter().filter(is_door) {
        let account = accounts.add(&member.email, &member.name).await?;
        let part = Part { person: Some(member.person), ..Part::of(member.role) };
        accounts.join(aims.id(), &account.id, &part).await?;
    }
    let account = accounts.add(AUDITOR.0, AUDITOR.1).await?;
    let part = Part::of(Role::Auditor);
    Ok(accounts.join(aims.id(), &account.id, &part).await?)
}

/// How to look at it. Tokens are new each time, as nobody keeps them.
async fn guide(engine: &Engine, data: &Path, listen: SocketAddr) -> anyhow::Result<String> {
    let aims = engine.organisation(None).await?;
    let accounts = engine.accounts()?;
    let mut text = format!(
        "\n{}, a company that does not exist, is served at http://{listen}\n\n\
         Everybody comes in with a token of their own; these are new, the earlier ones have ended:\n\n",
        aims.name()
    );
    let mut first = String::new();
    for (role, email) in DOORS.into_iter().chain([("auditor", AUDITOR.0)]) {
        let account = accounts.of_email(email).await?;
        for old in accounts.tokens(aims.id()).await? {
            if old.account == account.id && old.name == "demo" {
                accounts.revoke(aims.id(), &old.id).await?;
            }
        }
        let issued = accounts.issue(aims.id(), &account.id, "demo", Scope::Write, None).await?;
        if first.is_empty() {
            first.clone_from(&issued.secret);
        }
        writeln!(text, "  {role:<19} {email:<36} {}", issued.secret)?;
    }
    write!(
        text,
        "\n  curl -H 'Authorization: Bearer {first}' \\\n    http://{listen}/api/v1/organisations/{}/readiness\n\n\
         The API reference, to read and to try: http://{listen}/api (http://{listen}/api/v1/openapi.json)\n\
         On the command line: surety gap --data {}\n\
         Ctrl-C ends it; it is kept and served again the next time.",
        aims.id(),
        data.display()
    )?;
    Ok(text)
}
