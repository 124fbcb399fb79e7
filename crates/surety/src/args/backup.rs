//! Backup and restore of everything here.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueHint};
use surety_reports::Format;

use super::parse_format;

/// Back up everything here, also while the server runs.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
In it are all organisations with their ledgers, checkpoints, public keys, people and files; accounts with their parts in
organisations, API tokens, passkeys, identities at providers and saved views of lists. Not in it are sessions and invitations. All that was acknowledged before it begins is
in it. It holds names, secrets as hashes, keys of time-based codes and every file, so its own file can be read by you alone;
keep it like that.

The keys that sign checkpoints are left out: whoever has them can sign another history in the organisation's name. With
--with-keys those of the data folder are in it, and a restored organisation goes on signing with them. Keep such a backup as
you would keep the keys.

Examples:
  surety backup /backup/surety-2026-11-21.zip
  surety backup /backup/surety.zip --database postgres://surety@db.example/surety --vault s3://evidence/surety")]
pub(crate) struct Backup {
    /// The file to write. It must not be there yet.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Also the keys that sign checkpoints, as far as they lie in the data folder.
    #[arg(long)]
    pub(crate) with_keys: bool,
    /// table or json.
    #[arg(long, short, default_value = "table", value_name = "FORMAT", value_parser = parse_format)]
    pub(crate) format: Format,
}

/// Restore a backup into an empty data folder or database, and verify it there.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Every part of the backup is checked before anything is written. Then every entry is verified against every checkpoint, the
records are folded, every file is read and accounts are counted where they now are. The database may be of another kind
than the one that was backed up. If a restore does not end, the place can't be used: empty it and begin again.

If the backup holds no signing keys, each organisation makes a new one when it is next used. Old checkpoints still verify with
the old public keys; publish the new one.

Examples:
  surety restore surety-2026-11-21.zip --data /srv/surety
  surety restore surety.zip --database postgres://surety@db.example/new --vault s3://evidence/new")]
pub(crate) struct Restore {
    /// The backup.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// table or json.
    #[arg(long, short, default_value = "table", value_name = "FORMAT", value_parser = parse_format)]
    pub(crate) format: Format,
}
