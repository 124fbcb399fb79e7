//! The server, and who may come in.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use clap::{Args as ClapArgs, Subcommand};
use jiff::{Timestamp, civil::Date};
use surety_aims::Role;
use surety_engine::accounts::{Scope, oidc::Provider, role_of};
use surety_server::PublicUrl;

use super::Output;

/// Serve the JSON API over HTTP.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
It speaks plain HTTP: put whatever ends TLS in front of it before it listens elsewhere than on this machine.
It ends on SIGINT or SIGTERM: requests that have begun are answered first. Providers of identity through which one can sign in
(OpenID Connect) are named in the configuration file, each in a table [[oidc]]; docs/api.md has one.

  /healthz                the process lives
  /readyz                 the database answers
  /metrics                figures for Prometheus
  /api                    the API, to read and to try in a browser
  /api/v1/openapi.json    the same, described (OpenAPI 3.1)

Examples:
  surety account add kim@example.org --name \"Kim Example\" --role compliance_manager --person PER-1
  surety account token kim@example.org --name laptop --scope write
  surety serve
  curl -H \"Authorization: Bearer surety_...\" http://127.0.0.1:4200/api/v1/organisations/example-gmbh/soa")]
pub(crate) struct Serve {
    /// Where to listen.
    #[arg(
        long,
        env = "SURETY_LISTEN",
        default_value = "127.0.0.1:4200",
        value_name = "ADDRESS:PORT"
    )]
    pub(crate) listen: SocketAddr,
    /// Longest time for one request, and for a client to send or take the next bytes of a file, in seconds.
    #[arg(long, env = "SURETY_TIMEOUT", default_value = "30", value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Duration,
    /// The largest body of a request, in bytes.
    #[arg(long, env = "SURETY_MAX_BODY", default_value_t = 1 << 20, value_name = "BYTES")]
    pub(crate) max_body: usize,
    /// The largest file that may be uploaded, in bytes; 1 GiB is the most.
    #[arg(long, env = "SURETY_MAX_FILE", default_value_t = 256 << 20, value_name = "BYTES")]
    pub(crate) max_file: u64,
    /// How long requests may go on after the end was asked for, in seconds.
    #[arg(long, env = "SURETY_GRACE", default_value = "20", value_name = "SECONDS", value_parser = seconds)]
    pub(crate) grace: Duration,
    /// The most memory for answers that are kept until the ledger or the day changes, in MiB.
    #[arg(long = "kept", env = "SURETY_KEPT", default_value = "64", value_name = "MIB", value_parser = clap::value_parser!(u64).range(..=65_536))]
    pub(crate) kept_mib: u64,
    /// How many requests an account may make in ten seconds; 0: as many as it likes.
    #[arg(long = "rate", env = "SURETY_RATE", default_value = "2000", value_name = "REQUESTS")]
    pub(crate) rate: u32,
    /// What browsers call this server; needed for passkeys, for sign-in elsewhere, and for cookies over TLS.
    #[arg(long, env = "SURETY_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<PublicUrl>,
    /// Proxies before this server whose X-Forwarded-For counts, separated by commas.
    #[arg(long, env = "SURETY_TRUSTED_PROXIES", value_name = "ADDRESS", value_delimiter = ',')]
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// Providers of identity through which one can sign in. The configuration file names them, each in a table `[[oidc]]`.
    #[arg(skip)]
    pub(crate) oidc: Vec<Provider>,
    /// What is logged to standard error: error, warn, info, debug, or a filter such as `surety_server=debug,info`.
    #[arg(long, env = "SURETY_LOG", default_value = "info", value_name = "FILTER")]
    pub(crate) log: String,
    /// Log one JSON object a line.
    #[arg(long, env = "SURETY_LOG_JSON")]
    pub(crate) log_json: bool,
}

/// Who may come in over HTTP.
#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// Make an account with a part in the organisation; of one that there is, only the part.
    #[command(after_help = "\
Examples:
  surety account add kim@example.org --name \"Kim Example\" --role compliance_manager --person PER-1
  surety account add ana@audit.example --name \"Ana Auditor\" --role auditor --until 2026-06-30 --expires 2027-01-01T00:00:00Z")]
    Add {
        /// The e-mail address.
        email: String,
        /// What the person is called.
        #[arg(long)]
        name: String,
        /// `owner`, `compliance_manager`, `system_owner`, `contributor`, `approver`, `auditor` or `viewer`.
        #[arg(long, value_parser = parse_role)]
        role: Role,
        /// Who that is among the organisation's persons (PER-3); without one, nothing can be changed.
        #[arg(long, value_name = "PERSON")]
        person: Option<String>,
        /// When the part ends.
        #[arg(long, value_name = "INSTANT")]
        expires: Option<Timestamp>,
        /// The newest day that it shows, as for an auditor of a past period.
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
        /// An AI system that an auditor or viewer is limited to (SYS-2); to be given once for each.
        #[arg(long = "system", value_name = "SYSTEM")]
        systems: Vec<String>,
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Set the password of an account, or make a link that does. All its sessions end when it is set.
    #[command(after_help = "\
Examples:
  surety account password kim@example.org --password-stdin < password.txt
  surety account password kim@example.org --password-link")]
    Password {
        /// The e-mail address of the account.
        email: String,
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Bar an account from coming in; its sessions end and its tokens are worth nothing.
    Disable {
        /// The e-mail address of the account.
        email: String,
    },
    /// Let an account in again.
    Enable {
        /// The e-mail address of the account.
        email: String,
    },
    /// Issue an API token. It is shown once.
    Token {
        /// The e-mail address of the account.
        email: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// read, ledger (also the ledger and its proofs) or write (all that the account may do).
        #[arg(long, default_value = "read")]
        scope: Scope,
        /// When it ends.
        #[arg(long, value_name = "INSTANT")]
        expires: Option<Timestamp>,
    },
    /// The tokens of the organisation.
    Tokens(Output),
    /// End a token.
    Revoke {
        /// Its id, as `surety account tokens` shows it.
        token: String,
    },
}

/// Where a password comes from.
#[derive(Debug, ClapArgs)]
pub(crate) struct PasswordSource {
    /// Read the password from standard input.
    #[arg(long, conflicts_with = "password_link")]
    pub(crate) password_stdin: bool,
    /// Print the secret of a link that sets the password, once and within three days.
    #[arg(long)]
    pub(crate) password_link: bool,
    /// What browsers call the server, so that the whole link is printed.
    #[arg(long, env = "SURETY_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<PublicUrl>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<u64>().ok().filter(|seconds| (1..=3_600).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| "give seconds from 1 to 3600".to_owned())
}

fn parse_role(text: &str) -> Result<Role, String> {
    role_of(text).ok_or_else(|| {
        let known: Vec<_> = Role::ALL.into_iter().map(surety_engine::accounts::name_of).collect();
        format!("it is one of {}", known.join(", "))
    })
}
