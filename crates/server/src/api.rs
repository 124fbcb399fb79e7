//! The handlers, one file for each noun. Each reads the call, asks the engine, and writes its answer as JSON.

pub(crate) mod attachments;
pub(crate) mod bulk;
pub(crate) mod classes;
pub(crate) mod commands;
pub(crate) mod comments;
pub(crate) mod downloads;
pub(crate) mod factors;
pub(crate) mod files;
pub(crate) mod frameworks;
pub(crate) mod incidents;
pub(crate) mod invitations;
pub(crate) mod law;
pub(crate) mod ledger;
pub(crate) mod list;
pub(crate) mod me;
pub(crate) mod members;
pub(crate) mod oidc;
pub(crate) mod people;
pub(crate) mod records;
pub(crate) mod replica;
pub(crate) mod search;
pub(crate) mod security;
pub(crate) mod sign_in;
pub(crate) mod tokens;
pub(crate) mod views;
