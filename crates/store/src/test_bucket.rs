//! A throw-away bucket for tests: a server over a folder that speaks the protocol of Amazon S3 and checks signatures.

use std::io::{Error, Result};
use std::path::{Path, PathBuf};

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// The name of the bucket.
const BUCKET: &str = "evidence";
const KEY_ID: &str = "AKIATEST";
const SECRET: &str = "the secret of the bucket";

/// A bucket that is gone when this is dropped.
#[derive(Debug)]
pub struct TestBucket {
    folder: TempDir,
    endpoint: String,
    server: tokio::task::JoinHandle<()>,
}

impl TestBucket {
    /// Starts a server on a port of its own.
    ///
    /// # Errors
    /// If there is no room on the disk or no free port.
    pub async fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join(BUCKET))?;
        let files = s3s_fs::FileSystem::new(folder.path());
        let files = files.map_err(|error| Error::other(format!("{error:?}")))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let server = tokio::spawn(serve(listener, service.build()));
        Ok(Self { folder, endpoint, server })
    }

    /// Where a vault is in it.
    pub fn location(&self) -> String {
        format!("s3://{BUCKET}/surety")
    }

    /// What the environment would say.
    pub fn settings(&self) -> Vec<(&str, &str)> {
        vec![
            ("AWS_ENDPOINT_URL", &self.endpoint),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_REGION", "eu-north-1"),
            ("AWS_ACCESS_KEY_ID", KEY_ID),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ]
    }

    /// The folder with what the vault has put, each object a file of its name.
    pub fn objects(&self) -> PathBuf {
        self.folder.path().join(BUCKET).join("surety")
    }

    /// The folder that all is in, also uploads that have not ended.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for TestBucket {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(listener: TcpListener, service: S3Service) {
    while let Ok((socket, _)) = listener.accept().await {
        let service = service.clone();
        tokio::spawn(async move {
            let connection = Builder::new(TokioExecutor::new());
            // A client that hangs up is not the server's error.
            drop(connection.serve_connection(TokioIo::new(socket), service).await);
        });
    }
}
