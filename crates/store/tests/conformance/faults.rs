//! Every step of recording a change fails, in two forms: nothing was written, and everything was
//! written but the answer was lost. The caller repeats what it did and comes to the same end.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use surety_store::{NewEntry, StoreError, Vault};

use crate::backend::Backend;
use crate::fixture::{ACME, at, entry, made, redacting};
use crate::on_every_backend;

on_every_backend!(
    a_change_survives_the_failure_of_each_step,
    an_append_abandoned_at_any_point_is_whole_or_absent,
);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    PutEvidence,
    Append,
    PutCheckpoint,
    PutSnapshot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    NotPersisted,
    PersistedButReportedFailed,
}

/// The step that fails once, and how.
struct Fault(Option<(Step, Form)>);

struct Failed;

impl Fault {
    async fn at<T, E>(
        &mut self,
        step: Step,
        action: impl Future<Output = Result<T, E>>,
    ) -> Result<Result<T, E>, Failed> {
        let form = self.0.filter(|(failing, _)| *failing == step).map(|(_, form)| form);
        if form.is_some() {
            self.0 = None;
        }
        match form {
            Some(Form::NotPersisted) => Err(Failed),
            Some(Form::PersistedButReportedFailed) => {
                action.await.map_or(Err(Failed), |_| Err(Failed))
            }
            None => Ok(action.await),
        }
    }
}

/// Puts a file, appends the entry that names it and one that redacts, then a checkpoint and a snapshot.
async fn record(backend: &Backend, vault: &Vault, fault: &mut Fault) -> Result<(), Failed> {
    let store = &backend.store;
    let file = Bytes::from_static(b"minutes of the management review");
    let stored = fault.at(Step::PutEvidence, vault.put(file)).await?.unwrap();
    let size = store.size(ACME).await.unwrap();
    let payload = stored.hash.to_string().into_bytes();
    let batch = [made(size, at(1), Some("command-1"), payload), redacting(size + 1, 0)];
    match fault.at(Step::Append, store.append(ACME, size, &batch)).await? {
        Ok(()) => {}
        Err(StoreError::DuplicateKey { seq: 1, .. }) => {}
        Err(error) => panic!("{error:?}"),
    }
    fault.at(Step::PutCheckpoint, store.put_checkpoint(ACME, 3, "note")).await?.unwrap();
    fault.at(Step::PutSnapshot, store.put_snapshot(ACME, 3, "book", b"book")).await?.unwrap();
    Ok(())
}

async fn a_change_survives_the_failure_of_each_step(backend: &Backend) {
    let steps = [Step::PutEvidence, Step::Append, Step::PutCheckpoint, Step::PutSnapshot];
    let forms = [Form::NotPersisted, Form::PersistedButReportedFailed];
    let faults = steps.iter().flat_map(|step| forms.map(|form| (*step, form)));
    for (step, form) in faults {
        let fresh = match backend.folder {
            Some(_) => Backend::sqlite().await,
            None => Backend::postgres().await,
        };
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::in_folder(folder.path(), 1 << 20).unwrap();
        fresh.store.append(ACME, 0, &[entry(0)]).await.unwrap();
        let mut fault = Fault(Some((step, form)));
        assert!(record(&fresh, &vault, &mut fault).await.is_err());
        assert!(record(&fresh, &vault, &mut fault).await.is_ok(), "{step:?} {form:?}");

        let read = fresh.store.entries(ACME, 0, 10).await.unwrap();
        assert_eq!(read.len(), 3, "{step:?} {form:?}");
        for (seq, entry) in (0..).zip(&read) {
            entry.check(seq, ACME).unwrap();
        }
        assert!(read[0].is_redacted());
        let named = String::from_utf8(read[1].payload.clone().unwrap()).unwrap();
        vault.verify(&named.parse().unwrap()).await.unwrap();
        assert_eq!(fresh.store.latest_checkpoint(ACME).await.unwrap().unwrap().0, 3);
        assert_eq!(fresh.store.snapshot(ACME, 3, "book").await.unwrap().unwrap().0, 3);
    }
}

/// Polls a future so many times and then gives up on it.
struct Abandoned<F> {
    future: F,
    polls: u32,
}

impl<F: Future + Unpin> Future for Abandoned<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls == 0 {
            return Poll::Ready(None);
        }
        self.polls -= 1;
        Pin::new(&mut self.future).poll(context).map(Some)
    }
}

async fn an_append_abandoned_at_any_point_is_whole_or_absent(backend: &Backend) {
    let store = &backend.store;
    let batch = |from: u64, key: &str| -> Vec<NewEntry> {
        let key = |seq| (seq == from).then_some(key);
        (from..from + 100).map(|seq| made(seq, at(seq), key(seq), b"{}".to_vec())).collect()
    };
    // How far an append comes with so many polls depends on the other thread: hence some of each.
    for trial in 0..50 {
        let (polls, key) = (trial % 10, format!("command-{trial}"));
        let before = store.size(ACME).await.unwrap();
        let new = batch(before, &key);
        let done =
            Abandoned { future: pin!(store.append(ACME, before, &new)), polls }.await.is_some();
        // The connection may still be at it: the next append waits for its end and then knows.
        match store.append(ACME, before, &new).await {
            Ok(()) => assert!(!done),
            Err(StoreError::DuplicateKey { seq, .. }) => assert_eq!(seq, before),
            Err(error) => panic!("{error:?}"),
        }
        assert_eq!(store.size(ACME).await.unwrap(), before + 100);
    }
    let size = store.size(ACME).await.unwrap();
    for (seq, entry) in (0..size).zip(store.entries(ACME, 0, u32::MAX).await.unwrap()) {
        entry.check(seq, ACME).unwrap();
    }
}
