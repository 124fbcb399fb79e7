//! The server from outside: what clients rely on, over the same router that a socket gets.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy knows only plain #[test] functions as tests"
)]

mod access;
mod account;
mod apart;
mod authenticator;
mod bulk;
mod comments;
mod conflicts;
mod desk;
mod documents;
mod factors;
mod files;
mod frameworks;
mod import;
mod inbox;
mod law;
mod ledger;
mod limited;
mod links;
mod members;
mod oidc;
mod pages;
#[path = "../../../engine/tests/it/provider.rs"]
mod provider;
mod records;
mod replica;
mod risks;
mod saved_views;
mod selection;
mod served;
mod settings;
mod sign_in;
mod soa;
mod table;
mod views;
mod visitor;
