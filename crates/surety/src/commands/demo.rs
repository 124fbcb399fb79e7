//! `demo`: makes the fictional organisation, or keeps the one that is there, and says how to look at it.

use std::{collections::BTreeMap, fmt::Write as _, net::SocketAddr, path::Path};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use surety_aims::Role;
use surety_engine::{
    Engine,
    accounts::{Accounts, Part, Scope, fresh_password},
};

use crate::{
    args::{Global, demo::Demo},
    demo::{self, Member},
    output::{self, Outcome, WrongUse, complain, say},
    session,
};

/// What says that a data folder is a demo, and whether it is whole.
const MARKER: &str = "demo.json";

#[derive(Default, Deserialize, Serialize)]
struct Marker {
    /// The version of Surety that made it.
    version: String,
    whole: bool,
    /// By address the passwords that accounts were made with, which are said each time.
    #[serde(default)]
    passwords: BTreeMap<String, String>,
}

impl Marker {
    fn begun() -> Marker {
        Marker { version: env!("CARGO_PKG_VERSION").to_owned(), ..Marker::default() }
    }

    fn is_current(&self) -> bool {
        self.whole && self.version == env!("CARGO_PKG_VERSION") && !self.passwords.is_empty()
    }

    /// The marker of a folder; `None`: it has none that can be read.
    fn read(data: &Path) -> Option<Marker> {
        serde_json::from_slice(&std::fs::read(data.join(MARKER)).ok()?).ok()
    }

    /// Puts it into a folder, for nobody else to read.
    fn write(&self, data: &Path) -> anyhow::Result<()> {
        output::write_private(&data.join(MARKER), &serde_json::to_vec_pretty(self)?)
    }
}

pub(super) async fn run(global: &Global, args: &Demo) -> anyhow::Result<Outcome> {
    if global.database.is_some() {
        let message = "the demo lives in a folder of its own; leave --database out";
        return Err(WrongUse(message.to_owned()).into());
    }
    session::here(global)?;
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
    if !marker.exists() {
        let is_empty = std::fs::read_dir(data).map_or(true, |mut inside| inside.next().is_none());
        if is_empty {
            return Ok(false);
        }
        bail!(
            "{} holds something that is no demo; give another folder with --data",
            data.display()
        );
    }
    if !fresh && Marker::read(data).is_some_and(|known| known.is_current()) {
        return Ok(true);
    }
    std::fs::remove_dir_all(data)
        .with_context(|| format!("{}: can't be deleted", data.display()))?;
    Ok(false)
}

async fn make(global: &Global) -> anyhow::Result<()> {
    let data = &global.data;
    std::fs::create_dir_all(data).with_context(|| format!("{}: can't be made", data.display()))?;
    let mut marker = Marker::begun();
    marker.write(data)?;
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
    marker.passwords = accounts(&engine, &members).await?;
    engine.close().await?;
    marker.whole = true;
    marker.write(data)
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

/// Makes the accounts, each with a password of its own, and gives these by address.
async fn accounts(engine: &Engine, members: &[Member]) -> anyhow::Result<BTreeMap<String, String>> {
    let aims = engine.organisation(None).await?;
    let accounts = engine.accounts()?;
    let mut passwords = BTreeMap::new();
    let is_door = |member: &&Member| DOORS.iter().any(|(_, email)| *email == member.email);
    for member in members.iter().filter(is_door) {
        let part = Part { person: Some(member.person), ..Part::of(member.role) };
        let password = account(&accounts, aims.id(), (&member.email, &member.name), &part).await?;
        passwords.insert(member.email.clone(), password);
    }
    let password = account(&accounts, aims.id(), AUDITOR, &Part::of(Role::Auditor)).await?;
    passwords.insert(AUDITOR.0.to_owned(), password);
    Ok(passwords)
}

/// Makes one account, and gives its password.
async fn account(
    accounts: &Accounts<'_>,
    organisation: &str,
    (email, name): (&str, &str),
    part: &Part,
) -> anyhow::Result<String> {
    let password = fresh_password()?;
    let account = accounts.add(email, name).await?;
    accounts.set_password(&account, &password).await?;
    accounts.join(organisation, &account.id, part).await?;
    Ok(password)
}

/// How to look at it.
async fn guide(engine: &Engine, data: &Path, listen: SocketAddr) -> anyhow::Result<String> {
    let aims = engine.organisation(None).await?;
    let marker = Marker::read(data).unwrap_or_default();
    let mut text = format!(
        "\n{}, a company that does not exist, is served at http://{listen}\n\n\
         Sign in at http://{listen}/sign-in with address and password:\n\n",
        aims.name()
    );
    for (role, email) in DOORS.into_iter().chain([("auditor", AUDITOR.0)]) {
        let password = marker.passwords.get(email).map_or("", String::as_str);
        writeln!(text, "  {role:<19} {email:<36} {password}")?;
    }
    let [(_, owner), ..] = DOORS;
    let password = marker.passwords.get(owner).map_or("", String::as_str);
    let token = token(engine, aims.id()).await?;
    write!(
        text,
        "\nThe same with curl:\n\n  \
         curl -c jar -H 'Content-Type: application/json' http://{listen}/api/v1/sign-in \\\n    \
         -d '{{\"email\": \"{owner}\", \"password\": \"{password}\"}}'\n  \
         curl -b jar http://{listen}/api/v1/me\n\n\
         The API reference, to read and to try, with a session or a token: http://{listen}/api\n\n\
         For programs, a token of the owner (the one that was said before has ended):\n\n  \
         curl -H 'Authorization: Bearer {token}' \\\n    http://{listen}/api/v1/organisations/{}/readiness\n\n\
         On the command line: surety gap --data {}\n\
         Ctrl-C ends it; it is kept and served again the next time.",
        aims.id(),
        data.display()
    )?;
    Ok(text)
}

/// A token of the owner, in place of the one that was issued the last time, as nobody keeps it.
async fn token(engine: &Engine, organisation: &str) -> anyhow::Result<String> {
    let accounts = engine.accounts()?;
    let [(_, owner), ..] = DOORS;
    let owner = accounts.of_email(owner).await?;
    let old = accounts.tokens(organisation).await?;
    for old in old.iter().filter(|old| old.account == owner.id && old.name == "demo") {
        accounts.revoke(organisation, &old.id).await?;
    }
    Ok(accounts.issue(organisation, &owner.id, "demo", Scope::Write, None).await?.secret)
}
