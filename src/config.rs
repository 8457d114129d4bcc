//! The environment, read once into one `Config`. The only file that names an environment variable.
//! Knows what is unsafe to serve with; knows nothing of what the values are used for.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// Every variable, in the order of `.env.example` (a test compares the two).
pub const VARIABLES: &[&str] = &[
    "DATABASE_URL",
    "DATABASE_REPLICA_URL",
    "BASE_URL",
    "LISTEN",
    "SECRET_KEY",
    "SECRET_KEY_PREVIOUS",
    "LOG_KEY",
    "LOG_DELAY_MS",
    "MEILI_URL",
    "MEILI_KEY",
    "SMTP_URL",
    "MAIL_FROM",
    "SMS_URL",
    "ZALO_ACCESS_TOKEN",
    "SEPAY_API_URL",
    "CASSO_API_URL",
    "PAYOS_API_URL",
    "MEDIA_URL",
    "HELP_PHONE",
    "WORKER",
    "TRUSTED_PROXIES",
    "METRICS_LISTEN",
    "DEV_DIR",
    "RUST_LOG",
];

/// Texts of this project in which a careless copy could find a key.
const PUBLISHED: &[&str] = &[include_str!("../.env.example"), include_str!("README.md")];

/// The shortest key that `serve` takes, in bytes.
const SHORTEST_KEY_BYTES: usize = 32;

/// A value that is never written out: `Debug` prints `***`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(zeroize::Zeroizing<String>);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(zeroize::Zeroizing::new(text.into()))
    }

    /// The secret itself, for the one place that uses it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where Meilisearch answers.
#[derive(Debug, Clone)]
pub struct Meili {
    pub url: String,
    pub key: Secret,
}

/// A proxy or a net of proxies whose word about the client's address is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Net {
    address: IpAddr,
    prefix_bits: u32,
}

impl Net {
    /// Whether an address lies in this net.
    pub fn holds(&self, other: IpAddr) -> bool {
        fn same(a: u128, b: u128, width: u32, prefix: u32) -> bool {
            let shift = width.saturating_sub(prefix);
            a.checked_shr(shift).unwrap_or(0) == b.checked_shr(shift).unwrap_or(0)
        }
        match (self.address, other.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                same(u128::from(a.to_bits()), u128::from(b.to_bits()), 32, self.prefix_bits)
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128, self.prefix_bits),
            _ => false,
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(net, bits)| (net, Some(bits)));
        let address: IpAddr = address.trim().parse().ok()?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let prefix_bits = match prefix {
            Some(bits) => bits.trim().parse().ok().filter(|bits| *bits <= widest)?,
            None => widest,
        };
        Some(Self { address, prefix_bits })
    }
}

/// Everything that the environment says. `is_demo` and `has_limits` are set by the command, never by a variable.
#[derive(Debug, Clone)]
pub struct Config {
    pub database_url: Secret,
    pub database_replica_url: Option<Secret>,
    /// Without a slash at the end.
    pub base_url: String,
    pub listen: SocketAddr,
    pub secret_key: Secret,
    pub secret_key_previous: Option<Secret>,
    pub log_key: Secret,
    pub log_delay_ms: u64,
    pub meili: Option<Meili>,
    pub smtp_url: Option<Secret>,
    pub mail_from_name: String,
    pub mail_from_address: String,
    pub sms_url: Option<Secret>,
    pub zalo_access_token: Option<Secret>,
    /// Where providers are asked for what their webhooks did not tell; without a slash at the end.
    pub sepay_api_url: String,
    pub casso_api_url: String,
    /// Where payment links are made, too.
    pub payos_api_url: String,
    /// How long a provider is waited for, milliseconds. Set by tests, never by a variable.
    pub bank_timeout_ms: u64,
    pub media_url: Secret,
    /// Where this process keeps its own search index; none: in memory, built anew at each start.
    pub search_folder: Option<PathBuf>,
    /// The index of this process is kept at the head of the change feed. Off only in tests that search for nothing.
    pub follows_changes: bool,
    /// E.164; shown at the foot of each page when there is one.
    pub help_phone: String,
    pub worker: bool,
    pub trusted_proxies: Vec<Net>,
    pub metrics_listen: Option<SocketAddr>,
    /// Templates and texts are read from this folder again at each page (for those who work on them).
    pub dev_dir: Option<PathBuf>,
    pub log_filter: String,
    /// A demonstration: its seal is on every page.
    pub is_demo: bool,
    /// Limits of tries and requests; off in the demonstration.
    pub has_limits: bool,
}

/// A variable that cannot be read, or that must not be served with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {reason}")]
pub struct ConfigError {
    pub variable: &'static str,
    pub reason: String,
}

fn wrong(variable: &'static str, reason: impl Into<String>) -> ConfigError {
    ConfigError { variable, reason: reason.into() }
}

impl Config {
    /// Reads the environment of this process.
    pub fn from_environment() -> Result<Self, ConfigError> {
        #[expect(clippy::disallowed_methods, reason = "this is the one reader of the environment")]
        Self::read(&|name| std::env::var(name).ok())
    }

    /// Reads from any source of named values; an empty value is as good as none.
    pub fn read(source: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let get = |name: &str| source(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let secret = |name: &str| get(name).map(Secret::new);
        let address =
            |name: &str, usual: &str| get(name).unwrap_or_else(|| usual.to_owned()).trim_end_matches('/').to_owned();
        let listen = match get("LISTEN") {
            Some(text) => {
                text.parse().map_err(|_malformed| wrong("LISTEN", "say address:port, as in 127.0.0.1:8080"))?
            }
            None => SocketAddr::from(([127, 0, 0, 1], 8080)),
        };
        let database_url = secret("DATABASE_URL").unwrap_or_else(|| Secret::new("sqlite://ganh.db"));
        let media_url = secret("MEDIA_URL").unwrap_or_else(beside_the_program);
        let base_url = get("BASE_URL").unwrap_or_else(|| format!("http://{listen}"));
        let (from_name, from_address) = read_sender(get("MAIL_FROM"));
        Ok(Self {
            search_folder: beside_the_data(database_url.expose(), media_url.expose()),
            database_url,
            database_replica_url: secret("DATABASE_REPLICA_URL"),
            base_url: base_url.trim_end_matches('/').to_owned(),
            listen,
            secret_key: secret("SECRET_KEY").unwrap_or_default(),
            secret_key_previous: secret("SECRET_KEY_PREVIOUS"),
            log_key: secret("LOG_KEY").unwrap_or_default(),
            log_delay_ms: read_delay(get("LOG_DELAY_MS"))?,
            meili: read_meili(get("MEILI_URL"), secret("MEILI_KEY"))?,
            smtp_url: secret("SMTP_URL"),
            mail_from_name: from_name,
            mail_from_address: from_address,
            sms_url: secret("SMS_URL"),
            zalo_access_token: secret("ZALO_ACCESS_TOKEN"),
            sepay_api_url: address("SEPAY_API_URL", "https://userapi.sepay.vn"),
            casso_api_url: address("CASSO_API_URL", "https://oauth.casso.vn"),
            payos_api_url: address("PAYOS_API_URL", "https://api-merchant.payos.vn"),
            bank_timeout_ms: 10_000,
            media_url,
            help_phone: get("HELP_PHONE").unwrap_or_default(),
            worker: read_switch("WORKER", get("WORKER"))?,
            trusted_proxies: read_nets(get("TRUSTED_PROXIES"))?,
            metrics_listen: read_metrics(get("METRICS_LISTEN"))?,
            dev_dir: get("DEV_DIR").map(PathBuf::from),
            log_filter: get("RUST_LOG").unwrap_or_else(|| "info,tantivy=warn".to_owned()),
            is_demo: false,
            has_limits: true,
            follows_changes: true,
        })
    }

    /// Whether cookies are `Secure` and HSTS is said.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// Scheme, host and port as a browser writes `Origin`.
    pub fn origin(&self) -> &str {
        let after_scheme = self.base_url.find("://").map_or(0, |at| at.saturating_add(3));
        let rest = self.base_url.get(after_scheme..).unwrap_or_default();
        let end = rest.find('/').map_or(self.base_url.len(), |at| after_scheme.saturating_add(at));
        self.base_url.get(..end).unwrap_or(&self.base_url)
    }

    /// The host alone, without port or brackets.
    pub fn host(&self) -> &str {
        let authority = self.origin().split_once("://").map_or("", |(_scheme, rest)| rest);
        match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        }
    }

    fn is_loopback(&self) -> bool {
        let host = self.host();
        host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
    }

    /// What `serve` refuses to start with, each naming its variable. (A demonstration's database and another schema
    /// than this program's are refused where the database is opened.)
    pub fn refusals_to_serve(&self) -> Vec<ConfigError> {
        let mut refusals = Vec::new();
        for (variable, key) in [("SECRET_KEY", &self.secret_key), ("LOG_KEY", &self.log_key)] {
            if key.expose().len() < SHORTEST_KEY_BYTES {
                refusals.push(wrong(variable, "must hold at least 32 bytes; make one with: openssl rand -base64 48"));
            } else if PUBLISHED.iter().any(|text| text.contains(key.expose())) {
                refusals.push(wrong(variable, "is a value printed in this project, known to everybody; make your own"));
            }
        }
        if self.secret_key == self.log_key && !self.log_key.is_empty() {
            refusals.push(wrong("LOG_KEY", "must not be the same as SECRET_KEY"));
        }
        if !(self.base_url.starts_with("https://") || self.base_url.starts_with("http://")) {
            refusals.push(wrong("BASE_URL", "must be an address that begins with https://"));
        } else if !self.is_https() && !self.is_loopback() {
            refusals
                .push(wrong("BASE_URL", "must be https, or lie on this machine: sign-ins would travel in the open"));
        }
        refusals
    }
}

/// `Name <address>`, or an address alone.
fn read_sender(text: Option<String>) -> (String, String) {
    let text = text.unwrap_or_else(|| "Gánh <no-reply@localhost>".to_owned());
    match text.split_once('<') {
        Some((name, address)) => (name.trim().to_owned(), address.trim_end_matches('>').trim().to_owned()),
        None => ("Gánh".to_owned(), text),
    }
}

/// Pictures lie in a folder beside the database file unless told otherwise.
fn beside_the_program() -> Secret {
    let here = std::env::current_dir().unwrap_or_else(|_nowhere| PathBuf::from("/tmp"));
    Secret::new(format!("file://{}", here.join("ganh-media").display()))
}

/// The index lies beside the database file; with a server's database, beside the pictures.
fn beside_the_data(database_url: &str, media_url: &str) -> Option<PathBuf> {
    match database_url.strip_prefix("sqlite://") {
        Some(file) => Some(PathBuf::from(format!("{}-search", file.split('?').next().unwrap_or(file)))),
        None => media_url
            .strip_prefix("file://")
            .and_then(|folder| Some(PathBuf::from(folder).parent()?.join("ganh-search"))),
    }
}

fn read_delay(text: Option<String>) -> Result<u64, ConfigError> {
    text.map_or(Ok(1000), |text| text.parse().map_err(|_malformed| wrong("LOG_DELAY_MS", "say whole milliseconds")))
}

fn read_switch(variable: &'static str, text: Option<String>) -> Result<bool, ConfigError> {
    match text.as_deref() {
        None | Some("on") => Ok(true),
        Some("off") => Ok(false),
        Some(_) => Err(wrong(variable, "say on or off")),
    }
}

fn read_meili(url: Option<String>, key: Option<Secret>) -> Result<Option<Meili>, ConfigError> {
    match (url, key) {
        (Some(url), Some(key)) => Ok(Some(Meili { url, key })),
        (Some(_), None) => Err(wrong("MEILI_KEY", "is needed beside MEILI_URL: an open search server is a leak")),
        (None, Some(_)) => Err(wrong("MEILI_URL", "is needed beside MEILI_KEY")),
        (None, None) => Ok(None),
    }
}

fn read_nets(text: Option<String>) -> Result<Vec<Net>, ConfigError> {
    let unreadable = |_| wrong("TRUSTED_PROXIES", "say addresses or nets with commas between, as in 10.0.0.0/8,::1");
    let read = |part: &str| Net::read(part.trim()).ok_or(()).map_err(unreadable);
    text.map_or(Ok(Vec::new()), |text| text.split(',').map(read).collect())
}

fn read_metrics(text: Option<String>) -> Result<Option<SocketAddr>, ConfigError> {
    text.map(|text| text.parse().map_err(|_malformed| wrong("METRICS_LISTEN", "say address:port"))).transpose()
}

#[cfg(test)]
mod tests;
