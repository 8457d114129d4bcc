//! A whole market in this process: the real server on a port of its own over a test's database, with a clock that the
//! test moves, chance from a seed, mail in memory, and people who come in by HTTP.

use super::TestDb;
use ganh::app::{App, Running, World};
use ganh::config::{Config, Secret};
use ganh::domain::account::{GrantKind, MemberRole, SignInKind};
use ganh::domain::id::{AccountId, CooperativeId};
use ganh::domain::lang::Lang;
use ganh::domain::product::{CooperativeKind, CooperativeState};
use ganh::domain::time::{At, Clock, Entropy};
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::people::{self, NewGrant, NewPerson};
use ganh::service::signing_in::{self, Client};
use ganh::service::who::{Official, Operator, Seller, SignedIn};
use ganh::store::cooperative::Cooperative;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Monday 23 November 2026, 9 in the morning.
pub const MORNING: &str = "2026-11-23T09:00:00+07:00";
/// What every account made by `TestApp::account` has.
pub const PASSWORD: &str = "nhãn lồng tháng bảy";

/// A clock that stands until the test moves it.
pub struct FixedClock(AtomicI64);

impl FixedClock {
    pub fn at(text: &str) -> Self {
        Self(AtomicI64::new(text.parse::<At>().expect("an instant").unix_micros()))
    }

    pub fn advance_s(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub fn set(&self, at: At) {
        self.0.store(at.unix_micros(), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> At {
        At::from_unix_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Chance that is the same in every run.
pub struct SeededEntropy(AtomicU64);

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let turn = self.0.fetch_add(1, Ordering::SeqCst);
            let block = Sha256::digest(turn.to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// The running market. Stop it with `stop` where a test looks at what stopping does; else it is dropped.
pub struct TestApp {
    pub running: Running,
    pub kit: Kit,
    pub clock: Arc<FixedClock>,
    pub base_url: String,
    next: AtomicU32,
}

impl TestApp {
    /// Over the database of a test, with limits off as in the demonstration.
    pub async fn start(db: &TestDb) -> Self {
        Self::start_with(db, |_| {}).await
    }

    /// The same, and what is listed is found: an index costs a quarter of a small market's time.
    pub async fn start_searching(db: &TestDb) -> Self {
        Self::start_with(db, |config| config.follows_changes = true).await
    }

    /// The same as `start` with other settings.
    pub async fn start_with(db: &TestDb, change: impl FnOnce(&mut Config)) -> Self {
        // A page that answers 500 keeps its reason in the log: RUST_LOG=ganh shows it.
        if let Ok(filter) = std::env::var("RUST_LOG") {
            drop(tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init());
        }
        let pairs = BTreeMap::from([
            ("DATABASE_URL", db.url.clone()),
            ("LISTEN", "127.0.0.1:0".to_owned()),
            ("SECRET_KEY", "a key that only the tests of this project use".to_owned()),
            ("LOG_KEY", "another key that only the tests of this project use".to_owned()),
            ("SMTP_URL", "memory:".to_owned()),
            ("MEDIA_URL", "memory:".to_owned()),
            ("HELP_PHONE", "+84221000000".to_owned()),
            ("WORKER", "off".to_owned()),
        ]);
        let mut config = Config::read(&|name| pairs.get(name).cloned()).expect("the tests' configuration");
        (config.has_limits, config.follows_changes) = (false, false);
        change(&mut config);
        let clock = Arc::new(FixedClock::at(MORNING));
        let world = World { clock: clock.clone(), entropy: Arc::new(SeededEntropy(AtomicU64::new(1))) };
        let running = App::start(config, world).await.expect("the market opens");
        let (kit, base_url) = (running.kit.clone(), running.base_url.clone());
        Self { running, kit, clock, base_url, next: AtomicU32::new(1) }
    }

    pub async fn stop(self) {
        self.running.stop().await;
    }

    fn number(&self) -> u32 {
        self.next.fetch_add(1, Ordering::SeqCst)
    }

    /// A new person with a phone of their own and `PASSWORD`.
    pub async fn account(&self, name: &str) -> AccountId {
        let phone = format!("09{:08}", self.number()).parse().expect("a phone");
        let person = NewPerson {
            phone,
            name: name.to_owned(),
            email: None,
            lang: Lang::Vi,
            password: Some(Secret::new(PASSWORD)),
        };
        people::add_person(&self.kit, person).await.expect("a person")
    }

    /// A new cooperative, open for business from 6 to 20.
    pub async fn cooperative(&self, name: &str) -> CooperativeId {
        let now = self.kit.now();
        let row = Cooperative {
            id: CooperativeId::new(now, self.kit.ten()),
            slug: format!("htx-{}", self.number()),
            kind: CooperativeKind::Cooperative,
            legal_name: format!("Hợp tác xã {name}"),
            name: name.to_owned(),
            name_key: name.to_lowercase(),
            tax_code: None,
            registration_no: None,
            commune_code: "11977".to_owned(),
            address: "Thôn 1".to_owned(),
            latitude_e6: None,
            longitude_e6: None,
            phone: format!("+849{:08}", self.number()),
            email: None,
            about: String::new(),
            cover: None,
            state: CooperativeState::Open,
            opens_min: 360,
            closes_min: 1200,
            confirm_within_min: 240,
            confirms_first: false,
            accepts_stock: false,
            created_at: now,
            approved_at: Some(now),
        };
        let id = row.id.clone();
        let insert = move |conn: &mut ganh::store::Conn| ganh::store::cooperative::insert_new(conn, &row);
        let told = self.kit.db.write(insert).await.expect("a cooperative");
        assert_eq!(told, ganh::store::told::Told::Fresh);
        id
    }

    /// Somebody who has come by no sign-in.
    pub fn visitor(&self) -> Actor {
        Actor::new(&self.base_url)
    }

    /// Signs an account in without its password, which costs time.
    pub async fn signed_in(&self, account: &AccountId) -> Actor {
        let client = Client { address: "127.0.0.1".into(), device: "Test".into(), lang: Lang::Vi };
        let entered =
            signing_in::sign_in_as(&self.kit, account, SignInKind::Password, &client).await.expect("a sign-in");
        let mut actor = self.visitor();
        actor.cookies.get_mut().expect("cookies").insert("ganh".into(), entered.token);
        actor.me = Some(entered.me);
        actor
    }

    /// A person with an account and no role.
    pub async fn shopper(&self) -> Actor {
        let account = self.account("Chị Mua").await;
        self.signed_in(&account).await
    }

    /// A member of a cooperative in these roles.
    pub async fn seller(&self, cooperative: &CooperativeId, roles: &[MemberRole]) -> Actor {
        let account = self.account("Bà Bán").await;
        let number = self.number().to_string();
        people::add_member(&self.kit, cooperative, &account, &number, roles).await.expect("a member");
        self.signed_in(&account).await
    }

    async fn granted(&self, name: &str, kind: GrantKind, office: Option<&str>) -> Actor {
        let account = self.account(name).await;
        let grant = NewGrant {
            kind,
            territory: "*".into(),
            basis: "QĐ 1/2026".into(),
            office: office.map(str::to_owned),
            valid_days: Some(365),
        };
        people::give_grant(&self.kit, &account, grant).await.expect("a grant");
        self.signed_in(&account).await
    }

    pub async fn official(&self) -> Actor {
        self.granted("Cán bộ", GrantKind::Official, Some("Chi cục Quản lý chất lượng")).await
    }

    pub async fn operator(&self) -> Actor {
        self.granted("Ban quản lý", GrantKind::Operator, None).await
    }
}

/// One person with a browser: keeps cookies, follows nothing by itself.
pub struct Actor {
    base_url: String,
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
    /// Who is signed in, for calls of services beside the pages.
    pub me: Option<SignedIn>,
    /// What `Accept-Language` says.
    pub speaks: &'static str,
}

impl Actor {
    fn new(base_url: &str) -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { base_url: base_url.to_owned(), client, cookies: Mutex::default(), me: None, speaks: "vi" }
    }

    pub fn seller_proof(&self) -> Seller {
        self.me.as_ref().and_then(SignedIn::seller).expect("a seller")
    }

    pub fn official_proof(&self) -> Official {
        self.me.as_ref().and_then(SignedIn::official).expect("an official")
    }

    pub fn operator_proof(&self) -> Operator {
        self.me.as_ref().and_then(SignedIn::operator).expect("an operator")
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().expect("cookies").get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().expect("cookies").insert(name.into(), value.into());
    }

    /// A request with this person's cookies, for what the shorter ways do not say.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let jar = self.cookies.lock().expect("cookies");
        let cookies = jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = self
            .client
            .request(method.parse().expect("a method"), format!("{}{path}", self.base_url))
            .header("accept-language", self.speaks)
            .header("accept", "text/html");
        if cookies.is_empty() { request } else { request.header("cookie", cookies) }
    }

    fn keep_cookies(&self, answer: &reqwest::Response) {
        let mut jar = self.cookies.lock().expect("cookies");
        for line in answer.headers().get_all("set-cookie") {
            let line = line.to_str().expect("text");
            let (name, rest) = line.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() || line.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = request.send().await.expect("an answer");
        self.keep_cookies(&answer);
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let (status, headers) = (answer.status().as_u16(), headers.collect());
        let body = answer.bytes().await.expect("a body");
        Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned(), bytes: body.to_vec() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    /// A form as a browser sends it from our own page; signed in, with the token of the session.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if self.me.is_some() || self.cookie("ganh").is_some() {
            fields.push(("csrf".into(), self.csrf().await));
        }
        self.post_bare(path, &fields).await
    }

    /// The same with these fields and no others.
    pub async fn post_bare(&self, path: &str, fields: &[(String, String)]) -> Answer {
        let body = serde_html_form::to_string(fields).expect("a form");
        let request = self
            .request("POST", path)
            .header("origin", &self.base_url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        self.send(request).await
    }

    /// The token of this session's forms, as it stands in a page.
    pub async fn csrf(&self) -> String {
        let page = self.get("/tai-khoan").await;
        let found = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        found.unwrap_or_default().to_owned()
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Whether the page says this.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.body.contains(text), "{text:?} is not in:\n{}", self.body);
        self
    }
}

/// The keys of a refusal, for short assertions.
pub fn refusals<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> Vec<String> {
    match result {
        Err(ServiceError::Refused(refusals) | ServiceError::Changed(refusals)) => {
            refusals.into_iter().map(|refusal| refusal.key).collect()
        }
        other => panic!("no refusal: {other:?}"),
    }
}
