//! `ganh health`: asks the market on this machine whether it is ready; for containers, which have no curl.

use super::{Refused, print};
use crate::config::Config;
use clap::Args;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Ask the market that listens here (LISTEN) whether it is ready; exit code 1 when it is not
#[derive(Debug, Args)]
pub struct Health {}

impl Health {
    pub fn run(self) -> Result<(), Refused> {
        let listen = Config::from_environment().map_or_else(|_half| default_address(), |config| config.listen);
        // 0.0.0.0 listens everywhere, so it is asked here.
        let address = if listen.ip().is_unspecified() {
            SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), listen.port())
        } else {
            listen
        };
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let status = answer.split_whitespace().nth(1).unwrap_or("none");
        if status == "200" { print("ready") } else { Err(format!("not ready: {address} answered {status}").into()) }
    }
}

/// The demonstration's usual address, for a container that was given no environment.
fn default_address() -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080)
}
