//! What can be set about a server.

use std::{net::SocketAddr, num::NonZeroU32, time::Duration};

pub use crate::rate::Rate;

/// How a server listens, and what it allows.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    /// Longest time for one request, from its head to the end of its answer; of an upload, for its next bytes.
    pub timeout: Duration,
    /// The largest body of a request that is not an upload, in bytes.
    pub max_body: usize,
    /// The largest file that is taken, in bytes; what the vault takes is the most.
    pub max_file: u64,
    /// How long requests that have begun may go on after the end was asked for.
    pub grace: Duration,
    /// How many requests an account may make; `None`: as many as it likes.
    pub rate: Option<Rate>,
    /// The most that answers which are kept may take in memory, in bytes.
    pub kept_bytes: u64,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 4200)),
            timeout: Duration::from_secs(30),
            max_body: 1 << 20,
            max_file: 256 << 20,
            grace: Duration::from_secs(20),
            rate: NonZeroU32::new(2_000)
                .map(|burst| Rate { burst, window: Duration::from_secs(10) }),
            kept_bytes: 64 << 20,
        }
    }
}
