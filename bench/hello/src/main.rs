//! The least that axum can answer: what `bench/load.sh` compares with.

use axum::{Router, routing::get};

#[tokio::main(worker_threads = 2)]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    say(&format!("http://{}\n", listener.local_addr()?))?;
    axum::serve(listener, Router::new().route("/", get(async || "hello"))).await
}

/// Says where it listens.
fn say(text: &str) -> std::io::Result<()> {
    use std::io::Write;
    std::io::stderr().write_all(text.as_bytes())
}
