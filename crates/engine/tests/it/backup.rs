//! Backup and restore: what was acknowledged is there again, proved, whichever database and vault it came from and went to.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::{Value, json};
use surety_aims::{Kind, Role};
use surety_engine::{
    Aims, Config, Engine, Error, Moment, Person, Secret, VaultConfig,
    accounts::{Part, Scope},
    backup::{Manifest, Restored, SigningKeys, restore},
};
use surety_ledger::Hash;
use surety_store::{Identity, SavedView, test_bucket::TestBucket};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::given::{Home, START, group, keyed, noon, operator, state};

const EMAIL: &str = "kim@havnbank.example";

fn in_bucket(bucket: &TestBucket) -> VaultConfig {
    let settings = bucket.settings().into_iter();
    let settings = settings.map(|(name, value)| (name.to_owned(), Secret(value.to_owned())));
    VaultConfig { location: Some(bucket.location()), settings: settings.collect() }
}

/// An organisation with something of everything, and a token for it.
struct Source {
    home: Home,
    engine: Engine,
    aims: Arc<Aims>,
    file: String,
    token: String,
}

impl Source {
    async fn on(home: Home, vault: VaultConfig) -> Source {
        let engine = Engine::open(Config { vault, ..home.config() }).await.unwrap();
        let aims = engine.init("Havnbank").await.unwrap();
        let path = home.path().join("minutes.txt");
        std::fs::write(&path, b"what was said").unwrap();
        let file = aims.put_file(&path).await.unwrap();
        let attached = json!({ "record": "POL-1", "file": file });
        let first = [
            state(Kind::Person, json!({ "position": "Head of credit models" })),
            state(
                Kind::Policy,
                json!({ "title": "AI policy", "kind": "ai_policy", "body": "Private" }),
            ),
            state(Kind::Attachment, attached),
            group("Credit"),
        ];
        aims.execute(&operator(), keyed("first", first)).await.unwrap();
        aims.checkpoint().await.unwrap();
        let position = aims.current().await.unwrap();
        let policy = position.book.get("POL-1".parse().unwrap()).unwrap().stated.seq;
        aims.redact(&operator(), policy, "erasure", &["/body/body".to_owned()]).await.unwrap();
        let person = Person { name: "Kim".to_owned(), email: Some(EMAIL.to_owned()) };
        aims.put_person("PER-1".parse().unwrap(), &person).await.unwrap();
        aims.rotate_key().await.unwrap();
        aims.execute(&operator(), keyed("later", [group("Fraud")])).await.unwrap();
        let accounts = engine.accounts().unwrap();
        let account = accounts.add(EMAIL, "Kim").await.unwrap();
        let part = Part { person: Some("PER-1".parse().unwrap()), ..Part::of(Role::Owner) };
        accounts.join(aims.id(), &account.id, &part).await.unwrap();
        let token = accounts.issue(aims.id(), &account.id, "laptop", Scope::Write, None).await;
        let token = token.unwrap().secret;
        let config = home.config();
        let location = config.database.unwrap_or_else(|| home.path().display().to_string());
        let identity = Identity {
            issuer: "https://id.example".to_owned(),
            subject: "248289761001".to_owned(),
            account: account.id.clone(),
            linked_at: noon(START),
        };
        let view = SavedView {
            organisation: aims.id().to_owned(),
            account: account.id,
            path: "/records/risk".to_owned(),
            name: "Open".to_owned(),
            query: "state=identified".to_owned(),
            shared: true,
            saved_at: noon(START),
        };
        let stores = surety_store::open_all(&location).await.unwrap();
        stores.accounts.link_identity(&identity).await.unwrap();
        assert!(stores.accounts.save_view(&view, 1).await.unwrap());
        Source { home, engine, aims, file: file.sha256, token }
    }

    async fn back_up(&self, keys: SigningKeys) -> (PathBuf, Manifest) {
        let file = self.home.path().join("backup.zip");
        let manifest = self.engine.backup(&file, keys, &mut |_, _| {}).await.unwrap();
        (file, manifest)
    }
}

async fn restored(home: &Home, vault: VaultConfig, file: &Path) -> Result<Restored, Error> {
    restore(&Config { vault, ..target(home) }, file, &mut |_, _| {}).await
}

/// A data folder that is not there yet, and the database of `home`.
fn target(home: &Home) -> Config {
    Config { data: home.path().join("restored"), ..home.config() }
}

/// The state of an organisation after so many entries, as its views tell it.
async fn told(aims: &Aims, size: u64) -> (String, Vec<Value>) {
    let view = aims.view(Moment::Size(size)).await.unwrap();
    let records = view.book().records().map(surety_aims::Record::to_json).collect();
    (view.position.frontier.root().to_base64(), records)
}

/// That a place holds all that a source held when its backup was made.
async fn assert_same(source: &Source, config: Config, manifest: &Manifest) {
    let engine = Engine::open(config).await.unwrap();
    let aims = engine.organisation(None).await.unwrap();
    let size = manifest.organisations[0].size;
    let (root, records) = told(&aims, size).await;
    assert_eq!(root, manifest.organisations[0].root);
    assert_eq!((root, records), told(&source.aims, size).await);
    let policy = "POL-1".parse().unwrap();
    assert_eq!(
        aims.history_of(policy).await.unwrap(),
        source.aims.history_of(policy).await.unwrap()
    );
    assert_eq!(aims.people().await.unwrap(), source.aims.people().await.unwrap());
    let view = aims.view(Moment::Now).await.unwrap();
    let file = aims.find_file(&view, &source.file).await.unwrap().unwrap();
    assert_eq!((file.named.name.as_str(), file.size), ("minutes.txt", 13));
    aims.verify(&[], &mut |_| {}).await.unwrap();
    let accounts = engine.accounts().unwrap();
    let caller = accounts.caller(&source.token).await.unwrap().unwrap();
    let grant = accounts.grant(&caller, aims.id()).await.unwrap().unwrap();
    assert_eq!((&*grant.principal.name, grant.principal.role), ("PER-1", Role::Owner));
    let views = accounts.saved_views(aims.id(), &caller.account, "/records/risk").await.unwrap();
    assert_eq!(views[0].query, "state=identified");
    // It goes on where it ended, and knows what was asked before.
    let again = aims.execute(&operator(), keyed("later", [group("Fraud")])).await.unwrap();
    assert!(again.repeated);
    aims.execute(&operator(), keyed("new", [group("Cards")])).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_comes_back_in_a_folder() {
    let source = Source::on(Home::sqlite(), VaultConfig::default()).await;
    let (file, manifest) = source.back_up(SigningKeys::LeftOut).await;
    let home = Home::sqlite();
    let restored = restored(&home, VaultConfig::default(), &file).await.unwrap();
    assert_eq!((restored.accounts, restored.tokens, restored.signing_keys), (1, 1, 0));
    assert_eq!((restored.identities, restored.saved_views), (1, 1));
    let one = &restored.organisations[0];
    assert_eq!((one.redacted, one.people, one.files, one.missing_files.len()), (1, 1, 1, 0));
    assert_eq!(one.checkpoints, 2, "those that were made with the old key and with the new one");
    assert_same(&source, target(&home), &manifest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_comes_back_in_postgresql_and_a_bucket() {
    let source = Source::on(Home::sqlite(), VaultConfig::default()).await;
    let (file, manifest) = source.back_up(SigningKeys::LeftOut).await;
    let (home, bucket) = (Home::postgres().await, TestBucket::start().await.unwrap());
    restored(&home, in_bucket(&bucket), &file).await.unwrap();
    let config = Config { vault: in_bucket(&bucket), ..target(&home) };
    assert_same(&source, config, &manifest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_and_a_bucket_come_back_in_a_folder() {
    let bucket = TestBucket::start().await.unwrap();
    let source = Source::on(Home::postgres().await, in_bucket(&bucket)).await;
    let (file, manifest) = source.back_up(SigningKeys::LeftOut).await;
    let home = Home::sqlite();
    restored(&home, VaultConfig::default(), &file).await.unwrap();
    assert_same(&source, target(&home), &manifest).await;
}

/// Backs up while somebody else goes on writing.
async fn back_up_while_writing(home: Home) {
    let source = Source::on(home, VaultConfig::default()).await;
    let ended = Arc::new(AtomicBool::new(false));
    let writer = {
        let (aims, ended) = (source.aims.clone(), ended.clone());
        tokio::spawn(async move {
            let mut number = 0;
            // A batch is two entries, so that half of one would be seen.
            while !ended.load(Ordering::Relaxed) {
                let pair = [group(&format!("left {number}")), group(&format!("right {number}"))];
                aims.execute(&operator(), surety_engine::Batch::of(pair)).await.unwrap();
                number += 1;
            }
        })
    };
    let acknowledged = source.aims.current().await.unwrap().book.size();
    let (file, manifest) = source.back_up(SigningKeys::LeftOut).await;
    ended.store(true, Ordering::Relaxed);
    writer.await.unwrap();
    assert!(manifest.organisations[0].size >= acknowledged);
    let home = Home::sqlite();
    restored(&home, VaultConfig::default(), &file).await.unwrap();
    let engine = Engine::open(target(&home)).await.unwrap();
    let aims = engine.organisation(None).await.unwrap();
    let position = aims.current().await.unwrap();
    let named = |side: &str| {
        let groups = position.book.of_kind(Kind::SystemGroup);
        groups.filter(|one| one.title().starts_with(side)).count()
    };
    assert_eq!(named("left"), named("right"));
    assert_same(&source, target(&home), &manifest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_is_backed_up_while_others_write() {
    back_up_while_writing(Home::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_is_backed_up_while_others_write() {
    back_up_while_writing(Home::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_its_keys_an_organisation_goes_on_signing_and_without_it_makes_a_new_one() {
    for (keys, kept) in [(SigningKeys::Included, 2), (SigningKeys::LeftOut, 3)] {
        let source = Source::on(Home::sqlite(), VaultConfig::default()).await;
        let (file, manifest) = source.back_up(keys).await;
        assert_eq!(manifest.signing_keys, if keys == SigningKeys::Included { 2 } else { 0 });
        let home = Home::sqlite();
        restored(&home, VaultConfig::default(), &file).await.unwrap();
        let engine = Engine::open(target(&home)).await.unwrap();
        let aims = engine.organisation(None).await.unwrap();
        aims.checkpoint().await.unwrap();
        assert_eq!(aims.keys().await.unwrap().to_string().lines().count(), kept, "{keys:?}");
        aims.verify(&[], &mut |_| {}).await.unwrap();
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_for_its_owner_alone_and_takes_nobody_s_place() {
    use std::os::unix::fs::PermissionsExt;
    let source = Source::on(Home::sqlite(), VaultConfig::default()).await;
    let (file, _) = source.back_up(SigningKeys::LeftOut).await;
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&file).unwrap();
    let again = source.engine.backup(&file, SigningKeys::LeftOut, &mut |_, _| {}).await;
    assert!(matches!(again, Err(Error::File { .. })));
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert!(!source.home.path().join("backup.zip.unfinished").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_or_damaged_is_named_and_the_rest_comes_back() {
    let source = Source::on(Home::sqlite(), VaultConfig::default()).await;
    let digits = &source.file;
    let path = source.home.path().join("vault/organisations/havnbank/sha256");
    let path = path.join(&digits[..2]).join(&digits[2..]);
    std::fs::write(&path, b"something else").unwrap();
    let (file, manifest) = source.back_up(SigningKeys::LeftOut).await;
    assert_eq!(manifest.organisations[0].damaged_files, std::slice::from_ref(digits));
    let home = Home::sqlite();
    let back = restored(&home, VaultConfig::default(), &file).await.unwrap();
    assert_eq!(back.organisations[0].damaged_files, std::slice::from_ref(digits));
    std::fs::remove_file(&path).unwrap();
    std::fs::remove_file(&file).unwrap();
    let (_, manifest) = source.back_up(SigningKeys::LeftOut).await;
    assert_eq!(manifest.organisations[0].missing_files, std::slice::from_ref(digits));
}

/// The parts of a zip.
fn parts(file: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.insert(part.name().unwrap().into_owned(), bytes);
    }
    parts
}

fn write_parts(file: &Path, parts: &BTreeMap<String, Vec<u8>>) {
    let mut zip = ZipWriter::new(std::fs::File::create(file).unwrap());
    for (name, bytes) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_refused_with_its_place_and_nothing_is_written() {
    let source = Source::on(Home::sqlite(), VaultConfig::default()).await;
    let (file, _) = source.back_up(SigningKeys::Included).await;
    let whole = parts(&file);
    let damaged = source.home.path().join("damaged.zip");
    for name in whole.keys() {
        for damage in ["changed", "cut", "gone"] {
            let mut parts = whole.clone();
            match (damage, parts.get_mut(name)) {
                ("changed", Some(bytes)) if !bytes.is_empty() => {
                    let middle = bytes.len() / 2;
                    bytes[middle] ^= 1;
                }
                ("cut", Some(bytes)) if !bytes.is_empty() => {
                    bytes.pop();
                    bytes.pop();
                }
                ("gone", _) => drop(parts.remove(name)),
                _ => continue,
            }
            write_parts(&damaged, &parts);
            let home = Home::sqlite();
            let refused = restored(&home, VaultConfig::default(), &damaged).await.unwrap_err();
            let told = refused.to_string();
            // A manifest that is changed somewhere may tell of any part.
            assert!(told.contains(name) || name == "manifest.json", "{damage} {name}: {told}");
            assert!(told.contains("damaged.zip"), "{told}");
            assert!(!target(&home).data.exists(), "{damage} {name}");
        }
    }
    let mut more = whole.clone();
    more.insert("keys/../../evil".to_owned(), b"evil".to_vec());
    write_parts(&damaged, &more);
    let refused = restored(&Home::sqlite(), VaultConfig::default(), &damaged).await.unwrap_err();
    assert!(refused.to_string().contains("holds parts that its manifest does not name"));
    let half = std::fs::read(&file).unwrap();
    std::fs::write(&damaged, &half[..half.len() / 2]).unwrap();
    assert!(restored(&Home::sqlite(), VaultConfig::default(), &damaged).await.is_err());
}

/// Changes a part of a backup, and its manifest so that it fits.
fn forge(file: &Path, name: &str, change: impl FnOnce(String) -> String) {
    let mut parts = parts(file);
    let changed = change(String::from_utf8(parts[name].clone()).unwrap()).into_bytes();
    let mut manifest: Value = serde_json::from_slice(&parts["manifest.json"]).unwrap();
    for part in manifest["parts"].as_array_mut().unwrap() {
        if part["path"] == name {
            part["sha256"] = json!(Hash::of(&changed).to_string());
            part["bytes"] = json!(changed.len());
        }
    }
    parts.insert(name.to_owned(), changed);
    parts.insert("manifest.json".to_owned(), serde_json::to_vec(&manifest).unwrap());
    write_parts(file, &parts);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_verify_after_it_was_restored_can_not_be_opened() {
    let source = Source::on(Home::sqlite(), VaultConfig::default()).await;
    let (file, _) = source.back_up(SigningKeys::LeftOut).await;
    forge(&file, "organisations/0/entries.jsonl", |entries| entries.replace("Credit", "Debits"));
    for home in [Home::sqlite(), Home::postgres().await] {
        let refused = restored(&home, VaultConfig::default(), &file).await.unwrap_err();
        assert!(matches!(refused, Error::Verify(_)), "{refused}");
        let opened = Engine::open(target(&home)).await;
        assert!(matches!(opened.err(), Some(Error::Unfinished)));
        let again = restored(&home, VaultConfig::default(), &file).await;
        assert!(matches!(again, Err(Error::NotEmpty(_))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_not_empty_is_left_alone() {
    let source = Source::on(Home::sqlite(), VaultConfig::default()).await;
    let (file, _) = source.back_up(SigningKeys::LeftOut).await;
    for home in [Home::sqlite(), Home::postgres().await] {
        let engine = Engine::open(target(&home)).await.unwrap();
        let aims = engine.init("Another").await.unwrap();
        let refused = restored(&home, VaultConfig::default(), &file).await.unwrap_err();
        assert!(matches!(refused, Error::NotEmpty(_)), "{refused}");
        assert_eq!(engine.organisations().await.unwrap().len(), 1);
        aims.execute(&operator(), keyed("still", [group("Works")])).await.unwrap();
    }
}
