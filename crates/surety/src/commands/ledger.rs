//! The ledger: checkpoint, verify, prove, redact, log, keys.

use anyhow::Context;
use serde_json::{Value, json};
use surety_aims::{Action, RecordId, permit};
use surety_engine::Error;
use surety_reports::Format;

use super::pack::read_checkpoints;
use crate::{
    args,
    output::{self, Outcome, WrongUse, print, say},
    session::Session,
};

pub(crate) async fn run(session: &Session, command: args::Ledger) -> anyhow::Result<Outcome> {
    let aims = &session.aims;
    // On a data folder whoever holds it may do everything; through a server, the role says it.
    permit(&session.principal, Action::ReadLedger).map_err(Error::from)?;
    match command {
        args::Ledger::Checkpoint => print(aims.checkpoint().await?.as_bytes())?,
        args::Ledger::Verify { checkpoint, rebuild, format } => {
            return verify(session, &checkpoint, rebuild, format).await;
        }
        args::Ledger::Prove { what, output } => {
            let seq = entry(session, &what).await?;
            let proof = aims.prove(seq).await?.to_string();
            match output {
                Some(path) => std::fs::write(&path, proof)
                    .with_context(|| format!("{}: can't be written", path.display()))?,
                None => print(proof.as_bytes())?,
            }
        }
        args::Ledger::Redact { seq, reason, field } => {
            let done = aims.redact(&session.principal, seq, &reason, &field).await?;
            say(&format!(
                "entry {seq} is redacted by entry {}; every proof still verifies",
                done.entries.0
            ))?;
        }
        args::Ledger::Log { from, limit, format } => log(session, from, limit, format).await?,
        args::Ledger::Keys => print(aims.keys().await?.to_string().as_bytes())?,
        args::Ledger::RotateKey => {
            permit(&session.principal, Action::Administer).map_err(Error::from)?;
            say(&format!("new key: {}", aims.rotate_key().await?))?;
        }
    }
    Ok(Outcome::Done)
}

/// The entry that an argument names: its number, or a record's current version.
async fn entry(session: &Session, what: &str) -> anyhow::Result<u64> {
    if let Ok(seq) = what.parse() {
        return Ok(seq);
    }
    let id: RecordId = what.parse().map_err(|_| {
        WrongUse(format!("{what}: is neither the number of an entry nor a record id"))
    })?;
    Ok(session.aims.entry_of(id).await?)
}

async fn verify(
    session: &Session,
    kept: &[std::path::PathBuf],
    rebuild: bool,
    format: Format,
) -> anyhow::Result<Outcome> {
    let kept = read_checkpoints(kept)?;
    let bar = output::progress("verifying", session.quiet);
    bar.set_length(session.aims.current().await?.book.size());
    let mut progress = |done: u64| bar.set_position(done);
    let report = session.aims.verify(&kept, &mut progress).await?;
    bar.finish_and_clear();
    let same = if rebuild { Some(session.aims.rebuild().await?) } else { None };
    if format == Format::Json {
        let json = json!({
            "verified": true,
            "origin": session.aims.origin(),
            "size": report.size,
            "root": report.root.to_base64(),
            "checkpoints": report.checkpoints,
            "signed": report.signed,
            "redacted": report.redacted,
            "rebuilt_equal": same,
        });
        say(&serde_json::to_string_pretty(&json)?)?;
    } else {
        say(&format!(
            "verified: {} entries against {} checkpoints",
            report.size, report.checkpoints
        ))?;
        say(&format!("  root {}", report.root.to_base64()))?;
        if report.signed < report.size {
            say(&format!(
                "  entries from {} on are not signed yet; `surety ledger checkpoint` signs them",
                report.signed
            ))?;
        }
        if !report.redacted.is_empty() {
            say(&format!("  {} entries are redacted", report.redacted.len()))?;
        }
        match same {
            Some(true) => say("  folded anew from the first entry: the same")?,
            Some(false) => say("FOUND WANTING: folded anew, the records are not the same")?,
            None => {}
        }
    }
    Ok(Outcome::wanting_if(same == Some(false)))
}

async fn log(session: &Session, from: u64, limit: u32, format: Format) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for entry in session.aims.entries(from, limit).await? {
        let header: Value = serde_json::from_slice(&entry.header)?;
        let payload: Option<Value> =
            entry.payload.as_deref().map(serde_json::from_slice).transpose()?;
        rows.push((header, payload));
    }
    if format == Format::Json {
        let rows: Vec<_> = rows
            .into_iter()
            .map(|(header, payload)| json!({ "header": header, "payload": payload }))
            .collect();
        return say(&serde_json::to_string_pretty(&rows)?);
    }
    for (header, payload) in rows {
        let text = |value: &Value, field: &str| {
            value
                .get(field)
                .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
                .unwrap_or_default()
        };
        let about = payload.as_ref().map_or("(redacted)".to_owned(), |payload| text(payload, "id"));
        say(&format!(
            "{:>6}  {}  {:<10} {:<9} {about}",
            text(&header, "seq"),
            text(&header, "instant"),
            text(&header, "actor"),
            text(&header, "kind")
        ))?;
    }
    Ok(())
}
