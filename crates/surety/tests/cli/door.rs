//! `serve` and `account`: the program as a server, asked over a socket.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStderr, Command, Stdio},
};

use serde_json::{Value, json};

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
        self.asked(&format!("GET {path} HTTP/1.1\r\nauthorization: Bearer {token}\r\n"), "")
    }

    /// The same of what sends a body.
    fn post(&self, path: &str, body: &Value) -> (String, String) {
        let body = body.to_string();
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n"
        );
        self.asked(&head, &body)
    }

    /// Whether an address and a password let somebody in.
    pub(crate) fn lets_in(&self, email: &str, password: &str) -> bool {
        let body = json!({ "email": email, "password": password });
        let (status, body) = self.post("/api/v1/sign-in", &body);
        match status.as_str() {
            "HTTP/1.1 200 OK" => true,
            "HTTP/1.1 401 Unauthorized" => false,
            _ => panic!("{status}: {body}"),
        }
    }

    fn asked(&self, head: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "{head}host: surety\r\nconnection: close\r\n\r\n{body}").unwrap();
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

const KIM: &str = "kim@ferries.example";
const PASSWORD: &str = "heron lantern gravel whistle";

/// Kim, who owns Harbour Ferries and has no password yet.
fn kim() -> Desk {
    let desk = Desk::with_systems();
    token(&desk);
    desk
}

#[test]
fn a_password_from_standard_input_lets_somebody_in_until_another_is_set() {
    let desk = kim();
    let set = ["account", "password", KIM, "--password-stdin"];
    let said = desk.given(&set, "12345678901234567890\n");
    assert!(said.status == 1 && said.err.contains("too easy to guess"), "{said:?}");
    let set_to = |password: &str| {
        let said = desk.given(&set, &format!("{password}\n"));
        assert!(said.status == 0 && said.err.contains("the password of kim@"), "{said:?}");
        assert!(!said.out.contains(password) && !said.err.contains(password), "{said:?}");
    };
    set_to(PASSWORD);
    let server = Server::logging(&desk, "warn");
    assert!(server.lets_in(KIM, PASSWORD));
    set_to("another harbour wakes at dawn");
    assert!(!server.lets_in(KIM, PASSWORD));
    assert!(server.lets_in(KIM, "another harbour wakes at dawn"));
    let neither = desk.refused(2, &["account", "password", KIM]);
    assert!(neither.contains("say --password-stdin or --password-link"), "{neither}");
    let both = ["account", "password", KIM, "--password-stdin", "--password-link"];
    assert!(desk.refused(2, &both).contains("cannot be used with"));
    let nobody = ["account", "password", "nobody@x.example", "--password-link"];
    assert!(desk.refused(1, &nobody).contains("there is no account of nobody@x.example"));
}

#[test]
fn an_account_is_made_with_a_password_or_not_at_all() {
    let desk = Desk::with_systems();
    let add = ["account", "add", KIM, "--name", "Kim", "--role", "viewer", "--password-stdin"];
    let weak = desk.given(&add, "password\n");
    assert!(weak.status == 1 && weak.err.contains("password"), "{weak:?}");
    let said = desk.refused(1, &["account", "token", KIM, "--name", "x"]);
    assert!(said.contains("there is no account"), "a refusal leaves nothing behind: {said}");
    let made = desk.given(&add, &format!("{PASSWORD}\r\n"));
    assert!(made.status == 0 && made.out.contains("is viewer of"), "{made:?}");
    assert!(Server::logging(&desk, "warn").lets_in(KIM, PASSWORD));
}

#[test]
fn a_link_sets_a_password_once() {
    let desk = kim();
    let made = desk.run(&["account", "password", KIM, "--password-link"]);
    assert!(made.status == 0 && made.err.contains("POST /api/v1/password-by-link"), "{made:?}");
    let link = made.out.trim();
    let server = Server::logging(&desk, "warn");
    let set = |password: &str| {
        let body = json!({ "secret": link, "password": password });
        server.post("/api/v1/password-by-link", &body).0
    };
    assert_eq!(set("kim@ferries.example"), "HTTP/1.1 422 Unprocessable Entity");
    assert!(set(PASSWORD).contains(" 20"), "a refusal leaves the link as it was");
    assert!(server.lets_in(KIM, PASSWORD));
    assert_eq!(set("another harbour wakes at dawn"), "HTTP/1.1 404 Not Found");
    assert!(server.lets_in(KIM, PASSWORD));
}

#[test]
fn a_link_is_whole_where_the_server_has_a_name() {
    let desk = kim();
    let public = ["--public-url", "https://surety.example"];
    let made = desk.done(&[&["account", "password", KIM, "--password-link"], &public[..]].concat());
    let secret = made.trim().strip_prefix("https://surety.example/password#").unwrap();
    let server = Server::logging(&desk, "warn");
    let body = json!({ "secret": secret, "password": PASSWORD });
    assert!(server.post("/api/v1/password-by-link", &body).0.contains(" 20"));
}

#[test]
fn a_barred_account_does_not_come_in_until_it_may_again() {
    let desk = Desk::with_systems();
    let token = token(&desk);
    desk.given(&["account", "password", KIM, "--password-stdin"], PASSWORD);
    let server = Server::logging(&desk, "warn");
    let place = "/api/v1/organisations/harbour-ferries";
    let asks = || server.get(place, &token).0;
    assert_eq!(desk.done(&["account", "disable", KIM]).trim(), "kim@ferries.example is barred");
    assert!(!server.lets_in(KIM, PASSWORD));
    assert_eq!(asks(), "HTTP/1.1 401 Unauthorized");
    let again = desk.done(&["account", "enable", KIM]);
    assert_eq!(again.trim(), "kim@ferries.example may come in");
    assert!(server.lets_in(KIM, PASSWORD));
    assert_eq!(asks(), "HTTP/1.1 200 OK");
    for step in ["disable", "enable"] {
        let nobody = desk.refused(1, &["account", step, "nobody@x.example"]);
        assert!(nobody.contains("there is no account of nobody@x.example"), "{nobody}");
    }
}

#[test]
fn providers_of_identity_are_named_in_the_configuration_file() {
    let desk = Desk::with_systems();
    let secret = desk.write("secret", "hunter2\n");
    let provider = |secret: &str| {
        format!(
            "data = \"{}\"\n[[oidc]]\nname = \"entra\"\ntitle = \"Example Org\"\nissuer = \"https://id.example\"\n\
             client_id = \"surety\"\ndomains = [\"ferries.example\"]\nclient_secret = {secret}\n",
            desk.text_path("data")
        )
    };
    let file = desk.write("surety.toml", &provider(&format!("{{ file = \"{secret}\" }}")));
    let named = Desk::configured(&file);
    let server = Server::logging(&named, "warn");
    let (status, body) = server.get("/api/v1/sign-in/providers", "");
    assert_eq!(status, "HTTP/1.1 200 OK");
    assert!(body.contains("entra") && body.contains("Example Org"), "{body}");
    assert!(!body.contains("hunter2"));
    // Other commands read the same file.
    assert!(named.done(&["record", "list", "ai_system"]).contains("Tide forecast"));
    for (secret, says) in [
        ("{ env = \"NO_SUCH_VARIABLE\" }", "the environment has no variable NO_SUCH_VARIABLE"),
        ("{ file = \"/no/such/file\" }", "oidc `entra`: client_secret: /no/such/file"),
    ] {
        desk.write("surety.toml", &provider(secret));
        let said = named.refused(1, &["serve", "--listen", "127.0.0.1:0"]);
        assert!(said.contains(says), "{said}");
    }
    desk.write("surety.toml", &provider("\"hunter2\""));
    let said = named.refused(2, &["serve"]);
    assert!(said.contains("client_secret: say where it is") && !said.contains("hunter2"), "{said}");
}
