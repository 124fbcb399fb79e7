//! What happens once happens once, whoever asks at the same moment and on whichever node.

use std::future::Future;
use std::sync::Arc;

use surety_store::{AccountStore, StoreError};
use tokio::sync::Barrier;

use crate::backend::Backend;
use crate::fixture::{ACME, at};
use crate::on_every_backend;
use crate::people::{
    ADA, account, equip, hash, invitation, membership, move_in, passkey, pending, session, token,
};

on_every_backend!(
    one_of_many_gets_the_invitation,
    one_of_many_gets_the_pending_secret,
    one_of_many_uses_up_the_code,
    one_of_many_gets_the_address,
    one_of_many_gets_the_account_id,
    one_of_many_adds_the_passkey,
    many_may_put_the_same_membership,
    no_attempt_is_lost,
    nothing_is_added_to_an_account_while_it_goes,
);

const ROUNDS: u8 = 8;

/// Lets so many ask at once, half of them through a handle of another node, and gives their answers.
///
/// PostgreSQL is told to be as strict as it can be where nobody says otherwise: statements that meet
/// others would then fail instead of looking again.
async fn race<T, F>(
    backend: &Backend,
    contestants: u8,
    ask: impl Fn(Arc<dyn AccountStore>, u8) -> F,
) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    if backend.folder.is_none() {
        let strict = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I \
                      SET default_transaction_isolation TO serializable', current_database()); \
                      END $$";
        backend.execute(strict).await.unwrap();
    }
    let other = surety_store::open_all(&backend.location).await.unwrap().accounts;
    let start = Arc::new(Barrier::new(contestants.into()));
    let begin = |number: u8| {
        let store = if number.is_multiple_of(2) { &backend.accounts } else { &other };
        let (start, asked) = (Arc::clone(&start), ask(Arc::clone(store), number));
        tokio::spawn(async move {
            start.wait().await;
            asked.await
        })
    };
    let mut answers = Vec::new();
    for contestant in (0..contestants).map(begin).collect::<Vec<_>>() {
        answers.push(contestant.await.unwrap());
    }
    answers
}

async fn one_of_many_gets_the_invitation(backend: &Backend) {
    move_in(backend).await;
    for round in 0..ROUNDS {
        backend.accounts.create_invitation(&invitation(ACME, round)).await.unwrap();
        let taken = race(backend, 8, |store, _| async move {
            store.take_invitation(&hash(round), at(1)).await.unwrap()
        });
        let taken: Vec<_> = taken.await.into_iter().flatten().collect();
        assert_eq!(taken, [invitation(ACME, round)]);
    }
}

async fn one_of_many_gets_the_pending_secret(backend: &Backend) {
    for round in 0..ROUNDS {
        backend.accounts.put_pending(&pending(None, round)).await.unwrap();
        let taken = race(backend, 8, |store, _| async move {
            store.take_pending(&hash(round), "reset", at(1)).await.unwrap()
        });
        let taken: Vec<_> = taken.await.into_iter().flatten().collect();
        assert_eq!(taken, [pending(None, round)]);
    }
}

async fn one_of_many_uses_up_the_code(backend: &Backend) {
    move_in(backend).await;
    backend.accounts.set_totp(ADA, Some(&[1, 2, 3])).await.unwrap();
    for round in 0..ROUNDS {
        let used = race(backend, 8, |store, _| async move {
            store.use_totp_step(ADA, round.into()).await.unwrap()
        });
        assert_eq!(used.await.into_iter().filter(|good| *good).count(), 1);
    }
}

async fn one_of_many_gets_the_address(backend: &Backend) {
    for round in 0..ROUNDS {
        let created = race(backend, 8, |store, number| async move {
            let email = format!("Äda{round}@acme.example");
            let email = if number < 4 { email.to_uppercase() } else { email };
            store.create_account(&account(&format!("ACC-{round}-{number}"), &email)).await
        });
        let (won, lost): (Vec<_>, Vec<_>) = created.await.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        assert!(lost.iter().all(|lost| matches!(lost, Err(StoreError::EmailTaken))), "{lost:?}");
    }
    assert_eq!(backend.accounts.count_accounts().await.unwrap(), u64::from(ROUNDS));
}

async fn one_of_many_gets_the_account_id(backend: &Backend) {
    let created = race(backend, 8, |store, number| async move {
        store.create_account(&account(ADA, &format!("{number}@acme.example"))).await
    });
    let (won, lost): (Vec<_>, Vec<_>) = created.await.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    let there = |lost: &Result<(), _>| matches!(lost, Err(StoreError::AlreadyThere { .. }));
    assert!(lost.iter().all(there), "{lost:?}");
}

async fn one_of_many_adds_the_passkey(backend: &Backend) {
    move_in(backend).await;
    let added =
        race(backend, 8, |store, _| async move { store.add_passkey(&passkey(ADA, 1)).await });
    let (won, lost): (Vec<_>, Vec<_>) = added.await.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    let there = |lost: &Result<(), _>| matches!(lost, Err(StoreError::AlreadyThere { .. }));
    assert!(lost.iter().all(there), "{lost:?}");
}

async fn many_may_put_the_same_membership(backend: &Backend) {
    move_in(backend).await;
    let put =
        race(
            backend,
            8,
            |store, _| async move { store.put_membership(&membership(ACME, ADA)).await },
        );
    put.await.into_iter().for_each(Result::unwrap);
    let found = backend.accounts.memberships_of_organisation(ACME).await.unwrap();
    assert_eq!(found, [membership(ACME, ADA)]);
}

async fn no_attempt_is_lost(backend: &Backend) {
    // Each notes its attempt and then counts: whoever comes last sees all.
    let counted = race(backend, 20, |store, _| async move {
        store.note_attempt("key", at(1)).await.unwrap();
        store.attempts_since("key", at(0)).await.unwrap()
    });
    assert_eq!(counted.await.into_iter().max(), Some(20));
}

async fn nothing_is_added_to_an_account_while_it_goes(backend: &Backend) {
    move_in(backend).await;
    equip(backend, ADA, 200).await;
    let done = race(backend, 9, |store, number| async move {
        match number % 5 {
            0 => store.create_session(&session(ADA, number)).await,
            1 => store.create_token(&token(ACME, ADA, number)).await,
            2 => store.put_membership(&membership(ACME, ADA)).await,
            3 => store.remove_membership(ACME, ADA).await.map(|_| ()),
            _ => store.delete_account(ADA).await.map(|_| ()),
        }
    });
    for done in done.await {
        assert!(matches!(done, Ok(()) | Err(StoreError::UnknownAccount { .. })), "{done:?}");
    }
    for table in ["session", "api_token", "membership", "passkey", "pending_secret"] {
        let left = backend.execute(&format!("DELETE FROM {table}")).await.unwrap();
        assert_eq!(left, 0, "{table}");
    }
}
