//! The vault: a file is what its name says, or it is reported. Each case runs on a folder and on a bucket.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use jiff::Timestamp;
use object_store::ObjectStoreExt;
use object_store::memory::InMemory;
use surety_ledger::Hash;
use surety_store::test_bucket::TestBucket;
use surety_store::{Vault, VaultError};
use tokio::io::AsyncReadExt;

const LIMIT: u64 = 10 << 20;

/// Larger than one part, and not a whole number of them.
fn large() -> Vec<u8> {
    (0..2_500_000_u32).flat_map(u32::to_le_bytes).take(9_000_001).collect()
}

/// A vault, and where its files lie on the disk.
struct Place {
    vault: Vault,
    objects: PathBuf,
    /// Everything that may be left behind.
    folder: PathBuf,
    _folder: Option<tempfile::TempDir>,
    _bucket: Option<TestBucket>,
}

impl Place {
    fn folder() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let objects = folder.path().join("vault");
        let vault = Vault::open(objects.to_str().unwrap(), [], LIMIT).unwrap();
        Place { vault, folder: objects.clone(), objects, _folder: Some(folder), _bucket: None }
    }

    async fn bucket() -> Place {
        let bucket = TestBucket::start().await.unwrap();
        let vault = Vault::open(&bucket.location(), bucket.settings(), LIMIT).unwrap();
        Place {
            vault,
            folder: bucket.folder().to_owned(),
            objects: bucket.objects(),
            _folder: None,
            _bucket: Some(bucket),
        }
    }

    fn path(&self, hash: &Hash) -> PathBuf {
        let digits = hash.to_string();
        self.objects.join("sha256").join(&digits[..2]).join(&digits[2..])
    }

    /// Every file of the vault.
    fn files(&self) -> Vec<PathBuf> {
        if self.objects.exists() { files(&self.objects) } else { Vec::new() }
    }

    /// Parts and names of uploads that have not ended.
    fn unfinished(&self) -> Vec<PathBuf> {
        let all = files(&self.folder);
        let is_part = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_str().unwrap();
            name.starts_with(".upload") || name.contains('#') || name.starts_with(".tmp")
        };
        all.into_iter().filter(is_part).collect()
    }
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

/// Makes of each case a test on each place.
macro_rules! in_every_place {
    ($($case:ident),+ $(,)?) => {
        $(mod $case {
            #[tokio::test]
            async fn folder() {
                super::$case(super::Place::folder()).await;
            }

            #[tokio::test]
            async fn bucket() {
                super::$case(super::Place::bucket().await).await;
            }
        })+
    };
}

in_every_place!(
    a_file_is_named_by_its_hash,
    a_stream_is_kept_as_its_bytes_are,
    a_range_is_those_bytes,
    a_file_put_twice_is_there_once,
    a_missing_file_is_reported,
    a_corrupted_file_is_reported_and_repaired,
    a_file_beyond_the_limit_is_refused_and_leaves_nothing,
    a_reader_that_breaks_leaves_nothing,
    a_reader_that_is_given_up_leaves_nothing,
    a_writer_that_breaks_is_reported,
    an_erased_file_is_gone,
    what_one_organisation_has_is_not_there_for_another,
    what_a_dead_process_left_is_discarded,
);

async fn a_file_is_named_by_its_hash(place: Place) {
    let vault = &place.vault;
    let stored = vault.put(Bytes::from_static(b"abc")).await.unwrap();
    // The example of FIPS 180-4.
    let digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((stored.hash.to_string().as_str(), stored.size), (digits, 3));
    assert_eq!(std::fs::read(place.path(&stored.hash)).unwrap(), b"abc");
    assert_eq!(vault.get(&stored.hash).await.unwrap(), Bytes::from_static(b"abc"));
    assert!(vault.exists(&stored.hash).await.unwrap());
    assert_eq!(vault.verify(&stored.hash).await.unwrap(), 3);
}

async fn a_stream_is_kept_as_its_bytes_are(place: Place) {
    let vault = &place.vault;
    for length in [0, 1, 8 << 20, (8 << 20) + 1, 9_000_001] {
        let bytes = &large()[..length];
        let stored = vault.put_from(&mut &*bytes).await.unwrap();
        assert_eq!(stored.hash, Hash::of(bytes));
        assert_eq!(stored.size, u64::try_from(length).unwrap());
        assert_eq!(vault.put(bytes.to_vec().into()).await.unwrap(), stored);
        assert!(vault.get(&stored.hash).await.unwrap() == bytes);
        assert_eq!(vault.size(&stored.hash).await.unwrap(), Some(stored.size));
        let mut copy = Vec::new();
        assert_eq!(vault.copy_to(&stored.hash, &mut copy).await.unwrap(), stored.size);
        assert!(copy == bytes);
    }
    assert_eq!(place.unfinished(), Vec::<PathBuf>::new());
}

async fn a_range_is_those_bytes(place: Place) {
    let vault = &place.vault;
    let bytes = large();
    let stored = vault.put_from(&mut bytes.as_slice()).await.unwrap();
    for range in [0..1, 0..stored.size, 4_000_000..8_000_001, stored.size - 1..stored.size, 7..7] {
        let read = vault.read(&stored.hash, stored.size, range.clone());
        let parts: Vec<Bytes> = read.try_collect().await.unwrap();
        let (from, to) = (range.start.try_into().unwrap(), range.end.try_into().unwrap());
        let expected: &[u8] = &bytes[from..to];
        assert!(parts.concat() == expected, "{range:?}");
    }
}

async fn a_file_put_twice_is_there_once(place: Place) {
    let vault = &place.vault;
    for _ in 0..2 {
        vault.put_from(&mut large().as_slice()).await.unwrap();
    }
    assert_eq!(place.files().len(), 1);
}

async fn a_missing_file_is_reported(place: Place) {
    let vault = &place.vault;
    let hash = Hash::of(b"nothing");
    assert!(!vault.exists(&hash).await.unwrap());
    assert!(matches!(vault.get(&hash).await, Err(VaultError::Missing { .. })));
    assert!(matches!(vault.verify(&hash).await, Err(VaultError::Missing { .. })));
    vault.erase(&hash).await.unwrap();
}

async fn a_corrupted_file_is_reported_and_repaired(place: Place) {
    let vault = &place.vault;
    let bytes = Bytes::from(large());
    let hash = vault.put(bytes.clone()).await.unwrap().hash;
    let flipped = {
        let mut flipped = bytes.to_vec();
        flipped[8_765_432] ^= 1;
        flipped
    };
    let cut = bytes[..1000].to_vec();
    for damaged in [flipped, cut, Vec::new()] {
        std::fs::write(place.path(&hash), damaged).unwrap();
        assert!(matches!(vault.get(&hash).await, Err(VaultError::Corrupted { .. })));
        assert!(matches!(vault.verify(&hash).await, Err(VaultError::Corrupted { .. })));
        vault.put_from(&mut bytes.as_ref()).await.unwrap();
        assert!(vault.get(&hash).await.unwrap() == bytes);
    }
}

async fn a_file_beyond_the_limit_is_refused_and_leaves_nothing(place: Place) {
    let vault = &place.vault;
    let whole = Bytes::from(vec![0; usize::try_from(LIMIT).unwrap() + 1]);
    let refused = vault.put(whole.clone()).await;
    assert!(matches!(refused, Err(VaultError::TooLarge { limit_bytes: LIMIT })));
    let refused = vault.put_from(&mut whole.as_ref()).await;
    assert!(matches!(refused, Err(VaultError::TooLarge { limit_bytes: LIMIT })));
    let endless = vault.put_from(&mut tokio::io::repeat(1)).await;
    assert!(matches!(endless, Err(VaultError::TooLarge { .. })));
    assert_eq!(place.files(), Vec::<PathBuf>::new());
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

async fn a_reader_that_breaks_leaves_nothing(place: Place) {
    for length in [0, 100, 9 << 20] {
        let broken = place.vault.put_from(&mut Breaks(length)).await;
        assert!(matches!(broken, Err(VaultError::Read(_))), "{length}");
        assert_eq!(place.files(), Vec::<PathBuf>::new());
        assert_eq!(place.unfinished(), Vec::<PathBuf>::new());
    }
}

async fn a_reader_that_is_given_up_leaves_nothing(place: Place) {
    // More than one part comes, and then nothing more for ever.
    let (mut client, mut stream) = tokio::io::duplex(1 << 20);
    let vault = place.vault.clone();
    let putting = tokio::spawn(async move { vault.put_from(&mut stream).await });
    tokio::io::AsyncWriteExt::write_all(&mut client, &[7; 10 << 20]).await.unwrap();
    putting.abort();
    assert!(putting.await.unwrap_err().is_cancelled());
    // Cleaning up goes on in the background.
    while !place.unfinished().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(place.files(), Vec::<PathBuf>::new());
}

async fn a_writer_that_breaks_is_reported(place: Place) {
    let vault = &place.vault;
    let hash = vault.put(Bytes::from(large())).await.unwrap().hash;
    let (mut writer, reader) = tokio::io::duplex(1000);
    drop(reader);
    assert!(matches!(vault.copy_to(&hash, &mut writer).await, Err(VaultError::Write { .. })));
}

async fn an_erased_file_is_gone(place: Place) {
    let vault = &place.vault;
    let hash = vault.put_from(&mut tokio::io::repeat(3).take(1000)).await.unwrap().hash;
    vault.erase(&hash).await.unwrap();
    assert!(!vault.exists(&hash).await.unwrap());
    assert_eq!(place.files(), Vec::<PathBuf>::new());
}

async fn what_one_organisation_has_is_not_there_for_another(place: Place) {
    let (one, other) = (place.vault.of("one"), place.vault.of("other"));
    let hash = one.put(Bytes::from_static(b"abc")).await.unwrap().hash;
    for stranger in [&other, &place.vault] {
        assert!(!stranger.exists(&hash).await.unwrap());
        assert!(matches!(stranger.get(&hash).await, Err(VaultError::Missing { .. })));
    }
    other.put_from(&mut &b"abc"[..]).await.unwrap();
    other.erase(&hash).await.unwrap();
    assert_eq!(one.get(&hash).await.unwrap(), Bytes::from_static(b"abc"));
}

async fn what_a_dead_process_left_is_discarded(place: Place) {
    let vault = place.vault.of("acme");
    vault.put(Bytes::from_static(b"abc")).await.unwrap();
    let before = place.files();
    assert_eq!(before.len(), 1);
    assert_eq!(vault.discard_unfinished(Timestamp::MAX).await.unwrap(), 0);
    let incoming = place.objects.join("incoming");
    std::fs::create_dir_all(&incoming).unwrap();
    // Killed before it gave the file its name.
    std::fs::write(incoming.join("4567"), b"abc").unwrap();
    assert_eq!(vault.discard_unfinished(Timestamp::UNIX_EPOCH).await.unwrap(), 0);
    assert_eq!(vault.discard_unfinished(Timestamp::MAX).await.unwrap(), 1);
    assert_eq!(place.files(), before);
}

#[tokio::test]
async fn what_was_half_written_to_a_folder_is_discarded() {
    let place = Place::folder();
    let incoming = place.objects.join("incoming");
    std::fs::create_dir_all(&incoming).unwrap();
    std::fs::write(incoming.join("0123#1"), b"ab").unwrap();
    assert_eq!(place.vault.discard_unfinished(Timestamp::UNIX_EPOCH).await.unwrap(), 0);
    assert_eq!(place.vault.discard_unfinished(Timestamp::MAX).await.unwrap(), 1);
    assert_eq!(place.files(), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_bucket_refuses_whoever_has_not_its_secret() {
    let bucket = TestBucket::start().await.unwrap();
    let mut settings = bucket.settings();
    for setting in &mut settings {
        if setting.0 == "AWS_SECRET_ACCESS_KEY" {
            setting.1 = "hunter2";
        }
    }
    let vault = Vault::open(&bucket.location(), settings, LIMIT).unwrap();
    let refused = vault.put(Bytes::from_static(b"abc")).await.unwrap_err();
    let shown = format!("{refused} {refused:?}");
    assert!(matches!(refused, VaultError::Objects { .. }), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(vault.discard_unfinished(Timestamp::MAX).await.is_err(), "the bucket is asked");
}

#[tokio::test]
async fn any_object_store_can_be_a_vault() {
    let objects = Arc::new(InMemory::new());
    let vault = Vault::new(objects.clone(), LIMIT);
    let stored = vault.put_from(&mut large().as_slice()).await.unwrap();
    assert!(vault.get(&stored.hash).await.unwrap() == large());
    objects.put(&"incoming/4567".into(), "abc".into()).await.unwrap();
    assert_eq!(vault.discard_unfinished(Timestamp::MAX).await.unwrap(), 1);
}
