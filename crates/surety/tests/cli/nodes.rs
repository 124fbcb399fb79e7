//! Two servers over one PostgreSQL: each sees at once what the other has acknowledged.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Barrier,
};

use serde_json::{Value, json};

use crate::{
    desk::{Desk, fixture},
    door::{Server, token},
};

/// Two servers, and somebody with a token.
struct Nodes {
    desk: Desk,
    token: String,
    nodes: [Server; 2],
}

/// Clients that ask at the same time.
const CLIENTS: usize = 4;
const ROUNDS: usize = 8;

impl Nodes {
    fn start() -> Nodes {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let database = runtime.block_on(surety_store::test_postgres::fresh_database()).unwrap();
        let desk = Desk::bare().over(&database);
        desk.done(&["init", "--org", "Harbour Ferries"]);
        desk.done(&["import", &fixture("systems.csv")]);
        let token = token(&desk);
        let nodes = [Server::logging(&desk, "warn"), Server::logging(&desk, "warn")];
        Nodes { desk, token, nodes }
    }

    /// Status and body of what a node answers.
    fn ask(&self, node: usize, method: &str, path: &str, more: &str, body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.nodes[node % 2].address).unwrap();
        let (token, length) = (&self.token, body.len());
        write!(
            stream,
            "{method} /api/v1/organisations/harbour-ferries{path} HTTP/1.1\r\nhost: surety\r\n\
             authorization: Bearer {token}\r\ncontent-type: application/json\r\n{more}\
             content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or_default())
    }

    /// States a risk on a node, and gives its address.
    fn risk(&self, node: usize) -> String {
        let body = json!({ "body": { "title": "Fog" } }).to_string();
        let (status, stated) = self.ask(node, "POST", "/records/risk", "", &body);
        assert_eq!(status, 201, "{stated}");
        format!("/records/risk/{}", stated["id"].as_str().unwrap())
    }

    fn rename(&self, node: usize, risk: &str, title: &str) -> u16 {
        let body = json!({ "body": { "title": title } }).to_string();
        self.ask(node, "PATCH", risk, "if-match: \"v1\"\r\n", &body).0
    }
}

#[test]
fn each_node_sees_at_once_what_another_acknowledged() {
    let nodes = Nodes::start();
    let client = |client: usize| {
        for round in 0..ROUNDS {
            let (one, other) = (client + round, client + round + 1);
            let risk = nodes.risk(one);
            assert_eq!(nodes.ask(other, "GET", &risk, "", "").0, 200, "{risk}");
            assert_eq!(nodes.rename(other, &risk, "Thick fog"), 200);
            let (_, shown) = nodes.ask(one, "GET", &risk, "", "");
            assert_eq!(
                (&shown["version"], &shown["body"]["title"]),
                (&json!(2), &json!("Thick fog"))
            );
            let (_, listed) = nodes.ask(one, "GET", "/records/risk?limit=1000", "", "");
            let listed = listed["records"].as_array().unwrap();
            assert!(listed.iter().any(|one| risk.ends_with(one["id"].as_str().unwrap())));
        }
    };
    std::thread::scope(|scope| {
        for number in 0..CLIENTS {
            scope.spawn(move || client(number));
        }
    });
    for node in 0..2 {
        let (_, listed) = nodes.ask(node, "GET", "/records/risk", "", "");
        assert_eq!(listed["total"], CLIENTS * ROUNDS, "each has a number of its own");
    }
    nodes.desk.done(&["ledger", "verify", "--rebuild"]);
}

#[test]
fn of_two_who_change_one_version_on_two_nodes_one_is_refused() {
    let nodes = Nodes::start();
    for round in 0..ROUNDS {
        let risk = nodes.risk(round);
        let both = Barrier::new(2);
        let change = |node: usize| {
            both.wait();
            nodes.rename(node, &risk, &format!("Fog as node {node} has it"))
        };
        let mut statuses = std::thread::scope(|scope| {
            let other = scope.spawn(|| change(1));
            [change(0), other.join().unwrap()]
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
    }
}

#[test]
fn a_token_that_is_ended_on_one_node_is_worth_nothing_on_another() {
    let nodes = Nodes::start();
    for node in 0..2 {
        assert_eq!(nodes.ask(node, "GET", "/due", "", "").0, 200);
    }
    let tokens = nodes.desk.json(&["account", "tokens", "--format", "json"]);
    nodes.desk.done(&["account", "revoke", tokens[0]["id"].as_str().unwrap()]);
    for node in 0..2 {
        assert_eq!(nodes.ask(node, "GET", "/due", "", "").0, 401);
    }
}
