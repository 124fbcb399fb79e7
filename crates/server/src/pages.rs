//! The pages, one file for each noun. Each reads the call, asks the engine, and hands what it found to a template.

mod account;
mod bulk;
mod classes;
mod classify;
mod conflict;
mod crosswalk;
mod framework_import;
mod frameworks;
mod home;
mod import;
mod inbox;
mod incident;
mod law;
mod ledger;
mod legal;
mod links;
mod mentions;
mod obligations;
mod reasons;
mod record;
mod records;
mod risks;
mod saved_views;
mod search;
mod settings;
mod sign_in;
mod soa;
mod state;
mod system;
mod timeline;
mod today;
mod trend;
mod views;

use crate::endpoint::Endpoint;

pub use links::{Page as LinkedPage, link};

/// Every page.
pub(crate) fn all() -> impl Iterator<Item = &'static Endpoint> {
    [
        bulk::ENDPOINTS,
        home::ENDPOINTS,
        account::ENDPOINTS,
        account::FACTORS,
        account::TOKENS,
        links::ENDPOINTS,
        inbox::ENDPOINTS,
        ledger::ENDPOINTS,
        ledger::ENTRIES,
        settings::MEMBERS,
        settings::INVITATIONS,
        settings::ENDPOINTS,
        classes::ENDPOINTS,
        classify::ENDPOINTS,
        crosswalk::ENDPOINTS,
        framework_import::ENDPOINTS,
        frameworks::ENDPOINTS,
        import::ENDPOINTS,
        incident::ENDPOINTS,
        law::ENDPOINTS,
        obligations::ENDPOINTS,
        risks::ENDPOINTS,
        saved_views::ENDPOINTS,
        search::ENDPOINTS,
        trend::ENDPOINTS,
        sign_in::ENDPOINTS,
        soa::ENDPOINTS,
        soa::CHANGES,
        soa::MANY,
        records::ENDPOINTS,
        record::ENDPOINTS,
        state::ENDPOINTS,
        today::ENDPOINTS,
        views::ENDPOINTS,
    ]
    .into_iter()
    .flatten()
}

/// The address of every page, by method and pattern, so that each can be tried.
pub fn addresses() -> impl Iterator<Item = (&'static str, String)> {
    all().map(|page| (page.method.name(), page.address()))
}
