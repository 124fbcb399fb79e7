//! Files that came and that no entry ever named: after a day they are deleted.
//!
//! Only what was noted when it came is looked at, so that whoever opens a vault with an older ledger beside it, as after a
//! backup was restored, deletes nothing that they do not know. What any entry ever named stays, also of withdrawn records and
//! earlier versions.

use std::{collections::BTreeSet, str};

use jiff::SignedDuration;
use surety_ledger::Hash;
use surety_store::Upload;

use crate::{Aims, Engine, Error, clock::whole_microsecond};

/// How long a file waits to be named by a record.
const WAITS: SignedDuration = SignedDuration::from_hours(24);

/// Entries that are read from the store at once.
const PAGE: u32 = 10_000;

/// Digits of a SHA-256.
const DIGITS: usize = 64;

impl Engine {
    /// Deletes the files that came a day ago or longer and that no entry names, and gives how many that were.
    ///
    /// # Errors
    /// Those of store and vault, once all organisations have been gone through.
    pub async fn collect_uploads(&self) -> Result<u64, Error> {
        let mut collected: u64 = 0;
        let mut failed = None;
        for organisation in self.organisations().await? {
            match self.collect_uploads_of(&organisation.id).await {
                Ok(count) => collected = collected.saturating_add(count),
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(collected), Err)
    }

    async fn collect_uploads_of(&self, organisation: &str) -> Result<u64, Error> {
        let Some(uploads) = &self.shared.uploads else { return Ok(0) };
        let before = self.shared.config.clock.now() - WAITS;
        let old = uploads.uploads_before(organisation, before).await?;
        if old.is_empty() {
            // An organisation that nobody asks for is not even opened.
            return Ok(0);
        }
        self.organisation(Some(organisation)).await?.collect(old).await
    }
}

impl Aims {
    /// Notes that a file has come.
    ///
    /// # Errors
    /// A refusal if the same file is being deleted.
    pub(crate) async fn note_upload(&self, hash: Hash) -> Result<(), Error> {
        let Some(uploads) = &self.shared.uploads else { return Ok(()) };
        let at = whole_microsecond(self.shared.config.clock.now());
        let upload = Upload { organisation: self.id().to_owned(), hash, at };
        if uploads.note_upload(&upload).await? {
            return Ok(());
        }
        let message = "the same file came long ago, no record named it, and it is being deleted; send it again";
        Err(Error::Input(message.to_owned()))
    }

    async fn collect(&self, old: Vec<Upload>) -> Result<u64, Error> {
        let Some(uploads) = &self.shared.uploads else { return Ok(0) };
        let mut claimed = Vec::new();
        for upload in old {
            if uploads.claim_upload(&upload).await? {
                claimed.push(upload);
            }
        }
        let hashes: BTreeSet<_> = claimed.iter().map(|upload| upload.hash.to_string()).collect();
        let unnamed = self.never_named(hashes).await?;
        let mut collected = 0;
        for upload in &claimed {
            if unnamed.contains(&upload.hash.to_string()) {
                self.vault.erase(&upload.hash).await?;
                collected += 1;
            }
            uploads.forget_upload(upload).await?;
        }
        Ok(collected)
    }

    /// Those of the hashes that stand nowhere in any entry, whatever it says.
    async fn never_named(&self, mut hashes: BTreeSet<String>) -> Result<BTreeSet<String>, Error> {
        let mut start = 0;
        while !hashes.is_empty() {
            let entries = self.entries(start, PAGE).await?;
            if entries.is_empty() {
                break;
            }
            for payload in entries.iter().filter_map(|entry| entry.payload.as_deref()) {
                for hash in digests(payload) {
                    hashes.remove(&hash);
                }
            }
            start = start.saturating_add(u64::try_from(entries.len()).unwrap_or(u64::MAX));
        }
        Ok(hashes)
    }
}

/// Every text in some bytes that can be a SHA-256, in small letters.
fn digests(bytes: &[u8]) -> impl Iterator<Item = String> {
    let runs = bytes.split(|byte| !byte.is_ascii_hexdigit());
    let windows = runs.flat_map(|run| run.windows(DIGITS));
    windows.filter_map(|digits| Some(str::from_utf8(digits).ok()?.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_found_wherever_it_stands() {
        let hash = Hash::of(b"file").to_string();
        let found = |text: &str| digests(text.as_bytes()).any(|digits| digits == hash);
        assert!(found(&format!("{{\"file\":{{\"sha256\":\"{hash}\"}}}}")));
        assert!(found(&hash.to_uppercase()));
        assert!(found(&format!("see {hash}.")) && found(&format!("ab{hash}cd")));
        assert!(!found(&hash[1..]) && !found(""));
    }
}
