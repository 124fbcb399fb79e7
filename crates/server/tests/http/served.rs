//! What a server does of its own accord, over a socket: a client that asks for much and takes nothing is let go, and what nobody
//! named is deleted.

use std::time::Duration;

use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use surety_aims::{Command, Kind, Principal, Role};
use surety_engine::Batch;
use surety_server::{App, Config, serve};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

use crate::desk::{Desk, ORGANISATION};

/// More than the buffers of two sockets take.
const BYTES: usize = 32 << 20;

/// A server over a socket.
struct Served {
    place: std::net::SocketAddr,
    end: oneshot::Sender<()>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Served {
    async fn over(desk: &Desk) -> Served {
        let config = Config {
            timeout: Duration::from_secs(1),
            // So long that a client which is not let go is seen.
            grace: Duration::from_secs(3_600),
            ..Config::default()
        };
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let app = App::new(desk.engine.clone(), config, metrics);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel();
        let serving = tokio::spawn(serve(app, listener, async { drop(ended.await) }));
        Served { place, end, serving }
    }

    /// Asks for a file, and reads no more than that it comes.
    async fn begin(&self, token: &str, sha256: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(1 << 16).unwrap();
        let mut client = socket.connect(self.place).await.unwrap();
        let head = format!(
            "GET {ORGANISATION}/files/{sha256} HTTP/1.1\r\nhost: surety\r\nauthorization: Bearer {token}\r\n\r\n"
        );
        client.write_all(head.as_bytes()).await.unwrap();
        let mut status = [0; 15];
        client.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 200 OK");
        client
    }
}

/// A file that a policy names, by its hash.
async fn named(desk: &Desk) -> String {
    let bytes = vec![b'x'; BYTES];
    let file = desk.aims.put_stream(&mut bytes.as_slice(), "log.txt".to_owned(), None).await;
    let file = file.unwrap();
    let body = json!({ "title": "AI policy", "kind": "ai_policy", "file": &file });
    let (custom, external) = (Default::default(), Vec::new());
    let state = Command::State { kind: Kind::Policy, id: None, body, custom, external, base: None };
    desk.aims.execute(&Principal::operator(), Batch::of([state])).await.unwrap();
    file.sha256
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_let_go_and_one_that_reads_gets_it_all() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let sha256 = named(&desk).await;
    let served = Served::over(&desk).await;
    let mut reads = served.begin(&token, &sha256).await;
    let mut left = BYTES;
    let mut piece = vec![0; 1 << 16];
    while left > 0 {
        let read = reads.read(&mut piece).await.unwrap();
        assert!(read > 0, "{left} bytes are missing");
        // The head counts too, so that the end is reached a little early.
        left = left.saturating_sub(read);
    }
    drop(reads);
    let mut stalls = served.begin(&token, &sha256).await;
    served.end.send(()).unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(60), served.serving).await;
    ended.expect("the client that takes nothing is not waited for").unwrap().unwrap();
    let mut taken = Vec::new();
    // Reset or closed, as the system likes.
    drop(stalls.read_to_end(&mut taken).await);
    assert!(taken.len() < BYTES, "{} bytes came", taken.len());
}

#[tokio::test]
async fn a_server_deletes_files_that_no_record_named_for_a_day() {
    let desk = Desk::new().await;
    let keep = async |text: &str| {
        let name = "minutes.txt".to_owned();
        desk.aims.put_stream(&mut text.as_bytes(), name, None).await.unwrap().sha256
    };
    let old = keep("of a day ago").await;
    desk.at("2026-11-21T15:00:01Z");
    let young = keep("of today").await;
    let is_there = |sha256: &str| {
        let files = desk.folder.path().join("vault/organisations/harbour-ferries/sha256");
        files.join(&sha256[..2]).join(&sha256[2..]).exists()
    };
    assert!(is_there(&old) && is_there(&young));
    let served = Served::over(&desk).await;
    let gone = async {
        while is_there(&old) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), gone).await.expect("it is deleted");
    assert!(is_there(&young));
    served.end.send(()).unwrap();
    served.serving.await.unwrap().unwrap();
}
