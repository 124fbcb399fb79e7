//! Verifying the ledger and proving what is on it.

use surety_aims::RecordId;
use surety_ledger::{Checkpoint, Entry, LogProof, Note, Report, Tree, Verifier};

use crate::{Aims, Error, Position};

/// Entries that are read from the store at once.
const PAGE: u32 = 10_000;

impl Aims {
    /// Verifies the whole ledger against every kept checkpoint and those that the caller kept elsewhere, and that the
    /// current Book is what the entries fold to. `progress` hears how many entries are done.
    pub async fn verify(
        &self,
        kept_elsewhere: &[String],
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Report, Error> {
        let keys = self.keys().await?;
        let mut checkpoints: Vec<String> = kept_elsewhere.to_vec();
        let own = self.shared.store.checkpoints(self.id()).await?;
        checkpoints.extend(own.into_iter().map(|(_, note)| note));
        let mut verifier = Verifier::new(self.id(), &checkpoints, &keys)?;
        let mut next = 0;
        loop {
            let entries = self.shared.store.entries(self.id(), next, PAGE).await?;
            if entries.is_empty() {
                return Ok(verifier.finish()?);
            }
            verifier.push_all(&entries)?;
            next += u64::try_from(entries.len()).unwrap_or(0);
            progress(next);
        }
    }

    /// A proof that an entry is on the ledger, with a checkpoint signed now (C2SP tlog-proof).
    pub async fn prove(&self, seq: u64) -> Result<LogProof, Error> {
        let note = self.checkpoint().await?;
        let checkpoint = Note::parse(&note).map_err(surety_ledger::CheckpointError::from)?;
        let size = self.current().await?.book.size();
        if seq >= size {
            return Err(Error::UnknownEntry(seq));
        }
        let tree = self.tree(size).await?;
        let hashes = tree.inclusion_proof(seq, size).map_err(|_| Error::UnknownEntry(seq))?;
        Ok(LogProof { extra: None, index: seq, hashes, checkpoint })
    }

    /// The number of the entry that states a record's current version.
    pub async fn entry_of(&self, record: RecordId) -> Result<u64, Error> {
        let position = self.current().await?;
        let record = position.book.get(record).ok_or(Error::UnknownRecord(record))?;
        Ok(record.stated.seq)
    }

    /// The tree over the first `size` entries.
    pub(crate) async fn tree(&self, size: u64) -> Result<Tree, Error> {
        let mut tree = Tree::new();
        while tree.size() < size {
            let left = u32::try_from(size - tree.size()).unwrap_or(u32::MAX).min(PAGE);
            let entries = self.shared.store.entries(self.id(), tree.size(), left).await?;
            if entries.is_empty() {
                break;
            }
            entries.iter().for_each(|entry| tree.append(entry.leaf()));
        }
        Ok(tree)
    }

    /// The entries about one record, newest first.
    pub async fn history(&self, record: RecordId, limit: u32) -> Result<Vec<(u64, Entry)>, Error> {
        Ok(self.shared.store.history(self.id(), &record.to_string(), limit).await?)
    }

    /// Drops all snapshots, folds the ledger from its first entry and compares with the known state.
    pub async fn rebuild(&self) -> Result<bool, Error> {
        let known = self.current().await?;
        self.shared.store.drop_snapshots(self.id()).await?;
        let (folded, _) =
            Position::at(self.shared.store.as_ref(), self.id(), known.book.size()).await?;
        let same =
            folded.frontier == known.frontier && folded.book.records().eq(known.book.records());
        self.keep_snapshot().await?;
        Ok(same)
    }

    /// The latest kept checkpoint, or a new one if there is none.
    pub async fn latest_checkpoint(&self) -> Result<Checkpoint, Error> {
        let note = match self.shared.store.latest_checkpoint(self.id()).await? {
            Some((_, note)) => note,
            None => self.checkpoint().await?,
        };
        let keys = self.keys().await?;
        Ok(Checkpoint::open(&note, &keys)?.checkpoint)
    }
}
