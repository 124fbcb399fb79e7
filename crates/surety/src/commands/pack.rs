//! Audit packs: write one, verify one.

use anyhow::Context;
use surety_aims::{Action, permit};
use surety_engine::{Error, Moment, pack::verify_pack};
use surety_ledger::KeyRing;
use surety_reports::Format;

use crate::{
    args,
    output::{self, Outcome, WrongUse, say},
    session::Session,
};

pub(crate) async fn pack(session: &Session, args: &args::Pack) -> anyhow::Result<Outcome> {
    permit(&session.principal, Action::ReadLedger).map_err(Error::from)?;
    let moment = args.as_of.map_or(Moment::Now, Moment::Day);
    let bar = output::progress("packing", session.quiet);
    let mut progress = |done: u64, of: u64| {
        bar.set_length(of);
        bar.set_position(done);
    };
    let packed = session.aims.pack(moment, &args.output, &mut progress).await?;
    bar.finish_and_clear();
    say(&format!(
        "{}: {} entries, {} records, {} files",
        args.output.display(),
        packed.entries,
        packed.records,
        packed.evidence_files
    ))?;
    for missing in &packed.missing_files {
        say(&format!("  the vault does not have the file {missing}"))?;
    }
    Ok(Outcome::Done)
}

pub(crate) fn verify(args: &args::Verify, quiet: bool) -> anyhow::Result<Outcome> {
    let keys = keys(&args.vkey)?;
    let checkpoints = read_checkpoints(&args.checkpoint)?;
    let bar = output::progress("verifying", quiet);
    let mut progress = |done: u64, of: u64| {
        bar.set_length(of);
        bar.set_position(done);
    };
    let report = verify_pack(&args.file, keys.as_ref(), &checkpoints, &mut progress)?;
    bar.finish_and_clear();
    let wanting = !report.wanting.is_empty();
    if args.format == Format::Json {
        let mut json = serde_json::to_vec_pretty(&report)?;
        json.push(b'\n');
        output::print(&json)?;
        return Ok(Outcome::wanting_if(wanting));
    }
    for what in &report.wanting {
        say(&format!("FOUND WANTING: {what}"))?;
    }
    for notice in &report.notices {
        say(&format!("note: {notice}"))?;
    }
    if !wanting {
        say(&format!("verified: {} as of {}", report.organisation, report.as_of))?;
        say(&format!(
            "  ledger {} with {} entries, {} redacted",
            report.origin, report.size, report.redacted
        ))?;
        say(&format!("  root {}", report.root))?;
        say(&format!(
            "  {} checkpoints, {} records, {} evidence files",
            report.checkpoints, report.records, report.evidence_files
        ))?;
        if report.derived {
            say(
                "  the Statement of Applicability, the gap analysis, the plan and the classes follow from the ledger",
            )?;
        }
        if !report.trusted_key {
            say(
                "  the key came with the pack: this proves that nothing was changed since it was signed, not who signed it;\n  give --vkey with a key that you got another way",
            )?;
        }
    }
    Ok(Outcome::wanting_if(wanting))
}

fn keys(vkeys: &[String]) -> Result<Option<KeyRing>, WrongUse> {
    if vkeys.is_empty() {
        return Ok(None);
    }
    let mut ring = KeyRing::new();
    for vkey in vkeys {
        let wrong = |error: surety_ledger::KeyError| WrongUse(format!("--vkey {vkey}: {error}"));
        let key = vkey.parse().map_err(wrong)?;
        ring.insert(key).map_err(wrong)?;
    }
    Ok(Some(ring))
}

/// The texts of checkpoint files.
pub(crate) fn read_checkpoints(files: &[std::path::PathBuf]) -> anyhow::Result<Vec<String>> {
    let read = |file: &std::path::PathBuf| {
        std::fs::read_to_string(file).with_context(|| format!("{}: can't be read", file.display()))
    };
    files.iter().map(read).collect()
}
