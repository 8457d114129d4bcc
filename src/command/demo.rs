//! `ganh demo`: a working market with nothing else installed. Its folder holds everything, secrets too; it touches no database
//! that it has not made, and listens on this machine alone unless told otherwise.

use super::{Refused, print, start_logs};
use crate::app::{App, Running, StartError, WordToStop, World, make_kit};
use crate::config::{Config, Secret};
use crate::demo::opening::Opening;
use crate::demo::province;
use crate::demo::recipe::{Recipe, Size};
use crate::demo::topping;
use crate::store::market_info::{self, IS_DEMO};
use crate::store::{Db, DbSettings};
use clap::Args;
use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The same province everywhere.
const SEED: u64 = 2026;
/// Variables that a demonstration obeys; everything else it makes itself.
const OBEYED: [&str; 6] = ["LISTEN", "BASE_URL", "DEV_DIR", "RUST_LOG", "METRICS_LISTEN", "TRUSTED_PROXIES"];
const DATABASE: &str = "ganh.db";
const SECRETS: &str = "secrets.json";
const OPENING: &str = "opening.json";

/// Open a demonstration market: a made-up province of forty-eight cooperatives on http://127.0.0.1:8080, with sign-ins and a
/// bank simulator. Nothing in it can be paid, and nobody in it can be reached.
#[derive(Debug, Args)]
pub struct Demo {
    /// The folder that everything lies in; made when it is not there
    #[arg(long, default_value = "ganh-demo")]
    dir: PathBuf,
    /// Print one line of JSON once the market listens, and nothing else on stdout
    #[arg(long)]
    json: bool,
    /// How many times over the province is made, on the first start
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10))]
    scale: u32,
}

/// What is made once in a folder and kept for its owner alone.
#[derive(serde::Serialize, serde::Deserialize)]
struct Secrets {
    secret_key: String,
    log_key: String,
    password: String,
}

impl Demo {
    pub async fn run(self) -> Result<(), Refused> {
        let began = Instant::now();
        make_folder(&self.dir)?;
        let dir = self.dir.canonicalize()?;
        let world = World::real();
        let secrets = find_or_make_secrets(&dir, &world)?;
        let config = configure(&dir, &secrets)?;
        start_logs(&config);
        check_port(&config)?;
        let opening = find_or_make_market(&dir, &config, &secrets, self.scale).await?;
        let word = WordToStop::listen()?;
        let running = App::start(config, world).await?;
        let env = environment(&running.kit.config, &secrets);
        let opening = top_up(&dir, &running, opening).await?;
        let products = opening.products(&running.kit).await?;
        if self.json {
            print(&opening.json(&running.base_url, &env, &products))?;
        } else {
            print(&welcome(&opening, &running.base_url, &dir, products.len(), began))?;
        }
        running.until_told_to_stop(word).await;
        Ok(())
    }
}

fn make_folder(dir: &Path) -> Result<(), Refused> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|error| format!("--dir {}: the folder cannot be made: {error}", dir.display()).into())
}

/// Writes a file that only its owner reads, whole or not at all.
fn write_private(path: &Path, text: &str) -> Result<(), Refused> {
    let aside = path.with_extension("new");
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(std::fs::rename(aside, path)?)
}

fn find_or_make_secrets(dir: &Path, world: &World) -> Result<Secrets, Refused> {
    let path = dir.join(SECRETS);
    if let Ok(text) = std::fs::read_to_string(&path) {
        return serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into());
    }
    let draw = |count: usize| {
        let mut bytes = vec![0; count];
        world.entropy.fill(&mut bytes);
        data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase()
    };
    let secrets = Secrets { secret_key: draw(40), log_key: draw(40), password: format!("ganh-{}", draw(5)) };
    write_private(&path, &serde_json::to_string_pretty(&secrets)?)?;
    Ok(secrets)
}

fn configure(dir: &Path, secrets: &Secrets) -> Result<Config, Refused> {
    let own = own_settings(dir, secrets);
    #[expect(clippy::disallowed_methods, reason = "a demonstration obeys these few variables and no other")]
    let obeyed = |name: &str| OBEYED.contains(&name).then(|| std::env::var(name).ok()).flatten();
    let mut config = Config::read(&|name| {
        let made = own.iter().find(|(own, _)| *own == name).map(|(_, value)| value.clone());
        made.or_else(|| obeyed(name))
    })?;
    config.is_demo = true;
    config.has_limits = false;
    Ok(config)
}

fn own_settings(dir: &Path, secrets: &Secrets) -> Vec<(&'static str, String)> {
    vec![
        ("DATABASE_URL", format!("sqlite://{}", dir.join(DATABASE).display())),
        ("MEDIA_URL", format!("file://{}", dir.join("media").display())),
        ("SMTP_URL", format!("dir://{}", dir.join("mail").display())),
        ("MAIL_FROM", "Gánh <cho@demo.example>".to_owned()),
        ("SECRET_KEY", secrets.secret_key.clone()),
        ("LOG_KEY", secrets.log_key.clone()),
        ("HELP_PHONE", province::help_phone()),
    ]
}

/// What any other command needs to speak to this market.
fn environment(config: &Config, secrets: &Secrets) -> serde_json::Map<String, serde_json::Value> {
    [
        ("DATABASE_URL", config.database_url.expose()),
        ("BASE_URL", config.base_url.as_str()),
        ("LISTEN", &config.listen.to_string()),
        ("SECRET_KEY", &secrets.secret_key),
        ("LOG_KEY", &secrets.log_key),
        ("MEDIA_URL", config.media_url.expose()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), serde_json::Value::from(value)))
    .collect()
}

/// Before seconds are spent on a market that could not listen.
fn check_port(config: &Config) -> Result<(), Refused> {
    TcpListener::bind(config.listen).map(|_free_again| ()).map_err(|error| {
        let address = config.listen;
        format!(
            "{address} cannot be listened on ({error}). Another program may be using it; end that one, or choose another \
             port: LISTEN=127.0.0.1:{} ganh demo",
            address.port().checked_add(1).unwrap_or(8081)
        )
        .into()
    })
}

/// The market of this folder; made whole beside its place first, so that half a market is never found.
async fn find_or_make_market(dir: &Path, config: &Config, secrets: &Secrets, scale: u32) -> Result<Opening, Refused> {
    let (database, opening) = (dir.join(DATABASE), dir.join(OPENING));
    if database.exists() {
        let db = Db::open(&DbSettings::new(config.database_url.expose()))?;
        let made = is_ours(&db).await;
        let migrated = if made { db.migrate().await.map(|_| ()) } else { Ok(()) };
        db.close().await;
        migrated?;
        if !made {
            return Err(StartError::IsNotDemo.into());
        }
        let text = std::fs::read_to_string(&opening).map_err(|error| format!("{}: {error}", opening.display()))?;
        return Ok(serde_json::from_str(&text)?);
    }
    if std::io::stderr().is_terminal() {
        let _ = writeln!(std::io::stderr(), "ganh: making the province, a few seconds…");
    }
    let making = dir.join("making");
    if making.exists() {
        std::fs::remove_dir_all(&making)?;
    }
    make_folder(&making)?;
    let made = make_market(&making, config, secrets, scale).await?;
    write_private(&opening, &serde_json::to_string(&made)?)?;
    std::fs::File::open(making.join(DATABASE))?.sync_all()?;
    std::fs::rename(making.join(DATABASE), database)?;
    std::fs::remove_dir_all(&making)?;
    Ok(made)
}

async fn is_ours(db: &Db) -> bool {
    let found = db.read(|conn| market_info::find(conn, IS_DEMO)).await;
    matches!(found, Ok(Some(word)) if word == "yes")
}

async fn make_market(making: &Path, config: &Config, secrets: &Secrets, scale: u32) -> Result<Opening, Refused> {
    let url = format!("sqlite://{}", making.join(DATABASE).display());
    let db = Db::open(&DbSettings { is_scratch: true, ..DbSettings::new(&url) })?;
    db.migrate().await?;
    db.write(|conn| market_info::insert(conn, IS_DEMO, "yes")).await?;
    let config = Config { database_url: Secret::new(url), smtp_url: None, ..config.clone() };
    let (kit, _assets) = make_kit(config, &World::real(), db)?;
    let password_hash = kit.passwords.hash(Secret::new(secrets.password.clone())).await?;
    let recipe = Recipe { seed: SEED, size: Size::whole(scale), password: secrets.password.clone(), password_hash };
    let opening = province::make(&kit, &recipe).await;
    kit.db.close().await;
    if kit.db.has_lost() {
        return Err("the province could not be written whole; is the disk full?".into());
    }
    Ok(opening?)
}

/// Fresh lots when the folder was made on an earlier day.
async fn top_up(dir: &Path, running: &Running, mut opening: Opening) -> Result<Opening, Refused> {
    let fresh = topping::top_up(&running.kit, opening.seed).await?;
    if !fresh.is_empty() {
        opening.lots.splice(0..0, fresh);
        opening.lots.truncate(200);
        write_private(&dir.join(OPENING), &serde_json::to_string(&opening)?)?;
    }
    Ok(opening)
}

/// What a person reads in the terminal.
fn welcome(opening: &Opening, base_url: &str, dir: &Path, products: usize, began: Instant) -> String {
    let mut out = format!(
        "Chợ Gánh mẫu: {base_url}\nA demonstration market, open after {:.1} s. Everything lies in {}; nothing in it can be paid.\n\
         {products} products can be ordered now. The bank's part is played at {base_url}/demo/ngan-hang\n\n",
        began.elapsed().as_secs_f32(),
        dir.display()
    );
    let _ = writeln!(out, "{:<9} {:<12} {:<16} who", "role", "phone", "password");
    for one in &opening.sign_ins {
        let shop = one.cooperative.as_ref().map(|shop| format!(" · {shop}")).unwrap_or_default();
        let _ = writeln!(out, "{:<9} {:<12} {:<16} {}{shop}", one.role, one.phone, one.password, one.name);
    }
    out.push_str("\nSign in at /tai-khoan/dang-nhap. Ctrl-C closes the market; the same command opens it again.");
    out
}
