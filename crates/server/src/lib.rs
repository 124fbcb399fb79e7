//! The door: an HTTP server with a JSON API. Translates requests into questions and commands of the engine, and its answers
//! into responses; decides nothing.
//!
//! Every endpoint and every page stands in one table ([`endpoint::all`]), from which the router, the check of permission and
//! the API description are made; so none can be there without a permission, or without being described.

mod api;
mod call;
mod caller;
mod config;
mod describe;
mod document;
mod endpoint;
mod form;
mod health;
mod html;
mod kept;
mod layers;
mod pages;
mod patience;
mod problem;
mod rate;
mod serve;
mod session_cookie;
mod upload;
mod web;

pub use config::{Config, PublicUrl, Rate};
pub use pages::{LinkedPage, addresses as page_addresses, link};
pub use serve::{App, router, serve};
