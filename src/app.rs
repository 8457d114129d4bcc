//! Floor 5: from a configuration to a running market: kit, server and worker. Used by the command line and the tests
//! alike. Here chance comes from the machine.

use crate::config::{Config, ConfigError};
use crate::domain::time::{Clock, Entropy, SystemClock};
use crate::gateway::mail::{MailSettings, Mailer, NotAMailer};
use crate::gateway::media::{Media, NotAMediaStore};
use crate::gateway::search::{MeiliSettings, Search, SearchError, SearchSettings};
use crate::service::error::ServiceError;
use crate::service::keys::Keys;
use crate::service::kit::Kit;
use crate::service::passwords::Passwords;
use crate::service::searching;
use crate::store::conn::{MigrateError, SchemaState};
use crate::store::lock::{LockError, ServeLock};
use crate::store::{self, Db, DbSettings, StoreError};
use crate::view::{ViewError, Views};
use crate::web::assets::Assets;
use crate::web::streams::Streams;
use crate::web::{Site, server};
use crate::worker;
use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The chance of the machine. The only reader of it.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Without chance there is no safe sign-in; the operating system gives it once it runs at all.
        if let Err(error) = getrandom::fill(bytes) {
            tracing::error!(%error, "the machine gives no random bytes");
            std::process::abort();
        }
    }
}

/// Why the market does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{}", list(.0))]
    Unsafe(Vec<ConfigError>),
    #[error("LISTEN: {address} cannot be listened on: {reason}")]
    Listen { address: SocketAddr, reason: std::io::Error },
    #[error("DATABASE_URL: {0}")]
    Database(#[from] StoreError),
    #[error("DATABASE_URL: {0}")]
    Schema(#[from] MigrateError),
    #[error("DATABASE_URL: {0} migrations are missing in this database; run: ganh migrate")]
    OlderSchema(usize),
    #[error("DATABASE_URL: this database was migrated by a newer ganh; run that one")]
    NewerSchema,
    #[error("DATABASE_URL: this is a demonstration's database; `serve` takes none of those")]
    IsDemo,
    #[error("DATABASE_URL: this database was not made by `ganh demo`, which touches no other")]
    IsNotDemo,
    #[error("{0}")]
    Mail(#[from] NotAMailer),
    #[error("{0}")]
    Media(#[from] NotAMediaStore),
    #[error("DATABASE_URL: {0}")]
    Lock(#[from] LockError),
    #[error(transparent)]
    Search(#[from] SearchError),
    #[error("{0}")]
    Views(#[from] ViewError),
    #[error("{0}")]
    Service(#[from] ServiceError),
}

fn list(errors: &[ConfigError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Where time and chance come from.
pub struct World {
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

impl World {
    /// The real ones.
    pub fn real() -> Self {
        Self { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
    }
}

/// Settings of the database from those of the market.
pub fn db_settings(config: &Config) -> DbSettings {
    let mut settings = DbSettings::new(config.database_url.expose());
    settings.replica_url = config.database_replica_url.as_ref().map(|url| url.expose().to_owned());
    settings
}

fn mail_settings(config: &Config) -> MailSettings {
    MailSettings {
        url: config.smtp_url.as_ref().map(|url| url.expose().to_owned()),
        from_name: config.mail_from_name.clone(),
        from_address: config.mail_from_address.clone(),
        timeout_ms: 10_000,
    }
}

/// The server of searching of this market; several markets may share one.
const MEILI_INDEX: &str = "ganh-products";

fn search_settings(config: &Config, folder: Option<PathBuf>) -> SearchSettings {
    let meilisearch = config.meili.as_ref().map(|meili| MeiliSettings {
        url: meili.url.clone(),
        key: meili.key.expose().to_owned(),
        index: MEILI_INDEX.to_owned(),
    });
    SearchSettings { folder, meilisearch }
}

/// The search of a serving process, with the index that it left on the disk. Another process may hold that folder, and
/// the disk may be read-only: then the index lives in memory, which costs a rebuild at each start and nothing else.
fn open_search(config: &Config) -> Result<Search, SearchError> {
    match Search::open(&search_settings(config, config.search_folder.clone())) {
        Err(SearchError::Settings(reason)) => Err(SearchError::Settings(reason)),
        Err(error) => {
            tracing::warn!(%error, "the search index is kept in memory");
            Search::open(&search_settings(config, None))
        }
        opened => opened,
    }
}

/// A kit over an open database, for the server and for commands that need no server.
pub fn make_kit(config: Config, world: &World, db: Db) -> Result<(Kit, Arc<Assets>), StartError> {
    let assets = Arc::new(Assets::load());
    let views = Views::load(assets.names(), config.dev_dir.clone())?;
    let keys = Keys::new(&config.secret_key, config.secret_key_previous.as_ref(), Arc::clone(&world.entropy));
    let kit = Kit {
        db,
        clock: Arc::clone(&world.clock),
        entropy: Arc::clone(&world.entropy),
        keys,
        passwords: Passwords::new(Arc::clone(&world.entropy))?,
        mail: Mailer::new(mail_settings(&config))?,
        media: Media::open(config.media_url.expose())?,
        search: Search::open(&search_settings(&config, None))?,
        views,
        config: Arc::new(config),
    };
    Ok((kit, assets))
}

/// A market that answers.
pub struct Running {
    /// `http://127.0.0.1:8080`, with the port that was really taken.
    pub base_url: String,
    pub address: SocketAddr,
    pub kit: Kit,
    stop: watch::Sender<bool>,
    servers: Vec<ServerHandle>,
    tasks: Vec<JoinHandle<()>>,
    /// Held until everything has stopped: two servers on one file would each trust their own caches.
    lock: ServeLock,
}

/// The market as a program.
pub struct App;

impl App {
    /// Starts everything. The schema must be there already; `Config::refusals_to_serve` is for the command to ask.
    /// With port 0 the machine chooses, and `base_url` follows.
    pub async fn start(mut config: Config, world: World) -> Result<Running, StartError> {
        let refused = |reason| StartError::Listen { address: config.listen, reason };
        let listener = TcpListener::bind(config.listen).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        if config.listen.port() == 0 {
            config.base_url = format!("http://{address}");
        }
        config.listen = address;
        let settings = db_settings(&config);
        let lock = ServeLock::take(&settings.target().map_err(StoreError::from)?)?;
        let db = Db::open(&settings)?;
        check_schema(&db).await?;
        check_demo(&db, config.is_demo).await?;
        let (mut kit, assets) = make_kit(config, &world, db)?;
        kit.search = open_search(&kit.config)?;
        if kit.config.follows_changes {
            searching::prepare_index(&kit).await?;
        }
        let (stop, stopped) = watch::channel(false);
        let site = Data::new(Site::new(kit.clone(), assets, Streams::new(stopped.clone())));
        let refused = |reason| StartError::Listen { address, reason };
        let mut servers = vec![server::start(listener, site.clone()).map_err(refused)?];
        if let Some(metrics) = kit.config.metrics_listen {
            let listener = TcpListener::bind(metrics).map_err(refused)?;
            servers.push(server::start_metrics(listener, site).map_err(refused)?);
        }
        let handles = servers.iter().map(actix_web::dev::Server::handle).collect();
        let mut tasks: Vec<JoinHandle<()>> = servers.into_iter().map(watched).collect();
        if kit.config.follows_changes {
            tasks.push(tokio::spawn(worker::follow_changes(kit.clone(), stopped.clone())));
        }
        if kit.config.worker {
            tasks.push(tokio::spawn(worker::work(kit.clone(), stopped)));
        }
        Ok(Running { base_url: kit.config.base_url.clone(), address, kit, stop, servers: handles, tasks, lock })
    }
}

fn watched(server: actix_web::dev::Server) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the server ended with an error");
        }
    })
}

async fn check_schema(db: &Db) -> Result<(), StartError> {
    match db.schema_state().await? {
        SchemaState::UpToDate => Ok(()),
        SchemaState::Older(missing) => Err(StartError::OlderSchema(missing)),
        SchemaState::Newer => Err(StartError::NewerSchema),
    }
}

async fn check_demo(db: &Db, is_demo: bool) -> Result<(), StartError> {
    use store::market_info::{IS_DEMO, find};
    let found = db.read(|conn| find(conn, IS_DEMO)).await?;
    match (found.as_deref() == Some("yes"), is_demo) {
        (true, false) => Err(StartError::IsDemo),
        (false, true) => Err(StartError::IsNotDemo),
        _ => Ok(()),
    }
}

impl Running {
    /// Stops gracefully: event streams end at once, requests under way are answered, the worker finishes its duty,
    /// the database is closed.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for server in &self.servers {
            server.stop(true).await;
        }
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task ended badly");
            }
        }
        self.kit.db.close().await;
        drop(self.lock);
    }

    /// Waits for the word to stop from outside, then stops.
    pub async fn until_told_to_stop(self, mut word: WordToStop) {
        word.heard().await;
        tracing::info!("stopping");
        self.stop().await;
    }
}

/// The word to stop from outside: SIGTERM, Ctrl-C. Listened for before the market opens, so that a word that comes with the first
/// customer is not the end of the process but of its work.
pub struct WordToStop {
    terminated: Signal,
    interrupted: Signal,
}

impl WordToStop {
    /// # Errors
    /// When the system lets no signal be heard.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self { terminated: signal(SignalKind::terminate())?, interrupted: signal(SignalKind::interrupt())? })
    }

    async fn heard(&mut self) {
        tokio::select! {
            _ = self.terminated.recv() => {}
            _ = self.interrupted.recv() => {}
        }
    }
}
