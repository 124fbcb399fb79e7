//! Backup and restore.

use anyhow::Context;
use surety_engine::{
    KeySource,
    backup::{Manifest, Restored, SigningKeys, restore as restore_backup},
};
use surety_reports::Format;

use crate::{
    args::{
        Global,
        backup::{Backup, Restore},
    },
    output::{self, Outcome, say},
    session,
};

pub(super) async fn backup(global: &Global, args: &Backup) -> anyhow::Result<Outcome> {
    session::here(global)?;
    // Reading must not leave an empty data folder behind.
    if global.database.is_none() && !global.data.exists() {
        return Err(surety_engine::Error::NoOrganisation(global.data.display().to_string()).into());
    }
    let engine = session::engine(global).await?;
    let keys = if args.with_keys { SigningKeys::Included } else { SigningKeys::LeftOut };
    let bar = output::progress("backing up", global.quiet);
    let mut progress = |done: u64, of: u64| {
        bar.set_length(of);
        bar.set_position(done);
    };
    let written = engine.backup(&args.file, keys, &mut progress).await?;
    bar.finish_and_clear();
    engine.close().await?;
    let wanting = written.organisations.iter().any(|one| !one.damaged_files.is_empty());
    if args.format == Format::Json {
        // What each part is stands in the manifest of the file.
        let told = Manifest { parts: Vec::new(), ..written };
        say(&serde_json::to_string_pretty(&told)?)?;
    } else {
        tell_backup(args, &written)?;
    }
    Ok(Outcome::wanting_if(wanting))
}

fn tell_backup(args: &Backup, written: &Manifest) -> anyhow::Result<()> {
    say(&format!("{}: as of {}", args.file.display(), written.made_at))?;
    for one in &written.organisations {
        say(&format!(
            "  {}: {} entries, {} checkpoints, {} files",
            one.id, one.size, one.checkpoints, one.files
        ))?;
        say(&format!("    root {}", one.root))?;
        tell_files(&one.missing_files, &one.damaged_files)?;
    }
    say(&format!("  {} accounts", written.accounts))?;
    say(&match written.signing_keys {
        0 => "  no signing keys".to_owned(),
        keys => format!("  {keys} signing keys: keep this file as you keep them"),
    })
}

fn tell_files(missing: &[String], damaged: &[String]) -> anyhow::Result<()> {
    for file in missing {
        say(&format!("    not in the vault, as after an erasure: {file}"))?;
    }
    for file in damaged {
        say(&format!("    FOUND WANTING: damaged in the vault, and left out: {file}"))?;
    }
    Ok(())
}

pub(super) async fn restore(global: &Global, args: &Restore) -> anyhow::Result<Outcome> {
    let config = session::config(global)?;
    let bar = output::progress("restoring", global.quiet);
    let mut progress = |done: u64, of: u64| {
        bar.set_length(of);
        bar.set_position(done);
    };
    let restored = restore_backup(&config, &args.file, &mut progress).await;
    bar.finish_and_clear();
    let restored = restored.context("nothing was restored that can be used")?;
    if args.format == Format::Json {
        say(&serde_json::to_string_pretty(&restored)?)?;
        return Ok(Outcome::Done);
    }
    tell_restored(&restored, &config.key)?;
    Ok(Outcome::Done)
}

fn tell_restored(restored: &Restored, key: &KeySource) -> anyhow::Result<()> {
    say(&format!("restored and verified, as of {}", restored.made_at))?;
    for one in &restored.organisations {
        say(&format!(
            "  {}: {} entries against {} checkpoints, {} records, {} people, {} files read and compared",
            one.id, one.size, one.checkpoints, one.records, one.people, one.files
        ))?;
        say(&format!("    root {}", one.root))?;
        tell_files(&one.missing_files, &one.damaged_files)?;
    }
    say(&format!(
        "  {} accounts with {} parts in organisations, {} API tokens, {} passkeys, {} identities at providers, {} saved views; everybody signs in anew",
        restored.accounts,
        restored.memberships,
        restored.tokens,
        restored.passkeys,
        restored.identities,
        restored.saved_views
    ))?;
    say(match (key, restored.signing_keys) {
        (KeySource::File(_) | KeySource::Text(_), _) => {
            "  checkpoints will be signed with the key that is given"
        }
        (KeySource::DataFolder, 0) => {
            "  checkpoints will be signed with a new key, made at first use: publish it (`surety ledger keys`);\n  \
             old checkpoints verify with the old public keys"
        }
        (KeySource::DataFolder, _) => "  checkpoints go on being signed with the same keys",
    })
}
