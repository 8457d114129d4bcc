//! The demonstration: the same everywhere, sound, harmless, never empty, and never reachable by mistake.

use crate::kit::app::{FixedClock, TestApp};
use crate::kit::{TestDb, run};
use ganh::app::{World, make_kit};
use ganh::config::Config;
use ganh::demo::opening::Opening;
use ganh::demo::province;
use ganh::demo::recipe::{Recipe, Size};
use ganh::demo::{calendar, topping};
use ganh::domain::order::OrderState;
use ganh::domain::time::Entropy;
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::verifying;
use ganh::store;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Real keys and tokens differ from folder to folder; nothing that is compared may hang on them.
struct SomeEntropy(AtomicU64);

impl Entropy for SomeEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let turn = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst);
            chunk.copy_from_slice(&turn.to_be_bytes()[..chunk.len()]);
        }
    }
}

fn kit_over(db: &TestDb, now: &str, chance: u8) -> (Kit, Arc<FixedClock>) {
    let pairs = BTreeMap::from([
        ("DATABASE_URL", db.url.clone()),
        ("SECRET_KEY", format!("a key that only the tests of this project use {chance}")),
        ("MEDIA_URL", "memory:".to_owned()),
    ]);
    let mut config = Config::read(&|name| pairs.get(name).cloned()).expect("a configuration");
    (config.is_demo, config.has_limits) = (true, false);
    let clock = Arc::new(FixedClock::at(now));
    let world = World { clock: clock.clone(), entropy: Arc::new(SomeEntropy(AtomicU64::new(u64::from(chance)))) };
    (make_kit(config, &world, db.db.clone()).expect("a kit").0, clock)
}

async fn made(db: &TestDb, now: &str, chance: u8, purchases: usize) -> (Kit, Arc<FixedClock>, Opening) {
    let (kit, clock) = kit_over(db, now, chance);
    let recipe = Recipe {
        seed: 7,
        size: Size { copies: 1, purchases },
        password: "mot-mat-khau".to_owned(),
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$YWFhYWFhYWE$YWFhYWFhYWE".to_owned(),
    };
    let opening = province::make(&kit, &recipe).await.expect("a province");
    (kit, clock, opening)
}

/// What is the same in every province of one seed and one present.
async fn facts(kit: &Kit) -> Vec<String> {
    kit.db
        .read(|conn| {
            let mut facts = Vec::new();
            for cooperative in store::cooperative::list(conn)? {
                facts.push(format!("{} {:?}", cooperative.slug, cooperative.state));
                for product in store::product::list_own(conn, &cooperative.id)? {
                    facts.push(product.slug);
                }
                for lot in store::lot::list_own(conn, &cooperative.id, 5_000)? {
                    facts.push(format!("{} {} {:?} {:?}", lot.code, lot.made_on, lot.on_hand, lot.held));
                }
                for order in store::order::list_newest(conn, &cooperative.id, 0, 5_000)? {
                    facts.push(format!("{} {:?} {} {}", order.code, order.state, order.total_vnd, order.made_at));
                }
            }
            facts.sort();
            Ok::<_, ServiceError>(facts)
        })
        .await
        .expect("facts")
}

#[test]
fn one_seed_and_one_present_make_one_province_which_is_sound_and_harmless() {
    run(async {
        let (one, two) = (TestDb::on_sqlite(), TestDb::on_sqlite());
        let (kit, clock, opening) = made(&one, "2026-11-23T20:15:00+07:00", 1, 30).await;
        let (other, _, _) = made(&two, "2026-11-23T20:15:00+07:00", 2, 30).await;
        let (here, there) = (facts(&kit).await, facts(&other).await);
        assert!(here.len() > 900);
        let different: Vec<_> = here.iter().zip(&there).filter(|(a, b)| a != b).take(3).collect();
        assert!(different.is_empty() && here.len() == there.len(), "{different:?}");
        sound(&kit).await;
        numbers_are_those_of_the_province(&kit).await;
        nobody_is_reachable(&kit).await;
        let products = opening.products(&kit).await.expect("products");
        assert!(products.len() >= 50, "{}", products.len());
        for provider in ["sepay", "casso", "payos", "vietqr", "generic", "none"] {
            let has =
                |slug: &String| opening.candidates.iter().any(|one| one.slug == *slug && one.provider == provider);
            assert!(products.iter().any(has), "{provider}");
        }
        // Nothing to do on the same day; fresh lots three days later, and it is still sound.
        assert_eq!(topping::top_up(&kit, opening.seed).await.expect("nothing to top up"), Vec::<String>::new());
        clock.advance_s(3 * 86_400);
        assert!(topping::top_up(&kit, opening.seed).await.expect("fresh lots").len() > 20);
        sound(&kit).await;
    });
}

async fn sound(kit: &Kit) {
    let report = verifying::verify(kit).await.expect("a report");
    assert!(report.is_sound(), "{:?}", report.findings.iter().filter(|one| one.broken.is_some()).collect::<Vec<_>>());
}

async fn numbers_are_those_of_the_province(kit: &Kit) {
    let (cooperatives, products, states) = kit
        .db
        .read(|conn| {
            let cooperatives = store::cooperative::list(conn)?;
            let mut products = 0;
            for cooperative in &cooperatives {
                products += store::product::list_own(conn, &cooperative.id)?.len();
            }
            Ok::<_, ServiceError>((cooperatives.len(), products, store::order::count_by_state(conn, None)?))
        })
        .await
        .expect("numbers");
    assert_eq!((cooperatives, products), (48, 400));
    for state in OrderState::ALL.iter().filter(|state| **state != OrderState::Cancelled) {
        assert!(states.iter().any(|(there, count)| there == state && *count > 0), "no order is {state}: {states:?}");
    }
}

async fn nobody_is_reachable(kit: &Kit) {
    let now = kit.now();
    let (phones, accounts) = kit
        .db
        .read(move |conn| {
            let (mut phones, mut accounts) = (Vec::new(), Vec::new());
            for cooperative in store::cooperative::list(conn)? {
                phones.push(cooperative.phone.clone());
                assert!(cooperative.tax_code.is_some_and(|code| code.starts_with("99")));
                assert!(cooperative.email.is_none_or(|mail| mail.ends_with("@demo.example")));
                accounts.extend(store::bank::list_active(conn, std::slice::from_ref(&cooperative.id), now)?);
                for order in store::order::list_newest(conn, &cooperative.id, 0, 500)? {
                    let purchase = store::purchase::get(conn, &order.purchase_id)?;
                    phones.push(purchase.buyer_phone);
                    assert!(purchase.buyer_email.is_none_or(|mail| mail.ends_with("@demo.example")));
                }
            }
            Ok::<_, ServiceError>((phones, accounts))
        })
        .await
        .expect("people");
    assert!(phones.iter().all(|phone| phone.starts_with("+845300") && phone.len() == 12), "{phones:?}");
    assert_eq!(accounts.len(), 48);
    assert!(
        accounts
            .iter()
            .all(|account| account.account_number.starts_with("GANHDEMO") && account.account_number.len() == 19)
    );
    assert!(accounts.iter().all(|account| account.holder_name.starts_with("HTX MAU")));
}

/// The months in which little is fresh; that the tables carry all twelve is `assortment`'s test.
#[test]
fn the_front_page_has_goods_in_stock_in_the_months_when_little_is_fresh() {
    let days = ["2027-03-15T07:00:00+07:00", "2027-10-15T00:10:00+07:00"];
    for day in days.into_iter().take(if std::env::var("GANH_LONG").is_ok() { 2 } else { 1 }) {
        run(async {
            let db = TestDb::on_sqlite();
            let (kit, clock, opening) = made(&db, day, 3, 0).await;
            let today = ganh::domain::time::Clock::now(clock.as_ref()).day();
            assert!(opening.products(&kit).await.expect("products").len() >= 100, "{day}");
            let leads: Vec<_> = calendar::leads_on(today).into_iter().map(|goods| goods.name.clone()).collect();
            assert!(leads.len() >= 8, "{leads:?}");
        });
    }
}

#[test]
fn the_bank_is_played_in_a_demonstration_and_nowhere_else() {
    run(async {
        let (one, two) = (TestDb::on_sqlite(), TestDb::on_sqlite());
        let serving = TestApp::start(&one).await;
        assert_eq!(serving.visitor().get("/demo/ngan-hang").await.status, 404);
        assert_eq!(
            serving.visitor().post("/demo/ngan-hang", &[("don", "HT7K2M9QA"), ("how", "exact")]).await.status,
            404
        );
        two.db
            .write(|conn| Ok::<_, ServiceError>(store::market_info::insert(conn, store::market_info::IS_DEMO, "yes")?))
            .await
            .expect("a mark");
        let app = TestApp::start_with(&two, |config| config.is_demo = true).await;
        let (_, _, _) = made(&two, crate::kit::app::MORNING, 4, 0).await;
        let page = app.visitor().get("/demo/ngan-hang").await.is(200);
        page.says("Trả đúng số tiền");
        let awaiting = ganh::service::simulating::list_payable(&app.kit, None).await.expect("orders");
        assert!(!awaiting.is_empty());
        app.visitor().post("/demo/ngan-hang", &[("don", "HT0000000"), ("how", "exact")]).await.is(422);
    });
}

struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn ganh(arguments: &[&str], env: &[(String, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ganh"));
    command.args(arguments).env_clear().env("RUST_LOG", "error").env("LISTEN", "127.0.0.1:0").envs(env.iter().cloned());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn open(dir: &str) -> (Stopped, serde_json::Value) {
    let mut child = ganh(&["demo", "--json", "--dir", dir], &[]).spawn().expect("the program");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("a line");
    if line.is_empty() {
        let mut said = String::new();
        child.stderr.take().expect("stderr").read_to_string(&mut said).expect("text");
        panic!("{said}");
    }
    (Stopped(child), serde_json::from_str(&line).expect("JSON"))
}

#[test]
fn one_command_opens_a_market_that_a_program_can_use_and_serve_refuses_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("mau");
    let dir = dir.to_str().expect("a path");
    let (first, said) = open(dir);
    for (name, list) in [("sign_ins", 10), ("bank_accounts", 48), ("products", 50), ("lots", 50)] {
        assert!(said[name].as_array().is_some_and(|all| all.len() >= list), "{name}: {}", said[name]);
    }
    for role in ["shopper", "seller", "helper", "official", "operator"] {
        assert!(said["sign_ins"].as_array().is_some_and(|all| all.iter().any(|one| one["role"] == role)), "{role}");
    }
    let base_url = said["base_url"].as_str().expect("an address").to_owned();
    let sepay = said["bank_accounts"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["provider"] == "sepay"))
        .expect("sepay");
    assert!(
        sepay["webhook_url"].as_str().is_some_and(|url| url.starts_with(&format!("{base_url}/webhooks/bank/sepay/")))
    );
    assert!(sepay["secret"].as_str().is_some_and(|secret| secret.len() >= 26));
    let env: Vec<(String, String)> = said["env"]
        .as_object()
        .expect("an environment")
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned()))
        .collect();
    run(order_everywhere(base_url, said["products"].clone()));
    drop(first);
    let refused = ganh(&["serve"], &env).output().expect("the program");
    assert!(
        !refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("demonstration"),
        "{refused:?}"
    );
    let (_second, again) = open(dir);
    assert_eq!(again["sign_ins"], said["sign_ins"]);
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(format!("{dir}/secrets.json")).expect("secrets").permissions().mode();
    assert_eq!(mode & 0o077, 0, "secrets are for their owner alone");
}

/// The first products, one of each kind at least, to three corners of the province.
async fn order_everywhere(base_url: String, products: serde_json::Value) {
    let client = reqwest::Client::new();
    let slugs: Vec<String> =
        products.as_array().expect("a list").iter().filter_map(|slug| slug.as_str().map(str::to_owned)).collect();
    for (slug, commune) in
        slugs.iter().take(12).flat_map(|slug| ["11977", "12862", "12004"].map(|commune| (slug, commune)))
    {
        let body = serde_json::json!({
            "lines": [{"product": slug, "quantity": "1"}],
            "buyer": {"name": "Khách Phố Hiến 016", "phone": "0530000366"},
            "fulfilment": {"kind": "delivery", "commune_code": commune, "address": "số 1"},
            "payment": "vietqr",
        });
        let request = client
            .post(format!("{base_url}/api/v1/quotes"))
            .header("content-type", "application/json")
            .body(body.to_string());
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{slug} to {commune}: {}", answer.text().await.unwrap_or_default());
    }
}

#[test]
fn a_demonstration_touches_no_database_that_it_has_not_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ganh.db");
    let url = format!("sqlite://{}", path.display());
    let migrated = ganh(&["migrate"], &[("DATABASE_URL".to_owned(), url)]).status().expect("the program");
    assert!(migrated.success());
    let before = std::fs::read(&path).expect("a database");
    let refused = ganh(&["demo", "--dir", folder.path().to_str().expect("a path")], &[]).output().expect("the program");
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("not made by"), "{refused:?}");
    assert_eq!(std::fs::read(&path).expect("a database"), before);
}
