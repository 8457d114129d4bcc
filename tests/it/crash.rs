//! The real program, killed and stopped: whatever it answered is there after the next start, every invariant holds, and no answer leaves
//! before its fsync. `GANH_LONG=1` makes the long form.

mod failpoints;
mod power_cut;

use crate::kit::TestDb;
use crate::kit::app::TestApp;
use crate::kit::bank::{COMMUNE, Coop, Goods, Movement, coop, goods, number};
use ganh::gateway::bank::sepay;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const SECRET_KEY: &str = "a key that only the tests of this project use";
const LOG_KEY: &str = "another key that only the tests of this project use";

/// A program that serves a market from a file, and what it is asked for.
struct Program {
    child: Child,
    base_url: String,
}

fn command(url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ganh"));
    command.args(arguments).env_clear().env("DATABASE_URL", url).env("SECRET_KEY", SECRET_KEY).env("LOG_KEY", LOG_KEY);
    command
        .env("MEDIA_URL", "memory:")
        .env("RUST_LOG", "error")
        .env("TRUSTED_PROXIES", "127.0.0.1")
        .env("SMTP_URL", "memory:");
    command.env("PATH", std::env::var("PATH").unwrap_or_default());
    command
}

impl Program {
    fn start(url: &str, wrap: &[String]) -> Self {
        Self::start_wrapped(url, &["serve"], &[], wrap)
    }

    /// With these arguments, and these settings beside the usual.
    fn start_as(url: &str, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        Self::start_wrapped(url, arguments, settings, &[])
    }

    fn start_wrapped(url: &str, arguments: &[&str], settings: &[(&str, &str)], wrap: &[String]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let base_url = format!("http://127.0.0.1:{port}");
        let mut serve = command(url, arguments);
        serve.envs(settings.iter().copied());
        let mut command = match wrap.split_first() {
            None => serve,
            Some((tool, arguments)) => {
                let mut wrapped = Command::new(tool);
                wrapped.args(arguments).arg(serve.get_program()).args(serve.get_args()).env_clear();
                wrapped.envs(serve.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
                wrapped
            }
        };
        // A group of its own: what was wrapped dies with its wrapper.
        let child = command
            .process_group(0)
            .env("LISTEN", format!("127.0.0.1:{port}"))
            .env("BASE_URL", &base_url)
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the program starts");
        let mut program = Self { child, base_url };
        program.wait_until_it_answers();
        program
    }

    fn wait_until_it_answers(&mut self) {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(60) {
            if std::net::TcpStream::connect(self.base_url.trim_start_matches("http://")).is_ok() {
                return;
            }
            assert!(self.child.try_wait().expect("a child").is_none(), "the program ended at its start");
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the program does not answer");
    }

    fn kill(mut self) {
        let group = format!("-{}", self.child.id());
        let killed = Command::new("kill").args(["-KILL", "--", &group]).status().expect("kill runs");
        assert!(killed.success());
        self.child.wait().expect("an end");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `ganh verify`: exit code and what it said.
fn verify(url: &str) -> (Option<i32>, String) {
    let done = command(url, &["verify"]).output().expect("verify runs");
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr))
}

#[track_caller]
fn is_sound(url: &str) {
    let (code, said) = verify(url);
    assert_eq!(code, Some(0), "{said}");
}

/// A market on disk with goods that do not run out, made through the services and closed again.
fn made(db: &TestDb) -> (Coop, Goods) {
    crate::kit::run(async {
        let app = TestApp::start_with(db, |config| {
            config.secret_key = ganh::config::Secret::new(SECRET_KEY);
            config.log_key = ganh::config::Secret::new(LOG_KEY);
        })
        .await;
        app.clock.set(ganh::domain::time::Clock::now(&ganh::domain::time::SystemClock));
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 1_000_000).await;
        app.stop().await;
        (coop, fruit)
    })
}

/// How the disk under the market is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum DiskIs {
    #[default]
    Whole,
    /// Being taken away: the machine would be dead by now, so what is answered meanwhile counts for nothing. ext4's shutdown lets an
    /// fsync that is under way come back well without its data.
    Falling,
    Gone,
}

/// What was acknowledged: codes of orders by 201, ids of movements by 200.
#[derive(Default)]
struct Acknowledged {
    disk: DiskIs,
    orders: Vec<String>,
    movements: Vec<u64>,
    /// What was asked when the disk was gone, and acknowledged all the same.
    on_nothing: Vec<String>,
}

impl Acknowledged {
    fn order(&mut self, asked_on: DiskIs, code: &str) {
        match (asked_on, self.disk) {
            (DiskIs::Whole, DiskIs::Whole) => self.orders.push(code.to_owned()),
            (DiskIs::Gone, _) => self.on_nothing.push(code.to_owned()),
            _ => {}
        }
    }

    fn movement(&mut self, asked_on: DiskIs, id: u64) {
        match (asked_on, self.disk) {
            (DiskIs::Whole, DiskIs::Whole) => self.movements.push(id),
            (DiskIs::Gone, _) => self.on_nothing.push(id.to_string()),
            _ => {}
        }
    }
}

/// One customer after another, until told to stop: an order, its payment, the payment once more.
async fn shop(base_url: &str, coop: &Coop, fruit: &Goods, stop: &AtomicBool, acknowledged: &Mutex<Acknowledged>) {
    let client = reqwest::Client::new();
    while !stop.load(Ordering::Relaxed) {
        let n = number();
        // Another address each time: the limits are for one client, these are many.
        let address = format!("10.{}.{}.{}", n / 62_500 % 250, n / 250 % 250, n % 250);
        let disk = || acknowledged.lock().expect("not poisoned").disk;
        let asked_on = disk();
        let Ok(code) = buy(&client, base_url, fruit, n, &address).await else { continue };
        acknowledged.lock().expect("not poisoned").order(asked_on, &code);
        let movement = Movement::to(coop, &code, 20_000);
        for _ in 0..2 {
            let (body, stamp, asked_on) = (movement.body(), now_s(), disk());
            let secret = coop.receiving.secret.as_deref().expect("a secret");
            let told = client
                .post(format!("{base_url}/webhooks/bank/sepay/{}", coop.receiving.path_id))
                .header(sepay::TIMESTAMP_HEADER, stamp.to_string())
                .header(sepay::SIGNATURE_HEADER, sepay::sign(secret, stamp, body.as_bytes()))
                .header("x-forwarded-for", &address)
                .body(body)
                .send()
                .await;
            if told.is_ok_and(|told| told.status() == 200) {
                acknowledged.lock().expect("not poisoned").movement(asked_on, movement.id);
            }
        }
    }
}

fn now_s() -> i64 {
    ganh::domain::time::Clock::now(&ganh::domain::time::SystemClock).unix_seconds()
}

/// The code of an order that was acknowledged with 201.
async fn buy(client: &reqwest::Client, base_url: &str, fruit: &Goods, n: u32, address: &str) -> Result<String, ()> {
    let body = serde_json::json!({
        "lines": [{"product": fruit.slug, "quantity": "1"}],
        "buyer": {"name": "Chị Mua", "phone": format!("09{:08}", 30_000_000 + n)},
        "fulfilment": {"kind": "delivery", "commune_code": COMMUNE, "address": "Số 1"},
        "payment": "vietqr",
    });
    let request = client
        .post(format!("{base_url}/api/v1/orders"))
        .header("idempotency-key", format!("crash-{n}"))
        .header("content-type", "application/json")
        .header("x-forwarded-for", address)
        .body(body.to_string());
    let answer = request.send().await.map_err(drop)?;
    let status = answer.status().as_u16();
    let text = answer.text().await.map_err(drop)?;
    // On a disk that is gone everything is a fault of ours; but never an acknowledgement.
    assert!(status == 201 || status >= 500, "{status}: {text}");
    let json: serde_json::Value = serde_json::from_str(&text).map_err(drop)?;
    json["orders"][0]["code"].as_str().filter(|_| status == 201).map(str::to_owned).ok_or(())
}

/// Everything that was acknowledged is in the file.
fn is_all_there(url: &str, acknowledged: &Acknowledged) {
    use diesel::prelude::*;
    use ganh::store::schema::{bank_event, sale_order};
    use std::collections::{HashMap, HashSet};
    let mut conn = crate::kit::bare(url);
    let orders: HashMap<String, String> = sale_order::table
        .select((sale_order::code, sale_order::state))
        .load::<(String, String)>(&mut conn)
        .expect("orders")
        .into_iter()
        .collect();
    let events: HashSet<String> = bank_event::table
        .filter(bank_event::state.eq("booked"))
        .select(bank_event::provider_event_id)
        .load::<String>(&mut conn)
        .expect("events")
        .into_iter()
        .collect();
    for code in &acknowledged.orders {
        assert!(orders.contains_key(code), "order {code} was acknowledged and is gone");
    }
    for id in &acknowledged.movements {
        assert!(events.contains(&id.to_string()), "movement {id} was acknowledged and is gone");
    }
}

/// Orders that are acknowledged before a while of load begins to count: on a busy machine the program starts slowly.
const WARM: usize = 5;

/// Serves the market under load for a while, then lets `end` end it.
fn under_load(
    url: &str,
    coop: &Coop,
    fruit: &Goods,
    acknowledged: &Arc<Mutex<Acknowledged>>,
    for_ms: u64,
    end: impl FnOnce(Program),
) {
    let program = Program::start(url, &[]);
    let stop = Arc::new(AtomicBool::new(false));
    let orders = || acknowledged.lock().expect("not poisoned").orders.len();
    let before = orders();
    let load: Vec<_> = (0..6)
        .map(|_| {
            let (base_url, coop, fruit) = (program.base_url.clone(), coop.clone(), fruit.clone());
            let (stop, acknowledged) = (Arc::clone(&stop), Arc::clone(acknowledged));
            std::thread::spawn(move || crate::kit::run(shop(&base_url, &coop, &fruit, &stop, &acknowledged)))
        })
        .collect();
    let began = Instant::now();
    while orders() < before + WARM && began.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(for_ms));
    end(program);
    stop.store(true, Ordering::Relaxed);
    for thread in load {
        thread.join().expect("a shopper");
    }
}

#[test]
fn whatever_was_acknowledged_before_a_kill_is_there_after_it() {
    let cycles = if std::env::var("GANH_LONG").is_ok() { 50 } else { 5 };
    let db = TestDb::on_sqlite();
    let (coop, fruit) = made(&db);
    let acknowledged = Arc::new(Mutex::new(Acknowledged::default()));
    for cycle in 0..cycles {
        // Somewhere in the middle of it, elsewhere each time.
        let for_ms = 200 + (cycle * 7_919) % 900;
        under_load(&db.url, &coop, &fruit, &acknowledged, for_ms, Program::kill);
        is_all_there(&db.url, &acknowledged.lock().expect("not poisoned"));
        is_sound(&db.url);
    }
    let seen = acknowledged.lock().expect("not poisoned");
    assert!(seen.orders.len() > 20 && seen.movements.len() > 20, "hardly any load");
    let _ = writeln!(
        std::io::stderr(),
        "killed {cycles} times: {} orders and {} deliveries acknowledged, none lost",
        seen.orders.len(),
        seen.movements.len(),
    );
}

#[test]
fn told_to_stop_it_answers_what_is_under_way_and_ends_well() {
    let db = TestDb::on_sqlite();
    let (coop, fruit) = made(&db);
    let acknowledged = Arc::new(Mutex::new(Acknowledged::default()));
    under_load(&db.url, &coop, &fruit, &acknowledged, 600, |mut program| {
        let pid = program.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill").success());
        let began = Instant::now();
        let status = loop {
            if let Some(status) = program.child.try_wait().expect("a child") {
                break status;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "it does not stop");
            std::thread::sleep(Duration::from_millis(20));
        };
        assert_eq!(status.code(), Some(0));
    });
    let seen = acknowledged.lock().expect("not poisoned");
    assert!(!seen.orders.is_empty());
    is_all_there(&db.url, &seen);
    is_sound(&db.url);
}

#[test]
fn verify_says_what_is_broken_and_how_it_ended() {
    let db = TestDb::on_sqlite();
    made(&db);
    is_sound(&db.url);
    let said = command(&db.url, &["verify", "--json"]).output().expect("verify runs");
    let json: serde_json::Value = serde_json::from_slice(&said.stdout).expect("one JSON document on stdout");
    assert!(json["findings"].as_array().is_some_and(|findings| findings.len() >= 10), "{json}");
    {
        use diesel::connection::SimpleConnection;
        db.bare().batch_execute("UPDATE lot SET on_hand = on_hand + 1").expect("broken");
    }
    let (code, words) = verify(&db.url);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("BROKEN") && words.contains("its movements say otherwise"), "{words}");
    assert_eq!(command(&db.url, &["verify", "--no-such"]).output().expect("verify runs").status.code(), Some(2));
}

/// One line of the trace: its moment, what was called, on what.
struct Call {
    at: f64,
    text: String,
}

fn traced(path: &Path) -> Vec<Call> {
    let text = std::fs::read_to_string(path).expect("a trace");
    let mut calls: Vec<Call> = text
        .lines()
        .filter_map(|line| {
            let (_pid, rest) = line.trim_start().split_once(' ')?;
            let (at, text) = rest.trim_start().split_once(' ')?;
            Some(Call { at: at.parse().ok()?, text: text.to_owned() })
        })
        .collect();
    calls.sort_by(|a, b| a.at.total_cmp(&b.at));
    calls
}

#[test]
fn no_answer_leaves_before_its_fsync() {
    if !Command::new("strace").arg("-V").output().is_ok_and(|done| done.status.success()) {
        assert!(std::env::var("CI").is_err(), "CI must have strace");
        let _ = writeln!(std::io::stderr(), "SKIPPED the system-call trace: strace is not here");
        return;
    }
    let db = TestDb::on_sqlite();
    let (coop, fruit) = made(&db);
    let folder = tempfile::tempdir().expect("a folder");
    let trace = folder.path().join("trace");
    let wrap: Vec<String> = [
        "strace",
        "-f",
        "-y",
        "-ttt",
        "-s",
        "64",
        "-e",
        "trace=fdatasync,fsync,read,recvfrom,write,pwrite64,writev,sendto,sendmsg",
        "-o",
    ]
    .iter()
    .map(|part| (*part).to_owned())
    .chain([trace.display().to_string()])
    .collect();
    let program = Program::start(&db.url, &wrap);
    let codes = crate::kit::run(async {
        let client = reqwest::Client::new();
        let mut codes = Vec::new();
        // One at a time: then everything between a request and its answer belongs to that answer, or came before it.
        for _ in 0..24 {
            codes.extend(buy(&client, &program.base_url, &fruit, number(), "10.9.9.9").await);
        }
        codes
    });
    program.kill();
    assert!(codes.len() == 24 && !coop.account_number.is_empty(), "{codes:?}");
    assert_eq!(answers_after_their_sync(&traced(&trace)), 24);
}

/// Walks the trace: after each order came in, the log was written, then a sync of it returned, and only then the 201 left. How many.
fn answers_after_their_sync(calls: &[Call]) -> usize {
    let (mut written, mut synced, mut answers) = (false, false, 0);
    for call in calls {
        if call.text.contains("POST /api/v1/orders") {
            (written, synced) = (false, false);
        } else if call.text.contains("ganh.db-wal") && call.text.contains("write") {
            // The worker may write of its own after the sync; that is not this answer's affair.
            written = true;
        } else if call.text.contains("sync") && call.text.ends_with("= 0") {
            synced |= written;
        } else if call.text.contains("HTTP/1.1 201") {
            assert!(written && synced, "answered at {} before its sync", call.at);
            answers += 1;
        }
    }
    answers
}
