//! `serve` and `account`: the program as a server, asked over a socket.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStderr, Command, Stdio},
};

use crate::desk::{Desk, NOW};

/// A server that is running.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    log: BufReader<ChildStderr>,
}

impl Server {
    fn start(desk: &Desk) -> Server {
        Server::logging(desk, "info")
    }

    /// A server that logs this. Whoever asks much and reads no log has to have little of it, or its pipe fills.
    pub(crate) fn logging(desk: &Desk, log: &str) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_surety"))
            .args(["serve", "--listen", "127.0.0.1:0", "--log", log])
            .envs(desk.environment())
            .env("SURETY_CLOCK", NOW)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        log.read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap().split(',').next().unwrap().to_owned();
        Server { child, address, log }
    }

    /// Status line and body of the answer to one request.
    fn get(&self, path: &str, token: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: surety\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head.lines().next().unwrap().to_owned(), body.to_owned())
    }

    /// Asks it to end, and gives what it logged.
    pub(crate) fn end(mut self) -> (i32, String) {
        // The shell's own `kill`, as there may be no program of that name.
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        let mut log = String::new();
        self.log.read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code().unwrap(), log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing to do after `end`; after a failed test it must not live on.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub(crate) fn token(desk: &Desk) -> String {
    desk.done(&[
        "account",
        "add",
        "kim@ferries.example",
        "--name",
        "Kim",
        "--role",
        "owner",
        "--person",
        "PER-1",
    ]);
    let token = desk.done(&[
        "account",
        "token",
        "kim@ferries.example",
        "--name",
        "test",
        "--scope",
        "write",
    ]);
    token.trim().to_owned()
}

#[cfg(unix)]
#[test]
fn the_server_answers_as_the_command_line_does_and_ends_when_asked() {
    let desk = Desk::with_systems();
    let token = token(&desk);
    let here = desk.json(&["due", "--format", "json"]);
    let server = Server::start(&desk);
    assert_eq!(server.get("/readyz", "").1, "ok\n");
    let (status, body) = server.get("/api/v1/organisations/harbour-ferries/due", &token);
    assert_eq!(status, "HTTP/1.1 200 OK");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&body).unwrap(), here);
    let (status, _) = server.get("/api/v1/organisations/harbour-ferries/due", "surety_x");
    assert_eq!(status, "HTTP/1.1 401 Unauthorized");
    let (code, log) = server.end();
    assert_eq!(code, 0);
    assert!(log.contains("/due") && log.ends_with("ended\n"), "{log}");
    assert!(!log.contains(&token), "no secret reaches the log");
}

#[cfg(unix)]
#[test]
fn what_another_process_wrote_is_seen_at_once() {
    let desk = Desk::with_systems();
    let token = token(&desk);
    let server = Server::start(&desk);
    for number in 1..4 {
        desk.done(&["record", "create", "risk", "--set", "title=Fog"]);
        let (_, body) = server.get("/api/v1/organisations/harbour-ferries/records/risk", &token);
        let list: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(list["total"], number);
    }
    server.end();
}

#[test]
fn a_token_is_shown_once_and_can_be_ended() {
    let desk = Desk::with_systems();
    let token = token(&desk);
    let tokens = desk.json(&["account", "tokens", "--format", "json"]);
    assert!(!tokens.to_string().contains(token.trim_start_matches("surety_")));
    let id = tokens[0]["id"].as_str().unwrap().to_owned();
    desk.done(&["account", "revoke", &id]);
    assert_eq!(desk.json(&["account", "tokens", "--format", "json"]), serde_json::json!([]));
    assert!(desk.refused(1, &["account", "revoke", &id]).contains("there is no token"));
}

#[test]
fn accounts_are_refused_with_the_reason() {
    let desk = Desk::with_systems();
    let add = |email: &str, more: &[&str], status: i32| {
        let base = ["account", "add", email, "--name", "Kim"];
        desk.refused(status, &base.iter().chain(more).copied().collect::<Vec<_>>())
    };
    assert!(add("kim", &["--role", "owner"], 1).contains("`kim` is no e-mail address"));
    assert!(add("kim@x.example", &["--role", "king"], 2).contains("compliance_manager"));
    assert!(
        add("kim@x.example", &["--role", "owner", "--person", "PER-9"], 1)
            .contains("there is no PER-9")
    );
    assert!(
        add("kim@x.example", &["--role", "owner", "--person", "SYS-1"], 1)
            .contains("SYS-1 is an AI system, not a person")
    );
    let said = desk.refused(1, &["account", "token", "nobody@x.example", "--name", "x"]);
    assert!(said.contains("there is no account of nobody@x.example"), "{said}");
}
