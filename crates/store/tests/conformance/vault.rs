//! The vault: a file is what its name says, or it is reported.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use object_store::ObjectStoreExt;
use object_store::memory::InMemory;
use surety_ledger::Hash;
use surety_store::{Vault, VaultError};
use tokio::io::AsyncReadExt;

const LIMIT: u64 = 10 << 20;

/// Larger than one part, and not a whole number of them.
fn large() -> Vec<u8> {
    (0..2_500_000_u32).flat_map(u32::to_le_bytes).take(9_000_001).collect()
}

fn vault() -> (tempfile::TempDir, Vault) {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::in_folder(&folder.path().join("vault"), LIMIT).unwrap();
    (folder, vault)
}

fn path(folder: &tempfile::TempDir, hash: &Hash) -> PathBuf {
    let digits = hash.to_string();
    folder.path().join("vault/sha256").join(&digits[..2]).join(&digits[2..])
}

/// Every file below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn a_file_is_named_by_its_hash() {
    let (folder, vault) = vault();
    let stored = vault.put(Bytes::from_static(b"abc")).await.unwrap();
    // The example of FIPS 180-4.
    let digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((stored.hash.to_string().as_str(), stored.size), (digits, 3));
    assert_eq!(std::fs::read(path(&folder, &stored.hash)).unwrap(), b"abc");
    assert_eq!(vault.get(&stored.hash).await.unwrap(), Bytes::from_static(b"abc"));
    assert!(vault.exists(&stored.hash).await.unwrap());
    assert_eq!(vault.verify(&stored.hash).await.unwrap(), 3);
}

#[tokio::test]
async fn a_stream_is_kept_as_its_bytes_are() {
    let in_memory = Vault::new(Arc::new(InMemory::new()), LIMIT);
    let (_folder, on_disk) = vault();
    for vault in [in_memory, on_disk] {
        for length in [0, 1, 8 << 20, (8 << 20) + 1, 9_000_001] {
            let bytes = &large()[..length];
            let stored = vault.put_from(&mut &*bytes).await.unwrap();
            assert_eq!(stored.hash, Hash::of(bytes));
            assert_eq!(stored.size, u64::try_from(length).unwrap());
            assert_eq!(vault.put(bytes.to_vec().into()).await.unwrap(), stored);
            assert!(vault.get(&stored.hash).await.unwrap() == bytes);
            let mut copy = Vec::new();
            assert_eq!(vault.copy_to(&stored.hash, &mut copy).await.unwrap(), stored.size);
            assert!(copy == bytes);
        }
    }
}

#[tokio::test]
async fn a_file_put_twice_is_there_once() {
    let (folder, vault) = vault();
    for _ in 0..2 {
        vault.put_from(&mut large().as_slice()).await.unwrap();
    }
    assert_eq!(files(folder.path()).len(), 1);
}

#[tokio::test]
async fn a_missing_file_is_reported() {
    let (_folder, vault) = vault();
    let hash = Hash::of(b"nothing");
    assert!(!vault.exists(&hash).await.unwrap());
    assert!(matches!(vault.get(&hash).await, Err(VaultError::Missing { .. })));
    assert!(matches!(vault.verify(&hash).await, Err(VaultError::Missing { .. })));
    vault.erase(&hash).await.unwrap();
}

#[tokio::test]
async fn a_corrupted_file_is_reported_and_repaired() {
    let (folder, vault) = vault();
    let bytes = Bytes::from(large());
    let hash = vault.put(bytes.clone()).await.unwrap().hash;
    let flipped = {
        let mut flipped = bytes.to_vec();
        flipped[8_765_432] ^= 1;
        flipped
    };
    let cut = bytes[..1000].to_vec();
    for damaged in [flipped, cut, Vec::new()] {
        std::fs::write(path(&folder, &hash), damaged).unwrap();
        assert!(matches!(vault.get(&hash).await, Err(VaultError::Corrupted { .. })));
        assert!(matches!(vault.verify(&hash).await, Err(VaultError::Corrupted { .. })));
        vault.put_from(&mut bytes.as_ref()).await.unwrap();
        assert!(vault.get(&hash).await.unwrap() == bytes);
    }
}

#[tokio::test]
async fn a_file_beyond_the_limit_is_refused_and_leaves_nothing() {
    let (folder, vault) = vault();
    let whole = Bytes::from(vec![0; usize::try_from(LIMIT).unwrap() + 1]);
    let refused = vault.put(whole.clone()).await;
    assert!(matches!(refused, Err(VaultError::TooLarge { limit_bytes: LIMIT })));
    let refused = vault.put_from(&mut whole.as_ref()).await;
    assert!(matches!(refused, Err(VaultError::TooLarge { limit_bytes: LIMIT })));
    let endless = vault.put_from(&mut tokio::io::repeat(1)).await;
    assert!(matches!(endless, Err(VaultError::TooLarge { .. })));
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
    vault.put(whole.slice(1..)).await.unwrap();
}

/// Gives so many bytes and then fails.
struct Breaks(u64);

impl tokio::io::AsyncRead for Breaks {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        let count = usize::try_from(self.0).unwrap().min(buffer.remaining());
        if count == 0 {
            return std::task::Poll::Ready(Err(std::io::ErrorKind::ConnectionReset.into()));
        }
        buffer.put_slice(&vec![5; count]);
        self.0 -= u64::try_from(count).unwrap();
        std::task::Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_reader_that_breaks_leaves_nothing() {
    for length in [0, 100, 9 << 20] {
        let (folder, vault) = vault();
        let broken = vault.put_from(&mut Breaks(length)).await;
        assert!(matches!(broken, Err(VaultError::Read(_))), "{length}");
        assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
    }
}

#[tokio::test]
async fn a_writer_that_breaks_is_reported() {
    let (_folder, vault) = vault();
    let hash = vault.put(Bytes::from(large())).await.unwrap().hash;
    let (mut writer, reader) = tokio::io::duplex(1000);
    drop(reader);
    assert!(matches!(vault.copy_to(&hash, &mut writer).await, Err(VaultError::Write { .. })));
}

#[tokio::test]
async fn an_erased_file_is_gone() {
    let (folder, vault) = vault();
    let hash = vault.put_from(&mut tokio::io::repeat(3).take(1000)).await.unwrap().hash;
    vault.erase(&hash).await.unwrap();
    assert!(!vault.exists(&hash).await.unwrap());
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn what_a_dead_process_left_is_discarded() {
    let (folder, vault) = vault();
    let stored = vault.put(Bytes::from_static(b"abc")).await.unwrap();
    assert_eq!(vault.discard_unfinished(Timestamp::MAX).await.unwrap(), 0);
    let incoming = folder.path().join("vault/incoming");
    std::fs::create_dir_all(&incoming).unwrap();
    // Killed while it wrote, and killed before it gave the file its name.
    std::fs::write(incoming.join("0123#1"), b"ab").unwrap();
    std::fs::write(incoming.join("4567"), b"abc").unwrap();
    assert_eq!(vault.discard_unfinished(Timestamp::UNIX_EPOCH).await.unwrap(), 0);
    assert_eq!(vault.discard_unfinished(Timestamp::MAX).await.unwrap(), 2);
    assert_eq!(files(folder.path()), [path(&folder, &stored.hash)]);

    let objects = Arc::new(InMemory::new());
    let in_memory = Vault::new(objects.clone(), LIMIT);
    objects.put(&"incoming/4567".into(), "abc".into()).await.unwrap();
    assert_eq!(in_memory.discard_unfinished(Timestamp::UNIX_EPOCH).await.unwrap(), 0);
    assert_eq!(in_memory.discard_unfinished(Timestamp::MAX).await.unwrap(), 1);
}
