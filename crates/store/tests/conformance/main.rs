//! What every store of ledgers and accounts promises: each case runs on a real SQLite file and on a real
//! PostgreSQL server, which the tests start themselves. And what the vault promises.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy knows only plain #[test] functions as tests"
)]

mod access;
mod accounts;
mod appending;
mod backend;
mod beside;
mod concurrency;
mod crash;
mod faults;
mod fixture;
mod guards;
mod identities;
mod migrations;
mod model;
mod once;
mod people;
mod reading;
mod redaction;
mod saved_views;
mod sign_in;
mod snapshots;
mod uploads;
mod vault;

/// Makes of each case a test on each backend.
macro_rules! on_every_backend {
    ($($case:ident),+ $(,)?) => {
        $(mod $case {
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$case(&crate::backend::Backend::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                super::$case(&crate::backend::Backend::postgres().await).await;
            }
        })+
    };
}
pub(crate) use on_every_backend;
