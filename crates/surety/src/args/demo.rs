//! The demo organisation.

use std::net::SocketAddr;

use clap::Args as ClapArgs;

/// Make a fictional organisation with three years of history, to look at.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
It takes some seconds, and nothing leaves this machine. Where it was made before, it is kept as it is.

Examples:
  surety demo --data demo
  surety serve --data demo
  surety gap --data demo")]
pub(crate) struct Demo {
    /// Make it anew: everything in the folder of a demo is deleted first.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Where it is going to be served: looked at whether it is free, and said in the guide.
    #[arg(
        long,
        env = "SURETY_LISTEN",
        default_value = "127.0.0.1:4200",
        value_name = "ADDRESS:PORT"
    )]
    pub(crate) listen: SocketAddr,
}
